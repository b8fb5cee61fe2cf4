//! Accuracy of links to countries on news with gold ids, if the data are beside the project.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Cursor, Write};
use std::time::Instant;

use allonym::io::{NameFormat, NameTable};
use allonym::link::AliasTable;
use allonym::link::Kind;
use allonym::link::kb::{GeoContext, Kb, Match, Resolution};
use allonym::text::Label;
use serde_json::Value;

use crate::shared_data::shared;

struct Mention {
    document: String,
    surface: String,
    kind: Kind,
    wikidata: Option<String>,
}

fn mentions(name: &str) -> Option<Vec<Mention>> {
    let path = shared(name)?;
    let text = std::fs::read_to_string(path).expect("the file can be read");
    let read = |line: &str| {
        let row: Value = serde_json::from_str(line).expect("a line is JSON");
        let cell = |key: &str| row[key].as_str().map(str::to_owned);
        Mention {
            document: cell("doc").expect("a document"),
            surface: cell("surface").expect("a surface"),
            kind: Kind::of(&Label::new(&cell("type").expect("a type"))),
            wikidata: cell("qid").filter(|id| id.starts_with('Q')),
        }
    };
    Some(text.lines().map(read).collect())
}

/// Results over some mentions.
#[derive(Default)]
struct Tally {
    right: usize,
    wrong: BTreeMap<String, usize>,
    /// Gold mentions of a country.
    gold: usize,
    metonyms: usize,
    metonyms_right: usize,
}

impl Tally {
    fn precision(&self) -> f64 {
        self.right as f64 / (self.right + self.wrong.values().sum::<usize>()) as f64
    }

    fn recall(&self) -> f64 {
        self.right as f64 / self.gold as f64
    }
}

fn tally(mentions: &[Mention], kind: impl Fn(&Mention) -> Kind, counts: impl Fn(&Match<'_>) -> bool) -> Tally {
    let kb = Kb::embedded();
    let countries: BTreeSet<&str> = kb
        .entries()
        .iter()
        .filter(|entry| entry.kind.is_country_level())
        .filter_map(|entry| entry.id_in("wikidata"))
        .collect();
    let mut tally = Tally::default();
    for of_document in mentions.chunk_by(|a, b| a.document == b.document) {
        let context = GeoContext::new(kb, of_document.iter().map(|m| (m.surface.as_str(), kind(m))));
        for mention in of_document {
            let gold = mention.wikidata.as_deref();
            tally.gold += usize::from(gold.is_some_and(|id| countries.contains(id)));
            match kb.resolve(&mention.surface, kind(mention), &context) {
                Resolution::Is(found) if counts(&found) => {
                    if found.entry.id_in("wikidata") == gold {
                        tally.right += 1;
                    } else {
                        let gold = gold.unwrap_or("NIL");
                        *tally
                            .wrong
                            .entry(format!("{} -> {} not {gold}", mention.surface, found.entry.id))
                            .or_default() += 1;
                    }
                }
                Resolution::Metonym(found) if counts(&found) => {
                    tally.metonyms += 1;
                    tally.metonyms_right += usize::from(found.entry.id_in("wikidata") != gold);
                }
                _ => {}
            }
        }
    }
    tally
}

fn report(name: &str, tally: &Tally) {
    let mut worst: Vec<_> = tally.wrong.iter().collect();
    worst.sort_by_key(|(text, n)| (std::cmp::Reverse(**n), text.as_str()));
    let worst: Vec<String> = worst.iter().take(25).map(|(text, n)| format!("  {n} {text}")).collect();
    let wrong: usize = tally.wrong.values().sum();
    let (precision, recall) = (tally.precision(), tally.recall());
    let Tally { right, gold, metonyms, metonyms_right, .. } = tally;
    writeln!(
        std::io::stderr(),
        "{name}: precision {precision:.4} ({right} right, {wrong} wrong), recall {recall:.4} of {gold}; \
         {metonyms} metonyms, {metonyms_right} of them no country\n{}",
        worst.join("\n")
    )
    .expect("stderr takes a line");
}

#[test]
fn links_to_countries_are_right() {
    let Some(mentions) = mentions("linking/aida_dev_mentions.jsonl") else { return };
    let is_country = |found: &Match<'_>| found.entry.kind.is_country_level();
    let with_types = tally(&mentions, |mention| mention.kind, is_country);
    report("AIDA dev, the type as label", &with_types);
    let blind = tally(&mentions, |_| Kind::Other, is_country);
    report("AIDA dev, no label", &blind);
    let is_region = |found: &Match<'_>| {
        !is_country(found) && found.entry.id_in("geonames").is_some() && found.entry.id_in("wikidata").is_some()
    };
    let regions = tally(&mentions, |mention| mention.kind, is_region);
    report("AIDA dev, regions that have a Wikidata id", &regions);
    let is_organisation = |found: &Match<'_>| {
        found.entry.id_in("geonames").is_none() && !is_country(found) && found.entry.id_in("wikidata").is_some()
    };
    let organisations = tally(&mentions, |mention| mention.kind, is_organisation);
    report("AIDA dev, organisations that have a Wikidata id", &organisations);
    assert!(with_types.precision() >= 0.95, "{}", with_types.precision());
    assert!(with_types.recall() >= 0.85, "{}", with_types.recall());
}

