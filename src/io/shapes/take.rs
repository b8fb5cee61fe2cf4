//! Which field of a document holds its annotations?

use serde_json::value::RawValue;

use super::found::Found;
use super::list::{Listed, list};
use super::shape::Shape;
use crate::io::Error;
use crate::io::jsonl::object::{At, Object};

/// A field of a document.
pub(in crate::io) type Field<'f, 'l> = (&'f str, &'l RawValue);

/// Where to look.
pub(in crate::io) struct Source<'f, 'l> {
    /// The fields of the document without its text and id.
    pub(in crate::io) fields: &'f [Field<'f, 'l>],
    /// The shape that the caller asks for.
    pub(in crate::io) shape: Option<Shape>,
}

/// What was taken from a document.
#[derive(Default)]
pub(in crate::io) struct Taken {
    pub(in crate::io) found: Vec<Found>,
    /// The indices of the fields that held it.
    pub(in crate::io) fields: Vec<usize>,
    /// Results that are not mentions.
    pub(in crate::io) others: u64,
}

/// Fields of these names hold words or sentences, not mentions.
const NOT_MENTIONS: [&str; 5] = ["tokens", "sents", "sentences", "relations", "words"];

/// The annotations of a document, from the first field that has some.
pub(in crate::io) fn take<'l>(at: &At<'l>, source: &Source<'_, 'l>) -> Result<Taken, Error> {
    let known = Shape::fields(source.shape);
    let index_of = |wanted: &&str| source.fields.iter().position(|(name, _)| name == wanted);
    let mut candidates: Vec<usize> = known.iter().filter_map(index_of).collect();
    if Shape::any_field(source.shape) {
        let others = (0..source.fields.len()).filter(|&index| {
            let name = source.fields[index].0;
            !known.contains(&name) && !NOT_MENTIONS.contains(&name)
        });
        candidates.extend(others);
    }
    let mut taken = Taken::default();
    for index in candidates {
        let (name, value) = source.fields[index];
        // What spaCy keeps in groups of spans may overlap, and goes with its entities.
        let is_group = name == "spans" && value.get().starts_with('{');
        if !taken.fields.is_empty() && !is_group {
            continue;
        }
        // What is wrong with an unknown field is not told, so nobody looks for its column.
        let alone = At { text: value.get(), ..*at };
        let listed = match list(if known.contains(&name) { at } else { &alone }, value) {
            // Chapters of a film have a start, an end and a label too: only a text in each proves that they are mentions.
            Ok(listed) if known.contains(&name) || listed.is_proven() => listed,
            Err(error) if known.contains(&name) => return Err(error),
            _ => Listed::Other,
        };
        if let Listed::Annotations { found, others } = listed {
            let known = taken.found.len();
            for found in found {
                if !taken.found[..known].iter().any(|other| other.range == found.range && other.label == found.label) {
                    taken.found.push(found);
                }
            }
            taken.fields.push(index);
            taken.others += others;
        } else if source.shape.is_some() && matches!(value.get(), "[]" | "{}" | "null") {
            taken.fields.push(index);
        }
    }
    Ok(taken)
}

/// Whether a field that was not taken looks as if it held annotations.
pub(in crate::io) fn resembles(name: &str, value: &RawValue) -> bool {
    let parts = match serde_json::from_str::<Vec<&RawValue>>(value.get()) {
        Ok(parts) => parts,
        Err(_) => match serde_json::from_str::<Object<'_>>(value.get()) {
            Ok(Object(fields)) => fields.into_iter().map(|(_, value)| value).collect(),
            Err(_) => return false,
        },
    };
    let nested = |part: &&RawValue| part.get().starts_with(['[', '{']) && part.get().len() > 2;
    if NOT_MENTIONS.contains(&name) || !parts.iter().any(nested) {
        return name.to_ascii_lowercase().starts_with("ner") && !parts.is_empty();
    }
    NAMES.contains(&name.to_ascii_lowercase().as_str()) || parts.into_iter().filter(nested).any(has_offsets)
}

/// Fields of these names hold annotations in the one tool or the other.
const NAMES: [&str; 15] = [
    "entities",
    "ents",
    "spans",
    "label",
    "labels",
    "annotation",
    "annotations",
    "completions",
    "predictions",
    "ner",
    "named_entities",
    "namedentities",
    "entity_mentions",
    "entitymentions",
    "mentions_list",
];

/// Whether an element says where something starts.
fn has_offsets(part: &RawValue) -> bool {
    let names =
        |object: Object<'_>| object.0.into_iter().map(|(name, _)| name.to_ascii_lowercase()).collect::<Vec<_>>();
    let is_offset = |name: &String| ["start", "begin", "offset"].iter().any(|word| name.contains(word));
    serde_json::from_str(part.get()).is_ok_and(|object| names(object).iter().any(is_offset))
}
