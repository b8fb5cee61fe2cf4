//! Where may the gold be wrong?

use std::collections::{BTreeMap, HashMap, HashSet};

use rayon::prelude::*;
use serde::{Serialize, Serializer};

use super::errors::{ErrorClass, MentionError, errors};
use super::excerpt::Excerpt;
use super::strict::document_counts;
use super::{Corpus, Counts, Item, Paired, Side};
use crate::label::LabelId;
use crate::text::Span;

/// How often a surface must occur before we ask how the gold labels it.
const OCCURRENCES: u64 = 3;

/// A mention in a [`Suspect`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SuspectMention {
    /// The bytes of the document's text that it covers (`{"start": …, "end": …}` in JSON).
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
pub enum SuspectReason {
    /// A prediction with a score, where the gold has nothing.
    NotInGold,
    /// Predictions with scores that overlap gold mentions, but have other labels or boundaries.
    Contradicted,
    /// A gold mention without a prediction, whose surface the gold mostly treats differently.
    Inconsistent {
        /// The label that most occurrences of the surface have; `None` if most have none.
        usual: Option<String>,
        /// How often the surface occurs in all documents: as a gold mention with exactly this text, or as whole words that
        /// no gold mention overlaps. Includes this place.
        occurrences: u64,
    },
}

impl SuspectReason {
    /// The kind, as in reports and JSON.
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
    /// The document, as an index into [`Corpus::documents`].
    pub document: usize,
    /// The document's id.
    pub document_id: String,
    /// The gold mentions in question; empty if the gold may lack one.
    pub gold: Vec<SuspectMention>,
    /// What was predicted instead.
    pub predicted: Vec<SuspectMention>,
    /// Why the gold is suspected.
    pub reason: SuspectReason,
    /// How strongly, from 0 to 1: the score of the prediction (the lowest, if there are several), or the share of the
    /// surface's occurrences that get the usual treatment.
    pub suspicion: f64,
    /// The mentions in context.
    pub context: Excerpt,
}

/// Lists places where the gold may be wrong, the most suspicious first, then in the order of the text.
///
/// There are two kinds. The first is every error whose predictions all have scores. The second is every missed mention that
/// the gold contradicts: its surface occurs three times or more, and more than half of the occurrences have one other label,
/// or none. It runs on the rayon pool that it is called in.
///
/// ```
/// use allonym::eval::{Input, PairingOptions, SuspectReason, pair, suspects};
/// use allonym::{Document, Label, Mention, Span};
///
/// let gold = Document::new("a", "Rain in Beirut");
/// let mut predicted = gold.clone();
/// predicted.mentions.push(Mention { score: Some(0.98), ..Mention::new(Span::new(8, 14), Label::new("LOC")) });
///
/// let systems = vec![Input::new("system", vec![predicted])];
/// let pairing = pair(Input::new("gold", vec![gold]), systems, &PairingOptions::default())?;
/// let suspects = suspects(&pairing.corpus, 0);
/// assert_eq!(suspects[0].reason, SuspectReason::NotInGold);
/// assert_eq!(suspects[0].context.marked, "Beirut");
/// # Ok::<(), allonym::eval::PairingError>(())
/// ```
///
/// # Panics
/// If there is no such system.
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
                let is_new = error.gold.is_empty();
                (if is_new { SuspectReason::NotInGold } else { SuspectReason::Contradicted }, f64::from(lowest))
            };
            let mentions = |items: &[Item], indices: &[usize]| -> Vec<SuspectMention> {
                let label = |item: Item| corpus.labels.label(item.label).to_string();
                let mention = |item: Item| SuspectMention { span: item.span, label: label(item) };
                indices.iter().map(|&index| mention(items[index])).collect()
            };
            Some(Suspect {
                document: error.document,
                document_id: document.id.clone(),
                gold: mentions(&document.gold, &error.gold),
                predicted: mentions(predicted, &error.predicted),
                reason,
                suspicion,
                context: Excerpt::new(&document.text, error.span(corpus, system)),
            })
        })
        .collect();
    // Errors are in the order of the text, and the sort is stable.
    suspects.sort_by(|one, other| other.suspicion.total_cmp(&one.suspicion));
    suspects
}

