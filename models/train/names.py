"""Trains the comparison of names: how rare tokens are, which sounds stand for which, and boosted trees over the features that the library computes.

    cargo build --release --no-default-features --example name_features
    pip install lightgbm==4.7.0 scikit-learn==1.9.1
    python names.py --pairs pairs.tsv --clusters clusters.tsv --features target/release/examples/name_features --out names.json

The pairs have columns label (1: one person), name1, name2, category, id1, id2; the clusters have id and name. The figures are of five
folds by person: rarities, sounds and trees come from pairs without the persons of the fold. With `--half` they come from half of the
persons only, and the figures are of the other half.
"""

import argparse
import csv
import hashlib
import json
import subprocess
import tempfile
from collections import Counter, defaultdict
from pathlib import Path

import lightgbm
import numpy as np
from sklearn.metrics import average_precision_score, precision_recall_curve

PARAMETERS = dict(
    objective="binary",
    learning_rate=0.1,
    num_leaves=16,
    max_depth=5,
    min_data_in_leaf=30,
    feature_fraction=0.4,
    bagging_fraction=0.8,
    bagging_freq=1,
    lambda_l2=5.0,
    seed=1,
    deterministic=True,
    num_threads=1,
    verbose=-1,
)
ROUNDS = 180
# A key that fewer persons have is as rare as one that nobody has.
LEAST_PERSONS = 4
SOUND_ROUNDS = 4
SOUND_SMOOTHING = 400.0


# Letter groups that write one sound, as in `src/link/names/sounds.rs`.
GROUPS = "ch sh kh gh zh th dh ph ts dj dz cz sz ou ee oo ck ng".split()
N_SOUNDS = 27 + len(GROUPS)


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def fold(person: str, n: int) -> int:
    return int(hashlib.sha256(person.encode()).hexdigest(), 16) % n


def run(binary: Path, weights: dict, what: str, header: list[str], rows: list[list[str]]) -> list[str]:
    """The lines that the library prints for a table."""
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(weights, file)
        file.flush()
        table = "\n".join("\t".join(row) for row in [header, *rows]) + "\n"
        done = subprocess.run([binary, file.name, what], input=table, capture_output=True, text=True, check=True)
    return done.stdout.splitlines()


def empty(names: list[str]) -> dict:
    return dict(about="", features=names, threshold=0.5, bias=0.0, people=0, people_with_key={}, trees=[])


def rarities(binary: Path, clusters: list[dict[str, str]], weights: dict) -> dict:
    """How many persons have a skeleton key."""
    keys = run(binary, weights, "keys", ["name"], [[row["name"]] for row in clusters])
    of_person = defaultdict(set)
    for row, line in zip(clusters, keys, strict=True):
        of_person[row["id"]].update(line.split())
    counts = Counter(key for keys in of_person.values() for key in keys)
    common = {key: n for key, n in sorted(counts.items()) if n >= LEAST_PERSONS}
    return dict(weights, people=len(of_person), people_with_key=common)


def sounds(token: str) -> list[int]:
    """The sounds of a token, as the library reads them."""
    found, at = [], 0
    while at < len(token):
        group = GROUPS.index(token[at : at + 2]) if token[at : at + 2] in GROUPS else None
        sound = ord(token[at]) - ord("a") + 1 if group is None else 27 + group
        at += 1 if group is None else 2
        if not found or found[-1] != sound:
            found.append(sound)
    return found


def aligned(a: list[int], b: list[int], odds: list[list[float]]) -> list[tuple[int, int]]:
    """The sounds of two tokens that the best alignment puts side by side; 0 is no sound."""
    rows = [[0.0] * (len(b) + 1) for _ in range(len(a) + 1)]
    for i in range(len(a) + 1):
        for j in range(len(b) + 1):
            if i or j:
                rows[i][j] = max(
                    rows[i - 1][j - 1] + odds[a[i - 1]][b[j - 1]] if i and j else -1e9,
                    rows[i - 1][j] + odds[a[i - 1]][0] if i else -1e9,
                    rows[i][j - 1] + odds[b[j - 1]][0] if j else -1e9,
                )
    i, j, pairs = len(a), len(b), []
    while i or j:
        if i and j and rows[i][j] == rows[i - 1][j - 1] + odds[a[i - 1]][b[j - 1]]:
            i, j = i - 1, j - 1
            pairs.append((a[i], b[j]))
        elif i and rows[i][j] == rows[i - 1][j] + odds[a[i - 1]][0]:
            i -= 1
            pairs.append((a[i], 0))
        else:
            j -= 1
            pairs.append((b[j], 0))
    return pairs


