//! Documents in another language than the model's.

use std::collections::BTreeMap;

use clap::ValueEnum;
use whatlang::{Lang, detect};

use crate::io::Notice;
use crate::text::Document;

/// What to do about documents in another language than the model's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum OnLanguage {
    /// Tag them, and say how many there were
    #[default]
    Warn,
    /// Leave them out, and say how many there were
    Skip,
}

/// How much of a text is looked at, in bytes.
const LOOKED_AT: usize = 4000;
/// A shorter text, in letters, is too short to tell.
const SHORTEST: usize = 120;

/// Counts the documents that are not in English.
#[derive(Debug, Default)]
pub(crate) struct Languages {
    action: OnLanguage,
    counts: BTreeMap<String, u64>,
    first: String,
}

impl Languages {
    pub(crate) fn new(action: OnLanguage) -> Self {
        Self { action, ..Self::default() }
    }

    /// Takes in a document, and says whether to go on with it.
    pub(crate) fn keep(&mut self, document: &Document) -> bool {
        let Some(language) = foreign(document) else { return true };
        if self.counts.is_empty() {
            self.first.clone_from(&document.id);
        }
        *self.counts.entry(language).or_default() += 1;
        self.action == OnLanguage::Warn
    }

    /// Says whether to leave out a document. One that is not left out is taken in later.
    pub(crate) fn skip(&mut self, document: &Document) -> bool {
        self.action == OnLanguage::Skip && !self.keep(document)
    }

    pub(crate) fn notice(&mut self) -> Option<Notice> {
        let mut counts: Vec<(String, u64)> = std::mem::take(&mut self.counts).into_iter().collect();
        counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        let first = std::mem::take(&mut self.first);
        (!counts.is_empty()).then_some(Notice::Foreign { counts, first, skipped: self.action == OnLanguage::Skip })
    }
}

/// The name of the language of a document, if it is not English: as the text shows, or where that is too short, as the document says.
fn foreign(document: &Document) -> Option<String> {
    let end = (0..=LOOKED_AT.min(document.text.len())).rfind(|&end| document.text.is_char_boundary(end))?;
    let head = &document.text[..end];
    let is_long = head.chars().filter(|c| c.is_alphabetic()).nth(SHORTEST).is_some();
    if let Some(info) = detect(head).filter(|info| is_long && info.is_reliable()) {
        return (info.lang() != Lang::Eng).then(|| info.lang().eng_name().to_owned());
    }
    let said = document.extra.get("lang").or_else(|| document.extra.get("language"))?;
    let code = said.as_str()?.split(['-', '_']).next()?.to_ascii_lowercase();
    let is_code = (2..=3).contains(&code.len()) && code.bytes().all(|byte| byte.is_ascii_lowercase());
    (is_code && !["en", "eng"].contains(&code.as_str())).then_some(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_surely_foreign_is() {
        let german = "Die Ministerin reiste am Montag nach Oslo, wo sie mit ihren Kollegen über die Lage im Norden sprach. Am \
                      Abend kehrte sie nach Berlin zurück und sagte, die Gespräche seien gut verlaufen.";
        let english = "The minister went to Oslo on Monday, where she spoke with her colleagues about the north. In the evening she \
                       returned to Berlin and said that the talks had gone well.";
        let said = |text: &str, lang: Option<&str>| {
            let mut document = Document::new("a", text);
            lang.into_iter().for_each(|lang| document.extra.insert("lang".to_owned(), lang.into()));
            foreign(&document)
        };
        assert_eq!(said(german, None).as_deref(), Some("German"));
        assert_eq!(said(german, Some("en-US")).as_deref(), Some("German"), "pages often say what they are not");
        assert_eq!(said(english, Some("de")), None);
        assert_eq!(said("Oslo, Bonn", None), None);
        assert_eq!(said("Oslo, Bonn", Some("nb-NO")).as_deref(), Some("nb"));
        assert_eq!(said("", None), None);
        let mut languages = Languages::new(OnLanguage::Skip);
        assert!(!languages.keep(&Document::new("x", german)) && languages.keep(&Document::new("y", english)));
        let notice = languages.notice().expect("one is German").to_string();
        assert_eq!(notice, "1 document not tagged, as the language is not English: 1 German (first \"x\")");
    }
}
