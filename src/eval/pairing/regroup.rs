//! The same words, cut into other documents.

use std::collections::HashMap;

use super::input::{Input, View};
use super::partners::unpaired;
use crate::text::{Document, Mention, Span};

/// The system's documents as the gold cuts them, if both have the same characters in the same order, blanks aside.
///
/// Documents that are paired by their ids stay as they are. A mention that lies in two documents of the gold cannot be right: it reaches
/// beyond the text of the first one.
pub(super) fn regroup(gold: View<'_>, system: Input) -> Input {
    let (alone, rest) = unpaired(gold, system.view());
    if alone.len() == rest.len() || alone.is_empty() || rest.is_empty() {
        return system;
    }
    let ours = || solid(alone.iter().map(|&index| &gold.documents[index]));
    if !ours().map(|place| place.c).eq(solid(rest.iter().map(|&index| &system.documents[index])).map(|place| place.c)) {
        return system;
    }
    let mut regrouped: Vec<Document> =
        alone.iter().map(|&index| Document::new(&gold.documents[index].id, &gold.documents[index].text)).collect();
    let mut places = ours();
    for (nth, &index) in rest.iter().enumerate() {
        let document = &system.documents[index];
        let here: HashMap<usize, Place> =
            solid(std::iter::once(document)).map(|own| own.byte).zip(&mut places).collect();
        let inner = |mention: &Mention| {
            let surface = mention.span.slice(&document.text)?;
            let first = surface.char_indices().find(|(_, c)| !c.is_whitespace())?.0 + mention.span.start();
            let last = surface.char_indices().rfind(|(_, c)| !c.is_whitespace())?.0 + mention.span.start();
            Some((*here.get(&first)?, *here.get(&last)?))
        };
        for mention in &document.mentions {
            let Some((first, last)) = inner(mention) else { continue };
            let target = &mut regrouped[first.document];
            let end =
                if last.document == first.document { last.byte + last.c.len_utf8() } else { target.text.len() + 1 };
            let entity = mention.entity.as_ref().map(|entity| format!("{nth}:{entity}"));
            target.mentions.push(Mention { span: Span::new(first.byte, end), entity, ..mention.clone() });
            for entity in document.entities.iter().filter(|entity| Some(&entity.id) == mention.entity.as_ref()) {
                let id = format!("{nth}:{}", entity.id);
                if target.entities.iter().all(|other| other.id != id) {
                    target.entities.push(crate::text::Entity { id, ..entity.clone() });
                }
            }
        }
    }
    let mut kept: Vec<bool> = vec![true; system.documents.len()];
    rest.iter().for_each(|&index| kept[index] = false);
    let mut documents: Vec<Document> =
        system.documents.into_iter().zip(kept).filter_map(|(document, is_kept)| is_kept.then_some(document)).collect();
    documents.extend(regrouped);
    Input { documents, ..system }
}

/// A character that is not blank.
#[derive(Clone, Copy)]
struct Place {
    document: usize,
    byte: usize,
    c: char,
}

fn solid<'d>(documents: impl Iterator<Item = &'d Document>) -> impl Iterator<Item = Place> {
    documents.enumerate().flat_map(|(document, content)| {
        let chars = content.text.char_indices().filter(|(_, c)| !c.is_whitespace());
        chars.map(move |(byte, c)| Place { document, byte, c })
    })
}
