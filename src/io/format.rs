//! The formats of documents, and how names and contents tell them.

use std::fmt;
use std::str::FromStr;

use serde::de::IgnoredAny;

use super::mark::without_mark;
use crate::label::TagText;

/// A format of documents.
///
/// Plain text, JSONL and CoNLL are always there. Reading web pages needs the feature `html`; brat, and writing HTML and TSV, need the
/// feature `files`; Parquet and Arrow the feature `arrow`.
///
/// ```
/// use allonym::io::Format;
///
/// assert_eq!(Format::from_name("news.jsonl.gz"), Some(Format::Jsonl));
/// assert_eq!(Format::from_content(b"-DOCSTART- -X- O\n"), Some(Format::Conll));
/// assert_eq!("brat".parse(), Ok(Format::Brat));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// Plain text: one document in a file.
    Text,
    /// JSON Lines: one document on each line.
    Jsonl,
    /// CoNLL columns: one token on each line.
    Conll,
    /// brat: a text file with a standoff annotation file (<https://brat.nlplab.org/standoff.html>).
    Brat,
    /// A web page.
    Html,
    /// A table for spreadsheets, with one mention on each line, separated by tabs; written only.
    Tsv,
    /// A table separated by commas: read, one document or one of its mentions a row; written, one mention a row.
    Csv,
    /// JSON Lines as spaCy's training data have them: `{"text": …, "entities": [[start, end, label]]}`.
    Spacy,
    /// JSON Lines of doccano: `{"text": …, "label": [[start, end, label]]}`.
    Doccano,
    /// JSON Lines of Prodigy: `{"text": …, "spans": [{"start": …, "end": …, "label": …}]}`.
    Prodigy,
    /// The tasks of Label Studio, as JSON or JSON_MIN.
    LabelStudio,
    /// JSON Lines of a text and what a token-classification pipeline of Hugging Face returns for it.
    HuggingFace,
    /// Parquet: one document a row.
    Parquet,
    /// Arrow, as a file or as a stream: one document a row.
    Arrow,
}

impl Format {
    /// Every format.
    pub const ALL: [Self; 14] = [
        Self::Text,
        Self::Jsonl,
        Self::Conll,
        Self::Brat,
        Self::Html,
        Self::Tsv,
        Self::Csv,
        Self::Spacy,
        Self::Doccano,
        Self::Prodigy,
        Self::LabelStudio,
        Self::HuggingFace,
        Self::Parquet,
        Self::Arrow,
    ];

    /// The name that the command line uses.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Jsonl => "jsonl",
            Self::Conll => "conll",
            Self::Brat => "brat",
            Self::Html => "html",
            Self::Tsv => "tsv",
            Self::Csv => "csv",
            Self::Spacy => "spacy",
            Self::Doccano => "doccano",
            Self::Prodigy => "prodigy",
            Self::LabelStudio => "label-studio",
            Self::HuggingFace => "hf",
            Self::Parquet => "parquet",
            Self::Arrow => "arrow",
        }
    }

    /// The format that a file name stands for, without regard to `.gz` and `.zst`; `None` where only the content can tell (`.txt` too).
    pub fn from_name(name: &str) -> Option<Self> {
        Some(match extension(name)?.as_str() {
            "jsonl" | "ndjson" | "json" => Self::Jsonl,
            "conll" | "conllu" | "conllup" | "iob" | "iob2" | "bio" | "bioes" | "bilou" => Self::Conll,
            "html" | "htm" | "xhtml" => Self::Html,
            "ann" => Self::Brat,
            "csv" => Self::Csv,
            "parquet" | "pq" => Self::Parquet,
            "arrow" | "arrows" | "feather" | "ipc" => Self::Arrow,
            _ => return None,
        })
    }

    /// The format that the first bytes of a file show: JSON objects, a page's first tag, or rows that end in tags.
    ///
    /// `None` where they show none of these; such a file is plain text.
    pub fn from_content(bytes: &[u8]) -> Option<Self> {
        let bytes = without_mark(bytes).trim_ascii_start();
        let text = match std::str::from_utf8(bytes) {
            Ok(text) => text,
            Err(error) => std::str::from_utf8(&bytes[..error.valid_up_to()]).expect("it is valid up to there"),
        };
        if text.starts_with(['{', '[']) && is_json(text) {
            return Some(Self::Jsonl);
        }
        if text.starts_with('<') {
            let head: String = text.chars().take(2000).collect::<String>().to_ascii_lowercase();
            return (head.starts_with("<!doctype html") || head.contains("<html")).then_some(Self::Html);
        }
        is_conll(text).then_some(Self::Conll)
    }
}

impl Format {
    /// Whether these first bytes decide the format, whatever follows.
    pub(crate) fn is_certain_from(bytes: &[u8]) -> bool {
        let text = without_mark(bytes).trim_ascii_start();
        let Some(end) = text.iter().position(|&byte| byte == b'\n') else { return false };
        matches!(text[0], b'{' | b'[') || std::str::from_utf8(&text[..end]).is_ok_and(begins_document)
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A name that is not the name of a [`Format`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "expected text, jsonl, conll, brat, html, tsv, csv, spacy, doccano, prodigy, label-studio, hf, parquet or arrow, found {0:?}"
)]
pub struct UnknownFormat(pub String);

impl FromStr for Format {
    type Err = UnknownFormat;

