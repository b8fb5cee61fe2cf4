"""Fits the weights by which names of persons meet across documents (models/link/evidence.json), and says how well calibrated they are.

    python evidence.py --program link_features --out ../link/evidence.json --train a.jsonl b.jsonl ... --test c.jsonl ...

The corpora are documents with gold entities (key `gold` of each mention), of different sizes: what the numbers of names and of rivals
mean cannot be learnt from one size. Weights whose sign is known beforehand are held to it.
"""

import argparse
import json
import subprocess
from pathlib import Path

import numpy as np
from scipy.optimize import minimize

# 1: never against one person; -1: never for one.
SIGNS = {"name": 1, "partners": -1, "rivals": -1, "least_rivals": -1, "names": -1, "other_country": -1, "shared": 1,
         "same_office": 1, "other_office": -1}
BANDS = (0.05, 0.2, 0.5, 0.65, 0.8, 0.9, 0.95, 0.98, 1.0)


class Pairs:
    """The pairs of one corpus: whether they are one person, and the features."""

    def __init__(self, program: Path, corpus: Path) -> None:
        lines = subprocess.run([program, corpus], check=True, capture_output=True, text=True).stdout.splitlines()
        self.features = lines[0].split("\t")[4:]
        rows = [line.split("\t") for line in lines[1:]]
        self.same = np.array([row[0] == "1" for row in rows], dtype=float)
        self.initial = np.array([row[1] == "1" for row in rows], dtype=bool)
        self.x = np.array([[float(cell) for cell in row[4:]] for row in rows]).reshape(len(rows), len(self.features))


def fit(parts: list[tuple[np.ndarray, np.ndarray]], features: list[str]) -> np.ndarray:
    """Logistic regression; every corpus weighs as the root of its size."""
    x = np.vstack([np.hstack([np.ones((len(part), 1)), part]) for part, _ in parts])
    same = np.concatenate([same for _, same in parts])
    weight = np.concatenate([np.full(len(same), len(same) ** -0.5) for _, same in parts if len(same)])
    weight /= weight.mean()

    def loss(w: np.ndarray) -> tuple[float, np.ndarray]:
        z = x @ w
        value = (weight * (np.logaddexp(0, z) - same * z)).mean() + 1e-4 * (w[1:] ** 2).sum()
        slope = x.T @ (weight * (1 / (1 + np.exp(-z)) - same)) / len(same) + 2e-4 * np.r_[0, w[1:]]
        return value, slope

    bounds = [(None, None)] + [{1: (0, None), -1: (None, 0)}.get(SIGNS.get(name), (None, None)) for name in features]
    return minimize(loss, np.zeros(x.shape[1]), jac=True, bounds=bounds, method="L-BFGS-B").x


def calibration(name: str, same: np.ndarray, probability: np.ndarray) -> None:
    low = 0.0
    print(f"{name}: {len(same)} pairs, {int(same.sum())} of one person")
    for high in BANDS:
        here = (probability > low) & (probability <= high)
        if here.any():
            print(f"  {low:.2f} to {high:.2f}: {here.sum():6} pairs, said {probability[here].mean():.3f}, true {same[here].mean():.3f}")
        low = high


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--program", type=Path, required=True, help="the built example link_features")
    parser.add_argument("--train", type=Path, nargs="+", required=True)
    parser.add_argument("--test", type=Path, nargs="*", default=[])
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    train = [Pairs(args.program, corpus) for corpus in args.train]
    features = train[0].features
    weights = {}
    for kind, is_initial in (("full", False), ("initial", True)):
        weights[kind] = fit([(part.x[part.initial == is_initial], part.same[part.initial == is_initial]) for part in train], features)
    for corpus in args.test:
        test = Pairs(args.program, corpus)
        for kind, is_initial in (("full", False), ("initial", True)):
            here = test.initial == is_initial
            z = weights[kind][0] + test.x[here] @ weights[kind][1:]
            calibration(f"{corpus.stem}, {kind}", test.same[here], 1 / (1 + np.exp(-z)))
    rounded = {kind: {"bias": round(w[0], 3), "weights": [round(v, 3) for v in w[1:]]} for kind, w in weights.items()}
    about = "Log odds that two names of persons in different documents are one person's. Fitted by models/train/evidence.py."
    args.out.write_text(json.dumps({"about": about, "features": features, **rounded}, indent=1) + "\n")


if __name__ == "__main__":
    main()
