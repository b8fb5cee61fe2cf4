//! Entities from their members: name, label, aliases, ids.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

use rayon::prelude::*;

use super::canonical::{self, Attested};
use super::corpus::{self, CorpusEntities, NamePair};
use super::document::{DocumentUnits, Documents, Parent, Placed, Unit, resolve_all};
use super::forms::Forms;
use super::knowledge::Knowledge;
use super::members::{Gathered, Members, NameKey};
use super::output::{Cluster, PossibleRow};
use crate::io::NameRow;
use crate::lexicon::Lexicon;
use crate::link::Kind;
use crate::link::explanation::{CountedName, NameMerge};
use crate::link::kb::{Entry, Match, MatchKind, Resolution};
use crate::link::lists::Lists;
use crate::link::mentions::{KnownVote, MentionStore};
use crate::link::reason::{MergeReason, MergeScope};
use crate::text::{Alias, Label};

/// What `keep` takes of each entity of some mentions, and per document and mention the number of its entity. Entities are put together one
/// by one and handed on at once: most of what is known of one is not kept.
pub(in crate::link) fn entities<A: Send, B: Send>(
    mentions: &MentionStore,
    knowledge: Knowledge<'_>,
    keep: impl Fn(Cluster) -> (A, B) + Sync,
) -> (Vec<A>, Vec<B>, Lists<u32>) {
    let forms = Forms::new(mentions, knowledge);
    let documents = resolve_all(mentions, &forms);
    let corpus = CorpusEntities::new(mentions, &forms, &documents);
    let gathered = Gathered::new(mentions, &corpus, &documents);
    let assembly = Assembly::new(mentions, &forms, &documents);
    let (mut first, mut second) = (Vec::new(), Vec::new());
    let all = (0..gathered.len()).into_par_iter();
    all.map(|nth| keep(assembly.cluster(gathered.members(nth)))).unzip_into_vecs(&mut first, &mut second);
    (first, second, gathered.of_mention())
}

/// The pairs of full names of persons that are compared across documents, with what is known of each.
pub(in crate::link) fn name_pairs(mentions: &MentionStore, knowledge: Knowledge<'_>) -> Vec<NamePair> {
    let forms = Forms::new(mentions, knowledge);
    corpus::name_pairs(mentions, &forms, &resolve_all(mentions, &forms))
}

/// What entities are assembled from.
pub(super) struct Assembly<'a> {
    pub(super) mentions: &'a MentionStore,
    pub(super) forms: &'a Forms<'a>,
    pub(super) documents: &'a Documents<'a>,
    /// Per document, the country that it names most.
    lands: Vec<Option<&'a str>>,
}

/// The names of an entity, counted.
#[derive(Default)]
struct Counts<'a> {
    attested: Vec<Attested<'a>>,
    names: Vec<CountedName>,
    aliases: BTreeMap<&'a str, usize>,
    labels: BTreeMap<&'a Label, usize>,
    /// Labels of demonyms.
    labels_of_people: BTreeMap<&'a Label, usize>,
}

