//! Somebody else's checkpoint: loads whatever its labels and scheme, or says what is wrong.

use std::path::{Path, PathBuf};

#[cfg(feature = "embedded-model")]
use allonym::model::Precision;
use allonym::pipeline::{TagOptions, Tagger};

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/models").join(name)
}

const TEXT: &str =
    "Mária met Omar Said’s envoy in Paris on Monday.\nThe talks, she said, went well: 3,000 people came 🙂.";

#[test]
fn every_architecture_tags_from_its_folder() {
    for name in ["bert", "bert-f16", "bert-bf16", "distilbert", "electra", "roberta", "xlm-roberta"] {
        let tagger =
            Tagger::open(folder(name), &TagOptions::default()).unwrap_or_else(|error| panic!("{name}: {error}"));
        let text = TEXT.repeat(30);
        let mentions = tagger.tag_text(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(!mentions.is_empty(), "{name}: random weights find something in a long text");
        for mention in mentions {
            let surface = mention.span.slice(&text).unwrap_or_else(|| panic!("{name}: {:?}", mention.span));
            assert_eq!(surface.trim(), surface, "{name}");
            assert!(mention.score.is_some_and(f32::is_finite), "{name}");
        }
    }
}

#[test]
fn unknown_heads_and_labels_are_named() {
    let open = |options: TagOptions| {
        let error = Tagger::open(folder("bert"), &options).expect_err("the options are wrong");
        error.to_string()
    };
    let error = open(TagOptions { head: Some("french".into()), ..TagOptions::default() });
    assert!(error.contains("french") && error.contains("expected one of"), "{error}");
    let error = open(TagOptions { labels: Some(vec!["CITY".into()]), ..TagOptions::default() });
    assert!(error.contains("CITY") && error.contains("expected some of"), "{error}");
}

#[test]
fn a_tokenizer_of_another_model_is_refused() {
    let mixed = tempfile::tempdir().expect("a folder can be made");
    for file in ["config.json", "model.safetensors"] {
        std::fs::copy(folder("bert").join(file), mixed.path().join(file)).expect("a file can be copied");
    }
    let mut tokenizer: serde_json::Value =
        serde_json::from_slice(&std::fs::read(folder("bert").join("tokenizer.json")).expect("it can be read"))
            .expect("it is JSON");
    let vocab = tokenizer["model"]["vocab"].as_object_mut().expect("a vocabulary");
    for i in 0..1_000 {
        vocab.insert(format!("piece{i}"), (i + 10_000).into());
    }
    std::fs::write(mixed.path().join("tokenizer.json"), tokenizer.to_string()).expect("a file can be written");
    let error = Tagger::open(mixed.path(), &TagOptions::default()).expect_err("they do not fit").to_string();
    assert!(error.contains("expected a tokenizer with at most"), "{error}");
}

#[test]
fn a_folder_without_a_tokenizer_is_named() {
    let bare = tempfile::tempdir().expect("a folder can be made");
    for file in ["config.json", "model.safetensors"] {
        std::fs::copy(folder("bert").join(file), bare.path().join(file)).expect("a file can be copied");
    }
    let error = Tagger::open(bare.path(), &TagOptions::default()).expect_err("the tokenizer is missing").to_string();
    assert!(error.contains("tokenizer.json"), "{error}");
}

/// The model inside is the folder's, its weights rounded when the program is built instead of when it loads.
#[cfg(feature = "embedded-model")]
#[test]
fn the_model_inside_is_that_of_the_folder() {
    let options = TagOptions { precision: Precision::Int8, ..TagOptions::default() };
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("models/news-en-small");
    let text = TEXT.repeat(5);
    let want = Tagger::open(folder, &options).expect("the folder loads").tag_text(&text).expect("it tags");
    let got = Tagger::embedded(&options).expect("the model inside loads").tag_text(&text).expect("it tags");
    assert!(want.len() >= 15, "{want:?}");
    assert_eq!(got, want);
}
