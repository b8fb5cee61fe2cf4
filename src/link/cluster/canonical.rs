//! The canonical name of an entity.
//!
//! It is the fullest form that is well attested, not the longest string: what one document writes once is no name for what a hundred write
//! otherwise. Capitals of headlines are repaired; frequency, then Latin letters, then alphabetical order break ties.

use super::form::Form;
use crate::lexicon::Lexicon;
use crate::link::Kind;
use crate::link::names::NameModel;
use crate::link::normalise::is_latin;

/// A form of an entity, with its frequency.
#[derive(Clone, Debug)]
pub(super) struct Attested<'a> {
    pub(super) form: &'a Form<'a>,
    pub(super) kind: Kind,
    /// Number of mentions.
    pub(super) mentions: usize,
    /// Surfaces with their number of mentions.
    pub(super) surfaces: Vec<(&'a str, usize)>,
}

/// Index of the form that gives an entity its name: the fullest of those with at least a tenth of the mentions of the most frequent form
/// that is a full name.
pub(super) fn main(forms: &[Attested<'_>]) -> usize {
    let fullness = |at: usize| {
        let form = forms[at].form;
        let is_demonym = form.known.is_demonym();
        match forms[at].kind {
            // An organisation is called what most call it; only acronyms and demonyms give way to a name.
            Kind::Organisation | Kind::Place | Kind::Other if is_demonym || form.is_acronym => 0,
            Kind::Organisation | Kind::Place => 2,
            Kind::Person | Kind::Other => form.weight,
        }
    };
    let most =
        (0..forms.len()).filter(|&at| fullness(at) > 2 || matches!(forms[at].kind, Kind::Organisation | Kind::Place));
    let most = most.map(|at| forms[at].mentions).max().unwrap_or(0);
    let is_attested = |at: usize| 10 * forms[at].mentions >= most;
    let attested = (0..forms.len()).filter(|&at| is_attested(at));
    let in_latin = |at: usize| forms[at].surfaces.iter().any(|(surface, _)| is_latin(surface));
    let best = attested.max_by(|&a, &b| {
        let by_form = (fullness(a), forms[a].mentions, in_latin(a)).cmp(&(fullness(b), forms[b].mentions, in_latin(b)));
        by_form.then_with(|| forms[b].form.text.cmp(&forms[a].form.text))
    });
    best.expect("an entity has a mention")
}

/// The best surface of a form: without titles, possessives and parentheses, not in capitals, the most frequent.
pub(super) fn name(attested: &Attested<'_>) -> String {
    let model = NameModel::embedded();
    let is_person = attested.kind == Kind::Person;
    let rank = |surface: &str| {
        let titled = is_person && model.parse(surface).titles().next().is_some();
        let shouted = is_shouted(surface) && !attested.form.is_acronym;
        let possessive = surface.ends_with("'s") || surface.ends_with("’s") || surface.contains('(');
        (titled, possessive, shouted || !surface.starts_with(|c: char| c.is_uppercase() || !c.is_alphabetic()))
    };
    let best = attested.surfaces.iter().min_by(|a, b| {
        let by_shape = rank(a.0).cmp(&rank(b.0));
        by_shape.then(b.1.cmp(&a.1)).then_with(|| a.0.cmp(b.0))
    });
    let (surface, _) = best.expect("a form has a surface");
    let keeps = attested.form.is_acronym && !is_person && surface.len() <= 5;
    if is_shouted(surface) && !keeps { repaired(surface) } else { (*surface).to_owned() }
}

/// Whether all letters are capitals, and more than three of them are in a row.
fn is_shouted(surface: &str) -> bool {
    let longest = surface.split(|c: char| !c.is_alphabetic()).map(|word| word.chars().count()).max();
    longest > Some(3) && !surface.chars().any(char::is_lowercase)
}

/// "SHAH MEHMOOD QURESHI" as "Shah Mehmood Qureshi", "BANK OF AMERICA" as "Bank of America".
fn repaired(surface: &str) -> String {
    let mut text = String::with_capacity(surface.len());
    let mut first = true;
    for word in surface.split_inclusive(|c: char| !c.is_alphabetic() && c != '\'' && c != '’') {
        let bare = word.trim_end_matches(|c: char| !c.is_alphabetic());
        let is_small = !first && Lexicon::english().is_small(&bare.to_lowercase());
        let mut upper = !is_small;
        for c in word.chars() {
            if upper || !c.is_alphabetic() {
                text.push(c);
            } else {
                text.extend(c.to_lowercase());
            }
            if c.is_alphabetic() {
                upper = false;
            }
        }
        first = false;
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn capitals_are_repaired() {
        for (surface, want) in [
            ("SHAH MEHMOOD QURESHI", "Shah Mehmood Qureshi"),
            ("BANK OF AMERICA", "Bank of America"),
            ("AMIR-ABDOLLAHIAN", "Amir-Abdollahian"),
            ("O'BRIEN", "O'brien"),
        ] {
            assert_eq!(repaired(surface), want);
        }
        assert!(is_shouted("ISLAMABAD"));
        assert!(!is_shouted("U.S."));
        assert!(!is_shouted("UAE"));
    }
}
