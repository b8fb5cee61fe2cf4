//! Places in tables of columns, which have no lines.

use std::fmt;

use crate::text::Grouped;

/// A part of a file of columns, or a row of it; all count from 1.
///
/// ```
/// use allonym::io::{RowGroup, RowPlace};
///
/// let group = RowPlace::default().in_group(RowGroup::Parquet(2));
/// assert_eq!(group.to_string(), "row group 2");
/// assert_eq!(group.row(1017).to_string(), "row group 2, row 1,017");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RowPlace {
    group: Option<RowGroup>,
    /// The first and the last row, counted from the beginning of the file.
    rows: Option<(u64, u64)>,
}

/// What rows are stored in together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowGroup {
    /// A row group of Parquet.
    Parquet(u64),
    /// A record batch of Arrow.
    Arrow(u64),
}

impl RowPlace {
    /// A place in a group.
    #[must_use]
    pub fn in_group(self, group: RowGroup) -> Self {
        Self { group: Some(group), ..self }
    }

    /// A row, counted from the beginning of the file.
    #[must_use]
    pub fn row(self, row: u64) -> Self {
        self.rows(row, row)
    }

    /// Some rows, counted from the beginning of the file.
    #[must_use]
    pub fn rows(self, first: u64, last: u64) -> Self {
        Self { rows: Some((first, last)), ..self }
    }
}

impl fmt::Display for RowPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.group {
            Some(RowGroup::Parquet(nth)) => write!(f, "row group {}", Grouped(nth))?,
            Some(RowGroup::Arrow(nth)) => write!(f, "record batch {}", Grouped(nth))?,
            None => {}
        }
        let comma = if self.group.is_some() && self.rows.is_some() { ", " } else { "" };
        match self.rows {
            Some((first, last)) if first == last => write!(f, "{comma}row {}", Grouped(first)),
            Some((first, last)) => write!(f, "{comma}rows {} to {}", Grouped(first), Grouped(last)),
            None => Ok(()),
        }
    }
}
