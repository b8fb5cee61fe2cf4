"""Data frames of pandas, polars, pyarrow and DuckDB."""

from __future__ import annotations

import pickle
from typing import Any

import allonym
import pytest
from allonym import InputError, Tagger

pa = pytest.importorskip("pyarrow")

TEXTS = ["Łukasz 😀 Müller met Maria Lopez in Zürich.", "", "It rained.", None, "Araghchi landed in Muscat."]
MENTIONS = pa.list_(
    pa.field(
        "item",
        pa.struct(
            [
                pa.field("start", pa.int64(), nullable=False),
                pa.field("end", pa.int64(), nullable=False),
                pa.field("text", pa.string(), nullable=False),
                pa.field("label", pa.string(), nullable=False),
                pa.field("score", pa.float32()),
                pa.field("entity", pa.string()),
            ]
        ),
        nullable=False,
    )
)


def table(type_: Any = None) -> Any:
    return pa.table({"n": [1, 2, 3, 4, 5], "text": pa.array(TEXTS, type_ or pa.string()), "tags": [["a"], [], None, ["b"], []]})


def check(tagged: Any, tagger: Tagger) -> None:
    rows = tagged.to_pylist()
    assert len(rows) == len(TEXTS)
    for row, text in zip(rows, TEXTS):
        if text is None:
            assert row["mentions"] is None and row["entities"] is None
            continue
        doc = tagger.tag(text)
        assert [(m["start"], m["end"], m["text"], m["label"], m["entity"]) for m in row["mentions"]] == [
            (m.start, m.end, m.text, m.label, m.entity) for m in doc.mentions
        ]
        assert [m["score"] for m in row["mentions"]] == pytest.approx([m.score for m in doc.mentions], abs=1e-6)
        assert all(text[m["start"] : m["end"]] == m["text"] for m in row["mentions"])
        assert [(e["id"], e["name"], e["label"], tuple(e["aliases"]), e["mentions"]) for e in row["entities"]] == [
            (e.id, e.name, e.label, e.aliases, e.mentions) for e in doc.entities
        ]
        assert [{one["base"]: one["id"] for one in e["kb"]} for e in row["entities"]] == [e.kb for e in doc.entities]


@pytest.mark.parametrize("type_", [pa.string(), pa.large_string(), pa.string_view(), pa.dictionary(pa.int32(), pa.string())], ids=str)
def test_texts_of_every_type(type_: Any, tagger: Tagger) -> None:
    given = table(pa.string()).set_column(1, "text", pa.array(TEXTS).cast(type_) if "dictionary" not in str(type_) else pa.array(TEXTS).dictionary_encode())
    tagged = pa.table(tagger.tag_arrow(given))
    assert tagged.column_names == ["n", "text", "tags", "mentions", "entities"]
    assert tagged.select(["n", "text", "tags"]) == given
    assert tagged.schema.field("mentions").type == MENTIONS
    check(tagged, tagger)


def test_everything_with_the_interface_of_arrow(tagger: Tagger) -> None:
    given = table()
    batch = given.to_batches()[0]

    class Stream:
        def __arrow_c_stream__(self, requested_schema: object = None) -> object:
            return given.__arrow_c_stream__(requested_schema)

    class Array:
        def __arrow_c_array__(self, requested_schema: object = None) -> object:
            return batch.__arrow_c_array__(requested_schema)

    for data in (given, batch, Stream(), Array(), given.to_reader(max_chunksize=2)):
        check(pa.table(tagger.tag_arrow(data)), tagger)
    for data in ([1], "Rain in Beirut.", pa.array(TEXTS), None):
        with pytest.raises((InputError, TypeError, ValueError)):
            tagger.tag_arrow(data)


