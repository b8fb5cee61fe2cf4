//! Which files of a folder can be articles?

use std::io::{BufRead, BufReader};
use std::path::Path;

use super::compress::open_file;
use super::format::{extension, uncompressed_name};

/// Extensions of files that hold settings, programs, styles, mails, data or pictures, not articles.
const OTHERS: [&str; 57] = [
    "conf", "cfg", "ini", "toml", "yml", "yaml", "xml", "xsd", "xsl", "rss", "atom", "eml", "mbox", "msg", "js", "mjs",
    "ts", "css", "scss", "map", "py", "rb", "pl", "r", "sh", "bat", "ps1", "java", "c", "h", "cpp", "rs", "go", "php",
    "sql", "ipynb", "log", "lock", "bak", "tmp", "svg", "rtf", "pdf", "ps", "eps", "tex", "bib", "ics", "vcf", "key",
    "pem", "diff", "patch", "doc", "docx", "xls", "xlsx",
];

/// Files of these names, whatever their extension, speak about the folder.
const ABOUT: [&str; 12] = [
    "_success",
    "_metadata",
    "_common_metadata",
    "readme",
    "license",
    "licence",
    "copying",
    "notice",
    "changelog",
    "makefile",
    "dockerfile",
    "thumbs.db",
];

/// Whether a file that was found in a folder can hold articles: by its name, and for a table by its header, which must have the
/// column of the text.
pub(crate) fn can_be(path: &Path, text_field: &str) -> bool {
    let Some(name) = path.file_name().map(|name| name.to_string_lossy().into_owned()) else { return true };
    let stem = uncompressed_name(&name).split('.').next().unwrap_or_default().to_ascii_lowercase();
    let suffix = extension(&name);
    let is_about = ABOUT.iter().any(|about| stem == *about) && !matches!(suffix.as_deref(), Some("jsonl" | "conll"));
    match suffix.as_deref() {
        _ if is_about => false,
        Some("csv") => has_column(path, text_field),
        Some(suffix) => !OTHERS.contains(&suffix),
        None => true,
    }
}

/// Whether the first line of a table has a column of this name.
fn has_column(path: &Path, wanted: &str) -> bool {
    let Ok(file) = open_file(path) else { return false };
    let mut first = Vec::new();
    let read = BufReader::new(std::io::Read::take(file, 1 << 16)).read_until(b'\n', &mut first);
    let header = String::from_utf8_lossy(&first);
    let mut cells = header.trim_start_matches('\u{feff}').split([',', ';', '\t']);
    read.is_ok() && cells.any(|cell| cell.trim().trim_matches('"') == wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_what_is_no_article() {
        for name in ["a.txt", "b", "c.md", "18828", "d.jsonl.gz", "e.html", "reader.txt", "f.iob2", "g.tsv"] {
            assert!(can_be(Path::new(name), "text"), "{name}");
        }
        for name in [
            "annotation.conf",
            "README",
            "README.md",
            "readme.txt",
            "LICENSE",
            "x/app.js",
            "a.eml",
            "a.xml.gz",
            "none.csv",
        ] {
            assert!(!can_be(Path::new(name), "text"), "{name}");
        }
    }
}
