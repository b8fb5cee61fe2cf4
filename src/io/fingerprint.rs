//! Tells whether inputs are the same as before.

use std::fs::File;
use std::io;
use std::path::Path;

use sha2::{Digest, Sha256};

use super::brat::annotations_of;
use super::expand::{expand, paths};
use super::hex;
use super::source::Location;
use super::{Error, Notice, ReadOptions};

/// The SHA-256 of an input in hexadecimal digits: of one file, of its bytes on the disk (what `sha256sum` prints); of several
/// files (a folder, a pattern, a brat text with its annotations), of a list of their names and hashes, one on each line.
///
/// # Errors
/// When the input does not exist or cannot be read; [`Error::Missing`] for the standard input, which cannot be read twice.
pub(crate) fn fingerprint(input: &str) -> Result<String, Error> {
    let mut files = Vec::new();
    for source in expand(&paths([input]), &ReadOptions::default(), &mut Vec::<Notice>::new())? {
        let Location::File(path) = source.location else { return Err(Error::Missing { path: input.to_owned() }) };
        let partner = annotations_of(&path);
        files.push((source.place, path));
        files.extend(partner.map(|path| (path.display().to_string(), path)));
    }
    if let [(_, path)] = &files[..] {
        return hash_of(path);
    }
    let mut list = Sha256::new();
    for (place, path) in &files {
        list.update(format!("{}  {}\n", hash_of(path)?, place.strip_prefix(input).unwrap_or(place)));
    }
    Ok(hex(list.finalize()))
}

/// The SHA-256 of bytes in memory, in hexadecimal digits.
pub(crate) fn fingerprint_of_bytes(bytes: &[u8]) -> String {
    hex(Sha256::digest(bytes))
}

fn hash_of(path: &Path) -> Result<String, Error> {
    let fail = |error| Error::read(&path.display().to_string(), error);
    let mut hash = Sha256::new();
    io::copy(&mut File::open(path).map_err(fail)?, &mut hash).map_err(fail)?;
    Ok(hex(hash.finalize()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_has_its_own_hash_and_a_folder_that_of_its_files() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.jsonl");
        std::fs::write(&path, "abc").expect("a file is written");
        // The test vector of FIPS 180-2.
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(fingerprint(&path.display().to_string()).expect("it is read"), abc);
        assert_eq!(fingerprint_of_bytes(b"abc"), abc);
        std::fs::write(folder.path().join("b.txt"), "text").expect("a file is written");
        std::fs::write(folder.path().join("b.ann"), "T1").expect("a file is written");
        let whole = fingerprint(&folder.path().display().to_string()).expect("it is read");
        std::fs::write(folder.path().join("b.ann"), "T2").expect("a file is written");
        let changed = fingerprint(&folder.path().display().to_string()).expect("it is read");
        assert_ne!(whole, changed);
    }
}
