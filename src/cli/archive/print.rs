//! What the commands that read an archive print.

use std::io::{ErrorKind, Write, stdout};

use anyhow::Result;

use crate::archive::{Archive, Example, Found, Relinked, Shown};
use crate::cli::outcome::Outcome;
use crate::text::plural;

/// Prints lines; a closed pipe is no error.
fn print(lines: &[String]) -> Result<()> {
    let mut text = lines.join("\n");
    if !text.is_empty() {
        text.push('\n');
    }
    match stdout().lock().write_all(text.as_bytes()) {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        other => Ok(other?),
    }
}

pub(super) fn search(archive: &Archive, query: &str, limit: usize) -> Result<Outcome> {
    let mut lines = vec!["id\tname\tlabel\tdocuments\tmentions\talias\tfit".to_owned()];
    for Found { id, name, label, mentions, documents, alias, fit } in archive.search(query, limit)? {
        lines.push(format!("{id}\t{name}\t{label}\t{documents}\t{mentions}\t{alias}\t{fit:.3}"));
    }
    print(&lines)?;
    Ok(Outcome::Done)
}

pub(super) fn show(archive: &Archive, id: &str, n_examples: usize) -> Result<Outcome> {
    let Shown { entity, mentions, redirects, merges, offices, decisions, examples } =
        archive.show_with(id, n_examples)?;
    let count = |n: usize, what: &str| plural(n as u64, what);
    let (mentions, documents) = (count(mentions, "mention"), count(entity.documents, "document"));
    let mut lines = vec![format!("{} {} [{}], {mentions} in {documents}", entity.id, entity.name, entity.label)];
    lines.extend(entity.kb.iter().map(|(base, id)| format!("  {base}: {id}")));
    if !redirects.is_empty() {
        lines.push(format!("  redirect to it: {}", redirects.join(", ")));
    }
    if !offices.is_empty() {
        let offices: Vec<String> = offices.iter().map(|(office, n)| format!("{office} ({n})")).collect();
        lines.push(format!("  offices: {}", offices.join(", ")));
    }
    lines.push("names".to_owned());
    lines.extend(entity.aliases.iter().map(|alias| format!("  {} ({})", alias.name, alias.mentions)));
    let mut section = |title: &str, of: Vec<String>| {
        if !of.is_empty() {
            lines.push(title.to_owned());
            lines.extend(of.into_iter().map(|line| format!("  {line}")));
        }
    };
    let merge = |it: &crate::io::Merged| format!("{} = {}: {}, {:.3}", it.name, it.into, it.reason, it.probability);
    section("why they are one", merges.iter().map(merge).collect());
    let candidates = entity.extra.get("candidates").and_then(|list| list.as_array().cloned()).unwrap_or_default();
    let text = |value: &serde_json::Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let candidate =
        |it: &serde_json::Value| format!("{} {}, {}", text(&it["entity"]), text(&it["name"]), it["probability"]);
    section("may also be", candidates.iter().map(candidate).collect());
    section("decisions", decisions.iter().map(decision).collect());
    section("mentions", examples.iter().map(example).collect());
    print(&lines)?;
    Ok(Outcome::Done)
}

fn example(it: &Example) -> String {
    let Example { document, date, before, surface, after, .. } = it;
    let date = date.as_ref().map(|date| format!(" ({date})")).unwrap_or_default();
    let space = |text: &str, starts: bool| {
        let next = if starts { text.chars().next() } else { text.chars().next_back() };
        if next.is_some_and(char::is_alphanumeric) || !starts && next.is_some() { " " } else { "" }
    };
    format!("{document}{date}: {before}{}[{surface}]{}{after}", space(before, false), space(after, true))
}

fn decision(it: &crate::archive::Decision) -> String {
    let why = if it.why.is_empty() { String::new() } else { format!(": {}", it.why) };
    format!("{} {} {} {:?} {:?} by {}{why}", it.number, it.at, it.what, it.first, it.second, it.who)
}

pub(super) fn decisions(archive: &Archive) -> Result<Outcome> {
    let mut lines = vec!["number\tat\twho\twhat\tfirst\tsecond\twhy".to_owned()];
    for it in archive.decisions()? {
        lines.push(format!(
            "{}\t{}\t{}\t{}\t{}\t{}\t{}",
            it.number, it.at, it.who, it.what, it.first, it.second, it.why
        ));
    }
    print(&lines)?;
    Ok(Outcome::Done)
}

pub(super) fn stats(archive: &Archive) -> Result<Outcome> {
    let stats = archive.stats()?;
    let mut lines = vec![
        format!("documents\t{}", stats.documents),
        format!("mentions\t{}", stats.mentions),
        format!("entities\t{}", stats.entities),
    ];
    lines.extend(
        stats.labels.iter().map(|(label, n, mentions)| format!("  {label}\t{n}\t{}", plural(*mentions, "mention"))),
    );
    lines.push(format!("redirects\t{}", stats.redirects));
    lines.push(format!("decisions\t{}", stats.decisions));
    lines.extend(stats.dates.iter().map(|(first, last)| format!("dates\t{first} to {last}")));
    lines.push(format!("bytes\t{}", stats.bytes));
    print(&lines)?;
    Ok(Outcome::Done)
}

pub(super) fn check(archive: &Archive) -> Result<Outcome> {
    let wrong = archive.check()?;
    if wrong.is_empty() {
        print(&["the archive is sound".to_owned()])?;
        return Ok(Outcome::Done);
    }
    print(&wrong)?;
    Ok(Outcome::SomeFailed)
}

pub(super) fn relinked(report: &Relinked) -> Result<Outcome> {
    let Relinked { mentions, moved, before, after, merged, split, renamed } = report;
    let mut lines = vec![
        "what\tid\tother".to_owned(),
        format!("moved\t{moved} of {}\t", plural(*mentions as u64, "mention")),
        format!("entities\t{before}\t{after}"),
    ];
    lines.extend(merged.iter().map(|(from, into)| format!("merged\t{from}\t{into}")));
    lines.extend(split.iter().map(|(old, new)| format!("split\t{old}\t{new}")));
    lines.extend(renamed.iter().map(|(id, old, new)| format!("renamed\t{id}\t{old} -> {new}")));
    print(&lines)?;
    Ok(Outcome::Done)
}
