//! The entry that a mention means.
//!
//! Countries are linked by their names; regions and cities only as "City, Country" or "City, State", or if the document names their
//! country, and then to the most populous one: a flat table of countries links news at a precision of .71 to .91 (News-Fair,
//! Reuters-128, AIDA, MSNBC), with states and cities in it at .45 to .67. The name of a country labelled as an organisation is its team
//! or government, not the country: on AIDA dev, links to countries have a precision of .952 with the gold type as label and of .796
//! without (`tests/all/knowledge_base.rs`); the output of the linker has the same (`tests/all/shared_link.rs`).

use std::collections::BTreeSet;

use super::base::Kb;
use super::context::GeoContext;
use super::entry::{Entry, EntryKind, Match, MatchKind};
use super::senses::{Found, most_populous};
use crate::link::Kind;

/// How many times smaller than the best known place of its name another one may be, for the country alone to tell it.
const MOST_TIMES_SMALLER: u64 = 25;

/// What a mention means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Resolution<'a> {
    /// This entry.
    Is(Match<'a>),
    /// An organisation that goes by the name of this entry: the team, government or army of a country.
    Metonym(Match<'a>),
    /// One of these two or more.
    Ambiguous(Vec<Match<'a>>),
    /// Nothing in the knowledge base.
    Nil,
}

impl Kb {
    /// What a mention means in a document with this context. `kind` is that of its label; without labels, [`Kind::Other`] is resolved
    /// like a place.
    pub fn resolve(&self, surface: &str, kind: Kind, context: &GeoContext) -> Resolution<'_> {
        self.senses(&[surface]).resolve(kind, context)
    }
}

impl<'k> Found<'k> {
    /// What a mention of a kind means in a document with this context; see [`Kb::resolve`].
    pub(in crate::link) fn resolve(&self, kind: Kind, context: &GeoContext) -> Resolution<'k> {
        match kind {
            Kind::Person => Resolution::Nil,
            Kind::Organisation => match one(&self.bodies) {
                Resolution::Nil => match one(&self.lands) {
                    Resolution::Is(found) => Resolution::Metonym(found),
                    other => other,
                },
                other => other,
            },
            Kind::Place | Kind::Other => match one(&self.lands) {
                Resolution::Is(found) => self.land_or_namesake(found, context),
                Resolution::Nil => match one(&self.bodies_as(kind)) {
                    Resolution::Nil => self.region_or_city(context),
                    other => other,
                },
                Resolution::Ambiguous(all) => {
                    let only_in = |codes: &BTreeSet<String>| {
                        let is_in =
                            |m: &&Match<'k>| m.entry.country.as_deref().is_some_and(|code| codes.contains(code));
                        let mut here = all.iter().filter(is_in);
                        here.next().filter(|_| here.next().is_none()).copied()
                    };
                    match only_in(&context.countries).or_else(|| only_in(&context.around)) {
                        Some(found) => Resolution::Is(Match { kind: MatchKind::Context, ..found }),
                        None => Resolution::Ambiguous(all),
                    }
                }
                other => other,
            },
        }
    }

    /// What mentions of a kind mean by the name alone: an organisation or a land.
    pub(in crate::link) fn alone(&self, kind: Kind) -> Option<Match<'k>> {
        match kind {
            Kind::Person => None,
            Kind::Organisation => self.body().or(self.land()),
            Kind::Place | Kind::Other => match one(&self.lands) {
                Resolution::Is(found) => Some(found),
                Resolution::Nil => match one(&self.bodies_as(kind)) {
                    Resolution::Is(found) => Some(found),
                    _ => None,
                },
                _ => None,
            },
        }
    }

    /// The organisations that mentions of a kind can mean. Some taggers label "the White House" as a place; an acronym with that label is
    /// rather an unknown place.
    fn bodies_as(&self, kind: Kind) -> Vec<Match<'k>> {
        let is_written = |m: &&Match<'_>| kind != Kind::Place || m.kind != MatchKind::Acronym;
        self.bodies.iter().filter(is_written).copied().collect()
    }

    /// In a document about the United States, "Georgia" is ambiguous; if it names American cities, it is the state.
    fn land_or_namesake(&self, found: Match<'k>, context: &GeoContext) -> Resolution<'k> {
        let own = found.entry.country.as_deref().unwrap_or_default();
        let is_named = |code: &str| context.has(code) || context.around.contains(code);
        let others: Vec<&str> = self.namesakes.iter().copied().filter(|code| is_named(code)).collect();
        if others.is_empty() || is_named(own) {
            return Resolution::Is(found);
        }
        let is_other = |code: &str| others.contains(&code);
        let regions = self.places.iter().filter(|entry| entry.kind == EntryKind::Region);
        let regions = regions.filter(|entry| entry.country.as_deref().is_some_and(is_other));
        let regions: Vec<Match<'k>> = regions.map(|entry| Match { entry, kind: MatchKind::Context }).collect();
        match regions.as_slice() {
            [region] if others.iter().any(|code| context.around.contains(*code)) => Resolution::Is(*region),
            _ => Resolution::Ambiguous([found].into_iter().chain(regions).collect()),
        }
    }

    /// The region or city that it names in a document with this context. The best known one of its name gives way to another only if the
    /// document names the country of that one alone, and it is not much smaller.
    pub(in crate::link) fn place_in(&self, context: &GeoContext) -> Option<&'static Entry> {
        if self.qualified.is_some() || !self.lands.is_empty() {
            return self.qualified;
        }
        let is_here = |place: &&Entry| place.country.as_deref().is_some_and(|code| context.has(code));
        let default = self.town()?;
        if is_here(&default) {
            return Some(default);
        }
        let here = most_populous(self.places.iter().copied().filter(is_here))?;
        (here.population.saturating_mul(MOST_TIMES_SMALLER) >= default.population).then_some(here)
    }

    fn region_or_city(&self, context: &GeoContext) -> Resolution<'k> {
        let kind = if self.qualified.is_some() { MatchKind::Qualified } else { MatchKind::Context };
        self.place_in(context).map_or(Resolution::Nil, |entry| Resolution::Is(Match { entry, kind }))
    }
}

/// What some matches leave open.
fn one<'k>(found: &[Match<'k>]) -> Resolution<'k> {
    match found {
        [] => Resolution::Nil,
        [found] => Resolution::Is(*found),
        _ => Resolution::Ambiguous(found.to_vec()),
    }
}
