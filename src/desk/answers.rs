//! What is answered, question by question.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::desk::Desk;
use super::edit::Linking;
use super::kept::Kept;
use super::list::Wanted;
use super::op::Op;
use super::order::Order;
use super::place::{Labelled, Place};
use super::problem::{Code, Problem};
use super::room::{Beside, Room};
use super::save::Saved;
use super::side::{SideKind, agreed};
use super::state::{Marked, MentionId};
use super::wire::{ChangeWire, DocumentWire, Offer, Row};
use crate::eval::{Excerpt, WordAgreement};
use crate::io::{Format, UnknownFormat};
use crate::page::Colours;
use crate::text::{Document, Label, Mention, OffsetUnit, Offsets};

/// JSON, with the end of its line.
pub(crate) type Answer = Result<String, Problem>;

/// A query with a side to compare with.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct With {
    with: Option<String>,
}

/// A query with a mention.
#[derive(Deserialize)]
pub(crate) struct Occurring {
    mention: MentionId,
}

/// A step, and the version of the document that it is for.
#[derive(Deserialize)]
pub(crate) struct Step {
    version: u64,
    op: Op<Place>,
}

impl Step {
    pub(crate) fn read(body: &[u8]) -> Result<Self, Problem> {
        read(body, "{\"version\": N, \"op\": {\"do\": …}}")
    }
}

/// What is to be written.
#[derive(Deserialize)]
pub(crate) struct Export {
    format: String,
}

impl Export {
    pub(crate) fn read(body: &[u8]) -> Result<Self, Problem> {
        read(body, "{\"format\": \"jsonl\"}")
    }
}

fn read<T: DeserializeOwned>(body: &[u8], expected: &str) -> Result<T, Problem> {
    serde_json::from_slice(body)
        .map_err(|error| Problem::new(Code::Malformed, format!("expected {expected}, found: {error}")))
}

fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("text, numbers and lists are always JSON") + "\n"
}

fn kept(desk: &Desk, index: usize) -> Result<&Kept, Problem> {
    let n = desk.kept.len();
    desk.kept
        .get(index)
        .ok_or_else(|| Problem::new(Code::NotFound, format!("expected a document below {n}, found {index}")))
}

fn side<'r>(room: &'r impl Room, name: Option<&str>) -> Result<Option<Beside<'r>>, Problem> {
    let Some(name) = name else { return Ok(None) };
    let known = || room.sides().into_iter().map(|(name, _)| name).collect::<Vec<_>>().join(", ");
    let found = room.side(name)?;
    match found {
        Some(side) => Ok(Some(side)),
        None => {
            Err(Problem::new(Code::NotFound, format!("expected a side to compare with ({}), found {name:?}", known())))
        }
    }
}

/// The review as a whole.
pub(crate) fn review(room: &impl Room) -> Answer {
    #[derive(Serialize)]
    struct About<'r> {
        annotator: &'r str,
        folder: String,
        title: &'r str,
        linked: bool,
        labels: Vec<LabelWire>,
        beside: Vec<Named>,
        mode: &'static str,
        order: Order,
        documents: usize,
    }
    #[derive(Serialize)]
    struct LabelWire {
        name: String,
        colour: usize,
        key: Option<String>,
    }
    #[derive(Serialize)]
    struct Named {
        name: String,
        kind: SideKind,
    }
    let mut colours = Colours::default();
    let label = |(nth, label): (usize, Label)| LabelWire {
        colour: colours.of(&label),
        key: (nth < 9).then(|| (nth + 1).to_string()),
        name: label.to_string(),
    };
    let labels = room.labels().into_iter().enumerate().map(label).collect();
    let terms = room.terms();
    Ok(json(&About {
        annotator: terms.annotator.as_str(),
        folder: room.place(),
        title: &terms.title,
        linked: terms.linking == Linking::On,
        labels,
        beside: room.sides().into_iter().map(|(name, kind)| Named { name, kind }).collect(),
        mode: room.mode(),
        order: terms.order,
        documents: room.desk().kept.len(),
    }))
}

