//! Names in Latin letters, next to those of other scripts.

use std::path::Path;

use assert_cmd::Command;

/// Names in Latin letters compare as they did before other scripts had a comparison of their own.
#[test]
fn latin_names_are_compared_as_before() {
    let want = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/latin_pairs.tsv"));
    let want = want.expect("the table is there");
    let names = |line: &str| line.split('\t').take(2).collect::<Vec<_>>().join("\t") + "\n";
    let folder = tempfile::tempdir().expect("a folder can be made");
    let table = folder.path().join("pairs.tsv");
    std::fs::write(&table, want.lines().map(names).collect::<String>()).expect("it can be written");
    let output =
        Command::new(env!("CARGO_BIN_EXE_allonym")).args(["link", "--pairs"]).arg(&table).output().expect("it runs");
    assert_eq!(String::from_utf8(output.stdout).expect("UTF-8"), want);
    assert!(want.lines().count() > 50);
}
