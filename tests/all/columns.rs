//! Arrow and Parquet, in the library and in the program.

use std::io::Cursor;
use std::path::Path;
use std::process::Output;
use std::sync::Arc;

use allonym::io::arrow::{BatchDocuments, SCHEMA_VERSION, schema, to_batch};
use allonym::io::{Documents, Format, ReadOptions, WriteOptions, Writer};
use allonym::text::OffsetUnit;
use allonym::{Document, Label, Mention, Span};
use arrow_array::builder::{ListBuilder, StringBuilder};
use arrow_array::types::Int32Type;
use arrow_array::{
    Array, ArrayRef, BinaryArray, Date32Array, Decimal128Array, DictionaryArray, Float64Array, Int64Array,
    LargeStringArray, RecordBatch, StringArray, StringViewArray, StructArray, TimestampMicrosecondArray,
};
use arrow_schema::{DataType, Field, Schema};
use assert_cmd::Command;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::file::properties::WriterProperties;

/// Documents with everything that JSONL holds, and that columns have a place for.
const LINES: &str = concat!(
    "{\"id\":\"a\",\"text\":\"Żółć 😀 Oslo\\r\\n\",\"offsets\":\"char\",\"mentions\":[{\"start\":7,\"end\":11,\"text\":\"Oslo\",\"label\":\"LOC\",",
    "\"score\":0.9813,\"entity\":\"e1\"}],\"entities\":[{\"id\":\"e1\",\"name\":\"Oslo\",\"label\":\"LOC\",\"aliases\":[\"Oslo\"],",
    "\"kb\":{\"geonames\":\"3143244\",\"wikidata\":\"Q585\"},\"mentions\":1,\"candidates\":[{\"entity\":\"e2\"}]}],",
    "\"n\":1,\"ratio\":0.5,\"tags\":[\"x\",null],\"source\":{\"name\":\"wire\",\"rank\":2},\"is_new\":true}\n",
    "{\"id\":\"b\",\"text\":\"\",\"offsets\":\"char\",\"mentions\":[],\"n\":null,\"ratio\":2.0,\"tags\":[],\"source\":{\"name\":null,\"rank\":3},\"is_new\":null}\n",
    "{\"id\":\"c\",\"text\":\"Bonn\",\"offsets\":\"char\",\"mentions\":[{\"start\":0,\"end\":4,\"text\":\"Bonn\",\"label\":\"LOC\"}],\"n\":3,\"ratio\":null,\"tags\":null,",
    "\"source\":null,\"is_new\":false,\"huge\":18446744073709551615,\"mixed\":\"x\"}\n",
    "{\"id\":\"d\",\"text\":\"Rome\",\"offsets\":\"char\",\"mentions\":[],\"n\":4,\"ratio\":null,\"tags\":null,\"source\":null,\"is_new\":false,\"huge\":null,\"mixed\":7}\n",
);

fn read(bytes: Vec<u8>, name: &str) -> Vec<Result<Document, String>> {
    read_with(bytes, name, &ReadOptions::default())
}

fn read_with(bytes: Vec<u8>, name: &str, options: &ReadOptions) -> Vec<Result<Document, String>> {
    let message = |error: allonym::io::Error| {
        let cause = std::error::Error::source(&error).map_or(String::new(), |cause| format!(": {cause}"));
        format!("{error}{cause}")
    };
    Documents::read(Cursor::new(bytes), name, options).map(|document| document.map_err(message)).collect()
}

fn sound(bytes: Vec<u8>, name: &str) -> Vec<Document> {
    read(bytes, name).into_iter().map(|document| document.expect("it is sound")).collect()
}

fn write(documents: &[Document], format: Format) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut writer = Writer::new(format, &mut bytes, WriteOptions::default()).expect("a vector takes everything");
    documents.iter().for_each(|document| writer.write(document).expect("it can be written"));
    writer.finish().expect("it ends");
    bytes
}

fn arrow_file(documents: &[Document]) -> Vec<u8> {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("a.arrow");
    let mut writer = Writer::create(Format::Arrow, &path, WriteOptions::default()).expect("a file");
    documents.iter().for_each(|document| writer.write(document).expect("it can be written"));
    writer.finish().expect("it ends");
    std::fs::read(path).expect("it is there")
}

