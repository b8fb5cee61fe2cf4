//! Which text file belongs to which annotation file?

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use crate::io::format::uncompressed_name;
use crate::io::source::Source;

/// Leaves out the annotation files whose text files are inputs too: they are read together.
pub(crate) fn join_pairs(sources: &mut Vec<Source>) {
    let text_of = |path: &Path, suffix| with_suffix(path, suffix).map(|stem| stem.with_added_extension("txt"));
    let paths = || sources.iter().filter_map(|source| source.location.path());
    let texts: HashSet<PathBuf> = paths().filter_map(|path| text_of(path, ".txt")).collect();
    sources.retain(|source| {
        let text = source.location.path().and_then(|path| text_of(path, ".ann"));
        text.is_none_or(|text| !texts.contains(&text))
    });
}

/// The annotation file beside a brat text; `None` where `path` is not such a text.
pub(crate) fn annotations_of(path: &Path) -> Option<PathBuf> {
    existing(&with_suffix(path, ".txt")?.with_added_extension("ann"))
}

/// What is beside a brat text under the name of its annotation file and is no file, such as a folder or a pipe.
pub(crate) fn no_annotations(path: &Path) -> Option<PathBuf> {
    let beside = with_suffix(path, ".txt")?.with_added_extension("ann");
    (beside.exists() && annotations_of(path).is_none()).then_some(beside)
}

/// Whether a folder has texts or annotations already.
#[cfg(feature = "cli")]
pub(crate) fn has_annotations(folder: &Path) -> bool {
    let Ok(entries) = folder.read_dir() else { return false };
    entries.flatten().any(|entry| [".ann", ".txt"].iter().any(|end| with_suffix(&entry.path(), end).is_some()))
}

/// The path without `suffix` (and `.gz` or `.zst`, if it ends in one); `None` if it does not end in `suffix`.
pub(super) fn with_suffix(path: &Path, suffix: &str) -> Option<PathBuf> {
    let name = path.file_name()?.to_str()?;
    Some(path.with_file_name(uncompressed_name(name).strip_suffix(suffix)?))
}

/// The file of this path, or the same with `.gz` or `.zst`, whichever exists.
pub(super) fn existing(path: &Path) -> Option<PathBuf> {
    let candidates = [path.to_owned(), path.with_added_extension("gz"), path.with_added_extension("zst")];
    candidates.into_iter().find(|path| path.is_file())
}
