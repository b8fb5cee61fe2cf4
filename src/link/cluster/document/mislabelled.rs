//! Bare names that the document shows to be labelled wrongly.
//!
//! Where allonym tagged the document, a vote has settled most of these before (`src/refine/consistency.rs`), by the same rule: a bare word is the
//! person whose full name it ends. Here are those of other taggers, and those whose own votes outweighed the full name's.

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
        let mut found = Vec::new();
        for at in 0..self.n_units() {
            let unit = self.unit(at);
            let is_bare = unit.parent.is_none() && self.members[at].len() == 1 && self.form(at).n_words() == 1;
            let fits: Vec<usize> = match unit.kind {
                Kind::Place if is_bare && !unit.is_located && !self.form(at).known.is_land() && !self.is_placed(at) => {
                    self.persons_called(at)
                }
                Kind::Organisation if is_bare && !self.is_body(at) => self.persons_called(at),
                Kind::Person if is_bare && !self.has_title(at) && !unit.is_ambiguous => self.places_called(at),
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
    fn is_body(&self, at: usize) -> bool {
        let own = self.form(at);
        let is_fuller = |other: usize| {
            let form = self.form(other);
            let is_thing = matches!(self.unit(other).kind, Kind::Organisation | Kind::Other);
            is_thing && form.n_words() > 1 && form.words().any(|word| word == own.text)
        };
        own.is_acronym || own.known.is_known() || (0..self.n_units()).any(is_fuller)
    }

    fn has_title(&self, unit: usize) -> bool {
        !self.unit(unit).titles.is_empty() || !self.form(unit).titles.is_empty()
    }

    /// Whether the document says more of a place than its bare name: its people, its country, or the name in full.
    fn is_placed(&self, at: usize) -> bool {
        let own = self.form(at);
        let entry = |unit: usize| self.form(unit).known.alone(Kind::Place).map(|found| &found.entry.id);
        let sense = entry(at);
        let says = |other: usize| {
            let form = self.form(other);
            let is_fuller = form.n_words() > 1 && form.words().any(|word| word == own.text);
            sense.is_some() && entry(other) == sense || is_fuller
        };
        let is_resolved = || {
            let found = own.known.resolve(Kind::Place, &self.document.place);
            matches!(found, Resolution::Is(found) if !found.entry.kind.is_land())
        };
        let mut others = (0..self.n_units()).filter(|&other| other != at && self.unit(other).kind != Kind::Person);
        others.any(says) || is_resolved()
    }

    /// The persons whose surname a unit is.
    fn persons_called(&self, at: usize) -> Vec<usize> {
        let is_called = |&other: &usize| {
            let form = self.form(other);
            let is_surname = form.words().next_back() == Some(self.form(at).text.as_str());
            self.unit(other).kind == Kind::Person && is_surname && person::is_full(form)
        };
        (0..self.n_units()).filter(is_called).collect()
    }

    /// The places that a unit names and that the document names in full, or more often than the unit.
    fn places_called(&self, at: usize) -> Vec<usize> {
        let is_called = |&other: &usize| {
            let (form, own) = (self.form(other), self.form(at).text.as_str());
            let is_same = form.text == own && self.unit(other).mentions > self.unit(at).mentions;
            let is_fuller = form.n_words() > 1 && form.words().next() == Some(own);
            self.unit(other).kind == Kind::Place && form.known.is_place() && (is_same || is_fuller)
        };
        (0..self.n_units()).filter(is_called).collect()
    }
}
