//! How are documents paired?

use crate::Pool;

/// How [`pair`](super::pair()) matches documents and labels.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct PairingOptions {
    /// Labels to rename on all sides, as pairs of the old and the new name; none by default. The first pair for a label
    /// counts, and a new name is not renamed again.
    pub label_map: Vec<(String, String)>,
    /// The labels to score, by their names after renaming; `None`, the default, scores all.
    pub labels: Option<Vec<String>>,
    /// What to do about a document that one side lacks; [`Missing::Refuse`] by default.
    pub missing: Missing,
    /// How the spans of a prediction are found in the gold's text; [`Alignment::Text`] by default.
    pub alignment: Alignment,
    /// The threads to use; by default a pool of its own.
    pub pool: Pool,
}

impl PairingOptions {
    /// Sets [`label_map`](Self#structfield.label_map), such as `[("PERSON", "PER"), ("GPE", "LOC")]`.
    #[must_use]
    pub fn label_map(mut self, map: impl IntoIterator<Item = (impl Into<String>, impl Into<String>)>) -> Self {
        self.label_map = map.into_iter().map(|(from, to)| (from.into(), to.into())).collect();
        self
    }

    /// Sets [`labels`](Self#structfield.labels), such as `["PER", "LOC"]`.
    #[must_use]
    pub fn labels(mut self, labels: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.labels = Some(labels.into_iter().map(Into::into).collect());
        self
    }

    /// Sets [`missing`](Self#structfield.missing).
    #[must_use]
    pub fn missing(mut self, missing: Missing) -> Self {
        self.missing = missing;
        self
    }

    /// Sets [`alignment`](Self#structfield.alignment).
    #[must_use]
    pub fn alignment(mut self, alignment: Alignment) -> Self {
        self.alignment = alignment;
        self
    }

    /// Sets [`pool`](Self#structfield.pool).
    #[must_use]
    pub fn pool(mut self, pool: Pool) -> Self {
        self.pool = pool;
        self
    }
}

/// What to do about a document that one side lacks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Missing {
    /// Fail.
    #[default]
    Refuse,
    /// Count all gold mentions of a document that the system lacks as missed, and leave out a document that the gold lacks.
    /// The [`Tally`](super::Tally) says how many there were.
    Count,
}

/// How the spans of a prediction are found in the gold's text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Alignment {
    /// Both texts must be equal.
    #[default]
    Text,
    /// Every sentence must have the same number of tokens, which are paired by position even if they differ. The
    /// [`Tally`](super::Tally) says how many differ. Both sides must be tokenised (CoNLL).
    Tokens,
}
