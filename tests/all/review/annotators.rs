//! Two annotators, and their disagreements.

use std::fs;

use serde_json::{Value, json};

use super::opened::{Opened, allonym, refused};

#[test]
fn two_annotators_are_compared_as_eval_does() {
    let folder = tempfile::tempdir().expect("a folder");
    let texts = ["Ann Lee left Oslo for Bonn.", "Bo Lee saw Ann Lee.", "Rain in Beirut"];
    let line = |(nth, text): (usize, &&str)| format!("{}\n", json!({"id": nth, "text": text}));
    fs::write(folder.path().join("t.jsonl"), texts.iter().enumerate().map(line).collect::<String>()).expect("written");
    let open = |name: &str| Opened::run(folder.path(), &["review", "t.jsonl", "--no-tag", "--as", name]);
    let (anna, ben) = (open("anna"), open("ben"));
    let add = |opened: &Opened, index: usize, start: usize, end: usize, label: &str| {
        opened.step(index, &json!({"do": "add", "start": start, "end": end, "label": label}));
    };
    for opened in [&anna, &ben] {
        add(opened, 0, 0, 7, "PER");
        add(opened, 1, 0, 6, "PER");
    }
    add(&anna, 0, 13, 17, "LOC");
    add(&ben, 0, 13, 17, "ORG");
    add(&ben, 0, 22, 26, "LOC");
    assert_eq!(anna.get("/api/review")["beside"], json!([{"name": "ben", "kind": "annotator"}]));
    let found = anna.get("/api/disagreements?with=ben");
    assert_eq!((&found["one"], &found["other"], &found["documents"]), (&json!("anna"), &json!("ben"), &json!(2)));
    let listed = found["listed"][0]["disagreements"].as_array().expect("a list");
    let classes: Vec<&str> = listed.iter().filter_map(|it| it["class"].as_str()).collect();
    assert_eq!(classes, ["wrong_type", "missed"]);
    assert_eq!((&listed[1]["marked"], &listed[1]["mine"]), (&json!("Bonn"), &json!([])));
    let list = anna.get("/api/documents?with=ben");
    assert_eq!(
        (list["documents"].as_array().map(Vec::len), &list["documents"][0]["disagreements"]),
        (Some(1), &json!(2))
    );

    // The same figures as those of the files.
    anna.post("/api/export", &json!({"format": "jsonl"}));
    ben.post("/api/export", &json!({"format": "jsonl"}));
    for name in ["anna", "ben"] {
        let text =
            fs::read_to_string(folder.path().join(format!("t.review/{name}.documents.jsonl"))).expect("it is there");
        let touched: String =
            text.lines().filter(|line| line.contains("annotator")).map(|line| format!("{line}\n")).collect();
        assert_eq!(touched.lines().count(), 2);
        fs::write(folder.path().join(format!("{name}.jsonl")), touched).expect("written");
    }
    let report = allonym(folder.path(), &["eval", "--agreement", "anna.jsonl", "ben.jsonl", "--report", "json"]);
    let report: Value = serde_json::from_str(&report).expect("JSON");
    let all = report.pointer("/agreement/all_words/cohen_kappa").or_else(|| report.pointer("/all_words/cohen_kappa"));
    assert_eq!(Some(&found["kappa"]), all, "{report}");

    // Anna takes over one, and insists on the other.
    let document = anna.get("/api/documents/0?with=ben");
    let open = document["beside"]["disagreements"].as_array().expect("a list").clone();
    let other = &document["beside"]["mentions"][open[0]["other"][0].as_u64().expect("a place") as usize];
    anna.step(0, &json!({"do": "settle", "mine": open[0]["mine"], "other": [other], "take": "other"}));
    let other = &document["beside"]["mentions"][open[1]["other"][0].as_u64().expect("a place") as usize];
    anna.step(0, &json!({"do": "settle", "mine": [], "other": [other], "take": "mine"}));
    let document = anna.get("/api/documents/0?with=ben");
    let left = document["beside"]["disagreements"].as_array().expect("a list");
    assert_eq!(left.iter().map(|it| &it["settled"]).collect::<Vec<_>>(), [&json!("mine")]);
    assert_eq!(anna.get("/api/documents?with=ben")["documents"], json!([]));
    // Ben sees what she did, while both work.
    let found = ben.get("/api/disagreements?with=anna");
    assert_eq!(found["listed"][0]["disagreements"].as_array().map(Vec::len), Some(1));
}

#[test]
fn one_journal_has_one_writer() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("t.txt"), "Rain in Beirut").expect("written");
    let _first = Opened::run(folder.path(), &["review", "t.txt", "--no-tag"]);
    let said = refused(folder.path(), &["review", "t.txt", "--no-tag"]);
    assert!(said.contains("found another review by reviewer"), "{said}");
}

#[test]
fn names_that_are_never_one_are_so_for_linking() {
    let folder = tempfile::tempdir().expect("a folder");
    let text = "Nawaz Sharif met Shehbaz Sharif. PTI and Insaf Party won.";
    let mention = |start: usize, end: usize, label: &str| json!({"start": start, "end": end, "label": label});
    let mentions = [mention(0, 12, "PER"), mention(17, 31, "PER"), mention(33, 36, "ORG"), mention(41, 52, "ORG")];
    fs::write(folder.path().join("t.jsonl"), json!({"id": "a", "text": text, "mentions": mentions}).to_string())
        .expect("written");
    let opened = Opened::run(folder.path(), &["review", "t.jsonl"]);
    let document = opened.document(0);
    let entity = |nth: usize| document["mentions"][nth]["entity"].as_str().expect("it is linked").to_owned();
    opened.step(0, &json!({"do": "entity_never", "a": entity(0), "b": entity(1), "never": true}));
    opened.step(0, &json!({"do": "entity_merge", "into": entity(2), "from": entity(3)}));
    let exported = opened.post("/api/export", &json!({"format": "jsonl"})).json();
    assert_eq!((&exported["constraints"], &exported["errors"]), (&json!({"same": 1, "never": 1}), &json!([])));
    for format in ["conll", "brat", "tsv", "csv", "html", "spacy", "doccano", "prodigy", "label-studio", "hf"] {
        let exported = opened.post("/api/export", &json!({"format": format})).json();
        let path = folder.path().join(exported["path"].as_str().unwrap_or_else(|| panic!("{format}: {exported}")));
        assert!(path.exists(), "{format}");
    }
    assert_eq!(opened.post("/api/export", &json!({"format": "docx"})).problem().0, "unfit");
    drop(opened);
    let rows = fs::read_to_string(folder.path().join("t.review/constraints.tsv")).expect("it is there");
    assert_eq!(rows, "constraint\tname1\tname2\nsame\tInsaf Party\tPTI\nnever\tNawaz Sharif\tShehbaz Sharif\n");
    let linked = allonym(folder.path(), &["link", "t.jsonl", "--constraints", "t.review/constraints.tsv"]);
    let linked: Value = serde_json::from_str(&linked).expect("JSON");
    let entity = |nth: usize| linked["mentions"][nth]["entity"].as_str().expect("it is linked");
    assert!(entity(2) == entity(3) && entity(0) != entity(1), "{linked}");
}
