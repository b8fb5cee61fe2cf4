//! `allonym train`

mod args;
mod shown;

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

pub(crate) use args::Train;
use shown::Shown;

use super::files::Files;
use super::interrupt;
use super::outcome::Outcome;
use super::progress::Progress;
use super::terminal::chain;
use crate::io::{Documents, Format, files_of};
use crate::model::Source;
use crate::pipeline::Stop;
use crate::train::{Gold, OldHeads, Options, Resume, train};

pub(crate) fn run(args: &Train) -> Result<Outcome> {
    let state = state_of(&args.output);
    check(args, &state)?;
    let mut progress = Progress::new("read", args.messages.quiet);
    let gold = read(&args.gold, args, &mut progress)?;
    let dev = if args.dev.is_empty() { None } else { Some(read(&args.dev, args, &mut progress)?) };
    let source = match &args.from {
        Some(name) => Source::find(name)?,
        None => Source::embedded()?,
    };
    let mut options = Options::default().head(&args.head).freeze(args.freeze).epochs(args.epochs);
    options.labels = args.labels.clone();
    options.old_heads = if args.keep_heads { OldHeads::Kept } else { OldHeads::Dropped };
    options.seed = args.seed;
    options.rate = args.rate;
    options.step_pieces = args.step_pieces;
    options.pool = args.threads.pool();
    options.stop = Stop::new();
    options.state = Some(state.clone());
    options.resume = if args.resume { Resume::FromState } else { Resume::Never };
    let stop = options.stop.clone();
    interrupt::watch(move || stop.set());

    let mut shown = Shown::new(args.messages.quiet);
    let trained = train(&source, gold, dev, &options, &mut |event| shown.event(&event))?;
    trained.save(&args.output)?;
    shown.done(&args.output, &trained.summary);
    if let Some(signal) = interrupt::caught() {
        shown.note(&format!("interrupted: {} has the best model so far, and --resume goes on", args.output.display()));
        return Ok(Outcome::Interrupted(signal));
    }
    if state.exists() {
        std::fs::remove_file(&state).with_context(|| format!("{}: cannot be removed", state.display()))?;
    }
    Ok(if progress.n_failed() > 0 { Outcome::SomeFailed } else { Outcome::Done })
}

/// Where the state of a training is while it is not done: beside its model.
fn state_of(output: &Path) -> PathBuf {
    let mut name = OsString::from(output.file_name().unwrap_or_default());
    name.push(".training");
    output.with_file_name(name)
}

/// What can be said before anything is read.
fn check(args: &Train, state: &Path) -> Result<()> {
    let output = args.output.display();
    if args.output.file_name().is_none() {
        bail!("--output: expected the name of a folder for the model, found {output}");
    }
    let mut files = Files::default();
    for input in args.gold.iter().chain(&args.dev).filter(|input| *input != "-") {
        files.reads_inputs(files_of(input)?.iter().map(PathBuf::as_path));
        files.reads("GOLD", Some(Path::new(input)));
    }
    files.reads_model("--from", args.from.as_deref());
    files.writes("--output", Some(&args.output));
    files.check()?;
    let is_model = args.output.join("config.json").is_file();
    if args.output.exists() && !is_model {
        bail!("--output: expected a new folder, or that of a model, found {output}, which is neither");
    }
    if state.exists() && !args.resume && !args.overwrite {
        bail!("{}: an interrupted training was here: --resume goes on, --overwrite begins anew", state.display());
    }
    if is_model && !args.overwrite && !args.resume {
        bail!("--output: expected a new folder, found {output}, which has a model: --overwrite replaces it");
    }
    if is_model {
        only_model(&args.output)?;
    }
    if args.resume && !state.exists() {
        bail!("--resume: expected the state of an interrupted training, found no {}", state.display());
    }
    if args.overwrite && state.exists() {
        std::fs::remove_file(state).with_context(|| format!("{}: cannot be removed", state.display()))?;
    }
    Ok(())
}

/// Refuses a folder with files that are not of a model: they would be removed with it.
fn only_model(folder: &Path) -> Result<()> {
    let known = [
        "config.json",
        "tokenizer.json",
        "README.md",
        "tokenizer_config.json",
        "special_tokens_map.json",
        "vocab.txt",
        "model.safetensors.index.json",
    ];
    for entry in folder.read_dir().with_context(|| format!("{}: cannot be read", folder.display()))? {
        let name = entry?.file_name();
        let name = name.to_string_lossy();
        if !known.contains(&&*name) && !name.ends_with(".safetensors") && !name.starts_with("LICENSE") {
            bail!(
                "--output: expected only the files of a model in {}, found {name}, which would be removed",
                folder.display()
            );
        }
    }
    Ok(())
}

/// Reads documents; one that cannot be read is reported, and the others are learnt from.
fn read(inputs: &[String], args: &Train, progress: &mut Progress) -> Result<Gold> {
    let name = inputs.join(", ");
    let mut documents = Documents::open(inputs, &args.shape.options(args.format))?;
    let mut read = Vec::new();
    for document in documents.by_ref() {
        match document {
            Ok(document) => read.push(document),
            Err(error) => progress.failed("read", &chain(&error)),
        }
    }
    for notice in documents.take_notices() {
        progress.notice(&notice);
    }
    let is_plain = |format: &Format| matches!(format, Format::Text | Format::Html);
    if !documents.formats().is_empty() && documents.formats().iter().all(is_plain) {
        bail!(
            "{name}: expected documents with mentions, found plain text, which has none: JSONL, CoNLL, brat and the JSON of annotation \
             tools have some"
        );
    }
    if read.is_empty() {
        bail!("{name}: expected documents with mentions, found none");
    }
    Ok(Gold::new(name, read))
}
