//! What an archive registers: entities, the names that they are made of, and the name of each mention.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};

use rayon::prelude::*;

use super::Knowledge;
use super::assemble::Assembly;
use super::corpus::{CorpusEntities, NameKeys, nodes};
use super::document::{DocumentUnits, Documents, resolve_all};
use super::forms::Forms;
use super::members::{Gathered, Members};
use super::output::Cluster;
use crate::lexicon::Lexicon;
use crate::link::Kind;
use crate::link::mentions::{Attached, Guess, MentionStore, Teams};

/// The entities of some documents and of what was known before, as an archive keeps them.
#[derive(Clone, Debug)]
pub(crate) struct Register {
    pub(crate) clusters: Vec<Cluster>,
    /// The names that mentions have, in any order.
    pub(crate) names: Vec<RegisteredName>,
    /// Per document and mention.
    pub(crate) of_mention: Vec<Vec<RegisteredMention>>,
    /// How the labels of the new documents tell teams from countries.
    pub(crate) teams: Teams,
}

/// A name of an entity.
#[derive(Clone, Debug)]
pub(crate) struct RegisteredName {
    /// Where the archive has it already.
    pub(crate) row: Option<i64>,
    pub(crate) kind: Kind,
    /// Id of one of its surfaces.
    pub(crate) surface: u32,
    pub(crate) within: u64,
    pub(crate) sense: Option<u64>,
    /// Number of new documents that have it.
    pub(crate) documents: u32,
    pub(crate) guess: Option<Guess>,
    pub(crate) keys: NameKeys,
}

/// What a mention is one of.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RegisteredMention {
    /// Index of its name.
    pub(crate) name: u32,
    /// Id of its surface.
    pub(crate) surface: u32,
    /// Id of its label.
    pub(crate) label: u32,
    /// First byte in the text.
    pub(crate) start: u32,
    /// Id of the office that the text gives right before it.
    pub(crate) office: Option<u32>,
    /// The kind of thing that it names.
    pub(crate) kind: Kind,
    /// Why it stands for a fuller name; `None` for the name itself.
    pub(crate) attached: Option<Attached>,
}

/// The keys of all names in some documents, to look up what an archive knows of them.
pub(in crate::link) fn keys(mentions: &MentionStore, knowledge: Knowledge<'_>) -> NameKeys {
    let forms = Forms::new(mentions, knowledge);
    let documents = resolve_all(mentions, &forms);
    let nodes = nodes(mentions, &forms, &documents).nodes;
    let sought = nodes.par_iter().map(|node| NameKeys::sought(node, forms.get(node.form), knowledge));
    sought.reduce(NameKeys::default, |mut all, keys| {
        all.extend(keys);
        all
    })
}

/// The keys of the names of what is known beforehand, as they are kept.
pub(in crate::link) fn known_keys(mentions: &MentionStore, knowledge: Knowledge<'_>) -> Vec<Vec<NameKeys>> {
    let forms = Forms::new(mentions, knowledge);
    let nodes = nodes(mentions, &forms, &Documents::none(&forms));
    let keys = |&node: &u32| {
        let node = &nodes.nodes[node as usize];
        NameKeys::of(node, forms.get(node.form))
    };
    nodes.of_known.iter().map(|own| own.iter().map(keys).collect()).collect()
}

/// The entities of some documents, and of what is known beforehand.
pub(in crate::link) fn register(mentions: &MentionStore, knowledge: Knowledge<'_>) -> Register {
    let forms = Forms::new(mentions, knowledge);
    let documents = resolve_all(mentions, &forms);
    let corpus = CorpusEntities::new(mentions, &forms, &documents);
    let gathered = Gathered::new(mentions, &corpus, &documents);
    let members: Vec<Members> = (0..gathered.len()).into_par_iter().map(|nth| gathered.members(nth)).collect();
    let registration = Registration { mentions, forms: &forms, documents: &documents, corpus: &corpus };
    let (of_mention, used) = registration.mentions();
    let names = registration.names(&members, &of_mention, &used);
    let assembly = Assembly::new(mentions, &forms, &documents);
    let clusters = members.into_par_iter().map(|members| assembly.cluster(members)).collect();
    let places: HashMap<u32, u32> = (0..).zip(used).map(|(at, node)| (node, at)).collect();
    let renamed = |mut mention: RegisteredMention| {
        mention.name = places[&mention.name];
        mention
    };
    let of_mention = of_mention.into_iter().map(|all| all.into_iter().map(renamed).collect()).collect();
    Register { clusters, names, of_mention, teams: forms.teams(mentions) }
}

/// Form, kind, what it is within, and sense of a node.
type NodeKey = (u32, Kind, u64, Option<u64>);

