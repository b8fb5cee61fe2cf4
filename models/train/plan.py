"""Where windows fall at inference. `src/encode/window.rs` does the same in Rust."""

from dataclasses import dataclass

from corpus import Document
from pieces import SYMBOLS, Pieces


@dataclass(frozen=True)
class Plan:
    """Sizes in pieces: `longest` a window with its two special pieces, `context` on either side of its core."""

    longest: int = 320
    context: int = 48
    breaks: bool = True
    bf16: bool = False


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


def _hash(words: list[_Word], at: int) -> int:
    """FNV-1a (64 bit) of the next words: the same passage is cut at the same place wherever it stands."""
    value = 0xCBF29CE484222325
    for word in words[at : at + 4]:
        for byte in word.text.encode() + b"\x00":
            value = ((value ^ byte) * 0x100000001B3) & 0xFFFFFFFFFFFFFFFF
    return value


def _width(word: _Word) -> int:
    return len(word.pieces) + word.after_break


def _cores(words: list[_Word], window: Plan) -> list[tuple[int, int]]:
    room = window.longest - 2
    widths = [_width(word) for word in words]
    if sum(widths) <= room:
        return [(0, len(words))]
    core = room - 2 * window.context
    cores = []
    start = 0
    while start < len(words):
        size = 0
        end = start
        candidates = []
        while end < len(words) and (end == start or size + widths[end] <= core):
            if end > start and size >= core // 2 and words[end].opens_sentence:
                candidates.append(end)
            size += widths[end]
            end += 1
        if end < len(words):
            if words[end].opens_sentence:
                candidates.append(end)
            if candidates:
                end = min(candidates, key=lambda at: (_hash(words, at), at))
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
