"""Documents cut into training windows, and windows into batches."""

import random
from dataclasses import dataclass

import torch

from augment import Names, recase, typeset
from corpus import Document, Sentence, to_iob2
from pieces import SYMBOLS, Pieces

IGNORED = -100
SWAPPED = {"PER": 0.5, "LOC": 0.3, "ORG": 0.2, "MISC": 0.1}
# Of a label that is not among them.
SWAPPED_OTHER = 0.2


@dataclass
class Window:
    """One training example: parallel lists, one entry a piece; labels for each head that learns from it.

    `taught` are the first pieces of the words that a teacher has seen, and `soft` its logits for them, [taught, heads, labels].
    """

    ids: list[int]
    types: list[int]
    labels: dict[str, list[int]]
    taught: list[int]
    soft: torch.Tensor | None


class WindowMaker:
    """Draws new windows from the same documents each epoch."""

    def __init__(self, pieces: Pieces, labels: dict[str, list[str]], names: Names, rng: random.Random) -> None:
        self.pieces = pieces
        self.label_ids = {head: {label: i for i, label in enumerate(names)} for head, names in labels.items()}
        self.names = names
        self.rng = rng

    def draw(self, document: Document, heads: list[str], shortest: int, longest: int) -> list[Window]:
        """Cuts a document into windows of `shortest` to `longest` pieces; every sentence comes once."""
        rng = self.rng
        windows = []
        pending = list(document)
        while pending:
            budget = rng.randint(shortest, longest) - 2
            taken: list[Sentence] = []
            size = 0
            while pending:
                sentence = pending[0]
                cost = sum(len(self.pieces.of_word(word)) for word in sentence.words) + 1
                if size + cost <= budget:
                    taken.append(pending.pop(0))
                    size += cost
                    continue
                # Real windows can begin and end inside a sentence; and a long sentence fits no window whole.
                if not taken or rng.random() < 0.3:
                    cut = 0
                    while cut < len(sentence.words) - 1:
                        size += len(self.pieces.of_word(sentence.words[cut]))
                        if size > budget and (cut > 0 or taken):
                            break
                        cut += 1
                    cut = max(cut, 0 if taken else 1)
                    if cut:
                        taken.append(_part(sentence, 0, cut))
                        pending[0] = _part(sentence, cut, len(sentence.words))
                        if not pending[0].words:
                            pending.pop(0)
                break
            windows.append(self._window(taken, heads, longest))
        return windows

    def _window(self, sentences: list[Sentence], heads: list[str], longest: int) -> Window:
        rng = self.rng
        if rng.random() < (0.5 if self.names.more else 0.25):
            sentences = self.names.swap(sentences, SWAPPED, SWAPPED_OTHER, rng)
        if rng.random() < 0.12:
            at = rng.randrange(len(sentences))
            sentences = [*sentences[:at], self.names.dateline(sentences[at], rng), *sentences[at + 1 :]]
        if rng.random() < 0.08:
            sentences = [self.names.compounds(sentence, heads, rng) for sentence in sentences]
        newspaper = rng.random() < 0.3
        everywhere = rng.random() < 0.04
        everything = rng.choice((str.upper, str.lower))
        # CoNLL files break lines after every sentence, articles after paragraphs.
        break_rate = rng.choice((1.0, 1.0, 0.4, 0.1))
        ids = [self.pieces.cls]
        types = [SYMBOLS]
        labels: dict[str, list[int]] = {head: [IGNORED] for head in heads}
        size = min(longest + 64, 511)
        taught: list[int] = []
        soft: list[torch.Tensor] = []
        for i, sentence in enumerate(sentences):
            if i and rng.random() < break_rate:
                ids.append(self.pieces.sep)
                types.append(SYMBOLS)
                for row in labels.values():
                    row.append(IGNORED)
            words = typeset(sentence.words) if newspaper else sentence.words
            words = [everything(word) for word in words] if everywhere else recase(words, rng)
            for at, (word, *tags) in enumerate(zip(words, *sentence.rows(), strict=True)):
                pieces = self.pieces.of_word(word)
                if sentence.soft is not None and pieces and len(ids) < size:
                    taught.append(len(ids))
                    soft.append(sentence.soft[at])
                ids += [self.pieces.mask if rng.random() < 0.03 else id_ for id_, _ in pieces]
                types += [type_ for _, type_ in pieces]
                for (head, row), tag in zip(labels.items(), tags, strict=True):
                    row += self._labels(head, tag, len(pieces))
        return Window(
            ids[:size] + [self.pieces.sep],
            types[:size] + [SYMBOLS],
            {head: row[:size] + [IGNORED] for head, row in labels.items()},
            taught,
            torch.stack(soft) if soft else None,
        )

    def _labels(self, head: str, tag: str, pieces: int) -> list[int]:
        """The labels of the pieces of one word."""
        if tag == "?":
            return [IGNORED] * pieces
        ids = self.label_ids[head]
        # What augmentation writes of itself may have a label that the head does not know: it is no name then.
        first, rest = ids.get(tag, 0), ids.get("I" + tag[1:], 0)
        return [first] * min(pieces, 1) + [rest] * (pieces - 1)


def _part(sentence: Sentence, start: int, end: int) -> Sentence:
    """Some words of a sentence; a mention that was cut begins anew."""
    first, *more = (to_iob2(row[start:end]) for row in sentence.rows())
    return Sentence(sentence.words[start:end], first, tuple(more), None if sentence.soft is None else sentence.soft[start:end])


def batches(windows: list[Window], pieces: int, rng: random.Random) -> list[list[Window]]:
    """Windows of like length together, about `pieces` pieces a batch (padding counted), batches shuffled."""
    order = sorted(windows, key=lambda window: len(window.ids) * rng.uniform(0.95, 1.05))
    result: list[list[Window]] = [[]]
    widest = 0
    for window in order:
        widest = max(widest, len(window.ids))
        if result[-1] and widest * (len(result[-1]) + 1) > pieces:
            result.append([])
            widest = len(window.ids)
        result[-1].append(window)
    rng.shuffle(result)
    return result


def tensors(
    batch: list[Window], pad: int, heads: list[str], device: torch.device
) -> tuple[torch.Tensor, torch.Tensor, dict[str, torch.Tensor], torch.Tensor | None]:
    """ids, types, labels of each head and mask, each [windows, longest]; no mask where nothing is padded."""
    longest = max(len(window.ids) for window in batch)

    def stacked(rows: list[list[int]], filler: int) -> torch.Tensor:
        return torch.tensor([row + [filler] * (longest - len(row)) for row in rows]).to(device)

    labels = {
        head: stacked([window.labels.get(head, []) for window in batch], IGNORED)
        for head in heads
        if any(head in window.labels for window in batch)
    }
    padded = any(len(window.ids) < longest for window in batch)
    mask = stacked([[1] * len(window.ids) for window in batch], 0).bool() if padded else None
    return stacked([w.ids for w in batch], pad), stacked([w.types for w in batch], 0), labels, mask


def taught(batch: list[Window], device: torch.device) -> tuple[torch.Tensor, torch.Tensor] | None:
    """Where the teacher has seen words, as rows of the flattened batch, and its logits for them; None if it has seen none."""
    longest = max(len(window.ids) for window in batch)
    seen = [(i * longest, window) for i, window in enumerate(batch) if window.soft is not None]
    if not seen:
        return None
    rows = torch.tensor([begin + at for begin, window in seen for at in window.taught])
    return rows.to(device), torch.cat([window.soft for _, window in seen]).float().to(device)
