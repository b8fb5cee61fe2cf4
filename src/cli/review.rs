//! `allonym review`

use std::collections::BTreeSet;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};
use clap::Args;

use super::files::Files;
use super::flow;
use super::groups::{Computing, Input, Messages, OnError};
use super::interrupt;
use super::link::Linking;
use super::model_args::{self, DocumentModelArgs};
use super::outcome::Outcome;
use super::terminal::{chain, say};
use crate::io::{Documents, Notice};
use crate::model::Models;
use crate::pipeline::Request;
use crate::review::{self, Annotator, Engine, Needs, Options, Order, Other, Prepare, Review as Opened, SideKind};
use crate::server::Address;
use crate::text::{Document, Label, plural};

/// Correct the mentions and entities of documents in a browser
///
/// Reads documents in any format; those without mentions are tagged first, and those without entities linked. Serves a page on this machine and
/// opens it. Every step is written to the journal in FOLDER before the page goes on, so that nothing is lost when anything ends. The documents
/// are in FOLDER/documents.jsonl, with `annotator` and `status`: "complete" says that a word without a label is no name. The same command goes
/// on where the last one ended. Ctrl-C ends it.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  allonym review news/                            tags the articles, opens a page, writes news.review/
  allonym review tagged.jsonl --as anna           beside the work of others, who are compared on a page
  allonym review predicted.jsonl --gold gold.jsonl
  allonym eval gold.jsonl predicted.jsonl --review       what is wrong, and whether the gold is
  allonym eval gold.jsonl predicted.jsonl --suspects s.tsv       fill in the column decision: gold or predicted
  allonym review gold.jsonl --suspects s.tsv --no-page           makes the decisions
  allonym convert news.review/documents.jsonl --to conll -o reviewed.conll")]
pub(crate) struct Review {
    #[command(flatten)]
    input: Input,
    /// Your name, if several people review: each has a journal and documents of their own in FOLDER, such as anna.documents.jsonl
    #[arg(long = "as", value_name = "NAME")]
    annotator: Option<Annotator>,
    /// Folder for the journal and the documents [default: INPUT with .review in place of its extension]
    #[arg(short, long, value_name = "FOLDER")]
    output: Option<PathBuf>,
    /// Gold documents with the same texts, to compare with
    #[arg(long, value_name = "GOLD")]
    gold: Option<String>,
    /// A table that `allonym eval --suspects` wrote, with the column `decision` filled in: gold (it is right), predicted (the gold is wrong)
    /// or nothing. INPUT is the gold
    #[arg(long, value_name = "TABLE")]
    suspects: Option<PathBuf>,
    /// Serve no page: make the decisions of --suspects, write the documents and end. Nothing is tagged
    #[arg(long)]
    no_page: bool,
    /// Order of the documents: score (the least certain first), name or input
    #[arg(long, value_name = "ORDER", default_value = "score")]
    order: Order,
    /// Further labels, such as PRODUCT,EVENT; those of the documents and of the model are there always
    #[arg(long, value_name = "LABELS", value_delimiter = ',')]
    labels: Vec<String>,
    /// Leave documents without mentions as they are, and do not link those without entities
    #[arg(long)]
    no_tag: bool,
    #[command(flatten)]
    tagging: DocumentModelArgs,
    /// Head of the model, that is, the annotation guideline to follow: clean, conll or worldwide [default: the model's first]
    #[arg(long, value_name = "NAME")]
    head: Option<String>,
    /// Do not link: mentions have no entities, unless the input has some
    #[arg(long, conflicts_with = "linking")]
    no_link: bool,
    /// Address and port of the page; port 0 is one that is free
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:0")]
    listen: Address,
    /// Do not open the page in the browser
    #[arg(long)]
    no_open: bool,
    #[command(flatten)]
    linking: Linking,
    #[command(flatten)]
    computing: Computing,
    #[command(flatten)]
    pub(crate) messages: Messages,
}

