//! First-level regions and cities, by name.
//!
//! The tables are sorted, so that names are found in the text of the table itself. Only the list of entries is built, when the first
//! region or city is looked up.

use std::sync::LazyLock;

use super::entry::{Entry, EntryKind, Text};
use super::other;
use crate::link::normalise::{is_latin, normalise};

/// GeoNames' first-level regions and cities of at least 100,000 people, written by `models/kb/build.py`.
const PLACES: &str = include_str!("../../../models/kb/places.tsv");
/// Normalised names, sorted by their bytes, with the GeoNames ids that they can stand for.
const NAMES: &str = include_str!("../../../models/kb/place_names.tsv");

/// The regions and cities, sorted by GeoNames id.
static ENTRIES: LazyLock<Vec<(u32, Entry)>> = LazyLock::new(|| PLACES.lines().skip(1).map(entry).collect());

fn entry(line: &'static str) -> (u32, Entry) {
    let mut cells = line.split('\t');
    let mut cell = || cells.next().expect("a row of places.tsv has seven columns; a test reads all");
    let (geonames, kind, name, country, region, population, wikidata) =
        (cell(), cell(), cell(), cell(), cell(), cell(), cell());
    let mut ids = vec![("geonames", Text::Borrowed(geonames))];
    if !wikidata.is_empty() {
        ids.push(("wikidata", Text::Borrowed(wikidata)));
    }
    let id = if wikidata.is_empty() { Text::Owned(format!("geonames:{geonames}")) } else { Text::Borrowed(wikidata) };
    let kind = if kind == "region" { EntryKind::Region } else { EntryKind::City };
    let entry = Entry {
        id,
        name: Text::Borrowed(name),
        kind,
        country: Some(Text::Borrowed(country)),
        region: Some(Text::Borrowed(region)),
        population: population.parse().expect("a population of places.tsv is a number; a test reads all"),
        ids,
    };
    (geonames.parse().expect("a GeoNames id is a number; a test reads all"), entry)
}

/// Whether a normalised name is that of a region or city.
pub(super) fn is_named(key: &str) -> bool {
    row(key).is_some()
}

/// The regions and cities that a surface can stand for, in whatever letters it is written.
pub(super) fn named(surface: &str) -> Vec<&'static Entry> {
    if !is_latin(surface) {
        let cities = other::find(surface).iter().filter_map(|id| with_id(id.parse().ok()?));
        let cities: Vec<&Entry> = cities.collect();
        if !cities.is_empty() {
            return cities;
        }
    }
    find(&normalise(surface)).collect()
}

fn with_id(id: u32) -> Option<&'static Entry> {
    let at = ENTRIES.binary_search_by_key(&id, |(id, _)| *id).ok()?;
    Some(&ENTRIES[at].1)
}

/// The regions and cities that a normalised name can stand for, sorted by GeoNames id.
pub(super) fn find(key: &str) -> impl Iterator<Item = &'static Entry> {
    let ids = row(key).into_iter().flat_map(|ids| ids.split(','));
    ids.map(|id| {
        let id: u32 = id.parse().expect("a GeoNames id is a number; a test reads all");
        with_id(id).expect("every id of place_names.tsv is in places.tsv")
    })
}

/// The ids of a name, found by binary search over the lines.
fn row(key: &str) -> Option<&'static str> {
    let bytes = NAMES.as_bytes();
    let line_end = |at: usize| bytes[at..].iter().position(|&byte| byte == b'\n').map_or(bytes.len(), |n| at + n);
    // The first line is the header.
    let (mut low, mut high) = (line_end(0) + 1, bytes.len());
    while low < high {
        let middle = low + (high - low) / 2;
        let start = bytes[low..middle].iter().rposition(|&byte| byte == b'\n').map_or(low, |n| low + n + 1);
        let end = line_end(start);
        let (found, ids) =
            NAMES[start..end].split_once('\t').expect("a row of place_names.tsv has two columns; a test reads all");
        match found.cmp(key) {
            std::cmp::Ordering::Equal => return Some(ids),
            std::cmp::Ordering::Less => low = (end + 1).min(high),
            std::cmp::Ordering::Greater => high = start,
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_found() {
        let mut n = 0;
        for line in NAMES.lines().skip(1) {
            let (key, ids) = line.split_once('\t').expect("the case is sound");
            assert_eq!(row(key), Some(ids), "{key}");
            assert_eq!(find(key).count(), ids.split(',').count(), "{key}");
            assert_eq!(normalise(key), key);
            n += 1;
        }
        assert!(n > 30_000, "{n}");
        for key in ["", "a", "zzzzz", "\u{10ffff}", "key", "atlantis of the tests"] {
            assert_eq!(row(key), None, "{key}");
        }
    }

    /// `models/kb/build.py` and the library normalise alike.
    #[test]
    fn every_place_is_found_by_its_name() {
        let missed: Vec<&str> = ENTRIES
            .iter()
            .filter(|(_, entry)| !find(&normalise(&entry.name)).any(|found| found.id == entry.id))
            .map(|(_, entry)| entry.name.as_ref())
            .collect();
        assert!(ENTRIES.is_sorted_by_key(|(id, _)| *id));
        assert!(missed.is_empty(), "{} of {}: {missed:?}", missed.len(), ENTRIES.len());
    }
}
