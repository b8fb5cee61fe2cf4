"""CoNLL files as documents of sentences: what the labels stand on."""

from dataclasses import dataclass
from pathlib import Path


@dataclass
class Sentence:
    """Words with one IOB2 tag each."""

    words: list[str]
    tags: list[str]


Document = list[Sentence]


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


def read(path: Path) -> list[Document]:
    """The documents of a CoNLL file: first column word, last column tag, -DOCSTART- between documents."""
    documents: list[Document] = []
    words: list[str] = []
    tags: list[str] = []

    def close() -> None:
        if words:
            if not documents:
                documents.append([])
            documents[-1].append(Sentence(list(words), to_iob2(tags)))
            words.clear()
            tags.clear()

    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        columns = line.split()
        if not columns:
            close()
        elif columns[0] == "-DOCSTART-":
            close()
            documents.append([])
        elif len(columns) < 2:
            raise ValueError(f"{path}:{number}: expected a word and a tag, found {line!r}")
        else:
            words.append(columns[0])
            tags.append(columns[-1])
    close()
    return [document for document in documents if document]


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
