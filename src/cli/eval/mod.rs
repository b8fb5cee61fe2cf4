//! `allonym eval`

mod args;
mod gate;
mod load;
mod names;
#[cfg(feature = "review")]
mod review;
mod scored;
mod suspects;

use std::io::{IsTerminal, stdout};
use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use serde::Serialize;

pub(crate) use args::Eval;
use args::Form;
use gate::Floor;
use load::{Loaded, Place, fill_tables};
use scored::Scored;

use super::files::Files;
use super::outcome::Outcome;
use super::shown::{shown_lines, shown_page};
use super::terminal::{print, say};
use crate::eval::report::{AgreementReport, InputRole, InputStamp, Report, ReportOptions};
use crate::eval::{Alignment, Input, Missing, Pairing, PairingOptions, Tally, TrainingNames, pair, suspects};
use crate::io::{files_of, write_whole};
use crate::label::Repair;
use crate::pool::Pool;
use crate::text::{Label, plural};

pub(crate) fn run(args: &Eval) -> Result<Outcome> {
    args.threads.pool().install(|| evaluate(args))
}

fn evaluate(args: &Eval) -> Result<Outcome> {
    if args.agreement && args.predictions.len() != 1 {
        bail!("--agreement: expected two files, found {}", args.predictions.len() + 1);
    }
    let scored = Scored::of(args)?;
    check_files(args, scored.as_ref())?;
    let names = names::names(args, scored.as_ref())?;
    let floors = floors(args)?;
    let places = places(args)?;
    let mut loaded = load_all(&places)?;
    let (gold, systems) = loaded.split_first_mut().context("the gold is the first place")?;
    fill_tables(gold, systems, args)?;
    let mut outcome = report_reading(&loaded, args)?;
    if let (Some(scored), false) = (&scored, args.quiet) {
        scored.notices(&loaded[0].input).iter().for_each(|notice| say(&notice.to_string()));
    }
    #[cfg(feature = "review")]
    if args.review {
        let (gold, predicted) = (loaded.swap_remove(0), loaded.pop().map(|system| system.input));
        let predicted = match (predicted, &scored) {
            (Some(predicted), None) => predicted,
            (None, Some(scored)) => scored.tag(&gold.input, args)?,
            (None, None) => bail!("--review: expected PRED or --model, found neither"),
            (Some(_), Some(scored)) => bail!("--review: expected one system, found PRED and {}", scored.name),
        };
        return review::review(args, gold, predicted);
    }
    let other = other_repair(&places, &loaded, args)?;
    let mut inputs: Vec<InputStamp> = places.iter().zip(&loaded).map(|(place, loaded)| place.stamp(loaded)).collect();
    let tagged = scored.as_ref().map(|scored| scored.tag(&loaded[0].input, args)).transpose()?;
    // The other repair changes what is a mention, not the texts.
    let other = other.map(|loaded| (loaded, tagged.clone()));
    let pairing = pair_all(loaded, tagged, args)?;
    for tally in pairing.systems.iter().filter(|tally| tally.odd_documents > 0) {
        outcome = Outcome::SomeFailed;
        if !args.quiet {
            say(&odd_words(tally));
        }
    }
    let other = other.map(|(loaded, tagged)| pair_all(loaded, tagged, args)).transpose()?;
    let (training, stamp) = training(args)?.unzip();
    inputs.extend(stamp);
    inputs.extend(scored.iter().flat_map(Scored::stamps));
    let mut options = ReportOptions::default()
        .samples(args.samples)
        .trials(args.trials)
        .seed(args.seed)
        .repair(args.repair.into())
        .names(names)
        .command(command())
        .inputs(inputs)
        .pool(Pool::current());
    if args.agreement {
        let report = AgreementReport::new(&pairing, &options);
        match args.form() {
            Form::Text => emit(args, &styled(args, |style| report.text(style)))?,
            Form::Md => emit(args, &shown_lines(&report.markdown()))?,
            Form::Json => emit(args, &json(&report)?)?,
            Form::Html => bail!("--agreement: expected the report as text, json or md, found html"),
        }
        return Ok(outcome);
    }
    options.training = training.as_ref();
    options.other_repair = other.as_ref();
    let report = Report::new(&pairing, &options);
    match args.form() {
        Form::Text if args.brief => {
            emit(args, &shown_lines(&report.brief()))?;
            if !args.quiet {
                report.remarks().iter().for_each(|remark| say(&format!("note: {remark}")));
            }
        }
        Form::Text => emit(args, &styled(args, |style| report.text(style)))?,
        Form::Md => emit(args, &shown_lines(&report.markdown()))?,
        Form::Json => emit(args, &json(&report)?)?,
        Form::Html => emit(args, &shown_page(&report.html(&pairing.corpus)))?,
    }
    if let Some(path) = &args.suspects {
        suspects::write(path, &pairing.corpus, &suspects(&pairing.corpus, 0))?;
    }
    let shortfalls = gate::shortfalls(&floors, &report.metrics)?;
    shortfalls.iter().for_each(|line| say(&format!("error: {line}")));
    // The program is about to end: freeing a million mentions one by one would take the last tenth of its time.
    std::mem::forget((pairing, other));
    Ok(if shortfalls.is_empty() { outcome } else { Outcome::SomeFailed })
}

