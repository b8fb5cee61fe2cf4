//! The names of one document.

use crate::link::Kind;
use crate::link::cluster::support::Support;
use crate::link::kb::GeoContext;

/// All mentions of a document that share form and kind.
#[derive(Clone, Debug)]
pub(in crate::link::cluster) struct Unit {
    pub(in crate::link::cluster) form: u32,
    pub(in crate::link::cluster) kind: Kind,
    /// Number of mentions.
    pub(in crate::link::cluster) mentions: u32,
    /// Titles before its mentions, each one more than its id. Sorted.
    pub(in crate::link::cluster) titles: Vec<u32>,
    pub(in crate::link::cluster) parent: Option<Parent>,
    /// Whether it fits several fuller units and is therefore attached to none.
    pub(in crate::link::cluster) is_ambiguous: bool,
}

/// The fuller unit that a unit is attached to, and why.
#[derive(Clone, Copy, Debug)]
pub(in crate::link::cluster) struct Parent {
    pub(in crate::link::cluster) unit: usize,
    pub(in crate::link::cluster) support: Support,
}

/// The units of a document, sorted by form and kind.
#[derive(Clone, Debug)]
pub(in crate::link::cluster) struct DocumentUnits {
    pub(in crate::link::cluster) units: Vec<Unit>,
    /// Per mention, its unit.
    pub(in crate::link::cluster) of_mention: Vec<u32>,
    /// Where the document takes place.
    pub(in crate::link::cluster) place: GeoContext,
}

impl DocumentUnits {
    /// The unit at the end of a chain of parents.
    pub(in crate::link::cluster) fn root(&self, mut unit: usize) -> usize {
        while let Some(parent) = self.units[unit].parent {
            unit = parent.unit;
        }
        unit
    }
}
