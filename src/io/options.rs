//! How documents are read and written.

use std::fmt;
use std::sync::Arc;

use super::{Columns, Format};
use crate::label::{Repair, Scheme};
use crate::text::{OffsetUnit, Span, segment};

/// How to read documents.
///
/// ```
/// use allonym::io::{Documents, Format, ReadOptions};
///
/// let options = ReadOptions::default().format(Format::Jsonl).text_field("body").id_field("url");
/// let line = &br#"{"url": "x/1", "body": "Rain in Beirut"}"#[..];
/// let document = Documents::read(line, "news", &options).next().expect("one line")?;
/// assert_eq!((document.id.as_str(), document.text.as_str()), ("x/1", "Rain in Beirut"));
/// # Ok::<(), allonym::io::Error>(())
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ReadOptions {
    /// The format of every input. Default: `None`, each input is recognised by its name or content.
    pub format: Option<Format>,
    /// The JSONL field that holds the text. Default: `text`.
    pub text_field: String,
    /// The JSONL field that holds the id. Default: `id`.
    pub id_field: String,
    /// The columns of CoNLL files. Default: `None`, the first column is the token, and the last one the tag where it looks like tags.
    pub columns: Option<Columns>,
    /// The scheme of the tags of CoNLL files. Default: `None`, each file is searched for evidence, which a
    /// [`Notice`](super::Notice) reports.
    pub scheme: Option<Scheme>,
    /// What to do with tags of CoNLL files that break the scheme. Default: [`Repair::Begin`], as conlleval does.
    pub repair: Repair,
    /// Whether documents keep the rows of CoNLL files. Default: [`RowsKept::All`].
    pub rows: RowsKept,
    /// The most bytes that one document may have, decompressed, with all its fields; a larger one is an error. Default:
    /// [`ReadOptions::MAX_DOCUMENT`].
    pub max_document: u64,
    /// The encoding of all inputs. Default: [`Encoding::Utf8`]; byte order marks and the declarations of web pages are obeyed.
    pub encoding: Encoding,
    /// Which files of folders are read. Default: [`FilesRead::Articles`].
    pub files: FilesRead,
}

/// The encoding of inputs, where neither a byte order mark nor a web page says it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8; other bytes are an error, which names the likely encoding.
    #[default]
    Utf8,
    /// UTF-8 where the bytes are, else the likely encoding, which a [`Notice`](super::Notice) reports. As many bytes of an input decide as
    /// one document may have ([`ReadOptions::max_document`]), and at least 1 MiB.
    Auto,
    /// The encoding of this name, by the [Encoding Standard](https://encoding.spec.whatwg.org/#names-and-labels): `windows-1252`,
    /// `iso-8859-1`, `gbk`.
    Named(String),
}

/// Which files of a folder (or of a pattern) are read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FilesRead {
    /// Those that can be articles: no settings, programs, styles, mails, READMEs or tables without texts.
    #[default]
    Articles,
    /// All that are text.
    All,
}

impl Default for ReadOptions {
    fn default() -> Self {
        Self {
            format: None,
            text_field: "text".to_owned(),
            id_field: "id".to_owned(),
            columns: None,
            scheme: None,
            repair: Repair::default(),
            rows: RowsKept::default(),
            max_document: Self::MAX_DOCUMENT,
            encoding: Encoding::default(),
            files: FilesRead::default(),
        }
    }
}

impl ReadOptions {
    /// 64 MiB: many times the longest article, and little enough to be read into memory.
    pub const MAX_DOCUMENT: u64 = 64 << 20;

    /// Sets [`ReadOptions::format`].
    pub fn format(self, format: impl Into<Option<Format>>) -> Self {
        Self { format: format.into(), ..self }
    }

    /// Sets [`ReadOptions::text_field`].
    pub fn text_field(self, name: impl Into<String>) -> Self {
        Self { text_field: name.into(), ..self }
    }

    /// Sets [`ReadOptions::id_field`].
    pub fn id_field(self, name: impl Into<String>) -> Self {
        Self { id_field: name.into(), ..self }
    }

    /// Sets [`ReadOptions::columns`].
    pub fn columns(self, columns: impl Into<Option<Columns>>) -> Self {
        Self { columns: columns.into(), ..self }
    }

    /// Sets [`ReadOptions::scheme`].
    pub fn scheme(self, scheme: impl Into<Option<Scheme>>) -> Self {
        Self { scheme: scheme.into(), ..self }
    }

    /// Sets [`ReadOptions::repair`].
    pub fn repair(self, repair: Repair) -> Self {
        Self { repair, ..self }
    }

    /// Sets [`ReadOptions::max_document`].
    pub fn max_document(self, bytes: u64) -> Self {
        Self { max_document: bytes, ..self }
    }

    /// Sets [`ReadOptions::rows`].
    pub fn rows(self, rows: RowsKept) -> Self {
        Self { rows, ..self }
    }

    /// Sets [`ReadOptions::encoding`].
    pub fn encoding(self, encoding: Encoding) -> Self {
        Self { encoding, ..self }
    }

    /// Sets [`ReadOptions::files`].
    pub fn files(self, files: FilesRead) -> Self {
        Self { files, ..self }
    }
}

