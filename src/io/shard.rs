//! A part of the documents, for several processes that share the work.

use std::fmt;
use std::str::FromStr;

use sha2::{Digest, Sha256};

/// One of several equal parts of all documents: `3/16` is the third of sixteen.
///
/// The id of a document decides its part, wherever the document is in the inputs: the first eight bytes of the SHA-256 of the id, read as
/// a number with the most significant byte first, modulo the number of parts. So all documents of one id are in one part, and the parts
/// together have every document once.
///
/// ```
/// use allonym::io::Shard;
///
/// let shards: Vec<Shard> = (1..=4).map(|nth| format!("{nth}/4").parse()).collect::<Result<_, _>>()?;
/// let n = shards.iter().filter(|shard| shard.has("dawn-17")).count();
/// assert_eq!(n, 1);
///
/// let error = "0/4".parse::<Shard>().unwrap_err();
/// assert_eq!(error.to_string(), "expected a part from 1/4 to 4/4, found \"0/4\"");
/// # Ok::<(), allonym::io::UnknownShard>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shard {
    /// From 0.
    nth: u64,
    /// At least 1.
    count: u64,
}

/// What is no [`Shard`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected {expected}, found {found:?}")]
pub struct UnknownShard {
    expected: String,
    found: String,
}

impl Shard {
    /// Whether the document of an id is in this part.
    pub fn has(&self, id: &str) -> bool {
        let digest = Sha256::digest(id.as_bytes());
        let first = digest.first_chunk().expect("a digest has 32 bytes");
        u64::from_be_bytes(*first) % self.count == self.nth
    }
}

impl FromStr for Shard {
    type Err = UnknownShard;

    fn from_str(text: &str) -> Result<Self, UnknownShard> {
        let error = |expected: String| UnknownShard { expected, found: text.to_owned() };
        let number = |text: &str| text.parse::<u64>().ok();
        let parts = text.split_once('/').and_then(|(nth, count)| number(nth).zip(number(count)));
        match parts {
            Some((nth, count)) if (1..=count).contains(&nth) => Ok(Self { nth: nth - 1, count }),
            Some((_, count)) if count > 0 => Err(error(format!("a part from 1/{count} to {count}/{count}"))),
            _ => Err(error("a part and the number of parts, such as 3/16".to_owned())),
        }
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.nth + 1, self.count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_document_is_in_one_part_of_about_equal_size() {
        let shards: Vec<Shard> = (1..=16).map(|nth| format!("{nth}/16").parse().expect("a part")).collect();
        let mut sizes = [0; 16];
        for id in 0..4000 {
            let id = format!("news:{id}");
            let of: Vec<usize> = (0..16).filter(|&at| shards[at].has(&id)).collect();
            assert_eq!(of.len(), 1, "{id}");
            sizes[of[0]] += 1;
        }
        assert!(sizes.iter().all(|size| (180..=330).contains(size)), "{sizes:?}");
    }

    #[test]
    fn the_hash_never_changes() {
        // python3 -c 'import hashlib; print(int.from_bytes(hashlib.sha256(b"dawn-17").digest()[:8], "big") % 16 + 1)'
        let of = |id: &str| (1..=16).find(|nth| format!("{nth}/16").parse::<Shard>().expect("a part").has(id));
        assert_eq!((of("dawn-17"), of(""), of("Zürich")), (Some(12), Some(5), Some(6)));
    }

    #[test]
    fn parts_count_from_one() {
        for (text, want) in [
            ("0/16", "a part from 1/16 to 16/16"),
            ("17/16", "a part from 1/16 to 16/16"),
            ("1/0", "a part and the number of parts, such as 3/16"),
            ("3", "a part and the number of parts, such as 3/16"),
            ("-1/3", "a part and the number of parts, such as 3/16"),
            ("a/b", "a part and the number of parts, such as 3/16"),
        ] {
            let error = text.parse::<Shard>().expect_err(text);
            assert_eq!(error.to_string(), format!("expected {want}, found {text:?}"));
        }
        assert_eq!("3/16".parse::<Shard>().expect("a part").to_string(), "3/16");
    }
}
