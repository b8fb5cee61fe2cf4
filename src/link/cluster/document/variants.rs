//! Names that one document uses for two things: "Springfield, Illinois" and "Springfield, Missouri"; "Central Bank of Iran (CBI)" and
//! "Central Bureau of Investigation (CBI)"; "Mr. Clinton" and "Mrs. Clinton".

use std::collections::HashMap;

use super::interpretation::Interpretation;
use super::unit::Placed;
use crate::lexicon::Gender;
use crate::link::Kind;
use crate::link::cluster::form::Form;
use crate::link::cluster::forms::Forms;
use crate::link::cluster::key::{KeyKind, key};
use crate::link::kb::{Entry, EntryKind};
use crate::link::mentions::DocumentRecord;

/// What tells the mentions of one form apart.
#[derive(Clone, Copy, Debug)]
struct Told {
    /// First byte of the mention that the text tells it of.
    start: u32,
    by: Teller,
}

/// What the text says that a mention is.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Teller {
    /// Short for the form before it.
    Short { of: u32 },
    /// A man or a woman, by the title before the name.
    Gender(Gender),
    /// A place in the country or state that is named right after it.
    Place(u64),
}

/// What the text says of the mentions of one document.
#[derive(Debug, Default)]
pub(super) struct Variants {
    /// Per mention, the number of what its form means there; 0 if the form means one thing in the document.
    pub(super) of_mention: Vec<u8>,
    /// Per mention, the place that the name after it says it is.
    pub(super) place_of: HashMap<usize, Placed>,
    /// Per mention, the gender that the titles of a person tell.
    pub(super) gender_of: Vec<Option<Gender>>,
}

impl Variants {
    pub(super) fn new(interpretation: &Interpretation<'_>, forms: &Forms<'_>, record: &DocumentRecord) -> Self {
        let mut order: Vec<usize> = (0..record.mentions.len()).collect();
        order.sort_by_key(|&nth| (record.mentions[nth].start, nth));
        let form = |nth: usize| interpretation.of(&record.mentions[nth]);
        let mut place_of: HashMap<usize, Placed> = HashMap::new();
        let mut told: HashMap<u32, Vec<Told>> = HashMap::new();
        for pair in order.windows(2) {
            let (first, next) = (pair[0], pair[1]);
            let ((inner, kind), (outer, _)) = (form(first), form(next));
            if matches!(kind, Kind::Place | Kind::Other)
                && record.mentions[next].is_right_behind()
                && let Some(place) = placed(forms.get(inner), forms.get(outer))
            {
                place_of.insert(first, place);
                let by = Teller::Place(place.key());
                told.entry(inner).or_default().push(Told { start: record.mentions[first].start, by });
            }
        }
        for definition in &record.definitions {
            let full = &record.mentions[definition.mention as usize];
            let (of, kind) = interpretation.of(full);
            if kind != Kind::Person {
                let short = forms.of(definition.surface, Kind::Organisation);
                let told = told.entry(short).or_default();
                told.push(Told { start: full.start, by: Teller::Short { of } });
            }
        }
        let gender =
            |mention| if interpretation.of(mention).1 == Kind::Person { interpretation.gender(mention) } else { None };
        let gender_of: Vec<Option<Gender>> = record.mentions.iter().map(gender).collect();
        for (mention, gender) in record.mentions.iter().zip(&gender_of) {
            let (form, _) = interpretation.of(mention);
            if forms.get(form).n_words() == 1
                && let Some(gender) = *gender
            {
                let by = Teller::Gender(gender);
                told.entry(form).or_default().push(Told { start: mention.start, by });
            }
        }
        let mut of_mention = vec![0; record.mentions.len()];
        for list in told.values_mut() {
            list.sort_by_key(|told| told.start);
            list.dedup_by(|a, b| a.by == b.by);
        }
        told.retain(|_, list| list.iter().any(|told| told.by != list[0].by));
        for (nth, mention) in record.mentions.iter().enumerate() {
            let (form, _) = interpretation.of(mention);
            let Some(list) = told.get(&form) else { continue };
            let at = list.partition_point(|told| told.start <= mention.start).saturating_sub(1);
            let first = list.iter().position(|told| told.by == list[at].by).unwrap_or(at);
            of_mention[nth] = u8::try_from(first + 1).unwrap_or(u8::MAX);
        }
        Self { of_mention, place_of, gender_of }
    }
}

/// The place of a name that is followed by another: the one that the knowledge base has there, or an unknown one if the other is the name
/// of a country or region and the knowledge base has the name elsewhere only.
fn placed(inner: &Form<'_>, outer: &Form<'_>) -> Option<Placed> {
    if let Some(entry) = inner.known.within(&outer.known) {
        return Some(Placed::Known(entry));
    }
    let surroundings = outer.known.surroundings()?;
    // A region that a country stands behind is the next of a list: "New South Wales, Fiji".
    let is_city = |town: &Entry| town.kind == EntryKind::City;
    let is_elsewhere = !inner.known.is_land() && inner.known.town().is_some_and(is_city);
    is_elsewhere.then(|| Placed::Unknown(key(KeyKind::Entry, &format!("{} in {surroundings}", inner.text))))
}
