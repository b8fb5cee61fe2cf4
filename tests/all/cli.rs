//! The program as its users run it.
#![cfg(feature = "embedded-model")]

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};

use assert_cmd::Command;
use serde_json::Value;

pub(crate) fn allonym(args: &[&str]) -> Output {
    run(args, "")
}

fn run(args: &[&str], stdin: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_allonym"));
    command.current_dir(env!("CARGO_MANIFEST_DIR")).args(args).write_stdin(stdin).output().expect("the program runs")
}

pub(crate) fn stdout(output: &Output) -> &str {
    std::str::from_utf8(&output.stdout).expect("the output is UTF-8")
}

fn stderr(output: &Output) -> &str {
    std::str::from_utf8(&output.stderr).expect("the messages are UTF-8")
}

fn documents(output: &Output) -> Vec<Value> {
    stdout(output).lines().map(|line| serde_json::from_str(line).expect("a line is JSON")).collect()
}

fn folder_of(files: &[(&str, &[u8])]) -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().expect("a folder can be made");
    for (name, content) in files {
        std::fs::write(folder.path().join(name), content).expect("a file can be written");
    }
    let path = folder.path().display().to_string();
    (folder, path)
}

#[test]
fn tags_a_folder_in_order() {
    let output = allonym(&["tag", "eval/articles"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let ids: Vec<String> =
        documents(&output).iter().map(|document| document["id"].as_str().expect("an id").to_owned()).collect();
    assert_eq!(ids.len(), 6);
    assert!(ids.is_sorted(), "{ids:?}");
    assert!(stderr(&output).contains("6 documents tagged"), "{}", stderr(&output));
}

#[test]
fn the_schema_is_the_documented_one() {
    let output = run(&["tag", "--quiet", "--from", "text"], "Maria Lopez is in Berlin.");
    assert_eq!(stderr(&output), "");
    let document = documents(&output).remove(0);
    let keys: Vec<&String> = document.as_object().expect("an object").keys().collect();
    assert_eq!(keys, ["id", "text", "offsets", "mentions", "entities"]);
    assert_eq!(document["offsets"], "char");
    let mention = document["mentions"][0].as_object().expect("a mention");
    assert_eq!(mention.keys().collect::<Vec<_>>(), ["start", "end", "text", "label", "score", "entity"]);
    assert_eq!((&mention["text"], &mention["label"]), (&Value::from("Maria Lopez"), &Value::from("PER")));
}

#[test]
fn offsets_count_in_the_unit_that_was_asked_for() {
    let text = "Zoë 🙂 traf Angela Brandt in Zürich.";
    for (unit, slice) in [
        (
            "char",
            (|text: &str, start: usize, end: usize| text.chars().skip(start).take(end - start).collect())
                as fn(&str, usize, usize) -> String,
        ),
        ("byte", |text, start, end| text[start..end].to_owned()),
        ("utf16", |text, start, end| {
            let units: Vec<u16> = text.encode_utf16().collect();
            String::from_utf16(&units[start..end]).expect("no half character")
        }),
    ] {
        let output = run(&["tag", "--quiet", "--from", "text", "--offsets", unit], text);
        let document = documents(&output).remove(0);
        assert_eq!(document["offsets"], unit);
        let mentions = document["mentions"].as_array().expect("mentions");
        assert!(mentions.len() >= 2, "{document}");
        for mention in mentions {
            let at = |key: &str| mention[key].as_u64().expect("an offset") as usize;
            assert_eq!(slice(text, at("start"), at("end")), mention["text"].as_str().expect("a text"), "{unit}");
        }
    }
}

#[test]
fn bad_documents_are_named_and_the_others_come_out() {
    let (_kept, folder) = folder_of(&[
        ("a-good.txt", b"Maria Lopez is in Berlin."),
        ("b-latin1.txt", b"one line\nZ\xfcrich"),
        ("c-lines.jsonl", b"{\"id\":1,\"text\":\"Rain in Oslo.\"}\n{\"id\":2,\n{\"id\":3}\n{\"id\":4,\"text\":\"\\ud83d\"}\n{\"id\":5,\"text\":\"Paris\"}\n"),
        ("d-ragged.conll", b"-DOCSTART- O\n\nOslo B-LOC\nis\n\n-DOCSTART- O\n\nRome B-LOC\nis O\n"),
        ("e-empty.txt", b""),
        ("f-bom-crlf.txt", b"\xef\xbb\xbfOslo\r\nParis\r\n"),
        ("g-nul.txt", b"Oslo\0Paris"),
        ("h.txt", b"Rain in Oslo."),
        ("h.ann", b"T1\tLOC 8 99\tOslo\n"),
    ]);
    let output = allonym(&["tag", &folder]);
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    let errors: Vec<&str> = stderr(&output).lines().filter(|line| line.starts_with("error: ")).collect();
    for (place, words) in [
        ("b-latin1.txt:2", vec!["expected", "found"]),
        ("c-lines.jsonl:2", vec!["expected", "found"]),
        ("c-lines.jsonl:3", vec!["expected", "text"]),
        ("c-lines.jsonl:4", vec!["expected", "found"]),
        ("d-ragged.conll:4", vec!["expected 2", "found 1"]),
        ("h.ann:1", vec!["expected", "found"]),
    ] {
        let line =
            errors.iter().find(|line| line.contains(place)).unwrap_or_else(|| panic!("{place} is not in {errors:#?}"));
        assert!(words.iter().all(|word| line.contains(word)), "{line}");
    }
    assert_eq!(errors.len(), 6, "{errors:#?}");
    let ids: Vec<String> = documents(&output)
        .iter()
        .map(|document| document["id"].as_str().map_or_else(|| document["id"].to_string(), str::to_owned))
        .collect();
    assert_eq!(ids, ["a-good.txt", "1", "5", "d-ragged-2", "e-empty.txt", "f-bom-crlf.txt", "g-nul.txt"]);

    let stopped = allonym(&["tag", &folder, "--on-error", "stop"]);
    assert_eq!(stopped.status.code(), Some(1));
    assert_eq!(documents(&stopped).len(), 1);
}

#[test]
fn what_cannot_run_exits_with_2() {
    for (args, word) in [
        (vec!["tag", "no/such/file.txt"], "no/such/file.txt"),
        (vec!["tag", "eval/*.nothing"], "eval/*.nothing"),
        (vec!["tag", "eval/articles", "--labels", "PER,CITY"], "CITY"),
        (vec!["tag", "eval/articles", "--head", "french"], "french"),
        (vec!["tag", "eval/articles", "--model", "no-model"], "no-model"),
        (vec!["tag", "eval/articles", "--to", "brat"], "brat"),
        (vec!["tag", "eval/articles", "--to", "text"], "text"),
        (vec!["tag", "eval/articles", "--min-score", "2"], "from 0 to 1"),
        (vec!["tag", "eval/articles", "--to", "yaml"], "yaml"),
        (vec!["tag", "eval/articles", "--resume"], "--output"),
    ] {
        let output = allonym(&args);
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        assert!(stderr(&output).contains(word), "{args:?}: {}", stderr(&output));
        assert!(output.stdout.is_empty(), "{args:?}");
    }
}

#[test]
fn the_same_bytes_for_any_number_of_threads() {
    let one = allonym(&["tag", "eval/articles", "--quiet", "--threads", "1"]);
    for threads in ["2", "3", "7"] {
        let other = allonym(&["tag", "eval/articles", "--quiet", "--threads", threads]);
        assert!(one.stdout == other.stdout, "{threads} threads");
    }
}

#[test]
fn labels_and_scores_filter() {
    let count = |args: &[&str]| {
        let output = allonym(&[&["tag", "eval/articles", "--quiet", "--to", "tsv"], args].concat());
        stdout(&output)
            .lines()
            .skip(1)
            .map(|line| line.split('\t').nth(3).expect("a label").to_owned())
            .collect::<Vec<_>>()
    };
    let all = count(&[]);
    let some = count(&["--labels", "PER,LOC"]);
    assert!(some.len() < all.len());
    assert!(some.iter().all(|label| label == "PER" || label == "LOC"));
    assert_eq!(some.len(), all.iter().filter(|label| *label == "PER" || *label == "LOC").count());
    assert!(count(&["--min-score", "0.9"]).len() < all.len());
}

#[test]
fn conll_keeps_its_rows() {
    let input = "-DOCSTART- -X- O\n\nMaria NNP B-PER\nis VBZ O\nin IN O\nBerlin NNP B-LOC\n\nYes UH O\n";
    let output = run(&["tag", "--quiet", "--from", "conll", "--to", "conll"], input);
    let want =
        "-DOCSTART- -X- O O\n\nMaria NNP B-PER B-PER\nis VBZ O O\nin IN O O\nBerlin NNP B-LOC B-LOC\n\nYes UH O O\n";
    assert_eq!(stdout(&output), want);
}

#[test]
fn html_is_read_as_article_and_written_as_page() {
    let page = "<html><head><title>Talks</title></head><body><nav>Home | Sport</nav><article><h1>Talks in Oslo</h1>\
        <p>Maria Lopez met Peter Okello in Oslo on Monday &amp; said little, as she has for many years now.</p>\
        <p>The two will meet again in Geneva next week, officials of the United Nations said on Tuesday.</p></article></body></html>";
    let output = run(&["tag", "--quiet", "--from", "html"], page);
    let document = documents(&output).remove(0);
    let text = document["text"].as_str().expect("a text");
    assert!(text.contains("Oslo on Monday & said"), "{text}");
    let found: Vec<&str> = document["mentions"]
        .as_array()
        .expect("mentions")
        .iter()
        .filter_map(|mention| mention["text"].as_str())
        .collect();
    assert!(found.contains(&"Maria Lopez") && found.contains(&"United Nations"), "{found:?}");

    let output = run(
        &["tag", "--quiet", "--from", "text", "--to", "html"],
        "<script>alert(1)</script> Maria Lopez & Co in Oslo",
    );
    let page = stdout(&output);
    assert!(page.contains("&lt;script&gt;") && !page.contains("<script>alert"), "{page}");
    assert!(page.contains("Maria Lopez") && page.trim_end().ends_with("</html>"), "{page}");
}

#[test]
fn formats_convert_there_and_back() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let path = |name: &str| folder.path().join(name).display().to_string();
    let tagged = path("tagged.jsonl");
    assert!(allonym(&["tag", "eval/articles", "-o", &tagged, "--quiet"]).status.success());
    for (format, name) in [("jsonl", "again.jsonl.gz"), ("jsonl", "again.jsonl.zst"), ("brat", "brat")] {
        let there = path(name);
        let to = allonym(&["convert", &tagged, "--to", format, "-o", &there]);
        assert!(to.status.success(), "{format}: {}", stderr(&to));
        let back = allonym(&["convert", &there, "--quiet"]);
        assert!(back.status.success(), "{format}: {}", stderr(&back));
        let plain = |documents: Vec<Value>| {
            let spans = |document: &Value| {
                let mentions = document["mentions"].as_array().expect("mentions").clone();
                mentions.iter().map(|m| (m["start"].clone(), m["end"].clone(), m["label"].clone())).collect::<Vec<_>>()
            };
            documents.iter().map(|document| (document["text"].clone(), spans(document))).collect::<Vec<_>>()
        };
        let want = plain(documents(&allonym(&["convert", &tagged, "--quiet"])));
        assert!(plain(documents(&back)) == want, "{format}");
    }
}

#[test]
fn a_closed_pipe_is_no_error() {
    let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_allonym"))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args(["tag", "eval/articles", "eval/articles", "--to", "jsonl"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut line = String::new();
    BufReader::with_capacity(64, child.stdout.take().expect("its output")).read_line(&mut line).expect("a line");
    let output = child.wait_with_output().expect("the program ends");
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert!(!stderr(&output).contains("error"), "{}", stderr(&output));
}

#[test]
fn models_are_listed_shown_and_checked() {
    let list = allonym(&["models"]);
    assert!(stdout(&list).contains("news-en-small") && stdout(&list).contains("conll"), "{}", stdout(&list));
    let show = allonym(&["models", "show"]);
    assert!(stdout(&show).contains("B-PER"), "{}", stdout(&show));
    let check = allonym(&["models", "check"]);
    assert_eq!(check.status.code(), Some(0));
    assert!(stdout(&check).contains("Maria Lopez PER"), "{}", stdout(&check));
    let fixture: PathBuf = Path::new("tests/fixtures/models/roberta").into();
    let check = allonym(&["models", "check", fixture.to_str().expect("a path")]);
    assert_eq!(check.status.code(), Some(0), "{}", stderr(&check));
}

/// `--model NAME` and the list look into the folder that `ALLONYM_MODELS` names.
#[test]
fn models_are_found_by_name_in_a_folder_for_models() {
    let with = |args: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_allonym"));
        command.current_dir(env!("CARGO_MANIFEST_DIR")).env("ALLONYM_MODELS", "tests/fixtures/models");
        command.args(args).output().expect("the program runs")
    };
    let list = with(&["models"]);
    assert!(stdout(&list).starts_with("news-en-small  built in"), "{}", stdout(&list));
    assert!(stdout(&list).contains("\nmpnet  in tests/fixtures/models/mpnet"), "{}", stdout(&list));
    let check = with(&["models", "check", "mpnet"]);
    assert_eq!(check.status.code(), Some(0), "{}", stderr(&check));
    let absent = with(&["tag", "--model", "news-en-huge", "eval/articles"]);
    assert_eq!(absent.status.code(), Some(2), "{}", stderr(&absent));
    for expected in ["news-en-small, a model folder", "in tests/fixtures/models", "ALLONYM_MODELS", "\"news-en-huge\""]
    {
        assert!(stderr(&absent).contains(expected), "{expected}: {}", stderr(&absent));
    }
}

