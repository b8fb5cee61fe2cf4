//! The languages of documents, and the models that know them.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::str::FromStr;

use anyhow::{Result, bail};
use clap::ValueEnum;

use crate::io::Notice;
use crate::model::{Card, Source, embedded, installed};
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

/// The language of the documents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum LanguageOfAll {
    /// As each of them shows.
    Auto,
    /// This one, by its tag.
    One(String),
}

impl FromStr for LanguageOfAll {
    type Err = Infallible;

    fn from_str(tag: &str) -> std::result::Result<Self, Infallible> {
        Ok(if tag == "auto" { Self::Auto } else { Self::One(tag.to_ascii_lowercase()) })
    }
}

impl std::fmt::Display for LanguageOfAll {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Auto => "auto",
            Self::One(tag) => tag,
        })
    }
}

/// Whether a document is not in English, as far as can be told.
pub(crate) fn is_foreign(document: &Document) -> bool {
    Language::of(document).is_some_and(|language| !language.is_english())
}

/// The models that are here, by their names, with their languages: the built-in one first.
fn models() -> Vec<(String, Card)> {
    let names = embedded().iter().map(|model| model.name().to_owned()).chain(installed());
    names.filter_map(|name| Some((name.clone(), Source::find(&name).ok()?.card().ok()?))).collect()
}

/// The models that --model and --language ask for.
#[derive(Debug)]
pub(crate) struct Models {
    /// The one that tags all documents, or those in English; `None` means the built-in one.
    pub(crate) name: Option<String>,
    /// The one that tags documents in other languages, and its languages.
    pub(crate) other: Option<(String, Vec<String>)>,
}

impl Models {
    pub(crate) fn chosen(model: Option<&str>, language: Option<&LanguageOfAll>) -> Result<Self> {
        Ok(match language {
            None => Self { name: model.map(str::to_owned), other: None },
            Some(LanguageOfAll::One(tag)) => Self { name: Some(model_for(tag)?), other: None },
            Some(LanguageOfAll::Auto) => Self { name: None, other: Some(model_for_others()?) },
        })
    }
}

/// The first model that is here for a language.
fn model_for(tag: &str) -> Result<String> {
    let models = models();
    if let Some((name, _)) = models.iter().find(|(_, card)| card.languages.iter().any(|known| known == tag)) {
        return Ok(name.clone());
    }
    let known: Vec<String> =
        models.iter().map(|(name, card)| format!("{name}: {}", card.languages.join(" "))).collect();
    bail!("--language: expected auto or a language that a model here is for ({}), found {tag:?}", known.join("; "))
}

/// The model that is here for most languages, with its languages.
fn model_for_others() -> Result<(String, Vec<String>)> {
    let models = models().into_iter().filter(|(_, card)| card.languages.iter().any(|tag| tag != "en"));
    match models.max_by_key(|(_, card)| card.languages.len()) {
        Some((name, card)) => Ok((name, card.languages)),
        None => bail!(
            "--language auto: expected a model for other languages than English, such as news-multi, in the folder models of a clone or in the \
             one that ALLONYM_MODELS names"
        ),
    }
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

    /// With another model, by its name, for other languages.
    pub(crate) fn with(self, other: &str, languages: &[String]) -> Self {
        let known = self.known.into_iter().chain(languages.iter().cloned()).collect();
        Self { known, other: Some(other.to_owned()), ..self }
    }

    /// Takes in a document, and says whether to go on with it.
    pub(crate) fn keep(&mut self, document: &Document) -> bool {
        let Some(language) = Language::of(document) else { return true };
        if !self.known.iter().any(|tag| tag == language.tag()) {
            self.foreign.add(&language, document);
            return self.action == OnLanguage::Warn;
        }
        if self.other.is_some() && !language.is_english() {
            self.taken.add(&language, document);
        }
        true
    }

    /// Says whether to leave out a document. One that is not left out is taken in later.
    pub(crate) fn skip(&mut self, document: &Document) -> bool {
        self.action == OnLanguage::Skip && !self.keep(document)
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
        assert!(!languages.keep(&Document::new("x", GERMAN)) && languages.keep(&Document::new("y", ENGLISH)));
        assert!(languages.keep(&Document::new("z", "Oslo, Bonn")));
        assert_eq!(
            notices(&mut languages),
            ["1 document not tagged, as the language is not English: 1 German (first \"x\")"]
        );
    }

    #[test]
    fn what_another_model_takes_is_said() {
        let mut languages = Languages::english(OnLanguage::Warn).with("news-multi", &["de".to_owned()]);
        for (id, text) in [("x", ENGLISH), ("y", GERMAN), ("z", "習近平抵達莫斯科")] {
            assert!(languages.keep(&Document::new(id, text)));
        }
        assert_eq!(
            notices(&mut languages),
            [
                "1 document tagged with news-multi: 1 German (first \"y\"); those in English with the built-in model",
                "1 document in languages that no model here was trained for: 1 Mandarin (first \"z\"); --on-language skip leaves such out"
            ]
        );
    }
}
