//! Where do the weights come from, and who compares with them?

use std::collections::BTreeMap;
use std::io::Read;
use std::sync::LazyLock;

use serde::Deserialize;

use super::alignment::Alignment;
use super::commonness::{Commonness, RawCommonness};
use super::comparison::Comparison;
use super::features::{FEATURES, N_FEATURES, features};
use super::frequency::Frequencies;
use super::name::Name;
use super::network::{Networks, RawNetworks};
use super::relative::Relative;
use super::sounds::{RawSounds, SoundTable};
use super::trees::{RawTree, Trees};

/// The weights that compare names: how rare tokens are, which sounds stand for which, and trees and networks over the features.
///
/// Immutable; one serves every thread.
#[derive(Clone, Debug, PartialEq)]
pub struct Model {
    frequencies: Frequencies,
    trees: Trees,
    networks: Networks,
    threshold: f64,
}

/// Why weights cannot be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Not JSON, or not the JSON of weights.
    #[error("weights of names are not readable")]
    Json(#[from] serde_json::Error),
    /// Weights of other features.
    #[error("expected {expected} features of names, found {found} (or others)")]
    Features {
        /// As many as this version has.
        expected: usize,
        /// As many as the weights have.
        found: usize,
    },
    /// A tree with a child, feature or leaf that is not there.
    #[error("a tree has a child, a feature or a leaf that is not there")]
    Tree,
    /// A network of other features or units.
    #[error("a network has not a number for each feature and unit")]
    Network,
    /// A table of sounds of other sounds.
    #[error("the table of sounds has not a row for each sound")]
    Sounds,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    #[serde(rename = "about")]
    _about: String,
    features: Vec<String>,
    threshold: f64,
    bias: f32,
    people: u32,
    people_with_key: BTreeMap<String, u32>,
    #[serde(default)]
    common: RawCommonness,
    #[serde(default)]
    sounds: RawSounds,
    #[serde(default)]
    networks: RawNetworks,
    trees: Vec<RawTree>,
}

impl Model {
    /// The weights in the library, trained by `models/train/names.py`.
    pub fn embedded() -> &'static Self {
        static MODEL: LazyLock<Model> = LazyLock::new(|| {
            let json = include_str!("../../../models/link/names.json");
            Model::read(json.as_bytes()).expect("the embedded weights are tested")
        });
        &MODEL
    }

    /// Reads weights as JSON.
    ///
    /// # Errors
    ///
    /// [`Error`] if it is not JSON, has features that this version does not compute, or a broken tree.
    pub fn read(reader: impl Read) -> Result<Self, Error> {
        let raw: Raw = serde_json::from_reader(reader)?;
        if raw.features != FEATURES {
            return Err(Error::Features { expected: N_FEATURES, found: raw.features.len() });
        }
        let trees = Trees::new(&raw.trees, raw.bias, N_FEATURES).ok_or(Error::Tree)?;
        let sounds = SoundTable::new(&raw.sounds).ok_or(Error::Sounds)?;
        let common = Commonness::new(&raw.common);
        let frequencies = Frequencies::new(raw.people, raw.people_with_key).with(common, sounds);
        let networks = Networks::new(&raw.networks).ok_or(Error::Network)?;
        Ok(Self { frequencies, trees, networks, threshold: raw.threshold })
    }

    /// Parses a name, in any script, as "Given Surname" or "Surname, Given"; to compare one with many, parse it once.
    pub fn parse(&self, name: &str) -> Name {
        Name::new(name, &self.frequencies)
    }

    /// The probability at which the F1 of the training pairs is best.
    pub fn threshold(&self) -> f64 {
        self.threshold
    }

    /// Compares two names; `compare(a, b)` and `compare(b, a)` have the same probability.
    pub fn compare(&self, a: &Name, b: &Name) -> Comparison {
        let turned = is_after(a, b);
        let (first, second) = if turned { (b, a) } else { (a, b) };
        let alignment = Alignment::new(first, second, &self.frequencies);
        let probability = self.judge(first, second, &alignment);
        let comparison = Comparison::new(first, second, &alignment, probability);
        if turned { comparison.turned() } else { comparison }
    }

    /// Only the probability of [`Model::compare`], without the reasons.
    pub fn probability(&self, a: &Name, b: &Name) -> f64 {
        let (first, second) = if is_after(a, b) { (b, a) } else { (a, b) };
        self.judge(first, second, &Alignment::new(first, second, &self.frequencies))
    }

    /// The numbers of two names in the order of [`FEATURES`], for training.
    pub fn features(&self, a: &Name, b: &Name) -> [f32; N_FEATURES] {
        let (first, second) = if is_after(a, b) { (b, a) } else { (a, b) };
        features(first, second, &Alignment::new(first, second, &self.frequencies))
    }

    /// The probability of trees and networks, unless one part of the names forbids that they are one.
    fn judge(&self, a: &Name, b: &Name, alignment: &Alignment<'_>) -> f64 {
        let features = features(a, b, alignment);
        let by_trees = self.trees.logit(&features);
        let logit = self.networks.logit(&features).map_or(by_trees, |by_networks| 0.5 * (by_trees + by_networks));
        let probability = 1.0 / (1.0 + f64::from(-logit).exp());
        // Of two names of one part, that part decides; the training pairs have hardly any.
        let apart = alignment.a.len() == 1 && alignment.b.len() == 1 && alignment.pairs.is_empty();
        if apart || Relative::find(alignment).is_some() { probability.min(0.5 * self.threshold) } else { probability }
    }

    /// The skeleton keys of a name, for counting how many people have them.
    pub fn keys(&self, name: &Name) -> Vec<String> {
        name.tokens
            .iter()
            .filter(|token| !token.is_initial())
            .map(|token| token.skeleton.key.text().to_owned())
            .collect()
    }
}

/// The order in which two names are always compared: fewer tokens first, then by the alphabet.
fn is_after(a: &Name, b: &Name) -> bool {
    let order = |name: &Name| name.tokens.len();
    (order(a), &a.whole).cmp(&(order(b), &b.whole)).then_with(|| a.parts().cmp(b.parts())).is_gt()
}
