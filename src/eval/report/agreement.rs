//! A report on the agreement of two annotators.

use serde::Serialize;

use super::options::ReportOptions;
use super::section::{Section, decimal, percent};
use super::sections::stamp;
use super::stamp::Stamp;
use super::text;
use crate::eval::{Agreement, Pairing, Tally, agreement};
use crate::text::plural;

/// The agreement of two annotators.
///
/// ```
/// use allonym::eval::report::{AgreementReport, ReportOptions};
/// use allonym::eval::{Input, PairingOptions, pair};
/// use allonym::{Document, Label, Mention, Span};
///
/// let document = |label| {
///     let mention = Mention::new(Span::new(8, 14), Label::new(label));
///     Document { mentions: vec![mention], ..Document::new("a", "Rain in Beirut") }
/// };
/// let bo = Input::new("bo.jsonl", vec![document("LOC")]);
/// let pairing = pair(Input::new("ann.jsonl", vec![document("LOC")]), vec![bo], &PairingOptions::default())?;
/// let report = AgreementReport::new(&pairing, &ReportOptions::default());
/// assert_eq!(report.agreement.strict_f1, Some(1.0));
/// assert!(report.markdown().starts_with("# Agreement of ann.jsonl (A) and bo.jsonl (B)\n"));
/// # Ok::<(), allonym::eval::PairingError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct AgreementReport {
    /// How the report came about.
    pub stamp: Stamp,
    /// What became of the first annotator's documents.
    pub a: Tally,
    /// What became of the second annotator's documents.
    pub b: Tally,
    /// The figures.
    pub agreement: Agreement,
}

impl AgreementReport {
    /// Compares the gold of a pairing with its first system, on the pool of the options.
    ///
    /// # Panics
    /// If there is no system.
    pub fn new(pairing: &Pairing, options: &ReportOptions<'_>) -> Self {
        let [b, ..] = &pairing.systems[..] else { panic!("agreement needs two annotators") };
        options.pool.install(|| Self {
            stamp: Stamp::new(pairing, options),
            a: pairing.gold.clone(),
            b: b.clone(),
            agreement: agreement(&pairing.corpus),
        })
    }

    /// The report for a terminal, 80 columns wide. `emphasis` styles the titles; to leave them as they are, pass
    /// `str::to_owned`.
    pub fn text(&self, emphasis: impl Fn(&str) -> String) -> String {
        text::text(&self.sections(), emphasis)
    }

    /// The report as Markdown.
    pub fn markdown(&self) -> String {
        text::markdown(&self.sections())
    }

    fn sections(&self) -> Vec<Section> {
        let found = &self.agreement;
        let mut mentions = Section::new(format!("Agreement of {} (A) and {} (B)", self.a.name, self.b.name))
            .words(&["mentions"])
            .numbers(&["F1", "both", "A", "B"]);
        for (name, counts, f1) in
            [("span and label", found.strict, found.strict_f1), ("span", found.boundary, found.boundary_f1)]
        {
            let counts = [counts.correct, counts.gold, counts.predicted].map(|count| count.to_string());
            mentions.row([name.to_owned(), percent(f1)].into_iter().chain(counts));
        }
        let mut words = Section::new("Word by word").words(&["words"]).numbers(&[
            "count",
            "same tag",
            "observed",
            "Cohen's kappa",
            "Krippendorff's alpha",
        ]);
        for (name, of) in [("all", &found.all_words), ("annotated by either", &found.annotated_words)] {
            words.row([
                name.to_owned(),
                of.words.to_string(),
                of.agreed.to_string(),
                decimal(of.observed),
                decimal(of.cohen_kappa),
                decimal(of.krippendorff_alpha),
            ]);
        }
        words.note(
            "Tags are IOB2. A word that either annotated cannot be outside for both, which lowers chance agreement.",
        );
        if found.untagged_mentions > 0 {
            let untagged = plural(found.untagged_mentions, "mention");
            words.note(format!("Without {untagged} that cannot be tagged: overlapping, or without a word."));
        }
        vec![mentions, words, stamp(&self.stamp)]
    }
}
