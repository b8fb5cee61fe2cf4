//! Which mention of the gold is which mention of the system, and whose entity is each?

use std::ops::Range;

use super::contingency::{ABSENT, Placed};
use crate::eval::{Corpus, Item, Paired, Side};
use crate::label::LabelId;
use crate::text::Span;

/// When a mention of the system is a mention of the gold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MentionKey {
    /// Strictly: the boundaries and the label are the same.
    #[default]
    SpanAndLabel,
    /// The boundaries are the same, whatever the labels. Of several mentions of one span the first (by label) stands for all.
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

/// One mention, of either side or of both.
#[derive(Clone, Copy, Debug)]
pub(super) struct Row {
    /// Its entities. A mention without entity has a number of its own.
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
    /// Merges the mentions of gold and a system.
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

/// Numbers for the entities of one side.
struct Numbers {
    next: u32,
}

impl Numbers {
    fn new(corpus: &Corpus, side: Side) -> Self {
        let entities = corpus.documents.iter().flat_map(|document| document.items(side)).filter_map(|item| item.entity);
        Self { next: entities.map(|entity| entity.0 + 1).max().unwrap_or(0) }
    }

    /// The entity's own number, or a new one for a mention that has none.
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

/// The mentions of the gold beside those of the system that are the same; both are sorted.
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

/// What entities are called.
#[derive(Default)]
struct Surfaces<'a> {
    /// By entity: since when, the first surface, and whether there was another one.
    seen: Vec<(u32, &'a str, bool)>,
    /// Entries of earlier times are forgotten.
    now: u32,
}

impl<'a> Surfaces<'a> {
    fn forget(&mut self) {
        self.now += 1;
    }

    fn see(&mut self, entity: u32, surface: &'a str) {
        let place = entity as usize;
        if place >= self.seen.len() {
            // No document is of this time.
            self.seen.resize(place + 1, (u32::MAX, "", false));
        }
        let entry = &mut self.seen[place];
        if entry.0 == self.now {
            entry.2 = entry.2 || !is_same_surface(entry.1, surface);
        } else {
            *entry = (self.now, surface, false);
        }
    }

    fn has_several(&self, entity: u32) -> bool {
        self.seen.get(entity as usize).is_some_and(|entry| entry.0 == self.now && entry.2)
    }
}

/// Whether two surfaces differ in nothing but case and the width of white space.
fn is_same_surface(a: &str, b: &str) -> bool {
    let fold = |text: &str| text.split_whitespace().map(str::to_lowercase).collect::<Vec<_>>();
    a == b || fold(a) == fold(b)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_and_white_space_make_no_other_surface() {
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
