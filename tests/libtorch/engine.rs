//! The engine over libtorch: the same numbers as PyTorch, the same mentions as our own engine, and errors instead of
//! panics.

use std::fs;
use std::path::Path;

use allonym::encode::Batch;
use allonym::io::{Documents, ReadOptions};
use allonym::model::{
    Device, Encoder, Engine, Error, HeadId, LoadOptions, Precision, RustBert, RustBertArchitecture, Scratch, Source,
};
use allonym::pipeline::{self, Request, Tagger};
use safetensors::SafeTensors;

use crate::fixtures::{Case, TOLERANCE, alone_and_together, batch, cases, folder};

use RustBertArchitecture as Architecture;

const FIXTURES: [(&str, Architecture); 14] = [
    ("albert", Architecture::Albert),
    ("bert", Architecture::Bert),
    ("bert-f16", Architecture::Bert),
    ("bert-bf16", Architecture::Bert),
    ("deberta", Architecture::Deberta),
    ("deberta-v2", Architecture::DebertaV2),
    ("distilbert", Architecture::DistilBert),
    ("electra", Architecture::Electra),
    ("fnet", Architecture::FNet),
    ("longformer", Architecture::Longformer),
    ("mobilebert", Architecture::MobileBert),
    ("roberta", Architecture::Roberta),
    ("xlm-roberta", Architecture::XlmRoberta),
    ("xlnet", Architecture::XlNet),
];

fn open(name: &str) -> RustBert {
    RustBert::open(folder(name), Device::Cpu).unwrap_or_else(|error| panic!("{name}: {error:?}"))
}

fn engine() -> Engine {
    Engine::RustBert { device: Device::Cpu }
}

/// The largest difference from PyTorch's logits, over all heads; the windows are scored one by one, or all at once.
fn worst(name: &str, model: &RustBert, at_once: bool) -> f32 {
    let cases = cases(name);
    let batches: Vec<&[Case]> = if at_once { vec![&cases[..]] } else { cases.chunks(1).collect() };
    let mut scratch = Scratch::default();
    let mut worst: f32 = 0.0;
    for cases in batches {
        for head in &model.spec().heads {
            let id = model.spec().find_head(&head.name).expect(name);
            let got = model.score(&batch(cases), id, &mut scratch).expect(name);
            let want: Vec<&Vec<f32>> = cases.iter().flat_map(|case| &case.logits[&head.name]).collect();
            assert_eq!(got.dim(), (want.len(), head.labels.len()), "{name}");
            for (got, want) in got.rows().into_iter().zip(want) {
                for (got, want) in got.iter().zip(want) {
                    assert!(got.is_finite(), "{name}");
                    worst = worst.max((got - want).abs());
                }
            }
        }
    }
    worst
}

