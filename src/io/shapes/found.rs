//! One annotation, under whatever names.

use serde_json::value::RawValue;

use crate::io::Error;
use crate::io::jsonl::object::{At, Object};
use crate::text::Fields;

/// An annotation as a file has it.
#[derive(Clone, Debug)]
pub(in crate::io) struct Found {
    /// Start and end, in the unit of the file.
    pub(super) range: (usize, usize),
    pub(super) label: String,
    /// The text that the file claims to be there.
    pub(super) surface: Option<String>,
    pub(super) score: Option<f32>,
    /// The id of what it refers to.
    pub(super) entity: Option<String>,
    /// Whether it is a piece with a tag such as `B-PER`, of which several make a mention.
    pub(super) is_piece: bool,
    pub(super) extra: Fields,
}

const STARTS: [&str; 7] =
    ["start", "start_offset", "startOffset", "start_char", "begin", "begin_offset", "beginOffset"];
const ENDS: [&str; 6] = ["end", "end_offset", "endOffset", "end_char", "stop", "finish"];
const LABELS: [&str; 10] =
    ["label", "labels", "entity_group", "type", "entity_type", "label_", "class", "category", "ner", "entity"];

/// The annotations that a value of a list stands for, one for each label; `None` where it is none.
pub(super) fn found<'l>(at: &At<'l>, value: &'l RawValue) -> Result<Option<Vec<Found>>, Error> {
    match value.get().as_bytes().first() {
        Some(b'[') => triple(at, value),
        Some(b'{') => at.parse(value.get(), "an object as a mention").and_then(|object| of_object(at, object)),
        _ => Ok(None),
    }
}

/// `[start, end, label]`.
fn triple<'l>(at: &At<'l>, value: &'l RawValue) -> Result<Option<Vec<Found>>, Error> {
    let parts: Vec<&'l RawValue> = at.parse(value.get(), "a list as a mention")?;
    let [start, end, label, ..] = parts[..] else { return Ok(None) };
    let (Some(start), Some(end)) = (number(start), number(end)) else { return Ok(None) };
    let Some(labels) = labels(at, label)? else { return Ok(None) };
    Ok(Some(labels.into_iter().map(|label| Found::new((start, end), label)).collect()))
}

fn of_object<'l>(at: &At<'l>, object: Object<'l>) -> Result<Option<Vec<Found>>, Error> {
    let get = |names: &[&str]| {
        names.iter().find_map(|wanted| object.0.iter().find(|(name, value)| name == wanted && value.get() != "null"))
    };
    let (Some((_, start)), Some((_, end))) = (get(&STARTS), get(&ENDS)) else { return Ok(None) };
    let (Some(start), Some(end)) = (number(start), number(end)) else { return Ok(None) };
    let Some((label_name, label)) = get(&LABELS) else { return Ok(None) };
    let Some(labels) = labels(at, label)? else { return Ok(None) };
    let mut found = Found::new((start, end), String::new());
    let is_pipeline = object.0.iter().any(|(name, _)| name == "word");
    found.is_piece = label_name == "entity" && is_pipeline;
    let mut others = Vec::new();
    for (name, value) in &object.0 {
        let is_text = value.get().starts_with('"');
        match name.as_str() {
            name if STARTS.contains(&name) || ENDS.contains(&name) || *name == **label_name => {}
            "text" if is_text => found.surface = Some(at.string(value, "text")?),
            "entity" if is_text => found.entity = Some(at.string(value, "entity")?),
            // The pipeline's own spelling of the text, which may be in lower case.
            "word" | "index" if is_pipeline => {}
            "text" | "entity" | "label" if value.get() == "null" => {}
            "score" => found.score = score(value),
            "text" | "entity" | "label" => others.push((format!("_{name}"), (*value).to_owned())),
            _ => others.push((name.clone(), (*value).to_owned())),
        }
    }
    found.extra.insert_all(others);
    Ok(Some(labels.into_iter().map(|label| Found { label, ..found.clone() }).collect()))
}

/// A label, or several.
fn labels<'l>(at: &At<'l>, value: &'l RawValue) -> Result<Option<Vec<String>>, Error> {
    let labels = match value.get().as_bytes().first() {
        Some(b'"') => vec![at.string(value, "label")?],
        Some(b'[') => match serde_json::from_str::<Vec<String>>(value.get()) {
            Ok(labels) => labels,
            Err(_) => return Ok(None),
        },
        _ => return Ok(None),
    };
    Ok(Some(labels).filter(|labels| !labels.is_empty() && labels.iter().all(|label| !label.is_empty())))
}

fn number(value: &RawValue) -> Option<usize> {
    serde_json::from_str(value.get()).ok()
}

pub(super) fn score(value: &RawValue) -> Option<f32> {
    serde_json::from_str(value.get()).ok().filter(|score| (0.0..=1.0).contains(score))
}

impl Found {
    /// The range, where no text proves that it is right.
    pub(in crate::io) fn unproven(&self) -> Option<(usize, usize)> {
        (self.surface.is_none() && !self.is_piece).then_some(self.range)
    }

    fn new(range: (usize, usize), label: String) -> Self {
        let extra = Fields::new();
        Self { range, label, surface: None, score: None, entity: None, is_piece: false, extra }
    }
}
