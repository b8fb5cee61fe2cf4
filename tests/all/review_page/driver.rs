//! The driver of a browser.

use std::io::{BufRead, BufReader, Write};
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use crate::browser::{CHROMIUM, program};

/// A running chromedriver, which ends with the test, and with it the browsers that it started.
pub(super) struct Driver {
    child: Child,
    port: u16,
    /// What the browsers keep.
    pub(super) folder: tempfile::TempDir,
    /// The browser.
    pub(super) program: PathBuf,
}

impl Driver {
    /// Starts one, if there is a browser with a driver here.
    pub(super) fn start() -> Option<Self> {
        let (Some(program), Some(driver)) = (program(&CHROMIUM), program(&["chromedriver"])) else {
            // Not by a macro, whose output cargo holds back.
            writeln!(std::io::stderr(), "skipped: no chromium with chromedriver").expect("stderr takes a line");
            return None;
        };
        let mut child = Command::new(driver)
            .arg("--port=0")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .process_group(0)
            .spawn()
            .expect("the driver runs");
        let lines = BufReader::new(child.stdout.take().expect("it is a pipe")).lines();
        let port = lines
            .map_while(Result::ok)
            .find_map(|line| line.split_once("successfully on port ")?.1.trim_end_matches('.').parse().ok())
            .expect("the driver says its port");
        Some(Self { child, port, folder: tempfile::tempdir().expect("a folder"), program })
    }

    pub(super) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        let group = format!("-{}", self.child.id());
        let _ = Command::new("kill").args(["-KILL", "--", &group]).status();
        let _ = self.child.wait();
    }
}
