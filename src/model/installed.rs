//! Models that are not built in but found by name: folders in one folder for models.

use std::path::{Component, Path, PathBuf};

/// Names the folder that holds models.
const VARIABLE: &str = "ALLONYM_MODELS";

/// How many folders above the program may hold a folder `models`: in a clone, `target/TRIPLE/release`.
const ABOVE: usize = 4;

/// The folders that are searched for models by name, the first one first.
pub(super) fn places() -> Vec<PathBuf> {
    if let Some(place) = std::env::var_os(VARIABLE).filter(|place| !place.is_empty()) {
        return vec![PathBuf::from(place)];
    }
    std::env::current_exe().map(|program| beside(&program)).unwrap_or_default()
}

/// The folders `models` in the folder of a program and in those above it.
fn beside(program: &Path) -> Vec<PathBuf> {
    program.ancestors().skip(1).take(ABOVE).map(|folder| folder.join("models")).filter(|place| place.is_dir()).collect()
}

/// The first folder of this name with a model.
pub(super) fn find(name: &str, places: &[PathBuf]) -> Option<PathBuf> {
    let mut parts = Path::new(name).components();
    let is_plain = matches!((parts.next(), parts.next()), (Some(Component::Normal(_)), None));
    places.iter().filter(|_| is_plain).map(|place| place.join(name)).find(|folder| is_model(folder))
}

/// The names of the models in these folders, in alphabetical order.
pub(super) fn names(places: &[PathBuf]) -> Vec<String> {
    let entries = places.iter().filter_map(|place| place.read_dir().ok()).flatten().flatten();
    let models = entries.filter(|entry| is_model(&entry.path()));
    let mut names: Vec<String> = models.filter_map(|entry| entry.file_name().into_string().ok()).collect();
    names.sort();
    names.dedup();
    names
}

/// What to say of a name that is in none of the folders.
pub(super) fn expected(places: &[PathBuf]) -> String {
    match places {
        [] => format!("the name of a model in the folder that {VARIABLE} names (it is not set)"),
        places => {
            let places: Vec<String> = places.iter().map(|place| place.display().to_string()).collect();
            format!("the name of a model in {} ({VARIABLE} names another folder)", places.join(" or "))
        }
    }
}

fn is_model(folder: &Path) -> bool {
    folder.join("config.json").is_file()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    /// A folder with the models `one` and `two`, and a folder `notes` that is no model.
    fn place() -> tempfile::TempDir {
        let place = tempfile::tempdir().expect("a folder can be made");
        for name in ["two", "one", "notes"] {
            fs::create_dir(place.path().join(name)).expect("a folder can be made");
        }
        for name in ["two", "one"] {
            fs::write(place.path().join(name).join("config.json"), "{}").expect("a file can be written");
        }
        place
    }

    #[test]
    fn a_model_is_found_by_its_name_and_nothing_else_is() {
        let place = place();
        let places = [place.path().join("absent"), place.path().to_owned()];
        assert_eq!(find("one", &places), Some(place.path().join("one")));
        for name in ["notes", "three", "", ".", "..", "../one", "one/..", "/one"] {
            assert_eq!(find(name, &places), None, "{name:?}");
        }
        assert_eq!(names(&places), ["one", "two"]);
    }

    #[test]
    fn models_stand_beside_the_program_or_above_it() {
        let clone = tempfile::tempdir().expect("a folder can be made");
        let models = clone.path().join("models");
        fs::create_dir(&models).expect("a folder can be made");
        assert_eq!(
            beside(&clone.path().join("target/x86_64-unknown-linux-gnu/release/allonym")).first(),
            Some(&models)
        );
        assert_eq!(beside(&clone.path().join("allonym")).first(), Some(&models));
    }

    #[test]
    fn the_folders_that_were_searched_are_named() {
        assert_eq!(expected(&[]), "the name of a model in the folder that ALLONYM_MODELS names (it is not set)");
        let one = expected(&[PathBuf::from("a/models")]);
        assert_eq!(one, "the name of a model in a/models (ALLONYM_MODELS names another folder)");
    }
}
