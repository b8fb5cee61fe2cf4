//! Tests of the parts together.

use std::collections::BTreeSet;

use super::*;
use crate::link::Kind;
use crate::link::normalise::normalise;

fn context(surfaces: &[&str]) -> GeoContext {
    GeoContext::new(Kb::embedded(), surfaces.iter().map(|surface| (*surface, Kind::Other)))
}

/// A resolution in short: the id and the kind of match, `~` before a metonym, all ids of an ambiguous one.
fn short(resolution: &Resolution<'_>) -> String {
    match resolution {
        Resolution::Is(found) => format!("{} {:?}", found.entry.id, found.kind),
        Resolution::Metonym(found) => format!("~{} {:?}", found.entry.id, found.kind),
        Resolution::Ambiguous(all) => all.iter().map(|m| m.entry.id.as_ref()).collect::<Vec<_>>().join(" or "),
        Resolution::Nil => "nil".to_owned(),
    }
}

#[test]
fn mentions_and_what_they_mean() {
    use Kind::{Organisation, Other, Person, Place};
    let mut wrong = Vec::new();
    for (surface, kind, named, want) in [
        ("Iran", Place, &[][..], "Q794 Name"),
        ("IRAN", Place, &[], "Q794 Name"),
        ("the Islamic Republic of Iran", Place, &[], "Q794 Alias"),
        ("Iranian", Other, &[], "Q794 Demonym"),
        ("Iranians", Place, &[], "Q794 Demonym"),
        ("Swedes", Other, &[], "Q34 Demonym"),
        ("US", Place, &[], "Q30 Acronym"),
        ("U.S.", Place, &[], "Q30 Acronym"),
        ("U. S.", Place, &[], "Q30 Acronym"),
        ("us", Place, &[], "nil"),
        ("Us", Other, &[], "nil"),
        ("UAE", Place, &[], "Q878 Acronym"),
        ("Иран", Place, &[], "Q794 Transliteration"),
        ("America", Place, &[], "Q30 Alias"),
        ("Holland", Place, &[], "Q55 Alias"),
        ("Scotland", Place, &[], "Q22 Name"),
        ("Congo", Place, &[], "Q971 or Q974"),
        ("Congo", Place, &["Brazzaville"], "Q971 Context"),
        ("England", Organisation, &[], "~Q21 Name"),
        ("Pakistani", Organisation, &[], "~Q843 Demonym"),
        ("Israel", Person, &[], "nil"),
        ("Jordan", Person, &["Jordan"], "nil"),
        ("Chad", Person, &[], "nil"),
        ("Chad", Place, &[], "Q657 Name"),
        ("Georgia", Place, &["Tbilisi"], "Q230 Name"),
        ("Georgia", Place, &["Georgian", "U.S."], "Q230 Name"),
        ("Georgia", Place, &["U.S."], "Q230 or Q1428"),
        ("Georgia", Place, &["Atlanta"], "Q1428 Context"),
        ("Korean", Other, &[], "Q423 or Q884"),
        ("Korean", Other, &["South Korea"], "Q884 Context"),
        ("Chechens", Other, &[], "Q5187 Demonym"),
        ("European", Other, &[], "Q46 Demonym"),
        ("N. Korea", Place, &[], "Q423 Name"),
        ("U.S.-led", Other, &[], "Q30 Acronym"),
        ("London-based", Other, &["British"], "geonames:2643743 Context"),
        ("Washington, D.C.", Place, &[], "geonames:4140963 Qualified"),
        ("Islamabad", Place, &[], "nil"),
        ("ISLAMABAD", Place, &["Pakistan"], "geonames:1176615 Context"),
        ("Washington", Place, &[], "nil"),
        ("London", Place, &["Canada"], "geonames:6058560 Context"),
        ("London", Place, &["Canada", "British"], "geonames:2643743 Context"),
        ("Bombay", Place, &["Indian"], "geonames:1275339 Context"),
        ("London, Ontario", Place, &[], "geonames:6058560 Qualified"),
        ("London (Canada)", Place, &[], "geonames:6058560 Qualified"),
        ("Portland, Ore.", Place, &[], "geonames:5746545 Qualified"),
        ("Springfield, Illinois, U.S.", Place, &[], "geonames:4250542 Qualified"),
        ("Paris, Atlantis", Place, &[], "nil"),
        ("Nowhere, France", Place, &[], "nil"),
        (",", Place, &[], "nil"),
        ("Punjab", Place, &["Pakistan"], "geonames:1167710 Context"),
        ("UN", Organisation, &[], "Q1065 Acronym"),
        ("United Nations", Organisation, &[], "Q1065 Name"),
        ("Unesco", Organisation, &[], "Q7809 Acronym"),
        ("Who", Organisation, &[], "nil"),
        ("WHO", Organisation, &[], "Q7817 Acronym"),
        ("Economic Cooperation Organisation", Organisation, &[], "Q225950 Name"),
        ("ECO", Organisation, &[], "Q225950 Acronym"),
        ("ICC", Organisation, &[], "Q47488 or org:international-cricket-council"),
        ("White House", Place, &[], "org:white-house Name"),
        ("AP", Place, &[], "nil"),
    ] {
        let got = short(&Kb::embedded().resolve(surface, kind, &context(named)));
        if got != want {
            wrong.push(format!("{surface} {kind:?} {named:?}: {got}, not {want}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Every id of the names in other letters is that of an entry or of a city.
#[test]
fn names_in_other_languages_are_of_entries() {
    let kb = Kb::embedded();
    let mut n = 0;
    for (id, names) in super::other::rows() {
        for name in names.split('|') {
            let (entries, places) = (kb.find(name), kb.find_places(name));
            assert!(!entries.is_empty() || !places.is_empty(), "{id} {name}");
            n += 1;
        }
    }
    assert!(n > 10_000, "{n}");
    for (surface, id) in [("Allemagne", "Q183"), ("Birleşmiş Milletler", "Q1065"), ("ایران", "Q794"), ("Иране", "Q794")]
    {
        let found = kb.find(surface);
        assert_eq!(found.iter().map(|found| found.entry.id.as_ref()).collect::<Vec<_>>(), [id], "{surface}");
    }
    assert!(kb.find_places("تهران").iter().any(|place| place.name == "Tehran"));
}

/// Every row of the embedded tables is read and sound.
#[test]
fn the_tables_are_sound() {
    let kb = Kb::embedded();
    let mut ids = BTreeSet::new();
    for entry in kb.entries() {
        assert!(ids.insert(&entry.id), "{} occurs twice", entry.id);
        assert!(kb.find(&entry.name).iter().any(|m| m.entry == entry), "{}", entry.name);
    }
    let count = |wanted: fn(EntryKind) -> bool| kb.entries().iter().filter(|entry| wanted(entry.kind)).count();
    assert_eq!(count(|kind| kind == EntryKind::Country), 197);
    assert!(count(EntryKind::is_country_level) > 250);
    assert!(count(|kind| kind == EntryKind::Organisation) > 300);
    for code in ["IR", "PK", "US", "GB", "GB-SCT", "PS", "XK"] {
        assert!(kb.country(code).is_some(), "{code}");
    }
    // One word for two countries is a mistake in english.tsv unless it is known to be one.
    let known = ["dominican", "congolese", "korean", "saint martin", "roc"];
    for entry in kb.entries().iter().filter(|entry| entry.kind.is_country_level()) {
        let same: Vec<_> = kb.find(&entry.name).into_iter().filter(|m| m.entry.kind.is_country_level()).collect();
        assert!(same.len() == 1 || known.contains(&normalise(&entry.name).as_str()), "{}: {same:?}", entry.name);
    }
}
