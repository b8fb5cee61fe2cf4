//! Which surfaces are the same words, and what do rules need to know of them?

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hash, Hasher};

use rayon::prelude::*;

use super::knowledge::Knowledge;
use super::organisation::{self, Head};
use super::person::as_f32;
use crate::link::Kind;
use crate::link::collection::Collection;
use crate::link::fold::{bare, fold, is_acronym};
use crate::link::kb::{Kb, Senses};
use crate::link::names::{Model, Name};
use crate::link::sports;
use crate::link::user::{Found, Row};

/// Surfaces that differ in nothing but case, marks, titles and spelling conventions.
#[derive(Clone, Debug)]
pub(super) struct Form<'k> {
    /// Lower-case words joined by blanks; of a person without titles and particles.
    pub(super) text: String,
    pub(super) class: Class,
    pub(super) is_acronym: bool,
    /// The parsed name, where the form may be a person's.
    pub(super) name: Option<Name>,
    /// How full the name is: two for each word, one for an initial, one for an acronym.
    pub(super) weight: u32,
    /// Titles in the surfaces themselves.
    pub(super) titles: Vec<String>,
    /// What a knowledge base says that it is.
    pub(super) known: Senses<'k>,
    /// Whether it names a body that every state has: without the state it says little.
    pub(super) is_relative: bool,
    /// What "Pakistan Foreign Ministry" or "Supreme Court of India" is without the country, and a key of the country.
    pub(super) of_state: Option<(String, u64)>,
    /// What kind of body the words name, for organisations.
    pub(super) head: Head,
    /// The user's group of names that are one, where there is one.
    pub(super) group: Option<u32>,
    /// The user's rows that it means or may mean.
    pub(super) rows: Rows,
    /// Two forms that share none of these have nothing in common; sorted.
    pub(super) keys: Vec<u64>,
}

/// Rows of the user.
#[derive(Clone, Debug, Default)]
pub(super) struct Rows {
    /// Per kind, the row that a form means, and how probable that is.
    found: [Option<(u32, f32)>; 4],
    /// Where it may mean several: the kind, the row, and how alike they are.
    pub(super) open: Vec<(Kind, u32, f32)>,
}

/// Which rules a form was folded by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Class {
    Person,
    Thing,
}

impl Class {
    pub(super) fn of(kind: Kind) -> Self {
        if kind == Kind::Person { Self::Person } else { Self::Thing }
    }
}

impl Form<'_> {
    /// The user's row that mentions of a kind mean, and how probable that is.
    pub(super) fn row(&self, kind: Kind) -> Option<(u32, f32)> {
        self.rows.found[kind as usize]
    }

    pub(super) fn words(&self) -> impl DoubleEndedIterator<Item = &str> + Clone {
        self.text.split(' ')
    }

    pub(super) fn n_words(&self) -> usize {
        self.words().count()
    }
}

/// All forms of a collection, by class and alphabet: their order does not depend on that of the documents.
#[derive(Clone, Debug)]
pub(super) struct Forms<'k> {
    pub(super) all: Vec<Form<'k>>,
    /// Whether the labels tell a team from the country that it has its name of.
    pub(super) labels_tell_teams: bool,
    knowledge: Knowledge<'k>,
    of_surface: [Vec<u32>; 2],
}

