//! Which entries can a name stand for?

use std::collections::HashMap;
use std::sync::LazyLock;

use super::entry::{Entry, EntryKind, How, Match, Text};
use super::gazetteer;
use crate::link::fold::{fold, is_acronym, is_capitalised, is_latin};

/// Countries and territories, written by `models/kb/build.py` from rigour's table and `english.tsv`.
const COUNTRIES: &str = include_str!("../../../models/kb/countries.tsv");
/// Continents, and parts of countries with a people of their own, written by hand.
const AREAS: &str = include_str!("../../../models/kb/areas.tsv");
/// Organisations, written by hand.
const ORGANISATIONS: &str = include_str!("../../../models/kb/organisations.tsv");

/// A knowledge base.
///
/// Immutable; one serves every thread.
#[derive(Clone, Debug)]
pub struct Kb {
    entries: Vec<Entry>,
    /// Per folded name, entries and how the name is theirs.
    names: HashMap<Text, Vec<Named>>,
    /// Countries by their ISO 3166 code.
    codes: HashMap<Text, u32>,
    /// Per country, by its index: the countries that have a first-level region of the same name.
    namesakes: HashMap<u32, Vec<&'static str>>,
}

/// A name of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Named {
    entry: u32,
    how: How,
}

impl Kb {
    /// The knowledge base in the library: countries, territories, regions, cities, organisations.
    pub fn embedded() -> &'static Self {
        static KB: LazyLock<Kb> = LazyLock::new(Kb::build);
        &KB
    }

    fn build() -> Self {
        let mut kb = Self {
            entries: Vec::with_capacity(1024),
            names: HashMap::with_capacity(4096),
            codes: HashMap::with_capacity(512),
            namesakes: HashMap::new(),
        };
        COUNTRIES.lines().skip(1).for_each(|line| kb.add_country(line));
        AREAS.lines().skip(1).for_each(|line| kb.add_area(line));
        ORGANISATIONS.lines().skip(1).for_each(|line| kb.add_organisation(line));
        kb
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
        self.name_all(at, &[(How::Alias, aliases), (How::Acronym, acronyms), (How::Demonym, demonyms)]);
        if !namesakes.is_empty() {
            self.namesakes.insert(at, namesakes.split('|').collect());
        }
    }

    fn add_area(&mut self, line: &'static str) {
        let [id, name, wikidata, geonames, country, aliases, demonyms] = cells(line);
        let ids = [("wikidata", wikidata), ("geonames", geonames)].into_iter().filter(|(_, id)| !id.is_empty());
        let ids: Vec<_> = ids.map(|(base, id)| (base, Text::Borrowed(id))).collect();
        let entry = Entry {
            // As regions have it that are in the other table too.
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
        self.name_all(at, &[(How::Alias, aliases), (How::Demonym, demonyms)]);
    }

    fn add_organisation(&mut self, line: &'static str) {
        let [id, name, wikidata, country, acronyms, aliases] = cells(line);
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
        self.name_all(at, &[(How::Alias, aliases), (How::Acronym, acronyms)]);
    }

    fn add(&mut self, entry: Entry) -> u32 {
        let at = u32::try_from(self.entries.len()).expect("fewer than 2^32 entries");
        // The names of TASS and UNICEF are acronyms.
        let is_short = entry.kind == EntryKind::Organisation && is_acronym(&entry.name);
        let how = if is_short { How::Acronym } else { How::Name };
        let name = fold(&entry.name);
        self.entries.push(entry);
        self.name(at, how, name);
        at
    }

    fn name_all(&mut self, entry: u32, names: &[(How, &'static str)]) {
        for (how, names) in names {
            for name in names.split('|').filter(|name| !name.is_empty()) {
                // A short form that no rule takes for one is a name like others: INTERPOL.
                let how = if *how == How::Acronym && !is_acronym(name) { How::Alias } else { *how };
                self.name(entry, how, fold(name));
            }
        }
    }

    fn name(&mut self, entry: u32, how: How, key: String) {
        let all = self.names.entry(Text::Owned(key)).or_default();
        if !all.iter().any(|named| named.entry == entry) {
            all.push(Named { entry, how });
        }
    }

    /// The countries, territories, areas and organisations that a surface can name, in the order of the tables.
    ///
    /// Acronyms count only when they are written as such: "us" is not "US".
    pub fn find(&self, surface: &str) -> Vec<Match<'_>> {
        self.find_key(&fold(surface), surface)
    }

    /// The same for a surface that is folded already.
    pub(super) fn find_key(&self, key: &str, surface: &str) -> Vec<Match<'_>> {
        let Some(named) = self.names.get(key) else { return Vec::new() };
        let is_written = |how: How| match how {
            How::Acronym => is_acronym(surface) || is_capitalised(surface) && key.len() >= 4,
            _ => true,
        };
        let how = |how: How| match how {
            How::Name | How::Alias if !is_latin(surface) => How::Transliteration,
            how => how,
        };
        let found = named.iter().filter(|named| is_written(named.how));
        found.map(|named| Match { entry: &self.entries[named.entry as usize], how: how(named.how) }).collect()
    }

    /// The first-level regions and cities that a surface can name, anywhere in the world.
    ///
    /// Far too many to link by the name alone: with the most populous one, one in two links is wrong.
    pub fn find_places(&self, surface: &str) -> Vec<&Entry> {
        gazetteer::find(&fold(surface)).collect()
    }

    /// The country or territory with an ISO 3166-1 code of two capitals, or a code of ours for a part of one, such as `GB-SCT`.
    pub fn country(&self, code: &str) -> Option<&Entry> {
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
