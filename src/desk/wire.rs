//! What the page is told.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::change::Change;
use super::edit::surface;
use super::kept::{Kept, Stage};
use super::occurrences::occurrences;
use super::place::{Labelled, Place};
use super::side::{Disagreement, Side, SideKind};
use super::state::{By, Marked, MentionId, Status};
use crate::page::address;
use crate::text::{Entity, Label, Offsets, Span};

/// A mention.
#[derive(Debug, Serialize)]
pub(crate) struct MentionWire<'k> {
    id: MentionId,
    #[serde(flatten)]
    at: Place,
    label: &'k str,
    score: Option<f64>,
    entity: Option<&'k str>,
    by: By,
    accepted: bool,
}

impl<'k> MentionWire<'k> {
    fn new(id: MentionId, marked: &'k Marked, offsets: &Offsets<'_>) -> Option<Self> {
        let Marked { mention, by, accepted } = marked;
        let score = mention.score.map(rounded);
        let (label, entity) = (mention.label.as_str(), mention.entity.as_deref());
        Some(Self { id, at: Place::of(mention.span, offsets)?, label, score, entity, by: *by, accepted: *accepted })
    }
}

/// Scores as files have them.
pub(crate) fn rounded(score: f32) -> f64 {
    (f64::from(score) * 1e4).round() / 1e4
}

/// An entity.
#[derive(Debug, Serialize)]
pub(crate) struct EntityWire {
    id: String,
    name: String,
    label: String,
    kb: BTreeMap<String, String>,
    links: BTreeMap<String, String>,
    mentions: Vec<MentionId>,
    never: Vec<String>,
}

impl EntityWire {
    fn new(entity: &Entity, mentions: Vec<MentionId>, kept: &Kept) -> Self {
        let Entity { id, name, label, kb, .. } = kept.state.written(entity, &mentions, &kept.base.text);
        let links = kb.iter().filter_map(|(base, id)| Some((base.clone(), address(base, id)?))).collect();
        let pairs = kept.state.decisions.never.iter();
        let other = |(a, b): &(String, String)| match (a == &id, b == &id) {
            (true, _) => Some(b.clone()),
            (_, true) => Some(a.clone()),
            _ => None,
        };
        let never = pairs.filter_map(other).collect();
        Self { name, label: label.to_string(), links, kb, mentions, never, id }
    }
}

/// The other side of a document, and where it disagrees.
#[derive(Debug, Serialize)]
pub(crate) struct BesideWire<'s> {
    name: &'s str,
    kind: SideKind,
    mentions: Vec<Labelled<Place>>,
    disagreements: Vec<DisagreementWire>,
}

/// Where the sides disagree.
#[derive(Debug, Serialize)]
pub(crate) struct DisagreementWire {
    class: &'static str,
    mine: Vec<MentionId>,
    other: Vec<usize>,
    #[serde(flatten)]
    at: Place,
    settled: Option<&'static str>,
}

impl DisagreementWire {
    pub(crate) fn all(found: Vec<Disagreement>, offsets: &Offsets<'_>) -> Vec<Self> {
        let one = |it: Disagreement| {
            let Disagreement { class, mine, other, span, is_settled } = it;
            Some(Self { class, mine, other, at: Place::of(span, offsets)?, settled: is_settled.then_some("mine") })
        };
        found.into_iter().filter_map(one).collect()
    }
}

/// A document.
#[derive(Debug, Serialize)]
pub(crate) struct DocumentWire<'k> {
    index: usize,
    id: &'k str,
    version: u64,
    status: Status,
    #[serde(flatten)]
    state: StateWire<'k>,
    text: &'k str,
    offsets: &'static str,
    mentions: Vec<MentionWire<'k>>,
    entities: Vec<EntityWire>,
    can_undo: bool,
    can_redo: bool,
    beside: Option<BesideWire<'k>>,
}

/// How far a document is.
#[derive(Debug, Serialize)]
pub(crate) struct StateWire<'k> {
    state: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<&'k str>,
}

impl<'k> StateWire<'k> {
    fn of(kept: &'k Kept) -> Self {
        let (state, error) = match &kept.stage {
            Stage::Waiting => ("waiting", None),
            Stage::Ready => ("ready", None),
            Stage::Failed(why) => ("failed", Some(why.as_str())),
        };
        Self { state, error }
    }
}

