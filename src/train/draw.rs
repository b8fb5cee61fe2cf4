//! Windows to learn from: drawn anew for each epoch, so that a word stands in another context each time.

use std::ops::Range;

use fastrand::Rng;

use super::lesson::{Lesson, inside};
use crate::encode::{Batch, Tokenizer, Window, WindowSize};
use crate::text::segment::Joint;

/// The shortest window, in pieces.
const SHORTEST: usize = 24;

/// The longest window, in pieces: what training costs grows faster than the length.
const LONGEST: usize = 256;

/// How often a window ends where a sentence does.
const AT_SENTENCE: f64 = 0.7;

/// How often a piece is hidden behind the piece `[MASK]`, so that what stands around it is learnt from too.
const MASKED: f64 = 0.03;

/// The pieces and targets of a step.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Step {
    pub(crate) batch: Batch,
    pub(crate) targets: Vec<Option<u16>>,
}

/// What windows are drawn with.
#[derive(Clone, Copy)]
pub(crate) struct Drawing<'a> {
    pub(crate) lessons: &'a [Lesson<'a>],
    pub(crate) tokenizer: &'a Tokenizer,
    pub(crate) size: WindowSize,
    /// Pieces of a step.
    pub(crate) step_pieces: usize,
    pub(crate) seed: u64,
}

impl Drawing<'_> {
    /// The steps of an epoch. They depend on its number and on the seed only.
    pub(crate) fn epoch(&self, epoch: usize) -> Vec<Step> {
        let mut rng = Rng::with_seed(self.seed.wrapping_mul(1_000_003).wrapping_add(epoch as u64));
        let mut windows: Vec<(usize, Range<usize>)> = Vec::new();
        for (nth, lesson) in self.lessons.iter().enumerate() {
            windows.extend(self.cut(lesson, &mut rng).into_iter().map(|words| (nth, words)));
        }
        rng.shuffle(&mut windows);
        let mut steps: Vec<Step> = Vec::new();
        for (nth, words) in windows {
            let (ids, types, targets) = self.window(&self.lessons[nth], words, &mut rng);
            if targets.iter().all(Option::is_none) {
                continue;
            }
            if steps.last().is_none_or(|step| step.targets.len() + targets.len() > self.step_pieces) {
                steps.push(Step::default());
            }
            let step = steps.last_mut().expect("one was pushed");
            step.batch.push(&ids, &types);
            step.targets.extend(targets);
        }
        steps
    }

    /// Cuts a document into ranges of words. No cut is inside a mention.
    fn cut(&self, lesson: &Lesson<'_>, rng: &mut Rng) -> Vec<Range<usize>> {
        let (words, pieces) = (lesson.plan.reading.words(), &lesson.plan.pieces);
        let longest = LONGEST.min(self.size.longest);
        let mut ranges = Vec::new();
        let mut start = 0;
        while start < words.len() {
            let budget = rng.usize(SHORTEST.min(longest)..=longest).saturating_sub(2);
            let (mut end, mut n_pieces) = (start, 0);
            while end < words.len() {
                // A separator may stand before it.
                n_pieces += pieces.of_word(end).len() + 1;
                if n_pieces > budget && end > start {
                    break;
                }
                end += 1;
            }
            if end < words.len() {
                let sentence = (start + 1..=end).rev().find(|&at| words[at].joint != Joint::Within);
                if let Some(at) = sentence.filter(|_| rng.f64() < AT_SENTENCE) {
                    end = at;
                }
                let goes_on = |at: usize| lesson.tags[at].is_some_and(|tag| tag > 0 && tag % 2 == 0);
                if let Some(at) = (start + 1..=end).rev().find(|&at| !goes_on(at)) {
                    end = at;
                }
            }
            ranges.push(start..end);
            start = end;
        }
        ranges
    }

    /// Ids, types and targets of a window.
    fn window(
        &self,
        lesson: &Lesson<'_>,
        words: Range<usize>,
        rng: &mut Rng,
    ) -> (Vec<u32>, Vec<u32>, Vec<Option<u16>>) {
        let (reading, pieces) = (&lesson.plan.reading, &lesson.plan.pieces);
        let window = Window { shown: words.clone(), core: words.clone() };
        let mut filled = window.fill(reading.words(), pieces, self.tokenizer, self.size);
        let mut targets = vec![None; filled.ids.len()];
        let last = filled.ids.len() - self.tokenizer.closing().len();
        let mask = self.tokenizer.mask();
        for (word, &row) in words.zip(&filled.rows) {
            let end = (row + pieces.of_word(word).len()).min(last);
            let pieces = targets[row..end].iter_mut().zip(&mut filled.ids[row..end]);
            for (nth, (target, id)) in pieces.enumerate() {
                let tag = lesson.tags[word].map(|tag| if nth == 0 { tag } else { inside(tag) });
                *target = target.or(tag);
                if let Some(mask) = mask.filter(|_| rng.f64() < MASKED) {
                    *id = mask;
                }
            }
        }
        (filled.ids, filled.types, targets)
    }
}
