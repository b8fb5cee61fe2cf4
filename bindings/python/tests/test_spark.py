import datetime
import decimal
import os
import subprocess
import sys
from pathlib import Path

import pytest

import allonym

pytest.importorskip("pyspark")

from faulty import Fault, FaultyWork  # noqa: E402
from newsroom import articles  # noqa: E402
from pyspark.sql import SparkSession  # noqa: E402
from pyspark.sql import types as T  # noqa: E402

from allonym.spark import SPARK_CONF, SPARK_SCHEMA, _map, mentions, tag  # noqa: E402

N = 96
#: Seconds that eight sentences never take, on a busy machine either.
TIMEOUT = float(os.environ.get("ALLONYM_SPARK_TIMEOUT", "15"))


@pytest.fixture(scope="module")
def spark():
    # Workers import the modules beside this file.
    os.environ["PYTHONPATH"] = os.pathsep.join([str(Path(__file__).parent), os.environ.get("PYTHONPATH", "")])
    os.environ["PYSPARK_PYTHON"] = sys.executable
    builder = SparkSession.builder.master(os.environ.get("ALLONYM_SPARK_MASTER", "local[2,4]"))
    settings = SPARK_CONF | {
        "spark.ui.enabled": "false",
        "spark.sql.shuffle.partitions": "2",
        "spark.sql.execution.arrow.maxRecordsPerBatch": "8",
        "spark.executorEnv.PYTHONPATH": os.environ["PYTHONPATH"],
    }
    for key, value in settings.items():
        builder = builder.config(key, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("OFF")
    yield session
    session.stop()


@pytest.fixture(scope="module")
def documents():
    # The first sentences: what is tested is who tags them.
    return [(article.id, article.text.partition("\n")[0]) for article in articles(N)]


@pytest.fixture(scope="module")
def expected(documents):
    """What one process finds, by id."""
    found = allonym.Tagger(threads=1).pipe([text for _, text in documents])
    return {id: plain(document.mentions) for (id, _), document in zip(documents, found, strict=True)}


def plain(mentions):
    return [(m.start, m.end, m.text, m.label, pytest.approx(m.score, abs=1e-6), m.entity) for m in mentions]


def rows(mentions):
    return [tuple(mention) for mention in mentions]


def frame(spark, documents, parts=4):
    return spark.createDataFrame(documents, "id string, text string").repartition(parts)


def same(collected, expected, failed=()):
    """Each document once, with what one process finds, but for those that failed."""
    assert sorted(row.id for row in collected) == sorted(expected), "each id once"
    for row in collected:
        if row.id in failed:
            assert row.mentions is None and row.entities is None and row.error
        else:
            assert row.error is None, row.error
            assert rows(row.mentions) == expected[row.id], row.id


def test_finds_what_one_process_finds(spark, documents, expected):
    collected = tag(frame(spark, documents)).collect()
    same(collected, expected)
    for row in collected:
        assert all(row.text[m.start : m.end] == m.text for m in row.mentions)
        assert {m.entity for m in row.mentions} - {None} == {entity.id for entity in row.entities}


def test_the_schema_is_the_one_that_is_promised(spark, documents):
    assert [(field.name, field.dataType.simpleString()) for field in SPARK_SCHEMA] == [
        (
            "mentions",
            "array<struct<start:bigint,end:bigint,text:string,label:string,score:float,entity:string>>",
        ),
        (
            "entities",
            "array<struct<id:string,name:string,label:string,aliases:array<string>,"
            "kb:array<struct<base:string,id:string>>,mentions:bigint,extra:string>>",
        ),
        ("error", "string"),
    ]
    tagged = tag(frame(spark, documents[:4]))
    assert tagged.schema.fields[2:] == SPARK_SCHEMA.fields
    flat = mentions(tagged)
    assert flat.columns == ["id", "start", "end", "text", "label", "score", "entity"]
    assert flat.count() == sum(len(row.mentions) for row in tagged.collect())


def test_other_columns_come_back_as_they_were(spark):
    schema = (
        "n int, `a b` string, day date, at timestamp, price decimal(9,2), raw binary, list array<string>, "
        "of map<string,int>, in struct<x:int,y:string>, empty string, key bigint, body string"
    )
    at = datetime.datetime(2026, 11, 26, 12, 30)
    values = (1, "ü", at.date(), at, decimal.Decimal("1.50"), b"\x00", ["x", None], {"k": 1}, (1, "z"), None)
    df = spark.createDataFrame([(*values, key, f"Day {key}: rain in Beirut.") for key in range(3)], schema)
    tagged = tag(df, text="body", id="key")
    assert tagged.schema.fields[:12] == df.schema.fields
    strip = [tuple(row)[:12] for row in tagged.collect()]
    assert sorted(strip, key=lambda row: row[10]) == sorted((tuple(row) for row in df.collect()), key=lambda row: row[10])


def test_nulls_and_empty_texts_and_no_rows(spark):
    df = spark.createDataFrame([("a", None), ("b", ""), ("c", "Rain in Beirut.")], "id string, text string")
    found = {row.id: row for row in tag(df.coalesce(1)).collect()}
    assert (found["a"].mentions, found["a"].entities, found["a"].error) == (None, None, None)
    assert (found["b"].mentions, found["b"].entities, found["b"].error) == ([], [], None)
    assert [m.text for m in found["c"].mentions] == ["Beirut"]
    assert tag(df.where("id = 'z'")).collect() == []


def test_what_cannot_be_tagged_is_said_at_once(spark, documents):
    df = frame(spark, documents[:2])
    with pytest.raises(ValueError, match="column 'body': expected one of these columns: id, text"):
        tag(df, text="body")
    with pytest.raises(ValueError, match="column 'url'"):
        tag(df, id="url")
    with pytest.raises(TypeError, match="column 'n': expected string, found int"):
        tag(df.selectExpr("id", "1 as n"), text="n")
    with pytest.raises(ValueError, match="'Error' is there already|'error' is there already"):
        tag(df.selectExpr("*", "1 as Error"))
    with pytest.raises(ValueError, match="batch_bytes: expected 1 or more, found 0"):
        tag(df, batch_bytes=0)
    assert len(tag(df, id=None).collect()) == 2


def test_a_model_that_is_not_there_fails_the_job(spark, documents):
    with pytest.raises(Exception, match="no-such-model"):
        tag(frame(spark, documents[:2]), tagger=allonym.Tagger(model="no-such-model")).collect()


def work(fault, timeout=600.0, batch_bytes=4 << 20):
    work = FaultyWork("text", "id", allonym.Tagger(), batch_bytes, timeout)
    work.fault = fault
    return work


def faulty(spark, documents, fault, **options):
    return _map(frame(spark, documents), work(fault, **options)).collect()


def marked(documents, *at):
    return [(id, f"{text} Xyzzy." if n in at else text) for n, (id, text) in enumerate(documents)]


@pytest.mark.parametrize("kind", ["kill", "hang"])
def test_a_worker_that_dies_or_hangs_costs_nothing(spark, documents, expected, tmp_path, kind):
    # In the middle: other batches of its task are done by then.
    fault = Fault(documents[N // 2][1], kind, marker=str(tmp_path / "struck"))
    collected = faulty(spark, documents, fault, timeout=TIMEOUT)
    assert (tmp_path / "struck").exists(), "the fault did happen"
    same(collected, expected)


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        ("kill", "the process that tagged it was ended by signal 9"),
        ("hang", f"not tagged within {TIMEOUT:g} s"),
        ("fail", "RuntimeError: no name for this"),
    ],
)
def test_a_document_that_always_breaks_costs_itself(spark, documents, expected, kind, reason):
    bad = documents[50][0]
    collected = faulty(spark, marked(documents, 50), Fault("Xyzzy", kind), timeout=TIMEOUT)
    same(collected, expected, failed={bad})
    assert [row.error for row in collected if row.id == bad] == [reason]


def test_batches_are_bounded_in_bytes(spark, documents):
    from allonym._batches import bounded

    import pyarrow as pa

    batch = pa.record_batch({"text": pa.array(["aa", None, "bbb", "c" * 50, "d", "", "e"])})
    pieces = [piece.column("text").to_pylist() for piece in bounded(batch, "text", 5)]
    assert pieces == [["aa", None, "bbb"], ["c" * 50], ["d", "", "e"]]
    assert list(bounded(batch.slice(0, 0), "text", 5)) == []
    assert len(tag(frame(spark, documents[:9]), batch_bytes=1).collect()) == 9


def test_a_worker_loads_one_model(spark, documents, tmp_path):
    fault = Fault("never there", "fail", processes=str(tmp_path))
    faulty(spark, documents, fault)
    assert 1 <= len(list(tmp_path.iterdir())) <= 2, "two slots"


def test_without_pyspark_the_error_says_what_to_install():
    code = "import sys; sys.modules['pyspark'] = None; import allonym.spark"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert "pip install 'allonym[spark]'" in out.stderr
