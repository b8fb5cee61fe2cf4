//! The forms of a report for people.

use super::content::Report;
use super::html::html;
#[cfg(feature = "cli")]
use super::sections::remarks;
use super::sections::{in_brief, sections};
use super::text;
use crate::eval::Corpus;

impl Report {
    /// The report for a terminal, 80 columns wide. `emphasis` styles the titles; to leave them as they are, pass
    /// `str::to_owned`.
    pub fn text(&self, emphasis: impl Fn(&str) -> String) -> String {
        text::text(&sections(self), emphasis)
    }

    /// The report in five lines: the [`summary`](Self#structfield.summary), the names of the systems, and their precision, recall
    /// and F1.
    pub fn brief(&self) -> String {
        text::brief(&in_brief(self))
    }

    /// What is not scored as it was read, and what to do about it.
    #[cfg(feature = "cli")]
    pub(crate) fn remarks(&self) -> Vec<String> {
        remarks(self)
    }

    /// The report as Markdown.
    pub fn markdown(&self) -> String {
        text::markdown(&sections(self))
    }

    /// The report as an HTML page that needs no other file, with the documents side by side. `corpus` is the one that the
    /// report was made from.
    ///
    /// # Panics
    /// If the corpus has other systems than the report.
    pub fn html(&self, corpus: &Corpus) -> String {
        assert_eq!(self.systems.len(), corpus.n_systems, "the report and the corpus have the same systems");
        html(self, corpus, &sections(self))
    }
}
