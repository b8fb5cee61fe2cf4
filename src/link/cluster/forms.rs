//! All normal forms of a corpus.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::Knowledge;
use super::form::{Class, Form, Surfaces};
use crate::io::NameRow;
use crate::link::Kind;
use crate::link::mentions::{MentionStore, Teams};

/// All forms of a corpus, sorted by class and text: their order does not depend on that of the documents.
#[derive(Clone, Debug)]
pub(super) struct Forms<'k> {
    all: Vec<Form<'k>>,
    /// Whether the labels tell a team from the country that it is named after.
    pub(super) labels_tell_teams: bool,
    knowledge: Knowledge<'k>,
    /// Per class and surface, the form.
    of_surface: [Vec<u32>; 2],
    /// Per form, the first of its surfaces.
    #[cfg(feature = "archive")]
    first_surface: Vec<u32>,
}

impl<'k> Forms<'k> {
    pub(super) fn new(mentions: &MentionStore, knowledge: Knowledge<'k>) -> Self {
        let usage = Usage::new(mentions);
        let normalised: Vec<[Option<String>; 2]> = mentions
            .surfaces
            .par_iter()
            .zip(&usage.classes)
            .map(|(surface, used)| {
                [Class::Person, Class::Thing].map(|class| used[class as usize].then(|| class.normalise(surface)))
            })
            .collect();
        let mut found: BTreeMap<(Class, &str), Vec<u32>> = BTreeMap::new();
        for (at, [person, thing]) in (0_u32..).zip(&normalised) {
            for (class, text) in [(Class::Person, person), (Class::Thing, thing)] {
                if let Some(text) = text {
                    found.entry((class, text)).or_default().push(at);
                }
            }
        }
        let n = mentions.surfaces.len();
        let mut of_surface = [vec![u32::MAX; n], vec![u32::MAX; n]];
        let mut listed: Vec<(Class, &str, Vec<u32>)> = Vec::with_capacity(found.len());
        for (at, ((class, text), mut surfaces)) in (0_u32..).zip(found) {
            surfaces.sort_by_key(|&surface| &mentions.surfaces[surface as usize]);
            for &surface in &surfaces {
                of_surface[class as usize][surface as usize] = at;
            }
            listed.push((class, text, surfaces));
        }
        #[cfg(feature = "archive")]
        let first_surface = listed.iter().map(|(_, _, surfaces)| surfaces[0]).collect();
        let all = listed
            .into_par_iter()
            .map(|(class, text, ids)| {
                let has_other_kind = ids.iter().any(|&surface| usage.has_other_kind[surface as usize]);
                let surfaces: Vec<&str> = ids.iter().map(|&at| mentions.surfaces[at as usize].as_str()).collect();
                Form::new(&Surfaces { class, text, surfaces: &surfaces, has_other_kind }, knowledge)
            })
            .collect();
        let mut forms = Self {
            all,
            labels_tell_teams: false,
            knowledge,
            of_surface,
            #[cfg(feature = "archive")]
            first_surface,
        };
        forms.labels_tell_teams = forms.labels_tell_teams(mentions);
        forms
    }

    /// Whether at least a quarter of the countries that stand alone in sports reports have the label of an organisation, those of an
    /// archive included.
    fn labels_tell_teams(&self, mentions: &MentionStore) -> bool {
        let (new, known) = (self.teams(mentions), mentions.known.teams);
        let (labelled, all) = (new.labelled + known.labelled, new.all + known.all);
        4 * labelled >= all && all > 0
    }

    /// The countries that stand alone in the sports reports of a store.
    pub(super) fn teams(&self, mentions: &MentionStore) -> Teams {
        let mut teams = Teams::default();
        for record in mentions.documents.iter().filter(|document| document.is_sports).flat_map(|it| &it.mentions) {
            let kind = mentions.kinds[record.label as usize];
            let may_be_team = || self.get(self.of(record.surface, kind)).known.may_be_team();
            if kind != Kind::Person && record.stands_alone() && may_be_team() {
                teams.all += 1;
                teams.labelled += usize::from(kind == Kind::Organisation);
            }
        }
        teams
    }

    /// The form of a surface in mentions of a kind.
    pub(super) fn of(&self, surface: u32, kind: Kind) -> u32 {
        self.of_surface[Class::of(kind) as usize][surface as usize]
    }

    /// The form of a surface as a person's name, if some mention has it so.
    pub(super) fn of_person(&self, surface: u32) -> Option<u32> {
        Some(self.of_surface[Class::Person as usize][surface as usize]).filter(|&form| form != u32::MAX)
    }

    /// The first surface of a form, in the order of the store.
    #[cfg(feature = "archive")]
    pub(super) fn surface(&self, form: u32) -> u32 {
        self.first_surface[form as usize]
    }

    /// Whether the user forbids two forms to be one, or knows them as two things.
    pub(super) fn are_forbidden(&self, a: u32, b: u32) -> bool {
        let (a, b) = (self.get(a), self.get(b));
        let forbids = |(a, b)| self.knowledge.constraints.forbids_groups(a, b);
        a.group.zip(b.group).map_or_else(|| a.has_other_row(b), forbids)
    }

    /// A row of the user's table.
    pub(super) fn row(&self, row: u32) -> &'k NameRow {
        &self.knowledge.aliases.rows()[row as usize]
    }

    pub(super) fn get(&self, form: u32) -> &Form<'k> {
        &self.all[form as usize]
    }
}

/// What surfaces are used for.
struct Usage {
    /// Per surface and class, whether a mention of the class has it. A short form in brackets may name anything but a person.
    classes: Vec<[bool; 2]>,
    /// Per surface, whether a mention has it whose label does not say its kind.
    has_other_kind: Vec<bool>,
}

impl Usage {
    fn new(mentions: &MentionStore) -> Self {
        let n = mentions.surfaces.len();
        let mut usage = Self { classes: vec![[false; 2]; n], has_other_kind: vec![false; n] };
        for document in &mentions.documents {
            for record in &document.mentions {
                let (surface, kind) = (record.surface as usize, mentions.kinds[record.label as usize]);
                usage.classes[surface][Class::of(kind) as usize] = true;
                usage.has_other_kind[surface] |= kind == Kind::Other;
            }
            for definition in &document.definitions {
                usage.classes[definition.surface as usize][Class::Thing as usize] = true;
            }
            let kind = document.mentions.first().map(|record| mentions.kinds[record.label as usize]);
            for (&alias, kind) in document.aliases.iter().zip(kind.into_iter().cycle()) {
                usage.classes[alias as usize][Class::of(kind) as usize] = true;
                usage.has_other_kind[alias as usize] |= kind == Kind::Other;
            }
        }
        for name in mentions.known.entities.iter().flat_map(|entity| &entity.names) {
            usage.classes[name.surface as usize][Class::of(name.kind) as usize] = true;
            for alias in &name.aliases {
                usage.classes[alias.surface as usize][Class::of(alias.kind) as usize] = true;
                usage.has_other_kind[alias.surface as usize] |= mentions.kinds[alias.label as usize] == Kind::Other;
            }
        }
        usage
    }
}
