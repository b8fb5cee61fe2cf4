//! Names that sound like names.
//!
//! Given names are those of the lexicon (see models/link/en). Family names, places and organisations are put together of parts, so that
//! they are nobody's but by chance.

use std::sync::LazyLock;

use crate::lexicon::{Gender, Lexicon};
use crate::text::Kind;

const FIRST: [&str; 48] = [
    "Al", "Ash", "Bar", "Bel", "Bram", "Cal", "Cor", "Dal", "Dar", "Del", "Dun", "El", "Fal", "Fen", "Gar", "Gil",
    "Hal", "Har", "Hol", "Ing", "Kel", "Ken", "Lam", "Lor", "Mal", "Mar", "Mel", "Mor", "Nor", "Ol", "Or", "Pel",
    "Per", "Ral", "Ren", "Ros", "Sal", "Sel", "Sil", "Tal", "Tor", "Ul", "Val", "Var", "Wal", "Wel", "Wes", "Yar",
];
const MIDDLE: [&str; 8] = ["", "", "a", "e", "en", "er", "in", "o"];
const FAMILY: [&str; 20] = [
    "ber", "by", "dahl", "den", "dine", "dorf", "gate", "hart", "ling", "low", "man", "mere", "nik", "quist", "sen",
    "stad", "tani", "vik", "wick", "worth",
];
const PLACE: [&str; 12] =
    ["borg", "bridge", "bury", "dale", "field", "fort", "haven", "mouth", "port", "stead", "ton", "ville"];

/// The last word of fake organisations, which says no more than that they are some.
pub(super) const GROUP: &str = "Group";

/// Listed given names of women and of men, in the order of the alphabet.
static GIVEN: LazyLock<[Vec<&'static str>; 2]> = LazyLock::new(|| {
    let of = |gender| {
        let names = Lexicon::english().given_names();
        let usual = |name: &&str| (4..=8).contains(&name.len()) && name.bytes().all(|byte| byte.is_ascii_lowercase());
        names.into_iter().filter(|(_, found)| *found == Some(gender)).map(|(name, _)| name).filter(usual).collect()
    };
    [of(Gender::Female), of(Gender::Male)]
});

/// Whose name it is, as its first word tells.
pub(super) fn gender(kind: Kind, name: &str) -> Option<Gender> {
    let given = name.split(|c: char| !c.is_alphabetic()).find(|word| !word.is_empty())?;
    if kind == Kind::Person { Lexicon::english().gender(&given.to_lowercase()) } else { None }
}

/// The fake name of this kind that a number stands for.
pub(super) fn name(kind: Kind, gender: Option<Gender>, number: u64) -> String {
    let mut rest = number;
    let mut draw = |n: usize| {
        let drawn = rest % n as u64;
        rest /= n as u64;
        usize::try_from(drawn).expect("it is less than a length")
    };
    let gender = match (gender, draw(2)) {
        (Some(Gender::Female), _) | (None, 0) => 0,
        _ => 1,
    };
    let first = format!("{}{}", FIRST[draw(FIRST.len())], MIDDLE[draw(MIDDLE.len())]);
    match kind {
        Kind::Person => {
            let given = GIVEN[gender][draw(GIVEN[gender].len())];
            let (head, tail) = given.split_at(1);
            format!("{}{tail} {first}{}", head.to_uppercase(), FAMILY[draw(FAMILY.len())])
        }
        Kind::Organisation => format!("{first}{} {GROUP}", FAMILY[draw(FAMILY.len())]),
        Kind::Place => format!("{first}{}", PLACE[draw(PLACE.len())]),
        Kind::Other => format!("{first}{}", FAMILY[draw(FAMILY.len())]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_names_of_either_gender() {
        for names in &*GIVEN {
            assert!(names.len() > 500 && names.is_sorted(), "{}", names.len());
        }
        assert_eq!(gender(Kind::Person, "Maria Lopez"), Some(Gender::Female));
        assert_eq!(gender(Kind::Place, "Maria Lopez"), None);
        let woman = name(Kind::Person, Some(Gender::Female), 12_345);
        let given = woman.split(' ').next().expect("it has words").to_lowercase();
        assert_eq!(Lexicon::english().gender(&given), Some(Gender::Female), "{woman}");
    }
}
