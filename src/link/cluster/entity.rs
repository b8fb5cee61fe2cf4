//! What does an entity consist of?

use std::collections::{BTreeMap, HashMap};

use rayon::prelude::*;

use super::canonical::{self, Attested};
use super::corpus::Corpus;
use super::form::Forms;
use super::knowledge::Knowledge;
use super::local::Local;
use super::reason::Scope;
use super::tree::{Merge, Step};
use crate::link::Kind;
use crate::link::collection::Collection;
use crate::link::kb::{Entry, How, Resolution};
use crate::link::user::Row;
use crate::text::{Alias, Label};

/// An entity that is being made.
#[derive(Clone, Debug)]
pub(in crate::link) struct Draft {
    pub(in crate::link) name: String,
    pub(in crate::link) label: Label,
    pub(in crate::link) aliases: Vec<Alias>,
    /// Indices of a document and of a mention in it, in order.
    pub(in crate::link) mentions: Vec<(u32, u32)>,
    pub(in crate::link) kb: BTreeMap<String, String>,
    /// Other entities that it may be, by their index among the drafts, with probabilities.
    pub(in crate::link) candidates: Vec<(usize, f32)>,
    /// The user's row that it is.
    pub(in crate::link) row: Option<u32>,
    /// The user's rows that it may be, where its names fit several, with probabilities.
    pub(in crate::link) open_rows: Vec<OpenRow>,
    /// The names and what attached them to each other; the first is the one that gives the name.
    pub(in crate::link) names: Vec<Step>,
    /// Merges between the names, by index.
    pub(in crate::link) merges: Vec<(usize, usize, Merge)>,
}

/// A row of the user that an entity may be.
#[derive(Clone, Debug)]
pub(in crate::link) struct OpenRow {
    pub(in crate::link) row: u32,
    pub(in crate::link) name: String,
    pub(in crate::link) id: Option<String>,
    pub(in crate::link) probability: f32,
}

/// A form of one kind.
type Key = (u32, Kind);
type Merges = BTreeMap<(Key, Key), Merge>;

/// What one entity is made of.
#[derive(Clone, Debug, Default)]
struct Parts {
    mentions: Vec<(u32, u32)>,
    /// Per form and kind, the surface and label of its mentions with their number.
    names: BTreeMap<Key, BTreeMap<(u32, u32), usize>>,
    merges: Merges,
    candidates: BTreeMap<usize, (f32, usize)>,
    n_open: usize,
}

/// The entities of a collection.
pub(in crate::link) fn drafts(collection: &Collection, knowledge: Knowledge<'_>) -> Vec<Draft> {
    let forms = Forms::new(collection, knowledge);
    let locals: Vec<Local> =
        collection.documents.par_iter().map(|listing| Local::new(collection, &forms, listing)).collect();
    let corpus = Corpus::new(collection, &forms, &locals);
    let parts = gather(collection, &corpus, &locals);
    parts.into_par_iter().map(|parts| draft(collection, (&forms, &locals), parts)).collect()
}

