//! Distances between strings of letters: Myers' bit-parallel Levenshtein distance ("A fast bit-vector algorithm for approximate string
//! matching", JACM 1999) for up to 64 letters, and the Dice coefficient of letter trigrams.

/// Letters of a string that are compared; longer ones are cut.
pub(super) const LONGEST: usize = 64;

/// 1 minus the edit distance over the length of the longer string: 1 for equal strings, 0 if no letter can be kept.
pub(super) fn ratio(a: &[u8], b: &[u8]) -> f32 {
    let longest = a.len().max(b.len()).min(LONGEST);
    if longest == 0 {
        return 0.0;
    }
    1.0 - levenshtein(a, b) as f32 / longest as f32
}

/// Edit distance: fewest insertions, deletions and substitutions of lower-case letters.
pub(super) fn levenshtein(a: &[u8], b: &[u8]) -> u32 {
    let (a, b) = (&a[..a.len().min(LONGEST)], &b[..b.len().min(LONGEST)]);
    if a.is_empty() || b.is_empty() {
        return a.len().max(b.len()) as u32;
    }
    let mut places = [0u64; 32];
    for (at, &letter) in a.iter().enumerate() {
        places[usize::from(letter & 31)] |= 1 << at;
    }
    let top = 1u64 << (a.len() - 1);
    let (mut plus, mut minus, mut distance) = (!0u64, 0u64, a.len() as u32);
    for &letter in b {
        let equal = places[usize::from(letter & 31)];
        let vertical = equal | minus;
        let horizontal = (((equal & plus).wrapping_add(plus)) ^ plus) | equal;
        let mut up = minus | !(horizontal | plus);
        let mut down = plus & horizontal;
        distance += u32::from(up & top != 0);
        distance -= u32::from(down & top != 0);
        up = (up << 1) | 1;
        down <<= 1;
        plus = down | !(vertical | up);
        minus = up & vertical;
    }
    distance
}

/// Dice coefficient of the trigrams of two strings, as sets of 512 hashed places.
pub(super) fn trigram_dice(a: &[u8], b: &[u8]) -> f32 {
    let (a, b) = (trigrams(a), trigrams(b));
    let count = |set: &[u64; 8]| set.iter().map(|word| word.count_ones()).sum::<u32>();
    let common: u32 = a.iter().zip(&b).map(|(a, b)| (a & b).count_ones()).sum();
    let all = count(&a) + count(&b);
    if all == 0 { 0.0 } else { 2.0 * common as f32 / all as f32 }
}

fn trigrams(text: &[u8]) -> [u64; 8] {
    let mut set = [0u64; 8];
    for three in text.windows(3) {
        let code = three.iter().fold(0u32, |code, &letter| code * 31 + u32::from(letter & 31));
        let place = (code.wrapping_mul(2_654_435_761) >> 23) as usize;
        set[place / 64] |= 1 << (place % 64);
    }
    set
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The textbook algorithm, as the oracle.
    fn by_table(a: &[u8], b: &[u8]) -> u32 {
        let mut row: Vec<u32> = (0..=b.len() as u32).collect();
        for (i, x) in a.iter().enumerate() {
            let mut diagonal = row[0];
            row[0] = i as u32 + 1;
            for (j, y) in b.iter().enumerate() {
                let best = (diagonal + u32::from(x != y)).min(row[j] + 1).min(row[j + 1] + 1);
                diagonal = row[j + 1];
                row[j + 1] = best;
            }
        }
        row[b.len()]
    }

    proptest! {
        #[test]
        fn the_bit_vectors_count_as_the_table(a in "[a-e]{0,64}", b in "[a-e]{0,64}") {
            prop_assert_eq!(levenshtein(a.as_bytes(), b.as_bytes()), by_table(a.as_bytes(), b.as_bytes()));
        }
    }

    #[test]
    fn trigrams_are_shared() {
        assert_eq!(trigram_dice(b"imran", b"imran"), 1.0);
        assert_eq!(trigram_dice(b"imran", b"xyz"), 0.0);
        assert_eq!(trigram_dice(b"", b""), 0.0);
        // imr mra ran / imr mri: one of five, twice.
        assert_eq!(trigram_dice(b"imran", b"imri"), 2.0 / 5.0);
    }
}
