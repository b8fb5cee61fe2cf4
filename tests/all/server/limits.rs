//! Slow, broken and hostile callers.

use std::io::Write;
use std::net::TcpStream;
use std::time::{Duration, Instant};

use super::process::Process;

const TEXT: (&str, &str) = ("Content-Type", "text/plain");

/// Whether the server answers as it should.
fn lives(server: &Process) {
    let began = Instant::now();
    assert_eq!(server.post("/v1/tag", "text/plain", "Rain in Beirut").json()["mentions"][0]["label"], "LOC");
    assert!(began.elapsed() < Duration::from_secs(20), "it answers, but slowly");
}

#[test]
fn a_head_that_drips_is_cut_off() {
    let server = Process::start(&["--head-timeout", "1"]);
    let mut slow: Vec<TcpStream> = (0..20).map(|_| TcpStream::connect(&server.address).expect("it connects")).collect();
    let began = Instant::now();
    let mut open = slow.len();
    slow.iter_mut()
        .for_each(|stream| stream.write_all(b"POST /v1/tag HTTP/1.1\r\nHost: localhost\r\n").expect("it is sent"));
    while open > 0 && began.elapsed() < Duration::from_secs(30) {
        lives(&server);
        std::thread::sleep(Duration::from_millis(200));
        open = slow.iter_mut().filter_map(|stream| stream.write_all(b"a: b\r\n").ok()).count();
    }
    assert_eq!(open, 0, "all are cut off");
    assert!(began.elapsed() >= Duration::from_secs(1));
    // One that says nothing at all, too.
    let mut silent = server.connect();
    assert!(silent.is_closed());
}

#[test]
fn a_body_that_drips_is_cut_off() {
    let server = Process::start(&["--timeout", "1"]);
    let mut slow = server.connect();
    slow.head("POST", "/v1/tag", &[TEXT, ("Content-Length", "100")]);
    slow.send("Rain in");
    let got = slow.answer();
    assert_eq!((got.status, got.problem().0.as_str()), (408, "slow_body"));
    let mut slow = server.connect();
    slow.head("POST", "/v1/tag", &[("Content-Type", "application/x-ndjson"), ("Transfer-Encoding", "chunked")]);
    slow.chunk("{\"text\":\"Rain in Beirut\"}\n{\"text\":");
    let got = slow.answer();
    let got: Vec<&str> = std::str::from_utf8(&got.body).expect("UTF-8").lines().collect();
    assert!(got.len() == 2 && got[0].contains("Beirut") && got[1].contains("\"slow_body\""), "{got:?}");
    assert!(got[1].contains("body:2: expected more or the end within 1 s"), "{}", got[1]);
    lives(&server);
}

#[test]
fn a_gigabyte_is_not_read() {
    let server = Process::start(&[]);
    let mut large = server.connect();
    large.head("POST", "/v1/tag", &[TEXT, ("Content-Length", "1073741824")]);
    large.send(vec![b'a'; 1 << 16]);
    let got = large.answer();
    assert_eq!((got.status, got.problem().0.as_str()), (413, "too_large"));
    // Without an announcement.
    let mut large = server.connect();
    large.head("POST", "/v1/tag", &[TEXT, ("Transfer-Encoding", "chunked")]);
    let part = vec![b'a'; 1 << 20];
    (0..17).for_each(|_| large.chunk(&part));
    let got = large.answer();
    assert_eq!((got.status, got.problem().0.as_str()), (413, "too_large"));
    lives(&server);
    // A text counts until its answer has been sent, which its reader may know first.
    let began = Instant::now();
    while server.metric("allonym_held_bytes") != 0.0 {
        assert!(began.elapsed() < Duration::from_secs(20), "nothing of it is kept");
        std::thread::sleep(Duration::from_millis(10));
    }
}

#[test]
fn a_line_that_is_too_long_costs_one_document() {
    let server = Process::start(&["--max-body", "100kB"]);
    let long = "a".repeat(300_000);
    let body = format!("{{\"text\":\"Rain in Beirut\"}}\n{{\"text\":\"{long}\"}}\n{{\"text\":\"Sun in Oslo\"}}\n");
    let got = server.post("/v1/tag", "application/x-ndjson", body).text();
    let got: Vec<&str> = got.lines().collect();
    assert_eq!(got.len(), 3);
    assert!(
        got[0].contains("Beirut")
            && got[1].contains("\"too_large\"")
            && got[1].contains("\"line\":2")
            && got[2].contains("\"body:3\""),
        "{got:?}"
    );
    assert_eq!(server.post("/v1/tag", "text/plain", &long).status, 413);
}

