//! Which engine and which device can be asked for.

/// A build without the engine says how to get it.
#[cfg(not(feature = "rust-bert"))]
#[test]
fn without_the_feature_the_error_names_it() {
    let mut command = assert_cmd::Command::new(env!("CARGO_BIN_EXE_allonym"));
    let run = command.args(["tag", "--engine", "rust-bert", "-"]).write_stdin("Ana met Bo.").assert().code(2);
    let stderr = String::from_utf8_lossy(&run.get_output().stderr).into_owned();
    assert!(stderr.contains("--features rust-bert"), "{stderr}");
}

#[test]
fn devices_of_the_native_engine_are_processors() {
    for (arguments, want) in [
        (&["--device", "cuda"][..], "--engine rust-bert can use CUDA"),
        (&["--device", "gpu"][..], "expected cpu, cuda or cuda:N"),
        (&["--engine", "torch"][..], "possible values: native, rust-bert"),
    ] {
        let mut command = assert_cmd::Command::new(env!("CARGO_BIN_EXE_allonym"));
        let run = command.arg("tag").args(arguments).arg("-").write_stdin("Ana met Bo.").assert().code(2);
        let stderr = String::from_utf8_lossy(&run.get_output().stderr).into_owned();
        assert!(stderr.contains(want), "{arguments:?}: {stderr}");
    }
}