/// The micro scores if the gold were wrong at the most suspicious places: an upper bound, since nobody has checked them.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub(crate) struct Flipped {
    /// The number of suspects taken to be errors of the gold.
    pub(crate) flipped: u64,
    /// The strict counts against the changed gold.
    pub(crate) counts: Counts,
    /// Their F1, from 0 to 1.
    pub(crate) f1: Option<f64>,
}

/// The strict micro scores of a system after 0, 10, 50 and all flips, as far as there are that many suspects.
///
/// A flip replaces the gold mentions by the predictions. A missed mention whose surface mostly has no label is removed from
/// the gold; one that mostly has another label is still missed.
pub(crate) fn flipped(corpus: &Corpus, system: usize, suspects: &[Suspect]) -> Vec<Flipped> {
    let mut counts: Counts = corpus.documents.par_iter().map(|document| document_counts(document, system)).sum();
    let mut results = Vec::new();
    let mut done = 0;
    for flips in [0, 10, 50, suspects.len()] {
        if flips > suspects.len() || (flips == done && !results.is_empty()) {
            continue;
        }
        for suspect in &suspects[done.min(flips)..flips] {
            let predicted = suspect.predicted.len() as u64;
            counts.correct += predicted;
            if !matches!(suspect.reason, SuspectReason::Inconsistent { usual: Some(_), .. }) {
                counts.gold = counts.gold + predicted - suspect.gold.len() as u64;
            }
        }
        done = done.max(flips);
        results.push(Flipped { flipped: flips as u64, counts, f1: counts.f1() });
    }
    results
}

/// How the gold labels the surfaces of missed mentions.
struct Votes<'c> {
    surfaces: HashMap<&'c str, usize>,
    /// For each surface, how often it has each label, or none.
    votes: Vec<BTreeMap<Option<LabelId>, u64>>,
}

impl<'c> Votes<'c> {
    fn new(corpus: &'c Corpus, errors: &[MentionError]) -> Self {
        let mut surfaces = HashMap::new();
        for error in errors.iter().filter(|error| error.class == ErrorClass::Missed) {
            let document = &corpus.documents[error.document];
            let next = surfaces.len();
            let surface = document.gold[error.gold[0]].span.slice(&document.text);
            surface.map(|surface| *surfaces.entry(surface).or_insert(next));
        }
        let empty = || vec![BTreeMap::new(); surfaces.len()];
        if surfaces.is_empty() {
            return Self { votes: empty(), surfaces };
        }
        let words: Vec<Vec<Span>> =
            corpus.documents.par_iter().map(|d| d.words().iter().flatten().copied().collect()).collect();
        let search = Search::new(corpus, errors, &words);
        let found: Vec<Vec<(usize, Option<LabelId>)>> = corpus
            .documents
            .par_iter()
            .zip(&words)
            .map(|(document, words)| {
                let labelled = |item: &Item| Some((*surfaces.get(item.span.slice(&document.text)?)?, Some(item.label)));
                let mut found: Vec<_> = document.gold.iter().filter_map(labelled).collect();
                search.unlabelled(document, words, |surface| {
                    found.extend(surfaces.get(surface).map(|&index| (index, None)));
                });
                found
            })
            .collect();
        let mut votes = empty();
        for (surface, label) in found.into_iter().flatten() {
            *votes[surface].entry(label).or_default() += 1;
        }
        Self { surfaces, votes }
    }

