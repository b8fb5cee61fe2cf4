//! Who reviews.

use std::fmt;
use std::str::FromStr;

/// The name of a reviewer, who has files of their own in the folder of a review: letters, digits, `-` and `_`.
///
/// ```
/// use allonym::desk::Annotator;
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
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// Their file of this name: `documents.jsonl`, or `anna.documents.jsonl`.
    pub(crate) fn file(&self, name: &str) -> String {
        match self.0 == UNNAMED {
            true => name.to_owned(),
            false => format!("{self}.{name}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_can_be_part_of_that_of_a_file() {
        let anna: Annotator = "anna".parse().expect("a name");
        assert_eq!(anna.file("journal.jsonl"), "anna.journal.jsonl");
        assert_eq!(Annotator::default().file("journal.jsonl"), "journal.jsonl");
        for wrong in ["", ".", "a/b", "a.b", "a b", "é\u{202e}"] {
            assert!(wrong.parse::<Annotator>().is_err(), "{wrong:?}");
        }
    }
}
