//! What does linking need of the documents?

use std::collections::HashMap;

use sha2::{Digest, Sha256};

use super::Kind;
use super::names::Model;
use super::sports;
use crate::text::{Document, Label};

/// The mentions of many documents, without their texts: every surface and label is kept once.
///
/// Of the text around a mention it keeps the titles and offices just before it ("Foreign Minister Qureshi"), the short form that is
/// defined after it ("Economic Cooperation Organisation (ECO)"), and whether the document reports on sports. A text whose words are
/// masked with `*` works too: where the characters between two mentions are masked, only their number counts.
#[derive(Clone, Debug, Default)]
pub struct Collection {
    pub(super) surfaces: Vec<String>,
    pub(super) labels: Vec<Label>,
    pub(super) kinds: Vec<Kind>,
    pub(super) titles: Vec<String>,
    pub(super) documents: Vec<Listing>,
    surface_ids: HashMap<String, u32>,
    label_ids: HashMap<Label, u32>,
    title_ids: HashMap<String, u32>,
}

/// What is kept of one document.
#[derive(Clone, Debug)]
pub(super) struct Listing {
    pub(super) mentions: Vec<Named>,
    pub(super) ties: Vec<Tie>,
    /// Whether it reports on sports.
    pub(super) is_sports: bool,
    /// Of the document's name and mentions: the same for the same document, wherever it stands in the collection.
    pub(super) hash: u64,
}

/// What is kept of one mention, in the order of the document's mentions.
#[derive(Clone, Copy, Debug)]
pub(super) struct Named {
    pub(super) surface: u32,
    pub(super) label: u32,
    /// The titles before it, one more than their index; 0 for none.
    pub(super) title: u32,
    /// Where it starts in the text, in bytes.
    pub(super) start: u32,
    /// How many bytes there are between it and the mention before it, or the start of the text, at most 255.
    pub(super) gap: u8,
}

/// A name and what may be its short form, or the other way round: "First (Second)".
#[derive(Clone, Copy, Debug)]
pub(super) struct Tie {
    /// The mention that stands first, by its index.
    pub(super) mention: u32,
    /// The surface of the other.
    pub(super) surface: u32,
}

impl Collection {
    /// No documents yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes a document in; it is the next in the order of [`Links::write`](super::Links::write).
    pub fn add(&mut self, document: &Document) {
        let mut mentions = Vec::with_capacity(document.mentions.len());
        let mut hash = Sha256::new();
        hash.update(&document.id);
        let mut end = 0;
        for mention in &document.mentions {
            let text = &document.text[mention.span.range()];
            hash.update(format!("\n{:?} {} {text}", mention.span, mention.label));
            let label = self.label(&mention.label);
            let title = match self.kinds[label as usize] {
                Kind::Person | Kind::Other => self.title(&document.text[..mention.span.start()], text),
                Kind::Organisation | Kind::Place => 0,
            };
            let start = u32::try_from(mention.span.start()).unwrap_or(u32::MAX);
            let gap = u8::try_from(mention.span.start().saturating_sub(end)).unwrap_or(u8::MAX);
            end = end.max(mention.span.end());
            mentions.push(Named { surface: self.surface(text), label, title, start, gap });
        }
        let ties = self.ties(document);
        let hash = hash.finalize();
        let hash = u64::from_be_bytes(hash[..8].try_into().expect("a digest has 32 bytes"));
        let is_sports = sports::is_report(document);
        self.documents.push(Listing { mentions, ties, is_sports, hash });
    }

    /// How many documents it has.
    pub fn len(&self) -> usize {
        self.documents.len()
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.documents.is_empty()
    }

    fn surface(&mut self, text: &str) -> u32 {
        intern(text, &mut self.surfaces, &mut self.surface_ids)
    }

    fn label(&mut self, label: &Label) -> u32 {
        if let Some(&id) = self.label_ids.get(label) {
            return id;
        }
        let id = u32::try_from(self.labels.len()).expect("fewer than 2^32 labels fit into memory");
        self.labels.push(label.clone());
        self.kinds.push(Kind::of(label));
        self.label_ids.insert(label.clone(), id);
        id
    }

