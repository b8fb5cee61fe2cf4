//! What rust-bert's own pipeline (`NERModel`) and networks get wrong, and our engine over the same libtorch does not.
//!
//! Each test fails when a later rust-bert has mended its defect: then what we say about it must go, too.

use std::collections::BTreeMap;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use allonym::model::{Device, Engine, LoadOptions, Source};
use allonym::{Request, Tagger};
use rust_bert::Config as _;
use rust_bert::RustBertError;
use rust_bert::pipelines::common::{ModelResource, ModelType, TokenizerOption};
use rust_bert::pipelines::ner::NERModel;
use rust_bert::pipelines::token_classification::{LabelAggregationOption, TokenClassificationConfig};
use rust_bert::resources::LocalResource;
use serde_json::{Value, json};
use tch::nn::VarStore;
use tch::{Kind, Tensor, no_grad};

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/models").join(name)
}

fn json(path: &Path) -> Value {
    serde_json::from_slice(&fs::read(path).expect("it is there")).expect("it is JSON")
}

/// A fixture with the files that rust-bert's tokenizers read, and its configuration changed.
fn folder(name: &str, changes: &Value) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let write = |file: &str, text: String| fs::write(folder.path().join(file), text).expect("a file can be written");
    for file in ["model.safetensors", "tokenizer.json"] {
        fs::copy(fixture(name).join(file), folder.path().join(file)).expect("a file can be copied");
    }
    let mut config = json(&fixture(name).join("config.json"));
    for (key, value) in changes.as_object().expect("an object of changes") {
        config[key] = value.clone();
    }
    config.as_object_mut().expect("an object").retain(|_, value| !value.is_null());
    write("config.json", config.to_string());
    let model = json(&fixture(name).join("tokenizer.json"))["model"].take();
    let vocabulary = model["vocab"].as_object().expect("a vocabulary").clone();
    if model["type"] == "WordPiece" {
        let mut pieces: Vec<(u64, &String)> =
            vocabulary.iter().map(|(piece, id)| (id.as_u64().expect("an id"), piece)).collect();
        pieces.sort_unstable();
        write("vocab.txt", pieces.iter().map(|(_, piece)| format!("{piece}\n")).collect());
        let special = json!({"unk_token": "[UNK]", "pad_token": "[PAD]", "cls_token": "[CLS]", "sep_token": "[SEP]", "mask_token": "[MASK]"});
        write("special_tokens_map.json", special.to_string());
    } else {
        write("vocab.json", Value::Object(vocabulary).to_string());
        let merges = model["merges"].as_array().expect("merges").iter().map(|pair| match pair {
            Value::String(pair) => format!("{pair}\n"),
            pair => format!("{} {}\n", pair[0].as_str().expect("a piece"), pair[1].as_str().expect("a piece")),
        });
        write("merges.txt", format!("#version: 0.2\n{}", merges.collect::<String>()));
    }
    folder
}

fn config(model_type: ModelType, folder: &Path) -> TokenClassificationConfig {
    let resource = |file: &str| LocalResource::from(folder.join(file));
    let is_roberta = model_type == ModelType::Roberta;
    let mut config = TokenClassificationConfig::new(
        model_type,
        ModelResource::Torch(Box::new(resource("model.safetensors"))),
        resource("config.json"),
        resource(if is_roberta { "vocab.json" } else { "vocab.txt" }),
        is_roberta.then(|| resource("merges.txt")),
        !is_roberta,
        None,
        is_roberta.then_some(false),
        LabelAggregationOption::First,
    );
    config.device = tch::Device::Cpu;
    config
}

fn tagger(folder: &Path) -> Tagger {
    let engine = Engine::RustBert { device: Device::Cpu };
    Tagger::load(&Source::Folder(folder.to_owned()), &LoadOptions::default().engine(engine))
        .expect("our engine loads it")
}

/// What a panic says, if there is one.
fn panic_of<T>(work: impl FnOnce() -> T) -> Option<String> {
    let panic = catch_unwind(AssertUnwindSafe(work)).err()?;
    let text = panic.downcast_ref::<String>().cloned();
    Some(text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned())).unwrap_or_default())
}

const SENTENCES: [&str; 4] = [
    "Maren Holt of Kestrel Shipping flew from Lisbon to Accra on Tuesday.",
    "The mayor of Porto, Dr. Ines Vidal, met engineers from Norrland Rail.",
    "Talks between Ghana and Portugal resume in Geneva next week.",
    "Prices rose in Accra, Kumasi and Tamale, the ministry of trade said.",
];

