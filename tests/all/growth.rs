//! Time and memory grow with the size of the input, and no bad input crashes the program: minutes of work, so run on request.
//!
//! ```sh
//! cargo test --release --test all -- --ignored --nocapture growth
//! ```
//!
//! Needs python3, which tells what a process used. Each case runs at one, two and four times a size; the CPU time and the peak of the
//! memory of the largest must be near four times those of the smallest.
#![cfg(all(unix, feature = "embedded-model"))]
#![expect(clippy::print_stdout, reason = "the figures are for people")]

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;

const USED: &str = "import resource,subprocess,sys\n\
                    code=subprocess.call(sys.argv[1:],stdout=subprocess.DEVNULL,stderr=open('stderr','wb'))\n\
                    used=resource.getrusage(resource.RUSAGE_CHILDREN)\n\
                    print(code,used.ru_utime+used.ru_stime,used.ru_maxrss)";

/// What a run of the program used.
struct Used {
    code: i32,
    /// CPU time, in seconds.
    seconds: f64,
    /// Peak memory, in MB.
    megabytes: f64,
}

/// Runs a line of arguments in a folder.
fn used(folder: &Path, arguments: &str) -> Used {
    let mut python = Command::new("python3");
    python.args(["-c", USED, env!("CARGO_BIN_EXE_allonym")]).args(arguments.split(' ')).current_dir(folder);
    let output = python.output().expect("python3 runs");
    let told = String::from_utf8_lossy(&output.stdout).into_owned();
    let mut numbers = told.split_whitespace().map(|number| number.parse::<f64>().expect("three numbers"));
    let mut next = || numbers.next().expect("three numbers");
    let (code, seconds, kilobytes) = (next(), next(), next());
    Used { code: code as i32, seconds, megabytes: kilobytes / 1024.0 }
}

/// A case: its name, its arguments, a size, and what makes its files of a size.
type Case = (&'static str, &'static str, usize, fn(usize, &Path));

fn put(folder: &Path, name: &str, content: impl AsRef<[u8]>) {
    fs::write(folder.join(name), content).expect("a file");
}

/// A document whose text is some names, each a mention.
fn names(label: &str, names: impl Iterator<Item = String>) -> String {
    let (mut text, mut mentions, mut at) = (String::new(), String::new(), 0);
    for name in names {
        let n = name.chars().count();
        let comma = if mentions.is_empty() { "" } else { "," };
        write!(mentions, "{comma}{{\"start\":{at},\"end\":{},\"label\":\"{label}\"}}", at + n).expect("a string");
        text += &name;
        text += ". ";
        at += n + 2;
    }
    format!("{{\"text\":\"{text}\",\"mentions\":[{mentions}]}}\n")
}

/// A word that a number makes, without digits, unlike those of its neighbours.
fn word(number: usize) -> String {
    let mut number = number.wrapping_mul(2_654_435_761) % 777_600_000;
    let mut word = String::new();
    for _ in 0..5 {
        word.push(char::from(b"bdfgklmnprst"[number % 12]));
        number /= 12;
        word.push(char::from(b"aeiou"[number % 5]));
        number /= 5;
    }
    word[..1].to_uppercase() + &word[1..]
}

fn article() -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("eval/articles");
    let mut texts: Vec<_> = fs::read_dir(folder).expect("articles").map(|file| file.expect("a file").path()).collect();
    texts.sort();
    texts.iter().map(|path| fs::read_to_string(path).expect("an article")).collect()
}

/// Two systems that put mentions into entities by chance.
fn chance(n: usize, folder: &Path) {
    let mut state = 1_u64;
    let mut draw = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).expect("31 bits") % n
    };
    for name in ["gold.jsonl", "pred.jsonl"] {
        let mut mentions = String::new();
        for at in 0..2 * n {
            let comma = if at == 0 { "" } else { "," };
            let entity = draw();
            write!(
                mentions,
                "{comma}{{\"start\":{},\"end\":{},\"label\":\"PER\",\"entity\":\"e{entity}\"}}",
                2 * at,
                2 * at + 1
            )
            .expect("a string");
        }
        put(folder, name, format!("{{\"id\":\"a\",\"text\":\"{}\",\"mentions\":[{mentions}]}}\n", "x ".repeat(2 * n)));
    }
}

