//! Where a new head begins: with what a head of the model knows of its tags.

use fastrand::Rng;

use super::draw::Step;
use super::network::{Network, Work};
use crate::model::Head;

/// The spread of the weights of tags that no head knows.
const SPREAD: f64 = 0.02;

/// What a new head begins as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Begun {
    /// What a head of the model knows.
    Known,
    /// Random numbers: there is nothing to score yet.
    Random,
}

/// A head of the model to start from.
#[derive(Clone, Debug)]
pub(crate) struct OldHead {
    pub(crate) head: Head,
    /// `[n_tags, hidden]`.
    pub(crate) weights: Vec<f32>,
    pub(crate) bias: Vec<f32>,
}

impl OldHead {
    /// The place of a tag.
    fn find(&self, tag: &str) -> Option<usize> {
        self.head.labels.iter().position(|label| label == tag)
    }

    /// The number of tags that it knows of these.
    fn n_known(&self, tags: &[String]) -> usize {
        tags.iter().filter(|tag| self.find(tag).is_some()).count()
    }

    /// The mean cross entropy of the tags that it knows, and how often it is right of all.
    fn loss(&self, hidden: &[f32], targets: &[Option<u16>], tags: &[String]) -> f64 {
        let width = self.weights.len() / self.bias.len();
        let known: Vec<(usize, usize)> =
            tags.iter().enumerate().filter_map(|(new, tag)| Some((new, self.find(tag)?))).collect();
        let (mut sum, mut n) = (0.0, 0_u32);
        for (state, target) in hidden.chunks_exact(width).zip(targets) {
            let Some(of_target) = target.and_then(|tag| known.iter().position(|(new, _)| *new == usize::from(tag)))
            else {
                continue;
            };
            let logit = |&(_, old): &(usize, usize)| {
                let products = state.iter().zip(&self.weights[old * width..]).map(|(x, weight)| x * weight);
                f64::from(products.sum::<f32>() + self.bias[old])
            };
            let logits: Vec<f64> = known.iter().map(logit).collect();
            let top = logits.iter().copied().fold(f64::MIN, f64::max);
            sum += logits.iter().map(|x| (x - top).exp()).sum::<f64>().ln() + top - logits[of_target];
            n += 1;
        }
        sum / f64::from(n.max(1))
    }
}

/// Fills the head of `parameters`, and returns the name of the head that it begins as, if one knows a label.
pub(crate) fn begin(
    (network, parameters): (&Network, &mut [f32]),
    old: &[OldHead],
    tags: &[String],
    (sample, seed): (&[Step], u64),
) -> Option<String> {
    let most = old.iter().map(|old| old.n_known(tags)).max().filter(|&n| n > 1);
    let candidates: Vec<&OldHead> = old.iter().filter(|old| Some(old.n_known(tags)) == most).collect();
    let mut losses = vec![0.0; candidates.len()];
    if candidates.len() > 1 {
        let mut work = Work::default();
        for step in sample {
            let hidden = network.hidden(parameters, &step.batch, &mut work);
            for (loss, candidate) in losses.iter_mut().zip(&candidates) {
                *loss += candidate.loss(hidden, &step.targets, tags);
            }
        }
    }
    let best = candidates.iter().zip(&losses).min_by(|a, b| a.1.total_cmp(b.1)).map(|(head, _)| *head);
    let (width, n_tags) = (network.head.n_in, tags.len());
    let (weights, bias) = parameters[network.head.start..].split_at_mut(width * n_tags);
    let mut rng = Rng::with_seed(seed);
    for (tag, (weights, bias)) in tags.iter().zip(weights.chunks_exact_mut(width).zip(bias)) {
        match best.and_then(|old| Some((old, old.find(tag)?))) {
            Some((old, place)) => {
                weights.copy_from_slice(&old.weights[place * width..][..width]);
                *bias = old.bias[place];
            }
            None => {
                weights.iter_mut().for_each(|weight| *weight = (SPREAD * normal(&mut rng)) as f32);
                *bias = 0.0;
            }
        }
    }
    best.map(|old| old.head.name.clone())
}

/// A number of the normal distribution (Box and Muller, 1958).
fn normal(rng: &mut Rng) -> f64 {
    (-2.0 * (1.0 - rng.f64()).ln()).sqrt() * (std::f64::consts::TAU * rng.f64()).cos()
}
