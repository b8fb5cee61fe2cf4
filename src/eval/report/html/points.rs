//! The figures in the page's pictures.

use crate::eval::report::content::Report;
use crate::eval::report::system::SystemReport;
use crate::eval::{Figures, Interval};

/// A figure in percent, perhaps with its interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Point {
    pub(super) value: f64,
    pub(super) interval: Option<Interval>,
}

/// A figure of every system.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Row {
    pub(super) name: String,
    /// By system; `None` if the figure is undefined.
    pub(super) points: Vec<Option<Point>>,
}

/// The main scores of all systems.
pub(super) fn main_scores(report: &Report) -> Vec<Row> {
    type Pick = fn(&SystemReport) -> Option<Point>;
    let picks: [(&str, Pick); 5] = [
        ("precision", |system| point(system.scores.micro.precision, system.intervals.and_then(|i| i.precision))),
        ("recall", |system| point(system.scores.micro.recall, system.intervals.and_then(|i| i.recall))),
        ("F1", |system| point(system.scores.micro.f1, system.intervals.and_then(|i| i.f1))),
        ("macro F1", |system| point(system.scores.macro_average.f1, system.intervals.and_then(|i| i.macro_f1))),
        ("boundary F1", |system| point(system.scores.boundary.f1, system.intervals.and_then(|i| i.boundary_f1))),
    ];
    let row =
        |(name, pick): (&str, Pick)| Row { name: name.to_owned(), points: report.systems.iter().map(pick).collect() };
    picks.into_iter().map(row).collect()
}

/// The F1 of every label in all systems.
pub(super) fn label_scores(report: &Report) -> Vec<Row> {
    let systems = &report.systems;
    let mut names: Vec<&str> =
        systems.iter().flat_map(|system| &system.scores.labels).map(|label| label.label.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    let f1 = |system: &SystemReport, name: &str| {
        let label = system.scores.labels.iter().find(|label| label.label == name)?;
        let Figures { f1, .. } = label.figures;
        point(f1, None)
    };
    let row = |name: &str| Row {
        name: without_controls(name),
        points: systems.iter().map(|system| f1(system, name)).collect(),
    };
    names.into_iter().map(row).collect()
}

/// A name for a picture, which escapes everything but control characters.
fn without_controls(name: &str) -> String {
    name.chars().map(|c| if c.is_control() { '␀' } else { c }).collect()
}

fn point(value: Option<f64>, interval: Option<Interval>) -> Option<Point> {
    let interval = interval.map(|Interval { low, high }| Interval { low: 100.0 * low, high: 100.0 * high });
    value.map(|value| Point { value: 100.0 * value, interval })
}
