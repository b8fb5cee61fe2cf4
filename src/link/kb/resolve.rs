//! Which entry does a mention mean?
//!
//! Countries are linked by their names. Regions and cities only in the form "City, Country" or "City, State", or when the document
//! names their country, and then the most populous: a flat table of countries links news at a precision of .71 to .91 (News-Fair,
//! Reuters-128, AIDA, MSNBC), with states and cities in it at .45 to .67. The name of a country with the label of an organisation is
//! its team or its government, another thing than the country: on AIDA dev, links to countries have a precision of .952 with the gold
//! type as label and of .796 without (`tests/all/knowledge_base.rs`); what the linker writes has the same (`tests/all/shared_link.rs`).

use std::collections::BTreeSet;

use super::base::Kb;
use super::entry::{EntryKind, How, Match};
use super::senses::{Senses, most_populous};
use crate::link::Kind;

/// What a mention means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Resolution<'a> {
    /// This entry.
    Is(Match<'a>),
    /// Not this entry but an organisation that has its name: the team, the government, the army of a country.
    Metonym(Match<'a>),
    /// One of these, at least two.
    Ambiguous(Vec<Match<'a>>),
    /// Nothing that the knowledge base knows.
    Nil,
}

/// What a document says about where it takes place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Context {
    /// ISO 3166-1 codes of the countries that it names.
    countries: BTreeSet<String>,
    /// Codes of the countries that regions and cities that it names lie in, if each is the most populous of its name.
    around: BTreeSet<String>,
}

impl Context {
    /// The context of a document with these mentions, as surfaces and kinds.
    pub fn new<'m>(kb: &Kb, mentions: impl IntoIterator<Item = (&'m str, Kind)>) -> Self {
        let senses: Vec<_> = mentions.into_iter().map(|(surface, kind)| (kb.senses(&[surface]), kind)).collect();
        Self::of(senses.iter().map(|(senses, kind)| (senses, *kind)))
    }

    /// The same of what the names can stand for.
    pub(in crate::link) fn of<'s, 'k: 's>(names: impl Iterator<Item = (&'s Senses<'k>, Kind)>) -> Self {
        let mut context = Self::default();
        for (senses, _) in names.filter(|(_, kind)| *kind != Kind::Person) {
            // Georgia says nothing of where Georgia is.
            if let Some(found) = senses.land().filter(|_| senses.namesakes.is_empty()) {
                context.countries.extend(found.entry.country.as_ref().map(ToString::to_string));
            }
            if let Some(found) = senses.formed {
                context.countries.extend(found.country.as_ref().map(ToString::to_string));
            }
            if let Some(town) = senses.town().filter(|_| senses.lands.is_empty()) {
                context.around.extend(town.country.as_ref().map(ToString::to_string));
            }
        }
        context
    }

    /// The ISO 3166-1 codes of the countries that the document names, sorted.
    pub fn countries(&self) -> impl Iterator<Item = &str> {
        self.countries.iter().map(String::as_str)
    }

    fn has(&self, country: &str) -> bool {
        self.countries.contains(country)
    }
}

impl Kb {
    /// What a mention means, in a document with this context.
    ///
    /// `kind` is that of the mention's label; [`Kind::Other`] where there is none, which is resolved like a place.
    pub fn resolve(&self, surface: &str, kind: Kind, context: &Context) -> Resolution<'_> {
        self.senses(&[surface]).resolve(kind, context)
    }
}

impl<'k> Senses<'k> {
    /// What a mention of a kind means, in a document with this context; see [`Kb::resolve`].
    pub fn resolve(&self, kind: Kind, context: &Context) -> Resolution<'k> {
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
                        Some(found) => Resolution::Is(Match { how: How::Context, ..found }),
                        None => Resolution::Ambiguous(all),
                    }
                }
                other => other,
            },
        }
    }

    /// The organisation that mentions of a kind name by the name alone, or the land.
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

    /// "The White House" is a place to some taggers; three capitals labelled as a place are rather a place unknown.
    fn bodies_as(&self, kind: Kind) -> Vec<Match<'k>> {
        let is_written = |m: &&Match<'_>| kind != Kind::Place || m.how != How::Acronym;
        self.bodies.iter().filter(is_written).copied().collect()
    }

    /// Georgia in a document about the United States is one of two; where that names cities there, the state.
    fn land_or_namesake(&self, found: Match<'k>, context: &Context) -> Resolution<'k> {
        let own = found.entry.country.as_deref().unwrap_or_default();
        let is_named = |code: &str| context.has(code) || context.around.contains(code);
        let others: Vec<&str> = self.namesakes.iter().copied().filter(|code| is_named(code)).collect();
        if others.is_empty() || is_named(own) {
            return Resolution::Is(found);
        }
        let is_other = |code: &str| others.contains(&code);
        let regions = self.places.iter().filter(|entry| entry.kind == EntryKind::Region);
        let regions = regions.filter(|entry| entry.country.as_deref().is_some_and(is_other));
        let regions: Vec<Match<'k>> = regions.map(|entry| Match { entry, how: How::Context }).collect();
        match regions.as_slice() {
            [region] if others.iter().any(|code| context.around.contains(*code)) => Resolution::Is(*region),
            _ => Resolution::Ambiguous([found].into_iter().chain(regions).collect()),
        }
    }

    fn region_or_city(&self, context: &Context) -> Resolution<'k> {
        if let Some(entry) = self.formed {
            return Resolution::Is(Match { entry, how: How::Form });
        }
        let is_here = |entry: &&crate::link::kb::Entry| entry.country.as_deref().is_some_and(|code| context.has(code));
        let here = self.places.iter().copied().filter(is_here);
        most_populous(here).map_or(Resolution::Nil, |entry| Resolution::Is(Match { entry, how: How::Context }))
    }
}

/// The one that all matches are.
fn one<'k>(found: &[Match<'k>]) -> Resolution<'k> {
    match found {
        [] => Resolution::Nil,
        [found] => Resolution::Is(*found),
        _ => Resolution::Ambiguous(found.to_vec()),
    }
}
