//! Which files do paths, folders and patterns stand for?

use std::ffi::OsStr;
use std::fmt::Write;
use std::path::{Path, PathBuf};

use super::format::uncompressed_name;
use super::source::{Location, Origin, Source};
use super::{Error, Notice, ReadOptions};

/// The inputs as owned paths.
pub(crate) fn paths<P: AsRef<Path>>(inputs: impl IntoIterator<Item = P>) -> Vec<PathBuf> {
    inputs.into_iter().map(|input| input.as_ref().to_owned()).collect()
}

/// A file name as text. Bytes that are not UTF-8 are written as `%FF`, so that two names never become one.
fn name_of(name: &OsStr) -> String {
    let mut text = String::new();
    for chunk in name.as_encoded_bytes().utf8_chunks() {
        text.push_str(chunk.valid());
        chunk.invalid().iter().for_each(|byte| write!(text, "%{byte:02X}").expect("a string takes everything"));
    }
    text
}

/// The files that the inputs stand for: files, folders (everything below, in the order of the paths), patterns such as
/// `news/**/*.txt`, and `-` for the standard input.
pub(crate) fn expand(
    inputs: &[PathBuf],
    options: &ReadOptions,
    notices: &mut Vec<Notice>,
) -> Result<Vec<Source>, Error> {
    let mut sources = Vec::new();
    for path in inputs {
        let input = path.display().to_string();
        if input == "-" {
            sources.push(Source::stdin());
        } else if let Ok(metadata) = path.metadata() {
            if metadata.is_dir() {
                sources.extend(many::folder(path, &input, options, notices)?);
            } else {
                let name = path.file_name().map_or_else(|| input.clone(), name_of);
                sources.push(Source {
                    location: Location::File(path.to_owned()),
                    id: uncompressed_name(&name).to_owned(),
                    origin: Origin::Named,
                    bytes: metadata.is_file().then_some(metadata.len()),
                    place: input,
                });
            }
        } else if input.contains(['*', '?', '[', '{']) {
            sources.extend(many::matches(&input, options, notices)?);
        } else {
            return Err(Error::Missing { path: input });
        }
    }
    #[cfg(feature = "files")]
    super::brat::join_pairs(&mut sources);
    Ok(sources)
}

/// Inputs that stand for many files.
#[cfg(feature = "files")]
mod many {
    use std::fs::Metadata;
    use std::io;

    use globset::GlobBuilder;
    use walkdir::WalkDir;

    use super::*;
    use crate::io::article::can_be;
    use crate::io::error::clip;
    use crate::io::format::extension;
    use crate::io::{FilesRead, Format};

    /// Most bytes of a pattern, and most braces inside each other.
    const MOST_PATTERN: usize = 4096;
    const MOST_BRACES: i32 = 16;

    /// The files below a folder.
    pub(super) fn folder(
        path: &Path,
        given: &str,
        options: &ReadOptions,
        notices: &mut Vec<Notice>,
    ) -> Result<Vec<Source>, Error> {
        let found = walk(path, given, notices, |_| true)?;
        Ok(articles(found, given, options, notices))
    }

    /// The files that match a pattern.
    pub(super) fn matches(
        pattern: &str,
        options: &ReadOptions,
        notices: &mut Vec<Notice>,
    ) -> Result<Vec<Source>, Error> {
        let bad =
            |error: globset::Error| Error::Pattern { pattern: pattern.to_owned(), found: error.kind().to_string() };
        let clean = pattern.strip_prefix("./").unwrap_or(pattern);
        // The library calls itself for braces inside of braces.
        let depth = clean.bytes().scan(0_i32, |depth, byte| {
            *depth += i32::from(byte == b'{') - i32::from(byte == b'}');
            Some(*depth)
        });
        if clean.len() > MOST_PATTERN || depth.max().unwrap_or_default() > MOST_BRACES {
            let found = format!(
                "{} bytes; at most {MOST_PATTERN}, and {MOST_BRACES} braces inside each other, are read",
                clean.len()
            );
            return Err(Error::Pattern { pattern: clip(pattern), found });
        }
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
        if found.is_empty() {
            return Err(no_match());
        }
        // A pattern such as `news/*.xml` names what it means.
        let last = clean.rsplit('/').next().unwrap_or(clean);
        let names_extension = last.rsplit_once('.').is_some_and(|(_, end)| !end.contains(['*', '?', '[', '{']));
        Ok(if names_extension { found } else { articles(found, pattern, options, notices) })
    }

