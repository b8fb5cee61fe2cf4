//! Blocking: which names of persons are compared at all.
//!
//! Pairs that share a key are compared: two parts of a name, a part and an initial, all parts in one. A key that many names have tells
//! little and costs much, so it is left out: of 22,193 names, keys of at most 200 names found .90 of the pairs that all keys found, with
//! a fifth of the comparisons.

use rayon::prelude::*;

use super::evidence::has_initial;
use super::node::Node;
use crate::link::Kind;
use crate::link::cluster::form::Form;
use crate::link::cluster::forms::Forms;
use crate::link::cluster::key::{KeyKind, key};
use crate::link::cluster::person;
use crate::link::lists::Lists;
use crate::link::names::NameModel;

/// Largest block whose pairs are compared.
pub(super) const LARGEST: usize = 100;
/// Largest block whose pairs of full names are compared.
const LARGEST_OF_FULL: usize = 20;

/// The names of persons by the keys that they share.
pub(super) struct Blocks {
    /// Per block, its nodes: those with an initial first, each part sorted.
    nodes: Lists<u32>,
    /// Per block, how many of its nodes are compared with all others.
    n_compared: Vec<u32>,
    /// Per node, its blocks.
    of_node: Lists<u32>,
}

impl Blocks {
    /// The blocks of at least two nodes.
    pub(super) fn new(nodes: &[Node], forms: &Forms<'_>) -> Self {
        let keys = |at: &u32| -> Vec<(u64, Kind, u32)> {
            let node = &nodes[*at as usize];
            let form = forms.get(node.form);
            let is_told = node.kind == Kind::Person || form.n_words() > 1;
            let is_blocked = is_told && !node.is_pair && person::may_name(node.kind, form);
            let keys = if is_blocked { blocking_keys(form) } else { Vec::new() };
            keys.into_iter().map(|key| (key, node.kind, *at)).collect()
        };
        let all = 0..u32::try_from(nodes.len()).expect("nodes are counted in 32 bits");
        let mut entries: Vec<(u64, Kind, u32)> = all.into_par_iter().flat_map_iter(|at| keys(&at)).collect();
        entries.par_sort_unstable();
        let of_initial = |at: u32| has_initial(forms.get(nodes[at as usize].form));
        let mut blocks = Self { nodes: Lists::default(), n_compared: Vec::new(), of_node: Lists::default() };
        for same in entries.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)).filter(|same| (2..=LARGEST).contains(&same.len()))
        {
            let mut block: Vec<u32> = same.iter().map(|&(_, _, at)| at).collect();
            // In a large block, two full names have to share another key too; "J. Smith" has none.
            block.sort_by_key(|&at| !of_initial(at));
            let is_large = block.len() > LARGEST_OF_FULL;
            let n_compared = if is_large { block.partition_point(|&at| of_initial(at)) } else { block.len() };
            if n_compared > 0 {
                blocks.nodes.push(block);
                blocks.n_compared.push(u32::try_from(n_compared).expect("a block has few nodes"));
            }
        }
        drop(entries);
        let lists = (0_u32..).zip(blocks.nodes.iter());
        let of_node = lists.flat_map(|(block, nodes)| nodes.iter().map(move |&at| (at, block)));
        blocks.of_node = Lists::grouped(nodes.len(), of_node);
        blocks
    }

    /// The greater nodes that a node is compared with. Sorted.
    pub(super) fn after(&self, at: u32) -> Vec<u32> {
        let mut others: Vec<u32> = Vec::new();
        for &block in &self.of_node[at as usize] {
            let (nodes, n) = (&self.nodes[block as usize], self.n_compared[block as usize] as usize);
            let with_all = nodes[..n].contains(&at);
            let partners = if with_all { nodes } else { &nodes[..n] };
            others.extend(partners.iter().copied().filter(|&other| other > at));
        }
        others.sort_unstable();
        others.dedup();
        others
    }
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
