//! How did an entity come together?

use std::fmt;

use super::reason::{Reason, Scope};
use crate::link::names;

/// The tree of merges of one entity: its fullest name at the top, below each name those that were attached to it.
#[derive(Clone, Debug, PartialEq)]
pub struct Explanation {
    /// The entity's id.
    pub id: String,
    /// The entity's canonical name.
    pub name: String,
    /// The names that no other name of the entity has below it; mostly one.
    pub roots: Vec<Step>,
}

/// One name of an entity, and what was attached to it.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// The name, in its most frequent surface.
    pub name: String,
    /// The label of its mentions.
    pub label: String,
    /// How many mentions have it.
    pub mentions: usize,
    /// Why it was attached to the name above it; `None` at the top.
    pub merge: Option<Merge>,
    /// What was attached to it.
    pub below: Vec<Step>,
}

/// Why one name was attached to another.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Merge {
    /// What in the names or in the text speaks for it.
    pub reason: Reason,
    /// What makes that enough.
    pub scope: Scope,
    /// How sure it is, from 0 to 1.
    pub probability: f32,
    /// In how many documents it was found; 0 for what holds in the whole corpus.
    pub documents: usize,
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.id, self.name)?;
        self.roots.iter().try_for_each(|root| root.write(f, 1, None))
    }
}

impl Step {
    fn write(&self, f: &mut fmt::Formatter<'_>, depth: usize, above: Option<&str>) -> fmt::Result {
        write!(f, "\n{:1$}{2} [{3}] x{4}", "", 2 * depth, self.name, self.label, self.mentions)?;
        if let Some(merge) = &self.merge {
            write!(f, ": {merge}")?;
            if let (Reason::Name, Some(above)) = (merge.reason, above) {
                write!(f, " ({})", names::compare(&self.name, above))?;
            }
        }
        self.below.iter().try_for_each(|step| step.write(f, depth + 1, Some(&self.name)))
    }
}

impl fmt::Display for Merge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, {}", self.reason, self.scope)?;
        if self.documents > 1 {
            write!(f, " ({} documents)", self.documents)?;
        }
        write!(f, ", {:.3}", self.probability)
    }
}
