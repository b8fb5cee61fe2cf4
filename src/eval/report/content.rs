//! The figures of a report.

use std::collections::BTreeMap;

use serde::Serialize;

use super::difference::{DifferenceReport, correct_p_values};
use super::options::ReportOptions;
use super::stamp::Stamp;
use super::summary::summary;
use super::system::SystemReport;
use crate::eval::significance::compare_counts;
use crate::eval::unit::unit_counts;
use crate::eval::{Pairing, Tally};

/// All figures of one system or more.
///
/// ```
/// use allonym::eval::report::{Report, ReportOptions};
/// use allonym::eval::{Input, PairingOptions, pair};
/// use allonym::{Document, Label, Mention, Span};
///
/// let document = |label| {
///     let mention = Mention::new(Span::new(8, 14), Label::new(label));
///     Document { mentions: vec![mention], ..Document::new("a", "Rain in Beirut") }
/// };
/// let systems = vec![Input::new("a", vec![document("LOC")]), Input::new("b", vec![document("ORG")])];
/// let pairing = pair(Input::new("gold", vec![document("LOC")]), systems, &PairingOptions::default())?;
///
/// let report = Report::new(&pairing, &ReportOptions::default().samples(200).trials(200));
/// assert_eq!(report.metrics["f1"], Some(1.0));
/// assert_eq!(report.systems[1].error_counts.wrong_type, 1);
/// assert_eq!(report.differences[0].difference.delta_f1, Some(1.0));
/// assert!(report.summary.starts_with("a and b do not differ significantly (p = "));
/// assert!(report.markdown().starts_with("# 1 gold mention in 1 document\n"));
/// let page = report.html(&pairing.corpus);
/// assert!(page.starts_with("<!DOCTYPE html>"));
/// # Ok::<(), allonym::eval::PairingError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Report {
    /// How the report came about.
    pub stamp: Stamp,
    /// The result in a sentence: which systems differ, how good the only one is, and the most common error of the first.
    pub summary: String,
    /// The main scores of the first system by name, from 0 to 1: what a baseline holds.
    pub metrics: BTreeMap<String, Option<f64>>,
    /// The labels that are scored and occur, in the order of their first occurrence.
    pub known_labels: Vec<String>,
    /// What became of the gold.
    pub gold: Tally,
    /// The figures of each system.
    pub systems: Vec<SystemReport>,
    /// The differences between the first system and each of the others.
    pub differences: Vec<DifferenceReport>,
}

impl Report {
    /// Computes all figures, on the pool of the options.
    pub fn new(pairing: &Pairing, options: &ReportOptions<'_>) -> Self {
        options.pool.install(|| Self::compute(pairing, options))
    }

    fn compute(pairing: &Pairing, options: &ReportOptions<'_>) -> Self {
        let corpus = &pairing.corpus;
        let stamp = Stamp::new(pairing, options);
        let units = |system| unit_counts(corpus, system, stamp.unit);
        let systems: Vec<SystemReport> =
            (0..corpus.n_systems).map(|system| SystemReport::new(pairing, system, options)).collect();
        let mut differences = Vec::new();
        if corpus.n_systems > 1 {
            let first = units(0);
            differences.extend((1..corpus.n_systems).map(|system| {
                let difference = compare_counts(&first, &units(system), options.differences());
                DifferenceReport::new(pairing, [&systems[0], &systems[system]], (system, difference))
            }));
        }
        correct_p_values(&mut differences);
        let metrics = systems.first().map(SystemReport::metrics).unwrap_or_default();
        let known_labels = corpus.labels.iter().map(ToString::to_string).collect();
        let summary = summary(&systems, &differences, stamp.unit);
        Self { stamp, summary, metrics, known_labels, gold: pairing.gold.clone(), systems, differences }
    }
}
