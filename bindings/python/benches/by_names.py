"""What linking by counted names loses against linking the documents themselves: the two ways on one set of articles, without Spark.

    python bindings/python/benches/by_names.py 20000 [--show 15]

The articles are invented, with gold mentions (tests/newsroom.py). One way is `allonym link` on the documents. The other is that of
docs/spark.md: link within each document, count the distinct names of the entities, `allonym link --names`, join back on label and name.
Prints the entities of either, how many are the same set of mentions, the B3 of the second way with the first as gold, in percent, and the
largest of the entities that differ. Needs pyarrow and the package itself.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from agreement import Agreement, b3, rows  # noqa: E402
from newsroom import articles, write_jsonl  # noqa: E402

#: Most aliases of a name, as `allonym.spark.names` keeps them.
MOST_ALIASES = 20

Document = dict[str, Any]


def allonym(*arguments: str | Path) -> None:
    subprocess.run([sys.executable, "-m", "allonym", *map(str, arguments)], check=True)


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


def join(within: Path, entity_of: dict[tuple[str, str], str], out: Path) -> dict[tuple[str, int, int], str]:
    """Writes the documents with the entities that their names have got, and returns the texts of the mentions."""
    texts = {}
    with out.open("w", encoding="utf-8") as file:
        for document in rows(within):
            here = {entity["id"]: entity_of[entity["label"], entity["name"]] for entity in document.pop("entities")}
            for mention in document["mentions"]:
                mention["entity"] = here[mention["entity"]]
                texts[document["id"], mention["start"], mention["end"]] = mention["text"]
            file.write(json.dumps(document) + "\n")
    return texts


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("articles", type=int)
    arguments.add_argument("--show", type=int, default=15, help="how many entities that differ are shown")
    args = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        full, within, by_names = (Path(folder, f"{name}.jsonl") for name in ("full", "within", "by_names"))
        gold, names, linked = (Path(folder, name) for name in ("gold.jsonl", "names.parquet", "linked.parquet"))
        write_jsonl(articles(args.articles), gold)
        allonym("link", gold, "--quiet", "--to", "jsonl", "-o", full)
        allonym("link", gold, "--quiet", "--within", "--to", "jsonl", "-o", within)
        pq.write_table(count(rows(within)), names)
        allonym("link", "--names", names, "--quiet", "-o", linked)
        entity_of = {(row["label"], row["name"]): row["entity"] for row in pq.read_table(linked).to_pylist()}
        texts = join(within, entity_of, by_names)
        agreement = Agreement.read(full, by_names)
        f1 = b3(full, by_names)
    print(
        f"{agreement.n_mentions:,} mentions; entities: {len(agreement.one):,} by documents, {len(agreement.other):,} by names, "
        f"{len(agreement.equal):,} equal, with {agreement.share:.3f}% of the mentions; B3 {f1:.3f}"
    )
    other_of = {mention: entity for entity, group in agreement.other.items() for mention in group}
    assert other_of.keys() == set().union(*agreement.one.values()), "both ways keep all mentions"
    equal = agreement.equal
    differing = sorted((group for group in agreement.one.values() if group not in equal), key=len, reverse=True)
    for group in differing[: args.show]:
        parts = sorted({other_of[mention] for mention in group})
        spelled = ", ".join(f"{spelling} ({n})" for spelling, n in Counter(texts[mention] for mention in group).most_common(4))
        print(f"{len(group)} mentions, {spelled}: {len(parts)} by names, of {', '.join(str(len(agreement.other[part])) for part in parts)} mentions")


if __name__ == "__main__":
    main()