/// Checks that no output is an input.
fn check_files(args: &Eval, scored: Option<&Scored>) -> Result<()> {
    let mut files = Files::default();
    let inputs = std::iter::once(&args.gold).chain(&args.predictions).chain(&args.train);
    for input in inputs {
        match input.as_str() {
            "-" => files.reads_stdin(),
            // What cannot be found is reported where it is read.
            input => files.reads_inputs(files_of(input).unwrap_or_default().iter().map(PathBuf::as_path)),
        }
    }
    files.reads("--baseline", args.baseline.as_deref());
    if let Some(scored) = scored {
        scored.list(&mut files);
    }
    files.writes_output(args.output.as_deref());
    files.writes("--suspects", args.suspects.as_deref());
    files.check()
}

/// What the metrics are compared with.
fn floors(args: &Eval) -> Result<Vec<Floor>> {
    let mut floors = args.fail_under.clone();
    if let Some(path) = &args.baseline {
        floors.extend(gate::baseline(path)?);
    }
    Ok(floors)
}

/// The gold, then the systems.
fn places(args: &Eval) -> Result<Vec<Place>> {
    let inputs = std::iter::once(&args.gold).chain(&args.predictions);
    if inputs.clone().filter(|input| *input == "-").count() > 1 {
        bail!("expected the standard input (-) at most once, found it more often");
    }
    let roles = std::iter::once(InputRole::Gold).chain(std::iter::repeat(InputRole::System));
    inputs.zip(roles).map(|(input, role)| Place::new(input, role, args)).collect()
}

/// Reads all inputs in parallel.
fn load_all(places: &[Place]) -> Result<Vec<Loaded>> {
    std::thread::scope(|scope| {
        let threads: Vec<_> = places.iter().map(|place| scope.spawn(|| place.load())).collect();
        threads.into_iter().map(|thread| thread.join().expect("reading does not panic")).collect()
    })
}

/// Prints notices and errors of the inputs, and decides whether to go on.
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
        n => {
            bail!("{} in the inputs: fix them, or pass --allow-missing to score what could be read", plural(n, "error"))
        }
    }
}

/// What a user should know about a system whose texts are not quite those of the gold.
fn odd_words(tally: &Tally) -> String {
    let first = tally.first_odd.as_ref().map_or(String::new(), |first| format!("; the first: {first}"));
    format!(
        "{}: {} with other words than the gold's, {} of the gold concerned, {} left out{first}",
        tally.name,
        plural(tally.odd_documents, "document"),
        plural(tally.odd_sentences, "sentence"),
        plural(tally.unaligned_mentions, "mention"),
    )
}

