//! A review of its own for a test.

use std::io::{BufRead, BufReader, Read};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, ChildStderr, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::server::client::{Answer, Client};

/// A running review, which is ended with the test.
pub(crate) struct Opened {
    child: Child,
    /// The address and the port.
    pub(crate) address: String,
    pub(crate) key: String,
    /// What it said before it listened.
    pub(crate) said: String,
    stderr: BufReader<ChildStderr>,
}

impl Opened {
    /// Runs the program in a folder, until it listens.
    pub(crate) fn run(folder: &Path, arguments: &[&str]) -> Self {
        #[expect(clippy::zombie_processes, reason = "it is waited for when it is dropped, or the test has failed")]
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
        let mut said = String::new();
        loop {
            let mut line = String::new();
            let n = stderr.read_line(&mut line).expect("stderr is UTF-8");
            assert!(n > 0, "it does not listen: {said}");
            if let Some(url) = line.trim_end().strip_prefix("listening on http://") {
                let (address, key) = url.split_once("/?key=").expect("the address has a key");
                let (address, key) = (address.to_owned(), key.to_owned());
                return Self { child, address, key, said, stderr };
            }
            said += &line;
        }
    }

    pub(crate) fn connect(&self) -> Client<TcpStream> {
        let stream = TcpStream::connect(&self.address).expect("the review takes connections");
        stream.set_read_timeout(Some(Duration::from_secs(60))).expect("a time");
        Client::new(stream)
    }

    fn ask(&self, method: &str, path: &str, body: &[u8]) -> Answer {
        let key = format!("Bearer {}", self.key);
        self.connect().ask(method, path, &[("Authorization", &key), ("Content-Type", "application/json")], body)
    }

    /// What a path answers.
    pub(crate) fn get(&self, path: &str) -> Value {
        let answer = self.ask("GET", path, b"");
        assert_eq!(answer.status, 200, "{path}: {}", answer.text());
        answer.json()
    }

    pub(crate) fn get_any(&self, path: &str) -> Answer {
        self.ask("GET", path, b"")
    }

    pub(crate) fn post(&self, path: &str, body: &Value) -> Answer {
        self.ask("POST", path, body.to_string().as_bytes())
    }

    /// A document, once it is there.
    pub(crate) fn document(&self, index: usize) -> Value {
        let began = Instant::now();
        loop {
            let document = self.get(&format!("/api/documents/{index}"));
            if document["state"] != "waiting" {
                return document;
            }
            assert!(began.elapsed() < Duration::from_secs(60), "it is never tagged");
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// Makes a step in a document as it stands.
    pub(crate) fn step(&self, index: usize, op: &Value) -> Value {
        let answer = self.try_step(index, op);
        assert_eq!(answer.status, 200, "{op}: {}", answer.text());
        answer.json()
    }

    pub(crate) fn try_step(&self, index: usize, op: &Value) -> Answer {
        let version = self.document(index)["version"].clone();
        self.post(&format!("/api/documents/{index}/ops"), &json!({"version": version, "op": op}))
    }

    /// Ends it without any warning.
    pub(crate) fn kill(mut self) {
        self.child.kill().expect("it runs");
        self.child.wait().expect("it has ended");
    }

    /// Ends it as Ctrl-C does; what it has said since it listened comes with it.
    pub(crate) fn end(mut self) -> (ExitStatus, String) {
        let sent = Command::new("kill").args(["-INT", &self.child.id().to_string()]).status();
        assert!(sent.expect("kill runs").success());
        let mut said = String::new();
        self.stderr.read_to_string(&mut said).expect("stderr is UTF-8");
        (self.child.wait().expect("it ends"), said)
    }
}

impl Drop for Opened {
    fn drop(&mut self) {
        // It may have ended.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The mentions of a document as text and label, in order.
pub(crate) fn brief(document: &Value) -> Vec<(String, String)> {
    let text: Vec<u16> = document["text"].as_str().expect("a text").encode_utf16().collect();
    let list = document["mentions"].as_array().expect("a list");
    let one = |mention: &Value| {
        let at = |name: &str| mention[name].as_u64().expect("a number") as usize;
        let covered = String::from_utf16(&text[at("start")..at("end")]).expect("whole characters");
        (covered, mention["label"].as_str().expect("a label").to_owned())
    };
    list.iter().map(one).collect()
}

/// The documents of a file.
pub(crate) fn lines(path: &Path) -> Vec<Value> {
    let text = std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    text.lines().map(|line| serde_json::from_str(line).expect("a line of JSON")).collect()
}

/// Runs the program to its end, and returns what it printed.
pub(crate) fn allonym(folder: &Path, arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_allonym")).args(arguments).current_dir(folder).output();
    let output = output.expect("the program runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    assert!(output.status.success(), "{arguments:?}: {}", text(output.stderr));
    text(output.stdout)
}
