//! Which names of one document are one entity?
//!
//! Within a document every shorter name looks for the fuller one that it stands for: fullest names first, so that what a name is
//! attached to is settled before it is asked for. A name that fits several stays alone and keeps them as candidates, unless an office
//! that the text gives to both decides. Two full names that contradict each other never meet, whatever lies between them.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::form::{Form, Forms};
use super::reason::Reason;
use super::{organisation, person, place};
use crate::link::Kind;
use crate::link::collection::{Collection, Listing, Named};
use crate::link::{kb, sports};

/// All mentions of a document that share form and kind.
#[derive(Clone, Debug)]
pub(super) struct Unit {
    pub(super) form: u32,
    pub(super) kind: Kind,
    pub(super) mentions: u32,
    /// Titles before its mentions, by their index; sorted.
    pub(super) titles: Vec<u32>,
    pub(super) parent: Option<Parent>,
    /// Units that it may stand for, where there are several, with probabilities.
    pub(super) candidates: Vec<(usize, f32)>,
}

/// What a unit is attached to.
#[derive(Clone, Copy, Debug)]
pub(super) struct Parent {
    pub(super) unit: usize,
    pub(super) reason: Reason,
    pub(super) probability: f32,
}

/// The units of a document, by form and kind.
#[derive(Clone, Debug)]
pub(super) struct Local {
    pub(super) units: Vec<Unit>,
    /// The unit of each mention.
    pub(super) of_mention: Vec<u32>,
    /// Where the document takes place.
    pub(super) place: kb::Context,
}

/// Groups of units that share a key are compared pair by pair up to this size; larger ones share only a very common word.
const LARGEST_GROUP: usize = 256;

impl Local {
    pub(super) fn new(collection: &Collection, forms: &Forms<'_>, listing: &Listing) -> Self {
        let meaning = Meaning::new(collection, forms, listing);
        let mut found: BTreeMap<(u32, Kind), Unit> = BTreeMap::new();
        for named in &listing.mentions {
            let (form, kind) = meaning.of(named);
            let unit = found.entry((form, kind)).or_insert_with(|| Unit {
                form,
                kind,
                mentions: 0,
                titles: Vec::new(),
                parent: None,
                candidates: Vec::new(),
            });
            unit.mentions += 1;
            if named.title > 0 && !unit.titles.contains(&named.title) {
                unit.titles.push(named.title);
            }
        }
        let places: HashMap<(u32, Kind), u32> = (0..).zip(found.keys()).map(|(at, key)| (*key, at)).collect();
        let of_mention = listing.mentions.iter().map(|named| places[&meaning.of(named)]).collect();
        let mut units: Vec<Unit> = found.into_values().collect();
        units.iter_mut().for_each(|unit| unit.titles.sort_unstable());
        let place = kb::Context::of(units.iter().map(|unit| (&forms.get(unit.form).known, unit.kind)));
        let mut local = Self { units, of_mention, place };
        local.resolve(&Context { collection, forms, listing });
        local
    }

    /// The unit at the end of the chain of parents.
    pub(super) fn root(&self, mut unit: usize) -> usize {
        while let Some(parent) = self.units[unit].parent {
            unit = parent.unit;
        }
        unit
    }

    fn resolve(&mut self, context: &Context<'_>) {
        let n = self.units.len();
        let fullness = |unit: &Unit| {
            let form = context.forms.get(unit.form);
            (form.weight, form.text.len(), Reverse(unit.form), Reverse(unit.kind))
        };
        let mut order: Vec<usize> = (0..n).collect();
        order.sort_by_key(|&at| Reverse(fullness(&self.units[at])));
        let mut rank = vec![0; n];
        order.iter().enumerate().for_each(|(at, &unit)| rank[unit] = at);

        let mut sharing: HashMap<u64, Vec<usize>> = HashMap::new();
        for &unit in &order {
            for &key in &context.forms.get(self.units[unit].form).keys {
                sharing.entry(key).or_default().push(unit);
            }
        }
        let defined = self.defined(context, &rank);
        // The units whose root a root is.
        let mut members: Vec<Vec<usize>> = (0..n).map(|at| vec![at]).collect();
        for &unit in &order {
            let parent = match defined.get(&unit) {
                Some(&full) if self.may_meet(context, (unit, self.root(full)), &members) => {
                    Some(Parent { unit: full, reason: Reason::Defined, probability: 0.99 })
                }
                _ => {
                    let form = context.forms.get(self.units[unit].form);
                    let groups = form
                        .keys
                        .iter()
                        .filter_map(|key| sharing.get(key))
                        .filter(|group| group.len() <= LARGEST_GROUP);
                    let mut fuller: Vec<usize> =
                        groups.flatten().copied().filter(|&other| rank[other] < rank[unit]).collect();
                    fuller.sort_unstable();
                    fuller.dedup();
                    self.parent(context, unit, (&fuller, &members))
                }
            };
            if let Some(parent) = parent {
                let root = self.root(parent.unit);
                self.units[unit].parent = Some(parent);
                let moved = std::mem::take(&mut members[unit]);
                members[root].extend(moved);
            }
        }
        self.repair(context, &mut members);
    }

