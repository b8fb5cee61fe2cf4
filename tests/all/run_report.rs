//! `--report FILE`: what a run says of itself.
#![cfg(all(unix, feature = "embedded-model"))]

use std::path::Path;

use serde_json::{Value, json};

use crate::outputs::{shell, stderr};

const LINES: &str =
    "{\"id\":1,\"text\":\"Maria Lopez left Oslo.\"}\n{\"id\":2,\n{\"id\":3,\"text\":\"Rain in Bonn.\"}\n";

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("in.jsonl"), LINES).expect("a file");
    folder
}

fn report(folder: &Path) -> Value {
    let text = std::fs::read_to_string(folder.join("run.json")).expect("there is a report");
    serde_json::from_str(&text).expect("the report is JSON")
}

/// Seconds of the day in a moment of RFC 3339.
fn seconds(moment: &Value) -> f64 {
    let moment = moment.as_str().expect("a moment");
    assert_eq!((moment.len(), &moment[10..11], &moment[23..]), (24, "T", "Z"), "{moment}");
    let part = |range: std::ops::Range<usize>| moment[range].parse::<f64>().expect("a number");
    3600.0 * part(11..13) + 60.0 * part(14..16) + part(17..23)
}

#[test]
fn a_run_reports_what_it_did() {
    let folder = folder();
    let run = shell(folder.path(), "allonym tag in.jsonl -o out.jsonl --labels PER,LOC --report run.json");
    assert_eq!(run.status.code(), Some(1), "{}", stderr(&run));
    let report = report(folder.path());
    for (pointer, want) in [
        ("/schema", json!(1)),
        ("/allonym/version", json!(env!("CARGO_PKG_VERSION"))),
        ("/command", json!("tag")),
        ("/arguments", json!(["tag", "in.jsonl", "-o", "out.jsonl", "--labels", "PER,LOC", "--report", "run.json"])),
        ("/options/labels", json!(["PER", "LOC"])),
        ("/options/on-error", json!("skip")),
        ("/options/head", json!(null)),
        ("/state", json!("some_failed")),
        ("/exit_code", json!(1)),
        ("/error", json!(null)),
        ("/inputs", json!({"given": ["in.jsonl"], "files": 1, "bytes": LINES.len()})),
        ("/output", json!({"path": "out.jsonl", "format": "jsonl"})),
        ("/model/name", json!("news-en-small")),
        ("/model/head", json!("clean")),
        ("/other_model", json!(null)),
        ("/model/labels", json!(["PER", "LOC"])),
        ("/counts/documents", json!(2)),
        ("/counts/words", json!(9)),
        ("/counts/mentions", json!(3)),
        ("/counts/mentions_by_label", json!({"LOC": 2, "PER": 1})),
        ("/counts/skipped", json!({"done_before": 0, "other_language": 0})),
        ("/counts/failed", json!(1)),
        ("/failures/0/kind", json!("malformed")),
        ("/failures/0/count", json!(1)),
    ] {
        let mut got = report.pointer(pointer).unwrap_or_else(|| panic!("{pointer} is not in {report}")).clone();
        if pointer == "/model/labels" {
            got.as_array_mut().expect("a list").sort_by_key(|label| std::cmp::Reverse(label.to_string()));
        }
        assert_eq!(got, want, "{pointer}");
    }
    assert_eq!(report.as_object().expect("an object").len(), 17, "{report}");
    assert!(report["failures"][0]["first"].as_str().expect("a message").starts_with("in.jsonl:2: expected"));
    let took = seconds(&report["ended"]) - seconds(&report["started"]);
    assert!(!(-80_000.0..=0.0).contains(&took), "{took}");
    let shown = shell(folder.path(), "allonym models show --json");
    let shown: Value = serde_json::from_slice(&shown.stdout).expect("JSON");
    for name in ["sha256", "precision", "kernel", "name"] {
        assert_eq!(report["model"][name], shown[name], "{name}");
    }
}

