//! Archives of the command line.

use std::path::Path;

use anyhow::Result;

use crate::archive::{Access, Archive, ArchiveOptions};

pub(super) fn read(path: &Path) -> Result<Archive> {
    Ok(Archive::open(path, ArchiveOptions::default().access(Access::Read))?)
}

pub(super) fn write(path: &Path, as_of: Option<&String>) -> Result<Archive> {
    Ok(Archive::open(path, ArchiveOptions::default().access(Access::Write).as_of(as_of.cloned()))?)
}
