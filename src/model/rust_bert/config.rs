//! Reads config.json and rejects what rust-bert cannot honour.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use super::super::config::{RawOwn, heads, input_format, size, wrong};
use super::super::error::Error;
use super::super::spec::Head;
use super::architecture::{Positions, RustBertArchitecture as Architecture};
use crate::encode::InputFormat;

/// The most pieces per window if the architecture sets no limit.
const UNLIMITED: usize = 4_096;

/// A checked configuration.
#[derive(Clone, Debug)]
pub(super) struct Config {
    pub(super) architecture: Architecture,
    pub(super) vocab_size: usize,
    /// At least 1.
    pub(super) n_types: usize,
    pub(super) max_pieces: usize,
    /// The id that windows are padded with.
    pub(super) padding_id: u32,
    pub(super) layer_norm_eps: f64,
    /// The default head first, the others sorted by name.
    pub(super) heads: Vec<Head>,
    pub(super) input: InputFormat,
    /// config.json itself, plus the keys that rust-bert requires and transformers omits.
    settings: Map<String, Value>,
}

/// The keys of config.json that are checked here.
#[derive(Debug, Deserialize)]
struct Raw {
    model_type: Option<String>,
    architectures: Option<Vec<String>>,
    vocab_size: Option<usize>,
    max_position_embeddings: Option<usize>,
    type_vocab_size: Option<usize>,
    pad_token_id: Option<u32>,
    layer_norm_eps: Option<f64>,
    #[serde(alias = "activation", alias = "ff_activation")]
    hidden_act: Option<String>,
    position_embedding_type: Option<String>,
    #[serde(default)]
    is_decoder: bool,
    quantization_config: Option<Value>,
    num_hidden_groups: Option<usize>,
    inner_group_num: Option<usize>,
    #[serde(default)]
    use_tpu_fourier_optimizations: bool,
    id2label: Option<BTreeMap<String, String>>,
    allonym: Option<RawOwn>,
}

impl Config {
    /// Parses and checks the contents of a config.json.
    pub(super) fn parse(json: &[u8]) -> Result<Self, Error> {
        let invalid = |source| Error::Json { file: "config.json".to_owned(), source };
        let raw: Raw = serde_json::from_slice(json).map_err(invalid)?;
        let mut settings: Map<String, Value> = serde_json::from_slice(json).map_err(invalid)?;
        let architecture = architecture(&raw)?;
        check_honoured(architecture, &raw)?;
        let padding_id = raw.pad_token_id.unwrap_or(match architecture.positions() {
            Positions::BehindPadding => 1,
            Positions::FromZero => 0,
        });
        let first_position = match architecture.positions() {
            Positions::BehindPadding => padding_id as usize + 1,
            Positions::FromZero => 0,
        };
        let n_positions = match architecture {
            Architecture::XlNet => UNLIMITED,
            _ => raw.max_position_embeddings.unwrap_or(512),
        };
        if n_positions <= first_position {
            return Err(wrong("max_position_embeddings", format!("more than {first_position}"), &n_positions));
        }
        let max_pieces = n_positions - first_position;
        let heads = heads(raw.id2label.as_ref(), raw.allonym.as_ref())?;
        complete(architecture, &heads, &mut settings)?;
        Ok(Self {
            architecture,
            vocab_size: size("vocab_size", raw.vocab_size)?,
            n_types: match architecture {
                Architecture::DistilBert => 1,
                // Types only matter by comparison: pieces of different types are in different segments.
                Architecture::XlNet => 3,
                _ => raw.type_vocab_size.unwrap_or(2).max(1),
            },
            max_pieces,
            padding_id,
            layer_norm_eps: raw.layer_norm_eps.unwrap_or(1e-12),
            input: input_format(raw.allonym.as_ref(), max_pieces)?,
            heads,
            settings,
        })
    }

    /// The configuration in rust-bert's own type.
    pub(super) fn settings<T: DeserializeOwned>(&self) -> Result<T, Error> {
        let file = "config.json".to_owned();
        serde_json::from_value(Value::Object(self.settings.clone())).map_err(|source| Error::Json { file, source })
    }

    /// The same configuration with some settings replaced, for running it as another network.
    pub(super) fn with(mut self, changes: Value) -> Self {
        let Value::Object(changes) = changes else { unreachable!("changes are an object") };
        self.settings.extend(changes);
        self
    }
}

fn architecture(raw: &Raw) -> Result<Architecture, Error> {
    let classes = raw.architectures.as_deref().unwrap_or_default();
    let by_class = classes.iter().find_map(|class| Architecture::of_class(class));
    if by_class.is_none() && !classes.is_empty() {
        let found = classes.join(", ");
        return Err(Error::Architecture { key: "architectures", found, supported: Architecture::classes() });
    }
    let Some(name) = &raw.model_type else {
        return by_class
            .ok_or_else(|| wrong("model_type", format!("one of {}", Architecture::model_types()), &"nothing"));
    };
    let found = name.clone();
    let by_type = Architecture::of_model_type(name).ok_or_else(|| Error::Architecture {
        key: "model_type",
        found,
        supported: Architecture::model_types(),
    })?;
    match by_class {
        Some(by_class) if by_class != by_type => {
            Err(wrong("architectures", format!("a class that fits model_type {name}"), &classes.join(", ")))
        }
        _ => Ok(by_type),
    }
}