#[test]
fn every_architecture_agrees_with_pytorch() {
    let mut wrong = Vec::new();
    for (name, architecture) in FIXTURES {
        let model = open(name);
        assert_eq!(model.architecture(), architecture, "{name}");
        // One by one, and filled up to the longest.
        for at_once in [false, true] {
            let worst = worst(name, &model, at_once);
            if worst > TOLERANCE {
                wrong.push(format!("{name} (at once: {at_once}): max difference {worst:e}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_window_scores_the_same_in_any_company() {
    for (name, _) in FIXTURES {
        alone_and_together(name, &open(name), |alone, together, piece| {
            let worst = alone.iter().zip(together).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
            assert!(worst < 1e-4, "{piece}: {worst:e}");
        });
    }
}

#[test]
fn every_architecture_tags_from_its_folder() {
    let text = "Mária met Omar Said’s envoy in Paris on Monday.\nThe talks, she said, went well: 3,000 people came 🙂."
        .repeat(30);
    for (name, _) in FIXTURES {
        let tagger = load(&folder(name), LoadOptions::default().engine(engine()))
            .unwrap_or_else(|error| panic!("{name}: {error}"));
        let mentions = tagger.tag_text(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(!mentions.is_empty(), "{name}: random weights find something in a long text");
        for mention in mentions {
            assert!(mention.span.slice(&text).is_some_and(|surface| surface.trim() == surface), "{name}");
        }
    }
}

/// Our own model has two heads in one file and tells the case of words through token types.
#[test]
fn both_engines_find_the_same_mentions_in_our_gold() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let gold = root.join("eval/gold").display().to_string();
    let documents = Documents::open(&[gold], &ReadOptions::default()).expect("our gold opens");
    let documents: Vec<_> = documents.map(|document| document.expect("our gold is read")).collect();
    for head in ["conll", "worldwide"] {
        let tag = |engine: Engine| {
            let options = LoadOptions::default().engine(engine).precision(Precision::F32);
            let tagger = load(&root.join("models/news-en-small"), options).expect("our own model opens");
            let mut documents = documents.clone();
            let tagged = tagger.tag_all(&mut documents, &Request::default().head(head)).expect("it has the head");
            assert!(tagged.iter().all(Result::is_ok), "our gold can be tagged");
            documents.into_iter().flat_map(|document| document.mentions).collect::<Vec<_>>()
        };
        let (native, torch) = (tag(Engine::Native), tag(engine()));
        assert!(native.len() > 1_500, "{head}: {} mentions", native.len());
        assert_eq!(native.len(), torch.len(), "{head}");
        for (native, torch) in native.iter().zip(&torch) {
            assert_eq!((native.span, &native.label), (torch.span, &torch.label), "{head}");
            let scores = [native, torch].map(|mention| mention.score.expect("a score"));
            assert!((scores[0] - scores[1]).abs() < 1e-3, "{head}: {scores:?}");
        }
    }
}

#[test]
fn threads_share_one_model_and_get_the_same_numbers() {
    let model = open("bert");
    let cases = cases("bert");
    let batch = batch(&cases);
    let score = || model.score(&batch, HeadId::default(), &mut Scratch::default()).expect("a good batch").to_owned();
    let want = score();
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..6).map(|_| scope.spawn(|| (0..20).map(|_| score()).collect::<Vec<_>>())).collect();
        for thread in threads {
            let got = thread.join().expect("no panic");
            assert!(got.iter().all(|got| *got == want));
        }
    });
}

#[test]
fn two_threads_tag_with_one_handle() {
    let tagger = load(&folder("roberta"), LoadOptions::default().engine(engine())).expect("a good folder");
    let text = "Maren Holt of Kestrel Shipping flew from Lisbon to Accra on Tuesday. ".repeat(20);
    let want = tagger.tag_text(&text).expect("a text");
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| assert_eq!(tagger.tag_text(&text).expect("a text"), want));
        }
    });
}

/// A folder with the configuration of a fixture changed, and its other files.
fn changed(name: &str, changes: serde_json::Value) -> tempfile::TempDir {
    let copy = tempfile::tempdir().expect("a folder can be made");
    for entry in fs::read_dir(folder(name)).expect("it is checked in") {
        let path = entry.expect("it can be listed").path();
        fs::copy(&path, copy.path().join(path.file_name().expect("a file"))).expect("it can be copied");
    }
    let path = copy.path().join("config.json");
    let mut config: serde_json::Value =
        serde_json::from_slice(&fs::read(&path).expect("it was copied")).expect("it is JSON");
    for (key, value) in changes.as_object().expect("an object of changes") {
        config[key] = value.clone();
    }
    fs::write(path, config.to_string()).expect("it can be written");
    copy
}

fn load(folder: &Path, options: LoadOptions) -> Result<Tagger, pipeline::Error> {
    Tagger::load(&Source::Folder(folder.to_owned()), &options)
}

fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text += &format!(": {error}");
        cause = error.source();
    }
    text
}

#[test]
fn what_rust_bert_cannot_honour_is_refused_by_name() {
    use serde_json::json;
    let cases = [
        ("electra", json!({"layer_norm_eps": 1e-5}), "layer_norm_eps: expected 1e-12, which rust-bert's ELECTRA"),
        ("albert", json!({"num_hidden_groups": 3}), "num_hidden_groups: expected 1, as rust-bert's ALBERT"),
        ("albert", json!({"inner_group_num": 2}), "inner_group_num: expected 1"),
        ("bert", json!({"position_embedding_type": "relative_key"}), "expected absolute, found relative_key"),
        ("bert", json!({"hidden_act": "laplace"}), "hidden_act: expected one of gelu, "),
        ("bert", json!({"model_type": "t5", "architectures": null}), "unsupported model_type \"t5\""),
        ("bert", json!({"architectures": ["RobertaForTokenClassification"]}), "fits model_type bert"),
        ("bert", json!({"vocab_size": 999}), "embeddings.word_embeddings.weight: expected shape [999, 32]"),
        ("bert", json!({"num_hidden_layers": 3}), "the weights lack the tensor bert.encoder.layer.2."),
        ("bert", json!({"is_decoder": true}), "is_decoder: expected false"),
        ("fnet", json!({"use_tpu_fourier_optimizations": true}), "use_tpu_fourier_optimizations"),
        // An assertion inside of rust-bert, which would otherwise be a panic.
        ("bert", json!({"num_attention_heads": 5}), "libtorch failed: "),
    ];
    for (name, changes, want) in cases {
        let folder = changed(name, changes.clone());
        let error = chain(&RustBert::open(folder.path(), Device::Cpu).expect_err(name));
        assert!(error.contains(want), "{name} with {changes}: {error}");
        assert!(error.contains(&folder.path().display().to_string()), "{error}");
    }
}

