//! The state of a training, from which an interrupted one goes on.

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use safetensors::tensor::TensorView;
use safetensors::{Dtype, SafeTensors};
use serde::{Deserialize, Serialize};

use super::error::Error;
use super::optimiser::AdamW;
use crate::io::write_whole;

/// Where a training is.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct State {
    pub(crate) place: Place,
    /// The parameters that are trained, the head last.
    pub(crate) parameters: Vec<f32>,
    pub(crate) optimiser: AdamW,
    /// Those with the best score on dev.
    pub(crate) best: Vec<f32>,
}

/// The part of the state that is not numbers by the million.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Place {
    /// What the training is of: options, data, model.
    pub(crate) key: String,
    /// The epoch that is in work, from 0.
    pub(crate) epoch: usize,
    /// The steps of it that are done.
    pub(crate) step: usize,
    /// The steps of all epochs that are done.
    pub(crate) n_steps: u32,
    /// The sum of the losses of this epoch.
    pub(crate) loss: f64,
    /// Scores on dev after each epoch; the first one is that of the start.
    pub(crate) history: Vec<Score>,
    /// The place of the best one in `history`.
    pub(crate) best: usize,
}

/// How good the model was after an epoch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Score {
    /// The epochs done.
    pub epoch: usize,
    /// The mean loss on gold since the last score; 0 before the first epoch.
    pub loss: f64,
    /// F1 on dev, from 0 to 1; 0 before the first epoch of a head that begins as random numbers.
    pub f1: f64,
}

impl State {
    /// Writes the state; the file that was there stays until the new one is whole.
    pub(crate) fn save(&self, path: &Path) -> Result<(), Error> {
        let lists = [
            ("parameters", &self.parameters),
            ("mean", &self.optimiser.mean),
            ("square", &self.optimiser.square),
            ("best", &self.best),
        ];
        let bytes =
            lists.map(|(name, numbers)| (name, numbers.iter().flat_map(|x| x.to_le_bytes()).collect::<Vec<u8>>()));
        let views = bytes.iter().map(|(name, bytes)| {
            (*name, TensorView::new(Dtype::F32, vec![bytes.len() / 4], bytes).expect("four bytes a number"))
        });
        let place = serde_json::to_string(&self.place).expect("numbers and strings are JSON");
        let metadata = HashMap::from([("place".to_owned(), place)]);
        let file = safetensors::serialize(views, Some(metadata)).expect("four names");
        let write = || {
            if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
                std::fs::create_dir_all(folder)?;
            }
            write_whole(path, &file)
        };
        write().map_err(|source| Error::File { path: path.to_owned(), source })
    }

    /// Reads the state of a training with this key.
    pub(crate) fn load(path: &Path, key: &str) -> Result<Self, Error> {
        let file = fs::read(path).map_err(|source| Error::File { path: path.to_owned(), source })?;
        let broken = |found: String| Error::BrokenState { path: path.to_owned(), found };
        let (_, metadata) = SafeTensors::read_metadata(&file).map_err(|error| broken(error.to_string()))?;
        let place = metadata.metadata().as_ref().and_then(|all| all.get("place"));
        let place = place.ok_or_else(|| broken("safetensors without a place".to_owned()))?;
        let place: Place = serde_json::from_str(place).map_err(|error| broken(error.to_string()))?;
        if place.key != key {
            let what = "options, documents and model";
            return Err(Error::OtherState { path: path.to_owned(), what });
        }
        let tensors = SafeTensors::deserialize(&file).map_err(|error| broken(error.to_string()))?;
        let numbers = |name: &str| -> Result<Vec<f32>, Error> {
            let tensor = tensors.tensor(name).map_err(|error| broken(error.to_string()))?;
            Ok(tensor.data().as_chunks().0.iter().map(|four| f32::from_le_bytes(*four)).collect())
        };
        let optimiser = AdamW { mean: numbers("mean")?, square: numbers("square")?, n_steps: place.n_steps };
        Ok(Self { parameters: numbers("parameters")?, best: numbers("best")?, optimiser, place })
    }
}
