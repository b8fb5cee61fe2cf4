//! Where may the gold be wrong?

use std::collections::{BTreeMap, HashMap, HashSet};

use rayon::prelude::*;
use serde::{Serialize, Serializer};

use super::errors::{Context, ErrorClass, MentionError, context, errors, strict};
use super::{Corpus, Counts, Item, Paired, Side};
use crate::label::LabelId;
use crate::text::Span;

/// Fewer occurrences of a surface than this say nothing about how the gold labels it.
const OCCURRENCES: u64 = 3;

/// A mention in a list of suspects.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Marked {
    /// Where it stands: bytes of the document's text (`{"start": .., "end": ..}` in JSON).
    #[serde(serialize_with = "as_object")]
    pub span: Span,
    /// Its label.
    pub label: String,
}

fn as_object<S: Serializer>(span: &Span, serializer: S) -> Result<S::Ok, S::Error> {
    span.range().serialize(serializer)
}

/// Why the gold is suspected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Reason {
    /// A prediction with a score where the gold has nothing.
    NotInGold,
    /// Gold mentions under overlapping predictions with scores that have another label or other boundaries.
    Contradicted,
    /// A gold mention that nothing was predicted for, of a surface that the gold mostly treats otherwise.
    Inconsistent {
        /// The label that most occurrences of the surface have; none where most have none.
        usual: Option<String>,
        /// How often the surface occurs in all documents, this place included: gold mentions with exactly this text, and other
        /// places with this text, from word to word, that no gold mention touches.
        occurrences: u64,
    },
}

impl Reason {
    /// The kind as reports and JSON write it.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::NotInGold => "not_in_gold",
            Self::Contradicted => "contradicted",
            Self::Inconsistent { .. } => "inconsistent",
        }
    }
}

/// A place where the gold may be wrong.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Suspect {
    /// The document, by its place in [`Corpus::documents`].
    pub document: usize,
    /// The document's id.
    pub document_id: String,
    /// The gold mentions in question; none where the gold may lack one.
    pub gold: Vec<Marked>,
    /// What was predicted instead.
    pub predicted: Vec<Marked>,
    /// Why.
    pub reason: Reason,
    /// From 0 to 1: the score (of several predictions, the lowest), or the share of the surface's occurrences that are treated in
    /// the usual way.
    pub suspicion: f64,
    /// The text of the mentions with what stands around it.
    pub context: Context,
}

/// Places where the gold may be wrong, the most suspicious first (then in the order of the text).
///
/// Every error whose predictions all have scores is one, and every missed mention of which the gold contradicts itself: its surface
/// occurs at least three times and more than half of the occurrences have one other label, or none. An error is listed once.
///
/// # Panics
/// When there is no such system.
pub fn suspects(corpus: &Corpus, system: usize) -> Vec<Suspect> {
    let errors = errors(corpus, system);
    let votes = Votes::new(corpus, &errors);
    let mut suspects: Vec<Suspect> = errors
        .par_iter()
        .filter_map(|error| {
            let document = &corpus.documents[error.document];
            let predicted = document.items(Side::System(system));
            let (reason, suspicion) = if error.class == ErrorClass::Missed {
                votes.judge(corpus, document, document.gold[error.gold[0]])?
            } else {
                let scores: Option<Vec<f32>> = error.predicted.iter().map(|&index| predicted[index].score).collect();
                let lowest = scores?.into_iter().min_by(f32::total_cmp)?;
                let reason = if error.gold.is_empty() { Reason::NotInGold } else { Reason::Contradicted };
                (reason, f64::from(lowest))
            };
            let marked = |items: &[Item], places: &[usize]| -> Vec<Marked> {
                let mark = |item: Item| Marked { span: item.span, label: corpus.labels.label(item.label).to_string() };
                places.iter().map(|&index| mark(items[index])).collect()
            };
            Some(Suspect {
                document: error.document,
                document_id: document.id.clone(),
                gold: marked(&document.gold, &error.gold),
                predicted: marked(predicted, &error.predicted),
                reason,
                suspicion,
                context: context(&document.text, error.span(corpus, system)),
            })
        })
        .collect();
    // The sort is stable, and the errors are in the order of the text.
    suspects.sort_by(|one, other| other.suspicion.total_cmp(&one.suspicion));
    suspects
}

