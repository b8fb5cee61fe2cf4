"""Trains the comparison of names: how rare tokens are, which sounds stand for which, and boosted trees over the features that the library computes.

    cargo build --release --no-default-features --features link --example name_features
    pip install -r requirements-names.txt
    python names.py --pairs pairs.tsv --clusters clusters.tsv --tokens person_names.txt \\
        --features target/release/examples/name_features --out names.json

The pairs have columns label (1: one person), name1, name2, category, id1, id2; the clusters have id and name. The tokens are the name
table of rigour (rust/data/names/person_names.txt of its sdist: the forms of a name, `=>`, its Wikidata id): which sounds stand for
which and how common a token is in the world come from it, and no pair or person does. The figures are of five folds by person: the
rarities and trees come from pairs without the persons of the fold. With `--half` they come from half of the persons only, and the
figures are of the other half.
"""

import argparse
import csv
import hashlib
import json
import subprocess
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable
from pathlib import Path

import lightgbm
import name_table
import numpy as np
import torch
from sklearn.metrics import average_precision_score, precision_recall_curve

PARAMETERS = dict(
    objective="binary",
    learning_rate=0.08,
    seed=1,
    num_leaves=16,
    max_depth=5,
    min_data_in_leaf=30,
    feature_fraction=0.4,
    bagging_fraction=0.8,
    bagging_freq=1,
    lambda_l2=5.0,
    deterministic=True,
    num_threads=1,
    verbose=-1,
)
ROUNDS = 200
N_NETWORKS = 2
N_HIDDEN = 32
DROPOUT = 0.2
WEIGHT_DECAY = 0.1
MOST_LEARNING_RATE = 6e-3
EPOCHS = 16
BATCH = 256
N_FOLDS = 5


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


def of_the_world(binary: Path, table: Path, weights: dict) -> dict:
    """What the name table teaches; nothing of it comes from the pairs."""
    known = name_table.read(table)
    tokens = sorted({form for forms, _ in known for form in forms})
    # An initial before it makes a token a name of two parts, and initials have no key.
    lines = run(binary, weights, "keys", ["name"], [[f"x {token}"] for token in tokens])
    keys = {token: line for token, line in zip(tokens, lines, strict=True) if line and " " not in line}
    return dict(weights, common=name_table.commonness(known, keys), sounds=name_table.learn_sounds(known))


class Persons:
    """The skeleton keys of the names of persons: in how many of them a key is says how rare it is."""

    def __init__(self, binary: Path, clusters: list[dict[str, str]], weights: dict):
        lines = run(binary, weights, "keys", ["name"], [[row["name"]] for row in clusters])
        self.keys = defaultdict(set)
        for row, line in zip(clusters, lines, strict=True):
            self.keys[row["id"]].update(line.split())

    def rarities(self, weights: dict, without: Callable[[str], bool]) -> dict:
        keys = [keys for person, keys in self.keys.items() if not without(person)]
        counts = Counter(key for of_one in keys for key in of_one)
        return dict(weights, people=len(keys), people_with_key=dict(sorted(counts.items())))


def features(binary: Path, pairs: list[dict[str, str]], weights: dict) -> np.ndarray:
    lines = run(binary, weights, "features", ["name1", "name2"], [[row["name1"], row["name2"]] for row in pairs])
    return np.array([line.split("\t") for line in lines[1:]], dtype=np.float32)


def blind_features(
    binary: Path, pairs: list[dict[str, str]], persons: Persons, weights: dict, seed: str = "", without: Callable[[str], bool] = lambda person: False
) -> np.ndarray:
    """Features of pairs with rarities that, as those of new names, do not count the person whose pair it is."""
    folds = np.array([fold(row["id1"] + seed, N_FOLDS) for row in pairs])
    x = np.zeros((len(pairs), len(weights["features"])), dtype=np.float32)
    for k in range(N_FOLDS):
        blind = persons.rarities(weights, lambda person: without(person) or fold(person + seed, N_FOLDS) == k)
        x[folds == k] = features(binary, [row for row, of in zip(pairs, folds) if of == k], blind)
    return x


class Judge:
    """Boosted trees and small networks; the probability is of the mean of their logits."""

    def __init__(self, x: np.ndarray, y: np.ndarray):
        self.forest = lightgbm.train(PARAMETERS, lightgbm.Dataset(x, y), num_boost_round=ROUNDS)
        self.mean, self.scale = x.mean(0), 1.0 / (x.std(0) + 1e-6)
        self.networks = [self.network(x, y, seed) for seed in range(N_NETWORKS)]

    def standard(self, x: np.ndarray) -> torch.Tensor:
        return torch.tensor(((x - self.mean) * self.scale).clip(-4, 4), dtype=torch.float32)

    def network(self, x: np.ndarray, y: np.ndarray, seed: int) -> torch.nn.Sequential:
        torch.manual_seed(seed)
        x, y = self.standard(x), torch.tensor(y, dtype=torch.float32)
        network = torch.nn.Sequential(
            torch.nn.Linear(x.shape[1], N_HIDDEN), torch.nn.ReLU(), torch.nn.Dropout(DROPOUT), torch.nn.Linear(N_HIDDEN, 1)
        )
        optimizer = torch.optim.AdamW(network.parameters(), weight_decay=WEIGHT_DECAY)
        steps = EPOCHS * -(-len(y) // BATCH)
        schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, MOST_LEARNING_RATE, total_steps=steps)
        for _ in range(EPOCHS):
            for rows in torch.randperm(len(y)).split(BATCH):
                loss = torch.nn.functional.binary_cross_entropy_with_logits(network(x[rows])[:, 0], y[rows])
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
                schedule.step()
        return network.eval()

    def predict(self, x: np.ndarray) -> np.ndarray:
        with torch.no_grad():
            by_networks = torch.cat([network(self.standard(x)) for network in self.networks], dim=1).mean(1).numpy()
        return 1.0 / (1.0 + np.exp(-0.5 * (self.forest.predict(x, raw_score=True) + by_networks)))

    def written(self) -> dict:
        """The networks as the library reads them."""

        def short(numbers: np.ndarray) -> list:
            return [short(row) for row in numbers] if numbers.ndim > 1 else [float(f"{number:.5g}") for number in numbers]

        def one(network: torch.nn.Sequential) -> dict:
            first, last = network[0], network[-1]
            weights, biases, output, bias = (t.detach().numpy() for t in (first.weight, first.bias, last.weight[0], last.bias))
            return dict(weights=short(weights), biases=short(biases), output=short(output), bias=short(bias)[0])

        return dict(mean=short(self.mean), scale=short(self.scale), networks=[one(network) for network in self.networks])


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


