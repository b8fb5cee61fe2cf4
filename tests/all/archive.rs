//! An archive keeps ids, repeats nothing and loses nothing.
#![cfg(feature = "archive")]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use allonym::archive::{Access, Added, Archive, ArchiveOptions, Author, Error, GraphForm, Part, Selection};
use allonym::io::{NameRow, NameTable};
use allonym::link::{AliasTable, LinkOptions, Linker};
use allonym::{Document, Label, Mention, Pool, Span};
use rusqlite::Connection;
use rusqlite::types::Value;

use crate::cli::allonym;

/// A document of names with their labels, each followed by " said ".
fn document(id: &str, names: &[(&str, &str)]) -> Document {
    let mut document = Document::new(id, "");
    for (name, label) in names {
        let start = document.text.len();
        document.text.push_str(name);
        document.mentions.push(Mention::new(Span::new(start, document.text.len()), Label::new(label)));
        document.text.push_str(" said that much. ");
    }
    document
}

/// An archive in a folder of its own, that adds documents one by one.
struct Fixture {
    _folder: tempfile::TempDir,
    path: PathBuf,
    archive: Archive,
    linker: Linker,
}

impl Fixture {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("news.db");
        let options = ArchiveOptions::default().as_of(Some("2024-05-31".to_owned()));
        let archive = Archive::open(&path, options).expect("a new archive");
        let linker = Linker::new(LinkOptions::default().pool(Pool::current()));
        Self { _folder: folder, path, archive, linker }
    }

    fn add(&mut self, id: &str, names: &[(&str, &str)]) -> Added {
        self.archive.link(&self.linker, &[document(id, names)]).expect("the spans slice the text")
    }

    /// The ids of the mentions of a document that was added.
    fn ids(&self, id: &str, names: &[(&str, &str)]) -> Vec<String> {
        let mut document = document(id, names);
        self.archive.write(&mut document).expect("the archive has it");
        document.mentions.into_iter().map(|mention| mention.entity.expect("it is linked")).collect()
    }

    fn sound(&self) {
        assert_eq!(self.archive.check().expect("it can be read"), [""; 0]);
    }
}

const PER: &str = "PER";
const ORG: &str = "ORG";
const LOC: &str = "LOC";

fn author() -> Author {
    Author { who: "ann".to_owned(), why: "seen".to_owned() }
}

#[test]
fn ids_do_not_depend_on_what_comes_later() {
    let mut it = Fixture::new();
    let (india, kenya) = ([("Supreme Court", ORG), ("India", LOC)], [("Supreme Court", ORG), ("Kenya", LOC)]);
    it.add("1", &india);
    it.add("2", &kenya);
    let before = (it.ids("1", &india), it.ids("2", &kenya));
    assert_ne!(before.0[0], before.1[0]);
    it.add("3", &india);
    assert_eq!((it.ids("1", &india), it.ids("2", &kenya)), before);
    assert_eq!(it.ids("3", &india), before.0);
    it.sound();
}

#[test]
fn spellings_and_short_names_meet_what_is_there() {
    let mut it = Fixture::new();
    let first = [("Abbas Araghchi", PER), ("Abbas Araghchi", PER), ("Iran", LOC)];
    it.add("1", &first);
    let second = [("Abbas Aragchi", PER), ("Iranian", "MISC"), ("Aragchi", PER)];
    it.add("2", &second);
    let (a, b) = (it.ids("1", &first), it.ids("2", &second));
    assert_eq!([&b[0], &b[1], &b[2]], [&a[0], &a[2], &a[0]]);
    let shown = it.archive.show(&a[0]).expect("it is there");
    assert_eq!((shown.entity.name.as_str(), shown.mentions, shown.entity.documents), ("Abbas Araghchi", 4, 2));
    assert!(shown.merges.iter().any(|merge| merge.name == "Aragchi"), "{:?}", shown.merges);
    it.sound();
}

