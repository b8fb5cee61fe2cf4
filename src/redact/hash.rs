//! How texts are known again.

use sha2::{Digest, Sha256};

use crate::io::hex;

/// The SHA-256 of a text, in hexadecimal digits.
pub(super) fn sha256(text: &str) -> String {
    hex(Sha256::digest(text))
}

/// A number made from some texts and numbers, the same on every machine.
pub(super) fn number(parts: &[&str]) -> u64 {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part.len().to_le_bytes());
        hash.update(part);
    }
    u64::from_le_bytes(hash.finalize()[..8].try_into().expect("a digest has 32 bytes"))
}
