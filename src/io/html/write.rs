//! Writes tagged documents as one page.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;
use std::io::{self, Write};

use crate::io::Notice;
use crate::io::sink::{DocumentWriter, Sink, WriteError};
use crate::text::markup::{attribute, visible};
use crate::text::{Alias, Document, Grouped, Label, Mention};

const STYLE: &str = include_str!("page.css");
/// The number of colours in the style.
const N_COLOURS: usize = 8;
/// The labels that always have the first colours, in this order.
const USUAL: [&str; 4] = ["PER", "ORG", "LOC", "MISC"];

/// Writes one page: a section for each document, with a list of its entities, and a legend that counts the labels. The legend is at the end
/// of the file, where the counts are known; the style shows it at the top.
pub(crate) struct HtmlWriter<'w> {
    sink: Sink<'w>,
    legend: Legend,
    n_documents: u64,
}

/// How many mentions each label has, in the order of the colours.
struct Legend(Vec<(Label, u64)>);

impl Legend {
    /// The place of a label, which is added where it is new.
    fn place(&mut self, label: &Label) -> usize {
        match self.0.iter().position(|(known, _)| known == label) {
            Some(index) => index,
            None => {
                self.0.push((label.clone(), 0));
                self.0.len() - 1
            }
        }
    }
}

impl<'w> HtmlWriter<'w> {
    pub(crate) fn new(mut sink: Sink<'w>, title: &str) -> io::Result<Self> {
        let title = visible(title);
        write!(
            sink,
            "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{title}</title>\n\
             <style>\n{STYLE}</style>\n</head>\n<body>\n<h1>{title}</h1>\n"
        )?;
        let legend = Legend(USUAL.iter().map(|name| (Label::new(name), 0)).collect());
        Ok(Self { sink, legend, n_documents: 0 })
    }

    /// The text with its mentions marked.
    fn paragraph(&mut self, document: &Document) -> String {
        let mut mentions: Vec<&Mention> = document.mentions.iter().filter(|mention| !mention.span.is_empty()).collect();
        mentions.sort_by_key(|mention| (mention.span.start(), Reverse(mention.span.end())));
        let names: HashMap<&str, &str> =
            document.entities.iter().map(|entity| (entity.id.as_str(), entity.name.as_str())).collect();
        let mut paragraph = Paragraph::new(&document.text);
        for mention in mentions {
            let place = self.legend.place(&mention.label);
            self.legend.0[place].1 += 1;
            let name = mention.entity.as_deref().and_then(|entity| names.get(entity).copied());
            paragraph.mark(Marked { mention, colour: place % N_COLOURS, name });
        }
        paragraph.finish()
    }

    /// The entities of a document, folded up: the name, what else the text calls it, and its ids in knowledge bases.
    fn entities(&mut self, document: &Document) -> String {
        let entities = &document.entities;
        if entities.is_empty() {
            return String::new();
        }
        // Counted here, as the entities of an input may list other names, or none.
        let mut surfaces: HashMap<&str, BTreeMap<&str, usize>> = HashMap::new();
        for mention in &document.mentions {
            if let (Some(entity), Some(surface)) = (mention.entity.as_deref(), mention.span.slice(&document.text)) {
                *surfaces.entry(entity).or_default().entry(surface).or_default() += 1;
            }
        }
        let noun = if entities.len() == 1 { "entity" } else { "entities" };
        let mut list = format!("<details>\n<summary>{} {noun}</summary>\n<ul>\n", Grouped(entities.len() as u64));
        for entity in entities {
            let colour = self.legend.place(&entity.label) % N_COLOURS;
            let (name, label) = (visible(&entity.name), visible(entity.label.as_str()));
            let counts = surfaces.get(entity.id.as_str()).cloned().unwrap_or_default();
            let n_mentions: usize = counts.values().sum();
            let aliases = Alias::ranked(counts);
            let also = aliases.iter().map(|alias| &alias.name).filter(|alias| **alias != entity.name).cloned();
            let ids = entity.kb.iter().map(|(base, id)| format!("{base}:{id}"));
            let parts: String = also.chain(ids).map(|part| format!(" · {}", visible(&part))).collect();
            let count = Grouped(n_mentions as u64);
            writeln!(
                list,
                "<li dir=\"auto\"><span class=\"l{colour}\">{label}</span> {name}<small>{parts} · {count}×</small></li>"
            )
            .expect("a string takes everything");
        }
        list + "</ul>\n</details>\n"
    }
}