#[test]
fn a_bare_surname_stays_open_for_whoever_comes_later() {
    let mut it = Fixture::new();
    it.add("1", &[("Ali Larijani", PER)]);
    it.add("2", &[("Larijani", PER)]);
    it.add("3", &[("Sadeq Larijani", PER), ("Larijani", PER)]);
    it.add("4", &[("Larijani", PER)]);
    let ali = it.ids("1", &[("Ali Larijani", PER)]);
    let third = it.ids("3", &[("Sadeq Larijani", PER), ("Larijani", PER)]);
    let last = it.ids("4", &[("Larijani", PER)]);
    assert_eq!(third[0], third[1]);
    assert_ne!(ali[0], third[0]);
    assert!(last[0] != ali[0] && last[0] != third[0], "it may be either");
    let mut again = document("4", &[("Larijani", PER)]);
    it.archive.write(&mut again).expect("it is there");
    let candidates = again.entities[0].extra.get("candidates").expect("it is ambiguous");
    assert_eq!(candidates.as_array().map(Vec::len), Some(2), "{candidates}");
}

#[test]
fn the_same_document_twice_is_no_change_and_another_text_replaces_it() {
    let mut it = Fixture::new();
    let names = [("Maria Lopez", PER), ("Oslo", LOC)];
    assert_eq!(it.add("1", &names).documents, 1);
    let before = dump(&it.path);
    let again = it.add("1", &names);
    assert_eq!((again.documents, again.unchanged, again.mentions), (0, 1, 0));
    assert_eq!(dump(&it.path), before);
    let id = it.ids("1", &names)[0].clone();
    let other = [("Maria Lopez", PER), ("Bergen", LOC)];
    let replaced = it.add("1", &other);
    assert_eq!((replaced.documents, replaced.replaced.as_slice()), (0, &["1".to_owned()][..]));
    assert_eq!(it.ids("1", &other)[0], id, "she keeps her id");
    assert!(it.archive.search("Oslo", 5).expect("it can be read").is_empty(), "nobody speaks of Oslo any more");
    assert!(matches!(it.archive.write(&mut document("1", &names)), Err(Error::Unlinked { .. })));
    it.sound();
    let twice = [document("9", &names), document("9", &other)];
    let error = it.archive.link(&it.linker, &twice).expect_err("one id for two documents");
    assert_eq!(error.to_string(), "expected documents with ids of their own, found \"9\" twice");
}

#[test]
fn decisions_win_and_can_be_undone() {
    let mut it = Fixture::new();
    let names = [("Viktor Orlov", PER), ("Daria Petrova", PER), ("Ivan Sokolov", PER)];
    it.add("1", &names);
    let ids = it.ids("1", &names);
    let by = author();
    let (from, into) = it.archive.merge(&ids[1], &ids[0], &by).expect("they are two");
    assert_eq!((from.as_str(), into.as_str()), (ids[1].as_str(), ids[0].as_str()), "the older stays");
    assert_eq!(it.ids("1", &names)[1], ids[0]);
    it.add("2", &[("Daria Petrova", PER)]);
    assert_eq!(it.ids("2", &[("Daria Petrova", PER)])[0], ids[0], "what comes later follows");
    it.sound();
    it.archive.undo(None, &by).expect("there is a decision");
    assert_eq!(it.ids("1", &names), ids);
    it.sound();

    it.archive.rename(&ids[2], "Ivan the Terrible", &by).expect("it is there");
    it.add("3", &[("Ivan Sokolov", PER)]);
    assert_eq!(it.archive.show(&ids[2]).expect("it is there").entity.name, "Ivan the Terrible");

    it.archive.never(&ids[0], &ids[2], &by).expect("they are two");
    let error = it.archive.merge(&ids[0], &ids[2], &by).expect_err("they are parted");
    assert!(error.to_string().starts_with("expected two entities that no decision parts, found decision"), "{error}");
    let error = it.archive.show("nobody").expect_err("there is no such id");
    assert_eq!(error.to_string(), "expected the id of an entity of the archive, found \"nobody\"");
    it.sound();
}

