//! Is it compressed, and how?

use std::io::{self, BufRead, BufReader, Read, Write};

use flate2::read::MultiGzDecoder;
use flate2::write::GzEncoder;
use ruzstd::decoding::errors::{FrameDecoderError, ReadFrameHeaderError};
use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};
use ruzstd::encoding::{CompressionLevel, compress_to_vec};

/// How many bytes become one zstd frame.
const FRAME: usize = 1 << 20;

/// How a file is compressed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Compression {
    /// Not at all.
    #[default]
    None,
    /// gzip (RFC 1952), one member or many.
    Gzip,
    /// Zstandard (RFC 8878), one frame or many.
    Zstd,
}

impl Compression {
    /// The compression that a file name tells: `.gz` or `.zst`.
    pub fn from_name(name: &str) -> Self {
        if name.ends_with(".gz") {
            Self::Gzip
        } else if name.ends_with(".zst") {
            Self::Zstd
        } else {
            Self::None
        }
    }

    /// The compression that the first four bytes tell.
    fn from_magic(bytes: &[u8]) -> Self {
        match bytes {
            [0x1F, 0x8B, ..] => Self::Gzip,
            // A frame, or one to skip.
            [0x28, 0xB5, 0x2F, 0xFD, ..] | [0x50..=0x5F, 0x2A, 0x4D, 0x18, ..] => Self::Zstd,
            _ => Self::None,
        }
    }
}

/// Reads what `reader` holds, decompressed where its first bytes say that it is compressed.
pub(crate) fn decompress(mut reader: impl Read + Send + 'static) -> io::Result<Box<dyn BufRead + Send>> {
    let mut magic = Vec::with_capacity(4);
    (&mut reader).take(4).read_to_end(&mut magic)?;
    let compression = Compression::from_magic(&magic);
    let whole = io::Cursor::new(magic).chain(reader);
    Ok(match compression {
        Compression::None => Box::new(BufReader::with_capacity(1 << 16, whole)),
        Compression::Gzip => Box::new(BufReader::with_capacity(1 << 16, MultiGzDecoder::new(BufReader::new(whole)))),
        Compression::Zstd => Box::new(BufReader::with_capacity(1 << 16, ZstdReader::new(BufReader::new(whole)))),
    })
}

/// Decodes the frames of a zstd file one behind the other.
struct ZstdReader<R> {
    source: R,
    decoder: FrameDecoder,
    state: State,
}

enum State {
    Between,
    Inside,
}

impl<R: BufRead> ZstdReader<R> {
    fn new(source: R) -> Self {
        Self { source, decoder: FrameDecoder::new(), state: State::Between }
    }
}

impl<R: BufRead> Read for ZstdReader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        loop {
            if let State::Inside = self.state {
                while self.decoder.can_collect() == 0 && !self.decoder.is_finished() {
                    self.decoder
                        .decode_blocks(&mut self.source, BlockDecodingStrategy::UptoBlocks(1))
                        .map_err(io::Error::other)?;
                }
                let n = self.decoder.read(buffer)?;
                if n > 0 {
                    return Ok(n);
                }
                let (wanted, got) = (self.decoder.get_checksum_from_data(), self.decoder.get_calculated_checksum());
                if wanted.is_some() && wanted != got {
                    return Err(io::Error::new(io::ErrorKind::InvalidData, "the checksum of a zstd frame is wrong"));
                }
                self.state = State::Between;
            }
            if self.source.fill_buf()?.is_empty() {
                return Ok(0);
            }
            match self.decoder.reset(&mut self.source) {
                Ok(()) => self.state = State::Inside,
                Err(FrameDecoderError::ReadFrameHeaderError(ReadFrameHeaderError::SkipFrame { length, .. })) => {
                    let skipped = io::copy(&mut (&mut self.source).take(u64::from(length)), &mut io::sink())?;
                    if skipped < u64::from(length) {
                        return Err(io::ErrorKind::UnexpectedEof.into());
                    }
                }
                Err(error) => return Err(io::Error::other(error)),
            }
        }
    }
}

