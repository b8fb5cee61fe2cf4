//! What is replaced, and by what.

use crate::text::{Entity, Kind, Label, Mention};

/// What is replaced.
///
/// ```
/// use allonym::redact::{Occurrences, RedactOptions};
///
/// let options = RedactOptions::default().labels(["PER", "ORG"]).occurrences(Occurrences::Mentions);
/// assert_eq!(options.labels.len(), 2);
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct RedactOptions {
    /// The labels whose mentions are replaced; a person is one by any of its labels (`PER`, `PERSON`). A mention with another label is
    /// replaced too if its entity has one of these. Default: `PER`.
    pub labels: Vec<String>,
    /// Whether names are replaced where nobody found them, too. Default: [`Occurrences::All`].
    pub occurrences: Occurrences,
    /// What happens to the fields of a document besides its text. Default: [`FieldsKept::None`].
    pub fields: FieldsKept,
}

/// Where the names of a document are replaced.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Occurrences {
    /// In its mentions, and wherever else one of their surfaces stands as a whole word, letter for letter or in capitals: of these a tagger
    /// misses some.
    #[default]
    All,
    /// In its mentions only.
    Mentions,
}

/// Which fields of a document stay as they are.
///
/// The others are redacted if they are text (a string with a blank in it), stay if they have no letters (numbers, dates in figures), and
/// are left out else: an address, a list of authors or a short name can hold a name that no tagger sees.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum FieldsKept {
    /// None.
    #[default]
    None,
    /// Those of these names.
    Named(Vec<String>),
    /// All.
    All,
}

/// What pseudonyms look like.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Style {
    /// `Person 1`, `Organisation 1`, `Place 1`, and `Name 1` for other labels.
    #[default]
    Numbers,
    /// Names that sound like names: a given name with an invented family name, an invented place. The seed of the table decides which.
    Names,
}

impl Default for RedactOptions {
    fn default() -> Self {
        Self { labels: vec!["PER".to_owned()], occurrences: Occurrences::default(), fields: FieldsKept::default() }
    }
}

impl RedactOptions {
    /// Sets [`RedactOptions::labels`].
    #[must_use]
    pub fn labels(self, labels: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self { labels: labels.into_iter().map(Into::into).collect(), ..self }
    }

    /// Sets [`RedactOptions::occurrences`].
    #[must_use]
    pub fn occurrences(self, occurrences: Occurrences) -> Self {
        Self { occurrences, ..self }
    }

    /// Sets [`RedactOptions::fields`].
    #[must_use]
    pub fn fields(self, fields: FieldsKept) -> Self {
        Self { fields, ..self }
    }

    /// Whether a label is one of those that are replaced.
    pub(super) fn has(&self, label: &Label) -> bool {
        self.labels.iter().any(|wanted| {
            let kind = Kind::of(&Label::new(wanted));
            wanted.eq_ignore_ascii_case(label.as_str()) || (kind != Kind::Other && kind == Kind::of(label))
        })
    }

    /// Whether a mention is replaced.
    pub(super) fn takes(&self, mention: &Mention, entity: &Entity) -> bool {
        self.has(&mention.label) || self.has(&entity.label)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_is_meant_by_any_of_its_labels() {
        let options = RedactOptions::default().labels(["per", "Law"]);
        for (label, want) in [("PER", true), ("PERSON", true), ("ORG", false), ("LAW", true), ("MISC", false)] {
            assert_eq!(options.has(&Label::new(label)), want, "{label}");
        }
    }
}
