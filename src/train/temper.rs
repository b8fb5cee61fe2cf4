//! The temperature of a head: what its logits are divided by so that a score of 0.9 is right nine times of ten.

use std::collections::HashSet;

use ndarray::Array2;
use rayon::prelude::*;

use crate::decode::Decoder;
use crate::encode::{Batch, Tokenizer, WindowSize};
use crate::label::TagSet;
use crate::model::{Encoder, Error, HeadId, Scratch};
use crate::pipeline::Planner;
use crate::text::{Document, Span};

/// Temperatures that are tried first. A head that has hardly learnt needs a high one.
const COARSE: [f32; 13] = [0.5, 0.7, 1.0, 1.3, 1.6, 2.0, 2.5, 3.2, 4.0, 5.0, 6.5, 8.0, 10.0];

/// Fewer mentions say nothing.
const FEWEST: usize = 20;

/// A document with the logits of its words.
struct Scored<'d> {
    document: &'d Document,
    reading: crate::text::Reading<'d>,
    logits: Array2<f32>,
}

/// The temperature with the least log loss on the mentions that are found in the documents (Guo et al., 2017); `None` if they are too few.
pub(crate) fn fit(
    encoder: &dyn Encoder,
    (planner, tags): (&Planner<'_>, &TagSet),
    documents: &[Document],
) -> Result<Option<f32>, Error> {
    let score = |document| scored(encoder, planner, document);
    let scored: Vec<Scored<'_>> = documents.par_iter().map(score).collect::<Result<_, Error>>()?;
    let loss = |temperature: f32| {
        let decoder = Decoder::new(tags.clone(), temperature);
        let parts: Vec<(f64, usize)> = scored.par_iter().map(|scored| scored.loss(&decoder)).collect();
        let (sum, n) = parts.iter().fold((0.0, 0), |(sum, n), part| (sum + part.0, n + part.1));
        (n >= FEWEST).then(|| sum / n as f64)
    };
    let best = |temperatures: &mut dyn Iterator<Item = f32>| {
        let losses = temperatures.filter_map(|temperature| Some((temperature, loss(temperature)?)));
        losses.min_by(|a, b| a.1.total_cmp(&b.1)).map(|(temperature, _)| temperature)
    };
    let Some(coarse) = best(&mut COARSE.into_iter()) else { return Ok(None) };
    // A quarter less to a quarter more, in steps of 0.05 or larger.
    let fine = (-6..=6).map(|step| (20.0 * coarse * (1.0 + 0.04 * step as f32)).round() / 20.0);
    Ok(best(&mut fine.into_iter()))
}

fn scored<'d>(encoder: &dyn Encoder, planner: &Planner<'_>, document: &'d Document) -> Result<Scored<'d>, Error> {
    let plan = planner.plan(document)?;
    let (tokenizer, size): (&Tokenizer, WindowSize) = (planner.tokenizer, planner.size);
    let n_tags = encoder.spec().heads[0].labels.len();
    let mut logits = Array2::zeros((plan.reading.words().len(), n_tags));
    let mut scratch = Scratch::default();
    for window in &plan.windows {
        let filled = window.fill(plan.reading.words(), &plan.pieces, tokenizer, size);
        let mut batch = Batch::default();
        batch.push(&filled.ids, &filled.types);
        let rows = encoder.score(&batch, HeadId::default(), &mut scratch)?;
        for (word, &row) in window.core.clone().zip(&filled.rows) {
            logits.row_mut(word).assign(&rows.row(row));
        }
    }
    Ok(Scored { document, reading: plan.reading, logits })
}

impl Scored<'_> {
    /// The log loss of the mentions that are found, and their number.
    fn loss(&self, decoder: &Decoder) -> (f64, usize) {
        let gold: HashSet<(Span, &str)> =
            self.document.mentions.iter().map(|mention| (mention.span, mention.label.as_str())).collect();
        let found = decoder.mentions(self.reading.text(), self.reading.words(), self.logits.view());
        let loss = found.iter().map(|mention| {
            let right = gold.contains(&(self.reading.source(mention.span), mention.label.as_str()));
            let score = f64::from(mention.score.unwrap_or(1.0)).clamp(1e-6, 1.0 - 1e-6);
            -(if right { score } else { 1.0 - score }).ln()
        });
        (loss.sum(), found.len())
    }
}
