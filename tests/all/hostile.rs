//! Nothing that is read can hurt: what is too much, or no text at all, is an error that costs one document.
#![cfg(all(unix, feature = "embedded-model"))]

use std::path::Path;

use crate::cli::stdout;
use crate::outputs::{shell, stderr};

/// Runs a line in a new folder, with two gigabytes of memory and a minute.
fn run(line: &str) -> std::process::Output {
    let folder = tempfile::tempdir().expect("a folder");
    let model = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/models/bert");
    let line = format!("ulimit -t 60; MODEL={}; {line}", model.display());
    shell(folder.path(), &line)
}

/// Each line ends with this code and says these words on stderr.
fn check(cases: &[(&str, i32, &[&str])]) {
    for (line, code, words) in cases {
        let run = run(line);
        assert_eq!(run.status.code(), Some(*code), "{line}: {}", stderr(&run));
        for word in *words {
            assert!(stderr(&run).contains(word), "{line}: expected {word:?}, found {}", stderr(&run));
        }
    }
}

#[test]
fn pages_that_are_nested_without_end_cost_themselves_only() {
    let page = |part: &str, n: usize| {
        format!(
            "mkdir d; echo Oslo > d/z.txt; python3 -c \"print('<!DOCTYPE html><html><body>'+'{part}'*{n}+'Maria Lopez')\" > d/b.html; \
             allonym tag d"
        )
    };
    for (part, n) in [("<span>", 26_500), ("<table><tr><td>", 7_000), ("<blockquote>", 100_000), ("<ul><li>", 10_000)] {
        let run = run(&page(part, n));
        assert_eq!(run.status.code(), Some(1), "{part}: {}", stderr(&run));
        assert!(
            stderr(&run).contains("d/b.html:1: expected at most 1000 elements inside each other"),
            "{}",
            stderr(&run)
        );
        assert_eq!(stdout(&run).lines().count(), 1, "{part}");
    }
    let run = run(&page("<div>", 300));
    assert_eq!((run.status.code(), stdout(&run).lines().count()), (Some(0), 2), "{}", stderr(&run));
}

#[test]
fn pipes_are_scored_as_files_are() {
    let gold = r#"printf '{"id":"a","text":"Maria Lopez left Oslo.","mentions":[{"start":0,"end":11,"label":"PER"}]}\n' > g.jsonl; printf 'doc\tstart\tend\tlabel\na\t0\t11\tPER\n' > p.tsv; "#;
    for scored in [
        "allonym eval <(cat g.jsonl) <(cat g.jsonl) --report json",
        "allonym eval g.jsonl <(cat p.tsv) --report json",
        "allonym eval g.jsonl - --report json < p.tsv",
        "allonym eval g.jsonl <(tr '\\t' ';' < p.tsv) --report json",
        "allonym eval g.jsonl - --report json < <(tr '\\t' , < p.tsv)",
        "mkfifo f; cat g.jsonl > f & allonym eval g.jsonl f --report json",
        "allonym eval g.jsonl /dev/stdin --report json --train <(cat g.jsonl) < g.jsonl",
    ] {
        let run = run(&format!("{gold}{scored}"));
        assert_eq!(run.status.code(), Some(0), "{scored}: {}", stderr(&run));
        let report: serde_json::Value = serde_json::from_str(stdout(&run)).expect("a report");
        assert_eq!(report["metrics"]["f1"], 1.0, "{scored}");
        // The hash of nothing.
        assert!(!stdout(&run).contains("e3b0c44298fc1c14"), "{scored}");
    }
}