fn parquet_of(batch: &RecordBatch, properties: WriterProperties) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), Some(properties)).expect("a schema");
    writer.write(batch).expect("it is written");
    writer.close().expect("it ends");
    bytes
}

fn batch(columns: Vec<(&str, ArrayRef)>) -> RecordBatch {
    let fields: Vec<Field> =
        columns.iter().map(|(name, column)| Field::new(*name, column.data_type().clone(), true)).collect();
    let columns = columns.into_iter().map(|(_, column)| column).collect();
    RecordBatch::try_new(Arc::new(Schema::new(fields)), columns).expect("columns of one length")
}

fn texts(texts: &[&str]) -> ArrayRef {
    Arc::new(StringArray::from(texts.to_vec()))
}

fn stored(bytes: &[u8]) -> RecordBatch {
    let reader = ParquetRecordBatchReaderBuilder::try_new(bytes::Bytes::copy_from_slice(bytes)).expect("Parquet");
    let schema = reader.schema().clone();
    let batches: Vec<RecordBatch> = reader.build().expect("it opens").map(|batch| batch.expect("it is read")).collect();
    arrow_select::concat::concat_batches(&schema, &batches).expect("one schema")
}

fn allonym(folder: &Path, args: &[&str], stdin: impl Into<Vec<u8>>) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_allonym"));
    command.current_dir(folder).args(args).write_stdin(stdin).output().expect("it runs")
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("text")
}