impl<'k> Forms<'k> {
    pub(super) fn new(collection: &Collection, knowledge: Knowledge<'k>) -> Self {
        let n = collection.surfaces.len();
        // Which classes a surface is used in; a short form in brackets may be a name of anything.
        let mut used = vec![[false; 2]; n];
        let mut blind = vec![false; n];
        for listing in &collection.documents {
            for named in &listing.mentions {
                let kind = collection.kinds[named.label as usize];
                used[named.surface as usize][Class::of(kind) as usize] = true;
                blind[named.surface as usize] |= kind == Kind::Other;
            }
            for tie in &listing.ties {
                used[tie.surface as usize][Class::Thing as usize] = true;
            }
        }
        let folded: Vec<[Option<String>; 2]> = collection
            .surfaces
            .par_iter()
            .zip(&used)
            .map(|(surface, used)| {
                let person = used[0].then(|| person(surface));
                [person, used[1].then(|| thing(surface))]
            })
            .collect();
        let mut found: BTreeMap<(Class, &str), Vec<u32>> = BTreeMap::new();
        for (at, [person, thing]) in (0_u32..).zip(&folded) {
            for (class, text) in [(Class::Person, person), (Class::Thing, thing)] {
                if let Some(text) = text {
                    found.entry((class, text)).or_default().push(at);
                }
            }
        }
        let mut of_surface = [vec![u32::MAX; n], vec![u32::MAX; n]];
        let mut listed: Vec<(Class, &str, Vec<u32>)> = Vec::with_capacity(found.len());
        for (at, ((class, text), mut surfaces)) in (0_u32..).zip(found) {
            surfaces.sort_by_key(|&surface| &collection.surfaces[surface as usize]);
            for &surface in &surfaces {
                of_surface[class as usize][surface as usize] = at;
            }
            listed.push((class, text, surfaces));
        }
        let all = listed
            .into_par_iter()
            .map(|(class, text, surfaces)| {
                let is_blind = surfaces.iter().any(|&surface| blind[surface as usize]);
                let texts: Vec<&str> = surfaces.iter().map(|&at| collection.surfaces[at as usize].as_str()).collect();
                let group = texts.iter().find_map(|text| knowledge.constraints.group(text));
                let rows = rows(knowledge, class, texts[0]);
                Form { group, rows, ..form(knowledge.kb, (class, text), (&texts, is_blind)) }
            })
            .collect();
        let mut forms = Self { all, labels_tell_teams: false, knowledge, of_surface };
        forms.labels_tell_teams = forms.labels_tell_teams(collection);
        forms
    }

    /// In reports on sports, at least a quarter of the countries that stand alone have the label of an organisation.
    fn labels_tell_teams(&self, collection: &Collection) -> bool {
        let (mut teams, mut all) = (0_usize, 0_usize);
        for named in
            collection.documents.iter().filter(|listing| listing.is_sports).flat_map(|listing| &listing.mentions)
        {
            let kind = collection.kinds[named.label as usize];
            let may_be_team = || self.get(self.of(named.surface, kind)).known.may_be_team();
            if kind != Kind::Person && sports::stands_alone(named) && may_be_team() {
                all += 1;
                teams += usize::from(kind == Kind::Organisation);
            }
        }
        4 * teams >= all && all > 0
    }

    pub(super) fn of(&self, surface: u32, kind: Kind) -> u32 {
        self.of_surface[Class::of(kind) as usize][surface as usize]
    }

    /// Whether the user forbids that two forms are one, or knows both as two things.
    pub(super) fn never(&self, a: u32, b: u32) -> bool {
        let (a, b) = (self.get(a), self.get(b));
        let forbids = |(a, b)| self.knowledge.constraints.forbids_groups(a, b);
        let differ = || {
            a.rows.found.iter().zip(&b.rows.found).any(|rows| matches!(rows, (Some((a, _)), Some((b, _))) if a != b))
        };
        a.group.zip(b.group).map_or_else(differ, forbids)
    }

    /// What the user knows.
    pub(super) fn row(&self, row: u32) -> &'k Row {
        &self.knowledge.aliases.rows()[row as usize]
    }

    pub(super) fn get(&self, form: u32) -> &Form<'k> {
        &self.all[form as usize]
    }
}

