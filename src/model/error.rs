//! What can be wrong with a model folder, or with what a model is asked to score?

use std::io;
use std::path::PathBuf;

use thiserror::Error;

use super::packed::PackError;

/// Why a model could not be loaded, or why it refused a batch.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum Error {
    /// A folder does not hold a model that this crate can run; the source says why.
    #[error("cannot use the model folder {}", path.display())]
    Folder {
        /// The folder.
        path: PathBuf,
        /// What is wrong with it.
        source: Box<Error>,
    },

    /// A file of the model cannot be read.
    #[error("cannot read {file}")]
    Read {
        /// The file's name inside the model folder.
        file: String,
        /// The operating system's answer.
        source: io::Error,
    },

    /// A file of the model is not the JSON that was expected.
    #[error("{file} is not valid")]
    Json {
        /// The file's name inside the model folder.
        file: String,
        /// The place and the reason.
        source: serde_json::Error,
    },

    /// A weights file is not valid safetensors.
    #[error("{file} is not a valid safetensors file")]
    Safetensors {
        /// The file's name inside the model folder.
        file: String,
        /// The reason.
        source: safetensors::SafeTensorError,
    },

    /// The checkpoint is of a kind that this engine cannot run.
    #[error("config.json: unsupported {key} {found:?}, expected one of {supported}")]
    Architecture {
        /// The key in config.json: `model_type` or `architectures`.
        key: &'static str,
        /// What config.json says there.
        found: String,
        /// What this engine runs, separated by commas.
        supported: String,
    },

    /// A value in config.json is missing, wrong, or not supported.
    #[error("config.json: {key}: expected {expected}, found {found}")]
    Config {
        /// The key in config.json.
        key: String,
        /// What would be right.
        expected: String,
        /// What stands there.
        found: String,
    },

    /// A tensor that the configuration asks for is not in the weights.
    #[error("the weights lack the tensor {tensor} of shape {expected:?}")]
    MissingTensor {
        /// The tensor's name.
        tensor: String,
        /// The shape that it would need.
        expected: Vec<usize>,
    },

    /// A tensor has another shape than the configuration asks for.
    #[error("tensor {tensor}: expected shape {expected:?}, found {found:?}")]
    TensorShape {
        /// The tensor's name.
        tensor: String,
        /// The shape that the configuration asks for.
        expected: Vec<usize>,
        /// The shape in the weights.
        found: Vec<usize>,
    },

    /// A tensor is stored in a number format that this engine does not read.
    #[error("tensor {tensor}: expected F32, F16 or BF16, found {found}")]
    TensorType {
        /// The tensor's name.
        tensor: String,
        /// The number format in the weights.
        found: String,
    },

    /// The model has no head of that name.
    #[error("unknown head {name:?}, expected one of {known}")]
    UnknownHead {
        /// The name that was asked for.
        name: String,
        /// The model's heads, separated by commas.
        known: String,
    },

    /// A [`HeadId`](super::HeadId) of another model was used.
    #[error("expected a head below {n_heads}, found {found}")]
    HeadRange {
        /// The head that was asked for.
        found: usize,
        /// How many heads the model has.
        n_heads: usize,
    },

    /// A piece's vocabulary id is not in the model's vocabulary.
    #[error("piece {piece}: expected an id below {vocab_size}, found {found}")]
    PieceId {
        /// The piece's row in the batch.
        piece: usize,
        /// Its id.
        found: u32,
        /// How many ids the model knows.
        vocab_size: usize,
    },

    /// A piece's token type is not one that the model was trained with.
    #[error("piece {piece}: expected a token type below {n_types}, found {found}")]
    PieceType {
        /// The piece's row in the batch.
        piece: usize,
        /// Its token type.
        found: u32,
        /// How many token types the model knows.
        n_types: usize,
    },

    /// A window is longer than the model's positions reach.
    #[error("window {window}: expected at most {max_pieces} pieces, found {found}")]
    WindowLength {
        /// The window's place in the batch.
        window: usize,
        /// How many pieces it holds.
        found: usize,
        /// How many pieces the model can see at once.
        max_pieces: usize,
    },

    /// A folder has no file with weights that this engine reads.
    #[error("expected weights in one of {expected}, found none of them")]
    NoWeights {
        /// The files, separated by commas.
        expected: String,
    },

    /// rust-bert or libtorch failed.
    #[error("model {model}: libtorch failed: {message}")]
    Libtorch {
        /// The model.
        model: String,
        /// The first line of what they say.
        message: String,
    },

    /// There is no such device.
    #[error("no device {found}: libtorch sees {n_cards} CUDA cards (CUDA needs a libtorch that was built for it)")]
    NoDevice {
        /// The device that was asked for.
        found: String,
        /// How many CUDA cards there are.
        n_cards: usize,
    },

    /// No model is in this build.
    #[error("this build has no model inside: expected the feature embedded-model, or the folder of a model")]
    NoModel,

    /// There is no model of that name.
    #[error("expected {expected}, found {found:?}")]
    UnknownModel {
        /// What would be a model.
        expected: String,
        /// The name that was asked for.
        found: String,
    },

    /// The model could not be fetched from the hub.
    #[cfg(feature = "hub")]
    #[error(transparent)]
    Hub(Box<super::hub::Error>),

    /// The tokenizer could not be loaded.
    #[error(transparent)]
    Tokenizer(#[from] crate::encode::Error),

    /// Tokenizer and model do not belong together.
    #[error("expected a tokenizer with at most {expected} pieces, as the model has, found {found}")]
    Vocabulary {
        /// How many pieces the model knows.
        expected: usize,
        /// How many the tokenizer makes.
        found: usize,
    },

    /// The configuration promises case classes that the model has no token types for.
    #[error("config.json: case_classes: expected a model with {expected} token types, found {found}")]
    CaseClasses {
        /// How many token types the classes need.
        expected: usize,
        /// How many the model has.
        found: usize,
    },

    /// The encoder does not give its hidden states.
    #[error("this engine does not give the hidden states of a model; the native engine does")]
    NoHiddenStates,

    /// An [`Encoder`](super::Encoder) of the caller's failed.
    #[error("the encoder failed")]
    Other(#[source] Box<dyn std::error::Error + Send + Sync>),

    /// The engine is not in this build.
    #[error(
        "this build has no engine {engine}: expected one that was built with --features {engine}, which needs libtorch"
    )]
    NoEngine {
        /// The engine that was asked for, which is the name of the feature too.
        engine: &'static str,
    },

    /// The engine does not compute in the numbers that were asked for.
    #[error("expected precision auto or f32 with the engine {engine}, found int8")]
    NoPrecision {
        /// The engine.
        engine: &'static str,
    },
}

impl Error {
    /// The error of an encoder that is not one of this crate's.
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
