//! What the learned table of sounds says about two names.

use crate::link::names::alignment::{Alignment, MOST_TOKENS};
use crate::link::names::likeness::Likeness;
use crate::link::names::token::Token;

/// Log odds of aligned tokens, and how much of their sounds the names share.
#[derive(Default)]
pub(super) struct Learned {
    pub(super) odds: f32,
    pub(super) least_odds: f32,
    pub(super) cost: f32,
    pub(super) most_cost: f32,
    pub(super) evidence: f32,
    pub(super) left_odds: f32,
    pub(super) left_in_both: f32,
    pub(super) left_weight: f32,
    pub(super) cover: (f32, f32),
    pub(super) worst: f32,
    pub(super) second_worst: f32,
    pub(super) first_first: f32,
    pub(super) last_last: f32,
    pub(super) first_any: (f32, f32),
    pub(super) last_any: (f32, f32),
}

impl Learned {
    pub(super) fn new(alignment: &Alignment<'_>) -> Self {
        let (x, y) = (&alignment.a, &alignment.b);
        let mut learned = Self { least_odds: 20.0, left_odds: -20.0, worst: 1.0, second_worst: 1.0, ..Self::default() };
        let (mut of_x, mut of_y) = ([false; MOST_TOKENS], [false; MOST_TOKENS]);
        for pair in &alignment.pairs {
            (of_x[pair.a], of_y[pair.b]) = (true, true);
            if pair.compared.likeness == Likeness::Initial {
                continue;
            }
            let (token, other) = (&x[pair.a], &y[pair.b]);
            let odds = pair.compared.odds;
            let cost = (-odds - 0.5 * (token.sounds.chance + other.sounds.chance)).max(0.0);
            learned.odds += odds.clamp(-5.0, 15.0);
            learned.least_odds = learned.least_odds.min(odds);
            learned.cost += cost;
            learned.most_cost = learned.most_cost.max(cost);
            learned.evidence += (token.weight.min(other.weight) - cost).max(-4.0);
        }
        let left = |used: &[bool], tokens: &[Token]| {
            tokens
                .iter()
                .zip(used)
                .filter(|(_, used)| !**used)
                .map(|(token, _)| (1.0, token.weight))
                .fold((0.0, 0.0), |sum: (f32, f32), one| (sum.0 + one.0, sum.1 + one.1))
        };
        let (left_x, left_y) = (left(&of_x, x), left(&of_y, y));
        learned.left_in_both = left_x.0.min(left_y.0);
        learned.left_weight = left_x.1.min(left_y.1);
        for (i, _) in x.iter().enumerate().filter(|(i, _)| !of_x[*i]) {
            for (j, _) in y.iter().enumerate().filter(|(j, _)| !of_y[*j]) {
                learned.left_odds = learned.left_odds.max(alignment.odds[i][j]);
            }
        }
        let (mut all_x, mut all_y, mut sum_x, mut sum_y) = (0.0, 0.0, 0.0, 0.0);
        let mut best_y = [0.0f32; MOST_TOKENS];
        let x_is_short =
            x.iter().map(|token| token.weight).sum::<f32>() <= y.iter().map(|token| token.weight).sum::<f32>();
        let (mut least, mut second) = (1.0f32, 1.0f32);
        let mut worst = |share: f32| {
            if share < least {
                second = least;
                least = share;
            } else {
                second = second.min(share);
            }
        };
        for (i, token) in x.iter().enumerate() {
            let mut best = 0.0f32;
            for (j, other) in y.iter().enumerate() {
                let full = -0.5 * (token.sounds.chance + other.sounds.chance);
                let share = (alignment.odds[i][j] / full.max(1.0)).clamp(0.0, 1.0);
                best = best.max(share);
                let (last_i, last_j) = (i + 1 == x.len(), j + 1 == y.len());
                if i == 0 && j == 0 {
                    learned.first_first = share;
                }
                if last_i && last_j {
                    learned.last_last = share;
                }
                if i == 0 {
                    learned.first_any.0 = learned.first_any.0.max(share);
                }
                if j == 0 {
                    learned.first_any.1 = learned.first_any.1.max(share);
                }
                if last_i {
                    learned.last_any.0 = learned.last_any.0.max(share);
                }
                if last_j {
                    learned.last_any.1 = learned.last_any.1.max(share);
                }
                best_y[j] = best_y[j].max(share);
            }
            all_x += token.weight;
            sum_x += token.weight * best;
            if x_is_short {
                worst(best);
            }
        }
        for (other, &best) in y.iter().zip(&best_y) {
            all_y += other.weight;
            sum_y += other.weight * best;
            if !x_is_short {
                worst(best);
            }
        }
        (learned.worst, learned.second_worst) = (least, second);
        let of = |part: f32, all: f32| if all > 0.0 { part / all } else { 0.0 };
        learned.cover = (of(sum_x, all_x), of(sum_y, all_y));
        learned
    }
}
