//! Is a score good enough?

use std::collections::BTreeMap;
use std::path::Path;
use std::str::FromStr;

use anyhow::{Context, Result, bail};
use serde::Deserialize;

/// How far a metric may be below its floor: floors may be rounded to four digits.
const ROUNDING: f64 = 0.5e-4;

/// The lowest acceptable value of a metric.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Floor {
    pub(crate) metric: String,
    /// From 0 to 1.
    pub(crate) value: f64,
}

impl FromStr for Floor {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || {
            format!(
                "expected METRIC=VALUE with a value from 0 to 1 or a percentage, such as f1=0.9 or f1=90%, found {text:?}"
            )
        };
        let (metric, value) = text.split_once('=').ok_or_else(wrong)?;
        let value = match value.strip_suffix('%') {
            Some(percent) => percent.parse().map(|percent: f64| percent / 100.0),
            None => value.parse(),
        };
        let value = value.ok().filter(|value| (0.0..=1.0).contains(value)).ok_or_else(wrong)?;
        Ok(Self { metric: metric.to_owned(), value })
    }
}

/// The part of a JSON report that serves as a baseline.
#[derive(Deserialize)]
struct Baseline {
    metrics: BTreeMap<String, Option<f64>>,
}

/// The floors in a baseline file.
pub(crate) fn baseline(path: &Path) -> Result<Vec<Floor>> {
    let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    let baseline: Baseline = serde_json::from_str(&text)
        .with_context(|| format!("{}: expected JSON with an object \"metrics\" of numbers", path.display()))?;
    let floors = baseline.metrics.into_iter();
    Ok(floors.filter_map(|(metric, value)| Some(Floor { metric, value: value? })).collect())
}

/// A line for each metric below its floor.
///
/// # Errors
/// If there is no such metric.
pub(crate) fn shortfalls(floors: &[Floor], metrics: &BTreeMap<String, Option<f64>>) -> Result<Vec<String>> {
    let mut lines = Vec::new();
    for Floor { metric, value } in floors {
        match metrics.get(metric) {
            None => {
                let known = metrics.keys().map(String::as_str).collect::<Vec<_>>().join(", ");
                bail!("unknown metric {metric:?}, expected one of {known}");
            }
            Some(None) => lines.push(format!("{metric} is undefined, expected at least {value:.4}")),
            Some(Some(found)) if found + ROUNDING < *value => {
                lines.push(format!("{metric} is {found:.4}, expected at least {value:.4}"));
            }
            Some(Some(_)) => {}
        }
    }
    Ok(lines)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_floors() {
        let floor = |value| Ok(Floor { metric: "f1.PER".to_owned(), value });
        assert_eq!("f1.PER=0.9".parse(), floor(0.9));
        assert_eq!("f1.PER=95%".parse(), floor(0.95));
        for wrong in ["f1", "f1=90", "f1=x", "f1=-1%"] {
            assert!(wrong.parse::<Floor>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn lists_what_falls_short() {
        let metrics = BTreeMap::from([("f1".to_owned(), Some(0.9)), ("recall".to_owned(), None)]);
        let floor = |metric: &str, value| Floor { metric: metric.to_owned(), value };
        assert!(shortfalls(&[floor("f1", 0.9), floor("f1", 0.900_04)], &metrics).expect("it is known").is_empty());
        let got = shortfalls(&[floor("f1", 0.91), floor("recall", 0.1)], &metrics).expect("they are known");
        assert_eq!(got, ["f1 is 0.9000, expected at least 0.9100", "recall is undefined, expected at least 0.1000"]);
        assert!(shortfalls(&[floor("F1", 0.1)], &metrics).is_err());
    }
}
