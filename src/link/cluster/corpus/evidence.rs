//! How probable it is that two names of persons in different documents are one person's.
//!
//! The comparison of names knows how alike two names are. In an archive of N names there are N² pairs and about N true ones, so that
//! alike is not enough: the log odds also count the other names that are as alike, what the documents call the bearers, and who else is
//! named around them.

use std::sync::LazyLock;

use rayon::prelude::*;
use serde::Deserialize;

use super::context::{Context, Contexts};
use super::node::Node;
use crate::link::Kind;
use crate::link::cluster::form::Form;
use crate::link::cluster::forms::Forms;
use crate::link::lists::Lists;
use crate::link::logistic::Logistic;

/// Names of the features, in the order of the weights.
pub const FEATURES: [&str; 11] = [
    "name",
    "partners",
    "rivals",
    "least_rivals",
    "names",
    "other_country",
    "shared",
    "same_office",
    "other_office",
    "most_documents",
    "part",
];

/// Numbers of names between which the weights come into play: fewer names than the first have too few rivals to be judged by them.
const FEW_NAMES: [f32; 2] = [150.0, 600.0];

/// Least log odds by the names alone that two names of few have.
const LEAST_OF_FEW: f32 = 2.43;

/// The same for names in two scripts, whose letters tell less: chosen by `models/train/script_archives.py`.
const LEAST_ACROSS: f32 = 0.87;

/// Weights of the log odds, fitted by `models/train/evidence.py`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Weights {
    #[serde(rename = "about")]
    _about: String,
    features: Vec<String>,
    /// Of two names that are spelled out.
    full: Logistic<{ FEATURES.len() }>,
    /// Of a name with an initial and one without.
    initial: Logistic<{ FEATURES.len() }>,
}

impl Weights {
    fn embedded() -> &'static Self {
        static WEIGHTS: LazyLock<Weights> = LazyLock::new(|| {
            let json = include_str!("../../../../models/link/evidence.json");
            let weights: Weights = serde_json::from_str(json).expect("the embedded weights are tested");
            assert_eq!(weights.features, FEATURES, "the embedded weights are tested");
            weights
        });
        &WEIGHTS
    }
}

/// A pair of names that were compared.
#[derive(Clone, Copy, Debug)]
pub(super) struct Compared {
    /// The lesser node first.
    pub(super) pair: (u32, u32),
    /// How probable it is by the names alone.
    pub(super) by_names: f32,
}

/// What names were compared with.
pub(super) struct Partners<'a> {
    /// Per node, with how many it was compared.
    n: &'a [u32],
    /// Per node, the probabilities of those that are not quite improbable. Descending.
    likely: Lists<f32>,
}

impl<'a> Partners<'a> {
    pub(super) fn new(likely: &[Compared], n: &'a [u32]) -> Self {
        let both = |compared: &Compared| [compared.pair.0, compared.pair.1].map(|at| (at, compared.by_names));
        let mut likely = Lists::grouped(n.len(), likely.iter().flat_map(both));
        likely.for_each_mut(|list| list.sort_by(|a, b| b.total_cmp(a)));
        Self { n, likely }
    }

    /// Number of names that were compared with others.
    fn n_compared(&self) -> usize {
        self.n.iter().filter(|&&n| n > 0).count()
    }

    fn n_of(&self, at: u32) -> usize {
        self.n[at as usize] as usize
    }

    /// Number of names that are about as alike as a likely pair, besides the other one of the pair.
    fn n_rivals(&self, at: u32, by_names: f32) -> usize {
        self.likely[at as usize].partition_point(|&other| other >= 0.8 * by_names).saturating_sub(1)
    }
}

/// What tells whether names are one person's.
pub(super) struct Evidence<'a> {
    nodes: &'a [Node],
    forms: &'a Forms<'a>,
    contexts: &'a Contexts,
    partners: Partners<'a>,
    /// Number of names of persons, those of an archive included.
    n_names: usize,
}

impl<'a> Evidence<'a> {
    pub(super) fn new(nodes: &'a [Node], forms: &'a Forms<'a>, contexts: &'a Contexts, partners: Partners<'a>) -> Self {
        let n_names = partners.n_compared().max(contexts.n_known_persons());
        Self { nodes, forms, contexts, partners, n_names }
    }

