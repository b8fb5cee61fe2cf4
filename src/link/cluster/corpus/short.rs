//! Short names that their own documents leave alone, and the entities that they fit.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};

use super::attached::Attached;
use super::graph::Graph;
use super::heads::Heads;
use crate::lexicon::Lexicon;
use crate::link::Kind;
use crate::link::cluster::document::Documents;
use crate::link::cluster::key::{KeyKind, key};
use crate::link::cluster::matching::match_persons;
use crate::link::cluster::person;
use crate::link::cluster::support::Support;
use crate::link::mentions::MentionStore;
use crate::link::reason::MergeReason;

/// Most full names of a surname that are compared with a bare surname.
const MOST_OF_A_SURNAME: usize = 64;
/// Fewest letters of an acronym that names of other documents are looked for.
const SHORTEST_ACRONYM: usize = 3;
/// How many times more documents may have an acronym alone than have the name that its letters are the initials of.
const MOST_TIMES_MORE: usize = 4;
/// Most candidates of a name that are kept, those with most mentions first.
const MOST_CANDIDATES: usize = 8;

/// An entity that a short name may stand for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Candidate {
    /// The node of the entity that fits best.
    pub(super) node: u32,
    pub(super) support: Support,
}

/// What documents attach a form to.
#[derive(Clone, Copy, Debug)]
struct Elsewhere {
    form: u32,
    kind: Kind,
    root: u32,
    support: Support,
}

/// What short names are looked up in.
pub(super) struct ShortNames<'g> {
    graph: &'g Graph<'g>,
    /// The forms that other documents attach to something. Sorted by form, kind and root, each once.
    elsewhere: Vec<Elsewhere>,
    /// Full names of persons by the skeleton of their last part.
    by_surname: HashMap<u64, Vec<u32>>,
    /// Organisations of several words by their initials.
    by_initials: HashMap<u64, Vec<u32>>,
    heads: Heads<'g>,
}

impl<'g> ShortNames<'g> {
    pub(super) fn new(graph: &'g Graph<'g>, mentions: &MentionStore, documents: &Documents<'_>) -> Self {
        let (elsewhere, by_surname) = (elsewhere(graph, mentions, documents), by_surname(graph));
        Self { graph, elsewhere, by_surname, by_initials: by_initials(graph), heads: Heads::new(graph) }
    }

    /// The entities that a name fits, each by its best node.
    pub(super) fn candidates(&self, at: u32) -> Vec<Candidate> {
        let graph = self.graph;
        let (node, form, own) = (graph.node(at), graph.form(at), graph.root(at));
        // An acronym or a surname that names alone have joined with a fuller one is no longer short for anything else.
        if (form.is_acronym || node.kind == Kind::Person)
            && graph.members(&own).iter().any(|&other| other != at && graph.form(other).weight > form.weight)
        {
            return Vec::new();
        }
        // "A farmer named Orlov" is nobody that other documents know.
        if node.stays {
            return Vec::new();
        }
        let mut candidates: BTreeMap<u32, Candidate> = BTreeMap::new();
        let mut add = |node: u32, reason: MergeReason, probability: f32| {
            let root = graph.root(node);
            if root != own && graph.may_join(own, root) {
                let candidate = Candidate { node, support: Support::new(reason, probability) };
                let best = candidates.entry(root).or_insert(candidate);
                if probability > best.support.probability {
                    *best = candidate;
                }
            }
        };
        // What "Supreme Court" is short for in one document tells nothing about another.
        let is_of_state = form.is_state_relative || form.is_party && node.within != 0;
        let from = self.elsewhere.partition_point(|other| (other.form, other.kind) < (node.form, node.kind));
        let known = self.elsewhere[from..].iter();
        let known = known.take_while(|other| (other.form, other.kind) == (node.form, node.kind) && !is_of_state);
        for &Elsewhere { root, support, .. } in known {
            add(root, support.reason, 0.95 * support.probability);
        }
        if person::may_name(node.kind, form)
            && !person::is_full(form)
            && let Some(surname) = person::surname_key(form)
        {
            for &full in self.by_surname.get(&surname).into_iter().flatten() {
                if graph.node(full).kind == node.kind
                    && let Some(support) = match_persons(form, graph.form(full))
                    && matches!(support.reason, MergeReason::Surname | MergeReason::Name)
                {
                    add(full, support.reason, 0.93 * support.probability);
                }
            }
        }
        if form.is_acronym
            && form.text.len() >= SHORTEST_ACRONYM
            && node.kind != Kind::Place
            && node.kind != Kind::Person
            && !Lexicon::english().is_agency(&form.text)
        {
            for &full in self.by_initials.get(&key(KeyKind::Initials, &form.text)).into_iter().flatten() {
                if graph.node(full).kind == node.kind {
                    add(full, MergeReason::Acronym, 0.85);
                }
            }
        }
        if let Some(full) = self.heads.only(graph, at) {
            add(full, MergeReason::Head, 0.9);
        }
        // Initials are a guess, and one guess must not move an archive: what few documents name is not what many mean.
        let n_documents = |at: u32| graph.node(at).documents.len();
        candidates.retain(|&root, candidate| {
            let n_full: usize = graph.members(&root).iter().map(|&member| n_documents(member)).sum();
            candidate.support.reason != MergeReason::Acronym || n_documents(at) <= MOST_TIMES_MORE * n_full
        });
        self.best(candidates.into_values().collect())
    }

