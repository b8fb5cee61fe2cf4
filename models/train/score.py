"""Tags documents with PyTorch and scores them with seqeval (conlleval counting)."""

import torch
from seqeval.metrics import f1_score

from corpus import Document, mentions
from network import Tagger
from pieces import Pieces
from plan import Plan, plan


@torch.no_grad()
def word_logits(model: Tagger, pieces: Pieces, document: Document, head: str, window: Plan) -> list[torch.Tensor]:
    """Logits [words, labels] of each sentence, read from the first piece of each word."""
    rows = []
    device = model.words.weight.device
    for cut in plan(document, pieces, window):
        ids = torch.tensor([cut.ids], device=device)
        types = torch.tensor([cut.types], device=device)
        logits = model.logits(model.encode(ids, types), head)[0]
        rows.append(logits[torch.tensor(cut.first_pieces)].float().cpu())
    flat = torch.cat(rows)
    return list(flat.split([len(sentence.words) for sentence in document]))


def greedy_tags(logits: list[torch.Tensor], labels: list[str]) -> list[list[str]]:
    """Best legal tag path of each sentence (Viterbi; I-X only after B-X or I-X)."""
    n = len(labels)
    legal = torch.zeros(n, n)
    for j, label in enumerate(labels):
        if label.startswith("I-"):
            for i, before in enumerate(labels):
                if before[1:] != label[1:] or before == "O":
                    legal[i, j] = -1e9
    start = torch.tensor([-1e9 if label.startswith("I-") else 0.0 for label in labels])
    tagged = []
    for sentence in logits:
        scores = sentence.log_softmax(-1)
        best = scores[0] + start
        back = []
        for row in scores[1:]:
            value, index = (best[:, None] + legal).max(0)
            back.append(index)
            best = value + row
        at = int(best.argmax())
        path = [at]
        for index in reversed(back):
            at = int(index[at])
            path.append(at)
        tagged.append([labels[i] for i in reversed(path)])
    return tagged


def trimmed(words: list[str], tags: list[str]) -> list[str]:
    """The tags without stray punctuation at the ends of mentions, as `src/decode/trim.rs`."""
    tags = list(tags)
    for start, end, label in mentions(tags):
        stray = [not any(c.isalnum() for c in word) for word in words[start:end]]
        if all(stray):
            continue
        first = start + stray.index(False)
        last = end
        while stray[last - 1 - start] and not _closes(words[last - 1], words[first : last - 1]):
            last -= 1
        tags[start:end] = ["O"] * (end - start)
        tags[first:last] = ["B-" + label] + ["I-" + label] * (last - first - 1)
    return tags


def _closes(last: str, before: list[str]) -> bool:
    return {")": "(", "]": "["}.get(last, "") in before


def decoded(document: Document, logits: list[torch.Tensor], labels: list[str]) -> list[list[str]]:
    """The tags of each sentence, mentions trimmed."""
    return [trimmed(s.words, tags) for s, tags in zip(document, greedy_tags(logits, labels))]


def score_documents(
    model: Tagger, pieces: Pieces, documents: list[Document], head: str, window: Plan | None = None
) -> dict[str, float]:
    """Micro F1 in per cent on all labels (`micro`) and without MISC (`names`)."""
    window = window or Plan()
    model.eval()
    gold: list[list[str]] = []
    found: list[list[str]] = []
    for document in documents:
        gold += [sentence.tags for sentence in document]
        found += decoded(document, word_logits(model, pieces, document, head, window), model.labels[head])

    def names(tags: list[list[str]]) -> list[list[str]]:
        return [["O" if tag.endswith("-MISC") else tag for tag in sentence] for sentence in tags]

    return {
        "micro": round(100 * float(f1_score(gold, found)), 2),
        "names": round(100 * float(f1_score(names(gold), names(found))), 2),
    }
