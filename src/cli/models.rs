//! `allonym models`

use std::io::{Read, Seek, SeekFrom};

use anyhow::{Context, Result};
use clap::{Args, Subcommand};
use serde_json::json;

use super::groups::EngineArgs;
use super::outcome::Outcome;
use super::terminal::print;
use crate::io::fingerprint_of_bytes;
#[cfg(feature = "hub")]
use crate::model::hub;
use crate::model::{Card, Engine, LoadOptions, Source, embedded, installed};
use crate::pipeline::{Request, Tagger};
use crate::text::Document;

/// The sentence that a model is checked with.
const SENTENCE: &str = "Foreign Minister Maria Lopez of Uruguay told Reuters in Geneva that the talks went well.";

/// List, show and check models
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct Models {
    #[command(subcommand)]
    pub(crate) action: Option<ModelAction>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ModelAction {
    /// List the built-in models, and those in the folder $ALLONYM_MODELS
    List,
    /// Show a model: heads, labels, languages, licence, size, checksum, and the kernel that runs it here
    Show {
        /// A name or a folder [default: the built-in model]
        model: Option<String>,
        #[command(flatten)]
        engine: EngineArgs,
        /// Print it as JSON
        #[arg(long)]
        json: bool,
    },
    /// Load a model and tag one sentence with each of its heads
    Check {
        /// A name or a folder [default: the built-in model]
        model: Option<String>,
        #[command(flatten)]
        engine: EngineArgs,
    },
}

/// Loads a model by name or folder; `None` means the built-in default.
pub(crate) fn load(model: Option<&str>, options: &LoadOptions) -> Result<Tagger> {
    open(&source(model)?, model, options)
}

/// Loads a model that was found by this name.
fn open(source: &Source, name: Option<&str>, options: &LoadOptions) -> Result<Tagger> {
    #[cfg(feature = "rust-bert")]
    if options.engine != Engine::Native {
        keep_libtorch_quiet();
    }
    Tagger::load(source, options).with_context(|| match source {
        Source::Embedded(_) => "cannot load the built-in model".to_owned(),
        _ => format!("cannot load the model {}", name.unwrap_or_default()),
    })
}

/// Tells models apart: the SHA-256 of the built-in weights, or of the files of a folder, of large ones their size, beginning and end.
pub(crate) fn digest(model: Option<&str>) -> Result<String> {
    /// Bytes at either end of a large file.
    const END: usize = 1 << 20;
    let folder = match source(model)? {
        Source::Folder(folder) => folder,
        source => return Ok(fingerprint_of_bytes(&source.weights()?.concat())),
    };
    let entries = folder.read_dir().with_context(|| folder.display().to_string())?;
    let mut paths: Vec<_> = entries.flatten().map(|entry| entry.path()).filter(|path| path.is_file()).collect();
    paths.retain(|path| path.extension().is_some_and(|end| ["json", "safetensors"].iter().any(|known| end == *known)));
    paths.sort();
    let mut seen = Vec::new();
    for path in paths {
        let mut read = || -> std::io::Result<()> {
            let mut file = std::fs::File::open(&path)?;
            let size = file.metadata()?.len();
            seen.extend_from_slice(path.file_name().unwrap_or_default().as_encoded_bytes());
            seen.extend_from_slice(&size.to_le_bytes());
            (&mut file).take(END as u64).read_to_end(&mut seen)?;
            file.seek(SeekFrom::Start(size.saturating_sub(END as u64)))?;
            file.take(END as u64).read_to_end(&mut seen).map(|_| ())
        };
        read().with_context(|| path.display().to_string())?;
    }
    Ok(fingerprint_of_bytes(&seen))
}

/// Finds a model. One from the hub is downloaded first, with a progress bar if stderr is a terminal.
pub(crate) fn source(model: Option<&str>) -> Result<Source> {
    let source = match model {
        Some(name) => Source::find(name).context("--model")?,
        None => Source::embedded()?,
    };
    #[cfg(feature = "hub")]
    if let Source::Hub(name) = &source {
        return Ok(Source::Folder(download(name)?));
    }
    Ok(source)
}

/// Downloads a model from the hub and returns its folder.
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

/// Panics inside libtorch are turned into errors and reported as such; this keeps Rust from printing them as well.
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
        ModelAction::Show { model, engine, json } => {
            let shown = Shown::new(model.as_deref(), engine.engine()?)?;
            if *json { print(&format!("{:#}\n", shown.json())) } else { print(&shown.text()) }
        }
        ModelAction::Check { model, engine } => check(model.as_deref(), engine.engine()?),
    }?;
    Ok(Outcome::Done)
}

