//! The documents of all inputs, one after the other.

use std::fs::File;
use std::io::{self, BufRead, Cursor, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::compress::decompress;
use super::conll::{ConllReader, profile};
use super::detect::{Detected, detect};
use super::expand::{expand, paths};
use super::format::uncompressed_name;
use super::jsonl::JsonlReader;
use super::limited::Limited;
use super::plain::PlainReader;
use super::reader::{DocumentReader, Input};
use super::source::{self, Location, Origin, Source};
use super::{Error, Format, Notice, ReadOptions};
use crate::text::Document;

/// How far reading has come, in bytes as they are in the files (of compressed files, compressed bytes).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// The bytes read so far.
    pub read: u64,
    /// The bytes of all inputs; `None` where one of them is not a file.
    pub total: Option<u64>,
}

/// Reads the documents of inputs, in order and one by one.
///
/// A document that cannot be read comes out as an error, and the next ones follow. Memory is bounded by the largest document.
///
/// A document comes out as soon as it has arrived: a line of JSONL with its line end, a CoNLL document with the
/// `-DOCSTART-` line of the next one, a text or a web page at the end of the stream. (CoNLL that
/// does not begin with `-DOCSTART-` is recognised only after 64 KiB, unless [`ReadOptions::format`] or the name says that it is CoNLL.)
///
/// ```
/// use allonym::io::{Documents, ReadOptions};
///
/// let lines = "{\"id\": \"a\", \"text\": \"Rain in Beirut\"}\n{\"text\": 7}\n{\"text\": \"Sun in Oslo\"}\n";
/// let documents = Documents::read(lines.as_bytes(), "news.jsonl", &ReadOptions::default());
/// let ids: Vec<Option<String>> = documents.map(|document| document.ok().map(|document| document.id)).collect();
/// assert_eq!(ids, [Some("a".to_owned()), None, Some("news:3".to_owned())]);
/// ```
pub struct Documents {
    sources: std::vec::IntoIter<Source>,
    current: Option<Box<dyn DocumentReader>>,
    options: ReadOptions,
    notices: Vec<Notice>,
    read: Arc<AtomicU64>,
    total: Option<u64>,
    /// The formats that were met.
    formats: Vec<Format>,
}

impl Documents {
    /// Opens inputs: files, `-` for the standard input, and with the feature `files` also folders (everything below, in the order of the
    /// paths) and patterns such as `news/**/*.txt`. A compressed file is decompressed.
    ///
    /// ```
    /// use allonym::io::{Documents, ReadOptions};
    ///
    /// for document in Documents::open(["README.md"], &ReadOptions::default())? {
    ///     assert!(document?.text.contains("allonym"));
    /// }
    /// # Ok::<(), allonym::io::Error>(())
    /// ```
    ///
    /// # Errors
    /// When an input does not exist, a pattern cannot be parsed or matches nothing, a folder cannot be listed, or the options ask for TSV,
    /// which is written only.
    pub fn open<P: AsRef<Path>>(inputs: impl IntoIterator<Item = P>, options: &ReadOptions) -> Result<Self, Error> {
        let inputs = paths(inputs);
        Self::check_format(&inputs, options)?;
        let mut notices = Vec::new();
        let sources = expand(&inputs, options, &mut notices)?;
        Ok(Self::new(sources, notices, options))
    }

    /// Reads one stream, compressed or not. Its `name` (say `news.jsonl`) appears in errors and ids, and may tell its format.
    pub fn read(reader: impl Read + Send + 'static, name: &str, options: &ReadOptions) -> Self {
        let mut documents = Self::new(Vec::new(), Vec::new(), options);
        documents.total = None;
        let file_name = name.rsplit('/').next().unwrap_or(name);
        let source = Source {
            location: Location::Stream,
            place: name.to_owned(),
            id: uncompressed_name(file_name).to_owned(),
            origin: Origin::Named,
            bytes: None,
        };
        documents.current = documents.start(&source, reader);
        documents
    }

