//! What comes out is what the program writes, byte for byte.

use std::os::unix::net::UnixStream;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use super::client::Client;
use super::process::Process;

const NDJSON: &str = "application/x-ndjson";

/// What the program writes.
fn allonym(line: &str) -> Vec<u8> {
    let program = env!("CARGO_BIN_EXE_allonym");
    let line = format!("allonym() {{ {program} \"$@\"; }}\n{line}");
    let mut bash = Command::new("bash");
    bash.args(["-ec", &line]).current_dir(env!("CARGO_MANIFEST_DIR")).stdin(Stdio::null()).env("ALLONYM_THREADS", "2");
    let run = bash.output().expect("bash runs");
    assert!(run.status.success(), "{line}: {}", String::from_utf8_lossy(&run.stderr));
    run.stdout
}

/// Articles and gold as lines.
fn lines() -> Vec<u8> {
    allonym("allonym convert eval/articles --to jsonl --quiet; allonym convert eval/gold --to jsonl --quiet")
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).expect("UTF-8")
}

#[test]
fn tagged_documents_are_those_of_the_program() {
    let server = Process::start(&[]);
    let lines = lines();
    let file = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(file.path(), &lines).expect("it is written");
    let path = file.path().display();
    let want = allonym(&format!("allonym tag --from jsonl --quiet {path}"));
    assert!(lines.len() > 50_000 && want.len() > lines.len() / 2);

    let got = server.post("/v1/tag", NDJSON, &lines);
    assert_eq!((got.status, got.headers["content-type"].as_str()), (200, NDJSON));
    assert!(got.body == want, "lines");

    let list = format!("{{\"documents\":[{}]}}", text(&lines).trim_end().replace('\n', ","));
    let got = server.post("/v1/tag", "application/json", list);
    assert_eq!((got.status, got.headers["content-type"].as_str()), (200, "application/json"));
    let wanted = format!("{{\"documents\":[\n{}\n]}}\n", text(&want).trim_end().replace('\n', ",\n"));
    assert!(got.body == wanted.as_bytes(), "a list");

    let mut connection = server.connect();
    for (line, want) in text(&lines).lines().zip(text(&want).lines()).take(6) {
        let got =
            connection.ask("POST", "/v1/tag", &[("Content-Type", "application/json; charset=UTF-8")], line.as_bytes());
        assert_eq!(got.text().trim_end(), want);
    }

    for (query, options) in [
        ("labels=PER,loc&min_score=0.9", "--labels PER,loc --min-score 0.9"),
        ("head=worldwide&linking=off", "--head worldwide --no-link"),
        ("offsets=utf16", "--offsets utf16"),
        ("offsets=byte", "--offsets byte"),
    ] {
        let want = allonym(&format!("allonym tag --from jsonl --quiet {options} {path}"));
        assert!(server.post(&format!("/v1/tag?{query}"), NDJSON, &lines).body == want, "{query}");
    }
    assert_eq!(server.metric("allonym_failures_total{code=\"failed\"}"), 0.0);
    assert!(server.metric("allonym_documents_total") > 100.0 && server.metric("allonym_words_total") > 10_000.0);
}

