//! Readers that end with an error where there is too much to read.

use std::io::{self, BufRead, Read};
#[cfg(feature = "compress")]
use std::sync::Arc;
#[cfg(feature = "compress")]
use std::sync::atomic::{AtomicU64, Ordering};

/// A document of at most so many bytes.
pub(crate) struct Limited<R> {
    reader: R,
    left: u64,
    limit: u64,
    /// Bytes of the next document that are read with this one.
    #[cfg_attr(not(feature = "files"), expect(dead_code, reason = "only tables need it"))]
    ahead: u64,
    /// Once too much was read, every read says so.
    is_over: bool,
}

impl<R> Limited<R> {
    pub(crate) fn new(reader: R, limit: u64) -> Self {
        Self { reader, left: limit, limit, ahead: 0, is_over: false }
    }

    /// A stream of documents of at most so many bytes each, read by somebody who reads so many bytes `ahead`.
    #[cfg(feature = "files")]
    pub(crate) fn each(reader: R, limit: u64, ahead: u64) -> Self {
        Self { left: limit.saturating_add(ahead), ahead, ..Self::new(reader, limit) }
    }

    /// Another document begins.
    #[cfg(feature = "files")]
    pub(crate) fn renew(&mut self) {
        self.left = self.limit.saturating_add(self.ahead);
    }

    fn too_large(&self) -> io::Error {
        too_much(format!("expected at most {} bytes in a document (--max-document), found more", self.limit))
    }

    fn take(&mut self, n: usize) -> io::Result<()> {
        self.is_over |= n as u64 > self.left;
        self.left = self.left.saturating_sub(n as u64);
        if self.is_over {
            return Err(self.too_large());
        }
        Ok(())
    }
}

impl<R: Read> Read for Limited<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.reader.read(buffer)?;
        self.take(n)?;
        Ok(n)
    }
}

impl<R: BufRead> BufRead for Limited<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.is_over {
            return Err(self.too_large());
        }
        self.reader.fill_buf()
    }

    fn consume(&mut self, n: usize) {
        // What a caller has consumed it has; the next read says that it was too much.
        self.is_over |= n as u64 > self.left;
        self.left = self.left.saturating_sub(n as u64);
        self.reader.consume(n);
    }
}

/// Counts the bytes that go through.
#[cfg(feature = "compress")]
pub(crate) struct Counted<R> {
    reader: R,
    n: Arc<AtomicU64>,
}

/// What a decompressor gives, as long as it is not absurdly more than it takes: text shrinks to a tenth, a bomb to a thousandth.
#[cfg(feature = "compress")]
pub(crate) struct Expanded<R> {
    reader: R,
    taken: Arc<AtomicU64>,
    given: u64,
}

#[cfg(feature = "compress")]
impl<R: Read> Counted<R> {
    /// The largest ratio of sizes, and the size up to which none is asked for, in bytes.
    const RATIO: u64 = 250;
    const FREE: u64 = 16 << 20;

    /// Counts what is read of a compressed stream; `decoder` makes its decompressor.
    pub(crate) fn guard<D: Read>(reader: R, decoder: impl FnOnce(Self) -> D) -> Expanded<D> {
        let n = Arc::new(AtomicU64::new(0));
        let reader = decoder(Self { reader, n: Arc::clone(&n) });
        Expanded { reader, taken: n, given: 0 }
    }
}

#[cfg(feature = "compress")]
impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.reader.read(buffer)?;
        self.n.fetch_add(n as u64, Ordering::Relaxed);
        Ok(n)
    }
}

#[cfg(feature = "compress")]
impl<R: Read> Read for Expanded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.reader.read(buffer)?;
        self.given += n as u64;
        let ratio = Counted::<R>::RATIO;
        if self.given > Counted::<R>::FREE && self.given / ratio > self.taken.load(Ordering::Relaxed) {
            return Err(too_much(format!(
                "expected at most {ratio} times the size of the compressed file, found more: decompress it first if that is right"
            )));
        }
        Ok(n)
    }
}

fn too_much(message: String) -> io::Error {
    io::Error::new(io::ErrorKind::FileTooLarge, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_ends_at_the_limit() {
        let read = |limit| io::read_to_string(Limited::new(&b"Oslo"[..], limit));
        assert_eq!(read(4).expect("it is small enough"), "Oslo");
        let error = read(3).expect_err("it is too large").to_string();
        assert!(error.contains("at most 3 bytes in a document (--max-document)"), "{error}");
    }

    #[cfg(feature = "compress")]
    #[test]
    fn a_stream_that_grows_without_end_is_an_error() {
        let grow = |n: u64| {
            io::copy(
                &mut Counted::guard(&[0_u8; 1000][..], |taken| taken.chain(io::repeat(0).take(n))),
                &mut io::sink(),
            )
        };
        assert!(grow(1 << 20).is_ok(), "small files may shrink as they like");
        assert_eq!(grow(1 << 25).expect_err("it is a bomb").kind(), io::ErrorKind::FileTooLarge);
    }
}
