//! Titles: words before a name that are no part of it.

use std::collections::HashMap;

use foldhash::fast::FixedState;

use super::gender::Gender;
use super::table::rows;

/// What a title says of the person that it stands before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Title {
    /// What it is.
    pub kind: TitleKind,
    /// Whose it is, where it tells: `Mrs`, `Queen`.
    pub gender: Option<Gender>,
    /// Whether it names an office that few people hold, and is not just a form of address.
    pub is_office: bool,
    /// Whether it may be a part of the name: `King Charles III`, `Mother Teresa`.
    pub may_be_name: bool,
    /// Whether it is set aside before a name. Others ("director", "Sultan") are as often words of names.
    pub(in crate::link) is_before: bool,
    /// Whether it also stands between given names and surname.
    pub(in crate::link) is_within: bool,
}

/// Kinds of titles.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TitleKind {
    /// An office or a profession: minister, judge, coach.
    Office,
    /// A form of address: Mr, Excellency.
    Honorific,
    /// A rank of an army, navy, air force or police.
    Military,
    /// An office or honour of a religion: bishop, ayatollah.
    Religious,
    /// A rank of nobility, a knighthood or an honour of a crown: baroness, sir.
    Noble,
    /// A degree or academic rank: doctor, professor.
    Academic,
}

impl TitleKind {
    /// Reads a cell of a table.
    fn read(cell: &str) -> Self {
        match cell {
            "office" => Self::Office,
            "honorific" => Self::Honorific,
            "military" => Self::Military,
            "religious" => Self::Religious,
            "noble" => Self::Noble,
            "academic" => Self::Academic,
            _ => panic!("expected a kind of titles, found {cell:?}; a test reads all tables"),
        }
    }
}

/// Titles by their lower-case words.
#[derive(Clone, Debug, Default)]
pub(super) struct Titles {
    titles: HashMap<&'static str, Title, FixedState>,
}

impl Titles {
    /// Reads a table of `title`, `kind`, `gender`, `where`, `tells` and `source`.
    pub(super) fn new(table: &'static str) -> Self {
        let read = |[title, kind, gender, place, tells, _source]: [&'static str; 6]| {
            let title_of = Title {
                kind: TitleKind::read(kind),
                gender: Gender::read(gender),
                is_office: tells == "yes",
                may_be_name: place == "part",
                is_before: matches!(place, "before" | "within"),
                is_within: place == "within",
            };
            (title, title_of)
        };
        Self { titles: rows(table).map(read).collect() }
    }

    /// The words that are set aside before a name. Their last word ends those of several.
    pub(super) fn before(&self) -> impl Iterator<Item = &'static str> {
        self.titles.iter().filter(|(title, of)| of.is_before && !title.contains(' ')).map(|(word, _)| *word)
    }

    pub(super) fn get(&self, title: &str) -> Option<Title> {
        self.titles.get(title).copied()
    }
}
