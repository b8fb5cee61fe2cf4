//! What is marked in a text, and as what?

use std::fmt;
use std::sync::Arc;

use super::{Fields, Span};

/// The kind of thing that a mention names, such as `PER`; cheap to clone.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Label(Arc<str>);

impl Label {
    /// A label of this name.
    pub fn new(name: &str) -> Self {
        Self(name.into())
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// One stretch of text that names something.
#[derive(Clone, Debug, PartialEq)]
pub struct Mention {
    /// Where it stands in the document's text.
    pub span: Span,
    /// What kind of thing it names.
    pub label: Label,
    /// The probability, from 0 to 1, that exactly this span carries exactly this label; `None` where nobody gave one (gold files).
    pub score: Option<f32>,
    /// The id of the entity that it refers to, where the document has been linked.
    pub entity: Option<String>,
    /// Fields of the input that allonym does not know, carried through unchanged.
    pub extra: Fields,
}

impl Mention {
    /// A mention without score, entity or extra fields.
    pub fn new(span: Span, label: Label) -> Self {
        Self { span, label, score: None, entity: None, extra: Fields::new() }
    }
}
