//! What numbers say whether two names are one person's?

use super::alignment::{Alignment, MOST_TOKENS};
use super::distance::{ratio, trigram_dice};
use super::likeness::Likeness;
use super::name::{Name, Token};

/// How many numbers there are.
pub const N_FEATURES: usize = FEATURES.len();

/// The names of the numbers, in their order; the training script and the weights use them.
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

/// The numbers of two aligned names; the same whichever comes first.
pub(super) fn features(a: &Name, b: &Name, alignment: &Alignment<'_>) -> [f32; N_FEATURES] {
    let (x, y) = (&alignment.a, &alignment.b);
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
    let (worst, second_worst, worst_weight) =
        if x_is_short { worst(x, &alignment.best_a) } else { worst(y, &alignment.best_b) };
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
        ratio(&a.whole, &b.whole),
        ratio(&a.whole_key, &b.whole_key),
        trigram_dice(&a.whole, &b.whole),
        initials(x, &alignment.best_a) + initials(y, &alignment.best_b),
        differ(ends.extra_first),
        differ(ends.extra_last),
        differ(gender_clash(x, y)),
        differ(a.has_kunya != b.has_kunya),
        differ(a.has_patronymic != b.has_patronymic),
        differ(a.suffix.is_some() && b.suffix.is_some() && a.suffix != b.suffix),
        worst,
        second_worst,
        worst_weight,
        alignment.pairs.len() as f32,
        a.whole.len().min(b.whole.len()) as f32,
        all_x.min(all_y),
        best_x.min(best_y),
        best_x.max(best_y),
        trigram_dice(&a.whole_key, &b.whole_key),
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
        (a.whole.len() + b.whole.len()) as f32 / (x.len() + y.len()).max(1) as f32,
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

/// What the first and last tokens say.
struct Ends {
    last_last: f32,
    first_first: f32,
    last_any: (f32, f32),
    first_any: (f32, f32),
    extra_first: bool,
    extra_last: bool,
}

impl Ends {
    fn new(alignment: &Alignment<'_>) -> Self {
        let (n, m) = (alignment.a.len(), alignment.b.len());
        if n == 0 || m == 0 {
            let none = (0.0, 0.0);
            return Self {
                last_last: 0.0,
                first_first: 0.0,
                last_any: none,
                first_any: none,
                extra_first: false,
                extra_last: false,
            };
        }
        let score = |at: usize, other: usize| {
            alignment.pairs.iter().find(|pair| pair.a == at && pair.b == other).map_or(0.0, |pair| pair.compared.score)
        };
        let both = |one: f32, other: f32| (one.min(other), one.max(other));
        let (first_a, first_b) = (alignment.of_a(0), alignment.of_b(0));
        let (last_a, last_b) = (alignment.of_a(n - 1), alignment.of_b(m - 1));
        Self {
            last_last: score(n - 1, m - 1),
            first_first: score(0, 0),
            last_any: both(alignment.best_a[n - 1], alignment.best_b[m - 1]),
            first_any: both(alignment.best_a[0], alignment.best_b[0]),
            extra_first: first_a.is_some_and(|pair| pair.b > 0) && first_b.is_none()
                || first_b.is_some_and(|pair| pair.a > 0) && first_a.is_none(),
            extra_last: last_a.is_some_and(|pair| pair.b + 1 < m) && last_b.is_none()
                || last_b.is_some_and(|pair| pair.a + 1 < n) && last_a.is_none(),
        }
    }
}

/// The share of tokens of both names that have a mark of where the name is from.
fn origin(x: &[Token], y: &[Token], mark: impl Fn(&Token) -> bool) -> f32 {
    let marked = x.iter().chain(y).filter(|token| mark(token)).count();
    marked as f32 / (x.len() + y.len()).max(1) as f32
}

/// Endings of Slavic surnames and patronymics.
fn is_slavic(token: &Token) -> bool {
    const ENDINGS: [&[u8]; 16] = [
        b"ov", b"ev", b"ova", b"eva", b"off", b"ich", b"vna", b"ski", b"sky", b"skiy", b"skyi", b"skaya", b"enko",
        b"in", b"yuk", b"chuk",
    ];
    ENDINGS.iter().any(|ending| token.letters.len() > 4 && token.letters.bytes().ends_with(ending))
}

/// How rare in the world are the tokens whose key the other name has too, and those that it lacks? The rarest of them, and all together.
struct Rarity {
    matched: f32,
    all_matched: f32,
    left: f32,
    all_left: f32,
    matched_key: f32,
    all_matched_keys: f32,
}

impl Rarity {
    /// Below the rarity of every token.
    const NONE: f32 = -12.0;
    /// What a token that is no name counts in sums; the commonest counts about nothing.
    const MOST: f32 = 10.0;

    fn new(tokens: &[Token], others: &[Token]) -> Self {
        let mut rarity = Self {
            matched: Self::NONE,
            all_matched: 0.0,
            left: Self::NONE,
            all_left: 0.0,
            matched_key: Self::NONE,
            all_matched_keys: 0.0,
        };
        for token in tokens.iter().filter(|token| !token.is_initial()) {
            let is_same = |other: &Token| !other.is_initial() && other.skeleton.key == token.skeleton.key;
            if others.iter().any(is_same) {
                rarity.matched = rarity.matched.max(-token.common);
                rarity.all_matched += Self::MOST - token.common;
                rarity.matched_key = rarity.matched_key.max(-token.common_key);
                rarity.all_matched_keys += Self::MOST - token.common_key;
            } else {
                rarity.left = rarity.left.max(-token.common);
                rarity.all_left += Self::MOST - token.common;
            }
        }
        rarity
    }
}

/// What the table of sounds says.
#[derive(Default)]
struct Learned {
    odds: f32,
    least_odds: f32,
    cost: f32,
    most_cost: f32,
    evidence: f32,
    left_odds: f32,
    left_in_both: f32,
    left_weight: f32,
    cover: (f32, f32),
    worst: f32,
    second_worst: f32,
    first_first: f32,
    last_last: f32,
    first_any: (f32, f32),
    last_any: (f32, f32),
}

impl Learned {
    fn new(alignment: &Alignment<'_>) -> Self {
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

/// The two least best scores of the tokens of the shorter name, and the weight of the worst.
fn worst(tokens: &[Token], best: &[f32; MOST_TOKENS]) -> (f32, f32, f32) {
    let (mut worst, mut second, mut weight) = (1.0f32, 1.0f32, 0.0);
    for (token, &best) in tokens.iter().zip(best) {
        if best < worst {
            second = worst;
            worst = best;
            weight = token.weight;
        } else {
            second = second.min(best);
        }
    }
    (worst, second, weight)
}

/// Pairs of pairs whose order the other name turns round.
fn crossings(alignment: &Alignment<'_>) -> f32 {
    let pairs = &alignment.pairs;
    let after = |at: usize| pairs[at + 1..].iter().filter(|other| other.b < pairs[at].b).count();
    (0..pairs.len()).map(after).sum::<usize>() as f32
}

/// Whether the first given names are known to be of a man and of a woman.
pub(super) fn gender_clash(a: &[Token], b: &[Token]) -> bool {
    let gender = |tokens: &[Token]| tokens.first().filter(|_| tokens.len() > 1)?.given?.gender;
    gender(a).zip(gender(b)).is_some_and(|(a, b)| a != b)
}
