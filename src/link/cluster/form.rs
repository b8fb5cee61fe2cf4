//! Normal forms of surfaces, and what rules need to know of them.

use std::sync::OnceLock;

use super::Knowledge;
use super::key::{KeyKind, key};
use super::organisation::{OrganisationName, romanised};
use super::support::as_f32;
use crate::lexicon::Lexicon;
use crate::link::Kind;
use crate::link::kb::{Kb, Senses};
use crate::link::names::{Name, NameModel, Tokens};
use crate::link::normalise::{bare, is_acronym, normalise, with_joined_letters};

/// Surfaces that differ only in case, marks, titles and spelling conventions.
#[derive(Clone, Debug)]
pub(super) struct Form<'k> {
    /// Lower-case words separated by spaces; of a person without titles and particles.
    pub(super) text: Box<str>,
    pub(super) class: Class,
    pub(super) is_acronym: bool,
    /// The parsed name, if the form may be a person's.
    pub(super) name: Option<Name>,
    /// How full the name is: two for each word, one for an initial, one for an acronym.
    pub(super) weight: u32,
    /// Titles in the surfaces themselves.
    pub(super) titles: Box<[String]>,
    /// What the knowledge base knows it as.
    pub(super) known: Senses<'k>,
    /// Whether it names a body that every state has, and does not say of which state.
    pub(super) is_state_relative: bool,
    /// Whether it is a party of several countries: "Labour".
    pub(super) is_party: bool,
    /// "Supreme Court of India" or "Pakistan Foreign Ministry" in two parts.
    pub(super) state_body: Option<Box<StateBody>>,
    /// The parts of an organisation's name.
    pub(super) organisation: OrganisationName,
    /// The user's group of names that are one.
    pub(super) group: Option<u32>,
    /// The user's rows that it means or may mean.
    rows: Option<Box<Rows>>,
    /// What [`Form::keys`] gives, once somebody has asked.
    keys: OnceLock<Box<[u64]>>,
}

/// A body of a state that is named with it.
#[derive(Clone, Debug)]
pub(super) struct StateBody {
    /// The name without the state.
    pub(super) body: String,
    /// Key of the state.
    pub(super) state: u64,
}

/// The user's rows that a form means.
#[derive(Clone, Debug, Default)]
pub(super) struct Rows {
    /// Per kind: the row, and how probable it is.
    found: [Option<(u32, f32)>; 4],
    /// Rows that mentions may mean, where several fit.
    possible: Vec<PossibleRow>,
}

/// One of several rows that mentions of a kind may mean.
#[derive(Clone, Copy, Debug)]
pub(super) struct PossibleRow {
    pub(super) kind: Kind,
    pub(super) row: u32,
    pub(super) probability: f32,
}

/// A form as mentions of a kind use it.
#[derive(Clone, Copy)]
pub(super) struct TypedForm<'f> {
    pub(super) form: &'f Form<'f>,
    pub(super) kind: Kind,
}

/// The rules by which a surface was normalised.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Class {
    Person,
    Thing,
}

impl Class {
    pub(super) fn of(kind: Kind) -> Self {
        if kind == Kind::Person { Self::Person } else { Self::Thing }
    }

    /// The normal form of a surface.
    pub(super) fn normalise(self, surface: &str) -> String {
        match self {
            Self::Person => person(surface),
            Self::Thing => thing(surface),
        }
    }
}

/// The name of a thing: its words, or the surface if it has none.
fn thing(surface: &str) -> String {
    let surface = &*with_joined_letters(surface);
    [bare(surface), surface]
        .into_iter()
        .map(normalise)
        .find(|text| !text.is_empty())
        .unwrap_or_else(|| surface.trim().to_owned())
}

