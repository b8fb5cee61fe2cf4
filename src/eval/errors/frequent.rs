//! Which errors come again and again?

use std::borrow::Cow;
use std::collections::HashMap;

use rayon::prelude::*;
use serde::Serialize;

use super::{Context, ErrorClass, MentionError, context, one_line};
use crate::eval::{Corpus, Item, Side};
use crate::label::LabelId;

/// How many places are shown of each.
const PLACES: usize = 3;

/// What a mention looks like.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Surface {
    /// Its text, with every run of white space as one space.
    pub text: String,
    /// Its label.
    pub label: String,
}

/// Where an error stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Place {
    /// The document's id.
    pub document: String,
    /// The text from the error's first byte to its last, with what stands around it.
    pub context: Context,
}

/// Errors of one class between the same surfaces with the same labels.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FrequentError {
    /// What kind of error it is.
    pub class: ErrorClass,
    /// The gold mentions in the order of the text.
    pub gold: Vec<Surface>,
    /// The predicted mentions in the order of the text.
    pub predicted: Vec<Surface>,
    /// How often it occurs.
    pub count: u64,
    /// The first three places, in the order of the text.
    pub places: Vec<Place>,
}

type Marked<'c> = Vec<(Cow<'c, str>, LabelId)>;

/// Groups errors by class, surfaces and labels, the most frequent first, those of one count by their texts.
///
/// # Panics
/// When the errors are of another corpus or system.
pub fn frequent(corpus: &Corpus, system: usize, errors: &[MentionError]) -> Vec<FrequentError> {
    let mut groups: HashMap<(ErrorClass, Marked<'_>, Marked<'_>), (u64, Vec<&MentionError>)> = HashMap::new();
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
    let named = |marked: Marked<'_>| -> Vec<Surface> {
        marked
            .into_iter()
            .map(|(text, label)| Surface { text: text.into_owned(), label: corpus.labels.label(label).to_string() })
            .collect()
    };
    let groups: Vec<_> = groups.into_iter().collect();
    let mut frequent: Vec<FrequentError> = groups
        .into_par_iter()
        .map(|((class, gold, predicted), (count, places))| {
            let places = places
                .into_iter()
                .map(|error| {
                    let document = &corpus.documents[error.document];
                    let context = context(&document.text, error.span(corpus, system));
                    Place { document: document.id.clone(), context }
                })
                .collect();
            FrequentError { class, gold: named(gold), predicted: named(predicted), count, places }
        })
        .collect();
    frequent.par_sort_unstable_by(|one, other| {
        let texts = || one.gold.cmp(&other.gold).then_with(|| one.predicted.cmp(&other.predicted));
        other.count.cmp(&one.count).then_with(texts).then_with(|| one.class.cmp(&other.class))
    });
    frequent
}

fn surfaces<'c>(text: &'c str, items: &[Item], places: &[usize]) -> Marked<'c> {
    places
        .iter()
        .map(|&index| (one_line(items[index].span.slice(text).unwrap_or_default()), items[index].label))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::errors::errors;
    use crate::eval::errors::fixture::{corpus, paired};

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
            Context { before: String::new(), marked: "Bonn Times".into(), after: " and Bonn Times, Bonn".into() };
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
