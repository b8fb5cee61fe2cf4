//! Gender, as far as names and titles tell it.

/// Whose a name or title is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Gender {
    /// Of women.
    Female,
    /// Of men.
    Male,
}

impl Gender {
    /// Reads a cell of a table: `f`, `m`, or nothing.
    pub(super) fn read(cell: &str) -> Option<Self> {
        match cell {
            "f" => Some(Self::Female),
            "m" => Some(Self::Male),
            "" => None,
            _ => panic!("expected f, m or nothing, found {cell:?}; a test reads all tables"),
        }
    }
}
