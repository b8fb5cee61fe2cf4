//! How a text is read: with its character references, invisible characters and marks between names put into the form that segmentation
//! and models know.

mod characters;
mod compounds;
mod edits;
mod glued;
mod mark;
mod names;
mod quotations;
mod references;
mod tokens;

use edits::Edited;
pub use mark::NameMark;

use super::segment::page::words_as_written;
use super::segment::tokens::words_of_layout;
use super::segment::word::Word;
use super::{Document, Segmentation, Span};

/// A text as it is read, with its words. Every stretch of it has a place in the text that it was read from.
///
/// ```
/// use allonym::text::{NameMark, Reading, Segmentation};
///
/// let text = "AT&amp;T said no.";
/// let reading = Reading::new(text, Segmentation::default(), NameMark::Comma);
/// let first = reading.words()[0].span;
/// assert_eq!(first.slice(reading.text()), Some("AT&T"));
/// assert_eq!(reading.source(first).slice(text), Some("AT&amp;T"));
/// ```
#[derive(Clone, Debug)]
pub struct Reading<'t> {
    edited: Edited<'t>,
    words: Vec<Word>,
}

impl<'t> Reading<'t> {
    /// Reads a text.
    pub fn new(text: &'t str, how: Segmentation, mark: NameMark) -> Self {
        let edited = Edited::new(text)
            .then(|text| if how.references.is_on() { references::read(text) } else { None })
            .then(|text| if how.quotations.is_on() { quotations::read(text) } else { None })
            .then(|text| if how.characters.is_on() { characters::read(text) } else { None })
            .then(|text| if how.glued.is_on() { glued::read(text) } else { None })
            .then(|text| if how.compounds.is_on() { compounds::read(text, mark) } else { None });
        let words = words_as_written(&edited.text, how);
        Self { edited, words }
    }

    /// Reads a document. The words of a tokenised one are its own, and it is read as it is.
    pub fn of(document: &'t Document, how: Segmentation, mark: NameMark) -> Self {
        match &document.layout {
            Some(layout) => Self { edited: Edited::new(&document.text), words: words_of_layout(layout) },
            None => Self::new(&document.text, how, mark),
        }
    }

    /// The text as it is read.
    pub fn text(&self) -> &str {
        &self.edited.text
    }

    /// The words, in order, by their places in [`text`](Self::text).
    pub fn words(&self) -> &[Word] {
        &self.words
    }

    /// The place in the original text of a stretch of [`text`](Self::text).
    pub fn source(&self, span: Span) -> Span {
        self.edited.source(span)
    }

    /// Makes some words, in order, one with the words before them.
    pub(crate) fn join(&mut self, joined: &[usize]) {
        let mut words: Vec<Word> = Vec::with_capacity(self.words.len());
        for (at, word) in self.words.iter().enumerate() {
            match words.last_mut().filter(|_| joined.binary_search(&at).is_ok()) {
                Some(before) => before.span = Span::new(before.span.start(), word.span.end()),
                None => words.push(*word),
            }
        }
        self.words = words;
    }

    /// The words by their places in the original text.
    pub fn into_words(self) -> Vec<Word> {
        let Self { edited, mut words } = self;
        for word in &mut words {
            word.span = edited.source(word.span);
        }
        words
    }
}

impl Segmentation {
    /// The words of a text, in order.
    pub fn words(self, text: &str) -> Vec<Word> {
        Reading::new(text, self, NameMark::default()).into_words()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::text::Switch;
    use crate::text::segment::word::Joint;

    fn read(text: &str) -> Reading<'_> {
        Reading::new(text, Segmentation::default(), NameMark::Comma)
    }

    #[test]
    fn joined_words_reach_from_the_first_to_the_last() {
        let mut reading = read("北京市 and Oslo");
        reading.join(&[1, 2]);
        let words: Vec<&str> = reading.words().iter().filter_map(|word| word.span.slice(reading.text())).collect();
        assert_eq!(words, ["北京市", "and", "Oslo"]);
    }

