//! The native engine: loads a checkpoint and runs it.

use std::borrow::Cow;
use std::path::Path;
use std::sync::Arc;

use ndarray::ArrayView2;
use rayon::prelude::*;

use super::architecture::{Architecture, Names, PREFIXES};
use super::attention::Attention;
use super::config::Config;
use super::distances::Distances;
use super::embeddings::{Embeddings, Words};
use super::encoder::{Encoder, as_matrix};
use super::error::Error;
use super::gemm::Linear;
use super::int8::{self, Kernel};
use super::layer::Layer;
use super::layer_norm::LayerNorm;
use super::precision::Precision;
use super::projection::Projection;
use super::scratch::Scratch;
use super::spec::{HeadId, Spec};
use super::stack::{Layers, Stack};
use super::weights::{Rows, Weights, read};
use super::workspace::Workspace;
use crate::encode::Batch;

/// A token-classification checkpoint of the BERT family, run on the CPU in `f32` or in eight bits.
///
/// Loading checks everything a forward pass relies on, so scoring can only fail on a batch that exceeds the model's limits. The
/// model is immutable: any number of threads can score with it at once, each with its own [`Scratch`].
///
/// Matrix products are split over the rayon pool that [`score`](Encoder::score) is called in. To run one batch per thread instead,
/// call it from single-threaded pools.
#[derive(Debug)]
pub struct Native {
    spec: Spec,
    architecture: Architecture,
    stack: Stack,
    classifiers: Vec<Projection>,
}

impl Native {
    /// Loads a folder in the Hugging Face layout: `config.json`, and `model.safetensors` or the files that
    /// `model.safetensors.index.json` lists.
    ///
    /// # Errors
    /// When a file cannot be read, the configuration cannot be honoured, or a tensor is missing, has the wrong shape or has an
    /// unsupported data type. The error names the folder; its source names the file, key or tensor.
    pub fn open(folder: impl AsRef<Path>, precision: Precision) -> Result<Self, Error> {
        let folder = folder.as_ref();
        let load = || Self::build(Config::parse(&read(folder, "config.json")?)?, &Weights::open(folder)?, precision);
        load().map_err(|source| Error::Folder { path: folder.to_owned(), source: Box::new(source) })
    }

    /// Loads a model from the contents of its `config.json` and `model.safetensors`.
    ///
    /// Matrices may be stored in eight bits (`I8`, `[n, width]`) with a scale per row in a tensor of the same name plus `.scale`
    /// (`[n]`). If the width is a multiple of 8, they may also be stored in five bits (`U8`, `[n, width / 8 * 5]`) with a scale for
    /// each of `blocks` equal parts of a row (`[n, blocks]`). Five-bit values are offset by 16. Each group of 8 takes 5 bytes: four
    /// with the low four bits of two values each, the first in the low half, and one with the fifth bits, the first in the lowest.
    ///
    /// Word vectors in `'static` bytes, such as those from `include_bytes!`, are used in place; all other weights are copied.
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

    /// The layout of the checkpoint, as declared in config.json.
    pub fn architecture(&self) -> Architecture {
        self.architecture
    }

