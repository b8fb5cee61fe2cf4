//! Which files does the user mean?

use std::collections::HashSet;
use std::fs::Metadata;
use std::path::{Path, PathBuf};

use globset::GlobBuilder;
use walkdir::WalkDir;

use super::format::uncompressed_name;
use super::inputs::Spool;
use super::{Error, Notice};

/// One input.
#[derive(Clone, Debug)]
pub(crate) struct Source {
    /// Where it is.
    pub(crate) location: Location,
    /// What errors call it.
    pub(crate) place: String,
    /// The path below the folder that was given, or the file name; without `.gz` and `.zst`.
    pub(crate) id: String,
    /// Who asked for it.
    pub(crate) chosen: Chosen,
    /// Its size, where that is known.
    pub(crate) bytes: Option<u64>,
}

/// Where an input is.
#[derive(Clone, Debug)]
pub(crate) enum Location {
    Stdin,
    File(PathBuf),
    /// What came only once and was kept.
    Spool(Spool),
}

/// How an input came to be one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Chosen {
    /// The user named it.
    Named,
    /// It was found in a folder or by a pattern.
    Found,
}

/// The files that the inputs stand for: files, folders (everything below, in the order of the paths), patterns such as
/// `news/**/*.txt`, and `-` for the standard input.
pub(crate) fn expand(inputs: &[String], notices: &mut Vec<Notice>) -> Result<Vec<Source>, Error> {
    let mut sources = Vec::new();
    for input in inputs {
        let path = Path::new(input);
        if input == "-" {
            sources.push(Source {
                location: Location::Stdin,
                place: "<stdin>".to_owned(),
                id: "stdin".to_owned(),
                chosen: Chosen::Named,
                bytes: None,
            });
        } else if let Ok(metadata) = path.metadata() {
            if metadata.is_dir() {
                sources.extend(walk(path, input, notices, |_| true)?);
            } else {
                let name = path.file_name().map_or_else(|| input.into(), |name| name.to_string_lossy());
                sources.push(Source {
                    location: Location::File(path.to_owned()),
                    place: input.clone(),
                    id: uncompressed_name(&name).to_owned(),
                    chosen: Chosen::Named,
                    bytes: metadata.is_file().then_some(metadata.len()),
                });
            }
        } else if input.contains(['*', '?', '[', '{']) {
            sources.extend(matches(input, notices)?);
        } else {
            return Err(Error::Missing { path: input.clone() });
        }
    }
    Ok(join_brat_pairs(sources))
}

/// The files that match a pattern.
fn matches(pattern: &str, notices: &mut Vec<Notice>) -> Result<Vec<Source>, Error> {
    let bad = |error: globset::Error| Error::Pattern { pattern: pattern.to_owned(), found: error.kind().to_string() };
    let clean = pattern.strip_prefix("./").unwrap_or(pattern);
    let matcher = GlobBuilder::new(clean).literal_separator(true).build().map_err(bad)?.compile_matcher();
    // The walk begins in the deepest folder that the pattern spells out.
    let literal = &clean[..clean.find(['*', '?', '[', '{']).unwrap_or(clean.len())];
    let base = literal.rfind('/').map_or(".", |end| if end == 0 { "/" } else { &literal[..end] });
    let no_match = || Error::NoMatch { pattern: pattern.to_owned() };
    if !Path::new(base).is_dir() {
        return Err(no_match());
    }
    let found =
        walk(Path::new(base), pattern, notices, |path| matcher.is_match(path.strip_prefix(".").unwrap_or(path)))?;
    if found.is_empty() { Err(no_match()) } else { Ok(found) }
}

/// The files below a folder for which `wanted` holds, in the order of their paths; hidden ones are passed over and counted.
fn walk(
    base: &Path,
    given: &str,
    notices: &mut Vec<Notice>,
    wanted: impl Fn(&Path) -> bool,
) -> Result<Vec<Source>, Error> {
    let mut hidden = 0;
    let mut found = Vec::new();
    let mut entries = WalkDir::new(base).follow_links(true).sort_by_file_name().into_iter();
    while let Some(entry) = entries.next() {
        let entry = entry.map_err(|error| {
            let path = error.path().map_or_else(|| given.to_owned(), |path| path.display().to_string());
            Error::read(&path, error.into())
        })?;
        if entry.depth() > 0 && entry.file_name().as_encoded_bytes().starts_with(b".") {
            hidden += 1;
            if entry.file_type().is_dir() {
                entries.skip_current_dir();
            }
            continue;
        }
        if !entry.file_type().is_file() || !wanted(entry.path()) {
            continue;
        }
        let below = entry.path().strip_prefix(base).unwrap_or(entry.path()).to_string_lossy().replace('\\', "/");
        found.push(Source {
            place: entry.path().strip_prefix("./").unwrap_or(entry.path()).display().to_string(),
            id: uncompressed_name(&below).to_owned(),
            chosen: Chosen::Found,
            bytes: entry.metadata().ok().as_ref().map(Metadata::len),
            location: Location::File(entry.into_path()),
        });
    }
    if hidden > 0 {
        notices.push(Notice::Hidden { path: given.to_owned(), count: hidden });
    }
    Ok(found)
}

/// Whether a file is one of the sources, by whatever name.
pub(crate) fn include(sources: &[Source], path: &Path) -> bool {
    let Ok(path) = path.canonicalize() else { return false };
    sources.iter().any(|source| match &source.location {
        Location::File(file) => file.canonicalize().is_ok_and(|file| file == path),
        Location::Stdin | Location::Spool(_) => false,
    })
}

/// Leaves out the annotation files whose text files are inputs too: they are read together.
fn join_brat_pairs(mut sources: Vec<Source>) -> Vec<Source> {
    let texts: HashSet<PathBuf> = sources
        .iter()
        .filter_map(|source| match &source.location {
            Location::File(path) => with_suffix(path, ".txt").map(|stem| stem.with_added_extension("txt")),
            Location::Stdin | Location::Spool(_) => None,
        })
        .collect();
    sources.retain(|source| match &source.location {
        Location::File(path) => {
            with_suffix(path, ".ann").is_none_or(|stem| !texts.contains(&stem.with_added_extension("txt")))
        }
        Location::Stdin | Location::Spool(_) => true,
    });
    sources
}

/// The annotations that stand beside a brat text: the `.ann` file of a `.txt` file; `None` where there are none.
pub(crate) fn annotations_of(path: &Path) -> Option<PathBuf> {
    existing(&with_suffix(path, ".txt")?.with_added_extension("ann"))
}

/// The path without `suffix` (and without `.gz` or `.zst` behind it); `None` where it does not end so.
pub(crate) fn with_suffix(path: &Path, suffix: &str) -> Option<PathBuf> {
    let name = path.file_name()?.to_str()?;
    Some(path.with_file_name(uncompressed_name(name).strip_suffix(suffix)?))
}

/// The file of this path, or the same with `.gz` or `.zst` behind it, whichever exists.
pub(crate) fn existing(path: &Path) -> Option<PathBuf> {
    let candidates = [path.to_owned(), path.with_added_extension("gz"), path.with_added_extension("zst")];
    candidates.into_iter().find(|path| path.is_file())
}