impl Review {
    fn options(&self, inputs: &[String], folder: PathBuf) -> Result<Options> {
        if !self.listen.is_local() {
            bail!(
                "--listen: other machines can connect to {}: expected an address of this one, such as 127.0.0.1:8020",
                self.listen
            );
        }
        let mut options = Options::new(folder);
        options.terms.annotator = self.annotator.clone().unwrap_or_default();
        options.terms.title = inputs.join(" ");
        options.terms.order = self.order;
        options.terms.prepare = if self.no_tag || self.no_page { Prepare::Nothing } else { Prepare::All };
        options.terms.linking = if self.no_link { review::Linking::Off } else { review::Linking::On };
        options.terms.request = Request::default();
        options.terms.request.head.clone_from(&self.head);
        options.terms.labels = self.labels.iter().map(|label| Label::new(label.trim())).collect();
        options.address = self.listen.clone();
        Ok(options)
    }

    /// Leaves out documents that are to be tagged and in a language that is not read. Returns what is to be said of the others once they are
    /// tagged.
    fn sort(&self, documents: &mut Vec<Document>, models: &Models) -> Vec<Notice> {
        let languages = self.tagging.languages(models).filter(|_| !self.no_tag && !self.no_page);
        let Some(mut languages) = languages else { return Vec::new() };
        documents.retain(|document| !document.mentions.is_empty() || languages.take(document).is_some());
        languages.notices()
    }

    fn engine(&self, needs: Needs, models: &Models, options: &Options) -> Result<Engine> {
        let pool = self.computing.threads.pool();
        let linker = match options.terms.linking {
            review::Linking::On if needs != Needs::Nothing => Some(self.linking.linker(&pool)?),
            _ => None,
        };
        let pipeline = match needs {
            Needs::Tagger => {
                let pipeline = model_args::pipeline(models, &self.computing.options(pool)?)?;
                pipeline.tagger().labels(&options.terms.request)?;
                Some(match linker.clone() {
                    Some(linker) => pipeline.linker(linker),
                    None => pipeline,
                })
            }
            Needs::Linker | Needs::Nothing => None,
        };
        Ok(Engine::new(pipeline, linker))
    }
}

/// Where the review of some inputs is kept.
pub(crate) fn folder_of(inputs: &[String]) -> Result<PathBuf> {
    let [input] = inputs else { bail!("-o: expected a folder for the review of {} inputs, found none", inputs.len()) };
    if input == "-" || input.contains(['*', '?', '[']) && !Path::new(input).exists() {
        bail!("-o: expected a folder for the review of {input}, found none");
    }
    let path = Path::new(input.trim_end_matches(['/', '\\']));
    let name =
        path.file_name().with_context(|| format!("-o: expected a folder for the review of {input}, found none"))?;
    let name = name.to_string_lossy();
    let bare = name.trim_end_matches(".gz").trim_end_matches(".zst");
    let stem = match path.is_dir() {
        true => bare,
        false => Path::new(bare).file_stem().and_then(|stem| stem.to_str()).unwrap_or(bare),
    };
    Ok(path.with_file_name(format!("{stem}.review")))
}

/// Reads all documents; each that cannot be read is reported and costs itself.
fn read(mut documents: Documents, on_error: OnError, quiet: bool) -> Result<(Vec<Document>, Outcome)> {
    let (mut read, mut outcome) = (Vec::new(), Outcome::Done);
    let mut noted: BTreeSet<String> = BTreeSet::new();
    loop {
        let next = documents.next();
        for notice in documents.take_notices() {
            let line = Notice::to_string(&notice);
            if !quiet && noted.insert(line.clone()) {
                say(&line);
            }
        }
        match next {
            None => return Ok((read, outcome)),
            Some(Ok(document)) => read.push(document),
            Some(Err(error)) if on_error == OnError::Stop => return Err(error.into()),
            Some(Err(error)) => {
                outcome = Outcome::SomeFailed;
                say(&format!("error: {}", chain(&error)));
            }
        }
    }
}

