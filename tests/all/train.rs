//! `allonym train`: a model of random weights is small enough to learn in a second.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

use allonym::model::Source;
use allonym::pipeline::Stop;
use allonym::train::{Epochs, Error, Event, Freeze, Gold, Options, Resume, Trained, train};
use allonym::{Document, Label, Mention, Pool, Span};
use assert_cmd::Command;

use crate::fixtures;

/// Sentences with a city and a firm; the words are those that the model of the tests has pieces of.
fn documents(n: usize) -> Vec<Document> {
    let cities = ["Accra", "Lisbon", "Porto", "Geneva", "London", "Riga", "Tallinn", "Vilnius", "Kumasi", "Tamale"];
    let firms = ["Kestrel Shipping", "Norrland Rail", "Harbour Workers"];
    let document = |i: usize| {
        let (city, firm) = (cities[i * 7 % cities.len()], firms[i % firms.len()]);
        let text = format!("Talks in {city} resume next week.\nThe board of {firm} declined to comment.");
        let mut document = Document::new(i.to_string(), text);
        for (name, label) in [(city, "CITY"), (firm, "FIRM")] {
            let start = document.text.find(name).expect("the name is in the text");
            document.mentions.push(Mention::new(Span::new(start, start + name.len()), Label::new(label)));
        }
        document
    };
    (0..n).map(document).collect()
}

fn gold(from: usize, to: usize) -> Gold {
    Gold::new("gold", documents(to).split_off(from))
}

fn tiny() -> Source {
    Source::Folder(fixtures::folder("bert"))
}

fn options() -> Options {
    let mut options = Options::default().freeze(Freeze::None).epochs(Epochs::Fixed(30));
    options.rate = Some(3e-3);
    options.pool = Pool::new(2);
    options
}

fn learn(options: &Options) -> Trained {
    train(&tiny(), gold(0, 120), Some(gold(120, 140)), options, &mut |_| ()).expect("it learns")
}

#[test]
fn new_labels_are_learnt_and_found_by_the_folder() {
    let trained = learn(&options());
    let [first, .., last] = &trained.summary.history[..] else { panic!("a score for each epoch") };
    assert!(first.f1 < 0.3, "{first:?}");
    assert!(last.f1 > 0.9 && last.loss < 0.5, "{:?}", trained.summary.history);
    assert!(trained.summary.exact.micro.f1 > Some(0.9));
    let folder = tempfile::tempdir().expect("a folder");
    let place = folder.path().join("models/mine");
    trained.save(&place).expect("it is written");
    let tagger = allonym::Tagger::open(&place).expect("a model");
    let heads: Vec<&str> = tagger.heads().iter().map(|head| head.name.as_str()).collect();
    assert_eq!(heads, ["own"]);
    assert_eq!(tagger.heads()[0].labels, ["O", "B-CITY", "I-CITY", "B-FIRM", "I-FIRM"]);
    let mut document = documents(141).pop().expect("a document");
    let want: Vec<_> = document.mentions.iter().map(|mention| (mention.span, mention.label.clone())).collect();
    tagger.tag(&mut document, &allonym::Request::default()).expect("it tags");
    let got: Vec<_> = document.mentions.iter().map(|mention| (mention.span, mention.label.clone())).collect();
    assert_eq!(got, want);
    let card = fs::read_to_string(place.join("README.md")).expect("a card");
    for part in ["CITY, FIRM", &gold(0, 120).sha256(), &gold(120, 140).sha256(), "| seed | 1 |", "| frozen | none |"] {
        assert!(card.contains(part), "{part}: {card}");
    }
}

#[test]
fn the_number_of_threads_changes_no_byte_and_the_seed_does() {
    let base = learn(&options());
    for n_threads in [1, 3] {
        let mut options = options();
        options.pool = Pool::new(n_threads);
        let other = learn(&options);
        assert!(other.weights == base.weights && other.config == base.config, "{n_threads} threads");
    }
    let mut options = options();
    options.seed = 2;
    assert!(learn(&options).weights != base.weights);
}

#[test]
fn what_goes_on_after_a_stop_is_what_was_never_stopped() {
    let whole = learn(&options());
    let folder = tempfile::tempdir().expect("a folder");
    let stop = Stop::new();
    let mut options = options();
    options.state = Some(folder.path().join("mine.training"));
    options.stop = stop.clone();
    let mut n_steps = 0;
    let tell = &mut |event: Event<'_>| {
        if let Event::Step { step, .. } = event {
            n_steps = step;
            if step == 11 {
                stop.set();
            }
        }
    };
    let part = train(&tiny(), gold(0, 120), Some(gold(120, 140)), &options, tell).expect("the best so far");
    assert_eq!(n_steps, 11);
    assert!(part.weights != whole.weights);
    options.stop = Stop::default();
    options.resume = Resume::FromState;
    let mut first = None;
    let tell = &mut |event: Event<'_>| {
        if let Event::Step { step, .. } = event {
            first.get_or_insert(step);
        }
    };
    let rest = train(&tiny(), gold(0, 120), Some(gold(120, 140)), &options, tell).expect("it goes on");
    assert_eq!(first, Some(12));
    assert!(rest.weights == whole.weights && rest.config == whole.config);
    // Another seed is another training.
    options.seed = 5;
    let error = train(&tiny(), gold(0, 120), Some(gold(120, 140)), &options, &mut |_| ()).expect_err("another one");
    assert!(matches!(error, Error::OtherState { .. }), "{error}");
}

