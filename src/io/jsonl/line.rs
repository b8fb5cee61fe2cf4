//! Parses a line of JSONL.

use serde_json::value::RawValue;

use super::entities::entities;
use super::fields::{fields, position};
use super::object::{At, Object};
use crate::io::Error;
use crate::io::cuts::Cuts;
use crate::io::error::clip;
use crate::io::shapes::{Field, Found, Shape, Source, Taken, place, resembles, take};
use crate::io::surface::Claim;
use crate::text::{Document, Fields, Label, Mention, OffsetUnit, Offsets};

/// The fields whose names the output needs, so that a field of another meaning has to give way.
pub(super) const OWN: [&str; 4] = ["id", "text", "offsets", "mentions"];

/// What to look for in a line.
#[derive(Clone, Debug)]
pub(in crate::io) struct Names {
    /// The field that holds the text.
    pub(in crate::io) text: String,
    /// The field that holds the id.
    pub(in crate::io) id: String,
    /// The tool whose form the line has; `None` to find out.
    pub(in crate::io) shape: Option<Shape>,
}

/// A parsed line.
pub(in crate::io) struct Parsed {
    /// Its id is empty where the line has none.
    pub(in crate::io) document: Document,
    pub(in crate::io) has_id: bool,
    /// Which fields of [`OWN`] were renamed.
    pub(super) renamed: [bool; OWN.len()],
    pub(in crate::io) seen: Seen,
}

/// What of a line a user should know about.
#[derive(Default)]
pub(in crate::io) struct Seen {
    /// Fields that look as if they held annotations, and were not read.
    pub(super) unread: Vec<String>,
    /// Fields of another tool that the mentions were read from, where the caller did not name the tool.
    pub(super) read_from: Vec<String>,
    /// Results of an annotation tool that are not mentions.
    pub(super) others: u64,
    /// The annotator said that the annotation is wrong or unsure.
    pub(in crate::io) is_rejected: bool,
    /// Another unit than the declared one, which the texts of the mentions prove.
    pub(super) unit: Option<OffsetUnit>,
    pub(super) cuts: Cuts,
}

/// Parses the document on a line.
pub(in crate::io) fn parse(at: &At<'_>, names: &Names) -> Result<Parsed, Error> {
    let all = fields(at, &names.text)?;
    let mut renamed = [false; OWN.len()];
    let (mut id, mut text, mut mentions) = (None, None, None);
    let mut unit = OffsetUnit::default();
    let mut others = Others::new();
    let mut rest: Vec<Field<'_, '_>> = Vec::new();
    for (name, value) in &all {
        let name = name.as_str();
        if name == names.text {
            text = Some(at.string(value, name)?);
        } else if name == names.id {
            id = read_id(at, value, name, &mut others)?;
        } else if name == "offsets" {
            let found = at.string(value, name)?;
            unit = found.parse().map_err(|_| at.wrong(value, "byte, char or utf16 as \"offsets\""))?;
        } else if name == "mentions" && names.shape.is_none() {
            mentions = Some(*value);
        } else if let Some(index) = OWN.iter().position(|own| *own == name) {
            renamed[index] = true;
            let mut new_name = format!("_{name}");
            while position(&all, &new_name).is_some() {
                new_name.insert(0, '_');
            }
            others.push((new_name, (*value).to_owned()));
        } else {
            rest.push((name, *value));
        }
    }
    let Some(text) = text else {
        let found: Vec<String> = all.iter().take(8).map(|(name, _)| format!("{:?}", clip(name))).collect();
        let found = if found.is_empty() { "no fields".to_owned() } else { format!("only {}", found.join(", ")) };
        return Err(at.malformed(format!("a field {:?}", names.text), found));
    };
    let has_id = id.is_some();
    let mut seen = Seen::default();
    let mut document = Document::new(id.unwrap_or_default(), text);
    let taken = match mentions {
        Some(list) => {
            let mut bare = Vec::new();
            let offsets = Offsets::new(&document.text, unit);
            document.mentions = read_mentions(at, list, &offsets, &document.text, &mut bare)?;
            seen.cuts = Cuts::of(&document.text, unit, &bare);
            Taken::default()
        }
        None => read_shape(at, names.shape, &rest, unit, &mut document, &mut seen)?,
    };
    let kept = rest.iter().enumerate().filter(|(index, _)| !taken.fields.contains(index));
    others.extend(kept.map(|(_, (name, value))| ((*name).to_owned(), (*value).to_owned())));
    let mut extra = Fields::new();
    extra.insert_all(others);
    if let Some(list) = extra.raw_value("entities").and_then(|value| entities(value, &document)) {
        document.entities = list;
        extra.remove("entities");
    }
    if mentions.is_none() {
        seen.is_rejected = is_rejected(names.shape, &rest, &taken);
        let unread = extra.iter().filter(|(name, value)| resembles(name, value));
        seen.unread = unread.map(|(name, _)| name.to_owned()).collect();
    }
    document.extra = extra;
    Ok(Parsed { document, has_id, renamed, seen })
}

/// Reads the annotations of another tool into the document.
fn read_shape<'l>(
    at: &At<'l>,
    shape: Option<Shape>,
    rest: &[Field<'_, 'l>],
    unit: OffsetUnit,
    document: &mut Document,
    seen: &mut Seen,
) -> Result<Taken, Error> {
    let mut taken = take(at, &Source { fields: rest, shape })?;
    let found = std::mem::take(&mut taken.found);
    let bare: Vec<_> = found.iter().filter_map(Found::unproven).collect();
    seen.cuts = Cuts::of(&document.text, unit, &bare);
    seen.others = taken.others;
    if shape.is_none() && !found.is_empty() {
        seen.read_from = taken.fields.iter().map(|&index| rest[index].0.to_owned()).collect();
    }
    let placed = place(at, found, &document.text, unit)?;
    seen.unit = (placed.unit != unit).then_some(placed.unit);
    document.mentions = placed.mentions;
    Ok(taken)
}

/// Whether Prodigy's annotator rejected the example, or skipped it.
fn is_rejected(shape: Option<Shape>, rest: &[Field<'_, '_>], taken: &Taken) -> bool {
    let has_spans = taken.fields.iter().any(|&index| rest[index].0 == "spans");
    let answer = rest.iter().find(|(name, _)| *name == "answer").map(|(_, value)| value.get());
    (has_spans || shape == Some(Shape::Prodigy)) && matches!(answer, Some("\"reject\"" | "\"ignore\""))
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
    bare: &mut Vec<(usize, usize)>,
) -> Result<Vec<Mention>, Error> {
    if !list.get().starts_with('[') {
        return Err(at.wrong(list, "a list as \"mentions\""));
    }
    let list: Vec<&'l RawValue> = at.parse(list.get(), "a list as \"mentions\"")?;
    list.into_iter().map(|mention| read_mention(at, mention, offsets, text, bare)).collect()
}

/// The ranges of mentions without a text of their own go into `bare`.
fn read_mention<'l>(
    at: &At<'l>,
    value: &'l RawValue,
    offsets: &Offsets<'_>,
    text: &str,
    bare: &mut Vec<(usize, usize)>,
) -> Result<Mention, Error> {
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
    if surface.is_none() {
        bare.push((start, end));
    }
    Ok(Mention { score, entity, extra, ..Mention::new(span, Label::new(&label)) })
}
