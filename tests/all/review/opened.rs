//! A review of its own for a test.

use std::io::Read;
use std::net::TcpStream;
use std::path::Path;
use std::process::{Command, ExitStatus};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::listening::Listening;
use crate::server::client::{Answer, Client};

/// A running review, which is ended with the test.
pub(crate) struct Opened {
    process: Listening,
    /// The address and the port.
    pub(crate) address: String,
    pub(crate) key: String,
}

impl Opened {
    /// Runs the program in a folder, until it listens.
    pub(crate) fn run(folder: &Path, arguments: &[&str]) -> Self {
        let process = Listening::start(folder, arguments.iter().copied());
        let url = process.address.strip_prefix("http://").expect("an address of HTTP");
        let (address, key) = url.split_once("/?key=").expect("the address has a key");
        let (address, key) = (address.to_owned(), key.to_owned());
        Self { process, address, key }
    }

    /// What it said before it listened.
    pub(crate) fn said(&self) -> &str {
        &self.process.said
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
        self.process.kill();
    }

    /// Ends it as Ctrl-C does; what it has said since it listened comes with it.
    pub(crate) fn end(mut self) -> (ExitStatus, String) {
        self.process.signal("INT");
        let mut said = String::new();
        self.process.rest().read_to_string(&mut said).expect("stderr is UTF-8");
        (self.process.child.wait().expect("it ends"), said)
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

/// Runs the program, which refuses, and returns what it says.
pub(crate) fn refused(folder: &Path, arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_allonym")).args(arguments).current_dir(folder).output();
    let output = output.expect("the program runs");
    let said = String::from_utf8(output.stderr).expect("UTF-8");
    assert_eq!(output.status.code(), Some(2), "{arguments:?}: {said}");
    said
}

/// Runs the program to its end, and returns what it printed.
pub(crate) fn allonym(folder: &Path, arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_allonym")).args(arguments).current_dir(folder).output();
    let output = output.expect("the program runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    assert!(output.status.success(), "{arguments:?}: {}", text(output.stderr));
    text(output.stdout)
}
