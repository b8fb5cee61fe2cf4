//! How alike two tokens are, and in what way.

use serde::Serialize;

use super::distance::ratio;
use super::letters::Letters;
use super::skeleton::{Clashes, Skeleton};
use super::sounds::SoundTable;
use super::token::Token;
use crate::lexicon::Lexicon;

/// In what way two parts of names are alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Likeness {
    /// The same letters but for case, marks and script.
    Same,
    /// Transliterations of one name: the same consonants, and vowels that can stand for each other.
    Skeleton,
    /// Forms of one given name: Bill and William.
    Nickname,
    /// One is the initial of the other.
    Initial,
    /// Nearly the same spelling.
    Near,
    /// Not alike.
    Different,
}

/// Two tokens compared.
#[derive(Clone, Copy, Debug)]
pub(super) struct Compared {
    pub(super) likeness: Likeness,
    /// From 0 to 1.
    pub(super) score: f32,
    /// [`ratio`] of the letters.
    pub(super) letters: f32,
    /// [`ratio`] of the skeleton keys.
    pub(super) keys: f32,
    /// Share of the vowel places that exclude each other; only for equal keys.
    pub(super) clash: f32,
    /// Log odds of the sounds.
    pub(super) odds: f32,
}

impl Compared {
    /// Least score of aligned tokens.
    pub(super) const ALIGNED: f32 = 0.58;

    pub(super) fn new(a: &Token, b: &Token, sounds: &SoundTable) -> Self {
        let compared = Self::by_letters(a, b);
        Self { odds: compared.log_odds(a, b, sounds), ..compared }
    }

    /// Log odds of the sounds, which are aligned only if the letters are not too different.
    fn log_odds(&self, a: &Token, b: &Token, sounds: &SoundTable) -> f32 {
        if a.letters == b.letters {
            return sounds.log_odds_of_same(&a.sounds);
        }
        if a.is_initial() || b.is_initial() || self.letters < 0.2 && self.keys < 0.3 {
            return UNLIKE;
        }
        let mut odds = sounds.log_odds(&a.sounds, &b.sounds);
        for (one, other) in [(a, b), (b, a)] {
            if let Some(rest) = &one.without_article {
                odds = odds.max(sounds.log_odds(rest, &other.sounds) - ARTICLE);
            }
        }
        odds
    }

    fn by_letters(a: &Token, b: &Token) -> Self {
        if a.letters == b.letters {
            let likeness = if a.is_initial() { Likeness::Initial } else { Likeness::Same };
            return Self { likeness, score: 1.0, letters: 1.0, keys: 1.0, clash: 0.0, odds: 0.0 };
        }
        if a.is_initial() || b.is_initial() {
            return Self::initial(a, b);
        }
        if a.unwritten != b.unwritten {
            return Self::across_scripts(a, b);
        }
        let letters = ratio(a.letters.bytes(), b.letters.bytes());
        let keys = ratio(a.skeleton.key.bytes(), b.skeleton.key.bytes());
        let nickname = a.given.zip(b.given).is_some_and(|(a, b)| Lexicon::english().are_forms(a, b));
        if nickname {
            return Self { likeness: Likeness::Nickname, score: 0.92, letters, keys, clash: 0.0, odds: 0.0 };
        }
        let known_apart = a.given.is_some() && b.given.is_some();
        let same_key = a.skeleton.key == b.skeleton.key;
        // Two listed given names are spelled alike by chance: Jamal and Kamal, Hasan and Hussain.
        if known_apart && !(same_key && a.skeleton.vowel_clashes(&b.skeleton).found == 0) {
            return Self { likeness: Likeness::Different, score: 0.3, letters, keys, clash: 0.0, odds: 0.0 };
        }
        if same_key {
            return Self::same_key(a, b, letters);
        }
        if a.with_particle == Some(b.letters) || b.with_particle == Some(a.letters) {
            return Self { likeness: Likeness::Same, score: 0.97, letters, keys, clash: 0.0, odds: 0.0 };
        }
        let score = (0.5 * letters + 0.4 * keys + 0.1 * prefix(a, b)).min(0.9);
        Self { likeness: near(score), score, letters, keys, clash: 0.0, odds: 0.0 }
    }

    fn initial(a: &Token, b: &Token) -> Self {
        let same = a.letters.bytes().first() == b.letters.bytes().first()
            || a.skeleton.key.bytes().first() == b.skeleton.key.bytes().first() && a.skeleton.key.bytes() != b"a";
        if same {
            Self { likeness: Likeness::Initial, score: 0.75, letters: 0.75, keys: 0.75, clash: 0.0, odds: 0.0 }
        } else {
            Self { likeness: Likeness::Different, score: 0.0, letters: 0.0, keys: 0.0, clash: 0.0, odds: 0.0 }
        }
    }

