//! A program that serves a test, until the test ends.
#![cfg(all(unix, feature = "server", feature = "embedded-model"))]

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, ChildStderr, Command, Stdio};

/// A running program that has said where it listens. It is ended with the test.
pub(crate) struct Listening {
    pub(crate) child: Child,
    /// Where it listens.
    pub(crate) address: String,
    /// What it said before.
    pub(crate) said: String,
    stderr: Option<BufReader<ChildStderr>>,
}

impl Listening {
    /// Runs the program in a folder until it listens.
    pub(crate) fn start<'a>(folder: &Path, arguments: impl IntoIterator<Item = &'a str>) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_allonym"))
            .args(arguments)
            .env("ALLONYM_THREADS", "2")
            .current_dir(folder)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program runs");
        let mut stderr = BufReader::new(child.stderr.take().expect("it is a pipe"));
        // It is ended, too, where it never listens.
        let mut listening = Self { child, address: String::new(), said: String::new(), stderr: None };
        loop {
            let mut line = String::new();
            let n = stderr.read_line(&mut line).expect("stderr is UTF-8");
            assert_ne!(n, 0, "expected an address, found {:?}", listening.said);
            if let Some(address) = line.trim_end().strip_prefix("listening on ") {
                address.clone_into(&mut listening.address);
                listening.stderr = Some(stderr);
                return listening;
            }
            listening.said += &line;
        }
    }

    /// What it says from now on.
    pub(crate) fn rest(&mut self) -> BufReader<ChildStderr> {
        self.stderr.take().expect("it is asked for once")
    }

    /// Sends it a signal.
    pub(crate) fn signal(&self, signal: &str) {
        let sent = Command::new("kill").args([&format!("-{signal}"), &self.child.id().to_string()]).status();
        assert!(sent.expect("kill runs").success());
    }

    /// `kill -9`.
    pub(crate) fn kill(&mut self) {
        self.child.kill().expect("it runs");
        self.child.wait().expect("it can be waited for");
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        // It may have ended.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
