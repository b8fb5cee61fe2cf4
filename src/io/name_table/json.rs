//! One JSON object a line.

use std::io::BufRead;

use serde::Deserialize;

use super::entities::{Ids, RawEntity, full};
use super::row::{Cells, NameRow, Place, is_name};
use crate::io::Error;
use crate::io::error::{clip, json_message};
use crate::io::lines::Lines;
use crate::text::Label;

/// What a line has to be.
const ROW: &str = "a JSON object with canonical, aliases, label and id";

/// A row as JSON has it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawRow {
    #[serde(alias = "name")]
    canonical: String,
    #[serde(default, alias = "alias")]
    aliases: RawAliases,
    label: Option<String>,
    id: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged, expecting = "aliases that are no text and no list of texts")]
enum RawAliases {
    One(String),
    Many(Vec<String>),
}

impl Default for RawAliases {
    fn default() -> Self {
        Self::Many(Vec::new())
    }
}

pub(super) fn read(reader: Box<dyn BufRead + Send>, path: &str) -> Result<Vec<NameRow>, Error> {
    let mut lines = Lines::new(reader);
    let mut rows = Vec::new();
    let mut ids = Ids::default();
    while let Some(line) = lines.next().map_err(|source| Error::read(path, source))? {
        let (number, text) = (line.number, line.text(path).map_err(Error::without_likely)?);
        let at = |column| Place { line: number, column };
        if text.trim().is_empty() {
            continue;
        }
        if !text.trim_start().starts_with('{') {
            return Err(at(1).error(path, ROW, format!("{:?}", clip(text))));
        }
        let row: RawRow = match serde_json::from_str(text) {
            Ok(row) => row,
            Err(error) => match serde_json::from_str::<RawEntity>(text) {
                Ok(entity) => {
                    rows.extend(of_entity(entity, &mut ids, at(1)));
                    continue;
                }
                Err(_) => return Err(at(error.column().max(1)).error(path, ROW, json_message(&error))),
            },
        };
        let aliases = match row.aliases {
            RawAliases::One(alias) => vec![alias],
            RawAliases::Many(aliases) => aliases,
        };
        if let Some(empty) = aliases.iter().find(|alias| !is_name(alias)) {
            let column = column_of(text, &["aliases", "alias"]);
            return Err(at(column).error(path, "an alias with a letter or digit", format!("{empty:?}")));
        }
        let cells = Cells {
            canonical: (row.canonical, column_of(text, &["canonical", "name"])),
            label: (row.label, column_of(text, &["label"])),
            id: (row.id, column_of(text, &["id"])),
        };
        let row = cells.checked(aliases, path, number)?;
        rows.push(row.sharing_label_of(rows.last()));
    }
    Ok(rows)
}

/// The row of an entity; none if its name has no letter or digit, by which nothing could be found.
fn of_entity(entity: RawEntity, ids: &mut Ids, place: Place) -> Option<NameRow> {
    let RawEntity { id, name, label, aliases, kb, .. } = entity;
    let aliases = full(&name, &label, aliases.into_iter().map(|alias| alias.name));
    let id = ids.of(&id, kb.get("user").map(String::as_str));
    is_name(&name).then(|| NameRow { canonical: name, aliases, label: Some(Label::new(&label)), id: Some(id), place })
}

/// The byte of a line, from 1, at which the first of some fields begins; 1 if the line writes its name in another way.
fn column_of(text: &str, names: &[&str]) -> usize {
    names.iter().find_map(|name| text.find(&format!("\"{name}\""))).unwrap_or(0) + 1
}
