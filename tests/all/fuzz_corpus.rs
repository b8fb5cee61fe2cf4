//! The seeds of the fuzzers, and what becomes of them when they are cut or bent, on a stable compiler.
#![cfg(feature = "embedded-model")]
#![expect(clippy::print_stdout, reason = "the figures are for people")]

use std::path::Path;
use std::time::{Duration, Instant};

#[path = "../../fuzz/src/lib.rs"]
#[expect(unreachable_pub, reason = "they are public where they are fuzzed")]
mod targets;

type Target = fn(&[u8]);

const TARGETS: &[(&str, Target)] = &[
    ("any_format", targets::any_format),
    ("brat", targets::brat),
    #[cfg(feature = "arrow")]
    ("columns", targets::columns),
    ("config", targets::config),
    ("conll", targets::conll),
    ("eval", targets::eval),
    ("html", targets::html),
    ("jsonl", targets::jsonl),
    ("link", targets::link),
    ("mention_table", targets::mention_table),
    ("name_table", targets::name_table),
    ("names", targets::names),
    ("safetensors", targets::safetensors),
    ("segments", targets::segments),
    ("text_to_mentions", targets::text_to_mentions),
    ("tokenizer", targets::tokenizer),
];

fn seeds(target: &str) -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(target);
    let entries = std::fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let seed = |entry: std::io::Result<std::fs::DirEntry>| {
        let path = entry.expect("an entry").path();
        (path.display().to_string(), std::fs::read(&path).expect("a seed"))
    };
    entries.map(seed).collect()
}

/// The seed, cut at some places, and with some of its bytes changed.
fn bent(seed: &[u8]) -> Vec<Vec<u8>> {
    let mut all = vec![seed.to_vec()];
    let step = (seed.len() / 12).max(1);
    for at in (0..seed.len()).step_by(step) {
        all.push(seed[..at].to_vec());
        for byte in [0, b'"', b'\n', 0xff] {
            let mut changed = seed.to_vec();
            changed[at] = byte;
            all.push(changed);
        }
    }
    all
}

#[test]
fn every_seed_is_read_or_refused() {
    let mut failed = Vec::new();
    for (name, target) in TARGETS {
        let seeds = seeds(name);
        assert!(!seeds.is_empty(), "{name}");
        for (path, seed) in seeds {
            let is_wrong = |input: &Vec<u8>| std::panic::catch_unwind(|| target(input)).is_err();
            let wrong = bent(&seed).into_iter().find(is_wrong);
            failed.extend(wrong.map(|input| format!("{path} as {:?}", String::from_utf8_lossy(&input))));
        }
    }
    assert!(failed.is_empty(), "{failed:#?}");
}

/// A seed with some random changes: bytes, cuts, repetitions, and parts of another seed.
fn mutated(seeds: &[(String, Vec<u8>)], random: &mut fastrand::Rng) -> Vec<u8> {
    const MEANING: &[u8] = b"\"{}[]<>&;:,\t\n\r \\\0\x7f\x80\xe2\xff09-=/@#";
    let pick = |random: &mut fastrand::Rng| seeds[random.usize(..seeds.len())].1.clone();
    let mut input = pick(random);
    for _ in 0..=random.usize(..6) {
        let at = random.usize(..=input.len());
        let end = (at + random.usize(..64)).min(input.len());
        match random.u8(..6) {
            0 if at < input.len() => input[at] = random.u8(..),
            1 => input.insert(at, MEANING[random.usize(..MEANING.len())]),
            2 => drop(input.drain(at..end)),
            3 => {
                let part = input[at..end].repeat(1 + random.usize(..40));
                input.splice(at..at, part);
            }
            4 => {
                let other = pick(random);
                let from = random.usize(..=other.len());
                input.splice(at..end, other[from..(from + 200).min(other.len())].iter().copied());
            }
            _ if at < input.len() => input[at] ^= 1 << random.u8(..8),
            _ => {}
        }
    }
    input.truncate(1 << 16);
    input
}

/// Minutes of work, so it runs on request: `ALLONYM_FUZZ_SECONDS=60 cargo test --release --test all -- --ignored --nocapture fuzz_corpus`.
/// It does not know which code an input reaches, as cargo-fuzz does.
#[test]
#[ignore = "random inputs for as long as one likes"]
fn mutated_seeds_are_read_or_refused() {
    let told = |name: &str, or: u64| std::env::var(name).ok().and_then(|told| told.parse().ok()).unwrap_or(or);
    let (seconds, seed) = (told("ALLONYM_FUZZ_SECONDS", 20), told("ALLONYM_FUZZ_SEED", 1));
    let mut failed = Vec::new();
    for (name, target) in TARGETS {
        let (seeds, mut random) = (seeds(name), fastrand::Rng::with_seed(seed));
        let (begun, mut n, mut slowest) = (Instant::now(), 0_u64, Duration::ZERO);
        while begun.elapsed().as_secs() < seconds {
            let input = mutated(&seeds, &mut random);
            let before = Instant::now();
            if std::panic::catch_unwind(|| target(&input)).is_err() {
                failed.push(format!("{name}: {}", input.escape_ascii()));
                break;
            }
            slowest = slowest.max(before.elapsed());
            n += 1;
        }
        println!("{name:18} {n:9} inputs in {seconds} s, the slowest {:.3} s", slowest.as_secs_f64());
    }
    assert!(failed.is_empty(), "{failed:#?}");
}

#[test]
fn every_target_has_its_program() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/fuzz_targets");
    let mut programs: Vec<String> = std::fs::read_dir(folder)
        .expect("a folder")
        .map(|entry| entry.expect("an entry").path().file_stem().expect("a name").to_string_lossy().into_owned())
        .collect();
    programs.retain(|name| cfg!(feature = "arrow") || name != "columns");
    programs.sort();
    assert_eq!(programs, TARGETS.iter().map(|(name, _)| *name).collect::<Vec<_>>());
}
