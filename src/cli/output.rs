//! Where documents go, and in which format.

use std::fs::File;
use std::io::{BufWriter, ErrorKind, IsTerminal, Write, stdout};
use std::path::Path;

use anyhow::{Context, Result, bail};

use super::files::Files;
use super::groups::Output;
use super::report::OutputWritten;
use super::resume::Tail;
use super::shown::Shown;
use crate::io::{
    self, Compression, Compressor, EntitiesWritten, Format, Formulae, Notice, Staged, WriteOptions, Writer,
    has_annotations,
};
use crate::text::Document;

/// An open output.
pub(crate) struct Sink {
    writer: Writer<'static>,
    /// What is cut off the output of an earlier run before anything is added.
    tail: Option<Tail>,
    n_written: usize,
    replaces: bool,
}

impl Output {
    /// The requested format, else the one that the output's name implies, else JSONL.
    pub(crate) fn format(&self) -> Format {
        let by_name = || {
            let name = self.output.as_ref()?.to_string_lossy().into_owned();
            if io_is_tsv(&name) { Some(Format::Tsv) } else { Format::from_name(&name) }
        };
        self.to.or_else(by_name).unwrap_or(Format::Jsonl)
    }

    /// What a report says of it.
    pub(crate) fn written(&self) -> OutputWritten {
        let path = self.output.as_ref().map(|path| path.display().to_string());
        OutputWritten { path, format: self.format().as_str() }
    }

    /// Lists where documents are written.
    pub(crate) fn list(&self, files: &mut Files) {
        files.writes_output(self.output.as_deref());
        self.list_errors(files);
    }

    /// Lists where all errors are written.
    pub(crate) fn list_errors(&self, files: &mut Files) {
        files.writes("--errors", self.errors.as_deref());
    }

    fn options(&self, entities: EntitiesWritten) -> WriteOptions {
        let options = WriteOptions::default()
            .offsets(self.offsets)
            .entities(entities)
            .fields(self.fields.clone())
            .byte_order_mark(self.bom)
            .formulae(if self.escape_formulae { Formulae::Escaped } else { Formulae::Kept });
        match &self.title {
            Some(title) => options.title(title),
            None => options,
        }
    }

    /// Opens the output. What is there is replaced when the new output is whole.
    pub(crate) fn create(&self, entities: EntitiesWritten) -> Result<Sink> {
        let format = self.format();
        if let (None, Some(path)) = (self.to, &self.output) {
            check_name(&path.to_string_lossy())?;
        }
        if self.bom && !matches!(format, Format::Tsv | Format::Csv) {
            bail!("--bom: expected tsv or csv as the output format, found {format}");
        }
        if self.escape_formulae && !matches!(format, Format::Tsv | Format::Csv) {
            bail!("--escape-formulae: expected tsv or csv as the output format, found {format}");
        }
        if !self.fields.is_empty() && !matches!(format, Format::Tsv | Format::Csv) {
            bail!(
                "--fields: expected tsv or csv as the output format, found {format}, which has the fields already or has no place for them"
            );
        }
        if self.title.is_some() && format != Format::Html {
            bail!("--title: expected html as the output format, found {format}, which has no place for a title");
        }
        let writer = match &self.output {
            Some(path) => {
                if format == Format::Brat && !self.overwrite && has_annotations(path) {
                    bail!(
                        "{}: expected a folder without texts and annotations, found some; --overwrite replaces those with the \
                         same names",
                        path.display()
                    );
                }
                Writer::create(format, path, self.options(entities))
            }
            None => Writer::new(format, standard(), self.options(entities)),
        };
        let writer = writer.context("cannot open the output")?;
        let replaces = format != Format::Brat && self.output.as_ref().is_some_and(|path| path.is_file());
        Ok(Sink { writer, tail: None, n_written: 0, replaces })
    }

