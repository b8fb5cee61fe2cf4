//! Tagged documents between the two passes: linking needs the names of all before the first is written.

use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Seek, SeekFrom, Write};

use anyhow::{Context, Result};

use crate::io::jsonl;
use crate::text::Document;

/// Documents in a temporary file without a name: not even a crash leaves it behind.
pub(super) struct Spool {
    file: BufWriter<File>,
    n: usize,
}

impl Spool {
    pub(super) fn new() -> Result<Self> {
        let file = tempfile::tempfile()
            .with_context(|| format!("cannot make a temporary file in {}", std::env::temp_dir().display()))?;
        Ok(Self { file: BufWriter::new(file), n: 0 })
    }

    pub(super) fn take(&mut self, document: &Document) -> Result<()> {
        let line = jsonl::to_string(document)?;
        self.file.write_all(line.as_bytes()).and_then(|()| self.file.write_all(b"\n")).context(FULL)?;
        self.n += 1;
        Ok(())
    }

    /// The number of documents.
    pub(super) fn len(&self) -> usize {
        self.n
    }

    /// The documents, in order.
    pub(super) fn documents(self) -> Result<impl Iterator<Item = Result<Document>>> {
        let mut file = self.file.into_inner().map_err(std::io::IntoInnerError::into_error).context(FULL)?;
        file.seek(SeekFrom::Start(0))?;
        Ok(BufReader::new(file).lines().map(|line| Ok(jsonl::from_str(&line?)?)))
    }
}

const FULL: &str = "cannot write to a temporary file";
