//! What a step changed, so that it can be taken back.

use super::state::{Decisions, Marked, MentionId, Next, State};
use crate::text::Entity;

/// What was there before, and what after; `None` where there was nothing.
type Turned<K, T> = (K, Option<T>, Option<T>);

/// What a step changed.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Change {
    pub(crate) mentions: Vec<Turned<MentionId, Marked>>,
    pub(crate) entities: Vec<Turned<String, Entity>>,
    pub(crate) decisions: Option<(Decisions, Decisions)>,
}

impl Change {
    /// Makes the change.
    pub(crate) fn make(&self, state: &mut State) {
        for (id, _, after) in &self.mentions {
            match after {
                Some(marked) => state.mentions.insert(*id, marked.clone()),
                None => state.mentions.remove(id),
            };
        }
        for (id, _, after) in &self.entities {
            match after {
                Some(entity) => state.entities.insert(id.clone(), entity.clone()),
                None => state.entities.remove(id),
            };
        }
        if let Some((_, after)) = &self.decisions {
            state.decisions.clone_from(after);
        }
    }

    /// Takes the change back as if it had never been: the numbers that it used are free again.
    pub(crate) fn forget(&self, state: &mut State, next: Next) {
        self.inverse().make(state);
        state.free(next);
    }

    /// What takes the change back.
    pub(crate) fn inverse(&self) -> Self {
        fn turned<K: Clone, T: Clone>(list: &[Turned<K, T>]) -> Vec<Turned<K, T>> {
            list.iter().rev().map(|(key, before, after)| (key.clone(), after.clone(), before.clone())).collect()
        }
        let decisions = self.decisions.as_ref().map(|(before, after)| (after.clone(), before.clone()));
        Self { mentions: turned(&self.mentions), entities: turned(&self.entities), decisions }
    }
}

/// The steps of a document that hold, and those that were taken back.
#[derive(Clone, Debug, Default)]
pub(crate) struct History {
    done: Vec<Change>,
    undone: Vec<Change>,
}

impl History {
    /// What undoing would change.
    pub(crate) fn undo(&self) -> Option<Change> {
        self.done.last().map(Change::inverse)
    }

    /// What redoing would change.
    pub(crate) fn redo(&self) -> Option<Change> {
        self.undone.last().cloned()
    }

    /// A new step was made.
    pub(crate) fn did(&mut self, change: Change) {
        self.done.push(change);
        self.undone.clear();
    }

    /// The last step was taken back.
    pub(crate) fn undid(&mut self) {
        self.undone.extend(self.done.pop());
    }

    /// The last step that was taken back was made again.
    pub(crate) fn redid(&mut self) {
        self.done.extend(self.undone.pop());
    }

    pub(crate) fn can_undo(&self) -> bool {
        !self.done.is_empty()
    }

    pub(crate) fn can_redo(&self) -> bool {
        !self.undone.is_empty()
    }
}
