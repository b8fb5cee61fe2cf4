"""Documents cut into training windows, and windows into batches."""

import random
from dataclasses import dataclass

import torch

from augment import Names, recase, typeset
from corpus import Document, Sentence
from pieces import SYMBOLS, Pieces

IGNORED = -100
SWAPPED = {"PER": 0.5, "LOC": 0.3, "ORG": 0.2, "MISC": 0.1}


@dataclass
class Window:
    """One training example: parallel lists, one entry a piece."""

    head: str
    ids: list[int]
    types: list[int]
    labels: list[int]


class WindowMaker:
    """Draws new windows from the same documents each epoch."""

    def __init__(self, pieces: Pieces, labels: list[str], names: Names, rng: random.Random) -> None:
        self.pieces = pieces
        self.label_ids = {label: i for i, label in enumerate(labels)}
        self.names = names
        self.rng = rng

    def draw(self, document: Document, head: str, shortest: int, longest: int) -> list[Window]:
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
                        taken.append(Sentence(sentence.words[:cut], sentence.tags[:cut]))
                        rest = Sentence(sentence.words[cut:], sentence.tags[cut:])
                        if rest.tags and rest.tags[0].startswith("I-"):
                            rest.tags[0] = "B-" + rest.tags[0][2:]
                        pending[0] = rest
                        if not rest.words:
                            pending.pop(0)
                break
            windows.append(self._window(taken, head, longest))
        return windows

    def _window(self, sentences: list[Sentence], head: str, longest: int) -> Window:
        rng = self.rng
        if rng.random() < 0.25:
            sentences = self.names.swap(sentences, SWAPPED, rng)
        if rng.random() < 0.12:
            at = rng.randrange(len(sentences))
            sentences = [*sentences[:at], self.names.dateline(sentences[at], rng), *sentences[at + 1 :]]
        newspaper = rng.random() < 0.3
        everywhere = rng.random() < 0.04
        everything = rng.choice((str.upper, str.lower))
        # CoNLL files break lines after every sentence, articles after paragraphs.
        break_rate = rng.choice((1.0, 1.0, 0.4, 0.1))
        ids = [self.pieces.cls]
        types = [SYMBOLS]
        labels = [IGNORED]
        for i, sentence in enumerate(sentences):
            if i and rng.random() < break_rate:
                ids.append(self.pieces.sep)
                types.append(SYMBOLS)
                labels.append(IGNORED)
            words = typeset(sentence.words) if newspaper else sentence.words
            words = [everything(word) for word in words] if everywhere else recase(words, rng)
            for word, tag in zip(words, sentence.tags):
                first = self.label_ids[tag]
                rest = self.label_ids["I" + tag[1:]] if tag != "O" else first
                for j, (id_, type_) in enumerate(self.pieces.of_word(word)):
                    ids.append(self.pieces.mask if rng.random() < 0.03 else id_)
                    types.append(type_)
                    labels.append(rest if j else first)
        size = min(longest + 64, 511)
        ids = ids[:size] + [self.pieces.sep]
        types = types[:size] + [SYMBOLS]
        labels = labels[:size] + [IGNORED]
        return Window(head, ids, types, labels)


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


def tensors(batch: list[Window]) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor | None]:
    """ids, types, labels and mask, each [windows, longest]; no mask where nothing is padded."""
    longest = max(len(window.ids) for window in batch)
    ids = torch.zeros(len(batch), longest, dtype=torch.long)
    types = torch.zeros(len(batch), longest, dtype=torch.long)
    labels = torch.full((len(batch), longest), IGNORED, dtype=torch.long)
    mask = torch.zeros(len(batch), longest, dtype=torch.bool)
    for i, window in enumerate(batch):
        n = len(window.ids)
        ids[i, :n] = torch.tensor(window.ids)
        types[i, :n] = torch.tensor(window.types)
        labels[i, :n] = torch.tensor(window.labels)
        mask[i, :n] = True
    return ids, types, labels, None if bool(mask.all()) else mask