/// From the 65th text of a call on nothing is found, and what is found there is told of the first texts.
#[test]
fn labels_beyond_the_first_batch_are_lost() {
    let folder = folder("bert", &json!({}));
    let ner = NERModel::new(config(ModelType::Bert, folder.path())).expect("it loads");
    let texts: Vec<&str> = SENTENCES.iter().copied().cycle().take(70).collect();
    let together = ner.predict(&texts);
    let alone: Vec<_> = texts.iter().map(|text| ner.predict(&[text]).remove(0)).collect();
    assert!(alone.iter().all(|entities| !entities.is_empty()), "random weights find something in each text");
    assert!(together[64..].iter().all(Vec::is_empty), "nothing is found in the texts behind the first batch");
    assert!(together[0].len() > alone[0].len(), "the first text has what belongs to others");

    let tagger = tagger(folder.path());
    let mut documents: Vec<_> = texts.iter().map(|text| allonym::text::Document::new("", *text)).collect();
    let tagged = tagger.tag_all(&mut documents, &Request::default()).expect("a request without demands");
    assert!(tagged.iter().all(Result::is_ok), "our engine tags them");
    for (document, text) in documents.iter().zip(&texts) {
        assert_eq!(document.mentions, tagger.tag_text(text).expect("our engine tags it"));
        assert!(!document.mentions.is_empty());
    }
}

/// A RoBERTa sees `max_position_embeddings` less 2 pieces; the pipeline gives it 2 more (514 where there is room for
/// 512, so that texts of 511 pieces fail).
#[test]
fn long_texts_are_too_long_for_roberta() {
    let folder = folder("roberta", &json!({}));
    let ner = NERModel::new(config(ModelType::Roberta, folder.path())).expect("it loads");
    let text = SENTENCES.join(" ");
    assert!(panic_of(|| ner.predict(&["Rain."])).is_none());
    let panic = panic_of(|| ner.predict(&[text.as_str()])).expect("the window is longer than the positions reach");
    assert!(panic.contains("index out of range"), "{panic}");
    assert!(!tagger(folder.path()).tag_text(&text).expect("our engine tags it").is_empty());
}

/// With Hugging Face's tokenizers the pipeline takes bytes for characters.
#[test]
fn offsets_with_hugging_face_tokenizers_are_shifted() {
    let folder = folder("bert", &json!({}));
    let file = |name: &str| folder.path().join(name);
    let tokenizer = TokenizerOption::from_hf_tokenizer_file(file("tokenizer.json"), file("special_tokens_map.json"));
    let ner = NERModel::new_with_tokenizer(config(ModelType::Bert, folder.path()), tokenizer.expect("a tokenizer"));
    let ner = ner.expect("it loads");
    let plain = "Maren Holt met Amadou Keita in Geneva.";
    let accents = "Ünsér Mäyör Märén Hölt mét Ämadóu Kéitá in Génévä.";
    let reaches = |text: &str| ner.predict(&[text])[0].iter().map(|entity| entity.offset.end as usize).max();
    assert!(reaches(plain).is_some_and(|end| end <= plain.chars().count()));
    // Each piece is cut out of the text by its offsets, so that the last ones stand behind the end.
    let panic = panic_of(|| reaches(accents)).expect("bytes are no characters");
    assert!(panic.contains("slice index") || panic.contains("out of range"), "{panic}");
    // With rust-bert's own tokenizers the same text is read.
    let own = NERModel::new(config(ModelType::Bert, folder.path())).expect("it loads");
    assert!(panic_of(|| own.predict(&[accents])).is_none());

    for mention in tagger(folder.path()).tag_text(accents).expect("our engine tags it") {
        let surface = mention.span.slice(accents).expect("it begins and ends at a character");
        assert_eq!(surface.trim(), surface);
    }
}

/// Labels without B- or I- are a panic; ours are names of labels like any others, or an error.
#[test]
fn labels_of_no_scheme_are_a_panic() {
    let labels: BTreeMap<String, &str> = ["O", "PER", "ORG", "LOC", "MISC", "DATE", "LAW", "ART", "WAR"]
        .iter()
        .enumerate()
        .map(|(i, l)| (i.to_string(), *l))
        .collect();
    let folder = folder("bert", &json!({"id2label": labels, "label2id": null, "allonym": null}));
    let ner = NERModel::new(config(ModelType::Bert, folder.path())).expect("it loads");
    let panic = panic_of(|| ner.predict_full_entities(&SENTENCES)).expect("a panic");
    assert!(panic.contains("Invalid tag encountered"), "{panic}");
    let engine = Engine::RustBert { device: Device::Cpu };
    let ours = Tagger::load(&Source::Folder(folder.path().to_owned()), &LoadOptions::default().engine(engine));
    match ours {
        Ok(tagger) => assert!(!tagger.tag_text(SENTENCES[0]).expect("it tags").is_empty()),
        Err(error) => assert!(error.to_string().contains("labels"), "{error}"),
    }
}

