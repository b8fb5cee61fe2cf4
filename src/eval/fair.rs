//! FairEval: scores in which every error counts once.
//!
//! Precision and recall charge a mention with a wrong label or boundary twice, as a false positive and a false negative.
//! FairEval (Ortmann 2022, "Fine-Grained Error Analysis and Fair Evaluation of Labeled Spans", LREC) charges it once, half
//! as either.

use std::cmp::Reverse;

use derive_more::Add;
use rayon::prelude::*;
use serde::Serialize;

use super::counts::ratio;
use super::overlaps::{overlaps, remove_at, same_spans, shared};
use super::strict::strict;
use super::{Corpus, Counts, Item, Side};
use crate::text::Span;

/// The traditional scores beside the fair ones.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub(crate) struct Fair {
    /// The strict counts.
    pub(crate) traditional: Counts,
    /// The strict scores.
    pub(crate) traditional_scores: FairScores,
    /// The counts of FairEval.
    pub(crate) fair: FairCounts,
    /// A label or boundary error counts as half a false positive and half a false negative.
    pub(crate) fair_scores: FairScores,
    /// As in `fair_scores`, but a boundary error counts as half a true positive.
    pub(crate) weighted_scores: FairScores,
}

/// The counts of FairEval.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Add)]
pub(crate) struct FairCounts {
    /// TP: gold mentions predicted with their span and label.
    pub(crate) true_positives: u64,
    /// FP: predictions that no gold mention is left for.
    pub(crate) false_positives: u64,
    /// FN: gold mentions that no prediction is left for.
    pub(crate) false_negatives: u64,
    /// LE: the right span with another label.
    pub(crate) labeling_errors: u64,
    /// BES: the right label; the prediction is inside the gold mention.
    pub(crate) boundary_errors_smaller: u64,
    /// BEL: the right label; the prediction contains the gold mention.
    pub(crate) boundary_errors_larger: u64,
    /// BEO: the right label; each has something that the other lacks.
    pub(crate) boundary_errors_overlap: u64,
    /// LBE: an overlapping span with another label.
    pub(crate) labeling_boundary_errors: u64,
}

/// Ratios from 0 to 1; `None` if the denominator is zero.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub(crate) struct FairScores {
    pub(crate) precision: Option<f64>,
    pub(crate) recall: Option<f64>,
    pub(crate) f1: Option<f64>,
}

impl FairScores {
    /// From counts in quarters of a mention.
    fn new(true_positives: u64, false_positives: u64, false_negatives: u64) -> Self {
        Self {
            precision: ratio(true_positives, true_positives + false_positives),
            recall: ratio(true_positives, true_positives + false_negatives),
            f1: ratio(2 * true_positives, 2 * true_positives + false_positives + false_negatives),
        }
    }
}

impl FairCounts {
    /// BE: all boundary errors.
    pub(crate) fn boundary_errors(&self) -> u64 {
        self.boundary_errors_smaller + self.boundary_errors_larger + self.boundary_errors_overlap
    }

    /// Precision = TP / (TP + FP + (LE + BE + LBE) / 2); recall is the same with FN.
    fn fair(&self) -> FairScores {
        let halves = 2 * (self.labeling_errors + self.boundary_errors() + self.labeling_boundary_errors);
        let wrong = |count: u64| 4 * count + halves;
        FairScores::new(4 * self.true_positives, wrong(self.false_positives), wrong(self.false_negatives))
    }

    /// The weights that the paper proposes: BES is half a true positive and half a false negative, BEL half a true and half
    /// a false positive, BEO half a true positive and a quarter of either, LE and LBE half of either.
    fn weighted(&self) -> FairScores {
        let halves = 2 * (self.labeling_errors + self.labeling_boundary_errors) + self.boundary_errors_overlap;
        FairScores::new(
            4 * self.true_positives + 2 * self.boundary_errors(),
            4 * self.false_positives + halves + 2 * self.boundary_errors_larger,
            4 * self.false_negatives + halves + 2 * self.boundary_errors_smaller,
        )
    }

    fn add_overlap(&mut self, gold: Item, predicted: Item) {
        *if gold.label != predicted.label {
            &mut self.labeling_boundary_errors
        } else if gold.span.contains(predicted.span) {
            &mut self.boundary_errors_smaller
        } else if predicted.span.contains(gold.span) {
            &mut self.boundary_errors_larger
        } else {
            &mut self.boundary_errors_overlap
        } += 1;
    }
}

