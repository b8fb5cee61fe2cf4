//! Steps: what they change, and that none is lost.

use std::fs;
use std::io::Write;
use std::path::Path;

use serde_json::{Value, json};

use super::opened::{Opened, allonym, brief, lines};

const TEXT: &str = "😀 Ann Lee left Iran. Iran said Ann Lee and Bo Lee of Iranian Air met in Oslo.";

/// Two documents with mentions and entities.
fn given(folder: &Path) {
    let first = json!({
        "id": "a", "text": TEXT, "offsets": "char", "url": "https://example.org/a",
        "mentions": [
            {"start": 2, "end": 9, "label": "PER", "score": 0.99, "entity": "e1"},
            {"start": 15, "end": 19, "label": "ORG", "score": 0.41, "entity": "e2", "note": 7},
            {"start": 43, "end": 49, "label": "PER", "score": 0.8, "entity": "e3"},
        ],
        "entities": [
            {"id": "e1", "name": "Ann Lee", "label": "PER"}, {"id": "e2", "name": "Iran", "label": "ORG"},
            {"id": "e3", "name": "Bo Lee", "label": "PER"},
        ],
    });
    let second = json!({"id": "b", "text": "Rain in Beirut", "mentions": [{"start": 8, "end": 14, "label": "LOC"}]});
    fs::write(folder.join("news.jsonl"), format!("{first}\n{second}\n")).expect("written");
}

fn pair(words: &str, label: &str) -> (String, String) {
    (words.to_owned(), label.to_owned())
}

/// The document without what only counts.
fn state(opened: &Opened) -> Value {
    let mut document = opened.document(0);
    for name in ["version", "can_undo", "can_redo"] {
        document.as_object_mut().expect("an object").remove(name);
    }
    document
}

#[test]
fn every_step_can_be_undone_and_done_again_and_survives_kill_9() {
    let folder = tempfile::tempdir().expect("a folder");
    given(folder.path());
    let mut opened = Opened::run(folder.path(), &["review", "news.jsonl"]);
    let before = opened.document(0);
    assert_eq!(brief(&before), [pair("Ann Lee", "PER"), pair("Iran", "ORG"), pair("Bo Lee", "PER")]);
    let ops = [
        json!({"do": "label", "mention": 2, "label": "LOC"}),
        json!({"do": "add", "start": 22, "end": 26, "label": "LOC"}),
        json!({"do": "add", "start": 54, "end": 61, "label": "LOC"}),
        json!({"do": "bounds", "mention": 5, "start": 54, "end": 65}),
        json!({"do": "accept", "mention": 1}),
        json!({"do": "accept_all"}),
        json!({"do": "occurrences", "label": "PER", "add": [{"start": 32, "end": 39}], "relabel": [5], "remove": [3]}),
        json!({"do": "add", "start": 44, "end": 50, "label": "PER"}),
        json!({"do": "entity_merge", "into": "e1", "from": "e5"}),
        json!({"do": "entity_split", "entity": "e1", "mentions": [7]}),
        json!({"do": "entity_name", "entity": "e2", "name": "Islamic Republic of Iran"}),
        json!({"do": "entity_kb", "entity": "e2", "base": "wikidata", "id": "Q794"}),
        json!({"do": "entity_never", "a": "e1", "b": "e6", "never": true}),
        json!({"do": "entity_move", "mention": 5, "entity": "e2"}),
        json!({"do": "remove", "mention": 6}),
        json!({"do": "status", "status": "complete"}),
    ];
    let mut states = vec![state(&opened)];
    for op in &ops {
        opened.step(0, op);
        let after = state(&opened);
        assert_ne!(Some(&after), states.last(), "{op}");
        // Whatever was answered is there after the worst end.
        opened.kill();
        opened = Opened::run(folder.path(), &["review", "news.jsonl"]);
        assert_eq!(state(&opened), after, "{op}");
        states.push(after);
    }
    let last = state(&opened);
    assert_eq!(last["status"], "complete");
    let names: Vec<&str> =
        last["entities"].as_array().expect("a list").iter().filter_map(|it| it["name"].as_str()).collect();
    assert_eq!(names, ["Ann Lee", "Islamic Republic of Iran", "Bo Lee"]);
    assert_eq!(last["entities"][1]["links"]["wikidata"], "https://www.wikidata.org/wiki/Q794");
    // Back to the beginning, half of it in another life, and forward again.
    for (nth, want) in states.iter().rev().skip(1).enumerate() {
        opened.step(0, &json!({"do": "undo"}));
        assert_eq!(state(&opened), *want, "undo {nth}");
        if nth == 7 {
            opened.kill();
            opened = Opened::run(folder.path(), &["review", "news.jsonl"]);
        }
    }
    assert_eq!(opened.try_step(0, &json!({"do": "undo"})).problem().0, "unfit");
    for want in &states[1..] {
        opened.step(0, &json!({"do": "redo"}));
        assert_eq!(state(&opened), *want);
    }
    assert_eq!(opened.try_step(0, &json!({"do": "redo"})).problem().0, "unfit");
    let (status, said) = opened.end();
    assert!(status.success() && said.contains("2 documents in news.review/documents.jsonl, 1 complete"), "{said}");

    let written = lines(&folder.path().join("news.review/documents.jsonl"));
    assert_eq!((&written[0]["status"], &written[0]["annotator"]), (&json!("complete"), &json!("reviewer")));
    assert_eq!((&written[1]["status"], &written[1]["annotator"]), (&json!("open"), &Value::Null));
    assert_eq!(written[0]["url"], "https://example.org/a");
    assert_eq!(written[0]["offsets"], "char");
    let mention = &written[0]["mentions"][1];
    assert_eq!(
        (&mention["text"], &mention["label"], &mention["score"], &mention["note"]),
        (&json!("Iran"), &json!("LOC"), &Value::Null, &json!(7))
    );
    assert_eq!(written[0]["mentions"][0]["score"], json!(0.99), "an accepted mention keeps its score");
    // It is a file like any other.
    for format in ["conll", "tsv", "spacy", "html", "doccano", "prodigy", "label-studio", "hf", "csv"] {
        let converted = allonym(folder.path(), &["convert", "news.review/documents.jsonl", "--to", format]);
        assert!(converted.contains("Iran"), "{format}");
    }
    let again = allonym(folder.path(), &["convert", "news.review/documents.jsonl"]);
    assert_eq!(again, fs::read_to_string(folder.path().join("news.review/documents.jsonl")).expect("it is there"));
}

