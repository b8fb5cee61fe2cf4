//! `allonym tag`

use std::io::Cursor;
use std::path::PathBuf;
use std::str::FromStr;

use anyhow::{Result, bail};
use clap::Args;

use super::begun::{Begun, Note};
use super::files::Files;
use super::flow::{self, Items, Reading};
use super::groups::{Computing, Input, Output, Shape, probability};
use super::language::OnLanguage;
use super::link::Linking;
use super::model_args::{self, DocumentModelArgs};
use super::models;
use super::outcome::{Ended, Outcome};
use super::output::Sink;
use super::progress::Progress;
use super::report::{Given, InputsRead, ModelUsed, ReportTo, Run};
use super::resume::{self, Done, Trust};
use crate::io::{Documents, EntitiesWritten, Format, Identity, ReadOptions, Shard, fingerprint, part_of};
use crate::model::Models;
use crate::pipeline::{self, Request};
use crate::refine::{Refinement, Refinements};

/// Tag documents: find persons, organisations and places, and link the spellings of one name
///
/// Reads files, folders (recursively), glob patterns such as 'news/**/*.txt', or standard input. Documents of any length are tagged
/// whole. Mentions are linked within each document; use `allonym link` to link across documents. A document that cannot be read or
/// tagged is reported on stderr, and all others come out, in input order.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  allonym tag eval/articles --to tsv
  allonym tag --text 'Rain in Beirut' --to tsv
  allonym tag --from conll --to conll test.conll > predicted.conll
  allonym tag feeds/ --language auto -o tagged.jsonl
  allonym tag archive/ --shard 3/16 -o tagged-3.jsonl
  allonym tag dump.jsonl.zst --text-field body -o tagged.jsonl --resume --report run.json")]
pub(crate) struct Tag {
    #[command(flatten)]
    pub(crate) input: Input,
    /// Tag this text instead of reading INPUT
    #[arg(long, value_name = "TEXT", conflicts_with_all = ["inputs", "from", "text_field", "id_field", "columns"])]
    pub(crate) text: Option<String>,
    #[command(flatten)]
    pub(crate) output: Output,
    #[command(flatten)]
    pub(crate) tagging: DocumentModelArgs,
    /// Head of the model, that is, the annotation guideline to follow: clean, conll or worldwide [default: the model's first]
    #[arg(long, value_name = "NAME")]
    pub(crate) head: Option<String>,
    /// Labels to keep, such as PER,ORG,LOC, in any case [default: all]
    #[arg(long, value_name = "LABELS", value_delimiter = ',')]
    pub(crate) labels: Option<Vec<String>>,
    /// Drop mentions with a lower score, from 0 to 1; per label: PER=0.8,ORG=0.6 [default: 0]
    #[arg(long, value_name = "P|LABEL=P", value_delimiter = ',')]
    pub(crate) min_score: Vec<MinScore>,
    /// Refinements of what the model finds: all, none, or a list such as consistency,titles [default: all; for CoNLL input, consistency]
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    pub(crate) refine: Option<Vec<Refine>>,
    /// Tag one part of the documents, such as 3/16: the hash of its id says which part a document is in. All parts together are one
    /// run, so that an array of jobs can share the work; parts count from 1
    #[arg(long, value_name = "N/PARTS", conflicts_with = "text")]
    pub(crate) shard: Option<Shard>,
    /// Do not link: no `entity`, no `entities`
    #[arg(long, conflicts_with = "linking")]
    pub(crate) no_link: bool,
    #[command(flatten)]
    pub(crate) linking: Linking,
    #[command(flatten)]
    pub(crate) computing: Computing,
    /// Resume an interrupted run: keep the documents already in the output (JSONL only) and tag the rest; with other options, another
    /// model or changed texts it is refused
    #[arg(long, requires = "output")]
    pub(crate) resume: bool,
    #[command(flatten)]
    pub(crate) report: ReportTo,
}

/// A minimum score, for all labels or for one.
#[derive(Clone, Debug)]
pub(crate) struct MinScore {
    label: Option<String>,
    score: f32,
}

