//! Which errors occur again and again?

use std::borrow::Cow;
use std::collections::HashMap;

use rayon::prelude::*;
use serde::Serialize;

use super::class::{ErrorClass, MentionError};
use crate::eval::excerpt::{Excerpt, one_line};
use crate::eval::{Corpus, Item, Side};
use crate::label::LabelId;

/// The highest number of places per error.
const PLACES: usize = 3;

/// The text and label of a mention.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub(crate) struct Surface {
    /// The text, with every run of white space as one space.
    pub(crate) text: String,
    pub(crate) label: String,
}

/// Where an error occurs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Place {
    /// The document's id.
    pub(crate) document: String,
    /// The text from the first to the last byte of the error.
    pub(crate) context: Excerpt,
}

/// Errors of one class with the same surfaces.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct FrequentError {
    pub(crate) class: ErrorClass,
    /// The gold mentions, in the order of the text.
    pub(crate) gold: Vec<Surface>,
    /// The predictions, in the order of the text.
    pub(crate) predicted: Vec<Surface>,
    /// How often the error occurs.
    pub(crate) count: u64,
    /// The first three places, in the order of the text.
    pub(crate) places: Vec<Place>,
}

/// Surfaces with the ids of their labels.
type Surfaces<'c> = Vec<(Cow<'c, str>, LabelId)>;

/// Groups errors by class and surfaces, the most frequent first, then by their surfaces.
pub(crate) fn frequent(corpus: &Corpus, system: usize, errors: &[MentionError]) -> Vec<FrequentError> {
    let mut groups: HashMap<(ErrorClass, Surfaces<'_>, Surfaces<'_>), (u64, Vec<&MentionError>)> = HashMap::new();
    for error in errors {
        let document = &corpus.documents[error.document];
        let gold = surfaces(&document.text, document.items(Side::Gold), &error.gold);
        let predicted = surfaces(&document.text, document.items(Side::System(system)), &error.predicted);
        let (count, places) = groups.entry((error.class, gold, predicted)).or_default();
        *count += 1;
        if places.len() < PLACES {
            places.push(error);
        }
    }
    let named = |surfaces: Surfaces<'_>| -> Vec<Surface> {
        let label = |label: LabelId| corpus.labels.label(label).to_string();
        surfaces.into_iter().map(|(text, id)| Surface { text: text.into_owned(), label: label(id) }).collect()
    };
    let groups: Vec<_> = groups.into_iter().collect();
    let mut frequent: Vec<FrequentError> = groups
        .into_par_iter()
        .map(|((class, gold, predicted), (count, places))| {
            let place = |error: &MentionError| {
                let document = &corpus.documents[error.document];
                let context = Excerpt::new(&document.text, error.span(corpus, system));
                Place { document: document.id.clone(), context }
            };
            let places = places.into_iter().map(place).collect();
            FrequentError { class, gold: named(gold), predicted: named(predicted), count, places }
        })
        .collect();
    frequent.par_sort_unstable_by(|one, other| {
        let texts = || one.gold.cmp(&other.gold).then_with(|| one.predicted.cmp(&other.predicted));
        other.count.cmp(&one.count).then_with(texts).then_with(|| one.class.cmp(&other.class))
    });
    frequent
}

fn surfaces<'c>(text: &'c str, items: &[Item], indices: &[usize]) -> Surfaces<'c> {
    let surface = |item: Item| (one_line(item.span.slice(text).unwrap_or_default()), item.label);
    indices.iter().map(|&index| surface(items[index])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::errors::errors;
    use crate::eval::fixture::{corpus, paired};

    #[test]
    fn the_most_frequent_come_first() {
        let text = "Bonn\nTimes and Bonn Times, Bonn";
        let gold = [(0, 10, 1, None), (15, 25, 1, None), (27, 31, 2, None)];
        let predicted = [(0, 4, 2, None), (15, 19, 2, None), (27, 31, 0, None)];
        let corpus = corpus(vec![paired(text, &gold, &predicted), paired("Ann of Bonn", &[(7, 11, 2, None)], &[])]);
        let got = frequent(&corpus, 0, &errors(&corpus, 0));
        let surface = |text: &str, label: &str| Surface { text: text.into(), label: label.into() };
        let brief: Vec<_> =
            got.iter().map(|error| (error.class, &error.gold[..], &error.predicted[..], error.count)).collect();
        assert_eq!(
            brief,
            [
                (ErrorClass::BoundaryAndType, &[surface("Bonn Times", "ORG")][..], &[surface("Bonn", "LOC")][..], 2),
                (ErrorClass::Missed, &[surface("Bonn", "LOC")][..], &[][..], 1),
                (ErrorClass::WrongType, &[surface("Bonn", "LOC")][..], &[surface("Bonn", "PER")][..], 1),
            ]
        );
        assert_eq!(got[0].places.len(), 2);
        assert_eq!(got[0].places[0].document, "toy0");
        let context =
            Excerpt { before: String::new(), marked: "Bonn Times".into(), after: " and Bonn Times, Bonn".into() };
        assert_eq!(got[0].places[0].context, context);
        assert_eq!(got[1].places[0].document, "toy1");
    }

    #[test]
    fn shows_three_places_at_most() {
        let document = || paired("Ann", &[(0, 3, 0, None)], &[]);
        let corpus = corpus(vec![document(), document(), document(), document()]);
        let got = frequent(&corpus, 0, &errors(&corpus, 0));
        assert_eq!((got.len(), got[0].count), (1, 4));
        let places: Vec<&str> = got[0].places.iter().map(|place| place.document.as_str()).collect();
        assert_eq!(places, ["toy0", "toy1", "toy2"]);
    }
}
