//! Parses a line of JSONL.

use serde_json::value::RawValue;

use super::entities::entities;
use super::object::{At, Object};
use crate::io::Error;
use crate::io::error::clip;
use crate::io::surface::Claim;
use crate::text::{Document, Fields, Label, Mention, OffsetUnit, Offsets};

/// The fields whose names the output needs, so that a field of another meaning has to give way.
pub(super) const OWN: [&str; 4] = ["id", "text", "offsets", "mentions"];

/// The names of the fields that hold text and id.
#[derive(Clone, Debug)]
pub(super) struct Names {
    pub(super) text: String,
    pub(super) id: String,
}

/// A parsed line.
pub(super) struct Parsed {
    /// Its id is empty where the line has none.
    pub(super) document: Document,
    pub(super) has_id: bool,
    /// Which fields of [`OWN`] were renamed.
    pub(super) renamed: [bool; OWN.len()],
}

/// Parses the document on a line.
pub(super) fn parse<'l>(at: &At<'l>, names: &Names) -> Result<Parsed, Error> {
    let object: Object<'l> = at.parse(at.text, "a JSON object")?;
    // With two fields of one name, it is unclear which one is meant.
    if let Some(name) = object.repeated() {
        return Err(at.malformed("every field once", format!("{name:?} twice")));
    }
    let mut renamed = [false; OWN.len()];
    let (mut id, mut text, mut mentions) = (None, None, None);
    let mut unit = OffsetUnit::default();
    let mut extra = Fields::new();
    let mut others = Vec::new();
    for (name, value) in &object.0 {
        let name = name.as_str();
        if name == names.text {
            text = Some(at.string(value, name)?);
        } else if name == names.id {
            id = read_id(at, value, name, &mut others)?;
        } else if name == "offsets" {
            let found = at.string(value, name)?;
            unit = found.parse().map_err(|_| at.wrong(value, "byte, char or utf16 as \"offsets\""))?;
        } else if name == "mentions" {
            mentions = Some(*value);
        } else if let Some(index) = OWN.iter().position(|own| *own == name) {
            renamed[index] = true;
            let mut new_name = format!("_{name}");
            while object.0.iter().any(|(other, _)| *other == new_name) {
                new_name.insert(0, '_');
            }
            others.push((new_name, (*value).to_owned()));
        } else {
            others.push((name.to_owned(), (*value).to_owned()));
        }
    }
    let Some(text) = text else {
        let found: Vec<String> = object.0.iter().take(8).map(|(name, _)| format!("{:?}", clip(name))).collect();
        let found = if found.is_empty() { "no fields".to_owned() } else { format!("only {}", found.join(", ")) };
        return Err(at.malformed(format!("a field {:?}", names.text), found));
    };
    let has_id = id.is_some();
    let mut document = Document::new(id.unwrap_or_default(), text);
    if let Some(list) = mentions {
        document.mentions = read_mentions(at, list, &Offsets::new(&document.text, unit), &document.text)?;
    }
    extra.insert_all(others);
    if let Some(list) = extra.raw_value("entities").and_then(|value| entities(value, &document)) {
        document.entities = list;
        extra.remove("entities");
    }
    document.extra = extra;
    Ok(Parsed { document, has_id, renamed })
}

/// Fields that are kept as they are.
type Others = Vec<(String, Box<RawValue>)>;

/// The id, where there is one. A number is its digits; `others` keeps it too, so that it is written as a number again.
fn read_id<'l>(at: &At<'l>, value: &'l RawValue, name: &str, others: &mut Others) -> Result<Option<String>, Error> {
    match value.get().as_bytes().first() {
        Some(b'n') => Ok(None),
        Some(b'0'..=b'9' | b'-') => {
            others.push(("id".to_owned(), value.to_owned()));
            Ok(Some(value.get().to_owned()))
        }
        Some(b'"') => at.string(value, name).map(Some),
        _ => Err(at.wrong(value, &format!("a string or a number as {name:?}"))),
    }
}

fn read_mentions<'l>(
    at: &At<'l>,
    list: &'l RawValue,
    offsets: &Offsets<'_>,
    text: &str,
) -> Result<Vec<Mention>, Error> {
    if !list.get().starts_with('[') {
        return Err(at.wrong(list, "a list as \"mentions\""));
    }
    let list: Vec<&'l RawValue> = at.parse(list.get(), "a list as \"mentions\"")?;
    list.into_iter().map(|mention| read_mention(at, mention, offsets, text)).collect()
}

fn read_mention<'l>(at: &At<'l>, value: &'l RawValue, offsets: &Offsets<'_>, text: &str) -> Result<Mention, Error> {
    if !value.get().starts_with('{') {
        return Err(at.wrong(value, "an object as a mention"));
    }
    let object: Object<'l> = at.parse(value.get(), "an object as a mention")?;
    let (mut start, mut end, mut label, mut surface) = (None, None, None, None);
    let (mut score, mut entity, mut others) = (None, None, Vec::new());
    for (name, field) in object.0 {
        match name.as_str() {
            "start" | "end" => {
                let number: usize = serde_json::from_str(field.get())
                    .map_err(|_| at.wrong(field, &format!("a whole number from 0 as {name:?} of a mention")))?;
                *(if name == "start" { &mut start } else { &mut end }) = Some(number);
            }
            "text" => surface = Some(at.string(field, "text")?),
            "label" => label = Some(at.string(field, "label")?),
            "score" if field.get() == "null" => {}
            "score" => {
                let number: Option<f32> = serde_json::from_str(field.get()).ok();
                let number = number.filter(|number| (0.0..=1.0).contains(number));
                score = Some(number.ok_or_else(|| at.wrong(field, "a number from 0 to 1 as \"score\""))?);
            }
            "entity" if field.get() == "null" => {}
            "entity" => entity = Some(at.string(field, "entity")?),
            _ => others.push((name, field.to_owned())),
        }
    }
    let missing = |name: &str| at.wrong(value, &format!("a mention with {name:?}"));
    let start = start.ok_or_else(|| missing("start"))?;
    let end = end.ok_or_else(|| missing("end"))?;
    let label = label.ok_or_else(|| missing("label"))?;
    if label.is_empty() {
        return Err(at.wrong(value, "a mention whose label is not empty"));
    }
    let claim = Claim { path: at.path, line: at.line, range: (start, end), surface: surface.as_deref() };
    let span = claim.span(text, offsets)?;
    let mut extra = Fields::new();
    extra.insert_all(others);
    Ok(Mention { score, entity, extra, ..Mention::new(span, Label::new(&label)) })
}