#[test]
fn names_that_are_never_or_always_one() {
    let mut it = Fixture::new();
    it.archive.never("Abbas Araghchi", "Abbas Aragchi", &author()).expect("two names");
    it.archive.same("Bonn", "Bad Godesberg", &author()).expect("two names");
    it.add("1", &[("Abbas Araghchi", PER), ("Bonn", LOC)]);
    it.add("2", &[("Abbas Aragchi", PER), ("Bad Godesberg", LOC)]);
    let one = it.ids("1", &[("Abbas Araghchi", PER), ("Bonn", LOC)]);
    let two = it.ids("2", &[("Abbas Aragchi", PER), ("Bad Godesberg", LOC)]);
    assert_ne!(one[0], two[0]);
    assert_eq!(one[1], two[1]);
}

#[test]
fn parts_leave_and_stay_away() {
    let mut it = Fixture::new();
    let names = [("Gulab Khan", PER)];
    for id in ["1", "2", "3"] {
        it.add(id, &names);
    }
    let old = it.ids("1", &names)[0].clone();
    let new = it.archive.split(&old, &Part::Documents(vec!["2".to_owned()]), &author()).expect("a part");
    assert_ne!(old, new);
    let now = |it: &Fixture, id: &str| it.ids(id, &names)[0].clone();
    assert_eq!([now(&it, "1"), now(&it, "2"), now(&it, "3")], [old.clone(), new.clone(), old.clone()]);
    it.add("4", &names);
    assert_eq!(now(&it, "4"), old, "the name alone means the one who keeps it");
    it.sound();
    it.archive.relink(&it.linker.clone()).expect("it is linked again");
    assert_eq!([now(&it, "1"), now(&it, "2"), now(&it, "4")], [old.clone(), new, old.clone()]);
    it.sound();
    let error = it.archive.split(&old, &Part::Names(vec!["Nobody".to_owned()]), &author()).expect_err("no such name");
    assert_eq!(error.to_string(), format!("expected a part of the mentions of {old}, found no mention that fits"));
}

#[test]
fn rows_of_the_user_are_pinned() {
    let mut it = Fixture::new();
    let mut row = NameRow::new("Abbas Araghchi");
    row.id = Some("person-7".to_owned());
    let aliases = AliasTable::new(NameTable::from_iter([row]));
    let with_rows = Linker::new(LinkOptions::default().aliases(aliases).pool(Pool::current()));
    it.archive.link(&with_rows, &[document("1", &[("Abbas Aragchi", PER)])]).expect("it is linked");
    it.add("2", &[("Abbas Aragchi", PER)]);
    let shown = it.archive.show(&it.ids("2", &[("Abbas Aragchi", PER)])[0]).expect("it is there");
    assert_eq!((shown.entity.name.as_str(), shown.entity.kb["user"].as_str()), ("Abbas Araghchi", "person-7"));
}

#[test]
fn linking_again_keeps_ids_and_says_what_changed() {
    let mut it = Fixture::new();
    let (a, b) = ([("Ali Larijani", PER), ("Iran", LOC)], [("Tehran", LOC), ("Iran", LOC)]);
    it.add("1", &a);
    it.add("2", &b);
    let before = (it.ids("1", &a), it.ids("2", &b));
    let report = it.archive.relink(&it.linker.clone()).expect("it is linked again");
    assert_eq!((report.moved, report.mentions, report.before, report.after), (0, 4, 3, 3));
    assert_eq!((it.ids("1", &a), it.ids("2", &b)), before);
    it.sound();
    let same = allonym::link::Constraints::new(&[("Tehran", "Iran")], &[]).expect("two names");
    let linker = Linker::new(LinkOptions::default().constraints(same).pool(Pool::current()));
    let report = it.archive.relink(&linker).expect("it is linked again");
    assert_eq!((report.merged.as_slice(), report.after), (&[(before.1[0].clone(), before.0[1].clone())][..], 2));
    assert_eq!(it.ids("2", &b)[0], before.0[1]);
    assert_eq!(it.archive.show(&before.1[0]).expect("it redirects").redirects, [before.1[0].clone()]);
    it.sound();
}

