//! What is not answered, and how.

use std::process::Command;

use super::process::Process;

const JSON: (&str, &str) = ("Content-Type", "application/json");

#[test]
fn errors_say_what_was_expected_and_where() {
    let server = Process::start(&[]);
    let json = "application/json";
    for (path, media_type, body, status, code, detail) in [
        (
            "/v1/tag",
            json,
            "{\n  \"text\": \"a\",,\n}",
            400,
            "malformed",
            "body:2:15: expected an object with \"text\" or \"documents\", found: ",
        ),
        ("/v1/tag", json, "[]", 400, "malformed", "body:1:2: expected an object with"),
        ("/v1/tag", json, "", 400, "malformed", "body:1:0: expected"),
        ("/v1/tag", json, "{}", 400, "malformed", "body:1: expected a field \"text\", found no fields"),
        (
            "/v1/tag",
            json,
            "{\"text\":5}",
            400,
            "malformed",
            "body:1: expected a string as \"text\", found the number 5 in column 9",
        ),
        (
            "/v1/tag",
            json,
            "{\"text\":\"a\",\"text\":\"b\"}",
            400,
            "malformed",
            "body:1: expected every field once, found \"text\" twice",
        ),
        ("/v1/tag", json, "{\"documents\":[],\"labels\":[]}", 400, "malformed", "body:1:"),
        ("/v1/tag", json, "{\"text\":\"a\",\"request\":{\"label\":\"PER\"}}", 400, "malformed", "body:1:"),
        (
            "/v1/tag",
            json,
            "{\"text\":\"a\",\"request\":{\"labels\":[\"CITY\"]}}",
            422,
            "unfit",
            "unknown label \"CITY\", expected one of ",
        ),
        ("/v1/tag?head=none", json, "{\"text\":\"a\"}", 422, "unfit", "unknown head \"none\", expected one of "),
        (
            "/v1/tag?min_score=2",
            json,
            "{\"text\":\"a\"}",
            422,
            "unfit",
            "expected a minimum score from 0 to 1, found 2",
        ),
        ("/v1/tag?min_score=x", json, "{\"text\":\"a\"}", 400, "malformed", "query: "),
        ("/v1/tag?label=PER", json, "{\"text\":\"a\"}", 400, "malformed", "query: "),
        (
            "/v1/tag?head=clean",
            json,
            "{\"text\":\"a\",\"request\":{}}",
            409,
            "conflict",
            "expected either a query or a field \"request\", found both",
        ),
        (
            "/v1/tag",
            "application/x-www-form-urlencoded",
            "a=b",
            415,
            "media_type",
            "expected application/json, application/x-ndjson or text/plain, found",
        ),
        ("/v1/tag", "text/plain; charset=latin1", "a", 415, "media_type", "expected UTF-8"),
        ("/v1/link", json, "{\"documents\":5}", 400, "malformed", "body:1:14: expected an object with \"documents\""),
        ("/v1/link?head=clean", json, "{\"documents\":[]}", 400, "malformed", "query: expected nothing but offsets"),
        (
            "/v1/eval",
            json,
            "{\"gold\":[],\"predicted\":[],\"samples\":1000000}",
            400,
            "malformed",
            "expected at most 100000 samples, found 1000000",
        ),
        ("/v2/tag", json, "{}", 404, "not_found", "expected /v1/tag, "),
    ] {
        let got = server.post(path, media_type, body);
        let (found, said) = got.problem();
        assert_eq!((got.status, found.as_str()), (status, code), "{path} {body}: {said}");
        assert!(said.starts_with(detail), "{path} {body}: {said}");
    }
    let got = server.post("/v1/tag", json, b"{\"text\":\"\xff\"}");
    assert!(got.problem().1.starts_with("body:1: expected UTF-8, found the bytes 0xFF at byte 9"), "{}", got.text());
    let got = server.get("/v1/tag");
    assert_eq!((got.status, got.headers["allow"].as_str(), got.problem().0.as_str()), (405, "POST", "method"));
    assert_eq!(server.post("/v1/tag", "text/plain", "Rain in Beirut").status, 200, "it lives");
}

