//! Features of two aligned names: the numbers that the model judges by.

mod ends;
mod learned;
mod rarity;

use ends::Ends;
use learned::Learned;
use rarity::Rarity;

use super::alignment::{Alignment, MOST_TOKENS};
use super::distance::{ratio, trigram_dice};
use super::likeness::Likeness;
use super::name::Name;
use super::token::{Token, gender_clash};

/// Number of features.
pub const N_FEATURES: usize = FEATURES.len();

/// Names of the features, in their order; weights and the training script refer to them.
pub const FEATURES: [&str; 77] = [
    "dice",
    "cover_short",
    "cover_long",
    "unmatched_least",
    "unmatched_most",
    "matched_weight",
    "best_matched_weight",
    "tokens_short",
    "tokens_long",
    "last_with_last",
    "first_with_first",
    "last_with_any_least",
    "last_with_any_most",
    "first_with_any_least",
    "first_with_any_most",
    "weakest_pair",
    "weakest_letters",
    "mean_letters",
    "mean_keys",
    "vowel_clash",
    "most_vowel_clash",
    "n_same",
    "n_skeleton",
    "n_near",
    "n_initial",
    "n_nickname",
    "n_joined",
    "crossings",
    "whole_letters",
    "whole_keys",
    "trigrams",
    "initials_left",
    "extra_first",
    "extra_last",
    "gender_clash",
    "kunya_in_one",
    "patronymic_in_one",
    "generation_clash",
    "worst_of_short",
    "second_worst_of_short",
    "worst_weight_of_short",
    "n_matched",
    "letters_short",
    "weight_short",
    "best_cover_least",
    "best_cover_most",
    "key_trigrams",
    "odds",
    "least_odds",
    "spelling_cost",
    "most_spelling_cost",
    "evidence",
    "left_odds",
    "left_in_both",
    "left_weight_in_both",
    "learned_cover_least",
    "learned_cover_most",
    "learned_worst_of_short",
    "learned_second_worst_of_short",
    "learned_first_first",
    "learned_last_last",
    "learned_first_any_least",
    "learned_first_any_most",
    "learned_last_any_least",
    "learned_last_any_most",
    "slavic_endings",
    "mean_length",
    "vowel_endings",
    "arabic",
    "rarest_matched",
    "rarity_matched",
    "rarest_left_least",
    "rarest_left_most",
    "rarity_left_least",
    "rarity_left_most",
    "rarest_matched_key",
    "rarity_matched_key",
];

/// The features of two aligned names; the same in either order of the names.
pub(super) fn features(a: &Name, b: &Name, alignment: &Alignment<'_>) -> [f32; N_FEATURES] {
    let (x, y) = (&alignment.a, &alignment.b);
    let (a_whole, b_whole) = (a.whole(), b.whole());
    let (a_whole_key, b_whole_key) = (a.whole_key(), b.whole_key());
    let weight = |tokens: &[Token]| tokens.iter().map(|token| token.weight).sum::<f32>();
    let (all_x, all_y) = (weight(x), weight(y));
    let mut sums = Sums::default();
    for pair in &alignment.pairs {
        let (token, other) = (&x[pair.a], &y[pair.b]);
        let (score, weight) = (pair.compared.score, 0.5 * (token.weight + other.weight));
        sums.matched_x += score * token.weight;
        sums.matched_y += score * other.weight;
        sums.best = sums.best.max(score * token.weight.min(other.weight));
        sums.weight += weight;
        sums.letters += weight * pair.compared.letters;
        sums.keys += weight * pair.compared.keys;
        sums.clash += weight * pair.compared.clash;
        sums.most_clash = sums.most_clash.max(pair.compared.clash);
        sums.weakest = sums.weakest.min(score);
        sums.weakest_letters = sums.weakest_letters.min(pair.compared.letters);
        sums.kinds[pair.compared.likeness as usize] += 1.0;
    }
    let (left_x, left_y) = (all_x - sums.matched_x, all_y - sums.matched_y);
    let x_is_short = all_x <= all_y;
    let worst = if x_is_short { Worst::new(x, &alignment.best_a) } else { Worst::new(y, &alignment.best_b) };
    let best =
        |tokens: &[Token], best: &[f32]| tokens.iter().zip(best).map(|(token, best)| token.weight * best).sum::<f32>();
    let of = |part: f32, all: f32| if all > 0.0 { part / all } else { 0.0 };
    let (best_x, best_y) = (of(best(x, &alignment.best_a), all_x), of(best(y, &alignment.best_b), all_y));
    let ends = Ends::new(alignment);
    let learned = Learned::new(alignment);
    let (rare_x, rare_y) = (Rarity::new(x, y), Rarity::new(y, x));
    let initials = |tokens: &[Token], best: &[f32]| {
        tokens.iter().zip(best).filter(|(token, best)| token.is_initial() && **best == 0.0).count() as f32
    };
    let mean = |sum: f32| if sums.weight > 0.0 { sum / sums.weight } else { 0.0 };
    let (cover_x, cover_y) = (of(sums.matched_x, all_x), of(sums.matched_y, all_y));
    let differ = |differ: bool| f32::from(u8::from(differ));
    [
        of(sums.matched_x + sums.matched_y, all_x + all_y),
        cover_x.max(cover_y),
        cover_x.min(cover_y),
        left_x.min(left_y),
        left_x.max(left_y),
        0.5 * (sums.matched_x + sums.matched_y),
        sums.best,
        x.len().min(y.len()) as f32,
        x.len().max(y.len()) as f32,
        ends.last_last,
        ends.first_first,
        ends.last_any.0,
        ends.last_any.1,
        ends.first_any.0,
        ends.first_any.1,
        if alignment.pairs.is_empty() { 0.0 } else { sums.weakest },
        if alignment.pairs.is_empty() { 0.0 } else { sums.weakest_letters },
        mean(sums.letters),
        mean(sums.keys),
        mean(sums.clash),
        sums.most_clash,
        sums.kinds[Likeness::Same as usize],
        sums.kinds[Likeness::Skeleton as usize],
        sums.kinds[Likeness::Near as usize],
        sums.kinds[Likeness::Initial as usize],
        sums.kinds[Likeness::Nickname as usize],
        f32::from(alignment.n_joined),
        crossings(alignment),
        ratio(&a_whole, &b_whole),
        ratio(&a_whole_key, &b_whole_key),
        trigram_dice(&a_whole, &b_whole),
        initials(x, &alignment.best_a) + initials(y, &alignment.best_b),
        differ(ends.extra_first),
        differ(ends.extra_last),
        differ(gender_clash(x, y)),
        differ(a.has_kunya != b.has_kunya),
        differ(a.has_patronymic != b.has_patronymic),
        differ(a.suffix().is_some() && b.suffix().is_some() && a.suffix() != b.suffix()),
        worst.score,
        worst.second,
        worst.weight,
        alignment.pairs.len() as f32,
        a_whole.len().min(b_whole.len()) as f32,
        all_x.min(all_y),
        best_x.min(best_y),
        best_x.max(best_y),
        trigram_dice(&a_whole_key, &b_whole_key),
        learned.odds,
        learned.least_odds,
        learned.cost,
        learned.most_cost,
        learned.evidence,
        learned.left_odds,
        learned.left_in_both,
        learned.left_weight,
        learned.cover.0.min(learned.cover.1),
        learned.cover.0.max(learned.cover.1),
        learned.worst,
        learned.second_worst,
        learned.first_first,
        learned.last_last,
        learned.first_any.0.min(learned.first_any.1),
        learned.first_any.0.max(learned.first_any.1),
        learned.last_any.0.min(learned.last_any.1),
        learned.last_any.0.max(learned.last_any.1),
        origin(x, y, is_slavic),
        (a_whole.len() + b_whole.len()) as f32 / (x.len() + y.len()).max(1) as f32,
        origin(x, y, |token| token.letters.bytes().last().is_some_and(|last| b"aeio".contains(last))),
        origin(x, y, |token| token.with_particle.is_some() || token.letters.text() == "abd"),
        rare_x.matched.max(rare_y.matched),
        0.5 * (rare_x.all_matched + rare_y.all_matched),
        rare_x.left.min(rare_y.left),
        rare_x.left.max(rare_y.left),
        rare_x.all_left.min(rare_y.all_left),
        rare_x.all_left.max(rare_y.all_left),
        rare_x.matched_key.max(rare_y.matched_key),
        0.5 * (rare_x.all_matched_keys + rare_y.all_matched_keys),
    ]
}