#[test]
fn every_command_that_writes_documents_reports() {
    let mentions = "allonym tag in.jsonl -o tagged.jsonl; ";
    for (line, command, documents) in [
        ("allonym link tagged.jsonl -o out.jsonl", "link", 2),
        ("allonym link tagged.jsonl --within -o out.jsonl", "link", 2),
        ("allonym link tagged.jsonl --no-documents --entities out.tsv", "link", 2),
        ("allonym link tagged.jsonl --archive a.db --no-documents", "link", 2),
        ("allonym link tagged.jsonl --archive a.db -o out.jsonl", "link", 2),
        ("allonym convert tagged.jsonl --to conll", "convert", 2),
        ("allonym convert - --from jsonl < tagged.jsonl", "convert", 2),
        ("allonym tag --text 'Maria Lopez left Oslo.'", "tag", 1),
    ] {
        let folder = folder();
        let run = shell(folder.path(), &format!("{mentions}{line} --report run.json"));
        assert_eq!(run.status.code(), Some(0), "{line}: {}", stderr(&run));
        let report = report(folder.path());
        assert_eq!((&report["command"], &report["state"]), (&command.into(), &"done".into()), "{line}");
        let words = if documents == 1 { 5 } else { 9 };
        let counts = &report["counts"];
        assert_eq!((&counts["documents"], &counts["words"]), (&documents.into(), &words.into()), "{line}: {counts}");
        assert_eq!(report["model"].is_null(), command != "tag", "{line}");
        assert_eq!(counts["mentions_by_label"]["PER"], 1, "{line}");
    }
}

#[test]
fn documents_that_were_not_written_are_counted() {
    let folder = folder();
    let german = "Die Ministerin reiste am Montag nach Oslo, wo sie mit ihren Kollegen über die Lage im Norden sprach. Am Abend \
                  kehrte sie nach Berlin zurück und sagte, die Gespräche seien gut verlaufen.";
    let lines = format!("{{\"text\":\"Maria Lopez left Oslo.\"}}\n{{\"text\":\"{german}\"}}\n");
    std::fs::write(folder.path().join("in.jsonl"), lines).expect("a file");
    let line = "allonym tag in.jsonl -o out.jsonl --resume --on-language skip --report run.json";
    for done_before in [0, 1] {
        let run = shell(folder.path(), line);
        assert_eq!(run.status.code(), Some(0), "{}", stderr(&run));
        let report = report(folder.path());
        let counts = &report["counts"];
        assert_eq!(counts["skipped"], json!({"done_before": done_before, "other_language": 1}), "{counts}");
        assert_eq!(counts["documents"], 1 - done_before, "{counts}");
        assert_eq!(report["notices"]["count"], 1);
    }
}

#[test]
fn a_run_that_fails_reports_why() {
    let folder = folder();
    for (line, state, code) in [
        ("allonym tag in.jsonl --head nowhere", "failed", 2),
        ("allonym tag in.jsonl -o nowhere/out.jsonl", "failed", 2),
        ("allonym tag in.jsonl --on-error stop", "stopped", 1),
        (
            "yes '{\"text\":\"Maria Lopez left Oslo.\"}' | head -3000 | allonym convert --from jsonl - | head -1",
            "closed",
            0,
        ),
    ] {
        let line = match line.split_once(" | head -1") {
            Some((line, _)) => format!("{line} --report run.json | head -1; exit ${{PIPESTATUS[2]}}"),
            None => format!("{line} --report run.json"),
        };
        let run = shell(folder.path(), &line);
        assert_eq!(run.status.code(), Some(code), "{line}: {}", stderr(&run));
        let report = report(folder.path());
        assert_eq!((&report["state"], &report["exit_code"]), (&state.into(), &code.into()), "{line}");
        assert_eq!(report["error"].is_string(), state == "failed", "{line}");
        if state == "failed" {
            assert!(stderr(&run).contains(report["error"].as_str().expect("a message")), "{line}");
        }
    }
}

#[test]
fn a_run_without_a_place_for_its_report_does_not_begin() {
    let folder = folder();
    for (line, word) in [
        (
            "allonym tag in.jsonl -o out.jsonl --report nowhere/run.json",
            "--report: nowhere/run.json: cannot be written",
        ),
        ("allonym tag in.jsonl -o out.jsonl --report -", "--report: expected a file, such as run.json, found -"),
        ("allonym tag in.jsonl -o out.jsonl --report in.jsonl", "--report: expected an output that is not an input"),
        (
            "allonym tag in.jsonl -o out.jsonl --report out.jsonl",
            "--report: expected another output than that of --output",
        ),
        ("allonym link --explain 'Ann Lee' 'A. Lee' --report run.json", "cannot be used with"),
    ] {
        let run = shell(folder.path(), line);
        assert_eq!(run.status.code(), Some(2), "{line}: {}", stderr(&run));
        assert!(stderr(&run).contains(word), "{line}: {}", stderr(&run));
        assert!(!folder.path().join("out.jsonl").exists(), "{line}");
    }
    assert_eq!(std::fs::read_to_string(folder.path().join("in.jsonl")).expect("it is there"), LINES);
}
