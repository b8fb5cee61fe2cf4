//! `allonym link --explain ENTITY`: which merges made an entity, and why.

use anyhow::{Result, bail};
use serde_json::Value;

use super::Link;
use super::corpus::Corpus;
use crate::cli::outcome::Outcome;
use crate::cli::progress::Progress;
use crate::cli::report::{Given, Run};
use crate::cli::terminal::print;
use crate::link::Links;
use crate::text::{Entity, plural};

pub(super) fn run(wanted: &str, args: &Link) -> Result<Outcome> {
    let mut corpus = Corpus::open(args, &mut Run::new(&args.report, Given::default()))?;
    let linker = args.linking.linker(&corpus.pool)?;
    let mut progress = Progress::new("read", args.output.messages.quiet);
    corpus.read(args, &mut progress)?;
    progress.busy("linking");
    let links = linker.link(std::mem::take(&mut corpus.mentions));
    progress.clear();
    let found = find(wanted, &links);
    if found.is_empty() {
        bail!("--explain: expected the id or a name of an entity of the documents, found {wanted:?}");
    }
    for (at, entity) in found.into_iter().enumerate() {
        let explanation = links.explain(&entity.id).expect("the entity is one of these links");
        print(&format!("{}{}{explanation}\n", if at == 0 { "" } else { "\n" }, head(entity)))?;
    }
    Ok(corpus.outcome)
}

/// The entities with this id; else those with this name or alias; else those with it in any case.
fn find<'l>(wanted: &str, links: &'l Links) -> Vec<&'l Entity> {
    let all = links.entities();
    let folded = wanted.to_lowercase();
    let by = |fits: &dyn Fn(&Entity) -> bool| all.iter().copied().filter(|entity| fits(entity)).collect::<Vec<_>>();
    let named = |entity: &Entity, fits: &dyn Fn(&str) -> bool| {
        fits(&entity.name) || entity.aliases.iter().any(|alias| fits(&alias.name))
    };
    let steps: [&dyn Fn(&Entity) -> bool; 3] =
        [&|entity| entity.id == wanted, &|entity| named(entity, &|name| name == wanted), &|entity| {
            named(entity, &|name| name.to_lowercase() == folded)
        }];
    steps.into_iter().map(by).find(|found| !found.is_empty()).unwrap_or_default()
}

/// What is known about an entity besides its merges.
fn head(entity: &Entity) -> String {
    let (mentions, documents) = (entity.mentions() as u64, entity.documents as u64);
    let mut text = format!("{} in {}", plural(mentions, "mention"), plural(documents, "document"));
    entity.kb.iter().for_each(|(base, id)| text += &format!(", {base}:{id}"));
    if let Some(Value::Array(candidates)) = entity.extra.get("candidates") {
        for candidate in candidates {
            let part =
                |name: &str| candidate.get(name).map(|value| value.as_str().map_or(value.to_string(), str::to_owned));
            let [name, probability] = ["name", "probability"].map(|name| part(name).unwrap_or_default());
            let user = || candidate.get("kb")?.get("user")?.as_str().map(|id| format!("user:{id}"));
            let id = part("entity").or_else(user).map(|id| format!(" ({id})")).unwrap_or_default();
            text += &format!("\nperhaps {name}{id}: {probability}");
        }
    }
    text + "\n"
}