fn list() -> Result<()> {
    if embedded().is_empty() {
        print("this build has no built-in model; give the folder of one with --model\n")?;
    }
    for model in embedded() {
        let card = Source::Embedded(model).card()?;
        print(&row(&card.name, "built in", &card))?;
    }
    for name in installed() {
        // A folder that is not in order must not hide the others.
        match Source::find(&name).and_then(|source| source.card()) {
            Ok(card) => print(&row(&name, &format!("in {}", card.name), &card))?,
            Err(error) => print(&format!("{name}  cannot be used: {:#}\n", anyhow::Error::from(error)))?,
        }
    }
    Ok(())
}

/// One line of the list.
fn row(name: &str, place: &str, card: &Card) -> String {
    let heads: Vec<&str> = card.heads.iter().map(|head| head.name.as_str()).collect();
    let languages: String = card.languages.iter().map(|language| format!(", {language}")).collect();
    format!("{name}  {place}{languages}; heads: {}\n", heads.join(", "))
}

/// The answer of `allonym models show`.
struct Shown {
    card: Card,
    tagger: Tagger,
    sha256: String,
}

impl Shown {
    fn new(model: Option<&str>, engine: Engine) -> Result<Self> {
        let source = source(model)?;
        let card = source.card()?;
        let tagger = open(&source, model, &LoadOptions::default().engine(engine))?;
        let sha256 = fingerprint_of_bytes(&source.weights()?.concat());
        Ok(Self { card, tagger, sha256 })
    }

    fn text(&self) -> String {
        let Self { card, tagger, sha256 } = self;
        let spec = tagger.spec();
        let unknown = || "not stated".to_owned();
        let languages = if card.languages.is_empty() { unknown() } else { card.languages.join(", ") };
        let mut text = format!("model         {}\n", card.name);
        if let Some(description) = &card.description {
            text += &format!("for           {description}\n");
        }
        text += &format!("languages     {languages}\nlicence       {}\n", card.license.clone().unwrap_or_else(unknown));
        text += &format!("architecture  {}", spec.architecture);
        if spec.n_parameters > 0 {
            text += &format!(", {:.1} M parameters", spec.n_parameters as f64 / 1e6);
        }
        text += &format!("\nweights       {:.1} MB, SHA-256 {sha256}\n", card.n_bytes as f64 / 1e6);
        text += &format!("computes in   {} by {}\n", spec.precision, spec.kernel);
        text += &format!("window        {} pieces\n", tagger.window_pieces());
        for (i, head) in tagger.heads().iter().enumerate() {
            let default = if i == 0 { " (default)" } else { "" };
            let labels = head.labels.join(" ");
            text += &format!("head          {}{default}: {labels}; temperature {}\n", head.name, head.temperature);
        }
        text
    }

    fn json(&self) -> serde_json::Value {
        let Self { card, tagger, sha256 } = self;
        let spec = tagger.spec();
        let heads = tagger.heads().iter();
        let heads: Vec<_> = heads
            .map(|head| json!({"name": head.name, "labels": head.labels, "temperature": rounded(head.temperature)}))
            .collect();
        json!({
            "name": card.name,
            "description": card.description,
            "languages": card.languages,
            "license": card.license,
            "architecture": spec.architecture,
            "parameters": (spec.n_parameters > 0).then_some(spec.n_parameters),
            "bytes": card.n_bytes,
            "sha256": sha256,
            "precision": spec.precision.to_string(),
            "kernel": spec.kernel,
            "window_pieces": tagger.window_pieces(),
            "heads": heads,
        })
    }
}

/// The shortest decimal that reads back as this `f32`.
fn rounded(number: f32) -> f64 {
    number.to_string().parse().unwrap_or_else(|_| f64::from(number))
}

fn check(model: Option<&str>, engine: Engine) -> Result<()> {
    let tagger = load(model, &LoadOptions::default().engine(engine))?;
    for head in tagger.heads() {
        let mut document = Document::new("", SENTENCE);
        tagger.tag(&mut document, &Request::default().head(&head.name))?;
        let found = document.mentions.iter();
        let found: Vec<String> =
            found.map(|mention| format!("{} {}", &SENTENCE[mention.span.range()], mention.label)).collect();
        let found = if found.is_empty() { "nothing".to_owned() } else { found.join(", ") };
        print(&format!("{}: ok, finds: {found}\n", head.name))?;
    }
    Ok(())
}