    /// Checks that the format that was asked for can be read at all.
    pub(crate) fn check_format(inputs: &[PathBuf], options: &ReadOptions) -> Result<(), Error> {
        match options.format {
            Some(format @ Format::Tsv) => {
                let path = inputs.first().map(|input| input.display().to_string());
                Err(unreadable(path.unwrap_or_default(), format))
            }
            _ => Ok(()),
        }
    }

    /// The documents of some sources.
    pub(crate) fn new(sources: Vec<Source>, notices: Vec<Notice>, options: &ReadOptions) -> Self {
        let total = sources.iter().map(|source| source.bytes).sum();
        let sources = sources.into_iter();
        let (read, formats) = (Arc::default(), Vec::new());
        Self { sources, current: None, options: options.clone(), notices, read, total, formats }
    }

    /// Whether a file is one of the inputs that are still to be read, so that writing there would destroy it.
    pub fn will_read(&self, path: &Path) -> bool {
        source::include(self.sources.as_slice(), path)
    }

    /// The files that are still to be read.
    #[cfg(feature = "cli")]
    pub(crate) fn files(&self) -> Vec<PathBuf> {
        super::files::files(self.sources.as_slice())
    }

    /// The formats of the inputs that were opened so far, each once.
    #[cfg(feature = "cli")]
    pub(crate) fn formats(&self) -> &[Format] {
        &self.formats
    }

    /// Takes the notices that came up since the last call.
    pub fn take_notices(&mut self) -> Vec<Notice> {
        std::mem::take(&mut self.notices)
    }

    /// How far reading has come.
    pub fn progress(&self) -> Progress {
        Progress { read: self.read.load(Ordering::Relaxed), total: self.total }
    }

    /// Opens a source; `None` where it is skipped.
    fn open_source(&mut self, source: &Source) -> Option<Box<dyn DocumentReader>> {
        match &source.location {
            Location::Stream => self.start(source, io::stdin()),
            #[cfg(feature = "files")]
            Location::Spool(spool) => self.start(source, spool.reader()),
            #[cfg(feature = "files")]
            Location::Unread(reason) => {
                Some(Box::new(Failed(Some(Error::read(&source.place, io::Error::other(reason.to_string()))))))
            }
            Location::File(path) => match File::open(path) {
                Ok(file) => self.start(source, file),
                Err(error) => Some(Box::new(Failed(Some(Error::read(&source.place, error))))),
            },
        }
    }

    /// The reader of an open source; `None` where it is skipped.
    fn start(&mut self, source: &Source, bytes: impl Read + Send + 'static) -> Option<Box<dyn DocumentReader>> {
        let counted = Counted { reader: bytes, read: Arc::clone(&self.read) };
        self.reader(source, counted).unwrap_or_else(|error| Some(Box::new(Failed(Some(error)))))
    }

