//! How sure the tagger is of its mentions, which tells whether it reads what it learnt to read.

use crate::text::{Document, plural};

/// The mean score that mentions of news hardly ever fall below. `docs/tag.md` has what was measured.
const LOWEST: f64 = 0.8;
/// Fewer mentions tell nothing.
const FEWEST: u64 = 20;

/// The scores of all mentions of a run.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Certainty {
    n: u64,
    sum: f64,
    squares: f64,
}

impl Certainty {
    pub(crate) fn add(&mut self, document: &Document) {
        for score in document.mentions.iter().filter_map(|mention| mention.score) {
            let score = f64::from(score);
            self.n += 1;
            self.sum += score;
            self.squares += score * score;
        }
    }

    /// What to say of texts whose mean score is below that of news by more than chance: by two standard errors.
    pub(crate) fn doubt(&self) -> Option<String> {
        if self.n < FEWEST {
            return None;
        }
        let n = self.n as f64;
        let mean = self.sum / n;
        let variance = (self.squares / n - mean * mean).max(0.0);
        (mean + 2.0 * (variance / n).sqrt() < LOWEST).then(|| {
            format!(
                "these texts look unlike the news that the model learnt from: {} with a mean score of {mean:.2}, and news has {LOWEST} \
                 or more. Expect more errors than the scores say",
                plural(self.n, "mention")
            )
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{Label, Mention, Span};

    fn of(scores: &[f32]) -> Certainty {
        let mut document = Document::new("a", "Oslo");
        document.mentions = scores
            .iter()
            .map(|&score| Mention { score: Some(score), ..Mention::new(Span::new(0, 4), Label::new("LOC")) })
            .collect();
        let mut certainty = Certainty::default();
        certainty.add(&document);
        certainty
    }

    #[test]
    fn only_what_is_surely_below_news_is_doubted() {
        for (scores, want) in [
            ([0.95; 40].to_vec(), false),
            ([0.7; 40].to_vec(), true),
            ([0.7; 19].to_vec(), false),
            // A mean of 0.75, with a standard error of 0.05.
            ([[0.5; 10], [1.0; 10]].concat(), false),
            ([[0.5; 100], [1.0; 100]].concat(), true),
            (Vec::new(), false),
        ] {
            assert_eq!(of(&scores).doubt().is_some(), want, "{scores:?}");
        }
    }
}
