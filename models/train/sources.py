"""What an epoch is made of."""

import random
import re
from dataclasses import dataclass
from pathlib import Path

from corpus import Document


@dataclass(frozen=True)
class Source:
    """A CoNLL file, the heads that its columns of tags are for, and how often an epoch passes over it."""

    heads: list[str]
    file: Path
    passes: float = 1.0

    def chosen(self, documents: list[Document], epoch: int, seed: int) -> list[Document]:
        """The documents of one epoch; with parts of a pass, epoch after epoch takes those that were left."""
        rng = random.Random(seed)
        first, last = round(epoch * self.passes * len(documents)), round((epoch + 1) * self.passes * len(documents))
        orders: dict[int, list[Document]] = {}
        for round_ in range(last // len(documents) + 1):
            orders[round_] = rng.sample(documents, len(documents))
        return [orders[i // len(documents)][i % len(documents)] for i in range(first, last)]


def source(text: str) -> Source:
    """`conll,clean=train.conll*0.5`."""
    found = re.fullmatch(r"([\w,-]+)=(.+?)(?:\*([\d.]+))?", text)
    if not found:
        raise ValueError(text)
    heads, file, passes = found.groups()
    return Source(heads.split(","), Path(file), float(passes or 1))
