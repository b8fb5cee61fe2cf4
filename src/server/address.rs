//! Where a server listens.

use std::fmt;
use std::net::{SocketAddr, ToSocketAddrs};
use std::path::PathBuf;
use std::str::FromStr;

/// Where a server listens: an address of TCP, or a Unix socket.
///
/// ```
/// use allonym::server::Address;
///
/// let address: Address = "127.0.0.1:8019".parse()?;
/// assert!(address.is_local());
/// assert_eq!(address.to_string(), "http://127.0.0.1:8019");
/// assert!(!"0.0.0.0:80".parse::<Address>()?.is_local());
/// # Ok::<(), String>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Address {
    /// An address and a port; port 0 is one that is free.
    Tcp(SocketAddr),
    /// The path of a Unix socket.
    Unix(PathBuf),
}

impl Address {
    /// Whether only programs on this machine can reach it.
    pub fn is_local(&self) -> bool {
        match self {
            Self::Tcp(address) => address.ip().is_loopback(),
            Self::Unix(_) => true,
        }
    }
}

/// Port 8019 of the loopback address.
impl Default for Address {
    fn default() -> Self {
        Self::Tcp(SocketAddr::from(([127, 0, 0, 1], 8019)))
    }
}

/// An address of TCP, such as `127.0.0.1:8019`, `[::1]:8019` or `localhost:8019`.
impl FromStr for Address {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let expected = || format!("expected an address and a port, such as 127.0.0.1:8019, found {text:?}");
        let mut found = text.to_socket_addrs().map_err(|error| format!("{}: {error}", expected()))?;
        found.next().map(Self::Tcp).ok_or_else(expected)
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tcp(address) => write!(f, "http://{address}"),
            Self::Unix(path) => write!(f, "unix:{}", path.display()),
        }
    }
}
