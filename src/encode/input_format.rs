//! What does a model want its texts turned into?

/// How a text must be turned into pieces for a model: what its config.json says under `allonym`.
///
/// The default, for a folder that says nothing, is what the Hugging Face pipeline does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct InputFormat {
    /// What the token types carry.
    pub case_classes: CaseClasses,
    /// Whether the model was trained to see a separator piece where a line of the text ends.
    pub line_separator: bool,
    /// The longest window that tags best, in pieces with special pieces included; at most what the model can see.
    pub max_pieces: Option<usize>,
    /// How many pieces of context on either side of a window tag best.
    pub context: Option<usize>,
}

/// What the token types of a piece carry.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum CaseClasses {
    /// Nothing: every token type is 0.
    #[default]
    None,
    /// How the piece's word is written, in the classes of version 1 ([`CaseClass`](super::CaseClass)), for a tokenizer that
    /// lower-cases.
    V1,
}

impl CaseClasses {
    /// How many token types a model needs for them.
    pub fn n_types(self) -> usize {
        match self {
            Self::None => 1,
            Self::V1 => 8,
        }
    }
}
