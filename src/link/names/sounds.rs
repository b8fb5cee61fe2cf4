//! How likely two tokens are to be spellings of one name, by their sounds.
//!
//! A token is read as letters and letter groups that write one sound. The log odds that two sounds stand for each other in spellings of
//! one name rather than by chance are learned from aligned tokens like substitution matrices of proteins (Henikoff and Henikoff, "Amino
//! acid substitution matrices from protein blocks", PNAS 1992), and the tokens are aligned anew with each matrix, as in Ristad and
//! Yianilos, "Learning string-edit distance" (PAMI 1998). The score of two tokens is that of their best alignment (Needleman and Wunsch,
//! 1970).

use serde::Deserialize;

use super::letters::Letters;

/// Letter groups that write one sound; numbered after the 26 letters.
const GROUPS: &[u8] = b"ch sh kh gh zh th dh ph ts dj dz cz sz ou ee oo ck ng";
const N_GROUPS: usize = GROUPS.len().div_ceil(3);
/// Sound of two letters that are a group; 0 for others.
const GROUP_OF: [u8; 1024] = {
    let mut sounds = [0; 1024];
    let mut at = 0;
    while at < N_GROUPS {
        sounds[place(GROUPS[3 * at], GROUPS[3 * at + 1])] = 27 + at as u8;
        at += 1;
    }
    sounds
};

const fn place(first: u8, second: u8) -> usize {
    ((first & 31) as usize) << 5 | (second & 31) as usize
}

/// Number of sounds, with 0 for no sound.
pub(super) const N_SOUNDS: usize = 27 + N_GROUPS;

/// Unit of the logarithms in the weights: hundredths.
const HUNDREDTHS: f32 = 100.0;

/// Sounds of a token, as numbers below [`N_SOUNDS`].
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Sounds {
    sounds: Letters,
    /// Natural logarithm of the probability of these sounds in any name.
    pub(super) chance: f32,
}

/// Learned log odds of sounds.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct SoundTable {
    log_odds: [[i32; N_SOUNDS]; N_SOUNDS],
    log_chance: [i32; N_SOUNDS],
}

/// The table as the weights have it: one row for each sound, with its log odds with no sound and with each sound up to itself.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawSounds {
    log_chance: Vec<i32>,
    log_odds: Vec<Vec<i32>>,
}

impl Default for SoundTable {
    fn default() -> Self {
        let mut table = Self { log_odds: [[-300; N_SOUNDS]; N_SOUNDS], log_chance: [-300; N_SOUNDS] };
        for sound in 1..N_SOUNDS {
            table.log_odds[sound][sound] = 250;
        }
        table
    }
}

impl SoundTable {
    /// `None` unless there is one row for each sound, with a number for each sound up to it.
    pub(super) fn new(raw: &RawSounds) -> Option<Self> {
        if raw.log_chance.is_empty() && raw.log_odds.is_empty() {
            return Some(Self::default());
        }
        let mut table = Self::default();
        if raw.log_chance.len() != N_SOUNDS || raw.log_odds.len() != N_SOUNDS {
            return None;
        }
        table.log_chance.copy_from_slice(&raw.log_chance);
        for (sound, row) in raw.log_odds.iter().enumerate() {
            if row.len() != sound + 1 {
                return None;
            }
            for (other, &log_odds) in row.iter().enumerate() {
                table.log_odds[sound][other] = log_odds;
                table.log_odds[other][sound] = log_odds;
            }
        }
        Some(table)
    }

    /// Sounds of lower-case letters a to z; a doubled letter is one sound.
    pub(super) fn read(&self, letters: &[u8]) -> Sounds {
        let mut sounds = Sounds::default();
        let mut at = 0;
        let mut last = 0;
        while at < letters.len() {
            let group = letters
                .get(at..at + 2)
                .and_then(|two| Some(GROUP_OF[place(two[0], two[1])]).filter(|&group| group > 0));
            let (sound, taken) = match group {
                Some(sound) => (sound, 2),
                None => (letters[at] - b'a' + 1, 1),
            };
            at += taken;
            if sound != last {
                sounds.sounds.push(sound);
                sounds.chance += self.log_chance[usize::from(sound)] as f32 / HUNDREDTHS;
            }
            last = sound;
        }
        sounds
    }

    /// Log odds of two equal tokens.
    pub(super) fn log_odds_of_same(&self, sounds: &Sounds) -> f32 {
        let own = |&sound: &u8| self.log_odds[usize::from(sound)][usize::from(sound)];
        sounds.sounds.bytes().iter().map(own).sum::<i32>() as f32 / HUNDREDTHS
    }

    /// Log odds that two tokens are spellings of one name rather than of two.
    pub(super) fn log_odds(&self, a: &Sounds, b: &Sounds) -> f32 {
        let (a, b) = (a.sounds.bytes(), b.sounds.bytes());
        let mut row = [0i32; Letters::MOST + 1];
        let mut gaps = [0i32; Letters::MOST + 1];
        for (at, &y) in b.iter().enumerate() {
            gaps[at] = self.log_odds[usize::from(y)][0];
            row[at + 1] = row[at] + gaps[at];
        }
        for &x in a {
            let odds = &self.log_odds[usize::from(x)];
            let gap = odds[0];
            let mut diagonal = row[0];
            let mut left = diagonal + gap;
            row[0] = left;
            for ((&y, cell), &other_gap) in b.iter().zip(&mut row[1..]).zip(&gaps) {
                let without_left = (diagonal + odds[usize::from(y)]).max(*cell + gap);
                diagonal = *cell;
                left = without_left.max(left + other_gap);
                *cell = left;
            }
        }
        row[b.len()] as f32 / HUNDREDTHS
    }
}
