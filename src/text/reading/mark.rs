//! What is read between two names that meet.

/// What stands between two names that meet (`US-Iran`) when the text is read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum NameMark {
    /// A comma. Models that were trained on words with their hyphens take "US, Iran" for two names, and "US-Iran" for one.
    #[default]
    Comma,
    /// The mark that is there, for models that were trained on words cut at hyphens.
    Kept,
}
