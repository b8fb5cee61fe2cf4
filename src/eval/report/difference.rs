//! The difference between two systems.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use serde::Serialize;

use super::system::{SystemReport, first};
use crate::eval::excerpt::one_line;
use crate::eval::strict::{OnlyRight, only_right};
use crate::eval::{Corpus, Difference, Pairing};

/// The difference between the first system, A, and another one, B.
///
/// The JSON also lists the mentions that only one of them found, as `surfaces_only_a` and `surfaces_only_b`.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct DifferenceReport {
    /// The name of A.
    pub a: String,
    /// The name of B.
    pub b: String,
    /// A minus B.
    pub difference: Difference,
    /// The p-value after Holm's correction for the number of comparisons in the report (Holm 1979); `None` if there is no
    /// p-value.
    pub p_value_corrected: Option<f64>,
    /// How many gold mentions only A found.
    pub only_a: u64,
    /// How many gold mentions only B found.
    pub only_b: u64,
    /// The gold mentions that only A found, the most frequent first, 200 at most.
    pub(crate) surfaces_only_a: Vec<SurfaceCount>,
    /// The gold mentions that only B found, the most frequent first, 200 at most.
    pub(crate) surfaces_only_b: Vec<SurfaceCount>,
}

/// How often a name occurs.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub(crate) struct SurfaceCount {
    pub(crate) count: u64,
    pub(crate) text: String,
    pub(crate) label: String,
}

impl DifferenceReport {
    /// Compares the first system with another one, which has this number.
    pub(super) fn new(pairing: &Pairing, [a, b]: [&SystemReport; 2], (other, difference): (usize, Difference)) -> Self {
        let OnlyRight { only_a, only_b } = only_right(&pairing.corpus, 0, other);
        Self {
            a: a.name.clone(),
            b: b.name.clone(),
            p_value_corrected: difference.p_value,
            difference,
            only_a: only_a.len() as u64,
            only_b: only_b.len() as u64,
            surfaces_only_a: surfaces(&pairing.corpus, &only_a),
            surfaces_only_b: surfaces(&pairing.corpus, &only_b),
        }
    }
}

/// Gold mentions, given by document and index, grouped by surface and label, the most frequent first.
fn surfaces(corpus: &Corpus, mentions: &[(usize, usize)]) -> Vec<SurfaceCount> {
    let mut counts: BTreeMap<(&str, &str), u64> = BTreeMap::new();
    for &(document, mention) in mentions {
        let document = &corpus.documents[document];
        let item = document.gold[mention];
        let text = item.span.slice(&document.text).unwrap_or_default();
        *counts.entry((text, corpus.labels.label(item.label).as_str())).or_default() += 1;
    }
    let counted = |((text, label), count): ((&str, &str), u64)| SurfaceCount {
        count,
        text: one_line(text.trim()).into_owned(),
        label: label.to_owned(),
    };
    let mut list: Vec<SurfaceCount> = counts.into_iter().map(counted).collect();
    list.sort_by_key(|surface| Reverse(surface.count));
    first(list)
}

/// Holm's step-down correction.
pub(super) fn correct_p_values(differences: &mut [DifferenceReport]) {
    let mut order: Vec<usize> =
        (0..differences.len()).filter(|&i| differences[i].difference.p_value.is_some()).collect();
    order.sort_by(|&a, &b| {
        differences[a].difference.p_value.partial_cmp(&differences[b].difference.p_value).expect("no NaN")
    });
    let n = order.len();
    let mut largest = 0.0_f64;
    for (rank, index) in order.into_iter().enumerate() {
        let p = differences[index].difference.p_value.expect("only defined p-values are in the list");
        largest = largest.max((p * (n - rank) as f64).min(1.0));
        differences[index].p_value_corrected = Some(largest);
    }
}