    /// The candidates without those that equal surnames rule out, and not too many.
    fn best(&self, mut candidates: Vec<Candidate>) -> Vec<Candidate> {
        use MergeReason::{GivenName, Name, Part, Surname};
        if candidates.iter().any(|candidate| candidate.support.reason == Surname) {
            candidates.retain(|candidate| !matches!(candidate.support.reason, Name | GivenName | Part));
        }
        if candidates.len() > MOST_CANDIDATES {
            let mentions = |candidate: &Candidate| {
                let root = self.graph.root(candidate.node);
                self.graph.members(&root).iter().map(|&member| self.graph.node(member).mentions).sum::<u32>()
            };
            candidates.sort_by_cached_key(|candidate| (Reverse(mentions(candidate)), candidate.node));
            candidates.truncate(MOST_CANDIDATES);
        }
        candidates
    }
}

/// Whether what one document attaches to a fuller name may be short for it in others: not that "Washington" is a person there, nor a given
/// name alone.
fn tells_elsewhere(reason: MergeReason) -> bool {
    !matches!(reason, MergeReason::Mislabelled | MergeReason::GivenName | MergeReason::Part)
}

fn elsewhere(graph: &Graph<'_>, mentions: &MentionStore, documents: &Documents<'_>) -> Vec<Elsewhere> {
    // That "Washington" is a person in one document tells nothing about another.
    let attached = graph.attached(documents).filter(|attached| tells_elsewhere(attached.support.reason));
    let mut all: Vec<Elsewhere> = attached
        .map(|Attached { form, kind, to, support, .. }| Elsewhere { form, kind, root: graph.root(to), support })
        .collect();
    graph.known_short(mentions, |form, kind, root, support| all.push(Elsewhere { form, kind, root, support }));
    // Of equally probable reasons, the first one stays.
    all.sort_by_key(|one| (one.form, one.kind, one.root));
    all.dedup_by(|next, best| {
        let is_same = (next.form, next.kind, next.root) == (best.form, best.kind, best.root);
        if is_same && next.support.probability > best.support.probability {
            *best = *next;
        }
        is_same
    });
    all
}

fn by_surname(graph: &Graph<'_>) -> HashMap<u64, Vec<u32>> {
    let mut by_surname: HashMap<u64, Vec<u32>> = HashMap::new();
    for (at, node) in (0_u32..).zip(&graph.nodes) {
        let form = graph.form(at);
        if person::may_name(node.kind, form)
            && !node.is_pair
            && person::is_full(form)
            && let Some(surname) = person::surname_key(form)
        {
            by_surname.entry(surname).or_default().push(at);
        }
    }
    // Nobody looks through all of a hundred Khans.
    for full in by_surname.values_mut().filter(|full| full.len() > MOST_OF_A_SURNAME) {
        full.sort_by_key(|&at| (Reverse(graph.node(at).mentions), at));
        full.truncate(MOST_OF_A_SURNAME);
    }
    by_surname
}

fn by_initials(graph: &Graph<'_>) -> HashMap<u64, Vec<u32>> {
    let mut by_initials: HashMap<u64, Vec<u32>> = HashMap::new();
    for (at, node) in (0_u32..).zip(&graph.nodes) {
        if matches!(node.kind, Kind::Organisation | Kind::Other) {
            let initials = graph.form(at).organisation.initials();
            for letters in initials.filter(|letters| letters.len() >= SHORTEST_ACRONYM) {
                by_initials.entry(key(KeyKind::Initials, letters)).or_default().push(at);
            }
        }
    }
    by_initials
}