    /// How probable it is that each of some pairs is one person, by all that is known.
    pub(super) fn judge(&self, compared: &[Compared]) -> Vec<f32> {
        // Pairs of one name follow each other: what surrounds it is looked up once.
        let groups: Vec<&[Compared]> = compared.chunk_by(|a, b| a.pair.0 == b.pair.0).collect();
        let judge = |group: &&[Compared]| {
            let first = self.contexts.of(group[0].pair.0);
            let judged: Vec<f32> = group.iter().map(|compared| self.probability(*compared, &first)).collect();
            judged
        };
        groups.par_iter().flat_map_iter(judge).collect()
    }

    fn probability(&self, compared: Compared, first: &Context<'_>) -> f32 {
        let Compared { pair: (a, b), by_names } = compared;
        if self.nodes[a as usize].kind != Kind::Person {
            return by_names;
        }
        let few = self.share_of_few();
        let p = by_names.clamp(1e-4, 1.0 - 1e-4);
        let least = if self.are_of_two_scripts(a, b) { LEAST_ACROSS } else { LEAST_OF_FEW };
        let by_names = (p / (1.0 - p)).ln() - least;
        let log_odds = if few < 1.0 { few * by_names + (1.0 - few) * self.log_odds(compared, first) } else { by_names };
        1.0 / (1.0 + (-log_odds).exp())
    }

    fn are_of_two_scripts(&self, a: u32, b: u32) -> bool {
        let [one, other] = [a, b].map(|at| self.forms.get(self.nodes[at as usize].form).name.as_ref());
        one.zip(other).is_some_and(|(one, other)| !one.is_in_script_of(other))
    }

    /// The log odds by the weights.
    fn log_odds(&self, compared: Compared, first: &Context<'_>) -> f32 {
        let [one, other] = [compared.pair.0, compared.pair.1].map(|at| self.forms.get(self.nodes[at as usize].form));
        let weights = Weights::embedded();
        let of = if has_initial(one) == has_initial(other) { &weights.full } else { &weights.initial };
        of.log_odds(&self.features(compared, first))
    }

    /// From 1, if there are few names, to 0.
    fn share_of_few(&self) -> f32 {
        let [from, to] = FEW_NAMES.map(f32::ln);
        let names = (self.n_names.max(1) as f32).ln();
        ((to - names) / (to - from)).clamp(0.0, 1.0)
    }

    pub(super) fn features(&self, compared: Compared, first: &Context<'_>) -> [f32; FEATURES.len()] {
        let Compared { pair: (a, b), by_names } = compared;
        let (node_a, node_b) = (&self.nodes[a as usize], &self.nodes[b as usize]);
        let (one, other) = (self.forms.get(node_a.form), self.forms.get(node_b.form));
        let second = &self.contexts.of(b);
        let rivals = |at: u32| self.partners.n_rivals(at, by_names);
        let log = |n: usize| (n as f32).ln_1p();
        let flag = |is: bool| f32::from(u8::from(is));
        let other_country = !first.countries.is_empty()
            && !second.countries.is_empty()
            && first.countries.is_disjoint(&second.countries);
        let offices = first.offices.zip(second.offices);
        let same_office = offices.is_some_and(|(one, other)| !one.is_disjoint(other));
        let p = by_names.clamp(1e-4, 1.0 - 1e-4);
        [
            (p / (1.0 - p)).ln(),
            log(self.partners.n_of(a)) + log(self.partners.n_of(b)),
            log(rivals(a)) + log(rivals(b)),
            log(rivals(a)).min(log(rivals(b))),
            (self.n_names.max(1) as f32).ln(),
            flag(other_country),
            self.contexts.shared(first, second, [a, b]).ln_1p(),
            flag(same_office),
            flag(offices.is_some() && !same_office),
            (self.contexts.n_documents(a).max(self.contexts.n_documents(b)).max(1) as f32).ln(),
            flag(is_part(one, other) || is_part(other, one)),
        ]
    }
}

/// Whether a part of a name is an initial.
pub(super) fn has_initial(form: &Form<'_>) -> bool {
    form.words().any(|word| word.len() == 1)
}

/// Whether a name begins with an initial for the given name: "J. Marsh", not "George W. Bush".
pub(super) fn begins_with_initial(form: &Form<'_>) -> bool {
    form.words().next().is_some_and(|word| word.len() == 1)
}

/// Whether all words of a name are words of another.
fn is_part(a: &Form<'_>, b: &Form<'_>) -> bool {
    a.words().all(|word| b.words().any(|other| word == other))
}