#[test]
fn entities_are_found_in_any_spelling() {
    let mut it = Fixture::new();
    it.add("1", &[("Abbas Araghchi", PER), ("Araghchi", PER), ("World Health Organization", ORG)]);
    let found = |query: &str| -> Vec<String> {
        it.archive.search(query, 5).expect("it can be read").into_iter().map(|found| found.name).collect()
    };
    for query in ["Abbas Araqchi", "araghchi", "ABBAS ARAGHCHI"] {
        assert_eq!(found(query), ["Abbas Araghchi"], "{query}");
    }
    assert_eq!(found("health"), ["World Health Organization"]);
    assert!(found("Nobody").is_empty());
}

#[test]
fn graphs_have_what_occurs_together() {
    let mut it = Fixture::new();
    it.add("1", &[("Maria Lopez", PER), ("Oslo", LOC)]);
    it.add("2", &[("Maria Lopez", PER), ("Oslo", LOC), ("B&O <Ltd>", ORG)]);
    let mut graph = Vec::new();
    assert_eq!(it.archive.export_graph(Selection::default(), GraphForm::GraphMl, &mut graph).expect("a graph"), 3);
    let graph = String::from_utf8(graph).expect("text");
    assert!(graph.contains("<data key=\"name\">B&amp;O &lt;Ltd&gt;</data>"), "{graph}");
    assert_eq!((graph.matches("<node ").count(), graph.matches("<edge ").count()), (3, 3));
    let mut table = Vec::new();
    let n = it.archive.export_graph(Selection::new(1, 2), GraphForm::Csv, &mut table).expect("a table");
    let table = String::from_utf8(table).expect("text");
    assert_eq!((n, table.lines().count()), (1, 2));
    assert!(
        table.ends_with(",Maria Lopez,Oslo,PER,LOC,2\n") || table.ends_with(",Oslo,Maria Lopez,LOC,PER,2\n"),
        "{table}"
    );
}

#[test]
fn files_that_are_no_archives_are_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("a.db");
    let open =
        |access| Archive::open(&path, ArchiveOptions::default().access(access)).expect_err("it is refused").to_string();
    let place = path.display().to_string();
    assert_eq!(open(Access::Read), format!("{place}: expected an archive, found no file"));
    std::fs::write(
        &path,
        "no database, but a text that is long enough to have a header of a hundred bytes, as databases have",
    )
    .expect("a file");
    assert_eq!(
        open(Access::Create),
        format!("{place}: expected an archive of allonym, found a file that is no SQLite database")
    );
    std::fs::remove_file(&path).expect("it is removed");
    Connection::open(&path).and_then(|it| it.execute_batch("CREATE TABLE recipes (name)")).expect("a database");
    assert_eq!(
        open(Access::Create),
        format!("{place}: expected an archive of allonym, found a SQLite database of another program")
    );
    std::fs::remove_file(&path).expect("it is removed");
    drop(Archive::open(&path, ArchiveOptions::default()).expect("a new archive"));
    Connection::open(&path).and_then(|it| it.execute_batch("PRAGMA user_version = 99")).expect("it is changed");
    let newer = open(Access::Create);
    assert!(newer.contains("expected an archive of version 1 or older, found version 99 (made by allonym"), "{newer}");
    let options = ArchiveOptions::default().as_of(Some("31 May".to_owned()));
    let error = Archive::open(&folder.path().join("b.db"), options).expect_err("it is no date").to_string();
    assert_eq!(error, "expected a date such as 2024-05-31, found \"31 May\"");
}

