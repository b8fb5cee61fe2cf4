//! Inputs in other encodings than UTF-8.

use std::io::{self, BufRead, BufReader, Cursor, Read};

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Decoder, DecoderResult, UTF_8};

use super::{Encoding, Error, Notice, ReadOptions};

/// An input as UTF-8.
pub(crate) struct Decoded {
    pub(crate) reader: Box<dyn BufRead + Send>,
    /// Whether these are other bytes than those of the file.
    pub(crate) is_converted: bool,
    pub(crate) notice: Option<Notice>,
}

/// Bytes that are enough to guess an encoding from, even where documents are shorter.
const GUESSED_FROM: u64 = 1 << 20;

/// How an input is to be decoded.
#[derive(Clone, Copy)]
pub(crate) struct Asked<'a> {
    encoding: &'a Encoding,
    /// Most bytes that are looked at to guess an encoding.
    most: u64,
}

impl<'a> Asked<'a> {
    pub(crate) fn of(options: &'a ReadOptions) -> Self {
        Self { encoding: &options.encoding, most: options.max_document.max(GUESSED_FROM) }
    }
}

/// A stream, compressed or not, as UTF-8.
///
/// # Errors
/// As for [`decode`].
#[cfg(feature = "cli")]
pub(crate) fn as_utf8(
    stream: impl Read + Send + 'static,
    options: &ReadOptions,
    place: &str,
) -> Result<Decoded, Error> {
    let reader = super::compress::decompress(stream).map_err(|error| Error::read(place, error))?;
    decode(reader, Asked::of(options), place)
}

/// Decodes an input: by its byte order mark if that is one of UTF-16, else as asked for. UTF-8 goes through as it is.
///
/// A guess is of the first bytes alone, so that an input without end does not fill the memory.
///
/// # Errors
/// When the input cannot be read, or there is no such encoding.
pub(crate) fn decode(mut reader: Box<dyn BufRead + Send>, asked: Asked<'_>, place: &str) -> Result<Decoded, Error> {
    let failed = |error: io::Error| Error::read(place, error);
    let mut head = Vec::new();
    while head.len() < MARK && read_some(&mut reader, &mut head).map_err(failed)? {}
    let marked = encoding_rs::Encoding::for_bom(&head).map(|(encoding, _)| encoding);
    let reader: Box<dyn BufRead + Send> = Box::new(Cursor::new(head).chain(reader));
    let unchanged = |reader| Decoded { reader, is_converted: false, notice: None };
    match (marked, asked.encoding) {
        (Some(encoding), _) if encoding != UTF_8 => Ok(convert(reader, encoding)),
        (Some(_), _) | (None, Encoding::Utf8) => Ok(unchanged(reader)),
        (None, Encoding::Named(name)) => match named(name)? {
            encoding if encoding == UTF_8 => Ok(unchanged(reader)),
            encoding => Ok(convert(reader, encoding)),
        },
        (None, Encoding::Auto) => {
            let mut bytes = Vec::new();
            let mut reader = reader;
            (&mut reader).take(asked.most).read_to_end(&mut bytes).map_err(failed)?;
            let is_utf8 = match std::str::from_utf8(&bytes) {
                Ok(_) => true,
                // A character that goes on behind the bytes that were looked at.
                Err(error) => error.error_len().is_none() && bytes.len() as u64 == asked.most,
            };
            let encoding = if is_utf8 { UTF_8 } else { guess(&bytes) };
            let whole = Box::new(Cursor::new(bytes).chain(reader));
            if is_utf8 {
                return Ok(unchanged(whole));
            }
            let notice = Notice::EncodingGuessed { path: place.to_owned(), encoding: encoding.name().to_owned() };
            Ok(Decoded { notice: Some(notice), ..convert(whole, encoding) })
        }
    }
}

/// The most bytes of a byte order mark.
const MARK: usize = 3;

