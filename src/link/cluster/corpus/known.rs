//! Short forms that documents of an archive attach to its entities.

use super::graph::Graph;
use crate::link::Kind;
use crate::link::cluster::support::Support;
use crate::link::mentions::{Attached, Guess, MentionStore};
use crate::link::reason::MergeReason;

impl Graph<'_> {
    /// Passes on each short form of a known entity: its form and kind, the root of the entity, and why it is short for it.
    pub(super) fn known_short(&self, mentions: &MentionStore, mut take: impl FnMut(u32, Kind, u32, Support)) {
        for (entity, nodes) in mentions.known.entities.iter().zip(&self.of_known) {
            let Some(&first) = nodes.first() else { continue };
            let root = self.root(first);
            for name in &entity.names {
                for alias in &name.aliases {
                    let guess = name.guess.map(|Guess { reason, probability, .. }| (reason, probability));
                    let attached = alias.attached.map(|Attached { reason, probability }| (reason, probability));
                    let Some((reason, probability)) = attached.or(guess) else { continue };
                    if alias.mentions > 0 && reason != MergeReason::Mislabelled {
                        let form = self.forms.of(alias.surface, alias.kind);
                        take(form, alias.kind, root, Support::new(reason, probability));
                    }
                }
            }
        }
    }
}
