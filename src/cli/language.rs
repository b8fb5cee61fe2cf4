//! The languages of the documents of a run.

use std::collections::BTreeMap;

use clap::ValueEnum;

use crate::io::Notice;
use crate::model::Multilingual;
use crate::pipeline::Taker;
use crate::text::{Document, Language};

/// What to do about documents in another language than the model's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum OnLanguage {
    /// Tag them, and say how many there were
    #[default]
    Warn,
    /// Leave them out, and say how many there were
    Skip,
}

/// Counts the documents by their languages.
#[derive(Debug)]
pub(crate) struct Languages {
    action: OnLanguage,
    /// The tags of the languages that the models are for.
    known: Vec<String>,
    /// The model that takes those that are not in English, if there is one.
    other: Option<String>,
    foreign: Counts,
    /// Those that the other model takes.
    taken: Counts,
}

/// How many documents there are in some languages.
#[derive(Debug, Default)]
struct Counts {
    counts: BTreeMap<String, u64>,
    first: String,
}

impl Counts {
    fn add(&mut self, language: &Language, document: &Document) {
        if self.counts.is_empty() {
            self.first.clone_from(&document.id);
        }
        *self.counts.entry(language.to_string()).or_default() += 1;
    }

    /// The counts, the largest first, and the id of the first document; `None` if there are none.
    fn take(&mut self) -> Option<(Vec<(String, u64)>, String)> {
        let mut counts: Vec<(String, u64)> = std::mem::take(&mut self.counts).into_iter().collect();
        counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        (!counts.is_empty()).then(|| (counts, std::mem::take(&mut self.first)))
    }
}

impl Languages {
    /// For a model that only knows English.
    pub(crate) fn english(action: OnLanguage) -> Self {
        let known = vec!["en".to_owned()];
        Self { action, known, other: None, foreign: Counts::default(), taken: Counts::default() }
    }

    /// With another model for other languages.
    pub(crate) fn with(self, other: &Multilingual) -> Self {
        let known = self.known.into_iter().chain(other.languages.iter().cloned()).collect();
        Self { known, other: Some(other.name.clone()), ..self }
    }

    /// Takes in a document, and says which model takes it; `None` if it is left out.
    pub(crate) fn take(&mut self, document: &Document) -> Option<Taker> {
        let Some(language) = Language::of(document) else { return Some(Taker::First) };
        if !self.is_known(&language) {
            self.foreign.add(&language, document);
            if self.action == OnLanguage::Skip {
                return None;
            }
        } else if self.other.is_some() && !language.is_english() {
            self.taken.add(&language, document);
        }
        Some(if language.is_english() { Taker::First } else { Taker::Other })
    }

    /// Says whether to leave out a document. One that is not left out is taken in later.
    pub(crate) fn skip(&mut self, document: &Document) -> bool {
        let language = Language::of(document).filter(|_| self.action == OnLanguage::Skip);
        let foreign = language.filter(|language| !self.is_known(language));
        foreign.inspect(|language| self.foreign.add(language, document)).is_some()
    }

    fn is_known(&self, language: &Language) -> bool {
        self.known.iter().any(|tag| tag == language.tag())
    }

    pub(crate) fn notices(&mut self) -> Vec<Notice> {
        let skipped = self.action == OnLanguage::Skip;
        let foreign = self.foreign.take().map(|(counts, first)| Notice::Foreign {
            counts,
            first,
            skipped,
            only_english: self.other.is_none(),
        });
        let taken = self.other.clone().zip(self.taken.take());
        let taken = taken.map(|(model, (counts, first))| Notice::OtherModel { model, counts, first });
        taken.into_iter().chain(foreign).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GERMAN: &str = "Die Ministerin reiste am Montag nach Oslo, wo sie mit ihren Kollegen über die Lage im Norden sprach. Am \
                          Abend kehrte sie nach Berlin zurück und sagte, die Gespräche seien gut verlaufen.";
    const ENGLISH: &str = "The minister went to Oslo on Monday, where she spoke with her colleagues about the north. In the evening she \
                           returned to Berlin and said that the talks had gone well.";

    fn notices(languages: &mut Languages) -> Vec<String> {
        languages.notices().iter().map(ToString::to_string).collect()
    }

    #[test]
    fn only_what_is_surely_foreign_is() {
        let mut languages = Languages::english(OnLanguage::Skip);
        let mut take = |id: &str, text: &str| languages.take(&Document::new(id, text));
        assert_eq!(take("x", GERMAN), None);
        assert_eq!((take("y", ENGLISH), take("z", "Oslo, Bonn")), (Some(Taker::First), Some(Taker::First)));
        assert_eq!(
            notices(&mut languages),
            ["1 document not tagged, as the language is not English: 1 German (first \"x\")"]
        );
    }

    #[test]
    fn what_another_model_takes_is_said() {
        let other = Multilingual { name: "news-multi".to_owned(), languages: vec!["de".to_owned()] };
        let mut languages = Languages::english(OnLanguage::Warn).with(&other);
        for (id, text, taker) in
            [("x", ENGLISH, Taker::First), ("y", GERMAN, Taker::Other), ("z", "習近平抵達莫斯科", Taker::Other)]
        {
            assert_eq!(languages.take(&Document::new(id, text)), Some(taker), "{id}");
        }
        assert_eq!(
            notices(&mut languages),
            [
                "1 document tagged with news-multi: 1 German (first \"y\"); those in English with the built-in model",
                "1 document in languages that no model here was trained for: 1 Mandarin (first \"z\"); --on-language skip leaves such out"
            ]
        );
    }

    #[test]
    fn a_document_that_is_taken_in_later_counts_once() {
        let other = Multilingual { name: "news-multi".to_owned(), languages: vec!["de".to_owned()] };
        let mut languages = Languages::english(OnLanguage::Skip).with(&other);
        let german = Document::new("y", GERMAN);
        assert!(!languages.skip(&german) && languages.skip(&Document::new("z", "習近平抵達莫斯科")));
        assert_eq!(languages.take(&german), Some(Taker::Other));
        let notices = notices(&mut languages);
        assert!(notices[0].starts_with("1 document tagged with news-multi: 1 German"), "{notices:?}");
        assert!(notices[1].starts_with("1 document not tagged"), "{notices:?}");
    }
}