impl MinScore {
    /// Adds the minimum to a request.
    pub(super) fn ask(request: Request, minimum: &Self) -> Request {
        match &minimum.label {
            Some(label) => request.min_score_of(label, minimum.score),
            None => request.min_score(minimum.score),
        }
    }
}

impl std::fmt::Display for MinScore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.label {
            Some(label) => write!(f, "{label}={}", self.score),
            None => write!(f, "{}", self.score),
        }
    }
}

impl FromStr for MinScore {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.split_once('=') {
            Some((label, score)) => {
                Ok(Self { label: Some(label.trim().to_owned()), score: probability(score.trim())? })
            }
            None => Ok(Self { label: None, score: probability(text.trim())? }),
        }
    }
}

/// A refinement, all of them, or none.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Refine(Refinements);

impl FromStr for Refine {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        match name.trim() {
            "all" => Ok(Self(Refinements::all())),
            "none" => Ok(Self(Refinements::none())),
            name => {
                let one = name.parse::<Refinement>().map_err(|error| format!("{error}; or all or none"))?;
                Ok(Self(Refinements::none().with(one)))
            }
        }
    }
}

/// The names of the refinements that are asked for.
fn refined(sets: &[Refine]) -> String {
    let all: Refinements = sets.iter().flat_map(|set| set.0.iter()).collect();
    let names: Vec<&str> = all.iter().map(Refinement::name).collect();
    if names.is_empty() { "none".to_owned() } else { names.join(",") }
}

impl Tag {
    fn request(&self) -> Request {
        let mut request = Request::default();
        request.head.clone_from(&self.head);
        request.labels.clone_from(&self.labels);
        request.refinements = self.refine.as_ref().map(|sets| sets.iter().flat_map(|set| set.0.iter()).collect());
        self.min_score.iter().fold(request, MinScore::ask)
    }

    /// The documents of the inputs, or that of --text, and the models for them, once it is sure that no output destroys what is read.
    fn documents(&self, run: &mut Run) -> Result<(Documents, Models)> {
        let (documents, mut files) = match &self.text {
            Some(text) => {
                let options = ReadOptions::default().format(Format::Text);
                let documents = Documents::read(Cursor::new(text.clone().into_bytes()), "text", &options);
                run.inputs = InputsRead { bytes: Some(text.len() as u64), ..InputsRead::default() };
                (documents, Files::default())
            }
            None => flow::open(&self.input, Some(run))?,
        };
        self.output.list(&mut files);
        self.report.list(&mut files)?;
        self.linking.list(&mut files);
        let models = self.tagging.models(&mut files)?;
        files.check()?;
        Ok((documents, models))
    }

    /// What decides how a document is written.
    fn begun(&self, models: &Models) -> Result<Begun> {
        let Input { from, shape: Shape { text_field, id_field, columns, encoding, .. }, .. } = &self.input;
        let table = |path: &Option<PathBuf>| match path {
            Some(path) if !path.is_file() => Ok("a pipe".to_owned()),
            Some(path) => fingerprint(&path.display().to_string()).map_err(anyhow::Error::from),
            None => Ok(String::new()),
        };
        let linking = &self.linking;
        let Models { name, other } = models;
        let other = other.as_ref().map_or(Ok(String::new()), |other| models::digest(Some(&other.name)))?;
        let mut begun = Begun::default();
        begun
            .with("--model", models::digest(name.as_deref())?)
            .with("--language", other)
            .with("--head", self.head.clone().unwrap_or_default())
            .with("--labels", self.labels.clone().unwrap_or_default().join(","))
            .with("--min-score", self.min_score.iter().map(ToString::to_string).collect::<Vec<_>>().join(","))
            .with("--refine", self.refine.as_deref().map_or_else(String::new, refined))
            .with("--shard", self.shard.map_or(String::new(), |shard| shard.to_string()))
            .with("--on-language", if self.tagging.on_language == OnLanguage::Skip { "skip" } else { "" })
            .with("--no-link", if self.no_link { "yes" } else { "" })
            .with("--aliases", table(&linking.aliases)?)
            .with("--kb", table(&linking.kb)?)
            .with("--threshold", linking.threshold.map_or(String::new(), |threshold| threshold.to_string()))
            .with("--never", linking.never.join(","))
            .with("--same", linking.same.join(","))
            .with("--constraints", table(&linking.constraints)?)
            .with("--precision", format!("{:?}", self.computing.precision))
            .with("--engine", format!("{:?}", self.computing.engine.engine()?))
            .with("--offsets", self.output.offsets)
            .with("--from", from.map_or(String::new(), |format| format.to_string()))
            .with("--encoding", encoding.as_ref().map_or(String::new(), |encoding| format!("{encoding:?}")))
            .with("--text-field", text_field)
            .with("--id-field", id_field)
            .with("--columns", columns.as_ref().map_or(String::new(), |columns| format!("{columns:?}")))
            .with("allonym", env!("CARGO_PKG_VERSION"));
        Ok(begun)
    }