/// The list of documents.
pub(crate) fn list(room: &impl Room, wanted: &Wanted) -> Answer {
    #[derive(Serialize)]
    struct List<'d> {
        total: usize,
        documents: Vec<Row<'d>>,
    }
    let side = side(room, wanted.with.as_deref())?;
    let desk = room.desk();
    let rows = room.terms().pool.install(|| wanted.rows(&desk, side.as_deref(), room.terms().order));
    Ok(json(&List { total: desk.kept.len(), documents: rows }))
}

/// A document. It is prepared before others.
pub(crate) fn document(room: &impl Room, index: usize, asked: &With) -> Answer {
    let side = side(room, asked.with.as_deref())?;
    let mut desk = room.desk();
    kept(&desk, index)?;
    desk.want(index);
    let kept = &desk.kept[index];
    let offsets = Offsets::new(&kept.base.text, OffsetUnit::Utf16);
    let wire = room.terms().pool.install(|| DocumentWire::new(index, kept, side.as_deref(), &offsets));
    Ok(json(&wire))
}

/// The other places of a mention's name.
pub(crate) fn occurrences(room: &impl Room, index: usize, asked: &Occurring) -> Answer {
    let Occurring { mention } = asked;
    let desk = room.desk();
    let kept = kept(&desk, index)?;
    let found = kept.state.mentions.get(mention);
    let found = found
        .ok_or_else(|| Problem::new(Code::NotFound, format!("expected a mention of the document, found {mention}")))?;
    let offsets = Offsets::new(&kept.base.text, OffsetUnit::Utf16);
    Ok(json(&Offer::like(kept, found, &offsets)))
}

/// Makes a step in a document, and says what it changed.
pub(crate) fn ops(room: &impl Room, index: usize, asked: &With, step: &Step) -> Answer {
    let Step { version, op } = step;
    let side = side(room, asked.with.as_deref())?;
    let mut desk = room.desk();
    let before = kept(&desk, index)?;
    let offsets = Offsets::new(&before.base.text, OffsetUnit::Utf16);
    let inside = op.places(|place| place.span(&offsets));
    let inside = inside.ok_or_else(|| {
        Problem::new(
            Code::Unfit,
            format!("expected places in the text, which has {} code units, found others", offsets.len()),
        )
    })?;
    let removed = match op {
        Op::Remove { mention } => before.state.mentions.get(mention).cloned(),
        _ => None,
    };
    let change = desk.step(index, *version, &inside)?;
    let kept = &desk.kept[index];
    let offsets = Offsets::new(&kept.base.text, OffsetUnit::Utf16);
    let made = |id: MentionId| kept.state.mentions.get(&id);
    let named: Option<&Marked> = match op {
        Op::Add { .. } => {
            change.mentions.iter().filter_map(|(id, before, _)| before.is_none().then_some(*id)).find_map(made)
        }
        Op::Label { mention, .. } | Op::Bounds { mention, .. } => made(*mention),
        _ => None,
    };
    let offer = match (&removed, named) {
        (Some(removed), _) => Some(Offer::unlike(kept, removed, &offsets)),
        (None, Some(named)) => Some(Offer::like(kept, named, &offsets)),
        (None, None) => None,
    };
    let offer = offer.filter(|offer| !offer.is_empty());
    let wire = room
        .terms()
        .pool
        .install(|| ChangeWire::new(index, kept, &change, desk.steps(), side.as_deref(), offer, &offsets));
    Ok(json(&wire))
}

/// How far the work is.
pub(crate) fn progress(room: &impl Room) -> Answer {
    #[derive(Serialize)]
    struct Progress<'d> {
        documents: usize,
        complete: usize,
        waiting: usize,
        seconds_a_document: Option<f64>,
        seconds_left: Option<f64>,
        steps: u64,
        writing: Option<&'d str>,
    }
    let desk = room.desk();
    let (documents, complete) = (desk.kept.len(), desk.n_complete());
    let pace = desk.pace.of_document(complete);
    Ok(json(&Progress {
        documents,
        complete,
        waiting: desk.n_waiting(),
        seconds_a_document: pace,
        seconds_left: pace.map(|seconds| seconds * (documents - complete) as f64),
        steps: desk.steps(),
        writing: desk.unsaved.as_deref(),
    }))
}

