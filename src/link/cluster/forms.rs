//! All normal forms of a corpus.

use rayon::prelude::*;

use super::Knowledge;
use super::form::{Class, Form, Surfaces};
use crate::io::NameRow;
use crate::link::Kind;
use crate::link::mentions::{MentionStore, Teams};
use crate::link::names::Tokens;

/// Forms that are made at once.
const AT_ONCE: usize = 1 << 14;

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
        let n = mentions.surfaces.len();
        let usage = Usage::new(mentions);
        let written = written(mentions, &usage);
        let mut of_surface = [vec![u32::MAX; n], vec![u32::MAX; n]];
        let n_forms = written.chunk_by(Written::is_same).count();
        let mut all: Vec<Form<'k>> = Vec::with_capacity(n_forms);
        #[cfg(feature = "archive")]
        let mut first_surface = Vec::with_capacity(n_forms);
        let mut tokens = Tokens::default();
        let mut written = written.into_iter().peekable();
        while written.peek().is_some() {
            // Some at a time: before forms share the parts of their names, they are large.
            let mut listed: Vec<(Written, Vec<u32>)> = Vec::with_capacity(AT_ONCE);
            while listed.len() < AT_ONCE
                && let Some(first) = written.next()
            {
                let form = u32::try_from(all.len() + listed.len()).expect("fewer than 2^32 forms");
                let mut surfaces = vec![first.surface];
                while let Some(next) = written.next_if(|next| next.is_same(&first)) {
                    surfaces.push(next.surface);
                }
                for &surface in &surfaces {
                    of_surface[first.class as usize][surface as usize] = form;
                }
                #[cfg(feature = "archive")]
                first_surface.push(surfaces[0]);
                listed.push((first, surfaces));
            }
            let form = |(Written { class, text, .. }, ids): (Written, Vec<u32>)| {
                let has_other_kind = ids.iter().any(|&surface| usage.has_other_kind[surface as usize]);
                let surfaces: Vec<&str> = ids.iter().map(|&at| &mentions.surfaces[at as usize]).collect();
                Form::new(text, &Surfaces { class, surfaces: &surfaces, has_other_kind }, knowledge)
            };
            let from = all.len();
            all.par_extend(listed.into_par_iter().map(form));
            all[from..].iter_mut().for_each(|form| form.share(&mut tokens));
        }
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

/// A surface in its normal form.
struct Written {
    class: Class,
    text: Box<str>,
    surface: u32,
}

impl Written {
    fn is_same(&self, other: &Self) -> bool {
        (self.class, &self.text) == (other.class, &other.text)
    }
}

/// All surfaces in their normal forms, sorted by class, text and surface.
fn written(mentions: &MentionStore, usage: &Usage) -> Vec<Written> {
    let n = u32::try_from(mentions.surfaces.len()).expect("surfaces are counted in 32 bits");
    let of_class = |class: Class| {
        let used = (0..n).into_par_iter().filter(move |&at| usage.classes[at as usize][class as usize]);
        used.map(move |at| {
            let text = class.normalise(&mentions.surfaces[at as usize]).into_boxed_str();
            Written { class, text, surface: at }
        })
    };
    let mut written: Vec<Written> = of_class(Class::Person).chain(of_class(Class::Thing)).collect();
    let surface = |written: &Written| &mentions.surfaces[written.surface as usize];
    written.par_sort_unstable_by(|a, b| (a.class, &a.text, surface(a)).cmp(&(b.class, &b.text, surface(b))));
    written
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
