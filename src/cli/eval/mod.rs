//! `allonym eval`

mod args;
mod gate;
mod load;

use std::fs::File;
use std::io::{BufWriter, IsTerminal, stdout};
use std::path::Path;

use anyhow::{Context, Result, bail};
use serde::Serialize;

pub(crate) use args::Eval;
use args::Form;
use load::{Loaded, Place, fill_tables};

use super::models;
use super::outcome::Outcome;
use super::terminal::{print, say};
use crate::eval::report::{AgreementReport, InputStamp, Report, ReportOptions, Role, Stamp};
use crate::eval::{
    Alignment, Input, Missing, Pairing, PairingOptions, Resampling, Suspect, TrainingNames, Unit, pair, suspects,
};
use crate::io::fingerprint;
use crate::label::Repair;
use crate::model::LoadOptions;
use crate::pipeline::Request;
use crate::pool::Pool;

pub(crate) fn run(args: &Eval) -> Result<Outcome> {
    args.threads.pool().install(|| evaluate(args))
}

fn evaluate(args: &Eval) -> Result<Outcome> {
    if args.agreement && args.predictions.len() != 1 {
        bail!("--agreement: expected two files, found {}", args.predictions.len() + 1);
    }
    let places = places(args)?;
    let mut loaded = load_all(&places)?;
    let (gold, systems) = loaded.split_first_mut().context("the gold is the first place")?;
    fill_tables(gold, systems, args)?;
    let outcome = report_reading(&loaded, args)?;
    let other = other_repair(&places, &loaded, args)?;
    let mut inputs: Vec<InputStamp> = places.iter().zip(&loaded).map(|(place, loaded)| place.stamp(loaded)).collect();
    let pairing = pair_all(loaded, args)?;
    let other = other.map(|loaded| pair_all(loaded, args)).transpose()?;
    let training = training(args)?;
    inputs.extend(training_stamp(args)?);
    let stamp = stamp(args, inputs, &pairing);
    if args.agreement {
        let report = AgreementReport::new(&pairing, stamp);
        match args.report {
            Form::Text => emit(args, &report.text(emphasis(args)))?,
            Form::Md => emit(args, &report.markdown())?,
            Form::Json => emit(args, &json(&report)?)?,
            Form::Html => bail!("--agreement: expected the form text, json or md, found html"),
        }
        return Ok(outcome);
    }
    let resampling = |samples| Resampling { samples, seed: args.seed };
    let options = ReportOptions {
        training: training.as_ref(),
        intervals: (args.samples > 0).then(|| resampling(args.samples)),
        differences: resampling(args.trials),
        other_repair: other.as_ref(),
    };
    let report = Report::new(&pairing, stamp, &options);
    match args.report {
        Form::Text => emit(args, &report.text(emphasis(args)))?,
        Form::Md => emit(args, &report.markdown())?,
        Form::Json => emit(args, &json(&report)?)?,
        Form::Html => emit(args, &report.html(&pairing.corpus))?,
    }
    if let Some(path) = &args.suspects {
        write_suspects(path, &pairing, &suspects(&pairing.corpus, 0))?;
    }
    let mut floors = args.fail_under.clone();
    if let Some(path) = &args.baseline {
        floors.extend(gate::baseline(path)?);
    }
    let shortfalls = gate::shortfalls(&floors, &report.metrics)?;
    shortfalls.iter().for_each(|line| say(&format!("error: {line}")));
    // The program ends here: to take a million mentions apart one by one would be the last tenth of its time.
    std::mem::forget((pairing, other));
    Ok(if shortfalls.is_empty() { outcome } else { Outcome::SomeFailed })
}

/// The gold, then the systems.
fn places(args: &Eval) -> Result<Vec<Place>> {
    let inputs = std::iter::once(&args.gold).chain(&args.predictions);
    if inputs.clone().filter(|input| *input == "-").count() > 1 {
        bail!("expected the standard input (-) once, found it more often");
    }
    let roles = std::iter::once(Role::Gold).chain(std::iter::repeat(Role::System));
    inputs.zip(roles).map(|(input, role)| Place::new(input, role, args)).collect()
}