#[test]
fn help_has_examples() {
    for args in [
        vec!["--help"],
        vec!["tag", "--help"],
        vec!["link", "--help"],
        vec!["redact", "--help"],
        vec!["convert", "--help"],
    ] {
        let output = allonym(&args);
        assert_eq!(output.status.code(), Some(0));
        assert!(stdout(&output).contains("Examples:"), "{args:?}");
    }
}

/// A pipe that stays open is answered line by line.
#[test]
fn an_input_that_pauses_is_answered() {
    use std::io::Write;

    let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_allonym"))
        .args(["tag", "--quiet", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut input = child.stdin.take().expect("a pipe");
    let mut output = BufReader::new(child.stdout.take().expect("a pipe"));
    for place in ["Beirut", "Oslo", "Lima"] {
        writeln!(input, "{{\"text\": \"Rain in {place}\"}}").expect("the program reads");
        let mut line = String::new();
        // It would wait for ever where the program waits for more.
        output.read_line(&mut line).expect("the program answers");
        assert!(line.contains(place), "{line}");
    }
    drop(input);
    assert!(child.wait().expect("the program ends").success());
}

/// A model that fails on one document: the tokenizer of this folder gives a piece that the network does not know.
#[test]
fn what_the_model_refuses_costs_one_document() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/models/bert");
    let model = tempfile::tempdir().expect("a folder can be made");
    for file in ["config.json", "model.safetensors"] {
        std::fs::copy(source.join(file), model.path().join(file)).expect("a file can be copied");
    }
    let tokenizer = std::fs::read(source.join("tokenizer.json")).expect("it is checked in");
    let mut tokenizer: Value = serde_json::from_slice(&tokenizer).expect("it is JSON");
    tokenizer["model"]["vocab"]["price"] = 900_000.into();
    std::fs::write(model.path().join("tokenizer.json"), tokenizer.to_string()).expect("a file can be written");
    let model = model.path().display().to_string();
    let lines: String = ["Omar Said met Mária.", "Talks on price.", "People came on Monday."]
        .iter()
        .map(|text| format!("{}\n", serde_json::json!({"id": text, "text": text})))
        .collect();
    for (action, code, left) in [("skip", 1, 2), ("stop", 1, 1)] {
        let output = run(&["tag", "--model", &model, "--on-error", action], &lines);
        assert_eq!(output.status.code(), Some(code), "{action}: {}", stderr(&output));
        assert_eq!(documents(&output).len(), left, "{action}");
        let message = "error: cannot tag document \"Talks on price.\": piece ";
        assert!(stderr(&output).contains(message), "{action}: {}", stderr(&output));
        assert!(stderr(&output).contains("expected an id below"), "{action}: {}", stderr(&output));
        assert!(stderr(&output).contains("1 document failed"), "{action}: {}", stderr(&output));
    }
}

#[test]
fn a_text_on_the_command_line_is_tagged() {
    let output = allonym(&["tag", "--quiet", "--text", "Maria Lopez is in Berlin."]);
    assert_eq!((output.status.code(), stderr(&output)), (Some(0), ""));
    assert_eq!(documents(&output)[0]["mentions"][0]["text"], "Maria Lopez");
    let output = allonym(&["tag", "--text", "Maria Lopez is in Berlin.", "eval/articles"]);
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn labels_in_any_case_and_floors_by_label() {
    let mentions = |args: &[&str]| {
        let args = [&["tag", "--quiet", "eval/articles"], args].concat();
        let output = allonym(&args);
        assert_eq!((output.status.code(), stderr(&output)), (Some(0), ""), "{args:?}");
        let all = documents(&output).into_iter().flat_map(|document| document["mentions"].as_array().cloned());
        let all = all.flatten().map(|mention| {
            let score = mention["score"].as_f64().expect("a score");
            (mention["label"].as_str().expect("a label").to_owned(), score)
        });
        all.collect::<Vec<_>>()
    };
    let all = mentions(&[]);
    let of = |wanted: &str| all.iter().filter(|(label, _)| label == wanted).cloned().collect::<Vec<_>>();
    assert_eq!(mentions(&["--labels", "per"]), of("PER"));
    let floors = mentions(&["--min-score", "per=.97,0.8"]);
    let want = |label: &str| if label == "PER" { 0.97 } else { 0.8 };
    let kept: Vec<_> = all.iter().filter(|(label, score)| *score >= want(label)).cloned().collect();
    assert!(kept.len() < all.len() && kept.iter().any(|(label, score)| label != "PER" && *score < 0.97));
    assert_eq!(floors, kept);
    for (args, want) in [(["--labels", "CITY"], "unknown label \"CITY\""), (["--min-score", "PER=2"], "from 0 to 1")] {
        let output = allonym(&["tag", "eval/articles", args[0], args[1]]);
        assert_eq!(output.status.code(), Some(2));
        assert!(stderr(&output).contains(want), "{}", stderr(&output));
    }
}

#[test]
fn the_program_tells_what_it_is() {
    let output = allonym(&["--version"]);
    assert_eq!(stdout(&output), format!("allonym {}\n", env!("CARGO_PKG_VERSION")));
    let output = allonym(&["--version", "--json"]);
    let version: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(version["version"], env!("CARGO_PKG_VERSION"));
    assert_eq!(version["models"][0], "news-en-small");
    assert!(version["features"].as_array().is_some_and(|features| features.contains(&"link".into())), "{version}");
    let output = allonym(&["models", "show", "--json"]);
    let model: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!((&model["name"], &model["languages"][0]), (&"news-en-small".into(), &"en".into()));
    assert!(model["parameters"].as_u64().is_some_and(|n| (22_000_000..23_000_000).contains(&n)), "{model}");
    assert!(model["sha256"].as_str().is_some_and(|hash| hash.len() == 64), "{model}");
    assert!(model["license"].as_str().is_some_and(|license| license.contains("Reuters")), "{model}");
    let shown = allonym(&["models", "show"]);
    for want in ["languages     en", "computes in   ", "SHA-256 ", "head          clean (default): O B-PER"] {
        assert!(stdout(&shown).contains(want), "{want}: {}", stdout(&shown));
    }
}

/// Nothing that a paper would print.
const CHAT: &str = "\
omg Jelly just DM'd me back!!! cant even rn lol
WHO ate my Noodlez?? Im lookin at u Bex
gonna b late 4 Zumba, tell Mr Fluff i said hi
Fave song atm = Moonbeam by Krush, ugh SO good
Kims new Pixel > my ol Galaxy, jus sayin
ngl Taco Tuesday at Chuys slaps harder than Bell
yay!! got Fortnite skins, thx Grandma Jo
ok Boomer. go back 2 Facey
Yo Deejay Sparx u rock !! Vegas nxt yr??
My Roomba hates Socks (the cat) smh
Mondayz. need Latte. need Netflix. need Hubby 2 do dishes
Ugh Wifi down AGAIN, thx Xfinity ur the worst
so Becky w the good hair showed up @ Prom haha
Lil Bro won at Roblox n wont shut up
TBT 2 Coachella w Tay n Mads, miss them days
Insta vs Snap?? comment below
Gym w Coach Dre = pain. legs = Jello
Ya Boi got tix 4 Comicon!!
Finna cop them Jordans b4 Xmas
Team Edward 4eva dont @ me
Tinder date said he likes Pumpkin Spice n Tolkien, marry me
Big Mood: Sunday scaries n Ramen
Who else luvs Baby Shark lol Just me
Auntie Flo came early smh pass the Midol
Shoutout 2 Nurse Kelz at St Joes ur an angel
lost my Airpod in the Uber :( sos
RT if u want Mcflurry rn
Bday dinner at Olive G w Nana n Pops
So proud of Lil Miss Sass 1st day of Pre K
Cuz Rico owes me 20 bucks n a Whopper
";

#[test]
fn texts_unlike_news_are_doubted() {
    let said = |output: &Output| stderr(output).contains("note: these texts look unlike the news");
    let chat = run(&["tag", "--from", "text"], CHAT);
    assert!(said(&chat), "{}", stderr(&chat));
    assert!(
        !said(&run(&["tag", "--from", "text", "--min-score", "0.5"], CHAT)),
        "what is left out would have lowered the mean"
    );
    for news in ["eval/articles", "eval/gold2"] {
        let output = allonym(&["tag", news]);
        assert!(!said(&output), "{}", stderr(&output));
    }
}

#[test]
fn twenty_errors_of_a_kind_are_shown_and_all_are_kept() {
    let (_folder, path) = folder_of(&[("in.jsonl", "{\"text\": 5}\n".repeat(1030).as_bytes())]);
    let (input, errors) = (format!("{path}/in.jsonl"), format!("{path}/errors.tsv"));
    let output = allonym(&["convert", &input, "--errors", &errors]);
    assert_eq!(output.status.code(), Some(1));
    let shown: Vec<&str> = stderr(&output).lines().filter(|line| line.starts_with("error: ")).collect();
    assert_eq!(shown.len(), 21, "{}", stderr(&output));
    assert_eq!(shown[20], format!("error: 1,010 more of the kind \"malformed\" (all are in {errors})"));
    let kept = std::fs::read_to_string(&errors).expect("they are kept");
    assert_eq!(kept.lines().count(), 1030);
    assert!(kept.lines().all(|line| line.starts_with("malformed\t") && line.contains("in.jsonl:")), "{kept}");
    let output = allonym(&["convert", &input, "--errors", &input]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("--errors: expected an output that is not an input"), "{}", stderr(&output));
}

#[test]
fn a_table_for_excel_begins_with_a_mark() {
    let output = allonym(&["tag", "--text", "Rain in Beirut", "--to", "csv", "--bom"]);
    assert!(stdout(&output).starts_with("\u{feff}doc,start,end,"), "{}", stdout(&output));
    let refused = allonym(&["tag", "--text", "Rain in Beirut", "--bom"]);
    assert!(stderr(&refused).contains("--bom: expected tsv or csv"), "{}", stderr(&refused));
}

#[test]
fn completions_and_a_manual_are_made() {
    for (shell, want) in
        [("bash", "complete -F _allonym"), ("zsh", "#compdef allonym"), ("fish", "complete -c allonym")]
    {
        assert!(stdout(&allonym(&["completions", shell])).contains(want), "{shell}");
    }
    let manual = allonym(&["man"]);
    for want in [".TH allonym 1", ".TH allonym-tag 1", "min\\-score"] {
        assert!(stdout(&manual).contains(want), "{want}");
    }
}
