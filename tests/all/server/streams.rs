//! Lines in, lines out.

use serde_json::Value;

use super::process::Process;

const LINES: [(&str, &str); 2] = [("Content-Type", "application/x-ndjson"), ("Transfer-Encoding", "chunked")];

#[test]
fn a_line_is_answered_before_the_next_one_comes() {
    let server = Process::start(&[]);
    let mut client = server.connect();
    client.head("POST", "/v1/tag?linking=off", &LINES);
    let mut status = None;
    for (nth, place) in ["Beirut", "Oslo", "Geneva"].into_iter().enumerate() {
        client.chunk(format!("{{\"text\":\"Rain in {place}\"}}\n"));
        let status = status.get_or_insert_with(|| client.answer_head().0);
        assert_eq!(*status, 200);
        let line = client.next_chunk().expect("an answer");
        let got: Value = serde_json::from_slice(&line).expect("a line of JSON");
        assert_eq!((&got["id"], &got["mentions"][0]["text"]), (&format!("body:{}", nth + 1).into(), &place.into()));
    }
    client.chunk("");
    assert_eq!(client.next_chunk(), None);
}

/// Many documents, and one that is broken, come out in order while other callers are answered.
#[test]
fn long_streams_keep_their_order() {
    let server = Process::start(&[]);
    let n = 600;
    let mut body = String::new();
    for nth in 0..n {
        match nth {
            200 => body += "broken\n",
            _ => body += &format!("{{\"id\":\"{nth}\",\"text\":\"Rain in Oslo, day {nth}.\"}}\n"),
        }
    }
    let got = std::thread::scope(|scope| {
        let long = scope.spawn(|| server.post("/v1/tag", "application/x-ndjson", &body));
        for _ in 0..5 {
            assert_eq!(server.post("/v1/tag", "text/plain", "Rain in Beirut").status, 200);
        }
        long.join().expect("it is answered").text()
    });
    let got: Vec<Value> = got.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(got.len(), n);
    for (nth, document) in got.iter().enumerate() {
        match nth {
            200 => assert_eq!(document["error"]["line"], 201),
            _ => assert_eq!(document["id"], nth.to_string()),
        }
    }
}

/// The server stops reading when nobody takes what is done.
#[test]
fn memory_is_bounded_when_nobody_reads() {
    use std::io::Write;
    use std::net::TcpStream;
    use std::time::Duration;
    let server = Process::start(&["--timeout", "2"]);
    let mut stream = TcpStream::connect(&server.address).expect("it connects");
    stream.set_write_timeout(Some(Duration::from_secs(20))).expect("a time");
    let head = "POST /v1/tag?linking=off HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n";
    stream.write_all(head.as_bytes()).expect("it is sent");
    let line = format!("{{\"text\":\"{}\"}}\n", " ".repeat(60_000));
    let chunk = format!("{:x}\r\n{line}\r\n", line.len());
    let sent = (0..5_000).take_while(|_| stream.write_all(chunk.as_bytes()).is_ok()).count();
    assert!(sent < 2_000, "300 MB would have to be somewhere: {sent} documents were taken");
    assert!(server.metric("allonym_documents_total") < 2_000.0);
    assert_eq!(server.post("/v1/tag", "text/plain", "Rain in Beirut").status, 200);
}
