//! Names out, pseudonyms in, and back to the last byte.
#![cfg(all(unix, feature = "embedded-model"))]

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Output;

use crate::cli::stdout;
use crate::outputs::{shell, stderr};

/// Runs a line in a folder; it must end with this code.
fn run(folder: &Path, line: &str, code: i32) -> Output {
    let run = shell(folder, line);
    assert_eq!(run.status.code(), Some(code), "{line}: {}", stderr(&run));
    run
}

fn with(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, content) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().expect("it is in a folder")).expect("a folder");
        fs::write(path, content).expect("a file");
    }
    folder
}

fn read(folder: &Path, name: &str) -> String {
    fs::read_to_string(folder.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// A document whose mentions are given: each name with its label, wherever it stands.
fn given(id: &str, text: &str, names: &[(&str, &str)]) -> String {
    let mut mentions = Vec::new();
    for (name, label) in names {
        for (start, _) in text.match_indices(name) {
            let start = text[..start].chars().count();
            mentions.push(serde_json::json!({"start": start, "end": start + name.chars().count(), "label": label}));
        }
    }
    format!("{}\n", serde_json::json!({"id": id, "text": text, "mentions": mentions}))
}

const LETTER: &str = "\u{feff}Maria Lopez met Abbas Araghchi in Oslo.\r\n\r\nLopez\u{2019}s aide \u{1f600} called ARAGHCHI; Lopez-backed plans.\r\n";

#[test]
fn texts_come_back_to_the_last_byte() {
    let odd = "Person 1 said no. Maria Lopez told Person 1 so.\n\n\n";
    let folder = with(&[
        ("in/a.txt", LETTER),
        ("in/sub/b.txt", odd),
        ("in/sub/empty.txt", ""),
        ("in/none.txt", "Nobody is named here.\n"),
    ]);
    let at = folder.path();
    let done = run(at, "allonym redact in --table who.jsonl -o out", 0);
    assert!(stderr(&done).contains("4 documents redacted"), "{}", stderr(&done));
    let (a, b) = (read(at, "out/a.txt"), read(at, "out/sub/b.txt"));
    for name in ["Maria", "Lopez", "Abbas", "Araghchi"] {
        assert!(!a.contains(name) && !b.contains(name), "{a}{b}");
    }
    assert!(
        a.contains("\u{2019}s aide \u{1f600} called") && a.contains("-backed plans.\r\n") && a.contains("in Oslo.\r\n"),
        "{a}"
    );
    // What the texts have already is nobody's pseudonym.
    assert!(a.starts_with("\u{feff}Person 2 met Person 3 in Oslo."), "{a}");
    assert_eq!(b, odd.replace("Maria Lopez", "Person 2"));
    let mode = at.join("who.jsonl").metadata().expect("a table").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    run(at, "allonym redact --undo out --table who.jsonl -o back && diff -r in back", 0);
    run(at, "allonym redact --undo out/a.txt --table who.jsonl | cmp - in/a.txt", 0);
    run(at, "cat out/a.txt | allonym redact --undo --table who.jsonl -o again.txt && cmp again.txt in/a.txt", 0);
    run(
        at,
        "allonym redact in/a.txt --table b.jsonl > b; allonym redact --undo --table b.jsonl < b | cmp - in/a.txt",
        0,
    );
}

#[test]
fn who_has_a_pseudonym_keeps_it() {
    let folder = with(&[
        ("a.txt", "Maria Lopez met Abbas Araghchi in Oslo. Lopez left."),
        ("b.txt", "Rafael Grossi met Abbas Aragchi in Cairo. Maria Lopez came later."),
    ]);
    let at = folder.path();
    run(at, "allonym redact a.txt --table who.jsonl -o a.out", 0);
    run(at, "cp who.jsonl first; allonym redact b.txt --table who.jsonl -o b.out", 0);
    assert_eq!(read(at, "a.out"), "Person 1 met Person 2 in Oslo. Person 1 left.");
    assert_eq!(read(at, "b.out"), "Person 3 met Person 2 in Cairo. Person 1 came later.");
    // The same again changes nothing.
    run(at, "cp who.jsonl second; allonym redact a.txt b.txt --table who.jsonl -o again && cmp who.jsonl second", 0);
    run(at, "cmp again/a.txt a.out && cmp again/b.txt b.out", 0);
    let entry = |name: &str| read(at, name).lines().filter(|line| line.starts_with("{\"pseudonym\"")).count();
    assert_eq!((entry("first"), entry("second")), (2, 3));
    for (line, words) in [
        ("allonym redact a.txt --table who.jsonl --style names", "--style: expected Numbers"),
        ("allonym redact a.txt --table who.jsonl --seed 9", "--seed: expected 1"),
        ("allonym redact a.txt --table a.txt", "expected an output that is not an input"),
        ("allonym redact a.txt --table b.txt", "b.txt:1: expected the first line of a table of allonym redact"),
        ("allonym redact a.txt --table who.jsonl -o who.jsonl", "the same file"),
        ("allonym redact --undo a.out --table who.jsonl -o who.jsonl", "expected an output that is not an input"),
        ("allonym redact a.txt b.txt --table who.jsonl", "-o FOLDER writes a file each"),
        ("allonym redact a.txt --table who.jsonl --labels XYZ", "XYZ"),
        ("allonym redact a.txt", "--table"),
        ("allonym redact --undo a.out --table none.jsonl", "none.jsonl cannot be read"),
    ] {
        let refused = run(at, line, 2);
        assert!(stderr(&refused).contains(words), "{line}: {}", stderr(&refused));
        assert_eq!(stdout(&refused), "", "{line}");
    }
    run(at, "cmp who.jsonl second && ! ls -A | grep part", 0);
}

#[test]
fn a_document_that_fails_is_not_written() {
    let folder = with(&[("in/a.txt", "Maria Lopez left."), ("in/c.txt", "Maria Lopez came.")]);
    let at = folder.path();
    fs::write(at.join("in/b.txt"), b"Maria Lopez \xff").expect("a file");
    let failed = run(at, "allonym redact in --table who.jsonl -o out", 1);
    assert!(stderr(&failed).contains("in/b.txt:1: expected UTF-8"), "{}", stderr(&failed));
    run(at, "test $(ls out | wc -l) = 2 && test $(ls -A out | wc -l) = 2", 0);
    run(at, "allonym redact in --table other.jsonl -o none --on-error stop; test ! -e none -a ! -e other.jsonl", 0);
    // A file that is there is not replaced unless that is asked for.
    let there = run(at, "allonym redact in/a.txt in/c.txt --table who.jsonl -o out", 1);
    assert_eq!(stderr(&there).matches("(--overwrite replaces it)").count(), 2, "{}", stderr(&there));
    run(at, "allonym redact in/a.txt in/c.txt --table who.jsonl -o out --overwrite", 0);
    run(at, "allonym redact in/b.txt --table new.jsonl -o new.txt; test ! -e new.txt -a ! -e new.jsonl", 0);
    // The table comes first: where it cannot be written, nothing is.
    run(at, "allonym redact in/a.txt --table none/who.jsonl", 2);
    run(at, "ln -s /dev/full full; allonym redact in/a.txt --table full -o lost.txt; test ! -e lost.txt", 0);
}

#[test]
fn ids_never_lead_out_of_the_folder() {
    let folder = tempfile::tempdir().expect("a folder");
    let ids = ["../../x", "/etc/x", "..", "a/../b", "a//b", "", "a\u{0}b", ".hidden", "x", "x"];
    let lines: String = ids.iter().map(|id| given(id, &format!("Ann Lee {id}"), &[("Ann Lee", "PER")])).collect();
    fs::create_dir(folder.path().join("deep")).expect("a folder");
    fs::write(folder.path().join("deep/in.jsonl"), lines).expect("a file");
    let at = folder.path().join("deep");
    let run = run(&at, "allonym redact in.jsonl --given --to text --table who.jsonl -o out", 1);
    for word in ["expected an id of its own", "document \"..\": expected an id that can be a file"] {
        assert!(stderr(&run).contains(word), "{word}: {}", stderr(&run));
    }
    shell(&at, "find . -type f | sort > list; (cd .. && find . -maxdepth 1) > above");
    assert_eq!(read(&at, "above").lines().count(), 2, "{}", read(&at, "above"));
    // The second "x"; and ".." and "", each of which would be a file and a folder.
    assert_eq!(stderr(&run).matches("error: ").count(), 3, "{}", stderr(&run));
    let list = read(&at, "list");
    assert_eq!(list.lines().filter(|line| line.starts_with("./out/")).count(), ids.len() - 3, "{list}");
    assert!(!list.contains("/out/.") && list.contains("./out/%2E./%2E./x"), "{list}");
}

#[test]
fn fields_are_redacted_or_left_out_and_come_back() {
    let folder = with(&[(
        "in.jsonl",
        "{\"id\":7,\"title\":\"Maria Lopez leaves Oslo\",\"text\":\"Lopez said so.\",\"url\":\"https://news.example/maria-lopez\",\"authors\":[\"Jane Doe\"],\"date\":\"2026-11-26\",\"n\":1.10,\"lang\":\"en\"}\n",
    )]);
    let at = folder.path();
    let done = run(at, "allonym redact in.jsonl --table who.jsonl --keep-fields lang", 0);
    let line: serde_json::Value = serde_json::from_str(stdout(&done)).expect("a line");
    assert_eq!(line["text"], "Person 1 said so.");
    assert_eq!(line["title"], "Person 1 leaves Oslo");
    assert_eq!(
        line["mentions"],
        serde_json::json!([{"start": 0, "end": 8, "text": "Person 1", "label": "PER", "entity": "Person 1"}])
    );
    assert!(stdout(&done).contains("\"n\":1.10") && line["date"] == "2026-11-26" && line["lang"] == "en", "{line}");
    assert_eq!((line.get("url"), line.get("authors"), line.get("entities")), (None, None, None));
    for field in ["\"url\"", "\"authors\""] {
        assert!(stderr(&done).contains(&format!("field {field} left out of 1 document")), "{}", stderr(&done));
    }
    fs::write(at.join("out.jsonl"), &done.stdout).expect("a file");
    let back = run(at, "allonym redact --undo out.jsonl --table who.jsonl", 0);
    let (back, want): (serde_json::Value, serde_json::Value) = (
        serde_json::from_str(stdout(&back)).expect("a line"),
        serde_json::from_str(&read(at, "in.jsonl")).expect("a line"),
    );
    for (name, value) in want.as_object().expect("an object") {
        assert_eq!(&back[name], value, "{name}");
    }
    let all = run(at, "allonym redact in.jsonl --table all.jsonl --keep-fields all", 0);
    assert!(stdout(&all).contains("maria-lopez") && stdout(&all).contains("Jane Doe"));
}

#[test]
fn names_are_replaced_where_no_tagger_saw_them() {
    let text = "Ann Lee spoke. Ann Lee; ANN LEE; Ann Leeds; the Ann Lee Fund.";
    let line = given("a", text, &[("Ann Lee Fund", "ORG")])
        .replace("\"mentions\":[", "\"mentions\":[{\"start\":0,\"end\":7,\"label\":\"PER\"},");
    let folder = with(&[("in.jsonl", &line)]);
    let redact = |options: &str| {
        let line = format!("allonym redact in.jsonl --given --to text --table t.jsonl {options}; rm t.jsonl");
        stdout(&run(folder.path(), &line, 0)).to_owned()
    };
    assert_eq!(redact(""), "Person 1 spoke. Person 1; Person 1; Ann Leeds; the Person 1 Fund.");
    assert_eq!(redact("--only-mentions"), "Person 1 spoke. Ann Lee; ANN LEE; Ann Leeds; the Ann Lee Fund.");
    assert_eq!(redact("--labels ORG"), "Ann Lee spoke. Ann Lee; ANN LEE; Ann Leeds; the Organisation 1.");
    assert_eq!(redact("--labels PER,ORG"), "Person 1 spoke. Person 1; Person 1; Ann Leeds; the Organisation 1.");
}

#[test]
fn fake_names_are_in_no_text_and_depend_on_the_seed() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = folder.path();
    let articles = format!("{}/eval/articles", env!("CARGO_MANIFEST_DIR"));
    let redact = |seed: u32, out: &str| {
        let line = format!(
            "allonym redact {articles} --labels PER,ORG,LOC --style names --seed {seed} --table {out}.jsonl -o {out}"
        );
        run(at, &line, 0);
        read(at, &format!("{out}.jsonl"))
    };
    let (one, again, two) = (redact(1, "a"), redact(1, "b"), redact(2, "c"));
    assert_eq!(one, again);
    assert_ne!(one, two);
    let texts = shell(at, &format!("cat {articles}/*"));
    let texts = stdout(&texts).to_lowercase();
    let words: std::collections::HashSet<&str> = texts.split(|c: char| !c.is_alphanumeric()).collect();
    let mut n = 0;
    for line in one.lines().filter(|line| line.starts_with("{\"pseudonym\"")) {
        let entry: serde_json::Value = serde_json::from_str(line).expect("a line");
        let pseudonym = entry["pseudonym"].as_str().expect("a string").to_lowercase();
        n += 1;
        assert!(pseudonym.split(' ').all(|word| !words.contains(word) || word == "group"), "{line}");
    }
    assert!(n > 50, "{n}");
    run(at, &format!("allonym redact --undo a --table a.jsonl -o back && diff -r {articles} back"), 0);
}

#[test]
fn edited_texts_are_named_only_when_asked() {
    let folder = with(&[("a.txt", "Maria Lopez met Abbas Araghchi. Lopez left."), ("b.txt", "Nothing of it.")]);
    let at = folder.path();
    run(at, "allonym redact a.txt --table who.jsonl -o out.txt", 0);
    run(at, "sed 's/met/saw/; s/$/ Person 12 came./' out.txt > edited.txt; mkdir same; cp edited.txt same/a.txt", 0);
    let edited = run(at, "allonym redact --undo same --table who.jsonl -o back", 1);
    assert!(stderr(&edited).contains("it was edited since (--edited"), "{}", stderr(&edited));
    let unknown = run(at, "allonym redact --undo b.txt --table who.jsonl", 1);
    assert!(stderr(&unknown).contains("expected a text that was redacted with this table"), "{}", stderr(&unknown));
    let named = run(at, "allonym redact --undo edited.txt --edited --table who.jsonl", 0);
    assert_eq!(stdout(&named), "Maria Lopez saw Abbas Araghchi. Maria Lopez left. Person 12 came.");
    // Damage in the table is found, not followed.
    run(at, "sed 's/\\[0,\"Person 1\"/[1,\"Person 1\"/' who.jsonl > bad.jsonl", 0);
    let bad = run(at, "allonym redact --undo out.txt --table bad.jsonl", 1);
    assert!(stderr(&bad).contains("expected \"Person 1\" at byte 1 of the text"), "{}", stderr(&bad));
    run(at, "head -c 300 who.jsonl > cut.jsonl", 0);
    run(at, "allonym redact --undo out.txt --table cut.jsonl", 2);
}

#[test]
fn texts_that_became_the_same_are_told_apart_by_their_ids() {
    let lines = given("a", "Ann Lee came.", &[("Ann Lee", "PER")])
        + &given("b", "Dr Ann Lee and Lee. Lee came.", &[("Ann Lee", "PER"), ("Lee.", "PER")])
        + &given("c", "A. Lee came.", &[("A. Lee", "PER")]);
    let folder = with(&[("in.jsonl", &lines)]);
    let at = folder.path();
    run(at, "allonym redact in.jsonl --given --same 'Ann Lee' 'A. Lee' --table who.jsonl -o out.jsonl", 0);
    let back = run(at, "allonym redact --undo out.jsonl --table who.jsonl --to jsonl", 0);
    assert!(
        stdout(&back).contains("\"Ann Lee came.\"") && stdout(&back).contains("\"A. Lee came.\""),
        "{}",
        stdout(&back)
    );
    let lost = run(at, "printf 'Person 1 came.' > x.txt; allonym redact --undo x.txt --table who.jsonl", 1);
    assert!(stderr(&lost).contains("which of 2 documents this is"), "{}", stderr(&lost));
}

#[test]
fn recall_is_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let gold = format!("{}/eval/gold", env!("CARGO_MANIFEST_DIR"));
    let told = run(folder.path(), &format!("allonym redact {gold} --recall"), 0);
    let row = |name: &str| -> f64 {
        let line =
            stdout(&told).lines().find(|line| line.starts_with(name)).unwrap_or_else(|| panic!("{}", stdout(&told)));
        line.split_whitespace().last().and_then(|cell| cell.parse().ok()).expect("a number")
    };
    assert!((90.0..=100.0).contains(&row("mentions")) && (90.0..=100.0).contains(&row("words")), "{}", stdout(&told));
    assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 0, "it writes nothing");
    let none = run(folder.path(), "printf 'Maria Lopez left.' | allonym redact --recall", 2);
    assert!(stderr(&none).contains("marked by hand, found none"), "{}", stderr(&none));
}
