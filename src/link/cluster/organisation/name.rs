//! The parts of an organisation's name.

use super::acronym::initials;
use crate::lexicon::Lexicon;
use crate::link::normalise::without_legal_form;

/// What the words of an organisation's name say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::link::cluster) struct OrganisationName {
    /// The name without its legal form, if it has one.
    without_legal_form: Option<Box<str>>,
    /// Ministries and departments only.
    pub(in crate::link::cluster) ministry: Option<Box<Ministry>>,
    /// Initials, separated by spaces.
    initials: Box<str>,
}

/// A ministry or department, in whatever word order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::link::cluster) struct Ministry {
    /// What it is for: "foreign".
    pub(in crate::link::cluster) topic: String,
    /// Whose it is: "pakistan"; empty if the name does not say.
    pub(in crate::link::cluster) state: String,
}

impl OrganisationName {
    /// Parses a normalised name.
    pub(in crate::link::cluster) fn new(text: &str) -> Self {
        let words: Vec<&str> = text.split(' ').collect();
        let core = without_legal_form(text);
        let of_core: Vec<&str> = core.split(' ').collect();
        let without_legal_form = (core.len() < text.len()).then(|| core.into());
        let initials = initials(&of_core).join(" ").into_boxed_str();
        Self { without_legal_form, ministry: Ministry::new(&words).map(Box::new), initials }
    }

    /// Initials: of all words, and without those that acronyms leave out.
    pub(in crate::link::cluster) fn initials(&self) -> impl Iterator<Item = &str> {
        self.initials.split(' ').filter(|initials| !initials.is_empty())
    }

    /// Whether it has a legal form, as companies have.
    pub(in crate::link::cluster) fn is_company(&self) -> bool {
        self.without_legal_form.is_some()
    }

    /// The name without its legal form; `text` is the whole name.
    pub(in crate::link::cluster) fn core<'a>(&'a self, text: &'a str) -> &'a str {
        self.without_legal_form.as_deref().unwrap_or(text)
    }
}

impl Ministry {
    fn new(words: &[&str]) -> Option<Self> {
        let lexicon = Lexicon::english();
        let is_noun = |word: &&str| lexicon.is_ministry(word);
        if words.len() < 2 || !words.iter().any(is_noun) {
            return None;
        }
        let content = || words.iter().copied().filter(|word| !lexicon.is_left_out(word) && !is_noun(word));
        let (mut topics, state): (Vec<&str>, Vec<&str>) = content().partition(|word| lexicon.is_topic(word));
        if topics.len() > 1 {
            topics.retain(|topic| *topic != "affairs");
        }
        if topics.is_empty() {
            return None;
        }
        topics.sort_unstable();
        Some(Self { topic: topics.join(" "), state: state.join(" ") })
    }
}

/// What bodies of one state with the same task share: for a ministry what it is for, for others the name.
pub(in crate::link::cluster) fn task(text: &str) -> String {
    let words: Vec<&str> = text.split(' ').collect();
    Ministry::new(&words).map_or_else(|| text.to_owned(), |ministry| format!("ministry {}", ministry.topic))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ministries_say_what_they_are_for() {
        for (text, topic, state) in [
            ("foreign ministry", "foreign", ""),
            ("ministry of foreign affairs of pakistan", "foreign", "pakistan"),
            ("us treasury department", "treasury", "us"),
        ] {
            let want = Ministry { topic: topic.to_owned(), state: state.to_owned() };
            assert_eq!(OrganisationName::new(text).ministry.as_deref(), Some(&want), "{text}");
        }
        assert_eq!(OrganisationName::new("conservative party").ministry, None);
    }
}
