//! How are documents written?

use std::borrow::Cow;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use super::brat::BratWriter;
use super::compress::Compressor;
use super::conll::ConllWriter;
use super::html::HtmlWriter;
use super::jsonl::write_jsonl;
use super::tsv::TsvWriter;
use super::{Compression, Error, Format, Notice, WriteOptions};
use crate::text::Document;

/// Where a writer's bytes go.
pub(crate) type Sink<'w> = Compressor<Box<dyn Write + Send + 'w>>;

/// Why one document could not be written; the writer knows the place.
pub(crate) enum WriteError {
    Io(io::Error),
    Unwritable { expected: Cow<'static, str>, found: String },
}

impl WriteError {
    pub(crate) fn unwritable(expected: impl Into<Cow<'static, str>>, found: String) -> Self {
        Self::Unwritable { expected: expected.into(), found }
    }
}

impl From<io::Error> for WriteError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// What a writer has written, and what the user should know about it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// How many documents.
    pub documents: u64,
    /// How many mentions they have.
    pub mentions: u64,
    /// What could not be said in the format.
    pub notices: Vec<Notice>,
}

/// Writes documents in one format, one by one.
///
/// The output is complete only after [`Writer::finish`]. A document that cannot be written gives an error and leaves no trace in
/// the output (unless the error is the system's); the next one can be written.
pub struct Writer<'w> {
    place: String,
    kind: Kind<'w>,
    written: Written,
}

enum Kind<'w> {
    Jsonl(Sink<'w>, WriteOptions),
    Conll(Sink<'w>, ConllWriter),
    Html(Sink<'w>, HtmlWriter),
    Tsv(Sink<'w>, TsvWriter),
    Brat(BratWriter),
}

impl<'w> Writer<'w> {
    /// A writer into a stream, uncompressed.
    ///
    /// # Errors
    /// When the format does not go into a stream (brat makes two files a document) or cannot be written (plain text holds no
    /// mentions), or when the head of the output cannot be written.
    pub fn new(format: Format, sink: impl Write + Send + 'w, options: WriteOptions) -> Result<Self, Error> {
        Self::compressed(format, Compressor::new(Box::new(sink), Compression::None), options)
    }

    /// A writer into a stream, compressed.
    ///
    /// # Errors
    /// As [`Writer::new`].
    pub fn with_compression(
        format: Format,
        sink: impl Write + Send + 'w,
        compression: Compression,
        options: WriteOptions,
    ) -> Result<Self, Error> {
        Self::compressed(format, Compressor::new(Box::new(sink), compression), options)
    }

    /// A writer into a file, compressed where its name ends in `.gz` or `.zst`; for brat into a folder, which is made where it is
    /// missing. What was in the file is lost.
    ///
    /// # Errors
    /// As [`Writer::new`], and when the file or folder cannot be made.
    pub fn create(format: Format, path: &Path, options: WriteOptions) -> Result<Self, Error> {
        let place = path.display().to_string();
        let failed = |source| Error::Write { path: place.clone(), source };
        if format == Format::Brat {
            if Compression::from_name(&place) != Compression::None {
                return Err(Error::Output { path: place, format, expected: "a folder" });
            }
            std::fs::create_dir_all(path).map_err(failed)?;
            let kind = Kind::Brat(BratWriter::new(path.to_owned()));
            return Ok(Self { place, kind, written: Written::default() });
        }
        check_stream(format, &place)?;
        let sink: Box<dyn Write + Send> = Box::new(BufWriter::new(File::create(path).map_err(failed)?));
        let writer = Self::compressed(format, Compressor::new(sink, Compression::from_name(&place)), options);
        writer.map(|writer| Self { place: place.clone(), ..writer }).map_err(|error| match error {
            Error::Write { source, .. } => Error::Write { path: place, source },
            other => other,
        })
    }

    fn compressed(format: Format, sink: Sink<'w>, options: WriteOptions) -> Result<Self, Error> {
        let place = "<output>".to_owned();
        check_stream(format, &place)?;
        let mut sink = sink;
        let kind = match format {
            Format::Jsonl => Ok(Kind::Jsonl(sink, options)),
            Format::Conll => Ok(Kind::Conll(sink, ConllWriter::new(options.words))),
            Format::Html => HtmlWriter::new(&mut sink, &options.title).map(|writer| Kind::Html(sink, writer)),
            Format::Tsv => TsvWriter::new(&mut sink, options.offsets).map(|writer| Kind::Tsv(sink, writer)),
            Format::Text | Format::Brat => unreachable!("check_stream refuses them"),
        };
        let kind = kind.map_err(|source| Error::Write { path: place.clone(), source })?;
        Ok(Self { place, kind, written: Written::default() })
    }

    /// Writes one document.
    ///
    /// # Errors
    /// When the system cannot write, or when the format cannot hold the document.
    pub fn write(&mut self, document: &Document) -> Result<(), Error> {
        let result = match &mut self.kind {
            Kind::Jsonl(sink, options) => write_jsonl(sink, document, options),
            Kind::Conll(sink, writer) => writer.write(sink, document),
            Kind::Html(sink, writer) => writer.write(sink, document),
            Kind::Tsv(sink, writer) => writer.write(sink, document),
            Kind::Brat(writer) => writer.write(document),
        };
        result.map_err(|error| match error {
            WriteError::Io(source) => Error::Write { path: self.place.clone(), source },
            WriteError::Unwritable { expected, found } => Error::Unwritable {
                path: self.place.clone(),
                id: document.id.clone(),
                expected: expected.into_owned(),
                found,
            },
        })?;
        self.written.documents += 1;
        self.written.mentions += document.mentions.len() as u64;
        Ok(())
    }

    /// Passes on what was written so far (a zstd frame that is not full stays behind).
    ///
    /// # Errors
    /// When the system cannot write.
    pub fn flush(&mut self) -> Result<(), Error> {
        let flushed = match &mut self.kind {
            Kind::Jsonl(sink, _) | Kind::Conll(sink, _) | Kind::Html(sink, _) | Kind::Tsv(sink, _) => sink.flush(),
            Kind::Brat(_) => Ok(()),
        };
        flushed.map_err(|source| Error::Write { path: self.place.clone(), source })
    }

    /// Writes the end of the output.
    ///
    /// # Errors
    /// When the system cannot write.
    pub fn finish(self) -> Result<Written, Error> {
        let mut written = self.written;
        let ended = match self.kind {
            Kind::Jsonl(mut sink, _) | Kind::Tsv(mut sink, _) => sink.finish(),
            Kind::Conll(mut sink, writer) => {
                written.notices.extend(writer.notices());
                sink.finish()
            }
            Kind::Html(mut sink, writer) => writer.finish(&mut sink).and_then(|()| sink.finish()),
            Kind::Brat(writer) => {
                written.notices.extend(writer.notices());
                Ok(())
            }
        };
        ended.map_err(|source| Error::Write { path: self.place, source })?;
        Ok(written)
    }
}

impl std::fmt::Debug for Writer<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Writer").field("place", &self.place).field("written", &self.written).finish_non_exhaustive()
    }
}

/// Whether the format goes into a stream at all.
fn check_stream(format: Format, place: &str) -> Result<(), Error> {
    let expected = match format {
        Format::Brat => "a folder",
        Format::Text => "a format that holds mentions",
        Format::Jsonl | Format::Conll | Format::Html | Format::Tsv => return Ok(()),
    };
    Err(Error::Output { path: place.to_owned(), format, expected })
}
