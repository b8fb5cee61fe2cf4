//! The parts of a name that is being parsed.

use super::frequency::Frequencies;
use super::letters::Letters;
use super::scripts::ScriptWord;
use super::token::Token;
use super::word::Word;
use crate::lexicon::{FamilyLanguage, Lexicon, WordKind};

/// What a part was read from.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Foreign {
    pub(super) word: ScriptWord,
    /// Skeleton keys of its readings, that of the part first.
    pub(super) keys: Vec<Letters>,
}

/// The parts of a name that is being parsed.
pub(super) struct Parts {
    pub(super) tokens: Vec<Token>,
    pub(super) has_kunya: bool,
    pub(super) has_patronymic: bool,
    /// Of a name in another script, per part what it was read from; else empty.
    pub(super) foreign: Vec<Option<Foreign>>,
}

impl Parts {
    pub(super) fn new(n_words: usize) -> Self {
        let tokens = Vec::with_capacity(n_words + 2);
        Self { tokens, has_kunya: false, has_patronymic: false, foreign: Vec::new() }
    }

    pub(super) fn add(&mut self, words: &[Word], all_capitals: bool, frequencies: &Frequencies) {
        // The "en" of Chou En-lai is no article.
        let is_chinese = matches!(words, [first, _, _]
            if Lexicon::english().is_family_name(first.letters.text(), FamilyLanguage::Chinese));
        let mut particle: Option<Letters> = None;
        for (at, word) in words.iter().enumerate() {
            let last = at + 1 == words.len();
            let text = word.letters.text();
            let what = if last { WordKind::Word } else { word.kind };
            let droppable = match what {
                WordKind::Article if is_chinese => false,
                WordKind::Article => at > 0 || word.hyphen_after || words.len() > 2 && text != "al",
                WordKind::Patronymic => at > 0,
                WordKind::Kunya => true,
                WordKind::Nobiliary => at > 0 && !(word.capitals && text.len() == 1),
                _ => false,
            };
            if droppable {
                self.has_kunya |= what == WordKind::Kunya;
                self.has_patronymic |= what == WordKind::Patronymic;
                particle = Some(word.letters);
                continue;
            }
            let mut add = |letters: Letters| {
                let with_particle = particle.take().map(|particle| {
                    let mut whole = particle;
                    letters.bytes().iter().for_each(|&letter| whole.push(letter));
                    whole
                });
                self.tokens.push(Token::new(letters, frequencies).read(word.unwritten, with_particle));
            };
            let n = text.len();
            let servant = servant_of(text.as_bytes());
            // The parts that a word of another script is read as.
            let of_part = match word.foreign {
                Some(whole) if servant.is_some() => vec![whole.start(SERVANT), whole.without(SERVANT)],
                whole => whole.into_iter().collect(),
            };
            if what == WordKind::Servant {
                add(Letters::new(b"abd"));
            } else if let Some(rest) = servant {
                add(Letters::new(b"abd"));
                add(Letters::new(rest));
            } else if word.capitals && !all_capitals && !last && (2..=3).contains(&n) && what != WordKind::Kunya {
                text.bytes().for_each(|initial| add(Letters::new(&[initial])));
            } else if word.unwritten && n > 4 && text.starts_with("al") && has_article(word) {
                particle = None;
                let token = Token::new(Letters::new(&text.as_bytes()[2..]), frequencies);
                self.tokens.push(token.read(true, Some(word.letters)));
            } else if matches!(text, "mohd" | "muhd") {
                // As Malaysian and Indian records abbreviate it.
                add(Letters::new(b"mohammad"));
            } else {
                add(word.letters);
            }
            if word.foreign.is_some() || !self.foreign.is_empty() {
                let n_before = self.tokens.len().saturating_sub(of_part.len().max(1));
                self.foreign.resize_with(n_before, || None);
                self.foreign.extend(of_part.into_iter().map(|word| Some(Foreign { keys: word.keys(), word })));
            }
        }
        if !self.foreign.is_empty() {
            self.foreign.resize_with(self.tokens.len(), || None);
            // The key of a part comes first, whatever the usual reading of its word is.
            for (token, foreign) in self.tokens.iter().zip(&mut self.foreign) {
                if let Some(Foreign { keys, .. }) = foreign {
                    keys.retain(|key| *key != token.skeleton.key);
                    keys.insert(0, token.skeleton.key);
                }
            }
        }
    }
}

/// Units of the word for a servant, with which names such as Abdurrahman begin.
const SERVANT: usize = 3;

/// Whether a word in the Arabic script begins with the article, and not with another vowel.
fn has_article(word: &Word) -> bool {
    word.foreign.is_none_or(|word| word.after_article().is_some())
}

/// What follows "Abd al-" in the same word: "rahman" of "abdurrahman" and "abdelrahman"; nothing of "abdullah" and "abdullayev".
fn servant_of(word: &[u8]) -> Option<&[u8]> {
    let after = word.strip_prefix(b"abd")?;
    let vowels = after.iter().take_while(|letter| b"aeiou".contains(letter)).count();
    let rest = after.get(vowels..).filter(|_| (1..=2).contains(&vowels))?;
    let name = match rest {
        [b'l', name @ ..] => name,
        [first, name @ ..] if name.first() == Some(first) => name,
        _ => return None,
    };
    let is_other = [&b"la"[..], b"le", b"ae", b"ay"].iter().any(|start| name.starts_with(start));
    (name.len() >= 4 && !is_other).then_some(name)
}
