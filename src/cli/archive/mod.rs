//! `allonym archive`

mod args;
mod decide;
mod export;
mod print;

use std::path::Path;

use anyhow::Result;

pub(crate) use args::Archive;
use args::{Action, File, Pair};

use super::outcome::Outcome;
use crate::archive::{Access, ArchiveOptions};

pub(crate) fn run(args: &Archive) -> Result<Outcome> {
    match &args.action {
        Action::Search { file, query, limit } => print::search(&read(file)?, query, *limit),
        Action::Show { file, id, mentions } => print::show(&read(file)?, id, *mentions),
        Action::Merge { file, first, second, by } => decide::merge(&file.archive, (first, second), by),
        Action::Split { file, id, name, document, by } => decide::split(&file.archive, id, (name, document), by),
        Action::Rename { file, id, name, by } => decide::rename(&file.archive, (id, name), by),
        Action::Never(Pair { file, first, second, by }) => decide::never(&file.archive, (first, second), by),
        Action::Same(Pair { file, first, second, by }) => decide::same(&file.archive, (first, second), by),
        Action::Undo { file, number, by } => decide::undo(&file.archive, *number, by),
        Action::Decisions { file } => print::decisions(&read(file)?),
        Action::Export(args) => export::run(&read(&args.file)?, args),
        Action::Stats { file } => print::stats(&read(file)?),
        Action::Check { file } => print::check(&read(file)?),
        Action::Relink { file, linking, threads, as_of } => {
            let linker = linking.linker(&threads.pool())?;
            print::relinked(&write(&file.archive, as_of.as_ref())?.relink(&linker)?)
        }
    }
}

fn read(file: &File) -> Result<crate::archive::Archive> {
    Ok(crate::archive::Archive::open(&file.archive, ArchiveOptions::default().access(Access::Read))?)
}

fn write(path: &Path, as_of: Option<&String>) -> Result<crate::archive::Archive> {
    let options = ArchiveOptions::default().access(Access::Write).as_of(as_of.cloned());
    Ok(crate::archive::Archive::open(path, options)?)
}
