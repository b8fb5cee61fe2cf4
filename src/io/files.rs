//! The files of a command's inputs: all that will be read.

use std::path::PathBuf;

use super::brat::annotations_of;
use super::expand::{expand, paths};
use super::source::Source;
use super::{Error, FilesRead, Notice, ReadOptions};

/// The files of some sources. A brat text comes with its annotations.
pub(crate) fn files(sources: &[Source]) -> Vec<PathBuf> {
    let paths = sources.iter().filter_map(|source| source.location.path());
    paths.flat_map(|path| std::iter::once(path.to_owned()).chain(annotations_of(path))).collect()
}

/// The files that an input stands for, whether or not they can be articles.
///
/// # Errors
/// When the input does not exist, or cannot be listed.
pub(crate) fn files_of(input: &str) -> Result<Vec<PathBuf>, Error> {
    let options = ReadOptions::default().files(FilesRead::All);
    Ok(files(&expand(&paths([input]), &options, &mut Vec::<Notice>::new())?))
}
