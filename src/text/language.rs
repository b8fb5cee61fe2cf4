//! The language that a document is in.

use std::fmt;

use whatlang::{Lang, detect};

use super::Document;

/// How much of a text is looked at, in bytes.
const LOOKED_AT: usize = 4000;
/// A shorter text, in letters, is too short to tell.
const SHORTEST: usize = 120;

/// A short text is not in Latin letters when more than one letter in so many is another.
const ONE_IN: usize = 4;

/// Tags of two letters (ISO 639-1) for what has one; others have three (ISO 639-3).
#[rustfmt::skip]
const TAGS: &[(Lang, &str)] = &[
    (Lang::Epo, "eo"), (Lang::Eng, "en"), (Lang::Rus, "ru"), (Lang::Cmn, "zh"), (Lang::Spa, "es"), (Lang::Por, "pt"), (Lang::Ita, "it"),
    (Lang::Ben, "bn"), (Lang::Fra, "fr"), (Lang::Deu, "de"), (Lang::Ukr, "uk"), (Lang::Kat, "ka"), (Lang::Ara, "ar"), (Lang::Hin, "hi"),
    (Lang::Jpn, "ja"), (Lang::Heb, "he"), (Lang::Yid, "yi"), (Lang::Pol, "pl"), (Lang::Amh, "am"), (Lang::Jav, "jv"), (Lang::Kor, "ko"),
    (Lang::Nob, "nb"), (Lang::Dan, "da"), (Lang::Swe, "sv"), (Lang::Fin, "fi"), (Lang::Tur, "tr"), (Lang::Nld, "nl"), (Lang::Hun, "hu"),
    (Lang::Ces, "cs"), (Lang::Ell, "el"), (Lang::Bul, "bg"), (Lang::Bel, "be"), (Lang::Mar, "mr"), (Lang::Kan, "kn"), (Lang::Ron, "ro"),
    (Lang::Slv, "sl"), (Lang::Hrv, "hr"), (Lang::Srp, "sr"), (Lang::Mkd, "mk"), (Lang::Lit, "lt"), (Lang::Lav, "lv"), (Lang::Est, "et"),
    (Lang::Tam, "ta"), (Lang::Vie, "vi"), (Lang::Urd, "ur"), (Lang::Tha, "th"), (Lang::Guj, "gu"), (Lang::Uzb, "uz"), (Lang::Pan, "pa"),
    (Lang::Aze, "az"), (Lang::Ind, "id"), (Lang::Tel, "te"), (Lang::Pes, "fa"), (Lang::Mal, "ml"), (Lang::Ori, "or"), (Lang::Mya, "my"),
    (Lang::Nep, "ne"), (Lang::Sin, "si"), (Lang::Khm, "km"), (Lang::Tuk, "tk"), (Lang::Aka, "ak"), (Lang::Zul, "zu"), (Lang::Sna, "sn"),
    (Lang::Afr, "af"), (Lang::Lat, "la"), (Lang::Slk, "sk"), (Lang::Cat, "ca"), (Lang::Tgl, "tl"), (Lang::Hye, "hy"), (Lang::Cym, "cy"),
];

/// A language, by its tag of BCP 47, such as `en` or `fa`. Shown by its English name.
///
/// ```
/// use allonym::Document;
/// use allonym::text::Language;
///
/// let document = Document::new("1", "وزیر خارجه ایران روز دوشنبه وارد مسقط شد.");
/// assert_eq!(Language::of(&document).map(|language| language.tag().to_owned()), Some("fa".to_owned()));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Language {
    tag: String,
}

impl Language {
    /// The language of a document: as its letters and words show, or where they do not tell, as its field `lang` or `language` says.
    /// `None` where nothing tells.
    pub fn of(document: &Document) -> Option<Self> {
        let text = head(&document.text);
        let is_long = text.chars().filter(|c| c.is_alphabetic()).nth(SHORTEST).is_some();
        if is_long && let Some(info) = detect(text).filter(whatlang::Info::is_reliable) {
            return Some(Self::from(info.lang()));
        }
        if let Some(said) = said(document) {
            return Some(said);
        }
        // Other letters than Latin ones tell more than words do, and names of firms are Latin everywhere.
        let letters = text.chars().filter(|c| c.is_alphabetic()).count();
        let other: String = text.chars().filter(|c| !is_latin(*c)).collect();
        let is_other = ONE_IN * other.chars().filter(|c| c.is_alphabetic()).count() > letters;
        if is_other { detect(&other).map(|info| Self::from(info.lang())) } else { None }
    }

