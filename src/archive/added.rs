//! What adding documents did.

/// What adding documents did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Added {
    /// Number of documents that are new to the archive.
    pub documents: usize,
    /// Number of documents that it had already, with the same content.
    pub unchanged: usize,
    /// Ids of documents that it had with other content, which is replaced.
    pub replaced: Vec<String>,
    /// Number of mentions of new and replaced documents.
    pub mentions: usize,
    /// Number of entities that are new to the archive.
    pub entities: usize,
    /// Entities that turned out to be one: the id that redirects, and the one that it redirects to.
    pub merged: Vec<(String, String)>,
}

impl Added {
    /// Takes in what another call did.
    pub fn extend(&mut self, other: Self) {
        self.documents += other.documents;
        self.unchanged += other.unchanged;
        self.replaced.extend(other.replaced);
        self.mentions += other.mentions;
        self.entities += other.entities;
        self.merged.extend(other.merged);
    }
}
