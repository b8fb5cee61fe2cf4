//! The libtorch engine: rust-bert's networks inside our own pipeline.
//!
//! Tokenization, windows, decoding, offsets and scores come from the rest of the crate, so that both engines produce the same
//! mentions. rust-bert's own pipeline is not used.

mod architecture;
mod checkpoint;
mod config;
mod deberta;
mod factory;
mod guard;
mod input;
mod network;
mod pool;

use std::borrow::Cow;
use std::ops::Range;
use std::path::Path;

use ndarray::ArrayView2;
use tch::nn::VarStore;
use tch::{Kind, no_grad};

use self::architecture::Company;
pub use self::architecture::RustBertArchitecture;
use self::checkpoint::Checkpoint;
use self::config::Config;
use self::guard::guarded;
use self::input::Input;
use self::network::Network;
use self::pool::Pool;
use super::encoder::{Encoder, as_matrix};
use super::engine::Device;
use super::error::Error;
use super::precision::Precision;
use super::scratch::Scratch;
use super::spec::{BATCH_PIECES, HeadId, Spec};
use super::weights::{Weights, read};
use crate::encode::Batch;

/// The most copies of a network, which share their weights. If there are more threads than that, each copy uses several.
const MOST_NETWORKS: usize = 8;

/// The batch size, in pieces, at which a CUDA device is fastest.
const CUDA_PIECES: usize = 16_384;

/// A token-classification checkpoint that runs on libtorch, in `f32`.
///
/// On the CPU there is one copy of the network per thread of the rayon pool it is loaded in (at most 8). The copies share their
/// weights, and libtorch's own threads are set so that all copies together use as many threads as the pool has. On a CUDA device
/// there is one network. Callers wait while all copies are in use.
pub struct RustBert {
    name: String,
    spec: Spec,
    config: Config,
    device: tch::Device,
    networks: Pool<Box<dyn Network>>,
}

impl RustBert {
    /// Loads a folder in the Hugging Face layout: `config.json`, and the weights in `model.safetensors`, in the files that
    /// `model.safetensors.index.json` lists, in `pytorch_model.bin`, in the files that `pytorch_model.bin.index.json` lists, or in
    /// rust-bert's own `rust_model.ot`.
    ///
    /// # Errors
    /// When a file cannot be read, rust-bert cannot honour the configuration, a tensor is missing or has the wrong shape, or there is
    /// no such device. The error names the folder; its source names the file, key or tensor.
    pub fn open(folder: impl AsRef<Path>, device: Device) -> Result<Self, Error> {
        let folder = folder.as_ref();
        let open = || {
            let config = Config::parse(&read(folder, "config.json")?)?;
            Self::build(folder.display().to_string(), config, &Checkpoint::open(folder)?, device)
        };
        open().map_err(|source| Error::Folder { path: folder.to_owned(), source: Box::new(source) })
    }

    /// Loads a model from the contents of its `config.json` and `model.safetensors`.
    ///
    /// # Errors
    /// As for [`open`](Self::open).
    pub fn from_bytes(config: &[u8], weights: impl Into<Cow<'static, [u8]>>, device: Device) -> Result<Self, Error> {
        let checkpoint = Checkpoint::Safetensors(Weights::from_bytes(weights.into())?);
        Self::build("from memory".to_owned(), Config::parse(config)?, &checkpoint, device)
    }

    /// The architecture of the checkpoint, as declared in config.json.
    pub fn architecture(&self) -> RustBertArchitecture {
        self.config.architecture
    }

    fn build(name: String, config: Config, checkpoint: &Checkpoint, device: Device) -> Result<Self, Error> {
        let device = available(device)?;
        let n_networks = match device {
            tch::Device::Cpu => share_threads(),
            _ => 1,
        };
        let mut networks: Vec<Box<dyn Network>> = Vec::with_capacity(n_networks);
        let mut first_variables: Option<VarStore> = None;
        for _ in 0..n_networks {
            let mut variables = VarStore::new(device);
            let (network, naming) = factory::build(&name, &config, &variables)?;
            variables.freeze();
            match &first_variables {
                None => {
                    checkpoint.fill(&variables, &config, |variable| naming.of(variable))?;
                    first_variables = Some(variables);
                }
                Some(filled) => {
                    let filled = filled.variables();
                    for (name, mut tensor) in variables.variables() {
                        no_grad(|| tensor.set_data(&filled[&name]));
                    }
                }
            }
            networks.push(network);
        }
        let (batch_pieces, kernel) = match device {
            tch::Device::Cpu => (BATCH_PIECES, "libtorch, CPU"),
            _ => (CUDA_PIECES, "libtorch, CUDA"),
        };
        let spec = Spec {
            max_pieces: config.max_pieces,
            batch_pieces,
            vocab_size: config.vocab_size,
            n_types: config.n_types,
            input: config.input,
            architecture: config.architecture.to_string(),
            precision: Precision::F32,
            kernel: kernel.to_owned(),
            ..Spec::new(config.heads.clone())
        };
        Ok(Self { name, spec, config, device, networks: Pool::new(networks) })
    }