def test_pandas(tagger: Tagger) -> None:
    pd = pytest.importorskip("pandas")
    frame = pd.DataFrame({"text": TEXTS, "when": pd.date_range("2024-01-01", periods=5)}, index=[10, 20, 30, 40, 50])
    tagged = tagger.tag_frame(frame)
    assert isinstance(tagged, pd.DataFrame)
    assert list(tagged.index) == [10, 20, 30, 40, 50] and list(tagged.columns) == ["text", "when", "mentions", "entities"]
    assert list(tagged["when"]) == list(frame["when"])
    assert tagged["mentions"][40] is None and tagged["mentions"][50][0]["text"] == "Araghchi"
    rows = tagger.tag_frame(frame, explode=True)
    counts = [len(tagger.tag(text).mentions) if text else 0 for text in TEXTS]
    assert list(rows.index) == [key for key, n in zip(frame.index, counts) for _ in range(n)]
    assert list(rows["mention_text"])[-2:] == ["Araghchi", "Muscat"]
    assert "Araghchi" in tagger.tag_arrow(frame)._repr_html_()


def test_polars(tagger: Tagger) -> None:
    pl = pytest.importorskip("polars")
    frame = pl.DataFrame({"text": TEXTS, "n": [1, 2, 3, 4, 5]})
    tagged = tagger.tag_frame(frame)
    assert isinstance(tagged, pl.DataFrame)
    assert tagged.select("text", "n").equals(frame)
    assert tagged["mentions"].list.len().to_list() == [len(tagger.tag(text).mentions) if text is not None else None for text in TEXTS]
    assert pl.DataFrame(tagger.tag_arrow(frame)).equals(tagged)
    # This makes a series of structs of everything that is not of pyarrow.
    assert pl.from_arrow(tagger.tag_arrow(frame)).struct.unnest().equals(tagged)  # type: ignore[union-attr]
    assert tagger.tag_arrow(frame.lazy()).num_rows == 5
    assert tagger.tag_arrow(frame).to_polars().equals(tagged)


def test_duckdb(tagger: Tagger) -> None:
    duckdb = pytest.importorskip("duckdb")
    relation = duckdb.sql("select 'Rain in Beirut.' as text, 7 as n union all select 'Fog in Oslo.', 8 order by n")
    tagged = tagger.tag_frame(relation)
    found = duckdb.sql("select n, unnest(mentions).text as name, unnest(mentions).start as start from tagged order by n").fetchall()
    assert found == [(7, "Beirut", 8), (8, "Oslo", 7)]
    lazy = tagger.tag_arrow(relation, lazy=True).to_arrow()
    assert lazy.num_rows == 2


def test_a_row_for_each_mention(tagger: Tagger) -> None:
    rows = pa.table(tagger.tag_arrow(table(), explode=True))
    assert rows.column_names[3:] == [f"mention_{name}" for name in ("start", "end", "text", "label", "score", "entity", "name")]
    want = [
        (nth + 1, m.start, m.end, m.text, m.label, m.entity, next(e.name for e in doc.entities if e.id == m.entity))
        for nth, text in enumerate(TEXTS)
        if text
        for doc in [tagger.tag(text)]
        for m in doc.mentions
    ]
    names = ["n", "mention_start", "mention_end", "mention_text", "mention_label", "mention_entity", "mention_name"]
    assert [tuple(row[name] for name in names) for row in rows.to_pylist()] == want
    assert [row["tags"] for row in rows.to_pylist()] == [table()["tags"][row[0] - 1].as_py() for row in want]


def broken() -> Any:
    """A column with bytes that are no UTF-8 in its second row."""
    data = pa.array([b"Rain in Beirut.", b"Sun \xff in Oslo.", b"Fog in Rome."], pa.binary())
    text = pa.Array.from_buffers(pa.string(), 3, data.buffers())
    return pa.table({"id": [1, 2, 3], "text": text})


