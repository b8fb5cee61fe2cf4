//! Makes steps.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::change::Change;
use super::op::{Op, Over, Take};
use super::place::Labelled;
use super::refusal::Refusal;
use super::state::{By, Decisions, Marked, MentionId, Settled, State};
use crate::text::{Entity, Label, Span};

/// What a step has to fit.
pub(crate) struct Rules<'r> {
    pub(crate) text: &'r str,
    pub(crate) labels: &'r [Label],
    pub(crate) linking: Linking,
}

/// Whether mentions have entities.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Linking {
    /// Each mention is of an entity.
    On,
    /// A new mention is of none.
    Off,
}

/// Makes a step, other than undoing and redoing, and says what it changed.
pub(crate) fn make(state: &mut State, op: &Op<Span>, rules: &Rules<'_>) -> Result<Change, Refusal> {
    let next = state.next();
    let mut edit = Edit { state, rules, change: Change::default() };
    match edit.op(op) {
        Ok(()) => Ok(edit.change),
        Err(refusal) => {
            let Edit { state, change, .. } = edit;
            change.forget(state, next);
            Err(refusal)
        }
    }
}

struct Edit<'s> {
    state: &'s mut State,
    rules: &'s Rules<'s>,
    change: Change,
}

impl Edit<'_> {
    fn op(&mut self, op: &Op<Span>) -> Result<(), Refusal> {
        match op {
            Op::Add { at, label, over } => self.add(*at, label, *over).map(drop),
            Op::Remove { mention } => self.remove(*mention),
            Op::Bounds { mention, at, over } => self.bounds(*mention, *at, *over),
            Op::Label { mention, label } => self.label(*mention, label),
            Op::Accept { mention } => self.accept(*mention),
            Op::AcceptAll => {
                let all: Vec<MentionId> = self.state.mentions.keys().copied().collect();
                all.into_iter().try_for_each(|mention| self.accept(mention))
            }
            Op::Occurrences { label, add, relabel, remove } => {
                remove.iter().try_for_each(|mention| self.remove(*mention))?;
                if add.is_empty() && relabel.is_empty() {
                    return Ok(());
                }
                let label = label.as_deref().ok_or_else(|| Refusal::unfit("expected a label, found none"))?;
                relabel.iter().try_for_each(|mention| self.label(*mention, label))?;
                add.iter().try_for_each(|span| self.add(*span, label, None).map(drop))
            }
            Op::EntityMerge { into, from } => self.merge(into, from),
            Op::EntitySplit { entity, mentions } => self.split(entity, mentions),
            Op::EntityMove { mention, entity } => self.move_to(*mention, entity),
            Op::EntityName { entity, name } => {
                let name = filled("a name", name)?;
                let found = self.entity(entity)?;
                self.set_entity(Entity { name, ..found });
                Ok(())
            }
            Op::EntityKb { entity, base, id } => {
                let mut found = self.entity(entity)?;
                let base = filled("the name of a knowledge base", base)?;
                match id {
                    Some(id) => found.kb.insert(base, filled("an id", id)?),
                    None => found.kb.remove(&base),
                };
                self.set_entity(found);
                Ok(())
            }
            Op::EntityNever { a, b, never } => self.never(a, b, *never),
            Op::Settle { mine, other, take } => self.settle(mine, other, *take),
            Op::Status { status } => {
                self.decide(|decisions| decisions.status = *status);
                Ok(())
            }
            Op::Undo | Op::Redo => unreachable!("the history has them"),
        }
    }

    // Mentions.

    fn add(&mut self, span: Span, label: &str, over: Option<Over>) -> Result<MentionId, Refusal> {
        self.check(span)?;
        let label = self.known(label)?;
        self.make_room(span, &label, None, over)?;
        let entity = (self.rules.linking == Linking::On).then(|| self.entity_for(span, &label));
        let id = self.state.new_mention();
        self.set_mention(id, Some(Marked::own(span, label, entity)));
        Ok(id)
    }

    fn remove(&mut self, id: MentionId) -> Result<(), Refusal> {
        let marked = self.mention(id)?;
        self.set_mention(id, None);
        self.left(marked.mention.entity.as_deref());
        Ok(())
    }

    fn bounds(&mut self, id: MentionId, span: Span, over: Option<Over>) -> Result<(), Refusal> {
        let marked = self.mention(id)?;
        self.check(span)?;
        self.make_room(span, &marked.mention.label, Some(id), over)?;
        let was = surface(self.rules.text, marked.mention.span);
        let mut changed = own(marked);
        changed.mention.span = span;
        // An entity that has its name from this mention alone is named by it again.
        if let Some(entity) = changed.mention.entity.as_ref().and_then(|id| self.state.entities.get(id)).cloned()
            && entity.name == was
            && self.state.members(&entity.id).count() == 1
        {
            self.set_entity(Entity { name: surface(self.rules.text, span), ..entity });
        }
        self.set_mention(id, Some(changed));
        Ok(())
    }

    fn label(&mut self, id: MentionId, label: &str) -> Result<(), Refusal> {
        let marked = self.mention(id)?;
        let label = self.known(label)?;
        if marked.mention.label == label {
            return self.accept(id);
        }
        let twin = Labelled { at: marked.mention.span, label: label.to_string() };
        if self.state.mentions.values().any(|it| it.key() == twin) {
            return Err(Refusal::unfit(format!("expected a label that no mention has there, found {label:?}")));
        }
        let mut changed = own(marked);
        changed.mention.label = label;
        self.set_mention(id, Some(changed));
        Ok(())
    }

    fn accept(&mut self, id: MentionId) -> Result<(), Refusal> {
        let marked = self.mention(id)?;
        if !marked.accepted {
            self.set_mention(id, Some(Marked { accepted: true, ..marked }));
        }
        Ok(())
    }

    fn check(&self, span: Span) -> Result<(), Refusal> {
        let covered = span.slice(self.rules.text).unwrap_or_default();
        if covered.is_empty() || covered.trim() != covered {
            return Err(Refusal::unfit(format!(
                "expected a stretch of text without blanks at its ends, found {covered:?}"
            )));
        }
        Ok(())
    }

    fn known(&self, label: &str) -> Result<Label, Refusal> {
        let found = self.rules.labels.iter().find(|known| known.as_str() == label).cloned();
        found.ok_or_else(|| {
            let known: Vec<&str> = self.rules.labels.iter().map(Label::as_str).collect();
            Refusal::unfit(format!("expected one of the labels {}, found {label:?}", known.join(", ")))
        })
    }

    /// Makes room for a mention, as far as that is allowed.
    fn make_room(
        &mut self,
        span: Span,
        label: &Label,
        but: Option<MentionId>,
        over: Option<Over>,
    ) -> Result<(), Refusal> {
        let others = self.state.mentions.iter().filter(|(id, _)| Some(**id) != but);
        let near: Vec<(MentionId, &Marked)> =
            others.filter(|(_, it)| it.mention.span.overlaps(span)).map(|(id, it)| (*id, it)).collect();
        if near.iter().any(|(_, it)| it.mention.span == span && it.mention.label == *label) {
            return Err(Refusal::unfit("expected a new mention, found one with the same bounds and label"));
        }
        let ids: Vec<MentionId> = near.into_iter().map(|(id, _)| id).collect();
        match over {
            _ if ids.is_empty() => Ok(()),
            None => Err(Refusal::Overlap(ids)),
            Some(Over::Keep) => Ok(()),
            Some(Over::Replace) => ids.into_iter().try_for_each(|id| self.remove(id)),
        }
    }

    // Entities.

    /// The entity of a new mention: that of a mention with the same words, if there is one.
    fn entity_for(&mut self, span: Span, label: &Label) -> String {
        let (text, name) = (self.rules.text, surface(self.rules.text, span));
        let alike = |it: &&Marked| it.mention.label == *label && surface(text, it.mention.span) == name;
        let known = self.state.mentions.values().filter(alike).find_map(|it| it.mention.entity.clone());
        let known = known.filter(|id| self.state.entities.contains_key(id));
        known.unwrap_or_else(|| {
            let id = self.state.new_entity();
            self.set_entity(Entity::new(id.clone(), name, label.clone()));
            id
        })
    }

    fn merge(&mut self, into: &str, from: &str) -> Result<(), Refusal> {
        if into == from {
            return Err(Refusal::unfit(format!("expected two entities, found {into:?} twice")));
        }
        let (mut one, other) = (self.entity(into)?, self.entity(from)?);
        if self.state.decisions.never.contains(&pair(into, from)) {
            let why = format!(
                "expected entities that may be one, found {:?} and {:?}, which never are",
                one.name, other.name
            );
            return Err(Refusal::Unfit(why));
        }
        for (base, id) in &other.kb {
            one.kb.entry(base.clone()).or_insert_with(|| id.clone());
        }
        let names = pair(&one.name, &other.name);
        self.set_entity(one);
        let members: Vec<MentionId> = self.state.members(from).map(|(id, _)| id).collect();
        members.into_iter().for_each(|id| self.assign(id, into));
        self.drop_entity(from);
        self.decide(|decisions| {
            let moved = |id: &String| if id == from { into.to_owned() } else { id.clone() };
            let never = decisions.never.iter().map(|(a, b)| pair(&moved(a), &moved(b)));
            decisions.never = never.collect();
            if names.0 != names.1 {
                decisions.same.insert(names);
            }
        });
        Ok(())
    }

    fn split(&mut self, entity: &str, mentions: &[MentionId]) -> Result<(), Refusal> {
        let whole = self.entity(entity)?;
        let members: BTreeSet<MentionId> = self.state.members(entity).map(|(id, _)| id).collect();
        let part: BTreeSet<MentionId> = mentions.iter().copied().collect();
        if part.is_empty() || !part.is_subset(&members) || part.len() == members.len() {
            let (n, m) = (members.len(), part.len());
            return Err(Refusal::unfit(format!(
                "expected some, not all, of the {n} mentions of {:?}, found {m}",
                whole.name
            )));
        }
        let mut names: BTreeMap<String, usize> = BTreeMap::new();
        for id in &part {
            *names.entry(surface(self.rules.text, self.state.mentions[id].mention.span)).or_default() += 1;
        }
        let most = names.values().max().copied();
        let name = names.into_iter().find(|(_, n)| Some(*n) == most).map_or(String::new(), |(name, _)| name);
        let label = self.state.mentions[part.first().expect("it has some")].mention.label.clone();
        let apart = pair(&whole.name, &name);
        let id = self.state.new_entity();
        self.set_entity(Entity::new(id.clone(), name, label));
        part.into_iter().for_each(|mention| self.assign(mention, &id));
        self.decide(|decisions| {
            decisions.same.remove(&apart);
        });
        Ok(())
    }

    fn move_to(&mut self, id: MentionId, entity: &str) -> Result<(), Refusal> {
        let marked = self.mention(id)?;
        self.entity(entity)?;
        let from = marked.mention.entity.as_deref();
        if from != Some(entity) {
            self.assign(id, entity);
            self.left(from);
        }
        Ok(())
    }

    fn never(&mut self, a: &str, b: &str, never: bool) -> Result<(), Refusal> {
        let (one, other) = (self.entity(a)?, self.entity(b)?);
        if one.id == other.id {
            return Err(Refusal::unfit(format!("expected two entities, found {a:?} twice")));
        }
        let names = pair(&one.name, &other.name);
        self.decide(|decisions| {
            if never {
                decisions.same.remove(&names);
                decisions.never.insert(pair(a, b));
            } else {
                decisions.never.remove(&pair(a, b));
            }
        });
        Ok(())
    }

    fn assign(&mut self, id: MentionId, entity: &str) {
        let mut marked = self.state.mentions[&id].clone();
        marked.mention.entity = Some(entity.to_owned());
        self.set_mention(id, Some(marked));
    }

    /// A mention has left an entity, which goes with its last one.
    fn left(&mut self, entity: Option<&str>) {
        if let Some(entity) = entity
            && self.state.members(entity).next().is_none()
        {
            self.drop_entity(entity);
            self.decide(|decisions| decisions.never.retain(|(a, b)| a != entity && b != entity));
        }
    }

    // Disagreements.

    fn settle(&mut self, mine: &[MentionId], other: &[Labelled<Span>], take: Take) -> Result<(), Refusal> {
        let kept: Vec<Marked> = mine.iter().map(|id| self.mention(*id)).collect::<Result<_, _>>()?;
        if mine.is_empty() && other.is_empty() {
            return Err(Refusal::unfit("expected a mention on one of the sides, found none"));
        }
        match take {
            Take::Mine => {
                let settled =
                    Settled { mine: kept.iter().map(Marked::key).collect(), other: other.iter().cloned().collect() };
                self.decide(|decisions| {
                    decisions.settled.insert(settled);
                });
                mine.iter().try_for_each(|id| self.accept(*id))
            }
            Take::Other => {
                // One that both sides have stays, with its entity.
                let keys: Vec<Labelled<Span>> = kept.iter().map(Marked::key).collect();
                for (id, key) in mine.iter().zip(&keys) {
                    if other.contains(key) { self.accept(*id)? } else { self.remove(*id)? }
                }
                for it in other.iter().filter(|it| !keys.contains(it)) {
                    self.add(it.at, &it.label, Some(Over::Keep))?;
                }
                Ok(())
            }
        }
    }

    // What all steps are made of.

    fn mention(&self, id: MentionId) -> Result<Marked, Refusal> {
        let found = self.state.mentions.get(&id).cloned();
        found.ok_or_else(|| Refusal::unfit(format!("expected a mention of the document, found the number {id}")))
    }

    fn entity(&self, id: &str) -> Result<Entity, Refusal> {
        let found = self.state.entities.get(id).cloned();
        found.ok_or_else(|| Refusal::unfit(format!("expected an entity of the document, found {id:?}")))
    }

    fn set_mention(&mut self, id: MentionId, after: Option<Marked>) {
        let one = Change { mentions: vec![(id, self.state.mentions.get(&id).cloned(), after)], ..Change::default() };
        one.make(self.state);
        self.change.mentions.extend(one.mentions);
    }

    fn set_entity(&mut self, after: Entity) {
        self.turn_entity(after.id.clone(), Some(after));
    }

    fn drop_entity(&mut self, id: &str) {
        if self.state.entities.contains_key(id) {
            self.turn_entity(id.to_owned(), None);
        }
    }

    fn turn_entity(&mut self, id: String, after: Option<Entity>) {
        let before = self.state.entities.get(&id).cloned();
        let one = Change { entities: vec![(id, before, after)], ..Change::default() };
        one.make(self.state);
        self.change.entities.extend(one.entities);
    }

    fn decide(&mut self, turn: impl FnOnce(&mut Decisions)) {
        let before = self.state.decisions.clone();
        turn(&mut self.state.decisions);
        if self.state.decisions != before {
            let first = self.change.decisions.take().map_or(before, |(first, _)| first);
            self.change.decisions = Some((first, self.state.decisions.clone()));
        }
    }
}

/// The mention, now made by the reviewer.
fn own(mut marked: Marked) -> Marked {
    marked.mention.score = None;
    Marked { by: By::Annotator, accepted: true, ..marked }
}

/// The words of a span with single blanks between.
pub(crate) fn surface(text: &str, span: Span) -> String {
    let words: Vec<&str> = span.slice(text).unwrap_or_default().split_whitespace().collect();
    words.join(" ")
}

fn pair(a: &str, b: &str) -> (String, String) {
    if a <= b { (a.to_owned(), b.to_owned()) } else { (b.to_owned(), a.to_owned()) }
}

fn filled(expected: &str, found: &str) -> Result<String, Refusal> {
    let trimmed = found.trim();
    match trimmed.is_empty() {
        true => Err(Refusal::unfit(format!("expected {expected}, found {found:?}"))),
        false => Ok(trimmed.to_owned()),
    }
}
