//! Which names are the same, or never are, because the user says so?

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::link::kb::fold;

/// Forced and forbidden merges: pairs of names, compared folded.
///
/// Names that are forced together are one name for everything that is forbidden.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Constraints {
    /// Per folded name, its group of forced merges.
    groups: HashMap<String, u32>,
    /// Pairs of groups, the lesser first.
    never: HashSet<(u32, u32)>,
}

/// Why constraints cannot hold.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ConstraintError {
    /// A name without letters and digits.
    #[error("expected two names with letters or digits, found {first:?} and {second:?}")]
    Empty {
        /// The first of the pair.
        first: String,
        /// The second of the pair.
        second: String,
    },
    /// Two names that differ in nothing that names are compared by.
    #[error("expected two names that differ in more than case and marks, found {first:?} and {second:?}")]
    Equal {
        /// The first of the pair.
        first: String,
        /// The second of the pair.
        second: String,
    },
    /// A pair that shall never be merged is merged by other pairs.
    #[error("{first:?} and {second:?} shall never be the same, but are forced to be")]
    Contradiction {
        /// The first of the pair.
        first: String,
        /// The second of the pair.
        second: String,
    },
}

impl Constraints {
    /// Constraints of pairs that are the `same` and pairs that `never` are.
    ///
    /// # Errors
    ///
    /// [`ConstraintError`] if a name is empty, a pair that never is the same has one name, or a pair is both.
    pub fn new<S: AsRef<str>>(same: &[(S, S)], never: &[(S, S)]) -> Result<Self, ConstraintError> {
        let mut parents: Vec<usize> = Vec::new();
        let mut nodes: BTreeMap<String, usize> = BTreeMap::new();
        let mut pairs = Vec::with_capacity(same.len() + never.len());
        for (first, second) in same.iter().chain(never) {
            let (first, second) = (first.as_ref(), second.as_ref());
            let keys = [fold(first), fold(second)];
            if keys.iter().any(String::is_empty) {
                return Err(ConstraintError::Empty { first: first.to_owned(), second: second.to_owned() });
            }
            pairs.push(keys.map(|key| {
                *nodes.entry(key).or_insert_with(|| {
                    parents.push(parents.len());
                    parents.len() - 1
                })
            }));
        }
        for &[a, b] in &pairs[..same.len()] {
            let (a, b) = (root(&mut parents, a), root(&mut parents, b));
            parents[a.max(b)] = a.min(b);
        }
        let mut constraints = Self::default();
        for (&[a, b], (first, second)) in pairs[same.len()..].iter().zip(never) {
            let (first, second) = (first.as_ref().to_owned(), second.as_ref().to_owned());
            if a == b {
                return Err(ConstraintError::Equal { first, second });
            }
            let (a, b) = (root(&mut parents, a), root(&mut parents, b));
            if a == b {
                return Err(ConstraintError::Contradiction { first, second });
            }
            constraints.never.insert((number(a.min(b)), number(a.max(b))));
        }
        constraints.groups = nodes.into_iter().map(|(key, node)| (key, number(root(&mut parents, node)))).collect();
        Ok(constraints)
    }

    /// Whether nothing is forced and nothing forbidden.
    pub fn is_empty(&self) -> bool {
        self.groups.is_empty()
    }

    /// Whether two names may never be the same.
    pub fn forbids(&self, first: &str, second: &str) -> bool {
        let (Some(a), Some(b)) = (self.group(first), self.group(second)) else { return false };
        self.never.contains(&(a.min(b), a.max(b)))
    }

    /// Whether two names are the same whatever else is known.
    pub fn forces(&self, first: &str, second: &str) -> bool {
        self.group(first).is_some_and(|a| self.group(second) == Some(a))
    }

    /// The number of a name that has constraints: names of one group are forced together.
    pub fn group(&self, name: &str) -> Option<u32> {
        if self.groups.is_empty() { None } else { self.groups.get(&fold(name)).copied() }
    }

    /// Whether names of two groups may never be the same; see [`Constraints::group`].
    pub fn forbids_groups(&self, first: u32, second: u32) -> bool {
        self.never.contains(&(first.min(second), first.max(second)))
    }
}

fn root(parents: &mut [usize], mut node: usize) -> usize {
    while parents[node] != node {
        parents[node] = parents[parents[node]];
        node = parents[node];
    }
    node
}

fn number(node: usize) -> u32 {
    u32::try_from(node).expect("fewer than 2^32 names are constrained")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn pairs() {
        let same = [("Aragchi", "Araghchi"), ("ARAGHCHI", "Araqchi")];
        let never = [("George W. Bush", "George H. W. Bush"), ("Araqchi", "Larijani")];
        let constraints = Constraints::new(&same, &never).expect("it is sound");
        for (a, b, forbidden, forced) in [
            ("george w bush", "George H W Bush", true, false),
            ("George H. W. Bush", "George W. Bush", true, false),
            ("George Bush", "George W. Bush", false, false),
            ("Aragchi", "Araqchi", false, true),
            ("Aragchi", "LARIJANI", true, false),
            ("Nobody", "Nobody", false, false),
            ("", "", false, false),
        ] {
            assert_eq!((constraints.forbids(a, b), constraints.forces(a, b)), (forbidden, forced), "{a} {b}");
        }
        assert!(Constraints::default().is_empty() && !constraints.is_empty());
    }

    #[test]
    fn pairs_that_cannot_hold() {
        let none: [(&str, &str); 0] = [];
        for (same, never, want) in [
            (&none[..], &[("a", " ")][..], "expected two names with letters or digits, found \"a\" and \" \""),
            (&[("", "b")], &none, "expected two names with letters or digits, found \"\" and \"b\""),
            (
                &none,
                &[("José", "Jose")],
                "expected two names that differ in more than case and marks, found \"José\" and \"Jose\"",
            ),
            (&[("a", "b"), ("b", "c")], &[("A", "C")], "\"A\" and \"C\" shall never be the same, but are forced to be"),
        ] {
            assert_eq!(Constraints::new(same, never).expect_err("it is wrong").to_string(), want);
        }
    }

    proptest! {
        #[test]
        fn what_is_forbidden_is_so_either_way(pairs in prop::collection::vec(("[a-e]", "[a-e]"), 0..5), a in "[a-e]", b in "[a-e]") {
            if let Ok(constraints) = Constraints::new(&[], &pairs) {
                let said = pairs.contains(&(a.clone(), b.clone())) || pairs.contains(&(b.clone(), a.clone()));
                prop_assert_eq!(constraints.forbids(&a, &b), said);
                prop_assert_eq!(constraints.forbids(&b, &a), said);
            }
        }
    }
}
