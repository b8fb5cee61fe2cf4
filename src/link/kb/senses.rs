//! What a name can stand for, whatever its document.

use std::ops::Deref;

use super::base::Kb;
use super::entry::{Entry, EntryKind, Match, MatchKind};
use super::gazetteer;
use crate::lexicon::Lexicon;
use crate::link::normalise::{bare, normalise};

/// What the surfaces of one name can stand for. Most names of a corpus stand for nothing, which takes no memory.
#[derive(Clone, Debug, Default)]
pub(in crate::link) struct Senses<'k>(Option<Box<Found<'k>>>);

/// What some name can stand for.
#[derive(Clone, Debug, Default)]
pub(in crate::link) struct Found<'k> {
    /// Countries, territories and areas; several if the name is ambiguous.
    pub(super) lands: Vec<Match<'k>>,
    /// Organisations; several if the name is ambiguous.
    pub(super) bodies: Vec<Match<'k>>,
    /// First-level regions and cities anywhere in the world.
    pub(super) places: Vec<&'static Entry>,
    /// The region or city of "City, Country" or "City, State".
    pub(super) qualified: Option<&'static Entry>,
    /// Codes of the countries that have a region with the name of the only land.
    pub(super) namesakes: &'k [&'static str],
}

impl Kb {
    /// What a name with these surfaces can stand for.
    pub(in crate::link) fn senses<S: AsRef<str>>(&self, surfaces: &[S]) -> Senses<'_> {
        let surfaces = || surfaces.iter().map(AsRef::as_ref);
        let mut found: Vec<Match<'_>> = surfaces().flat_map(|surface| self.find(surface)).collect();
        if found.is_empty() {
            // "London-based"; "S. Korea".
            let key = |surface| normalise(bare(surface));
            found = surfaces().flat_map(|surface| self.find_key(&key(surface), bare(surface))).collect();
            if found.is_empty() {
                let written = |surface| directed(&key(surface)).map(|key| self.find_key(&key, surface));
                found = surfaces().filter_map(written).flatten().collect();
            }
        }
        let is_same = |a: &Match<'_>, b: &Match<'_>| a.entry.id == b.entry.id;
        found.sort_by(|a, b| (&a.entry.id, a.kind).cmp(&(&b.entry.id, b.kind)));
        found.dedup_by(|a, b| is_same(a, b));
        let mut senses = Found::default();
        if let Some(surface) = surfaces().next() {
            senses.places = gazetteer::named(surface);
            if senses.places.is_empty() {
                senses.places = gazetteer::named(bare(surface));
            }
            senses.qualified = qualified(self, surface);
        }
        // Some languages call Tunisia by the name of its capital; English has that name for the city.
        let is_town = |found: &Match<'_>| {
            let own = |town: &&Entry| town.kind == EntryKind::City && town.country == found.entry.country;
            !matches!(found.kind, MatchKind::Name | MatchKind::Demonym) && senses.places.iter().any(own)
        };
        for found in found {
            match found.entry.kind {
                EntryKind::Organisation => senses.bodies.push(found),
                kind if kind.is_land() && !is_town(&found) => senses.lands.push(found),
                _ => {}
            }
        }
        keep_best(&mut senses.lands);
        keep_best(&mut senses.bodies);
        if let Some(Match { entry, kind: MatchKind::Name }) = senses.land() {
            senses.namesakes = self.namesakes(entry);
        }
        Senses(senses.is_known().then(|| Box::new(senses)))
    }
}

impl<'k> Deref for Senses<'k> {
    type Target = Found<'k>;

    fn deref(&self) -> &Found<'k> {
        static NOTHING: Found<'static> =
            Found { lands: Vec::new(), bodies: Vec::new(), places: Vec::new(), qualified: None, namesakes: &[] };
        self.0.as_deref().unwrap_or(&NOTHING)
    }
}

