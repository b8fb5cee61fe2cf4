//! DeBERTa, versions 1 to 3 (He et al. 2021, 2023), on libtorch, as implemented in transformers.
//!
//! rust-bert's own networks are not used because their relative positions differ from those of transformers. Its version 1 clips
//! distances at the number of attention heads. Its version 2 omits the offset into the table that content looks positions up in, the
//! square root of the scale, and a fraction in the logarithm of its buckets.

use rust_bert::{Activation, RustBertError};
use serde::Deserialize;
use serde_json::Value;
use tch::nn::{self, Module, Path};
use tch::{Device, Kind, Tensor};

use super::super::config::wrong;
use super::super::error::Error;
use super::architecture::RustBertArchitecture as Architecture;
use super::config::Config;
use super::input::Input;
use super::network::Network;

/// The network. Its variables are named as in transformers' checkpoints.
pub(super) struct Deberta {
    words: nn::Embedding,
    positions: Option<nn::Embedding>,
    types: Option<nn::Embedding>,
    projection: Option<nn::Linear>,
    norm: nn::LayerNorm,
    distances: Option<Distances>,
    layers: Vec<Layer>,
    convolution: Option<Convolution>,
    classifier: nn::Linear,
}

/// The keys of config.json that shape the network.
#[derive(Debug, Deserialize)]
struct Settings {
    vocab_size: i64,
    hidden_size: i64,
    embedding_size: Option<i64>,
    num_hidden_layers: i64,
    num_attention_heads: i64,
    intermediate_size: i64,
    hidden_act: Activation,
    max_position_embeddings: i64,
    type_vocab_size: i64,
    position_biased_input: Option<bool>,
    #[serde(default)]
    relative_attention: bool,
    max_relative_positions: Option<i64>,
    position_buckets: Option<i64>,
    #[serde(default)]
    share_att_key: bool,
    norm_rel_ebd: Option<String>,
    conv_kernel_size: Option<i64>,
    conv_groups: Option<i64>,
    conv_act: Option<Activation>,
    pos_att_type: Option<Value>,
    layer_norm_eps: Option<f64>,
    #[serde(default)]
    talking_head: bool,
    id2label: serde_json::Map<String, Value>,
}

/// The kinds of relative attention that a network uses.
#[derive(Clone, Copy)]
struct Looks {
    /// From content to position (`c2p`).
    to_position: bool,
    /// From position to content (`p2c`).
    to_content: bool,
}

impl Settings {
    fn norm(&self, path: Path<'_>) -> nn::LayerNorm {
        let eps = self.layer_norm_eps.unwrap_or(1e-7);
        nn::layer_norm(path, vec![self.hidden_size], nn::LayerNormConfig { eps, ..Default::default() })
    }

    fn linear(&self, path: Path<'_>) -> nn::Linear {
        nn::linear(path, self.hidden_size, self.hidden_size, Default::default())
    }

    /// Parses `pos_att_type`.
    fn looks(&self) -> Result<Looks, Error> {
        let names: Vec<String> = match &self.pos_att_type {
            None => Vec::new(),
            Some(Value::String(names)) => names.split('|').map(|name| name.trim().to_lowercase()).collect(),
            Some(names) => {
                serde_json::from_value(names.clone()).map_err(|_| wrong("pos_att_type", "a list of strings", names))?
            }
        };
        match names.iter().find(|name| !matches!(name.as_str(), "" | "c2p" | "p2c")) {
            Some(name) => Err(wrong("pos_att_type", "c2p, p2c or both", name)),
            None => Ok(Looks {
                to_position: names.iter().any(|name| name == "c2p"),
                to_content: names.iter().any(|name| name == "p2c"),
            }),
        }
    }
}

