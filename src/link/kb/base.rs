//! The entries of the knowledge base, and their names.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::entry::{Entry, EntryKind, Match, MatchKind, Text};
use super::gazetteer;
use super::other;
use crate::link::normalise::{is_acronym, is_capitalised, is_latin, normalise};

/// Countries and territories, written by `models/kb/build.py` from rigour's table and `english.tsv`.
const COUNTRIES: &str = include_str!("../../../models/kb/countries.tsv");
/// Continents, and parts of countries with a people of their own, written by hand.
const AREAS: &str = include_str!("../../../models/kb/areas.tsv");
/// Organisations, written by hand.
const ORGANISATIONS: &str = include_str!("../../../models/kb/organisations.tsv");
/// What other languages call countries and organisations in Latin letters, written by `models/kb/languages.py`.
const OTHER_LATIN: &str = include_str!("../../../models/kb/other_latin.tsv");

/// A knowledge base of countries, places and organisations. Immutable; one serves every thread.
///
/// ```
/// use allonym::link::kb::{EntryKind, Kb, MatchKind};
///
/// let found = Kb::embedded().find("Iranian");
/// assert_eq!((found[0].entry.name.as_ref(), found[0].kind), ("Iran", MatchKind::Demonym));
/// assert_eq!(found[0].entry.id_in("wikidata"), Some("Q794"));
///
/// let places = Kb::embedded().find_places("Lahore");
/// assert!(places.iter().any(|place| place.kind == EntryKind::City && place.country.as_deref() == Some("PK")));
/// ```
#[derive(Clone, Debug)]
pub struct Kb {
    entries: Vec<Entry>,
    /// Per normalised name, the entries that have it.
    names: HashMap<Text, Vec<NameOf>>,
    /// Countries by ISO 3166 code.
    codes: HashMap<Text, u32>,
    /// Entries by their ids.
    ids: HashMap<Text, u32>,
    /// Per country, by index: the countries that have a first-level region of the same name.
    namesakes: HashMap<u32, Vec<&'static str>>,
}

/// A name of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct NameOf {
    entry: u32,
    kind: MatchKind,
}

