//! How a server ends.

use std::time::{Duration, Instant};

use super::process::Process;

#[test]
fn what_was_begun_is_finished() {
    for (signal, code) in [("TERM", 143), ("INT", 130)] {
        let server = Process::start(&[]);
        let mut begun = server.connect();
        begun.head("POST", "/v1/tag", &[("Content-Type", "application/x-ndjson"), ("Transfer-Encoding", "chunked")]);
        begun.chunk("{\"text\":\"Rain in Beirut\"}\n");
        assert_eq!(begun.answer_head().0, 200);
        assert!(begun.next_chunk().is_some());
        let mut idle = server.connect();
        assert_eq!(idle.ask("GET", "/readyz", &[], b"").status, 200);
        server.signal(signal);
        assert!(idle.is_closed(), "idle connections end at once");
        let began = Instant::now();
        while std::net::TcpStream::connect(&server.address).is_ok() {
            assert!(began.elapsed() < Duration::from_secs(20), "no new ones are taken");
            std::thread::sleep(Duration::from_millis(20));
        }
        begun.chunk("{\"text\":\"Sun in Oslo\"}\n");
        let second = begun.next_chunk().expect("it is finished");
        assert!(String::from_utf8_lossy(&second).contains("Oslo"));
        begun.chunk("");
        assert_eq!(begun.next_chunk(), None);
        let (status, said) = server.wait();
        assert_eq!((status.code(), said.as_str()), (Some(code), ""));
    }
}

#[test]
fn what_takes_too_long_is_cut_off() {
    let server = Process::start(&["--grace", "1"]);
    let mut begun = server.connect();
    begun.head("POST", "/v1/tag", &[("Content-Type", "application/x-ndjson"), ("Transfer-Encoding", "chunked")]);
    begun.chunk("{\"text\":\"Rain in Beirut\"}\n");
    assert_eq!(begun.answer_head().0, 200);
    let began = Instant::now();
    server.signal("TERM");
    let (status, said) = server.wait();
    assert_eq!(status.code(), Some(143));
    assert!(said.contains("note: requests that took longer than 1 s were cut off (--grace)"), "{said}");
    assert!(began.elapsed() >= Duration::from_secs(1));
}

#[test]
fn a_second_signal_ends_it_at_once() {
    let server = Process::start(&[]);
    let mut begun = server.connect();
    begun.head("POST", "/v1/tag", &[("Content-Type", "text/plain"), ("Content-Length", "100")]);
    begun.send("Rain");
    assert_eq!(server.get("/healthz").status, 200);
    let began = Instant::now();
    server.signal("TERM");
    std::thread::sleep(Duration::from_millis(300));
    server.signal("INT");
    let (status, _) = server.wait();
    assert_eq!(status.code(), Some(130));
    assert!(began.elapsed() < Duration::from_secs(20));
}

/// Work that takes longer than a caller may wait is ended, so that others have their turn.
#[test]
fn work_ends_with_the_time_for_it() {
    let server = Process::start(&["--timeout", "1"]);
    let text = "Maria Lopez of the World Bank met Rafael Grossi in Islamabad. ".repeat(200_000);
    let got = server.post("/v1/tag", "text/plain", &text);
    assert_eq!((got.status, got.problem().0.as_str()), (503, "timeout"));
    let began = Instant::now();
    while server.metric("allonym_abandoned_total") == 0.0 {
        assert!(began.elapsed() < Duration::from_secs(40), "12 MB would take minutes");
        std::thread::sleep(Duration::from_millis(50));
    }
    assert_eq!(server.metric("allonym_documents_total"), 0.0);
    assert_eq!(server.post("/v1/tag", "text/plain", "Rain in Beirut").status, 200);
}

/// Work whose caller is gone is not begun.
#[test]
fn callers_that_go_away_cost_nothing_more() {
    let server = Process::start(&[]);
    let text = "Maria Lopez of the World Bank met Rafael Grossi in Islamabad. ".repeat(25);
    let length = text.len().to_string();
    let began = Instant::now();
    let mut n_asked = 0.0;
    // On a fast machine some are done before they are gone.
    while server.metric("allonym_abandoned_total") == 0.0 {
        assert!(began.elapsed() < Duration::from_secs(120), "all work is done for nobody");
        let ask = |_| {
            let mut client = server.connect();
            client.head("POST", "/v1/tag", &[("Content-Type", "text/plain"), ("Content-Length", &length)]);
            client.send(&text);
            client
        };
        let gone: Vec<_> = (0..20).map(ask).collect();
        n_asked += 20.0;
        drop(gone);
        while server.metric("allonym_waiting") > 0.0 {
            assert!(began.elapsed() < Duration::from_secs(120), "it gets on");
            std::thread::sleep(Duration::from_millis(10));
        }
    }
    assert!(server.metric("allonym_documents_total") < n_asked);
    assert_eq!(server.post("/v1/tag", "text/plain", "Rain in Beirut").status, 200);
}
