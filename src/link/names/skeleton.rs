//! Transliteration skeletons: the letters of a token that survive another transliteration.
//!
//! The key has one letter for all those that romanisations of Arabic, Persian, Urdu, Turkish, Cyrillic and Indic names use for one another,
//! and no vowel, `h` or `y` after the first letter. The dropped vowels are kept as classes, because the key alone would merge Khomeini and
//! Khamenei, Hasan and Hussain.

use super::letters::Letters;

/// The consonants of a token and the vowels between them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Skeleton {
    /// Consonants, and `a` for an initial vowel.
    pub(super) key: Letters,
    /// Vowels after each letter of the key, as a set of [`A`], [`E`], [`I`], [`O`] and [`U`].
    vowels: [u8; Letters::MOST],
}

const A: u8 = 1;
const E: u8 = 2;
const I: u8 = 4;
const O: u8 = 8;
const U: u8 = 16;

impl Skeleton {
    /// The skeleton of lower-case letters a to z.
    pub(super) fn new(letters: &[u8]) -> Self {
        let mut skeleton = Self::default();
        let mut at = 0;
        // Doubled letters are one only if nothing is between them: Muhammad keeps both.
        let mut last = 0;
        while at < letters.len() {
            let (consonant, taken) = read(letters, at);
            match consonant {
                Sound::Vowel(class) => {
                    if at == 0 {
                        skeleton.key.push(b'a');
                    }
                    skeleton.add_vowel(class);
                    last = 0;
                }
                Sound::Silent => last = 0,
                Sound::Consonant(consonant) => {
                    if consonant != last {
                        skeleton.key.push(consonant);
                    }
                    last = consonant;
                }
                Sound::Two(first, second) => {
                    if first != last {
                        skeleton.key.push(first);
                    }
                    skeleton.key.push(second);
                    last = second;
                }
            }
            at += taken;
        }
        skeleton
    }

    /// The key of this token and the next as one token.
    pub(super) fn joined_key(&self, next: &Self) -> Letters {
        let mut key = self.key;
        let tail = next.key.bytes();
        let starts_with_vowel = tail.first() == Some(&b'a');
        let doubled = self.vowels_after_last() == 0 && !starts_with_vowel && tail.first() == self.key.bytes().last();
        tail.iter()
            .skip(usize::from(starts_with_vowel || doubled))
            .filter(|&&c| c != b'h' && c != b'y')
            .for_each(|&c| key.push(c));
        key
    }

    /// Places where both have vowels, and how many of them exclude each other. Meaningful for equal keys only.
    pub(super) fn vowel_clashes(&self, other: &Self) -> Clashes {
        let n = self.key.len().min(other.key.len());
        let mut clashes = Clashes::default();
        for at in 0..n {
            let (a, b) = (self.vowels[at], other.vowels[at]);
            if a != 0 && b != 0 {
                clashes.places += 1;
                if !alike(a, b) {
                    clashes.found += 1;
                    clashes.at_first |= at == 0;
                }
            }
        }
        clashes
    }

    fn add_vowel(&mut self, class: u8) {
        if let Some(last) = self.key.len().checked_sub(1) {
            self.vowels[last] |= class;
        }
    }

    fn vowels_after_last(&self) -> u8 {
        self.key.len().checked_sub(1).map_or(0, |last| self.vowels[last])
    }
}

/// Vowel places of two equal keys that exclude each other.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Clashes {
    pub(super) places: u8,
    pub(super) found: u8,
    pub(super) at_first: bool,
}

/// Whether one romanisation may write one set of vowels for the other: a / e, e / i, o / u; not a / i, a / o or i / u.
fn alike(a: u8, b: u8) -> bool {
    let near = |set: u8| {
        let mut wide = set;
        if set & A != 0 {
            wide |= E;
        }
        if set & E != 0 {
            wide |= A | I;
        }
        if set & I != 0 {
            wide |= E;
        }
        if set & (O | U) != 0 {
            wide |= O | U;
        }
        wide
    };
    near(a) & b != 0
}

enum Sound {
    Vowel(u8),
    Consonant(u8),
    Two(u8, u8),
    Silent,
}

