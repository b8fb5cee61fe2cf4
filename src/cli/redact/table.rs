//! The file of the table.

use std::fs::File;
use std::io::{BufReader, BufWriter};
use std::path::Path;

use anyhow::{Context, Result, bail};

use super::args::Redact;
use crate::io::Staged;
use crate::redact::{Style, Table};

/// A table that is being continued: no other program writes it meanwhile.
pub(super) struct TableFile {
    file: File,
    staged: Staged,
}

impl TableFile {
    /// Opens the file of a table, and reads what it has.
    pub(super) fn open(args: &Redact, path: &Path) -> Result<(Self, Table)> {
        let (file, staged) =
            Staged::private(path).with_context(|| format!("--table: {} cannot be written", path.display()))?;
        let table = match path.exists() && path.metadata()?.is_file() && path.metadata()?.len() > 0 {
            true => read(path)?,
            false => Table::new(args.style.map_or(Style::Numbers, Style::from), args.seed.unwrap_or(1)),
        };
        if let Some(style) = args.style.map(Style::from).filter(|style| *style != table.style()) {
            bail!("--style: expected {:?}, with which {} began, found {style:?}", table.style(), path.display());
        }
        if let Some(seed) = args.seed.filter(|seed| *seed != table.seed()) {
            bail!("--seed: expected {}, with which {} began, found {seed}", table.seed(), path.display());
        }
        Ok((Self { file, staged }, table))
    }

    /// Puts the table, as it is now, into its place.
    pub(super) fn commit(self, table: &Table) -> Result<()> {
        table.write(BufWriter::new(&self.file)).context("--table: it cannot be written")?;
        self.file.sync_all().context("--table: it cannot be written")?;
        self.staged.commit().context("--table: it cannot take its place")
    }
}

/// Reads a table.
pub(super) fn read(path: &Path) -> Result<Table> {
    let file = File::open(path).with_context(|| format!("--table: {} cannot be read", path.display()))?;
    Ok(Table::read(BufReader::new(file), &path.display().to_string())?)
}
