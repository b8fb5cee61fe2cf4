//! Are two names one person's?
//!
//! Nine of ten mentions of persons in news that differ from the main name are a part of it, mostly the surname.

use super::form::{Form, key};
use super::organisation;
use super::reason::Reason;
use crate::link::names::Model;

/// Below this probability two full names are of two persons, whatever else speaks for one.
pub(super) const CONFLICT: f64 = 0.12;

/// Given names that are so often left out before another given name that they tell no two persons apart.
const PREFIXES: &[&str] =
    &["abd", "agha", "hafiz", "mohammad", "mohammed", "mohamed", "muhammad", "muhammed", "seyed", "syed"];

/// Below this probability two full names that stand in one document, neither a part of the other, are of two persons: a text
/// spells a name in one way.
pub(super) const SIDE_BY_SIDE: f64 = 0.95;

/// Whether both names have a given name and a surname, and neither is the other with words left out.
pub(super) fn are_apart(a: &Form<'_>, b: &Form<'_>) -> bool {
    let within = |a: &Form<'_>, b: &Form<'_>| a.words().all(|word| b.words().any(|other| word == other));
    is_full(a) && is_full(b) && !within(a, b) && !within(b, a)
}

/// How sure it is that the shorter of two names stands for the longer.
pub(super) fn compare(short: &Form<'_>, full: &Form<'_>) -> Option<(Reason, f32)> {
    let (Some(a), Some(b)) = (&short.name, &full.name) else { return None };
    let model = Model::embedded();
    let first: Vec<&str> = a.parts().collect();
    let second: Vec<&str> = b.parts().collect();
    if let ([only], [given, .., surname]) = (first.as_slice(), second.as_slice()) {
        if only.len() < 2 {
            return None;
        }
        if only == surname {
            return Some((Reason::Surname, 0.97));
        }
        if only == given {
            return Some((Reason::GivenName, 0.9));
        }
        if second.contains(only) {
            return Some((Reason::Part, 0.8));
        }
    }
    let probability = model.probability(a, b);
    let least = if are_apart(short, full) { SIDE_BY_SIDE } else { model.threshold() };
    (probability >= least).then_some((Reason::Name, as_f32(probability)))
}

/// Whether two names that both have a given name and a surname are of two persons.
///
/// `probability` is that of both being one, where it is known already.
pub(super) fn conflict(a: &Form<'_>, b: &Form<'_>, probability: Option<f32>) -> bool {
    let (Some(one), Some(other)) = (&a.name, &b.name) else { return false };
    let probability = || probability.map_or_else(|| Model::embedded().probability(one, other), f64::from);
    is_full(a) && is_full(b) && probability() < CONFLICT
}

/// Whether a form has a given name (or an initial) and a surname.
pub(super) fn is_full(form: &Form<'_>) -> bool {
    form.weight >= 3 && form.name.as_ref().is_some_and(|name| name.parts().nth(1).is_some())
}

/// Whether the longer name is the shorter one with another given name before it, as Hamza Shehbaz Sharif is Shehbaz Sharif with
/// Hamza: where the surname is a family's, that is a relative.
pub(super) fn adds_given_name(short: &Form<'_>, full: &Form<'_>) -> bool {
    let (Some(a), Some(b)) = (&short.name, &full.name) else { return false };
    let (short, full): (Vec<&str>, Vec<&str>) = (a.parts().collect(), b.parts().collect());
    short.len() >= 2
        && full.len() > short.len()
        && full.ends_with(&short)
        && full[0].len() > 1
        && !PREFIXES.contains(&full[0])
}

#[expect(clippy::cast_possible_truncation, reason = "a probability needs no more than 7 digits")]
pub(super) fn as_f32(probability: f64) -> f32 {
    probability as f32
}

/// Whether words that nobody has labelled may be a person's name: one to four words of letters, none of which names a kind of body,
/// and nothing that a knowledge base knows.
pub(super) fn may_be(form: &Form<'_>) -> bool {
    let is_word = |word: &str| {
        let is_other = organisation::is_generic(word) || organisation::is_legal_form(word) || is_office(word);
        word.bytes().all(|c| c.is_ascii_alphabetic()) && !is_other
    };
    form.name.is_some() && !form.known.is_land() && !form.is_acronym && form.n_words() <= 4 && form.words().all(is_word)
}

/// Whether titles name an office that few hold, and no mere form of address.
pub(super) fn is_office(titles: &str) -> bool {
    titles.split(' ').any(|word| OFFICES.binary_search(&word).is_ok())
}

const OFFICES: &[&str] = &[
    "adviser",
    "advisor",
    "ambassador",
    "archbishop",
    "ayatollah",
    "bishop",
    "captain",
    "cardinal",
    "ceo",
    "chairman",
    "chairperson",
    "chairwoman",
    "chancellor",
    "chief",
    "coach",
    "commander",
    "commissioner",
    "director",
    "envoy",
    "governor",
    "judge",
    "justice",
    "leader",
    "mayor",
    "minister",
    "president",
    "prosecutor",
    "secretary",
    "senator",
    "speaker",
    "spokesman",
    "spokesperson",
    "spokeswoman",
];

/// The skeleton of the last part of a name.
pub(super) fn surname_key(form: &Form<'_>) -> Option<u64> {
    let keys = Model::embedded().keys(form.name.as_ref()?);
    keys.last().map(|last| key(b'p', last))
}
