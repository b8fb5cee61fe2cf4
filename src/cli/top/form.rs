//! What every form of the output shows.

use std::collections::BTreeMap;

use crate::text::{Grouped, plural};
use crate::top::{Mentioned, Month, Order};

/// Most parts of a small chart by month.
const PARTS: usize = 24;

/// The entities to show, and what they are out of.
pub(super) struct Counts {
    pub(super) entities: Vec<Mentioned>,
    /// Those with the labels that are asked for.
    pub(super) n_entities: u64,
    pub(super) n_documents: u64,
    pub(super) n_mentions: u64,
    pub(super) order: Order,
}

impl Counts {
    /// How many entities are not shown, in words.
    pub(super) fn left_out(&self) -> Option<String> {
        let n_shown = self.entities.len() as u64;
        let left = self.n_entities - n_shown;
        let entities = if self.n_entities == 1 { "entity" } else { "entities" };
        (left > 0)
            .then(|| format!("{} of {} {entities}; --limit 0 shows all", Grouped(n_shown), Grouped(self.n_entities)))
    }

    /// What was counted, in words.
    pub(super) fn counted(&self) -> String {
        format!("{} in {}", plural(self.n_mentions, "mention"), plural(self.n_documents, "document"))
    }

    /// The count that the order is by.
    pub(super) fn main(&self, it: &Mentioned) -> usize {
        match self.order {
            Order::Mentions => it.entity.mentions(),
            Order::Documents => it.entity.documents,
        }
    }

    /// The largest main count.
    pub(super) fn most(&self) -> usize {
        self.entities.iter().map(|it| self.main(it)).max().unwrap_or(0)
    }

    /// The time that the dates span, cut into parts of equally many months; none without dates.
    pub(super) fn timeline(&self) -> Option<Timeline> {
        let months = || self.entities.iter().flat_map(|it| it.months.keys().copied());
        let (first, last) = (months().min()?, months().max()?);
        let mut all = vec![first];
        while all[all.len() - 1] < last {
            all.push(all[all.len() - 1].next());
        }
        let size = all.len().div_ceil(PARTS);
        Some(Timeline { parts: all.chunks(size).map(<[Month]>::to_vec).collect() })
    }
}

/// Parts of time, each of one month or more.
pub(super) struct Timeline {
    parts: Vec<Vec<Month>>,
}

impl Timeline {
    /// From when to when.
    pub(super) fn name(&self) -> String {
        let (first, last) = (self.parts[0][0], self.parts.iter().flatten().last().copied());
        match last.filter(|last| *last != first) {
            Some(last) => format!("{first} to {last}"),
            None => first.to_string(),
        }
    }

    /// Each part with its count.
    pub(super) fn counts(&self, months: &BTreeMap<Month, usize>) -> Vec<(String, usize)> {
        let count = |part: &Vec<Month>| part.iter().filter_map(|month| months.get(month)).sum();
        let name = |part: &Vec<Month>| match part.as_slice() {
            [one] => one.to_string(),
            [first, .., last] => format!("{first} to {last}"),
            [] => String::new(),
        };
        self.parts.iter().map(|part| (name(part), count(part))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{Entity, Label};

    #[test]
    fn a_timeline_has_every_month_and_at_most_so_many_parts() {
        let counts = |dates: &[(&str, usize)]| {
            let months = dates.iter().map(|(date, n)| (date.parse().expect("a date"), *n)).collect();
            let entity = Entity::new("a", "Ann", Label::new("PER"));
            let entities = vec![Mentioned { entity, months }];
            Counts { entities, n_entities: 3, n_documents: 1, n_mentions: 1, order: Order::Mentions }
        };
        let year = counts(&[("2024-11-02", 2), ("2025-02", 1)]);
        let timeline = year.timeline().expect("there are dates");
        let parts = timeline.counts(&year.entities[0].months);
        let parts: Vec<(&str, usize)> = parts.iter().map(|(name, n)| (name.as_str(), *n)).collect();
        assert_eq!(parts, [("2024-11", 2), ("2024-12", 0), ("2025-01", 0), ("2025-02", 1)]);
        assert_eq!(timeline.name(), "2024-11 to 2025-02");
        let long = counts(&[("1990-01", 1), ("2020-06", 4)]);
        let timeline = long.timeline().expect("there are dates");
        let parts = timeline.counts(&long.entities[0].months);
        assert!(parts.len() <= PARTS && parts[0] == ("1990-01 to 1991-04".to_owned(), 1), "{parts:?}");
        assert_eq!(parts.iter().map(|(_, n)| n).sum::<usize>(), 5);
        assert!(counts(&[]).timeline().is_none());
        assert_eq!(year.left_out().as_deref(), Some("1 of 3 entities; --limit 0 shows all"));
    }
}