    fn from_str(name: &str) -> Result<Self, UnknownFormat> {
        Self::ALL.into_iter().find(|format| format.as_str() == name).ok_or_else(|| UnknownFormat(name.to_owned()))
    }
}

/// How the first line of a TSV file of ours begins.
pub(crate) const TSV_HEADER: &str = "doc\tstart\tend\tlabel\ttext\tscore";

/// The name without `.gz` or `.zst`.
pub(crate) fn uncompressed_name(name: &str) -> &str {
    name.strip_suffix(".gz").or_else(|| name.strip_suffix(".zst")).unwrap_or(name)
}

/// The last extension in lower case, without regard to `.gz` and `.zst`.
pub(crate) fn extension(name: &str) -> Option<String> {
    let name = uncompressed_name(name);
    let name = name.rsplit(['/', '\\']).next().unwrap_or(name);
    match name.rsplit_once('.') {
        Some((stem, extension)) if !stem.is_empty() => Some(extension.to_ascii_lowercase()),
        _ => None,
    }
}

/// Whether the first line is JSON, or could be the beginning of it where its end is not in sight or on another line.
fn is_json(text: &str) -> bool {
    let first = text.lines().next().unwrap_or_default();
    match serde_json::from_str::<IgnoredAny>(first) {
        Ok(_) => true,
        Err(error) if error.is_eof() => {
            let inside = text[1..].trim_ascii_start();
            inside.starts_with('"') || text.starts_with('[') && inside.starts_with(['{', '['])
        }
        Err(_) => false,
    }
}

fn begins_document(row: &str) -> bool {
    row.split_ascii_whitespace().next() == Some("-DOCSTART-")
}

/// Whether the first row begins a document, or at least three rows of equal length all end in a tag.
fn is_conll(text: &str) -> bool {
    // The last line may be cut.
    let complete = text.rsplit_once('\n').map_or("", |(lines, _)| lines);
    let mut rows = complete.lines().filter(|line| !line.trim().is_empty() && !line.starts_with("# ")).peekable();
    if rows.peek().is_some_and(|row| begins_document(row)) {
        return true;
    }
    let (mut n_rows, mut n_columns) = (0, None);
    for row in rows {
        let (count, last) = match row.trim_end_matches('\r').rsplit_once('\t') {
            Some((before, last)) => (before.matches('\t').count() + 2, last),
            None => row.split_ascii_whitespace().fold((0, ""), |(count, _), column| (count + 1, column)),
        };
        let is_tag = matches!(TagText::parse(last), Some(TagText::Outside | TagText::Prefixed(..)));
        if count < 2 || !is_tag || *n_columns.get_or_insert(count) != count {
            return false;
        }
        n_rows += 1;
    }
    n_rows >= 3
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell() {
        let cases = [
            ("a.jsonl", Some(Format::Jsonl)),
            ("a.ndjson.gz", Some(Format::Jsonl)),
            ("x/a.CONLL.zst", Some(Format::Conll)),
            ("a.htm", Some(Format::Html)),
            ("a.ann", Some(Format::Brat)),
            ("a.csv", Some(Format::Csv)),
            ("part-0.snappy.parquet", Some(Format::Parquet)),
            ("a.arrows", Some(Format::Arrow)),
            ("a.feather", Some(Format::Arrow)),
            ("a.txt", None),
            ("a.tsv", None),
            (".jsonl", None),
            ("a", None),
        ];
        for (name, want) in cases {
            assert_eq!(Format::from_name(name), want, "{name}");
        }
    }

    #[test]
    fn content_tells() {
        let cases: [(&str, &[u8], Option<Format>); 17] = [
            ("an object over many lines", b"{\n  \"text\": \"x\"\n}\n", Some(Format::Jsonl)),
            ("a list of objects", b"[{\"text\": \"x\"},\n {\"text\": \"y\"}]", Some(Format::Jsonl)),
            ("a list over many lines", b"[\n  [\"x\", {}]\n]\n", Some(Format::Jsonl)),
            ("a remark in brackets", b"[Music]\nClara left.\n", None),
            ("objects", b"{\"text\": \"x\"}\n{\"text", Some(Format::Jsonl)),
            ("a byte order mark", b"\xEF\xBB\xBF{\"text\": \"x\"}\n", Some(Format::Jsonl)),
            ("one object without line end", b"{\"text\": \"x\"}", Some(Format::Jsonl)),
            ("a line too long to see its end", b"{\"text\": \"a very long", Some(Format::Jsonl)),
            ("braces", b"{not JSON}\n", None),
            ("a page", b"\n<!DOCTYPE html><title>x", Some(Format::Html)),
            ("a page after a comment", b"<!-- old -->\n<HTML><p>", Some(Format::Html)),
            ("a tag that is no page's", b"<3 Beirut", None),
            ("rows with tags", b"Ann B-PER\nleft O\n. O\nAn", Some(Format::Conll)),
            ("rows with tabs", b"New York\tB-LOC\r\nwoke\tO\r\n.\tO\r\n", Some(Format::Conll)),
            ("a document line", b"-DOCSTART- -X- O\n\nAnn NNP I-PER\n", Some(Format::Conll)),
            ("ragged rows", b"Ann B-PER\nleft the O\n. O\n", None),
            ("prose", b"Plan B-1\nwent well.\n", None),
        ];
        for (name, bytes, want) in cases {
            assert_eq!(Format::from_content(bytes), want, "{name}");
        }
    }

    #[test]
    fn formats_have_names() {
        for format in Format::ALL {
            assert_eq!(format.as_str().parse(), Ok(format));
        }
        assert_eq!("xml".parse::<Format>(), Err(UnknownFormat("xml".into())));
    }
}
