//! `allonym models`

use std::path::Path;

use anyhow::{Context, Result, bail};

use super::args::{ModelAction, Models};
use super::{Outcome, print};
use crate::model::Engine;
use crate::pipeline::{TagOptions, Tagger};

/// The name of the model inside.
const EMBEDDED: &str = "news-en-small";

/// What a model is checked with.
const SENTENCE: &str = "Foreign Minister Maria Lopez of Uruguay told Reuters in Geneva that the talks went well.";

/// Opens a model by name or folder; `None` is the one inside.
pub(crate) fn open(model: Option<&str>, options: &TagOptions) -> Result<Tagger> {
    match model {
        None => Tagger::embedded(options).context("cannot load the model inside"),
        Some(name) if Path::new(name).is_dir() => {
            Tagger::open(name, options).with_context(|| format!("cannot load the model {name}"))
        }
        Some(EMBEDDED) => Tagger::embedded(options).context("cannot load the model inside"),
        Some(name) => bail!("--model: expected {EMBEDDED} or the folder of a model, found {name:?}"),
    }
}

pub(crate) fn run(args: &Models) -> Result<Outcome> {
    match args.action.as_ref().unwrap_or(&ModelAction::List) {
        ModelAction::List => list(),
        ModelAction::Show { model, engine } => show(model.as_deref(), engine.engine()?),
        ModelAction::Check { model, engine } => check(model.as_deref(), engine.engine()?),
    }
}

fn list() -> Result<Outcome> {
    match Tagger::embedded(&TagOptions::default()) {
        Ok(tagger) => print(&format!("{EMBEDDED}  inside, heads: {}\n", names(&tagger)))?,
        Err(crate::pipeline::Error::NoModel) => {
            print("no model is inside of this build; give a folder with --model\n")?;
        }
        Err(error) => return Err(error).context("cannot load the model inside"),
    }
    Ok(Outcome::Done)
}

fn show(model: Option<&str>, engine: Engine) -> Result<Outcome> {
    let tagger = open(model, &TagOptions { engine, ..TagOptions::default() })?;
    let mut text = format!("model    {}\nwindow   {} pieces\n", model.unwrap_or(EMBEDDED), tagger.window_pieces());
    for (i, head) in tagger.heads().iter().enumerate() {
        let default = if i == 0 { " (default)" } else { "" };
        text +=
            &format!("head     {}{default}: {}; temperature {}\n", head.name, head.labels.join(" "), head.temperature);
    }
    print(&text)?;
    Ok(Outcome::Done)
}

fn check(model: Option<&str>, engine: Engine) -> Result<Outcome> {
    let options = TagOptions { engine, ..TagOptions::default() };
    let heads: Vec<String> = open(model, &options)?.heads().iter().map(|head| head.name.clone()).collect();
    for head in heads {
        let tagger = open(model, &TagOptions { head: Some(head.clone()), ..options.clone() })?;
        let mentions = tagger.tag_text(SENTENCE)?;
        let marked: Vec<String> =
            mentions.iter().map(|mention| format!("{} {}", &SENTENCE[mention.span.range()], mention.label)).collect();
        print(&format!(
            "{head}: ok, finds: {}\n",
            if marked.is_empty() { "nothing".to_owned() } else { marked.join(", ") }
        ))?;
    }
    Ok(Outcome::Done)
}

fn names(tagger: &Tagger) -> String {
    tagger.heads().iter().map(|head| head.name.as_str()).collect::<Vec<_>>().join(", ")
}