fn err(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn everything_comes_back() {
    let documents = sound(LINES.as_bytes().to_vec(), "a.jsonl");
    for (name, bytes) in [
        ("a.parquet", write(&documents, Format::Parquet)),
        ("a.arrows", write(&documents, Format::Arrow)),
        ("a.arrow", arrow_file(&documents)),
    ] {
        // By its first bytes too.
        assert_eq!(sound(bytes.clone(), "a"), sound(bytes.clone(), name), "{name}");
        let lines = String::from_utf8(write(&sound(bytes, name), Format::Jsonl)).expect("JSONL is text");
        assert_eq!(lines, LINES, "{name}");
    }
}

#[test]
fn the_schema_is_the_documented_one() {
    let documents = [Document::new("a", "Oslo")];
    let batch = to_batch(&documents, &WriteOptions::default()).expect("sound documents");
    assert_eq!(batch.schema(), schema());
    assert_eq!(batch.schema().metadata()["allonym.schema"], SCHEMA_VERSION);
    let kinds: Vec<String> = schema().fields().iter().map(|field| field.data_type().to_string()).collect();
    let mentions = "List(non-null Struct(\"start\": non-null Int64, \"end\": non-null Int64, \"text\": non-null Utf8, \
                    \"label\": non-null Utf8, \"score\": Float32, \"entity\": Utf8))";
    let entities = "List(non-null Struct(\"id\": non-null Utf8, \"name\": non-null Utf8, \"label\": non-null Utf8, \
                    \"aliases\": non-null List(non-null Utf8), \
                    \"kb\": non-null List(non-null Struct(\"base\": non-null Utf8, \"id\": non-null Utf8)), \
                    \"mentions\": non-null Int64, \"extra\": Utf8))";
    assert_eq!(kinds, ["Utf8", "Utf8", mentions, entities]);
    // An output without documents has its columns as well.
    let empty = stored(&write(&[], Format::Parquet));
    assert_eq!((empty.num_rows(), empty.schema().fields().clone()), (0, schema().fields().clone()));
}

#[test]
fn offsets_have_the_unit_that_the_file_says() {
    let mut document = Document::new("a", "Żółć 😀 Oslo");
    let start = document.text.find("Oslo").expect("it is there");
    document.mentions.push(Mention::new(Span::new(start, start + 4), Label::new("LOC")));
    for unit in OffsetUnit::ALL {
        let options = WriteOptions::default().offsets(unit);
        let batch = to_batch(std::slice::from_ref(&document), &options).expect("a sound document");
        let mut again = BatchDocuments::read(&batch, "batch", &ReadOptions::default()).expect("sound columns");
        assert_eq!(again.next().expect("one row").expect("a sound row"), document, "{unit}");
        // Programs that know no metadata drop them; the texts of the mentions tell.
        let bare =
            RecordBatch::try_new(Arc::new(Schema::new(batch.schema().fields().clone())), batch.columns().to_vec());
        let bare = bare.expect("the same columns");
        let mut again = BatchDocuments::read(&bare, "batch", &ReadOptions::default()).expect("sound columns");
        let result = again.next().expect("one row").map_err(|error| error.to_string());
        match unit {
            OffsetUnit::Char => assert_eq!(result, Ok(document.clone())),
            unit => {
                let error = result.expect_err("they are no characters");
                assert!(error.starts_with("batch: row 1: expected \"Oslo\" at "), "{error}");
                assert!(error.ends_with(&format!("; as {unit} offsets they fit")), "{error}");
            }
        }
    }
}

#[test]
fn other_columns_keep_their_types() {
    let mut tags = ListBuilder::new(StringBuilder::new());
    tags.append_value([Some("a"), None]);
    tags.append_null();
    let words: DictionaryArray<Int32Type> = [Some("wire"), None].into_iter().collect();
    let given = batch(vec![
        ("key", Arc::new(Int64Array::from(vec![7, 8]))),
        ("body", texts(&["Oslo", "Bonn"])),
        ("day", Arc::new(Date32Array::from(vec![Some(19874), None]))),
        ("at", Arc::new(TimestampMicrosecondArray::from(vec![1, 2]).with_timezone("UTC"))),
        ("price", Arc::new(Decimal128Array::from(vec![125, 5]).with_precision_and_scale(9, 2).expect("it fits"))),
        ("ratio", Arc::new(Float64Array::from(vec![f64::NAN, f64::INFINITY]))),
        ("bytes", Arc::new(BinaryArray::from_vec(vec![b"\xFF\x00", b""]))),
        ("large", Arc::new(LargeStringArray::from(vec![Some("x"), None]))),
        ("tags", Arc::new(tags.finish())),
        ("agency", Arc::new(words)),
        ("label", Arc::new(StringArray::from(vec![None::<&str>, None]))),
    ]);
    let bytes = parquet_of(&given, WriterProperties::default());
    let options = ReadOptions::default().text_field("body").id_field("key");
    let documents: Vec<Document> =
        read_with(bytes, "a.parquet", &options).into_iter().map(|document| document.expect("it is sound")).collect();
    assert_eq!((documents[0].id.as_str(), documents[1].id.as_str()), ("7", "8"));
    let lines = String::from_utf8(write(&documents, Format::Jsonl)).expect("JSONL is text");
    assert_eq!(
        lines.lines().next().expect("a line"),
        "{\"id\":7,\"text\":\"Oslo\",\"offsets\":\"char\",\"mentions\":[],\"day\":\"2024-05-31\",\"at\":\"1970-01-01T00:00:00.000001Z\",\
         \"price\":1.25,\"ratio\":null,\"bytes\":\"/wA=\",\"large\":\"x\",\"tags\":[\"a\",null],\"agency\":\"wire\",\"label\":null}"
    );
    let written = stored(&write(&documents, Format::Parquet));
    let schema = written.schema();
    let names: Vec<&str> = schema.fields().iter().map(|field| field.name().as_str()).collect();
    let others = ["day", "at", "price", "ratio", "bytes", "large", "tags", "agency", "label"];
    assert_eq!(names, [&["id", "text", "mentions", "entities"][..], &others[..]].concat());
    assert_eq!(written.column_by_name("id"), given.column_by_name("key"));
    for name in others {
        let (got, want) =
            (written.column_by_name(name).expect("it is there"), given.column_by_name(name).expect("it is"));
        assert_eq!(got.data_type(), want.data_type(), "{name}");
        assert_eq!(got.to_data(), want.to_data(), "{name}");
    }
    // A field that was changed is written as it is now.
    let mut changed = documents;
    changed[0].extra.insert("large".to_owned(), "Person 1".into());
    let written = to_batch(&changed, &WriteOptions::default()).expect("sound documents");
    let large: LargeStringArray = written.column_by_name("large").expect("it is there").to_data().into();
    assert_eq!(large.iter().collect::<Vec<_>>(), [Some("Person 1"), None]);
}

#[test]
fn texts_may_be_stored_in_any_way() {
    let words: DictionaryArray<Int32Type> = ["Oslo", "Bonn", "Oslo"].into_iter().collect();
    let list = ["Oslo", "Bonn", "Oslo"];
    let columns: [ArrayRef; 5] = [
        texts(&list),
        Arc::new(LargeStringArray::from(list.to_vec())),
        Arc::new(StringViewArray::from(list.to_vec())),
        Arc::new(BinaryArray::from_vec(list.iter().map(|text| text.as_bytes()).collect())),
        Arc::new(words),
    ];
    for column in columns {
        let kind = column.data_type().clone();
        let given = batch(vec![("id", column.clone()), ("text", column)]);
        for (name, bytes) in
            [("a.parquet", parquet_of(&given, WriterProperties::default())), ("a.arrows", stream_of(&given))]
        {
            let got: Vec<(String, String)> = sound(bytes, name).into_iter().map(|d| (d.id, d.text)).collect();
            let want = list.map(|text| (text.to_owned(), text.to_owned()));
            assert_eq!(got, want, "{kind} {name}");
        }
    }
}

fn stream_of(batch: &RecordBatch) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut writer = arrow_ipc::writer::StreamWriter::try_new(&mut bytes, &batch.schema()).expect("a schema");
    writer.write(batch).expect("it is written");
    writer.finish().expect("it ends");
    drop(writer);
    bytes
}