/// `cargo test --release --test all how_fast -- --ignored --nocapture`
#[test]
#[ignore = "a measurement"]
fn how_fast() {
    let say = |what: &str, since: Instant| {
        writeln!(std::io::stderr(), "{what}: {:.2} ms", since.elapsed().as_secs_f64() * 1e3)
            .expect("stderr takes a line");
    };
    let start = Instant::now();
    let kb = Kb::embedded();
    say("countries and organisations loaded", start);
    let start = Instant::now();
    assert!(!kb.find_places("Lahore").is_empty());
    say("regions and cities loaded", start);
    let context = GeoContext::new(kb, [("Pakistan", Kind::Place)]);
    let start = Instant::now();
    for _ in 0..100_000 {
        for surface in ["Iran", "Lahore", "Nobody Knows", "London, Ontario", "Pakistani"] {
            assert!(!matches!(kb.resolve(surface, Kind::Place, &context), Resolution::Ambiguous(_)));
        }
    }
    say("500,000 mentions resolved", start);
    let Some(path) = shared("names/clusters_dev.tsv") else { return };
    let text = std::fs::read_to_string(path).expect("the file can be read");
    let mut lines = text.lines();
    let header: Vec<&str> = lines.next().expect("a header").split('\t').collect();
    let column = header.iter().position(|column| *column == "name").expect("a column name");
    let names: Vec<&str> = lines.filter_map(|line| line.split('\t').nth(column)).collect();
    // 10,000 rows, and 200,000 surfaces: each name with each of others' parts in front.
    let rows: String =
        (0..10_000).map(|n| format!("{} {}\tPER\n", names[n % names.len()], letters(n / names.len()))).collect();
    let start = Instant::now();
    let table =
        NameTable::read(Cursor::new(format!("canonical\tlabel\n{rows}")), NameFormat::Tsv, "rows").expect("rows");
    let table = AliasTable::new(table);
    say("10,000 rows indexed", start);
    let start = Instant::now();
    let surfaces = (0..200_000).map(|n| format!("{} {}", names[n % names.len()], letters(n / names.len())));
    let found = surfaces.filter(|surface| !table.find(surface, Kind::Person).is_empty()).count();
    say(&format!("200,000 surfaces looked up, {found} found, {} names", names.len()), start);
}

/// `models/kb/wikidata.py` reads a dump of five made-up entities, and its output is a user's knowledge base.
#[test]
fn a_wikidata_dump_becomes_a_knowledge_base() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let cases = root.join("tests/cases/kb");
    let want = std::fs::read_to_string(cases.join("wikidata_rows.jsonl")).expect("the case is there");
    let mut python = std::process::Command::new("python3");
    python
        .arg(root.join("models/kb/wikidata.py"))
        .arg(cases.join("wikidata_dump.json"))
        .args(["--types", "Q5=PER,Q4830453=ORG"]);
    match python.output() {
        Ok(run) => {
            assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
            assert_eq!(String::from_utf8_lossy(&run.stdout), want);
        }
        Err(_) => writeln!(std::io::stderr(), "skipped: python3 is not there").expect("stderr takes a line"),
    }
    let rows = NameTable::read(Cursor::new(want), NameFormat::Jsonl, "rows").expect("the rows are sound");
    let table = AliasTable::new(rows.identified().expect("the ids differ"));
    let found = table.find("J. Roe", Kind::Person);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].row.ids().last(), Some(("wikidata", "Q900000001")));
}

/// A made-up name for each number; empty for 0.
fn letters(mut n: usize) -> String {
    let mut text = String::new();
    while n > 0 {
        text.push_str(["ba", "do", "fi", "gu", "ke", "lo", "mi", "nu", "ra", "te"][n % 10]);
        n /= 10;
    }
    text
}
