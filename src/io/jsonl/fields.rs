//! The fields of a document, whatever JSON value it is.

use std::collections::HashSet;

use serde_json::value::RawValue;

use super::object::{At, Object};
use crate::io::Error;

/// Named values in order.
pub(super) type Fields<'l> = Vec<(String, &'l RawValue)>;

/// The fields of the document that a value stands for: an object, a text followed by an object (`["…", {"entities": […]}]`, as spaCy's
/// training data have it), or a task of Label Studio, whose text is one level down.
pub(super) fn fields<'l>(at: &At<'l>, text_name: &str) -> Result<Fields<'l>, Error> {
    if at.text.trim_ascii_start().starts_with('[') {
        return pair(at, text_name);
    }
    let object: Object<'l> = at.parse(at.text, "a JSON object")?;
    // With two fields of one name, it is unclear which one is meant.
    if let Some(name) = object.repeated() {
        return Err(at.malformed("every field once", format!("{name:?} twice")));
    }
    let mut fields = object.0;
    let is_task = ["annotations", "completions", "predictions"].iter().any(|name| position(&fields, name).is_some());
    let data = position(&fields, "data").filter(|&data| fields[data].1.get().starts_with('{'));
    if let Some(data) = data.filter(|_| is_task && position(&fields, text_name).is_none()) {
        let (_, data) = fields.remove(data);
        let Object(mut inner) = at.parse(data.get(), "an object as \"data\"")?;
        rename_text(&mut inner, text_name);
        // The task's own fields go first where both have one of a name.
        let own: HashSet<String> = fields.iter().map(|(name, _)| name.clone()).collect();
        inner.retain(|(name, _)| !own.contains(name) || name == text_name);
        fields.extend(inner);
    } else if let Some(data) = position(&fields, "data").filter(|&data| fields[data].1.get().starts_with('"'))
        && position(&fields, text_name).is_none()
        && position(&fields, "label").is_some()
    {
        // doccano exports the text under this name.
        fields[data].0 = text_name.to_owned();
    }
    Ok(fields)
}

/// Label Studio's text has the name that the labelling interface gives it; it is the only string, or one of these.
fn rename_text(data: &mut Fields<'_>, text_name: &str) {
    if position(data, text_name).is_some() {
        return;
    }
    let strings: Vec<usize> = (0..data.len()).filter(|&index| data[index].1.get().starts_with('"')).collect();
    let named = ["text", "content", "body", "article"].iter().find_map(|name| position(data, name));
    if let Some(index) = named.or(if let [only] = strings[..] { Some(only) } else { None }) {
        data[index].0 = text_name.to_owned();
    }
}

fn pair<'l>(at: &At<'l>, text_name: &str) -> Result<Fields<'l>, Error> {
    let parts: Vec<&'l RawValue> = at.parse(at.text, "a JSON object")?;
    match parts[..] {
        [text, annotations, ..] if text.get().starts_with('"') && annotations.get().starts_with('{') => {
            let Object(mut fields) = at.parse(annotations.get(), "an object")?;
            fields.insert(0, (text_name.to_owned(), text));
            Ok(fields)
        }
        _ if parts.iter().any(|part| is_mention(part)) => {
            let expected = format!("documents with a text, such as {{\"{text_name}\": …, \"entities\": […]}}");
            Err(at.malformed(expected, "a list of mentions without their text"))
        }
        _ => Err(at.malformed("a JSON object", "a list")),
    }
}

/// Whether a value is a mention by itself, as a pipeline of Hugging Face returns it.
fn is_mention(value: &RawValue) -> bool {
    let Ok(Object(fields)) = serde_json::from_str::<Object<'_>>(value.get()) else { return false };
    let has = |name| position(&fields, name).is_some();
    has("start") && has("end") || has("word") && (has("entity") || has("entity_group"))
}

pub(super) fn position(fields: &Fields<'_>, wanted: &str) -> Option<usize> {
    fields.iter().position(|(name, _)| name == wanted)
}
