//! What came of linking?

use std::collections::{BTreeMap, HashMap};

use serde_json::json;
use sha2::{Digest, Sha256};

use super::cluster::{Draft, Explanation, Merge, OpenRow, Step};
use super::collection::Collection;
use crate::text::{Alias, Document, Entity, Fields};

/// The entities of a [`Collection`], and which mention is which.
#[derive(Clone, Debug)]
pub struct Links {
    entities: Vec<Entity>,
    evidence: Vec<Evidence>,
    /// Per document and mention, the entity's index; `None` where the mention was left alone.
    of_mention: Vec<Vec<Option<u32>>>,
}

/// How an entity came together, and what else it may be.
#[derive(Clone, Debug)]
struct Evidence {
    names: Vec<Step>,
    merges: Vec<(usize, usize, Merge)>,
    candidates: Vec<(usize, f32)>,
    /// Rows of the user's file that it may be, each with its entity where the documents have one.
    open_rows: Vec<(Option<usize>, OpenRow)>,
}

/// As many candidates of an ambiguous name are told.
const MOST_CANDIDATES: usize = 5;

impl Links {
    pub(super) fn new(collection: &Collection, drafts: Vec<Draft>) -> Self {
        let empty = |n: usize| vec![None; n];
        let mut of_mention: Vec<_> = collection.documents.iter().map(|listing| empty(listing.mentions.len())).collect();
        let ids = ids(collection, &drafts);
        let of_row: HashMap<u32, usize> = (0..).zip(&drafts).filter_map(|(at, draft)| Some((draft.row?, at))).collect();
        let mut entities = Vec::with_capacity(drafts.len());
        let mut evidence = Vec::with_capacity(drafts.len());
        for ((at, draft), id) in drafts.into_iter().enumerate().zip(ids) {
            let mut documents: Vec<u32> = draft.mentions.iter().map(|&(document, _)| document).collect();
            documents.dedup();
            for (document, nth) in draft.mentions {
                of_mention[document as usize][nth as usize] =
                    Some(u32::try_from(at).expect("fewer than 2^32 entities"));
            }
            let Draft { name, label, aliases, kb, names, merges, mut candidates, open_rows, .. } = draft;
            candidates.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
            candidates.truncate(MOST_CANDIDATES);
            let open_rows = open_rows.into_iter().take(MOST_CANDIDATES);
            let open_rows = open_rows.map(|row| (of_row.get(&row.row).copied(), row)).collect();
            let (documents, extra) = (documents.len(), Fields::new());
            entities.push(Entity { id, name, label, aliases, documents, kb, extra });
            evidence.push(Evidence { names, merges, candidates, open_rows });
        }
        let mut links = Self { entities, evidence, of_mention };
        links.tell_candidates();
        links
    }

    /// Writes into each ambiguous entity which others it may be: rows of the user's file where those are the question, otherwise
    /// entities.
    fn tell_candidates(&mut self) {
        for at in 0..self.entities.len() {
            let rows = self.evidence[at].open_rows.iter().map(|(entity, row)| {
                let mut told = serde_json::Map::new();
                if let Some(other) = entity {
                    told.insert("entity".to_owned(), self.entities[*other].id.clone().into());
                }
                told.insert("name".to_owned(), row.name.clone().into());
                if let Some(id) = &row.id {
                    told.insert("kb".to_owned(), json!({"user": id}));
                }
                told.insert("probability".to_owned(), round(row.probability).into());
                serde_json::Value::Object(told)
            });
            let rows: Vec<_> = rows.collect();
            if !rows.is_empty() {
                self.entities[at].extra.insert("candidates".to_owned(), rows.into());
                continue;
            }
            let candidates = self.evidence[at].candidates.iter();
            let told: Vec<_> = candidates
                .map(|&(other, probability)| {
                    let other = &self.entities[other];
                    json!({"entity": other.id, "name": other.name, "probability": round(probability)})
                })
                .collect();
            if !told.is_empty() {
                self.entities[at].extra.insert("candidates".to_owned(), told.into());
            }
        }
    }

    /// The same with ids `e1`, `e2` … in the order of the first mentions.
    pub(super) fn numbered(mut self) -> Self {
        let mut next = 0;
        let mut seen = vec![false; self.entities.len()];
        for &at in self.of_mention.iter().flatten().flatten() {
            if !std::mem::replace(&mut seen[at as usize], true) {
                next += 1;
                self.entities[at as usize].id = format!("e{next}");
            }
        }
        self.tell_candidates();
        self
    }

    /// All entities, most mentions first, then by name.
    pub fn entities(&self) -> Vec<&Entity> {
        self.ranked().map(|at| &self.entities[at]).collect()
    }

    /// The entity of a mention: the `nth` of a document that was added to the collection.
    pub fn entity_of(&self, document: usize, nth: usize) -> Option<&Entity> {
        let at = *self.of_mention.get(document)?.get(nth)?;
        at.map(|at| &self.entities[at as usize])
    }

    /// How an entity came together, by its id.
    pub fn explain(&self, id: &str) -> Option<Explanation> {
        self.entities.iter().position(|entity| entity.id == id).map(|at| self.explanation(at))
    }

