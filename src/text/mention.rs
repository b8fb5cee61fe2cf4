//! Mentions: what is marked in a text, and as what.

use std::fmt;
use std::sync::Arc;

use super::{Fields, Span};

/// The kind of thing that a mention names, such as `PER`. Cheap to clone.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Label(Arc<str>);

impl Label {
    /// The label of this name. It should not be empty: no format can write a mention whose label is.
    pub fn new(name: &str) -> Self {
        Self(name.into())
    }

    /// The name of the label.
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

/// A stretch of text that names something.
///
/// ```
/// use allonym::text::{Label, Mention, Span};
///
/// let text = "Rain in Beirut";
/// let mention = Mention { score: Some(0.98), ..Mention::new(Span::new(8, 14), Label::new("LOC")) };
/// assert_eq!((&text[mention.span.range()], mention.label.as_str()), ("Beirut", "LOC"));
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Mention {
    /// Its place in the document's text.
    pub span: Span,
    /// The kind of thing it names.
    pub label: Label,
    /// The probability, from 0 to 1, that this span has this label; `None` if the source has none (gold annotation).
    pub score: Option<f32>,
    /// The [`Entity::id`](super::Entity::id) of the entity that it refers to; `None` before the document is linked.
    pub entity: Option<String>,
    /// Fields of the input that allonym does not know, kept as they are.
    pub extra: Fields,
}

impl Mention {
    /// A mention without score, entity and extra fields.
    pub fn new(span: Span, label: Label) -> Self {
        Self { span, label, score: None, entity: None, extra: Fields::new() }
    }
}