    /// Opens the output: a new one, or with --resume the one of an earlier run, with what that has done.
    fn open(&self, entities: EntitiesWritten, models: &Models) -> Result<(Done, Sink, Option<Note>)> {
        let Some(path) = self.output.output.as_deref().filter(|path| self.output.can_grow(path)) else {
            if let (true, Some(path)) = (self.resume, &self.output.output) {
                bail!("--resume: expected an uncompressed JSONL output, found {}", path.display());
            }
            return Ok((Done::nothing(), self.output.create(entities)?, None));
        };
        let begun = self.begun(models)?;
        if !self.resume {
            let sink = self.output.create(entities)?;
            let note = if Identity::of(path).is_some() { Some(begun.keep(path)?) } else { None };
            return Ok((Done::nothing(), sink, note));
        }
        let file = resume::open(path)?;
        // Beside a file that nobody has replaced yet, the note is about the other one.
        let trust = if part_of(path).exists() { Trust::Unknown } else { begun.compare(path)? };
        let (done, tail) = Done::read(&file, path, self.output.offsets, trust)?;
        let sink = self.output.append(file, tail, entities)?;
        let note = if trust == Trust::Same || done.is_nothing() { Some(begun.keep(path)?) } else { None };
        Ok((done, sink, note))
    }
}

pub(crate) fn run(args: &Tag, given: Given) -> Result<Outcome> {
    let mut run = Run::new(&args.report, given);
    let mut progress = Progress::new("tagged", args.output.messages.quiet);
    let result = tag(args, &mut progress, &mut run);
    run.end(result, &progress)
}

fn tag(args: &Tag, progress: &mut Progress, run: &mut Run) -> Result<Outcome> {
    let pool = args.computing.threads.pool();
    let (documents, models) = args.documents(run)?;
    run.open()?;
    progress.keep_errors(args.output.errors.as_deref())?;
    run.output = Some(args.output.written());
    let linker = if args.no_link { None } else { Some(args.linking.linker(&pool)?) };
    let options = args.computing.options(pool)?;
    let mut pipeline = model_args::pipeline(&models, &options)?;
    let request = args.request();
    pipeline.tagger().labels(&request)?;
    if run.is_reported() {
        (run.model, run.other_model) = ModelUsed::all(&models, &pipeline, &request)?;
    }
    let entities = if linker.is_some() { EntitiesWritten::Always } else { EntitiesWritten::WherePresent };
    if let Some(linker) = linker {
        pipeline = pipeline.linker(linker);
    }
    let (done, sink, note) = args.open(entities, &models)?;
    progress.restart();
    let items = Items::new(documents, done, progress).languages(args.tagging.languages(&models)).shard(args.shard);
    let stream = pipeline.stream(items, &request)?;
    let ended = flow::write::<pipeline::Error>(stream, Reading::First(args.input.on_error), sink, progress)?;
    run.ended = Some(ended);
    if let (Ended::Whole(_), Some(note)) = (ended, note) {
        note.remove();
    }
    // A minimum score, or labels that the request leaves out, would hide it.
    if let Some(doubt) = progress.certainty().doubt().filter(|_| args.min_score.is_empty() && args.labels.is_none()) {
        progress.note(&doubt);
    }
    progress.finish(ended);
    Ok(ended.outcome())
}
