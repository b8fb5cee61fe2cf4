//! What is written together with a name and is not part of it.

mod arabic;
mod turkish;

use std::collections::HashSet;
use std::ops::Range;

use super::passage::Passage;
use crate::text::{Kind, Span};

/// How much of a text is looked at, in characters.
const LOOKED_AT: usize = 2000;

/// The letters at the beginning of a text, which show its language.
fn first_letters(text: &str) -> impl Iterator<Item = char> {
    text.chars().take(LOOKED_AT).filter(|c| c.is_alphabetic())
}

/// The language whose affixes a text has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Language {
    Arabic,
    Turkish,
}

impl Language {
    fn of(text: &str) -> Option<Self> {
        if arabic::is_language_of(first_letters(text)) {
            Some(Self::Arabic)
        } else if turkish::is_language_of(first_letters(text)) {
            Some(Self::Turkish)
        } else {
            None
        }
    }
}

/// The affixes of the names of a text; by default it has none.
#[derive(Default)]
pub(super) struct Affixes<'a> {
    language: Option<Language>,
    /// The words of all names.
    words: HashSet<&'a str>,
}

impl<'a> Affixes<'a> {
    /// The affixes of the names of a text, which are ranges of words.
    pub(super) fn of(passage: Passage<'a>, names: impl Iterator<Item = Range<usize>>) -> Self {
        match Language::of(passage.text) {
            None => Self::default(),
            language => Self { language, words: names.flatten().map(|at| passage.word(at)).collect() },
        }
    }

    /// The span of a name without its affixes.
    pub(super) fn strip(&self, passage: Passage<'_>, span: Span, kind: Kind) -> Span {
        let name = &passage.text[span.range()];
        match self.language {
            Some(Language::Arabic) => {
                let is_elsewhere = |word: &str| self.words.contains(word);
                Span::new(span.start() + arabic::prefix(name, kind, is_elsewhere), span.end())
            }
            Some(Language::Turkish) => Span::new(span.start(), span.end() - turkish::suffix(name)),
            None => span,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::refine::fixture::Marked;
    use crate::refine::found::Found;

    fn names(marked: &str, kind: Kind) -> Vec<String> {
        let marked = Marked::new(marked);
        let (passage, found) = (marked.passage(), marked.found(kind));
        let affixes = Affixes::of(passage, found.iter().map(|found| found.words.clone()));
        let name =
            |found: &Found| passage.text[affixes.strip(passage, passage.span(&found.words), kind).range()].to_owned();
        found.iter().map(name).collect()
    }

    #[test]
    fn letters_before_an_arabic_name_are_not_part_of_it() {
        for (marked, kind, want) in [
            ("تواصل اتصالاتها مع [القاهرة] [وواشنطن] [وأنقرة]", Kind::Place, vec!["القاهرة", "واشنطن", "أنقرة"]),
            ("سافر الوفد إلى [بغداد] [والموصل] [بالعراق]", Kind::Place, vec!["بغداد", "الموصل", "العراق"]),
            ("نائب وزير الخارجية [لإيران] في [ووهان] وزار [وهران]", Kind::Place, vec!["إيران", "ووهان", "وهران"]),
            (
                "بين [كاليفورنيا] [وتكساس] و[واشنطن] و[وول ستريت]",
                Kind::Place,
                vec!["كاليفورنيا", "تكساس", "واشنطن", "وول ستريت"],
            ),
            ("قال [البنك الدولي] [ووزارة المالية]", Kind::Organisation, vec!["البنك الدولي", "وزارة المالية"]),
            (
                "التقى [إنغريد هالفورسن] وقال [لهالفورسن] [ومحمد علي]",
                Kind::Person,
                vec!["إنغريد هالفورسن", "هالفورسن", "محمد علي"],
            ),
            (
                "قال [وليد المعلم] إن [كمال درويش] [وبشار الأسد] غادرا",
                Kind::Person,
                vec!["وليد المعلم", "كمال درويش", "بشار الأسد"],
            ),
        ] {
            assert_eq!(names(marked, kind), want, "{marked}");
        }
    }

    #[test]
    fn persian_and_urdu_names_keep_their_letters() {
        assert_eq!(names("سفر رئیس‌جمهور به [ورامین] و دیدار با [رامین] در گچساران", Kind::Place), ["ورامین", "رامین"]);
        assert_eq!(names("وزیر اعظم نے [واشنگٹن] میں [بنوں] کے لیے کہا ہے", Kind::Place), ["واشنگٹن", "بنوں"]);
    }

    #[test]
    fn endings_of_turkish_names_are_not_part_of_them() {
        let marked = "Dışişleri Bakanı [Ankara'da] konuştu, [Türkiye’nin] ve [Birleşmiş Milletler'deki] üyeler [O'Neill'a] yazdı";
        let want = ["Ankara", "Türkiye", "Birleşmiş Milletler", "O'Neill"];
        assert_eq!(names(marked, Kind::Place), want);
        assert_eq!(names("The road to [Sana'a] and [Shi'a] towns of Erdoğan", Kind::Place), ["Sana'a", "Shi'a"]);
    }
}
