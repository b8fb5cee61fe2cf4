//! Who may ask.

use super::token::Token;

/// Who may ask a server.
#[derive(Clone, Debug, Default)]
pub enum Access {
    /// Programs on this machine: the server listens on a loopback address or a Unix socket. Over TCP it answers only requests that name
    /// it as a loopback address does (`Host: localhost`), so that no web page reaches it under a name of its own.
    #[default]
    Local,
    /// Those who send the token.
    Token(Token),
    /// Anyone who can connect.
    Anyone,
}
