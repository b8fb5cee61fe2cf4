//! What does a document say of the entities that its mentions name?

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

use serde_json::Value;

use crate::text::{Alias, Document, Entity, Fields, Label};

/// The entities of a document: those of [`Document::entities`], else what a field `entities` of its input says, as far as it is
/// understood (a list of objects with an `id`, perhaps `name`, `label` and `kb`); the aliases are then counted from the mentions.
///
/// ```
/// use allonym::io::entities_of;
/// use allonym::text::Document;
///
/// let mut document = Document::new("a", "Oslo");
/// document.extra.insert("entities".into(), serde_json::json!([{"id": "e1", "name": "Oslo", "kb": {"wikidata": "Q585"}}]));
/// assert_eq!(entities_of(&document)[0].kb["wikidata"], "Q585");
/// ```
pub fn entities_of(document: &Document) -> Cow<'_, [Entity]> {
    if !document.entities.is_empty() {
        return Cow::Borrowed(&document.entities);
    }
    let Some(Value::Array(list)) = document.extra.get("entities") else { return Cow::Borrowed(&[]) };
    let mut surfaces: HashMap<&str, BTreeMap<&str, usize>> = HashMap::new();
    for mention in &document.mentions {
        if let (Some(entity), Some(surface)) = (mention.entity.as_deref(), mention.span.slice(&document.text)) {
            *surfaces.entry(entity).or_default().entry(surface).or_default() += 1;
        }
    }
    let text = |value: Option<&Value>| value.and_then(Value::as_str).unwrap_or_default().to_owned();
    let entity = |value: &Value| {
        let id = value.get("id")?.as_str()?.to_owned();
        let counts = surfaces.get(id.as_str()).cloned().unwrap_or_default();
        let mut aliases: Vec<Alias> =
            counts.into_iter().map(|(name, mentions)| Alias { name: name.to_owned(), mentions }).collect();
        aliases.sort_by(|a, b| b.mentions.cmp(&a.mentions).then_with(|| a.name.cmp(&b.name)));
        Some(Entity {
            name: text(value.get("name")),
            label: Label::new(&text(value.get("label"))),
            aliases,
            documents: 1,
            kb: kb(value.get("kb")),
            extra: Fields::new(),
            id,
        })
    };
    Cow::Owned(list.iter().filter_map(entity).collect())
}

/// The base of an id that comes without the name of its base.
pub const UNNAMED_BASE: &str = "kb";

/// The ids by the name of their base.
fn kb(value: Option<&Value>) -> BTreeMap<String, String> {
    match value {
        Some(Value::String(id)) => BTreeMap::from([(UNNAMED_BASE.to_owned(), id.clone())]),
        Some(Value::Object(ids)) => {
            ids.iter().filter_map(|(base, id)| Some((base.clone(), id.as_str()?.to_owned()))).collect()
        }
        _ => BTreeMap::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{Mention, Span};

    #[test]
    fn what_was_linked_comes_before_what_was_read() {
        let mut document = Document::new("a", "Oslo, OSLO, Oslo");
        for (start, end) in [(0, 4), (6, 10), (12, 16)] {
            let mention = Mention::new(Span::new(start, end), Label::new("LOC"));
            document.mentions.push(Mention { entity: Some("x".into()), ..mention });
        }
        assert!(entities_of(&document).is_empty());
        let list = serde_json::json!([{"id": "x", "name": "Oslo", "kb": "Q585"}, {"name": "no id"}, 7, {"id": "y", "kb": {"a": 1}}]);
        document.extra.insert("entities".into(), list);
        let read = entities_of(&document).into_owned();
        let got: Vec<_> = read.iter().map(|e| (e.id.as_str(), e.name.as_str(), e.mentions(), e.kb.len())).collect();
        assert_eq!(got, [("x", "Oslo", 3, 1), ("y", "", 0, 0)]);
        assert_eq!(read[0].aliases[0], Alias { name: "Oslo".into(), mentions: 2 });
        document.entities = vec![Entity { id: "e1".into(), ..read[0].clone() }];
        assert_eq!(entities_of(&document)[0].id, "e1");
    }
}
