//! Reads the tensors of a checkpoint into the variables of a network.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use serde::Deserialize;
use tch::nn::VarStore;
use tch::{Kind, Tensor, no_grad};

use super::super::error::Error;
use super::super::weights::{self, Weights};
use super::config::Config;
use super::guard::guarded;

/// The files weights may be in. The first one present is read.
const SAFETENSORS: [&str; 2] = ["model.safetensors", "model.safetensors.index.json"];
const PYTORCH: &str = "pytorch_model.bin";
const PYTORCH_INDEX: &str = "pytorch_model.bin.index.json";
const RUST_BERT: &str = "rust_model.ot";

/// The tensors of a checkpoint by name.
pub(super) enum Checkpoint {
    /// Decoded on demand.
    Safetensors(Weights),
    /// As loaded by libtorch.
    Torch(HashMap<String, Tensor>),
}

#[derive(Debug, Deserialize)]
struct RawIndex {
    weight_map: BTreeMap<String, String>,
}

impl Checkpoint {
    /// Opens the weights in a folder: safetensors, else PyTorch's format, else the format of rust-bert's converter.
    pub(super) fn open(folder: &Path) -> Result<Self, Error> {
        if SAFETENSORS.iter().any(|file| folder.join(file).exists()) {
            return Ok(Self::Safetensors(Weights::open(folder)?));
        }
        let files = if folder.join(PYTORCH).exists() {
            vec![PYTORCH.to_owned()]
        } else if folder.join(PYTORCH_INDEX).exists() {
            let index: RawIndex = serde_json::from_slice(&weights::read(folder, PYTORCH_INDEX)?)
                .map_err(|source| Error::Json { file: PYTORCH_INDEX.to_owned(), source })?;
            let mut files: Vec<String> = index.weight_map.into_values().collect();
            files.sort_unstable();
            files.dedup();
            files
        } else if folder.join(RUST_BERT).exists() {
            vec![RUST_BERT.to_owned()]
        } else {
            let expected = [SAFETENSORS[0], SAFETENSORS[1], PYTORCH, PYTORCH_INDEX, RUST_BERT].join(", ");
            return Err(Error::NoWeights { expected });
        };
        let mut tensors = HashMap::new();
        for file in files {
            let path = folder.join(&file);
            let read = guarded(&file, || {
                let is_pickle = path.extension().is_some_and(|extension| extension == "bin");
                Ok(if is_pickle { Tensor::loadz_multi(&path) } else { Tensor::load_multi(&path) }?)
            });
            tensors.extend(read?);
        }
        Ok(Self::Torch(tensors))
    }

    /// Sets the variables of a network from the checkpoint. `name_of` maps the name of a variable to its name in the checkpoint.
    ///
    /// # Errors
    /// When the tensor of a variable is missing or has the wrong shape.
    pub(super) fn fill(
        &self,
        variables: &VarStore,
        config: &Config,
        name_of: impl Fn(&str) -> String,
    ) -> Result<(), Error> {
        let unused = config.architecture.unused();
        for (variable, mut tensor) in variables.variables() {
            if unused.iter().any(|prefix| variable.starts_with(prefix)) {
                continue;
            }
            let shape: Vec<usize> = tensor.size().iter().map(|&n| n as usize).collect();
            let numbers = match variable.strip_prefix("classifier.") {
                Some(end) => self.classifiers(config, end, &shape)?,
                None => self.tensor(&name_of(&variable), &shape)?,
            };
            no_grad(|| tensor.set_data(&numbers.to_device(variables.device())));
        }
        Ok(())
    }

    /// The classifiers of all heads, concatenated. The default head's is where Hugging Face puts it, the others are in `heads.NAME`.
    fn classifiers(&self, config: &Config, end: &str, shape: &[usize]) -> Result<Tensor, Error> {
        let mut parts = Vec::new();
        for (i, head) in config.heads.iter().enumerate() {
            let mut shape = shape.to_owned();
            shape[0] = head.labels.len();
            let name = if i == 0 { format!("classifier.{end}") } else { format!("heads.{}.{end}", head.name) };
            parts.push(self.tensor(&name, &shape)?);
        }
        Ok(Tensor::cat(&parts, 0))
    }

    /// One tensor in single precision, on the CPU.
    fn tensor(&self, name: &str, shape: &[usize]) -> Result<Tensor, Error> {
        let spellings = spellings(name);
        let known = spellings.iter().find(|name| self.contains(name)).map_or(name, String::as_str);
        let size: Vec<i64> = shape.iter().map(|&n| n as i64).collect();
        match self {
            Self::Safetensors(weights) => {
                let numbers = weights.tensor(known, shape)?.numbers();
                Ok(Tensor::from_slice(&numbers).reshape(size))
            }
            Self::Torch(tensors) => {
                let missing = || Error::MissingTensor { tensor: name.to_owned(), expected: shape.to_owned() };
                let tensor = tensors.get(known).ok_or_else(missing)?;
                if tensor.size() != size {
                    let found = tensor.size().iter().map(|&n| n as usize).collect();
                    return Err(Error::TensorShape { tensor: name.to_owned(), expected: shape.to_owned(), found });
                }
                Ok(tensor.detach().to_kind(Kind::Float).contiguous())
            }
        }
    }

    fn contains(&self, name: &str) -> bool {
        match self {
            Self::Safetensors(weights) => weights.contains(name),
            Self::Torch(tensors) => tensors.contains_key(name),
        }
    }
}

/// The spellings of a name that checkpoints use: the name itself, with the layer norms named as in the first TensorFlow releases, and
/// both without the prefix of the network.
fn spellings(name: &str) -> Vec<String> {
    let old = match name.rsplit_once("LayerNorm.") {
        Some((front, "weight")) => format!("{front}LayerNorm.gamma"),
        Some((front, "bias")) => format!("{front}LayerNorm.beta"),
        _ => name.to_owned(),
    };
    let bare = |name: &str| name.split_once('.').map_or_else(|| name.to_owned(), |(_, rest)| rest.to_owned());
    vec![name.to_owned(), old.clone(), bare(name), bare(&old)]
}

#[cfg(test)]
mod tests {
    use super::spellings;

    #[test]
    fn old_and_bare_names_are_tried() {
        let want = ["bert.embeddings.LayerNorm.weight", "bert.embeddings.LayerNorm.gamma"];
        let want = want.into_iter().chain(["embeddings.LayerNorm.weight", "embeddings.LayerNorm.gamma"]);
        assert_eq!(spellings("bert.embeddings.LayerNorm.weight"), want.collect::<Vec<_>>());
        assert_eq!(spellings("bert.encoder.bias")[2], "encoder.bias");
    }
}