#[test]
fn what_is_too_large_is_an_error() {
    check(&[
        (
            "head -c 70000000 /dev/zero > a.txt; allonym tag a.txt",
            1,
            &["a.txt: cannot be read: expected at most 67108864 bytes in a document (--max-document)"],
        ),
        ("printf 'Maria Lopez' | allonym tag --max-document 5", 1, &["at most 5 bytes"]),
        (
            "printf '{\"text\":\"Oslo\"}\\n{\"text\":\"Maria Lopez in Oslo\"}\\n{\"text\":\"Bonn\"}\\n' | allonym tag --max-document 16B",
            1,
            &[":2: expected at most 16 bytes", "2 documents tagged"],
        ),
        (
            "(printf -- '-DOCSTART- O\\n\\n'; yes 'Oslo O' | head -1000; printf -- '-DOCSTART- O\\n\\nBonn O\\n') | allonym tag --from conll --max-document 1kB",
            1,
            &["at most 1000 bytes", "1 document tagged"],
        ),
        (
            "printf '[\n{\"text\":\"Oslo\"},\n{\"text\":\"Bonn\"}]' | allonym tag --from jsonl --max-document 14B",
            1,
            &[":2: expected at most 14 bytes", ":3: expected at most 14 bytes"],
        ),
        (
            "printf '[\n{\"text\":\"Oslo\"},\n{\"text\":\"Maria Lopez\"},\n{\"text\":\"Bonn\"}]' | allonym tag --from jsonl --max-document 16B",
            1,
            &[":3: expected at most 16 bytes", "2 documents tagged"],
        ),
        (
            "(printf '{\"of\":1,\"articles\":['; yes '{\"text\":\"Bonn\"},' | head -300000; printf 'null]}') > a.json; \
             test $(allonym convert a.json --max-document 1MB | tail -1 | grep -c a:300000) = 1",
            0,
            &["300,000 documents converted", "a.json: fields beside the list of documents not read: of"],
        ),
        (
            "printf '[\n{\"text\":\"Oslo\"},\n{\"text\":\"Bonn\"}]' | allonym tag --max-document 64B",
            0,
            &["2 documents tagged"],
        ),
        (
            "yes | tr -d '\\n' | head -c 3000000 | allonym tag --from jsonl --max-document 1MB",
            1,
            &["at most 1000000 bytes"],
        ),
        (
            "printf 'id,text\na,Oslo\nb,Maria Lopez went to Oslo\nc,Bonn\n' | allonym tag --from csv --max-document 16B",
            1,
            &[":3: expected at most 16 bytes", "2 documents tagged"],
        ),
        (
            "(printf 'id,text\na,Oslo\nb,\"'; head -c 2000000 /dev/zero | tr '\\0' a) | allonym tag --from csv --max-document 1MB",
            1,
            &["at most 1000000 bytes", "1 document tagged"],
        ),
        #[cfg(feature = "arrow")]
        (
            "printf '{\"text\":\"Oslo\"}\n{\"text\":\"Maria Lopez went to Oslo\"}\n{\"text\":\"Bonn\"}\n' | allonym convert --to parquet -o a.parquet; \
             allonym tag a.parquet --max-document 16B",
            1,
            &[
                "a.parquet: row group 1, row 2: expected at most 16 bytes in a document (--max-document)",
                "2 documents tagged",
            ],
        ),
        #[cfg(feature = "arrow")]
        (
            "echo '{\"text\":\"Oslo\"}' | allonym convert --to parquet -o a.parquet; head -c 400 a.parquet > b.parquet; allonym tag b.parquet",
            1,
            &["b.parquet: expected a Parquet file, found something else"],
        ),
        #[cfg(feature = "arrow")]
        (
            "printf 'PAR1\\377\\377\\377\\377PAR1' > a.parquet; allonym tag a.parquet",
            1,
            &["a.parquet: expected a Parquet file, found something else"],
        ),
        #[cfg(feature = "arrow")]
        (
            "printf '\\377\\377\\377\\377\\377\\377\\377\\177' | allonym tag --from arrow",
            1,
            &["expected a stream or file of Arrow, found a length of"],
        ),
        #[cfg(feature = "arrow")]
        (
            "echo '{\"text\":\"Oslo\"}' | allonym convert --to arrow | head -c 900 | allonym tag",
            1,
            &["expected a stream or file of Arrow, found the end of the input"],
        ),
        ("allonym tag --max-document 64MX", 2, &["expected a size such as 64MiB"]),
        (
            "head -c 300000000 /dev/zero | gzip > a.gz; allonym tag a.gz --from jsonl",
            1,
            &["at most 250 times the size of the compressed file"],
        ),
        (
            "head -c 300000000 /dev/zero | gzip > a.gz; allonym tag a.gz --from text --max-document 1GiB",
            1,
            &["at most 250 times the size of the compressed file"],
        ),
        (
            "head -c 300000000 /dev/zero | gzip > a.gz; echo Oslo | allonym tag --aliases a.gz",
            2,
            &["at most 250 times"],
        ),
    ]);
}

