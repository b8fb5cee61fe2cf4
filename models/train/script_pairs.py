"""Makes pairs of names of persons across scripts, fits what compares them, and prints average precision by script.

    pip install -r requirements-scripts.txt
    python script_pairs.py make --tokens person_names.txt --out PAIRS
    cargo build --release --no-default-features --features link --example name_features
    python script_pairs.py fit --pairs PAIRS --features target/release/examples/name_features --out ../link/scripts/weights.json
    python script_pairs.py score --pairs PAIRS --features target/release/examples/name_features

The names come from rigour's table of name tokens (rust/data/names/person_names.txt of its source distribution, version 2.6.1; from Wikidata,
CC0). A person is two names of the table, one form of each in the script and one in Latin letters; the Latin letters of a negative have in the place of
one or of both a name that begins with the same letter and is spelled the most alike among many, of which no form in any script is one of the
other's. Names of the test part are those that `scripts.py` leaves out; those of the training part are others that it has seen. Surnames of
Koreans, which are few, are in both.
"""

import argparse
import csv
import json
import random
import subprocess
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from rapidfuzz.distance import Levenshtein
from scripts import FAMILIES, is_test, latin, names
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score
from unidecode import unidecode

N_TEST, N_TRAIN = 1_000, 3_000
N_CANDIDATES = 80
# Forms that have less in common are translations (Gold for Dahab), not spellings.
LEAST_ALIKE = 0.34
KOREAN_SURNAMES = set("김이박최정강조윤장임한오서신권황안송류전홍고문양손배백허유남심노하곽성차주우구민진지엄채원천방공현함변염여추도소석선설마길연위표명기반왕금옥육인맹제모탁국")


@dataclass(frozen=True)
class Word:
    id: str
    written: tuple[str, ...]
    native: tuple[str, ...]
    all_forms: frozenset[str]


def consonants(text: str) -> str:
    return "".join(c for c in unidecode(text).lower() if c.isalpha() and c not in "aeiouyhw")


def are_spellings(native: str, written: str) -> bool:
    one, other = consonants(native).replace("v", "b"), consonants(written).replace("v", "b")
    return not one or not other or Levenshtein.normalized_similarity(one, other) >= LEAST_ALIKE


def words(path: Path) -> dict[str, list[Word]]:
    found = defaultdict(list)
    for id, written, others in names(path, shortest=1):
        everything = frozenset(written).union(*others.values())
        for family, native in others.items():
            # Of names of one letter only the surnames of Koreans are wanted.
            native = [form for form in native if len(form) > 1 or form in KOREAN_SURNAMES]
            pairs = [(a, b) for a in native for b in written if are_spellings(a, b)]
            if pairs:
                a, b = (tuple(sorted(set(side))) for side in zip(*pairs))
                found[family].append(Word(id, b, a, everything))
    return found


class Maker:
    def __init__(self, family: str, known: list[Word], seed: str):
        self.family, self.known = family, known
        self.pick = random.Random(f"{family} {seed}")
        self.by_initial = defaultdict(list)
        for word in known:
            self.by_initial[word.written[0][0]].append(word)
        if family == "hangul":
            self.surnames = [word for word in known if any(form in KOREAN_SURNAMES for form in word.native)]
            self.given = [word for word in known if any(len(form) == 2 for form in word.native)]

    def near(self, word: Word, among: list[Word] | None = None) -> Word | None:
        """Another name with the same initial that is spelled the most alike among many."""
        candidates = among or self.by_initial[word.written[0][0]]
        candidates = self.pick.sample(candidates, min(N_CANDIDATES, len(candidates)))
        candidates = [it for it in candidates if not it.all_forms & word.all_forms]
        if not candidates:
            return None
        alike = lambda it: Levenshtein.normalized_similarity(it.written[0], word.written[0])
        return max(candidates, key=lambda it: (alike(it), it.id))

    def person(self) -> tuple[list[Word], str, bool]:
        """Two names, how they are written in the script, and whether the bearer is a Korean."""
        if self.family == "hangul" and self.pick.random() < 0.6:
            surname, given = self.pick.choice(self.surnames), self.pick.choice(self.given)
            one = self.pick.choice([form for form in surname.native if form in KOREAN_SURNAMES])
            return [given, surname], one + self.pick.choice([form for form in given.native if len(form) == 2]), True
        both = self.pick.sample(self.known, 2)
        gap = "・" if self.family == "kana" else " "
        return both, gap.join(self.pick.choice(word.native) for word in both), False

    def latin(self, both: list[Word], is_korean: bool) -> str:
        first, last = (self.pick.choice(word.written).capitalize() for word in both)
        return f"{last} {first}" if is_korean and self.pick.random() < 0.5 else f"{first} {last}"

    def pairs(self, n: int):
        made = 0
        while made < n:
            both, native, is_korean = self.person()
            if made % 2 == 0:
                yield 1, native, self.latin(both, is_korean), "spelling"
                made += 1
                continue
            others = [self.near(word, self.surnames if is_korean and nth else None) for nth, word in enumerate(both)]
            what = self.pick.choice(["given", "surname", "both"])
            wrong = [other if what in ("both", place) else word for word, other, place in zip(both, others, ("given", "surname"), strict=True)]
            if None not in wrong:
                yield 0, native, self.latin(wrong, is_korean), what
                made += 1


