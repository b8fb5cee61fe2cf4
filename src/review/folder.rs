//! The folder of a review.

use std::path::{Path, PathBuf};

use super::error::Error;
use crate::desk::{Annotator, CONSTRAINTS, Pairs, Saved, file_name, options, save};
use crate::io::{Format, Writer};
use crate::text::Document;

const JOURNAL: &str = "journal.jsonl";

/// The journal of an annotator.
pub(super) fn journal(folder: &Path, annotator: &Annotator) -> PathBuf {
    folder.join(annotator.file(JOURNAL))
}

/// Their documents in a format.
pub(super) fn documents(folder: &Path, annotator: &Annotator, format: Format) -> PathBuf {
    folder.join(annotator.file(&file_name(format)))
}

/// Their pairs of names.
pub(super) fn constraints(folder: &Path, annotator: &Annotator) -> PathBuf {
    folder.join(annotator.file(CONSTRAINTS))
}

/// All who have a journal in a folder, by name.
pub(super) fn annotators(folder: &Path) -> Vec<Annotator> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
    let of = |name: &str| match name.strip_suffix(JOURNAL)? {
        "" => Some(Annotator::default()),
        name => name.strip_suffix('.')?.parse().ok(),
    };
    let mut found: Vec<Annotator> = entries.filter_map(|entry| of(entry.file_name().to_str()?)).collect();
    found.sort();
    found
}

/// Writes documents and pairs of names.
pub(super) fn write(
    folder: &Path,
    annotator: &Annotator,
    format: Format,
    all: &[Document],
    pairs: &Pairs,
) -> Result<Saved, Error> {
    let path = documents(folder, annotator, format);
    let saved = save(path.display().to_string(), Writer::create(format, &path, options())?, all)?;
    let path = constraints(folder, annotator);
    let fail = |source| Error::Journal { path: path.display().to_string(), source };
    crate::io::write_whole(&path, &pairs.table().map_err(fail)?).map_err(fail)?;
    Ok(saved)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn annotators_are_found_by_their_journals() {
        let folder = tempfile::tempdir().expect("a folder");
        let anna: Annotator = "anna".parse().expect("a name");
        for one in [&anna, &Annotator::default()] {
            std::fs::write(journal(folder.path(), one), "").expect("a file");
        }
        std::fs::write(folder.path().join("a b.journal.jsonl"), "").expect("a file");
        assert_eq!(annotators(folder.path()), [anna, Annotator::default()]);
    }
}
