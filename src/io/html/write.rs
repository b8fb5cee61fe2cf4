//! How do tagged documents look on a page?

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};
use std::io::{self, Write};

use html_escape::{encode_double_quoted_attribute, encode_text};

use crate::io::writer::{Sink, WriteError};
use crate::label::Grouped;
use crate::text::{Alias, Document, Label, Mention};

const STYLE: &str = include_str!("page.css");
/// How many colours the style has.
const N_COLOURS: usize = 8;
/// The labels that always have the first colours, in their order.
const USUAL: [&str; 4] = ["PER", "ORG", "LOC", "MISC"];

/// Writes one page: a section a document, with a list of its entities, and a legend that counts the labels. The legend stands at the end of the file, where
/// the counts are known, and the style puts it on top.
pub(crate) struct HtmlWriter {
    /// In the order of their colours.
    counts: Vec<(Label, u64)>,
    n_documents: u64,
}

impl HtmlWriter {
    pub(crate) fn new(sink: &mut Sink<'_>, title: &str) -> io::Result<Self> {
        let title = visible(title);
        write!(
            sink,
            "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{title}</title>\n\
             <style>\n{STYLE}</style>\n</head>\n<body>\n<h1>{title}</h1>\n"
        )?;
        Ok(Self { counts: USUAL.iter().map(|name| (Label::new(name), 0)).collect(), n_documents: 0 })
    }

    pub(crate) fn write(&mut self, sink: &mut Sink<'_>, document: &Document) -> Result<(), WriteError> {
        let text = document.text.as_str();
        if let Some(mention) = document.mentions.iter().find(|mention| mention.span.slice(text).is_none()) {
            let expected = format!("mentions of whole characters within 0..{}", text.len());
            return Err(WriteError::unwritable(expected, format!("bytes {}", mention.span)));
        }
        self.n_documents += 1;
        write!(sink, "<section>\n<h2 dir=\"auto\">{}</h2>\n<p dir=\"auto\">", visible(&document.id))?;
        let mut mentions: Vec<&Mention> = document.mentions.iter().filter(|mention| !mention.span.is_empty()).collect();
        mentions.sort_by_key(|mention| (mention.span.start(), Reverse(mention.span.end())));
        let names = document.entities.iter().map(|entity| (entity.id.as_str(), entity.name.as_str())).collect();
        let mut done = 0;
        // The mentions that are open, the outermost first.
        let mut open: Vec<Marked<'_>> = Vec::new();
        for mention in mentions {
            close_until(sink, text, &mut done, &mut open, mention.span.start())?;
            write!(sink, "{}", visible(&text[done..mention.span.start()]))?;
            done = mention.span.start();
            let colour = self.colour(&mention.label);
            self.counts[colour].1 += 1;
            let marked = Marked::new(mention, colour % N_COLOURS, &names);
            marked.open(sink)?;
            open.push(marked);
        }
        close_until(sink, text, &mut done, &mut open, text.len())?;
        writeln!(sink, "{}</p>", visible(&text[done..]))?;
        self.list(sink, document)?;
        sink.write_all(b"</section>\n")?;
        Ok(())
    }

    /// The entities of a document, folded up: the name, what else the text calls it, and its ids.
    fn list(&mut self, sink: &mut Sink<'_>, document: &Document) -> io::Result<()> {
        let entities = &document.entities;
        if entities.is_empty() {
            return Ok(());
        }
        // Counted here, as the entities of an input may list other names, or none.
        let mut surfaces: HashMap<&str, BTreeMap<&str, usize>> = HashMap::new();
        for mention in &document.mentions {
            if let (Some(entity), Some(surface)) = (mention.entity.as_deref(), mention.span.slice(&document.text)) {
                *surfaces.entry(entity).or_default().entry(surface).or_default() += 1;
            }
        }
        let noun = if entities.len() == 1 { "entity" } else { "entities" };
        writeln!(sink, "<details>\n<summary>{} {noun}</summary>\n<ul>", Grouped(entities.len() as u64))?;
        for entity in entities {
            let colour = self.colour(&entity.label) % N_COLOURS;
            let (name, label) = (visible(&entity.name), visible(entity.label.as_str()));
            write!(sink, "<li dir=\"auto\"><span class=\"l{colour}\">{label}</span> {name}<small>")?;
            let counts = surfaces.get(entity.id.as_str()).cloned().unwrap_or_default();
            let n_mentions: usize = counts.values().sum();
            let aliases = Alias::ranked(counts);
            let also = aliases.iter().filter(|alias| alias.name != entity.name);
            let mut said: Vec<String> = also.map(|alias| visible(&alias.name)).collect();
            said.extend(entity.kb.iter().map(|(base, id)| visible(&format!("{base}:{id}"))));
            for part in said {
                write!(sink, " · {part}")?;
            }
            writeln!(sink, " · {}×</small></li>", Grouped(n_mentions as u64))?;
        }
        sink.write_all(b"</ul>\n</details>\n")
    }

