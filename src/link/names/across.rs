//! Names in two scripts: the reading of one that is nearest to the other.
//!
//! Each word of another script is held against the parts of the other name, and read as the part that it fits best: where its letters can be
//! written so, it has the letters of that part, elsewhere its usual ones. Names so read are compared as Latin ones are; how well the
//! letters fit decides with it.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use super::alignment::MOST_TOKENS;
use super::frequency::Frequencies;
use super::letters::Letters;
use super::name::Name;
use super::scripts::{Fit, Script, ScriptWord, fit};
use super::token::Token;
use crate::link::logistic::Logistic;

/// Number of features of two names in two scripts.
pub const N_ACROSS: usize = ACROSS.len();

/// Names of the features, in the order of the weights.
pub const ACROSS: [&str; 8] =
    ["latin", "odds", "worst_cost", "mean_cost", "unread", "least_odds", "errors", "unread_of_other"];

/// Largest log odds of the names as read that count.
const MOST_LOGIT: f32 = 12.0;
/// Cost of a letter in names of which no part fits.
const WORST_COST: f32 = 6.0;

/// Two names, one of which is read as the other has it.
#[derive(Clone, Debug)]
pub(super) struct Across {
    pub(super) a: Name,
    pub(super) b: Name,
    script: Script,
    features: [f32; N_ACROSS],
}

impl Across {
    /// Reads the name that is in another script than the other. None for two names in Latin letters, or in letters of one script that
    /// the comparison of readings tells apart.
    pub(super) fn find(a: &Name, b: &Name, frequencies: &Frequencies) -> Option<Self> {
        let read_a = || Reading::new(a, b, frequencies).map(|read| read.with(b.clone(), false));
        let read_b = || Reading::new(b, a, frequencies).map(|read| read.with(a.clone(), true));
        match (a.script(), b.script()) {
            (None, None) => None,
            (Some(_), None) => read_a(),
            (None, Some(_)) => read_b(),
            (Some(one), Some(other)) if one == other && (!one.is_bare() || a.has_keys_of(b)) => None,
            (Some(one), Some(other)) if one.is_bare() && !other.is_bare() => read_a(),
            (Some(one), Some(other)) if other.is_bare() && !one.is_bare() => read_b(),
            // What fits in one direction only leaves letters out.
            _ => {
                let (one, other) = (read_a()?, read_b()?);
                let odds = |read: &Self| read.features[1];
                // Of two that fit as well, the same one in either order of the names.
                let by_odds = odds(&other).total_cmp(&odds(&one));
                let is_other = by_odds.is_lt() || by_odds.is_eq() && a.is_after(b);
                Some(if is_other { other } else { one })
            }
        }
    }

    /// The features, of names whose log odds as Latin ones are these.
    pub(super) fn features(&self, logit: f32) -> [f32; N_ACROSS] {
        let mut features = self.features;
        features[0] = logit.clamp(-MOST_LOGIT, MOST_LOGIT);
        features
    }

    /// The log odds of names whose log odds as Latin ones are these.
    pub(super) fn logit(&self, logit: f32) -> f32 {
        let of_script = Weights::embedded().scripts.get(self.script.name());
        of_script.map_or(logit, |of_script| of_script.log_odds(&self.features(logit)))
    }
}

/// Weights of the log odds, fitted by `models/train/script_pairs.py`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Weights {
    #[serde(rename = "about")]
    _about: String,
    features: Vec<String>,
    scripts: BTreeMap<String, Logistic<N_ACROSS>>,
}

impl Weights {
    fn embedded() -> &'static Self {
        static WEIGHTS: LazyLock<Weights> = LazyLock::new(|| {
            let json = include_str!("../../../models/link/scripts/weights.json");
            let weights: Weights = serde_json::from_str(json).expect("the embedded weights are tested");
            assert_eq!(weights.features, ACROSS, "the embedded weights are tested");
            weights
        });
        &WEIGHTS
    }
}

/// A name as read.
struct Reading {
    name: Name,
    script: Script,
    features: [f32; N_ACROSS],
}

impl Reading {
    fn new(native: &Name, other: &Name, frequencies: &Frequencies) -> Option<Self> {
        let script = native.script()?;
        let parts = native.tokens.len().min(MOST_TOKENS);
        let others = &other.tokens[..other.tokens.len().min(MOST_TOKENS)];
        let chosen = choose(candidates(native, parts, others));
        let mut tokens: Vec<Token> = Vec::with_capacity(parts + 1);
        let mut at = 0;
        while at < native.tokens.len() {
            let Some(found) = chosen.iter().find(|found| found.at == at) else {
                tokens.push(native.tokens[at].clone());
                at += 1;
                continue;
            };
            let letters = found.fit.reading.bytes();
            let (first, second) = letters.split_at(if found.n_others == 2 { found.fit.before_cut } else { 0 });
            for letters in [first, second].into_iter().filter(|letters| !letters.is_empty()) {
                let token = Token::new(Letters::new(letters), frequencies);
                tokens.push(token.read(others[found.other].unwritten, None));
            }
            at += found.n;
        }
        let features = measure(native, parts, others, &chosen);
        Some(Self { name: native.with_tokens(tokens), script, features })
    }