    /// Attaches what is labelled as a place to the person whose surname it is, and what is labelled as a person to the place, if the
    /// document has the fuller name and nothing else that speaks for the label. The labels of the mentions stay as they are.
    fn repair(&mut self, context: &Context<'_>, members: &mut [Vec<usize>]) {
        let form = |at: usize| context.forms.get(self.units[at].form);
        let mut repaired = Vec::new();
        for (at, unit) in self.units.iter().enumerate() {
            let is_bare = unit.parent.is_none() && members[at].len() == 1 && form(at).n_words() == 1;
            let fits: Vec<usize> = match unit.kind {
                Kind::Place if is_bare && !self.is_placed(context, at) => self.persons_called(context, at),
                Kind::Person
                    if is_bare
                        && unit.titles.is_empty()
                        && form(at).titles.is_empty()
                        && unit.candidates.is_empty() =>
                {
                    self.places_called(context, at)
                }
                _ => continue,
            };
            let mut roots: Vec<usize> = fits.iter().map(|&full| self.root(full)).collect();
            roots.dedup();
            if let (&[root], Some(&full)) = (roots.as_slice(), fits.first())
                && self.may_meet(context, (at, root), members)
            {
                repaired.push((at, Parent { unit: full, reason: Reason::Mislabelled, probability: 0.8 }, root));
            }
        }
        for (at, parent, root) in repaired {
            self.units[at].parent = Some(parent);
            let moved = std::mem::take(&mut members[at]);
            members[root].extend(moved);
        }
    }

    /// Whether the document says more of a place than its bare name: its people, its country, or the name in full.
    fn is_placed(&self, context: &Context<'_>, at: usize) -> bool {
        let form = |at: usize| context.forms.get(self.units[at].form);
        let own = form(at);
        let sense = own.known.alone(Kind::Place).map(|found| &found.entry.id);
        let says = |other: usize| {
            let is_same_land = form(other).known.alone(Kind::Place).map(|found| &found.entry.id) == sense;
            let is_fuller = form(other).n_words() > 1 && form(other).words().any(|word| word == own.text);
            sense.is_some() && is_same_land || is_fuller
        };
        let is_resolved = || matches!(own.known.resolve(Kind::Place, &self.place), kb::Resolution::Is(found) if !found.entry.kind.is_land());
        let others = || (0..self.units.len()).filter(|&other| other != at && self.units[other].kind != Kind::Person);
        others().any(says) || is_resolved()
    }

    /// The persons whose last name a unit is.
    fn persons_called(&self, context: &Context<'_>, at: usize) -> Vec<usize> {
        let form = |at: usize| context.forms.get(self.units[at].form);
        let is_called = |&other: &usize| {
            let is_surname = form(other).words().next_back() == Some(form(at).text.as_str());
            self.units[other].kind == Kind::Person && is_surname && person::is_full(form(other))
        };
        (0..self.units.len()).filter(is_called).collect()
    }

    /// The places that a unit names: in full, or more often than the unit.
    fn places_called(&self, context: &Context<'_>, at: usize) -> Vec<usize> {
        let form = |at: usize| context.forms.get(self.units[at].form);
        let is_called = |&other: &usize| {
            let unit = &self.units[other];
            let (name, own) = (form(other), form(at).text.as_str());
            let is_same = name.text == own && unit.mentions > self.units[at].mentions;
            let is_fuller = name.n_words() > 1 && name.words().next() == Some(own);
            unit.kind == Kind::Place && name.known.is_place() && (is_same || is_fuller)
        };
        (0..self.units.len()).filter(is_called).collect()
    }

