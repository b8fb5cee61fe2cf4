//! The parts of names.

use std::ops::Deref;
use std::sync::Arc;

use super::frequency::Frequencies;
use super::letters::Letters;
use super::skeleton::Skeleton;
use super::sounds::Sounds;
use crate::lexicon::{GivenName, Lexicon};

/// One part of a name. Names that have the same part may share what is known of it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Token(Arc<Traits>);

/// What is known of a part of a name.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Traits {
    pub(super) letters: Letters,
    pub(super) skeleton: Skeleton,
    pub(super) sounds: Sounds,
    /// Sounds without an article that may be written as one word with the token: Chwiki for Alchwiki.
    pub(super) without_article: Option<Sounds>,
    /// Letters with the particle that was dropped before them.
    pub(super) with_particle: Option<Letters>,
    /// How much it tells that two names share it: natural logarithm of its rarity.
    pub(super) weight: f32,
    /// How common it is in the world, and below how common its key is; natural logarithms.
    pub(super) common: f32,
    pub(super) common_key: f32,
    pub(super) given: Option<GivenName>,
    /// Whether it comes from a script that does not write short vowels.
    pub(super) unwritten: bool,
}

impl Token {
    pub(super) fn new(letters: Letters, frequencies: &Frequencies) -> Self {
        let skeleton = Skeleton::new(letters.bytes());
        let weight = if letters.len() == 1 { Frequencies::INITIAL } else { frequencies.weight(skeleton.key.bytes()) };
        let given = Lexicon::english().given_name(letters.text());
        let sounds = frequencies.sounds.read(letters.bytes());
        let without_article = without_article(letters.bytes()).map(|rest| frequencies.sounds.read(rest));
        let traits = Traits {
            letters,
            skeleton,
            sounds,
            without_article,
            with_particle: None,
            weight,
            common: frequencies.common.of_token(&letters),
            common_key: frequencies.common.of_key(&skeleton.key),
            given,
            unwritten: false,
        };
        Self(Arc::new(traits))
    }

    /// The same part from a script that does not write short vowels, if `unwritten`, and with the particle that was dropped before it.
    pub(super) fn read(mut self, unwritten: bool, with_particle: Option<Letters>) -> Self {
        if unwritten || with_particle.is_some() {
            let traits = Arc::make_mut(&mut self.0);
            traits.unwritten = unwritten;
            traits.with_particle = with_particle;
        }
        self
    }

    /// Whether it is a single letter that stands for a name.
    pub(super) fn is_initial(&self) -> bool {
        self.letters.len() == 1
    }

    /// This token and the next as one.
    pub(super) fn join(&self, next: &Self, frequencies: &Frequencies) -> Self {
        let weight = frequencies.most().min(self.weight + next.weight);
        let joined = Self::new(self.joined_letters(next), frequencies);
        let mut joined = joined.read(self.unwritten, self.with_particle);
        let traits = Arc::make_mut(&mut joined.0);
        traits.weight = weight;
        traits.given = None;
        joined
    }

    /// The letters of this token and the next.
    pub(super) fn joined_letters(&self, next: &Self) -> Letters {
        let mut letters = self.letters;
        next.letters.bytes().iter().for_each(|&letter| letters.push(letter));
        letters
    }
}

impl Deref for Token {
    type Target = Traits;

    fn deref(&self) -> &Traits {
        &self.0
    }
}

/// Whether the first given names of two names are known to be those of a man and a woman.
pub(super) fn gender_clash(a: &[Token], b: &[Token]) -> bool {
    let gender = |tokens: &[Token]| tokens.first().filter(|_| tokens.len() > 1)?.given?.gender;
    gender(a).zip(gender(b)).is_some_and(|(a, b)| a != b)
}

/// What follows an article in the same word: at least four letters.
fn without_article(word: &[u8]) -> Option<&[u8]> {
    let rest = match word {
        [b'a' | b'e' | b'u', b'l', rest @ ..] => rest,
        [b'a' | b'e' | b'u', first, rest @ ..] if rest.first() == Some(first) && b"dnrstz".contains(first) => rest,
        [b'a' | b'e', b's', rest @ ..] if rest.starts_with(b"sh") => rest,
        _ => return None,
    };
    (rest.len() >= 4).then_some(rest)
}
