//! What no person's name has in two ways: generation, gender, initials.

use super::name::Name;
use super::token::Token;
use crate::lexicon::Lexicon;

/// What two names contradict each other in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::link) enum Contradiction {
    /// Generations: Jr. and Sr., VII and VIII.
    Generation,
    /// A full name with Jr. or Sr. and one without. In a table of names that is often left out; in texts it tells father and son.
    Junior,
    /// Given names of a man and a woman: Mario and Maria.
    Gender,
    /// Initials: Samuel L. and Samuel P. Grant.
    Initials,
    /// The names of father and son: Faisal bin Turki and Turki bin Faisal.
    Order,
}

impl Contradiction {
    /// What two names contradict each other in, if anything.
    pub(in crate::link) fn find(a: &Name, b: &Name) -> Option<Self> {
        let (x, y) = (&*a.tokens, &*b.tokens);
        if let Some(found) = generations(a, b) {
            Some(found)
        } else if x.len() > 1
            && y.len() > 1
            && !has_first(x, y)
            && !has_first(y, x)
            && (genders_differ(&x[0], &y[0]) || surnames_differ(x, y))
        {
            Some(Self::Gender)
        } else if initials_differ(x, y) {
            Some(Self::Initials)
        } else if a.has_patronymic && b.has_patronymic && are_turned(x, y) {
            Some(Self::Order)
        } else {
            None
        }
    }
}

/// Whether a name has the first part of another: then that is not what the given names differ in.
fn has_first(name: &[Token], other: &[Token]) -> bool {
    name.iter().any(|token| token.letters == other[0].letters)
}

fn generations(a: &Name, b: &Name) -> Option<Contradiction> {
    match (a.generation(), b.generation()) {
        (Some(one), Some(other)) => (one != other).then_some(Contradiction::Generation),
        // The father rarely has "Sr."; a king's number is often left out.
        (Some("jr" | "sr"), None) | (None, Some("jr" | "sr")) => {
            (a.tokens.len() > 1 && b.tokens.len() > 1).then_some(Contradiction::Junior)
        }
        _ => None,
    }
}

/// Whether two given names are those of a man and a woman: by the table, or as Mario and Maria.
fn genders_differ(a: &Token, b: &Token) -> bool {
    let (one, other) = (a.letters.text(), b.letters.text());
    if one == other {
        return false;
    }
    let gender = |token: &Token| Lexicon::english().gender(token.letters.text());
    let by_table = gender(a).zip(gender(b));
    let by_ending = |man: &str, woman: &str| {
        let stem = man.strip_suffix('o').filter(|stem| stem.len() >= 3);
        stem.is_some() && stem == woman.strip_suffix('a')
    };
    by_table.is_some_and(|(one, other)| one != other) || by_ending(one, other) || by_ending(other, one)
}

/// Whether two surnames are those of a man and a woman of one Slavic family, with other given names: Viktor Petrov and Viktoria Petrova.
fn surnames_differ(a: &[Token], b: &[Token]) -> bool {
    let (Some(one), Some(other)) = (a.last(), b.last()) else { return false };
    let is_woman = |man: &str, woman: &str| {
        let short = woman.strip_suffix('a') == Some(man);
        let long = woman.strip_suffix("aya").map(|stem| stem.trim_end_matches('k'));
        let stem = ["skiy", "skii", "sky", "ski"].iter().find_map(|ending| man.strip_suffix(ending));
        short && ["ov", "ev", "in"].iter().any(|ending| man.ends_with(ending))
            || long.zip(stem).is_some_and(|(woman, man)| woman.strip_suffix('s') == Some(man))
    };
    let (one, other) = (one.letters.text(), other.letters.text());
    let given = (a[0].skeleton.key, b[0].skeleton.key);
    given.0 != given.1 && !a[0].is_initial() && !b[0].is_initial() && (is_woman(one, other) || is_woman(other, one))
}

/// Whether the first two parts of one name are those of the other in exchanged order.
fn are_turned(a: &[Token], b: &[Token]) -> bool {
    let key = |tokens: &[Token], at: usize| tokens.get(at).map(|token| token.skeleton.key);
    let (one, other) = ((key(a, 0), key(a, 1)), (key(b, 0), key(b, 1)));
    one.0.is_some() && one.1.is_some() && one == (other.1, other.0) && one.0 != one.1
}

/// Whether two names with the same parts have different initials in one place: "J. R. Larkin" and "J. B. Larkin".
fn initials_differ(a: &[Token], b: &[Token]) -> bool {
    if a.len() != b.len() || a.len() < 2 {
        return false;
    }
    let differ = |one: &Token, other: &Token| {
        let (one_letters, other_letters) = (one.letters.text(), other.letters.text());
        let are_initials = one.is_initial() && other.is_initial();
        are_initials && one_letters != other_letters
    };
    // Two spelled-out names are compared by their letters; an initial agrees with what begins with it.
    let agree = |one: &Token, other: &Token| {
        if one.is_initial() || other.is_initial() {
            one.letters.bytes().first() == other.letters.bytes().first()
        } else {
            true
        }
    };
    let pairs = || a.iter().zip(b);
    pairs().any(|(one, other)| differ(one, other))
        && pairs().filter(|(one, other)| !differ(one, other)).all(|(one, other)| agree(one, other))
        && a.last().zip(b.last()).is_some_and(|(one, other)| one.skeleton.key == other.skeleton.key)
}
