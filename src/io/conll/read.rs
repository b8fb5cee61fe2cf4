//! Reads the documents of a CoNLL file.

use std::ops::Range;

use super::columns::Columns;
use super::profile::{Cells, Profile, TagPlace, profile_of};
use super::rows::{Dialect, Kind, cells};
use crate::io::error::clip;
use crate::io::lines::Lines;
use crate::io::reader::{DocumentReader, Input};
use crate::io::{Error, Notice, ReadOptions, RowsKept};
use crate::label::{Detection, Evidence, LabelSet, Repair, Scheme, Tag, TagText, mentions};
use crate::text::{Document, Layout, Line, LineEnd, Mark, Mention, Span};

/// Reads the documents between `-DOCSTART-` lines; memory is bounded by one document.
pub(crate) struct ConllReader {
    place: String,
    name: String,
    stem: String,
    /// `None` at the end, and once reading failed.
    lines: Option<Lines>,
    columns: Option<Columns>,
    scheme: Option<Scheme>,
    repair: Repair,
    /// From the whole file, where it could be read twice.
    profile: Option<Profile>,
    /// From the documents so far, where it could not.
    evidence: Evidence,
    dialect: Option<Dialect>,
    rows_kept: RowsKept,
    /// The line that begins the next document.
    pending: Option<(Row, String)>,
    n_documents: u64,
    repairs: u64,
    line_end: Option<LineEnd>,
    odd_line_ends: u64,
    tokens_with_blanks: u64,
    /// Most bytes of a document.
    limit: u64,
    /// The line of the first token and its last cell.
    last_cell: Option<(u64, String)>,
    /// How many documents have tags.
    n_tagged: u64,
    /// The column of tags that was read and the others, where both are.
    tag_columns: Option<(usize, Vec<usize>)>,
}

/// A line as it was read.
struct Row {
    number: u64,
    kind: Kind,
    /// Its place in [`Rows::text`].
    place: Range<usize>,
}

/// The lines of one document, and whether another one follows.
struct Rows {
    /// All lines without their ends, concatenated.
    text: String,
    rows: Vec<Row>,
    error: Option<Error>,
    more: bool,
}

impl ConllReader {
    pub(crate) fn new(input: Input, options: &ReadOptions, profile: Option<Profile>) -> Self {
        Self {
            stem: input.stem().to_owned(),
            place: input.place,
            name: input.id,
            lines: Some(Lines::new(input.reader).limit(options.max_document)),
            limit: options.max_document,
            columns: options.columns.clone(),
            scheme: options.scheme,
            repair: options.repair,
            profile,
            evidence: Evidence::new(),
            dialect: None,
            rows_kept: options.rows,
            pending: None,
            n_documents: 0,
            repairs: 0,
            line_end: None,
            odd_line_ends: 0,
            tokens_with_blanks: 0,
            last_cell: None,
            n_tagged: 0,
            tag_columns: None,
        }
    }

    /// Reads up to the next document, or to the end.
    fn rows(&mut self, lines: &mut Lines) -> Rows {
        let mut has_content = self.pending.is_some();
        let (first, mut all) = self.pending.take().unzip();
        let all = &mut all.take().unwrap_or_default();
        let mut rows: Vec<Row> = first.into_iter().collect();
        let mut error = None;
        loop {
            let line = match lines.next() {
                Ok(Some(line)) => line,
                Ok(None) => return Rows { text: std::mem::take(all), rows, error, more: false },
                Err(source) => {
                    let error = Some(Error::read(&self.place, source));
                    return Rows { text: std::mem::take(all), rows, error, more: false };
                }
            };
            if let Some(end) = line.end {
                self.odd_line_ends += u64::from(*self.line_end.get_or_insert(end) != end);
            }
            let text = match line.text(&self.place) {
                Ok(text) => text,
                Err(wrong) => {
                    error.get_or_insert(wrong);
                    has_content = true;
                    continue;
                }
            };
            let kind = match self.dialect {
                Some(dialect) => dialect.kind(text),
                None if text.trim_ascii().is_empty() => Kind::Blank,
                None => self.dialect.insert(Dialect::of(&self.name, text)).kind(text),
            };
            if kind == Kind::Document && has_content {
                self.pending = Some((Row { number: line.number, kind, place: 0..text.len() }, text.to_owned()));
                return Rows { text: std::mem::take(all), rows, error, more: true };
            }
            has_content |= matches!(kind, Kind::Document | Kind::Token);
            if (all.len() + text.len()) as u64 > self.limit {
                let (path, limit) = (self.place.clone(), self.limit);
                error.get_or_insert(Error::TooLarge { path, line: line.number, limit });
                all.clear();
                rows.clear();
                continue;
            }
            let start = all.len();
            all.push_str(text);
            rows.push(Row { number: line.number, kind, place: start..all.len() });
        }
    }

