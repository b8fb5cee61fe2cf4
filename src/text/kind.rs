//! Kinds of things that labels stand for.

use super::Label;

/// The kinds that are linked by rules of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// `PER`, `PERSON`.
    Person,
    /// `ORG`, `ORGANIZATION`, `ORGANISATION`.
    Organisation,
    /// `LOC`, `LOCATION`, `GPE`, `PLACE`.
    Place,
    /// Any other label.
    Other,
}

impl Kind {
    /// The kind of a label, in any case.
    pub fn of(label: &Label) -> Self {
        match label.as_str().to_ascii_uppercase().as_str() {
            "PER" | "PERSON" => Self::Person,
            "ORG" | "ORGANIZATION" | "ORGANISATION" => Self::Organisation,
            "LOC" | "LOCATION" | "GPE" | "PLACE" => Self::Place,
            _ => Self::Other,
        }
    }
}
