//! What are the systems called in the report?

use std::path::{Component, Path};

use anyhow::{Result, bail};

use super::Eval;
use super::scored::Scored;

/// The names of the systems, in their order: as asked for, or short for what the command line calls them.
pub(super) fn names(args: &Eval, scored: Option<&Scored>) -> Result<Vec<String>> {
    let files = args.predictions.iter().map(|path| Place { path, is_file: !Path::new(path).is_dir() });
    let places: Vec<Place<'_>> =
        files.chain(scored.map(|scored| Place { path: &scored.name, is_file: false })).collect();
    let mut given: Vec<Option<String>> = vec![None; places.len()];
    for text in &args.name {
        let (system, name) = parse(text, &places)?;
        if given.iter().flatten().any(|other| *other == name) {
            bail!("--name: expected another name for each system, found {name} twice");
        }
        if let Some(before) = given[system].replace(name) {
            bail!("--name: expected one name for {}, found {before} and that of {text:?}", places[system].path);
        }
    }
    Ok(filled(&places, &given))
}

/// What the command line calls a system.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Place<'p> {
    path: &'p str,
    /// Whether a last extension is not part of the name.
    is_file: bool,
}

impl Place<'_> {
    /// The last components of the path, so many of them; without the extension or with it.
    fn tail(self, n: usize, extension: Extension) -> String {
        if self.path == "-" {
            return "stdin".to_owned();
        }
        let path = if self.is_file && extension == Extension::Left { stem(self.path) } else { self.path };
        let parts: Vec<_> = Path::new(path)
            .components()
            .filter(|part| !matches!(part, Component::RootDir | Component::Prefix(_) | Component::CurDir))
            .map(|part| part.as_os_str().to_string_lossy())
            .collect();
        match parts.len() {
            0 => self.path.to_owned(),
            all => parts[all - n.min(all)..].join("/"),
        }
    }

    fn n_parts(self) -> usize {
        Path::new(self.path).components().count()
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Extension {
    Left,
    Kept,
}

/// A path without the extension of its format, and of its compression.
fn stem(path: &str) -> &str {
    let path = [".gz", ".zst"].iter().find_map(|end| path.strip_suffix(end)).unwrap_or(path);
    match path.rsplit_once('.') {
        Some((stem, end)) if !stem.is_empty() && !stem.ends_with('/') && !end.contains(['/', '*', '?']) => stem,
        _ => path,
    }
}

/// Splits `SYSTEM=NAME`; a path may have a `=` too.
fn parse(text: &str, places: &[Place<'_>]) -> Result<(usize, String)> {
    let by_letter = |system: &str| match system.as_bytes() {
        [letter @ b'A'..=b'Z'] => Some(usize::from(letter - b'A')).filter(|&at| at < places.len()),
        _ => None,
    };
    for (at, _) in text.match_indices('=') {
        let (system, name) = (&text[..at], text[at + 1..].trim());
        let by_path = || places.iter().position(|place| place.path == system);
        if let Some(found) = by_letter(system).or_else(by_path).filter(|_| !name.is_empty()) {
            return Ok((found, name.to_owned()));
        }
    }
    let known: Vec<String> =
        ('A'..='Z').zip(places).map(|(letter, place)| format!("{letter} or {}", place.path)).collect();
    bail!("--name: expected SYSTEM=NAME with a system of {}, found {text:?}", known.join(", "))
}

/// Gives names to the systems that have none: as much of the path as tells them apart.
fn filled(places: &[Place<'_>], given: &[Option<String>]) -> Vec<String> {
    let short: Vec<String> = places.iter().map(|place| place.tail(1, Extension::Left)).collect();
    let mut names: Vec<String> = Vec::with_capacity(places.len());
    for (at, place) in places.iter().enumerate() {
        if let Some(name) = &given[at] {
            names.push(name.clone());
            continue;
        }
        let rivals: Vec<&Place<'_>> = (0..places.len())
            .filter(|&other| other != at && given[other].is_none() && short[other] == short[at])
            .map(|other| &places[other])
            .collect();
        let lengths = (1..=place.n_parts()).flat_map(|n| [(n, Extension::Left), (n, Extension::Kept)]);
        let mut tails = lengths.map(|(n, extension)| (place.tail(n, extension), n, extension));
        let is_free = |name: &String| !given.iter().flatten().any(|other| other == name) && !names.contains(name);
        let own = tails.find(|(name, n, extension)| {
            is_free(name) && rivals.iter().all(|rival| rival.tail(*n, *extension) != *name)
        });
        // One path may stand for several systems.
        let numbered = || {
            let plain = place.tail(1, Extension::Left);
            let all = std::iter::once(plain.clone()).chain((2_usize..).map(move |nth| format!("{plain} ({nth})")));
            all.into_iter().find(is_free).expect("there is always another number")
        };
        let name = own.map_or_else(numbered, |(name, ..)| name);
        names.push(name);
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places<'p>(paths: &[&'p str]) -> Vec<Place<'p>> {
        paths.iter().map(|path| Place { path, is_file: true }).collect()
    }

    #[test]
    fn names_are_as_short_as_they_can_be() {
        for (paths, want) in [
            (&["runs/spacy.jsonl", "flair.conll.gz"][..], &["spacy", "flair"][..]),
            (&["a/x/pred.jsonl", "a/y/pred.jsonl"], &["x/pred", "y/pred"]),
            (&["a/x/pred.jsonl", "b/x/pred.jsonl", "c.jsonl"], &["a/x/pred", "b/x/pred", "c"]),
            (&["pred.jsonl", "pred.conll"], &["pred.jsonl", "pred.conll"]),
            (&["pred.jsonl", "old/pred.jsonl"], &["pred", "old/pred"]),
            (&["same.jsonl", "same.jsonl", "same.jsonl"], &["same", "same (2)", "same (3)"]),
            (&["-", "v1.2/.hidden", "../up.tsv"], &["stdin", ".hidden", "up"]),
        ] {
            assert_eq!(filled(&places(paths), &vec![None; paths.len()]), want, "{paths:?}");
        }
        let folder = Place { path: "runs/v1.2/", is_file: false };
        assert_eq!(filled(&[folder], &[None]), ["v1.2"]);
        let given = [None, Some("pred".to_owned())];
        assert_eq!(filled(&places(&["a/pred.jsonl", "b.jsonl"]), &given), ["pred.jsonl", "pred"]);
    }

    #[test]
    fn a_system_is_named_by_its_letter_or_its_path() {
        let places = places(&["a=1.jsonl", "b.jsonl"]);
        for (text, want) in [("A=x", Some((0, "x"))), ("a=1.jsonl=x", Some((0, "x"))), ("B=x=y", Some((1, "x=y")))] {
            assert_eq!(parse(text, &places).ok(), want.map(|(at, name)| (at, name.to_owned())), "{text}");
        }
        for wrong in ["C=x", "A", "A=", "=x", "c.jsonl=x", "AB=x"] {
            let error = parse(wrong, &places).expect_err(wrong).to_string();
            assert!(error.contains("A or a=1.jsonl, B or b.jsonl"), "{error}");
        }
    }
}
