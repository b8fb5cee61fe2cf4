//! A server of its own for a test.

use std::io::Read;
use std::net::TcpStream;
use std::process::ExitStatus;
use std::time::{Duration, Instant};

use super::client::{Answer, Client};
use crate::listening::Listening;

/// A running server, which is ended with the test.
pub(super) struct Process {
    process: Listening,
    /// Where it listens: an address and a port, or the path of a socket.
    pub(super) address: String,
}

impl Process {
    /// Starts a server on a free port, with further options.
    pub(super) fn start(options: &[&str]) -> Self {
        let listen = ["--listen", "127.0.0.1:0"];
        let listen: &[&str] = if options.contains(&"--unix") || options.contains(&"--listen") { &[] } else { &listen };
        let arguments = ["serve"].into_iter().chain(listen.iter().copied()).chain(options.iter().copied());
        let process = Listening::start(env!("CARGO_MANIFEST_DIR").as_ref(), arguments);
        assert_eq!(process.said, "", "the address comes first");
        let address = process.address.trim_start_matches("http://").trim_start_matches("unix:").to_owned();
        Self { process, address }
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
        self.process.signal(signal);
    }

    /// Waits for its end; what it has said since it listened comes with it.
    pub(super) fn wait(mut self) -> (ExitStatus, String) {
        let began = Instant::now();
        loop {
            if let Some(status) = self.process.child.try_wait().expect("it can be waited for") {
                let mut said = String::new();
                self.process.rest().read_to_string(&mut said).expect("stderr is UTF-8");
                return (status, said);
            }
            assert!(began.elapsed() < Duration::from_secs(60), "it does not end");
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}
