//! Which documents are in the inputs?

use std::fs::File;
use std::io::{self, BufRead, BufReader, Cursor, Read};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::brat::BratReader;
use super::compress::decompress;
use super::conll::{self, ConllReader};
use super::format::{extension, uncompressed_name};
use super::html::HtmlReader;
use super::jsonl::JsonlReader;
use super::plain::PlainReader;
use super::source::{self, Chosen, Location, Source};
use super::{Error, Format, Notice, ReadOptions};
use crate::text::Document;

/// How much of a file is looked at to find out its format.
const PREFIX: usize = 1 << 16;

/// A file that is being read.
pub(crate) struct Input {
    /// What errors call it.
    pub(crate) place: String,
    /// The id of its document where it holds just one.
    pub(crate) id: String,
    /// The content, decompressed.
    pub(crate) reader: Box<dyn BufRead + Send>,
}

impl Input {
    /// The id without its last extension.
    pub(crate) fn stem(&self) -> &str {
        stem(&self.id)
    }
}

/// A path without its last extension.
fn stem(id: &str) -> &str {
    match id.rsplit_once('.') {
        Some((stem, extension)) if !stem.is_empty() && !stem.ends_with('/') && !extension.contains('/') => stem,
        _ => id,
    }
}

/// Reads the documents of one file. After an error the next call gives the next document.
pub(crate) trait Reader: Send {
    /// The next document, or `None` at the end.
    fn next(&mut self, notices: &mut Vec<Notice>) -> Option<Result<Document, Error>>;
}

/// How far the reading has come, in bytes as they lie in the files (compressed ones count compressed).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// The bytes read.
    pub read: u64,
    /// The bytes of all inputs; `None` where one of them is no file.
    pub total: Option<u64>,
}

/// The documents of all inputs in their order, read one by one.
///
/// A document that cannot be read comes out as an error, and the next ones follow.
pub struct Documents {
    sources: std::vec::IntoIter<Source>,
    current: Option<Box<dyn Reader>>,
    options: ReadOptions,
    notices: Vec<Notice>,
    read: Arc<AtomicU64>,
    total: Option<u64>,
}

impl Documents {
    /// Opens inputs: files, folders (with everything below them, in the order of the paths), patterns such as
    /// `news/**/*.txt`, and `-` for the standard input. A `.gz` or `.zst` file is decompressed.
    ///
    /// # Errors
    /// When an input does not exist, a pattern matches nothing or is none, a folder cannot be listed, or all inputs shall
    /// be read as TSV, which is written only.
    pub fn open(inputs: &[String], options: &ReadOptions) -> Result<Self, Error> {
        Self::check_format(inputs, options)?;
        let mut notices = Vec::new();
        let sources = source::expand(inputs, &mut notices)?;
        Ok(Self::new(sources, notices, options))
    }

    /// Whether the format that was asked for can be read.
    pub(crate) fn check_format(inputs: &[String], options: &ReadOptions) -> Result<(), Error> {
        match options.format {
            Some(format @ Format::Tsv) => Err(unreadable(inputs.first().cloned().unwrap_or_default(), format)),
            _ => Ok(()),
        }
    }

    /// The documents of some sources.
    pub(crate) fn new(sources: Vec<Source>, notices: Vec<Notice>, options: &ReadOptions) -> Self {
        let total = sources.iter().map(|source| source.bytes).sum();
        let sources = sources.into_iter();
        Self { sources, current: None, options: options.clone(), notices, read: Arc::default(), total }
    }

    /// Whether a file is one of the inputs that are still to be read: to write there would destroy it.
    pub fn will_read(&self, path: &Path) -> bool {
        source::include(self.sources.as_slice(), path)
    }

    /// Reads one stream, compressed or not; `name` (say `news.jsonl`) names it in errors and ids and helps to tell its format.
    pub fn read(reader: impl Read + Send + 'static, name: &str, options: &ReadOptions) -> Self {
        let mut documents = Self {
            sources: Vec::new().into_iter(),
            current: None,
            options: options.clone(),
            notices: Vec::new(),
            read: Arc::default(),
            total: None,
        };
        let file_name = name.rsplit('/').next().unwrap_or(name);
        let source = Source {
            location: Location::Stdin,
            place: name.to_owned(),
            id: uncompressed_name(file_name).to_owned(),
            chosen: Chosen::Named,
            bytes: None,
        };
        let counted = Counted { reader, read: Arc::clone(&documents.read) };
        documents.current = documents.reader_of(&source, counted).unwrap_or_else(failed);
        documents
    }

    /// Takes what the user should know about what was read so far.
    pub fn take_notices(&mut self) -> Vec<Notice> {
        std::mem::take(&mut self.notices)
    }

    /// How far the reading has come.
    pub fn progress(&self) -> Progress {
        Progress { read: self.read.load(Ordering::Relaxed), total: self.total }
    }

    /// The reader of a source; `None` where the source is passed over.
    fn start(&mut self, source: &Source) -> Option<Box<dyn Reader>> {
        let read = Arc::clone(&self.read);
        let started = match &source.location {
            Location::Stdin => self.reader_of(source, Counted { reader: io::stdin(), read }),
            Location::Spool(spool) => self.reader_of(source, Counted { reader: spool.reader(), read }),
            Location::File(path) => match File::open(path) {
                Ok(reader) => self.reader_of(source, Counted { reader, read }),
                Err(error) => Err(Error::read(&source.place, error)),
            },
        };
        started.unwrap_or_else(failed)
    }

