//! A gzip file is a sequence of members, perhaps with padding behind them.

use std::io::{self, BufRead, Read};

use flate2::bufread::GzDecoder;

/// Decodes the members of a gzip file one after the other. NUL bytes behind the last one are padding, as tapes leave it.
pub(super) struct GzipReader<R>(State<R>);

enum State<R> {
    Member(GzDecoder<R>),
    /// Bytes follow that are neither a member nor padding; every read says so.
    Garbage,
    Ended,
}

impl<R: BufRead> GzipReader<R> {
    pub(super) fn new(source: R) -> Self {
        Self(State::Member(GzDecoder::new(source)))
    }
}

impl<R: BufRead> Read for GzipReader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        loop {
            match &mut self.0 {
                State::Ended => return Ok(0),
                State::Garbage => {
                    let message = "expected another gzip member or the end of the file, found other bytes";
                    return Err(io::Error::new(io::ErrorKind::InvalidData, message));
                }
                State::Member(decoder) => {
                    let n = decoder.read(buffer)?;
                    if n > 0 {
                        return Ok(n);
                    }
                }
            }
            let State::Member(decoder) = std::mem::replace(&mut self.0, State::Ended) else { continue };
            let mut source = decoder.into_inner();
            match after_padding(&mut source)? {
                None => {}
                Some(0x1f) => self.0 = State::Member(GzDecoder::new(source)),
                Some(_) => self.0 = State::Garbage,
            }
        }
    }
}

/// Skips NUL bytes; returns the first other one.
fn after_padding(source: &mut impl BufRead) -> io::Result<Option<u8>> {
    loop {
        let bytes = source.fill_buf()?;
        let n_zeros = bytes.iter().take_while(|byte| **byte == 0).count();
        match bytes.get(n_zeros) {
            Some(byte) => {
                let byte = *byte;
                source.consume(n_zeros);
                return Ok(Some(byte));
            }
            None if bytes.is_empty() => return Ok(None),
            None => source.consume(n_zeros),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    #[test]
    fn members_follow_each_other_and_padding_ends_them() {
        let member = |text: &str| {
            let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
            encoder.write_all(text.as_bytes()).expect("a vector takes it");
            encoder.finish().expect("a vector takes it")
        };
        let read = |parts: &[&[u8]]| io::read_to_string(GzipReader::new(io::Cursor::new(parts.concat())));
        let (one, other) = (member("Oslo"), member("Bonn"));
        assert_eq!(read(&[&one, &other]).expect("two members"), "OsloBonn");
        assert_eq!(read(&[&one, &[0; 600], &other, &[0; 9000]]).expect("padding"), "OsloBonn");
        let error = read(&[&one, b"garbage"]).expect_err("garbage").to_string();
        assert!(error.contains("expected another gzip member"), "{error}");
        assert!(read(&[&one[..one.len() - 3]]).is_err(), "it is cut");
    }
}
