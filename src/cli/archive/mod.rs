//! `allonym archive`

mod args;
mod decide;
mod export;
mod open;
mod print;

use anyhow::Result;

pub(crate) use args::Archive;
use args::{Action, Pair};
use open::{read, write};

use super::outcome::Outcome;

pub(crate) fn run(args: &Archive) -> Result<Outcome> {
    match &args.action {
        Action::Search { file, query, limit } => print::search(&read(&file.archive)?, query, *limit),
        Action::Show { file, id, mentions } => print::show(&read(&file.archive)?, id, *mentions),
        Action::Merge { file, first, second, by } => decide::merge(&file.archive, (first, second), by),
        Action::Split { file, id, name, document, by } => decide::split(&file.archive, id, (name, document), by),
        Action::Rename { file, id, name, by } => decide::rename(&file.archive, (id, name), by),
        Action::Never(Pair { file, first, second, by }) => decide::never(&file.archive, (first, second), by),
        Action::Same(Pair { file, first, second, by }) => decide::same(&file.archive, (first, second), by),
        Action::Undo { file, number, by } => decide::undo(&file.archive, *number, by),
        Action::Decisions { file } => print::decisions(&read(&file.archive)?),
        Action::Export(args) => export::run(&read(&args.file.archive)?, args),
        Action::Stats { file } => print::stats(&read(&file.archive)?),
        Action::Check { file } => print::check(&read(&file.archive)?),
        Action::Relink { file, linking, threads, as_of } => {
            let linker = linking.linker(&threads.pool())?;
            print::relinked(&write(&file.archive, as_of.as_ref())?.relink(&linker)?)
        }
    }
}