def out_of_fold(
    binary: Path, pairs: list[dict[str, str]], persons: Persons, weights: dict, seed: str = "", without: Callable[[str], bool] = lambda person: False
) -> np.ndarray:
    """Probabilities of pairs by what was learned, rarities too, without the persons of their fold."""
    y = np.array([int(row["label"]) for row in pairs])
    folds = np.array([[fold(row["id1"] + seed, N_FOLDS), fold(row["id2"] + seed, N_FOLDS)] for row in pairs])
    p = np.zeros(len(y))
    for k in range(N_FOLDS):
        test, known = folds[:, 0] == k, (folds != k).all(1)

        def unknown(person: str) -> bool:
            return without(person) or fold(person + seed, N_FOLDS) == k

        x = blind_features(binary, pairs, persons, weights, seed, unknown)
        p[test] = Judge(x[known], y[known]).predict(x[test])
    return p


def half(binary: Path, pairs: list[dict[str, str]], persons: Persons, weights: dict) -> None:
    """Everything from one half of the persons, the figures from the other."""
    y = np.array([int(row["label"]) for row in pairs])
    category = np.array([row["category"] for row in pairs])
    sides = np.array([[fold(row["id1"] + "half", 2), fold(row["id2"] + "half", 2)] for row in pairs])
    for side in (0, 1):
        # As in the other half, a negative is of a person of the side and any other.
        train_rows, test_rows = (sides == side).all(1), sides[:, 0] != side

        def unknown(person: str) -> bool:
            return fold(person + "half", 2) != side

        known_pairs = [row for row, is_known in zip(pairs, train_rows) if is_known]
        x = blind_features(binary, pairs, persons, weights, without=unknown)
        inner = out_of_fold(binary, known_pairs, persons, weights, without=unknown)
        p = Judge(x[train_rows], y[train_rows]).predict(x[test_rows])
        show(f"half {side}", figures(y[test_rows], p, category[test_rows], best_threshold(y[train_rows], inner)))


def written(forest: lightgbm.Booster) -> list[dict]:
    """Trees as the library reads them: splits [feature, threshold, left, right]; a child below zero is leaf -child - 1."""
    trees = []
    for tree in forest.dump_model()["tree_info"]:
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
    head = head.replace('"people":', '\n"people":').replace('"features":', '\n"features":').replace('"common":', '\n"common":').replace('"sounds":', '\n"sounds":').replace('"networks":', '\n"networks":').replace('{"weights":', '\n{"weights":').replace('"threshold":', '\n"threshold":')
    out.write_text(f'{head[:-1]},\n"trees":[\n{trees}\n]}}\n', encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=Path, required=True)
    parser.add_argument("--clusters", type=Path, required=True)
    parser.add_argument("--tokens", type=Path, required=True, help="person_names.txt of rigour")
    parser.add_argument("--features", type=Path, required=True, help="the program name_features, built")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--half", action="store_true", help="print the figures of half the persons by the other half, too")
    parser.add_argument("--repeats", type=int, default=3, choices=(1, 2, 3), help="how often the persons are put into folds anew")
    arguments = parser.parse_args()
    torch.set_num_threads(1)

    binary = arguments.features
    pairs = [row for row in read(arguments.pairs) if row["category"] != "pseudonym"]
    weights = of_the_world(binary, arguments.tokens, empty(json.loads(arguments.out.read_text())["features"]))
    persons = Persons(binary, read(arguments.clusters), weights)
    if arguments.half:
        half(binary, pairs, persons, weights)
    y = np.array([int(row["label"]) for row in pairs])
    category = np.array([row["category"] for row in pairs])
    thresholds = []
    for seed in ("", "1", "2")[: arguments.repeats]:
        values = figures(y, out_of_fold(binary, pairs, persons, weights, seed), category)
        thresholds.append(values["threshold"])
        show("five folds", values)
    judge = Judge(blind_features(binary, pairs, persons, weights), y)
    weights = persons.rarities(weights, lambda person: False)
    weights["about"] = "comparison of names, written by models/train/names.py; do not edit"
    weights["threshold"] = round(float(np.median(thresholds)), 4)
    weights["networks"] = judge.written()
    weights["trees"] = written(judge.forest)
    save(weights, arguments.out)


if __name__ == "__main__":
    main()
