//! The result of linking.

use std::collections::{BTreeMap, HashMap};

use serde_json::json;

use super::Error;
use super::cluster::{self, Cluster, Knowledge, PossibleRow};
use super::entity_id::Ids;
use super::explanation::{CountedName, Explanation, MergeNode, NameMerge};
use super::lists::Lists;
use super::mentions::{MentionRecord, MentionStore};
use crate::text::{Alias, Document, Entity, Fields, Mention};

/// Most candidates of an ambiguous name that are listed.
const MOST_CANDIDATES: usize = 5;

/// The entities that mentions were linked to.
///
/// ```
/// use allonym::link::Linker;
/// use allonym::{Document, Label, Mention, Span};
///
/// let mut documents = ["PAKISTAN", "Pakistan"].map(|text| Document::new(text, text));
/// for document in &mut documents {
///     document.mentions.push(Mention::new(Span::new(0, 8), Label::new("LOC")));
/// }
/// let links = Linker::default().link_documents(&mut documents)?;
/// let pakistan = links.entity_of(1, 0).expect("the mention was linked");
/// assert_eq!((pakistan.name.as_str(), pakistan.documents, pakistan.mentions()), ("Pakistan", 2, 2));
/// assert_eq!(pakistan.kb["wikidata"], "Q843");
/// # Ok::<(), allonym::link::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Links {
    mentions: MentionStore,
    entities: Vec<Entity>,
    /// Per entity.
    evidence: Vec<Evidence>,
    /// Per document and mention, the index of its entity.
    of_mention: Lists<u32>,
}

/// How an entity came together, and what else it may be.
#[derive(Clone, Debug)]
struct Evidence {
    names: Box<[CountedName]>,
    rest: Option<Box<Rest>>,
}

/// What most entities have not.
#[derive(Clone, Debug, Default)]
struct Rest {
    merges: Vec<NameMerge>,
    /// Other entities, by index, with probabilities.
    candidates: Vec<(usize, f32)>,
    /// The row of the user's table that it is.
    row: Option<u32>,
    /// The rows that it may be.
    possible_rows: Vec<PossibleRow>,
    /// What tells it from others of its name.
    context: Option<String>,
}

impl Evidence {
    fn merges(&self) -> &[NameMerge] {
        self.rest.as_ref().map_or(&[], |rest| &rest.merges)
    }
}

/// What links keep of a cluster: the entity, without its id, and its evidence.
fn kept(mentions: &MentionStore, cluster: Cluster) -> (Entity, Evidence) {
    let mut documents: Vec<u32> = cluster.mentions.iter().map(|mention| mention.document).collect();
    documents.dedup();
    let weight = |&document: &u32| mentions.documents[document as usize].weight.documents as usize;
    let documents = documents.iter().map(weight).sum();
    let Cluster {
        name, label, mut aliases, kb, names, merges, mut candidates, mut possible_rows, context, row, ..
    } = cluster;
    candidates.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    candidates.truncate(MOST_CANDIDATES);
    possible_rows.truncate(MOST_CANDIDATES);
    aliases.shrink_to_fit();
    let rest = Rest { merges, candidates, row, possible_rows, context };
    let rest = (!rest.is_empty()).then(|| Box::new(rest));
    let entity = Entity { id: String::new(), name, label, aliases, documents, kb, extra: Fields::new() };
    (entity, Evidence { names: names.into_boxed_slice(), rest })
}

impl Rest {
    fn is_empty(&self) -> bool {
        let Self { merges, candidates, row, possible_rows, context } = self;
        merges.is_empty() && candidates.is_empty() && row.is_none() && possible_rows.is_empty() && context.is_none()
    }
}

impl Links {
    /// Links mentions with each other.
    pub(super) fn new(mentions: MentionStore, knowledge: Knowledge<'_>) -> Self {
        let (mut entities, evidence, of_mention) =
            cluster::entities(&mentions, knowledge, |cluster| kept(&mentions, cluster));
        let Ids { ids, shared } = Ids::new(&mentions, &entities, &of_mention);
        entities.iter_mut().zip(ids).for_each(|(entity, id)| entity.id = id);
        for at in shared {
            if let Some(context) = evidence[at].rest.as_ref().and_then(|rest| rest.context.as_deref()) {
                entities[at].extra.insert("context".to_owned(), context.into());
            }
        }
        let mut links = Self { mentions, entities, evidence, of_mention };
        links.list_candidates();
        links
    }