impl<'k> DocumentWire<'k> {
    pub(crate) fn new(index: usize, kept: &'k Kept, side: Option<&'k Side>, offsets: &Offsets<'_>) -> Self {
        let is_there = kept.stage != Stage::Waiting;
        let sorted = if is_there { kept.state.sorted() } else { Vec::new() };
        let groups = if is_there { kept.state.grouped() } else { Vec::new() };
        let beside = side.filter(|_| is_there).map(|side| {
            let others = side.mentions.get(index).and_then(Option::as_deref).unwrap_or_default();
            let labelled = |mention: &crate::text::Mention| {
                Some(Labelled { at: Place::of(mention.span, offsets)?, label: mention.label.to_string() })
            };
            BesideWire {
                name: &side.name,
                kind: side.kind,
                mentions: others.iter().filter_map(labelled).collect(),
                disagreements: DisagreementWire::all(side.disagreements(index, &kept.state), offsets),
            }
        });
        Self {
            index,
            id: &kept.base.id,
            version: kept.version,
            status: kept.state.decisions.status,
            state: StateWire::of(kept),
            text: &kept.base.text,
            offsets: offsets.unit().as_str(),
            mentions: sorted.into_iter().filter_map(|(id, marked)| MentionWire::new(id, marked, offsets)).collect(),
            entities: groups.into_iter().map(|(entity, ids)| EntityWire::new(entity, ids, kept)).collect(),
            can_undo: kept.can_undo(),
            can_redo: kept.can_redo(),
            beside,
        }
    }
}

/// What changed of a list.
#[derive(Debug, Serialize)]
pub(crate) struct Changed<T, I> {
    set: Vec<T>,
    removed: Vec<I>,
}

/// What a step changed.
#[derive(Debug, Serialize)]
pub(crate) struct ChangeWire<'k> {
    version: u64,
    step: u64,
    status: Status,
    can_undo: bool,
    can_redo: bool,
    mentions: Changed<MentionWire<'k>, MentionId>,
    entities: Changed<EntityWire, &'k str>,
    offer: Option<Offer>,
    at: Option<MentionId>,
    row: Row<'k>,
    disagreements: Option<Vec<DisagreementWire>>,
}

impl<'k> ChangeWire<'k> {
    pub(crate) fn new(
        index: usize,
        kept: &'k Kept,
        change: &'k Change,
        step: u64,
        side: Option<&Side>,
        offer: Option<Offer>,
        offsets: &Offsets<'_>,
    ) -> Self {
        let ids: BTreeSet<MentionId> = change.mentions.iter().map(|(id, ..)| *id).collect();
        let (mut set, mut removed) = (Vec::new(), Vec::new());
        for &id in &ids {
            match kept.state.mentions.get(&id) {
                Some(marked) => set.extend(MentionWire::new(id, marked, offsets)),
                None => removed.push(id),
            }
        }
        // An entity has changed where one of its mentions has.
        let moved = change.mentions.iter().flat_map(|(_, before, after)| [before, after]);
        let moved = moved.flatten().filter_map(|marked| marked.mention.entity.as_deref());
        let own = change.entities.iter().map(|(id, ..)| id.as_str());
        let never = change.decisions.iter().flat_map(|(before, after)| before.never.symmetric_difference(&after.never));
        let never = never.flat_map(|(a, b)| [a.as_str(), b.as_str()]);
        let touched: BTreeSet<&str> = moved.chain(own).chain(never).collect();
        let mut entities = Changed { set: Vec::new(), removed: Vec::new() };
        for id in touched {
            match kept.state.entities.get(id) {
                Some(entity) => {
                    let mut members: Vec<(Span, MentionId)> =
                        kept.state.members(id).map(|(id, marked)| (marked.mention.span, id)).collect();
                    members.sort_unstable();
                    let members = members.into_iter().map(|(_, id)| id).collect();
                    entities.set.push(EntityWire::new(entity, members, kept));
                }
                None => entities.removed.push(id),
            }
        }
        let at = set.iter().min_by_key(|mention| mention.at.start).map(|mention| mention.id);
        let found = side.map(|side| side.disagreements(index, &kept.state));
        let row = Row::new(index, kept, found.as_deref(), None);
        Self {
            version: kept.version,
            step,
            status: kept.state.decisions.status,
            can_undo: kept.can_undo(),
            can_redo: kept.can_redo(),
            mentions: Changed { set, removed },
            entities,
            offer,
            at,
            row,
            disagreements: found.map(|found| DisagreementWire::all(found, offsets)),
        }
    }
}

