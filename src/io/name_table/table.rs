//! A table of names, and how it is read.

use std::collections::HashMap;
use std::fs::File;
use std::io::Read;
use std::path::Path;

use super::row::{NameRow, Place};
use super::{columns, json};
use crate::io::Error;
use crate::io::compress::decompress;
use crate::io::format::extension;

/// How a [`NameTable`] is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameFormat {
    /// A table with a header and cells separated by tabs: `canonical`, `alias`, `label`, `id` in any order, only the first one required.
    /// One alias a line; lines with the same canonical name, label and id are one row.
    Tsv,
    /// The same with commas.
    Csv,
    /// One JSON object a line: `canonical` (or `name`), `aliases` (or `alias`; a list or one string), `label`, `id`.
    Jsonl,
}

impl NameFormat {
    /// The format of a file by its name, `.gz` and `.zst` aside: JSONL for `.jsonl`, `.ndjson` and `.json`, CSV for `.csv`, TSV for all
    /// others.
    pub fn from_name(name: &str) -> Self {
        match extension(name).as_deref() {
            Some("jsonl" | "ndjson" | "json") => Self::Jsonl,
            Some("csv") => Self::Csv,
            _ => Self::Tsv,
        }
    }
}

/// Names that a user knows, as a file has them.
///
/// A table of entities that allonym has written ([`EntityWriter`](crate::io::EntityWriter)) is one too, in TSV and in JSONL: its ids are
/// the ids. Of a person, aliases of a single word are left out: what a text calls somebody in short is for the text to tell.
///
/// ```
/// use allonym::io::{NameFormat, NameTable};
///
/// let tsv = "canonical\talias\tlabel\tid\nAbbas Araghchi\tAraghchi\tPER\tQ331227\n";
/// let table = NameTable::read(tsv.as_bytes(), NameFormat::Tsv, "names.tsv")?;
/// assert_eq!(table.rows()[0].names().collect::<Vec<_>>(), ["Abbas Araghchi", "Araghchi"]);
///
/// let error = NameTable::read("canonical\nOslo\tNorway\n".as_bytes(), NameFormat::Tsv, "names.tsv").unwrap_err();
/// assert_eq!(error.to_string(), "names.tsv:2:2: expected 1 column, as in the header, found 2");
/// # Ok::<(), allonym::io::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameTable {
    path: String,
    rows: Vec<NameRow>,
}

impl NameTable {
    /// Opens a file, compressed or not, whose name says how it is written: see [`NameFormat::from_name`].
    ///
    /// # Errors
    /// [`Error`] if the file cannot be read, or with line, column, what was expected and what was found if a row is not sound.
    pub fn open(path: &Path) -> Result<Self, Error> {
        let place = path.display().to_string();
        let file = File::open(path).map_err(|source| Error::read(&place, source))?;
        Self::read(file, NameFormat::from_name(&place), &place)
    }

    /// Reads a table, compressed or not; `path` is what errors call it.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub fn read(reader: impl Read + Send + 'static, format: NameFormat, path: &str) -> Result<Self, Error> {
        let reader = decompress(reader).map_err(|source| Error::read(path, source))?;
        let rows = match format {
            NameFormat::Tsv => columns::read(reader, columns::Separator::Tab, path)?,
            NameFormat::Csv => columns::read(reader, columns::Separator::Comma, path)?,
            NameFormat::Jsonl => json::read(reader, path)?,
        };
        Ok(Self { path: path.to_owned(), rows })
    }

    /// All rows, in the order of the file.
    pub fn rows(&self) -> &[NameRow] {
        &self.rows
    }

    /// All rows, in the order of the file.
    pub fn into_rows(self) -> Vec<NameRow> {
        self.rows
    }

    /// Appends the rows of another table.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.rows.extend(other.rows);
        self
    }

    /// The table as a knowledge base, in which each row has an id of its own.
    ///
    /// # Errors
    /// [`Error::Cell`] if a row has no id, or the id of a row before it.
    pub fn identified(self) -> Result<Self, Error> {
        let mut lines = HashMap::with_capacity(self.rows.len());
        for row in &self.rows {
            let error = |expected: &str, found: String| row.place.error(&self.path, expected, found);
            let Some(id) = &row.id else { return Err(error("an id", format!("none for {:?}", row.canonical))) };
            if let Some(before) = lines.insert(id, row.place.line) {
                return Err(error("an id that no other row has", format!("{id:?} of line {before}")));
            }
        }
        Ok(self)
    }
}

