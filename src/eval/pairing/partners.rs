//! Which document of a system is which document of the gold?

use std::collections::HashMap;

use super::error::PairingError;
use super::input::{Tally, View};
use super::options::Missing;

/// The index of each gold document's partner in the system's output.
pub(super) fn partners(
    gold: View<'_>,
    system: View<'_>,
    missing: Missing,
    tally: &mut Tally,
) -> Result<Vec<Option<usize>>, PairingError> {
    let (mut partners, rest) = by_id(gold, system);
    let alone: Vec<usize> = (0..partners.len()).filter(|&index| partners[index].is_none()).collect();
    if alone.len() == rest.len() {
        for (index, partner) in alone.into_iter().zip(rest) {
            partners[index] = Some(partner);
        }
        return Ok(partners);
    }
    if missing == Missing::Refuse {
        let error = |input: View<'_>, other: View<'_>, indices: &[usize]| PairingError::Missing {
            id: other.documents[indices[0]].id.clone(),
            input: input.name.to_owned(),
            other: other.name.to_owned(),
            more: indices.len() - 1,
        };
        return Err(if alone.is_empty() { error(gold, system, &rest) } else { error(system, gold, &alone) });
    }
    tally.missing_documents = alone.len() as u64;
    tally.extra_documents = rest.len() as u64;
    tally.extra_mentions = rest.iter().map(|&index| system.documents[index].mentions.len() as u64).sum();
    Ok(partners)
}

/// The partners with the same id, and the documents of the system that are nobody's.
fn by_id(gold: View<'_>, system: View<'_>) -> (Vec<Option<usize>>, Vec<usize>) {
    let mut by_id: HashMap<&str, Vec<usize>> = HashMap::new();
    for (index, document) in system.documents.iter().enumerate().rev() {
        by_id.entry(&document.id).or_default().push(index);
    }
    let partners =
        gold.documents.iter().map(|document| by_id.get_mut(document.id.as_str()).and_then(Vec::pop)).collect();
    let mut rest: Vec<usize> = by_id.into_values().flatten().collect();
    rest.sort_unstable();
    (partners, rest)
}

/// The documents of the gold and of the system that no id pairs.
pub(super) fn unpaired(gold: View<'_>, system: View<'_>) -> (Vec<usize>, Vec<usize>) {
    let (partners, rest) = by_id(gold, system);
    ((0..partners.len()).filter(|&index| partners[index].is_none()).collect(), rest)
}
