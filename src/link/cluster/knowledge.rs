//! What is known of names before any document is read.

use crate::link::kb::Kb;
use crate::link::{AliasTable, Constraints};

/// The knowledge base, and what the user says.
#[derive(Clone, Copy, Debug)]
pub(in crate::link) struct Knowledge<'k> {
    pub(in crate::link) kb: &'k Kb,
    pub(in crate::link) aliases: &'k AliasTable,
    pub(in crate::link) constraints: &'k Constraints,
}
