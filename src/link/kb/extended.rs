//! What does the user's own knowledge base add?

use super::base::Kb;
use super::entry::{Entry, EntryKind, Text};
use crate::link::Kind;
use crate::link::user::{Error, Rows};

impl Kb {
    /// This knowledge base with a user's rows, which win over what it knows under the same names.
    ///
    /// An id such as Q794 is one of Wikidata too.
    ///
    /// # Errors
    ///
    /// [`Error`] if a row has no id, or the id of a row before it.
    pub fn extended(&self, rows: &Rows) -> Result<Self, Error> {
        let mut kb = self.clone();
        let mut lines = std::collections::HashMap::with_capacity(rows.rows.len());
        for row in rows.iter() {
            let error = |expected: &str, found: String| {
                let (path, line, expected) = (rows.path.clone(), row.line, expected.to_owned());
                Error::Row { path, line, expected, found }
            };
            let Some(id) = &row.id else { return Err(error("an id", format!("none for {:?}", row.canonical))) };
            if let Some(before) = lines.insert(id, row.line) {
                return Err(error("an id that no other row has", format!("{id:?} of line {before}")));
            }
            let kind = match row.label.as_ref().map(Kind::of) {
                Some(Kind::Person) => EntryKind::Person,
                Some(Kind::Organisation) => EntryKind::Organisation,
                Some(Kind::Place) => EntryKind::Place,
                Some(Kind::Other) | None => EntryKind::Other,
            };
            let id = Text::Owned(id.clone());
            let mut ids = vec![("user", id.clone())];
            if is_wikidata(&id) {
                ids.push(("wikidata", id.clone()));
            }
            let name = Text::Owned(row.canonical.clone());
            let entry = Entry { id, name, kind, country: None, region: None, population: 0, ids };
            kb.add_named(entry, &row.aliases);
        }
        Ok(kb)
    }
}

fn is_wikidata(id: &str) -> bool {
    id.strip_prefix('Q').is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_digit()))
}
