//! Decisions of people.

use std::path::Path;

use anyhow::Result;

use super::args::By;
use super::open::write;
use crate::archive::{Author, Decision, Part};
use crate::cli::outcome::Outcome;
use crate::cli::terminal::say;

impl By {
    fn author(&self) -> Author {
        let user =
            || std::env::var("USER").or_else(|_| std::env::var("USERNAME")).unwrap_or_else(|_| "unknown".to_owned());
        Author { who: self.who.clone().unwrap_or_else(user), why: self.why.clone() }
    }
}

pub(super) fn merge(path: &Path, (first, second): (&str, &str), by: &By) -> Result<Outcome> {
    let (from, into) = write(path, by.as_of.as_ref())?.merge(first, second, &by.author())?;
    say(&format!("note: {from} redirects to {into}"));
    Ok(Outcome::Done)
}

pub(super) fn split(path: &Path, id: &str, (names, documents): (&[String], &[String]), by: &By) -> Result<Outcome> {
    let part = match (names, documents) {
        ([], []) => Part::Merged,
        (names, []) => Part::Names(names.to_vec()),
        (_, documents) => Part::Documents(documents.to_vec()),
    };
    let new = write(path, by.as_of.as_ref())?.split(id, &part, &by.author())?;
    say(&format!("note: the part of {id} is {new}"));
    Ok(Outcome::Done)
}

pub(super) fn rename(path: &Path, (id, name): (&str, &str), by: &By) -> Result<Outcome> {
    let before = write(path, by.as_of.as_ref())?.rename(id, name, &by.author())?;
    say(&format!("note: {id} was {before:?} and is {name:?}"));
    Ok(Outcome::Done)
}

pub(super) fn never(path: &Path, (first, second): (&str, &str), by: &By) -> Result<Outcome> {
    write(path, by.as_of.as_ref())?.never(first, second, &by.author())?;
    Ok(Outcome::Done)
}

pub(super) fn same(path: &Path, (first, second): (&str, &str), by: &By) -> Result<Outcome> {
    match write(path, by.as_of.as_ref())?.same(first, second, &by.author())? {
        Some((from, into)) => say(&format!("note: {from} redirects to {into}")),
        None => say(
            "note: it holds for what is linked from now on, and when the archive is linked again (allonym archive relink)",
        ),
    }
    Ok(Outcome::Done)
}

pub(super) fn undo(path: &Path, number: Option<i64>, by: &By) -> Result<Outcome> {
    let Decision { number, what, first, second, .. } = write(path, by.as_of.as_ref())?.undo(number, &by.author())?;
    say(&format!("note: decision {number} is undone: {what} {first:?} {second:?}"));
    Ok(Outcome::Done)
}