    fn reader_of(
        &mut self,
        source: &Source,
        bytes: impl Read + Send + 'static,
    ) -> Result<Option<Box<dyn Reader>>, Error> {
        let failed = |error| Error::read(&source.place, error);
        let mut reader = decompress(bytes).map_err(failed)?;
        let prefix = read_prefix(&mut reader).map_err(failed)?;
        let format = match self.options.format {
            Some(format) => format,
            None if source.chosen == Chosen::Found && is_binary(&source.id, &prefix) => {
                self.notices.push(Notice::Binary { path: source.place.clone() });
                return Ok(None);
            }
            None => detect(source, &prefix),
        };
        let reader: Box<dyn BufRead + Send> = Box::new(BufReader::new(Cursor::new(prefix).chain(reader)));
        let input = Input { place: source.place.clone(), id: source.id.clone(), reader };
        Ok(Some(match format {
            Format::Text => Box::new(PlainReader::new(input)),
            Format::Jsonl => Box::new(JsonlReader::new(input, &self.options)),
            Format::Html => Box::new(HtmlReader::new(input)),
            Format::Brat => match &source.location {
                Location::File(path) => Box::new(BratReader::new(input, path)),
                Location::Stdin | Location::Spool(_) => return Err(unreadable(source.place.clone(), format)),
            },
            Format::Conll => {
                let columns = self.options.columns.as_ref();
                let profile = match &source.location {
                    Location::File(path) if path.is_file() => conll::profile(path, &source.id, columns),
                    _ => None,
                };
                Box::new(ConllReader::new(input, &self.options, profile))
            }
            Format::Tsv => return Err(unreadable(source.place.clone(), format)),
        }))
    }
}

impl Iterator for Documents {
    type Item = Result<Document, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(reader) = &mut self.current
                && let Some(document) = reader.next(&mut self.notices)
            {
                return Some(document);
            }
            let source = self.sources.next()?;
            self.current = self.start(&source);
        }
    }
}

impl std::fmt::Debug for Documents {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Documents")
            .field("sources", &self.sources)
            .field("notices", &self.notices)
            .finish_non_exhaustive()
    }
}

fn unreadable(path: String, found: Format) -> Error {
    let expected = match found {
        Format::Brat => "a .txt file with its .ann file beside it",
        _ => "text, jsonl, conll, brat or html",
    };
    Error::Unreadable { path, expected, found }
}

/// A source that could not even be started: one error, then the next source.
struct Failed(Option<Error>);

impl Reader for Failed {
    fn next(&mut self, _notices: &mut Vec<Notice>) -> Option<Result<Document, Error>> {
        self.0.take().map(Err)
    }
}

fn failed(error: Error) -> Option<Box<dyn Reader>> {
    Some(Box::new(Failed(Some(error))))
}

/// Opens a file and decompresses it.
pub(crate) fn open_file(path: &Path) -> io::Result<Box<dyn BufRead + Send>> {
    decompress(File::open(path)?)
}

/// The format of a source that nobody named.
fn detect(source: &Source, prefix: &[u8]) -> Format {
    if let Location::File(path) = &source.location
        && source::annotations_of(path).is_some()
    {
        return Format::Brat;
    }
    let is_own_tsv = prefix.starts_with(super::tsv::HEADER.as_bytes());
    let by_content = || if is_own_tsv { Some(Format::Tsv) } else { Format::from_content(prefix) };
    Format::from_name(&source.id).or_else(by_content).unwrap_or(Format::Text)
}

/// Whether a file that was merely found is no text: it has NUL bytes and neither name nor byte order mark speak for text.
fn is_binary(name: &str, prefix: &[u8]) -> bool {
    let named = Format::from_name(name).is_some()
        || matches!(extension(name).as_deref(), Some("txt" | "text" | "md" | "tsv" | "csv"));
    let marked =
        prefix.starts_with(b"\xFF\xFE") || prefix.starts_with(b"\xFE\xFF") || prefix.starts_with(b"\xEF\xBB\xBF");
    !named && !marked && prefix.contains(&0)
}

/// Reads far enough to tell the format: the first line of what looks like JSON, 64 KiB of anything else.
fn read_prefix(reader: &mut dyn BufRead) -> io::Result<Vec<u8>> {
    let mut prefix = Vec::new();
    while prefix.len() < PREFIX {
        let chunk = match reader.fill_buf() {
            Ok(chunk) => chunk,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            // The reader meets it again and reports it with the documents before it.
            Err(_) if !prefix.is_empty() => break,
            Err(error) => return Err(error),
        };
        if chunk.is_empty() {
            break;
        }
        let n = chunk.len();
        prefix.extend_from_slice(chunk);
        reader.consume(n);
        let start = prefix.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&prefix).trim_ascii_start();
        if start.starts_with(b"{") && start.contains(&b'\n') {
            break;
        }
    }
    Ok(prefix)
}

/// Counts the bytes that go through.
struct Counted<R> {
    reader: R,
    read: Arc<AtomicU64>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.reader.read(buffer)?;
        self.read.fetch_add(n as u64, Ordering::Relaxed);
        Ok(n)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stems_lose_one_extension() {
        let cases =
            [("a.txt", "a"), ("x/a.b.conll", "x/a.b"), (".a", ".a"), ("x/.a", "x/.a"), ("x.y/a", "x.y/a"), ("a", "a")];
        for (id, want) in cases {
            assert_eq!(stem(id), want, "{id}");
        }
    }
}