/// A person's name as the parser reads it, given names first, with the generation.
fn person(surface: &str) -> String {
    // "Suspect 1" is not "Suspect 2".
    if surface.contains(|c: char| c.is_ascii_digit()) {
        return thing(surface);
    }
    let name = NameModel::embedded().parse(surface);
    let mut parts: Vec<&str> = name.parts().collect();
    if parts.is_empty() {
        return thing(surface);
    }
    parts.extend(name.generation());
    parts.join(" ")
}

/// What is known of the surfaces of a form.
pub(super) struct Surfaces<'a> {
    pub(super) class: Class,
    /// The surfaces, sorted.
    pub(super) surfaces: &'a [&'a str],
    /// Whether some mention has a label that does not say its kind.
    pub(super) has_other_kind: bool,
}

impl<'k> Form<'k> {
    /// The form with a text that some surfaces have.
    pub(super) fn new(text: Box<str>, of: &Surfaces<'_>, knowledge: Knowledge<'k>) -> Self {
        let Surfaces { class, surfaces, has_other_kind } = *of;
        let kb = knowledge.kb;
        let is_thing = class == Class::Thing;
        let name = (!is_thing || has_other_kind).then(|| NameModel::embedded().parse(surfaces[0]));
        let has_digit = text.contains(|c: char| c.is_ascii_digit());
        let name = name.filter(|name| !has_digit && name.parts().next().is_some());
        let titles = if name.is_some() { titles(surfaces) } else { Box::default() };
        let is_acronym = is_thing && !text.contains(' ') && surfaces.iter().any(|surface| is_acronym(bare(surface)));
        let is_party = is_thing && Lexicon::english().is_party(&text);
        let known = if is_thing { kb.senses(surfaces) } else { Senses::default() };
        let organisation = if is_thing { OrganisationName::new(&text) } else { OrganisationName::default() };
        let is_state_relative =
            is_thing && !known.is_land() && known.body().is_none() && Lexicon::english().is_state_relative(&text);
        let state_body = if is_thing && !is_state_relative { StateBody::new(kb, surfaces[0]) } else { None };
        let weight = if is_acronym { 1 } else { text.split(' ').map(|word| if word.len() > 1 { 2 } else { 1 }).sum() };
        Self {
            text,
            class,
            is_acronym,
            name,
            weight,
            titles,
            known,
            is_state_relative,
            is_party,
            state_body: state_body.map(Box::new),
            organisation,
            group: surfaces.iter().find_map(|surface| knowledge.constraints.group(surface)),
            rows: Rows::new(knowledge, class, surfaces[0]),
            keys: OnceLock::new(),
        }
    }

    /// Forms that share none of these have nothing in common. Sorted.
    pub(super) fn keys(&self) -> &[u64] {
        self.keys.get_or_init(|| self.shared_keys().into_boxed_slice())
    }

    /// Lets the name share its parts with those of other forms.
    pub(super) fn share(&mut self, tokens: &mut Tokens) {
        self.name.iter_mut().for_each(|name| tokens.share(name));
    }

    /// The user's row that mentions of a kind mean, and how probable it is.
    pub(super) fn row(&self, kind: Kind) -> Option<(u32, f32)> {
        self.rows.as_ref()?.found[kind as usize]
    }

    /// Whether the user knows two forms as two things.
    pub(super) fn has_other_row(&self, other: &Form<'_>) -> bool {
        let (Some(own), Some(others)) = (&self.rows, &other.rows) else { return false };
        let mut rows = own.found.iter().zip(&others.found);
        rows.any(|rows| matches!(rows, (Some((a, _)), Some((b, _))) if a != b))
    }

    /// The user's rows that mentions of a kind may mean, where several fit.
    pub(super) fn possible_rows(&self, kind: Kind) -> impl Iterator<Item = &PossibleRow> {
        self.rows.iter().flat_map(|rows| &rows.possible).filter(move |possible| possible.kind == kind)
    }

    pub(super) fn words(&self) -> impl DoubleEndedIterator<Item = &str> + Clone {
        self.text.split(' ')
    }

