//! Somebody else's checkpoint: loads whatever its labels and scheme, or says what is wrong.

use std::path::{Path, PathBuf};

#[cfg(feature = "embedded-model")]
use allonym::model::{LoadOptions, Precision, Source};
use allonym::pipeline::{Request, Tagger};

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/models").join(name)
}

const TEXT: &str =
    "Mária met Omar Said’s envoy in Paris on Monday.\nThe talks, she said, went well: 3,000 people came 🙂.";

#[test]
fn every_architecture_tags_from_its_folder() {
    for name in ["bert", "bert-f16", "bert-bf16", "distilbert", "electra", "mpnet", "roberta", "xlm-roberta"] {
        let tagger = Tagger::open(folder(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
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
    let tagger = Tagger::open(folder("bert")).expect("a good folder");
    let ask = |request: Request| tagger.labels(&request).expect_err("the request is wrong").to_string();
    let error = ask(Request::default().head("french"));
    assert!(error.contains("french") && error.contains("expected one of"), "{error}");
    let error = ask(Request::default().labels(["CITY"]));
    assert!(error.contains("CITY") && error.contains("expected one of"), "{error}");
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
    let error = Tagger::open(mixed.path()).expect_err("they do not fit").to_string();
    assert!(error.contains("expected a tokenizer with at most"), "{error}");
}

#[test]
fn a_folder_without_a_tokenizer_is_named() {
    let bare = tempfile::tempdir().expect("a folder can be made");
    for file in ["config.json", "model.safetensors"] {
        std::fs::copy(folder("bert").join(file), bare.path().join(file)).expect("a file can be copied");
    }
    let error = Tagger::open(bare.path()).expect_err("the tokenizer is missing").to_string();
    assert!(error.contains("tokenizer.json"), "{error}");
}

/// The folder of the model inside, with its word vectors rounded to five bits as the build script does: steps of a scale, which is a
/// fifteenth of the largest of 64 neighbours in sixteen bits.
#[cfg(feature = "embedded-model")]
fn rounded_folder() -> tempfile::TempDir {
    use half::f16;
    use safetensors::tensor::TensorView;
    use safetensors::{Dtype, SafeTensors};

    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("models/news-en-small");
    let target = tempfile::tempdir().expect("a folder can be made");
    for file in ["config.json", "tokenizer.json"] {
        std::fs::copy(source.join(file), target.path().join(file)).expect("a file can be copied");
    }
    let bytes = std::fs::read(source.join("model.safetensors")).expect("the weights are checked in");
    let mut tensors = SafeTensors::deserialize(&bytes).expect("a valid file").tensors();
    let words = tensors.iter_mut().find(|(name, _)| name.ends_with("word_embeddings.weight")).expect("word vectors");
    let numbers: Vec<f32> = words.1.data().as_chunks().0.iter().map(|two| f16::from_le_bytes(*two).to_f32()).collect();
    let mut rounded = Vec::new();
    for block in numbers.chunks(64) {
        let top = block.iter().fold(0.0_f32, |top, x| top.max(x.abs()));
        let scale = f16::from_f32(top / 15.0).to_f32();
        rounded.extend(block.iter().flat_map(|x| ((x * (15.0 / top)).round_ties_even() * scale).to_le_bytes()));
    }
    words.1 = TensorView::new(Dtype::F32, words.1.shape().to_vec(), &rounded).expect("a number for each");
    safetensors::serialize_to_file(tensors, None, &target.path().join("model.safetensors")).expect("it can be written");
    target
}

/// The model inside is that of the folder, rounded when the program is built.
#[cfg(feature = "embedded-model")]
#[test]
fn the_model_inside_is_that_of_the_folder() {
    let options = LoadOptions::default().precision(Precision::Int8);
    let load = |source: Source| Tagger::load(&source, &options).expect("it loads");
    let folder = rounded_folder();
    let text = TEXT.repeat(5);
    let want = load(Source::Folder(folder.path().to_owned())).tag_text(&text).expect("it tags");
    let got = load(Source::embedded().expect("there is one")).tag_text(&text).expect("it tags");
    assert!(want.len() >= 15, "{want:?}");
    assert_eq!(got, want);
}

/// One loaded model gives each head's answer to each request, as if it had been loaded for it.
#[test]
fn one_loaded_model_serves_every_head() {
    let tagger = Tagger::open(folder("bert")).expect("a good folder");
    let heads: Vec<&str> = tagger.heads().iter().map(|head| head.name.as_str()).collect();
    assert_eq!(heads.len(), 2);
    let text = TEXT.repeat(30);
    let tag = |tagger: &Tagger, head: &str| {
        let mut document = allonym::Document::new("", text.as_str());
        tagger.tag(&mut document, &Request::default().head(head)).expect("it tags");
        document.mentions
    };
    let alone: Vec<_> =
        heads.iter().map(|head| tag(&Tagger::open(folder("bert")).expect("a good folder"), head)).collect();
    assert_ne!(alone[0], alone[1], "the heads differ");
    for _ in 0..2 {
        for (head, want) in heads.iter().zip(&alone) {
            assert_eq!(tag(&tagger, head), *want, "{head}");
        }
    }
}
