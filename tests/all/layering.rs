//! Imports flow one way: between modules as the table says, and between files without a circle.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use syn::visit::Visit;

/// Which module may import which others inside `src/`.
const ALLOWED: &[(&str, &[&str])] = &[
    ("pool", &[]),
    // The words of a language: below all that reads texts, tagging and linking alike.
    ("lexicon", &[]),
    ("text", &["lexicon"]),
    ("label", &["text"]),
    // What all HTML pages share.
    ("page", &["text"]),
    ("io", &["text", "label", "page"]),
    ("encode", &["text"]),
    ("model", &["pool", "encode"]),
    ("decode", &["text", "label"]),
    ("eval", &["pool", "text", "label", "page"]),
    // What is known of names in news: between decoding and the pipeline, which need not link.
    ("refine", &["text", "label", "decode", "lexicon"]),
    ("link", &["pool", "text", "io", "lexicon"]),
    ("archive", &["text", "link", "io"]),
    ("redact", &["text", "io", "lexicon", "link"]),
    ("top", &["text", "link"]),
    ("pipeline", &["pool", "text", "label", "encode", "model", "decode", "refine", "link"]),
    ("server", &["pool", "text", "io", "eval", "link", "refine", "pipeline", "page"]),
    ("desk", &["pool", "text", "io", "eval", "link", "pipeline", "page"]),
    ("review", &["text", "io", "eval", "page", "desk", "server"]),
    ("train", &["pool", "text", "label", "io", "encode", "model", "decode", "eval", "pipeline"]),
    (
        "cli",
        &[
            "pool", "text", "label", "io", "model", "eval", "link", "archive", "redact", "refine", "pipeline", "page",
            "server", "review", "top", "train",
        ],
    ),
];

#[test]
fn modules_import_as_the_table_says() {
    let source = Source::read();
    let allowed: BTreeMap<&str, &[&str]> = ALLOWED.iter().copied().collect();
    let mut used = BTreeSet::new();
    let mut wrong = BTreeSet::new();
    for (file, imports) in &source.imports {
        let Some(module) = file.first() else { continue };
        let allowed =
            allowed.get(module.as_str()).unwrap_or_else(|| panic!("{module} is not in the table of {}", file!()));
        for imported in imports.iter().filter_map(|path| path.first()).filter(|imported| *imported != module) {
            used.insert((module.as_str(), imported.as_str()));
            if !allowed.contains(&imported.as_str()) {
                wrong.insert(format!("{} imports {imported}", file.join("::")));
            }
        }
    }
    let permits = ALLOWED.iter().flat_map(|(module, others)| others.iter().map(move |other| (*module, *other)));
    let unused: Vec<_> = permits.filter(|permit| !used.contains(permit)).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(unused.is_empty(), "permits that nobody uses: {unused:?}");
}

#[test]
fn no_file_imports_itself_through_others() {
    let source = Source::read();
    assert!(source.imports.values().map(BTreeSet::len).sum::<usize>() > 500, "the test sees the imports");
    let circles = circles(&source.imports);
    let shown: Vec<String> =
        circles.iter().map(|circle| circle.iter().map(|file| file.join("::")).collect::<Vec<_>>().join(", ")).collect();
    assert!(circles.is_empty(), "circles of imports: {shown:#?}");
}

/// Only the command line prints.
#[test]
fn only_the_command_line_prints() {
    let src = src();
    for path in files(&src).into_iter().filter(|path| !path.starts_with(src.join("cli"))) {
        let text = std::fs::read_to_string(&path).expect("a source file can be read");
        let code = text.lines().take_while(|line| *line != "#[cfg(test)]" || !text.contains("mod tests"));
        let code: Vec<&str> = code.filter(|line| !line.trim_start().starts_with("//")).collect();
        for word in ["println!", "eprintln!", "print!(", "stdout()", "stderr()", "dbg!"] {
            assert!(!code.iter().any(|line| line.contains(word)), "{} has {word}", path.display());
        }
    }
}

/// A module, by the names on the way to it; the crate's root has none.
type Module = Vec<String>;

/// The modules that have a file, and what each imports: files, not items.
struct Source {
    imports: BTreeMap<Module, BTreeSet<Module>>,
}

