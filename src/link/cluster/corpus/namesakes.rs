//! Namesakes: several persons with one full name, told apart by what their documents call them.
//!
//! A farmer is not the minister of his name. Only names whose parts other people of the corpus have as well are parted: a rare name has
//! one bearer, whatever the documents call him.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::link::Kind;
use crate::link::cluster::document::Documents;
use crate::link::cluster::forms::Forms;
use crate::link::cluster::key::{KeyKind, key};
use crate::link::cluster::person;
use crate::link::mentions::Role;

/// Least number of other full names with each part of a name, for it to have namesakes.
const LEAST_OTHERS: u32 = 1;

/// What the namesakes of a corpus are told by: by document and unit, a key of the role of the rarer ones. A unit of the most frequent
/// bearer of a name has none.
pub(super) fn namesakes(forms: &Forms<'_>, documents: &Documents<'_>) -> HashMap<(u32, u32), u64> {
    let mut roles: BTreeMap<u32, Vec<(u32, u32, Role)>> = BTreeMap::new();
    let mut full: BTreeSet<u32> = BTreeSet::new();
    for (at, document) in (0_u32..).zip(documents.iter()) {
        for (nth, unit) in (0_u32..).zip(&document.units).filter(|(_, unit)| unit.kind == Kind::Person) {
            if unit.parent.is_none() && person::is_full(forms.get(unit.form)) {
                full.insert(unit.form);
                if let Some(role) = unit.role {
                    roles.entry(unit.form).or_default().push((at, nth, role));
                }
            }
        }
    }
    roles.retain(|_, list| list.iter().any(|(.., role)| role.excludes(list[0].2)));
    if roles.is_empty() {
        return HashMap::new();
    }
    let mut owners: HashMap<&str, u32> = HashMap::new();
    for &form in &full {
        let words: BTreeSet<&str> = forms.get(form).words().collect();
        words.into_iter().for_each(|word| *owners.entry(word).or_default() += 1);
    }
    let mut told = HashMap::new();
    for (form, list) in roles {
        let mut words = forms.get(form).words();
        if words.any(|word| owners[word] <= LEAST_OTHERS) {
            continue;
        }
        let mut counts: BTreeMap<Role, usize> = BTreeMap::new();
        list.iter().for_each(|(.., role)| *counts.entry(*role).or_default() += 1);
        let most = counts.iter().max_by_key(|(role, n)| (**n, std::cmp::Reverse(**role))).map(|(role, _)| *role);
        for (document, unit, role) in list {
            if most.is_some_and(|most| most.excludes(role)) {
                told.insert((document, unit), key(KeyKind::Word, &format!("{role:?}")));
            }
        }
    }
    told
}