    fn with(self, other: Name, is_second: bool) -> Across {
        let Self { name, script, features } = self;
        let (a, b) = if is_second { (other, name) } else { (name, other) };
        Across { a, b, script, features }
    }
}

/// Words of one name that may be parts of the other.
#[derive(Clone, Copy)]
struct Candidate {
    at: usize,
    n: usize,
    other: usize,
    n_others: usize,
    fit: Fit,
}

/// Each word, and each two neighbours as one, with each part of the other name, and each two neighbours as one.
fn candidates(native: &Name, parts: usize, others: &[Token]) -> Vec<Candidate> {
    let mut found = Vec::with_capacity(parts * others.len() * 3);
    for at in 0..parts {
        let Some(word) = native.foreign(at) else { continue };
        let joined = (at + 1 < parts).then(|| word.join(native.foreign(at + 1)?)).flatten();
        for (other, token) in others.iter().enumerate() {
            if token.is_initial() || native.tokens[at].is_initial() {
                continue;
            }
            let letters = token.letters.bytes();
            found.push(Candidate { at, n: 1, other, n_others: 1, fit: best(word, letters, letters.len()) });
            if let Some(joined) = &joined {
                found.push(Candidate { at, n: 2, other, n_others: 1, fit: fit(joined, letters, letters.len()) });
            }
            if let Some(next) = others.get(other + 1).filter(|next| !next.is_initial()) {
                let both = token.joined_letters(next);
                let fit = best(word, both.bytes(), letters.len());
                found.push(Candidate { at, n: 1, other, n_others: 2, fit });
            }
        }
    }
    found
}

/// The better fit of a word with its article and without.
fn best(word: &ScriptWord, letters: &[u8], cut: usize) -> Fit {
    let whole = fit(word, letters, cut);
    match word.after_article().map(|rest| fit(&rest, letters, cut)) {
        Some(rest) if rest.odds > whole.odds => rest,
        _ => whole,
    }
}

/// The best candidates that share no word and no part.
fn choose(mut candidates: Vec<Candidate>) -> Vec<Candidate> {
    candidates.retain(|candidate| candidate.fit.odds > 0.0);
    candidates.sort_by(|a, b| {
        let place = |it: &Candidate| (it.n + it.n_others, it.at.abs_diff(it.other), it.at, it.other);
        b.fit.odds.total_cmp(&a.fit.odds).then_with(|| place(a).cmp(&place(b)))
    });
    let mut chosen: Vec<Candidate> = Vec::with_capacity(4);
    for candidate in candidates {
        let overlap = |a: usize, n: usize, b: usize, m: usize| a < b + m && b < a + n;
        let is_free = |taken: &Candidate| {
            !overlap(taken.at, taken.n, candidate.at, candidate.n)
                && !overlap(taken.other, taken.n_others, candidate.other, candidate.n_others)
        };
        if chosen.iter().all(is_free) {
            chosen.push(candidate);
        }
    }
    chosen
}

/// What the chosen fits say; the first feature is left for the names as read.
fn measure(native: &Name, parts: usize, others: &[Token], chosen: &[Candidate]) -> [f32; N_ACROSS] {
    let n_letters = |it: &Candidate| -> f32 {
        others[it.other..it.other + it.n_others].iter().map(|token| token.letters.len()).sum::<usize>() as f32
    };
    let letters: f32 = chosen.iter().map(n_letters).sum();
    let cost: f32 = chosen.iter().map(|it| it.fit.cost * n_letters(it)).sum();
    let worst = chosen.iter().map(|it| it.fit.cost).fold(0.0, f32::max);
    let least = chosen.iter().map(|it| it.fit.odds).fold(f32::INFINITY, f32::min);
    let unread = (0..parts).filter(|&at| native.foreign(at).is_some() && !native.tokens[at].is_initial());
    let unread = unread.filter(|&at| !chosen.iter().any(|it| (it.at..it.at + it.n).contains(&at))).count();
    let of_other = others.iter().enumerate().filter(|(_, token)| !token.is_initial());
    let of_other = of_other.filter(|(at, _)| !chosen.iter().any(|it| (it.other..it.other + it.n_others).contains(at)));
    let none = chosen.is_empty();
    [
        0.0,
        chosen.iter().map(|it| it.fit.odds).sum::<f32>().min(60.0) / 10.0,
        if none { WORST_COST } else { worst },
        if none { WORST_COST } else { cost / letters.max(1.0) },
        unread as f32,
        if none { 0.0 } else { least.min(30.0) / 10.0 },
        chosen.iter().map(|it| f32::from(it.fit.errors)).sum(),
        of_other.count() as f32,
    ]
}
