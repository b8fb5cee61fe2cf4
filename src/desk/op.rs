//! What a reviewer does to a document.

use serde::{Deserialize, Serialize};

use super::place::Labelled;
use super::state::{MentionId, Status};

/// What to do about mentions that a new one overlaps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Over {
    /// The new one takes their place.
    Replace,
    /// They stay.
    Keep,
}

/// Which of two sides is right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Take {
    Mine,
    Other,
}

/// One step: of places of type `P`, which are spans inside and numbers outside.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
pub(crate) enum Op<P> {
    /// A new mention.
    Add {
        #[serde(flatten)]
        at: P,
        label: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        over: Option<Over>,
    },
    /// A mention goes.
    Remove { mention: MentionId },
    /// A mention covers another stretch.
    Bounds {
        mention: MentionId,
        #[serde(flatten)]
        at: P,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        over: Option<Over>,
    },
    /// A mention gets another label.
    Label { mention: MentionId, label: String },
    /// A mention is right as it is.
    Accept { mention: MentionId },
    /// All mentions are right as they are.
    AcceptAll,
    /// Other occurrences of a name get what one got.
    Occurrences {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        label: Option<String>,
        #[serde(default = "Vec::new", skip_serializing_if = "Vec::is_empty")]
        add: Vec<P>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        relabel: Vec<MentionId>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        remove: Vec<MentionId>,
    },
    /// Two entities are one.
    EntityMerge { into: String, from: String },
    /// Some mentions of an entity are another one's.
    EntitySplit { entity: String, mentions: Vec<MentionId> },
    /// A mention is of another entity.
    EntityMove { mention: MentionId, entity: String },
    /// An entity gets a name.
    EntityName { entity: String, name: String },
    /// An entity gets an id in a knowledge base, or loses it.
    EntityKb { entity: String, base: String, id: Option<String> },
    /// Two entities are never one; or that is taken back.
    EntityNever { a: String, b: String, never: bool },
    /// A disagreement with another side is settled.
    Settle { mine: Vec<MentionId>, other: Vec<Labelled<P>>, take: Take },
    /// The document is complete, or is open again.
    Status { status: Status },
    /// The last step that holds is taken back.
    Undo,
    /// The last step that was taken back holds again.
    Redo,
}

impl<P> Op<P> {
    /// The same with its places in another form; `None` where one of them has none.
    pub(crate) fn places<Q>(&self, form: impl Fn(&P) -> Option<Q>) -> Option<Op<Q>> {
        Some(match self {
            Self::Add { at, label, over } => Op::Add { at: form(at)?, label: label.clone(), over: *over },
            Self::Remove { mention } => Op::Remove { mention: *mention },
            Self::Bounds { mention, at, over } => Op::Bounds { mention: *mention, at: form(at)?, over: *over },
            Self::Label { mention, label } => Op::Label { mention: *mention, label: label.clone() },
            Self::Accept { mention } => Op::Accept { mention: *mention },
            Self::AcceptAll => Op::AcceptAll,
            Self::Occurrences { label, add, relabel, remove } => Op::Occurrences {
                label: label.clone(),
                add: add.iter().map(form).collect::<Option<_>>()?,
                relabel: relabel.clone(),
                remove: remove.clone(),
            },
            Self::EntityMerge { into, from } => Op::EntityMerge { into: into.clone(), from: from.clone() },
            Self::EntitySplit { entity, mentions } => {
                Op::EntitySplit { entity: entity.clone(), mentions: mentions.clone() }
            }
            Self::EntityMove { mention, entity } => Op::EntityMove { mention: *mention, entity: entity.clone() },
            Self::EntityName { entity, name } => Op::EntityName { entity: entity.clone(), name: name.clone() },
            Self::EntityKb { entity, base, id } => {
                Op::EntityKb { entity: entity.clone(), base: base.clone(), id: id.clone() }
            }
            Self::EntityNever { a, b, never } => Op::EntityNever { a: a.clone(), b: b.clone(), never: *never },
            Self::Settle { mine, other, take } => {
                let other = other.iter().map(|it| Some(Labelled { at: form(&it.at)?, label: it.label.clone() }));
                Op::Settle { mine: mine.clone(), other: other.collect::<Option<_>>()?, take: *take }
            }
            Self::Status { status } => Op::Status { status: *status },
            Self::Undo => Op::Undo,
            Self::Redo => Op::Redo,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::desk::place::Place;
    use crate::text::{OffsetUnit, Offsets, Span};

    #[test]
    fn places_are_those_of_the_text_in_any_unit() {
        let text = "😀 Iran and Iraq";
        let [utf16, chars] = [OffsetUnit::Utf16, OffsetUnit::Char].map(|unit| Offsets::new(text, unit));
        for (sent, kept) in [
            (
                r#"{"do":"add","start":3,"end":7,"label":"LOC","over":"keep"}"#,
                r#"{"do":"add","start":2,"end":6,"label":"LOC","over":"keep"}"#,
            ),
            (
                r#"{"do":"occurrences","label":"LOC","add":[{"start":12,"end":16}]}"#,
                r#"{"do":"occurrences","label":"LOC","add":[{"start":11,"end":15}]}"#,
            ),
            (
                r#"{"do":"settle","mine":[1],"other":[{"start":3,"end":7,"label":"LOC"}],"take":"other"}"#,
                r#"{"do":"settle","mine":[1],"other":[{"start":2,"end":6,"label":"LOC"}],"take":"other"}"#,
            ),
            (r#"{"do":"undo"}"#, r#"{"do":"undo"}"#),
            (
                r#"{"do":"entity_kb","entity":"e1","base":"wikidata","id":null}"#,
                r#"{"do":"entity_kb","entity":"e1","base":"wikidata","id":null}"#,
            ),
        ] {
            let op: Op<Place> = serde_json::from_str(sent).expect(sent);
            let inside: Op<Span> = op.places(|place| place.span(&utf16)).expect(sent);
            let again = inside.places(|span| Place::of(*span, &chars)).expect(sent);
            assert_eq!(serde_json::to_string(&again).expect(sent), kept);
            assert_eq!(serde_json::from_str::<Op<Place>>(kept).expect(kept), again);
        }
        let half: Op<Place> = serde_json::from_str(r#"{"do":"add","start":1,"end":7,"label":"LOC"}"#).expect("an op");
        assert!(half.places(|place| place.span(&utf16)).is_none(), "it begins inside a character");
    }
}