    /// All entities in the order of [`Links::entities`], each with how it came together.
    pub fn explained(&self) -> impl Iterator<Item = (&Entity, Explanation)> {
        self.ranked().map(|at| (&self.entities[at], self.explanation(at)))
    }

    /// The indices of the entities, most mentions first, then by name.
    fn ranked(&self) -> impl Iterator<Item = usize> {
        let mut all: Vec<(usize, usize)> = self.entities.iter().map(Entity::mentions).zip(0..).collect();
        all.sort_by(|&(n, a), &(m, b)| {
            let (a, b) = (&self.entities[a], &self.entities[b]);
            m.cmp(&n).then_with(|| (&a.name, &a.id).cmp(&(&b.name, &b.id)))
        });
        all.into_iter().map(|(_, at)| at)
    }

    fn explanation(&self, at: usize) -> Explanation {
        let Evidence { names, merges, .. } = &self.evidence[at];
        let mut left: Vec<Option<Step>> = names.iter().cloned().map(Some).collect();
        let mut roots = Vec::new();
        for start in 0..names.len() {
            if left[start].is_some() {
                roots.push(grow(start, None, &mut left, merges));
            }
        }
        Explanation { id: self.entities[at].id.clone(), name: self.entities[at].name.clone(), roots }
    }

    /// Writes the entities into a document: the `nth` that was added to the collection, with the mentions that it had then.
    ///
    /// `entities` of the document are those that it names, in the order of their first mention; the counts are the document's own.
    ///
    /// # Panics
    /// When the document has other mentions than it had when it was added.
    pub fn write(&self, nth: usize, document: &mut Document) {
        let of_mention = &self.of_mention[nth];
        assert_eq!(of_mention.len(), document.mentions.len(), "the document is the one that was added");
        let mut here: Vec<(u32, BTreeMap<&str, usize>)> = Vec::new();
        let mut places: HashMap<u32, usize> = HashMap::new();
        for (mention, &entity) in document.mentions.iter_mut().zip(of_mention) {
            mention.entity = entity.map(|at| self.entities[at as usize].id.clone());
            let Some(at) = entity else { continue };
            let surface = &document.text[mention.span.range()];
            let place = *places.entry(at).or_insert_with(|| {
                here.push((at, BTreeMap::new()));
                here.len() - 1
            });
            *here[place].1.entry(surface).or_default() += 1;
        }
        let entity = |(at, counts): (u32, BTreeMap<&str, usize>)| Entity {
            aliases: Alias::ranked(counts),
            documents: 1,
            ..self.entities[at as usize].clone()
        };
        document.entities = here.into_iter().map(entity).collect();
    }
}

/// A name with everything that merges attach to it, directly or by others, taken out of `left`.
fn grow(at: usize, merge: Option<Merge>, left: &mut [Option<Step>], merges: &[(usize, usize, Merge)]) -> Step {
    let mut step = left[at].take().expect("a name is taken once");
    step.merge = merge;
    for &(from, to, merge) in merges {
        let other = if to == at {
            from
        } else if from == at {
            to
        } else {
            continue;
        };
        if left[other].is_some() {
            let below = grow(other, Some(merge), left, merges);
            step.below.push(below);
        }
    }
    step
}

/// Ids made from the content: of the label and the name, and where several entities share those, of their mentions too.
fn ids(collection: &Collection, drafts: &[Draft]) -> Vec<String> {
    let mut seeds: Vec<String> = drafts.iter().map(|draft| format!("{}\n{}", draft.label, draft.name)).collect();
    let mut named: HashMap<&str, usize> = HashMap::with_capacity(drafts.len());
    for seed in &seeds {
        *named.entry(seed).or_default() += 1;
    }
    let shared: Vec<usize> = (0..drafts.len()).filter(|&at| named[seeds[at].as_str()] > 1).collect();
    for at in shared {
        let mentions = drafts[at].mentions.iter().map(|&(document, nth)| {
            let listing = &collection.documents[document as usize];
            (listing.hash, listing.mentions[nth as usize].start, listing.mentions[nth as usize].surface)
        });
        let mut mentions: Vec<String> = mentions
            .map(|(hash, start, surface)| format!("{hash:x} {start} {}", collection.surfaces[surface as usize]))
            .collect();
        mentions.sort_unstable();
        seeds[at] = format!("{}\n{}", seeds[at], mentions.join("\n"));
    }
    let mut used: HashMap<String, u32> = HashMap::with_capacity(drafts.len());
    let id = |seed: &String| {
        let hash = Sha256::digest(seed);
        let id: String = hash[..8].iter().map(|byte| format!("{byte:02x}")).collect();
        // Only copies of one document, and one in 2^64 others, come here twice.
        let copies = used.entry(id.clone()).or_default();
        *copies += 1;
        if *copies == 1 { id } else { format!("{id}-{copies}") }
    };
    seeds.iter().map(id).collect()
}

fn round(probability: f32) -> f64 {
    (f64::from(probability) * 1e4).round() / 1e4
}