    /// Why, and how much, a missed gold mention is suspicious.
    fn judge(&self, corpus: &Corpus, document: &Paired, item: Item) -> Option<(SuspectReason, f64)> {
        let votes = &self.votes[*self.surfaces.get(item.span.slice(&document.text)?)?];
        let occurrences: u64 = votes.values().sum();
        let (&usual, &count) = votes.iter().max_by_key(|(_, count)| **count)?;
        if occurrences < OCCURRENCES || 2 * count <= occurrences || usual == Some(item.label) {
            return None;
        }
        let usual = usual.map(|label| corpus.labels.label(label).to_string());
        Some((SuspectReason::Inconsistent { usual, occurrences }, count as f64 / occurrences as f64))
    }
}

/// Finds surfaces in texts.
struct Search<'c> {
    first_words: HashSet<&'c str>,
    surfaces: HashSet<&'c str>,
    /// The number of words of the longest surface.
    longest: usize,
}

impl<'c> Search<'c> {
    /// Looks for the surfaces of missed mentions that consist of whole words.
    fn new(corpus: &'c Corpus, errors: &[MentionError], words: &[Vec<Span>]) -> Self {
        let mut search = Self { first_words: HashSet::new(), surfaces: HashSet::new(), longest: 0 };
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
                search.first_words.insert(word);
                search.surfaces.insert(surface);
                search.longest = search.longest.max(touched);
            }
        }
        search
    }

    /// Calls `report` for every occurrence of a surface as whole words that no gold mention overlaps.
    fn unlabelled<'d>(&self, document: &'d Paired, words: &[Span], mut report: impl FnMut(&'d str)) {
        let mut end = 0;
        let ends: Vec<usize> = document
            .gold
            .iter()
            .map(|item| {
                end = item.span.end().max(end);
                end
            })
            .collect();
        let is_labelled = |span: Span| {
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
                    Some(surface) if self.surfaces.contains(surface) && !is_labelled(span) => report(surface),
                    _ => {}
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::fixture::{corpus, paired};

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
        assert_eq!(got[0].reason, SuspectReason::NotInGold);
        assert_eq!(got[0].predicted, [SuspectMention { span: Span::new(8, 10), label: "LOC".into() }]);
        assert_eq!((&got[1].reason, got[1].context.marked.as_str()), (&SuspectReason::Contradicted, "Bo Times"));
        assert_eq!(got[2].document_id, "toy0");
        // 1 of 6 predicted, 3 gold; then gold + 1, - 1 + 2, - 1 + 1 and as many right as were predicted there.
        let flips: Vec<(u64, Counts)> =
            flipped(&corpus, 0, &got).iter().map(|flip| (flip.flipped, flip.counts)).collect();
        let counts = |correct, gold| Counts { correct, predicted: 6, gold };
        assert_eq!(flips, [(0, counts(1, 3)), (3, counts(5, 5))]);
    }

    #[test]
    fn a_missed_mention_that_the_gold_contradicts() {
        // "Bonn" occurs five times ("Bonner" and "Bonn Times" do not count): once LOC, once ORG, three times without a label.
        let one = paired("Bonn and Bonn and Bonner", &[(0, 4, 2, None)], &[]);
        let two = paired("Bonn Times, Bonn, Bonn Bonn", &[(0, 10, 1, None), (12, 16, 1, None)], &[(12, 16, 1, None)]);
        let corpus = corpus(vec![one, two]);
        let got = suspects(&corpus, 0);
        assert_eq!(brief(&got), [(0, 1, 0, 0.6)]);
        assert_eq!(got[0].reason, SuspectReason::Inconsistent { usual: None, occurrences: 5 });
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
        assert_eq!(got[0].reason, SuspectReason::Inconsistent { usual: Some("LOC".into()), occurrences: 3 });
        let all = corpus(vec![right.clone(), wrong.clone(), right.clone()]);
        let flips = flipped(&all, 0, &got);
        assert_eq!((flips.len(), flips[0].counts == flips[1].counts), (2, true));
        // Two occurrences are too few, and a tie is not enough.
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