    fn build(config: Config, weights: &Weights, precision: Precision) -> Result<Self, Error> {
        let names = config.architecture.names();
        let probe = |prefix: &&str| weights.contains(&format!("{prefix}embeddings.word_embeddings.weight"));
        let prefix = PREFIXES.into_iter().find(probe).unwrap_or(names.prefix);
        let parts = Parts { config: &config, weights, names, prefix };
        let kernel = Kernel::best();
        let is_f32 = precision == Precision::F32 || (precision == Precision::Auto && kernel == Kernel::Plain);
        let embeddings = parts.embeddings()?;
        // In bytes, softmax has base 2.
        let attention = parts.attention(if is_f32 { 1.0 } else { std::f32::consts::LOG2_E })?;
        let layers = (0..config.n_layers).into_par_iter();
        let layers = if is_f32 {
            let [qkv, linear] = [Parts::linear; 2];
            Layers::F32(layers.map(|i| parts.layer(i, &attention, qkv, linear)).collect::<Result<_, _>>()?)
        } else {
            let (qkv, linear) = (Parts::int8_qkv, Parts::int8_linear);
            Layers::Int8(kernel, layers.map(|i| parts.layer(i, &attention, qkv, linear)).collect::<Result<_, _>>()?)
        };
        let classifiers = parts.classifiers()?;
        let (precision, kernel) = if is_f32 { (Precision::F32, "gemm") } else { (Precision::Int8, kernel.name()) };
        let spec = Spec {
            max_pieces: config.max_pieces(),
            vocab_size: config.vocab_size,
            n_types: config.n_types.max(1),
            hidden_size: config.hidden_size,
            n_parameters: config.n_parameters(),
            input: config.input,
            architecture: config.architecture.model_type().to_owned(),
            precision,
            kernel: kernel.to_owned(),
            ..Spec::new(config.heads)
        };
        Ok(Self { spec, architecture: config.architecture, stack: Stack { embeddings, layers }, classifiers })
    }

    /// Runs the network and leaves the hidden states of the last layer in the workspace.
    fn run<'s>(&self, batch: &Batch, scratch: &'s mut Scratch) -> Result<&'s mut Workspace, Error> {
        self.stack.embeddings.check(batch)?;
        let work: &mut Workspace = scratch.get();
        self.stack.apply(batch, work);
        Ok(work)
    }
}

impl Encoder for Native {
    fn spec(&self) -> &Spec {
        &self.spec
    }

    fn score<'s>(&self, batch: &Batch, head: HeadId, scratch: &'s mut Scratch) -> Result<ArrayView2<'s, f32>, Error> {
        let found = head.index();
        let n_heads = self.classifiers.len();
        let classifier = self.classifiers.get(found).ok_or(Error::HeadRange { found, n_heads })?;
        let work = self.run(batch, scratch)?;
        let hidden = work.hidden.first(batch.n_pieces() * self.spec.hidden_size);
        let logits = work.logits.first(batch.n_pieces() * classifier.n_out());
        classifier.apply(hidden, logits); // [n, hidden] x [hidden, labels] -> [n, labels]
        if !logits.iter().all(|logit| logit.is_finite()) {
            return Err(Error::Overflow);
        }
        Ok(as_matrix(logits, classifier.n_out()))
    }

    fn hidden<'s>(&self, batch: &Batch, scratch: &'s mut Scratch) -> Result<ArrayView2<'s, f32>, Error> {
        let work = self.run(batch, scratch)?;
        Ok(as_matrix(work.hidden.first(batch.n_pieces() * self.spec.hidden_size), self.spec.hidden_size))
    }
}

