//! A document under review.

use super::change::{Change, History};
use super::edit::{self, Linking, Rules};
use super::journal::Start;
use super::key::Key;
use super::op::Op;
use super::refusal::Refusal;
use super::state::{ACCEPTED, By, STATUS, State};
use crate::text::{Document, Label, Span};

/// The field of a document that says who reviewed it.
const ANNOTATOR: &str = "annotator";

/// How far a document is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    /// It is to be tagged or linked.
    Waiting,
    /// It is there.
    Ready,
    /// Something is wrong with it; it stays as it came.
    Failed(String),
}

/// A document under review.
#[derive(Clone, Debug)]
pub(crate) struct Kept {
    pub(crate) key: Key,
    /// As it was before the first step.
    pub(crate) base: Document,
    pub(crate) stage: Stage,
    pub(crate) state: State,
    history: History,
    linking: Linking,
    /// The number of steps, those that were taken back and the taking back included.
    pub(crate) version: u64,
    /// Whether the journal has how it was before the first step.
    pub(crate) is_begun: bool,
}

impl Kept {
    /// A document that has its mentions.
    pub(crate) fn new(key: Key, base: Document, by: By, linking: Linking) -> Self {
        let (stage, state, history) = (Stage::Ready, State::new(&base, by), History::default());
        Self { key, base, stage, state, history, linking, version: 0, is_begun: false }
    }

    /// A document that waits for its mentions or entities.
    pub(crate) fn waiting(key: Key, base: Document, linking: Linking) -> Self {
        Self { stage: Stage::Waiting, ..Self::new(key, base, By::Input, linking) }
    }

    /// The document as it is before the first step, which the journal has.
    pub(crate) fn begun(key: Key, start: Start) -> Self {
        let Start { by, linking, document } = start;
        Self { is_begun: true, ..Self::new(key, *document, by, linking) }
    }

    /// The document has what it waited for.
    pub(crate) fn fill(&mut self, base: Document, by: By) {
        self.state = State::new(&base, by);
        self.base = base;
        self.stage = Stage::Ready;
    }

    /// What the journal says of the document before the first step.
    pub(crate) fn start(&self, by: By) -> Start {
        let document = Box::new(Document { layout: None, ..self.base.clone() });
        Start { by, linking: self.linking, document }
    }

    pub(crate) fn can_undo(&self) -> bool {
        self.history.can_undo()
    }

    pub(crate) fn can_redo(&self) -> bool {
        self.history.can_redo()
    }

    /// Makes a step, whose change `write` writes down. Where that fails, nothing has changed.
    pub(crate) fn step(
        &mut self,
        op: &Op<Span>,
        labels: &[Label],
        write: impl FnOnce(&Self) -> Result<(), Refusal>,
    ) -> Result<Change, Refusal> {
        if self.stage == Stage::Waiting {
            return Err(Refusal::Waiting);
        }
        let next = self.state.next();
        let known = |change: Option<Change>, what: &str| {
            change.ok_or_else(|| Refusal::unfit(format!("expected a step to {what}, found none in this document")))
        };
        let change = match op {
            Op::Undo => known(self.history.undo(), "undo")?,
            Op::Redo => known(self.history.redo(), "redo")?,
            op => {
                let rules = Rules { text: &self.base.text, labels, linking: self.linking };
                let change = edit::make(&mut self.state, op, &rules)?;
                // It is made again below, as undoing and redoing are.
                change.inverse().make(&mut self.state);
                change
            }
        };
        change.make(&mut self.state);
        if let Err(refusal) = write(self) {
            change.forget(&mut self.state, next);
            return Err(refusal);
        }
        match op {
            Op::Undo => self.history.undid(),
            Op::Redo => self.history.redid(),
            _ => self.history.did(change.clone()),
        }
        self.version += 1;
        self.is_begun = true;
        Ok(change)
    }

