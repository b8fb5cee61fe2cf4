//! The choices in cutting a text into words and sentences.

use serde::{Deserialize, Serialize};

/// Whether a step is taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Switch {
    /// It is.
    #[default]
    On,
    /// It is not.
    Off,
}

impl Switch {
    pub(super) fn is_on(self) -> bool {
        self == Self::On
    }
}

/// The steps that are taken before a text is cut into words and sentences, and while it is. By default all are. Whatever they do, the
/// text itself stays as it is, and every span points into it.
///
/// ```
/// use allonym::text::{Segmentation, Switch};
///
/// let words = |how: Segmentation| {
///     let text = "US-Iran talks";
///     how.words(text).iter().map(|word| &text[word.span.range()]).collect::<Vec<_>>()
/// };
/// assert_eq!(words(Segmentation::default()), ["US", "-", "Iran", "talks"]);
/// assert_eq!(words(Segmentation::default().compounds(Switch::Off)), ["US-Iran", "talks"]);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct Segmentation {
    /// HTML character references are read as their characters: `AT&amp;T` is "AT&T" (feature `references`, which `files` and `eval` have).
    pub references: Switch,
    /// The `>` of quoted mail at the start of a line is left out, and a line end between two depths of quotation ends a paragraph.
    pub quotations: Switch,
    /// Invisible characters (marks of direction, joiners, soft hyphens) are left out, and other apostrophes are read as `'`.
    pub characters: Switch,
    /// A sentence ends at a full stop without a blank after it: `Geneva.President`. Words are cut at such a colon, too.
    pub glued: Switch,
    /// Words are cut where names meet: `US-Iran`, `Moscow-based`, but not `Ki-moon`.
    pub compounds: Switch,
    /// Marks of emphasis (`_Iran_`), line ends that are written out (`\nIran`) and a party before its state (`R-Texas`) are cut from names.
    pub marks: Switch,
    /// A line goes on with the next one in columns of any width. Off: only in columns of 40 to 100 characters.
    pub columns: Switch,
}

impl Segmentation {
    /// None of the steps.
    pub fn plain() -> Self {
        let off = Switch::Off;
        Self { references: off, quotations: off, characters: off, glued: off, compounds: off, marks: off, columns: off }
    }

    /// Sets [`references`](Self#structfield.references).
    #[must_use]
    pub fn references(self, references: Switch) -> Self {
        Self { references, ..self }
    }

    /// Sets [`quotations`](Self#structfield.quotations).
    #[must_use]
    pub fn quotations(self, quotations: Switch) -> Self {
        Self { quotations, ..self }
    }

    /// Sets [`characters`](Self#structfield.characters).
    #[must_use]
    pub fn characters(self, characters: Switch) -> Self {
        Self { characters, ..self }
    }

    /// Sets [`glued`](Self#structfield.glued).
    #[must_use]
    pub fn glued(self, glued: Switch) -> Self {
        Self { glued, ..self }
    }

    /// Sets [`compounds`](Self#structfield.compounds).
    #[must_use]
    pub fn compounds(self, compounds: Switch) -> Self {
        Self { compounds, ..self }
    }

    /// Sets [`marks`](Self#structfield.marks).
    #[must_use]
    pub fn marks(self, marks: Switch) -> Self {
        Self { marks, ..self }
    }

    /// Sets [`columns`](Self#structfield.columns).
    #[must_use]
    pub fn columns(self, columns: Switch) -> Self {
        Self { columns, ..self }
    }
}
