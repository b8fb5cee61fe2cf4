//! The table of suspicious gold labels, filled in and read back.

use std::collections::BTreeSet;
use std::path::Path;

use super::error::Error;
use crate::desk::{Desk, Labelled, MentionId, Op, Settled, Take, occurrences};
use crate::text::{Label, OffsetUnit, Offsets, Span};

/// The words that say that the gold is right, and those that say that it is wrong.
const RIGHT: [&str; 3] = ["gold", "right", "keep"];
const WRONG: [&str; 3] = ["predicted", "wrong", "change"];

/// The decisions of a table that `allonym eval --suspects` wrote.
pub(super) struct Suspects {
    path: String,
    rows: Vec<(u64, Suspect)>,
}

/// A row with a decision.
struct Suspect {
    document: String,
    place: (usize, usize),
    /// The words and the label of each mention that was predicted.
    predicted: Vec<(String, String)>,
    take: Take,
}

impl Suspects {
    pub(super) fn open(path: &Path) -> Result<Self, Error> {
        let place = path.display().to_string();
        let rows = crate::io::table_rows(path)?;
        let mut decided = Vec::new();
        for (nth, row) in rows.into_iter().enumerate() {
            let number = nth as u64 + 1;
            let fail = |expected: &str, found: String| Error::Row {
                path: place.clone(),
                row: number,
                expected: expected.to_owned(),
                found,
            };
            let cell = |name: &str| {
                let found = row.get(name).map(String::as_str);
                found.ok_or_else(|| fail(&format!("a column {name:?}"), "none".to_owned()))
            };
            let decision = cell("decision")?.trim().to_lowercase();
            let take = match decision.as_str() {
                "" => continue,
                it if RIGHT.contains(&it) => Take::Mine,
                it if WRONG.contains(&it) => Take::Other,
                _ => return Err(fail("gold or predicted as decision, or nothing", format!("{decision:?}"))),
            };
            let number_in = |name: &str| -> Result<usize, Error> {
                let found = cell(name)?;
                found.trim().parse().map_err(|_| fail(&format!("a number as {name:?}"), format!("{found:?}")))
            };
            let predicted =
                cell("predicted")?.split(" + ").filter(|it| !it.is_empty()).map(|it| match it.rsplit_once(' ') {
                    Some((words, label)) => Ok((words.to_owned(), label.to_owned())),
                    None => Err(fail("words and a label as \"predicted\"", format!("{it:?}"))),
                });
            let predicted = predicted.collect::<Result<_, _>>()?;
            let place = (number_in("start")?, number_in("end")?);
            decided.push((number, Suspect { document: cell("doc")?.to_owned(), place, predicted, take }));
        }
        Ok(Self { path: place, rows: decided })
    }

    /// Makes the steps, and returns their number.
    pub(super) fn decide(&self, desk: &mut Desk) -> Result<usize, Error> {
        for (row, suspect) in &self.rows {
            self.decide_one(desk, suspect).map_err(|(expected, found)| Error::Row {
                path: self.path.clone(),
                row: *row,
                expected,
                found,
            })?;
        }
        Ok(self.rows.len())
    }

    fn decide_one(&self, desk: &mut Desk, suspect: &Suspect) -> Result<(), (String, String)> {
        let Suspect { document, place: (start, end), predicted, take } = suspect;
        let expected = |what: &str, found: String| (what.to_owned(), found);
        let index = desk.kept.iter().position(|kept| kept.key.id == *document);
        let index = index.ok_or_else(|| expected("a document of the input", format!("{document:?}")))?;
        let kept = &desk.kept[index];
        let text = kept.base.text.as_str();
        let region = Offsets::new(text, OffsetUnit::Char).span(*start, *end);
        let region = region.ok_or_else(|| expected("a place in the text", format!("{start} to {end}")))?;
        let mut other: Vec<Labelled<Span>> = Vec::new();
        let mut from = region.start();
        for (words, label) in predicted {
            let found = occurrences(&text[from..region.end()], words).next();
            let found =
                found.ok_or_else(|| expected("the words of the prediction in their place", format!("{words:?}")))?;
            let span = Span::new(from + found.start(), from + found.end());
            from = span.end();
            other.push(Labelled { at: span, label: label.clone() });
        }
        let near = kept.state.mentions.iter().filter(|(_, marked)| marked.mention.span.overlaps(region));
        let mine: Vec<MentionId> = near.map(|(id, _)| *id).collect();
        let version = kept.version;
        let more: Vec<Label> =
            other.iter().map(|it| Label::new(&it.label)).filter(|it| !desk.labels.contains(it)).collect();
        desk.labels.extend(more);
        // A row that was decided before needs no second step.
        let state = &desk.kept[index].state;
        let own: BTreeSet<Labelled<Span>> = mine.iter().map(|id| state.mentions[id].key()).collect();
        let others: BTreeSet<Labelled<Span>> = other.iter().cloned().collect();
        let is_done = match take {
            Take::Other => own == others,
            Take::Mine => state.decisions.settled.contains(&Settled { mine: own, other: others }),
        };
        if is_done {
            return Ok(());
        }
        let made = desk.step(index, version, &Op::Settle { mine, other, take: *take });
        made.map(drop).map_err(|refusal| expected("a step that fits the document", refusal.to_string()))
    }
}