    fn document(&mut self, read: &Rows, mark: Mark, id: String) -> Result<Document, Error> {
        let own;
        let text_of = |row: &Row| &read.text[row.place.clone()];
        let kept = |row: &Row| match self.rows_kept {
            RowsKept::All => text_of(row).to_owned(),
            RowsKept::None => String::new(),
        };
        let rows = &read.rows;
        let profile = match &self.profile {
            Some(profile) => profile,
            None => {
                own = profile_of(self.columns.as_ref(), |take| {
                    rows.iter().for_each(|row| take(row.kind, text_of(row)));
                    Some(())
                });
                match &own {
                    Some(profile) => profile,
                    None => {
                        let lines = rows.iter().map(|row| Line::Other { row: kept(row) }).collect();
                        let layout = Layout { lines, line_end: self.line_end.unwrap_or_default(), mark };
                        return Ok(Document { layout: Some(layout), ..Document::new(id, "") });
                    }
                }
            }
        };
        let mut tokens = Tokens::default();
        let mut lines = Vec::with_capacity(rows.len());
        for row in rows {
            if row.kind != Kind::Token || profile.is_remark(text_of(row)) {
                tokens.end_sentence();
                lines.push(Line::Other { row: kept(row) });
                continue;
            }
            let Cells { count, mut token, mut tag } = profile.cells(text_of(row));
            self.last_cell
                .get_or_insert_with(|| (row.number, cells(text_of(row)).last().unwrap_or_default().to_owned()));
            if count != profile.n_columns {
                let Some(joined) = token_with_blanks(text_of(row), profile) else {
                    let (path, line) = (self.place.clone(), row.number);
                    return Err(Error::Columns { path, line, expected: profile.n_columns, found: count });
                };
                [token, tag] = joined;
                self.tokens_with_blanks += 1;
            }
            let wrong = |expected: &str, found: &str| {
                Error::malformed(&self.place, row.number, expected, format!("{:?}", clip(found)))
            };
            if token.is_empty() {
                return Err(wrong("a token", token));
            }
            let tag = match profile.tag {
                None => Tag::Outside,
                Some(_) => profile
                    .parse(tag)
                    .and_then(|text| text.tag(&mut tokens.labels))
                    .ok_or_else(|| wrong("a tag such as B-PER or O", tag))?,
            };
            let span = tokens.push(token, tag, row.number);
            lines.push(Line::Token { span, row: kept(row) });
        }
        tokens.end_sentence();
        self.n_tagged += u64::from(profile.tag.is_some());
        if self.profile.is_none() && profile.tag.is_some() {
            self.evidence.merge(&profile.evidence);
        }
        self.tag_columns = match profile.tag {
            Some(TagPlace::Column(read)) if !profile.others.is_empty() => Some((read, profile.others.clone())),
            _ => self.tag_columns.take(),
        };
        let evidence = if self.profile.is_some() { &profile.evidence } else { &self.evidence };
        let scheme = self.scheme.or_else(|| Some(evidence.detect()?.scheme)).unwrap_or(Scheme::Iob2);
        let layout = Layout { lines, line_end: self.line_end.unwrap_or_default(), mark };
        let mut document = Document { layout: Some(layout), ..Document::new(id, tokens.text) };
        for sentence in &tokens.sentences {
            let tags: Vec<Tag> = sentence.iter().map(|token| token.tag).collect();
            let found = mentions(scheme, &tags, self.repair);
            if let (Repair::Error, Some(index)) = (self.repair, found.first_repair) {
                let before = index
                    .checked_sub(1)
                    .map_or("the sentence's start".into(), |before| name(tags[before], &tokens.labels));
                let expected = format!("a tag that {scheme} allows after {before}");
                let ends = found.repairs == 1 && index + 1 == tags.len() && !scheme.may_end(tags[index]);
                let expected = if ends { format!("a tag that {scheme} allows at a sentence's end") } else { expected };
                let tag = name(tags[index], &tokens.labels);
                return Err(Error::malformed(&self.place, sentence[index].line, expected, tag));
            }
            self.repairs += found.repairs as u64;
            document.mentions.extend(found.mentions.into_iter().map(|mention| {
                let (first, last) = (sentence[mention.tokens.start].span, sentence[mention.tokens.end - 1].span);
                Mention::new(Span::new(first.start(), last.end()), tokens.labels.label(mention.label).clone())
            }));
        }
        Ok(document)
    }