def learn_sounds(binary: Path, pairs: list[dict[str, str]], weights: dict) -> dict:
    """Which sounds stand for which in the tokens that pairs of one person share: log odds, aligned anew with what was learned."""
    rows = [[row["name1"], row["name2"]] for row in pairs if row["label"] == "1"]
    lines = run(binary, weights, "spellings", ["name1", "name2"], rows)
    tokens = Counter(tuple(sorted(two.split(" "))) for line in lines for two in line.split("\t") if two)
    # Many spellings of few persons must not outvote the rest.
    tokens = [(sounds(a), sounds(b), n**0.5) for (a, b), n in sorted(tokens.items())]
    chance = np.ones(N_SOUNDS)
    for a, b, n in tokens:
        np.add.at(chance, a + b, n)
    chance[0] = 1.0
    chance[1:] /= chance[1:].sum()
    odds = np.full((N_SOUNDS, N_SOUNDS), -3.0)
    np.fill_diagonal(odds, 2.5)
    for _ in range(SOUND_ROUNDS):
        # As if each pair had been seen by chance a few times.
        counts = np.outer(chance, chance) * SOUND_SMOOTHING
        counts[0], counts[:, 0] = chance * 0.05 * SOUND_SMOOTHING, chance * 0.05 * SOUND_SMOOTHING
        table = odds.tolist()
        for a, b, n in tokens:
            for x, y in aligned(a, b, table):
                counts[x, y] += n / 2
                counts[y, x] += n / 2
        counts[0, 0] = 1e-9
        joint = counts / np.triu(counts + counts.T - np.diag(np.diag(counts))).sum()
        odds = np.log(joint / np.outer(chance, chance))
    odds[0, 0] = 0.0
    rounded = np.round(100 * odds).astype(int).tolist()
    log_chance = [0, *np.round(100 * np.log(chance[1:])).astype(int).tolist()]
    return dict(weights, sounds=dict(log_chance=log_chance, log_odds=[row[: at + 1] for at, row in enumerate(rounded)]))


def features(binary: Path, pairs: list[dict[str, str]], weights: dict) -> np.ndarray:
    lines = run(binary, weights, "features", ["name1", "name2"], [[row["name1"], row["name2"]] for row in pairs])
    return np.array([line.split("\t") for line in lines[1:]], dtype=np.float32)


def train(x: np.ndarray, y: np.ndarray) -> lightgbm.Booster:
    return lightgbm.train(PARAMETERS, lightgbm.Dataset(x, y), num_boost_round=ROUNDS)


def figures(y: np.ndarray, p: np.ndarray, category: np.ndarray, threshold: float | None = None) -> dict:
    """Average precision and F1 of all pairs and of those that are not of a name and a part of it."""
    if threshold is None:
        threshold = best_threshold(y, p)
    found = p >= threshold
    right = (found & (y == 1)).sum()
    precision, recall = right / found.sum(), right / y.sum()
    rest = category != "subset"
    bins = np.minimum((p * 10).astype(int), 9)
    calibration = sum(abs(p[bins == b].mean() - y[bins == b].mean()) * (bins == b).mean() for b in range(10) if (bins == b).any())
    return dict(
        average_precision=average_precision_score(y, p),
        f1=2 * precision * recall / (precision + recall),
        precision=precision,
        recall=recall,
        threshold=threshold,
        without_subset=average_precision_score(y[rest], p[rest]),
        best_f1_without_subset=f1_curve(y[rest], p[rest])[0].max(),
        calibration_error=calibration,
    )


