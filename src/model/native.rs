//! How does a checkpoint become an encoder that runs here?

use std::borrow::Cow;
use std::path::Path;

use ndarray::ArrayView2;
use rayon::prelude::*;

use super::architecture::{Architecture, Names, PREFIXES};
use super::attention::Attention;
use super::bert::{Bert, Layer, Layers};
use super::config::Config;
use super::embeddings::{Embeddings, Words};
use super::encoder::{Encoder, Head, HeadId, Scratch, as_matrix, first};
use super::error::Error;
use super::gemm::{Gemm, Linear, Store};
use super::int8::{self, Kernel};
use super::layer_norm::LayerNorm;
use super::precision::Precision;
use super::weights::{Weights, read};
use crate::encode::{Batch, InputFormat};

/// A token-classification checkpoint of the BERT family, run on the processor in `f32`.
///
/// Loading checks everything that a forward pass relies on, so that a loaded model only ever refuses a batch that it cannot
/// cover. It is immutable: any number of threads score with one model, each with its own [`Scratch`].
///
/// The matrix products share their work over the rayon pool that [`score`](Encoder::score) is called in. To run one batch a
/// thread instead, call it from pools of one thread each.
#[derive(Debug)]
pub struct Model {
    config: Config,
    bert: Bert,
    classifiers: Vec<Linear>,
}

impl Model {
    /// Loads a folder in the Hugging Face layout: `config.json`, and `model.safetensors` or the files that
    /// `model.safetensors.index.json` lists.
    ///
    /// # Errors
    /// When a file cannot be read, the configuration is one that cannot be honoured, or a tensor is missing, has the wrong shape
    /// or an unsupported number format. The error names the folder, its source the file, key or tensor.
    pub fn open(folder: impl AsRef<Path>, precision: Precision) -> Result<Self, Error> {
        let folder = folder.as_ref();
        let load = || Self::build(Config::parse(&read(folder, "config.json")?)?, &Weights::open(folder)?, precision);
        load().map_err(|source| Error::Folder { path: folder.to_owned(), source: Box::new(source) })
    }

    /// Loads a model from the contents of its `config.json` and `model.safetensors`.
    ///
    /// Word vectors in `'static` bytes, such as those that `include_bytes!` gives, are used where they stand; all other weights
    /// are copied.
    ///
    /// # Errors
    /// As for [`open`](Self::open).
    pub fn from_bytes(
        config: &[u8],
        weights: impl Into<Cow<'static, [u8]>>,
        precision: Precision,
    ) -> Result<Self, Error> {
        Self::build(Config::parse(config)?, &Weights::from_bytes(weights.into())?, precision)
    }

    /// The layout of the checkpoint.
    pub fn architecture(&self) -> Architecture {
        self.config.architecture
    }

    /// How texts must be turned into pieces for this model.
    pub fn input_format(&self) -> InputFormat {
        self.config.input
    }

    /// How many vocabulary ids the model knows; a tokenizer that gives more does not belong to it.
    pub fn vocab_size(&self) -> usize {
        self.config.vocab_size
    }

    /// How many token types the model knows; at least 1.
    pub fn n_types(&self) -> usize {
        self.config.n_types.max(1)
    }

    fn build(config: Config, weights: &Weights, precision: Precision) -> Result<Self, Error> {
        let gemm = Gemm::default();
        let names = config.architecture.names();
        let probe = |prefix: &&str| weights.contains(&format!("{prefix}embeddings.word_embeddings.weight"));
        let prefix = PREFIXES.into_iter().find(probe).unwrap_or(names.prefix);
        let parts = Parts { config: &config, weights, gemm: &gemm, names, prefix };
        let embeddings = parts.embeddings()?;
        let numbers = (0..config.n_layers).into_par_iter();
        let kernel = Kernel::best();
        let layers = match (precision, kernel) {
            (Precision::F32, _) | (Precision::Auto, Kernel::Plain) => {
                Layers::F32(numbers.map(|i| parts.layer(i)).collect::<Result<_, _>>()?)
            }
            (Precision::Auto | Precision::Int8, _) => {
                Layers::Int8(kernel, numbers.map(|i| parts.int8_layer(i)).collect::<Result<_, _>>()?)
            }
        };
        let classifiers = parts.classifiers()?;
        Ok(Self { config, bert: Bert { embeddings, layers }, classifiers })
    }
}

impl Encoder for Model {
    fn heads(&self) -> &[Head] {
        &self.config.heads
    }

    fn max_pieces(&self) -> usize {
        self.config.max_pieces()
    }

    fn score<'s>(&self, batch: &Batch, head: HeadId, scratch: &'s mut Scratch) -> Result<ArrayView2<'s, f32>, Error> {
        let found = head.index();
        let n_heads = self.classifiers.len();
        let classifier = self.classifiers.get(found).ok_or(Error::HeadRange { found, n_heads })?;
        self.bert.embeddings.check(batch)?;
        let gemm = Gemm::default();
        self.bert.apply(&gemm, batch, scratch);
        let hidden = &scratch.hidden[..batch.n_pieces() * self.config.hidden_size];
        let logits = first(&mut scratch.logits, batch.n_pieces() * classifier.n_out());
        classifier.apply(&gemm, hidden, logits, Store::Replace); // [n, hidden] x [hidden, labels] -> [n, labels]
        Ok(as_matrix(logits, classifier.n_out()))
    }
}

/// A checkpoint that is being taken apart.
struct Parts<'a> {
    config: &'a Config,
    weights: &'a Weights,
    gemm: &'a Gemm,
    names: &'static Names,
    prefix: &'static str,
}