fn gather(collection: &Collection, corpus: &Corpus, locals: &[Local]) -> Vec<Parts> {
    let mut places: HashMap<u32, usize> = HashMap::new();
    let mut parts: Vec<Parts> = Vec::new();
    for node in (0_u32..).take(corpus.nodes.len()) {
        let root = corpus.forest.root(node);
        places.entry(root).or_insert_with(|| {
            parts.push(Parts::default());
            parts.len() - 1
        });
    }
    let place = |node: u32| places[&corpus.forest.root(node)];
    let key = |node: u32| (corpus.nodes[node as usize].form, corpus.nodes[node as usize].kind);
    // "Supreme Court" of one country and "Supreme Court" of another share form and kind.
    for edge in corpus.edges.iter().filter(|edge| key(edge.from) != key(edge.to)) {
        let merge = Merge { reason: edge.reason, scope: edge.scope, probability: edge.probability, documents: 0 };
        parts[place(edge.from)].merges.insert((key(edge.from), key(edge.to)), merge);
    }
    for (document, (listing, local)) in (0_u32..).zip(collection.documents.iter().zip(locals)) {
        let of_unit = &corpus.of_unit[document as usize];
        let place = |unit: usize| {
            let node = of_unit[unit];
            let moved = corpus.moved.get(&(document, node));
            place(moved.map_or(node, |edge| edge.to))
        };
        let mut add = |part: usize, keys: (Key, Key), merge: Merge| {
            let known = parts[part].merges.entry(keys).or_insert(Merge { documents: 0, ..merge });
            known.documents += 1;
            if merge.probability > known.probability {
                *known = Merge { documents: known.documents, ..merge };
            }
        };
        for (at, unit) in local.units.iter().enumerate() {
            let own = (unit.form, unit.kind);
            if let Some(parent) = unit.parent {
                let other = &local.units[parent.unit];
                let (reason, probability) = (parent.reason, parent.probability);
                let merge = Merge { reason, scope: Scope::Document, probability, documents: 1 };
                add(place(at), (own, (other.form, other.kind)), merge);
            } else if let Some(edge) = corpus.moved.get(&(document, of_unit[at])) {
                let merge =
                    Merge { reason: edge.reason, scope: edge.scope, probability: edge.probability, documents: 1 };
                add(place(at), (own, key(edge.to)), merge);
            }
        }
        for (nth, (named, &unit)) in (0_u32..).zip(listing.mentions.iter().zip(&local.of_mention)) {
            let unit = unit as usize;
            let own = (local.units[unit].form, local.units[unit].kind);
            let part = &mut parts[place(unit)];
            part.mentions.push((document, nth));
            *part.names.entry(own).or_default().entry((named.surface, named.label)).or_default() += 1;
        }
    }
    for (&(_, node), candidates) in &corpus.candidates {
        let at = place(node);
        parts[at].n_open += 1;
        for &(candidate, probability) in candidates {
            let other = place(candidate);
            if other != at {
                let sum = parts[at].candidates.entry(other).or_default();
                *sum = (sum.0 + probability, sum.1 + 1);
            }
        }
    }
    // A node whose documents all moved to others has no mention left.
    let mut kept = vec![usize::MAX; parts.len()];
    for (n, (at, part)) in parts.iter().enumerate().filter(|(_, part)| !part.mentions.is_empty()).enumerate() {
        kept[at] = n;
        debug_assert!(!part.names.is_empty(), "a mention has a name");
    }
    parts.retain(|part| !part.mentions.is_empty());
    for part in &mut parts {
        let candidates = std::mem::take(&mut part.candidates);
        part.candidates =
            candidates.into_iter().filter(|(at, _)| kept[*at] != usize::MAX).map(|(at, sum)| (kept[at], sum)).collect();
    }
    parts
}

