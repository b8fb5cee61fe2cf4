//! How far do two annotators agree?

use serde::Serialize;

use super::section::{Section, decimal, percent};
use super::{Stamp, text};
use crate::eval::{Agreement, Pairing, Tally, Unit, agreement, unit_counts};

/// The agreement of two annotators.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct AgreementReport {
    /// How the report came about.
    pub stamp: Stamp,
    /// What became of the first annotator's documents.
    pub a: Tally,
    /// What became of the second's.
    pub b: Tally,
    /// The figures.
    pub agreement: Agreement,
}

impl AgreementReport {
    /// Compares the gold side of a pairing with its first system.
    ///
    /// # Panics
    /// When there is no system.
    pub fn new(pairing: &Pairing, mut stamp: Stamp) -> Self {
        stamp.unit = Unit::of(&pairing.corpus);
        stamp.units = unit_counts(&pairing.corpus, 0, stamp.unit).len() as u64;
        let [b, ..] = &pairing.systems[..] else { panic!("agreement needs two annotators") };
        Self { stamp, a: pairing.gold.clone(), b: b.clone(), agreement: agreement(&pairing.corpus) }
    }

    /// The report for a terminal, 80 columns wide; `emphasis` dresses the titles.
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
            "number",
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
        words.note("The tags are IOB2. Of the words that either annotated none can be outside for both, which lowers what chance explains.");
        if found.untagged_mentions > 0 {
            words.note(format!(
                "{} mentions overlap others or touch no word and are left out here.",
                found.untagged_mentions
            ));
        }
        vec![mentions, words, self.stamp.section()]
    }
}