impl<'a> Assembly<'a> {
    pub(super) fn new(mentions: &'a MentionStore, forms: &'a Forms<'a>, documents: &'a Documents<'a>) -> Self {
        let land = |document: Cow<'_, DocumentUnits>| {
            let mut counts: BTreeMap<&'a str, usize> = BTreeMap::new();
            for unit in document.units.iter().filter(|unit| unit.kind != Kind::Person) {
                if let Some(found) = forms.get(unit.form).known.land() {
                    *counts.entry(&found.entry.name).or_default() += unit.mentions as usize;
                }
            }
            (!counts.is_empty()).then(|| most(counts.into_iter()))
        };
        let lands = documents.par_iter().map(land).collect();
        Self { mentions, forms, documents, lands }
    }

    /// What tells an entity from others of its name: the office that most documents give to a person, or else the country that most of its
    /// documents are about.
    fn context(&self, members: &Members) -> Option<String> {
        let mut offices: BTreeMap<&str, usize> = BTreeMap::new();
        let mut lands: BTreeMap<&str, usize> = BTreeMap::new();
        let mut last = None;
        for mention in &members.mentions {
            let record = &self.mentions.documents[mention.document as usize].mentions[mention.index as usize];
            let title = record.title.checked_sub(1).map(|title| &self.mentions.titles[title as usize]);
            if let Some(office) = title.filter(|title| Lexicon::english().is_office(title)) {
                *offices.entry(office).or_default() += 1;
            }
            if last != Some(mention.document)
                && let Some(land) = self.lands[mention.document as usize]
            {
                *lands.entry(land).or_default() += 1;
            }
            last = Some(mention.document);
        }
        let counts = if offices.is_empty() { lands } else { offices };
        (!counts.is_empty()).then(|| most(counts.into_iter()).to_owned())
    }

    pub(super) fn cluster(&self, members: Members) -> Cluster {
        let Counts { attested, names, aliases, labels, labels_of_people } = self.counts(&members);
        let main = canonical::main(&attested);
        let nth = self.row(&members);
        let row = nth.map(|nth| self.forms.row(nth));
        let possible_rows = if nth.is_none() { self.possible_rows(&members) } else { Vec::new() };
        let votes = self.votes(&members);
        let elected = self.elected(&members, &votes);
        let land = elected.as_ref().and_then(|vote| self.land(&members, &vote.entry));
        // "Egyptian" and "US" are not what Egypt and the United States are called.
        let is_short = attested[main].form.known.is_demonym() || attested[main].form.is_acronym;
        let of_land = land.filter(|_| is_short).map(|land| land.name.to_string());
        let name = || of_land.unwrap_or_else(|| canonical::name(&attested[main]));
        let name = row.map_or_else(name, |row| row.canonical.clone());
        let mut kb: BTreeMap<String, String> = elected.into_iter().flat_map(|vote| vote.ids).collect();
        kb.extend(row.into_iter().flat_map(NameRow::ids).map(|(base, id)| (base.to_owned(), id.to_owned())));
        // The label of "Iranians" is not that of Iran, unless there is no other.
        let labels = if labels.is_empty() { labels_of_people } else { labels };
        let label = row.and_then(|row| row.label.clone());
        let of_land = || land.and_then(|_| self.place_label(&labels)).cloned();
        let label = label.or_else(of_land).unwrap_or_else(|| most(labels.into_iter()).clone());
        let n_ambiguous = members.n_ambiguous.max(1) as f32;
        let candidates = members.candidates.iter().map(|(&at, sum)| (at, sum / n_ambiguous)).collect();
        let context = self.context(&members);
        let (names, merges) = with_main_first(names, &members, main);
        let (aliases, mentions) = (Alias::ranked(aliases), members.mentions);
        let known = members.known;
        let row = nth;
        Cluster {
            name,
            label,
            aliases,
            mentions,
            kb,
            candidates,
            row,
            possible_rows,
            names,
            merges,
            known,
            votes,
            context,
        }
    }

    /// The country, territory or area with an id that a name of an entity can mean.
    fn land(&self, members: &Members, id: &str) -> Option<&'a Entry> {
        let lands = members.names.keys().filter_map(|&(form, _)| self.forms.get(form).known.land());
        lands.map(|found| found.entry).find(|entry| entry.id == id)
    }

    /// The label of a country whose mentions have some labels: that of most of them that says it is a place, or else the one by which the
    /// documents label places.
    fn place_label(&self, labels: &BTreeMap<&'a Label, usize>) -> Option<&'a Label> {
        let is_place = |label: &&Label| Kind::of(label) == Kind::Place;
        let own: Vec<(&Label, usize)> =
            labels.iter().map(|(label, n)| (*label, *n)).filter(|(label, _)| is_place(label)).collect();
        if own.is_empty() { self.mentions.labels.iter().filter(is_place).min() } else { Some(most(own.into_iter())) }
    }

    fn counts(&self, members: &Members) -> Counts<'a> {
        let text = |surface: u32| &self.mentions.surfaces[surface as usize];
        let mut counts = Counts::default();
        for (&(form, kind), mentions) in &members.names {
            // By their texts, with their ids.
            let mut surfaces: BTreeMap<(&str, u32), usize> = BTreeMap::new();
            let mut own: BTreeMap<(&Label, u32), usize> = BTreeMap::new();
            for (&(surface, label), &n) in mentions {
                *surfaces.entry((text(surface), surface)).or_default() += n;
                *counts.aliases.entry(text(surface)).or_default() += n;
                *own.entry((&self.mentions.labels[label as usize], label)).or_default() += n;
            }
            let form = self.forms.get(form);
            let labels = if form.known.is_demonym() { &mut counts.labels_of_people } else { &mut counts.labels };
            for (&(label, _), n) in &own {
                *labels.entry(label).or_default() += n;
            }
            let mentions = surfaces.values().sum();
            let ((_, surface), (_, label)) = (most(surfaces.iter().map(|(key, n)| (*key, *n))), most(own.into_iter()));
            let surfaces: Vec<(&str, usize)> = surfaces.into_iter().map(|((text, _), n)| (text, n)).collect();
            counts.names.push(CountedName { surface, label, mentions });
            counts.attested.push(Attested { form, kind, mentions, surfaces });
        }
        counts
    }

    /// The entries of the knowledge base that mentions mean, each in its document.
    fn votes(&self, members: &Members) -> Vec<KnownVote> {
        if members.names.keys().all(|&(form, _)| !self.forms.get(form).known.is_known()) {
            return Vec::new();
        }
        let mut votes: BTreeMap<&str, Vote<'a>> = BTreeMap::new();
        let mut n_metonyms = 0;
        for mention in &members.mentions {
            let document = &*self.documents.get(mention.document as usize);
            let n = self.mentions.documents[mention.document as usize].weight.mentions;
            let at = document.of_mention[mention.index as usize] as usize;
            let unit = &document.units[at];
            if document.units[document.root(at)].kind == Kind::Person {
                continue;
            }
            if self.is_defined_otherwise(document, at) {
                continue;
            }
            let told = unit.place.map(|place| match place {
                Placed::Known(entry) => Resolution::Is(Match { entry, kind: MatchKind::Context }),
                Placed::Unknown(_) => Resolution::Nil,
            });
            match told.unwrap_or_else(|| self.forms.get(unit.form).known.resolve(unit.kind, &document.place)) {
                Resolution::Is(found) => {
                    let vote = votes.entry(&found.entry.id).or_insert(Vote { entry: found.entry, n: 0, by_context: 0 });
                    vote.n = vote.n.saturating_add(n);
                    if matches!(found.kind, MatchKind::Context | MatchKind::Qualified) {
                        vote.by_context = vote.by_context.saturating_add(n);
                    }
                }
                Resolution::Metonym(_) => n_metonyms += n,
                Resolution::Ambiguous(_) | Resolution::Nil => {}
            }
        }
        let metonyms = KnownVote { entry: String::new(), ids: Vec::new(), mentions: n_metonyms, by_context: 0 };
        let metonyms = Some(metonyms).filter(|vote| vote.mentions > 0);
        metonyms.into_iter().chain(votes.into_values().map(Vote::known)).collect()
    }

    /// Whether an acronym is short for a name of its document that the knowledge base does not have, or has as another body: in a text on the
    /// "Armenian National Congress (ANC)", ANC is not South Africa's.
    fn is_defined_otherwise(&self, document: &DocumentUnits, at: usize) -> bool {
        let unit = &document.units[at];
        let is_short = |parent: &Parent| matches!(parent.support.reason, MergeReason::Defined | MergeReason::Acronym);
        let entry = |unit: &Unit| self.forms.get(unit.form).known.alone(unit.kind).map(|found| &found.entry.id);
        let Some(parent) = unit.parent.filter(is_short) else { return false };
        self.forms.get(unit.form).is_acronym && entry(unit) != entry(&document.units[parent.unit])
    }

    /// The entry that most mentions mean, those in an archive included. If the documents decide, three quarters have to agree.
    fn elected(&self, members: &Members, new: &[KnownVote]) -> Option<KnownVote> {
        let known = members.known.iter().flat_map(|&entity| &self.mentions.known.entities[entity as usize].votes);
        let mut votes = KnownVote::sums(known.chain(new));
        let n_metonyms = votes.remove("").map_or(0, |vote| vote.mentions);
        let all: u32 = votes.values().map(|vote| vote.mentions).sum();
        let best = votes.into_values().reduce(|best, next| if next.mentions > best.mentions { next } else { best })?;
        let agrees = 2 * best.by_context <= best.mentions || 4 * best.mentions >= 3 * all;
        (best.mentions > n_metonyms && agrees).then_some(best)
    }

    /// The user's row that most mentions mean. Short names that their documents attach to fuller ones do not count.
    fn row(&self, members: &Members) -> Option<u32> {
        let is_attached = |key: &NameKey| {
            members.merges.iter().any(|((from, _), merge)| from == key && merge.scope == MergeScope::Document)
        };
        let mut counts: BTreeMap<u32, usize> = BTreeMap::new();
        for (key @ &(form, kind), surfaces) in &members.names {
            if let Some((row, _)) = self.forms.get(form).row(kind).filter(|_| !is_attached(key)) {
                *counts.entry(row).or_default() += surfaces.values().sum::<usize>();
            }
        }
        (!counts.is_empty()).then(|| most(counts.into_iter()))
    }

    /// The user's rows that the names of an entity may mean, the most probable first.
    fn possible_rows(&self, members: &Members) -> Vec<PossibleRow> {
        let mut scores: BTreeMap<u32, f32> = BTreeMap::new();
        for (&(form, kind), surfaces) in &members.names {
            let mentions = surfaces.values().sum::<usize>() as f32;
            for possible in self.forms.get(form).possible_rows(kind) {
                *scores.entry(possible.row).or_default() += mentions * possible.probability;
            }
        }
        let sum: f32 = scores.values().sum();
        let possible = |(row, score): (u32, f32)| {
            let NameRow { canonical, id, .. } = self.forms.row(row);
            PossibleRow { row, name: canonical.clone(), id: id.clone(), probability: score / sum }
        };
        let mut rows: Vec<PossibleRow> = scores.into_iter().map(possible).collect();
        rows.sort_by(|a, b| b.probability.total_cmp(&a.probability));
        rows
    }
}