#[test]
fn a_text_is_tagged_as_it_stands() {
    let server = Process::start(&[]);
    let want = allonym("allonym tag --quiet --text 'Zoë Müller 😀 left Beirut for the World Bank.'");
    let got = server.post("/v1/tag", "text/plain; charset=utf-8", "Zoë Müller 😀 left Beirut for the World Bank.");
    assert_eq!(got.text(), text(&want));
    let got = server.post(
        "/v1/tag",
        "application/json",
        r#"{"id":7,"text":"Rain in Beirut","url":"x","request":{"labels":["PER"]}}"#,
    );
    let want =
        "{\"id\":7,\"text\":\"Rain in Beirut\",\"offsets\":\"char\",\"mentions\":[],\"entities\":[],\"url\":\"x\"}\n";
    assert_eq!(got.text(), want, "other fields are passed on");
    let got = server.post("/v1/tag", "application/json", r#"{"documents":[]}"#);
    assert_eq!(got.text(), "{\"documents\":[]}\n");
    assert_eq!(server.post("/v1/tag", "text/plain", "").json()["text"], "");
}

#[test]
fn one_bad_document_costs_one_document() {
    let server = Process::start(&[]);
    let body = r#"{"documents": [{"text": "Rain in Beirut"},
        {"text": 5}, "no document", {"id": "d", "text": "Sun in Oslo"}, {"text": "a", "mentions": [{"start": 0, "end": 9, "label": "PER"}]}]}"#;
    let got = server.post("/v1/tag", "application/json", body);
    assert_eq!(got.status, 200);
    let documents = got.json()["documents"].as_array().expect("a list").clone();
    let ids: Vec<&Value> = documents.iter().map(|document| &document["id"]).collect();
    assert_eq!(ids, [&json!("body:1"), &Value::Null, &Value::Null, &json!("d"), &Value::Null]);
    let error = &documents[1]["error"];
    assert_eq!(
        (&error["code"], &error["status"], &error["line"], &error["document"]),
        (&json!("malformed"), &json!(400), &json!(2), &json!(1))
    );
    assert_eq!(error["detail"], "body:2: expected a string as \"text\", found the number 5 in column 10");
    assert_eq!(documents[2]["error"]["document"], 2);
    assert_eq!(documents[4]["error"]["document"], 4);
    assert_eq!(server.metric("allonym_documents_total"), 2.0);

    let lines = b"{\"text\":\"Rain in Beirut\"}\n{\"text\":\n\n\xff\xfe{}\n{\"text\":\"Sun in Oslo\"}";
    let got = server.post("/v1/tag", NDJSON, lines);
    let got: Vec<Value> = got.text().lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(got.len(), 4, "a blank line is no document: {got:?}");
    assert_eq!((&got[0]["id"], &got[3]["id"]), (&json!("body:1"), &json!("body:5")));
    assert_eq!((&got[1]["error"]["line"], &got[2]["error"]["line"]), (&json!(2), &json!(4)));
    let detail = got[2]["error"]["detail"].as_str().expect("a string");
    assert!(detail.starts_with("body:4: expected UTF-8, found the bytes 0xFF at byte 36 of the file"), "{detail}");
}

#[test]
fn documents_are_linked_as_by_the_program() {
    let server = Process::start(&[]);
    let lines = allonym("allonym convert eval/gold --to jsonl --quiet");
    let file = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(file.path(), &lines).expect("it is written");
    let folder = tempfile::tempdir().expect("a folder");
    let table = folder.path().join("entities.jsonl");
    let want =
        allonym(&format!("allonym link --from jsonl --quiet {} --entities {}", file.path().display(), table.display()));
    assert!(server.post("/v1/link", NDJSON, &lines).body == want, "lines");
    let list = format!("{{\"documents\":[{}]}}", text(&lines).trim_end().replace('\n', ","));
    let got = server.post("/v1/link", "application/json", list).json();
    let all = |lines: &str| lines.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect::<Vec<Value>>();
    assert_eq!(got["documents"], Value::Array(all(text(&want))));
    assert_eq!(got["entities"], Value::Array(all(&std::fs::read_to_string(table).expect("a table"))));
    let got = server
        .post(
            "/v1/link",
            "application/json",
            r#"{"documents":[{"text":"Oslo","mentions":[{"start":0,"end":4,"label":"LOC"}]},{}]}"#,
        )
        .json();
    assert_eq!(
        (got["entities"].as_array().map(Vec::len), &got["documents"][1]["error"]["code"]),
        (Some(1), &json!("malformed"))
    );
}