impl Source {
    fn read() -> Self {
        let src = src();
        let mut read = BTreeMap::new();
        for path in files(&src) {
            let mut module: Module = path
                .strip_prefix(&src)
                .expect("it is below src")
                .with_extension("")
                .iter()
                .map(|part| part.to_string_lossy().into_owned())
                .collect();
            if module == ["main"] {
                continue;
            }
            if module.last().is_some_and(|name| name == "mod" || name == "lib") {
                module.pop();
            }
            let text = std::fs::read_to_string(&path).expect("a source file can be read");
            let file = syn::parse_file(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            let mut seen = Seen::default();
            seen.visit_file(&file);
            read.insert(module, seen);
        }
        let mut imports = BTreeMap::new();
        for (module, seen) in &read {
            let mut found = BTreeSet::new();
            for path in &seen.paths {
                // What a mod.rs gives out again of its own files is structure, not an import.
                if seen.is_index && !matches!(path[0].as_str(), "crate" | "super") {
                    continue;
                }
                found.extend(target(&read, module, path).filter(|target| target != module));
            }
            // The root only names modules and gives their items out again.
            if !module.is_empty() {
                found.remove(&Vec::new());
                imports.insert(module.clone(), found);
            }
        }
        Self { imports }
    }
}

/// The file whose module a path means, seen from `module`; `None` where it leads out of the crate.
fn target(read: &BTreeMap<Module, Seen>, module: &Module, path: &[String]) -> Option<Module> {
    let mut base = module.clone();
    let mut rest = path;
    match path[0].as_str() {
        "crate" => {
            base.clear();
            rest = &rest[1..];
        }
        "self" => rest = &rest[1..],
        "super" => {
            while rest.first().is_some_and(|name| name == "super") {
                base.pop();
                rest = &rest[1..];
            }
        }
        first => {
            let mut child = module.clone();
            child.push(first.to_owned());
            read.get(&child)?;
        }
    }
    Some(resolve(read, base, rest))
}

/// Follows names down from a module, through what is given out again under another module's name.
fn resolve(read: &BTreeMap<Module, Seen>, mut module: Module, names: &[String]) -> Module {
    let Some((first, rest)) = names.split_first() else { return module };
    let mut child = module.clone();
    child.push(first.clone());
    if read.contains_key(&child) {
        return resolve(read, child, rest);
    }
    let given = read.get(&module).and_then(|seen| seen.given.get(first));
    if let Some(path) = given.filter(|path| path.len() > 1) {
        let (name, way) = path.split_last().expect("it has several names");
        let start = match way.first().map(String::as_str) {
            Some("crate" | "super") => return module,
            Some("self") => &way[1..],
            _ => way,
        };
        let to = resolve(read, module.clone(), start);
        if to != module {
            module = to;
            return resolve(read, module, std::slice::from_ref(name));
        }
    }
    module
}

/// The paths of a file outside its unit tests.
#[derive(Default)]
struct Seen {
    paths: Vec<Vec<String>>,
    /// What `pub use` gives out again, by name.
    given: BTreeMap<String, Vec<String>>,
    /// Whether the file has nothing but `mod` and `use`.
    is_index: bool,
}

impl<'a> Visit<'a> for Seen {
    fn visit_file(&mut self, file: &'a syn::File) {
        self.is_index = file.items.iter().all(|item| matches!(item, syn::Item::Mod(_) | syn::Item::Use(_)));
        syn::visit::visit_file(self, file);
    }

    fn visit_item_mod(&mut self, item: &'a syn::ItemMod) {
        if !item.attrs.iter().any(is_test) {
            syn::visit::visit_item_mod(self, item);
        }
    }

    fn visit_item_use(&mut self, item: &'a syn::ItemUse) {
        if item.attrs.iter().any(is_test) {
            return;
        }
        let mut paths = Vec::new();
        flatten(&item.tree, &mut Vec::new(), &mut paths);
        for path in paths {
            if !matches!(item.vis, syn::Visibility::Inherited) {
                self.given.insert(path.last().expect("a path has names").clone(), path.clone());
            }
            self.paths.push(path);
        }
    }

