"""A table of distinct names with counts, as Spark makes it of a large archive, for `allonym link --names`.

    python bindings/python/benches/names.py 1000000 names.parquet
    /usr/bin/time -v allonym link --names names.parquet -o linked.parquet

Of the names, 65% are of persons (one in twelve is a spelling of another), 25% of organisations and 10% of places. Counts are as Zipf
says, and aliases are what documents have: surnames and acronyms. The same call gives the same table.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from newsroom import ENDINGS, KINDS, RESPELLED, _table  # noqa: E402

#: Rows of one batch.
BATCH = 100_000

Row = tuple[str, str, list[str]]


def persons(draw: random.Random) -> Iterator[Row]:
    given = [row["name"].title() for row in _table("models/link/en/given_names.tsv") if len(row["name"]) > 3]
    while True:
        last = draw.choice(given) + draw.choice(ENDINGS)
        name = f"{draw.choice(given)} {last}"
        yield "PER", name, [last] if draw.random() < 0.6 else []
        if draw.random() < 1 / 12:
            for old, new in RESPELLED:
                if old in last:
                    spelled = last.replace(old, new, 1)
                    yield "PER", name.replace(last, spelled), [spelled]
                    break


def organisations(draw: random.Random) -> Iterator[Row]:
    words = [row["name"].title() for row in _table("models/link/en/given_names.tsv") if len(row["name"]) > 4]
    while True:
        name = f"{draw.choice(words)} {draw.choice(words)}{draw.choice(ENDINGS)} {draw.choice(KINDS)}"
        acronym = "".join(word[0] for word in name.split())
        yield "ORG", name, [acronym] if draw.random() < 0.2 else []


def places(draw: random.Random) -> Iterator[Row]:
    known = [row["name"] for row in _table("models/kb/places.tsv")]
    yield from (("LOC", name, []) for name in known)
    while True:
        yield "LOC", f"{draw.choice(known)} {draw.choice(['Heights', 'Park', 'Creek', 'Bridge', 'Road'])} {draw.randint(1, 999)}", []


def distinct(n: int) -> Iterator[Row]:
    draw = random.Random(1)
    kinds = {0.65: persons(draw), 0.25: organisations(draw), 0.1: places(draw)}
    seen: set[tuple[str, str]] = set()
    while len(seen) < n:
        (rows,) = draw.choices(list(kinds.values()), list(kinds))
        row = next(rows)
        if row[:2] not in seen:
            seen.add(row[:2])
            yield row


def main() -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", type=int)
    parser.add_argument("table", type=Path)
    args = parser.parse_args()
    counts = pa.int64()
    schema = pa.schema(
        [("label", pa.string()), ("name", pa.string()), ("count", counts), ("documents", counts), ("aliases", pa.list_(pa.string()))]
    )
    rows = distinct(args.names)
    with pq.ParquetWriter(args.table, schema, compression="zstd") as writer:
        for start in range(0, args.names, BATCH):
            part = [next(rows) for _ in range(min(BATCH, args.names - start))]
            documents = [max(1, args.names // (start + nth + 1)) for nth in range(len(part))]
            label, name, aliases = (list(column) for column in zip(*part, strict=True))
            writer.write_batch(pa.record_batch([label, name, [2 * n for n in documents], documents, aliases], schema=schema))


if __name__ == "__main__":
    main()
