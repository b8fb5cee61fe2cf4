//! What does config.json say, and can rust-bert honour it?

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use super::super::config::{RawOwn, heads, input_format, size, wrong};
use super::super::error::Error;
use super::super::spec::Head;
use super::architecture::{Positions, RustBertArchitecture as Architecture};
use crate::encode::InputFormat;

/// The most pieces of a window where the architecture sets no limit.
const UNLIMITED: usize = 4_096;

/// A checked configuration.
#[derive(Clone, Debug)]
pub(super) struct Config {
    pub(super) architecture: Architecture,
    pub(super) vocab_size: usize,
    /// At least 1.
    pub(super) n_types: usize,
    pub(super) max_pieces: usize,
    /// The id that windows are filled up with.
    pub(super) padding_id: u32,
    pub(super) layer_norm_eps: f64,
    /// The default head first, the others by name.
    pub(super) heads: Vec<Head>,
    pub(super) input: InputFormat,
    /// config.json itself, with what rust-bert insists on and transformers leaves out.
    settings: Map<String, Value>,
}

/// The part of config.json that is checked here.
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
    /// Reads and checks the text of a config.json.
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
                // Pieces of unlike types are of two segments; which types these are does not matter.
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

    /// The same with other settings, for a network that goes by other names.
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

/// Refuses what would change the forward pass and rust-bert does not do.
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
        activation(name).ok_or_else(|| wrong("hidden_act", ACTIVATIONS.map(|(name, _)| name).join(", "), name))?;
    }
    let epsilon = raw.layer_norm_eps.unwrap_or(1e-12);
    if !(0.0..1.0).contains(&epsilon) {
        return Err(wrong("layer_norm_eps", "a small positive number", &epsilon));
    }
    if architecture == Architecture::Electra && epsilon != 1e-12 {
        return Err(wrong("layer_norm_eps", "1e-12, which rust-bert's ELECTRA has built in", &format!("{epsilon:e}")));
    }
    if architecture == Architecture::Albert {
        // rust-bert makes as many groups as a group has layers.
        for (key, found) in [("num_hidden_groups", raw.num_hidden_groups), ("inner_group_num", raw.inner_group_num)] {
            if let Some(found) = found.filter(|&found| found != 1) {
                return Err(wrong(key, "1, as rust-bert's ALBERT mixes up groups of layers", &found));
            }
        }
    }
    Ok(())
}

/// Names of activations in transformers and in rust-bert.
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

/// Keys that change nothing when a model only scores, but without which rust-bert reads no configuration.
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

/// Makes config.json what rust-bert wants to read: nothing null, nothing missing, a label for each output of every
/// head.
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
    let Value::Object(neutral) = neutral(architecture) else { unreachable!("it is an object") };
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
            // Where positions are sinusoids, the checkpoint has them as a table all the same.
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
