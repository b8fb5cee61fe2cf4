//! Are two names one person's, and why?

use std::fmt;

use serde::Serialize;

use super::alignment::{Alignment, Pair};
use super::features::gender_clash;
use super::likeness::Likeness;
use super::name::{Name, Token};
use super::relative::Relative;

/// What comparing two names gives.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Comparison {
    /// That both are names of one person, from 0 to 1.
    pub probability: f64,
    /// The reasons, in the order of the parts of the shorter name, then what is left over.
    pub evidence: Vec<Evidence>,
}

/// One reason for or against.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Evidence {
    /// Both names have a part.
    Part {
        /// What the part is in the first name.
        role: Role,
        /// The part in the first name, folded.
        first: String,
        /// The part in the second name, folded.
        second: String,
        /// In what way the two are one.
        likeness: Likeness,
    },
    /// One name has a part that the other lacks.
    Extra {
        /// Which name.
        side: Side,
        /// What the part is in it.
        role: Role,
        /// The part, folded.
        part: String,
    },
    /// Each has a part of a role that the other lacks.
    Conflict {
        /// What both parts are.
        role: Role,
        /// The part of the first name, folded.
        first: String,
        /// The part of the second name, folded.
        second: String,
    },
    /// Parts stand in another order.
    Order,
    /// Parts of one name are written in one in the other.
    Joined,
    /// So little differs, and in such a way, that they may be relatives.
    Relative {
        /// In what way.
        rule: Relative,
    },
    /// The given names are of a man and of a woman.
    Gender,
    /// The generations differ, as Jr. and Sr.
    Generation {
        /// Of the first name.
        first: String,
        /// Of the second name.
        second: String,
    },
    /// A title or honorific was set aside.
    Title {
        /// Which name.
        side: Side,
        /// The title, folded.
        title: String,
    },
}

/// What a part is in its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// The first of several parts.
    Given,
    /// Between the first and the last.
    Middle,
    /// The last of several parts.
    Surname,
    /// The only part.
    Only,
}

/// One of the two names of a comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// The first.
    First,
    /// The second.
    Second,
}

impl Role {
    fn new(at: usize, n: usize) -> Self {
        match at {
            0 if n == 1 => Self::Only,
            0 => Self::Given,
            _ if at + 1 == n => Self::Surname,
            _ => Self::Middle,
        }
    }
}

impl Side {
    fn other(self) -> Self {
        match self {
            Self::First => Self::Second,
            Self::Second => Self::First,
        }
    }
}

impl Comparison {
    pub(super) fn new(a: &Name, b: &Name, alignment: &Alignment<'_>, probability: f64) -> Self {
        let mut evidence = parts(alignment);
        let pairs = &alignment.pairs;
        if pairs.windows(2).any(|two| two[1].b < two[0].b) {
            evidence.push(Evidence::Order);
        }
        if alignment.n_joined > 0 {
            evidence.push(Evidence::Joined);
        }
        evidence.extend(Relative::find(alignment).map(|rule| Evidence::Relative { rule }));
        if gender_clash(&alignment.a, &alignment.b) {
            evidence.push(Evidence::Gender);
        }
        if let Some((first, second)) = a.generation().zip(b.generation()).filter(|(first, second)| first != second) {
            evidence.push(Evidence::Generation { first: first.to_owned(), second: second.to_owned() });
        }
        for (side, name) in [(Side::First, a), (Side::Second, b)] {
            evidence.extend(name.titles().map(|title| Evidence::Title { side, title: title.to_owned() }));
        }
        Self { probability, evidence }
    }

    /// The same comparison with the names in the other order.
    pub(super) fn turned(mut self) -> Self {
        self.evidence.iter_mut().for_each(Evidence::turn);
        self
    }
}

impl fmt::Display for Comparison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, evidence) in self.evidence.iter().enumerate() {
            write!(f, "{}{evidence}", if at == 0 { "" } else { "; " })?;
        }
        Ok(())
    }
}

/// Parts that both have, then parts that clash, then parts that one has more.
fn parts(alignment: &Alignment<'_>) -> Vec<Evidence> {
    let (a, b) = (&alignment.a, &alignment.b);
    let text = |token: &Token| token.letters.text().to_owned();
    let mut evidence = Vec::with_capacity(a.len() + b.len());
    for &Pair { a: i, b: j, compared } in &alignment.pairs {
        let role = if a.len() == 1 { Role::new(j, b.len()) } else { Role::new(i, a.len()) };
        evidence.push(Evidence::Part { role, first: text(&a[i]), second: text(&b[j]), likeness: compared.likeness });
    }
    let mut left_b: Vec<usize> = (0..b.len()).filter(|&j| alignment.of_b(j).is_none()).collect();
    for i in (0..a.len()).filter(|&i| alignment.of_a(i).is_none()) {
        let role = Role::new(i, a.len());
        match left_b.iter().position(|&j| Role::new(j, b.len()) == role) {
            Some(at) => {
                let j = left_b.remove(at);
                evidence.push(Evidence::Conflict { role, first: text(&a[i]), second: text(&b[j]) });
            }
            None => evidence.push(Evidence::Extra { side: Side::First, role, part: text(&a[i]) }),
        }
    }
    for j in left_b {
        evidence.push(Evidence::Extra { side: Side::Second, role: Role::new(j, b.len()), part: text(&b[j]) });
    }
    evidence
}

impl Evidence {
    fn turn(&mut self) {
        match self {
            Self::Part { first, second, .. }
            | Self::Conflict { first, second, .. }
            | Self::Generation { first, second } => {
                std::mem::swap(first, second);
            }
            Self::Extra { side, .. } | Self::Title { side, .. } => *side = side.other(),
            Self::Order | Self::Joined | Self::Gender | Self::Relative { .. } => {}
        }
    }
}

impl fmt::Display for Evidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Part { role, first, second, likeness } if first == second => {
                write!(f, "{role}: {likeness} ({first})")
            }
            Self::Part { role, first, second, likeness } => write!(f, "{role}: {likeness} ({first}, {second})"),
            Self::Conflict { role, first, second } => write!(f, "{role}: different ({first}, {second})"),
            Self::Extra { side, role, part } => write!(f, "{role} only in the {side} name ({part})"),
            Self::Order => f.write_str("parts in another order"),
            Self::Joined => f.write_str("parts written in one"),
            Self::Relative { rule: Relative::Father } => {
                f.write_str("another given name first: perhaps a son, named after his father")
            }
            Self::Relative { rule: Relative::GivenNames } => f.write_str("two given names that are not forms of one"),
            Self::Relative { rule: Relative::Initials } => f.write_str("initials: different"),
            Self::Gender => f.write_str("given names of a man and of a woman"),
            Self::Generation { first, second } => write!(f, "generation: different ({first}, {second})"),
            Self::Title { side, title } => write!(f, "title of the {side} name set aside ({title})"),
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Given => "given name",
            Self::Middle => "middle name",
            Self::Surname => "surname",
            Self::Only => "name",
        })
    }
}

impl fmt::Display for Side {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::First => "first",
            Self::Second => "second",
        })
    }
}

impl fmt::Display for Likeness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Same => "same",
            Self::Skeleton => "same transliteration skeleton",
            Self::Nickname => "form of the same name",
            Self::Initial => "initial",
            Self::Near => "spelled alike",
            Self::Different => "different",
        })
    }
}