    pub(super) fn n_words(&self) -> usize {
        self.words().count()
    }

    /// The name of an organisation without its legal form.
    pub(super) fn core(&self) -> &str {
        self.organisation.core(&self.text)
    }

    /// What another form can have in common with this one.
    fn shared_keys(&self) -> Vec<u64> {
        let mut keys = Vec::new();
        if let Some(name) = &self.name {
            let parts = NameModel::embedded().keys(name);
            keys.extend(parts.iter().map(|part| key(KeyKind::Part, part)));
            keys.push(key(KeyKind::WholeName, &parts.concat()));
        }
        if self.class == Class::Thing {
            keys.extend(self.words().filter(|word| word.len() > 2).map(|word| key(KeyKind::Word, word)));
            keys.push(key(KeyKind::Core, self.core()));
            keys.extend(romanised(&self.text).map(|text| key(KeyKind::Romanised, &text)));
            keys.extend(self.organisation.initials().map(|initials| key(KeyKind::Initials, initials)));
            keys.extend(self.organisation.ministry.iter().map(|ministry| key(KeyKind::Ministry, &ministry.topic)));
            if self.is_acronym {
                keys.push(key(KeyKind::Initials, &self.text));
            }
            if self.text.len() >= 7 {
                keys.push(key(KeyKind::Start, &self.text[..self.text.ceil_char_boundary(4)]));
            }
        }
        keys.sort_unstable();
        keys.dedup();
        keys
    }
}

/// Titles that the surfaces themselves have, sorted.
fn titles(surfaces: &[&str]) -> Box<[String]> {
    let mut titles = Vec::new();
    for surface in surfaces {
        let run: Vec<String> = NameModel::embedded().parse(surface).titles().map(str::to_owned).collect();
        if !run.is_empty() {
            titles.push(run.join(" "));
        }
    }
    titles.sort_unstable();
    titles.dedup();
    titles.into_boxed_slice()
}

impl Rows {
    /// The user's rows that a surface means; nothing if it means none. If several fit alike, none is chosen.
    fn new(knowledge: Knowledge<'_>, class: Class, surface: &str) -> Option<Box<Self>> {
        let mut rows = Self::default();
        let kinds: &[Kind] = match class {
            Class::Person => &[Kind::Person],
            Class::Thing => &[Kind::Organisation, Kind::Place, Kind::Other],
        };
        for &kind in kinds {
            let found = knowledge.aliases.find(surface, kind);
            let found: Vec<(u32, f32)> = found
                .iter()
                .map(|found| {
                    let row = u32::try_from(found.index).expect("rows are counted in 32 bits");
                    (row, as_f32(found.probability))
                })
                .collect();
            match found[..] {
                [] => {}
                [one] => rows.found[kind as usize] = Some(one),
                _ => {
                    let possible = |(row, probability)| PossibleRow { kind, row, probability };
                    rows.possible.extend(found.into_iter().map(possible));
                }
            }
        }
        let is_empty = rows.possible.is_empty() && rows.found.iter().all(Option::is_none);
        (!is_empty).then(|| Box::new(rows))
    }
}

impl StateBody {
    /// Splits a name into a body that every state has and a state: the state comes first, or last after "of".
    fn new(kb: &Kb, surface: &str) -> Option<Self> {
        let surface = bare(surface);
        let state = |name: &str| kb.senses(&[name]).land().map(|found| key(KeyKind::Entry, &found.entry.id));
        let body = |rest: &str| Some(normalise(rest)).filter(|rest| Lexicon::english().is_state_relative(rest));
        let split = |at: usize| Some(Self { body: body(surface[at..].trim_start())?, state: state(&surface[..at])? });
        let before = surface.match_indices(' ').take(3).find_map(|(at, _)| split(at));
        before.or_else(|| {
            let (rest, name) = surface.rsplit_once(" of ")?;
            Some(Self { body: body(rest)?, state: state(name)? })
        })
    }
}
