//! The result of comparing two names.

use std::fmt;

use serde::Serialize;

use super::alignment::{Alignment, Pair};
use super::contradiction::Contradiction;
use super::likeness::Likeness;
use super::name::Name;
use super::relative::Relative;
use super::token::Token;

/// Whether two names are one person's, and why. It displays as its evidence in words.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Comparison {
    /// Probability, from 0 to 1, that both names are one person's.
    pub probability: f64,
    /// Reasons: parts that both names have in the order of the shorter name, parts of one name only, then the rest.
    pub evidence: Vec<Evidence>,
}

/// One reason for or against. Parts and titles are lower-case Latin letters.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Evidence {
    /// A part that both names have.
    Part {
        /// Role in the shorter name; in the longer one if the shorter has one part only.
        role: PartRole,
        /// As the first name has it.
        first: String,
        /// As the second name has it.
        second: String,
        /// How alike the two are.
        likeness: Likeness,
    },
    /// A part that one name lacks.
    Extra {
        /// The name that has it.
        side: NameSide,
        /// Role in that name.
        role: PartRole,
        /// The part.
        part: String,
    },
    /// Different parts in one role.
    Conflict {
        /// Role of both parts.
        role: PartRole,
        /// Part of the first name.
        first: String,
        /// Part of the second name.
        second: String,
    },
    /// The names have the parts in another order.
    Order,
    /// One name writes as one word what the other writes as two.
    Joined,
    /// The difference is of a kind that relatives' names have.
    Relative {
        /// Kind of difference.
        rule: Relative,
    },
    /// The given names are those of a man and a woman.
    Gender,
    /// The generations differ, as in Jr. and Sr.
    Generation {
        /// Generation in the first name; empty if it has none.
        first: String,
        /// Generation in the second name; empty if it has none.
        second: String,
    },
    /// A title or honorific was set aside.
    Title {
        /// The name that has it.
        side: NameSide,
        /// The title.
        title: String,
    },
}

/// Role of a part in its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PartRole {
    /// First of several parts.
    Given,
    /// Between the first part and the last.
    Middle,
    /// Last of several parts.
    Surname,
    /// Only part.
    Only,
}

/// One of the two names of a comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum NameSide {
    /// The one given first.
    First,
    /// The one given second.
    Second,
}

impl PartRole {
    fn new(at: usize, n: usize) -> Self {
        match at {
            0 if n == 1 => Self::Only,
            0 => Self::Given,
            _ if at + 1 == n => Self::Surname,
            _ => Self::Middle,
        }
    }
}

impl NameSide {
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
        match Contradiction::find(a, b) {
            Some(Contradiction::Gender) => evidence.push(Evidence::Gender),
            Some(Contradiction::Generation | Contradiction::Junior) => {
                let [first, second] = [a, b].map(|name| name.generation().unwrap_or_default().to_owned());
                evidence.push(Evidence::Generation { first, second });
            }
            Some(Contradiction::Initials) if Relative::find(alignment).is_none() => {
                evidence.push(Evidence::Relative { rule: Relative::Initials });
            }
            Some(Contradiction::Order) => evidence.push(Evidence::Relative { rule: Relative::Father }),
            _ => {}
        }
        for (side, name) in [(NameSide::First, a), (NameSide::Second, b)] {
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

/// Parts that both names have, then parts that differ, then parts that one lacks.
fn parts(alignment: &Alignment<'_>) -> Vec<Evidence> {
    let (a, b) = (&alignment.a, &alignment.b);
    let text = |token: &Token| token.letters.text().to_owned();
    let mut evidence = Vec::with_capacity(a.len() + b.len());
    for &Pair { a: i, b: j, compared } in &alignment.pairs {
        let role = if a.len() == 1 { PartRole::new(j, b.len()) } else { PartRole::new(i, a.len()) };
        evidence.push(Evidence::Part { role, first: text(&a[i]), second: text(&b[j]), likeness: compared.likeness });
    }
    let mut left_b: Vec<usize> = (0..b.len()).filter(|&j| alignment.of_b(j).is_none()).collect();
    for i in (0..a.len()).filter(|&i| alignment.of_a(i).is_none()) {
        let role = PartRole::new(i, a.len());
        match left_b.iter().position(|&j| PartRole::new(j, b.len()) == role) {
            Some(at) => {
                let j = left_b.remove(at);
                evidence.push(Evidence::Conflict { role, first: text(&a[i]), second: text(&b[j]) });
            }
            None => evidence.push(Evidence::Extra { side: NameSide::First, role, part: text(&a[i]) }),
        }
    }
    for j in left_b {
        evidence.push(Evidence::Extra { side: NameSide::Second, role: PartRole::new(j, b.len()), part: text(&b[j]) });
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
            Self::Generation { first, second } if first.is_empty() || second.is_empty() => {
                write!(f, "generation: only one name has it ({first}{second})")
            }
            Self::Generation { first, second } => write!(f, "generation: different ({first}, {second})"),
            Self::Title { side, title } => write!(f, "title of the {side} name set aside ({title})"),
        }
    }
}

impl fmt::Display for PartRole {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Given => "given name",
            Self::Middle => "middle name",
            Self::Surname => "surname",
            Self::Only => "name",
        })
    }
}

impl fmt::Display for NameSide {
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
