//! Forms as names of persons.

use super::form::Form;
use super::key::{KeyKind, key};
use crate::lexicon::{Gender, Lexicon, WordKind};
use crate::link::Kind;
use crate::link::names::{Contradiction, Name, NameModel};

/// Below this probability two full names are those of two persons, whatever else speaks for one.
const CONFLICT: f64 = 0.12;

/// Below this probability two full names in one document, neither a part of the other, are those of two persons: a text spells a name in
/// one way.
pub(super) const SIDE_BY_SIDE: f64 = 0.95;

/// Whether both names are full, and neither is the other with words left out.
pub(super) fn are_apart(a: &Form<'_>, b: &Form<'_>) -> bool {
    // "T." is within "Tom".
    let is_one = |word: &str, other: &str| word == other || word.len() == 1 && other.starts_with(word);
    let within = |a: &Form<'_>, b: &Form<'_>| a.words().all(|word| b.words().any(|other| is_one(word, other)));
    is_full(a) && is_full(b) && !within(a, b) && !within(b, a)
}

/// Whether both names are full and those of two persons. `probability` is that of one person, if it is known already.
pub(super) fn conflict(a: &Form<'_>, b: &Form<'_>, probability: Option<f32>) -> bool {
    let (Some(one), Some(other)) = (&a.name, &b.name) else { return false };
    let probability = || probability.map_or_else(|| NameModel::embedded().probability(one, other), f64::from);
    contradict(a, b) || is_full(a) && is_full(b) && probability() < CONFLICT
}

/// Whether two names of persons differ in what one person's names never do: generation, gender, initials.
pub(super) fn contradict(a: &Form<'_>, b: &Form<'_>) -> bool {
    let names = a.name.as_ref().zip(b.name.as_ref());
    names.is_some_and(|(a, b)| Contradiction::find(a, b).is_some())
}

/// Whether two names have one given name, in full or as an initial. Those that are so often left out before another that they tell nobody
/// apart do not count.
pub(super) fn share_given(a: &Form<'_>, b: &Form<'_>) -> bool {
    let given = |form: &Form<'_>| {
        let mut parts = form.name.as_ref()?.parts();
        parts.find(|part| !Lexicon::english().is_prefix(part)).map(str::to_owned)
    };
    let (Some(a), Some(b)) = (given(a), given(b)) else { return false };
    let is_initial = |short: &str, full: &str| short.len() == 1 && full.starts_with(short);
    a == b || is_initial(&a, &b) || is_initial(&b, &a)
}

/// The gender that the given name of a full name tells.
pub(super) fn gender(form: &Form<'_>) -> Option<Gender> {
    let given = form.name.as_ref().filter(|_| is_full(form))?.parts().next()?;
    Lexicon::english().gender(given)
}

/// Whether a form has a given name (or an initial) and a surname. A surname with its particle, "da Silva", has none.
pub(super) fn is_full(form: &Form<'_>) -> bool {
    let has_two = |name: &Name| {
        let mut parts = name.parts();
        let (Some(first), Some(_)) = (parts.next(), parts.next()) else { return false };
        parts.next().is_some() || Lexicon::english().kind(first) != WordKind::Nobiliary
    };
    form.weight >= 3 && form.name.as_ref().is_some_and(has_two)
}

/// Whether the longer name is the shorter one with another given name before it, as Hamza Shehbaz Sharif is Shehbaz Sharif with
/// Hamza. Where several people have the surname, that is a relative.
pub(super) fn adds_given_name(short: &Form<'_>, full: &Form<'_>) -> bool {
    let (Some(a), Some(b)) = (&short.name, &full.name) else { return false };
    let (short, full): (Vec<&str>, Vec<&str>) = (a.parts().collect(), b.parts().collect());
    short.len() >= 2
        && full.len() > short.len()
        && full.ends_with(&short)
        && full[0].len() > 1
        && !Lexicon::english().is_prefix(full[0])
}

/// Whether a form without a label that says its kind may be a person's name: one to four words of letters, none of which names a kind of
/// organisation or an office, and nothing that the knowledge base has as a land.
pub(super) fn may_be_person(form: &Form<'_>) -> bool {
    let lexicon = Lexicon::english();
    let is_word = |word: &str| {
        let is_other = lexicon.is_generic(word) || lexicon.is_legal_form(word) || lexicon.is_office(word);
        word.bytes().all(|c| c.is_ascii_alphabetic()) && !is_other
    };
    form.name.is_some() && !form.known.is_land() && !form.is_acronym && form.n_words() <= 4 && form.words().all(is_word)
}

/// Whether mentions of a kind may name a person by a form: by their label, or where that does not say what they name.
pub(super) fn may_name(kind: Kind, form: &Form<'_>) -> bool {
    kind == Kind::Person || kind == Kind::Other && may_be_person(form)
}

/// Key of the skeleton of the surname.
pub(super) fn surname_key(form: &Form<'_>) -> Option<u64> {
    form.name.as_ref()?.surname_key().map(|surname| key(KeyKind::Part, surname))
}
