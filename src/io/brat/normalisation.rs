//! Normalisations tie mentions to knowledge bases: `N1\tReference T1 wikidata:Q585\tOslo`.

use std::collections::{BTreeMap, HashMap};

use crate::text::{Alias, Document, Entity};

/// A normalisation: a mention is the thing that has this id in a knowledge base.
pub(super) struct Normalisation<'l> {
    /// The id of the mention in the annotation file.
    mention: &'l str,
    base: &'l str,
    id: &'l str,
    name: &'l str,
}

impl<'l> Normalisation<'l> {
    /// Reads a line; `None` where it is anything else.
    pub(super) fn parse(line: &'l str) -> Option<Self> {
        let mut columns = line.strip_prefix('N')?.splitn(3, '\t').skip(1);
        let mut words = columns.next()?.split(' ').filter(|word| !word.is_empty());
        let ("Reference", mention, reference, None) = (words.next()?, words.next()?, words.next()?, words.next())
        else {
            return None;
        };
        let (base, id) = reference.split_once(':').filter(|(base, id)| !base.is_empty() && !id.is_empty())?;
        Some(Self { mention, base, id, name: columns.next().unwrap_or_default() })
    }
}

/// Gives the mentions, whose ids in the annotation file are `ids`, the entities of their normalisations: `e1`, `e2` … in the order of the
/// mentions. Mentions that share an id of a knowledge base are one entity.
pub(super) fn set_entities(document: &mut Document, ids: &[String], normalisations: &[Normalisation<'_>]) {
    let mut by_mention: HashMap<&str, Vec<&Normalisation<'_>>> = HashMap::new();
    for normalisation in normalisations {
        by_mention.entry(normalisation.mention).or_default().push(normalisation);
    }
    let mut all: Vec<Normalised<'_>> = Vec::new();
    let mut by_reference: HashMap<(&str, &str), usize> = HashMap::new();
    for (mention, id) in document.mentions.iter_mut().zip(ids) {
        let Some(references) = by_mention.get(id.as_str()) else { continue };
        let surface = mention.span.slice(&document.text).unwrap_or_default();
        let known = references.iter().find_map(|reference| by_reference.get(&(reference.base, reference.id)).copied());
        let index = known.unwrap_or_else(|| {
            let entity = Entity::new(format!("e{}", all.len() + 1), surface, mention.label.clone());
            all.push(Normalised { entity, name: None, surfaces: BTreeMap::new() });
            all.len() - 1
        });
        let found = &mut all[index];
        for reference in references {
            by_reference.entry((reference.base, reference.id)).or_insert(index);
            // With two ids of one base the first counts; the document keeps both lines.
            found.entity.kb.entry(reference.base.to_owned()).or_insert_with(|| reference.id.to_owned());
        }
        let mut named = references.iter().map(|reference| reference.name).filter(|name| !name.is_empty());
        found.name = found.name.or_else(|| named.next());
        *found.surfaces.entry(surface).or_default() += 1;
        mention.entity = Some(found.entity.id.clone());
    }
    document.entities = all.into_iter().map(Normalised::entity).collect();
}

/// An entity that normalisations name.
struct Normalised<'a> {
    entity: Entity,
    /// The first name that a normalisation gives it.
    name: Option<&'a str>,
    surfaces: BTreeMap<&'a str, usize>,
}

impl Normalised<'_> {
    fn entity(self) -> Entity {
        let name = self.name.map_or(self.entity.name, str::to_owned);
        Entity { name, aliases: Alias::ranked(self.surfaces), ..self.entity }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{Label, Mention, Span};

    #[test]
    fn other_lines_are_not_normalisations() {
        let parsed = |line| Normalisation::parse(line).map(|n| (n.mention, n.base, n.id, n.name));
        for (line, want) in [
            ("N1\tReference T2 Wikidata:Q1\tNordbank", Some(("T2", "Wikidata", "Q1", "Nordbank"))),
            ("N2\tReference T2 geo:a:b", Some(("T2", "geo", "a:b", ""))),
            ("N2\tReference T2 Q1\tNordbank", None),
            ("N2\tReference T2 geo:\tNordbank", None),
            ("N2\tReference T2 geo:1 2\tNordbank", None),
            ("N2\tOther T2 geo:1\tNordbank", None),
            ("#1\tReference T2 geo:1\tNordbank", None),
        ] {
            assert_eq!(parsed(line), want, "{line}");
        }
    }

    #[test]
    fn mentions_with_a_common_id_are_one_entity() {
        let mut document = Document::new("d", "OSLO: Oslo, Oslo and Bonn");
        for (start, end) in [(0, 4), (6, 10), (12, 16), (21, 25)] {
            document.mentions.push(Mention::new(Span::new(start, end), Label::new("LOC")));
        }
        let ids = ["T1", "T2", "T3", "T4"].map(str::to_owned);
        let lines = [
            "N1\tReference T2 w:1\tOslo",
            "N2\tReference T2 g:7\tOslo",
            "N3\tReference T1 g:7\t",
            "N4\tReference T4 w:2\t",
            "N5\tReference T4 w:3\t",
            "N6\tReference T9 w:4\t",
        ];
        let normalisations: Vec<_> = lines.iter().filter_map(|line| Normalisation::parse(line)).collect();
        set_entities(&mut document, &ids, &normalisations);
        let of_mentions: Vec<_> = document.mentions.iter().map(|mention| mention.entity.as_deref()).collect();
        assert_eq!(of_mentions, [Some("e1"), Some("e1"), None, Some("e2")]);
        let got: Vec<_> =
            document.entities.iter().map(|e| (e.name.as_str(), e.mentions(), format!("{:?}", e.kb))).collect();
        assert_eq!(got, [("Oslo", 2, r#"{"g": "7", "w": "1"}"#.to_owned()), ("Bonn", 1, r#"{"w": "2"}"#.to_owned())]);
    }
}
