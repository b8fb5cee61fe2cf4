//! Who reviews.

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

/// The name of a reviewer, who has files of their own in the folder of a review: letters, digits, `-` and `_`.
///
/// ```
/// use allonym::review::Annotator;
///
/// let anna: Annotator = "anna".parse()?;
/// assert_eq!(anna.to_string(), "anna");
/// assert!("../anna".parse::<Annotator>().is_err());
/// # Ok::<(), String>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Annotator(String);

/// The name of one who gives none. Their files have no name before theirs.
const UNNAMED: &str = "reviewer";
const JOURNAL: &str = "journal.jsonl";

impl Default for Annotator {
    fn default() -> Self {
        Self(UNNAMED.to_owned())
    }
}

impl FromStr for Annotator {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        let fits = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_');
        match !name.is_empty() && name.chars().count() <= 64 && name.chars().all(fits) {
            true => Ok(Self(name.to_owned())),
            false => Err(format!("expected a name of letters, digits, - and _, found {name:?}")),
        }
    }
}

impl fmt::Display for Annotator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Annotator {
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    /// A file of theirs in a folder: `documents.jsonl`, or `anna.documents.jsonl`.
    pub(super) fn file(&self, folder: &Path, name: &str) -> PathBuf {
        match self.0 == UNNAMED {
            true => folder.join(name),
            false => folder.join(format!("{self}.{name}")),
        }
    }

    pub(super) fn journal(&self, folder: &Path) -> PathBuf {
        self.file(folder, JOURNAL)
    }

    /// All who have a journal in a folder, by name.
    pub(super) fn in_folder(folder: &Path) -> Vec<Self> {
        let entries = std::fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
        let of = |name: &str| match name.strip_suffix(JOURNAL)? {
            "" => Some(Self::default()),
            name => name.strip_suffix('.')?.parse().ok(),
        };
        let mut found: Vec<Self> = entries.filter_map(|entry| of(entry.file_name().to_str()?)).collect();
        found.sort();
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_named_after_their_annotator() {
        let folder = tempfile::tempdir().expect("a folder");
        let anna: Annotator = "anna".parse().expect("a name");
        for one in [&anna, &Annotator::default()] {
            std::fs::write(one.journal(folder.path()), "").expect("a file");
        }
        std::fs::write(folder.path().join("a b.journal.jsonl"), "").expect("a file");
        assert_eq!(Annotator::in_folder(folder.path()), [anna, Annotator::default()]);
        for wrong in ["", ".", "a/b", "a.b", "a b", "é\u{202e}"] {
            assert!(wrong.parse::<Annotator>().is_err(), "{wrong:?}");
        }
    }
}