#[test]
fn what_a_step_answers_is_what_changed() {
    let folder = tempfile::tempdir().expect("a folder");
    given(folder.path());
    let opened = Opened::run(folder.path(), &["review", "news.jsonl"]);
    drop(opened.document(1));
    let answer = opened.step(0, &json!({"do": "label", "mention": 2, "label": "LOC"}));
    assert_eq!((&answer["version"], &answer["can_undo"], &answer["at"]), (&json!(1), &json!(true), &json!(2)));
    let set = &answer["mentions"]["set"];
    assert_eq!(set.as_array().map(Vec::len), Some(1));
    assert_eq!(
        (&set[0]["score"], &set[0]["by"], &set[0]["accepted"]),
        (&Value::Null, &json!("annotator"), &json!(true))
    );
    assert_eq!(
        (&answer["entities"]["set"][0]["id"], &answer["entities"]["set"][0]["label"]),
        (&json!("e2"), &json!("LOC"))
    );
    // "Iranian" is another word.
    assert_eq!(
        answer["offer"],
        json!({"text": "Iran", "label": "LOC", "add": [{"start": 22, "end": 26}], "relabel": [], "remove": []})
    );
    assert_eq!((&answer["row"]["least"], &answer["row"]["unsure"]), (&json!(0.8), &json!(1)));
    let answer = opened.step(0, &json!({"do": "occurrences", "label": "LOC", "add": [{"start": 22, "end": 26}]}));
    assert_eq!(answer["mentions"]["set"][0]["entity"], "e2", "the same name is the same entity");
    let answer = opened.step(0, &json!({"do": "remove", "mention": 4}));
    assert_eq!(answer["mentions"]["removed"], json!([4]));
    assert_eq!(answer["offer"], json!({"text": "Iran", "label": "LOC", "add": [], "relabel": [], "remove": [2]}));
    let answer = opened.step(0, &json!({"do": "remove", "mention": 3}));
    assert_eq!(answer["entities"], json!({"set": [], "removed": ["e3"]}));
    assert_eq!(opened.get("/api/documents/0/occurrences?mention=1")["add"], json!([{"start": 32, "end": 39}]));
    let progress = opened.get("/api/progress");
    assert_eq!(
        (&progress["documents"], &progress["complete"], &progress["waiting"]),
        (&json!(2), &json!(0), &json!(0))
    );
    assert_eq!(progress["steps"], json!(6), "two documents were begun, and four steps made: the second was linked");
}