/// Sums and extremes over the aligned tokens.
struct Sums {
    matched_x: f32,
    matched_y: f32,
    best: f32,
    weight: f32,
    letters: f32,
    keys: f32,
    clash: f32,
    most_clash: f32,
    weakest: f32,
    weakest_letters: f32,
    kinds: [f32; 6],
}

impl Default for Sums {
    fn default() -> Self {
        Self {
            matched_x: 0.0,
            matched_y: 0.0,
            best: 0.0,
            weight: 0.0,
            letters: 0.0,
            keys: 0.0,
            clash: 0.0,
            most_clash: 0.0,
            weakest: 1.0,
            weakest_letters: 1.0,
            kinds: [0.0; 6],
        }
    }
}

/// Share of the tokens of both names with a mark of where the name is from.
fn origin(x: &[Token], y: &[Token], mark: impl Fn(&Token) -> bool) -> f32 {
    let marked = x.iter().chain(y).filter(|token| mark(token)).count();
    marked as f32 / (x.len() + y.len()).max(1) as f32
}

/// Whether a token ends as Slavic surnames and patronymics do.
fn is_slavic(token: &Token) -> bool {
    const ENDINGS: [&[u8]; 16] = [
        b"ov", b"ev", b"ova", b"eva", b"off", b"ich", b"vna", b"ski", b"sky", b"skiy", b"skyi", b"skaya", b"enko",
        b"in", b"yuk", b"chuk",
    ];
    ENDINGS.iter().any(|ending| token.letters.len() > 4 && token.letters.bytes().ends_with(ending))
}

/// The tokens of a name that fit the other name worst.
struct Worst {
    /// Lowest best score.
    score: f32,
    /// Lowest best score but one.
    second: f32,
    /// Weight of the token with the lowest.
    weight: f32,
}

impl Worst {
    fn new(tokens: &[Token], best: &[f32; MOST_TOKENS]) -> Self {
        let mut worst = Self { score: 1.0, second: 1.0, weight: 0.0 };
        for (token, &best) in tokens.iter().zip(best) {
            if best < worst.score {
                worst = Self { score: best, second: worst.score, weight: token.weight };
            } else {
                worst.second = worst.second.min(best);
            }
        }
        worst
    }
}

/// Number of pairs of aligned tokens that the two names have in opposite order.
fn crossings(alignment: &Alignment<'_>) -> f32 {
    let pairs = &alignment.pairs;
    let after = |at: usize| pairs[at + 1..].iter().filter(|other| other.b < pairs[at].b).count();
    (0..pairs.len()).map(after).sum::<usize>() as f32
}
