//! Which refinements to make.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Something that is known of names in news, and that the tagger's mentions are brought in line with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Refinement {
    /// One name has one label in a document: the mentions of a name vote, by their scores. LOC and ORG change each other only where the
    /// vote is clear and the mention's own score is low, because a city and its club have one name.
    Consistency,
    /// Titles before a person's name are not part of it: `Tan Sri`, `Ayatollah`, `King`.
    Titles,
    /// Addresses of e-mail and of the web, names of files, handles, hashtags, amounts of money, ticker symbols and marks of emphasis are not names.
    NonNames,
    /// A person may be written surname first (`Doe, John`) in lists, and a suffix may follow a comma (`Sammy Davis, Jr.`).
    InvertedNames,
    /// The credit of a photo names a photographer and an agency, not both at once.
    Credits,
    /// A short form in brackets tells where the name before it begins: `Council of Ministers of the Economic Cooperation Organisation (ECO)`.
    Definitions,
    /// A party and a state behind a politician's name: `(R-Texas)`. Only the state is a name.
    PartyStates,
    /// In a line that is a result (`Spain 2 Italy 1`), the names are of teams.
    Results,
    /// What is written together with a name is not part of it: letters before it in Arabic (`وأربيل`), endings in Turkish (`Ankara'da`).
    Affixes,
}

impl Refinement {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Consistency,
        Self::Titles,
        Self::NonNames,
        Self::InvertedNames,
        Self::Credits,
        Self::Definitions,
        Self::PartyStates,
        Self::Results,
        Self::Affixes,
    ];

    /// Its name: in lower case, with hyphens.
    pub fn name(self) -> &'static str {
        match self {
            Self::Consistency => "consistency",
            Self::Titles => "titles",
            Self::NonNames => "non-names",
            Self::InvertedNames => "inverted-names",
            Self::Credits => "credits",
            Self::Definitions => "definitions",
            Self::PartyStates => "party-states",
            Self::Results => "results",
            Self::Affixes => "affixes",
        }
    }
}

impl fmt::Display for Refinement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A name that is no refinement's.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected a refinement ({}), found {found:?}", names(&Refinement::ALL))]
pub struct UnknownRefinement {
    /// The name.
    pub found: String,
}

impl FromStr for Refinement {
    type Err = UnknownRefinement;

    fn from_str(name: &str) -> Result<Self, UnknownRefinement> {
        let found = Self::ALL.into_iter().find(|refinement| refinement.name() == name);
        found.ok_or_else(|| UnknownRefinement { found: name.to_owned() })
    }
}

/// A set of refinements.
///
/// In JSON it is a list of names: `["consistency", "titles"]`.
///
/// ```
/// use allonym::refine::{Refinement, Refinements};
///
/// let most = Refinements::all().without(Refinement::Titles);
/// assert!(most.has(Refinement::Consistency) && !most.has(Refinement::Titles));
/// assert_eq!(serde_json::to_string(&Refinements::none().with(Refinement::NonNames))?, r#"["non-names"]"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Refinements(u16);

impl Refinements {
    /// All of them: what text is tagged with.
    pub fn all() -> Self {
        Refinement::ALL.into_iter().collect()
    }

    /// What tokenised input is tagged with: [`Refinement::Consistency`]. Its tokens and labels are those of a corpus with a guideline of its own.
    pub fn tokenised() -> Self {
        Self::none().with(Refinement::Consistency)
    }

    /// None: mentions are what the tagger says.
    pub fn none() -> Self {
        Self(0)
    }

    /// Adds a refinement.
    #[must_use]
    pub fn with(self, refinement: Refinement) -> Self {
        Self(self.0 | bit(refinement))
    }

    /// Takes a refinement out.
    #[must_use]
    pub fn without(self, refinement: Refinement) -> Self {
        Self(self.0 & !bit(refinement))
    }

    /// Whether a refinement is to be made.
    pub fn has(self, refinement: Refinement) -> bool {
        self.0 & bit(refinement) != 0
    }

    /// The refinements, in the order of [`Refinement::ALL`].
    pub fn iter(self) -> impl Iterator<Item = Refinement> {
        Refinement::ALL.into_iter().filter(move |refinement| self.has(*refinement))
    }
}

fn bit(refinement: Refinement) -> u16 {
    1 << refinement as u8
}

impl FromIterator<Refinement> for Refinements {
    fn from_iter<I: IntoIterator<Item = Refinement>>(refinements: I) -> Self {
        refinements.into_iter().fold(Self::none(), Self::with)
    }
}

impl fmt::Debug for Refinements {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}

impl Serialize for Refinements {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter().map(Refinement::name))
    }
}

impl<'de> Deserialize<'de> for Refinements {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let names = Vec::<String>::deserialize(deserializer)?;
        names.iter().map(|name| name.parse::<Refinement>().map_err(serde::de::Error::custom)).collect()
    }
}

fn names(refinements: &[Refinement]) -> String {
    refinements.iter().map(|refinement| refinement.name()).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_are_lists_of_names() {
        let all = serde_json::to_string(&Refinements::all()).expect("a list");
        let read: Refinements = serde_json::from_str(&all).expect("the same list");
        assert_eq!(read, Refinements::all());
        assert_eq!(read.iter().count(), Refinement::ALL.len());
        let error = serde_json::from_str::<Refinements>(r#"["title"]"#).expect_err("no such refinement").to_string();
        assert!(
            error.contains("expected a refinement (consistency, titles,") && error.contains("\"title\""),
            "{error}"
        );
    }
}
