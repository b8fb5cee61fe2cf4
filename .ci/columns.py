"""What allonym writes as Parquet and Arrow is read by pyarrow, polars and DuckDB, and what these write is read by allonym.

Usage: columns.py PROGRAM FOLDER INPUT...
"""

import datetime
import decimal
import json
import pathlib
import subprocess
import sys

import duckdb
import polars
import pyarrow
import pyarrow.feather
import pyarrow.ipc
import pyarrow.parquet

program, folder, *inputs = sys.argv[1:]
folder = pathlib.Path(folder)
folder.mkdir(parents=True, exist_ok=True)


def run(*args, stdin=None):
    done = subprocess.run([program, *map(str, args), "--quiet"], input=stdin, capture_output=True)
    assert done.returncode == 0, (args, done.stderr.decode())
    return done.stdout


def lines(*args, stdin=None):
    return [json.loads(line) for line in run(*args, "--to", "jsonl", stdin=stdin).splitlines()]


# What we write, they read.
want = lines("tag", *inputs)
run("tag", *inputs, "-o", folder / "tagged.parquet")
run("tag", *inputs, "-o", folder / "tagged.arrow")
stream = run("tag", *inputs, "--to", "arrow")


def plain(document):
    """A document as columns have it."""
    mentions = [{"score": None, "entity": None, **mention} for mention in document["mentions"]]
    return document["id"], document["text"], mentions, [entity["name"] for entity in document["entities"]]


def found(rows):
    def mention(mention):
        return {**mention, "score": round(mention["score"], 4)}

    return [
        (row["id"], row["text"], [mention(m) for m in row["mentions"]], [e["name"] for e in row["entities"]]) for row in rows
    ]


expected = [plain(document) for document in want]
tables = {
    "pyarrow, Parquet": pyarrow.parquet.read_table(folder / "tagged.parquet").to_pylist(),
    "pyarrow, Arrow file": pyarrow.ipc.open_file(folder / "tagged.arrow").read_all().to_pylist(),
    "pyarrow, Feather": pyarrow.feather.read_table(folder / "tagged.arrow").to_pylist(),
    "pyarrow, Arrow stream": pyarrow.ipc.open_stream(stream).read_all().to_pylist(),
    "polars, Parquet": polars.read_parquet(folder / "tagged.parquet").to_dicts(),
    "polars, Arrow file": polars.read_ipc(folder / "tagged.arrow", memory_map=False).to_dicts(),
    "polars, Arrow stream": polars.read_ipc_stream(stream).to_dicts(),
    "DuckDB, Parquet": duckdb.sql(f"from '{folder}/tagged.parquet'").to_arrow_table().to_pylist(),
}
for name, rows in tables.items():
    assert found(rows) == expected, name
for row in tables["pyarrow, Parquet"]:
    for mention in row["mentions"]:
        assert row["text"][mention["start"] : mention["end"]] == mention["text"], mention
counted = duckdb.sql(
    f"select m.label, count(*) from (select unnest(mentions) as m from '{folder}/tagged.parquet') group by all order by all"
).fetchall()
labels = [mention["label"] for document in want for mention in document["mentions"]]
assert counted == sorted((label, labels.count(label)) for label in set(labels)), counted
schema = pyarrow.parquet.read_schema(folder / "tagged.parquet")
assert schema.metadata[b"allonym.offsets"] == b"char" and schema.field("mentions").type.value_type.names == [
    "start", "end", "text", "label", "score", "entity"
], schema
codecs = {pyarrow.parquet.ParquetFile(folder / "tagged.parquet").metadata.row_group(0).column(n).compression for n in range(5)}
assert codecs == {"ZSTD"}, codecs

# What they write again, we read.
table = pyarrow.parquet.read_table(folder / "tagged.parquet")
frame = polars.read_parquet(folder / "tagged.parquet")
for codec in ["none", "snappy", "gzip", "zstd", "lz4"]:
    for version in ["1.0", "2.0"]:
        pyarrow.parquet.write_table(
            table, folder / "again.parquet", compression=codec, data_page_version=version, row_group_size=2
        )
        assert lines("convert", folder / "again.parquet") == want, (codec, version)