#[test]
fn a_row_that_cannot_be_read_costs_one_document() {
    let bad = batch(vec![
        ("id", texts(&["a", "b", "c", "d"])),
        ("text", Arc::new(BinaryArray::from(vec![Some(&b"Oslo"[..]), Some(b"O\xFFslo"), None, Some(b"Bonn")]))),
    ]);
    let properties = || WriterProperties::builder().set_max_row_group_row_count(Some(2)).build();
    for (name, bytes, places) in [
        ("a.parquet", parquet_of(&bad, properties()), ["row group 1, row 2", "row group 2, row 3"]),
        ("a.arrows", stream_of(&bad), ["record batch 1, row 2", "record batch 1, row 3"]),
    ] {
        let got: Vec<Result<String, String>> =
            read(bytes, name).into_iter().map(|document| document.map(|document| document.id)).collect();
        let want = [
            Ok("a".to_owned()),
            Err(format!("{name}: {}: expected text in UTF-8 as \"text\", found the byte 0xFF at byte 1", places[0])),
            Err(format!("{name}: {}: expected a text as \"text\", found null", places[1])),
            Ok("d".to_owned()),
        ];
        assert_eq!(got, want);
    }
    // Texts that say that they are UTF-8, and are not.
    let lie = batch(vec![("text", texts(&["Oslo", "OXslo", "Bonn"]))]);
    let plain = WriterProperties::builder().set_dictionary_enabled(false).build();
    for (name, mut bytes) in [("a.parquet", parquet_of(&lie, plain)), ("a.arrows", stream_of(&lie))] {
        let at = bytes.windows(5).position(|window| window == b"OXslo").expect("it is stored as it is");
        bytes[at + 1] = 0xFF;
        let got = read(bytes, name);
        let ids: Vec<Option<&str>> = got.iter().map(|document| document.as_ref().ok().map(|d| d.id.as_str())).collect();
        assert_eq!(ids, [Some("a:1"), None, Some("a:3")], "{got:?}");
    }
}