impl DocumentWriter for HtmlWriter<'_> {
    fn write(&mut self, document: &Document) -> Result<(), WriteError> {
        let text = document.text.as_str();
        if let Some(mention) = document.mentions.iter().find(|mention| mention.span.slice(text).is_none()) {
            let expected = format!("mentions of whole characters within 0..{}", text.len());
            return Err(WriteError::unwritable(expected, format!("bytes {}", mention.span)));
        }
        self.n_documents += 1;
        let (paragraph, entities) = (self.paragraph(document), self.entities(document));
        writeln!(
            self.sink,
            "<section>\n<h2 dir=\"auto\">{}</h2>\n<p dir=\"auto\">{paragraph}</p>\n{entities}</section>",
            visible(&document.id)
        )?;
        Ok(())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.sink.flush()
    }

    fn finish(mut self: Box<Self>) -> io::Result<Vec<Notice>> {
        let noun = if self.n_documents == 1 { "document" } else { "documents" };
        write!(self.sink, "<footer>{} {noun}", Grouped(self.n_documents))?;
        for (index, (label, count)) in self.legend.0.iter().enumerate().filter(|(_, (_, count))| *count > 0) {
            let label = visible(label.as_str());
            write!(self.sink, " <span class=\"l{}\">{label} {}</span>", index % N_COLOURS, Grouped(*count))?;
        }
        self.sink.write_all(b"</footer>\n</body>\n</html>\n")?;
        self.sink.finish()?;
        Ok(Vec::new())
    }
}

/// A mention on the page.
struct Marked<'a> {
    mention: &'a Mention,
    colour: usize,
    /// The name of its entity, where it is known.
    name: Option<&'a str>,
}

impl Marked<'_> {
    fn end(&self) -> usize {
        self.mention.span.end()
    }

    fn tag(&self) -> String {
        let Self { mention, colour, name } = self;
        let mut title = mention.label.to_string();
        if let Some(score) = mention.score {
            title.push_str(&format!(" {:.1} %", f64::from(score) * 100.0));
        }
        let Some(entity) = &mention.entity else {
            return format!("<mark class=\"l{colour}\" title=\"{}\">", attribute(&title));
        };
        title.push_str(&format!(" · {}", name.unwrap_or(entity)));
        let (title, entity) = (attribute(&title), attribute(entity));
        format!("<mark class=\"l{colour}\" title=\"{title}\" data-entity=\"{entity}\">")
    }
}

/// A text that is marked from left to right.
struct Paragraph<'a> {
    text: &'a str,
    html: String,
    /// How much of the text is in `html`, in bytes.
    done: usize,
    /// The mentions that are open, the outermost first.
    open: Vec<Marked<'a>>,
}

impl<'a> Paragraph<'a> {
    fn new(text: &'a str) -> Self {
        Self { text, html: String::new(), done: 0, open: Vec::new() }
    }

    /// Opens a mention; none before it may begin later.
    fn mark(&mut self, marked: Marked<'a>) {
        let start = marked.mention.span.start();
        self.close_until(start);
        self.push_text(start);
        self.html += &marked.tag();
        self.open.push(marked);
    }

    /// Closes the open mentions that end at or before `end`. One that reaches out of another is closed with it and opened again.
    fn close_until(&mut self, end: usize) {
        while let Some(next) = self.open.iter().map(Marked::end).min().filter(|&next| next <= end) {
            self.push_text(next);
            let first = self.open.iter().position(|marked| marked.end() == next).expect("one of them ends there");
            let inner = self.open.split_off(first);
            for marked in inner.iter().rev() {
                if marked.end() == next {
                    self.html += &format!("<b>{}</b>", visible(marked.mention.label.as_str()));
                }
                self.html += "</mark>";
            }
            for marked in inner.into_iter().filter(|marked| marked.end() > next) {
                self.html += &marked.tag();
                self.open.push(marked);
            }
        }
    }

    fn push_text(&mut self, end: usize) {
        self.html += &visible(&self.text[self.done..end]);
        self.done = end;
    }

    fn finish(mut self) -> String {
        self.close_until(self.text.len());
        self.push_text(self.text.len());
        self.html
    }
}
