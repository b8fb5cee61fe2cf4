//! Writes documents in any format.

use std::io::{BufWriter, Write};
use std::path::Path;

use super::compress::Compressor;
use super::conll::ConllWriter;
use super::error::FeatureOff;
use super::jsonl::JsonlWriter;
use super::shapes::{Shape, ShapeWriter};
use super::sink::{DocumentWriter, STREAM, Sink};
use super::staged::Staged;
use super::{Compression, Error, Format, Notice, WriteOptions};
use crate::text::Document;

/// What a writer has written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// The number of documents.
    pub documents: u64,
    /// The number of their mentions.
    pub mentions: u64,
    /// What the format could not express.
    pub notices: Vec<Notice>,
}

/// Writes documents in one format, one by one.
///
/// The output is complete only after [`Writer::finish`]. A document that cannot be written gives an error and leaves no trace in
/// the output (unless the system failed); the next one can be written.
///
/// ```
/// use allonym::io::{Format, WriteOptions, Writer};
/// use allonym::text::{Document, Label, Mention, Span};
///
/// let mut document = Document::new("a", "Rain in Beirut");
/// document.mentions.push(Mention::new(Span::new(8, 14), Label::new("LOC")));
/// let mut rows = Vec::new();
/// let mut writer = Writer::new(Format::Conll, &mut rows, WriteOptions::default())?;
/// writer.write(&document)?;
/// assert_eq!(writer.finish()?.mentions, 1);
/// assert_eq!(String::from_utf8(rows).unwrap(), "-DOCSTART-\tO\n\nRain\tO\nin\tO\nBeirut\tB-LOC\n\n");
/// # Ok::<(), allonym::io::Error>(())
/// ```
pub struct Writer<'w> {
    place: String,
    inner: Box<dyn DocumentWriter + 'w>,
    written: Written,
    staged: Option<Staged>,
}

impl<'w> Writer<'w> {
    /// A writer into a stream, uncompressed.
    ///
    /// # Errors
    /// When the format does not go into a stream (brat makes two files of a document), cannot be written (plain text holds no mentions)
    /// or is not in this build ([`Error::FeatureOff`]), or when the head of the output cannot be written.
    pub fn new(format: Format, sink: impl Write + Send + 'w, options: WriteOptions) -> Result<Self, Error> {
        Self::with_compression(format, sink, Compression::None, options)
    }

    /// A writer into a stream, compressed.
    ///
    /// # Errors
    /// As [`Writer::new`], and when the compression is not in this build.
    pub fn with_compression(
        format: Format,
        sink: impl Write + Send + 'w,
        compression: Compression,
        options: WriteOptions,
    ) -> Result<Self, Error> {
        let place = STREAM;
        check_stream(format, place)?;
        let sink: Box<dyn Write + Send + 'w> = Box::new(sink);
        let sink = Compressor::new(sink, compression).map_err(|error| Error::write(place, error))?;
        Self::open(format, sink, options, place)
    }

    /// A writer into a file, compressed where its name ends in `.gz` or `.zst`; for brat into a folder, which is created where it is
    /// missing. An existing file stays as it is until [`Writer::finish`] replaces it with one that is whole.
    ///
    /// # Errors
    /// As [`Writer::with_compression`], and when the file or folder cannot be created.
    pub fn create(format: Format, path: &Path, options: WriteOptions) -> Result<Self, Error> {
        let place = path.display().to_string();
        if format == Format::Brat {
            return brat(path, place);
        }
        check_stream(format, &place)?;
        let fail = |source| Error::write(&place, source);
        let compression = Compression::from_name(&place);
        // An output that this build cannot write shall not cost the file that is there.
        Compressor::new(std::io::sink(), compression).map_err(fail)?;
        let (file, staged) = Staged::create(path).map_err(fail)?;
        let sink: Box<dyn Write + Send> = Box::new(BufWriter::new(file));
        let writer = Self::open(format, Compressor::new(sink, compression).map_err(fail)?, options, &place)?;
        Ok(Self { staged: Some(staged), ..writer })
    }

    fn open(format: Format, sink: Sink<'w>, options: WriteOptions, place: &str) -> Result<Self, Error> {
        let inner: Box<dyn DocumentWriter + 'w> = match format {
            Format::Jsonl => Box::new(JsonlWriter::new(sink, options)),
            Format::Conll => Box::new(ConllWriter::new(sink, options.words)),
            Format::Html | Format::Tsv | Format::Csv => page_or_table(format, sink, &options, place)?,
            Format::Parquet | Format::Arrow => columns(format, sink, &options, place)?,
            Format::Text | Format::Brat => unreachable!("check_stream refuses them"),
            Format::Spacy | Format::Doccano | Format::Prodigy | Format::LabelStudio | Format::HuggingFace => {
                let shape = Shape::of(format).expect("these are the shapes");
                Box::new(ShapeWriter::new(sink, shape).map_err(|source| Error::write(place, source))?)
            }
        };
        Ok(Self { place: place.to_owned(), inner, written: Written::default(), staged: None })
    }

    /// Writes one document.
    ///
    /// # Errors
    /// When the system cannot write, or when the format cannot hold the document.
    pub fn write(&mut self, document: &Document) -> Result<(), Error> {
        self.inner.write(document).map_err(|error| error.at(&self.place, &document.id))?;
        self.written.documents += 1;
        self.written.mentions += document.mentions.len() as u64;
        Ok(())
    }

    /// Passes on what was written so far, unless it is compressed: the bytes do not depend on when this is called.
    ///
    /// # Errors
    /// When the system cannot write.
    pub fn flush(&mut self) -> Result<(), Error> {
        self.inner.flush().map_err(|source| Error::write(&self.place, source))
    }

    /// Writes the end of the output.
    ///
    /// # Errors
    /// When the system cannot write.
    pub fn finish(self) -> Result<Written, Error> {
        let fail = |source| Error::write(&self.place, source);
        let notices = self.inner.finish().map_err(fail)?;
        self.staged.map_or(Ok(()), Staged::commit).map_err(fail)?;
        Ok(Written { notices, ..self.written })
    }

    /// Ends without putting the file into its place: what was written is not whole. Returns the path where it is.
    ///
    /// # Errors
    /// When the system cannot write.
    #[cfg(feature = "cli")]
    pub(crate) fn leave(self) -> Result<Option<std::path::PathBuf>, Error> {
        self.inner.finish().map_err(|source| Error::write(&self.place, source))?;
        Ok(self.staged.and_then(Staged::leave))
    }
}