impl FromIterator<NameRow> for NameTable {
    fn from_iter<I: IntoIterator<Item = NameRow>>(rows: I) -> Self {
        let place = |line| Place { line, column: 1 };
        let rows = (1..).zip(rows).map(|(line, row)| NameRow { place: place(line), ..row }).collect();
        Self { path: "rows".to_owned(), rows }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn message(text: &'static [u8], format: NameFormat) -> String {
        NameTable::read(text, format, "f").expect_err("it is refused").to_string()
    }

    #[test]
    fn all_formats_say_the_same() {
        let tsv = "\u{feff}id\tcanonical\talias\tlabel\nQ1\tAbbas Araghchi\tAraghchi\tPER\nQ1\tAbbas Araghchi\tAraqchi\tPER\n\tOslo\t\t\n";
        let csv = "id,canonical,alias,label\r\nQ1,\"Abbas Araghchi\",Araghchi,PER\r\nQ1,Abbas Araghchi,Araqchi,PER\r\n,Oslo,,\r\n\r\n";
        let jsonl = "{\"id\":\"Q1\",\"name\":\"Abbas Araghchi\",\"aliases\":[\"Araghchi\",\"Araqchi\"],\"label\":\"PER\"}\n\n{\"canonical\":\"Oslo\"}\n";
        let read =
            |text: &'static str, format| NameTable::read(text.as_bytes(), format, "f").expect("the case is sound");
        let lines = |table: &NameTable| table.rows.iter().map(|row| row.place.line).collect::<Vec<_>>();
        let table = read(tsv, NameFormat::Tsv);
        assert_eq!(lines(&table), [2, 4]);
        assert_eq!(read(csv, NameFormat::Csv), table);
        let mut json = read(jsonl, NameFormat::Jsonl);
        assert_eq!(lines(&json), [1, 3]);
        json.rows.iter_mut().zip(&table.rows).for_each(|(row, other)| row.place = other.place);
        assert_eq!(table, json);
        assert_eq!(table.rows[0].names().collect::<Vec<_>>(), ["Abbas Araghchi", "Araghchi", "Araqchi"]);
        assert_eq!((&table.rows[1].label, &table.rows[1].id), (&None, &None));
    }

    #[test]
    fn tables_of_entities_are_tables_of_names() {
        use crate::io::{EntityForm, EntityWriter};
        use crate::text::{Alias, Entity, Label};

        let alias = |name: &str, mentions| Alias { name: name.to_owned(), mentions };
        let mut person = Entity::new("a1", "Ali Larijani", Label::new("PER"));
        person.aliases = vec![alias("Larijani", 5), alias("Ali Larijani", 3), alias("A. Larijani", 1)];
        let mut body = Entity::new("b2", "Supreme Court (India)", Label::new("ORG"));
        body.aliases = vec![alias("Supreme Court (India)", 2), alias("SC", 1)];
        body.kb = BTreeMap::from([("user".to_owned(), "court-7".to_owned())]);
        body.extra.insert("candidates".to_owned(), serde_json::json!([{"entity": "a1"}]));
        for (form, format) in [(EntityForm::Tsv, NameFormat::Tsv), (EntityForm::Jsonl, NameFormat::Jsonl)] {
            let mut text = Vec::new();
            let mut writer = EntityWriter::new(form, &mut text).expect("a vector takes everything");
            for entity in [&person, &body] {
                writer.write(entity, &[]).expect("a vector takes everything");
            }
            writer.finish().expect("a vector takes everything");
            let table = NameTable::read(std::io::Cursor::new(text), format, "f").expect("it is sound");
            let table = table.identified().expect("ids differ");
            let rows: Vec<(Vec<&str>, Option<&str>)> =
                table.rows.iter().map(|row| (row.names().collect(), row.id.as_deref())).collect();
            let want = [
                (vec!["Ali Larijani", "A. Larijani"], Some("a1")),
                (vec!["Supreme Court (India)", "SC"], Some("court-7")),
            ];
            assert_eq!(rows, want, "{form:?}");
        }
    }

    #[test]
    fn bad_tables() {
        for (text, want) in [
            (&b""[..], "f:1:1: expected a header with the column canonical, found an empty file"),
            (b"alias\tlabel\n", "f:1:1: expected a header with the column canonical, found alias, label"),
            (
                b"canonical\tname\n",
                "f:1:2: expected a header of the columns canonical, alias, label, id, found \"name\"",
            ),
            (b"canonical\tcanonical\n", "f:1:2: expected one column canonical, found another one"),
            (b"canonical\talias\nOslo\n", "f:2:2: expected 2 columns, as in the header, found 1"),
            (
                b"canonical\talias\nOslo\tChristiania\n \tx\n",
                "f:3:1: expected a canonical name with a letter or digit, found \"\"",
            ),
            (b"canonical\talias\nOslo\t--\n", "f:2:2: expected a letter or digit in column alias, found \"--\""),
            (b"canonical\talias\nOslo\tK\xe5\n", "f:2:2: expected text in UTF-8, found other bytes"),
        ] {
            assert_eq!(message(text, NameFormat::Tsv), want);
        }
        assert_eq!(
            message(b"canonical,alias\nOslo,\"K,L\",x\n", NameFormat::Csv),
            "f:2:3: expected 2 columns, as in the header, found 3"
        );
    }

    #[test]
    fn bad_json() {
        const ROW: &str = "expected a JSON object with canonical, aliases, label and id, found";
        for (text, want) in [
            (&b"{\"name\":\"Oslo\"}\n{\"name\":\n"[..], format!("f:2:8: {ROW} EOF while parsing a value")),
            (b"[]", format!("f:1:1: {ROW} \"[]\"")),
            (b"{\"id\":\"Q585\"}", format!("f:1:13: {ROW} missing field `canonical`")),
            (
                b"{\"name\":\"Oslo\",\"also\":[]}",
                format!(
                    "f:1:21: {ROW} unknown field `also`, expected one of `canonical`, `name`, `alias`, `aliases`, `label`, `id`"
                ),
            ),
            (
                b"{\"name\":\"Oslo\",\"aliases\":[1]}",
                format!("f:1:29: {ROW} aliases that are no text and no list of texts"),
            ),
            (
                b"{\"name\":\"Oslo\",\"aliases\":[\"\"]}",
                "f:1:16: expected an alias with a letter or digit, found \"\"".to_owned(),
            ),
            (
                b"{\"name\":\"\\u2026\"}",
                "f:1:2: expected a canonical name with a letter or digit, found \"\u{2026}\"".to_owned(),
            ),
            (
                b"{\"name\":\"Oslo\",\"label\":\" \"}",
                "f:1:16: expected a text as label, or no label at all, found an empty text".to_owned(),
            ),
            (b"{\"name\":\"\xff\"}", "f:1: expected UTF-8, found the bytes 0xFF at byte 9 of the file".to_owned()),
        ] {
            assert_eq!(message(text, NameFormat::Jsonl), want);
        }
    }

    #[cfg(feature = "compress")]
    #[test]
    fn compressed_tables_are_read() {
        use std::io::Write;

        use crate::io::Compression;
        use crate::io::compress::Compressor;

        let folder = tempfile::tempdir().expect("a folder");
        for (name, compression) in [("a.tsv.gz", Compression::Gzip), ("a.tsv.zst", Compression::Zstd)] {
            let path = folder.path().join(name);
            let file = File::create(&path).expect("a file");
            let mut file = Compressor::new(file, compression).expect("the build has the feature");
            file.write_all(b"canonical\nOslo\n").and_then(|()| file.finish()).expect("it is written");
            let table = NameTable::open(&path).expect("it is sound");
            assert_eq!(table.rows()[0].canonical, "Oslo", "{name}");
        }
    }

    #[test]
    fn ids_have_to_differ() {
        let table = |text: &'static str| NameTable::read(text.as_bytes(), NameFormat::Tsv, "f").expect("it is sound");
        let error = |text| table(text).identified().expect_err("it is refused").to_string();
        assert!(table("canonical\tid\nOslo\tQ585\n").identified().is_ok());
        assert_eq!(error("canonical\tid\nOslo\tQ585\nBonn\t\n"), "f:3:1: expected an id, found none for \"Bonn\"");
        assert_eq!(
            error("canonical\tid\nOslo\tQ585\nBonn\tQ585\n"),
            "f:3:2: expected an id that no other row has, found \"Q585\" of line 2"
        );
    }

    #[test]
    fn formats_by_name() {
        for (path, want) in [
            ("a.tsv", NameFormat::Tsv),
            ("a.JSONL", NameFormat::Jsonl),
            ("a.jsonl.gz", NameFormat::Jsonl),
            ("a.csv.zst", NameFormat::Csv),
            ("a.txt", NameFormat::Tsv),
            ("jsonl", NameFormat::Tsv),
        ] {
            assert_eq!(NameFormat::from_name(path), want, "{path}");
        }
    }
}
