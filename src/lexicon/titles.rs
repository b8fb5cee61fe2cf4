//! Titles: words before a name that are no part of it.

use std::collections::HashMap;

use super::gender::Gender;
use super::hash::FixedState;
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
    pub(crate) is_before: bool,
    /// Whether it also stands between given names and surname.
    pub(crate) is_within: bool,
    /// Whether it is outside the span of a name that it stands before.
    is_outside: bool,
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
    /// Names that their title belongs to, without it, by the title.
    names: HashMap<&'static str, Vec<&'static str>, FixedState>,
}

impl Titles {
    /// Reads a table of `title`, `kind`, `gender`, `where`, `tells` and `source`, and one of titles that belong to names: `title`, `name`
    /// (empty where it may belong to any) and `source`.
    pub(super) fn new(table: &'static str, in_names: &'static str) -> Self {
        let mut names: HashMap<_, Vec<_>, FixedState> = HashMap::default();
        for [title, name, _source] in rows(in_names) {
            names.entry(title).or_default().push(name);
        }
        let read = |[title, kind, gender, place, tells, _source]: [&'static str; 6]| {
            let title_of = Title {
                kind: TitleKind::read(kind),
                gender: Gender::read(gender),
                is_office: tells == "yes",
                may_be_name: place == "part",
                is_before: matches!(place, "before" | "within"),
                is_within: place == "within",
                is_outside: place != "apart" && !names.get(title).is_some_and(|names| names.contains(&"")),
            };
            (title, title_of)
        };
        Self { titles: rows(table).map(read).collect(), names }
    }

    /// The words that are set aside before a name. Their last word ends those of several.
    pub(super) fn before(&self) -> impl Iterator<Item = &'static str> {
        self.titles.iter().filter(|(title, of)| of.is_before && !title.contains(' ')).map(|(word, _)| *word)
    }

    /// Whether a title before a name is outside its span; `name` is what follows, in lower case.
    pub(super) fn is_outside(&self, title: &str, name: &str) -> bool {
        self.get(title).is_some_and(|title| title.is_outside) && !self.belongs(title, name)
    }

    /// Whether a title belongs to just this name; `name` is what follows, in lower case.
    pub(super) fn belongs(&self, title: &str, name: &str) -> bool {
        let begins = |own: &&str| {
            let rest = name.strip_prefix(own).filter(|_| !own.is_empty());
            rest.is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
        };
        self.names.get(title).is_some_and(|names| names.iter().any(begins))
    }

    pub(super) fn get(&self, title: &str) -> Option<Title> {
        self.titles.get(title).copied()
    }
}