/// Micro scores as they would be, had the gold been wrong at the most suspicious places: upper bounds, for no reviewer has looked.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Flipped {
    /// How many of the most suspicious places are taken to be errors of the gold.
    pub flipped: u64,
    /// The strict counts against the gold so changed.
    pub counts: Counts,
    /// Their F1, from 0 to 1.
    pub f1: Option<f64>,
}

/// The strict micro scores of a system after 0, 10, 50 and all flips (numbers beyond the last suspect are left out).
///
/// A flip puts the predictions in the place of the gold mentions; a missed mention whose surface mostly has no label leaves the
/// gold, and one that mostly has another label is missed with that one too.
///
/// # Panics
/// When there is no such system.
pub fn flipped(corpus: &Corpus, system: usize, suspects: &[Suspect]) -> Vec<Flipped> {
    let count = |document: &Paired| {
        let predicted = document.items(Side::System(system));
        let right = strict(&document.gold, predicted).gold;
        let correct = right.iter().filter(|right| **right).count() as u64;
        Counts { correct, predicted: predicted.len() as u64, gold: document.gold.len() as u64 }
    };
    let mut counts: Counts = corpus.documents.par_iter().map(count).sum();
    let mut results = Vec::new();
    let mut done = 0;
    for flips in [0, 10, 50, suspects.len()] {
        if flips > suspects.len() || (flips == done && !results.is_empty()) {
            continue;
        }
        for suspect in &suspects[done.min(flips)..flips] {
            let predicted = suspect.predicted.len() as u64;
            counts.correct += predicted;
            if !matches!(suspect.reason, Reason::Inconsistent { usual: Some(_), .. }) {
                counts.gold = counts.gold + predicted - suspect.gold.len() as u64;
            }
        }
        done = done.max(flips);
        results.push(Flipped { flipped: flips as u64, counts, f1: counts.f1() });
    }
    results
}

/// How the gold treats the surfaces of missed mentions.
struct Votes<'c> {
    places: HashMap<&'c str, usize>,
    /// For each surface, how often it has each label, or none.
    votes: Vec<BTreeMap<Option<LabelId>, u64>>,
}

impl<'c> Votes<'c> {
    fn new(corpus: &'c Corpus, errors: &[MentionError]) -> Self {
        let mut places = HashMap::new();
        for error in errors.iter().filter(|error| error.class == ErrorClass::Missed) {
            let document = &corpus.documents[error.document];
            let next = places.len();
            let surface = document.gold[error.gold[0]].span.slice(&document.text);
            surface.map(|surface| *places.entry(surface).or_insert(next));
        }
        let empty = || vec![BTreeMap::new(); places.len()];
        if places.is_empty() {
            return Self { votes: empty(), places };
        }
        let words: Vec<Vec<Span>> =
            corpus.documents.par_iter().map(|d| d.words().iter().flatten().copied().collect()).collect();
        let watch = Watch::new(corpus, errors, &words);
        let found: Vec<Vec<(usize, Option<LabelId>)>> = corpus
            .documents
            .par_iter()
            .zip(&words)
            .map(|(document, words)| {
                let labelled = |item: &Item| Some((*places.get(item.span.slice(&document.text)?)?, Some(item.label)));
                let mut found: Vec<_> = document.gold.iter().filter_map(labelled).collect();
                watch.unlabelled(document, words, |surface| {
                    found.extend(places.get(surface).map(|&place| (place, None)));
                });
                found
            })
            .collect();
        let mut votes = empty();
        for (place, label) in found.into_iter().flatten() {
            *votes[place].entry(label).or_default() += 1;
        }
        Self { places, votes }
    }

