"""CoNLL files as documents of sentences: what the labels stand on.

A tag is O, B- or I- and any label, or ? where the text has not been labelled.
"""

import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import torch


@dataclass
class Sentence:
    """Words with one IOB2 tag each, and more rows of tags where the text has been labelled by more than one guideline.

    `soft` is what a teacher gives each word, logits [words, heads, labels].
    """

    words: list[str]
    tags: list[str]
    more: tuple[list[str], ...] = ()
    soft: torch.Tensor | None = None

    def rows(self) -> list[list[str]]:
        """All rows of tags."""
        return [self.tags, *self.more]


Document = list[Sentence]

# The labels of news.
NEWS = ("PER", "ORG", "LOC", "MISC")


def to_iob2(tags: list[str]) -> list[str]:
    """IOB1 or IOB2 tags of one sentence as IOB2: the first word of every mention gets B."""
    fixed = []
    before = "O"
    for tag in tags:
        if tag.startswith("I-") and (before == "O" or before[2:] != tag[2:]):
            fixed.append("B-" + tag[2:])
        else:
            fixed.append(tag)
        before = tag
    return fixed


def read(path: Path, rows: int = 1) -> list[Document]:
    """The documents of a CoNLL file: first column word, last `rows` columns tags, -DOCSTART- between documents."""
    documents: list[Document] = []
    lines: list[list[str]] = []

    def close() -> None:
        if lines:
            if not documents:
                documents.append([])
            words, *tags = map(list, zip(*lines))
            first, *more = map(to_iob2, tags)
            documents[-1].append(Sentence(words, first, tuple(more)))
            lines.clear()

    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        columns = line.split()
        if not columns:
            close()
        elif columns[0] == "-DOCSTART-":
            close()
            documents.append([])
        elif len(columns) <= rows:
            raise ValueError(f"{path}:{number}: expected a word and {rows} of its tags, found {line!r}")
        else:
            lines.append([sys.intern(column) for column in (columns[0], *columns[-rows:])])
    close()
    return [document for document in documents if document]


def write(documents: list[Document], path: Path) -> None:
    """A CoNLL file that `read` reads."""
    with path.open("w", encoding="utf-8") as out:
        for document in documents:
            rows = 1 + len(document[0].more)
            out.write(f"-DOCSTART-{' O' * rows}\n\n")
            for sentence in document:
                out.writelines(" ".join(line) + "\n" for line in zip(sentence.words, *sentence.rows()))
                out.write("\n")


def labels(columns: list[tuple[list[Document], int]]) -> list[str]:
    """The labels of rows of tags: those of news first, then the others by the alphabet."""
    found = {
        tag[2:]
        for documents, row in columns
        for document in documents
        for sentence in document
        for tag in sentence.rows()[row]
        if tag not in ("O", "?")
    }
    return [label for label in NEWS if label in found] + sorted(found - set(NEWS))


def only(documents: list[Document], row: int, kept: set[str]) -> Counter:
    """Takes the mentions of other labels in a row of tags as no names, and says how many there were of each."""
    left: Counter = Counter()
    for document in documents:
        for sentence in document:
            tags = sentence.rows()[row]
            for i, tag in enumerate(tags):
                if tag not in ("O", "?") and tag[2:] not in kept:
                    left[tag[2:]] += tag.startswith("B-")
                    tags[i] = "O"
    return left


def mentions(tags: list[str]) -> list[tuple[int, int, str]]:
    """(first word, one past the last, label) of each mention of one IOB2 sentence."""
    found = []
    start = None
    for i, tag in enumerate([*tags, "O"]):
        if start is not None and not tag.startswith("I-"):
            found.append((start, i, tags[start][2:]))
            start = None
        if tag.startswith("B-"):
            start = i
    return found