/// The traditional and the fair counts of a system.
///
/// The steps are those of the paper. Equal spans come first (TP, LE). Then boundary errors: each gold mention, the shortest
/// first, takes the most similar free prediction with its label; after that, a mention that is still free on either side
/// may join a taken one that has bytes left which nobody claimed. Then the same for other labels (LBE). The rest is FN and
/// FP. Spans are compared by bytes, where the reference program compares tokens; white space is in no token, so it cannot
/// be claimed. Since an error may join a mention to two others, LE + BE + LBE can exceed the number of wrong mentions on a
/// side.
pub(crate) fn fair(corpus: &Corpus, system: usize) -> Fair {
    let (traditional, fair) = corpus
        .documents
        .par_iter()
        .map(|document| {
            let (gold, predicted) = (document.items(Side::Gold), document.items(Side::System(system)));
            let fair = count(&document.text, gold, predicted);
            let (n_predicted, n_gold) = (predicted.len() as u64, gold.len() as u64);
            (Counts { correct: fair.true_positives, predicted: n_predicted, gold: n_gold }, fair)
        })
        .reduce(Default::default, |one, other| (one.0 + other.0, one.1 + other.1));
    let traditional_scores =
        FairScores { precision: traditional.precision(), recall: traditional.recall(), f1: traditional.f1() };
    Fair { traditional, traditional_scores, fair, fair_scores: fair.fair(), weighted_scores: fair.weighted() }
}

fn count(text: &str, gold: &[Item], predicted: &[Item]) -> FairCounts {
    let found = strict(gold, predicted);
    let mut gold_left = found.wrong_gold();
    let mut predicted_left = found.wrong_predicted();
    let spans = |left: &[usize], items: &[Item]| left.iter().map(|&index| items[index].span).collect::<Vec<Span>>();
    let same = same_spans(&spans(&gold_left, gold), &spans(&predicted_left, predicted));
    remove_at(&mut gold_left, same.iter().map(|pair| pair.0));
    remove_at(&mut predicted_left, same.iter().map(|pair| pair.1));
    let near = overlaps(&spans(&gold_left, gold), &spans(&predicted_left, predicted));
    let white = if near.is_empty() { Vec::new() } else { white_before(text) };
    // Where a byte is once all white space is removed.
    let squeezed = |byte: usize| byte - white.get(byte).or(white.last()).copied().unwrap_or(0);
    let open = |left: &[usize], items: &[Item]| -> Vec<Open> {
        let open = |item: Item| {
            let unclaimed = vec![Span::new(squeezed(item.span.start()), squeezed(item.span.end()))];
            Open { item, unclaimed, is_taken: false, near: Vec::new() }
        };
        left.iter().map(|&index| open(items[index])).collect()
    };
    let mut claims = Claims {
        counts: FairCounts {
            true_positives: found.correct(),
            labeling_errors: same.len() as u64,
            ..FairCounts::default()
        },
        golds: open(&gold_left, gold),
        predictions: open(&predicted_left, predicted),
    };
    for (g, p) in near {
        claims.golds[g].near.push(p);
        claims.predictions[p].near.push(g);
    }
    claims.run();
    claims.counts
}

/// How many bytes of white space precede every byte of a text, and its end.
fn white_before(text: &str) -> Vec<usize> {
    let mut counts = Vec::with_capacity(text.len() + 1);
    let mut count = 0;
    for letter in text.chars() {
        for _ in 0..letter.len_utf8() {
            counts.push(count);
            count += usize::from(letter.is_whitespace());
        }
    }
    counts.push(count);
    counts
}

/// A wrong mention, on its way through the steps.
struct Open {
    item: Item,
    /// The parts that no error has claimed, in a text without white space.
    unclaimed: Vec<Span>,
    is_taken: bool,
    /// The mentions of the other side that it overlaps, in order.
    near: Vec<usize>,
}

/// The labels that a step pairs.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Labels {
    Equal,
    Different,
}

/// The mentions that a step pairs with.
#[derive(Clone, Copy)]
struct Step {
    labels: Labels,
    /// Whether it pairs with mentions that are taken, or with free ones.
    takes_taken: bool,
}

/// The steps after equal spans.
struct Claims {
    counts: FairCounts,
    golds: Vec<Open>,
    predictions: Vec<Open>,
}

