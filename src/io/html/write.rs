//! Writes tagged documents as one page to explore.
//!
//! The page is written while documents come: what is known only at the end (entities, counts) is at the end of the file. Beyond the first
//! documents, each text is in a `noscript` element. Browsers that run scripts read that as one string, which the script turns into elements
//! when the document comes into view; all others show it.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{self, Write};

use serde::Serialize;

use super::marked::{Marked, Paragraph, in_order};
use crate::io::Notice;
use crate::io::sink::{DocumentWriter, Sink, WriteError};
use crate::io::surface::unmarked;
use crate::page::{Colours, Fetches, Frame, StyleAttributes, address, json, link, visible};
use crate::text::{Document, Grouped, Listed, Mention, Place, Roster, plural};

const STYLE: &str = include_str!("explorer.css");
const SCRIPT: &str = include_str!("explorer.js");
const PANEL: &str = include_str!("panel.html");
/// The number of documents whose texts are elements from the start.
const N_SHOWN: u64 = 20;
/// The number of entities that the page lists without its script.
const N_LISTED: usize = 100;
/// The characters of a line, about: documents that are not laid out yet have the height of so many lines.
const LINE: usize = 80;

/// Writes one page.
pub(crate) struct HtmlWriter<'w> {
    sink: Sink<'w>,
    title: String,
    colours: Colours,
    /// The number of mentions of each label, by its place.
    counts: Vec<u64>,
    roster: Roster,
    n_documents: u64,
}

/// What the script reads, beside the documents.
#[derive(Serialize)]
struct Data<'a> {
    /// Name and colour.
    labels: Vec<(&'a str, usize)>,
    entities: Vec<EntityData<'a>>,
    /// How many mentions are linked across documents, within one, and not.
    linked: [u64; 3],
}

/// Name, place of the label, surfaces, ids in knowledge bases each with its address if it has one, id, and context.
#[derive(Serialize)]
struct EntityData<'a>(&'a str, usize, Vec<&'a str>, Vec<(String, Option<String>)>, Option<&'a str>, Option<&'a str>);

impl<'w> HtmlWriter<'w> {
    pub(crate) fn new(sink: Sink<'w>, title: &str) -> io::Result<Self> {
        let (colours, roster) = (Colours::default(), Roster::default());
        let mut writer = Self { sink, title: title.to_owned(), colours, counts: Vec::new(), roster, n_documents: 0 };
        let head = writer.frame().head();
        let title = visible(title);
        write!(
            writer.sink,
            "{head}<header>\n<h1 dir=\"auto\">{title}</h1>\n</header>\n{PANEL}<main id=\"documents\" tabindex=\"-1\">\n"
        )?;
        Ok(writer)
    }