#[test]
fn what_is_wrong_with_a_file_is_said() {
    let good = parquet_of(&batch(vec![("id", texts(&["a"])), ("text", texts(&["Oslo"]))]), WriterProperties::default());
    let numbers: ArrayRef = Arc::new(Int64Array::from(vec![7]));
    let parquet = |columns| parquet_of(&batch(columns), WriterProperties::default());
    let cases: [(&str, Vec<u8>, &str, &str); 9] = [
        ("no bytes", Vec::new(), "a.parquet", "a.parquet: expected a Parquet file, found something else: EOF"),
        (
            "another format",
            b"{\"text\": \"x\"}\n{}{}{}".to_vec(),
            "a.parquet",
            "a.parquet: expected a Parquet file, found something else: ",
        ),
        (
            "cut",
            good[..good.len() / 2].to_vec(),
            "a.parquet",
            "a.parquet: expected a Parquet file, found something else: ",
        ),
        (
            "no text",
            parquet(vec![("id", texts(&["a"])), ("body", texts(&["x"]))]),
            "a.parquet",
            "a.parquet: expected a column \"text\" for the text (--text-field names it), found only id, body",
        ),
        (
            "numbers",
            parquet(vec![("text", numbers)]),
            "a.parquet",
            "a.parquet: expected texts in the column \"text\", found values of the type Int64",
        ),
        (
            "no Arrow",
            b"Oslo is in Norway".to_vec(),
            "a.arrow",
            "a.arrow: expected a stream or file of Arrow, found \"Oslo is \"",
        ),
        ("Arrow without anything", Vec::new(), "a.arrow", "a.arrow: expected a stream or file of Arrow, found nothing"),
        (
            "a cut stream",
            {
                let mut bytes = stream_of(&batch(vec![("text", texts(&["Oslo"]))]));
                bytes.truncate(bytes.len() - 40);
                bytes
            },
            "a.arrows",
            "a.arrows: record batch 1: expected a record batch of Arrow, found the end of the input in the middle of it",
        ),
        (
            "mentions of another kind",
            parquet(vec![("text", texts(&["Oslo"])), ("mentions", texts(&["x"]))]),
            "a.parquet",
            "a.parquet: row group 1, row 1: expected a list as \"mentions\", found the string \"x\"",
        ),
    ];
    for (case, bytes, name, want) in cases {
        let got = read(bytes, name);
        let [Err(error)] = &got[..] else { panic!("{case}: {got:?}") };
        assert!(error.starts_with(want), "{case}: {error}");
    }
}

#[test]
fn what_parquet_cannot_hold_is_refused_by_name() {
    let empty: ArrayRef = Arc::new(StructArray::new_empty_fields(1, None));
    let documents = BatchDocuments::read(
        &batch(vec![("text", texts(&["Oslo"])), ("meta", empty)]),
        "rows",
        &ReadOptions::default(),
    )
    .expect("sound columns")
    .collect::<Result<Vec<_>, _>>()
    .expect("it is sound");
    let mut bytes = Vec::new();
    let mut writer = Writer::new(Format::Parquet, &mut bytes, WriteOptions::default()).expect("a vector");
    writer.write(&documents[0]).expect("it waits for its batch");
    let error = writer.finish().expect_err("Parquet has no such column");
    let error = format!("{error:?}");
    assert!(error.contains("meta") && error.contains("a struct without fields"), "{error}");
    let again = sound(write(&documents, Format::Arrow), "a.arrow");
    assert!(again[0].extra.iter().any(|(name, value)| name == "meta" && value.get() == "{}"), "{again:?}");
}

#[test]
fn later_documents_with_other_fields_lose_nothing() {
    let mut lines = String::new();
    for id in 0..1100 {
        lines += &format!("{{\"id\":\"{id}\",\"text\":\"x\",\"mentions\":[],\"n\":{id}}}\n");
    }
    lines += "{\"id\":\"late\",\"text\":\"x\",\"mentions\":[],\"n\":\"many\",\"author\":\"Ann\"}\n";
    let documents = sound(lines.into_bytes(), "a.jsonl");
    let again = sound(write(&documents, Format::Parquet), "a.parquet");
    let late = again.last().expect("documents");
    assert_eq!((late.extra.get("n"), late.extra.get("author")), (Some("many".into()), Some("Ann".into())));
    assert_eq!(again[1099].extra.get("n"), Some(1099.into()));
}

