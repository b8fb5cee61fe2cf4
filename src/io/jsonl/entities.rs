//! Parses the entities of a document.

use std::collections::{BTreeMap, HashMap};

use serde_json::value::RawValue;

use super::object::Object;
use crate::text::{Alias, Document, Entity, Label};

/// The entities of a document whose mentions are known.
///
/// `None` where the value is not a list of entities: objects with a string as `id`, strings as `name` and `label`, a list of strings as
/// `aliases`, and a string or an object of strings and numbers as `kb`; each field once, and a `null` as if it were missing. Other tools
/// have other values under this name, which the caller keeps as they are.
pub(super) fn entities(value: &RawValue, document: &Document) -> Option<Vec<Entity>> {
    let list: Vec<&RawValue> = serde_json::from_str(value.get()).ok().filter(|list: &Vec<_>| !list.is_empty())?;
    let mut counts = Counts::of(document);
    list.into_iter().map(|entity| read_entity(entity, &mut counts)).collect()
}

/// An entity by itself: its aliases have no mentions. `None` as for [`entities`].
pub(super) fn entity(value: &RawValue) -> Option<Entity> {
    read_entity(value, &mut Counts(HashMap::new()))
}

/// How many mentions of each entity have which surface.
struct Counts<'d>(HashMap<&'d str, HashMap<&'d str, usize>>);

impl<'d> Counts<'d> {
    fn of(document: &'d Document) -> Self {
        let mut counts: HashMap<&str, HashMap<&str, usize>> = HashMap::new();
        for mention in &document.mentions {
            if let (Some(entity), Some(surface)) = (mention.entity.as_deref(), mention.span.slice(&document.text)) {
                *counts.entry(entity).or_default().entry(surface).or_default() += 1;
            }
        }
        Self(counts)
    }

    /// The count of one surface; counts no surface twice.
    fn take(&mut self, entity: &str, name: &str) -> usize {
        self.0.get_mut(entity).and_then(|counts| counts.remove(name)).unwrap_or_default()
    }
}

fn read_entity(value: &RawValue, counts: &mut Counts<'_>) -> Option<Entity> {
    let object: Object<'_> = serde_json::from_str(value.get()).ok()?;
    if object.repeated().is_some() {
        return None;
    }
    let (mut id, mut aliases, mut mentions, mut others) = (None, Vec::new(), None, Vec::new());
    let mut entity = Entity::new("", "", Label::new(""));
    for (name, value) in object.0 {
        let raw = value.get();
        match name.as_str() {
            "name" | "label" | "aliases" | "kb" if raw == "null" => {}
            "id" => id = Some(serde_json::from_str(raw).ok()?),
            "name" => entity.name = serde_json::from_str(raw).ok()?,
            "label" => entity.label = Label::new(&serde_json::from_str::<String>(raw).ok()?),
            "aliases" => aliases = serde_json::from_str::<Vec<String>>(raw).ok()?,
            "kb" => entity.kb = read_kb(raw)?,
            "mentions" => mentions = Some(value),
            _ => others.push((name, value.to_owned())),
        }
    }
    entity.extra.insert_all(others);
    entity.id = id?;
    let alias = |name: String| Alias { mentions: counts.take(&entity.id, &name), name };
    entity.aliases = aliases.into_iter().map(alias).collect();
    // The writer adds up the mentions of the aliases. Another count of the input is kept, to be written again.
    if let Some(mentions) = mentions.filter(|raw| entity.mentions() == 0 || raw.get() != entity.mentions().to_string())
    {
        entity.extra.insert_raw("mentions".to_owned(), mentions.to_owned());
    }
    Some(entity)
}

/// The ids as columns have them, which know no names that differ from row to row: a list of objects with `base` and `id`.
fn read_kb_list(raw: &str) -> Option<BTreeMap<String, String>> {
    #[derive(serde::Deserialize)]
    struct Listed {
        base: String,
        id: String,
    }
    let list: Vec<Listed> = serde_json::from_str(raw).ok()?;
    let n = list.len();
    let kb: BTreeMap<String, String> = list.into_iter().map(|Listed { base, id }| (base, id)).collect();
    (kb.len() == n).then_some(kb)
}

/// The ids by the name of their base; a number is its digits.
fn read_kb(raw: &str) -> Option<BTreeMap<String, String>> {
    if raw.starts_with('"') {
        return Some(BTreeMap::from([(Entity::UNNAMED_BASE.to_owned(), serde_json::from_str(raw).ok()?)]));
    }
    if raw.starts_with('[') {
        return read_kb_list(raw);
    }
    let Object(ids) = serde_json::from_str(raw).ok()?;
    let mut kb = BTreeMap::new();
    for (base, id) in ids {
        let id = match id.get().as_bytes() {
            b"null" => continue,
            [b'0'..=b'9' | b'-', ..] => id.get().to_owned(),
            _ => serde_json::from_str(id.get()).ok()?,
        };
        if kb.insert(base, id).is_some() {
            return None;
        }
    }
    Some(kb)
}
