//! How a model wants its texts to be encoded.

/// How texts must be turned into pieces for a model, as its config.json says under `allonym`.
///
/// The default, for models that say nothing about it, is what the Hugging Face pipeline does.
///
/// ```
/// use allonym::encode::{CaseClasses, InputFormat};
///
/// let format = InputFormat::default().case_classes(CaseClasses::V1).max_pieces(320);
/// assert_eq!((format.max_pieces, format.context), (Some(320), None));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct InputFormat {
    /// What the token types mean. Default: [`CaseClasses::None`].
    pub case_classes: CaseClasses,
    /// Whether the model was trained with a separator piece at every line end. Default: `false`.
    pub line_separator: bool,
    /// Whether the model was trained on words that are cut where names meet (`US`, `-`, `Iran`). Default: `false`; it is then shown a
    /// comma there, because it knows "US-Iran" as one name.
    pub cut_words: bool,
    /// The length of windows at which the model tags best, in pieces with special pieces included. Default: `None`, as long as the model
    /// can see.
    pub max_pieces: Option<usize>,
    /// The context on either side of a window at which the model tags best, in pieces. Default: `None`, the pipeline's choice.
    pub context: Option<usize>,
}

impl InputFormat {
    /// Sets [`InputFormat::case_classes`].
    pub fn case_classes(self, case_classes: CaseClasses) -> Self {
        Self { case_classes, ..self }
    }

    /// Sets [`InputFormat::line_separator`].
    pub fn line_separator(self, line_separator: bool) -> Self {
        Self { line_separator, ..self }
    }

    /// Sets [`InputFormat::cut_words`].
    pub fn cut_words(self, cut_words: bool) -> Self {
        Self { cut_words, ..self }
    }

    /// Sets [`InputFormat::max_pieces`].
    pub fn max_pieces(self, max_pieces: impl Into<Option<usize>>) -> Self {
        Self { max_pieces: max_pieces.into(), ..self }
    }

    /// Sets [`InputFormat::context`].
    pub fn context(self, context: impl Into<Option<usize>>) -> Self {
        Self { context: context.into(), ..self }
    }
}

/// What the token type of a piece means.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum CaseClasses {
    /// Nothing: it is always 0.
    #[default]
    None,
    /// The case of the piece's word, in the classes of version 1 ([`CaseClass`](super::CaseClass)), for a tokenizer that lower-cases.
    V1,
}

impl CaseClasses {
    /// The number of token types that a model needs for them.
    pub fn n_types(self) -> usize {
        match self {
            Self::None => 1,
            Self::V1 => 8,
        }
    }
}