    /// The document as it stands, to be written.
    pub(crate) fn document(&self, annotator: &str) -> Document {
        let mut document = self.base.clone();
        if self.version > 0 {
            let sorted = self.state.sorted();
            document.mentions = sorted
                .into_iter()
                .map(|(_, marked)| {
                    let mut mention = marked.mention.clone();
                    if marked.accepted {
                        mention.extra.insert(ACCEPTED.to_owned(), true.into());
                    }
                    mention
                })
                .collect();
            let groups = self.state.grouped();
            let written = groups.into_iter().map(|(entity, ids)| self.state.written(entity, &ids, &self.base.text));
            document.entities = written.collect();
            document.extra.insert(ANNOTATOR.to_owned(), annotator.into());
        }
        document.extra.insert(STATUS.to_owned(), self.state.decisions.status.as_str().into());
        document
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::desk::op::{Over, Take};
    use crate::desk::place::Labelled;
    use crate::desk::state::{Marked, MentionId, Status};
    use crate::text::{Entity, Mention};

    const TEXT: &str = "Ann Lee, Bo Lee of Lee Air: Ann Lee.";

    fn kept() -> Kept {
        let mut base = Document::new("a", TEXT);
        for (start, end, label, entity) in [(0, 7, "PER", "e1"), (9, 15, "PER", "e2"), (19, 26, "ORG", "e3")] {
            let mention = Mention::new(Span::new(start, end), Label::new(label));
            base.mentions.push(Mention { entity: Some(entity.into()), score: Some(0.5), ..mention });
            base.entities.push(Entity::new(entity, &TEXT[start..end], Label::new(label)));
        }
        Kept::new(Key { id: "a".into(), nth: 1 }, base, By::Input, Linking::On)
    }

    fn span() -> impl Strategy<Value = Span> {
        (0..TEXT.len(), 1..9_usize).prop_map(|(start, len)| Span::new(start, (start + len).min(TEXT.len())))
    }

    fn over() -> impl Strategy<Value = Option<Over>> {
        prop_oneof![Just(None), Just(Some(Over::Replace)), Just(Some(Over::Keep))]
    }

    fn op() -> impl Strategy<Value = Op<Span>> {
        let label = || prop_oneof![Just("PER".to_owned()), Just("ORG".to_owned())];
        let mention = || 1..8_u32;
        let mentions = || prop::collection::vec(1..8 as MentionId, 0..3);
        let entity = || (1..6_u32).prop_map(|n| format!("e{n}"));
        prop_oneof![
            (span(), label(), over()).prop_map(|(at, label, over)| Op::Add { at, label, over }),
            mention().prop_map(|mention| Op::Remove { mention }),
            (mention(), span(), over()).prop_map(|(mention, at, over)| Op::Bounds { mention, at, over }),
            (mention(), label()).prop_map(|(mention, label)| Op::Label { mention, label }),
            mention().prop_map(|mention| Op::Accept { mention }),
            Just(Op::AcceptAll),
            (label(), prop::collection::vec(span(), 0..2), mentions(), mentions())
                .prop_map(|(label, add, relabel, remove)| Op::Occurrences { label: Some(label), add, relabel, remove }),
            (entity(), entity()).prop_map(|(into, from)| Op::EntityMerge { into, from }),
            (entity(), mentions()).prop_map(|(entity, mentions)| Op::EntitySplit { entity, mentions }),
            (mention(), entity()).prop_map(|(mention, entity)| Op::EntityMove { mention, entity }),
            (entity(), "[a-c]{0,2}").prop_map(|(entity, name)| Op::EntityName { entity, name }),
            (entity(), prop::option::of("Q[0-9]")).prop_map(|(entity, id)| Op::EntityKb {
                entity,
                base: "w".into(),
                id
            }),
            (entity(), entity(), any::<bool>()).prop_map(|(a, b, never)| Op::EntityNever { a, b, never }),
            (mentions(), span(), label(), any::<bool>()).prop_map(|(mine, at, label, is_mine)| {
                let take = if is_mine { Take::Mine } else { Take::Other };
                Op::Settle { mine, other: vec![Labelled { at, label }], take }
            }),
            Just(Op::Status { status: Status::Complete }),
            Just(Op::Undo),
            Just(Op::Redo),
        ]
    }

    fn is_sound(state: &State) -> bool {
        let mut keys: Vec<_> = state.mentions.values().map(Marked::key).collect();
        let n = keys.len();
        keys.sort();
        keys.dedup();
        let entities_exist = state
            .mentions
            .values()
            .all(|marked| marked.mention.entity.as_ref().is_some_and(|entity| state.entities.contains_key(entity)));
        let are_mentioned = state.entities.keys().all(|entity| state.members(entity).next().is_some());
        let never = state
            .decisions
            .never
            .iter()
            .all(|(a, b)| a < b && state.entities.contains_key(a) && state.entities.contains_key(b));
        keys.len() == n && entities_exist && are_mentioned && never
    }

    proptest! {
        #[test]
        fn undoing_all_is_the_beginning_and_the_same_steps_are_the_same_document(ops in prop::collection::vec(op(), 0..40)) {
            let labels = ["PER", "ORG"].map(Label::new);
            let mut one = kept();
            let mut made = Vec::new();
            for op in ops {
                let before = (one.state.clone(), one.version);
                match one.step(&op, &labels, |_| Ok(())) {
                    Ok(_) => made.push(op),
                    Err(_) => prop_assert_eq!(&before, &(one.state.clone(), one.version), "{:?}", op),
                }
                prop_assert!(is_sound(&one.state), "{:?}", made);
            }
            // What a journal has.
            let mut again = kept();
            for op in &made {
                prop_assert!(again.step(op, &labels, |_| Ok(())).is_ok());
            }
            prop_assert_eq!(&again.state, &one.state);
            prop_assert_eq!(again.document("anna"), one.document("anna"));
            // A step that cannot be written is none.
            let before = one.state.clone();
            let unwritten = |_: &Kept| Err(Refusal::Unwritten("the disk is full".into()));
            prop_assert!(one.step(&Op::AcceptAll, &labels, unwritten).is_err());
            prop_assert_eq!(&before, &one.state);
            let last = one.state.clone();
            let mut n = 0;
            while one.can_undo() {
                prop_assert!(one.step(&Op::Undo, &labels, |_| Ok(())).is_ok());
                n += 1;
            }
            let first = kept().state;
            prop_assert_eq!((&one.state.mentions, &one.state.entities), (&first.mentions, &first.entities));
            prop_assert_eq!(&one.state.decisions, &first.decisions);
            for _ in 0..n {
                prop_assert!(one.step(&Op::Redo, &labels, |_| Ok(())).is_ok());
            }
            prop_assert_eq!((&one.state.mentions, &one.state.entities), (&last.mentions, &last.entities));
        }
    }
}