/// The other places of a name, and what they could get.
#[derive(Debug, Serialize)]
pub(crate) struct Offer {
    text: String,
    label: String,
    add: Vec<Place>,
    relabel: Vec<MentionId>,
    remove: Vec<MentionId>,
}

impl Offer {
    /// The places where a mention could be as well.
    pub(crate) fn like(kept: &Kept, marked: &Marked, offsets: &Offsets<'_>) -> Self {
        Self::new(kept, marked, offsets, false)
    }

    /// The places where a mention, which was removed, still is.
    pub(crate) fn unlike(kept: &Kept, marked: &Marked, offsets: &Offsets<'_>) -> Self {
        Self::new(kept, marked, offsets, true)
    }

    fn new(kept: &Kept, marked: &Marked, offsets: &Offsets<'_>, is_removed: bool) -> Self {
        let (text, span, label) = (kept.base.text.as_str(), marked.mention.span, &marked.mention.label);
        let name = surface(text, span);
        let mut offer = Self {
            text: name.clone(),
            label: label.to_string(),
            add: Vec::new(),
            relabel: Vec::new(),
            remove: Vec::new(),
        };
        let sorted = kept.state.sorted();
        let mut first = 0;
        for place in occurrences(text, &name).filter(|place| !place.overlaps(span)) {
            while sorted.get(first).is_some_and(|(_, it)| it.mention.span.end() <= place.start()) {
                first += 1;
            }
            let near = sorted[first..].iter().take_while(|(_, it)| it.mention.span.start() < place.end());
            let near: Vec<_> = near.filter(|(_, it)| it.mention.span.overlaps(place)).collect();
            let exact = near.iter().filter(|(_, it)| it.mention.span == place);
            let exact: Vec<(MentionId, &Label)> = exact.map(|(id, it)| (*id, &it.mention.label)).collect();
            match is_removed {
                true => offer.remove.extend(exact.iter().filter(|(_, found)| *found == label).map(|(id, _)| *id)),
                false if near.is_empty() => offer.add.extend(Place::of(place, offsets)),
                false if exact.iter().all(|(_, found)| *found != label) => {
                    offer.relabel.extend(exact.first().map(|(id, _)| *id));
                }
                false => {}
            }
        }
        offer
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.add.is_empty() && self.relabel.is_empty() && self.remove.is_empty()
    }
}

/// A row of the list.
#[derive(Debug, Serialize)]
pub(crate) struct Row<'k> {
    pub(crate) index: usize,
    id: &'k str,
    status: Status,
    #[serde(flatten)]
    state: StateWire<'k>,
    mentions: usize,
    pub(crate) least: Option<f64>,
    unsure: usize,
    disagreements: Option<usize>,
    labels: BTreeSet<&'k str>,
}

/// Below it, a mention is unsure.
const UNSURE: f32 = 0.9;

impl<'k> Row<'k> {
    pub(crate) fn new(index: usize, kept: &'k Kept, found: Option<&[Disagreement]>, below: Option<f32>) -> Self {
        let mentions = &kept.state.mentions;
        let doubts = || mentions.values().filter_map(Marked::doubt);
        Self {
            index,
            id: &kept.base.id,
            status: kept.state.decisions.status,
            state: StateWire::of(kept),
            mentions: mentions.len(),
            least: doubts().min_by(f32::total_cmp).map(rounded),
            unsure: doubts().filter(|score| *score < below.unwrap_or(UNSURE)).count(),
            disagreements: found.map(|found| found.iter().filter(|it| !it.is_settled).count()),
            labels: mentions.values().map(|marked| marked.mention.label.as_str()).collect(),
        }
    }
}