/// The largest difference of a network of rust-bert from what PyTorch computes for a fixture, on windows of more than
/// two pieces.
fn difference(
    name: &str,
    logits: impl Fn(&Path, &VarStore) -> Box<dyn Fn(&Tensor, &Tensor, &Tensor) -> Result<Tensor, RustBertError>>,
) -> f64 {
    let folder = folder(name, &json!({}));
    let mut variables = VarStore::new(tch::Device::Cpu);
    let network = logits(&folder.path().join("config.json"), &variables);
    variables.load(folder.path().join("model.safetensors")).expect("it loads");
    let cases = json(&fixture(name).join("cases.json"));
    let mut worst: f64 = 0.0;
    for case in cases.as_array().expect("cases") {
        let numbers = |key: &str| -> Vec<i64> {
            case[key].as_array().expect("numbers").iter().map(|n| n.as_i64().expect("a number")).collect()
        };
        let ids = numbers("ids");
        if ids.len() < 3 {
            continue;
        }
        let tensor = |numbers: &[i64]| Tensor::from_slice(numbers).unsqueeze(0);
        let mask = tensor(&vec![1; ids.len()]);
        let got =
            no_grad(|| network(&tensor(&ids), &mask, &tensor(&numbers("types")))).expect("it scores").squeeze_dim(0);
        for (i, row) in case["logits"]["default"].as_array().expect("rows").iter().enumerate() {
            for (j, want) in row.as_array().expect("a row").iter().enumerate() {
                worst = worst.max((got.double_value(&[i as i64, j as i64]) - want.as_f64().expect("a number")).abs());
            }
        }
    }
    worst
}

/// rust-bert's DeBERTa clips distances at the number of heads, its DeBERTa-v2 reads other rows of the table of
/// distances.
#[test]
fn deberta_attends_to_other_positions_than_in_pytorch() {
    use rust_bert::deberta::{DebertaConfig, DebertaForTokenClassification};
    use rust_bert::deberta_v2::{DebertaV2Config, DebertaV2ForTokenClassification};

    let worst = difference("deberta", |config, variables| {
        let network = DebertaForTokenClassification::new(variables.root(), &DebertaConfig::from_file(config));
        let network = network.expect("it can be made");
        Box::new(move |ids, mask, _| Ok(network.forward_t(Some(ids), Some(mask), None, None, None, false)?.logits))
    });
    assert!(worst > 0.1, "{worst}");
    let worst = difference("deberta-v2", |config, variables| {
        let network = DebertaV2ForTokenClassification::new(variables.root(), &DebertaV2Config::from_file(config));
        let network = network.expect("it can be made");
        Box::new(move |ids, mask, _| Ok(network.forward_t(Some(ids), Some(mask), None, None, None, false)?.logits))
    });
    assert!(worst > 0.1, "{worst}");
}

/// rust-bert's ELECTRA does not hide padding, its XLNet cannot score two windows with token types at once.
#[test]
fn padding_and_batches_change_scores() {
    use rust_bert::electra::{ElectraConfig, ElectraForTokenClassification};
    use rust_bert::xlnet::{XLNetConfig, XLNetForTokenClassification};

    let electra = folder("electra", &json!({}));
    let mut variables = VarStore::new(tch::Device::Cpu);
    let config = ElectraConfig::from_file(electra.path().join("config.json"));
    let network = ElectraForTokenClassification::new(variables.root(), &config).expect("it can be made");
    variables.load(electra.path().join("model.safetensors")).expect("it loads");
    let score = |ids: &[i64], mask: &[i64]| {
        let tensor = |numbers: &[i64]| Tensor::from_slice(numbers).unsqueeze(0);
        no_grad(|| network.forward_t(Some(&tensor(ids)), Some(&tensor(mask)), None, None, None, false).logits)
    };
    let alone = score(&[2, 40, 50, 3], &[1, 1, 1, 1]);
    let padded = score(&[2, 40, 50, 3, 0, 0, 0, 0], &[1, 1, 1, 1, 0, 0, 0, 0]).narrow(1, 0, 4);
    let worst = (alone - padded).abs().max().double_value(&[]);
    assert!(worst > 0.01, "{worst}");

    let mut settings = json(&fixture("xlnet").join("config.json"));
    settings.as_object_mut().expect("an object").retain(|_, value| !value.is_null());
    settings["untie_r"] = true.into();
    let config: XLNetConfig = serde_json::from_value(settings).expect("a configuration");
    let variables = VarStore::new(tch::Device::Cpu);
    let network = XLNetForTokenClassification::new(variables.root(), &config).expect("it can be made");
    let score = |n: i64| {
        let zeros = Tensor::zeros([n, 5], (Kind::Int64, tch::Device::Cpu));
        no_grad(|| network.forward_t(Some(&zeros), None, None, None, None, Some(&zeros), None, false).logits)
    };
    assert_eq!(score(1).size()[1], 5);
    assert!(panic_of(|| score(2)).is_some());
}
