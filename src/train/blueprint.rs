//! From the tensors of a checkpoint to a network whose parameters are one list of numbers.

use std::ops::Range;
use std::sync::Arc;

use super::network::{Attention, Embeddings, Layer, Linear, Network, Norm};
use super::options::Freeze;
use crate::model::{Config, Distances, Error, PREFIXES, Weights};

/// A tensor of the checkpoint among the parameters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Tensor {
    /// As in the checkpoint.
    pub(crate) name: String,
    pub(crate) shape: Vec<usize>,
    pub(crate) range: Range<usize>,
}

/// A tensor that is kept as it is.
#[derive(Clone, Debug)]
pub(crate) struct Kept {
    pub(crate) name: String,
    pub(crate) shape: Vec<usize>,
    pub(crate) numbers: Vec<f32>,
}

/// A network with the names of its tensors; the head comes last.
#[derive(Debug)]
pub(crate) struct Blueprint {
    pub(crate) network: Network,
    pub(crate) tensors: Vec<Tensor>,
    pub(crate) kept: Vec<Kept>,
}

impl Blueprint {
    /// Reads all parameters but those of the head, for which `n_tags` outputs of zeros are added.
    pub(crate) fn read(config: &Config, weights: &Weights, n_tags: usize) -> Result<(Self, Vec<f32>), Error> {
        let names = config.architecture.names();
        let probe = |prefix: &&str| weights.contains(&format!("{prefix}embeddings.word_embeddings.weight"));
        let prefix = PREFIXES.into_iter().find(probe).unwrap_or(names.prefix);
        if config.embedding_size != config.hidden_size {
            return Err(Error::Config {
                key: "embedding_size".to_owned(),
                expected: format!("hidden_size, {}, in a model to train", config.hidden_size),
                found: config.embedding_size.to_string(),
            });
        }
        let (hidden, inner) = (config.hidden_size, config.intermediate_size);
        let mut reader = Reader { weights, parameters: Vec::new(), tensors: Vec::new(), eps: config.layer_norm_eps };
        let at = |name: &str| format!("{prefix}embeddings.{name}");
        let words = reader.tensor(at("word_embeddings.weight"), &[config.vocab_size, hidden])?;
        let positions = reader.tensor(at("position_embeddings.weight"), &[config.n_positions, hidden])?;
        let types = match config.n_types {
            0 => reader.parameters.len(),
            n => reader.tensor(at("token_type_embeddings.weight"), &[n, hidden])?,
        };
        let norm = reader.norm(&at("LayerNorm"), hidden)?;
        let embeddings = Embeddings {
            words,
            positions,
            types,
            norm,
            first_position: config.first_position,
            padding_id: config.padding_id,
        };
        let layer = |index: usize, reader: &mut Reader<'_>| {
            let at = |name: &str| format!("{prefix}{}.{index}.{name}", names.layers);
            Ok(Layer {
                qkv: reader.linear(&[at(names.query), at(names.key), at(names.value)], hidden, hidden)?,
                attention_output: reader.linear(&[at(names.attention_output)], hidden, hidden)?,
                attention_norm: reader.norm(&at(names.attention_norm), hidden)?,
                up: reader.linear(&[at(names.up)], hidden, inner)?,
                activation: config.activation,
                down: reader.linear(&[at(names.down)], inner, hidden)?,
                output_norm: reader.norm(&at(names.output_norm), hidden)?,
            })
        };
        let layers = (0..config.n_layers).map(|index| layer(index, &mut reader)).collect::<Result<_, Error>>()?;
        let mut kept = Vec::new();
        let distances = match config.n_distance_buckets {
            0 => None,
            n => {
                let name = format!("{prefix}encoder.relative_attention_bias.weight");
                let shape = vec![n, config.n_heads];
                let numbers = weights.tensor(&name, &shape)?.numbers();
                let distances = Distances::new(&numbers, config.n_heads, config.max_pieces(), 1.0);
                kept.push(Kept { name, shape, numbers });
                Some(Arc::new(distances))
            }
        };
        let head = Linear { start: reader.parameters.len(), n_in: hidden, n_out: n_tags };
        reader.added("classifier.weight", &[n_tags, hidden]);
        reader.added("classifier.bias", &[n_tags]);
        let attention = Attention { n_heads: config.n_heads, head_size: hidden / config.n_heads, distances };
        let network = Network { embeddings, attention, layers, head };
        Ok((Self { network, tensors: reader.tensors, kept }, reader.parameters))
    }

    /// The first parameter that is trained.
    pub(crate) fn first_trained(&self, freeze: Freeze) -> usize {
        let Network { embeddings, layers, head, .. } = &self.network;
        match freeze {
            Freeze::None => embeddings.words,
            Freeze::Words => embeddings.positions,
            Freeze::Layers(n) => layers.get(n).map_or(head.start, |layer| layer.qkv.start),
            Freeze::All => head.start,
        }
    }
}