/// The sound at a place, and its number of letters.
fn read(letters: &[u8], at: usize) -> (Sound, usize) {
    let rest = &letters[at..];
    let next = rest.get(1).copied().unwrap_or(0);
    let may_start = matches!(rest[0], b's' | b't' | b'd' | b'z' | b'c' | b'p' | b'k' | b'g');
    for (written, sound) in CLUSTERS.iter().filter(|_| may_start) {
        if rest.starts_with(written.as_bytes()) {
            return (Sound::Consonant(*sound), written.len());
        }
    }
    let first = at == 0;
    let after_vowel = at > 0 && is_vowel(letters[at - 1]);
    let sound = match rest[0] {
        b'a' => Sound::Vowel(A),
        b'e' => Sound::Vowel(E),
        b'i' => Sound::Vowel(I),
        b'o' => Sound::Vowel(O),
        b'u' => Sound::Vowel(U),
        b'y' if !first => Sound::Vowel(I),
        b'h' if !first => Sound::Silent,
        b'w' if after_vowel && !is_vowel(next) => Sound::Vowel(U),
        b'w' => Sound::Consonant(b'v'),
        b'q' => Sound::Consonant(b'k'),
        b'c' if matches!(next, b'e' | b'i' | b'y') => Sound::Consonant(b's'),
        b'c' => Sound::Consonant(b'k'),
        b'g' if matches!(next, b'e' | b'i') => Sound::Consonant(b'j'),
        b'g' => Sound::Consonant(b'k'),
        b'd' => Sound::Consonant(b't'),
        b'z' => Sound::Consonant(b's'),
        b'p' => Sound::Consonant(b'b'),
        b'x' => Sound::Two(b'k', b's'),
        consonant => Sound::Consonant(consonant),
    };
    (sound, 1)
}

fn is_vowel(letter: u8) -> bool {
    matches!(letter, b'a' | b'e' | b'i' | b'o' | b'u' | b'y')
}

/// Letter groups that write one sound, the longest first.
const CLUSTERS: &[(&str, u8)] = &[
    ("shch", b's'),
    ("tsch", b's'),
    ("tch", b's'),
    ("sch", b's'),
    ("dzh", b'j'),
    ("dsh", b'j'),
    ("dj", b'j'),
    ("zh", b'j'),
    ("sh", b's'),
    ("ch", b's'),
    ("cz", b's'),
    ("tz", b's'),
    ("ts", b's'),
    ("ph", b'f'),
    ("kh", b'x'),
    ("gh", b'k'),
    ("ck", b'k'),
    ("dh", b't'),
    ("th", b't'),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn key(text: &str) -> Letters {
        Skeleton::new(text.as_bytes()).key
    }

    #[test]
    fn transliterations_share_a_key() {
        for (a, b) in [
            ("aragchi", "araghchi"),
            ("araghchi", "araqchi"),
            ("soleimani", "sulemani"),
            ("qureshi", "koreishi"),
            ("mohammed", "muhammad"),
            ("ghalibaf", "qalibaf"),
            ("dmytro", "dmitri"),
            ("shostakovich", "schostakowitsch"),
            ("rouhani", "ruhani"),
            ("yahyazadeh", "yahyazada"),
        ] {
            assert_eq!(key(a).text(), key(b).text(), "{a} {b}");
        }
    }

    #[test]
    fn vowels_tell_short_keys_apart() {
        for (a, b, clashes) in
            [("khomeini", "khamenei", 1), ("hasan", "hussain", 1), ("mohammad", "muhammed", 0), ("jamal", "jamil", 1)]
        {
            let (a, b) = (Skeleton::new(a.as_bytes()), Skeleton::new(b.as_bytes()));
            assert_eq!(a.key, b.key);
            assert_eq!(a.vowel_clashes(&b).found, clashes, "{}", a.key.text());
            assert_eq!(a.vowel_clashes(&b), b.vowel_clashes(&a));
        }
    }

    #[test]
    fn two_tokens_have_the_key_of_their_join() {
        for (first, second, whole) in [
            ("amir", "abdollahian", "amirabdollahian"),
            ("saif", "ullah", "saifullah"),
            ("yahya", "zadeh", "yahyazadeh"),
        ] {
            let joined = Skeleton::new(first.as_bytes()).joined_key(&Skeleton::new(second.as_bytes()));
            assert_eq!(joined.text(), key(whole).text(), "{whole}");
        }
    }
}