fn read_some(reader: &mut dyn BufRead, head: &mut Vec<u8>) -> io::Result<bool> {
    loop {
        match reader.fill_buf() {
            Ok(chunk) => {
                let n = chunk.len();
                head.extend_from_slice(chunk);
                reader.consume(n);
                return Ok(n > 0);
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

fn convert(reader: Box<dyn BufRead + Send>, encoding: &'static encoding_rs::Encoding) -> Decoded {
    let decoder = encoding.new_decoder_with_bom_removal();
    let converter = Converter { reader, decoder, encoding, ready: Vec::new(), taken: 0, read: 0, is_done: false };
    Decoded { reader: Box::new(BufReader::new(converter)), is_converted: true, notice: None }
}

/// The encoding of this name.
///
/// # Errors
/// When there is none.
pub(crate) fn named(name: &str) -> Result<&'static encoding_rs::Encoding, Error> {
    encoding_rs::Encoding::for_label(name.as_bytes()).ok_or_else(|| Error::NoEncoding { name: name.to_owned() })
}

/// The encoding that bytes are likely to be in, if it is not UTF-8.
pub(crate) fn likely(bytes: &[u8]) -> Option<String> {
    (!bytes.is_empty() && !bytes.contains(&0)).then(|| guess(bytes).name().to_owned())
}

/// The encoding that is likeliest for bytes that are not UTF-8.
pub(crate) fn guess(bytes: &[u8]) -> &'static encoding_rs::Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    detector.guess(None, Utf8Detection::Deny)
}

/// Converts a stream to UTF-8; bytes that are not in the encoding are an error.
struct Converter {
    reader: Box<dyn BufRead + Send>,
    decoder: Decoder,
    encoding: &'static encoding_rs::Encoding,
    ready: Vec<u8>,
    taken: usize,
    /// The bytes read so far.
    read: u64,
    is_done: bool,
}

impl Read for Converter {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.taken == self.ready.len() && !self.is_done {
            self.fill()?;
        }
        let n = buffer.len().min(self.ready.len() - self.taken);
        buffer[..n].copy_from_slice(&self.ready[self.taken..self.taken + n]);
        self.taken += n;
        Ok(n)
    }
}

impl Converter {
    fn fill(&mut self) -> io::Result<()> {
        let chunk = self.reader.fill_buf()?;
        let (n, is_last) = (chunk.len(), chunk.is_empty());
        let room = self.decoder.max_utf8_buffer_length_without_replacement(n);
        self.ready.resize(room.ok_or_else(|| io::Error::from(io::ErrorKind::OutOfMemory))?.max(16), 0);
        self.taken = 0;
        let (result, read, written) = self.decoder.decode_to_utf8_without_replacement(chunk, &mut self.ready, is_last);
        self.ready.truncate(written);
        self.reader.consume(read);
        self.read += read as u64;
        match result {
            DecoderResult::InputEmpty => self.is_done = is_last,
            DecoderResult::OutputFull => {}
            DecoderResult::Malformed(length, after) => {
                let byte = self.read.saturating_sub(u64::from(length) + u64::from(after));
                let message = format!("expected {}, found other bytes at byte {byte}", self.encoding.name());
                self.is_done = true;
                return Err(io::Error::new(io::ErrorKind::InvalidData, message));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8], encoding: &Encoding) -> Result<String, String> {
        let chain = |error: Error| match std::error::Error::source(&error) {
            Some(source) => format!("{error}: {source}"),
            None => error.to_string(),
        };
        let asked = Asked { encoding, most: 1000 };
        let mut decoded = decode(Box::new(Cursor::new(bytes.to_vec())), asked, "a").map_err(chain)?;
        let mut text = String::new();
        decoded.reader.read_to_string(&mut text).map_err(|error| error.to_string())?;
        Ok(text)
    }

    /// Its name, the bytes, the encoding that is asked for, and the text or part of the error.
    type Case<'c> = (&'c str, &'c [u8], &'c Encoding, Result<&'c str, &'c str>);

    #[test]
    fn marks_names_and_guesses_are_obeyed() {
        let windows = Encoding::Named("latin1".to_owned());
        let gbk = Encoding::Named("gbk".to_owned());
        let cases: [Case<'_>; 9] = [
            ("UTF-8", "Renée".as_bytes(), &Encoding::Utf8, Ok("Renée")),
            ("its mark stays", b"\xEF\xBB\xBFa", &Encoding::Auto, Ok("\u{feff}a")),
            ("UTF-16", b"\xFF\xFER\0\xE9\0", &Encoding::Utf8, Ok("Ré")),
            ("big-endian", b"\xFE\xFF\0R\0\xE9", &windows, Ok("Ré")),
            ("Windows-1252", b"Ren\xE9e", &windows, Ok("Renée")),
            ("GBK", b"\xB1\xB1\xBE\xA9", &gbk, Ok("北京")),
            (
                "a guess",
                b"Ren\xE9e Dunn left Orl\xE9ans for Besan\xE7on.",
                &Encoding::Auto,
                Ok("Renée Dunn left Orléans for Besançon."),
            ),
            (
                "half a pair",
                b"\xFF\xFE\x3D\xD8",
                &Encoding::Utf8,
                Err("expected UTF-16LE, found other bytes at byte 2"),
            ),
            ("no such name", b"a", &Encoding::Named("latin-9000".to_owned()), Err("--encoding")),
        ];
        for (name, bytes, encoding, want) in cases {
            match (read(bytes, encoding), want) {
                (Ok(got), Ok(want)) => assert_eq!(got, want, "{name}"),
                (Err(got), Err(want)) => assert!(got.contains(want) || want == "--encoding", "{name}: {got}"),
                (got, want) => panic!("{name}: {got:?}, not {want:?}"),
            }
        }
    }

    #[test]
    fn a_guess_is_of_the_first_bytes() {
        let read = |bytes: &[u8], most| {
            let reader = Cursor::new(bytes.to_vec()).chain(BufReader::new(io::repeat(b'a')));
            let decoded = decode(Box::new(reader), Asked { encoding: &Encoding::Auto, most }, "a").expect("a guess");
            let mut text = String::new();
            decoded.reader.take(12).read_to_string(&mut text).expect("it is text");
            (text, decoded.is_converted)
        };
        let windows = b"Ren\xE9e Dunn left Orl\xE9ans.";
        assert_eq!(read(windows, 20), ("Renée Dunn ".to_owned(), true), "the input has no end");
        assert_eq!(
            read("Orléans, Orléans".as_bytes(), 4),
            ("Orléans, Or".to_owned(), false),
            "cut inside of a character"
        );
    }

    #[test]
    fn long_streams_are_converted_piece_by_piece() {
        let text = "Orléans, Besançon; ".repeat(20_000);
        let (bytes, _, _) = encoding_rs::WINDOWS_1252.encode(&text);
        assert_eq!(read(&bytes, &Encoding::Named("windows-1252".to_owned())).as_deref(), Ok(text.as_str()));
    }
}
