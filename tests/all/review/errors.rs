//! From an evaluation to a review: errors on a page, and tables that were filled in.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use super::opened::{Opened, allonym, brief, lines, refused};

const TEXT: &str = "Ann Lee left Oslo for Bonn. Bonn and Bonn again.";

fn write(folder: &Path) {
    let mention = |start: usize, end: usize, label: &str| json!({"start": start, "end": end, "label": label});
    let scored = |start: usize, end: usize, label: &str, score: f64| json!({"start": start, "end": end, "label": label, "score": score});
    let gold = [mention(0, 7, "PER"), mention(22, 26, "ORG")];
    let predicted = [scored(0, 7, "PER", 0.99), scored(13, 17, "LOC", 0.9), scored(22, 26, "LOC", 0.95)];
    let document = |mentions: &[Value]| json!({"id": "a", "text": TEXT, "mentions": mentions}).to_string();
    fs::write(folder.join("gold.jsonl"), document(&gold)).expect("written");
    fs::write(folder.join("predicted.jsonl"), document(&predicted)).expect("written");
}

#[test]
fn the_gold_can_be_wrong() {
    let folder = tempfile::tempdir().expect("a folder");
    write(folder.path());
    let opened = Opened::run(folder.path(), &["eval", "gold.jsonl", "predicted.jsonl", "--review"]);
    let about = opened.get("/api/review");
    assert_eq!((&about["mode"], &about["beside"][0]["kind"]), (&json!("gold"), &json!("predicted")));
    let document = opened.get("/api/documents/0?with=predicted");
    let found = document["beside"]["disagreements"].as_array().expect("a list").clone();
    assert_eq!(found.iter().filter_map(|it| it["class"].as_str()).collect::<Vec<_>>(), ["spurious", "wrong_type"]);
    let other =
        |nth: usize| document["beside"]["mentions"][found[nth]["other"][0].as_u64().expect("a place") as usize].clone();
    opened.step(0, &json!({"do": "settle", "mine": found[1]["mine"], "other": [other(1)], "take": "other"}));
    opened.step(0, &json!({"do": "settle", "mine": [], "other": [other(0)], "take": "mine"}));
    assert_eq!(brief(&opened.document(0)), [("Ann Lee".into(), "PER".into()), ("Bonn".into(), "LOC".into())]);
    let (status, _) = opened.end();
    assert!(status.success());
    let written = lines(&folder.path().join("gold.review/documents.jsonl"));
    assert_eq!(written[0]["mentions"][1]["label"], "LOC");
    assert_eq!(written[0]["entities"], Value::Null, "a gold without entities gets none");
    // The score is better by what was wrong in the gold.
    let f1 = |gold: &str| {
        let report = allonym(folder.path(), &["eval", gold, "predicted.jsonl", "--report", "json", "--samples", "0"]);
        serde_json::from_str::<Value>(&report).expect("JSON")["metrics"]["f1"].as_f64().expect("a number")
    };
    assert!((f1("gold.jsonl") - 0.4).abs() < 1e-9 && (f1("gold.review/documents.jsonl") - 0.8).abs() < 1e-9);
}

#[test]
fn a_table_of_suspects_is_read_back() {
    let folder = tempfile::tempdir().expect("a folder");
    write(folder.path());
    for table in ["s.tsv", "s.csv", "s.jsonl"] {
        allonym(folder.path(), &["eval", "gold.jsonl", "predicted.jsonl", "--suspects", table]);
        let path = folder.path().join(table);
        let text = fs::read_to_string(&path).expect("it is there");
        let fill = |line: &str| {
            let decision = if line.contains("contradicted") { "predicted" } else { "gold" };
            match table {
                "s.jsonl" => line.replace("\"decision\":\"\"", &format!("\"decision\":\"{decision}\"")),
                _ if line.ends_with("decision") => line.to_owned(),
                _ => format!("{line}{decision}"),
            }
        };
        fs::write(&path, text.lines().map(|line| fill(line) + "\n").collect::<String>()).expect("written");
        for _ in 0..2 {
            let out = format!("{table}.review");
            allonym(folder.path(), &["review", "gold.jsonl", "--suspects", table, "--no-page", "-o", &out]);
            let written = lines(&folder.path().join(&out).join("documents.jsonl"));
            let labels: Vec<&Value> =
                written[0]["mentions"].as_array().expect("a list").iter().map(|it| &it["label"]).collect();
            assert_eq!(labels, ["PER", "LOC"], "{table}");
            assert_eq!(written[0]["entities"], Value::Null, "a gold without entities gets none");
            let journal = lines(&folder.path().join(&out).join("journal.jsonl"));
            assert_eq!(journal.len(), 3, "once decided is decided: {table}");
        }
    }
    let path = folder.path().join("s.tsv");
    let text = fs::read_to_string(&path).expect("it is there").replace("\tpredicted\n", "\tperhaps\n");
    fs::write(&path, text).expect("written");
    let said = refused(folder.path(), &["review", "gold.jsonl", "--suspects", "s.tsv", "--no-page", "-o", "r"]);
    let want = "s.tsv: row 1: expected gold or predicted as decision, or nothing, found \"perhaps\"";
    assert!(said.contains(want), "{said}");
}

#[test]
fn other_machines_are_not_let_in() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    fs::write(folder.path().join("a.txt"), "Rain in Beirut").expect("written");
    let said = refused(folder.path(), &["review", "a.txt", "--listen", "0.0.0.0:0", "--no-open"]);
    let want = "--listen: other machines can connect to http://0.0.0.0:0: expected an address of this one, such as 127.0.0.1:8020";
    assert!(said.contains(want), "{said}");
    assert!(!folder.path().join("a.review").exists(), "nothing is begun");
}
