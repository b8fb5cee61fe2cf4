//! The tools whose JSON is read and written.

use crate::io::Format;

/// A tool with a JSON form of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::io) enum Shape {
    /// `{"text": …, "entities": [[start, end, label]]}`, also `[text, {"entities": …}]` and the `ents` and `spans` of `Doc.to_json`.
    Spacy,
    /// `{"text": …, "label": [[start, end, label]]}`, also `entities` with `start_offset` and `end_offset`.
    Doccano,
    /// `{"text": …, "spans": [{"start", "end", "label"}], "answer": "accept"}`.
    Prodigy,
    /// `{"data": {"text": …}, "annotations": [{"result": […]}]}`, also JSON_MIN.
    LabelStudio,
    /// `{"text": …, "entities": [{"entity_group", "score", "word", "start", "end"}]}`: the text and what a pipeline returned for it.
    HuggingFace,
}

/// The fields that hold annotations in one of the shapes, the likeliest first.
const ALL: [&str; 9] =
    ["entities", "ents", "spans", "label", "labels", "annotations", "completions", "predictions", "ner"];

impl Shape {
    /// The shape that a format stands for.
    pub(in crate::io) fn of(format: Format) -> Option<Self> {
        Some(match format {
            Format::Spacy => Self::Spacy,
            Format::Doccano => Self::Doccano,
            Format::Prodigy => Self::Prodigy,
            Format::LabelStudio => Self::LabelStudio,
            Format::HuggingFace => Self::HuggingFace,
            _ => return None,
        })
    }

    /// The fields that may hold its mentions, the likeliest first; of all shapes if there is none.
    pub(super) fn fields(shape: Option<Self>) -> &'static [&'static str] {
        match shape {
            None => &ALL,
            Some(Self::Spacy) => &["entities", "ents", "spans"],
            Some(Self::Doccano) => &["label", "labels", "entities", "annotations"],
            Some(Self::Prodigy) => &["spans"],
            Some(Self::LabelStudio) => &["annotations", "completions", "predictions", "label", "labels", "ner"],
            Some(Self::HuggingFace) => &["entities", "ner", "predictions"],
        }
    }

    /// Whether a field of any name may hold mentions: JSON_MIN calls it as the labelling interface does.
    pub(super) fn any_field(shape: Option<Self>) -> bool {
        shape.is_none_or(|shape| shape == Self::LabelStudio)
    }

    /// The field that its mentions are written to.
    pub(super) fn field(self) -> &'static str {
        match self {
            Self::Spacy | Self::HuggingFace => "entities",
            Self::Doccano => "label",
            Self::Prodigy => "spans",
            Self::LabelStudio => "annotations",
        }
    }
}
