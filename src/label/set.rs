//! An ordered set of labels.

use crate::text::Label;

/// The index of a label in its [`LabelSet`], from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LabelId(pub u16);

/// An ordered set of labels.
///
/// ```
/// use allonym::label::LabelSet;
///
/// let mut labels = LabelSet::new();
/// let person = labels.add("PER");
/// labels.add("LOC");
/// assert_eq!(labels.add("PER"), person);
/// assert_eq!(labels.len(), 2);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LabelSet(Vec<Label>);

impl LabelSet {
    /// An empty set.
    pub fn new() -> Self {
        Self::default()
    }

    /// The number of labels, at most 65,536.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether the set is empty.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The id of the label of this name, which is appended if it is new.
    ///
    /// `None` if the set is full.
    pub fn add(&mut self, name: &str) -> Option<LabelId> {
        if let Some(id) = self.id(name) {
            return Some(id);
        }
        let id = u16::try_from(self.0.len()).ok()?;
        self.0.push(Label::new(name));
        Some(LabelId(id))
    }

    /// The id of the label of this name.
    pub fn id(&self, name: &str) -> Option<LabelId> {
        let index = self.0.iter().position(|label| label.as_str() == name)?;
        u16::try_from(index).ok().map(LabelId)
    }

    /// The label of this id.
    ///
    /// # Panics
    /// When the id belongs to another set and is out of range in this one.
    pub fn label(&self, id: LabelId) -> &Label {
        &self.0[usize::from(id.0)]
    }

    /// The labels, in the order of their ids.
    pub fn iter(&self) -> impl Iterator<Item = &Label> {
        self.0.iter()
    }
}
