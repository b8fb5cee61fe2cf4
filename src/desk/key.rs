//! Which document is it?

use std::collections::HashMap;
use std::fmt;

use serde::{Deserialize, Serialize};

/// The id of a document, and its place among those with the same id, from 1.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(crate) struct Key {
    #[serde(rename = "document")]
    pub(crate) id: String,
    #[serde(default = "first", skip_serializing_if = "is_first")]
    pub(crate) nth: u32,
}

fn first() -> u32 {
    1
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks so")]
fn is_first(nth: &u32) -> bool {
    *nth == 1
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.nth {
            1 => write!(f, "document {:?}", self.id),
            nth => write!(f, "document {:?} ({nth})", self.id),
        }
    }
}

/// Gives documents their keys, in order.
#[derive(Debug, Default)]
pub(crate) struct Keys(HashMap<String, u32>);

impl Keys {
    pub(crate) fn next(&mut self, id: &str) -> Key {
        let nth = self.0.entry(id.to_owned()).and_modify(|nth| *nth += 1).or_insert(1);
        Key { id: id.to_owned(), nth: *nth }
    }
}