/// Reads all inputs side by side.
fn load_all(places: &[Place]) -> Result<Vec<Loaded>> {
    std::thread::scope(|scope| {
        let threads: Vec<_> = places.iter().map(|place| scope.spawn(|| place.load())).collect();
        threads.into_iter().map(|thread| thread.join().expect("reading does not panic")).collect()
    })
}

/// Says what was found in the inputs; whether to go on with what could be read.
fn report_reading(loaded: &[Loaded], args: &Eval) -> Result<Outcome> {
    let mut n_errors = 0;
    for input in loaded {
        if !args.quiet {
            input.notices.iter().for_each(|notice| say(notice));
        }
        for error in &input.errors {
            say(&format!("error: {error}"));
            n_errors += 1;
        }
    }
    match n_errors {
        0 => Ok(Outcome::Done),
        _ if args.allow_missing => Ok(Outcome::SomeFailed),
        n => bail!("the inputs have errors ({n}): mend them, or score what could be read with --allow-missing"),
    }
}

/// The inputs as the other repair of wrong tags reads them, where there is something to repair.
fn other_repair(places: &[Place], loaded: &[Loaded], args: &Eval) -> Result<Option<Vec<Loaded>>> {
    let other = match args.repair.into() {
        Repair::Begin => Repair::Discard,
        Repair::Discard => Repair::Begin,
        Repair::Error => return Ok(None),
    };
    if loaded.iter().all(|input| input.repairs() == 0) {
        return Ok(None);
    }
    let again = places.iter().zip(loaded).map(|(place, input)| match input.repairs() {
        0 => Ok(input.clone()),
        _ => place.load_with(other),
    });
    again.collect::<Result<Vec<_>>>().map(Some)
}

/// Pairs gold and systems, the model's output among them.
fn pair_all(loaded: Vec<Loaded>, args: &Eval) -> Result<Pairing> {
    let mut inputs = loaded.into_iter().map(|loaded| loaded.input);
    let gold = inputs.next().context("the gold is the first place")?;
    let mut systems: Vec<Input> = inputs.collect();
    if let Some(model) = &args.model {
        systems.push(tagged(&gold, model, args)?);
    }
    let options = PairingOptions {
        map: args.map.clone(),
        labels: args.labels.clone(),
        missing: if args.allow_missing { Missing::Count } else { Missing::Refuse },
        alignment: if args.by_token { Alignment::Tokens } else { Alignment::Text },
    };
    Ok(pair(gold, systems, &options)?)
}

/// The gold's documents with the mentions of a model.
fn tagged(gold: &Input, model: &str, args: &Eval) -> Result<Input> {
    let tagger = models::load(Some(model), &LoadOptions::default().pool(Pool::current()))?;
    let mut request = Request::default();
    request.head.clone_from(&args.head);
    let mut documents = gold.documents.clone();
    for document in &mut documents {
        document.mentions.clear();
        document.entities.clear();
    }
    tagger.tag_all(&mut documents, &request)?.into_iter().collect::<Result<Vec<_>, _>>()?;
    Ok(Input { name: model.to_owned(), documents })
}

fn training(args: &Eval) -> Result<Option<TrainingNames>> {
    let Some(path) = &args.train else { return Ok(None) };
    let loaded = Place::new(path, Role::Train, args)?.load()?;
    if loaded.table.is_some() {
        bail!("--train: expected documents with their texts, found a table of mentions");
    }
    loaded.errors.iter().for_each(|error| say(&format!("error: {error}")));
    if !loaded.errors.is_empty() {
        bail!("--train: {} errors in {path}", loaded.errors.len());
    }
    let renamed = loaded.input.documents.into_iter().map(|mut document| {
        for mention in &mut document.mentions {
            if let Some((_, to)) = args.map.iter().find(|(from, _)| from == mention.label.as_str()) {
                mention.label = crate::text::Label::new(to);
            }
        }
        document
    });
    let documents: Vec<_> = renamed.collect();
    Ok(Some(TrainingNames::new(documents.iter())))
}

fn training_stamp(args: &Eval) -> Result<Option<InputStamp>> {
    let Some(path) = &args.train else { return Ok(None) };
    let sha256 = fingerprint(path)?;
    Ok(Some(InputStamp { role: Role::Train, path: path.clone(), sha256, schemes: Vec::new() }))
}

