//! Names that differ in little and may be those of two members of a family.
//!
//! No training pair tells them from one name and a part of it, so rules do: a wrong merge is worse than a missed one.

use serde::Serialize;

use super::alignment::Alignment;
use super::token::Token;
use crate::lexicon::Lexicon;

/// Why two names that share nearly everything may be those of relatives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Relative {
    /// One name is the other with a given name before it, and what follows may be the father's name: Hamza Shehbaz Sharif.
    Father,
    /// They begin with given names that are not forms of each other: Hasan and Hussain Khan.
    GivenNames,
    /// Their initials differ: George W. and George H. W. Bush.
    Initials,
}

impl Relative {
    /// The first rule that applies to two aligned names.
    pub(super) fn find(alignment: &Alignment<'_>) -> Option<Self> {
        let (a, b) = (&alignment.a, &alignment.b);
        let initials = |tokens: &[Token]| tokens.iter().filter(|token| token.is_initial()).count();
        let spelled = |tokens: &[Token]| tokens.iter().filter(|token| !token.is_initial()).count();
        if initials(a) > 0
            && initials(b) > 0
            && spelled(a) > 1
            && spelled(a) == spelled(b)
            && initials(a) != initials(b)
        {
            return Some(Self::Initials);
        }
        if alignment.of_a(0).is_none()
            && alignment.of_b(0).is_none()
            && (both_known(a, b) || only_first_differs(alignment))
        {
            return Some(Self::GivenNames);
        }
        let all_of_a = alignment.pairs.len() == a.len() && a.len() > 1 && b.len() == a.len() + 1;
        let in_order = alignment.pairs.iter().all(|pair| pair.b == pair.a + 1 && pair.compared.score > 0.8);
        (all_of_a && in_order && may_be_son(&b[0], &b[1])).then_some(Self::Father)
    }
}

/// Whether both names begin with listed given names.
fn both_known(a: &[Token], b: &[Token]) -> bool {
    let known = |tokens: &[Token]| tokens.len() > 1 && tokens[0].given.is_some();
    // Muhammad and Mohd are no two names.
    let is_prefix = |tokens: &[Token]| Lexicon::english().is_prefix(tokens[0].letters.text());
    known(a) && known(b) && !(is_prefix(a) && is_prefix(b))
}

/// Whether all parts but the first are the same in the same order, and the first ones sound like two names.
fn only_first_differs(alignment: &Alignment<'_>) -> bool {
    let (a, b) = (&alignment.a, &alignment.b);
    let n = a.len();
    let rest_is_same = || alignment.pairs.iter().all(|pair| pair.a == pair.b && pair.compared.score > 0.8);
    if n < 2 || b.len() != n || alignment.pairs.len() + 1 != n || !rest_is_same() {
        return false;
    }
    let (first, second) = (a[0].letters.bytes(), b[0].letters.bytes());
    let is_short = |token: &Token| token.letters.len() < 3;
    // Kuda and Kudakwashe, or Akhil and Akhilesh, may be one.
    let is_part = first.starts_with(second) || second.starts_with(first);
    !is_short(&a[0]) && !is_short(&b[0]) && !is_part && alignment.odds[0][0] < 0.0
}

/// Whether a second given name may be that of the father of the first. Muhammad before a name is no name of its own.
fn may_be_son(first: &Token, second: &Token) -> bool {
    let may_be_fathers = |token: &Token| Lexicon::english().may_be_fathers(token.letters.text());
    may_be_fathers(first) && may_be_fathers(second)
}
