//! Bare names that the document shows to be labelled wrongly.
//!
//! Where allonym tagged the document, a vote has settled most of these before (`src/refine/consistency.rs`), by the same rule: a bare word is the
//! person whose full name it ends. Here are those of other taggers, and those whose own votes outweighed the full name's.

use std::collections::{HashMap, HashSet};

use super::resolver::Resolver;
use super::unit::Parent;
use crate::link::Kind;
use crate::link::cluster::person;
use crate::link::cluster::support::Support;
use crate::link::kb::Resolution;
use crate::link::reason::MergeReason;

impl Resolver<'_> {
    /// Attaches a place to the person whose surname it is, and a person to the place of that name, if the document has the fuller name and
    /// nothing else speaks for the label. The labels of the mentions stay as they are.
    pub(super) fn attach_mislabelled(&mut self) {
        let words = self.words();
        let mut found = Vec::new();
        for at in 0..self.n_units() {
            let unit = self.unit(at);
            let is_bare = unit.parent.is_none() && self.members[at].len() == 1 && self.form(at).n_words() == 1;
            let fits: Vec<usize> = match unit.kind {
                Kind::Place
                    if is_bare && !unit.is_located && !self.form(at).known.is_land() && !self.is_placed(at, &words) =>
                {
                    words.persons_called(&self.form(at).text)
                }
                Kind::Organisation if is_bare && !self.is_body(at, &words) => words.persons_called(&self.form(at).text),
                Kind::Person if is_bare && !self.has_title(at) && !unit.is_ambiguous => self.places_called(at, &words),
                _ => continue,
            };
            let mut roots: Vec<usize> = fits.iter().map(|&full| self.document.root(full)).collect();
            roots.dedup();
            if let (&[root], Some(&full)) = (roots.as_slice(), fits.first())
                && self.may_meet(at, root)
            {
                found.push((at, Parent { unit: full, support: Support::new(MergeReason::Mislabelled, 0.8) }));
            }
        }
        for (at, parent) in found {
            self.attach(at, parent);
        }
    }

    /// Whether the knowledge base has an organisation or place of that name, or the document names one that begins with it.
    fn is_body(&self, at: usize, words: &Words<'_>) -> bool {
        let own = self.form(at);
        own.is_acronym || own.known.is_known() || words.of_things.contains(&*own.text)
    }

    fn has_title(&self, unit: usize) -> bool {
        !self.unit(unit).titles.is_empty() || !self.form(unit).titles.is_empty()
    }

    /// Whether the document says more of a place than its bare name: its people, its country, or the name in full.
    fn is_placed(&self, at: usize, words: &Words<'_>) -> bool {
        let own = self.form(at);
        // It is one of those with its sense itself.
        let has_sense = self.entry(at).is_some_and(|sense| words.senses.get(sense).is_some_and(|&units| units > 1));
        let is_resolved = || {
            let found = own.known.resolve(Kind::Place, &self.document.place);
            matches!(found, Resolution::Is(found) if !found.entry.kind.is_land())
        };
        has_sense || words.of_others.contains(&*own.text) || is_resolved()
    }

    /// The place that a unit names, if there is only one of that name.
    fn entry(&self, unit: usize) -> Option<&str> {
        self.form(unit).known.alone(Kind::Place).map(|found| found.entry.id.as_ref())
    }

    /// The places that a unit names and that the document names in full, or more often than the unit.
    fn places_called(&self, at: usize, words: &Words<'_>) -> Vec<usize> {
        let own = &*self.form(at).text;
        let same = words.places.get(own).into_iter().flatten();
        let same = same.filter(|&&other| self.unit(other).mentions > self.unit(at).mentions);
        let mut found: Vec<usize> = same.chain(words.fuller_places.get(own).into_iter().flatten()).copied().collect();
        found.sort_unstable();
        found
    }

    /// Where the document has which word, so that nothing is compared with everything.
    fn words(&self) -> Words<'_> {
        let mut words = Words::default();
        for at in 0..self.n_units() {
            let (form, kind) = (self.form(at), self.unit(at).kind);
            let is_longer = form.n_words() > 1;
            if kind == Kind::Person {
                if let Some(last) = form.words().next_back().filter(|_| person::is_full(form)) {
                    words.surnames.entry(last).or_default().push(at);
                }
                continue;
            }
            if is_longer {
                words.of_others.extend(form.words());
                if matches!(kind, Kind::Organisation | Kind::Other) {
                    words.of_things.extend(form.words());
                }
            }
            if let Some(sense) = self.entry(at) {
                *words.senses.entry(sense).or_default() += 1;
            }
            if kind == Kind::Place && form.known.is_place() {
                if let Some(first) = form.words().next().filter(|_| is_longer) {
                    words.fuller_places.entry(first).or_default().push(at);
                }
                words.places.entry(&*form.text).or_default().push(at);
            }
        }
        words
    }
}

/// The words of a document's names.
#[derive(Default)]
struct Words<'a> {
    /// Units with full names of persons, by the last word.
    surnames: HashMap<&'a str, Vec<usize>>,
    /// Units with places, by name, and those of more than one word by the first.
    places: HashMap<&'a str, Vec<usize>>,
    fuller_places: HashMap<&'a str, Vec<usize>>,
    /// The words of longer names that are no person's, and of organisations and what is none of the three.
    of_others: HashSet<&'a str>,
    of_things: HashSet<&'a str>,
    /// How many units, persons aside, are which entry of the knowledge base.
    senses: HashMap<&'a str, usize>,
}

impl Words<'_> {
    /// The persons whose surname a name is.
    fn persons_called(&self, name: &str) -> Vec<usize> {
        self.surnames.get(name).cloned().unwrap_or_default()
    }
}
