//! The model that compares names, and its weights.

use std::collections::BTreeMap;
use std::io::Read;
use std::sync::LazyLock;

use serde::Deserialize;

use super::across::{Across, N_ACROSS};
use super::alignment::Alignment;
use super::commonness::{Commonness, RawCommonness};
use super::comparison::Comparison;
use super::contradiction::Contradiction;
use super::east_asian::Syllables;
use super::features::{FEATURES, N_FEATURES, features};
use super::frequency::Frequencies;
use super::loose::loose;
use super::name::Name;
use super::network::{Networks, RawNetworks};
use super::relative::Relative;
use super::sounds::{RawSounds, SoundTable};
use super::trees::{RawTree, Trees};
use crate::lexicon::Lexicon;

/// Least probability of two Chinese, Korean or Vietnamese names with the same syllables. A rule, not a frequency.
const SAME_SYLLABLES: f64 = 0.97;

/// Compares names of persons: how rare their parts are, which sounds stand for which, and trees and networks over the features.
///
/// Immutable; one serves every thread.
///
/// ```
/// use allonym::link::names::NameModel;
///
/// let model = NameModel::embedded();
/// let minister = model.parse("Foreign Minister Abbas Araghchi");
/// assert_eq!(minister.parts().collect::<Vec<_>>(), ["abbas", "araghchi"]);
/// assert_eq!(minister.titles().collect::<Vec<_>>(), ["foreign", "minister"]);
/// let likely: Vec<&str> = ["Abas Aragchi", "Ali Larijani", "Araqchi, Abbas"]
///     .into_iter()
///     .filter(|name| model.probability(&minister, &model.parse(name)) >= model.threshold())
///     .collect();
/// assert_eq!(likely, ["Abas Aragchi", "Araqchi, Abbas"]);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct NameModel {
    frequencies: Frequencies,
    trees: Trees,
    networks: Networks,
    threshold: f64,
}