    /// Whether a document is in another language than English, as far as can be told.
    pub fn is_foreign(document: &Document) -> bool {
        Self::of(document).is_some_and(|language| !language.is_english())
    }

    /// The tag.
    pub fn tag(&self) -> &str {
        &self.tag
    }

    /// Whether this is English.
    pub fn is_english(&self) -> bool {
        self.tag == "en"
    }
}

impl From<Lang> for Language {
    fn from(lang: Lang) -> Self {
        let short = TAGS.iter().find(|(known, _)| *known == lang).map(|(_, tag)| *tag);
        Self { tag: short.unwrap_or_else(|| lang.code()).to_owned() }
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let known = TAGS.iter().find(|(_, tag)| *tag == self.tag).map(|(lang, _)| lang.eng_name());
        f.write_str(known.unwrap_or(&self.tag))
    }
}

/// Whether this is a letter of the Latin alphabet.
fn is_latin(c: char) -> bool {
    c.is_alphabetic() && matches!(c, '\0'..='\u{24f}' | '\u{1e00}'..='\u{1eff}')
}

/// The beginning of a text.
fn head(text: &str) -> &str {
    let end = (0..=LOOKED_AT.min(text.len())).rfind(|&end| text.is_char_boundary(end)).unwrap_or(0);
    &text[..end]
}

/// What a document says of its language.
fn said(document: &Document) -> Option<Language> {
    let said = document.extra.get("lang").or_else(|| document.extra.get("language"))?;
    let tag = said.as_str()?.split(['-', '_']).next()?.to_ascii_lowercase();
    let is_tag = (2..=3).contains(&tag.len()) && tag.bytes().all(|byte| byte.is_ascii_lowercase());
    is_tag.then(|| match tag.parse::<Lang>() {
        Ok(lang) => Language::from(lang),
        Err(_) => Language { tag },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_tells_before_what_is_said() {
        let german = "Die Ministerin reiste am Montag nach Oslo, wo sie mit ihren Kollegen über die Lage im Norden sprach. Am \
                      Abend kehrte sie nach Berlin zurück und sagte, die Gespräche seien gut verlaufen.";
        let english = "The minister went to Oslo on Monday, where she spoke with her colleagues about the north. In the evening she \
                       returned to Berlin and said that the talks had gone well.";
        let of = |text: &str, lang: Option<&str>| {
            let mut document = Document::new("a", text);
            lang.into_iter().for_each(|lang| document.extra.insert("lang".to_owned(), lang.into()));
            Language::of(&document).map(|language| (language.tag().to_owned(), language.to_string()))
        };
        let language = |tag: &str, name: &str| Some((tag.to_owned(), name.to_owned()));
        assert_eq!(of(german, None), language("de", "German"));
        assert_eq!(of(german, Some("en-US")), language("de", "German"), "pages often say what they are not");
        assert_eq!(of(english, Some("de")), language("en", "English"));
        assert_eq!(of("Oslo, Bonn", None), None);
        assert_eq!(of("Oslo, Bonn", Some("nb-NO")), language("nb", "Bokmal"));
        assert_eq!(of("Oslo, Bonn", Some("deu")), language("de", "German"));
        assert_eq!(of("Oslo, Bonn", Some("hau")), language("hau", "hau"));
        assert_eq!(of("", None), None);
        assert_eq!(
            of("Путин в Пекине", None).map(|(tag, _)| tag == "en"),
            Some(false),
            "no Latin letters, so not English"
        );
        assert_eq!(of("习近平抵达莫斯科", None), language("zh", "Mandarin"));
    }

    #[test]
    fn every_language_has_a_tag() {
        for lang in Lang::all() {
            assert!(TAGS.iter().any(|(known, _)| known == lang), "{lang:?}");
        }
    }
}