    /// Writes into each ambiguous entity what else it may be: rows of the user's table if those are in question, other entities
    /// otherwise.
    fn list_candidates(&mut self) {
        let rest = || (0..).zip(&self.evidence).filter_map(|(at, evidence)| Some((at, evidence.rest.as_ref()?)));
        let of_row: HashMap<u32, usize> = rest().filter_map(|(at, rest)| Some((rest.row?, at))).collect();
        let mut lists: Vec<(usize, Vec<serde_json::Value>)> = Vec::new();
        for (at, Rest { candidates, possible_rows, .. }) in rest().map(|(at, rest)| (at, &**rest)) {
            let rows = possible_rows.iter().map(|row| {
                let mut object = serde_json::Map::new();
                if let Some(&other) = of_row.get(&row.row) {
                    object.insert("entity".to_owned(), self.entities[other].id.clone().into());
                }
                object.insert("name".to_owned(), row.name.clone().into());
                if let Some(id) = &row.id {
                    object.insert("kb".to_owned(), json!({"user": id}));
                }
                object.insert("probability".to_owned(), round(row.probability).into());
                serde_json::Value::Object(object)
            });
            let entities = candidates.iter().map(|&(other, probability)| {
                let other = &self.entities[other];
                json!({"entity": other.id, "name": other.name, "probability": round(probability)})
            });
            let list: Vec<_> = if possible_rows.is_empty() { entities.collect() } else { rows.collect() };
            if !list.is_empty() {
                lists.push((at, list));
            }
        }
        for (at, list) in lists {
            self.entities[at].extra.insert("candidates".to_owned(), list.into());
        }
    }

    /// The same links with the ids `e1`, `e2` … in the order of first mentions.
    pub(super) fn numbered(mut self) -> Self {
        let mut next = 0;
        let mut seen = vec![false; self.entities.len()];
        for &at in self.of_mention.items() {
            if !std::mem::replace(&mut seen[at as usize], true) {
                next += 1;
                self.entities[at as usize].id = format!("e{next}");
            }
        }
        self.list_candidates();
        self
    }

    /// All entities: most mentions first, equals by name.
    pub fn entities(&self) -> Vec<&Entity> {
        self.ranked().map(|at| &self.entities[at]).collect()
    }

    /// The entity of a mention, by the index of its document and its index in it; `None` if there is no such mention.
    pub fn entity_of(&self, document: usize, mention: usize) -> Option<&Entity> {
        let at = *self.of_mention.get(document)?.get(mention)?;
        Some(&self.entities[at as usize])
    }

    /// Number of documents that were linked, or of names that were counted.
    pub fn n_documents(&self) -> usize {
        self.of_mention.len()
    }

    /// Whether the document at an index is a name that was [added](MentionStore::add_name), and this one.
    pub fn is_name(&self, document: usize, name: &str) -> bool {
        let record = self.mentions.documents.get(document);
        record.is_some_and(|record| {
            matches!(&record.mentions[..], [mention] if self.mentions.surfaces[mention.surface as usize] == *name)
        })
    }

    /// How the entity with an id came together; `None` if no entity has it.
    pub fn explain(&self, id: &str) -> Option<Explanation> {
        self.entities.iter().position(|entity| entity.id == id).map(|at| self.explanation(at))
    }

    /// The [`entities`](Self::entities), each with how it came together.
    pub fn explained(&self) -> impl Iterator<Item = (&Entity, Explanation)> {
        self.ranked().map(|at| (&self.entities[at], self.explanation(at)))
    }

    /// Indices of the entities, most mentions first, equals by name.
    fn ranked(&self) -> impl Iterator<Item = usize> {
        let mut all: Vec<(usize, usize)> = self.entities.iter().map(Entity::mentions).zip(0..).collect();
        all.sort_by(|&(n, a), &(m, b)| {
            let (a, b) = (&self.entities[a], &self.entities[b]);
            m.cmp(&n).then_with(|| (&a.name, &a.id).cmp(&(&b.name, &b.id)))
        });
        all.into_iter().map(|(_, at)| at)
    }

    fn explanation(&self, at: usize) -> Explanation {
        let (entity, evidence) = (&self.entities[at], &self.evidence[at]);
        let roots = MergeNode::forest(&evidence.names, evidence.merges(), &self.mentions);
        Explanation { id: entity.id.clone(), name: entity.name.clone(), roots }
    }

