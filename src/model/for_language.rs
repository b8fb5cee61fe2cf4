//! Which of the models that are here is for a language.

use std::convert::Infallible;
use std::fmt;
use std::str::FromStr;

use super::error::Error;
use super::registry::{Card, Source, embedded, installed};

/// The language of documents, which chooses the models that tag them. Read from `auto` or a tag of BCP 47, such as `fa`.
///
/// ```
/// # #[cfg(feature = "embedded-model")] {
/// use allonym::model::ForLanguage;
///
/// let language: ForLanguage = "en".parse()?;
/// assert_eq!(language.models()?.name.as_deref(), Some("news-en-small"));
/// # }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ForLanguage {
    /// As each document shows: one model for those in English, another one for all others.
    Auto,
    /// The language of all, by its tag.
    One(String),
}

/// The models that tag, by the names that [`Source::find`] knows them by.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Models {
    /// The one that tags all documents, or where there is another one, those in English; `None` is the built-in one.
    pub name: Option<String>,
    /// The one that tags documents in other languages.
    pub other: Option<Multilingual>,
}

/// A model for other languages than English.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Multilingual {
    /// Its name.
    pub name: String,
    /// The tags of its languages.
    pub languages: Vec<String>,
}

impl Models {
    /// One model for all documents, by its name.
    pub fn named(name: Option<String>) -> Self {
        Self { name, other: None }
    }
}

impl ForLanguage {
    /// The models that are here for the language: the first one that knows it, the built-in one before all. For [`Auto`](Self::Auto), the
    /// built-in one, and the one that knows most languages.
    ///
    /// # Errors
    /// [`Error::NoLanguage`] where no model knows the language, [`Error::NoMultilingual`] where none knows another one than English.
    pub fn models(&self) -> Result<Models, Error> {
        Ok(match self {
            Self::Auto => Models { name: None, other: Some(most_languages()?) },
            Self::One(tag) => Models::named(Some(first_for(tag)?)),
        })
    }
}

impl FromStr for ForLanguage {
    type Err = Infallible;

    fn from_str(tag: &str) -> Result<Self, Infallible> {
        Ok(if tag == "auto" { Self::Auto } else { Self::One(tag.to_ascii_lowercase()) })
    }
}

impl fmt::Display for ForLanguage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Auto => "auto",
            Self::One(tag) => tag,
        })
    }
}

/// The models that are here, by their names, with what is known about them: the built-in one first.
fn cards() -> Vec<(String, Card)> {
    let names = embedded().iter().map(|model| model.name().to_owned()).chain(installed());
    names.filter_map(|name| Some((name.clone(), Source::find(&name).ok()?.card().ok()?))).collect()
}

fn first_for(tag: &str) -> Result<String, Error> {
    let cards = cards();
    if let Some((name, _)) = cards.iter().find(|(_, card)| card.languages.iter().any(|known| known == tag)) {
        return Ok(name.clone());
    }
    let known: Vec<String> = cards.iter().map(|(name, card)| format!("{name}: {}", card.languages.join(" "))).collect();
    Err(Error::NoLanguage { known: known.join("; "), found: tag.to_owned() })
}

fn most_languages() -> Result<Multilingual, Error> {
    let cards = cards().into_iter().filter(|(_, card)| card.languages.iter().any(|tag| tag != "en"));
    match cards.max_by_key(|(_, card)| card.languages.len()) {
        Some((name, card)) => Ok(Multilingual { name, languages: card.languages }),
        None => Err(Error::NoMultilingual),
    }
}