/// The inputs, read with the other repair; `None` if there is nothing to repair.
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

/// Pairs gold and systems, and after them what the models found.
fn pair_all(loaded: Vec<Loaded>, tagged: Option<Input>, args: &Eval) -> Result<Pairing> {
    let mut inputs = loaded.into_iter().map(|loaded| loaded.input);
    let gold = inputs.next().context("the gold is the first place")?;
    let systems: Vec<Input> = inputs.chain(tagged).collect();
    let mut options = PairingOptions::default()
        .label_map(args.map.clone())
        .missing(if args.allow_missing { Missing::Count } else { Missing::Refuse })
        .alignment(if args.by_token { Alignment::Tokens } else { Alignment::Text })
        .pool(Pool::current());
    options.labels.clone_from(&args.labels);
    Ok(pair(gold, systems, &options)?)
}

fn training(args: &Eval) -> Result<Option<(TrainingNames, InputStamp)>> {
    let Some(path) = &args.train else { return Ok(None) };
    let loaded = Place::new(path, InputRole::Train, args)?.load()?;
    let stamp =
        InputStamp { role: InputRole::Train, path: path.clone(), sha256: loaded.sha256.clone(), schemes: Vec::new() };
    if loaded.table.is_some() {
        bail!("--train: expected documents with texts, found a table of mentions");
    }
    loaded.errors.iter().for_each(|error| say(&format!("error: {error}")));
    if !loaded.errors.is_empty() {
        bail!("--train: {} in {path}", plural(loaded.errors.len() as u64, "error"));
    }
    let renamed = loaded.input.documents.into_iter().map(|mut document| {
        for mention in &mut document.mentions {
            if let Some((_, to)) = args.map.iter().find(|(from, _)| from == mention.label.as_str()) {
                mention.label = Label::new(to);
            }
        }
        document
    });
    let documents: Vec<_> = renamed.collect();
    Ok(Some((TrainingNames::new(&documents), stamp)))
}

/// The command line, quoted for a shell.
fn command() -> String {
    let plain = |argument: &String| {
        !argument.is_empty() && argument.chars().all(|c| c.is_alphanumeric() || "-_./=,:+%@".contains(c))
    };
    let mut words = vec!["allonym".to_owned()];
    // A path need not be text; the report is.
    let arguments = std::env::args_os().skip(1).map(|argument| argument.to_string_lossy().into_owned());
    words.extend(arguments.map(|argument| match plain(&argument) {
        true => argument,
        false => format!("'{}'", argument.replace('\'', r"'\''")),
    }));
    words.join(" ")
}

/// A text report: titles are bold on a terminal, and nothing that it quotes commands the terminal.
fn styled(args: &Eval, report: impl FnOnce(&dyn Fn(&str) -> String) -> String) -> String {
    /// Stand for bold and its end while control characters are shown as escapes; they are for private use.
    const MARKS: [char; 2] = ['\u{f8fe}', '\u{f8ff}'];
    let text = report(&|title| format!("{}{title}{}", MARKS[0], MARKS[1]));
    let text = shown_lines(&text);
    let is_terminal = args.output.is_none() && stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none();
    let bold = anstyle::Style::new().bold();
    match is_terminal {
        true => text.replace(MARKS[0], &bold.render().to_string()).replace(MARKS[1], &bold.render_reset().to_string()),
        false => text.replace(MARKS, ""),
    }
}

fn json(report: &impl Serialize) -> Result<String> {
    let mut text = serde_json::to_string_pretty(report).context("cannot write the report as JSON")?;
    text.push('\n');
    Ok(text)
}

/// Writes the report. A closed pipe is not an error.
fn emit(args: &Eval, text: &str) -> Result<()> {
    match &args.output {
        Some(path) => write_whole(path, text.as_bytes()).with_context(|| format!("cannot write {}", path.display())),
        None => print(text).context("cannot write to the standard output"),
    }
}