    fn same_key(a: &Token, b: &Token, letters: f32) -> Self {
        let clashes = a.skeleton.vowel_clashes(&b.skeleton);
        let clash = share(clashes);
        let n = a.skeleton.key.len();
        // The fewer consonants, the more the vowels count.
        let score = match (n, clashes.found) {
            (0..=1, _) => 0.5 * letters + 0.2,
            (2, 0) => 0.75 + 0.2 * letters,
            (2, _) => 0.5 * letters,
            (_, 0) => 0.95,
            (3, _) if clashes.at_first => 0.5,
            (3, _) => 0.6 * (1.0 - clash) + 0.3 * letters,
            _ => 0.95 - 0.4 * clash,
        };
        let likeness = if clashes.found == 0 && score > 0.7 { Likeness::Skeleton } else { near(score) };
        Self { likeness, score, letters, keys: 1.0, clash, odds: 0.0 }
    }

    /// Compares a token without its short vowels with one that has them: by the consonants, and by long vowels that both have.
    fn across_scripts(a: &Token, b: &Token) -> Self {
        let (unwritten, written) = if a.unwritten { (a, b) } else { (b, a) };
        let (bare_a, bare_b) = (bare(&unwritten.skeleton), bare(&written.skeleton));
        let keys = readings(written).iter().map(|key| ratio(bare_a.bytes(), key.bytes())).fold(0.0, f32::max);
        let keys = keys.max(ratio(bare_a.bytes(), bare_b.bytes()));
        let clashes = a.skeleton.vowel_clashes(&b.skeleton);
        let comparable =
            a.skeleton.key == b.skeleton.key && clashes.found > 0 && !(clashes.at_first && starts_with_vowel(a));
        let clash = if comparable { share(clashes) } else { 0.0 };
        let score = match keys {
            1.0 if comparable && bare_a.len() <= 3 => 0.5,
            1.0 if bare_a.len() >= 2 => 0.93,
            1.0 => 0.7,
            _ => 0.8 * keys,
        };
        let likeness = if keys == 1.0 && score > 0.7 { Likeness::Skeleton } else { near(score) };
        Self { likeness, score, letters: score, keys, clash, odds: 0.0 }
    }
}

/// Log odds of tokens with hardly a letter in common.
const UNLIKE: f32 = -15.0;

/// Log odds that are lost if only one of two tokens begins with an article.
const ARTICLE: f32 = 2.0;

/// The key without `v`, which a script without vowels may write for one.
fn bare(skeleton: &Skeleton) -> Letters {
    let mut bare = Letters::default();
    let kept = skeleton.key.bytes().iter().enumerate().filter(|&(at, &letter)| at == 0 || letter != b'v');
    kept.for_each(|(_, &letter)| bare.push(letter));
    bare
}

/// Other keys of a Latin token as the Arabic script may write it: g as gh, and v as f, everywhere or at the end.
fn readings(token: &Token) -> [Letters; 3] {
    let mut hard = Letters::default();
    for &letter in token.letters.bytes() {
        hard.push(letter);
        if letter == b'g' {
            hard.push(b'h');
        }
    }
    let hard = bare(&Skeleton::new(hard.bytes()));
    let mut f_for_v = Letters::default();
    token.skeleton.key.bytes().iter().for_each(|&letter| f_for_v.push(if letter == b'v' { b'f' } else { letter }));
    let mut last = bare(&token.skeleton);
    if token.skeleton.key.len() > 1 && token.skeleton.key.bytes().last() == Some(&b'v') {
        last.push(b'f');
    }
    [hard, f_for_v, last]
}

fn starts_with_vowel(token: &Token) -> bool {
    token.skeleton.key.bytes().first() == Some(&b'a')
}

fn share(clashes: Clashes) -> f32 {
    if clashes.places == 0 { 0.0 } else { f32::from(clashes.found) / f32::from(clashes.places) }
}

fn near(score: f32) -> Likeness {
    if score >= Compared::ALIGNED { Likeness::Near } else { Likeness::Different }
}

/// Share of the first four letters that are equal.
fn prefix(a: &Token, b: &Token) -> f32 {
    let common = a.letters.bytes().iter().zip(b.letters.bytes()).take(4).take_while(|(a, b)| a == b).count();
    common as f32 / 4.0
}