#[test]
fn names_are_compared_as_by_the_program() {
    let server = Process::start(&[]);
    let got = server.post("/v1/compare", "application/json", r#"{"a":"Abbas Aragchi","b":"Abbas Araghchi"}"#).json();
    let want = allonym("allonym link --explain 'Abbas Aragchi' 'Abbas Araghchi'");
    let probability = got["probability"].as_f64().expect("a number");
    assert!(text(&want).contains(&format!("probability  {probability:.4}")), "{got}");
    assert!(text(&want).contains("verdict      one person") && got["same"] == true);
    for reason in got["reason"].as_str().expect("words").split("; ") {
        assert!(text(&want).contains(reason), "{reason}");
    }
    assert_eq!(got["evidence"].as_array().map(Vec::len), Some(2));
    let got = server.post("/v1/compare", "application/json", r#"{"a":"Ann Lee","b":"Bob Roy"}"#).json();
    assert_eq!(got["same"], false);
    let got = server.post("/v1/compare", "application/json", r#"{"a":"Ann Lee"}"#);
    assert_eq!((got.status, got.problem().0.as_str()), (400, "malformed"));
}

#[test]
fn scores_are_those_of_the_program() {
    let server = Process::start(&[]);
    let gold = allonym("allonym convert eval/gold --to jsonl --quiet");
    let folder = tempfile::tempdir().expect("a folder");
    let at = |name: &str| folder.path().join(name).display().to_string();
    std::fs::write(at("gold.jsonl"), &gold).expect("it is written");
    let predicted = allonym(&format!("allonym tag --quiet {}", at("gold.jsonl")));
    std::fs::write(at("predicted.jsonl"), &predicted).expect("it is written");
    let want = allonym(&format!(
        "allonym eval {} {} --labels PER,ORG,LOC --samples 100 --report json --quiet",
        at("gold.jsonl"),
        at("predicted.jsonl")
    ));
    let list = |lines: &[u8]| text(lines).trim_end().replace('\n', ",");
    let body = |predicted: &str| {
        format!(
            "{{\"gold\":[{}],\"predicted\":[{predicted}],\"labels\":[\"PER\",\"ORG\",\"LOC\"],\"samples\":100}}",
            list(&gold)
        )
    };
    let got = server.post("/v1/eval", "application/json", body(&list(&predicted))).json();
    let want: Value = serde_json::from_slice(&want).expect("JSON");
    assert!(got["metrics"]["f1"].as_f64().is_some_and(|f1| f1 > 0.9));
    assert_eq!(got["metrics"], want["metrics"]);

    let got = server.post("/v1/eval", "application/json", body("{\"text\":\"another one\"}"));
    assert_eq!((got.status, got.problem().0.as_str()), (409, "conflict"));
    let got = server.post("/v1/eval", "application/json", "{\"gold\":[{}],\"predicted\":[]}");
    assert_eq!(got.status, 422);
    assert!(got.problem().1.starts_with("gold: body:1: expected a field \"text\""), "{}", got.text());
}

#[test]
fn a_unix_socket_serves_too() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("socket");
    let path = path.to_str().expect("UTF-8");
    // One that was left behind makes room.
    drop(std::os::unix::net::UnixListener::bind(path).expect("a socket"));
    let server = Process::start(&["--unix", path]);
    assert_eq!(server.address, path);
    let mut client = Client::new(UnixStream::connect(path).expect("it listens"));
    let got = client.ask("POST", "/v1/tag", &[("Content-Type", "text/plain"), ("Host", "anything")], b"Rain in Beirut");
    assert_eq!((got.status, &got.json()["mentions"][0]["label"]), (200, &json!("LOC")));
    // One that is in use does not.
    let second = Command::new(env!("CARGO_BIN_EXE_allonym")).args(["serve", "--unix", path]).output().expect("it runs");
    assert_eq!(second.status.code(), Some(2), "{}", String::from_utf8_lossy(&second.stderr));
    server.signal("TERM");
    assert_eq!(server.wait().0.code(), Some(143));
    assert!(!Path::new(path).exists(), "the socket is gone with the server");
}

#[test]
fn the_description_is_that_of_the_routes() {
    let server = Process::start(&[]);
    let description = server.get("/openapi.json").json();
    assert!(description["openapi"].as_str().is_some_and(|version| version.starts_with("3.1")));
    let paths: Vec<&String> = description["paths"].as_object().expect("an object").keys().collect();
    assert_eq!(paths.len(), 9, "{paths:?}");
    for (path, methods) in description["paths"].as_object().expect("an object") {
        for (method, operation) in methods.as_object().expect("an object") {
            let got = server.connect().ask(&method.to_uppercase(), path, &[("Content-Type", "application/json")], b"");
            assert_ne!(got.status, 404, "{path}");
            assert!(operation["responses"].get(got.status.to_string()).is_some(), "{method} {path}: {}", got.status);
        }
    }
    let heads = &description["components"]["schemas"]["Wanted"]["properties"]["head"]["enum"];
    assert!(heads.as_array().is_some_and(|heads| heads.contains(&json!("worldwide"))), "{heads}");
}

#[test]
fn the_page_loads_nothing_and_asks_its_own_server() {
    let server = Process::start(&[]);
    let page = server.get("/");
    assert_eq!((page.status, page.headers["content-type"].as_str()), (200, "text/html; charset=utf-8"));
    assert_eq!(page.headers["content-security-policy"], "frame-ancestors 'none'");
    let html = page.text();
    assert!(
        html.contains("default-src 'none'; style-src 'sha256-") && html.contains("; connect-src 'self';"),
        "{html}"
    );
    assert!(!html.contains("http://") && !html.contains("https://"));
}
