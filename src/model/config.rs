//! Reads config.json and rejects what this engine cannot honour.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use super::activation::Activation;
use super::architecture::Architecture;
use super::error::Error;
use super::spec::Head;
use crate::encode::{CaseClasses, InputFormat};

/// A checked configuration.
#[derive(Clone, Debug)]
pub(crate) struct Config {
    pub(crate) architecture: Architecture,
    pub(crate) vocab_size: usize,
    pub(crate) n_positions: usize,
    /// The position of a window's first piece.
    pub(crate) first_position: usize,
    /// In layouts with a padding position: the id of the pieces that take it.
    pub(crate) padding_id: Option<u32>,
    /// 0 for layouts without token types.
    pub(crate) n_types: usize,
    pub(crate) embedding_size: usize,
    pub(crate) hidden_size: usize,
    pub(crate) intermediate_size: usize,
    pub(crate) n_layers: usize,
    pub(crate) n_heads: usize,
    /// 0 for layouts in which distances do not count.
    pub(crate) n_distance_buckets: usize,
    pub(crate) activation: Activation,
    pub(crate) layer_norm_eps: f32,
    /// The default head first, the others sorted by name.
    pub(crate) heads: Vec<Head>,
    pub(crate) input: InputFormat,
}

/// config.json as Hugging Face writes it; keys that do not affect the forward pass are ignored.
#[derive(Debug, Deserialize)]
struct RawConfig {
    model_type: Option<String>,
    architectures: Option<Vec<String>>,
    vocab_size: Option<usize>,
    max_position_embeddings: Option<usize>,
    type_vocab_size: Option<usize>,
    pad_token_id: Option<u32>,
    embedding_size: Option<usize>,
    #[serde(alias = "dim")]
    hidden_size: Option<usize>,
    #[serde(alias = "hidden_dim")]
    intermediate_size: Option<usize>,
    #[serde(alias = "n_layers")]
    num_hidden_layers: Option<usize>,
    #[serde(alias = "n_heads")]
    num_attention_heads: Option<usize>,
    #[serde(alias = "activation")]
    hidden_act: Option<String>,
    relative_attention_num_buckets: Option<usize>,
    layer_norm_eps: Option<f64>,
    position_embedding_type: Option<String>,
    #[serde(default)]
    is_decoder: bool,
    #[serde(default)]
    add_cross_attention: bool,
    quantization_config: Option<Value>,
    id2label: Option<BTreeMap<String, String>>,
    allonym: Option<RawOwn>,
}

