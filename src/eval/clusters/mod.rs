//! Coreference scores: do a system's entities hold the same mentions as the gold's?
//!
//! [`score`] compares two [`Clustering`]s of numbered mentions, the key (gold) and the response (system), by MUC, B3, CEAF,
//! BLANC, LEA, pairs and wrong merges. [`score_clusters`] does so for a corpus, within documents and across them. All scores
//! are sums that can be added up over documents before dividing, as the CoNLL scorer does.
//!
//! Where reference scorers disagree, we follow the CoNLL scorer 8.01 (Perl): a mention that a response repeats stays in its
//! first cluster, and BLANC leaves out a class of links that the key lacks. LEA, which that scorer does not have, follows
//! corefud-scorer. Undefined ratios are `None` here, and 0 in all of them.

mod assignment;
mod b_cubed;
mod blanc;
mod ceaf;
mod clustering;
mod contingency;
mod lea;
mod measure;
mod merges;
mod muc;
mod pairwise;
mod report;
mod rows;
mod scores;

pub use blanc::Blanc;
pub use clustering::Clustering;
pub use measure::{Measure, Ratios};
pub use merges::WrongMerges;
pub use report::{ClusterReport, Scopes, Subsets, score_clusters};
pub use rows::MentionKey;
pub use scores::{ClusterScores, score};

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;
    use serde_json::Value;

    use super::*;

    const CASES: &str = include_str!("../../../tests/cases/eval/clusters.json");

    fn clustering(value: &Value) -> Clustering {
        Clustering::new(serde_json::from_value::<Vec<Vec<u32>>>(value.clone()).expect("clusters of mentions"))
    }

    #[test]
    fn the_reference_scorers_agree() {
        let file: Value = serde_json::from_str(CASES).expect("the cases are JSON");
        let cases = file["cases"].as_array().expect("an array of cases");
        let mut compared = 0;
        for case in cases {
            let name = &case["name"];
            let scores = score(&clustering(&case["key"]), &clustering(&case["response"]));
            for (metric, ratios) in scores.ratios() {
                let Some(want) = case.get(metric).and_then(Value::as_array) else { continue };
                let got = [ratios.recall, ratios.precision, ratios.f1].map(|ratio| ratio.unwrap_or(0.0));
                for (got, want) in got.iter().zip(want).filter_map(|(got, want)| Some((got, want.as_f64()?))) {
                    compared += 1;
                    assert!((got - want).abs() < 1e-4, "{name} {metric}: {got} instead of {want}");
                }
            }
        }
        assert_eq!((cases.len(), compared), (36, 633));
    }

    /// Clusters from the cluster of each mention; 0 is a mention that the side lacks.
    fn clusters(places: &[u8]) -> Clustering {
        let mut clusters: BTreeMap<u8, Vec<u32>> = BTreeMap::new();
        for (mention, cluster) in (0..).zip(places).filter(|place| *place.1 > 0) {
            clusters.entry(*cluster).or_default().push(mention);
        }
        Clustering::new(clusters.into_values())
    }

    proptest! {
        /// The pair metrics and MUC against their definitions by pair.
        #[test]
        fn metrics_agree_with_definitions_by_pair(places in prop::collection::vec((0_u8..6, 0_u8..6), 0..20)) {
            let (key, response): (Vec<u8>, Vec<u8>) = places.iter().copied().unzip();
            let scores = score(&clusters(&key), &clusters(&response));
            let n = places.len();
            let (mut together, mut apart) = ([0; 3], [0; 3]);
            for (i, j) in (0..n).flat_map(|i| (i + 1..n).map(move |j| (i, j))) {
                let link = |side: &[u8]| (side[i] > 0 && side[j] > 0).then(|| side[i] == side[j]);
                let (key, response) = (link(&key), link(&response));
                for (counts, kind) in [(&mut together, true), (&mut apart, false)] {
                    let (in_key, in_response) = (key == Some(kind), response == Some(kind));
                    counts[0] += u64::from(in_key && in_response);
                    counts[1] += u64::from(in_response);
                    counts[2] += u64::from(in_key);
                }
            }
            let counts = |c: [u64; 3]| crate::eval::Counts { correct: c[0], predicted: c[1], gold: c[2] };
            prop_assert_eq!(scores.pairwise, counts(together));
            prop_assert_eq!(scores.blanc, Blanc { coreferent: counts(together), not_coreferent: counts(apart) });
            // A mention closes a right link if an earlier one is in both its clusters.
            let is_linked = |j: usize| (0..j).any(|i| key[i] > 0 && response[i] > 0 && places[i] == places[j]);
            prop_assert_eq!(scores.muc.correct, (0..n).filter(|j| is_linked(*j)).count() as u64);
        }

        /// B3 and LEA against their definitions by mention.
        #[test]
        fn metrics_agree_with_definitions_by_mention(places in prop::collection::vec((0_u8..6, 0_u8..6), 0..20)) {
            let scores = score(
                &clusters(&places.iter().map(|p| p.0).collect::<Vec<_>>()),
                &clusters(&places.iter().map(|p| p.1).collect::<Vec<_>>()),
            );
            let size = |of: &dyn Fn(&(u8, u8)) -> bool| places.iter().filter(|place| of(place)).count() as f64;
            let (mut b_cubed, mut lea) = (0.0, 0.0);
            for place in places.iter().filter(|place| place.0 > 0) {
                let own = size(&|other| other.0 == place.0);
                let both = size(&|other| other == place);
                if place.1 > 0 {
                    b_cubed += both / own;
                    let alone = own == 1.0 && size(&|other| other.1 == place.1) == 1.0;
                    // A cluster's n · (right links / links) is the sum over its mentions of right mates / mates.
                    lea += if own > 1.0 { (both - 1.0) / (own - 1.0) } else { f64::from(u8::from(alone)) };
                }
            }
            prop_assert!((scores.b_cubed.recall_numerator - b_cubed).abs() < 1e-9);
            prop_assert!((scores.lea.recall_numerator - lea).abs() < 1e-9);
        }

        #[test]
        fn equal_partitions_are_perfect(places in prop::collection::vec(0_u8..6, 0..20)) {
            let side = clusters(&places);
            for (metric, ratios) in score(&side, &side).ratios() {
                for ratio in [ratios.precision, ratios.recall, ratios.f1] {
                    prop_assert!(ratio.is_none_or(|ratio| (ratio - 1.0).abs() < 1e-12), "{}: {:?}", metric, ratios);
                }
            }
            let largest = (1..6).map(|c| places.iter().filter(|place| **place == c).count()).max();
            prop_assert_eq!(score(&side, &side).conll_mean().is_some(), largest > Some(1));
        }

        #[test]
        fn recall_one_way_is_precision_the_other(places in prop::collection::vec((0_u8..6, 0_u8..6), 0..20)) {
            let (key, response): (Vec<u8>, Vec<u8>) = places.into_iter().unzip();
            let (key, response) = (clusters(&key), clusters(&response));
            let (there, back) = (score(&key, &response), score(&response, &key));
            for ((metric, there), (_, back)) in there.ratios().into_iter().zip(back.ratios()).filter(|r| r.0.0 != "blanc") {
                let close = |a: Option<f64>, b: Option<f64>| match (a, b) {
                    (Some(a), Some(b)) => (a - b).abs() < 1e-9,
                    (a, b) => a == b,
                };
                prop_assert!(close(there.recall, back.precision) && close(there.f1, back.f1), "{}", metric);
            }
        }
    }
}
