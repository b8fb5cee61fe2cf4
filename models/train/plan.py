"""Where windows fall at inference. `src/encode/window.rs` does the same in Rust."""

import zlib
from dataclasses import dataclass
from itertools import chain, takewhile

from corpus import Document
from pieces import SYMBOLS, Pieces


@dataclass(frozen=True)
class Plan:
    """Sizes in pieces: `longest` a window with its two special pieces, `context` on either side of its core."""

    longest: int = 320
    context: int = 32
    breaks: bool = True


@dataclass
class Cut:
    """One window: its pieces, and the rows of the words that it answers for."""

    ids: list[int]
    types: list[int]
    first_pieces: list[int]


@dataclass
class _Word:
    pieces: tuple[tuple[int, int], ...]
    text: str
    opens_sentence: bool
    after_break: bool


def _checksum(words: list[_Word], at: int) -> int:
    """CRC-32 of the next four words: the same passage is cut at the same place wherever it stands."""
    return zlib.crc32(b"".join(word.text.encode() + b"\0" for word in words[at : at + 4]))


def _width(word: _Word) -> int:
    return len(word.pieces) + word.after_break


def _cores(words: list[_Word], window: Plan) -> list[tuple[int, int]]:
    room = window.longest - 2
    starts = [0]
    for word in words:
        starts.append(starts[-1] + _width(word))
    if starts[-1] <= room:
        return [(0, len(words))]
    most = room - 2 * window.context
    cores: list[tuple[int, int]] = []
    start = 0
    for end in [*_local_minima(words, starts, most // 2), len(words)]:
        _split(words, starts, start, end, most, cores)
        start = end
    return cores


def _local_minima(words: list[_Word], starts: list[int], reach: int) -> list[int]:
    """The sentences whose checksum is the smallest of all that begin within `reach` pieces before or behind."""
    sentences = [(_checksum(words, at), at) for at in range(1, len(words)) if words[at].opens_sentence]

    def near(a: tuple[int, int], b: tuple[int, int]) -> bool:
        return abs(starts[a[1]] - starts[b[1]]) <= reach

    minima = []
    for i, own in enumerate(sentences):
        before = takewhile(lambda other: near(other, own), reversed(sentences[:i]))
        behind = takewhile(lambda other: near(other, own), sentences[i + 1 :])
        if all(other > own for other in chain(before, behind)):
            minima.append(own[1])
    return minima


def _split(
    words: list[_Word], starts: list[int], begin: int, end: int, most: int, cores: list[tuple[int, int]]
) -> None:
    """Appends a core, cut into as few as hold at most `most` pieces each, all about as long."""
    size = starts[end] - starts[begin]
    if size <= most or end - begin == 1:
        cores.append((begin, end))
        return
    n = -(-size * 16 // (most * 15))
    left = n // 2
    ideal = size * left // n
    least, furthest = max(size - (n - left) * most, 1), left * most
    fits = [at for at in range(begin + 1, end) if least <= starts[at] - starts[begin] <= furthest]
    best = [at for at in fits if words[at].opens_sentence] or fits or range(begin + 1, end)
    cut = min(best, key=lambda at: (abs(starts[at] - starts[begin] - ideal), at))
    _split(words, starts, begin, cut, most, cores)
    _split(words, starts, cut, end, most, cores)


def plan(document: Document, pieces: Pieces, window: Plan) -> list[Cut]:
    """The windows of a document; every word belongs to the core of exactly one."""
    words = [
        _Word(pieces.of_word(word) or ((pieces.unk, SYMBOLS),), word, i == 0, window.breaks and i == 0 and j > 0)
        for j, sentence in enumerate(document)
        for i, word in enumerate(sentence.words)
    ]
    cuts = []
    for start, end in _cores(words, window):
        first, size = start, 0
        while first > 0 and size + _width(words[first - 1]) <= window.context:
            first -= 1
            size += _width(words[first])
        last, size = end, 0
        while last < len(words) and size + _width(words[last]) <= window.context:
            size += _width(words[last])
            last += 1
        cut = Cut([pieces.cls], [SYMBOLS], [])
        for i in range(first, last):
            if words[i].after_break and i > first:
                cut.ids.append(pieces.sep)
                cut.types.append(SYMBOLS)
            if start <= i < end:
                cut.first_pieces.append(len(cut.ids))
            cut.ids += [id_ for id_, _ in words[i].pieces]
            cut.types += [type_ for _, type_ in words[i].pieces]
        cut.ids.append(pieces.sep)
        cut.types.append(SYMBOLS)
        cuts.append(cut)
    return cuts