def test_a_bad_row_costs_one_row(tagger: Tagger, caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(allonym.DocumentError, match=r"document 1 \(id '2'\): expected text in UTF-8"):
        tagger.tag_arrow(broken(), id="id")
    kept = pa.table(tagger.tag_arrow(broken(), on_error="skip"))
    assert kept["id"].to_pylist() == [1, 3] and kept.column_names[-1] == "entities"
    assert "row 1" in caplog.text
    for explode in (False, True):
        rows = pa.table(tagger.tag_arrow(broken(), on_error="return", explode=explode))
        assert rows["id"].to_pylist() == [1, 2, 3] and rows.column_names[-1] == "error"
        errors = rows["error"].to_pylist()
        assert errors[0] is None and "UTF-8" in errors[1] and errors[2] is None
    assert pa.table(tagger.tag_arrow(table(), on_error="return"))["error"].null_count == 5
    with pytest.raises(InputError, match="expected on_error"):
        tagger.tag_arrow(table(), on_error="drop")  # type: ignore[arg-type]


def test_columns_that_do_not_fit_are_errors(tagger: Tagger) -> None:
    for data, options, message in [
        (table(), {"text": "body"}, 'expected a column "body", found n, text, tags'),
        (table(), {"text": "n"}, 'column "n": expected a column of texts, found Int64'),
        (table(), {"id": "key"}, 'expected a column "key"'),
        (pa.table(tagger.tag_arrow(table())), {}, 'expected no column "mentions"'),
    ]:
        with pytest.raises(InputError) as raised:
            tagger.tag_arrow(data, **options)
        assert message in str(raised.value)


def test_empty_tables_have_all_columns(tagger: Tagger) -> None:
    empty = table().slice(0, 0)
    for data in (empty, empty.to_reader(), pa.table({"text": pa.array([], pa.null())})):
        tagged = pa.table(tagger.tag_arrow(data, on_error="return"))
        assert tagged.num_rows == 0 and tagged.column_names[-3:] == ["mentions", "entities", "error"]
    nulls = pa.table(tagger.tag_arrow(pa.table({"text": pa.array([None, None], pa.null())})))
    assert nulls["mentions"].to_pylist() == [None, None]


def test_the_schema_is_known_beforehand(tagger: Tagger) -> None:
    for explode in (False, True):
        for error in (False, True):
            tagged = pa.table(tagger.tag_arrow(table(), explode=explode, on_error="return" if error else "raise"))
            added = pa.schema([field for field in tagged.schema if field.name not in ("n", "text", "tags")])
            assert added.equals(allonym.arrow_schema(explode=explode, error=error))
    assert pa.schema(tagger.tag_arrow(table())) == pa.table(tagger.tag_arrow(table())).schema


def test_lazy_tables_are_tagged_as_they_are_read(tagger: Tagger, articles: list[str]) -> None:
    n_read = 0

    def batches() -> Any:
        nonlocal n_read
        for nth in range(200):
            n_read += 1
            yield pa.record_batch({"n": [nth] * 10, "text": articles[:1] * 10})

    schema = pa.schema({"n": pa.int64(), "text": pa.string()})
    lazy = tagger.tag_arrow(pa.RecordBatchReader.from_batches(schema, batches()), lazy=True)
    assert n_read == 0 and lazy.num_rows is None and "lazy" in repr(lazy) and lazy._repr_html_() is None
    with pytest.raises(TypeError):
        len(lazy)
    reader = lazy.to_batches()
    first = next(reader)
    assert first.num_rows == 10 and n_read < 100
    assert 10 + sum(batch.num_rows for batch in reader) == 2000
    with pytest.raises(InputError, match="not read yet"):
        pa.table(lazy)

    def failing() -> Any:
        yield pa.record_batch({"n": [1], "text": ["Rain in Beirut."]})
        raise RuntimeError("the feed broke")

    lazy = tagger.tag_arrow(pa.RecordBatchReader.from_batches(schema, failing()), lazy=True)
    with pytest.raises(Exception, match="the feed broke"):
        pa.table(lazy)


def test_tables_are_shown_and_pickled(tagger: Tagger) -> None:
    tagged = tagger.tag_arrow(table())
    assert repr(tagged) == "<Table 5 rows: n, text, tags, mentions, entities>" and len(tagged) == 5
    assert pickle.loads(pickle.dumps(tagged)) == pa.table(tagged)
