//! How far do two annotators agree?

use std::collections::BTreeMap;

use rayon::prelude::*;
use serde::Serialize;

use super::strict::{boundary_counts, strict_counts};
use super::{Corpus, Counts, Item, Paired, Side};
use crate::label::{LabelId, Tag, tag_tokens};

/// The agreement of two annotators: the gold side is the first, system 0 the second.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Agreement {
    /// Mentions of the second annotator (`predicted`), of the first (`gold`), and of both with the same span and label
    /// (`correct`).
    pub strict: Counts,
    /// Their F1, from 0 to 1, which does not depend on who comes first.
    pub strict_f1: Option<f64>,
    /// The same for spans alone, whatever their labels.
    pub boundary: Counts,
    /// Their F1, from 0 to 1.
    pub boundary_f1: Option<f64>,
    /// Agreement on the tags of all words.
    pub all_words: WordAgreement,
    /// Agreement on the tags of the words that at least one annotator put in a mention.
    pub annotated_words: WordAgreement,
    /// Mentions of either annotator that tags cannot express, because they share a word with an earlier or a longer one or
    /// cover no word. The word figures leave them out.
    pub untagged_mentions: u64,
}

/// Agreement on the tags of words.
///
/// The categories are IOB2 tags, so that two adjacent names differ from one long name. Chance agreement is computed from
/// the words compared.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct WordAgreement {
    /// The number of words compared.
    pub words: u64,
    /// How many have the same tag from both annotators.
    pub agreed: u64,
    /// Agreed over words, from 0 to 1.
    pub observed: Option<f64>,
    /// Cohen's kappa (Cohen 1960), at most 1: (observed − expected) / (1 − expected), where the expected agreement follows
    /// from each annotator's own distribution of tags. `None` if there are no words, or just one tag.
    pub cohen_kappa: Option<f64>,
    /// Krippendorff's alpha for nominal data (Krippendorff 2011), at most 1: 1 − observed / expected disagreement, where the
    /// expected disagreement follows from both annotators' tags together. `None` if there are no words, or just one tag.
    pub krippendorff_alpha: Option<f64>,
}

/// Compares the gold mentions with those of the first system. It runs on the rayon pool that it is called in.
///
/// ```
/// use allonym::eval::{Input, PairingOptions, agreement, pair};
/// use allonym::{Document, Label, Mention, Span};
///
/// let document = |label| {
///     let mention = |start, end, label| Mention::new(Span::new(start, end), Label::new(label));
///     let mentions = vec![mention(0, 3, "PER"), mention(8, 12, label)];
///     Document { mentions, ..Document::new("a", "Ann saw Bonn again") }
/// };
/// let second = Input::new("second", vec![document("ORG")]);
/// let pairing = pair(Input::new("first", vec![document("LOC")]), vec![second], &PairingOptions::default())?;
/// let agreement = agreement(&pairing.corpus);
/// assert_eq!((agreement.strict_f1, agreement.boundary_f1), (Some(0.5), Some(1.0)));
/// assert_eq!((agreement.all_words.agreed, agreement.all_words.words), (3, 4));
/// # Ok::<(), allonym::eval::PairingError>(())
/// ```
///
/// # Panics
/// If the corpus has no system.
pub fn agreement(corpus: &Corpus) -> Agreement {
    let documents: Vec<InDocument> = corpus.documents.par_iter().map(InDocument::new).collect();
    let mut total = InDocument::default();
    for document in documents {
        total.strict += document.strict;
        total.boundary += document.boundary;
        total.untagged += document.untagged;
        for (pair, count) in document.pairs {
            *total.pairs.entry(pair).or_default() += count;
        }
    }
    let all_words = WordAgreement::new(&total.pairs);
    total.pairs.remove(&(OUTSIDE, OUTSIDE));
    Agreement {
        strict: total.strict,
        strict_f1: total.strict.f1(),
        boundary: total.boundary,
        boundary_f1: total.boundary.f1(),
        all_words,
        annotated_words: WordAgreement::new(&total.pairs),
        untagged_mentions: total.untagged,
    }
}