    /// `pub(in crate::link::names)` says who may import, and imports nothing.
    fn visit_visibility(&mut self, _: &'a syn::Visibility) {}

    fn visit_path(&mut self, path: &'a syn::Path) {
        let names: Vec<String> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        if names.len() > 1 {
            self.paths.push(names);
        }
        syn::visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, item: &'a syn::Macro) {
        let tokens = item.tokens.to_string().replace(' ', "");
        for (at, _) in tokens.match_indices("crate::") {
            let path = tokens[at..].split(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':')).next();
            self.paths.push(
                path.unwrap_or_default().split("::").filter(|name| !name.is_empty()).map(str::to_owned).collect(),
            );
        }
        syn::visit::visit_macro(self, item);
    }
}

fn is_test(attribute: &syn::Attribute) -> bool {
    attribute.path().is_ident("cfg") && attribute.parse_args::<syn::Path>().is_ok_and(|path| path.is_ident("test"))
}

/// The paths of a `use`, those in braces too.
fn flatten(tree: &syn::UseTree, way: &mut Vec<String>, paths: &mut Vec<Vec<String>>) {
    let mut push = |name: Option<&syn::Ident>| {
        let name = name.map(ToString::to_string).filter(|name| name != "self");
        paths.push(way.iter().cloned().chain(name).collect());
    };
    match tree {
        syn::UseTree::Path(path) => {
            way.push(path.ident.to_string());
            flatten(&path.tree, way, paths);
            way.pop();
        }
        syn::UseTree::Group(group) => group.items.iter().for_each(|tree| flatten(tree, way, paths)),
        syn::UseTree::Name(name) => push(Some(&name.ident)),
        syn::UseTree::Rename(rename) => push(Some(&rename.ident)),
        syn::UseTree::Glob(_) => push(None),
    }
}

/// The sets of files that import each other, directly or through others.
fn circles(imports: &BTreeMap<Module, BTreeSet<Module>>) -> Vec<BTreeSet<&Module>> {
    let reached: BTreeMap<&Module, BTreeSet<&Module>> = imports
        .keys()
        .map(|start| {
            let mut seen = BTreeSet::new();
            let mut open: Vec<&Module> = imports[start].iter().collect();
            while let Some(file) = open.pop() {
                if seen.insert(file) {
                    open.extend(imports.get(file).into_iter().flatten());
                }
            }
            (start, seen)
        })
        .collect();
    let circle = |file: &&Module| -> BTreeSet<&Module> {
        reached[*file]
            .iter()
            .copied()
            .filter(|other| reached.get(*other).is_some_and(|back| back.contains(*file)))
            .collect()
    };
    let mut circles: Vec<_> =
        imports.keys().filter(|file| reached[*file].contains(*file)).map(|file| circle(&file)).collect();
    circles.dedup();
    circles.sort();
    circles.dedup();
    circles
}

fn src() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a source folder can be listed") {
        let path = entry.expect("an entry can be read").path();
        if path.is_dir() {
            found.extend(files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found.sort();
    found
}

#[test]
fn imports_are_read_and_circles_found() {
    let seen = |text: &str| {
        let mut seen = Seen::default();
        seen.visit_file(&syn::parse_file(text).expect("sound code"));
        seen
    };
    let module =
        |path: &str| -> Module { path.split("::").filter(|name| !name.is_empty()).map(str::to_owned).collect() };
    let mut read = BTreeMap::new();
    for (path, text) in [
        ("", "pub mod a; pub mod b;"),
        ("a", "mod ground; mod roof; pub use ground::{Floor, Wall as Side};"),
        ("a::ground", "fn f() { crate::b::g(); } #[cfg(test)] mod tests { use super::super::roof::Tile; }"),
        ("a::roof", "use super::Floor; use std::fmt;"),
        ("b", "use crate::a::{self, Floor}; fn g() { assert_eq!(crate::a::roof::h(), 1); }"),
    ] {
        read.insert(module(path), seen(text));
    }
    let targets = |from: &str| -> BTreeSet<Module> {
        let from = module(from);
        read[&from].paths.iter().filter_map(|path| target(&read, &from, path)).collect()
    };
    let set = |paths: &[&str]| paths.iter().map(|path| module(path)).collect::<BTreeSet<_>>();
    assert_eq!(targets("a::roof"), set(&["a::ground"]), "a name that is given out again leads to its file");
    assert_eq!(targets("a::ground"), set(&["b"]), "unit tests are left out");
    assert_eq!(targets("b"), set(&["a", "a::ground", "a::roof"]), "braces and macros are read");
    let imports = ["a", "a::ground", "a::roof", "b"].map(|path| (module(path), targets(path)));
    let imports: BTreeMap<_, _> = imports.into_iter().collect();
    let all: BTreeSet<&Module> = imports.keys().collect();
    assert_eq!(circles(&imports), [all], "each leads to each");
    let straight = BTreeMap::from([(module("a::roof"), targets("a::roof")), (module("a::ground"), BTreeSet::new())]);
    assert!(circles(&straight).is_empty());
}