    /// Rejects a batch that a network would fail on.
    fn check(&self, batch: &Batch) -> Result<(), Error> {
        let Config { vocab_size, n_types, max_pieces, .. } = self.config;
        for (window, rows) in batch.windows().enumerate() {
            if rows.len() > max_pieces {
                return Err(Error::WindowLength { window, found: rows.len(), max_pieces });
            }
        }
        for (piece, (&id, &kind)) in batch.ids().iter().zip(batch.types()).enumerate() {
            if id as usize >= vocab_size {
                return Err(Error::PieceId { piece, found: id, vocab_size });
            }
            if kind as usize >= n_types {
                return Err(Error::PieceType { piece, found: kind, n_types });
            }
        }
        Ok(())
    }

    /// Groups the windows that may share a tensor.
    fn groups(&self, batch: &Batch) -> Vec<Vec<Range<usize>>> {
        let windows: Vec<Range<usize>> = batch.windows().collect();
        match self.config.architecture.company() {
            Company::Any => vec![windows],
            Company::None => windows.into_iter().map(|window| vec![window]).collect(),
            Company::OfOneLength => {
                let mut lengths: Vec<usize> = windows.iter().map(ExactSizeIterator::len).collect();
                lengths.sort_unstable();
                lengths.dedup();
                let of_length = |n: usize| windows.iter().filter(|window| window.len() == n).cloned().collect();
                lengths.into_iter().map(of_length).collect()
            }
        }
    }

    /// The scores of one head's labels for some windows, `[n_windows, longest, n_labels]`, and the length of the longest window.
    fn logits(
        &self,
        batch: &Batch,
        windows: &[Range<usize>],
        labels: Range<usize>,
    ) -> Result<(Vec<f32>, usize), Error> {
        self.networks.with(|network| {
            guarded(&self.name, || {
                no_grad(|| {
                    let input = Input::new(batch, windows, &self.config, self.device);
                    let scores = network.logits(&input)?.narrow(-1, labels.start as i64, labels.len() as i64);
                    let scores = scores.to_device(tch::Device::Cpu).to_kind(Kind::Float).contiguous();
                    Ok((Vec::<f32>::try_from(&scores.flatten(0, -1))?, input.longest))
                })
            })
        })
    }
}

impl Encoder for RustBert {
    fn spec(&self) -> &Spec {
        &self.spec
    }

    fn score<'s>(&self, batch: &Batch, head: HeadId, scratch: &'s mut Scratch) -> Result<ArrayView2<'s, f32>, Error> {
        let heads = &self.config.heads;
        let found = head.index();
        let details = heads.get(found).ok_or(Error::HeadRange { found, n_heads: heads.len() })?;
        self.check(batch)?;
        let from = heads[..found].iter().map(|head| head.labels.len()).sum();
        let n_labels = details.labels.len();
        let logits: &mut Vec<f32> = scratch.get();
        logits.clear();
        logits.resize(batch.n_pieces() * n_labels, 0.0);
        for windows in self.groups(batch) {
            if windows.is_empty() {
                continue;
            }
            let (numbers, longest) = self.logits(batch, &windows, from..from + n_labels)?;
            for (numbers, rows) in numbers.chunks(longest * n_labels).zip(windows) {
                let n = rows.len() * n_labels;
                logits[rows.start * n_labels..][..n].copy_from_slice(&numbers[..n]);
            }
        }
        Ok(as_matrix(logits, n_labels))
    }
}

impl std::fmt::Debug for RustBert {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let RustBert { name, config, device, .. } = self;
        let architecture = config.architecture;
        f.debug_struct("RustBert")
            .field("name", name)
            .field("architecture", &architecture)
            .field("device", device)
            .finish_non_exhaustive()
    }
}

/// The number of networks on the CPU. Also sets libtorch's threads so that all networks together use each thread of the pool once.
fn share_threads() -> usize {
    let n_threads = rayon::current_num_threads();
    let n_networks = n_threads.min(MOST_NETWORKS);
    tch::set_num_threads((n_threads / n_networks).max(1) as i32);
    n_networks
}

/// Converts a device to libtorch's type and checks that it exists.
fn available(device: Device) -> Result<tch::Device, Error> {
    let Device::Cuda(number) = device else { return Ok(tch::Device::Cpu) };
    let n_cards = if tch::Cuda::is_available() { tch::Cuda::device_count().max(0) as usize } else { 0 };
    if number >= n_cards {
        return Err(Error::NoDevice { found: device.to_string(), n_cards });
    }
    Ok(tch::Device::Cuda(number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_model_can_be_shared_between_threads() {
        fn sync<T: Send + Sync>() {}
        sync::<RustBert>();
    }

    #[test]
    fn a_missing_device_is_named() {
        let error = available(Device::Cuda(99)).expect_err("there are fewer devices").to_string();
        assert!(error.starts_with("no device cuda:99: "), "{error}");
    }
}
