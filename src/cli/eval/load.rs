//! Reads the files to score.

use std::fs::File;
use std::io::{Cursor, Read, stdin};
use std::path::Path;

use anyhow::{Context, Result, anyhow, bail};

use super::args::Eval;
use crate::cli::terminal::chain;
use crate::eval::Input;
use crate::eval::report::{InputRole, InputStamp, SchemeStamp};
use crate::io::{
    Documents, Error, Format, MentionTable, Notice, ReadOptions, RowsKept, fingerprint, fingerprint_of_bytes,
};
use crate::label::Repair;
use crate::text::Document;

/// What was read from an input.
#[derive(Clone, Default)]
pub(crate) struct Loaded {
    pub(crate) input: Input,
    pub(crate) table: Option<MentionTable>,
    pub(crate) schemes: Vec<SchemeStamp>,
    pub(crate) sha256: String,
    pub(crate) notices: Vec<String>,
    pub(crate) errors: Vec<String>,
}

impl Loaded {
    /// How many tags break the scheme of their file.
    pub(crate) fn repairs(&self) -> u64 {
        self.schemes.iter().map(|scheme| scheme.repairs).sum()
    }
}

/// An input that can be read more than once.
pub(crate) struct Place {
    pub(crate) path: String,
    pub(crate) role: InputRole,
    /// What can be read only once: the standard input, a pipe.
    bytes: Option<Vec<u8>>,
    words: Words,
    options: ReadOptions,
}

/// Whose tokens are needed?
#[derive(Clone, Copy, PartialEq, Eq)]
enum Words {
    OfGold,
    OfAll,
}

impl Place {
    pub(crate) fn new(path: &str, role: InputRole, args: &Eval) -> Result<Self> {
        let bytes = read_once(path)?;
        let columns = if role == InputRole::Gold { args.gold_columns.as_ref() } else { None };
        let options = ReadOptions::default()
            .format(args.from)
            .text_field(&args.text_field)
            .id_field(&args.id_field)
            .columns(columns.or(args.columns.as_ref()).cloned())
            .scheme(args.scheme)
            .repair(args.repair.into())
            .max_document(args.max_document)
            .encoding(args.encoding.clone().unwrap_or_default())
            .rows(RowsKept::None);
        let words = if args.by_token { Words::OfAll } else { Words::OfGold };
        Ok(Self { path: path.to_owned(), role, bytes, words, options })
    }

    /// The input's part of the report's stamp.
    pub(crate) fn stamp(&self, loaded: &Loaded) -> InputStamp {
        let (sha256, schemes) = (loaded.sha256.clone(), loaded.schemes.clone());
        InputStamp { role: self.role, path: self.path.clone(), sha256, schemes }
    }

    /// Reads it, and computes its hash.
    pub(crate) fn load(&self) -> Result<Loaded> {
        let mut loaded = self.load_with(self.options.repair)?;
        loaded.sha256 = match &self.bytes {
            Some(bytes) => fingerprint_of_bytes(bytes),
            None => fingerprint(&self.path)?,
        };
        Ok(loaded)
    }

    /// The error for an input that cannot hold mentions.
    fn without_mentions(&self) -> anyhow::Error {
        let Self { path, role, .. } = self;
        match role {
            InputRole::System => anyhow!(
                "{path}: expected predictions, that is, documents with mentions, found plain text: `allonym tag {path} -o \
                 predictions.jsonl` makes predictions, and --model news-en-small scores that model on the gold's texts"
            ),
            _ => anyhow!(
                "{path}: expected documents with mentions, found plain text, which has none: JSONL, CoNLL, brat and the JSON of \
                 annotation tools have some"
            ),
        }
    }

    /// Its bytes, where it is one file.
    fn stream(&self) -> std::io::Result<Box<dyn Read + Send>> {
        Ok(match &self.bytes {
            Some(bytes) => Box::new(Cursor::new(bytes.clone())),
            None => Box::new(File::open(&self.path)?),
        })
    }