    /// Why a missed gold mention is suspicious, and how much.
    fn judge(&self, corpus: &Corpus, document: &Paired, item: Item) -> Option<(Reason, f64)> {
        let votes = &self.votes[*self.places.get(item.span.slice(&document.text)?)?];
        let occurrences: u64 = votes.values().sum();
        let (&usual, &count) = votes.iter().max_by_key(|(_, count)| **count)?;
        if occurrences < OCCURRENCES || 2 * count <= occurrences || usual == Some(item.label) {
            return None;
        }
        let usual = usual.map(|label| corpus.labels.label(label).to_string());
        Some((Reason::Inconsistent { usual, occurrences }, count as f64 / occurrences as f64))
    }
}

/// Which surfaces are looked for in the texts.
struct Watch<'c> {
    first_words: HashSet<&'c str>,
    surfaces: HashSet<&'c str>,
    /// The most words that a surface has.
    longest: usize,
}

impl<'c> Watch<'c> {
    fn new(corpus: &'c Corpus, errors: &[MentionError], words: &[Vec<Span>]) -> Self {
        let mut watch = Self { first_words: HashSet::new(), surfaces: HashSet::new(), longest: 0 };
        for error in errors.iter().filter(|error| error.class == ErrorClass::Missed) {
            let document = &corpus.documents[error.document];
            let span = document.gold[error.gold[0]].span;
            let words = &words[error.document];
            let first = words.partition_point(|word| word.end() <= span.start());
            let touched = words[first..].iter().take_while(|word| word.overlaps(span)).count();
            let text = |span: Span| span.slice(&document.text);
            if touched > 0
                && words[first].start() == span.start()
                && words[first + touched - 1].end() == span.end()
                && let (Some(word), Some(surface)) = (text(words[first]), text(span))
            {
                watch.first_words.insert(word);
                watch.surfaces.insert(surface);
                watch.longest = watch.longest.max(touched);
            }
        }
        watch
    }

