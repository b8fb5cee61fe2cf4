//! Writes documents as other tools have them.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::{Value, json};

use super::shape::Shape;
use crate::io::Notice;
use crate::io::score::rounded;
use crate::io::sink::{DocumentWriter, Sink, WriteError};
use crate::io::surface::marked;
use crate::text::{Document, Mention, OffsetUnit, Offsets};

/// Writes one document on each line; for Label Studio a list of tasks. Offsets count code points, as in these tools.
pub(in crate::io) struct ShapeWriter<'w> {
    sink: Sink<'w>,
    shape: Shape,
    is_first: bool,
    /// What the shape cannot express: how often, and the first document.
    lost: BTreeMap<&'static str, (u64, String)>,
}

impl<'w> ShapeWriter<'w> {
    pub(in crate::io) fn new(mut sink: Sink<'w>, shape: Shape) -> io::Result<Self> {
        if shape == Shape::LabelStudio {
            sink.write_all(b"[")?;
        }
        Ok(Self { sink, shape, is_first: true, lost: BTreeMap::new() })
    }

    fn count(&mut self, what: &'static str, n: usize, document: &Document) {
        if n > 0 {
            self.lost.entry(what).or_insert_with(|| (0, document.id.clone())).0 += n as u64;
        }
    }

    fn count_losses(&mut self, document: &Document) {
        self.count("entities were not written", document.entities.len(), document);
        if matches!(self.shape, Shape::Spacy | Shape::Doccano) {
            let scored = document.mentions.iter().filter(|mention| mention.score.is_some()).count();
            self.count("scores were not written", scored, document);
        }
    }
}

impl DocumentWriter for ShapeWriter<'_> {
    fn write(&mut self, document: &Document) -> Result<(), WriteError> {
        let offsets = Offsets::new(&document.text, OffsetUnit::Char);
        let mut placed = Vec::with_capacity(document.mentions.len());
        for mention in &document.mentions {
            let (start, end, surface) = marked(mention.span, &document.text, &offsets)?;
            placed.push(Placed { mention, start, end, surface });
        }
        self.count_losses(document);
        let line = Line { document, mentions: &placed, shape: self.shape };
        if self.shape == Shape::LabelStudio {
            self.sink.write_all(if self.is_first { b"\n" } else { b",\n" })?;
        }
        self.is_first = false;
        serde_json::to_writer(&mut self.sink, &line).map_err(io::Error::from)?;
        if self.shape != Shape::LabelStudio {
            self.sink.write_all(b"\n")?;
        }
        Ok(())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.sink.flush()
    }

    fn finish(mut self: Box<Self>) -> io::Result<Vec<Notice>> {
        if self.shape == Shape::LabelStudio {
            self.sink.write_all(b"\n]\n")?;
        }
        self.sink.finish()?;
        Ok(self.lost.into_iter().map(|(what, (count, first))| Notice::Lossy { what, count, first }).collect())
    }
}

/// A mention with its offsets in code points.
struct Placed<'d> {
    mention: &'d Mention,
    start: usize,
    end: usize,
    surface: &'d str,
}

impl Placed<'_> {
    fn label(&self) -> &str {
        self.mention.label.as_str()
    }

    fn triple(&self) -> Value {
        json!([self.start, self.end, self.label()])
    }
}

/// A document in a shape.
struct Line<'d> {
    document: &'d Document,
    mentions: &'d [Placed<'d>],
    shape: Shape,
}