    /// The place of a label in the legend.
    fn colour(&mut self, label: &Label) -> usize {
        match self.counts.iter().position(|(known, _)| known == label) {
            Some(index) => index,
            None => {
                self.counts.push((label.clone(), 0));
                self.counts.len() - 1
            }
        }
    }

    pub(crate) fn finish(self, sink: &mut Sink<'_>) -> io::Result<()> {
        let noun = if self.n_documents == 1 { "document" } else { "documents" };
        write!(sink, "<footer>{} {noun}", Grouped(self.n_documents))?;
        for (index, (label, count)) in self.counts.iter().enumerate().filter(|(_, (_, count))| *count > 0) {
            let label = visible(label.as_str());
            write!(sink, " <span class=\"l{}\">{label} {}</span>", index % N_COLOURS, Grouped(*count))?;
        }
        sink.write_all(b"</footer>\n</body>\n</html>\n")
    }
}

/// A mention on the page.
struct Marked<'a> {
    mention: &'a Mention,
    colour: usize,
    /// The name of its entity, where it is known.
    name: Option<&'a str>,
}

impl<'a> Marked<'a> {
    fn new(mention: &'a Mention, colour: usize, names: &HashMap<&str, &'a str>) -> Self {
        let name = mention.entity.as_deref().and_then(|entity| names.get(entity).copied());
        Self { mention, colour, name }
    }

    fn end(&self) -> usize {
        self.mention.span.end()
    }

    fn open(&self, sink: &mut Sink<'_>) -> io::Result<()> {
        let attribute = |text: &str| encode_double_quoted_attribute(&without_nul(text)).into_owned();
        let Self { mention, colour, name } = self;
        let mut title = mention.label.to_string();
        if let Some(score) = mention.score {
            title.push_str(&format!(" {:.1} %", f64::from(score) * 100.0));
        }
        let Some(entity) = &mention.entity else {
            return write!(sink, "<mark class=\"l{colour}\" title=\"{}\">", attribute(&title));
        };
        title.push_str(&format!(" · {}", name.unwrap_or(entity)));
        let (title, entity) = (attribute(&title), attribute(entity));
        write!(sink, "<mark class=\"l{colour}\" title=\"{title}\" data-entity=\"{entity}\">")
    }
}

/// Closes the open mentions that end at or before `end`. One that another mention reaches out of is closed and opened again.
fn close_until(
    sink: &mut Sink<'_>,
    text: &str,
    done: &mut usize,
    open: &mut Vec<Marked<'_>>,
    end: usize,
) -> io::Result<()> {
    while let Some(next) = open.iter().map(Marked::end).min().filter(|&next| next <= end) {
        write!(sink, "{}", visible(&text[*done..next]))?;
        *done = next;
        let first = open.iter().position(|marked| marked.end() == next).expect("one of them ends there");
        let inner = open.split_off(first);
        for marked in inner.iter().rev() {
            if marked.end() == next {
                write!(sink, "<b>{}</b>", visible(marked.mention.label.as_str()))?;
            }
            sink.write_all(b"</mark>")?;
        }
        for marked in inner.into_iter().filter(|marked| marked.end() > next) {
            marked.open(sink)?;
            open.push(marked);
        }
    }
    Ok(())
}

/// Text as it stands in a page; NUL, which no page can hold, is shown by its symbol.
fn visible(text: &str) -> String {
    encode_text(&without_nul(text)).into_owned()
}

fn without_nul(text: &str) -> String {
    text.replace('\0', "␀")
}
