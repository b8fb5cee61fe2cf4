//! Resolution of one document, fullest names first.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use rayon::prelude::*;

use super::documents::{Documents, Kept};
use super::interpretation::Interpretation;
use super::resolver::Resolver;
use super::unit::{DocumentUnits, Parent, Placed, Unit};
use super::variants::Variants;
use crate::lexicon::Gender;
use crate::link::Kind;
use crate::link::cluster::forms::Forms;
use crate::link::cluster::support::Support;
use crate::link::kb::GeoContext;
use crate::link::mentions::{DocumentRecord, MentionStore};
use crate::link::reason::MergeReason;

/// Largest group of units that share a key whose pairs are all compared; larger groups share only a very common word.
const LARGEST_GROUP: usize = 256;

/// The units of all documents, each attached to the one of its document that it stands for.
pub(in crate::link::cluster) fn resolve_all<'f>(mentions: &MentionStore, forms: &'f Forms<'f>) -> Documents<'f> {
    let all = mentions.documents.par_iter().map(|record| Kept::new(resolve(mentions, forms, record))).collect();
    Documents::new(all, forms)
}

fn resolve(mentions: &MentionStore, forms: &Forms<'_>, record: &DocumentRecord) -> DocumentUnits {
    let document = units(mentions, forms, record);
    let members = (0..document.units.len()).map(|at| vec![at]).collect();
    let mut resolver = Resolver { mentions, forms, record, document, members };
    resolver.mark_pairs();
    resolver.attach_other_names();
    attach_all(&mut resolver);
    resolver.attach_same_places();
    resolver.attach_mislabelled();
    resolver.keep_apart();
    resolver.keep_counted();
    resolver.document
}

/// The units of a document, none of them attached yet.
fn units(mentions: &MentionStore, forms: &Forms<'_>, record: &DocumentRecord) -> DocumentUnits {
    let interpretation = Interpretation::new(mentions, forms, record);
    let variants = Variants::new(&interpretation, forms, record);
    let mut found: BTreeMap<(u32, Kind, u8), Unit> = BTreeMap::new();
    let mut genders: BTreeMap<(u32, Kind, u8), BTreeSet<Gender>> = BTreeMap::new();
    let key = |nth: usize| {
        let (form, kind) = interpretation.of(&record.mentions[nth]);
        (form, kind, variants.of_mention[nth])
    };
    for (nth, mention) in record.mentions.iter().enumerate() {
        let (form, kind, variant) = key(nth);
        let unit = found.entry((form, kind, variant)).or_insert_with(|| Unit {
            form,
            kind,
            variant,
            first: mention.start,
            place: None,
            mentions: 0,
            titles: Vec::new(),
            sentences: Vec::new(),
            is_located: false,
            gender: None,
            role: None,
            is_introduced: false,
            is_pair: false,
            parent: None,
            is_ambiguous: false,
        });
        unit.mentions = unit.mentions.saturating_add(record.weight.mentions);
        unit.sentences.push(mention.sentence);
        if let Some(gender) = variants.gender_of[nth] {
            genders.entry((form, kind, variant)).or_default().insert(gender);
        }
        unit.role = unit.role.or(mention.role);
        unit.is_introduced |= mention.is_introduced;
        unit.is_located |= mention.is_located;
        unit.first = unit.first.min(mention.start);
        unit.place = unit.place.or(variants.place_of.get(&nth).copied());
        if mention.title > 0 && !unit.titles.contains(&mention.title) {
            unit.titles.push(mention.title);
        }
    }
    let places: HashMap<(u32, Kind, u8), u32> = (0..).zip(found.keys()).map(|(at, key)| (*key, at)).collect();
    let of_mention = (0..record.mentions.len()).map(|nth| places[&key(nth)]).collect();
    for (key, told) in genders {
        let unit = found.get_mut(&key).expect("a unit of each key was made");
        unit.gender = told.first().filter(|_| told.len() == 1).copied();
    }
    let mut units: Vec<Unit> = found.into_values().collect();
    for unit in &mut units {
        unit.titles.sort_unstable();
        unit.sentences.sort_unstable();
    }
    let place = GeoContext::of(units.iter().map(|unit| (&forms.get(unit.form).known, unit.kind)));
    for unit in units.iter_mut().filter(|unit| matches!(unit.kind, Kind::Place | Kind::Other)) {
        unit.place = unit.place.or_else(|| forms.get(unit.form).known.place_in(&place).map(Placed::Known));
    }
    DocumentUnits { units, of_mention, counted: Vec::new(), apart: Vec::new(), place }
}

fn attach_all(resolver: &mut Resolver<'_>) {
    let n = resolver.n_units();
    let fullness = |unit: usize| {
        let form = resolver.form(unit);
        let Unit { form: id, kind, .. } = resolver.unit(unit);
        (form.weight, form.text.len(), Reverse(*id), Reverse(*kind))
    };
    let mut order: Vec<usize> = (0..n).filter(|&unit| !resolver.unit(unit).is_pair).collect();
    order.sort_by_key(|&unit| Reverse(fullness(unit)));
    let mut rank = vec![0; n];
    order.iter().enumerate().for_each(|(at, &unit)| rank[unit] = at);

    let mut sharing: HashMap<u64, Vec<usize>> = HashMap::new();
    for &unit in &order {
        for &key in resolver.form(unit).keys() {
            sharing.entry(key).or_default().push(unit);
        }
    }
    let defined = resolver.defined(&rank);
    for &unit in &order {
        if resolver.unit(unit).parent.is_some() {
            continue;
        }
        let parent = match defined.get(&unit) {
            Some(&full)
                if resolver.document.root(full) != unit && resolver.may_meet(unit, resolver.document.root(full)) =>
            {
                Some(Parent { unit: full, support: Support::new(MergeReason::Defined, 0.99) })
            }
            _ => {
                let keys = resolver.form(unit).keys().iter();
                let groups = keys.filter_map(|key| sharing.get(key)).filter(|group| group.len() <= LARGEST_GROUP);
                let mut fuller: Vec<usize> =
                    groups.flatten().copied().filter(|&other| rank[other] < rank[unit]).collect();
                // Another name that the text tells is attached already.
                fuller.retain(|&other| resolver.document.root(other) != unit);
                fuller.sort_unstable();
                fuller.dedup();
                resolver.parent(unit, &fuller)
            }
        };
        if let Some(parent) = parent {
            resolver.attach(unit, parent);
        }
    }
}
