//! Links names that were counted before, without their documents: `allonym link --names`.
//!
//! The table is read twice: once for the names, and once to write each row with its entity. Only the names are kept.

use std::sync::Arc;

use anyhow::{Context, Result, bail};
use arrow_array::builder::StringBuilder;
use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{Field, Schema};

use super::Link;
use super::corpus::{open_table, write_table};
use crate::cli::files::Files;
use crate::cli::groups::OnError;
use crate::cli::outcome::{Ended, Outcome};
use crate::cli::output::{is_closed, standard};
use crate::cli::progress::Progress;
use crate::cli::terminal::chain;
use crate::io::arrow::{BatchWriter, NameCounts, kb_array, sound_rows};
use crate::io::{self, Format, Inputs};
use crate::link::{Links, MentionStore};
use crate::text::{Entity, Label};

/// The columns that are added.
const ADDED: [&str; 3] = ["entity", "entity_name", "kb"];

pub(super) fn run(table: &str, args: &Link) -> Result<Outcome> {
    let mut progress = Progress::new("linked", args.output.messages.quiet);
    let options = args.input.options().text_field("name");
    let inputs = Inputs::open([table], &options).context("--names")?;
    let mut files = Files::default();
    files.reads_inputs(inputs.files().iter().map(std::path::PathBuf::as_path));
    args.linking.list(&mut files);
    args.list_output(&mut files);
    files.writes("--entities", args.entities.as_deref().filter(|path| *path != std::path::Path::new("-")));
    files.check()?;
    progress.keep_errors(args.output.errors.as_deref())?;
    let pool = args.threads.pool();
    let linker = args.linking.linker(&pool)?;
    let mut entities = args.entities.as_deref().map(|path| open_table(path, args)).transpose()?;
    let format = args.output.format();
    let mut writer = match &args.output.output {
        Some(path) => BatchWriter::create(format, path),
        None => BatchWriter::new(format, standard()),
    }
    .context("cannot open the output")?;

    let (names, outcome) = read(&inputs, args.input.on_error, &mut progress)?;
    if names.n_documents() == 0 {
        bail!("--names: expected a table with a name, found none that can be read in {table}");
    }
    progress.busy("linking");
    let links = linker.link(names);
    progress.names(links.n_documents());
    progress.entities(links.entities().len());
    if let Some(table) = entities.take() {
        write_table(table, &links, args.min_mentions)?;
    }
    match write(&inputs, &links, &mut writer, format).and_then(|()| Ok(writer.finish()?)) {
        Err(error) if error.downcast_ref::<io::Error>().is_some_and(is_closed) => {
            progress.finish(Ended::Closed(outcome));
            return Ok(outcome);
        }
        result => result?,
    }
    progress.finish(Ended::Whole(outcome));
    Ok(outcome)
}

/// Reads the names.
fn read(inputs: &Inputs, on_error: OnError, progress: &mut Progress) -> Result<(MentionStore, Outcome)> {
    let (mut names, mut outcome) = (MentionStore::new(), Outcome::Done);
    let mut failed = |error: io::Error| -> Result<()> {
        if on_error == OnError::Stop {
            return Err(error.into());
        }
        outcome = Outcome::SomeFailed;
        progress.failed(error.kind(), &chain(&error));
        Ok(())
    };
    let mut tables = inputs.tables();
    let mut label: Option<Label> = None;
    while let Some(batch) = tables.next() {
        let (place, batch) = match batch {
            Ok(batch) => batch,
            Err(error) => {
                failed(error)?;
                continue;
            }
        };
        if let Some(taken) = ADDED.iter().find(|name| batch.columns.column_by_name(name).is_some()) {
            bail!("{place}: expected a table without a column {taken:?}, which is added, found one");
        }
        for row in NameCounts::new(&place, &batch)?.rows() {
            match row {
                Ok(count) => {
                    if label.as_ref().is_none_or(|label| label.as_str() != count.label) {
                        label = Some(Label::new(count.label));
                    }
                    let label = label.as_ref().expect("it was just set");
                    let nth = names.n_documents();
                    names.add_name(count.name, label, count.mentions, count.documents);
                    count.aliases.iter().for_each(|alias| names.add_alias(nth, alias));
                }
                Err(error) => failed(error)?,
            }
        }
    }
    Ok((names, outcome))
}

/// Reads the rows again, and writes each with its entity.
fn write(inputs: &Inputs, links: &Links, writer: &mut BatchWriter<'_>, format: Format) -> Result<()> {
    const CHANGED: &str = "expected the same names when the table was read again, found others";
    let mut tables = inputs.tables();
    let mut nth = 0;
    let mut first: Option<Arc<Schema>> = None;
    while let Some(batch) = tables.next() {
        // What cannot be read was said before.
        let Ok((place, batch)) = batch else { continue };
        let counts = NameCounts::new(&place, &batch)?;
        let is_sound: Vec<bool> = counts.rows().map(|row| row.is_ok()).collect();
        let mut found: Vec<&Entity> = Vec::with_capacity(is_sound.len());
        for count in counts.rows().flatten() {
            let entity = links.entity_of(nth, 0).filter(|_| links.is_name(nth, count.name)).context(CHANGED)?;
            found.push(entity);
            nth += 1;
        }
        let rows = sound_rows(&batch.columns, &is_sound)?;
        let schema = rows.schema();
        if let Some(first) = &first
            && first.fields() != schema.fields()
        {
            bail!(
                "{place}: expected the columns of the first table, found others; as {format}, all tables need the same"
            );
        }
        first.get_or_insert_with(|| Arc::clone(&schema));
        writer.write(&with_entities(&rows, &found, writer.is_of_cells())?)?;
    }
    if nth != links.n_documents() {
        bail!(CHANGED);
    }
    Ok(())
}

/// Rows with the columns of their entities.
fn with_entities(rows: &RecordBatch, found: &[&Entity], is_of_cells: bool) -> Result<RecordBatch> {
    let texts = |of: fn(&Entity) -> &str| -> ArrayRef {
        let mut texts = StringBuilder::new();
        found.iter().for_each(|entity| texts.append_value(of(entity)));
        Arc::new(texts.finish())
    };
    let kb: ArrayRef = if is_of_cells {
        let mut texts = StringBuilder::new();
        for entity in found {
            let ids: Vec<String> = entity.kb.iter().map(|(base, id)| format!("{base}:{id}")).collect();
            texts.append_value(ids.join("; "));
        }
        Arc::new(texts.finish())
    } else {
        kb_array(found)
    };
    let added = [texts(|entity| &entity.id), texts(|entity| &entity.name), kb];
    let schema = rows.schema();
    let mut fields: Vec<Arc<Field>> = schema.fields().iter().cloned().collect();
    let mut columns = rows.columns().to_vec();
    for (name, column) in ADDED.into_iter().zip(added) {
        fields.push(Arc::new(Field::new(name, column.data_type().clone(), false)));
        columns.push(column);
    }
    let schema = Schema::new_with_metadata(fields, schema.metadata().clone());
    Ok(RecordBatch::try_new(Arc::new(schema), columns)?)
}
