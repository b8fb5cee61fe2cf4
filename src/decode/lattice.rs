//! The lattice of words and tags.
//!
//! A path through the lattice gives a tag to each word, by the rules of the scheme. The best path (Viterbi 1967) gives the mentions; the
//! share of all paths that have a mention (forward-backward, Baum and Welch) is its probability.

use std::ops::Range;

use ndarray::ArrayView2;

use crate::label::{LabelId, Tag, TagSet};

/// A mention as a range of words, with its probability.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Scored {
    /// As rows of the logits.
    pub(super) words: Range<usize>,
    pub(super) label: LabelId,
    /// The probability, from 0 to 1, that exactly these words are a mention of this label.
    pub(super) score: f32,
}

/// The legal paths of one tag set, and the temperature that calibrates the probabilities.
#[derive(Clone, Debug)]
pub(super) struct Lattice {
    tags: Vec<Tag>,
    may_start: Vec<bool>,
    may_end: Vec<bool>,
    /// `[n_tags, n_tags]`: whether the column's tag may follow the row's.
    may_follow: Vec<bool>,
    /// `[n_tags, n_tags]`: whether the column's tag goes on with the row's mention.
    goes_on: Vec<bool>,
    temperature: f64,
}

impl Lattice {
    pub(super) fn new(tag_set: &TagSet, temperature: f32) -> Self {
        assert!(!tag_set.is_empty(), "a model has at least one tag");
        assert!(temperature > 0.0, "a temperature is positive");
        let tags = tag_set.tags().to_vec();
        let scheme = tag_set.scheme();
        let pairs = || tags.iter().flat_map(|&prev| tags.iter().map(move |&next| (prev, next)));
        let may_follow: Vec<bool> = pairs().map(|(prev, next)| scheme.may_follow(prev, next)).collect();
        let goes_on = pairs().map(|(prev, next)| scheme.may_follow(prev, next) && goes_on(prev, next)).collect();
        let may_start = tags.iter().map(|&tag| scheme.may_start(tag)).collect();
        let may_end = tags.iter().map(|&tag| scheme.may_end(tag)).collect();
        Self { may_start, may_end, may_follow, goes_on, tags, temperature: f64::from(temperature) }
    }

    /// The mentions of one line; `logits` is `[n_words, n_tags]`.
    ///
    /// Ties go to the tag that comes first. If the tag set has no legal path at all (a lone `B-` in BIOES), the rules do not apply.
    pub(super) fn decode(&self, logits: ArrayView2<'_, f32>) -> Vec<Scored> {
        assert_eq!(logits.ncols(), self.tags.len(), "one logit for each tag");
        if logits.nrows() == 0 {
            return Vec::new();
        }
        let path = self.best_path(logits);
        let spans = self.spans(&path);
        if spans.is_empty() {
            return Vec::new();
        }
        let sums = Sums::new(self, logits);
        let scored = |(words, label): (Range<usize>, LabelId)| {
            let score = sums.probability(&words, label).clamp(0.0, 1.0) as f32;
            Scored { words, label, score }
        };
        spans.into_iter().map(scored).collect()
    }

    /// The probabilities that some stretches of a line are mentions; `logits` is `[n_words, n_tags]`.
    pub(super) fn probabilities(
        &self,
        logits: ArrayView2<'_, f32>,
        wanted: impl Iterator<Item = (Range<usize>, LabelId)>,
    ) -> Vec<f32> {
        let sums = Sums::new(self, logits);
        wanted.map(|(words, label)| sums.probability(&words, label).clamp(0.0, 1.0) as f32).collect()
    }

    pub(super) fn temperature(&self) -> f64 {
        self.temperature
    }

    fn n(&self) -> usize {
        self.tags.len()
    }

    /// The tag of each word on the legal path with the highest sum of logits.
    fn best_path(&self, logits: ArrayView2<'_, f32>) -> Vec<usize> {
        let (n, last) = (self.n(), logits.nrows() - 1);
        let barred = |legal: bool| if legal { 0.0 } else { BARRED };
        let mut best: Vec<f64> =
            logits.row(0).iter().zip(&self.may_start).map(|(&x, &legal)| f64::from(x) + barred(legal)).collect();
        let mut back = Vec::with_capacity(last * n);
        let mut next = vec![0.0; n];
        for row in logits.rows().into_iter().skip(1) {
            for tag in 0..n {
                let (mut from, mut highest) = (0, f64::NEG_INFINITY);
                for (prev, &so_far) in best.iter().enumerate() {
                    let score = so_far + barred(self.may_follow[prev * n + tag]);
                    if score > highest {
                        (from, highest) = (prev, score);
                    }
                }
                back.push(from);
                next[tag] = highest + f64::from(row[tag]);
            }
            std::mem::swap(&mut best, &mut next);
        }
        let (mut tag, mut highest) = (0, f64::NEG_INFINITY);
        for (end, &score) in best.iter().enumerate() {
            let score = score + barred(self.may_end[end]);
            if score > highest {
                (tag, highest) = (end, score);
            }
        }
        let mut path = vec![tag; last + 1];
        for word in (0..last).rev() {
            tag = back[word * n + tag];
            path[word] = tag;
        }
        path
    }