    fn frame(&self) -> Frame<'_> {
        Frame {
            title: &self.title,
            style: STYLE,
            script: Some(SCRIPT),
            attributes: StyleAttributes::Refused,
            fetches: Fetches::Nothing,
        }
    }

    /// The place of a mention's label, which is counted.
    fn count(&mut self, mention: &Mention) -> usize {
        let place = self.colours.place(&mention.label);
        if self.counts.len() <= place {
            self.counts.resize(place + 1, 0);
        }
        self.counts[place] += 1;
        place
    }

    /// The element of a document.
    fn article(&mut self, document: &Document, places: &[Option<Place>]) -> String {
        let mentions = in_order(document, places);
        let labels: Vec<usize> = mentions.iter().map(|(mention, _)| self.count(mention)).collect();
        let mut paragraph = Paragraph::new(&document.text);
        let mut facts = String::new();
        for (nth, ((mention, place), label)) in mentions.into_iter().zip(labels).enumerate() {
            let score = mention.score.map(|score| format!("{:.0}", f64::from(score) * 1000.0)).unwrap_or_default();
            let blank = if nth == 0 { "" } else { " " };
            let Place { entity, surface } = place;
            write!(facts, "{blank}{entity}.{surface}.{label}.{score}").expect("a string takes everything");
            let name = mention.entity.as_ref().map(|_| self.roster.rows()[entity].name.as_str());
            paragraph.mark(Marked { mention, nth, label, name });
        }
        let nth = self.n_documents;
        let (id, lines) = (visible(&document.id), n_lines(&document.text));
        let text = format!("<p dir=\"auto\">{}</p>", paragraph.finish());
        let text = if nth <= N_SHOWN { text } else { format!("<noscript>{text}</noscript>") };
        format!(
            "<article id=\"d{nth}\" data-m=\"{facts}\" data-n=\"{lines}\">\n<h2 dir=\"auto\">{id}</h2>\n{text}\n</article>\n"
        )
    }

    /// The counts of the labels, for pages without script.
    fn legend(&self) -> String {
        let mut html = format!("<footer>{}", plural(self.n_documents, "document"));
        for (place, count) in self.counts.iter().enumerate().filter(|(_, count)| **count > 0) {
            let label = visible(self.colours.labels()[place].as_str());
            let colour = Colours::of_place(place);
            write!(html, " <span class=\"label l{colour}\">{label} {}</span>", Grouped(*count))
                .expect("a string takes everything");
        }
        html + "</footer>\n"
    }

    /// The most frequent entities, for pages without script.
    fn table(&mut self) -> String {
        let ranked = self.roster.ranked();
        if ranked.is_empty() {
            return String::new();
        }
        let mut html = "<noscript>\n<section class=\"table\">\n<h2>Entities</h2>\n<table>\n<thead><tr><th scope=\"col\">name</th>\
             <th scope=\"col\">label</th><th scope=\"col\" class=\"number\">mentions</th><th scope=\"col\" class=\"number\">documents</th>\
             <th scope=\"col\">ids</th></tr></thead>\n<tbody>\n"
            .to_owned();
        for &place in ranked.iter().take(N_LISTED) {
            let row = &self.roster.rows()[place];
            let (name, label, colour) = (visible(&row.name), visible(row.label.as_str()), self.colours.of(&row.label));
            let (mentions, documents) = (Grouped(row.mentions() as u64), Grouped(row.documents as u64));
            let ids: Vec<String> = row.kb.iter().map(|(base, id)| link(base, id)).collect();
            writeln!(
                html,
                "<tr><td dir=\"auto\">{name}</td><td><span class=\"label l{colour}\">{label}</span></td>\
                 <td class=\"number\">{mentions}</td><td class=\"number\">{documents}</td><td>{}</td></tr>",
                ids.join(" · ")
            )
            .expect("a string takes everything");
        }
        html += "</tbody>\n</table>\n";
        if let Some(more) = ranked.len().checked_sub(N_LISTED).filter(|more| *more > 0) {
            let more = Grouped(more as u64);
            writeln!(html, "<p class=\"note\">{more} more are listed where JavaScript runs.</p>")
                .expect("a string takes everything");
        }
        html + "</section>\n</noscript>\n"
    }

    fn data(&mut self) -> String {
        let places: Vec<usize> = self.roster.rows().iter().map(|row| self.colours.place(&row.label)).collect();
        let labels = self.colours.labels().iter().enumerate();
        let data = Data {
            labels: labels.map(|(place, label)| (label.as_str(), Colours::of_place(place))).collect(),
            entities: self.roster.rows().iter().zip(places).map(|(row, label)| entity_data(row, label)).collect(),
            linked: [self.roster.across, self.roster.within, self.roster.unlinked],
        };
        format!("<script type=\"application/json\" id=\"data\">{}</script>\n", json(&data))
    }
}

fn entity_data(row: &Listed, label: usize) -> EntityData<'_> {
    let surfaces = row.surfaces.iter().map(|surface| surface.name.as_str()).collect();
    EntityData(&row.name, label, surfaces, ids(&row.kb), row.id.as_deref(), row.context.as_deref())
}

/// The ids of an entity in knowledge bases, each with its address if it has one.
fn ids(kb: &BTreeMap<String, String>) -> Vec<(String, Option<String>)> {
    kb.iter().map(|(base, id)| (format!("{base}:{id}"), address(base, id))).collect()
}

/// About how many lines a text has on the page.
fn n_lines(text: &str) -> usize {
    text.split('\n').map(|line| line.len().div_ceil(LINE).max(1)).sum()
}

impl DocumentWriter for HtmlWriter<'_> {
    fn write(&mut self, document: &Document) -> Result<(), WriteError> {
        let text = document.text.as_str();
        if let Some(mention) = document.mentions.iter().find(|mention| mention.span.slice(text).is_none()) {
            return Err(unmarked(mention.span, text));
        }
        self.n_documents += 1;
        let places = self.roster.add(document, self.n_documents);
        let article = self.article(document, &places);
        self.sink.write_all(article.as_bytes())?;
        Ok(())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.sink.flush()
    }

    fn finish(mut self: Box<Self>) -> io::Result<Vec<Notice>> {
        let parts = [self.legend(), self.table(), self.data(), self.frame().foot()];
        self.sink.write_all(b"</main>\n")?;
        for part in parts {
            self.sink.write_all(part.as_bytes())?;
        }
        self.sink.finish()?;
        Ok(Vec::new())
    }
}
