//! `news-en-base`, the bigger sister of the built-in model, is in the repository and does what its card says.
#![cfg(all(feature = "cli", feature = "embedded-model"))]

use crate::cli::{allonym, stdout};

#[test]
fn it_is_found_by_its_name() {
    let models = allonym(&["models"]);
    assert!(stdout(&models).contains("\nnews-en-base "), "{}", stdout(&models));
    let check = allonym(&["models", "check", "news-en-base"]);
    assert_eq!(check.status.code(), Some(0), "{}", String::from_utf8_lossy(&check.stderr));
    let tagged = allonym(&[
        "tag",
        "--model",
        "news-en-base",
        "--no-link",
        "--to",
        "tsv",
        "--text",
        "Abbas Araghchi left the US-Iran talks in Muscat, AT&T said.",
    ]);
    let rows: Vec<&str> = stdout(&tagged).lines().skip(1).collect();
    let found: Vec<(&str, &str)> = rows
        .iter()
        .filter_map(|row| {
            let cells: Vec<&str> = row.split('\t').collect();
            Some((*cells.get(3)?, *cells.get(4)?))
        })
        .collect();
    assert_eq!(found, [("PER", "Abbas Araghchi"), ("LOC", "US"), ("LOC", "Iran"), ("LOC", "Muscat"), ("ORG", "AT&T")]);
}

#[test]
fn the_numbers_of_its_index_are_those_of_its_files() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("models/news-en-base");
    let index = std::fs::read_to_string(folder.join("model.safetensors.index.json")).expect("the index is there");
    let index: serde_json::Value = serde_json::from_str(&index).expect("the index is JSON");
    let files: std::collections::BTreeSet<&str> =
        index["weight_map"].as_object().expect("an object").values().filter_map(|file| file.as_str()).collect();
    assert!(files.len() > 1);
    for file in files {
        let bytes = std::fs::metadata(folder.join(file)).expect("each file is there").len();
        assert!((1_000_000..=90_000_000).contains(&bytes), "{file}: {bytes} bytes");
    }
}
