//! The inputs of a command, found but not yet opened.

use std::path::{Path, PathBuf};

#[cfg(all(feature = "arrow", feature = "cli"))]
use super::Error;
#[cfg(all(feature = "arrow", feature = "cli"))]
use super::compress::decompress;
#[cfg(feature = "files")]
use super::spool::Spool;

/// One input.
#[derive(Clone, Debug)]
pub(crate) struct Source {
    pub(crate) location: Location,
    /// What errors call it.
    pub(crate) place: String,
    /// The path below the folder that was given, or the file name; without `.gz` and `.zst`.
    pub(crate) id: String,
    pub(crate) origin: Origin,
    /// Its size in bytes, where that is known.
    pub(crate) bytes: Option<u64>,
}

/// Where an input is.
#[derive(Clone, Debug)]
pub(crate) enum Location {
    /// The standard input, or a stream of the caller.
    Stream,
    File(PathBuf),
    /// A copy of what can be read only once.
    #[cfg(feature = "files")]
    Spool(Spool),
    /// What cannot be read, and why: it keeps its place among the others.
    #[cfg(feature = "files")]
    Unread(std::sync::Arc<str>),
}

impl Location {
    pub(crate) fn path(&self) -> Option<&Path> {
        match self {
            Self::File(path) => Some(path),
            _ => None,
        }
    }
}

/// How an input came to be one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// The user named it.
    Named,
    /// It was found in a folder or by a pattern.
    #[cfg(feature = "files")]
    Found,
}

impl Source {
    /// What was found and cannot be read.
    #[cfg(feature = "files")]
    pub(crate) fn unread(place: String, reason: &str) -> Self {
        let location = Location::Unread(reason.into());
        Self { location, id: String::new(), place, origin: Origin::Found, bytes: Some(0) }
    }

    /// Opens it, decompressed.
    #[cfg(all(feature = "arrow", feature = "cli"))]
    pub(crate) fn open(&self) -> Result<Box<dyn std::io::BufRead + Send>, Error> {
        let failed = |error| Error::read(&self.place, error);
        let opened = match &self.location {
            Location::Stream => decompress(std::io::stdin()),
            Location::File(path) => std::fs::File::open(path).and_then(decompress),
            Location::Spool(spool) => decompress(spool.reader()),
            Location::Unread(reason) => Err(std::io::Error::other(reason.to_string())),
        };
        opened.map_err(failed)
    }

    /// The standard input.
    pub(crate) fn stdin() -> Self {
        Self {
            location: Location::Stream,
            place: "<stdin>".to_owned(),
            id: "stdin".to_owned(),
            origin: Origin::Named,
            bytes: None,
        }
    }
}

/// Whether a file is one of the sources, under whatever name.
pub(crate) fn include(sources: &[Source], path: &Path) -> bool {
    let Ok(path) = path.canonicalize() else { return false };
    let files = sources.iter().filter_map(|source| source.location.path());
    files.into_iter().any(|file| file.canonicalize().is_ok_and(|file| file == path))
}
