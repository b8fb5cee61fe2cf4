//! What the mentions of a document name: in a sports report, the name of a country may be its team.

use std::collections::{BTreeMap, BTreeSet};

use crate::lexicon::{Gender, Lexicon};
use crate::link::Kind;
use crate::link::cluster::forms::Forms;
use crate::link::mentions::{DocumentRecord, MentionRecord, MentionStore};
use crate::link::names::NameModel;

/// Form and kind of the mentions of one document.
pub(super) struct Interpretation<'a> {
    mentions: &'a MentionStore,
    forms: &'a Forms<'a>,
    /// Forms of countries that are teams here.
    teams: BTreeSet<u32>,
    /// First byte from which on towns may be teams; `None` if there are no teams, or if the labels tell them.
    towns_from: Option<u32>,
}

impl<'a> Interpretation<'a> {
    pub(super) fn new(mentions: &'a MentionStore, forms: &'a Forms<'a>, document: &DocumentRecord) -> Self {
        let mut interpretation = Self { mentions, forms, teams: BTreeSet::new(), towns_from: None };
        if !document.is_sports || forms.labels_tell_teams {
            return interpretation;
        }
        // Per form, how many mentions stand alone, and how many do not.
        let mut lands: BTreeMap<u32, (u32, u32)> = BTreeMap::new();
        for record in &document.mentions {
            let (form, kind) = interpretation.of(record);
            if kind == Kind::Place && forms.get(form).known.may_be_team() {
                let counts = lands.entry(form).or_default();
                let count = if record.stands_alone() { &mut counts.0 } else { &mut counts.1 };
                *count += 1;
            }
        }
        let teams = lands.into_iter().filter(|(_, (alone, attached))| alone >= attached);
        interpretation.teams = teams.map(|(form, _)| form).collect();
        // The first names of a report are in its headline and dateline.
        interpretation.towns_from = document.mentions.get(3).map(|record| record.start);
        interpretation
    }

    /// The gender that the titles of a person's mention tell, inside it or before it.
    pub(super) fn gender(&self, record: &MentionRecord) -> Option<Gender> {
        let of = |words: &str| words.split(' ').find_map(|word| Lexicon::english().title(word)?.gender);
        let before = record.title.checked_sub(1).and_then(|title| of(&self.mentions.titles[title as usize]));
        before.or_else(|| {
            let form = self.forms.get(self.of(record).0);
            let has_titles = !form.titles.is_empty();
            let parse = || NameModel::embedded().parse(&self.mentions.surfaces[record.surface as usize]);
            has_titles.then(parse)?.titles().find_map(of)
        })
    }

    /// Form and kind of a mention. What is known as a land is a place, whatever its label, unless it is the team or government of that
    /// name.
    pub(super) fn of(&self, record: &MentionRecord) -> (u32, Kind) {
        let kind = self.mentions.kinds[record.label as usize];
        let form = self.forms.of(record.surface, kind);
        let known = &self.forms.get(form).known;
        let is_town =
            || !known.is_land() && known.town().is_some() && self.towns_from.is_some_and(|from| record.start >= from);
        let kind = match kind {
            Kind::Place | Kind::Other if self.teams.contains(&form) => Kind::Organisation,
            Kind::Other if is_town() => Kind::Organisation,
            Kind::Other if known.is_land() => Kind::Place,
            kind => kind,
        };
        (form, kind)
    }
}
