//! How an entity came together.

use std::fmt;

use super::mentions::MentionStore;
use super::names;
use super::reason::{MergeReason, MergeScope};
#[cfg(feature = "files")]
use crate::io::Merged;

/// The merges of one entity as a tree: at the root its fullest name, below each name those that were attached to it.
///
/// It displays as an indented list with one name a line:
///
/// ```
/// use allonym::link::Linker;
/// use allonym::{Document, Label, Mention, Span};
///
/// let text = "Shah Mehmood Qureshi left. Qureshi flew home.";
/// let mut documents = [Document::new("a", text)];
/// for (start, end) in [(0, 20), (27, 34)] {
///     documents[0].mentions.push(Mention::new(Span::new(start, end), Label::new("PER")));
/// }
/// let links = Linker::default().link_documents(&mut documents)?;
/// let explanation = links.explain(&documents[0].entities[0].id).expect("the entity is one of these links");
/// assert!(explanation.to_string().ends_with(
///     "Shah Mehmood Qureshi [PER] x1\n    Qureshi [PER] x1: surname alone, in one document, 0.970"
/// ));
/// # Ok::<(), allonym::link::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Explanation {
    /// The entity's id.
    pub id: String,
    /// The entity's canonical name.
    pub name: String,
    /// Names that are attached to no other; mostly one.
    pub roots: Vec<MergeNode>,
}

/// One name of an entity, and the names attached to it.
#[derive(Clone, Debug, PartialEq)]
pub struct MergeNode {
    /// The name in its most frequent surface.
    pub name: String,
    /// Label of most of its mentions.
    pub label: String,
    /// Number of mentions with this name.
    pub mentions: usize,
    /// Why it was attached to the name above it; `None` for a root.
    pub merge: Option<Merge>,
    /// Names attached to it.
    pub children: Vec<MergeNode>,
}

/// Why one name was attached to another.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Merge {
    /// What in the names or in the text speaks for it.
    pub reason: MergeReason,
    /// Where the two names met.
    pub scope: MergeScope,
    /// How sure it is, from 0 to 1.
    pub probability: f32,
    /// Number of documents in which it was found; 0 for a merge that holds in the whole corpus.
    pub documents: usize,
}

/// A name of an entity: the ids of its most frequent surface and label in the [store](super::MentionStore), and its mentions.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CountedName {
    pub(crate) surface: u32,
    pub(crate) label: u32,
    pub(crate) mentions: usize,
}

impl CountedName {
    fn node(self, mentions: &MentionStore) -> MergeNode {
        let name = mentions.surfaces[self.surface as usize].to_owned();
        let label = mentions.labels[self.label as usize].to_string();
        MergeNode { name, label, mentions: self.mentions, merge: None, children: Vec::new() }
    }
}

/// A merge of two names of an entity, by index.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NameMerge {
    pub(crate) from: usize,
    pub(crate) to: usize,
    pub(crate) merge: Merge,
}

#[cfg(feature = "files")]
impl Explanation {
    /// The merges as a table of entities lists them, from the top down.
    ///
    /// ```
    /// use allonym::io::{EntityForm, EntityWriter};
    /// use allonym::link::Linker;
    /// use allonym::{Document, Label, Mention, Span};
    ///
    /// let mut documents = ["Abbas Araghchi", "Abbas Aragchi", "Abbas Araghchi"].map(|text| Document::new("", text));
    /// for document in &mut documents {
    ///     document.mentions.push(Mention::new(Span::new(0, document.text.len()), Label::new("PER")));
    /// }
    /// let links = Linker::default().link_documents(&mut documents)?;
    ///
    /// let mut table = Vec::new();
    /// let mut writer = EntityWriter::new(EntityForm::Tsv, &mut table)?;
    /// for (entity, explanation) in links.explained() {
    ///     writer.write(entity, &explanation.merged())?;
    /// }
    /// writer.finish()?;
    /// let table = String::from_utf8(table)?;
    /// assert!(table.contains("\tAbbas Araghchi\tPER\t3\t3\tAbbas Araghchi (2); Abbas Aragchi (1)\t"));
    /// assert!(table.contains("\tAbbas Aragchi = Abbas Araghchi: names of one person, in the corpus"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn merged(&self) -> Vec<Merged> {
        let mut merges = Vec::new();
        self.roots.iter().for_each(|root| root.list_merges(&mut merges));
        merges
    }
}

impl MergeNode {
    #[cfg(feature = "files")]
    fn list_merges(&self, merges: &mut Vec<Merged>) {
        for child in &self.children {
            if let Some(merge) = &child.merge {
                let (name, into) = (child.name.clone(), self.name.clone());
                merges.push(Merged { name, into, reason: merge.reasons(), probability: merge.probability });
            }
            child.list_merges(merges);
        }
    }

    /// The trees of some names and the merges between them.
    pub(super) fn forest(names: &[CountedName], merges: &[NameMerge], mentions: &MentionStore) -> Vec<Self> {
        let mut left: Vec<Option<Self>> = names.iter().map(|name| Some(name.node(mentions))).collect();
        let mut roots = Vec::new();
        for start in 0..names.len() {
            if left[start].is_some() {
                roots.push(grow(start, None, &mut left, merges));
            }
        }
        roots
    }

    fn write(&self, f: &mut fmt::Formatter<'_>, depth: usize, above: Option<&str>) -> fmt::Result {
        write!(f, "\n{:1$}{2} [{3}] x{4}", "", 2 * depth, self.name, self.label, self.mentions)?;
        if let Some(merge) = &self.merge {
            write!(f, ": {merge}")?;
            if let (MergeReason::Name, Some(above)) = (merge.reason, above) {
                write!(f, " ({})", names::compare(&self.name, above))?;
            }
        }
        self.children.iter().try_for_each(|child| child.write(f, depth + 1, Some(&self.name)))
    }
}

/// Takes a name out of `left`, and all that merges attach to it, directly or through others.
fn grow(at: usize, merge: Option<Merge>, left: &mut [Option<MergeNode>], merges: &[NameMerge]) -> MergeNode {
    let mut node = left[at].take().expect("a name is taken once");
    node.merge = merge;
    for &NameMerge { from, to, merge } in merges {
        let other = if to == at {
            from
        } else if from == at {
            to
        } else {
            continue;
        };
        if left[other].is_some() {
            let child = grow(other, Some(merge), left, merges);
            node.children.push(child);
        }
    }
    node
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.id, self.name)?;
        self.roots.iter().try_for_each(|root| root.write(f, 1, None))
    }
}

impl Merge {
    /// Everything but the probability, as a phrase.
    fn reasons(&self) -> String {
        let mut text = format!("{}, {}", self.reason, self.scope);
        if self.documents > 1 {
            text += &format!(" ({} documents)", self.documents);
        }
        text
    }
}

impl fmt::Display for Merge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, {:.3}", self.reasons(), self.probability)
    }
}
