//! Scores by label and on average.

use crate::eval::report::section::{Part, Section, percent};
use crate::eval::{Average, Figures, Interval, Intervals, Scores};

/// The columns of [`figures`] after the name.
pub(super) const FIGURES: [&str; 6] = ["precision", "recall", "F1", "correct", "predicted", "gold"];

/// A row of a name, ratios and counts.
pub(super) fn figures(name: &str, figures: Figures) -> impl Iterator<Item = String> {
    let ratios = [figures.precision, figures.recall, figures.f1].map(percent);
    let counts = [figures.counts.correct, figures.counts.predicted, figures.counts.gold].map(|count| count.to_string());
    std::iter::once(name.to_owned()).chain(ratios).chain(counts)
}

pub(super) fn interval_of(interval: Option<Interval>) -> String {
    interval
        .map_or_else(|| "n/a".to_owned(), |Interval { low, high }| format!("{:.2} to {:.2}", 100.0 * low, 100.0 * high))
}

pub(super) fn scores(scores: &Scores, intervals: Option<&Intervals>) -> Section {
    let mut section = Section::new("Scores")
        .about(Part::Scores)
        .words(&["label"])
        .numbers(&["precision", "recall", "F1"])
        .words(&["95% of F1"])
        .numbers(&["correct", "pred.", "gold"]);
    let interval = |pick: fn(&Intervals) -> Option<Interval>| {
        intervals.map_or_else(String::new, |intervals| interval_of(pick(intervals)))
    };
    let mut with_counts = |name: &str, figures: Figures, interval: String| {
        let [precision, recall, f1] = [figures.precision, figures.recall, figures.f1].map(percent);
        let counts = [figures.counts.correct, figures.counts.predicted, figures.counts.gold];
        let [correct, predicted, gold] = counts.map(|count| count.to_string());
        section.row([name.to_owned(), precision, recall, f1, interval, correct, predicted, gold]);
    };
    for label in &scores.labels {
        with_counts(&label.label, label.figures, String::new());
    }
    with_counts("micro", scores.micro, interval(|intervals| intervals.f1));
    with_counts("boundary", scores.boundary, interval(|intervals| intervals.boundary_f1));
    let mut average = |name: &str, ratios: [Option<f64>; 3], interval: String| {
        let [precision, recall, f1] = ratios.map(percent);
        section.row([name.to_owned(), precision, recall, f1, interval, String::new(), String::new(), String::new()]);
    };
    let ratios = |average: Average| [average.precision, average.recall, average.f1];
    average("macro", ratios(scores.macro_average), interval(|intervals| intervals.macro_f1));
    average("macro (gold)", ratios(scores.gold_macro_average), String::new());
    average("weighted", ratios(scores.weighted), String::new());
    let documents = &scores.documents;
    average("documents", [documents.precision, documents.recall, documents.f1], String::new());
    section.note(
        "boundary: spans alone, whatever their labels. macro: mean over the labels of either side; macro (gold): over those of the gold. weighted: mean over labels by their number of gold mentions. documents: mean over the documents in which a score is defined.",
    );
    section
}