impl Kb {
    /// The knowledge base in the library: countries, territories and areas, first-level regions, cities of at least 100,000 people, and
    /// some hundred international organisations.
    pub fn embedded() -> &'static Self {
        static KB: LazyLock<Kb> = LazyLock::new(Kb::build);
        &KB
    }

    fn build() -> Self {
        let mut kb = Self {
            entries: Vec::with_capacity(1024),
            names: HashMap::with_capacity(4096),
            codes: HashMap::with_capacity(512),
            ids: HashMap::with_capacity(1024),
            namesakes: HashMap::new(),
        };
        COUNTRIES.lines().skip(1).for_each(|line| kb.add_country(line));
        AREAS.lines().skip(1).for_each(|line| kb.add_area(line));
        ORGANISATIONS.lines().skip(1).for_each(|line| kb.add_organisation(line));
        OTHER_LATIN.lines().skip(1).for_each(|line| kb.add_other_names(line));
        kb
    }

    /// Names of other languages. What English calls something else keeps its meaning.
    fn add_other_names(&mut self, line: &'static str) {
        let [id, names] = cells(line);
        let entry = self.entry_of(id).expect("other_latin.tsv has ids of the other tables; a test reads all");
        for name in names.split('|') {
            let kind = if is_acronym(name) { MatchKind::Acronym } else { MatchKind::Alias };
            let key = normalise(name);
            if !self.names.contains_key(key.as_str()) && !gazetteer::is_named(&key) {
                self.name(entry, kind, key);
            }
        }
    }

    /// The entry with an id of the tables of names: the code of a country, or its own.
    fn entry_of(&self, id: &str) -> Option<u32> {
        self.codes.get(id).or_else(|| self.ids.get(id)).copied()
    }

    fn add_country(&mut self, line: &'static str) {
        let [wikidata, kind, name, code, parent, geonames, population, aliases, acronyms, demonyms, namesakes] =
            cells(line);
        let kind = match kind {
            "country" => EntryKind::Country,
            "former" => EntryKind::FormerCountry,
            _ => EntryKind::Territory,
        };
        let mut ids = vec![("wikidata", Text::Borrowed(wikidata)), ("iso3166", Text::Borrowed(code))];
        // Parts of countries have codes of rigour's own.
        if code.len() > 2 {
            ids.pop();
        }
        if !geonames.is_empty() {
            ids.push(("geonames", Text::Borrowed(geonames)));
        }
        let entry =
            Entry {
                id: Text::Borrowed(wikidata),
                name: Text::Borrowed(name),
                kind,
                country: Some(Text::Borrowed(
                    if kind == EntryKind::Territory && !parent.is_empty() && code.len() > 2 { parent } else { code },
                )),
                region: None,
                population: population.parse().expect("a population of countries.tsv is a number; a test reads all"),
                ids,
            };
        let at = self.add(entry);
        self.codes.insert(Text::Borrowed(code), at);
        self.name_all(
            at,
            &[(MatchKind::Alias, aliases), (MatchKind::Acronym, acronyms), (MatchKind::Demonym, demonyms)],
        );
        if !namesakes.is_empty() {
            self.namesakes.insert(at, namesakes.split('|').collect());
        }
    }

    fn add_area(&mut self, line: &'static str) {
        let [id, name, wikidata, geonames, country, aliases, demonyms] = cells(line);
        let ids = [("wikidata", wikidata), ("geonames", geonames)].into_iter().filter(|(_, id)| !id.is_empty());
        let ids: Vec<_> = ids.map(|(base, id)| (base, Text::Borrowed(id))).collect();
        let entry = Entry {
            // The same id as in the table of regions, for areas that are in both.
            id: match ids.first() {
                Some(("wikidata", id)) => id.clone(),
                Some((base, id)) => Text::Owned(format!("{base}:{id}")),
                None => Text::Owned(format!("area:{id}")),
            },
            name: Text::Borrowed(name),
            kind: EntryKind::Area,
            country: Some(country).filter(|code| !code.is_empty()).map(Text::Borrowed),
            region: None,
            population: 0,
            ids,
        };
        let at = self.add(entry);
        self.name_all(at, &[(MatchKind::Alias, aliases), (MatchKind::Demonym, demonyms)]);
    }

    fn add_organisation(&mut self, line: &'static str) {
        let [id, name, wikidata, country, acronyms, aliases, _source] = cells(line);
        let id = Text::Owned(format!("org:{id}"));
        let wikidata = Some(wikidata).filter(|id| !id.is_empty()).map(Text::Borrowed);
        let entry = Entry {
            id: wikidata.clone().unwrap_or(id),
            name: Text::Borrowed(name),
            kind: EntryKind::Organisation,
            country: Some(country).filter(|code| !code.is_empty()).map(Text::Borrowed),
            region: None,
            population: 0,
            ids: wikidata.into_iter().map(|id| ("wikidata", id)).collect(),
        };
        let at = self.add(entry);
        self.name_all(at, &[(MatchKind::Alias, aliases), (MatchKind::Acronym, acronyms)]);
    }

    fn add(&mut self, entry: Entry) -> u32 {
        let at = u32::try_from(self.entries.len()).expect("fewer than 2^32 entries");
        // The main names of TASS and UNICEF are acronyms.
        let is_short = entry.kind == EntryKind::Organisation && is_acronym(&entry.name);
        let kind = if is_short { MatchKind::Acronym } else { MatchKind::Name };
        let name = normalise(&entry.name);
        self.ids.entry(entry.id.clone()).or_insert(at);
        self.entries.push(entry);
        self.name(at, kind, name);
        at
    }

    fn name_all(&mut self, entry: u32, names: &[(MatchKind, &'static str)]) {
        for (kind, names) in names {
            for name in names.split('|').filter(|name| !name.is_empty()) {
                // An acronym that is not written as one is a name like others: INTERPOL.
                let kind = if *kind == MatchKind::Acronym && !is_acronym(name) { MatchKind::Alias } else { *kind };
                self.name(entry, kind, normalise(name));
            }
        }
    }

    fn name(&mut self, entry: u32, kind: MatchKind, key: String) {
        let all = self.names.entry(Text::Owned(key)).or_default();
        if !all.iter().any(|named| named.entry == entry) {
            all.push(NameOf { entry, kind });
        }
    }

    /// The countries, territories, areas and organisations that a surface matches, in the order of the tables.
    ///
    /// Acronyms match only if written as such: "us" is not "US".
    pub fn find(&self, surface: &str) -> Vec<Match<'_>> {
        self.find_key(&normalise(surface), surface)
    }

    /// The same for a surface whose normal form is known.
    pub(super) fn find_key(&self, key: &str, surface: &str) -> Vec<Match<'_>> {
        if !is_latin(surface) {
            let entries = other::find(surface).iter().filter_map(|id| self.entry_of(id));
            let found: Vec<_> = entries.map(|at| &self.entries[at as usize]).collect();
            if !found.is_empty() {
                return found.into_iter().map(|entry| Match { entry, kind: MatchKind::Transliteration }).collect();
            }
        }
        let Some(named) = self.names.get(key) else { return Vec::new() };
        let is_written = |kind: MatchKind| match kind {
            MatchKind::Acronym => is_acronym(surface) || is_capitalised(surface) && key.len() >= 4,
            _ => true,
        };
        let written = |kind: MatchKind| match kind {
            MatchKind::Name | MatchKind::Alias if !is_latin(surface) => MatchKind::Transliteration,
            kind => kind,
        };
        let found = named.iter().filter(|named| is_written(named.kind));
        found.map(|named| Match { entry: &self.entries[named.entry as usize], kind: written(named.kind) }).collect()
    }

    /// The first-level regions and cities of the world that a surface matches.
    ///
    /// Do not link by the name alone: every second link to the most populous one is wrong.
    pub fn find_places(&self, surface: &str) -> Vec<&Entry> {
        gazetteer::named(surface)
    }

    /// The country or territory with an ISO 3166-1 code of two capitals, or with an internal code such as `GB-SCT` for a part of one.
    #[cfg(test)]
    pub(super) fn country(&self, code: &str) -> Option<&Entry> {
        self.codes.get(code).map(|&at| &self.entries[at as usize])
    }

    /// The codes of the countries that have a first-level region with the name of this country.
    pub(super) fn namesakes(&self, country: &Entry) -> &[&'static str] {
        let at = country.id_in("iso3166").and_then(|code| self.codes.get(code));
        at.and_then(|at| self.namesakes.get(at)).map_or(&[], Vec::as_slice)
    }

    /// All countries, territories, areas and organisations, in the order of the tables.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }
}

/// The cells of a row of an embedded table.
fn cells<const N: usize>(line: &'static str) -> [&'static str; N] {
    let mut cells = line.split('\t');
    let row =
        std::array::from_fn(|_| cells.next().expect("a row of an embedded table has all cells; a test reads all"));
    assert!(cells.next().is_none(), "a row of an embedded table has too many cells: {line}");
    row
}
