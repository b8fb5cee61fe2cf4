//! What the rest of the crate needs to know about a model before asking it for scores.

use super::error::Error;
use super::precision::Precision;
use crate::encode::InputFormat;

/// Enough pieces for efficient matrix products, few enough to stay in the cache and to spread evenly over threads.
pub(crate) const BATCH_PIECES: usize = 512;

/// The properties of an encoder: its heads, the limits of its input, and how it computes.
///
/// ```
/// use allonym::model::{Head, Spec};
///
/// let head = Head::new("default", ["O", "B-PER", "I-PER"]);
/// let spec = Spec::new(vec![head]).max_pieces(128).vocab_size(30_522);
/// assert_eq!(spec.find_head("default")?.index(), 0);
/// assert_eq!(spec.batch_pieces, 512);
/// # Ok::<(), allonym::model::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Spec {
    /// The classifiers, the default one first; never empty.
    pub heads: Vec<Head>,
    /// The most pieces one window may have, special pieces included. Default: 512.
    pub max_pieces: usize,
    /// The batch size, in pieces, at which the encoder is fastest. Default: 512.
    pub batch_pieces: usize,
    /// Exclusive upper bound of vocabulary ids. Default: no limit.
    pub vocab_size: usize,
    /// Exclusive upper bound of token types; at least 1. Default: 1.
    pub n_types: usize,
    /// The width of the hidden states; 0 (the default) if the encoder does not expose them.
    pub hidden_size: usize,
    /// The number of parameters, heads excluded; 0 (the default) if unknown.
    pub n_parameters: usize,
    /// How text is turned into pieces. Default: as in the Hugging Face pipeline.
    pub input: InputFormat,
    /// The kind of network, such as `bert`. Default: empty.
    pub architecture: String,
    /// The precision of matrix products. Default: [`Precision::F32`].
    pub precision: Precision,
    /// The kernel that computes matrix products, such as `AMX`. Default: empty.
    pub kernel: String,
}

impl Spec {
    /// A spec with these heads and all other fields at their defaults.
    ///
    /// # Panics
    /// When `heads` is empty.
    pub fn new(heads: Vec<Head>) -> Self {
        assert!(!heads.is_empty(), "an encoder has at least one head");
        Self {
            heads,
            max_pieces: 512,
            batch_pieces: BATCH_PIECES,
            vocab_size: usize::MAX,
            n_types: 1,
            hidden_size: 0,
            n_parameters: 0,
            input: InputFormat::default(),
            architecture: String::new(),
            precision: Precision::F32,
            kernel: String::new(),
        }
    }

    /// Sets [`max_pieces`](Self#structfield.max_pieces).
    #[must_use]
    pub fn max_pieces(mut self, n: usize) -> Self {
        self.max_pieces = n;
        self
    }

    /// Sets [`batch_pieces`](Self#structfield.batch_pieces).
    #[must_use]
    pub fn batch_pieces(mut self, n: usize) -> Self {
        self.batch_pieces = n;
        self
    }

    /// Sets [`vocab_size`](Self#structfield.vocab_size).
    #[must_use]
    pub fn vocab_size(mut self, n: usize) -> Self {
        self.vocab_size = n;
        self
    }

    /// Sets [`n_types`](Self#structfield.n_types).
    #[must_use]
    pub fn n_types(mut self, n: usize) -> Self {
        self.n_types = n;
        self
    }

    /// Sets [`hidden_size`](Self#structfield.hidden_size).
    #[must_use]
    pub fn hidden_size(mut self, n: usize) -> Self {
        self.hidden_size = n;
        self
    }

    /// Sets [`n_parameters`](Self#structfield.n_parameters).
    #[must_use]
    pub fn n_parameters(mut self, n: usize) -> Self {
        self.n_parameters = n;
        self
    }

    /// Sets [`input`](Self#structfield.input).
    #[must_use]
    pub fn input(mut self, format: InputFormat) -> Self {
        self.input = format;
        self
    }

    /// Sets [`architecture`](Self#structfield.architecture).
    #[must_use]
    pub fn architecture(mut self, name: impl Into<String>) -> Self {
        self.architecture = name.into();
        self
    }

    /// Sets [`precision`](Self#structfield.precision).
    #[must_use]
    pub fn precision(mut self, precision: Precision) -> Self {
        self.precision = precision;
        self
    }

    /// Sets [`kernel`](Self#structfield.kernel).
    #[must_use]
    pub fn kernel(mut self, name: impl Into<String>) -> Self {
        self.kernel = name.into();
        self
    }

    /// Finds a head by name.
    ///
    /// # Errors
    /// [`Error::UnknownHead`], which lists the model's heads.
    pub fn find_head(&self, name: &str) -> Result<HeadId, Error> {
        self.heads.iter().position(|head| head.name == name).map(HeadId).ok_or_else(|| Error::UnknownHead {
            name: name.to_owned(),
            known: self.heads.iter().map(|head| head.name.as_str()).collect::<Vec<_>>().join(", "),
        })
    }
}

/// One classifier of a model: the labels of one annotation guideline.
#[derive(Clone, Debug, PartialEq)]
pub struct Head {
    /// The name that selects this head, such as `conll`.
    pub name: String,
    /// The labels as the checkpoint spells them (`B-PER`), in the order of the score columns; never empty.
    pub labels: Vec<String>,
    /// Logits are divided by this before they become probabilities. Above 0; 1 for a model that was not calibrated.
    pub temperature: f32,
}

impl Head {
    /// An uncalibrated head: its temperature is 1.
    pub fn new(name: impl Into<String>, labels: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self { name: name.into(), labels: labels.into_iter().map(Into::into).collect(), temperature: 1.0 }
    }
}

/// A reference to a head in [`Spec::heads`]. The default value is the default head.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct HeadId(pub(crate) usize);

impl HeadId {
    /// The index in [`Spec::heads`].
    pub fn index(self) -> usize {
        self.0
    }
}
