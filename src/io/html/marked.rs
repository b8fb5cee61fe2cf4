//! A text with its mentions marked.

use std::cmp::Reverse;

use crate::page::{Colours, attribute, visible};
use crate::text::{Document, Mention, Place};

/// Mentions with a lower score are shown as unsure.
pub(super) const UNSURE: f32 = 0.7;

/// A document's mentions in the order of the text, each with its entity; those without text are not shown.
pub(super) fn in_order<'d>(document: &'d Document, places: &[Option<Place>]) -> Vec<(&'d Mention, Place)> {
    let mut mentions: Vec<(&Mention, Place)> =
        document.mentions.iter().zip(places).filter_map(|(mention, place)| Some((mention, (*place)?))).collect();
    mentions.sort_by_key(|(mention, _)| (mention.span.start(), Reverse(mention.span.end())));
    mentions
}

/// A mention on the page.
pub(super) struct Marked<'a> {
    pub(super) mention: &'a Mention,
    /// Its number in the document.
    pub(super) nth: usize,
    /// The place of its label.
    pub(super) label: usize,
    /// The name of its entity, if it is linked.
    pub(super) name: Option<&'a str>,
}

impl Marked<'_> {
    fn end(&self) -> usize {
        self.mention.span.end()
    }

    /// The tag that opens it; the last part of a mention in several parts shows the label.
    fn tag(&self, part: Part) -> String {
        let Self { mention, nth, label, name } = self;
        let colour = Colours::of_place(*label);
        let mut title = mention.label.to_string();
        if let Some(score) = mention.score {
            title.push_str(&format!(" {:.1} %", f64::from(score) * 100.0));
        }
        if let Some(name) = name {
            title.push_str(&format!(" · {name}"));
        }
        let unsure = if mention.score.is_some_and(|score| score < UNSURE) { " unsure" } else { "" };
        let shown = match part {
            Part::Last => format!(" data-l=\"{}\"", attribute(mention.label.as_str())),
            Part::Other => String::new(),
        };
        format!("<mark class=\"l{colour}{unsure}\" title=\"{}\" data-i=\"{nth}\"{shown}>", attribute(&title))
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Last,
    Other,
}

/// An element that is open.
struct Open<'a> {
    marked: Marked<'a>,
    /// Where its tag is in the HTML.
    tag: std::ops::Range<usize>,
}

/// A text that is marked from left to right.
pub(super) struct Paragraph<'a> {
    text: &'a str,
    html: String,
    /// How much of the text is in `html`, in bytes.
    done: usize,
    /// The mentions that are open, the outermost first.
    open: Vec<Open<'a>>,
}

impl<'a> Paragraph<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, html: String::with_capacity(text.len() * 2), done: 0, open: Vec::new() }
    }

    /// Opens a mention; none before it may begin later.
    pub(super) fn mark(&mut self, marked: Marked<'a>) {
        let start = marked.mention.span.start();
        self.close_until(start);
        self.push_text(start);
        self.open(marked);
    }

    fn open(&mut self, marked: Marked<'a>) {
        let start = self.html.len();
        self.html += &marked.tag(Part::Last);
        self.open.push(Open { marked, tag: start..self.html.len() });
    }

    /// Closes the open mentions that end at or before `end`. One that reaches out of another is closed with it and opened again.
    fn close_until(&mut self, end: usize) {
        while let Some(next) = self.open.iter().map(|open| open.marked.end()).min().filter(|&next| next <= end) {
            self.push_text(next);
            let first = self.open.iter().position(|open| open.marked.end() == next).expect("one of them ends there");
            let inner = self.open.split_off(first);
            self.html += &"</mark>".repeat(inner.len());
            // From the last to the first, so that the places of the others hold.
            for open in inner.iter().rev().filter(|open| open.marked.end() > next) {
                self.html.replace_range(open.tag.clone(), &open.marked.tag(Part::Other));
            }
            for open in inner.into_iter().filter(|open| open.marked.end() > next) {
                self.open(open.marked);
            }
        }
    }

    fn push_text(&mut self, end: usize) {
        self.html += &visible(&self.text[self.done..end]);
        self.done = end;
    }

    pub(super) fn finish(mut self) -> String {
        self.close_until(self.text.len());
        self.push_text(self.text.len());
        self.html
    }
}
