//! Which entry does a mention mean?
//!
//! Countries are linked by their names. Regions and cities only in the form "City, Country" or "City, State", or when the document
//! names their country, and then the most populous: a flat table of countries links news at a precision of .71 to .91 (News-Fair,
//! Reuters-128, AIDA, MSNBC), with states and cities in it at .45 to .67. The name of a country with the label of an organisation is
//! its team or its government, another thing than the country: on AIDA dev, links to countries have a precision of .958 with the gold
//! type as label and of .799 without (`tests/all/knowledge_base.rs`).

use std::collections::BTreeSet;

use super::base::Kb;
use super::entry::{Entry, EntryKind, How, Match};
use super::fold::fold;
use super::gazetteer;
use super::states::state;
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
}

impl Context {
    /// The context of a document with these mentions, as surfaces and kinds.
    pub fn new<'m>(kb: &Kb, mentions: impl IntoIterator<Item = (&'m str, Kind)>) -> Self {
        let mut context = Self::default();
        for (surface, kind) in mentions {
            if kind == Kind::Person {
                continue;
            }
            for found in kb.find(surface).iter().filter(|found| found.entry.kind.is_country_level()) {
                if kb.namesakes(found.entry).is_empty() || !matches!(found.how, How::Name) {
                    context.countries.extend(found.entry.country.as_ref().map(ToString::to_string));
                }
            }
            if let Some(found) = formed(kb, surface) {
                context.countries.extend(found.country.as_ref().map(ToString::to_string));
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
        let found = self.find(surface);
        let of_kind = |wanted: Kind| found.iter().copied().filter(move |m| m.entry.kind.mentioned_as() == wanted);
        match kind {
            Kind::Person => Resolution::Nil,
            Kind::Organisation => match one(of_kind(Kind::Organisation).collect()) {
                Resolution::Nil => match one(of_kind(Kind::Place).collect()) {
                    Resolution::Is(found) => Resolution::Metonym(found),
                    other => other,
                },
                other => other,
            },
            Kind::Place | Kind::Other => {
                let mut fitting: Vec<Match<'_>> = of_kind(Kind::Place).collect();
                if fitting.is_empty() {
                    // "The White House" is a place to some taggers; three capitals labelled as a place are rather a place unknown.
                    let is_written = |m: &Match<'_>| kind == Kind::Other || m.how != How::Acronym;
                    fitting = of_kind(Kind::Organisation).filter(is_written).collect();
                }
                match one(fitting) {
                    Resolution::Is(found) => self.country_or_namesake(found, surface, context),
                    Resolution::Nil => self.region_or_city(surface, context),
                    other => other,
                }
            }
        }
    }

    /// Georgia in a document about the United States is one of two.
    fn country_or_namesake<'a>(&'a self, found: Match<'a>, surface: &str, context: &Context) -> Resolution<'a> {
        let own = found.entry.country.as_deref().unwrap_or_default();
        let others = self.namesakes(found.entry).iter().filter(|code| context.has(code));
        if found.how != How::Name || context.has(own) || others.clone().count() == 0 {
            return Resolution::Is(found);
        }
        let key = fold(surface);
        let is_other = |entry: &&Entry| others.clone().any(|&code| entry.country.as_deref() == Some(code));
        let regions = gazetteer::find(&key).filter(|entry| entry.kind == EntryKind::Region).filter(is_other);
        Resolution::Ambiguous(
            [found].into_iter().chain(regions.map(|entry| Match { entry, how: How::Context })).collect(),
        )
    }

    fn region_or_city(&self, surface: &str, context: &Context) -> Resolution<'_> {
        if let Some(entry) = formed(self, surface) {
            return Resolution::Is(Match { entry, how: How::Form });
        }
        let key = fold(surface);
        if !gazetteer::is_named(&key) {
            return Resolution::Nil;
        }
        let here = gazetteer::find(&key).filter(|entry| entry.country.as_deref().is_some_and(|code| context.has(code)));
        most_populous(here).map_or(Resolution::Nil, |entry| Resolution::Is(Match { entry, how: How::Context }))
    }
}

/// The one that all matches are.
fn one(mut found: Vec<Match<'_>>) -> Resolution<'_> {
    // A name wins over an acronym or a demonym of another: "Turkmen".
    if let Some(best) = found.iter().map(|m| m.how.min(How::Alias)).min() {
        found.retain(|m| m.how.min(How::Alias) == best);
    }
    match found.len() {
        0 => Resolution::Nil,
        1 => Resolution::Is(found[0]),
        _ => Resolution::Ambiguous(found),
    }
}

/// "City, Country", "City, State", "City (Country)": the city or region.
fn formed(kb: &Kb, surface: &str) -> Option<&'static Entry> {
    let (head, tail) = match surface.split_once(',') {
        Some(parts) => parts,
        None => surface.strip_suffix(')')?.split_once('(')?,
    };
    let key = fold(head);
    if key.is_empty() || !gazetteer::is_named(&key) {
        return None;
    }
    // "Springfield, Illinois, U.S.": what follows next says it.
    let tail = tail.split(',').next().unwrap_or(tail).trim();
    let countries: Vec<_> =
        kb.find(tail).into_iter().filter(|m| m.entry.kind.is_country_level() && m.how != How::Demonym).collect();
    let codes: Vec<&str> = countries.iter().filter_map(|m| m.entry.country.as_deref()).collect();
    let in_country =
        gazetteer::find(&key).filter(|entry| entry.country.as_deref().is_some_and(|code| codes.contains(&code)));
    if let Some(found) = most_populous(in_country) {
        return Some(found);
    }
    let tail = state(tail).map_or_else(|| fold(tail), fold);
    let regions: Vec<&Entry> = gazetteer::find(&tail).filter(|entry| entry.kind == EntryKind::Region).collect();
    let is_in = |entry: &&Entry| {
        let same = |region: &&Entry| region.country == entry.country && region.region == entry.region;
        entry.kind == EntryKind::City && regions.iter().any(same)
    };
    most_populous(gazetteer::find(&key).filter(is_in))
}

/// A city before a region of the same name, then the one with most people, then the first by id.
fn most_populous(places: impl Iterator<Item = &'static Entry>) -> Option<&'static Entry> {
    places.reduce(|best, next| {
        let rank = |entry: &Entry| (entry.kind == EntryKind::City, entry.population);
        if rank(next) > rank(best) { next } else { best }
    })
}