impl Serialize for Line<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        match self.shape {
            Shape::LabelStudio => {
                map.serialize_entry("data", &Data(self))?;
                let (field, results) = self.results();
                map.serialize_entry(field, &results)?;
            }
            Shape::Spacy => {
                self.head(&mut map)?;
                // spaCy's recogniser refuses entities that overlap; a group of spans may.
                let (apart, overlapping) = self.apart();
                map.serialize_entry("entities", &apart)?;
                if overlapping {
                    let all: Vec<Value> = self.mentions.iter().map(Placed::triple).collect();
                    map.serialize_entry("spans", &json!({ "sc": all }))?;
                }
                self.tail(&mut map, &["entities", "spans"])?;
            }
            Shape::Doccano => {
                self.head(&mut map)?;
                map.serialize_entry("label", &self.mentions.iter().map(Placed::triple).collect::<Vec<_>>())?;
                self.tail(&mut map, &["label"])?;
            }
            Shape::Prodigy | Shape::HuggingFace => {
                self.head(&mut map)?;
                let list: Vec<Value> = self.mentions.iter().map(|placed| self.object(placed)).collect();
                map.serialize_entry(self.shape.field(), &list)?;
                self.tail(&mut map, &[self.shape.field()])?;
            }
        }
        map.end()
    }
}

impl Line<'_> {
    fn head<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
        match self.document.extra.raw_value("id").filter(|number| number.get() == self.document.id) {
            // The id was a number.
            Some(number) => map.serialize_entry("id", number)?,
            None => map.serialize_entry("id", &self.document.id)?,
        }
        map.serialize_entry("text", &self.document.text)
    }

    /// The other fields of the document, without those whose names are taken.
    fn tail<M: SerializeMap>(&self, map: &mut M, taken: &[&str]) -> Result<(), M::Error> {
        for (name, value) in self.document.extra.iter().filter(|(name, _)| !["id", "text"].contains(name)) {
            let mut name = name.to_owned();
            while taken.contains(&name.as_str()) {
                name.insert(0, '_');
            }
            map.serialize_entry(&name, value)?;
        }
        Ok(())
    }

    /// The mentions without those that overlap one before them, and whether there are such.
    fn apart(&self) -> (Vec<Value>, bool) {
        let mut order: Vec<&Placed<'_>> = self.mentions.iter().collect();
        order.sort_by_key(|placed| (placed.start, std::cmp::Reverse(placed.end)));
        let (mut apart, mut end) = (Vec::new(), 0);
        for placed in &order {
            if placed.start >= end {
                apart.push(placed.triple());
                end = placed.end;
            }
        }
        let overlapping = apart.len() < order.len();
        (apart, overlapping)
    }

    fn object(&self, placed: &Placed<'_>) -> Value {
        let (start, end, label) = (placed.start, placed.end, placed.label());
        let mut object = match self.shape {
            Shape::HuggingFace => json!({ "entity_group": label, "word": placed.surface, "start": start, "end": end }),
            _ => json!({ "start": start, "end": end, "label": label, "text": placed.surface }),
        };
        if let Some(score) = placed.mention.score {
            object["score"] = json!(rounded(score));
        }
        if let Some(entity) = &placed.mention.entity {
            object["entity"] = json!(entity);
        }
        object
    }

    /// What a person marked is an annotation, what a tagger found a prediction.
    fn results(&self) -> (&'static str, Value) {
        let result = |(index, placed): (usize, &Placed<'_>)| {
            let value = json!({
                "start": placed.start, "end": placed.end, "text": placed.surface, "labels": [placed.label()],
            });
            let mut result = json!({
                "id": format!("m{}", index + 1), "from_name": "label", "to_name": "text", "type": "labels", "value": value,
            });
            if let Some(score) = placed.mention.score {
                result["score"] = json!(rounded(score));
            }
            result
        };
        let list: Vec<Value> = self.mentions.iter().enumerate().map(result).collect();
        let is_scored = self.mentions.iter().any(|placed| placed.mention.score.is_some());
        match is_scored {
            true => ("predictions", json!([{ "model_version": "allonym", "result": list }])),
            false => ("annotations", json!([{ "result": list }])),
        }
    }
}

/// The data of a Label Studio task.
struct Data<'l>(&'l Line<'l>);

impl Serialize for Data<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        self.0.head(&mut map)?;
        self.0.tail(&mut map, &[])?;
        map.end()
    }
}