struct Reader<'w> {
    weights: &'w Weights,
    parameters: Vec<f32>,
    tensors: Vec<Tensor>,
    eps: f32,
}

impl Reader<'_> {
    fn tensor(&mut self, name: String, shape: &[usize]) -> Result<usize, Error> {
        let start = self.parameters.len();
        self.weights.tensor(&name, shape)?.append_to(&mut self.parameters);
        self.tensors.push(Tensor { name, shape: shape.to_owned(), range: start..self.parameters.len() });
        Ok(start)
    }

    /// A tensor of zeros that the checkpoint does not have.
    fn added(&mut self, name: &str, shape: &[usize]) {
        let start = self.parameters.len();
        self.parameters.resize(start + shape.iter().product::<usize>(), 0.0);
        let range = start..self.parameters.len();
        self.tensors.push(Tensor { name: name.to_owned(), shape: shape.to_owned(), range });
    }

    /// Layers side by side: their weights, then their biases.
    fn linear(&mut self, names: &[String], n_in: usize, n_out: usize) -> Result<Linear, Error> {
        let start = self.parameters.len();
        for name in names {
            self.tensor(format!("{name}.weight"), &[n_out, n_in])?;
        }
        for name in names {
            self.tensor(format!("{name}.bias"), &[n_out])?;
        }
        Ok(Linear { start, n_in, n_out: names.len() * n_out })
    }

    /// A layer norm. Checkpoints converted from the first TensorFlow releases call its vectors gamma and beta.
    fn norm(&mut self, base: &str, width: usize) -> Result<Norm, Error> {
        let start = self.parameters.len();
        for (new, old) in [("weight", "gamma"), ("bias", "beta")] {
            let is_old = self.weights.contains(&format!("{base}.{old}"));
            self.tensor(format!("{base}.{}", if is_old { old } else { new }), &[width])?;
        }
        Ok(Norm { start, width, eps: self.eps })
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use serde::Deserialize;

    use super::*;
    use crate::encode::Batch;
    use crate::pool::Pool;
    use crate::train::network::{Gradient, Work};

    #[derive(Deserialize)]
    struct Case {
        ids: Vec<u32>,
        types: Vec<u32>,
    }

    /// A checkpoint of the tests with its own head, the batch of all its windows, and their targets.
    fn fixture(name: &str) -> (Blueprint, Vec<f32>, Batch, Vec<Option<u16>>) {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/models").join(name);
        let config =
            Config::parse(&fs::read(folder.join("config.json")).expect("a configuration")).expect("a good one");
        let weights = Weights::open(&folder).expect("weights");
        let n_tags = config.heads[0].labels.len();
        let (blueprint, mut parameters) = Blueprint::read(&config, &weights, n_tags).expect("a network");
        for tensor in blueprint.tensors.iter().filter(|tensor| tensor.name.starts_with("classifier")) {
            let numbers = weights.tensor(&tensor.name, &tensor.shape).expect("the head").numbers();
            parameters[tensor.range.clone()].copy_from_slice(&numbers);
        }
        let cases = fs::read(folder.join("cases.json")).expect("cases");
        let mut batch = Batch::default();
        for Case { ids, types } in serde_json::from_slice::<Vec<Case>>(&cases).expect("good cases") {
            batch.push(&ids, &types);
        }
        let target = |i: usize| u16::try_from(i * 7 % (n_tags + 1)).ok().filter(|&tag| usize::from(tag) < n_tags);
        let targets = (0..batch.n_pieces()).map(target).collect();
        (blueprint, parameters, batch, targets)
    }

    fn learn(name: &str, freeze: Freeze, n_threads: usize) -> (Blueprint, f64, Gradient) {
        let (blueprint, parameters, batch, targets) = fixture(name);
        let network = &blueprint.network;
        let mut gradient = Gradient::new(blueprint.first_trained(freeze), network.n_parameters());
        let loss = Pool::new(n_threads)
            .install(|| network.learn(&parameters, (&batch, &targets), &mut Work::default(), &mut gradient));
        (blueprint, loss, gradient)
    }

    #[test]
    fn every_gradient_is_that_of_pytorch() {
        for name in ["bert", "distilbert", "roberta", "mpnet"] {
            let (blueprint, loss, gradient) = learn(name, Freeze::None, 2);
            let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/models").join(name);
            let bytes = fs::read(folder.join("gradients.safetensors")).expect("gradients");
            let (_, metadata) = safetensors::SafeTensors::read_metadata(&bytes).expect("a header");
            let want: f64 = metadata.metadata().as_ref().expect("metadata")["loss"].parse().expect("a number");
            assert!((loss - want).abs() < 1e-4 * want, "{name}: loss {loss}, PyTorch {want}");
            let theirs = Weights::from_bytes(bytes.into()).expect("safetensors");
            let mut n = 0;
            for tensor in &blueprint.tensors {
                let want = theirs.tensor(&tensor.name, &tensor.shape).expect(&tensor.name).numbers();
                let got = &gradient.numbers[tensor.range.clone()];
                let size = want.iter().map(|x| x * x).sum::<f32>().sqrt();
                let far = got.iter().zip(&want).map(|(a, b)| (a - b) * (a - b)).sum::<f32>().sqrt();
                // A key's bias adds the same to all scores of a query: its gradient is rounding.
                assert!(far <= 2e-4 * size || size < 1e-6, "{name} {}: {far} of {size}", tensor.name);
                n += want.len();
            }
            assert_eq!(n, gradient.numbers.len(), "{name}: every parameter was compared");
        }
    }

    #[test]
    fn what_is_frozen_leaves_the_other_gradients_as_they_are() {
        let (blueprint, loss, all) = learn("bert", Freeze::None, 1);
        for freeze in [Freeze::Words, Freeze::Layers(0), Freeze::Layers(1), Freeze::Layers(2), Freeze::All] {
            let (_, with, some) = learn("bert", freeze, 1);
            assert_eq!(with.to_bits(), loss.to_bits());
            assert_eq!(some.start, blueprint.first_trained(freeze));
            assert_eq!(some.numbers, all.numbers[some.start..], "{freeze:?}");
        }
    }

    #[test]
    fn the_number_of_threads_changes_no_bit() {
        let (_, loss, want) = learn("mpnet", Freeze::None, 1);
        for n_threads in [2, 3, 7] {
            let (_, found, gradient) = learn("mpnet", Freeze::None, n_threads);
            assert_eq!(found.to_bits(), loss.to_bits(), "{n_threads} threads");
            let same = gradient.numbers.iter().zip(&want.numbers).all(|(a, b)| a.to_bits() == b.to_bits());
            assert!(same, "{n_threads} threads");
        }
    }
}