#[test]
fn a_batch_that_does_not_fit_is_refused() {
    let model = open("bert");
    let score = |ids: &[u32], types: &[u32]| {
        let mut batch = Batch::default();
        batch.push(ids, types);
        model.score(&batch, HeadId::default(), &mut Scratch::default()).map(|_| ()).expect_err("it does not fit")
    };
    let vocab_size = model.spec().vocab_size;
    assert!(
        matches!(score(&[1, 5_000], &[0, 0]), Error::PieceId { piece: 1, found: 5_000, vocab_size: v } if v == vocab_size)
    );
    assert!(matches!(score(&[1], &[8]), Error::PieceType { piece: 0, found: 8, n_types: 8 }));
    assert!(matches!(score(&[1; 41], &[0; 41]), Error::WindowLength { window: 0, found: 41, max_pieces: 40 }));
    let mut batch = Batch::default();
    batch.push(&[1], &[0]);
    let mut scratch = Scratch::default();
    let other = Tagger::open(folder("bert")).expect("two heads");
    assert_eq!(other.heads().len(), 2);
    let second = model.spec().find_head("worldwide").expect("two heads");
    let error = open("roberta").score(&batch, second, &mut scratch).map(|_| ()).expect_err("one head");
    assert!(matches!(error, Error::HeadRange { found: 1, n_heads: 1 }), "{error}");
}

/// What goes wrong inside of libtorch is an error that says in which model and at which document.
#[test]
fn a_failure_while_tagging_names_model_and_document() {
    // Windows of an odd width are not to be had; rust-bert finds that out when it scores.
    let folder = changed("longformer", serde_json::json!({"attention_window": [7, 7]}));
    let tagger = load(folder.path(), LoadOptions::default().engine(engine())).expect("it loads");
    let mut document = allonym::text::Document::new("dawn-17", "Ana Vidal met Amadou Keita in Geneva.");
    let error = tagger.tag(&mut document, &Request::default()).expect_err("it cannot score");
    assert!(matches!(error, pipeline::Error::Document { .. }), "{error:?}");
    let text = chain(&error);
    assert!(text.contains("\"dawn-17\"") && text.contains(&folder.path().display().to_string()), "{text}");
    // The handle is as good as before.
    assert!(tagger.tag(&mut document, &Request::default()).is_err());
}

#[test]
fn int8_and_missing_cards_are_refused() {
    let open = |options: LoadOptions| chain(&load(&folder("bert"), options).expect_err("not to be had"));
    let error = open(LoadOptions::default().engine(engine()).precision(Precision::Int8));
    assert!(error.contains("expected precision auto or f32"), "{error}");
    let device = "cuda:99".parse().expect("a device");
    let error = open(LoadOptions::default().engine(Engine::RustBert { device }));
    assert!(error.contains("no device cuda:99"), "{error}");
}