def make(arguments) -> None:
    arguments.out.mkdir(parents=True, exist_ok=True)
    known = words(arguments.tokens)
    for part, n in (("test", N_TEST), ("train", N_TRAIN)):
        with (arguments.out / f"{part}.tsv").open("w", encoding="utf-8", newline="\n") as file:
            file.write("family\tlabel\tname1\tname2\tcategory\n")
            for family in FAMILIES:
                of_part = sorted((it for it in known[family] if is_test(it.id) == (part == "test")), key=lambda it: it.id)
                if family == "hangul":
                    # The few surnames of Koreans are in both parts.
                    present = {it.id for it in of_part}
                    of_part += [it for it in known[family] if it.id not in present and any(form in KOREAN_SURNAMES for form in it.native)]
                for row in Maker(family, of_part, part).pairs(n):
                    file.write("\t".join([family, *map(str, row)]) + "\n")


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def run(program: Path, what: str, rows: list[dict[str, str]]) -> list[str]:
    weights = Path(__file__).parent.parent / "link/names.json"
    table = "name1\tname2\n" + "".join(f"{row['name1']}\t{row['name2']}\n" for row in rows)
    done = subprocess.run([program, weights, what], input=table, capture_output=True, text=True, check=True)
    return done.stdout.splitlines()


def score(arguments) -> None:
    rows = read(arguments.pairs / "test.tsv")
    p = np.array([float(line.split("\t")[0]) for line in run(arguments.features, "probability", rows)])
    show(rows, p)


def show(rows: list[dict[str, str]], p: np.ndarray) -> None:
    y, family = np.array([int(row["label"]) for row in rows]), np.array([row["family"] for row in rows])
    for name in FAMILIES:
        of = family == name
        found = p[of] >= 0.6259
        right = (found & (y[of] == 1)).sum()
        print(f"{name:11} {of.sum()} pairs  AP {average_precision_score(y[of], p[of]):.3f}  at the threshold: precision {right / max(1, found.sum()):.3f}, recall {right / (y[of] == 1).sum():.3f}")


def fit(arguments) -> None:
    """A logistic regression a family over what the library knows of a pair."""
    weights, of_test = {}, []
    train, test = read(arguments.pairs / "train.tsv"), read(arguments.pairs / "test.tsv")
    table = {}
    for part, rows in (("train", train), ("test", test)):
        lines = run(arguments.features, "across", rows)
        names_of, table[part] = lines[0].split("\t"), np.array([line.split("\t") for line in lines[1:]], dtype=float)
    p = np.zeros(len(test))
    for family in FAMILIES:
        of, of_test = (np.array([row["family"] == family for row in rows]) for rows in (train, test))
        y = np.array([int(row["label"]) for row in train])[of]
        x = table["train"][of]
        scale = x.std(0) + 1e-6
        judge = LogisticRegression(C=1.0, max_iter=2000).fit(x / scale, y)
        w, bias = judge.coef_[0] / scale, judge.intercept_[0]
        weights[family] = dict(bias=round(float(bias), 4), weights=[round(float(it), 4) for it in w])
        p[of_test] = 1 / (1 + np.exp(-(table["test"][of_test] @ w + bias)))
    show(test, p)
    about = "names across scripts, written by models/train/script_pairs.py; do not edit"
    text = json.dumps(dict(about=about, features=names_of, scripts=weights), indent=1)
    arguments.out.write_text(text + "\n", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["make", "fit", "score"])
    parser.add_argument("--tokens", type=Path, help="person_names.txt of rigour")
    parser.add_argument("--pairs", type=Path)
    parser.add_argument("--features", type=Path, help="the program name_features, built")
    parser.add_argument("--out", type=Path)
    arguments = parser.parse_args()
    dict(make=make, fit=fit, score=score)[arguments.what](arguments)


if __name__ == "__main__":
    main()