    fn spans(&self, path: &[usize]) -> Vec<(Range<usize>, LabelId)> {
        let mut spans: Vec<(Range<usize>, LabelId)> = Vec::new();
        for (word, &tag) in path.iter().enumerate() {
            let Some(label) = self.tags[tag].label() else { continue };
            match spans.last_mut() {
                Some((words, _)) if words.end == word && self.goes_on[path[word - 1] * self.n() + tag] => {
                    words.end += 1;
                }
                _ => spans.push((word..word + 1, label)),
            }
        }
        spans
    }
}

/// The score of a step against the scheme: lower than any logits can outweigh, but finite, so that there always is a path.
const BARRED: f64 = -1e6;

/// Whether `next` is in the same mention as `prev`, given that it may follow.
fn goes_on(prev: Tag, next: Tag) -> bool {
    matches!(next, Tag::Inside(_) | Tag::End(_)) && prev.label() == next.label()
}

/// Sums over all legal paths, scaled so that those of each word add up to one.
struct Sums<'a> {
    lattice: &'a Lattice,
    /// `[n_words, n_tags]`: scaled `exp(logit / temperature)`.
    emissions: Vec<f64>,
    /// `[n_words, n_tags]`: the weight of all paths up to this tag.
    forward: Vec<f64>,
    /// `[n_words, n_tags]`: the weight of all paths on from this tag.
    backward: Vec<f64>,
}

impl<'a> Sums<'a> {
    fn new(lattice: &'a Lattice, logits: ArrayView2<'_, f32>) -> Self {
        let (n, words) = (lattice.n(), logits.nrows());
        let mut emissions = Vec::with_capacity(words * n);
        for row in logits.rows() {
            let max = row.iter().copied().fold(f32::NEG_INFINITY, f32::max);
            emissions.extend(row.iter().map(|&x| (f64::from(x - max) / lattice.temperature).exp()));
        }
        let mut forward = vec![0.0; words * n];
        for word in 0..words {
            let (before, now) = forward.split_at_mut(word * n);
            for tag in 0..n {
                let reach = match word {
                    0 => f64::from(u8::from(lattice.may_start[tag])),
                    _ => (0..n)
                        .filter(|prev| lattice.may_follow[prev * n + tag])
                        .map(|p| before[(word - 1) * n + p])
                        .sum(),
                };
                now[tag] = reach * emissions[word * n + tag];
            }
            // The scale of a word cancels out of every probability; it keeps the weights of long lines in range.
            let sum: f64 = now[..n].iter().sum();
            let scale = if sum > 0.0 { 1.0 / sum } else { 1.0 };
            now[..n].iter_mut().for_each(|x| *x *= scale);
            emissions[word * n..(word + 1) * n].iter_mut().for_each(|x| *x *= scale);
        }
        let mut backward = vec![0.0; words * n];
        for word in (0..words).rev() {
            for tag in 0..n {
                backward[word * n + tag] = if word + 1 == words {
                    f64::from(u8::from(lattice.may_end[tag]))
                } else {
                    let next = (word + 1) * n;
                    let legal = |to: &usize| lattice.may_follow[tag * n + to];
                    (0..n).filter(legal).map(|to| emissions[next + to] * backward[next + to]).sum()
                };
            }
        }
        Self { lattice, emissions, forward, backward }
    }