impl<'k> Found<'k> {
    /// The only country, territory or area that it can name.
    pub(in crate::link) fn land(&self) -> Option<Match<'k>> {
        only(&self.lands)
    }

    /// The only organisation that it can name.
    pub(in crate::link) fn body(&self) -> Option<Match<'k>> {
        only(&self.bodies)
    }

    /// The most populous region or city that it can name.
    pub(in crate::link) fn town(&self) -> Option<&'static Entry> {
        most_populous(self.places.iter().copied())
    }

    /// Whether the knowledge base has it.
    pub(in crate::link) fn is_known(&self) -> bool {
        !(self.lands.is_empty() && self.bodies.is_empty() && self.places.is_empty() && self.qualified.is_none())
    }

    /// Whether it can name a country, territory or area.
    pub(in crate::link) fn is_land(&self) -> bool {
        !self.lands.is_empty()
    }

    /// Whether it is a city or region with its country or state.
    pub(in crate::link) fn is_qualified(&self) -> bool {
        self.qualified.is_some()
    }

    /// Whether it can name the team of a country. Adjectives cannot, nor most acronyms ("U.S. Open").
    pub(in crate::link) fn may_be_team(&self) -> bool {
        self.lands.iter().any(|found| {
            found.entry.kind.is_country_level() && matches!(found.kind, MatchKind::Name | MatchKind::Alias)
        })
    }

    /// Whether the document has to say which land it names.
    pub(in crate::link) fn needs_context(&self) -> bool {
        self.lands.len() > 1 || !self.namesakes.is_empty()
    }

    /// The region or city that it names right before the name of its country or state: "Punjab, Pakistan", "Paris, Texas".
    pub(in crate::link) fn within(&self, outer: &Self) -> Option<&'static Entry> {
        let country = outer.land().filter(|found| found.entry.kind.is_country_level());
        let country = country.and_then(|found| found.entry.country.as_deref());
        let regions: Vec<&Entry> =
            outer.places.iter().copied().filter(|place| place.kind == EntryKind::Region).collect();
        let is_in_country = |place: &&Entry| country.is_some() && place.country.as_deref() == country;
        let is_in_region = |place: &&Entry| {
            let holds = |region: &&Entry| region.country == place.country && region.region == place.region;
            place.kind == EntryKind::City && regions.iter().any(holds)
        };
        let places = || self.places.iter().copied();
        most_populous(places().filter(is_in_country)).or_else(|| most_populous(places().filter(is_in_region)))
    }

    /// Id of the country, or of the best known region, that it names, if it names no city that is better known.
    pub(in crate::link) fn surroundings(&self) -> Option<&str> {
        let land = self.land().filter(|found| found.entry.kind.is_country_level() && found.kind != MatchKind::Demonym);
        let region = || self.places.iter().find(|place| place.kind == EntryKind::Region);
        let is_city = || self.town().is_some_and(|town| town.kind == EntryKind::City);
        land.map(|found| found.entry.id.as_ref())
            .or_else(|| region().filter(|_| !is_city()).map(|region| region.id.as_ref()))
    }

    /// Whether it can name a land, region or city.
    pub(in crate::link) fn is_place(&self) -> bool {
        !self.lands.is_empty() || !self.places.is_empty()
    }

    /// Whether it names the people or things of a land rather than the land.
    pub(in crate::link) fn is_demonym(&self) -> bool {
        self.lands.first().is_some_and(|found| found.kind == MatchKind::Demonym)
    }
}

fn only<'k>(found: &[Match<'k>]) -> Option<Match<'k>> {
    if let [one] = found { Some(*one) } else { None }
}

/// Drops acronyms and demonyms of one entry if the name is the name of another ("Turkmen").
fn keep_best(found: &mut Vec<Match<'_>>) {
    if let Some(best) = found.iter().map(|m| m.kind.min(MatchKind::Alias)).min() {
        found.retain(|m| m.kind.min(MatchKind::Alias) == best);
    }
}

/// A name with the direction that its first letter abbreviates written out: "n korea".
fn directed(key: &str) -> Option<String> {
    let direction = [("n ", "north "), ("s ", "south "), ("e ", "east "), ("w ", "west ")];
    direction.iter().find_map(|(letter, word)| Some(format!("{word}{}", key.strip_prefix(letter)?)))
}

/// The city or region of "City, Country", "City, State", "City (Country)".
fn qualified(kb: &Kb, surface: &str) -> Option<&'static Entry> {
    let (head, tail) = match surface.split_once(',') {
        Some(parts) => parts,
        None => surface.strip_suffix(')')?.split_once('(')?,
    };
    let key = normalise(head);
    if key.is_empty() || !gazetteer::is_named(&key) {
        return None;
    }
    // "Springfield, Illinois, U.S.": the next part is enough.
    let tail = tail.split(',').next().unwrap_or(tail).trim();
    let countries: Vec<_> =
        kb.find(tail).into_iter().filter(|m| m.entry.kind.is_country_level() && m.kind != MatchKind::Demonym).collect();
    let codes: Vec<&str> = countries.iter().filter_map(|m| m.entry.country.as_deref()).collect();
    let in_country =
        gazetteer::find(&key).filter(|entry| entry.country.as_deref().is_some_and(|code| codes.contains(&code)));
    if let Some(found) = most_populous(in_country) {
        return Some(found);
    }
    let tail = Lexicon::english().state(tail).map_or_else(|| normalise(tail), normalise);
    let regions: Vec<&Entry> = gazetteer::find(&tail).filter(|entry| entry.kind == EntryKind::Region).collect();
    let is_in = |entry: &&Entry| {
        let same = |region: &&Entry| region.country == entry.country && region.region == entry.region;
        entry.kind == EntryKind::City && regions.iter().any(same)
    };
    most_populous(gazetteer::find(&key).filter(is_in))
}

/// The place that a name means without context: a city rather than a region, the most populous one, the first by id.
pub(super) fn most_populous(places: impl Iterator<Item = &'static Entry>) -> Option<&'static Entry> {
    places.reduce(|best, next| {
        let rank = |entry: &Entry| (entry.kind == EntryKind::City, entry.population);
        if rank(next) > rank(best) { next } else { best }
    })
}