/// How often the annotators gave each pair of categories.
type Pairs = BTreeMap<(u32, u32), u64>;

const OUTSIDE: u32 = 0;

fn category(tag: Tag) -> u32 {
    let of = |label: LabelId| 2 * u32::from(label.0);
    match tag {
        Tag::Outside => OUTSIDE,
        Tag::Begin(label) | Tag::Single(label) => of(label) + 1,
        Tag::Inside(label) | Tag::End(label) => of(label) + 2,
    }
}

#[derive(Default)]
struct InDocument {
    strict: Counts,
    boundary: Counts,
    pairs: Pairs,
    untagged: u64,
}

impl InDocument {
    fn new(document: &Paired) -> Self {
        let (one, other) = (document.items(Side::Gold), document.items(Side::System(0)));
        let words = document.words();
        let keys = |items: &[Item]| items.iter().map(Item::key).collect::<Vec<_>>();
        let (one_tags, other_tags) = (tag_tokens(&words, &keys(one)), tag_tokens(&words, &keys(other)));
        let mut pairs = Pairs::new();
        for (a, b) in one_tags.tags.iter().flatten().zip(other_tags.tags.iter().flatten()) {
            *pairs.entry((category(*a), category(*b))).or_default() += 1;
        }
        let untagged = [&one_tags, &other_tags].map(|tagging| tagging.overlapping.len() + tagging.outside.len());
        Self {
            strict: strict_counts(one, other),
            boundary: boundary_counts(one, other),
            pairs,
            untagged: untagged.iter().sum::<usize>() as u64,
        }
    }
}