/// All places where a side and the documents differ.
pub(crate) fn disagreements(room: &impl Room, asked: &With) -> Answer {
    #[derive(Serialize)]
    struct Compared<'r> {
        one: &'r str,
        other: &'r str,
        documents: usize,
        f1: Option<f64>,
        #[serde(flatten)]
        all: Words,
        annotated: Words,
        listed: Vec<Listed>,
    }
    #[derive(Serialize)]
    struct Words {
        kappa: Option<f64>,
        alpha: Option<f64>,
        words: u64,
        agreed: u64,
    }
    #[derive(Serialize)]
    struct Listed {
        index: usize,
        id: String,
        disagreements: Vec<InContext>,
    }
    #[derive(Serialize)]
    struct InContext {
        class: &'static str,
        #[serde(flatten)]
        at: Option<Place>,
        #[serde(flatten)]
        excerpt: Excerpt,
        mine: Vec<Labelled<Place>>,
        other: Vec<Labelled<Place>>,
        settled: Option<&'static str>,
    }
    let words = |found: &WordAgreement| Words {
        kappa: found.cohen_kappa,
        alpha: found.krippendorff_alpha,
        words: found.words,
        agreed: found.agreed,
    };
    let name = asked.with.as_deref().ok_or_else(|| Problem::new(Code::Malformed, "expected with=NAME, found none"))?;
    let Some(side) = side(room, Some(name))? else { return Err(Problem::new(Code::NotFound, name)) };
    let desk = room.desk();
    let (mut mine, mut other, mut listed) = (Vec::new(), Vec::new(), Vec::new());
    let bare = |document: &Document, mentions: Vec<Mention>| Document {
        mentions,
        layout: document.layout.clone(),
        ..Document::new(&document.id, &document.text)
    };
    room.terms().pool.install(|| {
        for (index, kept) in desk.kept.iter().enumerate() {
            let Some(Some(others)) = side.mentions.get(index) else { continue };
            if side.kind == SideKind::Annotator && kept.version == 0 {
                continue;
            }
            mine.push(bare(&kept.base, kept.state.sorted().into_iter().map(|(_, it)| it.mention.clone()).collect()));
            other.push(bare(&kept.base, others.clone()));
            let offsets = Offsets::new(&kept.base.text, OffsetUnit::Utf16);
            let labelled = |mention: &Mention| {
                let label = mention.label.to_string();
                Place::of(mention.span, &offsets).map(|at| Labelled { at, label })
            };
            let found = side.disagreements(index, &kept.state).into_iter().map(|it| InContext {
                class: it.class,
                at: Place::of(it.span, &offsets),
                excerpt: Excerpt::new(&kept.base.text, it.span),
                mine: it.mine.iter().filter_map(|id| labelled(&kept.state.mentions.get(id)?.mention)).collect(),
                other: it.other.iter().filter_map(|&place| labelled(others.get(place)?)).collect(),
                settled: it.is_settled.then_some("mine"),
            });
            let found: Vec<InContext> = found.collect();
            if !found.is_empty() {
                listed.push(Listed { index, id: kept.base.id.clone(), disagreements: found });
            }
        }
        let documents = mine.len();
        let agreement = agreed(mine, other)?;
        Ok(json(&Compared {
            one: room.terms().annotator.as_str(),
            other: &side.name,
            documents,
            f1: agreement.strict_f1,
            all: words(&agreement.all_words),
            annotated: words(&agreement.annotated_words),
            listed,
        }))
    })
}

/// Writes the documents in a format.
pub(crate) fn export(room: &impl Room, asked: &Export) -> Answer {
    #[derive(Serialize)]
    struct Exported {
        #[serde(flatten)]
        saved: Saved,
        constraints: Constraints,
    }
    #[derive(Serialize)]
    struct Constraints {
        same: usize,
        never: usize,
    }
    let format: Format =
        asked.format.parse().map_err(|error: UnknownFormat| Problem::new(Code::Unfit, error.to_string()))?;
    let (saved, pairs) = room.export(format)?;
    let constraints = Constraints { same: pairs.same.len(), never: pairs.never.len() };
    Ok(json(&Exported { saved, constraints }))
}
