//! The table of suspicious gold labels, for review.

use std::path::Path;

use crate::eval::{Corpus, Suspect, SuspectMention};
use crate::io::{Cell, Error, TableWriter};
use crate::text::Span;

/// The last column is for the reviewer.
const COLUMNS: [&str; 12] =
    ["rank", "suspicion", "reason", "doc", "start", "end", "text", "gold", "predicted", "before", "after", "decision"];

/// Writes the suspects, the most suspicious first. Offsets are in characters.
pub(crate) fn write(path: &Path, corpus: &Corpus, suspects: &[Suspect]) -> Result<(), Error> {
    let mut table = TableWriter::create(path, &COLUMNS)?;
    for (index, suspect) in suspects.iter().enumerate() {
        table.write(&row(index as u64 + 1, suspect, &corpus.documents()[suspect.document].text))?;
    }
    table.finish()
}

fn row(rank: u64, suspect: &Suspect, text: &str) -> [Cell; COLUMNS.len()] {
    let characters = |byte: usize| text.get(..byte).map_or(0, |before| before.chars().count() as u64);
    let spans = || suspect.gold.iter().chain(&suspect.predicted).map(|mention| mention.span);
    let start = spans().map(Span::start).min().unwrap_or_default();
    let end = spans().map(Span::end).max().unwrap_or_default();
    let mentions = |list: &[SuspectMention]| {
        let list = list.iter().map(|mention| {
            let surface = mention.span.slice(text).unwrap_or_default();
            format!("{} {}", surface.split_whitespace().collect::<Vec<_>>().join(" "), mention.label)
        });
        Cell::Text(list.collect::<Vec<_>>().join(" + "))
    };
    [
        Cell::Count(rank),
        Cell::Ratio(suspect.suspicion),
        Cell::Text(suspect.reason.as_str().to_owned()),
        Cell::Text(suspect.document_id.clone()),
        Cell::Count(characters(start)),
        Cell::Count(characters(end)),
        Cell::Text(suspect.context.marked.clone()),
        mentions(&suspect.gold),
        mentions(&suspect.predicted),
        Cell::Text(suspect.context.before.clone()),
        Cell::Text(suspect.context.after.clone()),
        Cell::Text(String::new()),
    ]
}