    /// Reads it with a repair.
    pub(crate) fn load_with(&self, repair: Repair) -> Result<Loaded> {
        let mut loaded = Loaded { input: Input::new(&self.path, Vec::new()), ..Loaded::default() };
        let is_table = match self.options.format {
            Some(format) if format != Format::Csv => format == Format::Tsv,
            _ => self.stream().is_ok_and(|stream| MentionTable::is_one_in(stream, &self.options)),
        };
        if is_table {
            let stream = self.stream().with_context(|| format!("{}: cannot be read", self.path))?;
            let (table, errors, notice) = MentionTable::read(stream, &self.path, &self.options)?;
            loaded.errors = errors.iter().map(|error| chain(error)).collect();
            loaded.notices = notice.iter().map(ToString::to_string).collect();
            loaded.table = Some(table);
            return Ok(loaded);
        }
        let options = self.options.clone().repair(repair);
        let mut documents = match &self.bytes {
            Some(bytes) if self.path == "-" => Documents::read(Cursor::new(bytes.clone()), "stdin", &options),
            Some(bytes) => Documents::read(Cursor::new(bytes.clone()), &self.path, &options),
            None => Documents::open(std::slice::from_ref(&self.path), &options)?,
        };
        for document in documents.by_ref() {
            match document {
                Ok(mut document) => {
                    // Only the gold's tokens count, unless tokens are paired by position.
                    if self.role == InputRole::System && self.words == Words::OfGold {
                        document.layout = None;
                    }
                    loaded.input.documents.push(document);
                }
                Err(error) => loaded.errors.push(chain(&error)),
            }
        }
        let is_plain = |format: &Format| matches!(format, Format::Text | Format::Html);
        if !documents.formats().is_empty() && documents.formats().iter().all(is_plain) {
            return Err(self.without_mentions());
        }
        for notice in documents.take_notices() {
            match notice {
                Notice::Scheme { path, detection, repairs, .. } => {
                    loaded.schemes.push(SchemeStamp { path, scheme: detection.to_string(), repairs });
                }
                // Nothing would be scored.
                Notice::NoTags { .. } => loaded.errors.push(notice.to_string()),
                other => loaded.notices.push(other.to_string()),
            }
        }
        Ok(loaded)
    }
}

/// The content of an input that can be read only once; `None` for files and folders.
fn read_once(path: &str) -> Result<Option<Vec<u8>>> {
    let mut all = Vec::new();
    if path == "-" {
        stdin().read_to_end(&mut all).context("cannot read the standard input")?;
    } else {
        match Path::new(path).metadata() {
            Ok(found) if !found.is_file() && !found.is_dir() => {
                let pipe = File::open(path).and_then(|mut pipe| pipe.read_to_end(&mut all));
                pipe.with_context(|| format!("{path}: cannot be read"))?;
            }
            _ => return Ok(None),
        }
    }
    Ok(Some(all))
}

/// Turns tables into documents, with the texts of the other side.
pub(crate) fn fill_tables(gold: &mut Loaded, systems: &mut [Loaded], args: &Eval) -> Result<()> {
    if let Some(table) = gold.table.take() {
        let texts = systems.iter().find(|system| system.table.is_none());
        let Some(texts) = texts else {
            bail!("expected documents with texts on one side, found only tables of mentions")
        };
        let (documents, errors) = table.documents(&texts.input.documents, args.offsets);
        fill(gold, documents, &errors);
    }
    for system in systems {
        if let Some(table) = system.table.take() {
            let (documents, errors) = table.documents(&gold.input.documents, args.offsets);
            fill(system, documents, &errors);
        }
    }
    Ok(())
}

fn fill(loaded: &mut Loaded, documents: Vec<Document>, errors: &[Error]) {
    loaded.input.documents = documents;
    loaded.errors.extend(errors.iter().map(|error| chain(error)));
}