fn stamp(args: &Eval, mut inputs: Vec<InputStamp>, pairing: &Pairing) -> Stamp {
    if let Some(model) = &args.model {
        let sha256 = fingerprint(model).unwrap_or_else(|_| "part of this allonym".to_owned());
        inputs.push(InputStamp { role: Role::Model, path: model.clone(), sha256, schemes: Vec::new() });
    }
    let repair: Repair = args.repair.into();
    Stamp {
        allonym: env!("CARGO_PKG_VERSION").to_owned(),
        command: command(),
        inputs,
        repair: repair.to_string(),
        alignment: if args.by_token { "tokens" } else { "text" }.to_owned(),
        map: pairing.renamings.clone(),
        labels: args.labels.clone(),
        unit: Unit::Document,
        units: 0,
        samples: args.samples,
        trials: if pairing.systems.len() > 1 { args.trials } else { 0 },
        seed: args.seed,
    }
}

/// The command as somebody would type it again.
fn command() -> String {
    let plain = |argument: &String| {
        !argument.is_empty() && argument.chars().all(|c| c.is_alphanumeric() || "-_./=,:+%@".contains(c))
    };
    let mut words = vec!["allonym".to_owned()];
    words.extend(std::env::args().skip(1).map(|argument| match plain(&argument) {
        true => argument,
        false => format!("'{}'", argument.replace('\'', r"'\''")),
    }));
    words.join(" ")
}

/// How titles look: bold on a terminal.
fn emphasis(args: &Eval) -> impl Fn(&str) -> String {
    let bold = anstyle::Style::new().bold();
    let is_terminal = args.output.is_none() && stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none();
    move |title| if is_terminal { format!("{bold}{title}{bold:#}") } else { title.to_owned() }
}

fn json(report: &impl Serialize) -> Result<String> {
    let mut text = serde_json::to_string_pretty(report).context("cannot write the report as JSON")?;
    text.push('\n');
    Ok(text)
}

/// Writes the report; a closed pipe is nobody's loss.
fn emit(args: &Eval, text: &str) -> Result<()> {
    match &args.output {
        Some(path) => std::fs::write(path, text).with_context(|| format!("cannot write {}", path.display())),
        None => print(text).context("cannot write to the standard output"),
    }
}

/// Writes the gold's suspicious places as a table to work through, the most suspicious first; offsets count characters.
fn write_suspects(path: &Path, pairing: &Pairing, suspects: &[Suspect]) -> Result<()> {
    let fail = || format!("cannot write {}", path.display());
    let file = BufWriter::new(File::create(path).with_context(fail)?);
    let mut table = csv::WriterBuilder::new().delimiter(b'\t').from_writer(file);
    let header = [
        "rank",
        "suspicion",
        "reason",
        "doc",
        "start",
        "end",
        "text",
        "gold",
        "predicted",
        "before",
        "after",
        "decision",
    ];
    table.write_record(header).with_context(fail)?;
    for (index, suspect) in suspects.iter().enumerate() {
        let text = &pairing.corpus.documents[suspect.document].text;
        let characters = |byte: usize| text.get(..byte).map_or(0, |before| before.chars().count());
        let spans = || suspect.gold.iter().chain(&suspect.predicted).map(|marked| marked.span);
        let start = spans().map(crate::text::Span::start).min().unwrap_or_default();
        let end = spans().map(crate::text::Span::end).max().unwrap_or_default();
        let marked = |list: &[crate::eval::Marked]| {
            let list = list.iter().map(|marked| {
                let surface = marked.span.slice(text).unwrap_or_default();
                format!("{} {}", surface.split_whitespace().collect::<Vec<_>>().join(" "), marked.label)
            });
            list.collect::<Vec<_>>().join(" + ")
        };
        table
            .write_record([
                (index + 1).to_string(),
                format!("{:.4}", suspect.suspicion),
                suspect.reason.as_str().to_owned(),
                suspect.document_id.clone(),
                characters(start).to_string(),
                characters(end).to_string(),
                suspect.context.marked.clone(),
                marked(&suspect.gold),
                marked(&suspect.predicted),
                suspect.context.before.clone(),
                suspect.context.after.clone(),
                String::new(),
            ])
            .with_context(fail)?;
    }
    table.flush().with_context(fail)
}
