//! HTTP/1.1, byte by byte: a client that can be as rude as needed.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};

use serde_json::Value;

/// A connection.
pub(crate) struct Client<S: Read + Write> {
    stream: BufReader<S>,
}

/// An answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// By their names in lower case.
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.body.clone()).expect("answers are UTF-8")
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    /// What a problem says: its code and its detail.
    pub(crate) fn problem(&self) -> (String, String) {
        assert_eq!(self.headers["content-type"], "application/problem+json", "{}", self.text());
        let problem = self.json();
        assert_eq!(problem["status"], self.status);
        let field = |name: &str| problem[name].as_str().expect("a string").to_owned();
        (field("code"), field("detail"))
    }
}

impl<S: Read + Write> Client<S> {
    pub(crate) fn new(stream: S) -> Self {
        Self { stream: BufReader::new(stream) }
    }

    /// Sends bytes as they are.
    pub(crate) fn send(&mut self, bytes: impl AsRef<[u8]>) {
        self.stream.get_mut().write_all(bytes.as_ref()).expect("the server reads");
    }

    /// Sends the head of a request.
    pub(crate) fn head(&mut self, method: &str, path: &str, headers: &[(&str, &str)]) {
        let mut head = format!("{method} {path} HTTP/1.1\r\n");
        if !headers.iter().any(|(name, _)| *name == "Host") {
            head += "Host: localhost\r\n";
        }
        headers.iter().for_each(|(name, value)| head += &format!("{name}: {value}\r\n"));
        self.send(head + "\r\n");
    }

    /// Sends a part of a body without a length.
    pub(crate) fn chunk(&mut self, bytes: impl AsRef<[u8]>) {
        let bytes = bytes.as_ref();
        self.send(format!("{:x}\r\n", bytes.len()));
        self.send(bytes);
        self.send("\r\n");
    }

    pub(crate) fn ask(&mut self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        let length = body.len().to_string();
        let mut headers = headers.to_vec();
        if method == "POST" {
            headers.push(("Content-Length", &length));
        }
        self.head(method, path, &headers);
        self.send(body);
        self.answer()
    }

    /// The status and the headers of the next answer.
    pub(crate) fn answer_head(&mut self) -> (u16, BTreeMap<String, String>) {
        let first = self.line();
        let status = first.split(' ').nth(1).and_then(|status| status.parse().ok());
        let status = status.unwrap_or_else(|| panic!("expected a status, found {first:?}"));
        let mut headers = BTreeMap::new();
        loop {
            let line = self.line();
            let Some((name, value)) = line.split_once(": ") else { break };
            headers.insert(name.to_ascii_lowercase(), value.to_owned());
        }
        (status, headers)
    }

    /// The next answer.
    pub(crate) fn answer(&mut self) -> Answer {
        let (status, headers) = self.answer_head();
        let mut body = Vec::new();
        match headers.get("content-length") {
            Some(length) => {
                body.resize(length.parse().expect("a length"), 0);
                self.stream.read_exact(&mut body).expect("the body comes");
            }
            None => {
                while let Some(chunk) = self.next_chunk() {
                    body.extend(chunk);
                }
            }
        }
        Answer { status, headers, body }
    }

    /// The next part of a body without a length; `None` at its end.
    pub(crate) fn next_chunk(&mut self) -> Option<Vec<u8>> {
        let size = usize::from_str_radix(&self.line(), 16).expect("the size of a part");
        let mut chunk = vec![0; size + 2];
        self.stream.read_exact(&mut chunk).expect("the part comes");
        chunk.truncate(size);
        (size > 0).then_some(chunk)
    }

    /// A line without its end; empty at the end of the connection.
    fn line(&mut self) -> String {
        let mut line = String::new();
        self.stream.read_line(&mut line).expect("heads are text");
        line.trim_end_matches(['\r', '\n']).to_owned()
    }

    /// Whether the answer is an error of the caller's, or none at all.
    pub(crate) fn is_refused(&mut self) -> bool {
        let mut line = String::new();
        // Bytes that the server has not read make it a reset.
        let ended = self.stream.read_line(&mut line).map_or(true, |n| n == 0);
        ended || line.starts_with("HTTP/1.1 4")
    }

    /// Whether the server closes the connection without another word.
    pub(crate) fn is_closed(&mut self) -> bool {
        // Bytes that the server has not read make it a reset.
        !matches!(self.stream.read(&mut [0]), Ok(n) if n > 0)
    }
}
