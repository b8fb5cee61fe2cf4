"""Where windows fall at inference. `src/encode/window.rs` does the same in Rust."""

import zlib
from dataclasses import dataclass

from corpus import Document
from pieces import SYMBOLS, Pieces


@dataclass(frozen=True)
class Plan:
    """Sizes in pieces: `longest` a window with its two special pieces, `context` on either side of its core."""

    longest: int = 320
    context: int = 48
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
    widths = [_width(word) for word in words]
    if sum(widths) <= room:
        return [(0, len(words))]
    most = room - 2 * window.context
    cores = []
    start = 0
    while start < len(words):
        candidates = []
        size = widths[start]
        end = start + 1
        while end < len(words):
            if size >= most // 2 and words[end].opens_sentence:
                candidates.append(end)
            if size + widths[end] > most:
                break
            size += widths[end]
            end += 1
        if end < len(words) and candidates:
            end = min(candidates, key=lambda at: (_checksum(words, at), at))
        cores.append((start, end))
        start = end
    return cores


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
