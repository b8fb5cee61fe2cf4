//! `allonym eval --review`: the errors of a system on a page, where the gold can be corrected.

use std::path::PathBuf;

use anyhow::{Result, bail};

use super::args::Eval;
use super::load::Loaded;
use crate::cli::files::Files;
use crate::cli::outcome::Outcome;
use crate::cli::review::{Page, folder_of, list, serve};
use crate::eval::Input;
use crate::io::files_of;
use crate::review::{Engine, Linking, Options, Other, Prepare, Review, SideKind};

/// Serves a page with the gold, beside which the predictions are.
pub(super) fn review(args: &Eval, gold: Loaded, predicted: Input) -> Result<Outcome> {
    if args.predictions.len() > 1 {
        bail!("--review: expected one PRED, found {}", args.predictions.len());
    }
    let folder = args.output.clone().map_or_else(|| folder_of(std::slice::from_ref(&args.gold)), Ok)?;
    let mut options = Options::new(folder);
    options.address = args.listen.clone();
    options.terms.annotator = args.annotator.clone().unwrap_or_default();
    options.terms.title = format!("{} against {}", args.gold, predicted.name);
    // The gold says what is a mention, and whether mentions have entities.
    options.terms.prepare = Prepare::Nothing;
    let is_linked = gold.input.documents.iter().any(|document| !document.entities.is_empty());
    options.terms.linking = if is_linked { Linking::On } else { Linking::Off };
    let mut files = Files::default();
    let inputs = std::iter::once(&args.gold).chain(&args.predictions).filter(|input| *input != "-");
    for input in inputs {
        files.reads_inputs(files_of(input).unwrap_or_default().iter().map(PathBuf::as_path));
    }
    list(&mut files, &options)?;
    let other = Other { kind: SideKind::Predicted, documents: predicted.documents };
    let opened = Review::open(options, gold.input.documents, Some(other))?;
    serve(opened, |_| Ok(Engine::new(None, None)), Page::of(args.no_open), args.quiet)
}
