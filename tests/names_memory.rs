//! Linking names that were counted takes little memory for each: a test of its own, since it measures the whole process.
#![cfg(target_os = "linux")]
#![expect(clippy::print_stdout, reason = "the figure is for people")]

use std::fs;

use allonym::Label;
use allonym::link::{Linker, MentionStore};

/// Number of names.
const N: usize = 50_000;
/// Most bytes that a name may take.
const MOST: usize = 2_000;

/// A word of three or four syllables; the same number gives the same word.
fn word(number: u64) -> String {
    const SYLLABLES: [&str; 16] =
        ["Ba", "ro", "mi", "tel", "ka", "dus", "ni", "vor", "sha", "len", "gu", "rim", "po", "zan", "fe", "hol"];
    // As SplitMix64 does.
    let mut mixed = number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed ^= mixed >> 27;
    let syllable = |at: u32| SYLLABLES[(mixed >> (4 * at) & 15) as usize];
    let n = 3 + (mixed >> 32 & 1) as u32;
    let text: String = (0..n).map(syllable).collect();
    text[..1].to_uppercase() + &text[1..].to_lowercase()
}

/// Names of persons, organisations and places, as an archive has them.
fn names(n: usize) -> MentionStore {
    let labels = ["PER", "ORG", "LOC"].map(Label::new);
    let mut names = MentionStore::new();
    for nth in 0..n as u64 {
        let (first, last) = (word(nth % 1_000), word(1_000_000 + nth));
        let (label, name) = match nth % 20 {
            0..13 => (0, format!("{first} {last}")),
            13..18 => (1, format!("{first} {last} Bank")),
            _ => (2, format!("{last} Heights {nth}")),
        };
        let at = names.n_documents();
        names.add_name(&name, &labels[label], 2, 1);
        if label == 0 {
            names.add_alias(at, &last);
        }
    }
    names
}

/// A line of what the system says of this process, in bytes.
fn status(key: &str) -> usize {
    let status = fs::read_to_string("/proc/self/status").expect("Linux tells");
    let line = status.lines().find_map(|line| line.strip_prefix(key)).expect("Linux tells memory");
    let kilobytes: usize = line.trim_matches(|c: char| !c.is_ascii_digit()).parse().expect("it is a number");
    1024 * kilobytes
}

#[test]
fn a_name_takes_little_memory() {
    // What linking knows beforehand is loaded once.
    Linker::default().link(names(100));
    let before = status("VmRSS:");
    let links = Linker::default().link(names(N));
    let used = status("VmHWM:").saturating_sub(before) / N;
    println!("{used} bytes a name");
    assert_eq!(links.n_documents(), N);
    assert!(used <= MOST, "expected at most {MOST} bytes a name, found {used}");
}
