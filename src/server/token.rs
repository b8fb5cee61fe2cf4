//! What a caller must know.

use std::fmt;

use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// A secret that callers send as `Authorization: Bearer TOKEN`. Only its hash is kept.
///
/// ```
/// use allonym::server::Token;
///
/// let token = Token::new("correct horse battery staple\n".trim())?;
/// assert!(token.is("correct horse battery staple") && !token.is("correct horse"));
/// # Ok::<(), allonym::server::TokenError>(())
/// ```
#[derive(Clone)]
pub struct Token([u8; 32]);

/// A token that is too short, or cannot be sent.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected a token of at least {least} visible ASCII characters or blanks, found {found}", least = Token::LEAST)]
pub struct TokenError {
    /// What was found, without the token.
    pub found: String,
}

impl Token {
    /// The least number of characters: fewer can be guessed.
    pub const LEAST: usize = 16;

    /// A token.
    ///
    /// # Errors
    /// When it has fewer than [`Token::LEAST`] characters, begins or ends with a blank, or has characters that a header cannot hold.
    pub fn new(secret: &str) -> Result<Self, TokenError> {
        let found = if !secret.bytes().all(|byte| byte == b' ' || byte.is_ascii_graphic()) || secret.trim() != secret {
            "others".to_owned()
        } else if secret.len() < Self::LEAST {
            secret.len().to_string()
        } else {
            return Ok(Self(hash(secret)));
        };
        Err(TokenError { found })
    }

    /// Whether this is the token. Takes as long for any other of the same length.
    pub fn is(&self, secret: &str) -> bool {
        self.0.ct_eq(&hash(secret)).into()
    }
}

/// Hashes have one length, so that comparing them does not tell that of the token.
fn hash(secret: &str) -> [u8; 32] {
    Sha256::digest(secret).into()
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_long_and_can_be_sent() {
        for wrong in
            ["", "short", "fifteen letters", "sixteen letters\u{e9}", "a line\nand another one", " with blanks around "]
        {
            assert!(Token::new(wrong).is_err(), "{wrong:?}");
        }
        let token = Token::new("sixteen letters!").expect("it is long enough");
        assert!(token.is("sixteen letters!") && !token.is("sixteen letters?") && !token.is(""));
        assert_eq!(format!("{token:?}"), "Token");
    }
}
