//! Which mention of the gold is which mention of the system, and which entities do they belong to?

use std::ops::Range;

use super::contingency::{ABSENT, Placed};
use crate::eval::{Corpus, Item, Paired, Side};
use crate::label::LabelId;
use crate::text::Span;

/// When are two mentions the same?
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MentionKey {
    /// If they have the same span and label.
    #[default]
    SpanAndLabel,
    /// If they have the same span. Of several mentions with one span, the first (by label) counts.
    Span,
}

impl MentionKey {
    fn of(self, item: &Item) -> (Span, Option<LabelId>) {
        match self {
            Self::SpanAndLabel => (item.span, Some(item.label)),
            Self::Span => (item.span, None),
        }
    }
}

/// A mention of either side or of both.
#[derive(Clone, Copy, Debug)]
pub(super) struct Row {
    /// Its entities. A mention without an entity has a number of its own.
    pub(super) placed: Placed,
    /// Whether its gold entity has several surface forms in this document.
    pub(super) is_hard_within: bool,
    /// Whether its gold entity has several surface forms in the corpus.
    pub(super) is_hard_across: bool,
}

impl Row {
    pub(super) fn is_matched(self) -> bool {
        self.placed.key != ABSENT && self.placed.response != ABSENT
    }
}

/// The mentions of a corpus.
pub(super) struct Rows {
    pub(super) rows: Vec<Row>,
    /// The rows of each document.
    pub(super) documents: Vec<Range<usize>>,
}

impl Rows {
    /// Merges the mentions of the gold and of a system.
    pub(super) fn new(corpus: &Corpus, system: usize, key: MentionKey) -> Self {
        let side = Side::System(system);
        let mut numbers = [Numbers::new(corpus, Side::Gold), Numbers::new(corpus, side)];
        let mut across = Surfaces::default();
        let mut rows = Vec::new();
        let mut documents = Vec::with_capacity(corpus.documents.len());
        let mut within = Surfaces::default();
        for document in &corpus.documents {
            let start = rows.len();
            within.forget();
            for (gold, predicted) in merge(document, side, key) {
                let placed = Placed { key: numbers[0].of(gold), response: numbers[1].of(predicted) };
                if let Some(item) = gold.filter(|item| item.entity.is_some()) {
                    let surface = item.span.slice(&document.text).unwrap_or_default();
                    within.see(placed.key, surface);
                    across.see(placed.key, surface);
                }
                rows.push(Row { placed, is_hard_within: false, is_hard_across: false });
            }
            for row in &mut rows[start..] {
                row.is_hard_within = within.has_several(row.placed.key);
            }
            documents.push(start..rows.len());
        }
        for row in &mut rows {
            row.is_hard_across = across.has_several(row.placed.key);
        }
        Self { rows, documents }
    }
}

/// Numbers for the entities of a side.
struct Numbers {
    next: u32,
}

impl Numbers {
    fn new(corpus: &Corpus, side: Side) -> Self {
        let entities = corpus.documents.iter().flat_map(|document| document.items(side)).filter_map(|item| item.entity);
        Self { next: entities.map(|entity| entity.0 + 1).max().unwrap_or(0) }
    }

    /// The number of the mention's entity, or a new one if it has none.
    fn of(&mut self, item: Option<&Item>) -> u32 {
        let Some(item) = item else { return ABSENT };
        item.entity.map_or_else(
            || {
                self.next += 1;
                self.next - 1
            },
            |entity| entity.0,
        )
    }
}

/// Merges two sorted sides: a mention of the gold with the one of the system that is the same.
fn merge(document: &Paired, side: Side, key: MentionKey) -> impl Iterator<Item = (Option<&Item>, Option<&Item>)> {
    let [mut gold, mut predicted] = [Side::Gold, side].map(|side| {
        let mut last = None;
        let first = move |item: &&Item| last.replace(key.of(item)) != Some(key.of(item));
        document.items(side).iter().filter(first).peekable()
    });
    std::iter::from_fn(move || {
        let keys = (gold.peek().map(|item| key.of(item)), predicted.peek().map(|item| key.of(item)));
        let next = match keys {
            (None, None) => return None,
            (Some(one), None) | (None, Some(one)) => one,
            (Some(one), Some(two)) => one.min(two),
        };
        Some((gold.next_if(|item| key.of(item) == next), predicted.next_if(|item| key.of(item) == next)))
    })
}

/// Which entities have several surface forms?
#[derive(Default)]
struct Surfaces<'a> {
    /// By entity.
    seen: Vec<Seen<'a>>,
    /// The current round; what was seen in earlier rounds is forgotten.
    round: u32,
}

#[derive(Clone, Copy)]
struct Seen<'a> {
    round: u32,
    first: &'a str,
    has_several: bool,
}

impl Seen<'_> {
    /// Of a round that does not occur.
    const NEVER: Self = Self { round: u32::MAX, first: "", has_several: false };
}

impl<'a> Surfaces<'a> {
    fn forget(&mut self) {
        self.round += 1;
    }

    fn see(&mut self, entity: u32, surface: &'a str) {
        let index = entity as usize;
        if index >= self.seen.len() {
            self.seen.resize(index + 1, Seen::NEVER);
        }
        let seen = &mut self.seen[index];
        if seen.round == self.round {
            seen.has_several = seen.has_several || !is_same_surface(seen.first, surface);
        } else {
            *seen = Seen { round: self.round, first: surface, has_several: false };
        }
    }

    fn has_several(&self, entity: u32) -> bool {
        self.seen.get(entity as usize).is_some_and(|seen| seen.round == self.round && seen.has_several)
    }
}

/// Whether two surfaces differ only in case and white space.
fn is_same_surface(a: &str, b: &str) -> bool {
    let fold = |text: &str| text.split_whitespace().map(str::to_lowercase).collect::<Vec<_>>();
    a == b || fold(a) == fold(b)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_and_white_space_do_not_matter() {
        for (a, b, want) in [
            ("Iran", "Iran", true),
            ("IRAN", "Iran", true),
            ("Imran\nKhan", "Imran  Khan", true),
            ("ÉTAT", "état", true),
            ("Araghchi", "Araqchi", false),
            ("Imran Khan", "ImranKhan", false),
        ] {
            assert_eq!(is_same_surface(a, b), want, "{a} {b}");
        }
    }
}
