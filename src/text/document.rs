//! Documents, from the first byte read to the last one written.

use super::{Entity, Fields, Layout, Mention};

/// A text with its mentions and entities.
///
/// Serialised (`serde_json`), it has the form of a line of JSONL: see [`io::jsonl`](crate::io::jsonl).
///
/// ```
/// use allonym::text::{Document, Label, Mention, Span};
///
/// let mut document = Document::new("a", "Rain in Beirut");
/// document.mentions.push(Mention::new(Span::new(8, 14), Label::new("LOC")));
/// assert_eq!(document.mentions[0].span.slice(&document.text), Some("Beirut"));
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Document {
    /// The name of the document in input and output; it need not be unique.
    pub id: String,
    /// The text, never edited: every span of the document is a byte range of it.
    pub text: String,
    /// The mentions. Those that allonym finds are in the order of their spans and do not overlap.
    pub mentions: Vec<Mention>,
    /// The entities that the mentions refer to by their ids, in the order of their first mention. Empty before the document is linked.
    pub entities: Vec<Entity>,
    /// The lines that the text was put together from, if the input was tokenised (CoNLL).
    pub layout: Option<Layout>,
    /// Fields of the input that allonym does not know, kept as they are and in their order. A field `entities` that is not a list of
    /// entities (spaCy's is one of triples) is such a field too.
    pub extra: Fields,
}

impl Document {
    /// A document without mentions, entities, layout and extra fields.
    pub fn new(id: impl Into<String>, text: impl Into<String>) -> Self {
        Self { id: id.into(), text: text.into(), ..Self::default() }
    }

    /// About how much memory the document takes, in bytes: its text, its mentions and all fields that it carries.
    pub(crate) fn weight(&self) -> usize {
        let fields = |extra: &Fields| extra.iter().map(|(name, value)| name.len() + value.get().len()).sum::<usize>();
        let mentions = self.mentions.iter().map(|mention| size_of::<Mention>() + fields(&mention.extra));
        let entities = self.entities.iter().map(|entity| 4 * size_of::<Entity>() + fields(&entity.extra));
        let lines = self.layout.as_ref().map_or(0, |layout| 2 * layout.lines.len() * size_of::<crate::text::Line>());
        self.text.len() + fields(&self.extra) + mentions.sum::<usize>() + entities.sum::<usize>() + lines
    }
}