/// A checkpoint being loaded.
struct Parts<'a> {
    config: &'a Config,
    weights: &'a Weights,
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
            .then(|| self.projection(format!("{}embeddings_project", self.prefix), width, config.hidden_size))
            .transpose()?;
        Ok(Embeddings {
            words: Words::new(words, width),
            positions: positions.numbers(),
            types,
            norm: self.norm(&at("LayerNorm"), width)?,
            projection,
            first_position: config.first_position,
            padding_id: config.padding_id,
        })
    }

    /// Attention as all layers have it, with what distances add to scores multiplied by `factor`.
    fn attention(&self, factor: f32) -> Result<Attention, Error> {
        let config = self.config;
        let distances = match config.n_distance_buckets {
            0 => None,
            n => {
                let name = format!("{}encoder.relative_attention_bias.weight", self.prefix);
                let table = self.weights.tensor(&name, &[n, config.n_heads])?.numbers();
                Some(Arc::new(Distances::new(&table, config.n_heads, config.max_pieces(), factor)))
            }
        };
        Ok(Attention { n_heads: config.n_heads, head_size: config.hidden_size / config.n_heads, distances })
    }

    fn layer<L>(
        &self,
        index: usize,
        attention: &Attention,
        qkv: impl Fn(&Self, &[String], usize, usize) -> Result<L, Error>,
        linear: impl Fn(&Self, &[String], usize, usize) -> Result<L, Error>,
    ) -> Result<Layer<L>, Error> {
        let (config, names) = (self.config, self.names);
        let (hidden, inner) = (config.hidden_size, config.intermediate_size);
        let at = |name: &str| format!("{}{}.{index}.{name}", self.prefix, names.layers);
        Ok(Layer {
            attention: attention.clone(),
            qkv: qkv(self, &[at(names.query), at(names.key), at(names.value)], hidden, hidden)?,
            attention_output: linear(self, &[at(names.attention_output)], hidden, hidden)?,
            attention_norm: self.norm(&at(names.attention_norm), hidden)?,
            up: linear(self, &[at(names.up)], hidden, inner)?,
            activation: config.activation,
            down: linear(self, &[at(names.down)], inner, hidden)?,
            output_norm: self.norm(&at(names.output_norm), hidden)?,
        })
    }

    /// One classifier per head: the default head's is where Hugging Face puts it, the others are in `heads.NAME`.
    fn classifiers(&self) -> Result<Vec<Projection>, Error> {
        let heads = self.config.heads.iter().enumerate();
        heads
            .map(|(i, head)| {
                let name = if i == 0 { "classifier".to_owned() } else { format!("heads.{}", head.name) };
                self.projection(name, self.config.hidden_size, head.labels.len())
            })
            .collect()
    }

    /// Like [`linear`](Self::linear), but in bytes, with the outputs of queries, keys and values grouped by head.
    fn int8_qkv(&self, names: &[String], n_in: usize, n_out: usize) -> Result<int8::Linear, Error> {
        let (rows, bias) = self.rows(names, n_in, n_out)?;
        let columns = int8::by_head(self.config.n_heads, n_out / self.config.n_heads);
        let output = |column: &Option<usize>| match *column {
            Some(column) => {
                let rows = &rows[column / n_out];
                let weights = &rows.bytes[column % n_out * n_in..][..n_in];
                (weights, rows.scales[column % n_out], bias[column])
            }
            None => (&[][..], 0.0, 0.0),
        };
        Ok(int8::Linear::pack(n_in, columns.iter().map(output)))
    }

    /// Like [`linear`](Self::linear), but in bytes.
    fn int8_linear(&self, names: &[String], n_in: usize, n_out: usize) -> Result<int8::Linear, Error> {
        let (rows, bias) = self.rows(names, n_in, n_out)?;
        let output = |column: usize| {
            let rows = &rows[column / n_out];
            (&rows.bytes[column % n_out * n_in..][..n_in], rows.scales[column % n_out], bias[column])
        };
        Ok(int8::Linear::pack(n_in, (0..bias.len()).map(output)))
    }

    /// The weights of the named layers in bytes, layer by layer, and their biases concatenated.
    fn rows(&self, names: &[String], n_in: usize, n_out: usize) -> Result<(Vec<Rows>, Vec<f32>), Error> {
        let (mut rows, mut bias) = (Vec::new(), Vec::new());
        for name in names {
            rows.push(self.weights.tensor(&format!("{name}.weight"), &[n_out, n_in])?.rows(n_in));
            self.weights.tensor(&format!("{name}.bias"), &[n_out])?.append_to(&mut bias);
        }
        Ok((rows, bias))
    }

    /// The named linear layers side by side, with `n_out` outputs each.
    fn linear(&self, names: &[String], n_in: usize, n_out: usize) -> Result<Linear, Error> {
        let (weights, bias) = self.numbers(names, n_in, n_out)?;
        Ok(Linear::new(&weights, bias))
    }

    fn projection(&self, name: String, n_in: usize, n_out: usize) -> Result<Projection, Error> {
        let (weights, bias) = self.numbers(&[name], n_in, n_out)?;
        Ok(Projection::new(&weights, bias))
    }

    /// The weights and biases of the named linear layers, each concatenated.
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

    /// A layer norm. Checkpoints converted from the first TensorFlow releases call its vectors gamma and beta.
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