#[test]
fn a_head_alone_leaves_the_network_and_the_heads_that_stay_as_they_are() {
    let mut options = options().freeze(Freeze::All);
    options.epochs = Epochs::Fixed(120);
    options.rate = Some(5e-2);
    options.old_heads = allonym::train::OldHeads::Kept;
    let trained = learn(&options);
    assert!(trained.summary.best.f1 > 0.9, "{:?}", trained.summary.history);
    assert_eq!(trained.summary.kept, [("conll".to_owned(), 1.0), ("worldwide".to_owned(), 1.0)]);
    options.head = "conll".to_owned();
    let error = train(&tiny(), gold(0, 120), None, &options, &mut |_| ()).expect_err("two heads of one name");
    assert!(error.to_string().contains("(conll, worldwide), found \"conll\""), "{error}");
}

#[test]
fn words_outside_of_mentions_teach_nothing_where_a_document_is_not_complete() {
    // Half of the firms are not marked, in documents that are not complete.
    let with_status = |status: &str| {
        let mut gold = gold(0, 120);
        for document in gold.documents.iter_mut().skip(1).step_by(2) {
            document.mentions.pop();
            document.extra.insert("status".into(), status.into());
        }
        let trained = train(&tiny(), gold, Some(self::gold(120, 140)), &options(), &mut |_| ()).expect("it learns");
        trained.summary.scores.labels[1].figures.recall.unwrap_or(0.0)
    };
    let (open, complete) = (with_status("open"), with_status("complete"));
    assert!(open > 0.9 && complete < open, "{open}, {complete}");
    let mut none = gold(0, 4);
    none.documents.iter_mut().for_each(|document| document.extra.insert("status".into(), "open".into()));
    let error = train(&tiny(), none, Some(gold(4, 6)), &options(), &mut |_| ()).expect_err("no document is complete");
    assert!(matches!(error, Error::NothingComplete { .. }), "{error}");
}

/// Writes documents as JSONL and returns the path.
fn write(folder: &Path, name: &str, documents: &[Document]) -> PathBuf {
    let lines: Vec<String> = documents.iter().map(|it| serde_json::to_string(it).expect("JSON")).collect();
    fs::write(folder.join(name), lines.join("\n") + "\n").expect("a file");
    folder.join(name)
}

fn run(folder: &Path, args: &[&str]) -> (Output, String) {
    let mut command = Command::cargo_bin("allonym").expect("the program");
    let tiny = fixtures::folder("bert");
    let from = ["train", "--from", tiny.to_str().expect("UTF-8")];
    let output = command.current_dir(folder).args(from).args(args).output().expect("it runs");
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    (output, stderr)
}

#[test]
fn the_program_trains_and_says_what_it_does() {
    let folder = tempfile::tempdir().expect("a folder");
    write(folder.path(), "gold.jsonl", &documents(40));
    let args = ["gold.jsonl", "-o", "models/mine", "--freeze", "none", "--rate", "0.003", "--epochs", "8"];
    let (output, stderr) = run(folder.path(), &args);
    assert_eq!(output.status.code(), Some(0), "{stderr}");
    assert!(stderr.contains("no --dev: "), "{stderr}");
    assert!(stderr.contains("learns CITY, FIRM from"), "{stderr}");
    assert!(stderr.contains("epoch  8  loss 0."), "{stderr}");
    assert!(stderr.contains("models/mine: F1 on dev "), "{stderr}");
    let mut files: Vec<String> = fs::read_dir(folder.path().join("models"))
        .expect("a folder")
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .collect();
    files.sort();
    assert_eq!(files, ["mine"], "nothing is left beside the model");
    let (output, stderr) = run(folder.path(), &args);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr.contains("models/mine, which has a model: --overwrite replaces it"), "{stderr}");
    let (output, stderr) = run(folder.path(), &[&args[..], &["--overwrite", "--log-format", "json"]].concat());
    assert_eq!(output.status.code(), Some(0), "{stderr}");
    for line in stderr.lines() {
        let event: serde_json::Value = serde_json::from_str(line).expect("an event");
        assert!(event["event"].is_string(), "{line}");
    }
}

