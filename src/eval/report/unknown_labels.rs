//! Labels that a system has and the gold lacks: each mention with one of them is an error.

use serde::Serialize;

use crate::eval::{Counts, Scores};

/// The labels of a system that no gold mention has.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct UnknownLabels {
    /// The labels, those with the most mentions first.
    pub(crate) labels: Vec<String>,
    /// How many mentions have one of them.
    pub(crate) mentions: u64,
    /// The micro F1 without these mentions.
    pub(crate) f1_without: Option<f64>,
    /// How much lower the micro F1 is because of them, from 0 to 1.
    pub(crate) cost: Option<f64>,
}

impl UnknownLabels {
    /// Those of a system with these scores; `None` where there are none, or where the gold has no mentions at all.
    pub(super) fn of(scores: &Scores) -> Option<Self> {
        let Counts { correct, predicted, gold } = scores.micro.counts;
        let unknown = scores.labels.iter().filter(|label| label.figures.counts.gold == 0);
        let mut unknown: Vec<(&str, u64)> =
            unknown.map(|label| (label.label.as_str(), label.figures.counts.predicted)).collect();
        if gold == 0 || unknown.is_empty() {
            return None;
        }
        unknown.sort_by_key(|(_, mentions)| std::cmp::Reverse(*mentions));
        let mentions = unknown.iter().map(|(_, mentions)| mentions).sum();
        let f1_without = Counts { correct, predicted: predicted - mentions, gold }.f1();
        let cost = f1_without.zip(scores.micro.f1).map(|(without, with)| without - with);
        Some(Self {
            labels: unknown.into_iter().map(|(label, _)| label.to_owned()).collect(),
            mentions,
            f1_without,
            cost,
        })
    }
}
