//! Writes documents as rows of tokens and tags.

use std::collections::BTreeMap;
use std::io::{self, Write};

use super::rows::{DOCUMENT, Dialect, Kind, cells};
use crate::io::Notice;
use crate::io::options::SegmentWords;
use crate::io::sink::{DocumentWriter, Sink, WriteError};
use crate::label::{LabelId, LabelSet, Tag, tag_tokens};
use crate::text::{Document, Layout, Line, Mark, Span};

/// Writes rows, with the IOB2 tag of [`Document::mentions`] as the last column.
///
/// A document that came from CoNLL keeps its lines; any other one gets a `-DOCSTART-` line and a row for each word.
pub(crate) struct ConllWriter<'w> {
    sink: Sink<'w>,
    words: SegmentWords,
    /// What the rows could not express: how often, and the first document.
    lost: BTreeMap<&'static str, (u64, String)>,
}

impl<'w> ConllWriter<'w> {
    pub(crate) fn new(sink: Sink<'w>, words: SegmentWords) -> Self {
        Self { sink, words, lost: BTreeMap::new() }
    }

    fn count(&mut self, what: &'static str, n: usize, document: &Document) {
        if n > 0 {
            self.lost.entry(what).or_insert_with(|| (0, document.id.clone())).0 += n as u64;
        }
    }
}

impl DocumentWriter for ConllWriter<'_> {
    fn write(&mut self, document: &Document) -> Result<(), WriteError> {
        let sentences = match &document.layout {
            Some(layout) => layout.sentences(),
            None => without_blanks(&document.text, (self.words)(&document.text)),
        };
        let mut labels = LabelSet::new();
        let mut mentions: Vec<(Span, LabelId)> = Vec::with_capacity(document.mentions.len());
        for mention in &document.mentions {
            let label = mention.label.as_str();
            if label.is_empty() || label.contains(|c: char| c.is_ascii_whitespace()) {
                return Err(WriteError::unwritable("labels without blanks", format!("{label:?}")));
            }
            let full = || WriteError::unwritable("at most 65,536 labels", "more".to_owned());
            mentions.push((mention.span, labels.add(label).ok_or_else(full)?));
        }
        let tagging = tag_tokens(&sentences, &mentions);
        self.count("mentions cut a token and were widened to whole ones", tagging.widened, document);
        self.count("mentions go on in the next sentence and were split", tagging.split, document);
        self.count("mentions share a token with another one and were not written", tagging.overlapping.len(), document);
        self.count("mentions touch no token and were not written", tagging.outside.len(), document);
        let sink = &mut self.sink;
        match &document.layout {
            Some(layout) => {
                let mut tags = tagging.tags.iter().flatten();
                write_layout(sink, (layout, &document.text), &labels, &mut tags)?;
            }
            None => {
                write!(sink, "{DOCUMENT}\tO\n\n")?;
                for (words, tags) in sentences.iter().zip(&tagging.tags) {
                    for (word, tag) in words.iter().zip(tags) {
                        write!(sink, "{}\t", &document.text[word.range()])?;
                        write_tag(sink, *tag, &labels)?;
                        sink.write_all(b"\n")?;
                    }
                    sink.write_all(b"\n")?;
                }
            }
        }
        Ok(())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.sink.flush()
    }

    fn finish(mut self: Box<Self>) -> io::Result<Vec<Notice>> {
        self.sink.finish()?;
        Ok(self.lost.into_iter().map(|(what, (count, first))| Notice::Lossy { what, count, first }).collect())
    }
}

fn write_layout<'t>(
    sink: &mut Sink<'_>,
    (layout, text): (&Layout, &str),
    labels: &LabelSet,
    tags: &mut impl Iterator<Item = &'t Tag>,
) -> io::Result<()> {
    if layout.mark == Mark::ByteOrder {
        sink.write_all("\u{feff}".as_bytes())?;
    }
    let tabs = layout.lines.iter().any(|line| matches!(line, Line::Token { row, .. } if row.contains('\t')));
    for line in &layout.lines {
        match line {
            Line::Token { span, row }
                if span.slice(text).is_some_and(|token| !row.contains('\t') && token.contains(' ')) =>
            {
                // Blanks separate the columns of the row and are in its token too: with one more column nobody could tell.
                let token = span.slice(text).unwrap_or_default();
                write!(sink, "{token}\t")?;
                for cell in cells(row.trim_start().strip_prefix(token).unwrap_or_default()) {
                    write!(sink, "{cell}\t")?;
                }
                write_tag(sink, *tags.next().expect("there is a tag for every token"), labels)?;
            }
            Line::Token { row, .. } => {
                let separator = if row.contains('\t') { "\t" } else { " " };
                write!(sink, "{row}{separator}")?;
                write_tag(sink, *tags.next().expect("there is a tag for every token"), labels)?;
            }
            Line::Other { row } if Dialect::Plain.kind(row) == Kind::Document => {
                let alone = cells(row).nth(1).is_none();
                let separator = if row.contains('\t') || alone && tabs { "\t" } else { " " };
                write!(sink, "{row}{separator}O")?;
            }
            Line::Other { row } => sink.write_all(row.as_bytes())?,
        }
        sink.write_all(layout.line_end.as_str().as_bytes())?;
    }
    Ok(())
}

fn write_tag(sink: &mut Sink<'_>, tag: Tag, labels: &LabelSet) -> io::Result<()> {
    match tag {
        Tag::Begin(id) => write!(sink, "B-{}", labels.label(id)),
        Tag::Inside(id) => write!(sink, "I-{}", labels.label(id)),
        Tag::Outside | Tag::End(_) | Tag::Single(_) => sink.write_all(b"O"),
    }
}

/// The words without the blanks that would break a row: a word with blanks inside becomes several.
fn without_blanks(text: &str, sentences: Vec<Vec<Span>>) -> Vec<Vec<Span>> {
    let pieces = |word: Span| {
        let surface = &text[word.range()];
        surface.split_ascii_whitespace().map(move |piece| {
            let start = word.start() + (piece.as_ptr() as usize - surface.as_ptr() as usize);
            Span::new(start, start + piece.len())
        })
    };
    let sentences = sentences.into_iter().map(|words| words.into_iter().flat_map(pieces).collect::<Vec<_>>());
    sentences.filter(|words| !words.is_empty()).collect()
}
