//! What can go wrong when a model is loaded or asked for scores.

use std::io;
use std::path::PathBuf;

use thiserror::Error;

use super::packed::PackError;

/// Why a model could not be loaded, or why it rejected a batch.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum Error {
    /// A folder does not hold a model this crate can run.
    #[error("cannot use the model folder {}", path.display())]
    Folder {
        /// Path of the folder.
        path: PathBuf,
        /// The reason: the file, key or tensor at fault.
        source: Box<Error>,
    },

    /// A file of the model cannot be read.
    #[error("cannot read {file}")]
    Read {
        /// File name, relative to the model folder.
        file: String,
        /// The error from the operating system.
        source: io::Error,
    },

    /// A JSON file of the model does not parse, or does not have the expected structure.
    #[error("{file} is not valid")]
    Json {
        /// File name, relative to the model folder.
        file: String,
        /// The parse error, with line and column.
        source: serde_json::Error,
    },

    /// A weights file is not valid safetensors.
    #[error("{file} is not a valid safetensors file")]
    Safetensors {
        /// File name, relative to the model folder.
        file: String,
        /// The error from the safetensors parser.
        source: safetensors::SafeTensorError,
    },

    /// This engine cannot run checkpoints of this architecture.
    #[error("config.json: unsupported {key} {found:?}, expected one of {supported}")]
    Architecture {
        /// The key in config.json: `model_type` or `architectures`.
        key: &'static str,
        /// The value in config.json.
        found: String,
        /// The values this engine supports, separated by commas.
        supported: String,
    },

    /// A value in config.json is missing, wrong, or not supported.
    #[error("config.json: {key}: expected {expected}, found {found}")]
    Config {
        /// The key in config.json, dotted if it is nested.
        key: String,
        /// A description of valid values.
        expected: String,
        /// The value in config.json, or `nothing`.
        found: String,
    },

    /// The weights lack a tensor that the configuration calls for.
    #[error("the weights lack the tensor {tensor} of shape {expected:?}")]
    MissingTensor {
        /// Full tensor name, such as `bert.encoder.layer.2.output.dense.weight`.
        tensor: String,
        /// The shape that the configuration calls for.
        expected: Vec<usize>,
    },

    /// The shape of a tensor does not match the configuration.
    #[error("tensor {tensor}: expected shape {expected:?}, found {found:?}")]
    TensorShape {
        /// Full tensor name.
        tensor: String,
        /// The shape that the configuration calls for.
        expected: Vec<usize>,
        /// The shape in the weights file.
        found: Vec<usize>,
    },

    /// A tensor is stored in a data type this engine does not read.
    #[error("tensor {tensor}: expected F32, F16 or BF16, found {found}")]
    TensorType {
        /// Full tensor name.
        tensor: String,
        /// The data type in the weights file, as safetensors spells it.
        found: String,
    },

    /// A tensor has values that are infinite or not a number.
    #[error("tensor {tensor}: expected finite numbers, found NaN or infinity")]
    NotFinite {
        /// Full tensor name.
        tensor: String,
    },

    /// The network computes something infinite, or not a number.
    #[error("expected finite scores, found NaN or infinity: the weights are damaged or too large for this precision")]
    Overflow,

    /// The index of the weights names a file outside of the model's folder.
    #[error("model.safetensors.index.json: expected the name of a file in the model's folder, found {file:?}")]
    ShardPlace {
        /// The name as given.
        file: String,
    },

    /// The model has no head with this name.
    #[error("unknown head {name:?}, expected one of {known}")]
    UnknownHead {
        /// The requested name.
        name: String,
        /// The names of the model's heads, separated by commas.
        known: String,
    },

    /// A [`HeadId`](super::HeadId) from another model was used.
    #[error("expected a head below {n_heads}, found {found}")]
    HeadRange {
        /// Index of the requested head.
        found: usize,
        /// Number of heads of this model.
        n_heads: usize,
    },

    /// A piece's id is outside the model's vocabulary.
    #[error("piece {piece}: expected an id below {vocab_size}, found {found}")]
    PieceId {
        /// Row of the piece in the batch.
        piece: usize,
        /// The vocabulary id of the piece.
        found: u32,
        /// Size of the model's vocabulary.
        vocab_size: usize,
    },

    /// A piece's token type is one the model was not trained with.
    #[error("piece {piece}: expected a token type below {n_types}, found {found}")]
    PieceType {
        /// Row of the piece in the batch.
        piece: usize,
        /// The token type of the piece.
        found: u32,
        /// Number of token types of the model.
        n_types: usize,
    },

    /// A window has more pieces than the model has positions.
    #[error("window {window}: expected at most {max_pieces} pieces, found {found}")]
    WindowLength {
        /// Index of the window in the batch.
        window: usize,
        /// Number of pieces in the window.
        found: usize,
        /// The most pieces the model accepts in one window.
        max_pieces: usize,
    },

    /// A folder has no weights file that this engine reads.
    #[error("expected weights in one of {expected}, found none")]
    NoWeights {
        /// The accepted file names, separated by commas.
        expected: String,
    },

    /// rust-bert or libtorch failed.
    #[error("model {model}: libtorch failed: {message}")]
    Libtorch {
        /// Path or name of the model.
        model: String,
        /// The first line of their message.
        message: String,
    },

    /// libtorch does not see the requested device.
    #[error("no device {found}: libtorch sees {n_cards} CUDA devices (CUDA needs a libtorch built for it)")]
    NoDevice {
        /// The requested device, such as `cuda:1`.
        found: String,
        /// Number of CUDA devices that libtorch sees.
        n_cards: usize,
    },

    /// This build has no embedded model.
    #[error("this build has no embedded model: expected the feature embedded-model or a model folder")]
    NoModel,

    /// There is no model with this name.
    #[error("expected {expected}, found {found:?}")]
    UnknownModel {
        /// The kinds of names that would be accepted.
        expected: String,
        /// The requested name.
        found: String,
    },

    /// No model that is here knows a language.
    #[error("expected auto or a language that a model here is for ({known}), found {found:?}")]
    NoLanguage {
        /// The models with the tags of their languages.
        known: String,
        /// The tag of the language.
        found: String,
    },

    /// No model that is here knows another language than English.
    #[error(
        "expected a model for other languages than English, such as news-multi, in the folder models of a clone or in the one that \
         ALLONYM_MODELS names, found none"
    )]
    NoMultilingual,

    /// The model could not be fetched from the hub.
    #[cfg(feature = "hub")]
    #[error(transparent)]
    Hub(Box<super::hub::Error>),

    /// The tokenizer could not be loaded.
    #[error(transparent)]
    Tokenizer(#[from] crate::encode::Error),

    /// The tokenizer does not belong to the model.
    #[error("expected a tokenizer with at most {expected} pieces, the size of the model's vocabulary, found {found}")]
    Vocabulary {
        /// Size of the model's vocabulary.
        expected: usize,
        /// Size of the tokenizer's vocabulary.
        found: usize,
    },

    /// The configuration calls for case classes, but the model lacks token types for them.
    #[error("config.json: case_classes: expected a model with {expected} token types, found {found}")]
    CaseClasses {
        /// Number of token types that the classes need.
        expected: usize,
        /// Number of token types of the model.
        found: usize,
    },

    /// The encoder does not expose its hidden states.
    #[error("this engine does not expose the hidden states of a model; the native engine does")]
    NoHiddenStates,

    /// An [`Encoder`](super::Encoder) implemented outside this crate failed.
    #[error("the encoder failed")]
    Other(#[source] Box<dyn std::error::Error + Send + Sync>),

    /// This build does not include the engine.
    #[error("this build lacks the engine {engine}: expected a build with --features {engine}, which needs libtorch")]
    NoEngine {
        /// The requested engine, which is also the name of its feature.
        engine: &'static str,
    },

    /// The engine does not support the requested precision.
    #[error("expected precision auto or f32 with the engine {engine}, found int8")]
    NoPrecision {
        /// The requested engine.
        engine: &'static str,
    },
}

impl Error {
    /// Wraps the error of an encoder implemented outside this crate.
    pub fn other(source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Other(source.into())
    }
}

impl From<PackError> for Error {
    fn from(error: PackError) -> Self {
        match error {
            PackError::Safetensors(source) => Self::Safetensors { file: "model.safetensors".to_owned(), source },
            PackError::Numbers { tensor, found } => Self::TensorType { tensor, found },
        }
    }
}
