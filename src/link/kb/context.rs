//! Where a document takes place.

use std::collections::BTreeSet;

use super::base::Kb;
use super::senses::Senses;
use crate::link::Kind;

/// The countries that a document is about, by the places that it names.
///
/// ```
/// use allonym::link::Kind;
/// use allonym::link::kb::{GeoContext, Kb};
///
/// let context = GeoContext::new(Kb::embedded(), [("Pakistani", Kind::Other), ("Lahore", Kind::Place), ("Chad", Kind::Person)]);
/// assert_eq!(context.countries().collect::<Vec<_>>(), ["PK"]);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GeoContext {
    /// ISO 3166-1 codes of the countries that it names.
    pub(super) countries: BTreeSet<String>,
    /// Codes of the countries of its regions and cities, each taken for the most populous one of its name.
    pub(super) around: BTreeSet<String>,
}

impl GeoContext {
    /// The context of a document with these mentions, given as surfaces and kinds. Persons do not count.
    pub fn new<'m>(kb: &Kb, mentions: impl IntoIterator<Item = (&'m str, Kind)>) -> Self {
        let senses: Vec<_> = mentions.into_iter().map(|(surface, kind)| (kb.senses(&[surface]), kind)).collect();
        Self::of(senses.iter().map(|(senses, kind)| (senses, *kind)))
    }

    /// The context of a document with names of these senses.
    pub(in crate::link) fn of<'s, 'k: 's>(names: impl Iterator<Item = (&'s Senses<'k>, Kind)>) -> Self {
        let mut context = Self::default();
        for (senses, _) in names.filter(|(_, kind)| *kind != Kind::Person) {
            // "Georgia" alone does not tell whether the country or the state is meant.
            if let Some(found) = senses.land().filter(|_| senses.namesakes.is_empty()) {
                context.countries.extend(found.entry.country.as_ref().map(ToString::to_string));
            }
            if let Some(found) = senses.qualified {
                context.countries.extend(found.country.as_ref().map(ToString::to_string));
            }
            if let Some(town) = senses.town().filter(|_| senses.lands.is_empty()) {
                context.around.extend(town.country.as_ref().map(ToString::to_string));
            }
        }
        context
    }

    /// ISO 3166-1 codes of the countries that the document names, sorted.
    pub fn countries(&self) -> impl Iterator<Item = &str> {
        self.countries.iter().map(String::as_str)
    }

    /// The only country that the document names or has places of.
    pub(in crate::link) fn only(&self) -> Option<&str> {
        let mut all = self.countries.union(&self.around);
        all.next().filter(|_| all.next().is_none()).map(String::as_str)
    }

    pub(super) fn has(&self, country: &str) -> bool {
        self.countries.contains(country)
    }
}
