//! The colours of labels.

use crate::text::Label;

/// The number of colours in the style.
const N_COLOURS: usize = 8;
/// The labels that always have the first colours, in this order.
const USUAL: [&str; 4] = ["PER", "ORG", "LOC", "MISC"];

/// The labels of a page, each with a colour: fixed ones for the usual labels, the rest in rotation for the others.
#[derive(Clone, Debug)]
pub(crate) struct Colours(Vec<Label>);

impl Default for Colours {
    fn default() -> Self {
        Self(USUAL.iter().map(|name| Label::new(name)).collect())
    }
}

impl Colours {
    /// The place of a label, which is added where it is new.
    pub(crate) fn place(&mut self, label: &Label) -> usize {
        match self.0.iter().position(|known| known == label) {
            Some(place) => place,
            None => {
                self.0.push(label.clone());
                self.0.len() - 1
            }
        }
    }

    /// The colour of the label in a place: the class `l` and this number.
    pub(crate) fn of_place(place: usize) -> usize {
        place % N_COLOURS
    }

    /// The colour of a label.
    pub(crate) fn of(&mut self, label: &Label) -> usize {
        Self::of_place(self.place(label))
    }

    /// The labels, by their places.
    #[cfg(feature = "files")]
    pub(crate) fn labels(&self) -> &[Label] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn usual_labels_have_fixed_colours() {
        let mut colours = Colours::default();
        let labels = ["ORG", "DATE", "PER", "GPE", "LAW", "ART", "LOC", "X", "DATE"];
        assert_eq!(labels.map(|label| colours.of(&Label::new(label))), [1, 4, 0, 5, 6, 7, 2, 0, 4]);
    }
}
