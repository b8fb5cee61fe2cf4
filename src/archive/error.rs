//! What can go wrong with an archive.

use std::path::PathBuf;

/// Why an archive cannot be opened, read or changed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// There is no such file.
    #[error("{}: expected an archive, found no file", path.display())]
    Missing {
        /// The file.
        path: PathBuf,
    },
    /// The file is not an archive.
    #[error("{}: expected an archive of allonym, found {found}", path.display())]
    Foreign {
        /// The file.
        path: PathBuf,
        /// What it is instead.
        found: String,
    },
    /// A newer version of allonym has made the archive.
    #[error(
        "{}: expected an archive of version {} or older, found version {found} (made by allonym {by}); use that allonym or a newer one",
        path.display(), super::version::VERSION
    )]
    Newer {
        /// The file.
        path: PathBuf,
        /// Version of its schema.
        found: i64,
        /// Version of the program.
        by: String,
    },
    /// Another program is writing to the archive.
    #[error("{}: expected to write to the archive, found another program that has been writing to it for {seconds} s; try again when it is done", path.display())]
    Busy {
        /// The file.
        path: PathBuf,
        /// How long was waited.
        seconds: u64,
    },
    /// The database failed.
    #[error("{}: the archive cannot be read or written", path.display())]
    Database {
        /// The file.
        path: PathBuf,
        /// Why.
        source: rusqlite::Error,
    },
    /// A mention's span does not slice its text.
    #[error("document {id:?} cannot be linked")]
    Link {
        /// Id of the document.
        id: String,
        /// Why.
        source: crate::link::Error,
    },
    /// Two documents of one call have the same id.
    #[error("expected documents with ids of their own, found {id:?} twice")]
    Twice {
        /// The id.
        id: String,
    },
    /// A document is not in the archive, or with other content.
    #[error("expected a document of the archive, found {id:?}, {found}")]
    Unlinked {
        /// Id of the document.
        id: String,
        /// What is wrong with it.
        found: &'static str,
    },
    /// There is no such entity.
    #[error("expected the id of an entity of the archive, found {id:?}")]
    NoEntity {
        /// What was given.
        id: String,
    },
    /// A decision cannot be made.
    #[error("expected {expected}, found {found}")]
    Decision {
        /// What it needs.
        expected: String,
        /// What there is.
        found: String,
    },
    /// A date is none.
    #[error("expected a date such as 2024-05-31, found {found:?}")]
    Date {
        /// What was given.
        found: String,
    },
    /// An export cannot be written.
    #[error("the export cannot be written")]
    Export(#[source] std::io::Error),
    /// A table of entities cannot be written.
    #[error(transparent)]
    Table(#[from] crate::io::Error),
}
