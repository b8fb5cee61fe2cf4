//! How well Latin letters fit a word of another script.

use super::table::{Before, Gap, Script, Table};
use super::word::ScriptWord;
use crate::link::names::letters::Letters;

/// Cost of a unit that is written as something else, in hundredths of a natural logarithm.
const OTHER: i32 = 650;
/// Cost of a Latin letter that no unit is written as.
const EXTRA: i32 = 480;
/// Cost of what cannot be.
const NEVER: i32 = i32::MAX / 4;

/// A word and the Latin letters that it is held against.
#[derive(Clone, Copy, Debug)]
pub(in crate::link::names) struct Fit {
    /// How much likelier the letters are as a spelling of the word than by themselves: a natural logarithm.
    pub(in crate::link::names) odds: f32,
    /// What a letter costs on average, a natural logarithm.
    pub(in crate::link::names) cost: f32,
    /// Units and letters that do not fit.
    pub(in crate::link::names) errors: u8,
    /// The reading of the word that is nearest to the letters: where they fit, the letters.
    pub(in crate::link::names) reading: Letters,
    /// Number of letters of the reading that stand for those before the cut.
    pub(in crate::link::names) before_cut: usize,
}

/// One step of the best way to a place.
#[derive(Clone, Copy)]
struct Step {
    cost: i32,
    /// Number of letters before the step.
    from: u8,
    /// Number of rows that it goes on by: more than one for a syllable.
    rows: u8,
    is_error: bool,
}

const NO_STEP: Step = Step { cost: NEVER, from: 0, rows: 1, is_error: false };

/// Finds the best way to write a word with some letters. `cut` is a number of letters, up to which those of the reading are counted.
pub(in crate::link::names) fn fit(word: &ScriptWord, letters: &[u8], cut: usize) -> Fit {
    let table = Table::embedded();
    let (units, m) = (word.units(), letters.len().min(Letters::MOST));
    let letters = &letters[..m];
    // Two rows for each unit: after its letters, and after those that no unit writes.
    let mut rows: Vec<[Step; Letters::MOST + 1]> = vec![[NO_STEP; Letters::MOST + 1]; 2 * units.len() + 1];
    rows[0][0].cost = 0;
    for (at, &id) in units.iter().enumerate() {
        let unit = table.unit(id);
        let syllable = if word.script == Script::Hangul { table.syllable(&units[at..]) } else { None };
        let before = match units.get(at + 1).map(|&id| table.unit(id).is_vowel) {
            None => Before::End,
            Some(true) => Before::Vowel,
            Some(false) => Before::Consonant,
        };
        let gap = table.gap(word.script, Gap { after_vowel: unit.is_vowel, before });
        for (row, arcs, is_unit) in [(2 * at, unit.arcs.as_slice(), true), (2 * at + 1, gap, false)] {
            for from in 0..=m {
                let so_far = rows[row][from].cost;
                if so_far >= NEVER {
                    continue;
                }
                let rest = &letters[from..];
                let mut reach_row = |n_rows: usize, n: usize, cost: i32, is_error: bool| {
                    let step = &mut rows[row + n_rows][from + n];
                    if so_far + cost < step.cost {
                        *step = Step { cost: so_far + cost, from: from as u8, rows: n_rows as u8, is_error };
                    }
                };
                if let (true, Some((n_units, arcs))) = (is_unit, syllable) {
                    for arc in arcs.iter().filter(|arc| rest.starts_with(arc.letters())) {
                        reach_row(2 * n_units - 1, arc.letters().len(), arc.cost, false);
                    }
                }
                let mut reach = |n, cost, is_error| reach_row(1, n, cost, is_error);
                for arc in arcs.iter().filter(|arc| rest.starts_with(arc.letters())) {
                    reach(arc.letters().len(), arc.cost, false);
                }
                if is_unit {
                    reach(0, OTHER, true);
                } else {
                    (0..=rest.len().min(3)).for_each(|n| reach(n, EXTRA * n as i32, n > 0));
                }
            }
        }
    }
    // Letters that are left at the end.
    let last = rows.len() - 1;
    let (end, cost) = (0..=m)
        .map(|end| (end, rows[last][end].cost + EXTRA * (m - end) as i32))
        .min_by_key(|&(end, cost)| (cost, std::cmp::Reverse(end)))
        .unwrap_or_default();
    let mut steps: Vec<(usize, usize, usize, bool)> = Vec::with_capacity(last);
    let (mut row, mut to) = (last, end);
    while row > 0 {
        let step = rows[row][to];
        row -= usize::from(step.rows);
        steps.push((row, usize::from(step.from), to, step.is_error));
        to = usize::from(step.from);
    }
    let (mut reading, mut before_cut, mut errors) = (Letters::default(), 0, m - end);
    for &(row, from, to, is_error) in steps.iter().rev() {
        if !is_error {
            letters[from..to].iter().for_each(|&letter| reading.push(letter));
        } else if row % 2 == 0 {
            table.unit(units[row / 2]).reading.bytes().for_each(|letter| reading.push(letter));
        }
        errors += usize::from(is_error) * (to - from).max(1);
        if to <= cut {
            before_cut = reading.len();
        }
    }
    Fit {
        odds: (table.by_itself(letters) - cost) as f32 / 100.0,
        cost: cost as f32 / (100 * m.max(1)) as f32,
        errors: u8::try_from(errors).unwrap_or(u8::MAX),
        reading,
        before_cut,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fit_of(word: &str, letters: &str) -> Fit {
        fit(&ScriptWord::cut(word).expect("a word of a script"), letters.as_bytes(), 0)
    }

    #[test]
    fn a_syllable_of_hangul_is_read_as_a_whole_or_by_its_letters() {
        let [whole, letters] = ["jin", "djin"].map(|letters| fit_of("진", letters));
        assert!(whole.errors == 0 && whole.odds > letters.odds, "{whole:?} {letters:?}");
        // As Koreans read the Chinese characters of Ming.
        assert!(fit_of("명", "ming").odds > 3.0);
        // No name of the table has this spelling of the syllable.
        let rare = fit_of("덕수", "ducksoo");
        assert!(rare.errors == 0 && rare.odds > 3.0, "{rare:?}");
    }
}