#[test]
fn the_program_reads_and_writes_columns() {
    let folder = tempfile::tempdir().expect("a folder");
    let run = |args: &[&str], stdin: Vec<u8>| {
        let output = allonym(folder.path(), args, stdin);
        assert!(output.status.success(), "{args:?}: {}", err(&output));
        output
    };
    let lines = "{\"id\":\"a\",\"text\":\"Maria Lopez flew to Oslo.\",\"day\":\"Monday\"}\n{\"id\":\"b\",\"text\":\"Lopez is in Bonn.\"}\n";
    std::fs::write(folder.path().join("in.jsonl"), lines).expect("a file");
    let jsonl = run(&["tag", "in.jsonl", "--quiet"], Vec::new());
    run(&["convert", "in.jsonl", "-o", "in.parquet", "--quiet"], Vec::new());
    run(&["tag", "in.parquet", "-o", "tagged.parquet", "--quiet"], Vec::new());
    run(&["tag", "in.parquet", "-o", "tagged.arrow", "--quiet"], Vec::new());
    let stream = run(&["tag", "in.parquet", "--to", "arrow", "--quiet"], Vec::new()).stdout;
    let want = out(&jsonl);
    for (args, stdin) in [
        (vec!["convert", "tagged.parquet", "--to", "jsonl", "--quiet"], Vec::new()),
        (vec!["convert", "tagged.arrow", "--to", "jsonl", "--quiet"], Vec::new()),
        (vec!["convert", "--from", "arrow", "--to", "jsonl", "--quiet"], stream.clone()),
        (vec!["convert", "-", "--to", "jsonl", "--quiet"], stream.clone()),
        (
            vec!["convert", "-", "--to", "jsonl", "--quiet"],
            std::fs::read(folder.path().join("tagged.parquet")).expect("a file"),
        ),
    ] {
        let got = out(&run(&args, stdin)).replace(",\"day\":null", "");
        assert_eq!(got, want, "{args:?}");
    }
    // Linking reads twice, scoring too.
    run(&["link", "tagged.parquet", "-o", "linked.parquet", "--quiet"], Vec::new());
    let ids = out(&run(&["convert", "linked.parquet", "--to", "tsv", "--quiet"], Vec::new()));
    let lopez: Vec<&str> = ids
        .lines()
        .filter(|line| line.contains("Lopez"))
        .map(|line| line.rsplit('\t').next().expect("a cell"))
        .collect();
    assert_eq!(lopez, ["Maria Lopez", "Maria Lopez"]);
    let report = out(&run(&["eval", "tagged.parquet", "tagged.arrow", "--quiet"], Vec::new()));
    assert!(report.contains("100.00"), "{report}");
}

#[test]
fn the_parts_are_one_run() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut lines = String::new();
    for id in 0..60 {
        lines += &format!("{{\"id\":\"{id}\",\"text\":\"Envoy {id} flew to Oslo.\"}}\n");
    }
    // Ids that repeat, a row without an id, and one that cannot be read.
    lines += "{\"id\":\"7\",\"text\":\"Again in Bonn.\"}\n{\"text\":\"Rome.\"}\n{\"text\":7}\n";
    std::fs::write(folder.path().join("in.jsonl"), &lines).expect("a file");
    let whole = allonym(folder.path(), &["tag", "in.jsonl"], "");
    let errors = |output: &Output| -> Vec<String> {
        err(output).lines().filter(|line| line.contains("expected a string")).map(str::to_owned).collect()
    };
    let (mut parts, mut failed, mut n_failing) = (Vec::new(), Vec::new(), 0);
    for nth in 1..=4 {
        let part = allonym(folder.path(), &["tag", "in.jsonl", "--shard", &format!("{nth}/4")], "");
        let lines: Vec<String> = out(&part).lines().map(str::to_owned).collect();
        assert!(lines.len() > 5, "part {nth} has {}", lines.len());
        // In the order of the input.
        let places: Vec<usize> =
            lines.iter().map(|line| out(&whole).find(line.as_str()).expect("a line of the whole")).collect();
        assert!(places.is_sorted(), "{places:?}");
        parts.extend(lines);
        failed.extend(errors(&part));
        n_failing += usize::from(part.status.code() == Some(1));
    }
    let mut want: Vec<String> = out(&whole).lines().map(str::to_owned).collect();
    parts.sort();
    want.sort();
    assert_eq!((parts, failed, n_failing), (want, errors(&whole), 1));
    for wrong in ["0/4", "5/4", "1", "1/0"] {
        let refused = allonym(folder.path(), &["tag", "in.jsonl", "--shard", wrong], "");
        assert_eq!(refused.status.code(), Some(2), "{wrong}");
        assert!(err(&refused).contains(&format!("found \"{wrong}\"")), "{}", err(&refused));
    }
    let refused = allonym(folder.path(), &["link", "in.jsonl", "--shard", "1/4"], "");
    assert!(err(&refused).contains("--shard: expected all documents"), "{}", err(&refused));
}

