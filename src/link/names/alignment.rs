//! Alignment of the tokens of two names: one to one, the most alike first.
//!
//! Tokens that one name writes as two words and the other as one are joined before.

use std::borrow::Cow;

use super::distance::ratio;
use super::frequency::Frequencies;
use super::likeness::{Compared, Likeness};
use super::name::Name;
use super::sounds::SoundTable;
use super::token::Token;

/// Most tokens of a name that are compared.
pub(super) const MOST_TOKENS: usize = 12;

/// Two aligned names; `a` is the one with fewer tokens.
#[derive(Clone, Debug)]
pub(super) struct Alignment<'n> {
    pub(super) a: Cow<'n, [Token]>,
    pub(super) b: Cow<'n, [Token]>,
    pub(super) pairs: Vec<Pair>,
    /// Best score of each token of `a` with any of `b`, and of each of `b` with any of `a`, aligned or not.
    pub(super) best_a: [f32; MOST_TOKENS],
    pub(super) best_b: [f32; MOST_TOKENS],
    /// Log odds of each token of `a` with each of `b`.
    pub(super) odds: [[f32; MOST_TOKENS]; MOST_TOKENS],
    /// Number of pairs of words that were joined.
    pub(super) n_joined: u8,
}

/// A token of `a` and the token of `b` that it is aligned with.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pair {
    pub(super) a: usize,
    pub(super) b: usize,
    pub(super) compared: Compared,
}

impl<'n> Alignment<'n> {
    pub(super) fn new(a: &'n Name, b: &'n Name, frequencies: &Frequencies) -> Self {
        let cut = |name: &'n Name| Cow::Borrowed(&name.tokens[..name.tokens.len().min(MOST_TOKENS)]);
        let (mut a, mut b) = (cut(a), cut(b));
        let n_joined = join(&mut a, &b, frequencies) + join(&mut b, &a, frequencies);
        let mut alignment = Self {
            a,
            b,
            pairs: Vec::new(),
            odds: [[0.0; MOST_TOKENS]; MOST_TOKENS],
            best_a: [0.0; MOST_TOKENS],
            best_b: [0.0; MOST_TOKENS],
            n_joined,
        };
        alignment.align(&frequencies.sounds);
        alignment
    }

    /// The pair that has a token of `a`.
    pub(super) fn of_a(&self, at: usize) -> Option<&Pair> {
        self.pairs.iter().find(|pair| pair.a == at)
    }

    /// The pair that has a token of `b`.
    pub(super) fn of_b(&self, at: usize) -> Option<&Pair> {
        self.pairs.iter().find(|pair| pair.b == at)
    }

    fn align(&mut self, sounds: &SoundTable) {
        let mut candidates: Vec<Pair> = Vec::with_capacity(8);
        for (i, x) in self.a.iter().enumerate() {
            for (j, y) in self.b.iter().enumerate() {
                let compared = Compared::new(x, y, sounds);
                self.odds[i][j] = compared.odds;
                self.best_a[i] = self.best_a[i].max(compared.score);
                self.best_b[j] = self.best_b[j].max(compared.score);
                if compared.likeness != Likeness::Different && compared.score >= Compared::ALIGNED {
                    candidates.push(Pair { a: i, b: j, compared });
                }
            }
        }
        // Distance of the two places, from either end, breaks ties, so that the order of the names does not.
        let (n_a, n_b) = (self.a.len(), self.b.len());
        let apart = |pair: &Pair| pair.a.abs_diff(pair.b).min((n_a - pair.a).abs_diff(n_b - pair.b));
        candidates.sort_by(|x, y| {
            y.compared.score.total_cmp(&x.compared.score).then_with(|| (apart(x), x.a, x.b).cmp(&(apart(y), y.a, y.b)))
        });
        let (mut used_a, mut used_b) = ([false; MOST_TOKENS], [false; MOST_TOKENS]);
        for pair in candidates {
            if !used_a[pair.a] && !used_b[pair.b] {
                used_a[pair.a] = true;
                used_b[pair.b] = true;
                self.pairs.push(pair);
            }
        }
        self.pairs.sort_by_key(|pair| pair.a);
    }
}

/// Joins neighbours of `apart` that are one token of `whole`. Returns the number of joins.
fn join(apart: &mut Cow<'_, [Token]>, whole: &[Token], frequencies: &Frequencies) -> u8 {
    let mut n_joined = 0;
    let mut at = 0;
    while at + 1 < apart.len() {
        let (first, second) = (&apart[at], &apart[at + 1]);
        if whole.iter().any(|one| is_join(first, second, one)) {
            let joined = first.join(second, frequencies);
            let tokens = apart.to_mut();
            tokens[at] = joined;
            tokens.remove(at + 1);
            n_joined += 1;
        } else {
            at += 1;
        }
    }
    n_joined
}

fn is_join(first: &Token, second: &Token, one: &Token) -> bool {
    let n = first.letters.len() + second.letters.len();
    if first.is_initial() || second.is_initial() || n < 5 || one.letters.len().abs_diff(n) > 3 {
        return false;
    }
    if one.letters.bytes().first() != first.letters.bytes().first() && !is_vowel_start(one, first) {
        return false;
    }
    let key = first.skeleton.joined_key(&second.skeleton);
    let written = first.joined_letters(second);
    written == one.letters
        || key.len() >= 4 && key == one.skeleton.key && ratio(written.bytes(), one.letters.bytes()) > 0.6
}

fn is_vowel_start(one: &Token, first: &Token) -> bool {
    one.skeleton.key.bytes().first() == first.skeleton.key.bytes().first()
}
