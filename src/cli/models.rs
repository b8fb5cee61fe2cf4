//! `allonym models`

use std::path::Path;

use anyhow::{Context, Result, bail};

use super::args::{ModelAction, Models};
use super::{Outcome, print};
use crate::model::Engine;
#[cfg(feature = "hub")]
use crate::model::hub;
use crate::pipeline::{TagOptions, Tagger};

/// The name of the model inside.
const EMBEDDED: &str = "news-en-small";

/// What a model is checked with.
const SENTENCE: &str = "Foreign Minister Maria Lopez of Uruguay told Reuters in Geneva that the talks went well.";

/// Opens a model by name or folder; `None` is the one inside.
pub(crate) fn open(model: Option<&str>, options: &TagOptions) -> Result<Tagger> {
    #[cfg(feature = "rust-bert")]
    if options.engine != Engine::Native {
        keep_libtorch_quiet();
    }
    match model {
        None => Tagger::embedded(options).context("cannot load the model inside"),
        Some(name) if Path::new(name).is_dir() => {
            Tagger::open(name, options).with_context(|| format!("cannot load the model {name}"))
        }
        Some(EMBEDDED) => Tagger::embedded(options).context("cannot load the model inside"),
        #[cfg(feature = "hub")]
        Some(name) if hub::is_name(name) => {
            let folder = download(name)?;
            Tagger::open(folder, options).with_context(|| format!("cannot load the model {name}"))
        }
        Some(name) => bail!("--model: expected {EMBEDDED}, the folder of a model, or {HUB}, found {name:?}"),
    }
}

#[cfg(feature = "hub")]
const HUB: &str = "ORG/NAME for one of the Hugging Face hub";
#[cfg(not(feature = "hub"))]
const HUB: &str = "ORG/NAME in a build with --features hub";

/// The folder of a model of the hub. A bar tells how far the download is where stderr is a terminal.
#[cfg(feature = "hub")]
fn download(name: &str) -> Result<std::path::PathBuf> {
    use indicatif::{ProgressBar, ProgressStyle};
    let template = "{msg} {bar:30} {bytes}/{total_bytes} {bytes_per_sec}  ETA {eta}";
    let bar =
        ProgressBar::no_length().with_style(ProgressStyle::with_template(template).expect("the template is sound"));
    let folder = hub::fetch(name, &mut |downloaded| {
        if bar.message() != downloaded.file {
            bar.reset();
            bar.set_message(downloaded.file.to_owned());
        }
        bar.set_length(downloaded.total);
        bar.set_position(downloaded.bytes);
    });
    bar.finish_and_clear();
    folder.with_context(|| format!("cannot fetch the model {name}"))
}

/// A panic inside of libtorch becomes an error, which is told; what Rust prints at the panic itself would be told
/// twice.
#[cfg(feature = "rust-bert")]
fn keep_libtorch_quiet() {
    static ONCE: std::sync::Once = std::sync::Once::new();
    ONCE.call_once(|| {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            let is_theirs = |file: &str| file.contains("/tch-") || file.contains("/rust-bert-");
            if !panic.location().is_some_and(|location| is_theirs(location.file())) {
                before(panic);
            }
        }));
    });
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
