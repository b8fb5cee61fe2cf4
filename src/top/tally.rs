//! Counts the entities of documents.

use std::collections::BTreeMap;

use super::{Mentioned, Month, Order};
use crate::text::{Document, Entity, Fields, Listed, Roster, is_of_one_document};

/// Counts the entities of linked documents, one by one, without keeping their texts.
///
/// Entities of several documents are one if their ids are the same. The ids that linking within a document gives (`e1`, `e2` …) say nothing
/// about other documents: such entities are one if they have one name, one label and the same ids in knowledge bases. Mentions that are
/// not linked are one if they have one surface and one label.
#[derive(Debug, Default)]
pub struct Tally {
    roster: Roster,
    n_documents: u64,
    /// By entity.
    months: Vec<BTreeMap<Month, usize>>,
}

impl Tally {
    /// No documents yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Counts the mentions of a document; those without text do not count.
    pub fn add(&mut self, document: &Document, month: Option<Month>) {
        self.n_documents += 1;
        let places = self.roster.add(document, self.n_documents);
        self.months.resize_with(self.roster.rows().len(), BTreeMap::new);
        if let Some(month) = month {
            for place in places.into_iter().flatten() {
                *self.months[place.entity].entry(month).or_default() += 1;
            }
        }
    }

    /// Whether every mention so far has an entity that was linked across documents.
    pub fn is_linked_across(&self) -> bool {
        self.roster.within == 0 && self.roster.unlinked == 0
    }

    /// The entities in an order. Those without an id of their own have an empty one.
    pub fn ranked(self, order: Order) -> Vec<Mentioned> {
        let rows = self.roster.rows().iter().zip(self.months);
        let mut list: Vec<Mentioned> = rows.map(|(row, months)| Mentioned { entity: entity(row), months }).collect();
        order.sort(&mut list);
        list
    }
}

fn entity(row: &Listed) -> Entity {
    let mut extra = Fields::new();
    if let Some(context) = &row.context {
        extra.insert("context".to_owned(), context.as_str().into());
    }
    let id = row.id.clone().unwrap_or_default();
    debug_assert!(!is_of_one_document(&id), "it would be taken for another document's");
    Entity {
        aliases: row.aliases(),
        documents: row.documents,
        kb: row.kb.clone(),
        extra,
        ..Entity::new(id, row.name.as_str(), row.label.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::link::{Linker, MentionStore};
    use crate::text::{Label, Mention, Span};
    use crate::top::mentioned;

    fn documents() -> Vec<Document> {
        let texts = ["Abbas Araghchi met Ali Larijani", "Araqchi Tehran Abbas Araqchi", "Tehran", ""];
        let spans: [&[(usize, usize, &str)]; 4] = [
            &[(0, 14, "PER"), (19, 31, "PER")],
            &[(0, 7, "PER"), (8, 14, "LOC"), (15, 28, "PER")],
            &[(0, 6, "LOC")],
            &[],
        ];
        let document = |(text, spans): (&str, &[(usize, usize, &str)])| {
            let mut document = Document::new(text, text);
            let mention =
                |&(start, end, label): &(usize, usize, &str)| Mention::new(Span::new(start, end), Label::new(label));
            document.mentions = spans.iter().map(mention).collect();
            document
        };
        texts.into_iter().zip(spans).map(document).collect()
    }

    #[test]
    fn documents_and_their_links_count_the_same() {
        let months = ["2024-01-05", "2024-03-01", "", "2024-03-02"].map(|date| date.parse::<Month>().ok());
        let mut linked = documents();
        Linker::default().link_documents(&mut linked).expect("the spans slice the texts");
        let mut store = MentionStore::new();
        documents().iter().for_each(|document| store.add(document).expect("the spans slice the texts"));
        let links = Linker::default().link(store);
        for (order, first) in [(Order::Mentions, "Abbas Araghchi"), (Order::Documents, "Abbas Araghchi")] {
            let mut tally = Tally::new();
            linked.iter().zip(months).for_each(|(document, month)| tally.add(document, month));
            assert!(tally.is_linked_across());
            let got = tally.ranked(order);
            assert_eq!(got, mentioned(&links, &months, order));
            assert_eq!(got[0].entity.name, first);
            let names: Vec<(&str, usize, usize)> =
                got.iter().map(|it| (it.entity.name.as_str(), it.entity.mentions(), it.entity.documents)).collect();
            assert_eq!(names, [("Abbas Araghchi", 3, 2), ("Tehran", 2, 2), ("Ali Larijani", 1, 1)]);
            let months: Vec<(String, usize)> = got[0].months.iter().map(|(month, n)| (month.to_string(), *n)).collect();
            assert_eq!(months, [("2024-01".to_owned(), 1), ("2024-03".to_owned(), 2)]);
            assert_eq!(got[1].months.values().sum::<usize>(), 1, "one of its documents has no date");
        }
    }

    #[test]
    fn the_order_is_by_the_count_that_is_asked_for() {
        let document = |text: &str| {
            let mut document = Document::new("", text);
            let starts = text.match_indices(|c: char| c.is_alphabetic()).map(|(start, _)| start);
            document.mentions =
                starts.map(|start| Mention::new(Span::new(start, start + 1), Label::new("PER"))).collect();
            document
        };
        let names = |order: Order| -> Vec<String> {
            let mut tally = Tally::new();
            ["a a a a c", "b", "b", "b c"].iter().for_each(|text| tally.add(&document(text), None));
            assert!(!tally.is_linked_across());
            tally.ranked(order).into_iter().map(|it| it.entity.name).collect()
        };
        assert_eq!(names(Order::Mentions), ["a", "b", "c"]);
        assert_eq!(names(Order::Documents), ["b", "c", "a"]);
    }
}