fn draft(collection: &Collection, (forms, locals): (&Forms<'_>, &[Local]), parts: Parts) -> Draft {
    let text = |surface: u32| collection.surfaces[surface as usize].as_str();
    let mut labels: BTreeMap<&Label, usize> = BTreeMap::new();
    let mut of_people: BTreeMap<&Label, usize> = BTreeMap::new();
    let mut aliases: BTreeMap<&str, usize> = BTreeMap::new();
    let mut attested: Vec<Attested<'_>> = Vec::with_capacity(parts.names.len());
    let mut names = Vec::with_capacity(parts.names.len());
    for (&(form, kind), counts) in &parts.names {
        let mut surfaces: BTreeMap<&str, usize> = BTreeMap::new();
        let mut own: BTreeMap<&Label, usize> = BTreeMap::new();
        for (&(surface, label), &n) in counts {
            *surfaces.entry(text(surface)).or_default() += n;
            *aliases.entry(text(surface)).or_default() += n;
            *own.entry(&collection.labels[label as usize]).or_default() += n;
        }
        // What its people are called says nothing of the label of a country, unless there is nothing else.
        let counts = if forms.get(form).known.is_demonym() { &mut of_people } else { &mut labels };
        for (label, n) in &own {
            *counts.entry(label).or_default() += n;
        }
        let surfaces: Vec<(&str, usize)> = surfaces.into_iter().collect();
        let mentions = surfaces.iter().map(|(_, n)| n).sum();
        let label = most(own.iter().map(|(label, n)| (*label, *n))).to_string();
        let main = most(surfaces.iter().copied()).to_owned();
        names.push(Step { name: main, label, mentions, merge: None, below: Vec::new() });
        attested.push(Attested { form: forms.get(form), kind, mentions, surfaces });
    }
    let main = canonical::main(&attested);
    let nth = row(forms, &parts);
    let row = nth.map(|nth| forms.row(nth));
    let open_rows = if nth.is_none() { open_rows(forms, &parts) } else { Vec::new() };
    let name = row.map_or_else(|| canonical::name(&attested[main]), |row| row.canonical.clone());
    let entry = entry(forms, locals, &parts);
    let mut kb = BTreeMap::new();
    kb.extend(entry.into_iter().flat_map(|entry| &entry.ids).map(|(base, id)| ((*base).to_owned(), id.to_string())));
    for (base, id) in row.into_iter().flat_map(Row::ids) {
        kb.insert(base.to_owned(), id.to_owned());
    }
    let labels = if labels.is_empty() { of_people } else { labels };
    let label = row.and_then(|row| row.label.clone());
    let label = label.unwrap_or_else(|| most(labels.iter().map(|(label, n)| (*label, *n))).clone());
    let places: HashMap<Key, usize> = parts.names.keys().enumerate().map(|(at, key)| (*key, at)).collect();
    let merges = parts
        .merges
        .into_iter()
        .filter_map(|((from, to), merge)| Some((*places.get(&from)?, *places.get(&to)?, merge)));
    let mut merges: Vec<(usize, usize, Merge)> = merges.collect();
    // The name-giving name comes first.
    names.swap(0, main);
    let swapped = |at: usize| {
        if at == 0 {
            main
        } else if at == main {
            0
        } else {
            at
        }
    };
    merges.iter_mut().for_each(|(from, to, _)| (*from, *to) = (swapped(*from), swapped(*to)));
    let n_open = parts.n_open.max(1) as f32;
    let candidates = parts.candidates.into_iter().map(|(at, (sum, _))| (at, sum / n_open)).collect();
    let aliases = Alias::ranked(aliases);
    Draft { name, label, aliases, mentions: parts.mentions, kb, candidates, row: nth, open_rows, names, merges }
}

/// What the knowledge base has on an entity: what most of its mentions mean, each in its document. Where the documents decide, they
/// have to agree.
fn entry<'k>(forms: &Forms<'k>, locals: &[Local], parts: &Parts) -> Option<&'k Entry> {
    if parts.names.keys().all(|&(form, _)| !forms.get(form).known.is_known()) {
        return None;
    }
    let mut votes: BTreeMap<&str, (&Entry, usize, usize)> = BTreeMap::new();
    let mut metonyms = 0;
    for &(document, nth) in &parts.mentions {
        let local = &locals[document as usize];
        let unit = &local.units[local.of_mention[nth as usize] as usize];
        if local.units[local.root(local.of_mention[nth as usize] as usize)].kind == Kind::Person {
            continue;
        }
        match forms.get(unit.form).known.resolve(unit.kind, &local.place) {
            Resolution::Is(found) => {
                let vote = votes.entry(&found.entry.id).or_insert((found.entry, 0, 0));
                vote.1 += 1;
                vote.2 += usize::from(matches!(found.how, How::Context | How::Form));
            }
            Resolution::Metonym(_) => metonyms += 1,
            Resolution::Ambiguous(_) | Resolution::Nil => {}
        }
    }
    let all: usize = votes.values().map(|(_, n, _)| n).sum();
    let (entry, n, by_context) = votes.into_values().reduce(|best, next| if next.1 > best.1 { next } else { best })?;
    let agrees = 2 * by_context <= n || 4 * n >= 3 * all;
    (n > metonyms && agrees).then_some(entry)
}

/// The user's row that most mentions mean; a short name that its document attached to a fuller one says nothing.
fn row(forms: &Forms<'_>, parts: &Parts) -> Option<u32> {
    let is_attached =
        |key: &Key| parts.merges.iter().any(|((from, _), merge)| from == key && merge.scope == Scope::Document);
    let mut counts: BTreeMap<u32, usize> = BTreeMap::new();
    for (key @ &(form, kind), surfaces) in &parts.names {
        if let Some((row, _)) = forms.get(form).row(kind).filter(|_| !is_attached(key)) {
            *counts.entry(row).or_default() += surfaces.values().sum::<usize>();
        }
    }
    (!counts.is_empty()).then(|| most(counts.into_iter()))
}

/// The user's rows that the names of an entity may mean, the likeliest first.
fn open_rows(forms: &Forms<'_>, parts: &Parts) -> Vec<OpenRow> {
    let mut scores: BTreeMap<u32, f32> = BTreeMap::new();
    for (&(form, kind), surfaces) in &parts.names {
        let mentions = surfaces.values().sum::<usize>() as f32;
        for &(_, row, score) in forms.get(form).rows.open.iter().filter(|(of, _, _)| *of == kind) {
            *scores.entry(row).or_default() += mentions * score;
        }
    }
    let sum: f32 = scores.values().sum();
    let open = |(row, score): (u32, f32)| {
        let Row { canonical, id, .. } = forms.row(row);
        OpenRow { row, name: canonical.clone(), id: id.clone(), probability: score / sum }
    };
    let mut rows: Vec<OpenRow> = scores.into_iter().map(open).collect();
    rows.sort_by(|a, b| b.probability.total_cmp(&a.probability));
    rows
}

/// What most have; of equals, the first.
fn most<T: Copy>(counts: impl Iterator<Item = (T, usize)>) -> T {
    let best = counts.reduce(|best, next| if next.1 > best.1 { next } else { best });
    best.expect("there is one").0
}
