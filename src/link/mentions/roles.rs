//! What a text calls the bearer of a name: "farmer Ram Lal", "Ram Lal, a farmer,".

use crate::lexicon::{Lexicon, Occupation};

/// Most words of an apposition.
const MOST_WORDS: usize = 5;

/// What a person does, as far as it tells one bearer of a name from another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(in crate::link) enum Role {
    /// Holds an office: minister, governor.
    Office,
    /// Is in sport: striker, coach.
    Sport,
    /// Has ordinary work: teacher, farmer.
    Work,
}

impl Role {
    /// The role that the text around a name gives: the word before it, or the last one of an apposition after it.
    pub(super) fn around(before: &str, after: &str) -> Option<Self> {
        let last = |text: &str| text.rsplit(' ').next().map(str::to_lowercase);
        let word_before = before.strip_suffix(' ').and_then(last);
        word_before.and_then(|word| Self::of(&word)).or_else(|| Self::of(&apposition(after)?))
    }

    /// The role that a word names.
    fn of(word: &str) -> Option<Self> {
        match Lexicon::english().occupation(word) {
            Some(Occupation::Work) => Some(Self::Work),
            Some(Occupation::Sport) => Some(Self::Sport),
            Some(Occupation::Overlapping) => None,
            None => Lexicon::english().is_office(word).then_some(Self::Office),
        }
    }

    /// Whether one person hardly has both.
    pub(in crate::link) fn excludes(self, other: Self) -> bool {
        self != other
    }
}

/// Whether the words before a name bring somebody in whom the reader does not know: "a farmer named ".
pub(super) fn introduces(before: &str) -> bool {
    let word = before.trim_end().rsplit(' ').next().unwrap_or_default();
    before.ends_with([' ', '\n']) && matches!(word, "named" | "called" | "nicknamed")
}

/// The last word of "a primary school teacher" in ", a primary school teacher,"; the only one of ", governor,".
fn apposition(after: &str) -> Option<String> {
    let rest = after.strip_prefix(", ")?;
    let article = ["a ", "an ", "the "].iter().find_map(|article| rest.strip_prefix(article));
    let rest = article.unwrap_or(rest);
    let end = rest.find([',', '.', ';', ')', '\n'])?;
    let words: Vec<&str> = rest[..end].split(' ').collect();
    let most = if article.is_some() { MOST_WORDS } else { 1 };
    (words.len() <= most).then(|| words.last().map(|word| word.to_lowercase())).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_are_read_before_and_after_a_name() {
        for (before, after, want) in [
            ("on Monday farmer ", " said", Some(Role::Work)),
            ("Taxi driver ", " said", Some(Role::Work)),
            ("Foreign Minister ", " said", Some(Role::Office)),
            ("", ", a primary school teacher, said", Some(Role::Work)),
            ("", ", the striker, scored", Some(Role::Sport)),
            ("", ", governor, spoke", Some(Role::Office)),
            ("", ", prime minister, spoke", None),
            ("", ", who has a teacher,", None),
            ("said ", " left", None),
            ("lawyer ", " left", None),
        ] {
            assert_eq!(Role::around(before, after), want, "{before}*{after}");
        }
    }

    #[test]
    fn persons_are_introduced() {
        for (before, want) in [
            ("a farmer named ", true),
            ("a man called\n", true),
            ("police named ", true),
            ("renamed ", false),
            ("the farmer ", false),
            ("named", false),
        ] {
            assert_eq!(introduces(before), want, "{before}");
        }
    }
}
