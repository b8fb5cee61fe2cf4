//! The case of words, for vocabularies that know only lower case.

/// The case classes of version 1: what a lower-casing tokenizer loses, which the model gets as token types.
///
/// Only letters count, if there are any: "G7" is [`Upper`](Self::Upper), "1990s" is [`Lower`](Self::Lower).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum CaseClass {
    /// No upper-case letter: "minister", "北京".
    Lower = 0,
    /// One upper-case letter, the first: "Karachi".
    Title = 1,
    /// Only upper-case letters: "ECO".
    Upper = 2,
    /// Any other mix: "McDonald", "iPhone".
    Mixed = 3,
    /// A lone upper-case letter: "J".
    SingleCapital = 4,
    /// Digits but no letters: "2025".
    Digits = 6,
    /// Neither letters nor digits; special pieces too.
    Symbols = 7,
}

impl CaseClass {
    /// The class of one pre-token, the unit that the tokenizer splits into pieces.
    ///
    /// ```
    /// use allonym::encode::CaseClass;
    ///
    /// assert_eq!(CaseClass::of("Karachi"), CaseClass::Title);
    /// assert_eq!(CaseClass::of("ECO"), CaseClass::Upper);
    /// ```
    pub fn of(text: &str) -> Self {
        let mut letters = text.chars().filter(|c| c.is_alphabetic()).peekable();
        let Some(first) = letters.peek().copied() else {
            return if text.chars().any(char::is_numeric) { Self::Digits } else { Self::Symbols };
        };
        let (mut n_letters, mut n_upper) = (0, 0);
        for letter in letters {
            n_letters += 1;
            n_upper += usize::from(letter.is_uppercase());
        }
        match n_upper {
            0 => Self::Lower,
            1 if n_letters == 1 && text.chars().count() == 1 => Self::SingleCapital,
            _ if n_upper == n_letters => Self::Upper,
            1 if first.is_uppercase() => Self::Title,
            _ => Self::Mixed,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::CaseClass::{self, *};

    #[test]
    fn classes_follow_the_letters() {
        for (text, want) in [
            ("minister", Lower),
            ("1990s", Lower),
            ("北京", Lower),
            ("Karachi", Title),
            ("Ürümqi", Title),
            ("ECO", Upper),
            ("G7", Upper),
            ("McDonald", Mixed),
            ("iPhone", Mixed),
            ("J", SingleCapital),
            ("2025", Digits),
            ("½", Digits),
            ("—", Symbols),
            ("", Symbols),
        ] {
            assert_eq!(CaseClass::of(text), want, "{text}");
        }
    }
}
