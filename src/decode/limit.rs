//! Limits: what is known of a word before its line is decoded.

use ndarray::ArrayViewMut1;

use crate::label::{LabelId, Tag, TagSet};
use crate::text::Kind;

/// What a word can be, whatever the model thinks of it.
///
/// A limit for a kind that the head has no label for changes nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Limit {
    /// In no mention.
    Outside,
    /// In a mention of this kind, or in none.
    Only(Kind),
    /// The first word of a mention of this kind, by a rule that is right as often as [`SURE`] says.
    Begins(Kind),
    /// A further word of the mention of this kind that the word before it is in, by such a rule.
    GoesOn(Kind),
}

/// How often a rule that says what a word is is right. A mention that it makes is at least, and hardly ever more than, as probable.
const SURE: f64 = 0.95;

/// What takes a tag off every path that has another one. Finite, so that there always is a path.
const BARRED: f32 = -1e6;

/// Bars tags of one word.
pub(super) fn limit(tag_set: &TagSet, temperature: f64, mut logits: ArrayViewMut1<'_, f32>, limit: Limit) {
    let tags = tag_set.tags();
    let of_kind = |label: LabelId, kind: Kind| Kind::of(tag_set.labels().label(label)) == kind;
    let begins = |tag: Tag, kind: Kind| match tag {
        Tag::Begin(label) | Tag::Single(label) => of_kind(label, kind),
        Tag::Inside(label) => of_kind(label, kind) && !tags.contains(&Tag::Begin(label)),
        Tag::Outside | Tag::End(_) => false,
    };
    let goes_on = |tag: Tag, kind: Kind| matches!(tag, Tag::Inside(label) | Tag::End(label) if of_kind(label, kind));
    let fits = |tag: Tag| match limit {
        Limit::Outside => tag == Tag::Outside,
        Limit::Only(kind) => tag == Tag::Outside || tag.label().is_some_and(|label| of_kind(label, kind)),
        Limit::Begins(kind) => begins(tag, kind),
        Limit::GoesOn(kind) => goes_on(tag, kind),
    };
    if !tags.iter().any(|&tag| fits(tag)) {
        return;
    }
    let kept = || tags.iter().zip(logits.iter()).filter(|(tag, _)| fits(**tag)).map(|(_, &x)| f64::from(x));
    let top = kept().fold(f64::NEG_INFINITY, f64::max);
    let weight: f64 = kept().map(|x| ((x - top) / temperature).exp()).sum();
    let doubt = (top + temperature * (weight.ln() - (SURE / (1.0 - SURE)).ln())) as f32;
    for (&tag, logit) in tags.iter().zip(logits.iter_mut()).filter(|(tag, _)| !fits(**tag)) {
        *logit = match (limit, tag) {
            (Limit::Begins(_) | Limit::GoesOn(_), Tag::Outside) => logit.min(doubt),
            _ => BARRED,
        };
    }
}

/// Lets a word begin a mention as readily as the model would have it go on with one, which ended at the word before by a rule.
pub(super) fn begin(tag_set: &TagSet, temperature: f64, mut logits: ArrayViewMut1<'_, f32>) {
    let tags = tag_set.tags();
    for (at, &tag) in tags.iter().enumerate() {
        let goes_on = |other: Tag| match tag {
            Tag::Begin(label) => other == Tag::Inside(label),
            Tag::Single(label) => other == Tag::End(label),
            _ => false,
        };
        let Some(inner) = tags.iter().position(|&other| goes_on(other)) else { continue };
        let (own, other) = (f64::from(logits[at]), f64::from(logits[inner]));
        let top = own.max(other);
        let weight = ((own - top) / temperature).exp() + ((other - top) / temperature).exp();
        logits[at] = (top + temperature * weight.ln()) as f32;
    }
}

#[cfg(test)]
mod tests {
    use ndarray::Array1;

    use super::*;

    const TAGS: &[&str] = &["O", "B-PER", "I-PER", "B-LOC", "I-LOC"];

    /// The tags that are left to a word of these logits, and the probability of `O`.
    fn left(tags: &[&str], logits: &[f32], of_word: Limit) -> (Vec<usize>, f64) {
        let tag_set = TagSet::parse(tags).expect("a tag set");
        let mut logits = Array1::from_vec(logits.to_vec());
        limit(&tag_set, 1.0, logits.view_mut(), of_word);
        let sum: f64 = logits.iter().map(|&x| f64::from(x).exp()).sum();
        let left = (0..tags.len()).filter(|&tag| logits[tag] > BARRED).collect();
        (left, f64::from(logits[0]).exp() / sum)
    }

    #[test]
    fn a_limit_leaves_some_tags() {
        let logits = [4.0, 1.0, 0.0, 2.0, 0.0];
        for (limit, want) in [
            (Limit::Outside, vec![0]),
            (Limit::Only(Kind::Place), vec![0, 3, 4]),
            (Limit::Begins(Kind::Person), vec![0, 1]),
            (Limit::GoesOn(Kind::Person), vec![0, 2]),
            (Limit::Begins(Kind::Organisation), vec![0, 1, 2, 3, 4]),
        ] {
            assert_eq!(left(TAGS, &logits, limit).0, want, "{limit:?}");
        }
        assert_eq!(left(&["O", "PER"], &[1.0, 2.0], Limit::Begins(Kind::Person)).0, [0, 1], "without prefixes");
        assert_eq!(left(&["PER", "LOC"], &[1.0, 2.0], Limit::Outside).0, [0, 1], "no tag fits");
    }

    #[test]
    fn a_rule_is_no_surer_than_it_is_right() {
        let doubtful = left(TAGS, &[9.0, 0.0, 0.0, 0.0, 0.0], Limit::Begins(Kind::Person)).1;
        assert!((doubtful - (1.0 - SURE)).abs() < 1e-4, "{doubtful}");
        let sure = left(TAGS, &[0.0, 9.0, 0.0, 0.0, 0.0], Limit::Begins(Kind::Person)).1;
        assert!(sure < 1e-3, "the model's own certainty stays: {sure}");
    }

    #[test]
    fn what_would_go_on_begins() {
        let tag_set = TagSet::parse(TAGS).expect("a tag set");
        let mut logits = ndarray::arr1(&[1.0, 0.0, 5.0, 0.0, -5.0]);
        begin(&tag_set, 1.0, logits.view_mut());
        assert!((logits[1] - 5.0067).abs() < 1e-3 && (logits[3] - 0.0067).abs() < 1e-3, "{logits}");
        assert_eq!([logits[0], logits[2], logits[4]], [1.0, 5.0, -5.0]);
    }
}