for codec in [None, "lz4", "zstd"]:
    with pyarrow.ipc.new_file(
        folder / "again.arrow", table.schema, options=pyarrow.ipc.IpcWriteOptions(compression=codec)
    ) as writer:
        writer.write_table(table, max_chunksize=2)
    assert lines("convert", folder / "again.arrow") == want, codec
sink = pyarrow.BufferOutputStream()
with pyarrow.ipc.new_stream(sink, table.schema) as writer:
    writer.write_table(table)
assert lines("convert", "-", stdin=sink.getvalue().to_pybytes()) == want
frame.write_parquet(folder / "polars.parquet")
assert lines("convert", folder / "polars.parquet") == want, "polars, Parquet"
frame.write_ipc(folder / "polars.arrow")
assert lines("convert", folder / "polars.arrow") == want, "polars, Arrow"
frame.write_ipc_stream(folder / "polars.arrows")
assert lines("convert", folder / "polars.arrows") == want, "polars, Arrow stream"
duckdb.sql(f"copy (from '{folder}/tagged.parquet') to '{folder}/duckdb.parquet' (format parquet)")
assert lines("convert", folder / "duckdb.parquet") == want, "DuckDB"

# Columns of other types pass through.
other = pyarrow.table({
    "key": pyarrow.array([7, 8], pyarrow.int32()),
    "body": pyarrow.array(["Żółć 😀 Oslo", "Maria Lopez is in Bonn."], pyarrow.large_string()),
    "day": pyarrow.array([datetime.date(2024, 5, 31), None]),
    "at": pyarrow.array([datetime.datetime(2024, 5, 31, 10, tzinfo=datetime.timezone.utc), None], pyarrow.timestamp("us", "Europe/Berlin")),
    "price": pyarrow.array([decimal.Decimal("1.25"), None], pyarrow.decimal128(9, 2)),
    "tags": pyarrow.array([["a", None], None]),
    "source": pyarrow.array([{"name": "wire", "rank": [1, 2]}, None]),
    "pairs": pyarrow.array([[("k", 1)], None], pyarrow.map_(pyarrow.string(), pyarrow.int64())),
    "agency": pyarrow.array(["Reuters", None]).dictionary_encode(),
    "view": pyarrow.array(["x", None], pyarrow.string_view()),
    "bytes": pyarrow.array([b"\xff", None]),
    "time": pyarrow.array([datetime.time(10, 30), None]),
})
names = [name for name in other.column_names if name not in ("key", "body")]
pyarrow.parquet.write_table(other, folder / "other.parquet")
read = pyarrow.parquet.read_table(folder / "other.parquet")
tag = ["tag", "--text-field", "body", "--id-field", "key"]
run(*tag, folder / "other.parquet", "-o", folder / "out.parquet")
run(*tag, folder / "other.parquet", "-o", folder / "out.arrow")
for out, dictionaries in [
    (pyarrow.parquet.read_table(folder / "out.parquet"), True),
    (pyarrow.ipc.open_file(folder / "out.arrow").read_all(), False),
]:
    assert out.column_names == ["id", "text", "mentions", "entities", *names], out.column_names
    for name in names:
        want_type = read.schema.field(name).type
        if name == "agency" and not dictionaries:
            want_type = pyarrow.string()
        assert out.schema.field(name).type == want_type, (name, out.schema.field(name).type, want_type)
        assert out[name].to_pylist() == read[name].to_pylist(), name
    assert out["id"].to_pylist() == [7, 8] and out.schema.field("id").type == pyarrow.int32()
    assert [m["text"] for m in out["mentions"].to_pylist()[1]] == ["Maria Lopez", "Bonn"]
print(f"{len(want)} documents through {len(tables)} readers and back from all writers; {len(names)} columns of other types kept")