#[test]
fn csv_is_that_of_rfc_4180_and_safe_on_request() {
    let folder = tempfile::tempdir().expect("a folder");
    let line = "{\"id\":\"=1+1\",\"text\":\"A \\\"B\\\", C\\nD\",\"url\":\"@SUM(A1)\",\"n\":-5,\"mentions\":[{\"start\":2,\"end\":10,\"label\":\"ORG\"}]}\n";
    let csv = |args: &[&str]| {
        let args = [&["convert", "--from", "jsonl", "--to", "csv", "--quiet", "--fields", "url,n"], args].concat();
        out(&allonym(folder.path(), &args, line))
    };
    let header = "doc,start,end,label,text,score,entity,name,url,n\r\n";
    assert_eq!(csv(&[]), format!("{header}=1+1,2,10,ORG,\"\"\"B\"\", C\nD\",,,,@SUM(A1),-5\r\n"));
    let safe = csv(&["--escape-formulae"]);
    assert!(safe.starts_with(&format!("{header}'=1+1,2,10,ORG,")) && safe.ends_with(",'@SUM(A1),-5\r\n"), "{safe:?}");
    let refused = allonym(folder.path(), &["convert", "--to", "jsonl", "--escape-formulae"], line);
    assert!(err(&refused).contains("--escape-formulae: expected tsv or csv"), "{}", err(&refused));
}

#[test]
fn counted_names_are_linked() {
    let folder = tempfile::tempdir().expect("a folder");
    let csv = "nid,name,label,count,documents\n1,Abbas Araghchi,PER,900,410\n2,Abbas Aragchi,PER,70,64\n3,Pakistan,LOC,50,40\n4,PAKISTAN,LOC,5,5\n\
               5,,PER,1,1\n6,Ali Larijani,PER,0,0\n7,Ali Larijani,PER,3,2\n";
    std::fs::write(folder.path().join("names.csv"), csv).expect("a file");
    let linked = allonym(folder.path(), &["link", "--names", "names.csv", "-o", "linked.parquet"], "");
    assert_eq!(linked.status.code(), Some(1), "{}", err(&linked));
    for error in [
        "names.csv: row 5: expected a text as \"name\", found an empty one",
        "names.csv: row 6: expected a number from 1 to 4294967295 as \"count\", found \"0\"",
    ] {
        assert!(err(&linked).contains(error), "{}", err(&linked));
    }
    let table = stored(&std::fs::read(folder.path().join("linked.parquet")).expect("it is there"));
    let column = |name: &str| -> Vec<String> {
        let column: StringArray = table.column_by_name(name).expect(name).to_data().into();
        column.iter().map(|text| text.expect("a text").to_owned()).collect()
    };
    assert_eq!(column("nid"), ["1", "2", "3", "4", "7"]);
    assert_eq!(column("entity_name"), ["Abbas Araghchi", "Abbas Araghchi", "Pakistan", "Pakistan", "Ali Larijani"]);
    let ids = column("entity");
    assert!(ids[0] == ids[1] && ids[2] == ids[3] && ids[0] != ids[2] && ids[4] != ids[0], "{ids:?}");
    assert!(matches!(table.column_by_name("kb").expect("it is there").data_type(), DataType::List(_)));
    // The same from and to other tables.
    let tsv = out(&allonym(folder.path(), &["link", "--names", "names.csv", "--to", "tsv", "--quiet"], ""));
    let want = format!(
        "nid\tname\tlabel\tcount\tdocuments\tentity\tentity_name\tkb\n1\tAbbas Araghchi\tPER\t900\t410\t{}\tAbbas Araghchi\t",
        ids[0]
    );
    assert!(tsv.starts_with(&want), "{tsv}");
    assert!(tsv.contains("\tPakistan\tgeonames:1168579; iso3166:PK; wikidata:Q843\n"), "{tsv}");
    std::fs::write(folder.path().join("names.jsonl"), "{\"name\":\"Abbas Araghchi\",\"label\":\"PER\",\"count\":900}\n{\"name\":\"Abbas Aragchi\",\"label\":\"PER\",\"count\":\"x\"}\n").expect("a file");
    let refused = allonym(folder.path(), &["link", "--names", "names.jsonl", "--to", "jsonl", "--quiet"], "");
    assert!(err(&refused).contains("names.jsonl: expected values of one type in each column"), "{}", err(&refused));
    // In any order, the entities are the same.
    let turned: String = {
        let mut lines: Vec<&str> = csv.lines().collect();
        lines[1..].reverse();
        lines.join("\n")
    };
    let turned =
        out(&allonym(folder.path(), &["link", "--names", "-", "--from", "csv", "--to", "csv", "--quiet"], turned));
    assert!(turned.contains(&format!("1,Abbas Araghchi,PER,900,410,{}", ids[0])), "{turned}");
}

