//! What is scored, and how good is each system?

use super::scores::interval_of;
use crate::eval::Tally;
use crate::eval::report::content::Report;
use crate::eval::report::section::{Part, Section, percent};
use crate::text::{Grouped, plural};

pub(super) fn overview(report: &Report) -> Section {
    let n_mentions = report.gold.mentions - report.gold.left_out - report.gold.duplicates;
    let title = format!("{} in {}", plural(n_mentions, "gold mention"), plural(report.gold.documents, "document"));
    let mut section = Section::new(title)
        .about(Part::Overview)
        .words(&["system"])
        .numbers(&["precision", "recall", "F1"])
        .words(&["95% interval"])
        .numbers(&["correct", "predicted"]);
    for system in &report.systems {
        let micro = system.scores.micro;
        let interval = system.intervals.as_ref().and_then(|intervals| intervals.f1);
        section.row([
            system.name.clone(),
            percent(micro.precision),
            percent(micro.recall),
            percent(micro.f1),
            interval_of(interval),
            micro.counts.correct.to_string(),
            micro.counts.predicted.to_string(),
        ]);
        if let Some(repairs) = system.repairs.filter(|repairs| repairs.repairs > 0) {
            let tags = match repairs.repairs {
                1 => "1 tag breaks its scheme".to_owned(),
                n => format!("{} tags break their scheme", Grouped(n)),
            };
            section.note(format!(
                "{}: {tags}. F1 is {} if such a tag begins a mention (conlleval, seqeval), {} if it is discarded (seqeval strict, seqscore).",
                system.name,
                percent(repairs.begin.f1),
                percent(repairs.discard.f1),
            ));
        }
    }
    for renaming in report.stamp.map.iter().filter(|renaming| renaming.mentions == 0) {
        section.note(format!("--map {}={}: no mention has that label.", renaming.from, renaming.to));
    }
    for label in report.stamp.labels.iter().flatten().filter(|label| !report.known_labels.contains(label)) {
        section.note(format!("--labels {label}: no mention has that label."));
    }
    let systems = report.systems.iter().map(|system| ("system", &system.tally));
    for (side, tally) in std::iter::once(("gold", &report.gold)).chain(systems) {
        for remark in remarks(tally) {
            section.note(format!("{side} {}: {remark}.", tally.name));
        }
        if let Some(first) = &tally.first_odd {
            section.note(format!("{side} {}: the first sentence with other words is in {first}.", tally.name));
        }
    }
    section
}

/// What is not scored as it was read.
fn remarks(tally: &Tally) -> impl Iterator<Item = String> {
    let remarks = [
        (tally.left_out, "mention left out because of its label", "mentions left out because of their labels"),
        (tally.duplicates, "repeated mention, counted once", "repeated mentions, each counted once"),
        (tally.overlapping, "mention that overlaps another one", "mentions that overlap others"),
        (
            tally.without_text,
            "mention without text (empty, or beyond the end)",
            "mentions without text (empty, or beyond the end)",
        ),
        (
            tally.missing_documents,
            "document missing: its gold mentions count as missed",
            "documents missing: their gold mentions count as missed",
        ),
        (
            tally.extra_documents,
            "document not scored, since the gold lacks it",
            "documents not scored, since the gold lacks them",
        ),
        (
            tally.respaced_documents,
            "document with other blanks than the gold's, aligned by its characters",
            "documents with other blanks than the gold's, aligned by their characters",
        ),
        (
            tally.odd_documents,
            "document with other words than the gold's, aligned by the words that are the same",
            "documents with other words than the gold's, aligned by the words that are the same",
        ),
        (
            tally.odd_sentences,
            "sentence with other words than the gold's: what only the gold has counts as missed",
            "sentences with other words than the gold's: what only the gold has counts as missed",
        ),
        (
            tally.unaligned_mentions,
            "mention not scored, since the gold lacks its text",
            "mentions not scored, since the gold lacks their text",
        ),
        (tally.differing_tokens, "token that the gold spells differently", "tokens that the gold spells differently"),
    ];
    let present = remarks.into_iter().filter(|(count, ..)| *count > 0);
    present.map(|(count, one, several)| format!("{} {}", Grouped(count), if count == 1 { one } else { several }))
}