#[test]
fn a_token_is_asked_for() {
    let file = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(file.path(), "correct horse battery\n").expect("it is written");
    let server = Process::start(&["--listen", "127.0.0.1:0", "--token", file.path().to_str().expect("UTF-8")]);
    let ask = |path: &str, method: &str, token: Option<&str>| {
        let sent = token.map(|token| ("Authorization", token));
        let headers: Vec<(&str, &str)> = [JSON, ("Host", "any.example")].into_iter().chain(sent).collect();
        server.connect().ask(method, path, &headers, b"{\"text\":\"Rain in Beirut\"}")
    };
    for token in [
        None,
        Some("Bearer wrong"),
        Some("Bearer correct horse batter"),
        Some("Basic correct horse battery"),
        Some("Bearer"),
    ] {
        let got = ask("/v1/tag", "POST", token);
        assert_eq!((got.status, got.headers["www-authenticate"].as_str()), (401, "Bearer"), "{token:?}");
    }
    assert_eq!(ask("/metrics", "GET", None).status, 401);
    assert_eq!(ask("/v1/tag", "POST", Some("Bearer correct horse battery")).status, 200);
    assert_eq!(ask("/metrics", "GET", Some("bearer correct horse battery")).status, 200);
    for path in ["/", "/healthz", "/readyz", "/openapi.json"] {
        assert_eq!(ask(path, "GET", None).status, 200, "{path}");
    }
    let description = ask("/openapi.json", "GET", None).json();
    assert_eq!(description["paths"]["/v1/tag"]["post"]["security"][0]["token"].as_array().map(Vec::len), Some(0));
}

#[test]
fn it_is_not_opened_by_mistake() {
    let short = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(short.path(), "short\n").expect("it is written");
    let short = short.path().to_str().expect("UTF-8");
    for (options, want) in [
        (
            &["--listen", "0.0.0.0:0"][..],
            "other machines can connect to http://0.0.0.0:0: expected --token FILE, or --no-token",
        ),
        (&["--listen", "[::]:0"], "expected --token FILE"),
        (&["--listen", "nowhere"], "expected an address and a port, such as 127.0.0.1:8019, found \"nowhere\""),
        (&["--token", short], "expected a token of at least 16 visible ASCII characters or blanks, found 5"),
        (&["--token", "missing.txt"], "--token: missing.txt: cannot be read"),
        (&["--max-body", "1GiB"], "--max-body: expected at most --max-held (67108864), found 1073741824"),
        (&["--model", "missing"], "missing"),
    ] {
        let run =
            Command::new(env!("CARGO_BIN_EXE_allonym")).arg("serve").args(options).arg("--listen=127.0.0.1:0").output();
        let run = match options.contains(&"--listen") {
            true => Command::new(env!("CARGO_BIN_EXE_allonym")).arg("serve").args(options).output(),
            false => run,
        };
        let run = run.expect("the program runs");
        let said = String::from_utf8_lossy(&run.stderr);
        assert_eq!(run.status.code(), Some(2), "{options:?}: {said}");
        assert!(said.contains(want), "{options:?}: {said}");
    }
}

#[test]
fn pages_of_others_do_not_reach_it() {
    let server = Process::start(&["--host", "News.example"]);
    let host =
        |host: &str| server.connect().ask("POST", "/v1/tag", &[JSON, ("Host", host)], b"{\"text\":\"a\"}").status;
    assert_eq!([host("localhost:8019"), host("127.0.0.1"), host("news.example")], [200; 3]);
    assert_eq!([host("evil.example"), host("localhost.evil.example:8019"), host("10.0.0.1")], [421; 3]);
    let site =
        |site: &str| server.connect().ask("POST", "/v1/tag", &[JSON, ("Sec-Fetch-Site", site)], b"{\"text\":\"a\"}");
    assert_eq!(site("same-origin").status, 200);
    let refused = site("cross-site");
    assert_eq!((refused.status, refused.problem().0.as_str()), (403, "cross_site"));
    let answer = server.connect().ask("GET", "/healthz", &[("Origin", "https://evil.example")], b"");
    assert!(!answer.headers.keys().any(|name| name.starts_with("access-control")), "{:?}", answer.headers);
    let options = server.connect().ask("OPTIONS", "/v1/tag", &[("Origin", "https://evil.example")], b"");
    assert_eq!(options.status, 405);
}
