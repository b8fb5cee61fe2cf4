//! What a document teaches: a tag for each of its words, or none where nothing is known.

use crate::label::{LabelSet, Tag, tag_tokens};
use crate::pipeline::{Plan, Planner};
use crate::text::segment::Joint;
use crate::text::{Document, Span};

/// A document cut into words and pieces, with the tags of its words.
pub(crate) struct Lesson<'d> {
    pub(crate) plan: Plan<'d>,
    /// By number, see [`tags`]; `None` is not learnt from.
    pub(crate) tags: Vec<Option<u16>>,
    /// The mentions that tags cannot express.
    pub(crate) unfit: Unfit,
}

/// Mentions that tags of words cannot express.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Unfit {
    /// They begin or end inside a word, and were widened to it.
    pub(crate) widened: usize,
    /// They overlap with an earlier or longer one, and teach nothing.
    pub(crate) overlapping: usize,
    /// They have no word, and teach nothing.
    pub(crate) outside: usize,
    /// They go on over the end of a line, and are taught as one mention in each line.
    pub(crate) split: usize,
}

/// Whether words outside of all mentions of a document are known to be no names: not where its field `status` is another than
/// `"complete"`.
pub(crate) fn is_complete(document: &Document) -> bool {
    document.extra.get("status").is_none_or(|status| status.as_str() == Some("complete"))
}

/// The tags of a head for these labels, in IOB2.
pub(crate) fn tags(labels: &LabelSet) -> Vec<String> {
    let pairs = labels.iter().flat_map(|label| ["B", "I"].map(|prefix| format!("{prefix}-{label}")));
    std::iter::once("O".to_owned()).chain(pairs).collect()
}

/// The tag that a piece inside a word has after a first piece with this tag.
pub(crate) fn inside(tag: u16) -> u16 {
    // B- tags are odd, and I- follows B-.
    tag + tag % 2
}

impl<'d> Lesson<'d> {
    /// Reads a document. Mentions with other labels are taken as no names.
    pub(crate) fn new(
        planner: &Planner<'_>,
        document: &'d Document,
        labels: &LabelSet,
    ) -> Result<Self, crate::model::Error> {
        let plan = planner.plan(document)?;
        let mut lines: Vec<Vec<Span>> = Vec::new();
        for word in plan.reading.words() {
            let span = plan.reading.source(word.span);
            match lines.last_mut() {
                Some(line) if word.joint != Joint::Line => line.push(span),
                _ => lines.push(vec![span]),
            }
        }
        let known = |mention: &crate::text::Mention| Some((mention.span, labels.id(mention.label.as_str())?));
        let mentions: Vec<_> = document.mentions.iter().filter_map(known).collect();
        let tagging = tag_tokens(&lines, &mentions);
        let complete = is_complete(document);
        let number = |tag: &Tag| match *tag {
            Tag::Begin(label) => Some(1 + 2 * label.0),
            Tag::Inside(label) => Some(2 + 2 * label.0),
            _ => complete.then_some(0),
        };
        let unfit = Unfit {
            widened: tagging.widened,
            overlapping: tagging.overlapping.len(),
            outside: tagging.outside.len(),
            split: tagging.split,
        };
        Ok(Self { plan, tags: tagging.tags.iter().flatten().map(number).collect(), unfit })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_inside_a_word_go_on_with_its_mention() {
        assert_eq!([0, 1, 2, 3, 4].map(inside), [0, 2, 2, 4, 4]);
    }

    #[test]
    fn only_complete_documents_teach_that_a_word_is_no_name() {
        let with = |status: Option<&str>| {
            let mut document = Document::new("a", "Rain");
            if let Some(status) = status {
                document.extra.insert("status".into(), status.into());
            }
            is_complete(&document)
        };
        assert_eq!([None, Some("complete"), Some("open")].map(with), [true, true, false]);
    }
}