#[test]
fn what_documents_call_counted_names_is_heeded() {
    let folder = tempfile::tempdir().expect("a folder");
    // Per name, the entity: "aba" if the first and the third are one.
    let pattern = |table: &str, from: &str| -> String {
        let args = ["link", "--names", "-", "--from", from, "--to", "tsv", "--quiet"];
        let linked = out(&allonym(folder.path(), &args, table));
        let at = linked
            .lines()
            .next()
            .expect("a header")
            .split('\t')
            .position(|name| name == "entity")
            .expect("it is there");
        let ids: Vec<&str> = linked.lines().skip(1).map(|row| row.split('\t').nth(at).expect("a cell")).collect();
        let first =
            |id: &&str| u8::try_from(ids.iter().position(|other| other == id).expect("its own")).expect("few rows");
        ids.iter().map(|id| char::from(b'a' + first(id))).collect()
    };
    for (rows, want) in [
        // What is short for one name in its documents is so in others, which have it alone.
        (&["Northern Fishing Board,ORG,{Norfleet}", "Norfleet,ORG,{}"][..], "aa"),
        (&["Northern Fishing Board,ORG,{}", "Norfleet,ORG,{}"], "ab"),
        // Of two, nobody knows which.
        (&["Northern Fishing Board,ORG,{Norfleet}", "Norwich Fleet Trust,ORG,{Norfleet}", "Norfleet,ORG,{}"], "abc"),
        // Another kind is another thing.
        (&["Northern Fishing Board,ORG,{Norfleet}", "Norfleet,PER,{}"], "ab"),
        // Contradictions win.
        (&["Ali Larijani,PER,{Sadeq Larijani|Larijani}", "Sadeq Larijani,PER,{}"], "ab"),
        // A given name that was a person's in one text is not so everywhere.
        (&["Abbas Araghchi,PER,{Abbas}", "Abbas,PER,{}"], "ab"),
        (&["Muhammad Ali,PER,{Clay|Cassius Clay}", "Cassius Clay,PER,{}"], "ab"),
    ] {
        let csv = rows.iter().map(|row| row.replace(['{', '}'], "").replace('|', "; ") + "\n").collect::<String>();
        assert_eq!(pattern(&format!("name,label,aliases\n{csv}"), "csv"), want, "{rows:?}");
        let json = rows.iter().map(|row| {
            let cells: Vec<&str> = row.splitn(3, ',').collect();
            let aliases: Vec<&str> =
                cells[2].trim_matches(['{', '}']).split('|').filter(|name| !name.is_empty()).collect();
            serde_json::json!({"name": cells[0], "label": cells[1], "aliases": aliases}).to_string() + "\n"
        });
        assert_eq!(pattern(&json.collect::<String>(), "jsonl"), want, "{rows:?}");
    }
    for (aliases, error) in [
        ("[\"B\",\" \"]", "row 1: expected texts as \"aliases\", found an empty one"),
        ("[7]", "expected lists of texts in the column \"aliases\", found List(Int64"),
    ] {
        let row = format!("{{\"name\":\"A\",\"label\":\"ORG\",\"aliases\":{aliases}}}\n");
        let refused = allonym(folder.path(), &["link", "--names", "-", "--from", "jsonl", "--to", "jsonl"], row);
        assert!(!refused.status.success() && err(&refused).contains(error), "{}", err(&refused));
    }
}
