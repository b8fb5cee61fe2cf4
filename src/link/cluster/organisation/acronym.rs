//! Acronyms of organisations.
//!
//! Only 36 % of the official abbreviations of 678 international bodies are plain initials. An acronym that the text defines is therefore
//! checked less strictly than one that merely fits.

use crate::lexicon::Lexicon;

/// Whether an acronym that the text defines can stand for a name: the name has its letters in their order, the first one begins a word,
/// and so do at least half of them.
pub(in crate::link::cluster) fn is_abbreviation(short: &str, full: &str) -> bool {
    let letters: Vec<char> = short.chars().filter(|c| c.is_alphanumeric()).collect();
    let n = letters.len();
    if n < 2 || full.chars().count() <= n + 1 {
        return false;
    }
    let words: Vec<Vec<char>> = full.split(' ').map(|word| word.chars().collect()).collect();
    let places: Vec<(usize, usize)> = (0..words.len()).flat_map(|w| (0..words[w].len()).map(move |c| (w, c))).collect();
    // best[p]: most words begun by a match of the letters so far that ends at place p.
    let mut best: Vec<Option<usize>> = vec![None; places.len()];
    for (nth, letter) in letters.iter().enumerate() {
        let mut next = vec![None; places.len()];
        let mut before: Option<usize> = if nth == 0 { Some(0) } else { None };
        for (p, &(w, c)) in places.iter().enumerate() {
            let starts = c == 0;
            if words[w][c] == *letter && (nth > 0 || starts) {
                next[p] = before.map(|n| n + usize::from(starts));
            }
            if nth > 0 {
                before = before.max(best[p]);
            }
        }
        best = next;
    }
    best.into_iter().flatten().max().is_some_and(|starts| 2 * starts >= n)
}

/// The initials of a name of two words or more: of all words, and without those that acronyms leave out.
pub(super) fn initials(words: &[&str]) -> Vec<String> {
    if words.len() < 2 {
        return Vec::new();
    }
    let first = |words: &[&str]| words.iter().filter_map(|word| word.chars().next()).collect::<String>();
    let content: Vec<&str> = words.iter().copied().filter(|word| !Lexicon::english().is_left_out(word)).collect();
    let mut found = vec![first(words)];
    if content.len() >= 2 {
        found.push(first(&content));
    }
    found.dedup();
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn abbreviations_need_their_letters_in_order() {
        for (short, full, want) in [
            ("eco", "economic cooperation organization", true),
            ("interpol", "international criminal police organization", false),
            ("boa", "bank of america", true),
            ("unesco", "united nations educational scientific and cultural organization", true),
            ("eco", "statutory regulatory order", false),
            ("left", "pakistan muslim league", false),
        ] {
            assert_eq!(is_abbreviation(short, full), want, "{short} {full}");
        }
    }
}