/// Why weights cannot be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WeightsError {
    /// No JSON, or JSON of something else.
    #[error("cannot read the weights of names")]
    Json(#[from] serde_json::Error),
    /// Weights of other features.
    #[error("expected the {expected} features of this version, found {found} or others")]
    Features {
        /// Number of features of this version.
        expected: usize,
        /// Number of features of the weights.
        found: usize,
    },
    /// A tree refers to a child, feature or leaf that it does not have.
    #[error("expected trees whose children, features and leaves exist, found another one")]
    Tree,
    /// A network has not one weight for each feature and unit.
    #[error("expected networks with one weight for each feature and unit, found another one")]
    Network,
    /// The table of sounds has not one row for each sound.
    #[error("expected a table with one row for each sound, found another one")]
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

impl NameModel {
    /// The model in the library, trained by `models/train/names.py`.
    pub fn embedded() -> &'static Self {
        static MODEL: LazyLock<NameModel> = LazyLock::new(|| {
            let json = include_str!("../../../models/link/names.json");
            NameModel::read(json.as_bytes()).expect("the embedded weights are tested")
        });
        &MODEL
    }

    /// Reads weights as JSON.
    pub(super) fn read(reader: impl Read) -> Result<Self, WeightsError> {
        let raw: Raw = serde_json::from_reader(reader)?;
        if raw.features != FEATURES {
            return Err(WeightsError::Features { expected: N_FEATURES, found: raw.features.len() });
        }
        let trees = Trees::new(&raw.trees, raw.bias, N_FEATURES).ok_or(WeightsError::Tree)?;
        let sounds = SoundTable::new(&raw.sounds).ok_or(WeightsError::Sounds)?;
        let common = Commonness::new(&raw.common);
        let frequencies = Frequencies::new(raw.people, raw.people_with_key).with(common, sounds);
        let networks = Networks::new(&raw.networks).ok_or(WeightsError::Network)?;
        Ok(Self { frequencies, trees, networks, threshold: raw.threshold })
    }

    /// Parses a name of any script, written "Given Surname" or "Surname, Given".
    pub fn parse(&self, name: &str) -> Name {
        Name::new(name, &self.frequencies)
    }

    /// The probability, from 0 to 1, from which on two names are taken for one person's: the one with the best F1 on the training pairs.
    pub fn threshold(&self) -> f64 {
        self.threshold
    }

    /// Compares two names and says why. Symmetric: the other order has the same probability.
    pub fn compare(&self, a: &Name, b: &Name) -> Comparison {
        let across = Across::find(a, b, &self.frequencies);
        let (a, b) = across.as_ref().map_or((a, b), |across| (&across.a, &across.b));
        let turned = a.is_after(b);
        let (first, second) = if turned { (b, a) } else { (a, b) };
        let alignment = Alignment::new(first, second, &self.frequencies);
        let probability = self.judge(first, second, &alignment, across.as_ref());
        let comparison = Comparison::new(first, second, &alignment, probability);
        if turned { comparison.turned() } else { comparison }
    }

    /// The probability of [`compare`](Self::compare) without the reasons, which is faster.
    pub fn probability(&self, a: &Name, b: &Name) -> f64 {
        let across = Across::find(a, b, &self.frequencies);
        let (a, b) = across.as_ref().map_or((a, b), |across| (&across.a, &across.b));
        let (first, second) = if a.is_after(b) { (b, a) } else { (a, b) };
        self.judge(first, second, &Alignment::new(first, second, &self.frequencies), across.as_ref())
    }

    /// What is known of two names of which one is in another script, in the order of [`ACROSS`](super::across::ACROSS).
    pub(super) fn features_across(&self, a: &Name, b: &Name) -> Option<[f32; N_ACROSS]> {
        let across = Across::find(a, b, &self.frequencies)?;
        let (a, b) = (&across.a, &across.b);
        let (first, second) = if a.is_after(b) { (b, a) } else { (a, b) };
        let alignment = Alignment::new(first, second, &self.frequencies);
        Some(across.features(self.logit(first, second, &alignment)))
    }

    /// The log odds by trees and networks.
    fn logit(&self, a: &Name, b: &Name, alignment: &Alignment<'_>) -> f32 {
        let features = features(a, b, alignment);
        let by_trees = self.trees.logit(&features);
        self.networks.logit(&features).map_or(by_trees, |by_networks| 0.5 * (by_trees + by_networks))
    }

    /// The features of two names in the order of [`FEATURES`].
    pub(super) fn features(&self, a: &Name, b: &Name) -> [f32; N_FEATURES] {
        let (first, second) = if a.is_after(b) { (b, a) } else { (a, b) };
        features(first, second, &Alignment::new(first, second, &self.frequencies))
    }

    /// The probability by trees and networks, capped below the threshold where a rule says that the names are two persons'.
    fn judge(&self, a: &Name, b: &Name, alignment: &Alignment<'_>, across: Option<&Across>) -> f64 {
        let logit = self.logit(a, b, alignment);
        let logit = across.map_or(logit, |across| across.logit(logit));
        let probability = 1.0 / (1.0 + f64::from(-logit).exp());
        // The training pairs have hardly any two names of one part each; there the parts decide.
        let apart = alignment.a.len() == 1 && alignment.b.len() == 1 && alignment.pairs.is_empty();
        let are_two = apart
            || Contradiction::find(a, b).is_some_and(|found| found != Contradiction::Junior)
            || Relative::find(alignment).is_some();
        let syllables = || Syllables::compare(&a.parts().collect::<Vec<_>>(), &b.parts().collect::<Vec<_>>());
        // A name that was read as the other has its letters, and so its syllables.
        let are_written = across.is_none() && a.east_asian.is_some() && b.east_asian.is_some();
        match if are_written { syllables() } else { None } {
            _ if are_two => probability.min(0.5 * self.threshold),
            Some(Syllables::Different) => probability.min(0.1 * self.threshold),
            Some(Syllables::Same) => probability.max(SAME_SYLLABLES),
            None => probability,
        }
    }

    /// Keys that other spellings of a name share with it, looser than those of its parts: its consonants with the surname's key, the first
    /// consonants of first and last part, all consonants, and what the given name is a form of with the surname's key.
    pub(in crate::link) fn loose_keys(&self, name: &Name) -> Vec<String> {
        let (Some(first), Some(last)) = (name.tokens.first(), name.tokens.last()) else { return Vec::new() };
        if name.tokens.len() < 2 || first.is_initial() || last.is_initial() {
            return Vec::new();
        }
        let (given, surname) = (first.letters.text(), last.letters.text());
        let whole: String = name.parts().collect();
        let mut keys = vec![
            format!("1 {} {}", loose(given, 3), last.skeleton.key.text()),
            format!("2 {} {}", loose(given, 4), loose(surname, 1)),
            format!("3 {}", loose(&whole, 12)),
        ];
        let full_names = Lexicon::english().full_names(given);
        keys.extend(full_names.map(|full| format!("4 {full} {}", last.skeleton.key.text())));
        keys
    }

    /// The skeleton keys of the parts of a name that are no initials.
    pub(in crate::link) fn keys(&self, name: &Name) -> Vec<String> {
        name.tokens
            .iter()
            .filter(|token| !token.is_initial())
            .map(|token| token.skeleton.key.text().to_owned())
            .collect()
    }

    /// The skeleton keys of the parts of a name that are no initials, for each part those of all its readings.
    pub(in crate::link) fn keys_of_readings(&self, name: &Name) -> Vec<Vec<String>> {
        let parts = (0..name.tokens.len()).filter(|&at| !name.tokens[at].is_initial());
        parts.map(|at| name.keys_of(at).iter().map(|key| key.text().to_owned()).collect()).collect()
    }
}