    fn notify(&self, notices: &mut Vec<Notice>) {
        let path = || self.place.clone();
        let evidence = self.profile.as_ref().map_or(&self.evidence, |profile| &profile.evidence);
        let detection = match self.scheme {
            Some(scheme) => Some(Detection::declared(scheme)),
            None => evidence.detect(),
        };
        if let Some(detection) = detection {
            notices.push(Notice::Scheme { path: path(), detection, repairs: self.repairs, repair: self.repair });
        }
        if let Some((line, found)) = self.last_cell.clone().filter(|_| self.n_tagged == 0 && self.columns.is_none()) {
            notices.push(Notice::NoTags { path: path(), line, found: clip(&found) });
        }
        if let Some((read, others)) = &self.tag_columns {
            let others = others.iter().map(|column| column + 1).collect();
            notices.push(Notice::TagColumn { path: path(), read: read + 1, others });
        }
        if self.tokens_with_blanks > 0 {
            notices.push(Notice::TokensWithBlanks { path: path(), count: self.tokens_with_blanks });
        }
        if self.odd_line_ends > 0 {
            notices.push(Notice::LineEnds { path: path(), count: self.odd_line_ends });
        }
    }
}

impl DocumentReader for ConllReader {
    fn next(&mut self, notices: &mut Vec<Notice>) -> Option<Result<Document, Error>> {
        let mut lines = self.lines.take()?;
        let mut read = self.rows(&mut lines);
        let (error, more) = (read.error.take(), read.more);
        let is_first = self.n_documents == 0;
        let mark = if is_first { lines.mark() } else { Mark::None };
        if more {
            self.lines = Some(lines);
        }
        let has_content = read.rows.iter().any(|row| matches!(row.kind, Kind::Document | Kind::Token));
        if !has_content && error.is_none() {
            self.notify(notices);
            return None;
        }
        self.n_documents += 1;
        let id = if is_first && !more { self.stem.clone() } else { format!("{}-{}", self.stem, self.n_documents) };
        let document = match error {
            Some(error) => Err(error),
            None => self.document(&read, mark, id),
        };
        if !more {
            self.notify(notices);
        }
        Some(document)
    }
}

/// The two columns of a row such as `4 hours O`, whose token holds a blank although blanks separate the columns.
///
/// Only in a file of a token and a tag is such a row unambiguous, and only where no cell in between looks like a tag.
fn token_with_blanks<'r>(row: &'r str, profile: &Profile) -> Option<[&'r str; 2]> {
    let cells: Vec<&str> = cells(row).collect();
    let is_tag = |cell: &&str| matches!(TagText::parse(cell), Some(TagText::Outside | TagText::Prefixed(..)));
    let two_columns = profile.n_columns == 2 && profile.token == 0 && profile.tag == Some(TagPlace::Column(1));
    let (last, before) = cells.split_last()?;
    if !two_columns || before.len() < 2 || row.contains('\t') || !is_tag(last) || before.iter().any(is_tag) {
        return None;
    }
    Some([row.trim_ascii().strip_suffix(last)?.trim_ascii_end(), last])
}

/// The text of the tokens: a blank between two tokens, a line feed between two sentences.
#[derive(Default)]
struct Tokens {
    text: String,
    labels: LabelSet,
    sentences: Vec<Vec<Token>>,
    sentence: Vec<Token>,
}

struct Token {
    span: Span,
    tag: Tag,
    line: u64,
}

/// The tag as errors quote it.
fn name(tag: Tag, labels: &LabelSet) -> String {
    let (prefix, id) = match tag {
        Tag::Outside => return "O".to_owned(),
        Tag::Begin(id) => ("B", id),
        Tag::Inside(id) => ("I", id),
        Tag::End(id) => ("E", id),
        Tag::Single(id) => ("S", id),
    };
    format!("{prefix}-{}", labels.label(id))
}

impl Tokens {
    fn push(&mut self, token: &str, tag: Tag, line: u64) -> Span {
        if !self.sentence.is_empty() {
            self.text.push(' ');
        } else if !self.text.is_empty() {
            self.text.push('\n');
        }
        let start = self.text.len();
        self.text.push_str(token);
        let span = Span::new(start, self.text.len());
        self.sentence.push(Token { span, tag, line });
        span
    }

    fn end_sentence(&mut self) {
        if !self.sentence.is_empty() {
            self.sentences.push(std::mem::take(&mut self.sentence));
        }
    }
}
