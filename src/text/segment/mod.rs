//! Splits texts into words and sentences.
//!
//! Words follow UAX #29 (Unicode text segmentation), but are joined where news writes one name ("Jean-Pierre", "AT&T", "U.S.") and
//! split where it writes two words ("Iran's" is "Iran" and "'s"). Sentences follow UAX #29 too, except that the dot of an abbreviation
//! does not end one ("Dr. Zarif"). A line end ends a sentence, unless the text was wrapped at a fixed width.
//!
//! [`Segmentation`] has what comes before, such as names that meet at a hyphen.

pub(in crate::text) mod abbreviation;
mod line;
pub(in crate::text) mod page;
mod split;
pub(in crate::text) mod tokens;
pub(in crate::text) mod word;

pub use word::{Joint, Word};

use tokens::words_of_layout;

use super::{Document, Segmentation, Span};

/// The words of a document: its own tokens if the input was tokenised, otherwise [`words_of_text`].
pub fn words(document: &Document) -> Vec<Word> {
    match &document.layout {
        Some(layout) => words_of_layout(layout),
        None => words_of_text(&document.text),
    }
}

/// The words of a text, in order, by the default [`Segmentation`].
///
/// ```
/// use allonym::text::segment::words_of_text;
///
/// let text = "Dr. Zarif met Iran's U.S. envoy.";
/// let words: Vec<&str> = words_of_text(text).iter().map(|word| &text[word.span.range()]).collect();
/// assert_eq!(words, ["Dr.", "Zarif", "met", "Iran", "'s", "U.S.", "envoy", "."]);
/// ```
pub fn words_of_text(text: &str) -> Vec<Word> {
    Segmentation::default().words(text)
}

/// The words of a text, grouped into sentences.
///
/// ```
/// let text = "Dr. Zarif left. Talks went on.";
/// let sentences = allonym::text::segment::sentences(text);
/// assert_eq!(sentences.len(), 2);
/// assert_eq!(&text[sentences[0][0].range()], "Dr.");
/// ```
pub fn sentences(text: &str) -> Vec<Vec<Span>> {
    let mut sentences: Vec<Vec<Span>> = Vec::new();
    for word in words_of_text(text) {
        match sentences.last_mut() {
            Some(sentence) if word.joint == Joint::Within => sentence.push(word.span),
            _ => sentences.push(vec![word.span]),
        }
    }
    sentences
}

#[cfg(test)]
mod tests {
    use super::page::SHARE;
    use super::*;

    fn split(text: &str) -> Vec<&str> {
        words_of_text(text).iter().map(|word| &text[word.span.range()]).collect()
    }

    #[test]
    fn words_are_what_news_means() {
        for (text, want) in [
            ("Iran, Pakistan", vec!["Iran", ",", "Pakistan"]),
            ("the U.S. envoy", vec!["the", "U.S.", "envoy"]),
            ("in the U.S.", vec!["in", "the", "U.S."]),
            ("Pakistan’s “own” Gen. Munir", vec!["Pakistan", "’s", "“", "own", "”", "Gen.", "Munir"]),
            ("George W. Bush said no.", vec!["George", "W.", "Bush", "said", "no", "."]),
            ("Jean-Pierre of AT&T", vec!["Jean-Pierre", "of", "AT&T"]),
            ("US–Pakistan (ECO) talks...", vec!["US", "–", "Pakistan", "(", "ECO", ")", "talks", "..."]),
            ("Côte d'Ivoire", vec!["Côte", "d'Ivoire"]),
            ("al-Assad's U.S.-Iranian", vec!["al-Assad", "'s", "U.S.", "-", "Iranian"]),
            ("an Iran-backed Jean-Luc", vec!["an", "Iran", "-", "backed", "Jean-Luc"]),
            ("--- 3,000.5%", vec!["---", "3,000.5", "%"]),
            ("US\u{202f}$3 bn, 10\u{202f}000 men", vec!["US", "$", "3", "bn", ",", "10", "000", "men"]),
            ("Ürümqi 🇮🇷 הארץ", vec!["Ürümqi", "🇮🇷", "הארץ"]),
        ] {
            assert_eq!(split(text), want, "{text}");
        }
    }

    #[test]
    fn sentences_end_at_full_stops_but_not_at_abbreviations() {
        let text = "Dr. Zarif met Gen. Munir. Talks went on. The U.S. President left!";
        let opening: Vec<&str> = words_of_text(text)
            .iter()
            .filter(|word| word.joint != Joint::Within)
            .map(|word| &text[word.span.range()])
            .collect();
        assert_eq!(opening, ["Dr.", "Talks", "The"]);
    }

    #[test]
    fn lines_separate_unless_the_page_ended() {
        let joints =
            |text: &str| words_of_text(text).iter().map(|word| word.joint).filter(|j| *j == Joint::Line).count();
        assert_eq!(joints("Headline here\nBody text begins."), 2);
        assert_eq!(joints("One.\n\nTwo.\r\nThree."), 3);
        let wrapped = "The foreign minister of the country said on Tuesday that Imran\nKhan would visit the capital of the neighbouring state.";
        assert_eq!(joints(wrapped), 1);
    }

    #[test]
    fn a_text_of_many_lines_is_its_lines() {
        let line = "Dr. Zarif met Iran's envoy. Talks went on.";
        let text = vec![line; 3 * SHARE + 7].join("\n\n");
        let (whole, alone) = (words_of_text(&text), words_of_text(line));
        assert_eq!(whole.len(), alone.len() * (3 * SHARE + 7));
        for (word, of_line) in whole.iter().zip(alone.iter().cycle()) {
            assert_eq!((&text[word.span.range()], word.joint), (&line[of_line.span.range()], of_line.joint));
        }
    }

    #[test]
    fn every_letter_belongs_to_a_word() {
        let text = "A\u{feff}b c\u{301}d 北京市 x\u{0}y مرحبا\u{200f} e\u{301}\u{302}";
        let words = words_of_text(text);
        for (at, c) in text.char_indices().filter(|(_, c)| c.is_alphanumeric()) {
            assert!(words.iter().any(|word| word.span.contains(Span::new(at, at + c.len_utf8()))), "{c:?} at {at}");
        }
        assert!(words.windows(2).all(|pair| pair[0].span.end() <= pair[1].span.start()));
    }
}
