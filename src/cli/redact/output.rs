//! Where redacted documents wait until the table is on the disk, and where they go then.

use std::collections::HashSet;
use std::fs::{self, File};
use std::io::{BufWriter, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use tempfile::TempDir;

use super::args::{FormatName, RedactOutput};
use crate::cli::output::{is_closed, standard};
use crate::io::{self, EntitiesWritten, Format, WriteOptions, Writer, file_name_of, write_whole};
use crate::text::Document;

/// Documents on their way out: nothing takes its place before [`Waiting::release`].
pub(super) enum Waiting {
    /// JSONL for a file.
    Lines(Writer<'static>),
    /// JSONL for the standard output, in a temporary file.
    Piped { writer: Writer<'static>, file: File },
    /// One text.
    One { path: Option<PathBuf>, text: Option<String> },
    /// Texts for a folder, in a hidden one inside it.
    Folder(Folder),
}

/// A folder of texts.
pub(super) struct Folder {
    path: PathBuf,
    hidden: TempDir,
    overwrite: bool,
    /// The files below the folder, in the order of those that wait.
    names: Vec<PathBuf>,
    taken: HashSet<PathBuf>,
    /// The folders that they are in, below the folder.
    folders: HashSet<PathBuf>,
}

impl RedactOutput {
    /// The format: as asked for, else by the name of the output, else by that of the first input.
    pub(super) fn format(&self, inputs: &[String], from: Option<Format>) -> FormatName {
        let is_jsonl = |name: &str| Format::from_name(name) == Some(Format::Jsonl);
        let by_output = || self.output.as_deref().map(|path| is_jsonl(&path.to_string_lossy()));
        let by_input = || match from {
            Some(format) => !matches!(format, Format::Text | Format::Html | Format::Brat | Format::Conll),
            None => inputs.first().is_some_and(|name| is_jsonl(name) && Path::new(name).is_file()),
        };
        self.to.unwrap_or_else(
            || {
                if by_output().unwrap_or_else(by_input) { FormatName::Jsonl } else { FormatName::Text }
            },
        )
    }

    /// Opens the output for so many documents.
    pub(super) fn open(&self, format: FormatName, n: usize, from_folder: bool) -> Result<Waiting> {
        let options = || WriteOptions::default().offsets(self.offsets).entities(EntitiesWritten::WherePresent);
        match (format, &self.output) {
            (FormatName::Jsonl, Some(path)) => {
                Ok(Waiting::Lines(Writer::create(Format::Jsonl, path, options()).context("cannot open the output")?))
            }
            (FormatName::Jsonl, None) => {
                let file = tempfile::tempfile().context("cannot make a temporary file")?;
                let copy = BufWriter::new(file.try_clone()?);
                Ok(Waiting::Piped { writer: Writer::new(Format::Jsonl, copy, options())?, file })
            }
            (FormatName::Text, None) if n > 1 => bail!(
                "expected one document for the standard output, found {n}: -o FOLDER writes a file each, --to jsonl a line each"
            ),
            (FormatName::Text, Some(path)) if n != 1 || from_folder || is_folder(path) => {
                Folder::open(path, self.overwrite).map(Waiting::Folder)
            }
            (FormatName::Text, path) => Ok(Waiting::One { path: path.clone(), text: None }),
        }
    }
}

fn is_folder(path: &Path) -> bool {
    path.is_dir() || path.as_os_str().as_encoded_bytes().ends_with(b"/")
}

impl Waiting {
    /// Takes in a document.
    ///
    /// # Errors
    /// When it cannot be written; others can.
    pub(super) fn take(&mut self, document: &Document) -> Result<()> {
        match self {
            Self::Lines(writer) | Self::Piped { writer, .. } => Ok(writer.write(document)?),
            Self::One { text, .. } => {
                *text = Some(document.text.clone());
                Ok(())
            }
            Self::Folder(folder) => folder.take(document),
        }
    }

    /// Writes what was taken in to its place.
    pub(super) fn release(self) -> Result<()> {
        match self {
            Self::Lines(writer) => Ok(writer.finish().map(drop)?),
            Self::Piped { writer, mut file } => {
                writer.finish()?;
                file.seek(SeekFrom::Start(0))?;
                closed_is_fine(std::io::copy(&mut file, &mut standard()))
            }
            Self::One { path: Some(path), text: Some(text) } => {
                write_whole(&path, text.as_bytes()).with_context(|| format!("{} cannot be written", path.display()))
            }
            Self::One { path: None, text: Some(text) } => {
                let mut out = standard();
                closed_is_fine(out.write_all(text.as_bytes()).and_then(|()| out.flush()))
            }
            Self::One { text: None, .. } => Ok(()),
            Self::Folder(folder) => folder.release(),
        }
    }
}

fn closed_is_fine<T>(written: std::io::Result<T>) -> Result<()> {
    match written.map_err(|source| io::Error::Write { path: "<output>".to_owned(), source }) {
        Err(error) if is_closed(&error) => Ok(()),
        other => Ok(other.map(drop)?),
    }
}

impl Folder {
    fn open(path: &Path, overwrite: bool) -> Result<Self> {
        let open = || -> std::io::Result<TempDir> {
            fs::create_dir_all(path)?;
            tempfile::Builder::new().prefix(".allonym-").tempdir_in(path)
        };
        let hidden = open().with_context(|| format!("cannot open the output folder {}", path.display()))?;
        Ok(Self {
            path: path.to_owned(),
            hidden,
            overwrite,
            names: Vec::new(),
            taken: HashSet::new(),
            folders: HashSet::new(),
        })
    }

    fn take(&mut self, document: &Document) -> Result<()> {
        let name: PathBuf = document.id.split('/').map(file_name_of).collect();
        let place = self.path.join(&name);
        let folders = || name.ancestors().skip(1).filter(|folder| !folder.as_os_str().is_empty());
        if folders().any(|folder| self.taken.contains(folder)) || self.folders.contains(&name) {
            bail!(
                "document {:?}: expected an id that can be a file beside the others, found one that is a file and a folder",
                document.id
            );
        }
        if self.taken.contains(&name) {
            bail!("document {:?}: expected an id of its own, found one that another document has", document.id);
        }
        if place.exists() && (!self.overwrite || !place.is_file()) {
            bail!(
                "document {:?}: expected no file at {}, found one (--overwrite replaces it)",
                document.id,
                place.display()
            );
        }
        fs::write(self.waiting(self.names.len()), &document.text).context("cannot write into the output folder")?;
        self.folders.extend(folders().map(Path::to_owned));
        self.taken.insert(name.clone());
        self.names.push(name);
        Ok(())
    }

    fn waiting(&self, nth: usize) -> PathBuf {
        self.hidden.path().join(nth.to_string())
    }

    fn release(self) -> Result<()> {
        for (nth, name) in self.names.iter().enumerate() {
            let place = self.path.join(name);
            let put = || -> std::io::Result<()> {
                place.parent().map_or(Ok(()), fs::create_dir_all)?;
                fs::rename(self.waiting(nth), &place)
            };
            put().with_context(|| format!("{} cannot be written", place.display()))?;
        }
        Ok(())
    }
}