#[test]
fn a_second_writer_waits_or_says_so() {
    let it = Fixture::new();
    let blocker = Connection::open(&it.path).expect("it opens");
    blocker.execute_batch("BEGIN IMMEDIATE").expect("nobody writes");
    let options = ArchiveOptions::default().patience(Duration::from_millis(50));
    let mut impatient = Archive::open(&it.path, options).expect("it opens");
    let error =
        impatient.link(&it.linker, &[document("1", &[("Oslo", LOC)])]).expect_err("somebody writes").to_string();
    assert!(error.contains("found another program that has been writing to it"), "{error}");
    let path = it.path.clone();
    let waiting = std::thread::spawn(move || {
        let mut patient = Archive::open(&path, ArchiveOptions::default()).expect("it opens");
        patient.link(&Linker::default(), &[document("1", &[("Oslo", LOC)])]).map(|added| added.documents)
    });
    std::thread::sleep(Duration::from_millis(300));
    assert!(!waiting.is_finished(), "it waits");
    blocker.execute_batch("COMMIT").expect("it ends");
    assert_eq!(waiting.join().expect("no panic").expect("it is linked"), 1);
}

/// All tables, row by row.
fn dump(path: &Path) -> BTreeMap<String, Vec<String>> {
    let connection = Connection::open(path).expect("it opens");
    let mut tables = connection.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").expect("a query");
    let tables: Vec<String> =
        tables.query_map((), |row| row.get(0)).and_then(Iterator::collect).expect("the names of tables");
    let rows = |table: &String| {
        let mut find = connection.prepare(&format!("SELECT * FROM {table}")).expect("a query");
        let n = find.column_count();
        let row = |row: &rusqlite::Row<'_>| {
            let cells: Result<Vec<Value>, _> = (0..n).map(|at| row.get(at)).collect();
            cells.map(|cells| format!("{cells:?}"))
        };
        let rows: BTreeSet<String> = find.query_map((), row).and_then(Iterator::collect).expect("rows");
        (table.clone(), rows.into_iter().collect())
    };
    tables.iter().map(rows).collect()
}

/// Documents about people whose names are much alike.
fn corpus(folder: &Path, n: usize) -> String {
    let mut random = fastrand::Rng::with_seed(7);
    let given = ["Ali", "Maria", "Jon", "Abbas", "Sara", "Viktor", "Nadia", "Omar", "Lena", "Yusuf"];
    let family = ["Larijani", "Lopez", "Berg", "Araghchi", "Aragchi", "Petrov", "Khan", "Qureshi", "Okello", "Sharif"];
    let bodies = ["Supreme Court", "World Bank", "Foreign Ministry", "Airbus SE", "Airbus", "Central Bank"];
    let places = ["India", "Kenya", "Oslo", "Iran", "Peru", "Springfield"];
    let mut lines = String::new();
    for id in 0..n {
        let mut names: Vec<(String, &str)> = Vec::new();
        for _ in 0..4 {
            let family = random.choice(family).expect("a name");
            names.push((format!("{} {family}", random.choice(given).expect("a name")), PER));
            if random.bool() {
                names.push((family.to_owned(), PER));
            }
        }
        names.push((random.choice(bodies).expect("a name").to_owned(), ORG));
        names.push((random.choice(places).expect("a name").to_owned(), LOC));
        let names: Vec<(&str, &str)> = names.iter().map(|(name, label)| (name.as_str(), *label)).collect();
        let line = serde_json::to_string(&document(&format!("d{id}"), &names)).expect("JSON");
        writeln!(lines, "{line}").expect("strings grow");
    }
    let path = folder.join("corpus.jsonl");
    std::fs::write(&path, lines).expect("a file");
    path.display().to_string()
}