pub(crate) fn run(args: &Review) -> Result<Outcome> {
    let inputs = flow::inputs(&args.input)?;
    let folder = args.output.clone().map_or_else(|| folder_of(&inputs), Ok)?;
    let (documents, mut files) = flow::open(&args.input, None)?;
    let models = args.tagging.models(&mut files)?;
    args.linking.list(&mut files);
    let options = args.options(&inputs, folder)?;
    list(&mut files, &options)?;
    let (mut documents, mut outcome) = read(documents, args.input.on_error, args.messages.quiet)?;
    let notices = args.sort(&mut documents, &models);
    let gold = args
        .gold
        .as_ref()
        .map(|gold| {
            let documents = Documents::open([gold], &args.input.options()).context("--gold")?;
            let (documents, read) = read(documents, args.input.on_error, args.messages.quiet)?;
            if read == Outcome::SomeFailed {
                outcome = read;
            }
            Ok::<_, anyhow::Error>(Other { kind: SideKind::Gold, documents })
        })
        .transpose()?;
    if documents.is_empty() && outcome == Outcome::SomeFailed {
        bail!("expected a document to review, found none that can be read");
    }
    let opened = Opened::open(options.clone(), documents, gold)?;
    if let Some(path) = &args.suspects {
        let n = opened.decide(path).context("--suspects")?;
        note(args.messages.quiet, &format!("{} read from {}", plural(n as u64, "decision"), path.display()));
    }
    let load = |needs| {
        if needs == Needs::Tagger && !args.messages.quiet {
            notices.iter().for_each(|notice| say(&notice.to_string()));
        }
        args.engine(needs, &models, &options)
    };
    let page = if args.no_page { Page::None } else { Page::of(args.no_open) };
    serve(opened, load, page, args.messages.quiet).map(|ended| if ended == Outcome::Done { outcome } else { ended })
}

/// Lists the files that are written.
pub(crate) fn list(files: &mut Files, options: &Options) -> Result<()> {
    for name in options.files() {
        files.writes("-o", Some(&name));
    }
    files.check()
}

/// What becomes of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Page {
    /// There is none.
    None,
    /// Its address is printed.
    Printed,
    /// It is opened in the browser, too.
    Opened,
}

impl Page {
    /// The browser is opened for somebody who sits at a terminal.
    pub(crate) fn of(no_open: bool) -> Self {
        if no_open || !std::io::stderr().is_terminal() { Self::Printed } else { Self::Opened }
    }
}

/// Serves the page until a signal comes, and says where the documents are.
pub(crate) fn serve(
    opened: Opened,
    load: impl FnOnce(Needs) -> Result<Engine> + Send,
    page: Page,
    quiet: bool,
) -> Result<Outcome> {
    opened.notes().iter().for_each(|line| say(&format!("note: {line}")));
    let ended = match page {
        Page::None => opened.save()?,
        _ => opened.run(load, |url, stopper| {
            interrupt::watch(move || stopper.stop());
            // Without it nobody could find the page.
            say(&format!("listening on {url}"));
            if page == Page::Opened && open(url).is_err() {
                say("note: no browser could be opened: open the address above");
            }
        })?,
    };
    ended.errors.iter().for_each(|error| say(&format!("error: {error}")));
    let (path, n) = (ended.path.display(), plural(ended.documents as u64, "document"));
    note(quiet, &format!("{n} in {path}, {} complete", ended.complete));
    Ok(if ended.errors.is_empty() { Outcome::Done } else { Outcome::SomeFailed })
}

fn note(quiet: bool, line: &str) {
    if !quiet {
        say(line);
    }
}

/// Opens a page in the browser.
fn open(url: &str) -> std::io::Result<()> {
    let (program, first): (&str, &[&str]) = if cfg!(target_os = "macos") {
        ("open", &[])
    } else if cfg!(windows) {
        ("rundll32", &["url.dll,FileProtocolHandler"])
    } else {
        ("xdg-open", &[])
    };
    let mut browser = Command::new(program);
    browser.args(first).arg(url).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    browser.spawn().map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_review_lies_beside_its_input() {
        let folder = |inputs: &[&str]| {
            let inputs: Vec<String> = inputs.iter().map(|input| (*input).to_owned()).collect();
            folder_of(&inputs).map(|path| path.display().to_string())
        };
        for (input, want) in [
            ("a/news.jsonl", "a/news.review"),
            ("news.jsonl.gz", "news.review"),
            ("news.v2.conll", "news.v2.review"),
            ("a/news", "a/news.review"),
            ("src/", "src.review"),
        ] {
            assert_eq!(folder(&[input]).expect(input), want);
        }
        for wrong in [&["a", "b"][..], &["-"], &["a/*.txt"], &[".."]] {
            let error = folder(wrong).expect_err("it has no folder").to_string();
            assert!(error.starts_with("-o: expected a folder"), "{error}");
        }
    }
}