    /// Short forms that the text defines.
    fn defined(&self, context: &Context<'_>, rank: &[usize]) -> HashMap<usize, usize> {
        let mut defined = HashMap::new();
        let mut of_form: HashMap<u32, Vec<usize>> = HashMap::new();
        for (at, unit) in self.units.iter().enumerate().filter(|(_, unit)| unit.kind != Kind::Person) {
            of_form.entry(unit.form).or_default().push(at);
        }
        for tie in &context.listing.ties {
            let first = self.of_mention[tie.mention as usize] as usize;
            let kind = self.units[first].kind;
            if kind == Kind::Person {
                continue;
            }
            let second = context.forms.of(tie.surface, Kind::Organisation);
            for &second in of_form.get(&second).into_iter().flatten() {
                let text = |unit: usize| context.forms.get(self.units[unit].form);
                for (short, full) in [(second, first), (first, second)] {
                    let is_short =
                        text(short).is_acronym && organisation::is_abbreviation(&text(short).text, &text(full).text);
                    if is_short && rank[full] < rank[short] {
                        defined.entry(short).or_insert(full);
                    }
                }
            }
        }
        defined
    }

    /// The one fuller unit that a unit stands for; where several fit, they become its candidates.
    fn parent(
        &mut self,
        context: &Context<'_>,
        unit: usize,
        (fuller, members): (&[usize], &[Vec<usize>]),
    ) -> Option<Parent> {
        let mut fits: BTreeMap<usize, Parent> = BTreeMap::new();
        for &other in fuller {
            let Some((reason, probability)) = self.compare(context, unit, (other, fuller)) else { continue };
            let root = self.root(other);
            let form = |at: usize| context.forms.get(self.units[at].form);
            let own = self.units[unit].form;
            let forbids = |&member: &usize| {
                context.forms.never(own, self.units[member].form) || person::conflict(form(unit), form(member), None)
            };
            if members[root].iter().any(forbids) || !self.may_meet(context, (unit, root), members) {
                continue;
            }
            let parent = Parent { unit: other, reason, probability };
            let best = fits.entry(root).or_insert(parent);
            if probability > best.probability {
                *best = parent;
            }
        }
        let most = fits.values().map(|parent| parent.probability).fold(0.0, f32::max);
        fits.retain(|_, parent| parent.probability >= most - 0.06);
        if fits.len() > 1 {
            let by_office = |root: &usize| self.shares_office(context, unit, &members[*root]);
            let mut same: Vec<Parent> =
                fits.iter().filter(|(root, _)| by_office(root)).map(|(_, parent)| *parent).collect();
            if let (Some(parent), true) = (same.pop(), same.is_empty()) {
                return Some(parent);
            }
            let mentions = |root: usize| members[root].iter().map(|&at| self.units[at].mentions).sum::<u32>();
            let weights: Vec<(usize, f32)> = fits.keys().map(|&root| (root, mentions(root) as f32)).collect();
            let sum: f32 = weights.iter().map(|(_, weight)| weight).sum();
            self.units[unit].candidates = weights.into_iter().map(|(root, weight)| (root, weight / sum)).collect();
            return None;
        }
        fits.into_values().next()
    }

    /// Whether nothing that is attached to a unit already is forbidden to meet what is attached to a root.
    fn may_meet(&self, context: &Context<'_>, (unit, root): (usize, usize), members: &[Vec<usize>]) -> bool {
        let never = |a: usize, b: usize| {
            let (a, b) = (&self.units[a], &self.units[b]);
            context.forms.never(a.form, b.form)
                || place::differ((context.forms.get(a.form), a.kind), (context.forms.get(b.form), b.kind))
        };
        !members[unit].iter().any(|&a| members[root].iter().any(|&b| never(a, b)))
    }

    fn shares_office(&self, context: &Context<'_>, unit: usize, members: &[usize]) -> bool {
        let titles = |at: usize| -> Vec<&str> {
            let before =
                self.units[at].titles.iter().map(|&title| context.collection.titles[title as usize - 1].as_str());
            let form = context.forms.get(self.units[at].form);
            before.chain(form.titles.iter().map(String::as_str)).filter(|title| person::is_office(title)).collect()
        };
        let own = titles(unit);
        members.iter().any(|&member| titles(member).iter().any(|title| own.contains(title)))
    }

