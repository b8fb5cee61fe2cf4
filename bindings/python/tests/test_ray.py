import subprocess
import sys

import pytest

import allonym

pytest.importorskip("ray")
pq = pytest.importorskip("pyarrow.parquet")

from newsroom import ROOT, articles, write_parquet  # noqa: E402

N = 120


def test_the_example_finds_what_one_process_finds(tmp_path):
    found = articles(N)
    write_parquet(found, tmp_path / "articles")
    done = subprocess.run(
        [sys.executable, ROOT / "examples/ray_tag.py", tmp_path / "articles", tmp_path / "out", "--workers", "2"],
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    assert f"{N} documents, 0 of them with errors" in done.stdout
    tagged = {row["id"]: row for row in pq.read_table(tmp_path / "out").to_pylist()}
    assert sorted(tagged) == [article.id for article in found], "each id once"
    documents = allonym.Tagger(threads=1).pipe([article.text for article in found])
    for article, document in zip(found, documents, strict=True):
        row = tagged[article.id]
        assert (row["text"], row["error"]) == (article.text, None)
        assert [(m["start"], m["end"], m["label"], m["entity"]) for m in row["mentions"]] == [
            (m.start, m.end, m.label, m.entity) for m in document.mentions
        ]


def test_batches_have_their_errors_beside_them():
    import pyarrow as pa

    from allonym.ray import TagBatches

    table = pa.table({"id": [1, 2], "body": ["Rain in Beirut.", None]})
    tagged = TagBatches("body")(table)
    assert tagged.column_names == ["id", "body", "mentions", "entities", "error"]
    assert [m["text"] for m in tagged["mentions"].to_pylist()[0]] == ["Beirut"]
    assert tagged["mentions"].to_pylist()[1] is None
    assert TagBatches("body")(table.slice(0, 0)).schema == tagged.schema
    with pytest.raises(ValueError, match="column 'text': expected one of these columns: id, body"):
        TagBatches()(table)


@pytest.mark.parametrize(
    ("threads", "workers", "processors", "reserved"),
    [(1, 2, 2, 0.5), (1, 2, 16, 1), (4, 2, 8, 3), (1, 3, 2, 0.333), (1, 1, 1, 0), (2, 2, 5, 2)],
)
def test_a_processor_is_left_to_what_reads(threads, workers, processors, reserved):
    from allonym.ray import _reserved

    assert _reserved(threads, workers, processors) == reserved
    assert workers * reserved <= max(0, processors - 1)
