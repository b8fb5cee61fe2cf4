//! Names that the user forces to be one entity, or forbids to be.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::Error;
use super::normalise::normalise;

/// Must-link and cannot-link constraints: pairs of names, which are compared without regard to case, marks and dots.
///
/// Names that are forced to be one share what is forbidden.
///
/// ```
/// use allonym::link::{Constraints, LinkOptions, Linker};
/// use allonym::{Document, Label, Mention, Span};
///
/// let same = [("Bonn", "Bad Godesberg")];
/// let never = [("Nawaz Sharif", "Shehbaz Sharif")];
/// let constraints = Constraints::new(&same, &never)?;
/// assert!(constraints.forces("BONN", "Bad Godesberg"));
/// assert!(constraints.forbids("Shehbaz Sharif", "Nawaz Sharif"));
///
/// let linker = Linker::new(LinkOptions::default().constraints(constraints));
/// let mut documents = ["Bonn", "Bad Godesberg"].map(|text| Document::new(text, text));
/// for document in &mut documents {
///     document.mentions.push(Mention::new(Span::new(0, document.text.len()), Label::new("LOC")));
/// }
/// assert_eq!(linker.link_documents(&mut documents)?.entities().len(), 1);
/// # Ok::<(), allonym::link::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Constraints {
    /// Per normalised name, its group: names of one group are forced to be one.
    groups: HashMap<String, u32>,
    /// Pairs of groups that are never one, the lesser first.
    never: HashSet<(u32, u32)>,
    /// The pairs that it was made of: those that are the same, and those that never are.
    pairs: [Vec<(String, String)>; 2],
}

impl Constraints {
    /// Constraints of pairs that are the `same` entity, and pairs that `never` are.
    ///
    /// # Errors
    /// [`Error::EmptyName`] for a name without letters and digits, [`Error::EqualNames`] for a pair of `never` that is one name, and
    /// [`Error::Contradiction`] for a pair of `never` that `same` forces to be one.
    pub fn new<S: AsRef<str>>(same: &[(S, S)], never: &[(S, S)]) -> Result<Self, Error> {
        let mut parents: Vec<usize> = Vec::new();
        let mut nodes: BTreeMap<String, usize> = BTreeMap::new();
        let mut pairs = Vec::with_capacity(same.len() + never.len());
        for (first, second) in same.iter().chain(never) {
            let (first, second) = (first.as_ref(), second.as_ref());
            let keys = [normalise(first), normalise(second)];
            if keys.iter().any(String::is_empty) {
                return Err(Error::EmptyName { first: first.to_owned(), second: second.to_owned() });
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
                return Err(Error::EqualNames { first, second });
            }
            let (a, b) = (root(&mut parents, a), root(&mut parents, b));
            if a == b {
                return Err(Error::Contradiction { first, second });
            }
            constraints.never.insert((number(a.min(b)), number(a.max(b))));
        }
        let owned =
            |pairs: &[(S, S)]| pairs.iter().map(|(a, b)| (a.as_ref().to_owned(), b.as_ref().to_owned())).collect();
        constraints.pairs = [owned(same), owned(never)];
        constraints.groups = nodes.into_iter().map(|(key, node)| (key, number(root(&mut parents, node)))).collect();
        Ok(constraints)
    }

    /// These constraints and others.
    ///
    /// # Errors
    /// [`Error::Contradiction`] if they contradict each other.
    pub fn and(&self, other: &Self) -> Result<Self, Error> {
        let [same, never] = [0, 1].map(|nth: usize| [self.pairs[nth].as_slice(), &other.pairs[nth]].concat());
        Self::new(&same, &never)
    }

    /// Whether there are no constraints.
    pub fn is_empty(&self) -> bool {
        self.groups.is_empty()
    }

    /// Whether two names are never one entity.
    pub fn forbids(&self, first: &str, second: &str) -> bool {
        let (Some(a), Some(b)) = (self.group(first), self.group(second)) else { return false };
        self.never.contains(&(a.min(b), a.max(b)))
    }

    /// Whether two names are one entity, whatever else is known.
    pub fn forces(&self, first: &str, second: &str) -> bool {
        self.group(first).is_some_and(|a| self.group(second) == Some(a))
    }

    /// The group of a name that has constraints: names of one group are forced to be one.
    pub(super) fn group(&self, name: &str) -> Option<u32> {
        if self.groups.is_empty() { None } else { self.groups.get(&normalise(name)).copied() }
    }

    /// The names of a group, normalised.
    #[cfg(feature = "archive")]
    pub(super) fn names(&self, group: u32) -> impl Iterator<Item = &str> {
        self.groups.iter().filter(move |(_, of)| **of == group).map(|(name, _)| name.as_str())
    }

    /// Whether names of two groups are never one; see [`Constraints::group`].
    pub(super) fn forbids_groups(&self, first: u32, second: u32) -> bool {
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
        let constraints = Constraints::new(&same, &never).expect("the case is sound");
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
            assert_eq!(Constraints::new(same, never).expect_err("it is refused").to_string(), want);
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