    /// The titles that end right before a name.
    fn title(&mut self, before: &str, name: &str) -> u32 {
        // An office has few words; a mention before it ends the run like any other word that is no title.
        const MOST: usize = 64;
        let from = (before.len().saturating_sub(MOST)..=before.len()).find(|&at| before.is_char_boundary(at));
        let before = &before[from.unwrap_or(before.len())..];
        let is_end = |c: char| matches!(c, ',' | ';' | ':' | '!' | '?' | '(' | ')' | '"' | '“' | '”' | '*' | '\n');
        let run = before.rsplit(is_end).next().unwrap_or("");
        let words: Vec<&str> = run.split_whitespace().rev().take(5).collect();
        if words.is_empty() || !run.ends_with(char::is_whitespace) {
            return 0;
        }
        let mut title = String::new();
        let own = Model::embedded().parse(name).titles().count();
        // The longest run of titles, from the name backwards, that the parser takes for titles only.
        for n in 1..=words.len() {
            let run = words[..n].iter().rev().copied().collect::<Vec<_>>().join(" ");
            let parsed = Model::embedded().parse(&format!("{run} {name}"));
            let titles: Vec<&str> = parsed.titles().collect();
            if titles.len() == own + n {
                title = titles[..n].join(" ");
            }
        }
        if title.is_empty() {
            return 0;
        }
        intern(&title, &mut self.titles, &mut self.title_ids) + 1
    }

    fn ties(&mut self, document: &Document) -> Vec<Tie> {
        let text = &document.text;
        let mut order: Vec<usize> = (0..document.mentions.len()).collect();
        order.sort_by_key(|&nth| (document.mentions[nth].span, nth));
        let mut ties = Vec::new();
        for (at, &nth) in order.iter().enumerate() {
            let span = document.mentions[nth].span;
            let mention = u32::try_from(nth).expect("fewer than 2^32 mentions");
            let next =
                order.get(at + 1).map(|&next| document.mentions[next].span).filter(|next| next.start() >= span.end());
            let next = next.filter(|next| is_bracket(&text[span.end()..next.start()]));
            let second = next.map(|next| &text[next.range()]).or_else(|| bracketed(&text[span.end()..]));
            if let Some(second) = second {
                ties.push(Tie { mention, surface: self.surface(second) });
            }
        }
        ties
    }
}

fn intern(text: &str, texts: &mut Vec<String>, ids: &mut HashMap<String, u32>) -> u32 {
    if let Some(&id) = ids.get(text) {
        return id;
    }
    let id = u32::try_from(texts.len()).expect("fewer than 2^32 surfaces fit into memory");
    texts.push(text.to_owned());
    ids.insert(text.to_owned(), id);
    id
}

/// Whether a bracket opens between two neighbours, or two masked characters stand there that may be one.
fn is_bracket(gap: &str) -> bool {
    matches!(gap, " (" | "(" | " ( " | "**" | "* " | " *" | "  ")
}

/// The short form in brackets right after a name: one word of two to ten letters.
fn bracketed(after: &str) -> Option<&str> {
    let inner = after.trim_start_matches(' ').strip_prefix('(')?.trim_start_matches(['“', '"', ' ']);
    let end = inner.find(|c: char| !c.is_alphanumeric() && !matches!(c, '.' | '-' | '&'))?;
    let close = inner[end..].trim_start_matches(['”', '"', ' ']);
    let short = &inner[..end];
    let n = short.chars().count();
    (close.starts_with([')', ',', ';']) && (2..=10).contains(&n) && short.contains(char::is_uppercase)).then_some(short)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{Mention, Span};

    fn document(text: &str, names: &[(&str, &str)]) -> Document {
        let mut document = Document::new("d", text);
        let mut from = 0;
        for (name, label) in names {
            let start = from + text[from..].find(name).expect("the text has the name");
            from = start + name.len();
            document.mentions.push(Mention::new(Span::new(start, from), Label::new(label)));
        }
        document
    }

    #[test]
    fn titles_before_a_name_are_kept() {
        let mut collection = Collection::new();
        collection.add(&document(
            "Earlier, Foreign Minister Qureshi met Dr. Zarif and said Imran Khan left.",
            &[("Qureshi", "PER"), ("Zarif", "PER"), ("Imran Khan", "PER")],
        ));
        let titles: Vec<&str> = collection.documents[0]
            .mentions
            .iter()
            .map(|named| named.title.checked_sub(1).map_or("", |at| collection.titles[at as usize].as_str()))
            .collect();
        assert_eq!(titles, ["foreign minister", "dr", ""]);
    }

    #[test]
    fn short_forms_in_brackets_are_kept() {
        for (text, want) in [
            (" (ECO), emphasized", Some("ECO")),
            (" (“ECO”) met", Some("ECO")),
            (" (left) met", None),
            (" (ECO Charter)", None),
            (" met (ECO)", None),
        ] {
            assert_eq!(bracketed(text), want, "{text}");
        }
    }
}
