//! Which labels are there, and in which order?

use crate::text::Label;

/// A label's place in its [`LabelSet`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LabelId(pub u16);

/// Labels in an order of their own, each once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LabelSet(Vec<Label>);

impl LabelSet {
    /// No labels.
    pub fn new() -> Self {
        Self::default()
    }

    /// How many labels there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The id of the label of this name, which becomes the last one where it was not there.
    ///
    /// `None` when the set is full: it holds 65,536 labels.
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
    /// When the id comes from another set and is out of range here.
    pub fn label(&self, id: LabelId) -> &Label {
        &self.0[usize::from(id.0)]
    }

    /// The labels in order.
    pub fn iter(&self) -> impl Iterator<Item = &Label> {
        self.0.iter()
    }
}