impl Deberta {
    /// Creates the network with uninitialised weights, to be filled from a checkpoint.
    pub(super) fn new(root: Path<'_>, config: &Config) -> Result<Self, Error> {
        let settings: Settings = config.settings()?;
        if settings.talking_head {
            return Err(wrong("talking_head", "false", &"true"));
        }
        let looks = settings.looks()?;
        let path = &root / "deberta";
        let (embeddings, encoder) = (&path / "embeddings", &path / "encoder");
        let width = settings.embedding_size.unwrap_or(settings.hidden_size);
        let table = |name: &str, n: i64| nn::embedding(&embeddings / name, n, width, Default::default());
        let without_bias = nn::LinearConfig { bias: false, ..Default::default() };
        let n_labels = settings.id2label.len() as i64;
        Ok(Self {
            words: table("word_embeddings", settings.vocab_size),
            positions: settings
                .position_biased_input
                .unwrap_or(true)
                .then(|| table("position_embeddings", settings.max_position_embeddings)),
            types: (settings.type_vocab_size > 0).then(|| table("token_type_embeddings", settings.type_vocab_size)),
            projection: (width != settings.hidden_size)
                .then(|| nn::linear(&embeddings / "embed_proj", width, settings.hidden_size, without_bias)),
            norm: settings.norm(&embeddings / "LayerNorm"),
            distances: settings.relative_attention.then(|| Distances::new(&encoder, config.architecture, &settings)),
            layers: (0..settings.num_hidden_layers)
                .map(|i| Layer::new(&encoder / "layer" / i, config.architecture, &settings, looks))
                .collect(),
            convolution: settings
                .conv_kernel_size
                .filter(|&width| width > 0)
                .map(|width| Convolution::new(&encoder / "conv", &settings, width)),
            classifier: nn::linear(&root / "classifier", settings.hidden_size, n_labels, Default::default()),
        })
    }
}

impl Network for Deberta {
    fn logits(&self, input: &Input) -> Result<Tensor, RustBertError> {
        let mut embedded = input.ids.apply(&self.words);
        if let Some(positions) = &self.positions {
            embedded += input.positions.apply(positions);
        }
        if let Some(types) = &self.types {
            embedded += input.types.apply(types);
        }
        if let Some(projection) = &self.projection {
            embedded = embedded.apply(projection);
        }
        let mask = input.mask.unsqueeze(-1).to_kind(Kind::Float); // [windows, n, 1]
        let embedded = embedded.apply(&self.norm) * &mask; // [windows, n, hidden]
        let hidden_keys = input.mask.eq(0).unsqueeze(1).unsqueeze(1); // [windows, 1, 1, n]
        let distances = self.distances.as_ref().map(|distances| distances.between(input.longest as i64));
        let mut hidden = embedded.shallow_clone();
        for (i, layer) in self.layers.iter().enumerate() {
            hidden = layer.apply(&hidden, &hidden_keys, distances.as_ref());
            if let Some(convolution) = self.convolution.as_ref().filter(|_| i == 0) {
                hidden = convolution.apply(&embedded, &hidden, &mask);
            }
        }
        Ok(hidden.apply(&self.classifier))
    }
}

/// The embeddings of distances between pieces.
struct Distances {
    table: nn::Embedding,
    norm: Option<nn::LayerNorm>,
    buckets: Buckets,
    /// Half the number of rows in the table.
    span: i64,
    /// The longest distance that is distinguished from longer ones.
    longest: i64,
    device: Device,
}

/// How distances map to rows of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Buckets {
    /// One row per distance.
    None,
    /// One row per distance for short distances, logarithmic buckets for long ones. Holds the number of rows per direction.
    Logarithmic(i64),
}

/// The rows needed for a window of some length.
struct Between {
    /// `[1, 2 * span, hidden]`.
    vectors: Tensor,
    /// For each query and key, the row that the query's content attends to: `[1, 1, n, n]`.
    from_query: Tensor,
    /// For each key and query, the row that the key's content attends to: `[1, 1, n, n]`.
    from_key: Tensor,
}

impl Distances {
    fn new(encoder: &Path<'_>, architecture: Architecture, settings: &Settings) -> Self {
        let longest = settings.max_relative_positions.filter(|&n| n > 0).unwrap_or(settings.max_position_embeddings);
        let is_v2 = architecture == Architecture::DebertaV2;
        let n_buckets = settings.position_buckets.filter(|&n| n > 0 && is_v2);
        let span = n_buckets.unwrap_or(longest);
        let norms = settings.norm_rel_ebd.as_deref().unwrap_or_default().to_lowercase();
        let has_norm = is_v2 && norms.split('|').any(|norm| norm.trim() == "layer_norm");
        Self {
            table: nn::embedding(encoder / "rel_embeddings", 2 * span, settings.hidden_size, Default::default()),
            norm: has_norm.then(|| settings.norm(encoder / "LayerNorm")),
            buckets: n_buckets.map_or(Buckets::None, Buckets::Logarithmic),
            span,
            longest,
            device: encoder.device(),
        }
    }

