//! How an archive is opened.

use std::time::Duration;

/// How an archive is opened.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ArchiveOptions {
    /// What is done with the file. Default: [`Access::Create`].
    pub access: Access,
    /// The day that stands for today in the log, in decisions and in documents without a date, as `2024-05-31`. Default: now.
    pub as_of: Option<String>,
    /// How long to wait for another program that writes. Default: 10 minutes.
    pub patience: Duration,
}

/// What is done with the file of an archive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// It is read and written, and made if there is none.
    Create,
    /// It is read and written.
    Write,
    /// It is read.
    Read,
}

impl Default for ArchiveOptions {
    fn default() -> Self {
        Self { access: Access::Create, as_of: None, patience: Duration::from_secs(600) }
    }
}

impl ArchiveOptions {
    /// Sets [`access`](Self::access).
    #[must_use]
    pub fn access(mut self, access: Access) -> Self {
        self.access = access;
        self
    }

    /// Sets [`as_of`](Self::as_of).
    #[must_use]
    pub fn as_of(mut self, day: Option<String>) -> Self {
        self.as_of = day;
        self
    }

    /// Sets [`patience`](Self::patience).
    #[must_use]
    pub fn patience(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }
}