/// Kills so many runs at random points, and compares with a run that nobody disturbs.
fn kill(times: usize) {
    let folder = tempfile::tempdir().expect("a folder");
    let input = corpus(folder.path(), 90);
    let path = |name: &str| folder.path().join(name);
    let arguments = |db: &Path| -> Vec<String> {
        let db = db.display().to_string();
        [
            "link",
            &input,
            "--archive",
            &db,
            "--batch",
            "5",
            "--as-of",
            "2024-05-31",
            "--no-documents",
            "--quiet",
            "--threads",
            "1",
        ]
        .map(str::to_owned)
        .into()
    };
    let start = |db: &Path| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_allonym"));
        command.args(arguments(db)).stdout(Stdio::null()).spawn().expect("the program starts")
    };
    let began = Instant::now();
    let straight = path("straight.db");
    assert!(start(&straight).wait().expect("it ends").success());
    let whole = began.elapsed();
    let want = dump(&straight);
    let mut random = fastrand::Rng::with_seed(3);
    let (mut n_killed, mut nth) = (0, 0);
    let compare = |db: &Path, nth: usize| {
        assert!(start(db).wait().expect("it ends").success());
        let got = dump(db);
        assert!(want.keys().eq(got.keys()));
        for (table, rows) in &want {
            assert_eq!(&got[table], rows, "{table} after kills, archive {nth}");
        }
    };
    // A busy machine may have been slow only while the straight run was measured.
    let mut longest = whole;
    while n_killed < times {
        let db = path(&format!("{nth}.db"));
        let mut child = start(&db);
        std::thread::sleep(longest.mul_f64(random.f64()));
        let was_done = child.try_wait().expect("it can be asked").is_some();
        child.kill().expect("it can be killed");
        child.wait().expect("it ends");
        if was_done {
            longest = longest.mul_f64(0.9);
        } else {
            n_killed += 1;
        }
        if was_done || random.u8(..5) == 0 {
            compare(&db, nth);
            nth += 1;
        }
    }
    compare(&path(&format!("{nth}.db")), nth);
}

#[test]
fn a_killed_run_loses_nothing_and_repeats_nothing() {
    kill(20);
}

#[test]
#[ignore = "takes minutes"]
fn two_hundred_kills() {
    kill(200);
}

#[test]
fn the_program_adds_and_looks_up() {
    let folder = tempfile::tempdir().expect("a folder");
    let input = corpus(folder.path(), 6);
    let path = |name: &str| folder.path().join(name).display().to_string();
    let (db, out) = (path("news.db"), path("out.jsonl"));
    let run = |arguments: &[&str]| {
        let run = allonym(arguments);
        let message = String::from_utf8_lossy(&run.stderr).into_owned();
        (run.status.code(), String::from_utf8_lossy(&run.stdout).into_owned(), message)
    };
    let (code, _, message) = run(&["link", &input, "--archive", &db, "-o", &out]);
    assert_eq!(code, Some(0), "{message}");
    assert!(message.contains("note: 6 documents added, "), "{message}");
    let (_, _, message) = run(&["link", &input, "--archive", &db, "--no-documents"]);
    assert!(message.contains("note: 0 documents added, 6 there already, 0 new entities"), "{message}");
    let linked = std::fs::read_to_string(&out).expect("the output");
    let first: serde_json::Value = serde_json::from_str(linked.lines().next().expect("a line")).expect("JSON");
    let id = first["mentions"][0]["entity"].as_str().expect("an id");
    let (code, shown, message) = run(&["archive", "show", &db, id]);
    assert_eq!(code, Some(0), "{message}");
    assert!(shown.starts_with(&format!("{id} ")) && shown.contains("\nmentions\n  d"), "{shown}");
    assert_eq!(run(&["archive", "check", &db]).1, "the archive is sound\n");
    assert!(run(&["archive", "stats", &db]).1.starts_with("documents\t6\nmentions\t"));
    let table = path("entities.tsv");
    assert_eq!(run(&["archive", "export", &db, "-o", &table]).0, Some(0));
    let (code, _, message) = run(&["link", &input, "--kb", &table, "-o", &path("kb.jsonl")]);
    assert_eq!(code, Some(0), "{message}");
    let (code, _, message) = run(&["archive", "search", &path("none.db"), "x"]);
    assert_eq!(code, Some(2));
    assert!(message.ends_with("none.db: expected an archive, found no file\n"), "{message}");
    let (code, _, message) = run(&["link", &input, "--no-documents"]);
    assert_eq!(code, Some(2));
    assert!(message.contains("--no-documents: expected --entities or --archive beside it, found neither"), "{message}");
}
