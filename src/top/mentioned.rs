//! Entities with their counts.

use std::collections::{BTreeMap, HashMap};

use super::Month;
use crate::link::Links;
use crate::text::Entity;

/// An entity with how often it is mentioned: in all (its [aliases](Entity::aliases)), in how many [documents](Entity::documents), and in
/// each month.
#[derive(Clone, Debug, PartialEq)]
pub struct Mentioned {
    /// The entity, with the counts of all documents.
    pub entity: Entity,
    /// The number of its mentions in the documents of each month; those of documents without a date are in no month.
    pub months: BTreeMap<Month, usize>,
}

/// Which entities come first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// Those with most mentions.
    #[default]
    Mentions,
    /// Those in most documents.
    Documents,
}

impl Order {
    /// Sorts by the order, equals by the other count, then by name, label and id.
    pub(super) fn sort(self, list: &mut [Mentioned]) {
        let rank = |Mentioned { entity, .. }: &Mentioned| match self {
            Self::Mentions => (entity.mentions(), entity.documents),
            Self::Documents => (entity.documents, entity.mentions()),
        };
        let name = |a: &Mentioned, b: &Mentioned| {
            let (a, b) = (&a.entity, &b.entity);
            (&a.name, &a.label, &a.id).cmp(&(&b.name, &b.label, &b.id))
        };
        list.sort_by(|a, b| rank(b).cmp(&rank(a)).then_with(|| name(a, b)));
    }
}

/// The entities of links, in an order; `months` has the month of each document that was linked, as far as it has one.
pub fn mentioned(links: &Links, months: &[Option<Month>], order: Order) -> Vec<Mentioned> {
    let mut list: Vec<Mentioned> = links
        .entities()
        .into_iter()
        .map(|entity| Mentioned { entity: entity.clone(), months: BTreeMap::new() })
        .collect();
    let places: HashMap<String, usize> =
        list.iter().enumerate().map(|(place, mentioned)| (mentioned.entity.id.clone(), place)).collect();
    for (document, month) in months.iter().enumerate() {
        let Some(month) = month else { continue };
        for entity in (0..).map_while(|mention| links.entity_of(document, mention)) {
            *list[places[&entity.id]].months.entry(*month).or_default() += 1;
        }
    }
    order.sort(&mut list);
    list
}
