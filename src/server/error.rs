//! What keeps a server from running.

use std::io;

/// Why a server could not start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// It would listen where other machines reach it, and anyone could ask.
    #[error("{address}: expected a token where other machines can connect, found none")]
    Open {
        /// The address.
        address: String,
    },
    /// The address is taken, or not one of this machine.
    #[error("{address}: cannot listen")]
    Listen {
        /// The address.
        address: String,
        /// The cause.
        source: io::Error,
    },
    /// The system refuses threads.
    #[error("cannot start")]
    Start(#[from] io::Error),
}