#[test]
fn errors_say_what_is_wrong() {
    let folder = tempfile::tempdir().expect("a folder");
    let all = documents(12);
    write(folder.path(), "gold.jsonl", &all);
    write(folder.path(), "one.jsonl", &all[..1]);
    let bare: Vec<Document> = all.iter().map(|it| Document::new(&*it.id, &*it.text)).collect();
    write(folder.path(), "bare.jsonl", &bare);
    fs::write(folder.path().join("plain.txt"), "Rain in Oslo.").expect("a file");
    fs::create_dir(folder.path().join("full")).expect("a folder");
    fs::write(folder.path().join("full/notes.txt"), "mine").expect("a file");
    let tiny = fixtures::folder("bert");
    let cases: [(&[&str], &str); 9] = [
        (
            &["gold.jsonl", "--labels", "CITY,DISH", "-o", "new"],
            "expected mentions with the label \"DISH\", found none; it has CITY, FIRM",
        ),
        (
            &["one.jsonl", "-o", "new"],
            "one.jsonl: expected two complete documents or more, one of them to score on, found 1",
        ),
        (&["bare.jsonl", "-o", "new"], "bare.jsonl: expected documents with mentions, found"),
        (&["plain.txt", "-o", "new"], "plain.txt: expected documents with mentions, found plain text"),
        (&["gold.jsonl", "-o", "full"], "expected a new folder, or that of a model, found full, which is neither"),
        (&["gold.jsonl", "-o", tiny.to_str().expect("UTF-8")], "expected an output that is not an input"),
        (&["gold.jsonl", "--freeze", "3", "-o", "new"], "expected at most 2 layers to freeze, found 3"),
        (
            &["gold.jsonl", "--resume", "-o", "new"],
            "expected the state of an interrupted training, found no new.training",
        ),
        (&["none.jsonl", "-o", "new"], "none.jsonl"),
    ];
    for (args, want) in cases {
        let (output, stderr) = run(folder.path(), args);
        assert_eq!(output.status.code(), Some(2), "{args:?}: {stderr}");
        assert!(stderr.contains(want), "{args:?}: {stderr}");
    }
    let (output, stderr) = run(folder.path(), &["gold.jsonl", "--dev", "one.jsonl", "--epochs", "1", "-o", "new"]);
    assert_eq!(output.status.code(), Some(0), "{stderr}");
    assert!(
        stderr.contains("gold.jsonl and one.jsonl have the texts of 1 document in common: scores will be too good"),
        "{stderr}"
    );
}

/// One document that cannot be read costs one document.
#[test]
fn a_broken_document_is_reported_and_the_others_are_learnt_from() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = write(folder.path(), "gold.jsonl", &documents(12));
    let mut text = fs::read_to_string(&path).expect("the file");
    text.insert_str(0, "{\"text\": 5}\n");
    fs::write(&path, text).expect("the file");
    let (output, stderr) = run(folder.path(), &["gold.jsonl", "--epochs", "1", "-o", "new"]);
    assert_eq!(output.status.code(), Some(1), "{stderr}");
    assert!(
        stderr.contains("expected a string as \"text\"") && stderr.contains("12 documents")
            || stderr.contains("are kept to score on"),
        "{stderr}"
    );
    assert!(folder.path().join("new/model.safetensors").exists());
}

#[cfg(unix)]
#[test]
fn ctrl_c_keeps_the_best_model_so_far_and_resume_goes_on() {
    let folder = tempfile::tempdir().expect("a folder");
    write(folder.path(), "gold.jsonl", &documents(40));
    let program = env!("CARGO_BIN_EXE_allonym");
    let tiny = fixtures::folder("bert");
    let line = format!(
        "{program} train gold.jsonl --from {} -o mine --epochs 100000 2> log & PID=$!; \
         for i in $(seq 900); do grep -q 'epoch  3' log && break; sleep 0.1; done; kill -INT $PID; wait $PID",
        tiny.display()
    );
    let output =
        std::process::Command::new("bash").args(["-c", &line]).current_dir(folder.path()).output().expect("bash");
    let log = fs::read_to_string(folder.path().join("log")).expect("the log");
    assert_eq!(output.status.code(), Some(130), "{log}");
    assert!(log.contains("mine has the best model so far, and --resume goes on"), "{log}");
    assert!(folder.path().join("mine/config.json").exists() && folder.path().join("mine.training").exists());
    let again = ["gold.jsonl", "-o", "mine", "--epochs", "100000"];
    let (output, stderr) = run(folder.path(), &again);
    assert_eq!(output.status.code(), Some(2), "{stderr}");
    assert!(stderr.contains("an interrupted training was here: --resume goes on, --overwrite begins anew"), "{stderr}");
    // With other options it is another training.
    let (output, stderr) = run(folder.path(), &["gold.jsonl", "-o", "mine", "--epochs", "3", "--resume"]);
    assert_eq!(output.status.code(), Some(2), "{stderr}");
    assert!(stderr.contains("mine.training: expected the state of a training with the same"), "{stderr}");
}