#[test]
fn arguments_of_any_size_and_bytes_are_refused_or_work() {
    check(&[
        (
            "echo '{\"text\":\"\"}' > a.jsonl; allonym eval a.jsonl a.jsonl -o $'\\xff.txt'; test -s $'\\xff.txt'",
            0,
            &[],
        ),
        ("echo '{\"text\":\"\"}' > a.jsonl; allonym eval a.jsonl a.jsonl --samples 4294967295", 2, &["1000000"]),
        ("allonym tag $'\\xff.txt'", 2, &[]),
        ("allonym tag \"$(printf '{a,%.0s' $(seq 2000))\"", 2, &["expected a pattern"]),
        ("allonym tag \"*$(printf 'a%.0s' $(seq 10000))\"", 2, &["expected a pattern"]),
        ("allonym tag --threads 1000000 --text Oslo", 2, &["1000000"]),
    ]);
}

#[test]
fn a_line_of_many_fields_takes_no_longer_than_its_length() {
    let line = "python3 -c \"import json; f={'f%d'%i:i for i in range(300000)}; \
                print(json.dumps({'text':'Maria Lopez','mentions':[dict(f,start=0,end=5,label='PER')],**f}))\" > a.jsonl; \
                allonym convert a.jsonl -o b.jsonl; test $(wc -c < b.jsonl) -gt 8000000";
    let of_another_tool = line.replace("'mentions'", "'entities'");
    check(&[(line, 0, &[]), (&of_another_tool, 0, &[])]);
}

#[test]
fn damaged_models_are_errors() {
    let nan = "mkdir m; cp $MODEL/* m; python3 - <<'E'\nimport struct,json\np='m/model.safetensors'; b=bytearray(open(p,'rb').read()); n=struct.unpack('<Q',b[:8])[0]\n\
               h=json.loads(b[8:8+n]); k=[k for k in h if k.endswith('query.weight')][0]; at=8+n+h[k]['data_offsets'][0]\nb[at:at+4]=struct.pack('<f',float('nan')); open(p,'wb').write(b)\nE\n";
    for precision in ["f32", "int8"] {
        let line = format!("{nan} allonym tag --text Oslo --model m --precision {precision}");
        check(&[(&line, 2, &["query.weight: expected finite numbers"])]);
    }
    check(&[
        (&format!("{nan} allonym models check m"), 2, &["expected finite numbers"]),
        (
            "mkdir m; cp $MODEL/* m; head -c 1323 $MODEL/tokenizer.json > m/tokenizer.json; allonym tag --text Oslo --model m",
            2,
            &["m/tokenizer.json: expected a tokenizer.json"],
        ),
        (
            "mkdir m; cp $MODEL/* m; rm m/model.safetensors; echo '{\"weight_map\":{\"a\":\"../../etc/passwd\"}}' > m/model.safetensors.index.json; allonym tag --text Oslo --model m",
            2,
            &["expected the name of a file in the model's folder, found \"../../etc/passwd\""],
        ),
    ]);
}