    #[test]
    fn a_name_is_where_it_is_written() {
        for (text, name, want) in [
            ("AT&amp;T rose", "AT&T", "AT&amp;T"),
            ("&lt;Paris&gt;.", "Paris", "Paris"),
            ("New\u{2060}&nbsp;York", "New York", "New\u{2060}&nbsp;York"),
            ("to \u{202b}Tehran\u{202c}\u{feff}.", "Tehran", "Tehran"),
            ("Ange\u{ad}la Mer\u{ad}kelʼs plan", "Angela Merkel", "Ange\u{ad}la Mer\u{ad}kel"),
            ("> to San\n> Francisco&apos;s", "San\nFrancisco", "San\n> Francisco"),
            ("&quot;US-Iran&quot; talks", "Iran", "Iran"),
            ("in Geneva.President Macron", "Geneva", "Geneva"),
            ("in Geneva.President Macron", "President", "President"),
        ] {
            let reading = read(text);
            let start = reading.text().find(name).expect("the name is read");
            let span = Span::new(start, start + name.len());
            assert_eq!(reading.source(span).slice(text), Some(want), "{text}");
            let ends = |at: usize| reading.words().iter().any(|word| word.span.end() == at);
            assert!(reading.words().iter().any(|word| word.span.start() == start) && ends(span.end()), "{text}");
        }
    }

    #[test]
    fn a_megabyte_of_anything_is_read_in_linear_time() {
        for unit in [
            "\0",
            "\u{200b}",
            "a\u{200b}",
            "-",
            "a-",
            "A-",
            "US-",
            ".",
            "A.",
            "a.B",
            "&",
            "&amp;",
            "amp;",
            ">\n",
            ")",
            ". ) ",
            "'",
            "a'",
            "\u{301}",
            "\u{200d}",
            "👩\u{200d}",
            "🇦",
            "1,",
            "a:",
            "_",
            "–",
            "US–Iran ",
            "\u{a0}",
            "\r",
            "x\n",
        ] {
            let text = unit.repeat(1_000_000 / unit.len());
            // After a full stop UAX #29 looks ahead.
            let text = format!("A.{text}");
            let n = read(&text).words().len();
            assert!(n <= text.len(), "{unit:?}");
            Segmentation::plain().words(&text);
        }
    }

    proptest! {
        #[test]
        fn words_are_in_order_and_cover_every_letter(text in "(\\PC|[-.:&;>'’ʼ\u{200b}\u{200d}\u{ad}\n A-Za-z]|US-Iran|&amp;|&nbsp;|Mr\\.|Geneva\\.President|\n> ){0,40}") {
            for how in [Segmentation::default(), Segmentation::plain(), Segmentation::default().characters(Switch::Off)] {
                for mark in [NameMark::Comma, NameMark::Kept] {
                    let words = Reading::new(&text, how, mark).into_words();
                    prop_assert!(words.iter().all(|word| word.span.slice(&text).is_some_and(|surface| !surface.is_empty())));
                    prop_assert!(words.windows(2).all(|pair| pair[0].span.end() <= pair[1].span.start()));
                    prop_assert!(words.first().is_none_or(|word| word.joint == Joint::Line));
                    // The letters of a character reference are none.
                    let letters = text.char_indices().filter(|(_, c)| c.is_alphanumeric() && !text.contains('&'));
                    for (at, c) in letters {
                        let letter = Span::new(at, at + c.len_utf8());
                        prop_assert!(words.iter().any(|word| word.span.contains(letter)), "{c:?} at {at}");
                    }
                }
            }
        }

        #[test]
        fn a_text_without_such_marks_is_read_as_it_is(text in "[a-z ,\n]{0,60}") {
            let reading = read(&text);
            prop_assert_eq!(reading.text(), &text);
        }
    }
}