    /// Writes the entities into a document: `entity` of each mention, and `entities` in the order of their first mentions, with the
    /// counts of this document.
    ///
    /// `nth` is the document's index in the slice that was [linked](super::Linker::link_documents), or in the order of
    /// [`MentionStore::add`].
    ///
    /// # Errors
    /// [`Error::Changed`] if that document had other mentions, or if there was none. The document is left as it is then.
    pub fn write(&self, nth: usize, document: &mut Document) -> Result<(), Error> {
        let surfaces = self.surfaces(nth, document)?;
        let of_mention = &self.of_mention[nth];
        let mut here: Vec<(u32, BTreeMap<&str, usize>)> = Vec::new();
        let mut places: HashMap<u32, usize> = HashMap::new();
        for (&at, surface) in of_mention.iter().zip(surfaces) {
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
        for (mention, &at) in document.mentions.iter_mut().zip(of_mention) {
            mention.entity = Some(self.entities[at as usize].id.clone());
        }
        Ok(())
    }

    /// The surfaces of a document's mentions, which have to be those that were linked.
    fn surfaces<'s>(&'s self, nth: usize, document: &Document) -> Result<impl Iterator<Item = &'s str>, Error> {
        let changed = |expected, found| Error::Changed { document: nth, expected, found };
        let Some(record) = self.mentions.documents.get(nth) else {
            let expected = format!("one of {} documents", self.mentions.documents.len());
            return Err(changed(expected, "another one".to_owned()));
        };
        let (n, found) = (record.mentions.len(), document.mentions.len());
        if n != found {
            return Err(changed(format!("{n} mentions"), found.to_string()));
        }
        for (at, (record, mention)) in record.mentions.iter().zip(&document.mentions).enumerate() {
            let surface = &self.mentions.surfaces[record.surface as usize];
            let label = &self.mentions.labels[record.label as usize];
            let text = mention.span.slice(&document.text);
            if text != Some(surface) || mention.label != *label || MentionRecord::start_of(mention.span) != record.start
            {
                let expected = format!("mention {at} to be {surface:?} ({label}) at byte {}", record.start);
                return Err(changed(expected, described(mention, text)));
            }
        }
        Ok(record.mentions.iter().map(|record| &self.mentions.surfaces[record.surface as usize]))
    }
}

/// A mention in words, with the text that its span marks.
fn described(mention: &Mention, text: Option<&str>) -> String {
    let Mention { span, label, .. } = mention;
    match text {
        Some(text) => format!("{text:?} ({label}) at byte {}", span.start()),
        None => format!("{span} ({label}), which does not slice the text"),
    }
}

fn round(probability: f32) -> f64 {
    (f64::from(probability) * 1e4).round() / 1e4
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::link::Linker;
    use crate::text::{Label, Span};

    fn document() -> Document {
        let mut document = Document::new("a", "Oslo and Oslo, Ö");
        document.mentions.push(Mention::new(Span::new(0, 4), Label::new("LOC")));
        document
    }

    #[test]
    fn documents_that_changed_are_refused_and_left_alone() {
        let mut documents = [document(), Document::new("b", "nothing")];
        let links = Linker::default().link_documents(&mut documents).expect("the spans slice the texts");
        let change = |change: fn(&mut Document)| {
            let mut document = document();
            change(&mut document);
            document
        };
        for (nth, changed, want) in [
            (
                0,
                change(|document| document.text = "Rome and Oslo".to_owned()),
                r#"document 0: expected mention 0 to be "Oslo" (LOC) at byte 0, as linked, found "Rome" (LOC) at byte 0"#,
            ),
            (
                0,
                change(|document| document.mentions[0].span = Span::new(9, 13)),
                r#"document 0: expected mention 0 to be "Oslo" (LOC) at byte 0, as linked, found "Oslo" (LOC) at byte 9"#,
            ),
            (
                0,
                change(|document| document.mentions[0].label = Label::new("ORG")),
                r#"document 0: expected mention 0 to be "Oslo" (LOC) at byte 0, as linked, found "Oslo" (ORG) at byte 0"#,
            ),
            (
                0,
                change(|document| document.mentions[0].span = Span::new(15, 16)),
                r#"document 0: expected mention 0 to be "Oslo" (LOC) at byte 0, as linked, found 15..16 (LOC), which does not slice the text"#,
            ),
            (0, change(|document| document.mentions.clear()), "document 0: expected 1 mentions, as linked, found 0"),
            (1, document(), "document 1: expected 0 mentions, as linked, found 1"),
            (2, document(), "document 2: expected one of 2 documents, as linked, found another one"),
        ] {
            let mut written = changed.clone();
            let error = links.write(nth, &mut written).expect_err(want);
            assert_eq!(error.to_string(), want);
            assert_eq!(written, changed, "{want}");
        }
        let mut again = document();
        links.write(0, &mut again).expect("it is the document that was linked");
        assert_eq!(again, documents[0]);
    }

    #[test]
    fn documents_with_a_broken_span_are_left_alone() {
        let mut broken = document();
        broken.mentions.push(Mention::new(Span::new(15, 16), Label::new("LOC")));
        let before = [document(), broken];
        let mut documents = before.clone();
        let error = Linker::default().link_documents(&mut documents).expect_err("the span cuts a character");
        let want = Error::Span { document: 1, mention: 1, span: Span::new(15, 16), len: 17 };
        assert_eq!((error, &documents), (want, &before));
        let error = Linker::default().link_document(&mut documents[1]).expect_err("the span cuts a character");
        let want = Error::Span { document: 0, mention: 1, span: Span::new(15, 16), len: 17 };
        assert_eq!((error, &documents), (want, &before));
    }
}