    /// The share of all paths on which exactly `words` are one mention of `label`.
    fn probability(&self, words: &Range<usize>, label: LabelId) -> f64 {
        let (lattice, n) = (self.lattice, self.lattice.n());
        let total: f64 = (0..n).map(|tag| self.forward[tag] * self.backward[tag]).sum();
        let own = |tag: usize| lattice.tags[tag].label() == Some(label);
        let mut state = vec![0.0; n];
        for (tag, mass) in state.iter_mut().enumerate().filter(|(tag, _)| own(*tag)) {
            let reach: f64 = match words.start {
                0 => f64::from(u8::from(lattice.may_start[tag])),
                start => (0..n)
                    .filter(|prev| lattice.may_follow[prev * n + tag] && !lattice.goes_on[prev * n + tag])
                    .map(|prev| self.forward[(start - 1) * n + prev])
                    .sum(),
            };
            *mass = reach * self.emissions[words.start * n + tag];
        }
        for word in words.start + 1..words.end {
            state = (0..n)
                .map(|tag| {
                    let reach: f64 =
                        (0..n).filter(|prev| lattice.goes_on[prev * n + tag]).map(|prev| state[prev]).sum();
                    reach * self.emissions[word * n + tag]
                })
                .collect();
        }
        let past = words.end * n;
        let mass: f64 = (0..n)
            .map(|tag| {
                let after: f64 = if past == self.emissions.len() {
                    f64::from(u8::from(lattice.may_end[tag]))
                } else {
                    (0..n)
                        .filter(|next| lattice.may_follow[tag * n + next] && !lattice.goes_on[tag * n + next])
                        .map(|next| self.emissions[past + next] * self.backward[past + next])
                        .sum()
                };
                state[tag] * after
            })
            .sum();
        if total > 0.0 { mass / total } else { 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use ndarray::Array2;
    use proptest::prelude::*;

    use super::*;

    fn lattice(names: &[&str]) -> Lattice {
        Lattice::new(&TagSet::parse(names).expect("a tag set"), 1.0)
    }

    const IOB2: &[&str] = &["O", "B-PER", "I-PER", "B-LOC", "I-LOC"];
    const BIOES: &[&str] = &["O", "B-PER", "I-PER", "E-PER", "S-PER"];

    /// Every legal path with its weight, the slow and certain way.
    fn paths(lattice: &Lattice, logits: &Array2<f32>) -> Vec<(Vec<usize>, f64)> {
        let n = lattice.n();
        let mut paths: Vec<(Vec<usize>, f64)> = vec![(Vec::new(), 0.0)];
        for row in logits.rows() {
            let longer = |(path, weight): (Vec<usize>, f64)| {
                (0..n)
                    .filter_map(move |tag| {
                        let legal =
                            path.last().map_or(lattice.may_start[tag], |&prev| lattice.may_follow[prev * n + tag]);
                        legal.then(|| ([&path[..], &[tag]].concat(), weight + f64::from(row[tag])))
                    })
                    .collect::<Vec<_>>()
            };
            paths = paths.into_iter().flat_map(longer).collect();
        }
        paths.retain(|(path, _)| path.last().is_none_or(|&tag| lattice.may_end[tag]));
        paths
    }

    #[test]
    fn a_loose_inside_is_pulled_into_a_legal_path() {
        // The model says O, I-PER, I-PER: the legal path that loses least begins a mention.
        let logits = ndarray::arr2(&[[5.0, 0.0, 0.0, 0.0, 0.0], [0.0, 3.0, 4.0, 0.0, 0.0], [0.0, 0.0, 6.0, 0.0, 0.0]]);
        let found = lattice(IOB2).decode(logits.view());
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].words, 1..3);
        assert!(found[0].score > 0.8 && found[0].score < 1.0, "{}", found[0].score);
    }

    #[test]
    fn no_words_no_mentions() {
        assert_eq!(lattice(IOB2).decode(Array2::zeros((0, 5)).view()), []);
    }

    #[test]
    fn a_high_temperature_doubts() {
        let logits = ndarray::arr2(&[[0.0, 4.0, 0.0, 0.0, 0.0]]);
        let tags = TagSet::parse(IOB2).expect("a tag set");
        let sure = Lattice::new(&tags, 0.5).decode(logits.view())[0].score;
        let unsure = Lattice::new(&tags, 2.0).decode(logits.view())[0].score;
        assert!(sure > 0.99 && unsure < 0.8, "{sure} {unsure}");
    }

    #[test]
    fn long_lines_stay_within_numbers() {
        let logits =
            Array2::from_shape_fn(
                (20_000, 5),
                |(word, tag)| if word % 7 == 3 && tag == 1 { 30.0 } else { -30.0 * tag as f32 },
            );
        let found = lattice(IOB2).decode(logits.view());
        assert_eq!(found.len(), (0..20_000).filter(|word| word % 7 == 3).count());
        assert!(found.iter().all(|mention| mention.score > 0.99));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(300))]
        #[test]
        fn agrees_with_all_paths(
            bioes in any::<bool>(),
            words in 1usize..6,
            numbers in prop::collection::vec(-4.0f32..4.0, 25),
        ) {
            let lattice = lattice(if bioes { BIOES } else { IOB2 });
            let logits = Array2::from_shape_vec((words, 5), numbers[..words * 5].to_vec()).expect("five a word");
            let all = paths(&lattice, &logits);
            let best = all.iter().map(|(_, weight)| *weight).fold(f64::NEG_INFINITY, f64::max);
            let path = lattice.best_path(logits.view());
            let weight = all.iter().find(|(other, _)| *other == path).map(|(_, weight)| *weight);
            prop_assert!(weight.is_some_and(|weight| (weight - best).abs() < 1e-4));
            let total: f64 = all.iter().map(|(_, weight)| weight.exp()).sum();
            for mention in lattice.decode(logits.view()) {
                let held: f64 = all
                    .iter()
                    .filter(|(path, _)| lattice.spans(path).contains(&(mention.words.clone(), mention.label)))
                    .map(|(_, weight)| weight.exp())
                    .sum();
                prop_assert!((f64::from(mention.score) - held / total).abs() < 1e-5);
            }
        }
    }
}
