//! Precision and recall by properties of mentions.

use std::collections::BTreeMap;

use rayon::prelude::*;
use serde::Serialize;

use super::training::TrainingNames;
use crate::eval::counts::ratio;
use crate::eval::strict::strict;
use crate::eval::{Corpus, Item, Paired, Side};
use crate::text::Span;

/// A property of mentions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum BucketBy {
    /// How many words the mention covers: 1 (or none), 2, 3, 4 or more.
    Length,
    /// The case of the sentence in which the mention begins. In `lower` there are no capitals, in `upper` there is nothing
    /// else. In `title` there are two words or more with at least four letters, all of which begin with a capital. `mixed`
    /// is everything else, and `uncased` has no cased letter.
    Casing,
    /// The quarter of the document, in bytes, in which the mention begins.
    Position,
    /// Whether training had the surface: with the same label, only with other labels, only in another case, or not at all.
    Seen,
    /// Whether training had the surface with several labels, with one, or not at all.
    Ambiguity,
    /// Whether the mention's first word occurs fewer than five times in the training text.
    FirstWord,
    /// The decile of the prediction's score, lowest first; ties stay together. Only for predictions with a score.
    Score,
}

impl BucketBy {
    /// A first word with fewer occurrences is rare.
    const RARE: u64 = 5;

    /// The name, as in reports and JSON.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Length => "length",
            Self::Casing => "casing",
            Self::Position => "position",
            Self::Seen => "seen",
            Self::Ambiguity => "ambiguity",
            Self::FirstWord => "first_word",
            Self::Score => "score",
        }
    }

    fn names(self) -> &'static [&'static str] {
        match self {
            Self::Length => &["1", "2", "3", "4+"],
            Self::Casing => &["lower", "upper", "title", "mixed", "uncased"],
            Self::Position => &["first", "second", "third", "fourth"],
            Self::Seen => &["same_label", "other_label", "other_case", "unseen"],
            Self::Ambiguity => &["ambiguous", "one_label", "unseen"],
            Self::FirstWord => &["rare", "common"],
            Self::Score => &[],
        }
    }
}

/// The mentions with one value of a property. Recall is over the gold mentions that have it, precision over the
/// predictions.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Bucket {
    /// The value: one of the names of [`BucketBy`], or the lowest and the highest score.
    pub(crate) name: String,
    /// Gold mentions that were predicted.
    pub(crate) recalled: u64,
    /// Gold mentions.
    pub(crate) gold: u64,
    /// Predictions that are in the gold.
    pub(crate) correct: u64,
    /// Predictions.
    pub(crate) predicted: u64,
    /// Recalled over gold, from 0 to 1; `None` if there is no gold. Gold mentions have no score.
    pub(crate) recall: Option<f64>,
    /// Correct over predicted, from 0 to 1; `None` if nothing was predicted.
    pub(crate) precision: Option<f64>,
}

impl Bucket {
    fn new(name: String, counts: BucketCounts) -> Self {
        let BucketCounts { recalled, gold, correct, predicted } = counts;
        let (recall, precision) = (ratio(recalled, gold), ratio(correct, predicted));
        Self { name, recalled, gold, correct, predicted, recall, precision }
    }
}

/// All mentions by one property.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Bucketing {
    pub(crate) by: BucketBy,
    /// The buckets in a fixed order, including empty ones.
    pub(crate) buckets: Vec<Bucket>,
}

#[derive(Clone, Copy, Default)]
struct BucketCounts {
    recalled: u64,
    gold: u64,
    correct: u64,
    predicted: u64,
}

/// Strict precision and recall by properties of mentions.
///
/// Properties that need training documents are left out without them, and scores if no prediction has one.
pub(crate) fn buckets(corpus: &Corpus, system: usize, training: Option<&TrainingNames>) -> Vec<Bucketing> {
    let mut kinds = vec![BucketBy::Length, BucketBy::Casing, BucketBy::Position];
    if training.is_some() {
        kinds.extend([BucketBy::Seen, BucketBy::Ambiguity, BucketBy::FirstWord]);
    }
    let empty = || Sums {
        counts: kinds.iter().map(|kind| vec![BucketCounts::default(); kind.names().len()]).collect(),
        scored: Vec::new(),
    };
    let add = |mut sums: Sums, document: &Paired| {
        sums.add(&View::new(corpus, document, training), &kinds, system);
        sums
    };
    let sums = corpus.documents.par_iter().fold(empty, add).reduce(empty, Sums::join);
    let named = |(by, counts): (BucketBy, Vec<BucketCounts>)| {
        let names = by.names().iter().map(|&name| name.to_owned());
        Bucketing { by, buckets: names.zip(counts).map(|(name, counts)| Bucket::new(name, counts)).collect() }
    };
    let mut bucketings: Vec<Bucketing> = kinds.iter().copied().zip(sums.counts).map(named).collect();
    if !sums.scored.is_empty() {
        bucketings.push(Bucketing { by: BucketBy::Score, buckets: deciles(sums.scored) });
    }
    bucketings
}

