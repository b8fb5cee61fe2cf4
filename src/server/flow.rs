//! The work of one caller, a few pieces at a time.

use std::collections::VecDeque;
use std::sync::Arc;

use super::budget::{Full, Held};
use super::documents::Item;
use super::problem::{Code, Problem};
use super::queue::{Answer, NoPlace};
use super::shared::Shared;
use crate::pipeline::Request;

/// Pieces of work that one caller has in the queue at a time, so that others come in between.
const AHEAD: usize = 4;

/// A piece of work is full at so many bytes of documents.
pub(super) const PIECE_BYTES: usize = 1 << 14;

/// The work of one caller. What comes out is in the order of what goes in.
pub(super) struct Flow {
    shared: Arc<Shared>,
    request: Request,
    pending: VecDeque<Piece>,
}

struct Piece {
    /// What is wrong with the items that are no documents.
    slots: Vec<Option<Problem>>,
    /// `None` if no item is a document.
    answer: Option<Answer>,
}

impl Flow {
    pub(super) fn new(shared: Arc<Shared>, request: Request) -> Self {
        Self { shared, request, pending: VecDeque::new() }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.pending.is_empty()
    }

    pub(super) fn is_full(&self) -> bool {
        self.pending.len() >= AHEAD
    }

    /// Puts a piece of work into the queue.
    pub(super) async fn push(&mut self, items: Vec<Item>, held: Arc<Held>, no_place: NoPlace) -> Result<(), Full> {
        let mut documents = Vec::new();
        let slot = |item: Item| item.map(|document| documents.push(document)).err();
        let slots = items.into_iter().map(slot).collect();
        let answer = match documents.is_empty() {
            true => None,
            false => Some(self.shared.queue.push(documents, self.request.clone(), held, no_place).await?),
        };
        self.pending.push_back(Piece { slots, answer });
        Ok(())
    }

    /// Waits for the first piece that is in the queue; `None` if there is none. May be given up and called again.
    pub(super) async fn next(&mut self) -> Option<Vec<Item>> {
        let piece = self.pending.front_mut()?;
        let answered = match &mut piece.answer {
            Some(answer) => answer.await.unwrap_or_default(),
            None => Vec::new(),
        };
        let piece = self.pending.pop_front()?;
        let mut tagged = answered.into_iter();
        let lost = || Problem::new(Code::Failed, "the server ended before the document was tagged");
        let item = |slot: Option<Problem>| match slot {
            Some(problem) => Err(problem),
            None => tagged.next().map_or_else(|| Err(lost()), |tagged| tagged.map_err(Problem::from)),
        };
        Some(piece.slots.into_iter().map(item).collect())
    }

    /// Does all of it: the first piece only if there is a place for it now.
    pub(super) async fn all(mut self, items: Vec<Item>, held: &Arc<Held>) -> Result<Vec<Item>, Problem> {
        let mut done = Vec::with_capacity(items.len());
        let mut no_place = NoPlace::Fails;
        for piece in pieces(items) {
            if self.is_full() {
                done.extend(self.next().await.into_iter().flatten());
            }
            self.push(piece, Arc::clone(held), no_place).await?;
            no_place = NoPlace::Waits;
        }
        while let Some(piece) = self.next().await {
            done.extend(piece);
        }
        Ok(done)
    }
}

/// Cuts items into pieces of work.
fn pieces(items: Vec<Item>) -> impl Iterator<Item = Vec<Item>> {
    let mut items = items.into_iter().peekable();
    std::iter::from_fn(move || {
        let mut bytes = 0;
        let mut piece = Vec::new();
        while bytes < PIECE_BYTES
            && let Some(item) = items.next()
        {
            bytes += item.as_ref().map_or(0, crate::text::Document::weight);
            piece.push(item);
        }
        (!piece.is_empty()).then_some(piece)
    })
}