    /// Tells every place of a watched surface, from word to word, that no gold mention touches.
    fn unlabelled<'d>(&self, document: &'d Paired, words: &[Span], mut tell: impl FnMut(&'d str)) {
        let mut end = 0;
        let ends: Vec<usize> = document
            .gold
            .iter()
            .map(|item| {
                end = item.span.end().max(end);
                end
            })
            .collect();
        let touched = |span: Span| {
            let before = document.gold.partition_point(|item| item.span.start() < span.end());
            before > 0 && ends[before - 1] > span.start()
        };
        for (index, first) in words.iter().enumerate() {
            if !first.slice(&document.text).is_some_and(|word| self.first_words.contains(word)) {
                continue;
            }
            for last in words[index..].iter().take(self.longest) {
                let span = Span::new(first.start(), last.end());
                match span.slice(&document.text) {
                    Some(surface) if self.surfaces.contains(surface) && !touched(span) => tell(surface),
                    _ => {}
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::errors::fixture::{corpus, paired};

    fn brief(suspects: &[Suspect]) -> Vec<(usize, usize, usize, f64)> {
        suspects
            .iter()
            .map(|suspect| (suspect.document, suspect.gold.len(), suspect.predicted.len(), suspect.suspicion))
            .collect()
    }

    #[test]
    fn confident_disagreements_come_first() {
        let text = "Ann Lee of Bonn met Bo Times";
        let gold = [(0, 7, 0, None), (11, 15, 2, None), (20, 28, 1, None)];
        let predicted = [
            (0, 7, 1, Some(0.5)),
            (8, 10, 2, Some(0.75)),
            (11, 15, 2, Some(1.0)),
            (20, 22, 0, Some(0.875)),
            (23, 28, 1, Some(0.625)),
            (16, 19, 0, None),
        ];
        let corpus = corpus(vec![paired(text, &gold, &predicted)]);
        let got = suspects(&corpus, 0);
        assert_eq!(brief(&got), [(0, 0, 1, 0.75), (0, 1, 2, 0.625), (0, 1, 1, 0.5)]);
        assert_eq!(got[0].reason, Reason::NotInGold);
        assert_eq!(got[0].predicted, [Marked { span: Span::new(8, 10), label: "LOC".into() }]);
        assert_eq!((&got[1].reason, got[1].context.marked.as_str()), (&Reason::Contradicted, "Bo Times"));
        assert_eq!(got[2].document_id, "toy0");
        // 1 of 6 predicted, 3 gold; then gold + 1, - 1 + 2, - 1 + 1 and as many right as were predicted there.
        let flips: Vec<(u64, Counts)> =
            flipped(&corpus, 0, &got).iter().map(|flip| (flip.flipped, flip.counts)).collect();
        let counts = |correct, gold| Counts { correct, predicted: 6, gold };
        assert_eq!(flips, [(0, counts(1, 3)), (3, counts(5, 5))]);
    }

    #[test]
    fn a_missed_mention_that_the_gold_contradicts() {
        // "Bonn" alone stands in the text five times (not in "Bonner" or inside of "Bonn Times"): once LOC, once ORG, thrice none.
        let one = paired("Bonn and Bonn and Bonner", &[(0, 4, 2, None)], &[]);
        let two = paired("Bonn Times, Bonn, Bonn Bonn", &[(0, 10, 1, None), (12, 16, 1, None)], &[(12, 16, 1, None)]);
        let corpus = corpus(vec![one, two]);
        let got = suspects(&corpus, 0);
        assert_eq!(brief(&got), [(0, 1, 0, 0.6)]);
        assert_eq!(got[0].reason, Reason::Inconsistent { usual: None, occurrences: 5 });
        let flips: Vec<Counts> = flipped(&corpus, 0, &got).iter().map(|flip| flip.counts).collect();
        let counts = |gold| Counts { correct: 1, predicted: 1, gold };
        assert_eq!(flips, [counts(3), counts(2)]);
    }

    #[test]
    fn a_missed_mention_with_an_unusual_label() {
        let gold = |label| [(0, 4, label, None)];
        let right = paired("Bonn", &gold(2), &gold(2));
        let wrong = paired("Bonn", &gold(1), &[]);
        let got = suspects(&corpus(vec![right.clone(), wrong.clone(), right.clone()]), 0);
        assert_eq!(got[0].reason, Reason::Inconsistent { usual: Some("LOC".into()), occurrences: 3 });
        let all = corpus(vec![right.clone(), wrong.clone(), right.clone()]);
        let flips = flipped(&all, 0, &got);
        assert_eq!((flips.len(), flips[0].counts == flips[1].counts), (2, true));
        // Two occurrences say nothing, and neither does a tie.
        assert_eq!(suspects(&corpus(vec![right.clone(), wrong.clone()]), 0), []);
        assert_eq!(suspects(&corpus(vec![right.clone(), wrong.clone(), right, wrong]), 0), []);
    }

    #[test]
    fn steps_of_flips() {
        let rows: Vec<_> = (0..60usize).map(|at| (at, at + 1, 0, Some(0.5))).collect();
        let corpus = corpus(vec![paired(&"a".repeat(60), &[], &rows)]);
        let all = suspects(&corpus, 0);
        let got: Vec<(u64, u64)> =
            flipped(&corpus, 0, &all).iter().map(|flip| (flip.flipped, flip.counts.correct)).collect();
        assert_eq!(got, [(0, 0), (10, 10), (50, 50), (60, 60)]);
        let got: Vec<u64> = flipped(&corpus, 0, &all[..10]).iter().map(|flip| flip.flipped).collect();
        assert_eq!(got, [0, 10]);
        assert_eq!(flipped(&corpus, 0, &[]).len(), 1);
    }

    #[test]
    fn json_has_stable_keys() {
        let corpus = corpus(vec![paired("Ann", &[], &[(0, 3, 0, Some(0.5))])]);
        let got = serde_json::to_string(&suspects(&corpus, 0)).expect("it is plain data");
        let want = r#"[{"document":0,"document_id":"toy0","gold":[],"predicted":[{"span":{"start":0,"end":3},"label":"PER"}],"reason":{"kind":"not_in_gold"},"suspicion":0.5,"context":{"before":"","marked":"Ann","after":""}}]"#;
        assert_eq!(got, want);
    }
}
