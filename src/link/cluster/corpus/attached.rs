//! Names that documents attach to fuller ones.

use super::graph::Graph;
use crate::link::Kind;
use crate::link::cluster::document::Documents;
use crate::link::cluster::support::Support;

/// A name that documents attach to a fuller one.
pub(super) struct Attached {
    pub(super) form: u32,
    pub(super) kind: Kind,
    /// The node of the fuller one.
    pub(super) to: u32,
    pub(super) support: Support,
    /// In how many documents.
    pub(super) documents: u32,
}

impl Graph<'_> {
    /// What each document attaches, those included that were counted elsewhere.
    pub(super) fn attached<'s>(&'s self, documents: &'s Documents<'s>) -> impl Iterator<Item = Attached> + 's {
        documents.iter().zip(self.of_unit.iter()).flat_map(|(document, of_unit)| {
            let own = document.units.iter().zip(of_unit).filter_map(|(unit, &to)| {
                let support = unit.parent?.support;
                Some(Attached { form: unit.form, kind: unit.kind, to, support, documents: 1 })
            });
            let counted = document.counted.iter().map(|alias| {
                let first = document.of_mention[0] as usize;
                let (kind, to) = (document.units[first].kind, of_unit[first]);
                Attached { form: alias.form, kind, to, support: alias.support, documents: alias.documents }
            });
            own.chain(counted).collect::<Vec<Attached>>()
        })
    }
}