impl Claims {
    fn run(&mut self) {
        let by_length = |list: &[Open]| {
            let mut order: Vec<usize> = (0..list.len()).filter(|&index| !list[index].near.is_empty()).collect();
            order.sort_by_key(|&index| list[index].item.span.len());
            order
        };
        let (gold_order, predicted_order) = (by_length(&self.golds), by_length(&self.predictions));
        for labels in [Labels::Equal, Labels::Different] {
            for takes_taken in [false, true] {
                for &g in &gold_order {
                    let Self { golds, predictions, counts } = self;
                    let one = &mut golds[g];
                    if let Some(other) = one.claim(predictions, Step { labels, takes_taken }) {
                        counts.add_overlap(one.item, other.item);
                    }
                }
            }
            for &p in &predicted_order {
                let Self { golds, predictions, counts } = self;
                let one = &mut predictions[p];
                if let Some(other) = one.claim(golds, Step { labels, takes_taken: true }) {
                    counts.add_overlap(other.item, one.item);
                }
            }
        }
        self.counts.false_negatives = self.golds.iter().filter(|gold| !gold.is_taken).count() as u64;
        self.counts.false_positives = self.predictions.iter().filter(|prediction| !prediction.is_taken).count() as u64;
    }
}

impl Open {
    /// Pairs a free mention with the most similar other one, and claims what they share from both.
    fn claim<'o>(&mut self, others: &'o mut [Open], step: Step) -> Option<&'o Open> {
        if self.is_taken {
            return None;
        }
        let length = |spans: &[Span]| spans.iter().map(|span| span.len()).sum::<usize>();
        let fits = |other: &Open| {
            other.is_taken == step.takes_taken
                && (other.item.label == self.item.label) == (step.labels == Labels::Equal)
        };
        let best = self
            .near
            .iter()
            .copied()
            .filter(|&index| fits(&others[index]))
            .map(|index| (index, length(&common(&self.unclaimed, &others[index].unclaimed))))
            .filter(|&(_, common)| common > 0)
            .min_by_key(|&(index, common)| {
                let other = &others[index];
                (Reverse(common), length(&other.unclaimed), other.item.span.len(), index)
            })?
            .0;
        let other = &mut others[best];
        let common = common(&self.unclaimed, &other.unclaimed);
        self.unclaimed = without(&self.unclaimed, &common);
        other.unclaimed = without(&other.unclaimed, &common);
        self.is_taken = true;
        other.is_taken = true;
        Some(other)
    }
}

/// What two lists of disjoint spans share.
fn common(one: &[Span], other: &[Span]) -> Vec<Span> {
    let pairs = one.iter().flat_map(|a| other.iter().map(move |b| (*a, *b)));
    pairs
        .filter(|&(a, b)| shared(a, b) > 0)
        .map(|(a, b)| Span::new(a.start().max(b.start()), a.end().min(b.end())))
        .collect()
}