#[test]
fn what_cannot_be_done_changes_nothing_and_says_why() {
    let folder = tempfile::tempdir().expect("a folder");
    given(folder.path());
    let opened = Opened::run(folder.path(), &["review", "news.jsonl"]);
    let before = opened.document(0);
    for (op, code, why) in [
        (
            json!({"do": "add", "start": 1, "end": 10, "label": "PER"}),
            "unfit",
            "places in the text, which has 78 code units",
        ),
        (json!({"do": "add", "start": 3, "end": 900, "label": "PER"}), "unfit", "places in the text"),
        (json!({"do": "add", "start": 22, "end": 27, "label": "PER"}), "unfit", "without blanks at its ends"),
        (json!({"do": "add", "start": 22, "end": 22, "label": "PER"}), "unfit", "a stretch of text"),
        (
            json!({"do": "add", "start": 22, "end": 26, "label": "CITY"}),
            "unfit",
            "one of the labels PER, ORG, LOC, MISC, found \"CITY\"",
        ),
        (
            json!({"do": "add", "start": 3, "end": 6, "label": "PER"}),
            "overlap",
            "a place without mentions, found 1 there",
        ),
        (json!({"do": "bounds", "mention": 2, "start": 3, "end": 20}), "overlap", "a place without mentions"),
        (json!({"do": "remove", "mention": 99}), "unfit", "a mention of the document"),
        (json!({"do": "entity_merge", "into": "e1", "from": "e1"}), "unfit", "two entities"),
        (json!({"do": "entity_split", "entity": "e1", "mentions": [1]}), "unfit", "some, not all"),
        (json!({"do": "entity_name", "entity": "e1", "name": " "}), "unfit", "a name"),
        (json!({"do": "entity_name", "entity": "e9", "name": "x"}), "unfit", "an entity of the document"),
        (
            json!({"do": "occurrences", "remove": [1], "label": "PER", "add": [{"start": 22, "end": 26}, {"start": 22, "end": 26}]}),
            "unfit",
            "a new mention",
        ),
        (json!({"do": "undo"}), "unfit", "a step to undo"),
        (json!({"do": "dance"}), "malformed", "unknown variant `dance`"),
    ] {
        let answer = opened.try_step(0, &op);
        let (found, detail) = answer.problem();
        assert!(found == code && detail.contains(why), "{op}: {found}: {detail}");
        assert_eq!(opened.document(0), before, "{op}");
    }
    // A step that was refused leaves no gap in the numbers, so that the journal means the same when it is read again.
    opened.step(0, &json!({"do": "add", "start": 22, "end": 26, "label": "LOC"}));
    let after = opened.document(0);
    assert_eq!(after["mentions"][2]["id"], 4);
    opened.kill();
    let opened = Opened::run(folder.path(), &["review", "news.jsonl"]);
    assert_eq!(opened.document(0), after);
    // The same place, if that is meant.
    let op = |over: &str| json!({"do": "add", "start": 16, "end": 26, "label": "LOC", "over": over});
    assert_eq!(opened.step(0, &op("replace"))["mentions"]["removed"], json!([2, 4]));
    opened.step(0, &json!({"do": "undo"}));
    assert_eq!(opened.step(0, &op("keep"))["mentions"]["removed"], json!([]));
}

#[test]
fn of_two_tabs_the_later_one_is_told() {
    let folder = tempfile::tempdir().expect("a folder");
    given(folder.path());
    let opened = Opened::run(folder.path(), &["review", "news.jsonl"]);
    drop(opened.document(1));
    let step = json!({"version": 0, "op": {"do": "accept", "mention": 1}});
    assert_eq!(opened.post("/api/documents/0/ops", &step).status, 200);
    let answer = opened.post("/api/documents/0/ops", &step);
    assert_eq!((answer.status, answer.json()["code"].as_str()), (409, Some("stale")));
    assert_eq!(answer.json()["version"], 1);
    assert_eq!(opened.post("/api/documents/1/ops", &step).status, 200, "another document is another matter");
}

#[test]
fn a_torn_line_is_reported_and_cut_off() {
    let folder = tempfile::tempdir().expect("a folder");
    given(folder.path());
    let opened = Opened::run(folder.path(), &["review", "news.jsonl"]);
    drop(opened.document(1));
    opened.step(0, &json!({"do": "accept", "mention": 1}));
    let after = opened.document(0);
    opened.kill();
    let journal = folder.path().join("news.review/journal.jsonl");
    let whole = fs::read(&journal).expect("it is there");
    let mut file = fs::OpenOptions::new().append(true).open(&journal).expect("it can be written");
    file.write_all(b"{\"step\":4,\"time\":\"2026-01-").expect("written");
    drop(file);
    let opened = Opened::run(folder.path(), &["review", "news.jsonl"]);
    assert!(
        opened.said().contains("journal.jsonl:4: the last line was not whole and was cut off"),
        "{}",
        opened.said()
    );
    assert_eq!(opened.document(0), after);
    assert_eq!(fs::read(&journal).expect("it is there"), whole);
}

