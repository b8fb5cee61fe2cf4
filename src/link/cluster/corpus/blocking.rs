//! Blocking: which names of persons are compared at all.
//!
//! Pairs that share a key are compared: two parts of a name, a part and an initial, all parts in one. A key that many names have tells
//! little and costs much, so it is left out: of 22,193 names, keys of at most 200 names found .90 of the pairs that all keys found, with
//! a fifth of the comparisons.

use std::collections::HashMap;

use rayon::prelude::*;

use super::evidence::has_initial;
use super::node::Node;
use crate::link::Kind;
use crate::link::cluster::form::Form;
use crate::link::cluster::forms::Forms;
use crate::link::cluster::key::{KeyKind, key};
use crate::link::cluster::person;
use crate::link::names::NameModel;

/// Largest block whose pairs are compared.
pub(super) const LARGEST: usize = 100;
/// Largest block whose pairs of full names are compared.
const LARGEST_OF_FULL: usize = 20;
/// The pairs of persons that share a key, the lesser node first. Sorted.
pub(super) fn pairs(nodes: &[Node], forms: &Forms<'_>) -> Vec<(u32, u32)> {
    let mut blocks: HashMap<(Kind, u64), Vec<u32>> = HashMap::new();
    for (at, node) in (0_u32..).zip(nodes) {
        let form = forms.get(node.form);
        let is_told = node.kind == Kind::Person || form.n_words() > 1;
        if is_told && !node.is_pair && person::may_name(node.kind, form) {
            for key in blocking_keys(form) {
                blocks.entry((node.kind, key)).or_default().push(at);
            }
        }
    }
    let mut pairs: Vec<(u32, u32)> = Vec::new();
    let of_initial = |at: u32| has_initial(forms.get(nodes[at as usize].form));
    for (_, mut block) in blocks.into_iter().filter(|(_, block)| (2..=LARGEST).contains(&block.len())) {
        // In a large block, two full names have to share another key too; "J. Smith" has none.
        block.sort_by_key(|&at| !of_initial(at));
        let is_large = block.len() > LARGEST_OF_FULL;
        let n_compared = if is_large { block.partition_point(|&at| of_initial(at)) } else { block.len() };
        for (nth, &a) in block[..n_compared].iter().enumerate() {
            pairs.extend(block[nth + 1..].iter().map(|&b| (a.min(b), a.max(b))));
        }
    }
    pairs.par_sort_unstable();
    pairs.dedup();
    pairs
}

/// Keys of pairs of parts, of the first letter with the last part, and of all parts in one.
pub(super) fn blocking_keys(form: &Form<'_>) -> Vec<u64> {
    let Some(name) = &form.name else { return Vec::new() };
    // A word of another script has several readings, and a name may meet others by each of them.
    let parts = NameModel::embedded().keys_of_readings(name);
    let letters: Vec<&str> = name.parts().collect();
    let mut keys: Vec<u64> = wholes(&parts).iter().map(|whole| key(KeyKind::WholeName, whole)).collect();
    for (at, one) in parts.iter().enumerate() {
        for other in &parts[at + 1..] {
            for (one, other) in one.iter().flat_map(|one| other.iter().map(move |other| (one, other))) {
                let (first, second) = if one <= other { (one, other) } else { (other, one) };
                keys.push(key(KeyKind::TwoParts, &format!("{first} {second}")));
            }
        }
    }
    if let ([first, .., _], Some(last)) = (letters.as_slice(), parts.last()) {
        keys.extend(last.iter().map(|last| key(KeyKind::InitialAndLast, &format!("{} {last}", &first[..1]))));
    }
    let loose = NameModel::embedded().loose_keys(name);
    keys.extend(loose.iter().map(|loose| key(KeyKind::Loose, loose)));
    keys.sort_unstable();
    keys.dedup();
    keys
}

/// The keys of all parts in one: of the usual readings, and with one part read in another way.
fn wholes(parts: &[Vec<String>]) -> Vec<String> {
    let with = |other: Option<(usize, &str)>| -> String {
        let part = |(at, readings): (usize, &Vec<String>)| match other {
            Some((place, reading)) if place == at => reading.to_owned(),
            _ => readings.first().cloned().unwrap_or_default(),
        };
        parts.iter().enumerate().map(part).collect()
    };
    let others = parts.iter().enumerate().flat_map(|(at, readings)| readings.iter().skip(1).map(move |it| (at, it)));
    std::iter::once(with(None)).chain(others.map(|(at, reading)| with(Some((at, reading))))).collect()
}