struct Sums {
    /// By property, then by its values.
    counts: Vec<Vec<BucketCounts>>,
    /// The score of each prediction that has one, and whether it is right.
    scored: Vec<(f32, bool)>,
}

impl Sums {
    fn add(&mut self, view: &View<'_>, kinds: &[BucketBy], system: usize) {
        let (gold, predicted) = (view.document.items(Side::Gold), view.document.items(Side::System(system)));
        let found = strict(gold, predicted);
        for (item, right) in gold.iter().zip(found.gold) {
            for (counts, bucket) in self.counts.iter_mut().zip(view.buckets(item, kinds)) {
                counts[bucket].gold += 1;
                counts[bucket].recalled += u64::from(right);
            }
        }
        for (item, right) in predicted.iter().zip(found.predicted) {
            for (counts, bucket) in self.counts.iter_mut().zip(view.buckets(item, kinds)) {
                counts[bucket].predicted += 1;
                counts[bucket].correct += u64::from(right);
            }
            self.scored.extend(item.score.filter(|score| !score.is_nan()).map(|score| (score, right)));
        }
    }

    fn join(mut self, mut other: Self) -> Self {
        for (one, more) in self.counts.iter_mut().flatten().zip(other.counts.iter().flatten()) {
            one.recalled += more.recalled;
            one.gold += more.gold;
            one.correct += more.correct;
            one.predicted += more.predicted;
        }
        self.scored.append(&mut other.scored);
        self
    }
}

/// A document with what the buckets of its mentions depend on.
struct View<'c> {
    corpus: &'c Corpus,
    document: &'c Paired,
    training: Option<&'c TrainingNames>,
    /// The words with the index of their sentence.
    words: Vec<(Span, usize)>,
    /// The index of every sentence's case in the names of [`BucketBy::Casing`].
    casing: Vec<usize>,
}

impl<'c> View<'c> {
    fn new(corpus: &'c Corpus, document: &'c Paired, training: Option<&'c TrainingNames>) -> Self {
        let sentences = document.words();
        let casing = sentences.iter().map(|words| casing(&document.text, words)).collect();
        let words =
            sentences.iter().enumerate().flat_map(|(index, words)| words.iter().map(move |&word| (word, index)));
        Self { corpus, document, training, words: words.collect(), casing }
    }

    /// The bucket of a mention by each property.
    fn buckets<'v>(&'v self, item: &'v Item, kinds: &'v [BucketBy]) -> impl Iterator<Item = usize> + 'v {
        let first = self.words.partition_point(|word| word.0.end() <= item.span.start());
        kinds.iter().map(move |kind| self.bucket(item, first, *kind))
    }

    /// The bucket of a mention by a property; `first` is the first word that ends after its start.
    fn bucket(&self, item: &Item, first: usize, by: BucketBy) -> usize {
        let surface = || item.span.slice(&self.document.text).unwrap_or_default();
        let labels = || self.training.and_then(|training| training.labels(surface()));
        match by {
            BucketBy::Length => {
                let covered = self.words[first..].iter().take_while(|word| word.0.overlaps(item.span)).take(4).count();
                covered.max(1) - 1
            }
            BucketBy::Casing => self.words.get(first).or(self.words.last()).map_or(UNCASED, |word| self.casing[word.1]),
            BucketBy::Position => (4 * item.span.start() / self.document.text.len().max(1)).min(3),
            BucketBy::Seen => match labels() {
                Some(labels) if labels.contains_key(self.corpus.labels.label(item.label).as_str()) => 0,
                Some(_) => 1,
                None if self.training.is_some_and(|training| training.has_in_any_case(surface())) => 2,
                None => 3,
            },
            BucketBy::Ambiguity => match labels().map(BTreeMap::len) {
                Some(2..) => 0,
                Some(_) => 1,
                None => 2,
            },
            BucketBy::FirstWord => {
                let word = self.words.get(first).filter(|word| word.0.overlaps(item.span));
                let text = word.and_then(|word| word.0.slice(&self.document.text)).unwrap_or_default();
                usize::from(self.training.is_some_and(|training| training.word_count(text) >= BucketBy::RARE))
            }
            BucketBy::Score => unreachable!("deciles need all scores"),
        }
    }
}