/// Disjoint spans minus others.
fn without(spans: &[Span], less: &[Span]) -> Vec<Span> {
    let mut left = spans.to_vec();
    for cut in less {
        left = left
            .into_iter()
            .flat_map(|span| {
                let before = Span::new(span.start(), cut.start().clamp(span.start(), span.end()));
                let after = Span::new(cut.end().clamp(span.start(), span.end()), span.end());
                if cut.overlaps(span) { [Some(before), Some(after)] } else { [Some(span), None] }
            })
            .flatten()
            .filter(|span| !span.is_empty())
            .collect();
    }
    left
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;
    use crate::eval::fixture::{Row, TEXT, corpus, items, paired, random_items};

    fn percent(scores: FairScores) -> [String; 3] {
        [scores.precision, scores.recall, scores.f1].map(|ratio| format!("{:.2}", 100.0 * ratio.expect("defined")))
    }

    #[test]
    fn the_counts_of_the_reference_program_give_its_scores() {
        let counts = FairCounts {
            true_positives: 5159,
            false_positives: 253,
            false_negatives: 462,
            labeling_errors: 252,
            boundary_errors_smaller: 71,
            boundary_errors_larger: 106,
            boundary_errors_overlap: 3,
            labeling_boundary_errors: 155,
        };
        assert_eq!(counts.boundary_errors(), 180);
        assert_eq!(percent(counts.fair()), ["90.42", "87.23", "88.80"]);
        assert_eq!(percent(counts.weighted()), ["91.14", "88.21", "89.65"]);
    }

    #[test]
    fn no_mentions_have_no_score() {
        let none = FairScores { precision: None, recall: None, f1: None };
        assert_eq!((FairCounts::default().fair(), FairCounts::default().weighted()), (none, none));
    }

    #[test]
    fn every_kind_has_its_case() {
        let row = |start, end, label| (start, end, label, None);
        // TP, FP, FN, LE, BES, BEL, BEO, LBE
        type Case = (&'static str, Vec<Row>, Vec<Row>, [u64; 8]);
        let cases: [Case; 14] = [
            ("right", vec![row(0, 3, 0)], vec![row(0, 3, 0)], [1, 0, 0, 0, 0, 0, 0, 0]),
            ("missed and spurious", vec![row(0, 3, 0)], vec![row(4, 7, 0)], [0, 1, 1, 0, 0, 0, 0, 0]),
            ("label", vec![row(0, 3, 0)], vec![row(0, 3, 1)], [0, 0, 0, 1, 0, 0, 0, 0]),
            ("smaller", vec![row(0, 7, 0)], vec![row(0, 3, 0)], [0, 0, 0, 0, 1, 0, 0, 0]),
            ("larger", vec![row(0, 3, 0)], vec![row(0, 7, 0)], [0, 0, 0, 0, 0, 1, 0, 0]),
            ("overlap", vec![row(0, 7, 0)], vec![row(4, 11, 0)], [0, 0, 0, 0, 0, 0, 1, 0]),
            ("label and boundary", vec![row(0, 7, 0)], vec![row(4, 7, 1)], [0, 0, 0, 0, 0, 0, 0, 1]),
            ("two parts of one", vec![row(0, 7, 0)], vec![row(0, 3, 0), row(4, 7, 0)], [0, 0, 0, 0, 2, 0, 0, 0]),
            ("one over two", vec![row(0, 3, 0), row(4, 7, 1)], vec![row(0, 7, 0)], [0, 0, 0, 0, 0, 1, 0, 1]),
            ("the right one is gone", vec![row(0, 7, 0)], vec![row(0, 7, 0), row(0, 3, 0)], [1, 1, 0, 0, 0, 0, 0, 0]),
            // Both predictions want the same bytes: the second one finds them claimed.
            ("claimed", vec![row(0, 7, 0)], vec![row(0, 3, 0), row(0, 4, 0)], [0, 1, 0, 0, 1, 0, 0, 0]),
            // Both words are claimed, and nobody can claim the blank between them.
            (
                "only a blank is left",
                vec![row(0, 7, 0)],
                vec![row(0, 3, 0), row(1, 5, 0), row(4, 7, 0)],
                [0, 1, 0, 0, 2, 0, 0, 0],
            ),
            ("they share a blank", vec![row(0, 4, 0)], vec![row(3, 7, 0)], [0, 1, 1, 0, 0, 0, 0, 0]),
            ("and a letter", vec![row(0, 5, 0)], vec![row(3, 7, 0)], [0, 0, 0, 0, 0, 0, 1, 0]),
        ];
        for (name, gold, predicted, want) in cases {
            let got = fair(&corpus(vec![paired(TEXT, &gold, &predicted)]), 0);
            assert_eq!(list(got.fair), want, "{name}");
            let traditional = Counts { correct: want[0], predicted: predicted.len() as u64, gold: gold.len() as u64 };
            assert_eq!(got.traditional, traditional, "{name}");
        }
    }

    #[test]
    fn white_space_of_any_width_is_counted() {
        assert_eq!(white_before("a \u{2003}ö"), [0, 0, 1, 2, 3, 4, 4, 4]);
        assert_eq!(white_before(""), [0]);
    }

    #[test]
    fn mentions_beyond_the_text_are_compared_by_their_bytes() {
        let row = |start, end| (start, end, 0, None);
        let got = fair(&corpus(vec![paired("a b", &[row(2, 9)], &[row(5, 12), row(20, 22)])]), 0);
        assert_eq!(list(got.fair), [0, 1, 0, 0, 0, 0, 1, 0]);
    }

    fn list(counts: FairCounts) -> [u64; 8] {
        [
            counts.true_positives,
            counts.false_positives,
            counts.false_negatives,
            counts.labeling_errors,
            counts.boundary_errors_smaller,
            counts.boundary_errors_larger,
            counts.boundary_errors_overlap,
            counts.labeling_boundary_errors,
        ]
    }

    /// The steps of the paper, on sets of bytes that are not white space.
    fn by_sets(text: &str, gold: &[Item], predicted: &[Item]) -> [u64; 8] {
        type Part = (Item, BTreeSet<usize>);
        let keys = |items: &[Item]| items.iter().map(Item::key).collect::<BTreeSet<_>>();
        let (gold_keys, predicted_keys) = (keys(gold), keys(predicted));
        let white = |byte: usize| text.as_bytes()[byte].is_ascii_whitespace();
        let part = |item: &Item| (*item, item.span.range().filter(|&byte| !white(byte)).collect::<BTreeSet<_>>());
        let mut free_g: Vec<Part> =
            gold.iter().filter(|item| !predicted_keys.contains(&item.key())).map(part).collect();
        let mut free_p: Vec<Part> =
            predicted.iter().filter(|item| !gold_keys.contains(&item.key())).map(part).collect();
        let mut counts = [gold.len() as u64 - free_g.len() as u64, 0, 0, 0, 0, 0, 0, 0];
        let mut at = 0;
        while at < free_g.len() {
            match free_p.iter().position(|p| p.0.span == free_g[at].0.span) {
                Some(p) => {
                    free_p.remove(p);
                    free_g.remove(at);
                    counts[3] += 1;
                }
                None => at += 1,
            }
        }
        free_g.sort_by_key(|part| part.0.span.len());
        free_p.sort_by_key(|part| part.0.span.len());
        let (mut done_g, mut done_p): (Vec<Part>, Vec<Part>) = (Vec::new(), Vec::new());
        let best = |one: &Part, others: &[Part], same: Labels| {
            (0..others.len())
                .filter(|&i| (others[i].0.label == one.0.label) == (same == Labels::Equal))
                .filter(|&i| !others[i].1.is_disjoint(&one.1))
                .min_by_key(|&i| {
                    let common = others[i].1.intersection(&one.1).count();
                    let item = others[i].0;
                    (std::cmp::Reverse(common), others[i].1.difference(&one.1).count(), item.span.len(), item.key())
                })
        };
        let kind = |g: &Item, p: &Item| match g.label == p.label {
            false => 7,
            true if g.span.contains(p.span) => 4,
            true if p.span.contains(g.span) => 5,
            true => 6,
        };
        for same in [Labels::Equal, Labels::Different] {
            let mut rest = Vec::new();
            for mut g in std::mem::take(&mut free_g) {
                let Some(p) = best(&g, &free_p, same) else {
                    rest.push(g);
                    continue;
                };
                let mut p = free_p.remove(p);
                counts[kind(&g.0, &p.0)] += 1;
                let common: BTreeSet<usize> = g.1.intersection(&p.1).copied().collect();
                g.1.retain(|byte| !common.contains(byte));
                p.1.retain(|byte| !common.contains(byte));
                done_g.push(g);
                done_p.push(p);
            }
            for mut g in rest {
                let Some(p) = best(&g, &done_p, same) else {
                    free_g.push(g);
                    continue;
                };
                counts[kind(&g.0, &done_p[p].0)] += 1;
                let common: BTreeSet<usize> = g.1.intersection(&done_p[p].1).copied().collect();
                g.1.retain(|byte| !common.contains(byte));
                done_p[p].1.retain(|byte| !common.contains(byte));
                done_g.push(g);
            }
            for mut p in std::mem::take(&mut free_p) {
                let Some(g) = best(&p, &done_g, same) else {
                    free_p.push(p);
                    continue;
                };
                counts[kind(&done_g[g].0, &p.0)] += 1;
                let common: BTreeSet<usize> = p.1.intersection(&done_g[g].1).copied().collect();
                p.1.retain(|byte| !common.contains(byte));
                done_g[g].1.retain(|byte| !common.contains(byte));
                done_p.push(p);
            }
        }
        counts[1] = free_p.len() as u64;
        counts[2] = free_g.len() as u64;
        counts
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1000))]

        #[test]
        fn counts_as_sets_of_bytes_do(gold in random_items(), predicted in random_items()) {
            let (g, p) = (items(&gold), items(&predicted));
            let counts = count(TEXT, &g, &p);
            prop_assert_eq!(list(counts), by_sets(TEXT, &g, &p));
            prop_assert!(counts.false_positives + counts.true_positives <= p.len() as u64);
            prop_assert!(counts.false_negatives + counts.true_positives <= g.len() as u64);
        }
    }
}