fn form<'k>(kb: &'k Kb, (class, text): (Class, &str), (texts, is_blind): (&[&str], bool)) -> Form<'k> {
    let model = Model::embedded();
    let name = (class == Class::Person || is_blind).then(|| model.parse(texts[0]));
    let name = name.filter(|name| name.parts().next().is_some());
    let mut titles = BTreeSet::new();
    if name.is_some() {
        for text in texts {
            let run: Vec<String> = model.parse(text).titles().map(str::to_owned).collect();
            if !run.is_empty() {
                titles.insert(run.join(" "));
            }
        }
    }
    let is_acronym = class == Class::Thing && !text.contains(' ') && texts.iter().any(|text| is_acronym(bare(text)));
    let known = if class == Class::Thing { kb.senses(texts) } else { Senses::default() };
    let head = if class == Class::Thing { organisation::Head::of(text) } else { Head::default() };
    let is_relative =
        class == Class::Thing && !known.is_land() && known.body().is_none() && organisation::is_relative(text);
    let of_state = if class == Class::Thing && !is_relative { of_state(kb, texts[0]) } else { None };
    let titles = titles.into_iter().collect();
    let weight = if is_acronym { 1 } else { text.split(' ').map(|word| if word.len() > 1 { 2 } else { 1 }).sum() };
    let mut form = Form {
        text: text.to_owned(),
        class,
        is_acronym,
        name,
        weight,
        titles,
        known,
        is_relative,
        of_state,
        head,
        group: None,
        rows: Rows::default(),
        keys: Vec::new(),
    };
    form.keys = keys(&form);
    form
}

/// The user's rows that a surface means; where several fit alike, none is taken, and they are told.
fn rows(knowledge: Knowledge<'_>, class: Class, surface: &str) -> Rows {
    let mut rows = Rows::default();
    let kinds: &[Kind] = match class {
        Class::Person => &[Kind::Person],
        Class::Thing => &[Kind::Organisation, Kind::Place, Kind::Other],
    };
    for &kind in kinds {
        match knowledge.aliases.find(surface, kind) {
            Found::One(found) => rows.found[kind as usize] = Some((found.nth, as_f32(found.score))),
            Found::Several(all) => rows.open.extend(all.iter().map(|found| (kind, found.nth, as_f32(found.score)))),
            Found::Nil => {}
        }
    }
    rows
}

/// What a body of a state is without the name of the state, and a key of the state.
fn of_state(kb: &Kb, surface: &str) -> Option<(String, u64)> {
    let surface = bare(surface);
    let state = |name: &str| kb.senses(&[name]).land().map(|found| key(b'n', &found.entry.id));
    let body = |rest: &str| Some(fold(rest)).filter(|rest| organisation::is_relative(rest));
    let split = |at: usize| Some((body(surface[at..].trim_start())?, state(&surface[..at])?));
    let before = surface.match_indices(' ').take(3).find_map(|(at, _)| split(at));
    before.or_else(|| {
        let (rest, name) = surface.rsplit_once(" of ")?;
        Some((body(rest)?, state(name)?))
    })
}

/// What a form can have in common with another.
fn keys(form: &Form<'_>) -> Vec<u64> {
    let mut keys = Vec::new();
    if let Some(name) = &form.name {
        let parts = Model::embedded().keys(name);
        keys.extend(parts.iter().map(|part| key(b'p', part)));
        keys.push(key(b'j', &parts.concat()));
    }
    if form.class == Class::Thing {
        keys.extend(form.words().filter(|word| word.len() > 2).map(|word| key(b'w', word)));
        keys.push(key(b'c', form.head.core(form)));
        keys.extend(form.head.initials.iter().map(|initials| key(b'a', initials)));
        keys.extend(form.head.ministry.iter().map(|(topic, _)| key(b'm', topic)));
        if form.is_acronym {
            keys.push(key(b'a', &form.text));
        }
        if form.text.len() >= 7 {
            keys.push(key(b's', &form.text[..form.text.ceil_char_boundary(4)]));
        }
    }
    keys.sort_unstable();
    keys.dedup();
    keys
}

/// A key of one sort; the same on every run and machine.
pub(super) fn key(sort: u8, text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    sort.hash(&mut hasher);
    text.hash(&mut hasher);
    hasher.finish()
}

/// The name of a thing: its words, or what there is instead of words.
fn thing(surface: &str) -> String {
    [bare(surface), surface]
        .into_iter()
        .map(fold)
        .find(|text| !text.is_empty())
        .unwrap_or_else(|| surface.trim().to_owned())
}

/// A person's name as the parser reads it, given names first, with the generation.
fn person(surface: &str) -> String {
    let name = Model::embedded().parse(surface);
    let mut parts: Vec<&str> = name.parts().collect();
    if parts.is_empty() {
        return thing(surface);
    }
    parts.extend(name.generation());
    parts.join(" ")
}