/// rust-bert's BERT and RoBERTa have the epsilon of layer norms built in, which small embeddings bring to light.
#[test]
fn the_epsilon_of_layer_norms_is_the_configurations() {
    for name in ["bert-f16", "roberta", "xlm-roberta"] {
        let copy = changed(name, serde_json::json!({}));
        let path = copy.path().join("model.safetensors");
        let bytes = fs::read(&path).expect("it was copied");
        let tensors = SafeTensors::deserialize(&bytes).expect("a valid file");
        let smaller: Vec<(String, Vec<usize>, Vec<u8>)> = tensors
            .iter()
            .map(|(name, tensor)| {
                let factor = if name.contains("_embeddings.weight") { 0.01 } else { 1.0 };
                let numbers: Vec<f32> = match tensor.dtype() {
                    safetensors::Dtype::F32 => {
                        tensor.data().as_chunks().0.iter().map(|&bytes| f32::from_le_bytes(bytes)).collect()
                    }
                    _ => tensor
                        .data()
                        .as_chunks()
                        .0
                        .iter()
                        .map(|&bytes| half::f16::from_le_bytes(bytes).to_f32())
                        .collect(),
                };
                let data = numbers.iter().flat_map(|x| (x * factor).to_le_bytes()).collect();
                (name.to_owned(), tensor.shape().to_owned(), data)
            })
            .collect();
        let views = smaller.iter().map(|(name, shape, data)| {
            let view = safetensors::tensor::TensorView::new(safetensors::Dtype::F32, shape.clone(), data);
            (name, view.expect("a shape that fits"))
        });
        let bytes = safetensors::serialize(views, None).expect("valid tensors");
        fs::write(&path, bytes).expect("it can be written");

        let cases = cases(name);
        let mut scratch = Scratch::default();
        let score = |model: &dyn Encoder, scratch: &mut Scratch| {
            model.score(&batch(&cases), HeadId::default(), scratch).expect(name).to_owned()
        };
        let native = allonym::model::Native::open(copy.path(), Precision::F32).expect(name);
        let want = score(&native, &mut scratch);
        let model = RustBert::open(copy.path(), Device::Cpu).expect(name);
        let got = score(&model, &mut scratch);
        let worst = |a: &ndarray::Array2<f32>| (a - &want).iter().fold(0.0_f32, |worst, x| worst.max(x.abs()));
        assert!(worst(&got) < TOLERANCE, "{name}: {:e}", worst(&got));
        // With the epsilon that rust-bert has built in the numbers are others.
        let built_in = changed(name, serde_json::json!({"layer_norm_eps": 1e-12}));
        fs::copy(&path, built_in.path().join("model.safetensors")).expect("it can be copied");
        let got = score(&RustBert::open(built_in.path(), Device::Cpu).expect(name), &mut scratch);
        assert!(worst(&got) > 100.0 * TOLERANCE, "{name}: {:e}", worst(&got));
    }
}

#[test]
fn weights_are_read_from_every_kind_of_file() {
    let bytes = fs::read(folder("distilbert").join("model.safetensors")).expect("it is checked in");
    let tensors = SafeTensors::deserialize(&bytes).expect("a valid file");
    let want = worst("distilbert", &open("distilbert"), true);
    let bare = || {
        let copy = changed("distilbert", serde_json::json!({}));
        fs::remove_file(copy.path().join("model.safetensors")).expect("it was copied");
        copy
    };

    let copy = bare();
    let error = chain(&RustBert::open(copy.path(), Device::Cpu).expect_err("no weights"));
    assert!(
        error.contains("expected weights in one of model.safetensors, ") && error.contains("rust_model.ot"),
        "{error}"
    );

    // In two shards.
    let mut map = serde_json::Map::new();
    for (i, shard) in ["a.safetensors", "b.safetensors"].into_iter().enumerate() {
        let part: Vec<_> = tensors.iter().enumerate().filter(|(n, _)| n % 2 == i).map(|(_, named)| named).collect();
        map.extend(part.iter().map(|(name, _)| ((*name).to_owned(), shard.into())));
        fs::write(copy.path().join(shard), safetensors::serialize(part, None).expect("valid")).expect("written");
    }
    let index = serde_json::json!({ "weight_map": map }).to_string();
    fs::write(copy.path().join("model.safetensors.index.json"), index).expect("it can be written");
    let model = RustBert::open(copy.path(), Device::Cpu).expect("two shards");
    assert_eq!(worst("distilbert", &model, true), want);

    // As rust-bert's converter writes them.
    let copy = bare();
    let named: Vec<(String, tch::Tensor)> = tensors
        .iter()
        .map(|(name, tensor)| {
            let shape: Vec<i64> = tensor.shape().iter().map(|&n| n as i64).collect();
            (name.to_owned(), tch::Tensor::from_data_size(tensor.data(), &shape, tch::Kind::Float))
        })
        .collect();
    tch::Tensor::save_multi(&named, copy.path().join("rust_model.ot")).expect("it can be written");
    let model = RustBert::open(copy.path(), Device::Cpu).expect("rust_model.ot");
    assert_eq!(worst("distilbert", &model, true), want);

    // As PyTorch saves them.
    let model = open("distilbert-bin");
    assert!(!folder("distilbert-bin").join("model.safetensors").exists());
    assert!(worst("distilbert-bin", &model, true) < TOLERANCE);

    // Not as anybody saves them.
    let copy = bare();
    fs::write(copy.path().join("pytorch_model.bin"), b"\x80\x02nonsense").expect("it can be written");
    let error = chain(&RustBert::open(copy.path(), Device::Cpu).expect_err("nonsense"));
    assert!(error.contains("pytorch_model.bin"), "{error}");
}