    /// Whether documents can be added to the output of an earlier run.
    pub(crate) fn can_grow(&self, path: &Path) -> bool {
        self.format() == Format::Jsonl && Compression::from_name(&path.to_string_lossy()) == Compression::None
    }

    /// Goes on with the JSONL file of an earlier run; `tail` is the end of the same file.
    pub(crate) fn append(&self, file: File, tail: Tail, entities: EntitiesWritten) -> Result<Sink> {
        let writer = Writer::new(Format::Jsonl, BufWriter::new(file), self.options(entities));
        Ok(Sink { writer: writer.context("cannot open the output")?, tail: Some(tail), n_written: 0, replaces: false })
    }
}

/// The standard output; a terminal shows control characters as escapes.
pub(crate) fn standard() -> Box<dyn Write + Send> {
    if stdout().is_terminal() {
        Box::new(BufWriter::new(Shown::new(stdout())))
    } else {
        Box::new(BufWriter::new(stdout()))
    }
}

/// Whether the reader of our output is gone, which is not an error.
pub(crate) fn is_closed(error: &io::Error) -> bool {
    error.io_kind() == Some(ErrorKind::BrokenPipe)
}

/// An output for bytes: a file, compressed if its name ends in `.gz` or `.zst`, or standard output.
pub(crate) struct Bytes {
    inner: Compressor<Box<dyn Write + Send>>,
    staged: Option<Staged>,
}

impl Bytes {
    pub(crate) fn open(path: Option<&Path>) -> Result<Self> {
        let Some(path) = path else { return Ok(Self { inner: Compressor::None(standard()), staged: None }) };
        let (file, staged) = Staged::create(path).with_context(|| format!("cannot open {}", path.display()))?;
        let file: Box<dyn Write + Send> = Box::new(BufWriter::new(file));
        let inner = Compressor::new(file, Compression::from_name(&path.to_string_lossy()))?;
        Ok(Self { inner, staged: Some(staged) })
    }

    /// Writes the end, and puts the file into its place.
    pub(crate) fn finish(mut self) -> std::io::Result<()> {
        self.inner.finish()?;
        self.staged.map_or(Ok(()), Staged::commit)
    }
}

impl Write for Bytes {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.inner.write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.inner.flush()
    }
}

/// Refuses names that promise a format which is not written.
fn check_name(name: &str) -> Result<()> {
    const OTHERS: [&str; 9] = [".xlsx", ".xls", ".ods", ".xml", ".pdf", ".docx", ".txt", ".md", ".spacy"];
    let lower = name.to_ascii_lowercase();
    match OTHERS.iter().find(|other| lower.ends_with(**other)) {
        Some(other) => bail!(
            "expected an output whose name ends in .jsonl, .conll, .html, .tsv, .csv, .parquet or .arrow, or its format by --to, found {other} in {name}"
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
        if let Some(tail) = self.tail.take() {
            tail.cut()?;
        }
        self.writer.write(document)?;
        self.n_written += 1;
        Ok(())
    }

    pub(crate) fn flush(&mut self) -> Result<(), io::Error> {
        self.writer.flush()
    }

    /// Ends an output that is whole: it takes its place now.
    pub(crate) fn finish(mut self) -> Result<Vec<Notice>, io::Error> {
        if let Some(tail) = self.tail.take() {
            tail.cut()?;
        }
        Ok(self.writer.finish()?.notices)
    }

    /// The number of documents that were written.
    pub(crate) fn n_written(&self) -> usize {
        self.n_written
    }

    /// Whether nothing has come out, although the output of an earlier run would give way to it.
    pub(crate) fn would_lose(&self) -> bool {
        self.replaces && self.n_written == 0
    }

    /// Ends an output that is not whole. A file stays beside its place; the line says where.
    pub(crate) fn leave(self) -> Result<Option<String>, io::Error> {
        let left = self.writer.leave()?;
        Ok(left.map(|path| format!("what was written so far is in {}; --resume goes on with JSONL", path.display())))
    }
}
