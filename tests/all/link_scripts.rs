//! Names in Latin letters, next to those of other scripts.

use std::path::Path;

use assert_cmd::Command;
use serde_json::Value;

const FOLDER: &str = env!("CARGO_MANIFEST_DIR");

fn allonym() -> Command {
    Command::new(env!("CARGO_BIN_EXE_allonym"))
}

/// Names in Latin letters compare as they did before other scripts had a comparison of their own.
#[test]
fn latin_names_are_compared_as_before() {
    let want = std::fs::read_to_string(Path::new(FOLDER).join("tests/cases/latin_pairs.tsv"));
    let want = want.expect("the table is there");
    let names = |line: &str| line.split('\t').take(2).collect::<Vec<_>>().join("\t") + "\n";
    let folder = tempfile::tempdir().expect("a folder can be made");
    let table = folder.path().join("pairs.tsv");
    std::fs::write(&table, want.lines().map(names).collect::<String>()).expect("it can be written");
    let output = allonym().args(["link", "--pairs"]).arg(&table).output().expect("it runs");
    assert_eq!(String::from_utf8(output.stdout).expect("UTF-8"), want);
    assert!(want.lines().count() > 50);
}

/// Eight events, each in English, Persian, Arabic, Urdu and Russian.
#[test]
fn an_event_has_the_same_entities_in_five_languages() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let (gold, linked) = (Path::new(FOLDER).join("eval/scripts"), folder.path().join("linked.jsonl"));
    allonym().args(["link", "--quiet", "-o"]).arg(&linked).arg(&gold).assert().success();
    let report = allonym().args(["eval", "--quiet", "--report", "json"]).arg(&gold).arg(&linked).output();
    let report: Value = serde_json::from_slice(&report.expect("it runs").stdout).expect("JSON");
    let b3 = &report["systems"][0]["clusters"]["matched"]["across_documents"]["all"]["b_cubed"];
    let number = |name: &str| b3[name].as_f64().expect("a number");
    let precision = number("precision_numerator") / number("precision_denominator");
    let recall = number("recall_numerator") / number("recall_denominator");
    // What is one entity is one, whatever else is not found.
    assert!(precision >= 0.99, "{b3:#}");
    assert!(2.0 * precision * recall / (precision + recall) >= 0.93, "{b3:#}");
}