    fn between(&self, n: i64) -> Between {
        let places = Tensor::arange(n, (Kind::Int64, self.device));
        let distances = places.unsqueeze(1) - places.unsqueeze(0); // [n, n]
        let (vectors, rows, span) = match self.buckets {
            Buckets::Logarithmic(n_buckets) => {
                (self.table.ws.shallow_clone(), in_buckets(&distances, n_buckets, self.longest), self.span)
            }
            Buckets::None => {
                // No distance in this window is longer, so the other rows are not needed.
                let span = n.min(self.span);
                (self.table.ws.narrow(0, self.span - span, 2 * span), distances, span)
            }
        };
        let vectors = self.norm.as_ref().map_or_else(|| vectors.shallow_clone(), |norm| norm.forward(&vectors));
        let row = |distances: Tensor| (distances + span).clamp(0, 2 * span - 1).unsqueeze(0).unsqueeze(0);
        Between { vectors: vectors.unsqueeze(0), from_query: row(rows.shallow_clone()), from_key: row(-rows) }
    }
}

/// The buckets of distances: the distances themselves up to half the number of buckets, logarithmic from there on.
fn in_buckets(distances: &Tensor, n_buckets: i64, longest: i64) -> Tensor {
    let half = n_buckets / 2;
    let size = distances.abs();
    let fraction = (&size.clamp_min(half) / half).log() / Tensor::from((longest - 1) as f32 / half as f32).log();
    let far = ((fraction * (half - 1)).ceil() + half) * distances.sign();
    distances.where_self(&size.le(half), &far.to_kind(Kind::Int64))
}

struct Layer {
    n_heads: i64,
    projections: Projections,
    /// The projection of distance embeddings for content-to-position attention.
    position_keys: Option<nn::Linear>,
    /// The projection of distance embeddings for position-to-content attention.
    position_queries: Option<nn::Linear>,
    looks: Looks,
    attention_output: nn::Linear,
    attention_norm: nn::LayerNorm,
    up: nn::Linear,
    activation: Activation,
    down: nn::Linear,
    output_norm: nn::LayerNorm,
}

/// The projections to queries, keys and values.
enum Projections {
    /// Version 1: one matrix, grouped by head; queries and values have a bias.
    InOne { all: nn::Linear, query_bias: Tensor, value_bias: Tensor },
    /// Version 2: three matrices.
    Apart { query: nn::Linear, key: nn::Linear, value: nn::Linear },
}

impl Layer {
    fn new(path: Path<'_>, architecture: Architecture, settings: &Settings, looks: Looks) -> Self {
        let own = &path / "attention" / "self";
        let hidden = settings.hidden_size;
        let without_bias = nn::LinearConfig { bias: false, ..Default::default() };
        let bias = |name: &str| own.var(name, &[hidden], nn::Init::Const(0.0));
        let relative = |wanted: bool| wanted && settings.relative_attention;
        let (projections, position_keys, position_queries) = match architecture {
            Architecture::Deberta => (
                Projections::InOne {
                    all: nn::linear(&own / "in_proj", hidden, 3 * hidden, without_bias),
                    query_bias: bias("q_bias"),
                    value_bias: bias("v_bias"),
                },
                relative(looks.to_position).then(|| nn::linear(&own / "pos_proj", hidden, hidden, without_bias)),
                relative(looks.to_content).then(|| settings.linear(&own / "pos_q_proj")),
            ),
            _ => (
                Projections::Apart {
                    query: settings.linear(&own / "query_proj"),
                    key: settings.linear(&own / "key_proj"),
                    value: settings.linear(&own / "value_proj"),
                },
                (relative(looks.to_position) && !settings.share_att_key)
                    .then(|| settings.linear(&own / "pos_key_proj")),
                (relative(looks.to_content) && !settings.share_att_key)
                    .then(|| settings.linear(&own / "pos_query_proj")),
            ),
        };
        let output = &path / "attention" / "output";
        let inner = settings.intermediate_size;
        Self {
            n_heads: settings.num_attention_heads,
            projections,
            position_keys,
            position_queries,
            looks,
            attention_output: settings.linear(&output / "dense"),
            attention_norm: settings.norm(&output / "LayerNorm"),
            up: nn::linear(&path / "intermediate" / "dense", hidden, inner, Default::default()),
            activation: settings.hidden_act,
            down: nn::linear(&path / "output" / "dense", inner, hidden, Default::default()),
            output_norm: settings.norm(&path / "output" / "LayerNorm"),
        }
    }