const CASES: &[Case] = &[
    ("tag: one article, longer and longer", "tag a.txt", 4, |n, at| put(at, "a.txt", article().repeat(n))),
    ("tag: one line", "tag a.txt", 4, |n, at| put(at, "a.txt", article().replace('\n', " ").repeat(n))),
    ("tag: small documents", "tag a.jsonl", 5_000, |n, at| {
        put(at, "a.jsonl", "{\"text\":\"Maria Lopez left Oslo.\"}\n".repeat(n));
    }),
    ("tag: a word without end", "tag a.txt", 500_000, |n, at| put(at, "a.txt", "a".repeat(n))),
    ("tag: blanks of no width", "tag a.txt", 100_000, |n, at| put(at, "a.txt", "\u{200b}".repeat(n))),
    ("tag: replacement characters", "tag a.txt", 100_000, |n, at| put(at, "a.txt", "\u{fffd}".repeat(n))),
    ("tag: dots", "tag a.txt", 100_000, |n, at| put(at, "a.txt", ".".repeat(n))),
    ("tag: NUL", "tag a.txt", 500_000, |n, at| put(at, "a.txt", "\0".repeat(n))),
    ("tag: hyphens", "tag a.txt", 100_000, |n, at| put(at, "a.txt", "A-".repeat(n))),
    ("tag: brackets", "tag a.txt", 50_000, |n, at| put(at, "a.txt", "(A ".repeat(n))),
    ("tag: character references", "tag a.txt", 50_000, |n, at| put(at, "a.txt", "&amp;&#x41;".repeat(n))),
    ("tag: a column of names", "tag a.txt", 5_000, |n, at| {
        put(at, "a.txt", (0..n).fold(String::new(), |text, i| text + &word(i) + ", " + &word(i + 7) + "\n"));
    }),
    ("read: fields of a document", "convert a.jsonl -o b.jsonl", 50_000, |n, at| {
        let fields: String = (0..n).fold(String::new(), |text, i| text + &format!(",\"f{i}\":{i}"));
        put(at, "a.jsonl", format!("{{\"text\":\"Oslo\"{fields}}}\n"));
    }),
    ("read: large fields", "convert a.jsonl -o b.jsonl", 25, |n, at| {
        put(at, "a.jsonl", format!("{{\"text\":\"Oslo\",\"x\":\"{}\"}}\n", "y".repeat(1_000_000)).repeat(n));
    }),
    ("read: a list of documents", "convert a.json --to jsonl -o b.jsonl", 25_000, |n, at| {
        put(at, "a.json", format!("[{}\n{{\"text\":\"Bonn\"}}]", "{\"text\":\"Oslo\"},\n".repeat(n)));
    }),
    ("read: a web page", "convert a.html --to jsonl -o b.jsonl", 1_000, |n, at| {
        let part = "<p>Maria Lopez left Oslo, said her <b>aide</b>, who did not want to be named.</p>\n";
        put(at, "a.html", format!("<!DOCTYPE html><html><body><article>{}</article></body></html>", part.repeat(n)));
    }),
    ("read: a nested web page", "convert a.html --to jsonl -o b.jsonl", 120, |n, at| {
        put(at, "a.html", format!("<!DOCTYPE html><html><body>{}Maria Lopez left Oslo.", "<div>".repeat(n)));
    }),
    ("read: CoNLL rows", "convert a.conll --to jsonl -o b.jsonl", 100_000, |n, at| {
        put(at, "a.conll", "Oslo B-LOC\nis O\n".repeat(n));
    }),
    ("read: a line without end", "convert a.conll --from conll --to jsonl -o b.jsonl", 1_000_000, |n, at| {
        put(at, "a.conll", format!("-DOCSTART- O\n\n{} O\n", "x ".repeat(n)));
    }),
    ("write: HTML, equal mentions", "convert a.jsonl -o b.html", 10_000, |n, at| {
        let mentions = "{\"start\":0,\"end\":4,\"label\":\"LOC\"},".repeat(n);
        put(at, "a.jsonl", format!("{{\"text\":\"Oslo\",\"mentions\":[{}]}}\n", mentions.trim_end_matches(',')));
    }),
    ("write: HTML, overlapping mentions", "convert a.jsonl -o b.html", 500, |n, at| {
        let mentions: String = (0..n)
            .fold(String::new(), |text, i| text + &format!("{{\"start\":{i},\"end\":{},\"label\":\"LOC\"}},", i + n));
        let text = "x".repeat(2 * n);
        put(at, "a.jsonl", format!("{{\"text\":\"{text}\",\"mentions\":[{}]}}\n", mentions.trim_end_matches(',')));
    }),
    ("write: brat", "convert a.jsonl --to brat -o b --overwrite", 25_000, |n, at| {
        put(at, "a.jsonl", names("LOC", (0..n).map(word)));
    }),
    ("write: CoNLL", "convert a.jsonl -o b.conll", 25_000, |n, at| put(at, "a.jsonl", names("LOC", (0..n).map(word)))),
    ("link: places of one document", "link a.jsonl -o b.jsonl", 5_000, |n, at| {
        put(at, "a.jsonl", names("LOC", (0..n).map(word)));
    }),
    ("link: organisations of one document", "link a.jsonl -o b.jsonl", 5_000, |n, at| {
        put(at, "a.jsonl", names("ORG", (0..n).map(|i| format!("{} {}", word(i), word(i / 3)))));
    }),
    ("link: one surname", "link a.jsonl -o b.jsonl", 5_000, |n, at| {
        put(at, "a.jsonl", names("PER", (0..n).map(|i| format!("{} Lopez", word(i)))));
    }),
    ("link: long names of persons", "link a.jsonl -o b.jsonl", 100, |n, at| {
        put(
            at,
            "a.jsonl",
            names("PER", (0..20).map(|i| (0..n).map(|k| word(31 * i + k)).collect::<Vec<_>>().join(" "))),
        );
    }),
    ("link: initials", "link a.jsonl -o b.jsonl", 2_000, |n, at| {
        let letter = |i: usize| char::from(b'A' + u8::try_from(i % 26).expect("a letter"));
        put(at, "a.jsonl", names("PER", (0..n).map(|i| format!("{}. {}.", letter(i), letter(i / 26)))));
    }),
    ("link: documents", "link a.jsonl -o b.jsonl", 5_000, |n, at| {
        let document = |i: usize| names("PER", (0..3).map(|k| format!("{} {}", word(i / 3 + k), word(i / 5))));
        put(at, "a.jsonl", (0..n).map(document).collect::<String>());
    }),
    ("link: a table of names", "link a.jsonl --aliases t.tsv -o b.jsonl", 5_000, |n, at| {
        put(at, "a.jsonl", names("PER", (0..100).map(|i| format!("{} {}", word(i), word(i + 1)))));
        let rows = (0..n).fold(String::new(), |text, i| text + &format!("{} {}\t\tPER\n", word(i), word(i + 1)));
        put(at, "t.tsv", format!("canonical\talias\tlabel\n{rows}"));
    }),
    ("eval: mentions that overlap", "eval a.jsonl a.jsonl --samples 10", 1_000, |n, at| {
        let mentions: String = (0..n).fold(String::new(), |text, i| {
            text + &format!("{{\"start\":{},\"end\":{},\"label\":\"L{}\"}},", i % 90, i % 90 + 1 + i % 9, i % 50)
        });
        put(
            at,
            "a.jsonl",
            format!("{{\"text\":\"{}\",\"mentions\":[{}]}}\n", "x".repeat(100), mentions.trim_end_matches(',')),
        );
    }),
    ("eval: documents", "eval a.jsonl a.jsonl --samples 10", 2_500, |n, at| {
        put(
            at,
            "a.jsonl",
            (0..n)
                .map(|i| names("PER", (0..5).map(|k| word(i + k))).replacen('{', &format!("{{\"id\":{i},"), 1))
                .collect::<String>(),
        );
    }),
    ("eval: entities of chance", "eval gold.jsonl pred.jsonl --samples 10", 12_500, chance),
    ("redact: names of one document", "redact a.jsonl --given --table t -o b.jsonl", 5_000, |n, at| {
        let _ = fs::remove_file(at.join("t"));
        put(at, "a.jsonl", names("PER", (0..n).map(|i| format!("{} {}", word(i), word(i / 4)))));
    }),
    ("redact: documents", "redact a.jsonl --given --table t -o b.jsonl", 5_000, |n, at| {
        let _ = fs::remove_file(at.join("t"));
        put(
            at,
            "a.jsonl",
            (0..n)
                .map(|i| names("PER", (0..3).map(|k| format!("{} {}", word(i + k), word(i / 7)))))
                .collect::<String>(),
        );
    }),
    ("redact: one name over and over", "redact a.jsonl --given --table t -o b.jsonl", 100_000, |n, at| {
        let _ = fs::remove_file(at.join("t"));
        let text = "Ann Lee Ann ".repeat(n);
        put(
            at,
            "a.jsonl",
            format!("{{\"text\":\"{text}\",\"mentions\":[{{\"start\":0,\"end\":7,\"label\":\"PER\"}}]}}\n"),
        );
    }),
];