#[test]
fn what_is_no_http_is_refused() {
    let server = Process::start(&[]);
    for bytes in [
        &b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"[..],
        b"GET / HTTP/9.9\r\n\r\n",
        b"\xff\xfe\xfd\r\n\r\n",
        b"POST /v1/tag HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n",
        b"POST /v1/tag HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        b"POST /v1/tag HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ] {
        let mut client = server.connect();
        client.send(bytes);
        client.send("\r\n\r\n");
        // What may be HTTP/1.1 is answered; all else is closed.
        assert!(client.is_refused(), "{bytes:?}");
    }
    let mut client = server.connect();
    client.send(
        format!("GET /healthz HTTP/1.1\r\nHost: localhost\r\nX: {}\r\n\r\n", "a".repeat(200_000))
            .get(..100_000)
            .expect("ASCII"),
    );
    assert_eq!(client.answer_head().0, 431);
    lives(&server);
}

/// Idle connections make room for those that ask.
#[test]
fn thousands_of_connections_shut_nobody_out() {
    let n = 2000;
    let server = Process::start(&["--max-connections", "500", "--head-timeout", "60"]);
    let mut open = Vec::new();
    for nth in 0..n {
        match TcpStream::connect(&server.address) {
            Ok(stream) => open.push(stream),
            Err(error) => panic!("connection {nth}: {error}"),
        }
        if nth % 500 == 499 {
            lives(&server);
        }
    }
    assert!(server.metric("allonym_connections") <= 501.0);
    assert!(server.metric("allonym_connections_evicted_total") >= 1500.0);
    drop(open);
    lives(&server);
}

#[test]
fn more_than_may_wait_is_refused_and_may_come_again() {
    let server = Process::start(&["--max-waiting", "1"]);
    let text = "Maria Lopez of the World Bank met Rafael Grossi in Islamabad. ".repeat(25);
    let (mut taken, mut refused) = (0, None);
    let began = Instant::now();
    while taken == 0 || refused.is_none() {
        assert!(began.elapsed() < Duration::from_secs(120), "{taken} taken, refused: {refused:?}");
        let answers: Vec<_> = std::thread::scope(|scope| {
            let ask = || server.post("/v1/tag", "text/plain", &text);
            let asked: Vec<_> = (0..8).map(|_| scope.spawn(ask)).collect();
            asked.into_iter().map(|asked| asked.join().expect("it is answered")).collect()
        });
        for answer in answers {
            match answer.status {
                200 => taken += 1,
                _ => refused = Some(answer),
            }
        }
    }
    let refused = refused.expect("the loop ends with one");
    assert_eq!((refused.status, refused.headers["retry-after"].as_str()), (429, "1"));
    assert_eq!(refused.problem().0, "busy");
    lives(&server);
    assert!(server.metric("allonym_failures_total{code=\"busy\"}") >= 1.0);
}

#[test]
fn the_memory_of_all_bodies_is_bounded() {
    let server = Process::start(&["--max-body", "1MiB", "--max-held", "2MiB"]);
    let mut half = Vec::new();
    for _ in 0..2 {
        let mut client = server.connect();
        client.head("POST", "/v1/tag", &[TEXT, ("Content-Length", "1000000")]);
        client.send(vec![b'a'; 999_999]);
        half.push(client);
    }
    let began = Instant::now();
    while server.metric("allonym_held_bytes") < 1_999_998.0 {
        assert!(began.elapsed() < Duration::from_secs(20), "it reads them");
        std::thread::sleep(Duration::from_millis(20));
    }
    let refused = server.post("/v1/tag", "text/plain", vec![b'a'; 500_000]);
    assert_eq!((refused.status, refused.problem().0.as_str()), (429, "busy"));
    lives(&server);
    drop(half);
    let began = Instant::now();
    while server.metric("allonym_held_bytes") > 0.0 {
        assert!(began.elapsed() < Duration::from_secs(20), "it lets go of them");
        std::thread::sleep(Duration::from_millis(20));
    }
    assert_eq!(server.post("/v1/tag", "text/plain", vec![b' '; 500_000]).status, 200);
}