/// Mentions that mean an entry.
struct Vote<'a> {
    entry: &'a Entry,
    n: u32,
    /// Those for which more than the name alone decides.
    by_context: u32,
}

impl Vote<'_> {
    fn known(self) -> KnownVote {
        let ids = self.entry.ids.iter().map(|(base, id)| ((*base).to_owned(), id.to_string())).collect();
        KnownVote { entry: self.entry.id.to_string(), ids, mentions: self.n, by_context: self.by_context }
    }
}

/// The names of an entity and the merges between them, by index, with the main name first.
fn with_main_first(mut names: Vec<CountedName>, members: &Members, main: usize) -> (Vec<CountedName>, Vec<NameMerge>) {
    let places: HashMap<NameKey, usize> = members.names.keys().enumerate().map(|(at, key)| (*key, at)).collect();
    names.swap(0, main);
    let swapped = |at: usize| match at {
        0 => main,
        _ if at == main => 0,
        _ => at,
    };
    let merges = members.merges.iter().filter_map(|((from, to), merge)| {
        Some(NameMerge { from: swapped(*places.get(from)?), to: swapped(*places.get(to)?), merge: *merge })
    });
    (names, merges.collect())
}

/// What occurs most often; of equals, the first.
fn most<T: Copy>(counts: impl Iterator<Item = (T, usize)>) -> T {
    let best = counts.reduce(|best, next| if next.1 > best.1 { next } else { best });
    best.expect("there is at least one").0
}
