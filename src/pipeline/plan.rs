//! Splits documents into windows and groups the windows into batches.

use std::cmp::Reverse;

use super::error::Error;
use crate::encode::{Filled, InputFormat, Pieces, Separators, Tokenizer, Window, WindowSize, windows};
use crate::model;
use crate::text::segment::Joint;
use crate::text::{Document, NameMark, Reading, Segmentation};

/// Default sizes in pieces, for models whose configuration does not set them, and the shortest useful window.
const WINDOW: usize = 256;
const CONTEXT: usize = 40;
const MIN_WINDOW: usize = 16;

/// A document prepared for the model.
pub(crate) struct Plan<'d> {
    pub(crate) reading: Reading<'d>,
    pub(crate) pieces: Pieces,
    pub(crate) windows: Vec<Window>,
}

/// One window to be scored.
pub(crate) struct Task<'a> {
    pub(crate) filled: Filled,
    /// Where the scores of the window's core go: `[n_words, n_tags]`.
    pub(crate) scores: &'a mut [f32],
    /// The index of the document in its group.
    pub(crate) document: usize,
}

/// Splits documents into windows of one size.
#[derive(Clone, Copy)]
pub(crate) struct Planner<'t> {
    pub(crate) tokenizer: &'t Tokenizer,
    pub(crate) size: WindowSize,
    pub(crate) segmentation: Segmentation,
    pub(crate) mark: NameMark,
}

impl Planner<'_> {
    pub(crate) fn plan<'d>(&self, document: &'d Document) -> Result<Plan<'d>, model::Error> {
        let mut reading = Reading::of(document, self.segmentation, self.mark);
        let mut pieces = self.tokenizer.pieces(reading.text(), reading.words())?;
        // Letters of Chinese are words to us, and the model has one score for those of a piece.
        let shared: Vec<usize> = pieces.shared().filter(|&word| reading.words()[word].joint == Joint::Within).collect();
        if !shared.is_empty() {
            pieces.join(&shared);
            reading.join(&shared);
        }
        let windows = windows(reading.text(), reading.words(), &pieces, self.size);
        Ok(Plan { reading, pieces, windows })
    }

    /// Groups windows of similar length, longest first, into batches of at most `batch_pieces` pieces (or a single window). `scores`
    /// has `n_words * n_tags` elements for each document with a plan.
    pub(crate) fn batches<'a>(
        &self,
        plans: &'a [Result<Plan<'_>, model::Error>],
        scores: &'a mut [Vec<f32>],
        n_tags: usize,
        batch_pieces: usize,
    ) -> Vec<Vec<Task<'a>>> {
        let mut tasks = Vec::new();
        for (document, (plan, scores)) in plans.iter().zip(scores).enumerate() {
            let Ok(plan) = plan else { continue };
            let mut rest = scores.as_mut_slice();
            for window in &plan.windows {
                let (scores, after) = rest.split_at_mut(window.core.len() * n_tags);
                rest = after;
                let filled = window.fill(plan.reading.words(), &plan.pieces, self.tokenizer, self.size);
                tasks.push(Task { filled, scores, document });
            }
        }
        tasks.sort_by_key(|task| Reverse(task.filled.ids.len()));
        let mut batches: Vec<Vec<Task<'a>>> = Vec::new();
        let mut size = batch_pieces;
        for task in tasks {
            let n = task.filled.ids.len();
            if size + n > batch_pieces {
                batches.push(Vec::new());
                size = 0;
            }
            size += n;
            batches.last_mut().expect("the first task starts a batch").push(task);
        }
        batches
    }
}

/// Splits documents into runs whose texts reach `group_bytes` bytes each.
pub(crate) fn groups(documents: &[Document], group_bytes: usize) -> impl Iterator<Item = &[Document]> {
    let mut rest = documents;
    std::iter::from_fn(move || {
        let mut n_bytes = 0;
        let fills = |document: &Document| {
            n_bytes += document.text.len();
            n_bytes >= group_bytes
        };
        let n = rest.iter().position(fills).map_or(rest.len(), |last| last + 1);
        let (group, after) = rest.split_at(n);
        rest = after;
        (!group.is_empty()).then_some(group)
    })
}

/// The window size for a model that accepts windows of up to `max_pieces` pieces.
pub(crate) fn window_size(max_pieces: usize, format: InputFormat) -> Result<WindowSize, Error> {
    if max_pieces < MIN_WINDOW {
        return Err(Error::ShortModel { expected: MIN_WINDOW, found: max_pieces });
    }
    let longest = format.max_pieces.unwrap_or(WINDOW).min(max_pieces);
    let context = format.context.unwrap_or(CONTEXT).min(longest / 4);
    let separators = if format.line_separator { Separators::Lines } else { Separators::None };
    Ok(WindowSize { longest, context, separators })
}
