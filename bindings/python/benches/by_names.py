"""What linking by counted names loses against linking the documents themselves: the two ways on one set of articles, without Spark.

    python bindings/python/benches/by_names.py 20000 [--show 15]

The articles are invented, with gold mentions (tests/newsroom.py). One way is `allonym link` on the documents. The other is that of
docs/spark.md: link within each document, count the distinct names of the entities, `allonym link --names`, join back on label and name.
Prints the entities of either, how many are the same set of mentions, the B3 of the second way with the first as gold, and the largest
of the entities that differ. Needs pyarrow and the package itself.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from newsroom import articles, write_jsonl  # noqa: E402

#: Most aliases of a name, as `allonym.spark.names` keeps them.
MOST_ALIASES = 20

Document = dict[str, Any]
#: A mention: its document, start and end.
Mention = tuple[str, int, int]


def allonym(*arguments: str | Path) -> None:
    subprocess.run([sys.executable, "-m", "allonym", *map(str, arguments)], check=True)


def documents(path: Path) -> Iterator[Document]:
    with path.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def count(linked: Iterable[Document]) -> pa.Table:
    names: dict[tuple[str, str], tuple[Counter[str], Counter[str]]] = defaultdict(lambda: (Counter(), Counter()))
    for document in linked:
        for entity in document["entities"]:
            counts, aliases = names[entity["label"], entity["name"]]
            counts.update(count=entity["mentions"], documents=1)
            aliases.update(alias for alias in entity["aliases"] if alias != entity["name"])
    often = [sorted(aliases, key=lambda alias: (-aliases[alias], alias))[:MOST_ALIASES] for _, aliases in names.values()]
    return pa.table(
        {
            "label": [label for label, _ in names],
            "name": [name for _, name in names],
            "count": [counts["count"] for counts, _ in names.values()],
            "documents": [counts["documents"] for counts, _ in names.values()],
            "aliases": often,
        }
    )


def mentions(document: Document) -> Iterator[tuple[Mention, Document]]:
    return (((document["id"], mention["start"], mention["end"]), mention) for mention in document["mentions"])


def b_cubed(gold: dict[Mention, str], other: dict[Mention, str]) -> tuple[float, float, float]:
    shared = Counter((gold[mention], other[mention]) for mention in gold)
    in_gold, in_other = Counter(gold.values()), Counter(other.values())
    precision = sum(n * n / in_other[b] for (_, b), n in shared.items()) / len(gold)
    recall = sum(n * n / in_gold[a] for (a, _), n in shared.items()) / len(gold)
    return precision, recall, 2 * precision * recall / (precision + recall)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("articles", type=int)
    arguments.add_argument("--show", type=int, default=15, help="how many entities that differ are shown")
    args = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        at = Path(folder)
        write_jsonl(articles(args.articles), at / "gold.jsonl")
        allonym("link", at / "gold.jsonl", "--quiet", "--to", "jsonl", "-o", at / "full.jsonl")
        allonym("link", at / "gold.jsonl", "--quiet", "--within", "--to", "jsonl", "-o", at / "within.jsonl")
        pq.write_table(count(documents(at / "within.jsonl")), at / "names.parquet")
        allonym("link", "--names", at / "names.parquet", "--quiet", "-o", at / "linked.parquet")
        entity_of = {(row["label"], row["name"]): row["entity"] for row in pq.read_table(at / "linked.parquet").to_pylist()}

        full = {key: mention["entity"] for document in documents(at / "full.jsonl") for key, mention in mentions(document)}
        by_names: dict[Mention, str] = {}
        text: dict[Mention, str] = {}
        for document in documents(at / "within.jsonl"):
            here = {entity["id"]: entity_of[entity["label"], entity["name"]] for entity in document["entities"]}
            for key, mention in mentions(document):
                by_names[key] = here[mention["entity"]]
                text[key] = mention["text"]
    assert full.keys() == by_names.keys(), "both ways keep all mentions"

    def sets(entities: dict[Mention, str]) -> dict[str, frozenset[Mention]]:
        found = defaultdict(set)
        for mention, entity in entities.items():
            found[entity].add(mention)
        return {entity: frozenset(members) for entity, members in found.items()}

    one, other = sets(full), sets(by_names)
    equal = set(one.values()) & set(other.values())
    share = sum(map(len, equal)) / len(full)
    print(f"{len(full):,} mentions; entities: {len(one):,} by documents, {len(other):,} by names, {len(equal):,} equal, with {share:.3%} of the mentions")
    print("B3 of names with documents as gold: precision {:.5f}, recall {:.5f}, F1 {:.5f}".format(*b_cubed(full, by_names)))
    differing = sorted((members for members in one.values() if members not in equal), key=len, reverse=True)
    for members in differing[: args.show]:
        parts = Counter(by_names[mention] for mention in members)
        spelled = ", ".join(f"{spelling} ({n})" for spelling, n in Counter(text[mention] for mention in members).most_common(4))
        print(f"{len(members)} mentions, {spelled}: {len(parts)} by names, of {', '.join(str(len(other[part])) for part in parts)} mentions")


if __name__ == "__main__":
    main()
