//! `allonym redact --recall`

use std::collections::BTreeMap;

use anyhow::{Result, bail};

use super::args::Redact;
use super::tagged::Tagged;
use crate::cli::flow::{self, Items};
use crate::cli::outcome::{Ended, Outcome};
use crate::cli::progress::Progress;
use crate::cli::resume::Done;
use crate::cli::shown::shown;
use crate::cli::terminal::print;
use crate::redact::{Coverage, Table};
use crate::text::{Grouped, Kind, Label, Span};

/// Most missed names that are listed.
const LISTED: usize = 20;

pub(super) fn run(args: &Redact) -> Result<Outcome> {
    let (inputs, mut files) = flow::open_twice(&args.input, None)?;
    let models = args.tagging.models(&mut files)?;
    files.check()?;
    let pool = args.computing.threads.pool();
    let mut progress = Progress::new("compared", args.output.messages.quiet);
    // The mentions that people marked, by the id and the text of their document.
    let mut gold: BTreeMap<(String, usize), Vec<Span>> = BTreeMap::new();
    let mut ids: BTreeMap<String, usize> = BTreeMap::new();
    let stream = flow::unchanged(Items::new(inputs.documents(), Done::nothing(), &progress), &pool);
    let wanted = |label: &Label| {
        args.labels.iter().any(|name| {
            let kind = Kind::of(&Label::new(name));
            name.eq_ignore_ascii_case(label.as_str()) || (kind != Kind::Other && kind == Kind::of(label))
        })
    };
    let first = flow::collect(stream, args.input.on_error, &mut progress, |document| {
        let nth = *ids.entry(document.id.clone()).and_modify(|nth| *nth += 1).or_default();
        let marked = document.mentions.iter().filter(|mention| wanted(&mention.label)).map(|mention| mention.span);
        gold.insert((document.id.clone(), nth), marked.collect());
        Ok(())
    })?;
    if let Outcome::Interrupted(_) = first {
        return Ok(first);
    }
    if gold.values().all(Vec::is_empty) {
        bail!("--recall: expected documents with mentions of {}, marked by hand, found none", args.labels.join(", "));
    }
    let mut tagged = Tagged::new(args, Table::default())?;
    let outcome = tagged.read(inputs.documents(), args, (&models, &pool, &mut progress))?;
    if let Outcome::Interrupted(_) = outcome {
        return Ok(outcome);
    }
    let Tagged { redactor, spool } = tagged;
    let redaction = redactor.link(&args.linking.linker(&pool)?);
    let mut coverage = Coverage::default();
    let mut n = 0;
    ids.clear();
    for (nth, document) in spool.documents()?.enumerate() {
        let document = document?;
        let again = *ids.entry(document.id.clone()).and_modify(|nth| *nth += 1).or_default();
        let Some(marked) = gold.get(&(document.id.clone(), again)) else { continue };
        n += 1;
        progress.wrote(&document);
        coverage.add(&document.text, marked, &redaction.replaced(nth, &document)?);
    }
    progress.finish(Ended::Whole(outcome));
    print(&report(&coverage, &args.labels, n))?;
    Ok(outcome)
}

fn report(coverage: &Coverage, labels: &[String], n: u64) -> String {
    let Coverage { mentions, words, others, missed, .. } = coverage;
    let row = |name: &str, (gone, all): (u64, u64)| {
        let percent = 100.0 * gone as f64 / all.max(1) as f64;
        format!("{name:<10} {:>9} {:>9}  {percent:>6.2}\n", Grouped(all).to_string(), Grouped(gone).to_string())
    };
    let mut text = format!("{} documents, labels {}\n", Grouped(n), labels.join(", "));
    text += &format!("{:<10} {:>9} {:>9}  {:>6}\n", "", "marked", "replaced", "%");
    text += &row("mentions", *mentions);
    text += &row("words", *words);
    text += &format!("replaced besides: {} words\n", Grouped(*others));
    let mut ranked: Vec<(&String, &u64)> = missed.iter().collect();
    ranked.sort_by(|a, b| b.1.cmp(a.1).then_with(|| a.0.cmp(b.0)));
    let more = ranked.len().saturating_sub(LISTED);
    let list: Vec<String> = ranked.iter().take(LISTED).map(|(name, n)| format!("{} ({n})", shown(name))).collect();
    if !list.is_empty() {
        text += &format!("left, or left in part: {}", list.join("; "));
        text += &if more > 0 { format!("; and {more} more\n") } else { "\n".to_owned() };
    }
    text
}
