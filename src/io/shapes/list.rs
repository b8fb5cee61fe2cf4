//! Lists of annotations.

use serde_json::value::RawValue;

use super::found::{Found, found, score};
use crate::io::Error;
use crate::io::jsonl::object::{At, Object};

/// What a value turned out to be.
pub(super) enum Listed {
    /// Something else.
    Other,
    /// Annotations, with the number of results that are none (such as a choice for the whole text).
    Annotations { found: Vec<Found>, others: u64 },
}

impl Listed {
    /// Whether each annotation comes with its text.
    pub(super) fn is_proven(&self) -> bool {
        matches!(self, Self::Annotations { found, .. } if found.iter().all(|found| found.surface.is_some()))
    }
}

/// What an error expects of an element.
const EXPECTED: &str = "a mention as [start, end, label] or as an object with start, end and label";

/// The annotations that a value holds: a list, lists by the name of a group, or the annotations of a Label Studio task.
pub(super) fn list<'l>(at: &At<'l>, value: &'l RawValue) -> Result<Listed, Error> {
    match value.get().as_bytes().first() {
        Some(b'[') => {
            let elements: Vec<&'l RawValue> = at.parse(value.get(), "a list")?;
            match results(at, &elements)? {
                Some(results) => of_results(at, results),
                None => of_elements(at, &elements),
            }
        }
        Some(b'{') => {
            let groups: Object<'l> = at.parse(value.get(), "an object")?;
            let mut all = Vec::new();
            for (_, group) in groups.0 {
                if !group.get().starts_with('[') {
                    return Ok(Listed::Other);
                }
                match of_elements(at, &at.parse::<Vec<&'l RawValue>>(group.get(), "a list")?)? {
                    Listed::Annotations { found, .. } => all.extend(found),
                    Listed::Other if group.get().len() > 2 => return Ok(Listed::Other),
                    Listed::Other => {}
                }
            }
            Ok(if all.is_empty() { Listed::Other } else { Listed::Annotations { found: all, others: 0 } })
        }
        _ => Ok(Listed::Other),
    }
}

fn of_elements<'l>(at: &At<'l>, elements: &[&'l RawValue]) -> Result<Listed, Error> {
    let mut all = Vec::new();
    let mut strange = None;
    for element in elements {
        match found(at, element)? {
            Some(found) => all.extend(found),
            None => strange = strange.or(Some(element)),
        }
    }
    match strange {
        _ if all.is_empty() => Ok(Listed::Other),
        Some(element) => Err(at.wrong(element, EXPECTED)),
        None => Ok(Listed::Annotations { found: all, others: 0 }),
    }
}

/// The results of the annotation of a Label Studio task that counts: the first one that is ground truth, else the first one that was not
/// cancelled. `None` where the list is another one.
fn results<'l>(at: &At<'l>, annotations: &[&'l RawValue]) -> Result<Option<&'l RawValue>, Error> {
    let mut best: Option<(bool, &'l RawValue)> = None;
    let mut is_one = false;
    for annotation in annotations.iter().filter(|value| value.get().starts_with('{')) {
        let Object(fields) = at.parse(annotation.get(), "an object")?;
        let get = |wanted: &str| fields.iter().find(|(name, _)| name == wanted).map(|(_, value)| *value);
        let Some(result) = get("result").filter(|value| value.get().starts_with('[')) else { continue };
        is_one = true;
        let is = |name: &str| get(name).is_some_and(|value| value.get() == "true");
        if !is("was_cancelled") && best.is_none_or(|(is_truth, _)| !is_truth && is("ground_truth")) {
            best = Some((is("ground_truth"), result));
        }
    }
    let nothing = || serde_json::from_str("[]").ok();
    Ok(if is_one { best.map(|(_, result)| result).or_else(nothing) } else { None })
}

fn of_results<'l>(at: &At<'l>, results: &'l RawValue) -> Result<Listed, Error> {
    let (mut all, mut others) = (Vec::new(), 0);
    for result in at.parse::<Vec<&'l RawValue>>(results.get(), "a list as \"result\"")? {
        let Object(fields) = at.parse(result.get(), "an object as a result")?;
        let get = |wanted: &str| fields.iter().find(|(name, _)| name == wanted).map(|(_, value)| *value);
        let mut mentions = match get("value") {
            Some(value) => found(at, value)?.unwrap_or_default(),
            None => Vec::new(),
        };
        others += u64::from(mentions.is_empty());
        if let Some(score) = get("score").and_then(score) {
            mentions.iter_mut().for_each(|mention| mention.score = Some(score));
        }
        all.extend(mentions);
    }
    Ok(Listed::Annotations { found: all, others })
}
