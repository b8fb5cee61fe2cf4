//! The documents that an interrupted run has finished.

use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, ErrorKind, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use crate::text::Document;

/// The documents already in the output, in input order.
#[derive(Debug)]
pub(crate) struct Done {
    found: Option<Found>,
}

#[derive(Debug)]
struct Found {
    path: PathBuf,
    lines: BufReader<File>,
    line: u64,
    /// The id of the next finished document.
    next: Option<String>,
}

#[derive(Deserialize)]
struct Record {
    id: serde_json::Value,
}

impl Done {
    /// Nothing is done yet.
    pub(crate) fn nothing() -> Self {
        Self { found: None }
    }

    /// Reads the output of an earlier run, and truncates a last line that is incomplete.
    pub(crate) fn read(path: &Path) -> Result<Self> {
        let name = || format!("--resume: {}", path.display());
        let mut file = match OpenOptions::new().read(true).write(true).open(path) {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Self::nothing()),
            Err(error) => return Err(error).with_context(name),
        };
        let whole = whole_lines(&file).with_context(name)?;
        file.set_len(whole).with_context(name)?;
        file.seek(SeekFrom::Start(0)).with_context(name)?;
        let mut found = Found { path: path.to_owned(), lines: BufReader::new(file), line: 0, next: None };
        found.advance()?;
        Ok(Self { found: Some(found) })
    }

    /// Whether this document is already in the output. Must be called once per document, in input order.
    pub(crate) fn has(&mut self, document: &Document) -> Result<bool> {
        let Some(found) = &mut self.found else { return Ok(false) };
        match &found.next {
            None => Ok(false),
            Some(id) if *id == document.id => {
                found.advance()?;
                Ok(true)
            }
            Some(id) => bail!(
                "--resume: {}:{}: expected document {:?} as in the input, found {id:?}: the output is of another input",
                found.path.display(),
                found.line,
                document.id,
            ),
        }
    }

    /// Checks, at the end of the input, that nothing is left of the output.
    pub(crate) fn finish(&self) -> Result<()> {
        match &self.found {
            Some(Found { path, line, next: Some(id), .. }) => bail!(
                "--resume: {}:{line}: expected no more documents, as the input has ended, found {id:?}: the output is of another input",
                path.display()
            ),
            _ => Ok(()),
        }
    }
}

impl Found {
    fn advance(&mut self) -> Result<()> {
        let mut line = String::new();
        let name = format!("--resume: {}:{}", self.path.display(), self.line + 1);
        let n = self.lines.read_line(&mut line).with_context(|| name.clone())?;
        self.line += 1;
        self.next = match n {
            0 => None,
            _ => {
                let record: Record =
                    serde_json::from_str(&line).with_context(|| format!("{name}: expected a tagged document"))?;
                Some(match record.id {
                    serde_json::Value::String(id) => id,
                    id => id.to_string(),
                })
            }
        };
        Ok(())
    }
}

/// The length of the file up to and including its last line end.
fn whole_lines(file: &File) -> std::io::Result<u64> {
    let mut reader = BufReader::new(file);
    let (mut at, mut whole) = (0, 0);
    loop {
        let bytes = reader.fill_buf()?;
        if bytes.is_empty() {
            return Ok(whole);
        }
        if let Some(last) = bytes.iter().rposition(|&byte| byte == b'\n') {
            whole = at + last as u64 + 1;
        }
        let n = bytes.len();
        at += n as u64;
        reader.consume(n);
    }
}
