//! Models by name from a hub: a server of ours on this machine takes the place of the real one.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use assert_cmd::Command;
use sha1::Digest as _;

const NAME: &str = "harbour/tiny-tagger";
const COMMIT: &str = "0123456789abcdef0123456789abcdef01234567";

/// What the server has, and what it was asked for.
struct Hub {
    endpoint: String,
    asked: Arc<Mutex<Vec<String>>>,
}

/// A file, and the checksum that the server gives for it.
#[derive(Clone)]
struct Served {
    bytes: Vec<u8>,
    etag: String,
    /// The connection breaks after so many bytes of the first answer.
    breaks_at: Option<usize>,
}

fn hexadecimal(digest: &[u8]) -> String {
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The id of a file in git, which the hub gives for small files.
fn git_id(bytes: &[u8]) -> String {
    let mut hasher = sha1::Sha1::new_with_prefix(format!("blob {}\0", bytes.len()));
    hasher.update(bytes);
    hexadecimal(&hasher.finalize())
}

/// The files of a fixture as a hub has them.
fn files(fixture: &str) -> BTreeMap<String, Served> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/models").join(fixture);
    let mut files = BTreeMap::new();
    for name in ["config.json", "tokenizer.json", "model.safetensors"] {
        let bytes = std::fs::read(folder.join(name)).expect("it is checked in");
        let etag = match name {
            "model.safetensors" => hexadecimal(&sha2::Sha256::digest(&bytes)),
            _ => git_id(&bytes),
        };
        files.insert(name.to_owned(), Served { bytes, etag, breaks_at: None });
    }
    files
}

impl Hub {
    fn start(files: BTreeMap<String, Served>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let endpoint = format!("http://{}", listener.local_addr().expect("an address"));
        let asked = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&asked);
        let files = Arc::new(Mutex::new(files));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (log, files) = (Arc::clone(&log), Arc::clone(&files));
                std::thread::spawn(move || {
                    let _ = answer(stream, &files, &log);
                });
            }
        });
        Self { endpoint, asked }
    }

    fn asked(&self) -> Vec<String> {
        self.asked.lock().expect("no panic").clone()
    }
}

