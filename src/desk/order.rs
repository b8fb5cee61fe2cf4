//! The order of documents.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The order of documents.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Order {
    /// The least certain mention first; those without one follow, and those that are not tagged yet are last.
    #[default]
    Score,
    /// By id.
    Name,
    /// As in the input.
    Input,
}

impl FromStr for Order {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        match name {
            "score" => Ok(Self::Score),
            "name" => Ok(Self::Name),
            "input" => Ok(Self::Input),
            _ => Err(format!("expected score, name or input, found {name:?}")),
        }
    }
}