/// Writes into `W`, compressed as asked.
pub(crate) enum Compressor<W: Write> {
    /// As it comes.
    None(W),
    /// One gzip member.
    Gzip(GzEncoder<W>),
    /// A zstd frame a mebibyte.
    Zstd(W, Vec<u8>),
}

impl<W: Write> Compressor<W> {
    pub(crate) fn new(sink: W, compression: Compression) -> Self {
        match compression {
            Compression::None => Self::None(sink),
            Compression::Gzip => Self::Gzip(GzEncoder::new(sink, flate2::Compression::default())),
            Compression::Zstd => Self::Zstd(sink, Vec::new()),
        }
    }

    /// Writes what is left and ends the compressed stream.
    pub(crate) fn finish(&mut self) -> io::Result<()> {
        match self {
            Self::None(sink) => sink.flush(),
            Self::Gzip(encoder) => {
                encoder.try_finish()?;
                encoder.get_mut().flush()
            }
            Self::Zstd(sink, buffer) => {
                // An empty frame too, so that an empty output is a zstd file.
                sink.write_all(&compress_to_vec(buffer.as_slice(), CompressionLevel::Fastest))?;
                buffer.clear();
                sink.flush()
            }
        }
    }
}

impl<W: Write> Write for Compressor<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::None(sink) => sink.write(bytes),
            Self::Gzip(encoder) => encoder.write(bytes),
            Self::Zstd(sink, buffer) => {
                buffer.extend_from_slice(bytes);
                if buffer.len() >= FRAME {
                    sink.write_all(&compress_to_vec(buffer.as_slice(), CompressionLevel::Fastest))?;
                    buffer.clear();
                }
                Ok(bytes.len())
            }
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::None(sink) | Self::Zstd(sink, _) => sink.flush(),
            Self::Gzip(encoder) => encoder.flush(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn compressed(data: &[u8], compression: Compression) -> Vec<u8> {
        let mut sink = Vec::new();
        let mut compressor = Compressor::new(&mut sink, compression);
        compressor.write_all(data).expect("a vector takes everything");
        compressor.finish().expect("a vector takes everything");
        drop(compressor);
        sink
    }

    fn read_back(bytes: Vec<u8>) -> io::Result<Vec<u8>> {
        let mut got = Vec::new();
        decompress(io::Cursor::new(bytes))?.read_to_end(&mut got)?;
        Ok(got)
    }

    #[test]
    fn members_and_frames_are_read_to_the_last() {
        let large: Vec<u8> = (0..3 * FRAME).map(|index| (index % 251) as u8 ^ (index / 999) as u8).collect();
        for compression in [Compression::None, Compression::Gzip, Compression::Zstd] {
            for data in [&b""[..], b"x", b"Beirut\n", &large] {
                let mut twice = compressed(data, compression);
                twice.extend(compressed(b"Bonn", compression));
                let got = read_back(twice).expect("it was just written");
                assert!(got == [data, b"Bonn"].concat(), "{compression:?}, {} bytes", data.len());
            }
        }
    }

    #[test]
    fn frames_to_skip_are_skipped() {
        let mut bytes = vec![0x50, 0x2A, 0x4D, 0x18, 3, 0, 0, 0, 1, 2, 3];
        bytes.extend(compressed(b"Bonn", Compression::Zstd));
        assert_eq!(read_back(bytes).expect("a sound file"), b"Bonn");
    }

    #[test]
    fn damage_is_an_error() {
        for compression in [Compression::Gzip, Compression::Zstd] {
            let whole = compressed(&b"all quiet in Bonn ".repeat(50), compression);
            let cut = whole[..whole.len() - 6].to_vec();
            assert!(read_back(cut).is_err(), "{compression:?} cut");
            let mut wrong = whole;
            let last = wrong.len() - 5 + usize::from(compression == Compression::Zstd);
            wrong[last] ^= 0xFF;
            assert!(read_back(wrong).is_err(), "{compression:?} with a wrong checksum");
        }
    }
}
