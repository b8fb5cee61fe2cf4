//! What does a system get wrong most often?

use std::fmt;

use super::system::SystemReport;
use crate::text::Grouped;

/// The most common error of a system: a cell of its confusion matrix, or the wrong boundaries of a label.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct CommonError<'r> {
    what: What<'r>,
    count: u64,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum What<'r> {
    /// A gold mention has another label in the output.
    Called { gold: &'r str, predicted: &'r str },
    /// The output has nothing there.
    Missed { gold: &'r str },
    /// The gold has nothing there.
    Spurious { predicted: &'r str },
    /// The label is right, and the boundaries are not.
    Boundaries { label: &'r str },
}

impl<'r> CommonError<'r> {
    /// That of a system; of several that are as frequent, the first one in the order of the matrix. `None` where all is right.
    pub(super) fn of(system: &'r SystemReport) -> Option<Self> {
        let confusion = &system.confusion;
        let correct = |label: &str| {
            let scores = system.scores.labels.iter().find(|scores| scores.label == label);
            scores.map_or(0, |scores| scores.figures.counts.correct)
        };
        let label = |index: usize| confusion.labels.get(index).map(String::as_str);
        let mut most: Option<Self> = None;
        for (g, row) in confusion.cells.iter().enumerate() {
            for (p, &cell) in row.iter().enumerate() {
                let (what, count) = match (label(g), label(p)) {
                    (Some(gold), Some(_)) if g == p => {
                        (What::Boundaries { label: gold }, cell.saturating_sub(correct(gold)))
                    }
                    (Some(gold), Some(predicted)) => (What::Called { gold, predicted }, cell),
                    (Some(gold), None) => (What::Missed { gold }, cell),
                    (None, Some(predicted)) => (What::Spurious { predicted }, cell),
                    (None, None) => continue,
                };
                if count > most.as_ref().map_or(0, |most| most.count) {
                    most = Some(Self { what, count });
                }
            }
        }
        most
    }
}

impl fmt::Display for CommonError<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.what {
            What::Called { gold, predicted } => write!(f, "{gold} called {predicted}")?,
            What::Missed { gold } => write!(f, "{gold} missed")?,
            What::Spurious { predicted } => write!(f, "{predicted} where the gold has nothing")?,
            What::Boundaries { label } => write!(f, "{label} with other boundaries")?,
        }
        match self.count {
            1 => f.write_str(", once"),
            n => write!(f, ", {} times", Grouped(n)),
        }
    }
}
