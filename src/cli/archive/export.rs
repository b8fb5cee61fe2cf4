//! `allonym archive export`

use anyhow::{Result, bail};

use super::args::{Export, ExportForm};
use crate::archive::{Archive, GraphForm, Selection};
use crate::cli::files::Files;
use crate::cli::outcome::Outcome;
use crate::cli::output::{Bytes, is_closed, standard};
use crate::io::{EntityForm, EntityWriter};

pub(super) fn run(archive: &Archive, args: &Export) -> Result<Outcome> {
    let name = args.output.as_ref().map(|path| path.to_string_lossy().to_lowercase()).unwrap_or_default();
    let ends =
        |end: &str| [end.to_owned(), format!("{end}.gz"), format!("{end}.zst")].iter().any(|end| name.ends_with(end));
    let form = args.to.unwrap_or(match args.graph {
        true if ends(".csv") => ExportForm::Csv,
        true => ExportForm::Graphml,
        false if ends(".jsonl") || ends(".ndjson") => ExportForm::Jsonl,
        false if ends(".graphml") => bail!("export: expected --graph for {name}"),
        false => ExportForm::Tsv,
    });
    let mut files = Files::default();
    files.reads("FILE", Some(&args.file.archive));
    files.writes("--output", args.output.as_deref());
    files.check()?;
    let selection = Selection::new(args.min_mentions, args.min_documents);
    match form {
        ExportForm::Tsv => table(archive, EntityForm::Tsv, selection, args)?,
        ExportForm::Jsonl => table(archive, EntityForm::Jsonl, selection, args)?,
        ExportForm::Graphml => graph(archive, GraphForm::GraphMl, selection, args)?,
        ExportForm::Csv => graph(archive, GraphForm::Csv, selection, args)?,
    }
    Ok(Outcome::Done)
}

/// Writes a table; a closed pipe is no error.
fn table(archive: &Archive, form: EntityForm, selection: Selection, args: &Export) -> Result<()> {
    if args.graph {
        bail!("--graph: expected the form graphml or csv, found a table of entities");
    }
    let mut writer = match &args.output {
        Some(path) => EntityWriter::create(path)?,
        None => EntityWriter::new(form, standard())?,
    };
    match archive.export(selection, &mut writer) {
        Err(crate::archive::Error::Table(error)) if is_closed(&error) => return Ok(()),
        other => other?,
    };
    match writer.finish() {
        Err(error) if is_closed(&error) => Ok(()),
        other => Ok(other?),
    }
}

fn graph(archive: &Archive, form: GraphForm, selection: Selection, args: &Export) -> Result<()> {
    let mut out = Bytes::open(args.output.as_deref())?;
    match archive.export_graph(selection, form, &mut out) {
        Err(crate::archive::Error::Export(error)) if error.kind() == std::io::ErrorKind::BrokenPipe => return Ok(()),
        other => other?,
    };
    Ok(out.finish()?)
}