    fn reader(
        &mut self,
        source: &Source,
        bytes: impl Read + Send + 'static,
    ) -> Result<Option<Box<dyn DocumentReader>>, Error> {
        let failed = |error| Error::read(&source.place, error);
        let mut reader = decompress(bytes).map_err(failed)?;
        if let Some(format) = self.columns(source, &mut reader).map_err(failed)? {
            if !self.formats.contains(&format) {
                self.formats.push(format);
            }
            return columns(format, reader, source, Arc::clone(&self.read), &self.options).map(Some);
        }
        let (mut reader, is_converted) = self.decoded(reader, source)?;
        let Detected { format, head } = detect(source, self.options.format, &mut *reader).map_err(failed)?;
        let Some(format) = format else {
            self.notices.push(Notice::Binary { path: source.place.clone() });
            return Ok(None);
        };
        if !self.formats.contains(&format) {
            self.formats.push(format);
        }
        #[cfg(feature = "files")]
        if let Some(beside) = source.location.path().and_then(super::brat::no_annotations)
            // A walk through a folder has told of pipes already.
            && (beside.is_dir() || source.origin == Origin::Named)
        {
            self.notices.push(Notice::NoFile { path: beside.display().to_string() });
        }
        let reader: Box<dyn BufRead + Send> = match head.is_empty() {
            true => reader,
            false => Box::new(Cursor::new(head).chain(reader)),
        };
        let reader: Box<dyn BufRead + Send> = match format {
            // These are one document as a whole.
            Format::Text | Format::Html | Format::Brat => Box::new(Limited::new(reader, self.options.max_document)),
            _ => reader,
        };
        let input = Input { place: source.place.clone(), id: source.id.clone(), reader };
        Ok(Some(match format {
            Format::Text => Box::new(PlainReader::new(input)),
            Format::Jsonl
            | Format::Spacy
            | Format::Doccano
            | Format::Prodigy
            | Format::LabelStudio
            | Format::HuggingFace => Box::new(JsonlReader::new(input, &self.options)),
            Format::Csv => csv(input, &self.options)?,
            Format::Conll => {
                let columns = self.options.columns.as_ref();
                let file = source.location.path().filter(|path| path.is_file() && !is_converted);
                let profile = file.and_then(|path| profile(path, &source.id, columns));
                Box::new(ConllReader::new(input, &self.options, profile))
            }
            Format::Html => html(input, &self.options)?,
            Format::Brat => brat(input, source)?,
            Format::Tsv | Format::Parquet | Format::Arrow => return Err(unreadable(source.place.clone(), format)),
        }))
    }
}

impl Documents {
    /// The format of a source that holds columns, which are no text in any encoding: as asked for, by its name or by its first bytes.
    fn columns(&self, source: &Source, reader: &mut Stream) -> io::Result<Option<Format>> {
        let format = match self.options.format.or_else(|| Format::from_name(&source.id)) {
            Some(format) => Some(format),
            None => shown(reader)?,
        };
        Ok(format.filter(|format| matches!(format, Format::Parquet | Format::Arrow)))
    }

    /// The input as UTF-8, and whether it had to be converted. A web page says its encoding itself.
    #[cfg(feature = "encoding")]
    fn decoded(&mut self, reader: Stream, source: &Source) -> Result<(Stream, bool), Error> {
        if self.options.format.or_else(|| Format::from_name(&source.id)) == Some(Format::Html) {
            return Ok((reader, false));
        }
        let asked = super::encoding::Asked::of(&self.options);
        let decoded = super::encoding::decode(reader, asked, &source.place)?;
        self.notices.extend(decoded.notice);
        Ok((decoded.reader, decoded.is_converted))
    }

    #[cfg(not(feature = "encoding"))]
    fn decoded(&mut self, reader: Stream, source: &Source) -> Result<(Stream, bool), Error> {
        match self.options.encoding {
            super::Encoding::Utf8 => Ok((reader, false)),
            _ => Err(super::error::FeatureOff { what: "another encoding", feature: "encoding" }.at(&source.place)),
        }
    }
}

/// An open input.
type Stream = Box<dyn BufRead + Send>;

/// The format of columns that the first bytes show.
#[cfg(feature = "arrow")]
fn shown(reader: &mut Stream) -> io::Result<Option<Format>> {
    super::arrow::shown_format(reader)
}

#[cfg(not(feature = "arrow"))]
fn shown(reader: &mut Stream) -> io::Result<Option<Format>> {
    Ok(reader.fill_buf()?.starts_with(b"PAR1").then_some(Format::Parquet))
}

#[cfg(feature = "arrow")]
fn columns(
    format: Format,
    reader: Stream,
    source: &Source,
    read: Arc<AtomicU64>,
    options: &ReadOptions,
) -> Result<Box<dyn DocumentReader>, Error> {
    use super::arrow::{Bytes, ColumnsReader};
    let bytes = Bytes::of(format, source, reader, read)?;
    Ok(Box::new(ColumnsReader::new(bytes, &source.place, &source.id, options)?))
}

