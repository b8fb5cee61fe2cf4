//! A server of its own for a test.

use std::io::{BufRead, BufReader, Read};
use std::net::TcpStream;
use std::process::{Child, ChildStderr, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use super::client::{Answer, Client};

/// A running server, which is ended with the test.
pub(super) struct Process {
    child: Child,
    /// Where it listens: an address and a port, or the path of a socket.
    pub(super) address: String,
    stderr: BufReader<ChildStderr>,
}

impl Process {
    /// Starts a server on a free port, with further options.
    pub(super) fn start(options: &[&str]) -> Self {
        let listen = ["--listen", "127.0.0.1:0"];
        let listen: &[&str] = if options.contains(&"--unix") || options.contains(&"--listen") { &[] } else { &listen };
        let mut child = Command::new(env!("CARGO_BIN_EXE_allonym"))
            .arg("serve")
            .args(listen)
            .args(options)
            .env("ALLONYM_THREADS", "2")
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program runs");
        let mut stderr = BufReader::new(child.stderr.take().expect("it is a pipe"));
        let mut line = String::new();
        stderr.read_line(&mut line).expect("stderr is UTF-8");
        let address = line
            .trim_end()
            .strip_prefix("listening on ")
            .unwrap_or_else(|| panic!("expected an address, found {line:?}"));
        let address = address.trim_start_matches("http://").trim_start_matches("unix:").to_owned();
        Self { child, address, stderr }
    }

    pub(super) fn connect(&self) -> Client<TcpStream> {
        let stream = TcpStream::connect(&self.address).expect("the server takes connections");
        stream.set_read_timeout(Some(Duration::from_secs(60))).expect("a time");
        Client::new(stream)
    }

    /// One request on a connection of its own.
    pub(super) fn get(&self, path: &str) -> Answer {
        self.connect().ask("GET", path, &[], b"")
    }

    /// One request on a connection of its own.
    pub(super) fn post(&self, path: &str, media_type: &str, body: impl AsRef<[u8]>) -> Answer {
        self.connect().ask("POST", path, &[("Content-Type", media_type)], body.as_ref())
    }

    /// A line of `/metrics`, such as `allonym_documents_total`.
    pub(super) fn metric(&self, name: &str) -> f64 {
        let text = self.get("/metrics").text();
        let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
        line.map_or(0.0, |value| value.parse().expect("a number"))
    }

    pub(super) fn signal(&self, signal: &str) {
        let sent = Command::new("kill").args([&format!("-{signal}"), &self.child.id().to_string()]).status();
        assert!(sent.expect("kill runs").success());
    }

    /// Waits for its end; what it has said since it listened comes with it.
    pub(super) fn wait(mut self) -> (ExitStatus, String) {
        let began = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().expect("it can be waited for") {
                let mut said = String::new();
                self.stderr.read_to_string(&mut said).expect("stderr is UTF-8");
                return (status, said);
            }
            assert!(began.elapsed() < Duration::from_secs(60), "it does not end");
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
