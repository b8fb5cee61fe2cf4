//! `allonym link --explain NAME NAME`: whether two names are one person's, and why.

use anyhow::Result;

use crate::cli::outcome::Outcome;
use crate::cli::terminal::print;
use crate::link::names::{self, NameModel};

pub(crate) fn run(first: &str, second: &str) -> Result<Outcome> {
    let comparison = names::compare(first, second);
    let threshold = NameModel::embedded().threshold();
    let verdict = if comparison.probability >= threshold { "one person" } else { "two persons" };
    let reason = if comparison.evidence.is_empty() { "nothing to compare".to_owned() } else { comparison.to_string() };
    let reason = reason.replace("; ", "\n             ");
    print(&format!(
        "first        {first}\nsecond       {second}\nprobability  {:.4}\nverdict      {verdict} (threshold {threshold:.4})\n\
         reason       {reason}\n",
        comparison.probability
    ))?;
    Ok(Outcome::Done)
}