/// Answers one request and closes the connection.
fn answer(
    mut stream: TcpStream,
    files: &Mutex<BTreeMap<String, Served>>,
    log: &Mutex<Vec<String>>,
) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut request = String::new();
    reader.read_line(&mut request)?;
    let mut range = None;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        let line = line.trim().to_lowercase();
        if line.is_empty() {
            break;
        }
        if let Some(value) = line.strip_prefix("range: bytes=") {
            let (from, to) = value.split_once('-').expect("a range");
            range = Some((from.parse::<usize>().expect("a number"), to.parse::<usize>().ok()));
        }
    }
    let path = request.split(' ').nth(1).unwrap_or_default().to_owned();
    log.lock().expect("no panic").push(match range {
        Some((from, _)) => format!("{path} from {from}"),
        None => path.clone(),
    });
    let mut files = files.lock().expect("no panic");
    if path == format!("/api/models/{NAME}/revision/main") {
        let siblings: Vec<_> = files.keys().map(|name| serde_json::json!({ "rfilename": name })).collect();
        let body = serde_json::json!({ "siblings": siblings, "sha": COMMIT }).to_string();
        return write!(stream, "HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}", body.len());
    }
    let name = path.strip_prefix(&format!("/{NAME}/resolve/main/")).unwrap_or_default().to_owned();
    let Some(file) = files.get_mut(&name) else {
        return write!(stream, "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    };
    let size = file.bytes.len();
    let (from, to) = range.map_or((0, size), |(from, to)| (from, to.map_or(size, |to| (to + 1).min(size))));
    write!(
        stream,
        "HTTP/1.1 206 Partial Content\r\nETag: \"{}\"\r\nX-Repo-Commit: {COMMIT}\r\nContent-Length: {}\r\n\
         Content-Range: bytes {from}-{}/{size}\r\nConnection: close\r\n\r\n",
        file.etag,
        to - from,
        to.max(1) - 1,
    )?;
    let end = match file.breaks_at {
        Some(breaks_at) if to - from > 1 => {
            file.breaks_at = None;
            breaks_at.min(to)
        }
        _ => to,
    };
    stream.write_all(&file.bytes[from..end])
}

fn tag(endpoint: &str, cache: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_allonym"));
    command.args(["tag", "--model", NAME, "--quiet", "-"]).write_stdin("Maren Holt flew to Accra.");
    command.env("HF_ENDPOINT", endpoint).env("HF_HOME", cache).env_remove("HF_HUB_OFFLINE");
    for proxy in ["http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"] {
        command.env_remove(proxy);
    }
    command
}

fn stderr(command: &mut Command, code: i32) -> String {
    String::from_utf8_lossy(&command.assert().code(code).get_output().stderr).into_owned()
}

fn cache() -> tempfile::TempDir {
    tempfile::tempdir().expect("a folder can be made")
}

fn blobs(cache: &Path) -> PathBuf {
    cache.join("hub/models--harbour--tiny-tagger/blobs")
}

#[test]
fn a_model_is_downloaded_once_and_tags_as_its_folder_does() {
    let (hub, cache) = (Hub::start(files("bert")), cache());
    let first = tag(&hub.endpoint, cache.path()).assert().success().get_output().stdout.clone();
    let mut local = Command::new(env!("CARGO_BIN_EXE_allonym"));
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/models/bert");
    local.args(["tag", "--quiet", "-", "--model"]).arg(folder).write_stdin("Maren Holt flew to Accra.");
    assert_eq!(first, local.assert().success().get_output().stdout);
    let n_asked = hub.asked().len();
    assert!(hub.asked().iter().any(|path| path.contains("model.safetensors")), "{:?}", hub.asked());
    // The cache is laid out as all programs of Hugging Face lay it out.
    let snapshot = cache.path().join("hub/models--harbour--tiny-tagger/snapshots").join(COMMIT);
    assert!(snapshot.join("config.json").is_file() && snapshot.join("model.safetensors").is_file());
    // From now on neither a network nor a hub is needed.
    let again =
        tag(&hub.endpoint, cache.path()).env("HF_HUB_OFFLINE", "1").assert().success().get_output().stdout.clone();
    assert_eq!(again, first);
    assert_eq!(hub.asked().len(), n_asked);
}

#[test]
fn a_broken_download_goes_on_where_it_stopped() {
    let mut files = files("bert");
    let weights = files.get_mut("model.safetensors").expect("weights");
    let size = weights.bytes.len();
    weights.breaks_at = Some(50_000);
    let (hub, cache) = (Hub::start(files), cache());
    tag(&hub.endpoint, cache.path()).assert().success();
    let resumed: Vec<String> =
        hub.asked().into_iter().filter(|asked| asked.contains("model.safetensors from ")).collect();
    let starts: Vec<usize> =
        resumed.iter().filter_map(|asked| asked.rsplit(' ').next().and_then(|from| from.parse().ok())).collect();
    assert!(starts.iter().any(|&from| from > 0 && from < size), "{resumed:?}");
}

#[test]
fn a_part_from_an_earlier_run_is_not_asked_for_again() {
    let files = files("bert");
    let weights = files["model.safetensors"].clone();
    let (hub, cache) = (Hub::start(files), cache());
    std::fs::create_dir_all(blobs(cache.path())).expect("a folder can be made");
    let part = blobs(cache.path()).join(format!("{}.part", weights.etag));
    std::fs::write(&part, &weights.bytes[..40_000]).expect("a file can be written");
    tag(&hub.endpoint, cache.path()).assert().success();
    assert!(hub.asked().contains(&format!("/{NAME}/resolve/main/model.safetensors from 40000")), "{:?}", hub.asked());
    assert!(!part.exists());
}

#[test]
fn a_damaged_file_is_refused_and_not_kept() {
    for (name, wrong) in [("model.safetensors", "f".repeat(64)), ("config.json", "e".repeat(40))] {
        let mut files = files("bert");
        files.get_mut(name).expect("it is there").etag = wrong.clone();
        let (hub, cache) = (Hub::start(files), cache());
        let error = stderr(&mut tag(&hub.endpoint, cache.path()), 2);
        assert!(error.contains(&format!("{name} of {NAME} is damaged: expected checksum {wrong}, found ")), "{error}");
        assert!(!blobs(cache.path()).join(&wrong).exists());
    }
    let mut files = files("bert");
    files.get_mut("config.json").expect("it is there").etag = "abc".to_owned();
    let hub = Hub::start(files);
    let error = stderr(&mut tag(&hub.endpoint, cache().path()), 2);
    assert!(
        error.contains("expected a checksum of 40 or 64 hexadecimal digits from the hub, found \"abc\""),
        "{error}"
    );
}

#[test]
fn without_a_network_or_a_model_the_error_says_so() {
    // Nobody listens at a port that was just given back.
    let closed = TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address");
    let error = stderr(&mut tag(&format!("http://{closed}"), cache().path()), 2);
    assert!(
        error.contains(&format!("cannot list the files of {NAME} at http://{closed}: is there a network")),
        "{error}"
    );

    let hub = Hub::start(files("bert"));
    let error = stderr(tag(&hub.endpoint, cache().path()).env("HF_HUB_OFFLINE", "1"), 2);
    assert!(error.contains("is not in the cache") && error.contains("HF_HUB_OFFLINE forbids"), "{error}");
    assert!(hub.asked().is_empty(), "{:?}", hub.asked());

    for (missing, want) in [
        ("tokenizer.json", "has no tokenizer.json"),
        ("model.safetensors", "has no model.safetensors or model.safetensors.index.json or "),
    ] {
        let mut files = files("bert");
        files.remove(missing);
        let hub = Hub::start(files);
        let error = stderr(&mut tag(&hub.endpoint, cache().path()), 2);
        assert!(error.contains(want), "{error}");
    }
}

#[test]
fn shards_come_with_their_index() {
    let mut files = files("bert");
    let weights = files.remove("model.safetensors").expect("weights");
    let tensors = safetensors::SafeTensors::deserialize(&weights.bytes).expect("a valid file");
    let mut map = serde_json::Map::new();
    for (i, shard) in ["model-1.safetensors", "model-2.safetensors"].into_iter().enumerate() {
        let part: Vec<_> = tensors.iter().enumerate().filter(|(n, _)| n % 2 == i).map(|(_, named)| named).collect();
        map.extend(part.iter().map(|(name, _)| ((*name).to_owned(), shard.into())));
        let bytes = safetensors::serialize(part, None).expect("valid tensors");
        let etag = hexadecimal(&sha2::Sha256::digest(&bytes));
        files.insert(shard.to_owned(), Served { bytes, etag, breaks_at: None });
    }
    let bytes = serde_json::json!({ "weight_map": map }).to_string().into_bytes();
    let etag = git_id(&bytes);
    files.insert("model.safetensors.index.json".to_owned(), Served { bytes, etag, breaks_at: None });
    let (hub, cache) = (Hub::start(files), cache());
    tag(&hub.endpoint, cache.path()).assert().success();
    tag(&hub.endpoint, cache.path()).env("HF_HUB_OFFLINE", "1").assert().success();
}
