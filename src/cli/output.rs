//! Where documents go, and in which format.

use std::fs::{File, OpenOptions};
use std::io::{BufWriter, ErrorKind, Write, stdout};
use std::path::Path;

use anyhow::{Context, Result, bail};

use super::groups::Output;
use crate::io::{self, Compression, Compressor, EntitiesWritten, Format, Notice, WriteOptions, Writer};
use crate::text::Document;

/// An open output.
pub(crate) struct Sink(Writer<'static>);

impl Output {
    /// The requested format, else the one that the output's name implies, else JSONL.
    pub(crate) fn format(&self) -> Format {
        let by_name = || {
            let name = self.output.as_ref()?.to_string_lossy().into_owned();
            if io_is_tsv(&name) { Some(Format::Tsv) } else { Format::from_name(&name) }
        };
        self.to.or_else(by_name).unwrap_or(Format::Jsonl)
    }

    fn options(&self, entities: EntitiesWritten) -> WriteOptions {
        WriteOptions::default().offsets(self.offsets).entities(entities).fields(self.fields.clone())
    }

    /// Opens the output, replacing what is there.
    pub(crate) fn create(&self, entities: EntitiesWritten) -> Result<Sink> {
        let format = self.format();
        if let (None, Some(path)) = (self.to, &self.output) {
            check_name(&path.to_string_lossy())?;
        }
        if !self.fields.is_empty() && !matches!(format, Format::Tsv | Format::Csv) {
            bail!(
                "--fields: expected tsv or csv as the output format, found {format}, which has the fields already or has no place for them"
            );
        }
        let writer = match &self.output {
            Some(path) => Writer::create(format, path, self.options(entities)),
            None => Writer::new(format, BufWriter::new(stdout()), self.options(entities)),
        };
        Ok(Sink(writer.context("cannot open the output")?))
    }

    /// Opens a JSONL file for appending.
    pub(crate) fn append(&self, path: &Path, entities: EntitiesWritten) -> Result<Sink> {
        let compressed = Compression::from_name(&path.to_string_lossy()) != Compression::None;
        if self.format() != Format::Jsonl || compressed {
            bail!("--resume: expected an uncompressed JSONL output, found {}", path.display());
        }
        let file = OpenOptions::new().append(true).create(true).open(path);
        let file = file.with_context(|| format!("cannot open {}", path.display()))?;
        let writer = Writer::new(Format::Jsonl, BufWriter::new(file), self.options(entities));
        Ok(Sink(writer.context("cannot open the output")?))
    }
}

/// Whether the reader of our output is gone, which is not an error.
pub(crate) fn is_closed(error: &io::Error) -> bool {
    error.io_kind() == Some(ErrorKind::BrokenPipe)
}

/// Opens an output for bytes: a file, compressed if its name ends in `.gz` or `.zst`, or standard output.
pub(crate) fn stream(path: Option<&Path>) -> Result<Compressor<Box<dyn Write + Send>>> {
    Ok(match path {
        None => Compressor::None(Box::new(BufWriter::new(stdout()))),
        Some(path) => {
            let file = File::create(path).with_context(|| format!("cannot open {}", path.display()))?;
            let file: Box<dyn Write + Send> = Box::new(BufWriter::new(file));
            Compressor::new(file, Compression::from_name(&path.to_string_lossy()))?
        }
    })
}

/// Refuses names that promise a format which is not written.
fn check_name(name: &str) -> Result<()> {
    const OTHERS: [&str; 12] =
        [".xlsx", ".xls", ".ods", ".parquet", ".feather", ".arrow", ".xml", ".pdf", ".docx", ".txt", ".md", ".spacy"];
    let lower = name.to_ascii_lowercase();
    match OTHERS.iter().find(|other| lower.ends_with(**other)) {
        Some(other) => bail!(
            "expected an output whose name ends in .jsonl, .conll, .html, .tsv or .csv, or its format by --to, found {other} in {name}"
        ),
        None => Ok(()),
    }
}

/// Whether the name is that of a TSV file. TSV is only written, so format detection does not know it.
fn io_is_tsv(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    [".tsv", ".tsv.gz", ".tsv.zst"].iter().any(|end| name.ends_with(end))
}

impl Sink {
    pub(crate) fn write(&mut self, document: &Document) -> Result<(), io::Error> {
        self.0.write(document)
    }

    pub(crate) fn flush(&mut self) -> Result<(), io::Error> {
        self.0.flush()
    }

    pub(crate) fn finish(self) -> Result<Vec<Notice>, io::Error> {
        Ok(self.0.finish()?.notices)
    }
}
