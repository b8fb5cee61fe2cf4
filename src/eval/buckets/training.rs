//! Which names and words did a system see in training?

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::eval::excerpt::one_line;
use crate::text::{Document, segment};

/// The surfaces and words of training documents, for reports that tell seen names from unseen ones.
///
/// Surfaces are compared with every run of white space as one space, labels by name. If the labels of the scored documents
/// are renamed, rename those of the training documents too.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TrainingNames {
    labels: HashMap<String, BTreeMap<String, u64>>,
    lower_case: HashSet<String>,
    words: HashMap<String, u64>,
}

impl TrainingNames {
    /// Counts the mentions and the words of documents.
    pub fn new<'d>(documents: impl IntoIterator<Item = &'d Document>) -> Self {
        let mut names = Self::default();
        for document in documents {
            for mention in &document.mentions {
                let surface = one_line(mention.span.slice(&document.text).unwrap_or_default());
                if !names.labels.contains_key(surface.as_ref()) {
                    names.lower_case.insert(surface.to_lowercase());
                }
                let labels = names.labels.entry(surface.into_owned()).or_default();
                *labels.entry(mention.label.to_string()).or_default() += 1;
            }
            for word in segment::words(document) {
                let text = word.span.slice(&document.text).unwrap_or_default();
                match names.words.get_mut(text) {
                    Some(count) => *count += 1,
                    None => {
                        names.words.insert(text.to_owned(), 1);
                    }
                }
            }
        }
        names
    }

    /// How many mentions with exactly this text have each label; `None` if there are none.
    pub(crate) fn labels(&self, surface: &str) -> Option<&BTreeMap<String, u64>> {
        self.labels.get(one_line(surface).as_ref())
    }

    /// Whether a mention has this text in any case.
    pub(crate) fn has_in_any_case(&self, surface: &str) -> bool {
        self.lower_case.contains(&one_line(surface).to_lowercase())
    }

    /// How often this word occurs, in this case.
    pub(crate) fn word_count(&self, word: &str) -> u64 {
        self.words.get(word).copied().unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{Label, Mention, Span};

    #[test]
    fn counts_names_and_words() {
        let mut one = Document::new("1", "Ann\nLee met Ann Lee of Ann");
        let mention = |start, end, label| Mention::new(Span::new(start, end), Label::new(label));
        one.mentions = vec![mention(0, 7, "PER"), mention(12, 19, "PER"), mention(23, 26, "LOC")];
        let mut two = Document::new("2", "Ann Lee");
        two.mentions = vec![mention(0, 7, "ORG")];
        let names = TrainingNames::new([&one, &two]);
        let want = BTreeMap::from([("ORG".to_owned(), 1), ("PER".to_owned(), 2)]);
        assert_eq!(names.labels("Ann Lee"), Some(&want));
        assert_eq!(names.labels("ANN LEE"), None);
        assert!(names.has_in_any_case("ANN  lee") && !names.has_in_any_case("Lee"));
        assert_eq!((names.word_count("Ann"), names.word_count("ann"), names.word_count("met")), (4, 0, 1));
    }
}
