"""Words cut where names meet, and what the parts are by eval/guidelines.md, rule 6, where CoNLL-2003 calls the whole word MISC."""

from collections import Counter

from compounds import split
from corpus import Document, Sentence, mentions

_BEFORE = {"anti", "ex", "mid", "neo", "non", "pan", "post", "pre", "pro", "ultra", "x"}
_OF_PLACES = {"based", "born", "bound"}


def cut(document: Document) -> Document:
    """The document with its words cut; a mention goes on over all parts of its words."""
    return [_cut(sentence) for sentence in document]


def _cut(sentence: Sentence) -> Sentence:
    words: list[str] = []
    rows: list[list[str]] = [[] for _ in sentence.rows()]
    for pieces, *tags in zip(split(sentence.words), *sentence.rows()):
        words += pieces
        for row, tag in zip(rows, tags):
            row += [tag] + [tag if tag in ("O", "?") else "I" + tag[1:]] * (len(pieces) - 1)
    return Sentence(words, rows[0], tuple(rows[1:]))


class Evidence:
    """What words without a hyphen are in a corpus: names by label, and ordinary words."""

    def __init__(self, documents: list[Document]) -> None:
        self.names: dict[str, Counter[str]] = {}
        self.ordinary: Counter[str] = Counter()
        for document in documents:
            for sentence in document:
                for word, tag in zip(sentence.words, sentence.tags):
                    if tag == "O" and word.islower():
                        self.ordinary[word] += 1
                for start, end, label in mentions(sentence.tags):
                    name = " ".join(sentence.words[start:end]).casefold()
                    self.names.setdefault(name, Counter())[label] += 1

    def label(self, words: list[str], place: bool = False) -> str | None:
        """What such words mostly are; a place where they ever are one and `place` asks for it."""
        found = self.names.get(" ".join(words).casefold())
        if not found or all(word.islower() for word in words):
            return None
        return "LOC" if place and found["LOC"] else found.most_common(1)[0][0]

    def plain(self, word: str) -> bool:
        """A word that is no name here: in lower case, or in capitals and ordinary elsewhere."""
        return word.islower() or word.casefold() in _BEFORE or (word.isalpha() and self.ordinary[word.casefold()] >= 2)


def relabelled(document: Document, evidence: Evidence) -> Document:
    """A document that is not cut yet, cut, with the parts of its hyphenated MISC mentions labelled each for itself."""
    own = Evidence([document])
    return [_relabelled(sentence, own, evidence) for sentence in document]


def _relabelled(sentence: Sentence, own: Evidence, all_: Evidence) -> Sentence:
    cut_ = _cut(sentence)
    words, tags = cut_.words, list(cut_.tags)
    joints = {i for i, word in enumerate(words) if len(word) == 1 and word in "-‐‑–/→" and 0 < i < len(words) - 1}
    uncut = {i for i, word in enumerate(sentence.words) if len(word) == 1}
    joints -= _places(sentence, uncut)
    for start, end, label in mentions(cut_.tags):
        inside = [i for i in range(start, end) if i in joints]
        if not inside or label == "PER":
            continue
        bounds = [start, *(i for j in inside for i in (j, j + 1)), end]
        stretches = list(zip(bounds[::2], bounds[1::2]))
        place = words[end - 1] in _OF_PLACES
        labels = [own.label(words[a:b], place) or all_.label(words[a:b], place) for a, b in stretches]
        plain = [not found and b - a == 1 and all_.plain(words[a]) for found, (a, b) in zip(labels, stretches)]
        suffix = all(words[a].islower() and all_.plain(words[a]) and b - a == 1 for a, b in stretches[1:])
        if label == "MISC":
            if suffix and not labels[0] and not plain[0]:
                labels[0] = _unknown(words[slice(*stretches[0])], place)
            good = any(labels) and all(found or dull for found, dull in zip(labels, plain))
        elif suffix:
            # "Ontario-based" as one name.
            labels[0] = label
            good = True
        else:
            # "ex-England" as one name; pairs of such names.
            alike = [found == label for found in labels]
            good = any(alike) and all(a or (p and words[x].islower()) for a, p, (x, _) in zip(alike, plain, stretches))
        if good:
            tags[start:end] = ["O"] * (end - start)
            for found, (a, b) in zip(labels, stretches):
                if found:
                    tags[a:b] = ["B-" + found] + ["I-" + found] * (b - a - 1)
    return Sentence(words, tags)


def _unknown(words: list[str], place: bool) -> str | None:
    """What stands before a suffix and nowhere else: "Bergamo-based", "IMF-hosted", "Nobel Peace Prize-winning", "Bentsen-era"."""
    if place:
        return "LOC"
    if len(words) > 1:
        return "MISC"
    return "ORG" if words[0].isupper() and words[0].isalpha() and len(words[0]) > 1 else None


def _places(sentence: Sentence, uncut: set[int]) -> set[int]:
    """Where words that are not cut stand after the cut."""
    at, found = 0, set()
    for i, pieces in enumerate(split(sentence.words)):
        if i in uncut:
            found.add(at)
        at += len(pieces)
    return found