const UNCASED: usize = 4;

/// The index of a sentence's case in the names of [`BucketBy::Casing`].
fn casing(text: &str, words: &[Span]) -> usize {
    let (mut upper, mut lower, mut long, mut long_capital) = (false, false, 0, 0);
    for word in words {
        let word = word.slice(text).unwrap_or_default();
        let (mut letters, mut capital) = (0, false);
        for letter in word.chars().filter(|c| c.is_alphabetic()) {
            letters += 1;
            let is_upper = letter.is_uppercase();
            capital |= is_upper && letters == 1;
            upper |= is_upper;
            lower |= !is_upper && letter.is_lowercase();
        }
        if letters >= 4 {
            long += 1;
            long_capital += usize::from(capital);
        }
    }
    match (upper, lower) {
        (false, true) => 0,
        (true, false) => 1,
        (true, true) if long >= 2 && long == long_capital => 2,
        (true, true) => 3,
        (false, false) => UNCASED,
    }
}

/// Ten buckets of predictions by score, as equal in size as ties allow.
fn deciles(mut scored: Vec<(f32, bool)>) -> Vec<Bucket> {
    scored.sort_unstable_by(|one, other| one.0.total_cmp(&other.0));
    let mut groups: [Vec<(f32, bool)>; 10] = Default::default();
    let mut rank = 0;
    for tie in scored.chunk_by(|one, other| one.0 == other.0) {
        groups[10 * rank / scored.len()].extend(tie);
        rank += tie.len();
    }
    groups
        .iter()
        .filter_map(|group| {
            let (first, last) = (group.first()?, group.last()?);
            let correct = group.iter().filter(|prediction| prediction.1).count() as u64;
            let counts = BucketCounts { correct, predicted: group.len() as u64, ..BucketCounts::default() };
            Some(Bucket::new(format!("{:.4} to {:.4}", first.0, last.0), counts))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::eval::fixture::{TEXT, corpus, items, paired, random_items};
    use crate::text::{Document, Label, Mention};

    fn counts(bucketings: &[Bucketing], by: BucketBy) -> Vec<(String, [u64; 4])> {
        let found = bucketings.iter().find(|bucketing| bucketing.by == by).expect("it is there");
        let row = |bucket: &Bucket| [bucket.recalled, bucket.gold, bucket.correct, bucket.predicted];
        let filled = found.buckets.iter().filter(|bucket| row(bucket) != [0; 4]);
        filled.map(|bucket| (bucket.name.clone(), row(bucket))).collect()
    }

    fn want(rows: &[(&str, [u64; 4])]) -> Vec<(String, [u64; 4])> {
        rows.iter().map(|(name, row)| ((*name).to_owned(), *row)).collect()
    }

    #[test]
    fn length_casing_and_position() {
        let text = "rain in bonn\nANN LEE OF THE NEW YORK TIMES\nAnn met Lee\nWorld Bank of Bonn\n١٩٩";
        let at = |surface: &str, label, score| {
            let start = text.find(surface).expect("it is there");
            (start, start + surface.len(), label, score)
        };
        let gold =
            [at("bonn", 2, None), at("THE NEW YORK TIMES", 1, None), at("Ann", 0, None), at("World Bank", 1, None)];
        let predicted = [
            at("bonn", 2, None),
            at("NEW YORK TIMES", 1, None),
            at("Lee", 0, None),
            at("World Bank", 0, None),
            at("١٩٩", 0, None),
        ];
        let got = buckets(&corpus(vec![paired(text, &gold, &predicted)]), 0, None);
        assert_eq!(got.len(), 3);
        let length = [("1", [1, 2, 1, 3]), ("2", [0, 1, 0, 1]), ("3", [0, 0, 0, 1]), ("4+", [0, 1, 0, 0])];
        assert_eq!(counts(&got, BucketBy::Length), want(&length));
        let casing = [
            ("lower", [1, 1, 1, 1]),
            ("upper", [0, 1, 0, 1]),
            ("title", [0, 1, 0, 1]),
            ("mixed", [0, 1, 0, 1]),
            ("uncased", [0, 0, 0, 1]),
        ];
        assert_eq!(counts(&got, BucketBy::Casing), want(&casing));
        // Quarters begin at bytes 0, 20, 40 and 60.
        assert_eq!(text.len(), 80);
        let position =
            [("first", [1, 1, 1, 1]), ("second", [0, 1, 0, 1]), ("third", [0, 2, 0, 2]), ("fourth", [0, 0, 0, 1])];
        assert_eq!(counts(&got, BucketBy::Position), want(&position));
        let length = &got[0].buckets;
        assert_eq!((length[0].recall, length[0].precision), (Some(0.5), Some(1.0 / 3.0)));
        assert_eq!((length[2].recall, length[2].precision), (None, Some(0.0)));
    }

    #[test]
    fn seen_and_ambiguous_names() {
        let mut training = Document::new("t", "Bonn Bonn Bonn Bonn Ann Times Bonn Lee");
        let mention = |start, end, label| Mention::new(Span::new(start, end), Label::new(label));
        training.mentions =
            vec![mention(0, 4, "LOC"), mention(5, 9, "ORG"), mention(20, 23, "PER"), mention(24, 29, "ORG")];
        let names = TrainingNames::new([&training]);
        let text = "Bonn Ann TIMES Ulm";
        let gold = [(0, 4, 2, None), (5, 8, 2, None), (9, 14, 1, None), (15, 18, 2, None)];
        let predicted = [(0, 4, 0, None), (5, 8, 2, None), (15, 18, 2, None)];
        let got = buckets(&corpus(vec![paired(text, &gold, &predicted)]), 0, Some(&names));
        let seen = [
            ("same_label", [0, 1, 0, 0]),
            ("other_label", [1, 1, 1, 2]),
            ("other_case", [0, 1, 0, 0]),
            ("unseen", [1, 1, 1, 1]),
        ];
        assert_eq!(counts(&got, BucketBy::Seen), want(&seen));
        let ambiguity = [("ambiguous", [0, 1, 0, 1]), ("one_label", [1, 1, 1, 1]), ("unseen", [1, 2, 1, 1])];
        assert_eq!(counts(&got, BucketBy::Ambiguity), want(&ambiguity));
        assert_eq!(counts(&got, BucketBy::FirstWord), want(&[("rare", [2, 3, 2, 2]), ("common", [0, 1, 0, 1])]));
    }

    #[test]
    fn ties_stay_together() {
        let rows: Vec<_> =
            (0..20u16).map(|i| (usize::from(i), usize::from(i) + 1, 0, Some(if i < 11 { 0.5 } else { 0.9 }))).collect();
        let got = buckets(&corpus(vec![paired(TEXT, &rows[..6], &rows)]), 0, None);
        let score = [("0.5000 to 0.5000", [0, 0, 6, 11]), ("0.9000 to 0.9000", [0, 0, 0, 9])];
        assert_eq!(counts(&got, BucketBy::Score), want(&score));
        let rows: Vec<_> =
            (0..20u8).map(|i| (usize::from(i), usize::from(i) + 1, 0, Some(f32::from(i) / 20.0))).collect();
        let got = counts(&buckets(&corpus(vec![paired(TEXT, &[], &rows)]), 0, None), BucketBy::Score);
        assert_eq!(got.iter().map(|bucket| bucket.1).collect::<Vec<_>>(), [[0, 0, 0, 2]; 10]);
        assert_eq!(got[3].0, "0.3000 to 0.3500");
    }

    proptest! {
        #[test]
        fn every_mention_is_in_one_bucket(gold in random_items(), predicted in random_items()) {
            let corpus = corpus(vec![paired(TEXT, &gold, &predicted), paired(TEXT, &predicted, &gold)]);
            let names = TrainingNames::new(&[Document::new("t", TEXT)]);
            let both = (items(&gold).len() + items(&predicted).len()) as u64;
            for bucketing in buckets(&corpus, 0, Some(&names)) {
                let sum = |of: fn(&Bucket) -> u64| bucketing.buckets.iter().map(of).sum::<u64>();
                if bucketing.by != BucketBy::Score {
                    prop_assert_eq!(sum(|bucket| bucket.gold), both);
                    prop_assert_eq!(sum(|bucket| bucket.predicted), both);
                    // A mention that is right is in the same bucket on both sides.
                    prop_assert!(bucketing.buckets.iter().all(|bucket| bucket.recalled == bucket.correct));
                } else {
                    let scored = corpus.documents.iter().flat_map(|document| &document.systems[0]);
                    prop_assert_eq!(sum(|bucket| bucket.predicted), scored.filter(|item| item.score.is_some()).count() as u64);
                }
            }
        }
    }
}