impl Parts<'_> {
    fn embeddings(&self) -> Result<Embeddings, Error> {
        let config = self.config;
        let width = config.embedding_size;
        let at = |name: &str| format!("{}embeddings.{name}", self.prefix);
        let words = self.weights.tensor(&at("word_embeddings.weight"), &[config.vocab_size, width])?;
        let positions = self.weights.tensor(&at("position_embeddings.weight"), &[config.n_positions, width])?;
        let types = match config.n_types {
            0 => Vec::new(),
            n => self.weights.tensor(&at("token_type_embeddings.weight"), &[n, width])?.numbers(),
        };
        let projection = (width != config.hidden_size)
            .then(|| self.linear(&[format!("{}embeddings_project", self.prefix)], width, config.hidden_size))
            .transpose()?;
        Ok(Embeddings {
            words: Words::new(&words, width),
            positions: positions.numbers(),
            types,
            norm: self.norm(&at("LayerNorm"), width)?,
            projection,
            first_position: config.first_position,
            padding_id: config.padding_id,
        })
    }

    fn layer(&self, index: usize) -> Result<Layer, Error> {
        let (config, names) = (self.config, self.names);
        let (hidden, inner) = (config.hidden_size, config.intermediate_size);
        let at = |name: &str| format!("{}{}.{index}.{name}", self.prefix, names.layers);
        Ok(Layer {
            attention: Attention { n_heads: config.n_heads, head_size: hidden / config.n_heads },
            qkv: self.linear(&[at(names.query), at(names.key), at(names.value)], hidden, hidden)?,
            attention_output: self.linear(&[at(names.attention_output)], hidden, hidden)?,
            attention_norm: self.norm(&at(names.attention_norm), hidden)?,
            up: self.linear(&[at(names.up)], hidden, inner)?,
            activation: config.activation,
            down: self.linear(&[at(names.down)], inner, hidden)?,
            output_norm: self.norm(&at(names.output_norm), hidden)?,
        })
    }

    /// One classifier a head: the default head's is where Hugging Face puts it, the others stand beside it by name.
    fn classifiers(&self) -> Result<Vec<Linear>, Error> {
        let heads = self.config.heads.iter().enumerate();
        heads
            .map(|(i, head)| {
                let name = if i == 0 { "classifier".to_owned() } else { format!("heads.{}", head.name) };
                self.linear(&[name], self.config.hidden_size, head.labels.len())
            })
            .collect()
    }

    fn int8_layer(&self, index: usize) -> Result<int8::Layer, Error> {
        let (config, names) = (self.config, self.names);
        let (hidden, inner) = (config.hidden_size, config.intermediate_size);
        let at = |name: &str| format!("{}{}.{index}.{name}", self.prefix, names.layers);
        let linear = |name: String, n_in: usize, n_out: usize| {
            let (weights, bias) = self.numbers(&[name], n_in, n_out)?;
            Ok::<_, Error>(int8::Linear::new(&weights, n_in, &bias))
        };
        let (weights, bias) = self.numbers(&[at(names.query), at(names.key), at(names.value)], hidden, hidden)?;
        let (mut by_head, mut bias_by_head) = (Vec::with_capacity(weights.len()), Vec::with_capacity(bias.len()));
        for column in int8::by_head(config.n_heads, hidden / config.n_heads) {
            match column {
                Some(column) => by_head.extend_from_slice(&weights[column * hidden..][..hidden]),
                None => by_head.resize(by_head.len() + hidden, 0.0),
            }
            bias_by_head.push(column.map_or(0.0, |column| bias[column]));
        }
        Ok(int8::Layer {
            n_heads: config.n_heads,
            head_size: hidden / config.n_heads,
            qkv: int8::Linear::new(&by_head, hidden, &bias_by_head),
            attention_output: linear(at(names.attention_output), hidden, hidden)?,
            attention_norm: self.norm(&at(names.attention_norm), hidden)?,
            up: linear(at(names.up), hidden, inner)?,
            activation: config.activation,
            down: linear(at(names.down), inner, hidden)?,
            output_norm: self.norm(&at(names.output_norm), hidden)?,
        })
    }

    /// The linear layers of the given names side by side, `n_out` outputs each.
    fn linear(&self, names: &[String], n_in: usize, n_out: usize) -> Result<Linear, Error> {
        let (weights, bias) = self.numbers(names, n_in, n_out)?;
        Ok(Linear::new(self.gemm, &weights, bias))
    }

    /// Weights and biases of the linear layers of the given names, one behind the other.
    fn numbers(&self, names: &[String], n_in: usize, n_out: usize) -> Result<(Vec<f32>, Vec<f32>), Error> {
        let (mut weights, mut bias) = (Vec::new(), Vec::new());
        for name in names {
            let tensor = self.weights.tensor(&format!("{name}.weight"), &[n_out, n_in])?;
            weights.reserve_exact(if weights.is_empty() { names.len() * n_out * n_in } else { 0 });
            tensor.append_to(&mut weights);
            self.weights.tensor(&format!("{name}.bias"), &[n_out])?.append_to(&mut bias);
        }
        Ok((weights, bias))
    }

    /// A layer norm; checkpoints converted from the first TensorFlow releases call its vectors gamma and beta.
    fn norm(&self, name: &str, width: usize) -> Result<LayerNorm, Error> {
        let base = name;
        let vector = |new: &str, old: &str| {
            let name =
                [new, old].map(|end| format!("{base}.{end}")).into_iter().find(|name| self.weights.contains(name));
            self.weights.tensor(&name.unwrap_or_else(|| format!("{base}.{new}")), &[width])
        };
        let (scale, shift) = (vector("weight", "gamma")?.numbers(), vector("bias", "beta")?.numbers());
        Ok(LayerNorm { scale, shift, eps: self.config.layer_norm_eps })
    }
}
