"""How alike two names in two scripts must be in a small archive: B3 by the least probability, on archives made of names.

    python script_archives.py --tokens person_names.txt --features target/release/examples/name_features

An archive has 50 persons, each once in Latin letters and once in another script. A fifth of them share a surname with another one, a tenth
have in the place of their given name the one that is spelled the most like it, as in `script_pairs.py`, whose names these are: those that
the weights were fitted on, not those of its test. Eight archives a script.
"""

import argparse
from collections import Counter, defaultdict
from pathlib import Path

import numpy as np
from script_pairs import Maker, Word, run, words
from scripts import is_test

FAMILIES = ("arabic", "cyrillic", "greek", "hebrew", "devanagari")
N_ARCHIVES, N_PERSONS = 8, 50
RELATIVES, LOOK_ALIKES = 0.2, 0.1
LEAST = (0.5, 0.6, 0.7, 0.75, 0.8, 0.84, 0.87, 0.9, 0.92, 0.94, 0.955, 0.97, 0.98, 0.99)


def persons(maker: Maker) -> list[list[Word]]:
    found: list[list[Word]] = []
    while len(found) < N_PERSONS:
        both, _, _ = maker.person()
        draw = maker.pick.random()
        if found and draw < RELATIVES:
            both = [both[0], maker.pick.choice(found)[1]]
        elif found and draw < RELATIVES + LOOK_ALIKES:
            other = maker.pick.choice(found)
            both = [maker.near(other[0]) or both[0], other[1]]
        found.append(both)
    return found


def b3(links: list[tuple[int, int]]) -> tuple[float, float]:
    """Precision and recall where the name in Latin letters of the first person is taken for that in the other script of the second."""
    parent = list(range(2 * N_PERSONS))

    def root(at: int) -> int:
        while parent[at] != at:
            parent[at] = parent[parent[at]]
            at = parent[at]
        return at

    for one, other in links:
        parent[root(one)] = root(N_PERSONS + other)
    clusters = defaultdict(Counter)
    for at in range(2 * N_PERSONS):
        clusters[root(at)][at % N_PERSONS] += 1
    n_of = [(n, cluster.total()) for cluster in clusters.values() for n in cluster.values()]
    n = 2 * N_PERSONS
    return sum(found * found / size for found, size in n_of) / n, sum(found * found / 2 for found, _ in n_of) / n


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tokens", type=Path, required=True, help="person_names.txt of rigour")
    parser.add_argument("--features", type=Path, required=True, help="the program name_features, built")
    arguments = parser.parse_args()
    known = words(arguments.tokens)
    rows, places = [], []
    for family in FAMILIES:
        of_family = sorted((word for word in known[family] if not is_test(word.id)), key=lambda word: word.id)
        for number in range(N_ARCHIVES):
            maker = Maker(family, of_family, f"archive {number}")
            there = persons(maker)
            latin = [maker.latin(both, False) for both in there]
            native = [" ".join(maker.pick.choice(word.native) for word in both) for both in there]
            rows += [{"name1": one, "name2": other} for one in latin for other in native]
            places += [(family, number, one, other) for one in range(N_PERSONS) for other in range(N_PERSONS)]
    p = [float(line.split("\t")[0]) for line in run(arguments.features, "probability", rows)]
    archives = defaultdict(list)
    for (family, number, one, other), probability in zip(places, p, strict=True):
        archives[family, number].append((one, other, probability))
    print("least\tprecision\trecall\tF1\t" + "\t".join(FAMILIES))
    for least in LEAST:
        scores = {
            of: b3([(one, other) for one, other, probability in pairs if probability >= least]) for of, pairs in archives.items()
        }
        f1 = {of: 2 * precision * recall / (precision + recall) for of, (precision, recall) in scores.items()}
        by_family = [np.mean([value for of, value in f1.items() if of[0] == family]) for family in FAMILIES]
        cells = [*np.mean(list(scores.values()), axis=0), np.mean(list(f1.values())), *by_family]
        print(f"{least}\t" + "\t".join(f"{cell:.4f}" for cell in cells))


if __name__ == "__main__":
    main()
