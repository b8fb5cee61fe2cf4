//! Options of a server.

use std::time::Duration;

use super::access::Access;
use super::address::Address;

/// How a server listens, and its limits.
///
/// ```
/// use allonym::server::{Address, Options};
///
/// let options = Options::default().address("127.0.0.1:0".parse()?).max_body(1 << 20);
/// assert_eq!(options.max_body, 1_048_576);
/// # Ok::<(), String>(())
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Options {
    /// Where it listens. Default: port 8019 of the loopback address.
    pub address: Address,
    /// Who may ask. Default: [`Access::Local`].
    pub access: Access,
    /// Further names of the server that [`Access::Local`] lets pass, such as that of a proxy on this machine. Default: none.
    pub hosts: Vec<String>,
    /// The most bytes of a body, or of a line of one in NDJSON, which may have any number of lines. Default: 16 MiB.
    pub max_body: usize,
    /// The most bytes of bodies that are in memory at a time, over all callers. Default: 64 MiB.
    pub max_held: usize,
    /// The most pieces of work that wait at a time; a request is one piece for each 16 KiB of documents. Default: 1,024.
    pub max_waiting: usize,
    /// The most connections; beyond it, the one that has been idle for the longest time is closed. Default: 4,096.
    pub max_connections: usize,
    /// The most time to read the head of a request, and for a connection to be idle between two. Default: 10 s.
    pub head_timeout: Duration,
    /// The most time to read a body, to answer it, and to wait for a caller that takes or sends nothing. Default: 60 s.
    pub timeout: Duration,
    /// The most time that requests have to finish once the server stops. Default: 30 s.
    pub grace: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            address: Address::default(),
            access: Access::default(),
            hosts: Vec::new(),
            max_body: 16 << 20,
            max_held: 64 << 20,
            max_waiting: 1024,
            max_connections: 4096,
            head_timeout: Duration::from_secs(10),
            timeout: Duration::from_secs(60),
            grace: Duration::from_secs(30),
        }
    }
}

impl Options {
    /// Sets [`address`](Self#structfield.address).
    #[must_use]
    pub fn address(self, address: Address) -> Self {
        Self { address, ..self }
    }

    /// Sets [`access`](Self#structfield.access).
    #[must_use]
    pub fn access(self, access: Access) -> Self {
        Self { access, ..self }
    }

    /// Sets [`hosts`](Self#structfield.hosts).
    #[must_use]
    pub fn hosts(self, hosts: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self { hosts: hosts.into_iter().map(Into::into).collect(), ..self }
    }

    /// Sets [`max_body`](Self#structfield.max_body).
    #[must_use]
    pub fn max_body(self, bytes: usize) -> Self {
        Self { max_body: bytes, ..self }
    }

    /// Sets [`max_held`](Self#structfield.max_held).
    #[must_use]
    pub fn max_held(self, bytes: usize) -> Self {
        Self { max_held: bytes, ..self }
    }

    /// Sets [`max_waiting`](Self#structfield.max_waiting).
    #[must_use]
    pub fn max_waiting(self, pieces: usize) -> Self {
        Self { max_waiting: pieces, ..self }
    }

    /// Sets [`max_connections`](Self#structfield.max_connections).
    #[must_use]
    pub fn max_connections(self, connections: usize) -> Self {
        Self { max_connections: connections, ..self }
    }

    /// Sets [`head_timeout`](Self#structfield.head_timeout).
    #[must_use]
    pub fn head_timeout(self, head_timeout: Duration) -> Self {
        Self { head_timeout, ..self }
    }

    /// Sets [`timeout`](Self#structfield.timeout).
    #[must_use]
    pub fn timeout(self, timeout: Duration) -> Self {
        Self { timeout, ..self }
    }

    /// Sets [`grace`](Self#structfield.grace).
    #[must_use]
    pub fn grace(self, grace: Duration) -> Self {
        Self { grace, ..self }
    }
}