#[test]
fn texts_are_tagged_as_the_program_does() {
    let folder = tempfile::tempdir().expect("a folder");
    let articles = concat!(env!("CARGO_MANIFEST_DIR"), "/eval/articles");
    let opened = Opened::run(folder.path(), &["review", articles, "-o", "work", "--order", "input"]);
    // Whatever is being tagged, the text is there.
    let last = opened.get("/api/documents/5");
    assert!(last["text"].as_str().is_some_and(|text| text.len() > 500));
    let first = opened.document(0);
    assert!(first["mentions"].as_array().is_some_and(|list| !list.is_empty()));
    let n = opened.get("/api/review")["documents"].as_u64().expect("a number") as usize;
    (0..n).for_each(|index| drop(opened.document(index)));
    let first = &opened.get("/api/documents?order=score")["documents"][0];
    assert!(first["least"].as_f64().is_some_and(|least| least < 0.9), "{first}");
    let (status, _) = opened.end();
    assert!(status.success());
    let mut written = lines(&folder.path().join("work/documents.jsonl"));
    for document in &mut written {
        assert_eq!(document.as_object_mut().expect("an object").remove("status"), Some(json!("open")));
    }
    let tagged = allonym(folder.path(), &["tag", articles]);
    let tagged: Vec<Value> = tagged.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(written, tagged);
    // Without the model, and without the input: the journal has it all.
    let began = Opened::run(folder.path(), &["review", articles, "-o", "work", "--order", "input"]);
    assert_eq!(began.get("/api/progress")["waiting"], 0);
}

#[test]
fn only_those_who_know_the_key_get_in() {
    let folder = tempfile::tempdir().expect("a folder");
    given(folder.path());
    let opened = Opened::run(folder.path(), &["review", "news.jsonl"]);
    let ask = |path: &str, headers: &[(&str, &str)]| opened.connect().ask("GET", path, headers, b"");
    let page = ask(&format!("/?key={}", opened.key), &[]);
    assert_eq!(page.status, 200);
    let text = page.text();
    assert!(text.contains("default-src 'none'") && !text.contains("http://") || text.contains("<html"), "{text}");
    assert!(!text.contains("Ann Lee"), "nothing of the documents is in it");
    assert_eq!(page.headers["content-security-policy"], "frame-ancestors 'none'");
    for path in ["/", "/?key=", "/?key=0123456789abcdef0123456789abcdef", "/?x=1"] {
        assert_eq!(ask(path, &[]).status, 403, "{path}");
    }
    let bearer = format!("Bearer {}", opened.key);
    for path in ["/api/review", "/api/documents", "/api/documents/0", "/api/progress"] {
        assert_eq!(ask(path, &[]).problem().0, "unauthorized", "{path}");
        assert_eq!(ask(path, &[("Authorization", "Bearer 0123456789abcdef0123456789abcdef")]).status, 401);
        assert_eq!(ask(path, &[("Authorization", &bearer)]).status, 200, "{path}");
        let foreign = [("Authorization", bearer.as_str()), ("Host", "evil.example")];
        assert_eq!(ask(path, &foreign).problem().0, "wrong_host");
    }
    assert_eq!(opened.get_any("/api/documents/9").problem().0, "not_found");
    assert_eq!(opened.get_any("/api/nothing").problem().0, "not_found");
    assert_eq!(opened.get_any("/api/documents?labell=x").problem().0, "malformed");
    assert_eq!(opened.get_any("/api/documents/0/ops").problem().0, "method");
}

#[test]
fn lists_are_filtered_and_ordered() {
    let folder = tempfile::tempdir().expect("a folder");
    given(folder.path());
    let opened = Opened::run(folder.path(), &["review", "news.jsonl"]);
    drop(opened.document(1));
    let ids = |query: &str| -> String {
        let list = opened.get(&format!("/api/documents?{query}"));
        list["documents"].as_array().expect("a list").iter().filter_map(|row| row["id"].as_str()).collect()
    };
    for (query, want) in [
        ("", "ab"),
        ("order=name", "ab"),
        ("label=LOC", "b"),
        ("label=PER&below=0.9", "a"),
        ("label=PER&below=0.7", ""),
        ("below=0.5", "a"),
        ("status=complete", ""),
        ("status=open&q=B", "b"),
    ] {
        assert_eq!(ids(query), want, "{query}");
    }
    opened.step(1, &json!({"do": "status", "status": "complete"}));
    assert_eq!((ids("status=complete"), ids("status=open")), ("b".to_owned(), "a".to_owned()));
}