/// What a document's [`Layout`](crate::text::Layout) keeps of its CoNLL rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RowsKept {
    /// The rows as they were read, so that they can be written as CoNLL again with every column.
    #[default]
    All,
    /// Empty rows, which halves the memory.
    None,
}

/// Splits a text into sentences of words. No word is empty, and all are in the order of the text.
pub type SegmentWords = Arc<dyn Fn(&str) -> Vec<Vec<Span>> + Send + Sync>;

/// How to write documents.
///
/// ```
/// use allonym::io::{Format, WriteOptions, Writer};
/// use allonym::text::OffsetUnit;
///
/// let options = WriteOptions::default().offsets(OffsetUnit::Utf16);
/// let writer = Writer::new(Format::Jsonl, std::io::sink(), options)?;
/// # writer.finish()?;
/// # Ok::<(), allonym::io::Error>(())
/// ```
#[derive(Clone)]
#[non_exhaustive]
pub struct WriteOptions {
    /// What offsets count in JSONL, TSV and CSV (elsewhere they always count code points). Default: [`OffsetUnit::Char`].
    pub offsets: OffsetUnit,
    /// The words of CoNLL rows, for documents that did not come from CoNLL. Default: [`segment::sentences`].
    pub words: SegmentWords,
    /// The heading of an HTML page. Default: `Persons, organisations, places`.
    pub title: String,
    /// Which JSONL documents have a field `entities`. Default: [`EntitiesWritten::WherePresent`].
    pub entities: EntitiesWritten,
    /// Fields of the documents that become columns of TSV and CSV, such as `url` and `date`. Default: none.
    pub fields: Vec<String>,
    /// Whether TSV and CSV begin with a byte order mark, which Excel needs to take them for UTF-8. Default: no.
    pub byte_order_mark: bool,
    /// What becomes of cells of TSV and CSV that a spreadsheet would take for formulae. Default: [`Formulae::Kept`].
    pub formulae: Formulae,
}

/// What becomes of cells that a spreadsheet would take for formulae and run: those that begin with `=`, `+`, `-`, `@` (or their full-width
/// forms), a tab or a line end, unless they are numbers. See OWASP on
/// [CSV injection](https://owasp.org/www-community/attacks/CSV_Injection).
///
/// ```
/// use allonym::io::Formulae;
///
/// assert_eq!(Formulae::Escaped.cell("=HYPERLINK(A1)"), "'=HYPERLINK(A1)");
/// assert_eq!(Formulae::Escaped.cell("-0.5"), "-0.5");
/// assert_eq!(Formulae::Kept.cell("=1+1"), "=1+1");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Formulae {
    /// Nothing: cells are as the texts have them.
    #[default]
    Kept,
    /// They get a quotation mark (') in front, which a spreadsheet takes for "this is text".
    Escaped,
}

impl Formulae {
    /// A cell as it is written.
    pub fn cell(self, cell: &str) -> std::borrow::Cow<'_, str> {
        const FIRST: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];
        let is_number = || cell.parse::<f64>().is_ok_and(f64::is_finite);
        match self {
            Self::Escaped if cell.starts_with(FIRST) && !is_number() => format!("'{cell}").into(),
            Self::Kept | Self::Escaped => cell.into(),
        }
    }
}

impl Default for WriteOptions {
    fn default() -> Self {
        Self {
            offsets: OffsetUnit::Char,
            words: Arc::new(segment::sentences),
            title: "Persons, organisations, places".into(),
            entities: EntitiesWritten::default(),
            fields: Vec::new(),
            byte_order_mark: false,
            formulae: Formulae::default(),
        }
    }
}

impl WriteOptions {
    /// Sets [`WriteOptions::offsets`].
    pub fn offsets(self, unit: OffsetUnit) -> Self {
        Self { offsets: unit, ..self }
    }

    /// Sets [`WriteOptions::words`].
    pub fn words(self, words: impl Fn(&str) -> Vec<Vec<Span>> + Send + Sync + 'static) -> Self {
        Self { words: Arc::new(words), ..self }
    }

    /// Sets [`WriteOptions::title`].
    pub fn title(self, title: impl Into<String>) -> Self {
        Self { title: title.into(), ..self }
    }

    /// Sets [`WriteOptions::fields`].
    pub fn fields(self, fields: Vec<String>) -> Self {
        Self { fields, ..self }
    }

    /// Sets [`WriteOptions::byte_order_mark`].
    pub fn byte_order_mark(self, byte_order_mark: bool) -> Self {
        Self { byte_order_mark, ..self }
    }

    /// Sets [`WriteOptions::formulae`].
    pub fn formulae(self, formulae: Formulae) -> Self {
        Self { formulae, ..self }
    }

    /// Sets [`WriteOptions::entities`].
    pub fn entities(self, entities: EntitiesWritten) -> Self {
        Self { entities, ..self }
    }
}

impl fmt::Debug for WriteOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WriteOptions")
            .field("offsets", &self.offsets)
            .field("title", &self.title)
            .field("entities", &self.entities)
            .finish_non_exhaustive()
    }
}

/// Which documents are written with a field `entities`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum EntitiesWritten {
    /// Those that have entities.
    #[default]
    WherePresent,
    /// All, because all were linked: one without entities gets an empty list.
    Always,
}