impl std::fmt::Debug for Writer<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Writer").field("place", &self.place).field("written", &self.written).finish_non_exhaustive()
    }
}

#[cfg(feature = "files")]
fn page_or_table<'w>(
    format: Format,
    sink: Sink<'w>,
    options: &WriteOptions,
    place: &str,
) -> Result<Box<dyn DocumentWriter + 'w>, Error> {
    let fail = |source| Error::write(place, source);
    Ok(match format {
        Format::Html => Box::new(super::html::HtmlWriter::new(sink, &options.title).map_err(fail)?),
        _ => Box::new(super::tsv::TsvWriter::new(sink, format, options).map_err(fail)?),
    })
}

#[cfg(not(feature = "files"))]
fn page_or_table<'w>(
    _format: Format,
    _sink: Sink<'w>,
    _options: &WriteOptions,
    _place: &str,
) -> Result<Box<dyn DocumentWriter + 'w>, Error> {
    unreachable!("check_stream refuses them in this build")
}

/// Arrow is a file that can be read in any order where it goes into one, unless the name says that it is a stream.
#[cfg(feature = "arrow")]
fn columns<'w>(
    format: Format,
    sink: Sink<'w>,
    options: &WriteOptions,
    place: &str,
) -> Result<Box<dyn DocumentWriter + 'w>, Error> {
    use super::arrow::{ColumnsForm, ColumnsWriter};
    Ok(Box::new(ColumnsWriter::new(sink, ColumnsForm::of(format, place), options)))
}

#[cfg(not(feature = "arrow"))]
fn columns<'w>(
    _format: Format,
    _sink: Sink<'w>,
    _options: &WriteOptions,
    _place: &str,
) -> Result<Box<dyn DocumentWriter + 'w>, Error> {
    unreachable!("check_stream refuses them in this build")
}

#[cfg(feature = "files")]
fn brat<'w>(path: &Path, place: String) -> Result<Writer<'w>, Error> {
    if Compression::from_name(&place) != Compression::None {
        return Err(Error::Output { path: place, format: Format::Brat, expected: "a folder" });
    }
    std::fs::create_dir_all(path).map_err(|source| Error::write(&place, source))?;
    let inner = Box::new(super::brat::BratWriter::new(path.to_owned()));
    Ok(Writer { place, inner, written: Written::default(), staged: None })
}

#[cfg(not(feature = "files"))]
fn brat<'w>(_path: &Path, place: String) -> Result<Writer<'w>, Error> {
    Err(FeatureOff { what: "brat", feature: "files" }.at(place))
}

/// Checks that the format can be written into a stream, by this build.
fn check_stream(format: Format, place: &str) -> Result<(), Error> {
    let expected = match format {
        Format::Brat => "a folder",
        Format::Text => "a format that holds mentions",
        Format::Html if cfg!(not(feature = "files")) => {
            return Err(FeatureOff { what: "writing HTML", feature: "files" }.at(place));
        }
        Format::Parquet | Format::Arrow if cfg!(not(feature = "arrow")) => {
            return Err(FeatureOff { what: "writing Parquet or Arrow", feature: "arrow" }.at(place));
        }
        Format::Tsv if cfg!(not(feature = "files")) => {
            return Err(FeatureOff { what: "writing TSV", feature: "files" }.at(place));
        }
        Format::Csv if cfg!(not(feature = "files")) => {
            return Err(FeatureOff { what: "writing CSV", feature: "files" }.at(place));
        }
        _ => return Ok(()),
    };
    Err(Error::Output { path: place.to_owned(), format, expected })
}

#[cfg(all(test, not(any(feature = "files", feature = "compress"))))]
mod tests {
    use super::*;

    #[test]
    fn what_the_build_leaves_out_names_its_feature_and_costs_no_file() {
        let folder = tempfile::tempdir().expect("a folder");
        for (format, name, what, feature) in [
            (Format::Html, "a.html", "writing HTML", "files"),
            (Format::Tsv, "a.tsv", "writing TSV", "files"),
            (Format::Brat, "a", "brat", "files"),
            (Format::Jsonl, "a.jsonl.gz", "gzip", "compress"),
            (Format::Conll, "a.conll.zst", "zstd", "compress"),
        ] {
            let path = folder.path().join(name);
            std::fs::write(&path, "precious").expect("a file is written");
            let error = Writer::create(format, &path, WriteOptions::default()).expect_err("it is not in this build");
            let want = format!("{what} needs the feature {feature:?} of allonym, which this build does not have");
            assert_eq!(error.to_string(), format!("{}: {want}", path.display()));
            assert_eq!(std::fs::read_to_string(&path).expect("it is still there"), "precious");
        }
    }
}
