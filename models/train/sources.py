"""What an epoch is made of."""

import random
import re
from dataclasses import dataclass
from pathlib import Path

import corpus
from corpus import Document
from soft import attach


@dataclass(frozen=True)
class Source:
    """A CoNLL file, the heads that its columns of tags are for, how often an epoch passes over it, and what a teacher says of it."""

    heads: list[str]
    file: Path
    passes: float = 1.0
    soft: Path | None = None

    def read(self) -> list[Document]:
        """All documents, with the teacher's labels if there are any."""
        documents = corpus.read(self.file, len(self.heads))
        if self.soft:
            attach(documents, self.soft)
        return documents

    def chosen(self, documents: list[Document], epoch: int, seed: int) -> list[Document]:
        """The documents of one epoch; with parts of a pass, epoch after epoch takes those that were left."""
        rng = random.Random(seed)
        first, last = round(epoch * self.passes * len(documents)), round((epoch + 1) * self.passes * len(documents))
        orders: dict[int, list[Document]] = {}
        for round_ in range(last // len(documents) + 1):
            orders[round_] = rng.sample(documents, len(documents))
        return [orders[i // len(documents)][i % len(documents)] for i in range(first, last)]


def source(text: str) -> Source:
    """`conll,clean=train.conll*0.5`, with the teacher's labels `conll,clean=train.conll@soft.pt*0.5`."""
    found = re.fullmatch(r"([\w,-]+)=(.+?)(?:@(.+?))?(?:\*([\d.]+))?", text)
    if not found:
        raise ValueError(text)
    heads, file, soft, passes = found.groups()
    return Source(heads.split(","), Path(file), float(passes or 1), soft and Path(soft))