/// The object `allonym` in config.json: our own additions.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawOwn {
    /// One sentence on what the model is for.
    pub(super) description: Option<String>,
    /// BCP 47 tags.
    #[serde(default)]
    pub(super) languages: Vec<String>,
    pub(super) license: Option<String>,
    case_classes: Option<String>,
    #[serde(default)]
    line_separator: bool,
    #[serde(default)]
    cut_words: bool,
    #[serde(default)]
    window: RawWindow,
    default_head: String,
    heads: BTreeMap<String, RawHead>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawWindow {
    max_pieces: Option<usize>,
    context: Option<usize>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawHead {
    labels: Vec<String>,
    #[serde(default = "uncalibrated")]
    temperature: f32,
}

fn uncalibrated() -> f32 {
    1.0
}

impl Config {
    /// Parses and checks the contents of a config.json.
    pub(crate) fn parse(json: &[u8]) -> Result<Self, Error> {
        let file = "config.json".to_owned();
        let raw: RawConfig = serde_json::from_slice(json).map_err(|source| Error::Json { file, source })?;
        raw.try_into()
    }

    /// The most pieces a window may hold.
    pub(crate) fn max_pieces(&self) -> usize {
        self.n_positions - self.first_position
    }

    /// The number of parameters without the heads.
    pub(crate) fn n_parameters(&self) -> usize {
        let (hidden, inner, embedding) = (self.hidden_size, self.intermediate_size, self.embedding_size);
        let tables = (self.vocab_size + self.n_positions + self.n_types) * embedding + 2 * embedding;
        let projection = if embedding == hidden { 0 } else { embedding * hidden + hidden };
        let attention = 4 * (hidden * hidden + hidden) + 2 * hidden;
        let feed_forward = hidden * inner + inner + inner * hidden + hidden + 2 * hidden;
        tables + projection + self.n_distance_buckets * self.n_heads + self.n_layers * (attention + feed_forward)
    }
}

impl TryFrom<RawConfig> for Config {
    type Error = Error;

    fn try_from(raw: RawConfig) -> Result<Self, Error> {
        let architecture = architecture(&raw)?;
        check_honoured(&raw)?;
        let hidden_size = size("hidden_size", raw.hidden_size)?;
        let n_heads = size("num_attention_heads", raw.num_attention_heads)?;
        if hidden_size % n_heads != 0 {
            return Err(wrong("num_attention_heads", format!("a divisor of hidden_size, {hidden_size}"), &n_heads));
        }
        let activation = raw.hidden_act.as_deref().unwrap_or("gelu");
        let layer_norm_eps = raw.layer_norm_eps.unwrap_or(1e-12);
        if !(0.0..1.0).contains(&layer_norm_eps) {
            return Err(wrong("layer_norm_eps", "a small positive number", &layer_norm_eps));
        }
        let has_padding_position = matches!(architecture, Architecture::Roberta | Architecture::Mpnet);
        let padding_id = has_padding_position.then_some(raw.pad_token_id.unwrap_or(1));
        let first_position = padding_id.map_or(0, |id| id as usize + 1);
        let n_positions = raw.max_position_embeddings.unwrap_or(512);
        if n_positions <= first_position {
            return Err(wrong("max_position_embeddings", format!("more than {first_position}"), &n_positions));
        }
        Ok(Self {
            architecture,
            vocab_size: size("vocab_size", raw.vocab_size)?,
            n_positions,
            first_position,
            padding_id,
            n_types: match architecture {
                Architecture::DistilBert => 0,
                Architecture::Mpnet => raw.type_vocab_size.unwrap_or(0),
                _ => raw.type_vocab_size.unwrap_or(2),
            },
            embedding_size: match architecture {
                Architecture::Electra => size("embedding_size", raw.embedding_size.or(Some(hidden_size)))?,
                _ => hidden_size,
            },
            hidden_size,
            intermediate_size: size("intermediate_size", raw.intermediate_size)?,
            n_layers: size("num_hidden_layers", raw.num_hidden_layers)?,
            n_heads,
            n_distance_buckets: match architecture {
                Architecture::Mpnet => distance_buckets(raw.relative_attention_num_buckets)?,
                _ => 0,
            },
            activation: Activation::of_name(activation)
                .ok_or_else(|| wrong("hidden_act", Activation::SUPPORTED, &activation))?,
            layer_norm_eps: layer_norm_eps as f32,
            heads: heads(raw.id2label.as_ref(), raw.allonym.as_ref())?,
            input: input_format(raw.allonym.as_ref(), n_positions - first_position)?,
        })
    }
}

pub(super) fn wrong(key: impl Into<String>, expected: impl Into<String>, found: &impl ToString) -> Error {
    Error::Config { key: key.into(), expected: expected.into(), found: found.to_string() }
}

pub(super) fn size(key: &'static str, value: Option<usize>) -> Result<usize, Error> {
    match value {
        Some(value) if value > 0 => Ok(value),
        Some(value) => Err(wrong(key, "a positive number", &value)),
        None => Err(wrong(key, "a positive number", &"nothing")),
    }
}

/// Half of the buckets are for each direction, and half of those for near distances.
fn distance_buckets(found: Option<usize>) -> Result<usize, Error> {
    let found = found.unwrap_or(32);
    if !found.is_multiple_of(4) || !(4..=256).contains(&found) {
        return Err(wrong("relative_attention_num_buckets", "a multiple of 4 up to 256", &found));
    }
    Ok(found)
}

fn architecture(raw: &RawConfig) -> Result<Architecture, Error> {
    let classes = raw.architectures.as_deref().unwrap_or_default();
    let by_class = classes.iter().find_map(|class| Architecture::of_class(class));
    if by_class.is_none() && !classes.is_empty() {
        let found = classes.join(", ");
        return Err(Error::Architecture { key: "architectures", found, supported: Architecture::classes() });
    }
    match (&raw.model_type, by_class) {
        (Some(name), by_class) => {
            let unsupported = || Error::Architecture {
                key: "model_type",
                found: name.clone(),
                supported: Architecture::model_types(),
            };
            let by_type = Architecture::of_model_type(name).ok_or_else(unsupported)?;
            match by_class {
                Some(by_class) if by_class != by_type => {
                    Err(wrong("architectures", format!("a class that fits model_type {name}"), &classes.join(", ")))
                }
                _ => Ok(by_type),
            }
        }
        (None, Some(by_class)) => Ok(by_class),
        (None, None) => Err(wrong("model_type", format!("one of {}", Architecture::model_types()), &"nothing")),
    }
}

/// Rejects settings that would change the forward pass and are not implemented.
fn check_honoured(raw: &RawConfig) -> Result<(), Error> {
    match raw.position_embedding_type.as_deref() {
        None | Some("absolute") => {}
        Some(found) => return Err(wrong("position_embedding_type", "absolute", &found)),
    }
    if raw.is_decoder {
        return Err(wrong("is_decoder", "false", &"true"));
    }
    if raw.add_cross_attention {
        return Err(wrong("add_cross_attention", "false", &"true"));
    }
    if raw.quantization_config.is_some() {
        return Err(wrong("quantization_config", "nothing: weights in F32, F16 or BF16", &"a quantised checkpoint"));
    }
    Ok(())
}

/// The labels of `id2label` in order of their ids, which must count up from 0 without gaps.
fn labels(id2label: &BTreeMap<String, String>) -> Result<Vec<String>, Error> {
    let mut labels = vec![None; id2label.len()];
    for (id, label) in id2label {
        let place = id.parse().ok().and_then(|id: usize| labels.get_mut(id)).filter(|place| place.is_none());
        *place.ok_or_else(|| {
            wrong("id2label", format!("the ids 0 to {}", id2label.len() - 1), &format!("id {id:?}"))
        })? = Some(label.clone());
    }
    Ok(labels.into_iter().map(|label| label.expect("as many slots as ids, and none filled twice")).collect())
}

pub(super) fn heads(id2label: Option<&BTreeMap<String, String>>, own: Option<&RawOwn>) -> Result<Vec<Head>, Error> {
    let from_ids = id2label.map(labels).transpose()?;
    let Some(own) = own else {
        let labels = from_ids.ok_or_else(|| wrong("id2label", "a name for each label", &"nothing"))?;
        return Ok(vec![checked(Head { name: "default".to_owned(), labels, temperature: 1.0 }, "id2label")?]);
    };
    let default = &own.default_head;
    if !own.heads.contains_key(default) {
        let known = own.heads.keys().map(String::as_str).collect::<Vec<_>>().join(", ");
        return Err(wrong("allonym.default_head", format!("one of allonym.heads: {known}"), &default));
    }
    let mut heads = Vec::with_capacity(own.heads.len());
    for (name, raw) in &own.heads {
        let head = Head { name: name.clone(), labels: raw.labels.clone(), temperature: raw.temperature };
        heads.push(checked(head, &format!("allonym.heads.{name}"))?);
    }
    heads.sort_by_key(|head| head.name != *default);
    match from_ids {
        Some(ids) if ids != heads[0].labels => {
            Err(wrong(format!("allonym.heads.{default}.labels"), "the labels of id2label", &heads[0].labels.join(", ")))
        }
        _ => Ok(heads),
    }
}

fn checked(head: Head, key: &str) -> Result<Head, Error> {
    if head.labels.is_empty() {
        return Err(wrong(key, "at least one label", &"none"));
    }
    for (i, label) in head.labels.iter().enumerate() {
        if head.labels[..i].contains(label) {
            return Err(wrong(key, "distinct labels", &format!("{label:?} twice")));
        }
    }
    if !(head.temperature.is_finite() && head.temperature > 0.0) {
        return Err(wrong(format!("{key}.temperature"), "a positive number", &head.temperature));
    }
    Ok(head)
}

pub(super) fn input_format(own: Option<&RawOwn>, longest: usize) -> Result<InputFormat, Error> {
    let Some(own) = own else { return Ok(InputFormat::default()) };
    if let Some(found) = own.window.max_pieces.filter(|&found| found == 0 || found > longest) {
        return Err(wrong("allonym.window.max_pieces", format!("1 to {longest}"), &found));
    }
    Ok(InputFormat {
        case_classes: match own.case_classes.as_deref() {
            None => CaseClasses::None,
            Some("v1") => CaseClasses::V1,
            Some(found) => return Err(wrong("allonym.case_classes", "v1 or nothing", &found)),
        },
        line_separator: own.line_separator,
        cut_words: own.cut_words,
        max_pieces: own.window.max_pieces,
        context: own.window.context,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn plain() -> Value {
        json!({
            "model_type": "bert", "architectures": ["BertForTokenClassification"], "vocab_size": 10, "hidden_size": 8,
            "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 16, "max_position_embeddings": 32,
            "id2label": {"1": "B-PER", "0": "O"}, "transformers_version": "9.9.9", "torch_dtype": "float32"
        })
    }

    fn parse(change: &Value) -> Result<Config, Error> {
        let mut config = plain();
        for (key, value) in change.as_object().expect("an object of changes") {
            config[key] = value.clone();
        }
        Config::parse(config.to_string().as_bytes())
    }

    #[test]
    fn a_third_party_model_has_one_head_and_plain_input() {
        let config = parse(&json!({})).expect("a good configuration");
        assert_eq!(
            config.heads,
            [Head { name: "default".into(), labels: vec!["O".into(), "B-PER".into()], temperature: 1.0 }]
        );
        assert_eq!(config.input, InputFormat::default());
        assert_eq!((config.max_pieces(), config.n_types), (32, 2));
        assert_eq!(config.activation, Activation::Gelu);
    }

    #[test]
    fn our_own_model_names_its_heads() {
        let config = parse(&json!({"allonym": {
            "case_classes": "v1", "line_separator": true, "cut_words": true, "window": {"max_pieces": 30, "context": 4}, "default_head": "conll",
            "heads": {"area": {"labels": ["O"]}, "conll": {"labels": ["O", "B-PER"], "temperature": 1.5}}
        }}))
        .expect("a good configuration");
        let names: Vec<_> = config.heads.iter().map(|head| (head.name.as_str(), head.temperature)).collect();
        assert_eq!(names, [("conll", 1.5), ("area", 1.0)]);
        let own = InputFormat::default().case_classes(CaseClasses::V1).line_separator(true).cut_words(true);
        let want = own.max_pieces(30).context(4);
        assert_eq!(config.input, want);
    }

    #[test]
    fn roberta_counts_positions_from_after_the_padding_id() {
        let config =
            parse(&json!({"model_type": "xlm-roberta", "architectures": ["XLMRobertaForTokenClassification"]}))
                .expect("a good configuration");
        assert_eq!((config.first_position, config.max_pieces()), (2, 30));
    }

    #[test]
    fn mpnet_has_distances_and_types_only_if_it_says_so() {
        let mpnet = json!({"model_type": "mpnet", "architectures": ["MPNetForTokenClassification"]});
        let config = parse(&mpnet).expect("a good configuration");
        assert_eq!((config.first_position, config.n_types, config.n_distance_buckets), (2, 0, 32));
        let mut ours = mpnet;
        ours["type_vocab_size"] = json!(8);
        ours["relative_attention_num_buckets"] = json!(16);
        let config = parse(&ours).expect("a good configuration");
        assert_eq!((config.n_types, config.n_distance_buckets), (8, 16));
        ours["relative_attention_num_buckets"] = json!(6);
        let error = parse(&ours).expect_err("two and a half buckets").to_string();
        assert!(error.contains("a multiple of 4 up to 256, found 6"), "{error}");
    }

    #[test]
    fn unsupported_settings_are_rejected_by_name() {
        let head =
            |labels: Value, t: f64| json!({"default_head": "a", "heads": {"a": {"labels": labels, "temperature": t}}});
        let cases = [
            ("model type", json!({"model_type": "t5", "architectures": null}), "model_type \"t5\""),
            (
                "class",
                json!({"architectures": ["BertForMaskedLM"]}),
                "\"BertForMaskedLM\", expected one of BertForToken",
            ),
            ("both", json!({"model_type": "roberta"}), "fits model_type roberta"),
            ("neither", json!({"model_type": null, "architectures": null}), "model_type: expected one of bert"),
            ("positions", json!({"position_embedding_type": "relative_key"}), "expected absolute, found relative_key"),
            ("decoder", json!({"is_decoder": true}), "is_decoder"),
            ("quantised", json!({"quantization_config": {}}), "quantization_config"),
            ("activation", json!({"hidden_act": "silu"}), "hidden_act: expected one of gelu"),
            (
                "missing size",
                json!({"intermediate_size": null}),
                "intermediate_size: expected a positive number, found nothing",
            ),
            ("heads", json!({"num_attention_heads": 3}), "a divisor of hidden_size, 8, found 3"),
            ("gap", json!({"id2label": {"0": "O", "2": "B"}}), "id2label: expected the ids 0 to 1, found id \"2\""),
            ("alias", json!({"id2label": {"0": "O", "00": "B"}}), "id2label"),
            ("twice", json!({"id2label": {"0": "O", "1": "O"}}), "\"O\" twice"),
            ("no labels", json!({"id2label": null}), "id2label: expected a name for each label, found nothing"),
            ("empty", json!({"id2label": {}}), "at least one label"),
            ("own labels", json!({"allonym": head(json!(["O"]), 1.0)}), "allonym.heads.a.labels"),
            ("temperature", json!({"allonym": head(json!(["O", "B-PER"]), 0.0)}), "allonym.heads.a.temperature"),
            ("default", json!({"allonym": {"default_head": "b", "heads": {"a": {"labels": ["O"]}}}}), "default_head"),
            (
                "classes",
                json!({"allonym": {"case_classes": "v9", "default_head": "a", "heads": {"a": {"labels": ["O", "B-PER"]}}}}),
                "v1 or nothing, found v9",
            ),
            (
                "window",
                json!({"allonym": {"window": {"max_pieces": 33}, "default_head": "a", "heads": {"a": {"labels": ["O", "B-PER"]}}}}),
                "1 to 32, found 33",
            ),
        ];
        for (name, change, want) in cases {
            let error = parse(&change).expect_err(name).to_string();
            assert!(error.contains(want), "{name}: {error}");
        }
    }

    #[test]
    fn a_misspelt_key_under_allonym_is_an_error() {
        let error =
            parse(&json!({"allonym": {"case_clases": "v1", "default_head": "a", "heads": {}}})).expect_err("misspelt");
        let cause = std::error::Error::source(&error).expect("a cause").to_string();
        assert!(cause.contains("case_clases"), "{cause}");
    }
}