struct Registration<'a> {
    mentions: &'a MentionStore,
    forms: &'a Forms<'a>,
    documents: &'a Documents<'a>,
    corpus: &'a CorpusEntities<'a>,
}

impl Registration<'_> {
    /// Each mention with its node, and the nodes that have one.
    fn mentions(&self) -> (Vec<Vec<RegisteredMention>>, BTreeSet<u32>) {
        let document = |(at, document): (u32, Cow<'_, DocumentUnits>)| {
            let records = &self.mentions.documents[at as usize].mentions;
            let mention = |(record, &unit): (&crate::link::mentions::MentionRecord, &u32)| {
                let node = self.corpus.graph.of_unit[at as usize][unit as usize];
                let moved = self.corpus.moved.get(&(at, node));
                let unit = &document.units[unit as usize];
                let support = unit.parent.map(|parent| parent.support).or(moved.map(|edge| edge.support));
                RegisteredMention {
                    name: moved.map_or(node, |edge| edge.to),
                    surface: record.surface,
                    label: record.label,
                    start: record.start,
                    office: record
                        .title
                        .checked_sub(1)
                        .filter(|&at| Lexicon::english().is_office(&self.mentions.titles[at as usize])),
                    kind: unit.kind,
                    attached: support.map(|it| Attached { reason: it.reason, probability: it.probability }),
                }
            };
            records.iter().zip(&document.of_mention).map(mention).collect()
        };
        let all: Vec<Vec<RegisteredMention>> = (0..).zip(self.documents.iter()).map(document).collect();
        let used = all.iter().flatten().map(|mention| mention.name).collect();
        (all, used)
    }

    /// The names of some nodes.
    fn names(
        &self,
        members: &[Members],
        of_mention: &[Vec<RegisteredMention>],
        used: &BTreeSet<u32>,
    ) -> Vec<RegisteredName> {
        let graph = &self.corpus.graph;
        let mut rows: HashMap<u32, i64> = HashMap::new();
        for (entity, nodes) in self.mentions.known.entities.iter().zip(&graph.of_known) {
            for ((_, name), &node) in entity.standing().zip(nodes) {
                rows.entry(node).or_insert(name.row);
            }
        }
        let guessed = self.guessed(members, of_mention);
        let guesses: HashMap<u32, Guess> = graph
            .edges
            .iter()
            .filter(|edge| Guess::is_made_in(edge.scope))
            .map(|edge| {
                let (reason, probability) = (edge.support.reason, edge.support.probability);
                (edge.from, Guess { reason, scope: edge.scope, probability })
            })
            .collect();
        let name = |&node: &u32| {
            let at = &graph.nodes[node as usize];
            let form = self.forms.get(at.form);
            let n_read = self.documents.len();
            RegisteredName {
                row: rows.get(&node).or_else(|| guessed.get(&node)).copied(),
                kind: at.kind,
                surface: self.surface(node),
                within: at.within,
                sense: at.sense,
                documents: u32::try_from(at.documents.partition_point(|&it| (it as usize) < n_read))
                    .expect("documents are counted in 32 bits"),
                guess: guesses.get(&node).copied(),
                keys: NameKeys::of(at, form),
            }
        };
        used.iter().collect::<Vec<_>>().into_par_iter().map(name).collect()
    }

    /// A surface of the form of a node.
    fn surface(&self, node: u32) -> u32 {
        self.forms.surface(self.corpus.graph.nodes[node as usize].form)
    }

    /// Nodes that known entities have as guesses: by node, the row.
    fn guessed(&self, members: &[Members], of_mention: &[Vec<RegisteredMention>]) -> HashMap<u32, i64> {
        let known = &self.mentions.known.entities;
        let mut rows: HashMap<(u32, NodeKey), i64> = HashMap::new();
        for (at, entity) in (0_u32..).zip(known) {
            for name in entity.names.iter().filter(|name| name.guess.is_some()) {
                let key = (self.forms.of(name.surface, name.kind), name.kind, name.within, name.sense);
                rows.entry((at, key)).or_insert(name.row);
            }
        }
        let mut found = HashMap::new();
        if rows.is_empty() {
            return found;
        }
        for members in members.iter().filter(|members| !members.known.is_empty()) {
            for mention in &members.mentions {
                let node = of_mention[mention.document as usize][mention.index as usize].name;
                let at = &self.corpus.graph.nodes[node as usize];
                let key = (at.form, at.kind, at.within, at.sense);
                if let Some(&row) = members.known.iter().find_map(|&entity| rows.get(&(entity, key))) {
                    found.insert(node, row);
                }
            }
        }
        found
    }
}
