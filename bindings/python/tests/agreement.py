"""Two ways of linking the same mentions, and how far they agree."""

from __future__ import annotations

import collections
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import allonym

#: The mentions of an entity: document, start and end of each.
Group = frozenset[tuple[str, int, int]]


def rows(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def groups(path: Path) -> dict[str, Group]:
    """The mentions of each entity, by its id."""
    found = collections.defaultdict(set)
    for document in rows(path):
        for m in document["mentions"]:
            if "entity" in m:
                found[m["entity"]].add((document["id"], m["start"], m["end"]))
    return {entity: frozenset(group) for entity, group in found.items()}


def b3(gold: Path, predicted: Path) -> float:
    """F1 in percent, across documents, of all mentions."""
    report = allonym.score(allonym.read(gold), allonym.read(predicted), samples=0).to_dict()
    counts = report["systems"][0]["clusters"]["predicted"]["across_documents"]["all"]["b_cubed"]
    recall = counts["recall_numerator"] / counts["recall_denominator"]
    precision = counts["precision_numerator"] / counts["precision_denominator"]
    return 100 * 2 * precision * recall / (precision + recall)


@dataclass(frozen=True)
class Agreement:
    one: dict[str, Group]
    other: dict[str, Group]

    @classmethod
    def read(cls, one: Path, other: Path) -> Agreement:
        return cls(groups(one), groups(other))

    @property
    def n_mentions(self) -> int:
        return sum(map(len, self.one.values()))

    @property
    def equal(self) -> set[Group]:
        return set(self.one.values()) & set(self.other.values())

    @property
    def share(self) -> float:
        """Mentions of the first's entities that are the second's too, in percent."""
        return 100 * sum(map(len, self.equal)) / self.n_mentions
