//! A word of another script.

use super::table::{Script, Table, jamo};
use crate::link::names::letters::Letters;
use crate::link::names::skeleton::Skeleton;

/// Most units of a word. Names with more are rare.
const MOST: usize = 24;
/// Most skeleton keys of a word, the usual one included.
const MOST_KEYS: usize = 4;
/// Most readings that are followed at once.
const BEAM: usize = 12;
/// How much less likely than the best reading of a unit another one may be, in hundredths of a natural logarithm.
const RARER: i32 = 260;

/// A word cut into the units of its script.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::link::names) struct ScriptWord {
    pub(in crate::link::names) script: Script,
    units: [u16; MOST],
    len: u8,
}

impl ScriptWord {
    /// Cuts a word into units. None if a letter is of no script of the table, or of two.
    pub(in crate::link::names) fn cut(word: &str) -> Option<Self> {
        let table = Table::embedded();
        let mut text = String::with_capacity(word.len());
        for c in word.chars().filter(|&c| !is_mark(c)) {
            match jamo(c) {
                Some(parts) => text.extend(parts.into_iter().flatten()),
                None => text.push_str(table.fold(c.encode_utf8(&mut [0; 4]))),
            }
        }
        let mut found: Vec<&str> = Vec::with_capacity(MOST);
        let mut rest = text.as_str();
        while !rest.is_empty() {
            let ends = rest.char_indices().map(|(at, c)| at + c.len_utf8()).take(Table::LONGEST);
            let ends: Vec<usize> = ends.collect();
            let unit = ends.iter().rev().map(|&end| &rest[..end]).find(|unit| table.id(table.fold(unit)).is_some())?;
            found.push(table.fold(unit));
            rest = &rest[unit.len()..];
        }
        let n = found.len();
        let mut units = [0; MOST];
        if n == 0 || n > MOST {
            return None;
        }
        for (at, unit) in found.iter().enumerate() {
            let at_start = || table.id(&format!("^{unit}")).filter(|_| at == 0);
            let at_end = || table.id(&format!("{unit}$")).filter(|_| at + 1 == n && n > 1);
            units[at] = at_start().or_else(at_end).or_else(|| table.id(unit))?;
        }
        let script = table.unit(units[0]).script;
        let is_one = units[..n].iter().all(|&id| table.unit(id).script == script);
        is_one.then(|| Self { script, units, len: u8::try_from(n).expect("at most 24 units") })
    }

    pub(super) fn units(&self) -> &[u16] {
        &self.units[..usize::from(self.len)]
    }

    /// The usual reading in Latin letters.
    pub(in crate::link::names) fn reading(&self) -> Letters {
        let table = Table::embedded();
        let mut letters = Letters::default();
        for (at, &id) in self.units().iter().enumerate() {
            let unit = table.unit(id);
            unit.reading.bytes().for_each(|letter| letters.push(letter));
            // The inherent vowel.
            let next = self.units().get(at + 1).map(|&id| table.unit(id));
            if self.script == Script::Devanagari && !unit.is_vowel && next.is_some_and(|next| !next.is_vowel) {
                letters.push(b'a');
            }
        }
        letters
    }

    /// The word without the article of Arabic before it. None if it has none, or little else.
    pub(in crate::link::names) fn after_article(&self) -> Option<Self> {
        let table = Table::embedded();
        let is = |at: usize, letter: &str| table.name(self.units()[at]).trim_start_matches('^') == letter;
        (self.script == Script::Arabic && self.len >= 4 && is(0, "ا") && is(1, "ل")).then(|| self.without(2))
    }

    /// The first units of the word.
    pub(in crate::link::names) fn start(&self, n: usize) -> Self {
        Self { len: self.len.min(u8::try_from(n).unwrap_or(u8::MAX)), ..*self }
    }

    /// The word without its first units.
    pub(in crate::link::names) fn without(&self, n: usize) -> Self {
        let mut rest = Self { units: [0; MOST], len: 0, ..*self };
        let kept = self.units().get(n..).unwrap_or_default();
        rest.units[..kept.len()].copy_from_slice(kept);
        rest.len = u8::try_from(kept.len()).expect("at most 24 units");
        rest
    }

    /// This word and the next as one, if it is not too long.
    pub(in crate::link::names) fn join(&self, next: &Self) -> Option<Self> {
        let (n, more) = (usize::from(self.len), usize::from(next.len));
        if n + more > MOST || self.script != next.script {
            return None;
        }
        let mut joined = *self;
        joined.units[n..n + more].copy_from_slice(next.units());
        joined.len += next.len;
        Some(joined)
    }

    /// Skeleton keys of the likeliest readings, the usual one first.
    pub(in crate::link::names) fn keys(&self) -> Vec<Letters> {
        let table = Table::embedded();
        let mut readings: Vec<(i32, Letters)> = vec![(0, Letters::default())];
        for &id in self.units() {
            let unit = table.unit(id);
            let best = unit.arcs.iter().map(|arc| arc.cost).min().unwrap_or_default();
            let likely = || unit.arcs.iter().filter(|arc| arc.cost <= best + RARER);
            let mut next: Vec<(i32, Letters)> = Vec::with_capacity(BEAM * 4);
            for (cost, letters) in &readings {
                next.extend(likely().map(|arc| {
                    let mut longer = *letters;
                    arc.letters().iter().for_each(|&letter| longer.push(letter));
                    (cost + arc.cost, longer)
                }));
            }
            // Readings of one skeleton are one.
            next.sort_by_key(|(cost, letters)| (*cost, *letters));
            let mut seen: Vec<Letters> = Vec::with_capacity(BEAM);
            next.retain(|(_, letters)| {
                let key = Skeleton::new(letters.bytes()).key;
                let is_new = seen.len() < BEAM && !seen.contains(&key);
                if is_new {
                    seen.push(key);
                }
                is_new
            });
            readings = next;
        }
        let mut keys = vec![Skeleton::new(self.reading().bytes()).key];
        for (_, letters) in &readings {
            let key = Skeleton::new(letters.bytes()).key;
            if keys.len() < MOST_KEYS && key.len() > 0 && !keys.contains(&key) {
                keys.push(key);
            }
        }
        keys
    }
}

/// Whether a character is a vowel mark, an accent or invisible.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{591}'..='\u{5c7}' | '\u{610}'..='\u{61a}' | '\u{640}' | '\u{64b}'..='\u{65f}' | '\u{670}'
        | '\u{951}'..='\u{954}' | '\u{200b}'..='\u{200f}' | '\u{ad}' | '\u{2066}'..='\u{2069}' | '\u{202a}'..='\u{202e}')
}