    /// The sources without those that cannot be articles, which a notice lists.
    fn articles(found: Vec<Source>, given: &str, options: &ReadOptions, notices: &mut Vec<Notice>) -> Vec<Source> {
        const LISTED: usize = 8;
        if options.files == FilesRead::All {
            return found;
        }
        let is_article = |source: &Source| {
            let wants_csv = options.format == Some(Format::Csv) && extension(&source.id).as_deref() == Some("csv");
            wants_csv || source.location.path().is_none_or(|path| can_be(path, &options.text_field))
        };
        let (found, others): (Vec<_>, Vec<_>) = found.into_iter().partition(is_article);
        if !others.is_empty() {
            let files = others.iter().take(LISTED).map(|source| source.id.clone()).collect();
            notices.push(Notice::NotArticles { path: given.to_owned(), files, count: others.len() as u64 });
        }
        found
    }

    /// What the walk cannot enter, and why.
    fn unread(error: &walkdir::Error, given: &str) -> (String, String) {
        let path = error.path().map_or_else(|| given.to_owned(), |path| path.display().to_string());
        let reason = match (error.loop_ancestor(), error.io_error()) {
            (Some(ancestor), _) => format!("a link that leads back to {}", ancestor.display()),
            (None, Some(error)) => error.to_string(),
            (None, None) => error.to_string(),
        };
        (path, reason)
    }

    /// The files below a folder for which `wanted` holds, in the order of their paths. Hidden ones are skipped and counted.
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
            let entry = match entry {
                Ok(entry) => entry,
                Err(error) => {
                    let (path, reason) = unread(&error, given);
                    if error.depth() == 0 {
                        return Err(Error::read(&path, io::Error::other(reason)));
                    }
                    found.push(Source::unread(path, &reason));
                    continue;
                }
            };
            if entry.depth() > 0 && entry.file_name().as_encoded_bytes().starts_with(b".") {
                hidden += 1;
                if entry.file_type().is_dir() {
                    entries.skip_current_dir();
                }
                continue;
            }
            if !entry.file_type().is_file() {
                // Pipes, sockets and devices, which may never end.
                if !entry.file_type().is_dir() && wanted(entry.path()) {
                    notices.push(Notice::NoFile { path: entry.path().display().to_string() });
                }
                continue;
            }
            if !wanted(entry.path()) {
                continue;
            }
            let below = entry.path().strip_prefix(base).unwrap_or(entry.path());
            let below = name_of(below.as_os_str()).replace('\\', "/");
            found.push(Source {
                place: entry.path().strip_prefix("./").unwrap_or(entry.path()).display().to_string(),
                id: uncompressed_name(&below).to_owned(),
                origin: Origin::Found,
                bytes: entry.metadata().ok().as_ref().map(Metadata::len),
                location: Location::File(entry.into_path()),
            });
        }
        if hidden > 0 {
            notices.push(Notice::Hidden { path: given.to_owned(), count: hidden });
        }
        Ok(found)
    }
}

/// Inputs that would stand for many files, in a build without them.
#[cfg(not(feature = "files"))]
mod many {
    use super::*;
    use crate::io::error::FeatureOff;

    pub(super) fn folder(
        _path: &Path,
        given: &str,
        _options: &ReadOptions,
        _notices: &mut Vec<Notice>,
    ) -> Result<Vec<Source>, Error> {
        Err(FeatureOff { what: "reading a folder", feature: "files" }.at(given))
    }

    pub(super) fn matches(
        pattern: &str,
        _options: &ReadOptions,
        _notices: &mut Vec<Notice>,
    ) -> Result<Vec<Source>, Error> {
        Err(FeatureOff { what: "a pattern", feature: "files" }.at(pattern))
    }
}
