//! What is scored, and how good is each system?

use super::scores::interval_of;
use crate::eval::Tally;
use crate::eval::report::content::Report;
use crate::eval::report::section::{Part, Section, percent};
use crate::eval::report::system::SystemReport;
use crate::eval::report::unknown_labels::UnknownLabels;
use crate::text::{Grouped, plural};

/// What is scored, the result in a sentence, the main scores and what a reader should know about them.
pub(super) fn overview(report: &Report) -> Section {
    let n_mentions = report.gold.mentions - report.gold.left_out - report.gold.duplicates;
    let title = format!("{} in {}", plural(n_mentions, "gold mention"), plural(report.gold.documents, "document"));
    let section = Section::new(title).about(Part::Overview).led_by(&report.summary);
    let mut section = match &report.systems[..] {
        [only] => row_of(only, section),
        several => columns_of(several, section),
    };
    section.notes = remarks(report);
    section
}

/// The main scores of the only system.
fn row_of(system: &SystemReport, section: Section) -> Section {
    let mut section = section
        .words(&["system"])
        .numbers(&["precision", "recall", "F1"])
        .words(&["95% interval"])
        .numbers(&["correct", "predicted"]);
    let micro = system.scores.micro;
    section.row([
        system.name.clone(),
        percent(micro.precision),
        percent(micro.recall),
        percent(micro.f1),
        interval(system),
        micro.counts.correct.to_string(),
        micro.counts.predicted.to_string(),
    ]);
    section
}

/// A figure of a system, as text.
type Figure = (&'static str, fn(&SystemReport) -> String);

/// The ratios that everybody wants to know.
const RATIOS: [Figure; 3] = [
    ("precision", |system| percent(system.scores.micro.precision)),
    ("recall", |system| percent(system.scores.micro.recall)),
    ("F1", |system| percent(system.scores.micro.f1)),
];

/// The main scores of several systems, a column for each.
fn columns_of(systems: &[SystemReport], section: Section) -> Section {
    let others: [Figure; 3] = [
        ("95% interval", interval),
        ("correct", |system| system.scores.micro.counts.correct.to_string()),
        ("predicted", |system| system.scores.micro.counts.predicted.to_string()),
    ];
    figures(systems, section, RATIOS.iter().chain(&others))
}

fn figures<'f>(systems: &[SystemReport], section: Section, figures: impl IntoIterator<Item = &'f Figure>) -> Section {
    let names: Vec<&str> = systems.iter().map(|system| system.name.as_str()).collect();
    let mut section = section.words(&[""]).numbers(&names);
    for (name, figure) in figures {
        section.row(std::iter::once((*name).to_owned()).chain(systems.iter().map(figure)));
    }
    section
}

/// The result in a sentence, and a table of four lines.
pub(crate) fn in_brief(report: &Report) -> Section {
    figures(&report.systems, Section::default().led_by(&report.summary), &RATIOS)
}

fn interval(system: &SystemReport) -> String {
    interval_of(system.intervals.as_ref().and_then(|intervals| intervals.f1))
}

/// What a reader should know about the scores.
pub(crate) fn remarks(report: &Report) -> Vec<String> {
    let mut notes: Vec<String> = report.systems.iter().filter_map(repairs).collect();
    for renaming in report.stamp.map.iter().filter(|renaming| renaming.mentions == 0) {
        notes.push(format!("--map {}={}: no mention has that label.", renaming.from, renaming.to));
    }
    for label in report.stamp.labels.iter().flatten().filter(|label| !report.known_labels.contains(label)) {
        notes.push(format!("--labels {label}: no mention has that label."));
    }
    let gold_labels = gold_labels(report);
    for system in &report.systems {
        notes.extend(unknown_labels(system, &gold_labels));
        if system.tally.mentions == 0 && report.gold.mentions > 0 {
            notes.push(format!(
                "{} has no mentions at all: `allonym tag` makes predictions, and --model scores a model.",
                system.name
            ));
        }
    }
    let systems = report.systems.iter().map(|system| (format!("system {}", system.name), &system.tally));
    for (side, tally) in std::iter::once((format!("gold {}", report.gold.name), &report.gold)).chain(systems) {
        notes.extend(changes(tally).map(|change| format!("{side}: {change}.")));
        if let Some(first) = &tally.first_odd {
            notes.push(format!("{side}: the first sentence with other words is in {first}."));
        }
    }
    notes
}

/// How much it matters how tags that break their scheme are read.
fn repairs(system: &SystemReport) -> Option<String> {
    let repairs = system.repairs.filter(|repairs| repairs.repairs > 0)?;
    let tags = match repairs.repairs {
        1 => "1 tag breaks its scheme".to_owned(),
        n => format!("{} tags break their scheme", Grouped(n)),
    };
    Some(format!(
        "{}: {tags}. F1 is {} if such a tag begins a mention (conlleval, seqeval), {} if it is discarded (seqeval strict, seqscore).",
        system.name,
        percent(repairs.begin.f1),
        percent(repairs.discard.f1),
    ))
}

/// The labels that gold mentions have.
fn gold_labels(report: &Report) -> Vec<&str> {
    let labels = report.systems.first().map_or(&[][..], |system| &system.scores.labels);
    labels.iter().filter(|label| label.figures.counts.gold > 0).map(|label| label.label.as_str()).collect()
}

/// What the labels cost that the gold lacks, and what to do about it.
fn unknown_labels(system: &SystemReport, gold: &[&str]) -> Option<String> {
    const NAMED: usize = 5;
    let UnknownLabels { labels, mentions, f1_without, cost } = system.unknown_labels.as_ref()?;
    let mut named = labels.iter().take(NAMED).map(String::as_str).collect::<Vec<_>>().join(", ");
    if labels.len() > NAMED {
        named += &format!(" and {} more", labels.len() - NAMED);
    }
    let have = if *mentions == 1 { "has" } else { "have" };
    let which = if labels.len() == 1 { "a label" } else { "labels" };
    let cost = match f1_without.zip(*cost) {
        Some((f1, cost)) => format!("F1 is {} without, {:.2} higher", percent(Some(f1)), 100.0 * cost),
        None => "F1 is undefined without".to_owned(),
    };
    Some(format!(
        "{}: {} {have} {which} that the gold lacks ({named}); {cost}. --labels {} leaves them out, --map FROM=TO renames them.",
        system.name,
        plural(*mentions, "mention"),
        gold.join(","),
    ))
}

/// What is not scored as it was read.
fn changes(tally: &Tally) -> impl Iterator<Item = String> {
    let changes = [
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
    let present = changes.into_iter().filter(|(count, ..)| *count > 0);
    present.map(|(count, one, several)| format!("{} {}", Grouped(count), if count == 1 { one } else { several }))
}