def f1_curve(y: np.ndarray, p: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    precision, recall, thresholds = precision_recall_curve(y, p)
    return (2 * precision * recall / np.maximum(precision + recall, 1e-9))[:-1], thresholds


def best_threshold(y: np.ndarray, p: np.ndarray) -> float:
    f1, thresholds = f1_curve(y, p)
    return float(thresholds[f1.argmax()])


def show(name: str, values: dict) -> None:
    print(name, "  ".join(f"{key} {value:.4f}" for key, value in values.items()))


def out_of_fold(binary: Path, pairs: list[dict[str, str]], clusters: list[dict[str, str]], names: list[str]) -> np.ndarray:
    """Probabilities of pairs by what was learned, rarities and sounds too, without the persons of their fold."""
    y = np.array([int(row["label"]) for row in pairs])
    folds = np.array([[fold(row["id1"], 5), fold(row["id2"], 5)] for row in pairs])
    p = np.zeros(len(y))
    for k in range(5):
        test, known = folds[:, 0] == k, (folds != k).all(1)
        weights = rarities(binary, [row for row in clusters if fold(row["id"], 5) != k], empty(names))
        weights = learn_sounds(binary, [row for row, is_known in zip(pairs, known) if is_known], weights)
        x = features(binary, pairs, weights)
        p[test] = train(x[known], y[known]).predict(x[test])
    return p


def half(binary: Path, pairs: list[dict[str, str]], clusters: list[dict[str, str]], names: list[str]) -> None:
    """Everything from one half of the persons, the figures from the other."""
    for side in (0, 1):
        known = [row for row in clusters if fold(row["id"] + "half", 2) == side]
        sides = np.array([[fold(row["id1"] + "half", 2), fold(row["id2"] + "half", 2)] for row in pairs])
        # As in the other half, a negative is of a person of the side and any other.
        train_rows, test_rows = (sides == side).all(1), sides[:, 0] != side
        known_pairs = [row for row, is_known in zip(pairs, train_rows) if is_known]
        weights = learn_sounds(binary, known_pairs, rarities(binary, known, empty(names)))
        x = features(binary, pairs, weights)
        y = np.array([int(row["label"]) for row in pairs])
        category = np.array([row["category"] for row in pairs])
        inner = out_of_fold(binary, known_pairs, known, names)
        p = train(x[train_rows], y[train_rows]).predict(x[test_rows])
        show(f"half {side}", figures(y[test_rows], p, category[test_rows], best_threshold(y[train_rows], inner)))


def written(booster: lightgbm.Booster) -> list[dict]:
    """Trees as the library reads them: splits [feature, threshold, left, right]; a child below zero is leaf -child - 1."""
    trees = []
    for tree in booster.dump_model()["tree_info"]:
        splits, leaves = [], []

        def walk(node: dict) -> int:
            if "leaf_value" in node:
                leaves.append(round(node["leaf_value"], 5))
                return -len(leaves)
            at = len(splits)
            splits.append(None)
            left, right = walk(node["left_child"]), walk(node["right_child"])
            splits[at] = [node["split_feature"], float(f"{node['threshold']:.5g}"), left, right]
            return at

        walk(tree["tree_structure"])
        trees.append(dict(splits=splits, leaves=leaves))
    return trees


def save(weights: dict, out: Path) -> None:
    """JSON with a line for each tree, so that a change can be read."""
    trees = ",\n".join(json.dumps(tree, separators=(",", ":")) for tree in weights["trees"])
    head = json.dumps({key: value for key, value in weights.items() if key != "trees"}, separators=(",", ":"))
    head = head.replace('"people":', '\n"people":').replace('"features":', '\n"features":').replace('"sounds":', '\n"sounds":').replace('"threshold":', '\n"threshold":')
    out.write_text(f'{head[:-1]},\n"trees":[\n{trees}\n]}}\n', encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=Path, required=True)
    parser.add_argument("--clusters", type=Path, required=True)
    parser.add_argument("--features", type=Path, required=True, help="the example name_features, built")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--half", action="store_true", help="print the figures of half the persons by the other half, too")
    arguments = parser.parse_args()

    names = json.loads(arguments.out.read_text())["features"]
    pairs = [row for row in read(arguments.pairs) if row["category"] != "pseudonym"]
    clusters = read(arguments.clusters)
    if arguments.half:
        half(arguments.features, pairs, clusters, names)
    weights = learn_sounds(arguments.features, pairs, rarities(arguments.features, clusters, empty(names)))
    x = features(arguments.features, pairs, weights)
    y = np.array([int(row["label"]) for row in pairs])
    category = np.array([row["category"] for row in pairs])
    p = out_of_fold(arguments.features, pairs, clusters, names)
    values = figures(y, p, category)
    show("five folds", values)
    booster = train(x, y)
    weights["about"] = "comparison of names, written by models/train/names.py; do not edit"
    weights["threshold"] = round(values["threshold"], 4)
    weights["trees"] = written(booster)
    save(weights, arguments.out)


if __name__ == "__main__":
    main()