/// How far from proportion a run may be: start-up, caches and chance.
const SLACK: f64 = 1.7;

#[test]
#[ignore = "takes minutes"]
fn growth_is_near_linear() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut wrong = Vec::new();
    println!("{:<40} {:>9} {:>23} {:>23}", "case", "size", "CPU s at 1x, 2x, 4x", "MB at 1x, 2x, 4x");
    for &(name, arguments, size, make) in CASES {
        let runs: Vec<Used> = [1, 2, 4]
            .into_iter()
            .map(|times| {
                make(size * times, folder.path());
                used(folder.path(), arguments)
            })
            .collect();
        let [one, two, four] = &runs[..] else { unreachable!("three sizes") };
        println!(
            "{name:<40} {size:>9} {:>7.2} {:>7.2} {:>7.2} {:>7.0} {:>7.0} {:>7.0}",
            one.seconds, two.seconds, four.seconds, one.megabytes, two.megabytes, four.megabytes
        );
        if let Some(bad) = runs.iter().find(|run| run.code != 0) {
            let stderr = fs::read_to_string(folder.path().join("stderr")).unwrap_or_default();
            wrong.push(format!("{name}: exit code {}: {stderr}", bad.code));
        }
        if four.seconds > 4.0 * SLACK * one.seconds + 0.5 {
            wrong.push(format!("{name}: {:.2} s, then {:.2} s for four times as much", one.seconds, four.seconds));
        }
        if four.megabytes > 4.0 * one.megabytes + 50.0 {
            wrong.push(format!("{name}: {:.0} MB, then {:.0} MB", one.megabytes, four.megabytes));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Bytes that are no sound input of any kind.
fn bad() -> Vec<(&'static str, Vec<u8>)> {
    let long = |part: &str, n: usize| part.repeat(n).into_bytes();
    let mut gzip = b"\x1f\x8b\x08\0\0\0\0\0\0\x03".to_vec();
    gzip.extend([0xff; 40]);
    vec![
        ("nothing", Vec::new()),
        ("one byte", vec![0x80]),
        ("NUL", vec![0; 4096]),
        ("every byte", (0..=255).collect()),
        ("latin-1", b"Z\xfcrich, Malm\xf6".to_vec()),
        ("UTF-16 cut", b"\xff\xfeO\0s\0l".to_vec()),
        ("UTF-16 surrogates", b"\xff\xfe\0\xd8\0\xd8".to_vec()),
        ("UTF-32", b"\xff\xfe\0\0O\0\0\0".to_vec()),
        ("overlong UTF-8", b"Oslo \xc0\xaf \xe0\x80\xaf \xed\xa0\x80 \xf8\x88\x80\x80\x80".to_vec()),
        ("marks of order", b"\xef\xbb\xbf\xef\xbb\xbfOslo".to_vec()),
        ("carriage returns", b"Oslo\rBonn\r\r\nRome\n\r".to_vec()),
        ("gzip of nothing", gzip),
        ("gzip header", b"\x1f\x8b".to_vec()),
        ("zstd header", b"\x28\xb5\x2f\xfd\xff\xff\xff\xff\xff\xff\xff".to_vec()),
        ("PNG", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec()),
        ("PDF", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj".to_vec()),
        ("SQLite", b"SQLite format 3\0\x10\0\x01\x01".to_vec()),
        ("open braces", long("{", 100_000)),
        ("open brackets", long("[", 100_000)),
        ("open objects", long("{\"a\":", 50_000)),
        ("half an object", b"{\"text\":\"Oslo\",\"mentions\":[{\"start\":0,".to_vec()),
        ("no text", b"{\"id\":1}\n{\"text\":7}\n{\"text\":null}\n[]\n7\n\"a\"\nnull\n".to_vec()),
        ("half a pair", b"{\"text\":\"\\ud83d\"}\n{\"text\":\"\\udc00 Oslo\"}\n".to_vec()),
        (
            "huge offsets",
            b"{\"text\":\"Oslo\",\"mentions\":[{\"start\":0,\"end\":18446744073709551615,\"label\":\"LOC\"}]}\n"
                .to_vec(),
        ),
        (
            "negative offsets",
            b"{\"text\":\"Oslo\",\"mentions\":[{\"start\":-1,\"end\":4,\"label\":\"LOC\"}]}\n".to_vec(),
        ),
        ("fractions", b"{\"text\":\"Oslo\",\"mentions\":[{\"start\":0.5,\"end\":1e9,\"label\":\"LOC\"}]}\n".to_vec()),
        ("turned offsets", b"{\"text\":\"Oslo\",\"mentions\":[{\"start\":4,\"end\":0,\"label\":\"LOC\"}]}\n".to_vec()),
        ("empty label", b"{\"text\":\"Oslo\",\"mentions\":[{\"start\":0,\"end\":4,\"label\":\"\"}]}\n".to_vec()),
        ("fields twice", b"{\"text\":\"Oslo\",\"text\":\"Bonn\"}\n".to_vec()),
        (
            "strange mentions",
            b"{\"text\":\"Oslo\",\"mentions\":{\"a\":[1]}}\n{\"text\":\"Oslo\",\"entities\":[[0,4]]}\n".to_vec(),
        ),
        ("numbers", b"{\"text\":\"Oslo\",\"n\":1e999999,\"id\":123456789012345678901234567890}\n".to_vec()),
        ("open tags", long("<div><table><tr><td>", 10_000)),
        ("broken page", b"<!DOCTYPE html><html><body><p>Oslo<script>if (a < b) {</p><!-- <style>".to_vec()),
        ("page of NUL", b"<html>\0\0<body>\0Oslo\xff".to_vec()),
        ("references", long("<p>&#x110000;&#0;&#xd800;&nosuch;", 1_000)),
        ("ragged rows", b"Oslo B-LOC\nis\n\nBonn O O O\n".to_vec()),
        ("tags against the scheme", b"Oslo I-LOC\nis L-PER\nx U-\ny B-\nz -\n".to_vec()),
        ("marks of documents", long("-DOCSTART-\n", 10_000)),
        ("tabs", long("\t", 100_000)),
        ("quotes", long("\"", 100_001)),
        ("a table without rows", b"doc\tstart\tend\tlabel\n".to_vec()),
        ("a table of rubbish", b"doc\tstart\tend\tlabel\na\tx\ty\tPER\na\t-1\t99999999999999999999\t\n".to_vec()),
        ("a table of names", b"canonical\talias\tlabel\n\t\t\n\x00\t\xff\tPER\n".to_vec()),
        ("commas", b"id,text,start,end,label\na,Oslo,0,4,LOC\na,\"Os\"\"lo,0,,\n".to_vec()),
        (
            "annotations",
            b"T1\tLOC 0 4\tOslo\nT1\tLOC 99 4\tx\nR1\t\nE\nT2\tLOC 0 2;3 9999999999999999999\tO\n".to_vec(),
        ),
        ("controls", b"Maria \x1b]0;x\x07Lopez \x08\x0c\x0b\x7f".to_vec()),
        ("directions", "Maria \u{202e}zepoL\u{2066} \u{2028}\u{2029}\u{85}".into()),
        ("marks on marks", format!("o{}", "\u{301}".repeat(50_000)).into_bytes()),
        ("private and unassigned", "\u{e000}\u{fffe}\u{10ffff}\u{e0100}".repeat(1_000).into_bytes()),
        (
            "a table of pseudonyms",
            b"{\"table\":\"allonym redact\",\"version\":1,\"style\":\"numbers\",\"seed\":-1}\n{\"pseudonym\":\"\"}\n"
                .to_vec(),
        ),
    ]
}

#[test]
#[ignore = "takes minutes"]
fn growth_of_no_bad_input_ends_a_run() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = folder.path();
    let model = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/models/bert").display().to_string();
    fs::write(at.join("good.jsonl"), names("PER", ["Ann Lee".to_owned()].into_iter())).expect("a file");
    let (mut n, mut wrong) = (0, Vec::new());
    let mut seen = [0; 3];
    for (name, bytes) in bad() {
        for end in ["txt", "jsonl", "conll", "html", "tsv", "csv", "json", "ann", "gz", "zst"] {
            let file = format!("x.{end}");
            put(at, &file, &bytes);
            let mut lines =
                vec![format!("convert {file} -o o.jsonl"), format!("eval good.jsonl {file} --allow-missing")];
            if ["txt", "jsonl", "tsv", "csv"].contains(&end) {
                lines.push(format!("tag {file} --model {model} -o o.jsonl"));
                lines.push(format!("link {file} -o o.jsonl"));
                lines.push(format!("link good.jsonl --aliases {file} -o o.jsonl"));
                lines.push(format!("link good.jsonl --kb {file} -o o.jsonl"));
                lines.push(format!("redact {file} --given --to jsonl --table t -o o.jsonl"));
                lines.push(format!("redact good.jsonl --given --table {file} -o o.jsonl"));
                lines.push(format!("redact --undo {file} --table {file} -o o.jsonl"));
            }
            for line in lines {
                let _ = fs::remove_file(at.join("t"));
                put(at, &file, &bytes);
                let Used { code, seconds, megabytes } = used(at, &line);
                n += 1;
                match usize::try_from(code) {
                    Ok(code @ 0..=2) => seen[code] += 1,
                    _ => wrong.push(format!("{name}: {line}: exit code {code}")),
                }
                if seconds > 20.0 || megabytes > 1_000.0 {
                    wrong.push(format!("{name}: {line}: {seconds:.1} s, {megabytes:.0} MB"));
                }
            }
            fs::remove_file(at.join(&file)).expect("the file is there");
        }
    }
    println!("{n} runs on bad inputs: {} ended with 0, {} with 1, {} with 2", seen[0], seen[1], seen[2]);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(seen.iter().all(|n| *n > 20), "{seen:?}");
}