#[test]
fn nothing_that_is_read_commands_a_terminal() {
    let escape = "printf 'Oslo' > $'a\\e]0;x\\a\\nerror: b.txt'; ";
    let gold = r#"printf '{"id":"a\u001b[31m","text":"Maria\u001b[31m Lopez","mentions":[{"start":0,"end":5,"label":"PER\u001b[31m"}]}\n' > g.jsonl; "#;
    for line in [
        format!("{escape} allonym tag * --from jsonl"),
        format!("{escape} allonym tag --from jsonl *"),
        format!("{gold} allonym eval g.jsonl g.jsonl"),
        format!("{gold} allonym eval g.jsonl g.jsonl --report md"),
        format!("{gold} allonym eval g.jsonl g.jsonl --report html"),
        format!("{gold} sed 's/Maria/Marie/' g.jsonl > p.jsonl; allonym eval g.jsonl p.jsonl"),
        "allonym tag $'\\e]0;x\\a'".to_owned(),
        "allonym tag --text Oslo --model $'\\e]0;x\\a'".to_owned(),
        "mkdir m; cp $MODEL/* m; sed -i 's/\"gelu\"/\"\\\\u001b[31m\"/' m/config.json; allonym tag --text Oslo --model m".to_owned(),
    ] {
        let run = run(&line);
        for (name, bytes) in [("stdout", &run.stdout), ("stderr", &run.stderr)] {
            assert!(!bytes.contains(&0x1b) && !bytes.contains(&7), "{line}: {name}");
        }
        assert!(!stderr(&run).lines().any(|line| line.starts_with("error: b")), "{line}: {}", stderr(&run));
    }
}

#[test]
fn compressed_bytes_do_not_depend_on_threads() {
    let line = "python3 -c \"print('\\n'.join('{\\\"text\\\":\\\"Maria Lopez of Oslo met Bob in Bonn, %d times.\\\"}' % i for i in range(600)))\" > a.jsonl; \
                for n in 1 2 7; do for end in gz zst; do allonym tag a.jsonl -o $n.$end --to jsonl --threads $n; done; done; \
                cmp 1.gz 2.gz && cmp 1.gz 7.gz && cmp 1.zst 2.zst && cmp 1.zst 7.zst";
    check(&[(line, 0, &[])]);
}

#[test]
fn many_places_labels_and_words_are_linked_and_scored_in_time() {
    let places = "python3 -c \"import json,random; random.seed(1); w=['%s%s'%(a,b) for a in ['Ka','Lo','Mi','Nu','Pe','Ra','So','Ti','Vu','Za'] for b in ['bor','din','fel','gat','hul','jas','kem','lom','mir','nov']]\n\
                  names=[' '.join(random.sample(w,random.choice([1,2]))).title()+str(i) for i in range(20000)]; t=''; m=[]\n\
                  for n in names: m.append({'start':len(t),'end':len(t)+len(n),'label':'LOC'}); t+=n+', '\n\
                  print(json.dumps({'text':t,'mentions':m}))\" > a.jsonl; ";
    let words = "python3 -c \"import json,random; random.seed(1); t=''; m=[]\n\
                 for i in range(50):\n n=' '.join('W%dx%d'%(random.randrange(900),i%7) for _ in range(400)); m.append({'start':len(t),'end':len(t)+len(n),'label':'PER'}); t+=n+'. '\n\
                 print(json.dumps({'text':t,'mentions':m}))\" > a.jsonl; ";
    let labels = "python3 -c \"import json; t='x '*20000; print(json.dumps({'text':t,'mentions':[{'start':2*i,'end':2*i+1,'label':'L%d'%i} for i in range(20000)]}))\" > a.jsonl; ";
    for (made, line, code) in [
        (places, "allonym link a.jsonl -o b.jsonl", 0),
        (words, "allonym link a.jsonl -o b.jsonl", 0),
        (words, "allonym link a.jsonl --within -o b.jsonl", 0),
        (labels, "ulimit -v 4000000; allonym eval a.jsonl a.jsonl", 2),
    ] {
        let run = run(&format!("{made}ulimit -t 30; {line}"));
        assert_eq!(run.status.code(), Some(code), "{line}: {}", stderr(&run));
    }
}

#[test]
fn rows_whose_tokens_have_blanks_can_be_read_again() {
    let made = "printf 'Maria B-PER\\nleft O\\n4 hours O\\n' > b.conll; ";
    let line =
        format!("{made} allonym convert b.conll --to conll -o c.conll && allonym eval b.conll c.conll && cat c.conll");
    let run = run(&line);
    assert_eq!(run.status.code(), Some(0), "{}", stderr(&run));
    assert!(stdout(&run).contains("4 hours\tO\tO\n"), "{}", stdout(&run));
}
