//! As many threads work as were asked for.
#![cfg(target_os = "linux")]

use std::fs;
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// How many workers the program has while it waits for its input.
fn workers(arguments: &[&str], variables: &[(&str, &str)]) -> usize {
    let mut command = Command::new(env!("CARGO_BIN_EXE_allonym"));
    let model = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/models/bert");
    command.args(["tag", "--quiet", "--model", model]).args(arguments).arg("-");
    command.env_remove("RAYON_NUM_THREADS").env_remove("ALLONYM_THREADS").envs(variables.iter().copied());
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::null()).spawn().expect("the program starts");
    let tasks = format!("/proc/{}/task", child.id());
    let count = || {
        let names = fs::read_dir(&tasks).into_iter().flatten().flatten();
        let names = names.filter_map(|task| fs::read_to_string(task.path().join("comm")).ok());
        names.filter(|name| name.starts_with("allonym ")).count()
    };
    let begun = Instant::now();
    let (mut found, mut since) = (0, begun);
    // Threads give themselves their names one by one.
    while begun.elapsed() < Duration::from_secs(30) && (found == 0 || since.elapsed() < Duration::from_millis(500)) {
        sleep(Duration::from_millis(20));
        if count() != found {
            (found, since) = (count(), Instant::now());
        }
    }
    child.kill().expect("the program can be ended");
    child.wait().expect("the program ends");
    found
}

#[test]
fn the_argument_and_the_variable_set_the_number_of_threads() {
    let (own, rayon) = (("ALLONYM_THREADS", "5"), ("RAYON_NUM_THREADS", "4"));
    let cores = std::thread::available_parallelism().expect("the number of cores is known").get();
    for (name, arguments, variables, want) in [
        ("the argument", &["--threads", "3"][..], &[][..], 3),
        ("the variable", &[], &[own], 5),
        ("rayon's variable", &[], &[rayon], 4),
        ("ours before rayon's", &[], &[own, rayon], 5),
        ("the argument before the variables", &["--threads", "3"], &[own, rayon], 3),
        ("neither", &[], &[], cores),
        ("0 is all", &["--threads", "0"], &[], cores),
    ] {
        assert_eq!(workers(arguments, variables), want, "{name}");
    }
}