    fn apply(&self, hidden: &Tensor, hidden_keys: &Tensor, distances: Option<&Between>) -> Tensor {
        let context = self.attend(hidden, hidden_keys, distances);
        let attended = (context.apply(&self.attention_output) + hidden).apply(&self.attention_norm);
        let inner = self.activation.get_function().get_fn()(&attended.apply(&self.up));
        (inner.apply(&self.down) + attended).apply(&self.output_norm)
    }

    fn attend(&self, hidden: &Tensor, hidden_keys: &Tensor, distances: Option<&Between>) -> Tensor {
        let (query, key, value) = self.project(hidden); // [windows, heads, n, head]
        let mut scores = query.matmul(&key.transpose(-1, -2)); // [windows, heads, n, n]
        if let Some(Between { vectors, from_query, from_key }) = distances {
            let size = scores.size();
            if self.looks.to_position {
                let keys = self.heads(&self.project_positions(vectors, Role::Key)); // [1, heads, 2 * span, head]
                let found = query.matmul(&keys.transpose(-1, -2));
                scores += found.gather(-1, &from_query.expand(&size, true), false);
            }
            if self.looks.to_content {
                let queries = self.heads(&self.project_positions(vectors, Role::Query));
                let found = key.matmul(&queries.transpose(-1, -2));
                scores += found.gather(-1, &from_key.expand(&size, true), false).transpose(-1, -2);
            }
        }
        let n_kinds = 1 + i64::from(self.looks.to_position) + i64::from(self.looks.to_content);
        let head_size = query.size()[3];
        let scores = scores / ((head_size * n_kinds) as f64).sqrt();
        let weights = scores.masked_fill(hidden_keys, f64::from(f32::MIN)).softmax(-1, Kind::Float);
        weights.matmul(&value).transpose(1, 2).flatten(2, 3) // [windows, n, hidden]
    }

    fn project(&self, hidden: &Tensor) -> (Tensor, Tensor, Tensor) {
        match &self.projections {
            Projections::InOne { all, query_bias, value_bias } => {
                let mut parts = self.heads(&hidden.apply(all)).chunk(3, -1).into_iter();
                let mut next = || parts.next().expect("three parts");
                let bias = |bias: &Tensor| self.heads(&bias.unsqueeze(0).unsqueeze(0));
                (next() + bias(query_bias), next(), next() + bias(value_bias))
            }
            Projections::Apart { query, key, value } => {
                let part = |linear: &nn::Linear| self.heads(&hidden.apply(linear));
                (part(query), part(key), part(value))
            }
        }
    }

    /// Projects distance embeddings to keys or queries, with the projections of content if those are shared.
    fn project_positions(&self, vectors: &Tensor, role: Role) -> Tensor {
        let own = match role {
            Role::Key => &self.position_keys,
            Role::Query => &self.position_queries,
        };
        let shared = || match (&self.projections, role) {
            (Projections::Apart { key, .. }, Role::Key) => key,
            (Projections::Apart { query, .. }, Role::Query) => query,
            (Projections::InOne { .. }, _) => unreachable!("version 1 has separate projections for positions"),
        };
        vectors.apply(own.as_ref().unwrap_or_else(shared))
    }

    /// `[windows, n, heads * size] -> [windows, heads, n, size]`.
    fn heads(&self, x: &Tensor) -> Tensor {
        x.unflatten(-1, [self.n_heads, -1]).transpose(1, 2)
    }
}

/// The role of a vector in attention.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    Key,
    Query,
}

/// The convolution over neighbouring pieces, parallel to the first layer of version 2.
struct Convolution {
    convolution: nn::Conv1D,
    activation: Activation,
    norm: nn::LayerNorm,
}

impl Convolution {
    fn new(path: Path<'_>, settings: &Settings, width: i64) -> Self {
        let (padding, groups) = ((width - 1) / 2, settings.conv_groups.unwrap_or(1));
        let config = nn::ConvConfig { padding, groups, ..Default::default() };
        Self {
            convolution: nn::conv1d(&path / "conv", settings.hidden_size, settings.hidden_size, width, config),
            activation: settings.conv_act.unwrap_or(Activation::tanh),
            norm: settings.norm(&path / "LayerNorm"),
        }
    }

    fn apply(&self, embedded: &Tensor, hidden: &Tensor, mask: &Tensor) -> Tensor {
        let mixed = embedded.transpose(1, 2).apply(&self.convolution).transpose(1, 2) * mask;
        let mixed = self.activation.get_function().get_fn()(&mixed);
        (hidden + mixed).apply(&self.norm) * mask
    }
}