/// Rejects settings that would change the forward pass and that rust-bert does not support.
fn check_honoured(architecture: Architecture, raw: &Raw) -> Result<(), Error> {
    match raw.position_embedding_type.as_deref() {
        None | Some("absolute") => {}
        Some(found) => return Err(wrong("position_embedding_type", "absolute", &found)),
    }
    if raw.is_decoder {
        return Err(wrong("is_decoder", "false", &"true"));
    }
    if raw.quantization_config.is_some() {
        return Err(wrong("quantization_config", "nothing: weights in F32, F16 or BF16", &"a quantised checkpoint"));
    }
    if raw.use_tpu_fourier_optimizations {
        return Err(wrong("use_tpu_fourier_optimizations", "false", &"true"));
    }
    if let Some(name) = &raw.hidden_act {
        let known = || format!("one of {}", ACTIVATIONS.map(|(name, _)| name).join(", "));
        activation(name).ok_or_else(|| wrong("hidden_act", known(), name))?;
    }
    let epsilon = raw.layer_norm_eps.unwrap_or(1e-12);
    if !(0.0..1.0).contains(&epsilon) {
        return Err(wrong("layer_norm_eps", "a small positive number", &epsilon));
    }
    if architecture == Architecture::Electra && epsilon != 1e-12 {
        return Err(wrong("layer_norm_eps", "1e-12, which rust-bert's ELECTRA hard-codes", &format!("{epsilon:e}")));
    }
    if architecture == Architecture::Albert {
        // rust-bert creates as many groups as a group has layers.
        for (key, found) in [("num_hidden_groups", raw.num_hidden_groups), ("inner_group_num", raw.inner_group_num)] {
            if let Some(found) = found.filter(|&found| found != 1) {
                return Err(wrong(key, "1, as rust-bert's ALBERT mixes up groups of layers", &found));
            }
        }
    }
    Ok(())
}

/// The names of activations in transformers and in rust-bert.
const ACTIVATIONS: [(&str, &str); 10] = [
    ("gelu", "gelu"),
    ("gelu_new", "gelu_new"),
    ("gelu_fast", "gelu_new"),
    ("gelu_pytorch_tanh", "gelu_new"),
    ("relu", "relu"),
    ("silu", "swish"),
    ("swish", "swish"),
    ("mish", "mish"),
    ("tanh", "tanh"),
    ("linear", "identity"),
];

fn activation(name: &str) -> Option<&'static str> {
    ACTIVATIONS.iter().find(|(transformers, _)| *transformers == name).map(|&(_, rust_bert)| rust_bert)
}

/// Keys that rust-bert requires in a configuration although they do not affect scoring.
fn neutral(architecture: Architecture) -> Value {
    match architecture {
        Architecture::Albert => json!({
            "bos_token_id": 2, "eos_token_id": 3, "pad_token_id": 0, "inner_group_num": 1, "num_hidden_groups": 1,
            "attention_probs_dropout_prob": 0.0, "hidden_dropout_prob": 0.0, "type_vocab_size": 2,
        }),
        Architecture::DistilBert => json!({
            "attention_dropout": 0.0, "dropout": 0.0, "qa_dropout": 0.0, "seq_classif_dropout": 0.0,
            "max_position_embeddings": 512, "activation": "gelu",
        }),
        Architecture::XlNet => json!({
            "bos_token_id": 1, "eos_token_id": 2, "pad_token_id": 5, "bi_data": false, "same_length": false, "dropout": 0.0,
            "untie_r": true, "attn_type": "bi", "ff_activation": "gelu",
        }),
        _ => json!({
            "pad_token_id": 0, "attention_probs_dropout_prob": 0.0, "hidden_dropout_prob": 0.0, "type_vocab_size": 2,
            "max_position_embeddings": 512, "hidden_act": "gelu",
        }),
    }
}

/// Brings config.json into the form rust-bert reads: nothing null, nothing missing, one label per output of every head.
fn complete(architecture: Architecture, heads: &[Head], settings: &mut Map<String, Value>) -> Result<(), Error> {
    settings.retain(|_, value| !value.is_null());
    settings.remove("label2id");
    settings.remove("allonym");
    for key in ["hidden_act", "activation", "ff_activation", "conv_act", "pooler_hidden_act", "summary_activation"] {
        let known = settings.get(key).and_then(Value::as_str).and_then(activation);
        if let Some(name) = known {
            settings.insert(key.to_owned(), name.into());
        }
    }
    let Value::Object(neutral) = neutral(architecture) else { unreachable!("the defaults are an object") };
    for (key, value) in neutral.into_iter().chain([("initializer_range".to_owned(), json!(0.02))]) {
        settings.entry(key).or_insert(value);
    }
    let n_labels: usize = heads.iter().map(|head| head.labels.len()).sum();
    let labels: Map<String, Value> = (0..n_labels).map(|i| (i.to_string(), i.to_string().into())).collect();
    settings.insert("id2label".to_owned(), labels.into());
    for key in ["output_attentions", "output_hidden_states", "use_cache"] {
        settings.insert(key.to_owned(), false.into());
    }
    match architecture {
        Architecture::DistilBert => {
            // Even if positions are sinusoidal, the checkpoint has a table of them.
            settings.insert("sinusoidal_pos_embds".to_owned(), false.into());
            settings.insert("tie_weights_".to_owned(), true.into());
        }
        Architecture::Longformer => {
            settings.entry("sep_token_id").or_insert(2.into());
            let n_layers = size("num_hidden_layers", settings.get("num_hidden_layers").and_then(as_size))?;
            if let Some(window) = settings.get("attention_window").and_then(as_size) {
                settings.insert("attention_window".to_owned(), vec![window; n_layers].into());
            }
        }
        _ => {}
    }
    Ok(())
}

fn as_size(value: &Value) -> Option<usize> {
    value.as_u64().and_then(|n| usize::try_from(n).ok())
}
