//! As many threads work as were asked for.
#![cfg(target_os = "linux")]

use std::fs;
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// How many workers the program has while it waits for its input.
fn workers(arguments: &[&str], variable: Option<&str>) -> usize {
    let mut command = Command::new(env!("CARGO_BIN_EXE_allonym"));
    let model = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/models/bert");
    command.args(["tag", "--quiet", "--model", model]).args(arguments).arg("-");
    match variable {
        Some(value) => command.env("RAYON_NUM_THREADS", value),
        None => command.env_remove("RAYON_NUM_THREADS"),
    };
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::null()).spawn().expect("the program starts");
    let tasks = format!("/proc/{}/task", child.id());
    let count = || {
        let names = fs::read_dir(&tasks).into_iter().flatten().flatten();
        let names = names.filter_map(|task| fs::read_to_string(task.path().join("comm")).ok());
        names.filter(|name| name.starts_with("worker ")).count()
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
    for (name, arguments, variable, want) in [
        ("the argument", vec!["--threads", "3"], None, 3),
        ("the variable", vec![], Some("5"), 5),
        ("the argument before the variable", vec!["--threads", "2"], Some("5"), 2),
    ] {
        assert_eq!(workers(&arguments, variable), want, "{name}");
    }
    let cores = std::thread::available_parallelism().expect("the number of cores is known").get();
    assert_eq!(workers(&[], None), cores, "neither");
}
