//! How a model is trained.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use serde::Serialize;

use super::head::Begun;
use crate::pipeline::Stop;
use crate::pool::Pool;

/// How a model is trained.
///
/// ```
/// use allonym::train::{Freeze, Options};
///
/// let options = Options::default().head("company").freeze(Freeze::All);
/// assert_eq!(options.seed, 1);
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Options {
    /// The labels to learn. Default: those of the gold.
    pub labels: Option<Vec<String>>,
    /// The name of the new head. Default: `own`.
    pub head: String,
    /// What becomes of the heads that there are. Default: they are dropped.
    pub old_heads: OldHeads,
    /// What is not trained. Default: the word vectors.
    pub freeze: Freeze,
    /// Passes over the gold, at most. Default: as many as pay.
    pub epochs: Epochs,
    /// What random numbers begin with. Default: 1.
    pub seed: u64,
    /// The highest learning rate. Default: 0.0001, 0.0003 where no head knows a label, and 0.002 for a head alone.
    pub rate: Option<f32>,
    /// The most pieces of a step. Default: 256 to 1,536, by the amount of gold.
    pub step_pieces: Option<usize>,
    /// The threads to train on. Default: a pool of its own.
    pub pool: Pool,
    /// Ends the training after the step in work; the best model so far comes out. Default: a switch that is never set.
    pub stop: Stop,
    /// A file for the state, from which [`resume`](Self::resume) goes on; written after each epoch and every five minutes.
    pub state: Option<PathBuf>,
    /// Goes on from the state, where there is one. Default: begins.
    pub resume: Resume,
}

/// Whether a training goes on from the state of an interrupted one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Resume {
    /// It begins.
    #[default]
    Never,
    /// It goes on.
    FromState,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            labels: None,
            head: "own".to_owned(),
            old_heads: OldHeads::default(),
            freeze: Freeze::default(),
            epochs: Epochs::default(),
            seed: 1,
            rate: None,
            step_pieces: None,
            pool: Pool::default(),
            stop: Stop::default(),
            state: None,
            resume: Resume::default(),
        }
    }
}

impl Options {
    /// Sets [`head`](Self#structfield.head).
    #[must_use]
    pub fn head(mut self, name: impl Into<String>) -> Self {
        self.head = name.into();
        self
    }

    /// Sets [`freeze`](Self#structfield.freeze).
    #[must_use]
    pub fn freeze(mut self, freeze: Freeze) -> Self {
        self.freeze = freeze;
        self
    }

    /// Sets [`epochs`](Self#structfield.epochs).
    #[must_use]
    pub fn epochs(mut self, epochs: Epochs) -> Self {
        self.epochs = epochs;
        self
    }

    /// The highest learning rate, for a head that begins so.
    pub(crate) fn rate(&self, begun: Begun) -> f32 {
        self.rate.unwrap_or(match (self.freeze, begun) {
            (Freeze::All, _) => HEAD_RATE,
            (_, Begun::Known) => RATE,
            (_, Begun::Random) => NEW_RATE,
        })
    }
}

/// The highest rates by default.
const RATE: f32 = 1e-4;
const NEW_RATE: f32 = 3e-4;
const HEAD_RATE: f32 = 2e-3;

/// What is left as it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(into = "String")]
#[non_exhaustive]
pub enum Freeze {
    /// Nothing.
    None,
    /// The word vectors: what texts of the gold do not have stays beside what they have.
    #[default]
    Words,
    /// The embeddings and so many layers, from below.
    Layers(usize),
    /// All but the head, which is trained on the hidden states of the model as it is: seconds instead of minutes.
    All,
}

impl fmt::Display for Freeze {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => f.write_str("none"),
            Self::Words => f.write_str("words"),
            Self::Layers(n) => n.fmt(f),
            Self::All => f.write_str("all"),
        }
    }
}

impl From<Freeze> for String {
    fn from(freeze: Freeze) -> Self {
        freeze.to_string()
    }
}

/// The error for a word that is no [`Freeze`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected none, words, all, or a number of layers, found {0:?}")]
pub struct UnknownFreeze(String);

impl FromStr for Freeze {
    type Err = UnknownFreeze;

    fn from_str(text: &str) -> Result<Self, UnknownFreeze> {
        match text {
            "none" => Ok(Self::None),
            "words" => Ok(Self::Words),
            "all" => Ok(Self::All),
            n => n.parse().map(Self::Layers).map_err(|_| UnknownFreeze(text.to_owned())),
        }
    }
}

/// How often training passes over the gold, at most: it ends earlier where dev no longer gains.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(into = "String")]
#[non_exhaustive]
pub enum Epochs {
    /// As often as pays for the amount of gold.
    #[default]
    Auto,
    /// So often.
    Fixed(usize),
}

impl fmt::Display for Epochs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Auto => f.write_str("auto"),
            Self::Fixed(n) => n.fmt(f),
        }
    }
}

impl From<Epochs> for String {
    fn from(epochs: Epochs) -> Self {
        epochs.to_string()
    }
}

/// The error for a word that is no [`Epochs`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected auto, or a number of 1 or more, found {0:?}")]
pub struct UnknownEpochs(String);

impl FromStr for Epochs {
    type Err = UnknownEpochs;

    fn from_str(text: &str) -> Result<Self, UnknownEpochs> {
        match text {
            "auto" => Ok(Self::Auto),
            n => n.parse().ok().filter(|&n| n > 0).map(Self::Fixed).ok_or_else(|| UnknownEpochs(text.to_owned())),
        }
    }
}

/// What becomes of the heads that the model has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum OldHeads {
    /// They are left out: the model has the new head only.
    #[default]
    Dropped,
    /// They stay as they are. Where the layers below them are trained, they read other hidden states than they learnt from.
    Kept,
}