#[cfg(not(feature = "arrow"))]
fn columns(
    _format: Format,
    _reader: Stream,
    source: &Source,
    _read: Arc<AtomicU64>,
    _options: &ReadOptions,
) -> Result<Box<dyn DocumentReader>, Error> {
    Err(super::error::FeatureOff { what: "reading Parquet or Arrow", feature: "arrow" }.at(&source.place))
}

#[cfg(feature = "files")]
fn csv(input: Input, options: &ReadOptions) -> Result<Box<dyn DocumentReader>, Error> {
    Ok(Box::new(super::tsv::TableReader::new(input, options)?))
}

#[cfg(not(feature = "files"))]
fn csv(input: Input, _options: &ReadOptions) -> Result<Box<dyn DocumentReader>, Error> {
    Err(super::error::FeatureOff { what: "reading CSV", feature: "files" }.at(input.place))
}

#[cfg(feature = "html")]
fn html(input: Input, options: &ReadOptions) -> Result<Box<dyn DocumentReader>, Error> {
    Ok(Box::new(super::html::HtmlReader::new(input, &options.encoding)))
}

#[cfg(not(feature = "html"))]
fn html(input: Input, _options: &ReadOptions) -> Result<Box<dyn DocumentReader>, Error> {
    Err(super::error::FeatureOff { what: "reading HTML", feature: "html" }.at(input.place))
}

#[cfg(feature = "files")]
fn brat(input: Input, source: &Source) -> Result<Box<dyn DocumentReader>, Error> {
    match source.location.path() {
        Some(path) => Ok(Box::new(super::brat::BratReader::new(input, path))),
        None => Err(unreadable(input.place, Format::Brat)),
    }
}

#[cfg(not(feature = "files"))]
fn brat(input: Input, _source: &Source) -> Result<Box<dyn DocumentReader>, Error> {
    Err(super::error::FeatureOff { what: "brat", feature: "files" }.at(input.place))
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
            self.current = self.open_source(&source);
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
        _ => {
            "documents with texts (text, jsonl, conll, brat, html, csv, spacy, doccano, prodigy, label-studio, hf, parquet or arrow)"
        }
    };
    Error::Unreadable { path, expected, found }
}

/// A source that could not be opened: one error, then the next source.
struct Failed(Option<Error>);

impl DocumentReader for Failed {
    fn next(&mut self, _notices: &mut Vec<Notice>) -> Option<Result<Document, Error>> {
        self.0.take().map(Err)
    }
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

#[cfg(all(test, not(any(feature = "files", feature = "html", feature = "compress"))))]
mod tests {
    use super::*;

    #[test]
    fn what_the_build_leaves_out_names_its_feature() {
        let first = |name: &str, bytes: &'static [u8]| {
            let first = Documents::read(bytes, name, &ReadOptions::default()).next().expect("one result");
            first.expect_err("it is not in this build").to_string()
        };
        let wants = |what: &str, feature: &str| {
            format!("{what} needs the feature {feature:?} of allonym, which this build does not have")
        };
        for (name, bytes, what, feature) in [
            ("a.jsonl.gz", &b"\x1F\x8B\x08\0"[..], "gzip", "compress"),
            ("a.txt", b"\x28\xB5\x2F\xFD", "zstd", "compress"),
            ("a.html", b"<p>Oslo", "reading HTML", "html"),
            ("a.ann", b"T1\tLOC 0 4\tOslo", "brat", "files"),
        ] {
            assert_eq!(first(name, bytes), format!("{name}: {}", wants(what, feature)));
        }
        for (input, what) in [("src", "reading a folder"), ("src/*.rs", "a pattern")] {
            let error = Documents::open([input], &ReadOptions::default()).expect_err("it is not in this build");
            assert_eq!(error.to_string(), format!("{input}: {}", wants(what, "files")));
        }
        let documents = Documents::open(["Cargo.toml"], &ReadOptions::default()).expect("a file is a file");
        assert_eq!(documents.flatten().map(|document| document.id).collect::<Vec<_>>(), ["Cargo.toml"]);
    }
}
