//! Hidden states of the model as it is: all that a head alone learns from.

use fastrand::Rng;
use rayon::prelude::*;

use super::lesson::Lesson;
use crate::encode::{Batch, Tokenizer, WindowSize};
use crate::model::{Encoder, Error, Scratch};

/// Words of a step.
const STEP_WORDS: usize = 256;

/// The hidden state of each word with a tag, as tagging computes it.
#[derive(Debug, Default)]
pub(crate) struct Features {
    /// `[n, hidden]`.
    hidden: Vec<f32>,
    targets: Vec<Option<u16>>,
    width: usize,
}

impl Features {
    /// Runs the network over the windows in which the documents will be tagged.
    pub(crate) fn new(
        lessons: &[Lesson<'_>],
        encoder: &dyn Encoder,
        (tokenizer, size): (&Tokenizer, WindowSize),
    ) -> Result<Self, Error> {
        let width = encoder.spec().hidden_size;
        let of_lesson = |lesson: &Lesson<'_>| {
            let (mut hidden, mut targets, mut scratch) = (Vec::<f32>::new(), Vec::new(), Scratch::default());
            for window in &lesson.plan.windows {
                let filled = window.fill(lesson.plan.reading.words(), &lesson.plan.pieces, tokenizer, size);
                let mut batch = Batch::default();
                batch.push(&filled.ids, &filled.types);
                let states = encoder.hidden(&batch, &mut scratch)?;
                for (word, &row) in window.core.clone().zip(&filled.rows) {
                    if lesson.tags[word].is_some() {
                        hidden.extend(states.row(row));
                        targets.push(lesson.tags[word]);
                    }
                }
            }
            Ok((hidden, targets))
        };
        let parts: Vec<_> = lessons.par_iter().map(of_lesson).collect::<Result<_, Error>>()?;
        let mut features = Self { width, ..Self::default() };
        for (hidden, targets) in parts {
            features.hidden.extend(hidden);
            features.targets.extend(targets);
        }
        Ok(features)
    }

    /// The number of words.
    pub(crate) fn len(&self) -> usize {
        self.targets.len()
    }

    /// The steps of an epoch, each as numbers of words.
    pub(crate) fn epoch(&self, epoch: usize, seed: u64) -> Vec<Vec<usize>> {
        let mut order: Vec<usize> = (0..self.len()).collect();
        Rng::with_seed(seed.wrapping_mul(1_000_003).wrapping_add(epoch as u64)).shuffle(&mut order);
        order.chunks(STEP_WORDS).map(<[usize]>::to_vec).collect()
    }

    /// Hidden states and targets of some words.
    pub(crate) fn of(&self, words: &[usize]) -> (Vec<f32>, Vec<Option<u16>>) {
        let state = |&word: &usize| &self.hidden[word * self.width..][..self.width];
        (words.iter().flat_map(state).copied().collect(), words.iter().map(|&word| self.targets[word]).collect())
    }
}
