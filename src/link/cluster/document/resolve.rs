//! Resolution of one document, fullest names first.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};

use super::interpretation::Interpretation;
use super::resolver::Resolver;
use super::unit::{DocumentUnits, Parent, Unit};
use crate::link::Kind;
use crate::link::cluster::forms::Forms;
use crate::link::cluster::support::Support;
use crate::link::kb::GeoContext;
use crate::link::mentions::{DocumentRecord, MentionStore};
use crate::link::reason::MergeReason;

/// Largest group of units that share a key whose pairs are all compared; larger groups share only a very common word.
const LARGEST_GROUP: usize = 256;

/// The units of a document, each attached to the one that it stands for.
pub(in crate::link::cluster) fn resolve(
    mentions: &MentionStore,
    forms: &Forms<'_>,
    record: &DocumentRecord,
) -> DocumentUnits {
    let document = units(mentions, forms, record);
    let members = (0..document.units.len()).map(|at| vec![at]).collect();
    let mut resolver = Resolver { mentions, forms, record, document, members };
    attach_all(&mut resolver);
    resolver.attach_mislabelled();
    resolver.document
}

/// The units of a document, none of them attached yet.
fn units(mentions: &MentionStore, forms: &Forms<'_>, record: &DocumentRecord) -> DocumentUnits {
    let interpretation = Interpretation::new(mentions, forms, record);
    let mut found: BTreeMap<(u32, Kind), Unit> = BTreeMap::new();
    for mention in &record.mentions {
        let (form, kind) = interpretation.of(mention);
        let unit = found.entry((form, kind)).or_insert_with(|| Unit {
            form,
            kind,
            mentions: 0,
            titles: Vec::new(),
            parent: None,
            is_ambiguous: false,
        });
        unit.mentions += 1;
        if mention.title > 0 && !unit.titles.contains(&mention.title) {
            unit.titles.push(mention.title);
        }
    }
    let places: HashMap<(u32, Kind), u32> = (0..).zip(found.keys()).map(|(at, key)| (*key, at)).collect();
    let of_mention = record.mentions.iter().map(|mention| places[&interpretation.of(mention)]).collect();
    let mut units: Vec<Unit> = found.into_values().collect();
    units.iter_mut().for_each(|unit| unit.titles.sort_unstable());
    let place = GeoContext::of(units.iter().map(|unit| (&forms.get(unit.form).known, unit.kind)));
    DocumentUnits { units, of_mention, place }
}

fn attach_all(resolver: &mut Resolver<'_>) {
    let n = resolver.n_units();
    let fullness = |unit: usize| {
        let form = resolver.form(unit);
        let Unit { form: id, kind, .. } = resolver.unit(unit);
        (form.weight, form.text.len(), Reverse(*id), Reverse(*kind))
    };
    let mut order: Vec<usize> = (0..n).collect();
    order.sort_by_key(|&unit| Reverse(fullness(unit)));
    let mut rank = vec![0; n];
    order.iter().enumerate().for_each(|(at, &unit)| rank[unit] = at);

    let mut sharing: HashMap<u64, Vec<usize>> = HashMap::new();
    for &unit in &order {
        for &key in &resolver.form(unit).keys {
            sharing.entry(key).or_default().push(unit);
        }
    }
    let defined = resolver.defined(&rank);
    for &unit in &order {
        let parent = match defined.get(&unit) {
            Some(&full) if resolver.may_meet(unit, resolver.document.root(full)) => {
                Some(Parent { unit: full, support: Support::new(MergeReason::Defined, 0.99) })
            }
            _ => {
                let keys = resolver.form(unit).keys.iter();
                let groups = keys.filter_map(|key| sharing.get(key)).filter(|group| group.len() <= LARGEST_GROUP);
                let mut fuller: Vec<usize> =
                    groups.flatten().copied().filter(|&other| rank[other] < rank[unit]).collect();
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
