//! The tables of what stands beside hyphens: `models/words`.

use std::collections::HashMap;
use std::sync::LazyLock;

/// Names of places and bodies and of peoples, written by `models/words/names.py`.
const NAMES: &str = include_str!("../../../models/words/names.tsv");
/// Words of compounds, written by hand.
const COMPOUNDS: &str = include_str!("../../../models/words/compounds.tsv");

/// What a name names, as far as it matters beside a hyphen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NameKind {
    /// A place or a body.
    Thing,
    /// A people or its adjective.
    Demonym,
}

/// What a word does in a compound.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Role {
    /// It follows a name: `Moscow-based`.
    After,
    /// It precedes a name: `pro-Russia`.
    Before,
    /// It follows two names that meet: `Trump-Putin summit`.
    Between,
    /// It begins a name with a hyphen: `Jean-Claude`, `Al-Qaeda`.
    First,
    /// It is an ordinary word even with a capital: `Community-based`.
    Ordinary,
    /// It is one name, hyphen and all: `Coca-Cola`.
    Whole,
}

/// The tables.
pub(super) struct Names {
    kinds: HashMap<&'static str, NameKind>,
    roles: HashMap<(Role, &'static str), ()>,
}

impl Names {
    /// What a name in lower case names.
    pub(super) fn kind(&self, name: &str) -> Option<NameKind> {
        self.kinds.get(name).copied()
    }

    /// Whether a word in lower case does that in compounds.
    pub(super) fn has(&self, word: &str, role: Role) -> bool {
        self.roles.contains_key(&(role, word))
    }
}

/// The tables, read when they are first used.
pub(super) fn names() -> &'static Names {
    static TABLES: LazyLock<Names> = LazyLock::new(|| Names {
        kinds: NAMES.lines().skip(1).filter_map(kind).collect(),
        roles: COMPOUNDS.lines().skip(1).filter_map(role).collect(),
    });
    &TABLES
}

fn kind(line: &'static str) -> Option<(&'static str, NameKind)> {
    let (name, kind) = line.split_once('\t')?;
    Some((name, if kind == "demonym" { NameKind::Demonym } else { NameKind::Thing }))
}

fn role(line: &'static str) -> Option<((Role, &'static str), ())> {
    let mut cells = line.split('\t');
    let word = cells.next()?;
    let role = match cells.next()? {
        "after" => Role::After,
        "before" => Role::Before,
        "between" => Role::Between,
        "first" => Role::First,
        "ordinary" => Role::Ordinary,
        "whole" => Role::Whole,
        _ => return None,
    };
    Some(((role, word), ()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_read() {
        assert_eq!(NAMES.lines().skip(1).filter_map(kind).count(), NAMES.lines().count() - 1);
        assert_eq!(COMPOUNDS.lines().skip(1).filter_map(role).count(), COMPOUNDS.lines().count() - 1);
        for table in [NAMES, COMPOUNDS] {
            assert!(table.lines().skip(1).is_sorted_by(|a, b| a.split('\t').next() <= b.split('\t').next()));
        }
        assert!(
            NAMES
                .lines()
                .skip(1)
                .all(|line| ["place", "organisation", "demonym"].iter().any(|kind| line.ends_with(kind)))
        );
    }
}