impl WordAgreement {
    fn new(pairs: &Pairs) -> Self {
        let words: u64 = pairs.values().sum();
        let agreed = pairs.iter().filter(|((one, other), _)| one == other).map(|(_, count)| count).sum();
        // How often each annotator gave each category.
        let mut shares: BTreeMap<u32, (u64, u64)> = BTreeMap::new();
        for (&(one, other), &count) in pairs {
            shares.entry(one).or_default().0 += count;
            shares.entry(other).or_default().1 += count;
        }
        let (n, agreed_part) = (words as f64, agreed as f64);
        let one_tag = shares.len() < 2;
        let defined = |value: f64| (!one_tag).then_some(value);
        let expected: f64 = shares.values().map(|&(one, other)| one as f64 / n * (other as f64 / n)).sum();
        let alike: f64 = shares.values().map(|&(one, other)| (one + other) as f64 * ((one + other) as f64 - 1.0)).sum();
        let disagreement = 1.0 - alike / (2.0 * n * (2.0 * n - 1.0));
        Self {
            words,
            agreed,
            observed: (words > 0).then(|| agreed_part / n),
            cohen_kappa: defined((agreed_part / n - expected) / (1.0 - expected)),
            krippendorff_alpha: defined(1.0 - (1.0 - agreed_part / n) / disagreement),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::fixture::{Row, corpus, paired};

    fn pairs(rows: &[(u32, u32, u64)]) -> Pairs {
        rows.iter().map(|&(one, other, count)| ((one, other), count)).collect()
    }

    fn of_letters(one: &str, other: &str) -> WordAgreement {
        let mut counts = Pairs::new();
        for pair in one.chars().map(u32::from).zip(other.chars().map(u32::from)) {
            *counts.entry(pair).or_default() += 1;
        }
        WordAgreement::new(&counts)
    }

    fn rounded(value: Option<f64>) -> String {
        value.map_or("none".into(), |value| format!("{value:.3}"))
    }

    #[test]
    fn kappa_of_the_textbook() {
        // 50 proposals: both yes 20, yes and no 5, no and yes 10, both no 15: observed 0.7, expected 0.5.
        let got = WordAgreement::new(&pairs(&[(1, 1, 20), (1, 2, 5), (2, 1, 10), (2, 2, 15)]));
        assert_eq!((got.words, got.agreed), (50, 35));
        assert_eq!((rounded(got.observed), rounded(got.cohen_kappa)), ("0.700".into(), "0.400".into()));
        // The same observed agreement with other shares: 60 and 60 of 100 each; 70 and 30, 50 and 50.
        let got = WordAgreement::new(&pairs(&[(1, 1, 45), (1, 2, 15), (2, 1, 25), (2, 2, 15)]));
        assert_eq!(rounded(got.cohen_kappa), "0.130");
        let got = WordAgreement::new(&pairs(&[(1, 1, 25), (1, 2, 35), (2, 1, 5), (2, 2, 35)]));
        assert_eq!(rounded(got.cohen_kappa), "0.259");
    }

    #[test]
    fn alpha_of_the_textbook() {
        // Krippendorff 2011, examples A (binary) and B (nominal).
        let got = of_letters("0100000010", "1110010000");
        assert_eq!(rounded(got.krippendorff_alpha), "0.095");
        let got = of_letters("aabbdcccedda", "babbbccceddd");
        assert_eq!(rounded(got.krippendorff_alpha), "0.692");
    }

    #[test]
    fn chance_alone_is_undefined() {
        let nothing = WordAgreement::new(&Pairs::new());
        assert_eq!((nothing.observed, nothing.cohen_kappa, nothing.krippendorff_alpha), (None, None, None));
        let one = WordAgreement::new(&pairs(&[(1, 1, 5)]));
        assert_eq!((one.observed, one.cohen_kappa, one.krippendorff_alpha), (Some(1.0), None, None));
        let apart = WordAgreement::new(&pairs(&[(0, 1, 5)]));
        assert_eq!((apart.observed, apart.cohen_kappa), (Some(0.0), Some(0.0)));
    }

    #[test]
    fn mentions_and_words_of_a_document() {
        let row = |start: usize, end: usize, label: u16| -> Row { (start, end, label, None) };
        // "Ann Lee" PER by both; "Bonn" LOC and ORG; "Times" only by the second, who also nests "Lee".
        let gold = [row(0, 7, 0), row(11, 15, 2)];
        let second = [row(0, 7, 0), row(4, 7, 0), row(11, 15, 1), row(16, 21, 1)];
        let got = agreement(&corpus(vec![paired("Ann Lee of Bonn Times", &gold, &second)]));
        assert_eq!(got.strict, Counts { correct: 1, predicted: 4, gold: 2 });
        assert_eq!(got.boundary, Counts { correct: 2, predicted: 4, gold: 2 });
        assert_eq!((rounded(got.strict_f1), rounded(got.boundary_f1)), ("0.333".into(), "0.667".into()));
        assert_eq!(got.untagged_mentions, 1);
        // B-PER I-PER O B-LOC O against B-PER I-PER O B-ORG B-ORG: 3 of 5; expected (1 + 1 + 2 · 1) / 25 = 0.16.
        assert_eq!((got.all_words.words, got.all_words.agreed), (5, 3));
        assert_eq!(rounded(got.all_words.cohen_kappa), "0.524");
        // Without the word that is outside for both: 2 of 4; expected (1 + 1) / 16.
        assert_eq!((got.annotated_words.words, got.annotated_words.agreed), (4, 2));
        assert_eq!(rounded(got.annotated_words.cohen_kappa), "0.429");
        // Eight tags: twice B-PER, I-PER and B-ORG, once B-LOC and O: expected disagreement 1 - 6/56, observed 1/2.
        assert_eq!(rounded(got.annotated_words.krippendorff_alpha), "0.440");
    }

    #[test]
    fn adjacent_names_are_not_one_name() {
        let one = [(0, 7, 0, None)];
        let two = [(0, 3, 0, None), (4, 7, 0, None)];
        let got = agreement(&corpus(vec![paired("Ann Lee", &one, &two)]));
        assert_eq!((got.all_words.words, got.all_words.agreed), (2, 1));
    }
}