    /// How sure it is that a unit stands for a fuller one.
    fn compare(&self, context: &Context<'_>, unit: usize, (other, fuller): (usize, &[usize])) -> Option<(Reason, f32)> {
        let (a, b) = (&self.units[unit], &self.units[other]);
        let (short, full) = (context.forms.get(a.form), context.forms.get(b.form));
        if a.kind == Kind::Person && b.kind == Kind::Person && person::adds_given_name(short, full) {
            // Another full name with this surname makes it a family's.
            let surname = |form: &Form<'_>| form.words().next_back().map(str::to_owned);
            let is_relative = |at: &usize| {
                let third = context.forms.get(self.units[*at].form);
                *at != other
                    && surname(third) == surname(full)
                    && person::conflict(third, full, None)
                    && person::conflict(third, short, None)
            };
            if fuller.iter().any(is_relative) {
                return None;
            }
        }
        compare(short, full, (a.kind, b.kind))
    }
}

/// What the mentions of a document name.
struct Meaning<'a> {
    collection: &'a Collection,
    forms: &'a Forms<'a>,
    /// The forms of countries that are teams here.
    teams: BTreeSet<u32>,
    /// Where the towns begin that may be teams; none where there are no teams, or the labels say which they are.
    towns_from: Option<u32>,
}

impl<'a> Meaning<'a> {
    fn new(collection: &'a Collection, forms: &'a Forms<'a>, listing: &Listing) -> Self {
        let mut meaning = Self { collection, forms, teams: BTreeSet::new(), towns_from: None };
        if !listing.is_sports || forms.labels_tell_teams {
            return meaning;
        }
        // Per form, how often it stands alone, and how often not.
        let mut lands: BTreeMap<u32, (u32, u32)> = BTreeMap::new();
        for named in &listing.mentions {
            let (form, kind) = meaning.of(named);
            if kind == Kind::Place && forms.get(form).known.may_be_team() {
                let counts = lands.entry(form).or_default();
                let count = if sports::stands_alone(named) { &mut counts.0 } else { &mut counts.1 };
                *count += 1;
            }
        }
        meaning.teams = lands.into_iter().filter(|(_, (alone, not))| alone >= not).map(|(form, _)| form).collect();
        // The first names of a report are its headline and where it was written.
        meaning.towns_from = listing.mentions.get(3).map(|named| named.start);
        meaning
    }

    /// The form of a mention and the kind of what it names: what is known as a land stands for it, whatever its label, but for the team
    /// or government that has its name.
    fn of(&self, named: &Named) -> (u32, Kind) {
        let kind = self.collection.kinds[named.label as usize];
        let form = self.forms.of(named.surface, kind);
        let known = &self.forms.get(form).known;
        let is_town =
            || !known.is_land() && known.town().is_some() && self.towns_from.is_some_and(|from| named.start >= from);
        let kind = match kind {
            Kind::Place | Kind::Other if self.teams.contains(&form) => Kind::Organisation,
            Kind::Other if is_town() => Kind::Organisation,
            Kind::Other if known.is_land() => Kind::Place,
            kind => kind,
        };
        (form, kind)
    }
}

/// How sure it is that the shorter of two names of these kinds, in one document, stands for the longer.
pub(super) fn compare(short: &Form<'_>, full: &Form<'_>, kinds: (Kind, Kind)) -> Option<(Reason, f32)> {
    match kinds {
        (Kind::Person, Kind::Person) => person::compare(short, full),
        (Kind::Organisation, Kind::Organisation) => organisation::compare(short, full),
        (Kind::Place, Kind::Place) => place::compare(short, full),
        (Kind::Other, Kind::Other) => blind(short, full),
        (Kind::Other, kind) | (kind, Kind::Other) => {
            if short.text == full.text {
                // A place and its team are two.
                let is_team = kind == Kind::Organisation && short.known.is_place();
                return (!is_team).then_some((Reason::Label, 0.9));
            }
            match kind {
                Kind::Person => person::compare(short, full),
                Kind::Organisation => organisation::compare(short, full),
                _ => place::compare(short, full),
            }
        }
        _ => None,
    }
}

/// The same where nobody says what the names are of.
fn blind(short: &Form<'_>, full: &Form<'_>) -> Option<(Reason, f32)> {
    let found = [
        if short.known.is_place() { None } else { organisation::compare(short, full) },
        place::compare(short, full),
        if person::may_be(short) && person::may_be(full) { person::compare(short, full) } else { None },
    ];
    found.into_iter().flatten().reduce(|best, next| if next.1 > best.1 { next } else { best })
}

struct Context<'a> {
    collection: &'a Collection,
    forms: &'a Forms<'a>,
    listing: &'a Listing,
}
