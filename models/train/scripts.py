"""Learns how the letters of other scripts are written in Latin ones, `../link/scripts/costs.tsv`, from a table of the world's name tokens.

    python scripts.py --tokens person_names.txt --out ../link/scripts/costs.tsv

The table is rigour's (rust/data/names/person_names.txt of its source distribution, version 2.6.1; built from Wikidata, CC0): the forms of a name in
all scripts, `=>`, and its Wikidata id. `../link/scripts/letters.tsv` has the units of each script and their readings by the standards; from
pairs of forms comes how often a unit is written as which Latin letters, and which vowels stand where the script writes none. An
alignment in which each unit writes nothing or up to four letters, and letters of no unit may follow it, is fitted by expectation and
maximisation. A fifth of the names is left out: `script_pairs.py` tests on them.

In Hangul, common syllables are learnt after their letters, since a Chinese name is written as Koreans read its characters: 진 is jin, chin,
chen and more. They begin as their letters are read; a name may be read by either.
"""

import argparse
import csv
import hashlib
import math
import random
import re
import unicodedata
from collections import Counter, defaultdict
from multiprocessing import Pool
from pathlib import Path

HERE = Path(__file__).parent
LETTERS = HERE.parent / "link/scripts/letters.tsv"
# Of each family, the letters that a form consists of.
FAMILIES = {
    "arabic": "\u0620-\u065f\u066e-\u06ef",
    "cyrillic": "\u0400-\u04ff",
    "greek": "\u0370-\u03ff",
    "hebrew": "\u05d0-\u05ea'׳",
    "devanagari": "\u0900-\u0963",
    "hangul": "\uac00-\ud7a3",
    "kana": "\u3041-\u30fa\u30fc",
}
# Scripts that leave vowels out.
BARE = {"arabic", "hebrew", "devanagari"}
N_TRAIN = defaultdict(lambda: 6_000, hangul=20_000)
ROUNDS = 6
MOST_OF_ONE = 4
LONGEST = 4
# Of Hangul, syllables that are seen so often, the most letters of one, and how often it counts as seen as its letters are read.
LEAST_SYLLABLE, LONGEST_SYLLABLE, EXPECTED_SYLLABLE = 60, 6, 30.0
LONGEST_INSERTED = 2
# Where letters are added: after a consonant or a vowel, before either or the end.
PLACES = ("CC", "CV", "C$", "VC", "VV", "V$")
# Seen so often, a unit at the start or the end of a word has readings of its own.
LEAST_PLACED = 40
# Readings that are rarer are dropped unless the table of letters has them.
RAREST, RAREST_OF_SYLLABLE = 0.004, 0.001
LISTED = 1.0
# The share of pairs that are no transliterations: translations, other readings.
WORST = 0.12

PLAIN = str.maketrans({"ß": "ss", "ı": "i", "ł": "l", "ø": "o", "đ": "d", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d", "ə": "a", "ħ": "h", "ŋ": "n"})


def latin(form: str) -> str | None:
    """Letters a to z, or nothing for a form of another script or of several words."""
    plain = unicodedata.normalize("NFKD", form.strip().lower().translate(PLAIN))
    letters = re.sub(r"[’'ʻʼ`´‘.]", "", "".join(c for c in plain if not unicodedata.combining(c)))
    return letters if re.fullmatch("[a-z]{2,24}", letters) else None


class Script:
    """The units of a script, and how a word is cut into them."""

    def __init__(self, name: str):
        self.name = name
        self.readings, self.folds = {}, {}
        with LETTERS.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
                if row["script"] == name:
                    if row["readings"].startswith("="):
                        self.folds[row["unit"]] = row["readings"][1:]
                    else:
                        self.readings[row["unit"]] = ["" if it == "-" else it for it in row["readings"].split()]
        self.longest = max(map(len, [*self.readings, *self.folds]))

    def units(self, word: str) -> list[str] | None:
        """The units of a word; nothing if it has a letter that the table lacks."""
        text = "".join(c if c in self.readings else jamo(c) for c in word) if self.name == "hangul" else word
        text = "".join(self.folds.get(c, c) for c in text)
        found, at = [], 0
        while at < len(text):
            for n in range(self.longest, 0, -1):
                unit = text[at : at + n]
                unit = self.folds.get(unit, unit)
                if len(text) >= at + n and unit in self.readings:
                    found.append(unit)
                    at += n
                    break
            else:
                if not unicodedata.combining(text[at]) and text[at] != "ـ":
                    return None
                at += 1
        return found if 0 < len(found) <= 24 else None


def jamo(c: str) -> str:
    """The consonants and the vowel of a syllable of Hangul."""
    at = ord(c) - 0xAC00
    if not 0 <= at < 11172:
        return c
    last = at % 28
    return chr(0x1100 + at // 588) + chr(0x1161 + at // 28 % 21) + (chr(0x11A7 + last) if last else "")


def is_test(name: str) -> bool:
    return int(hashlib.sha256(name.encode()).hexdigest(), 16) % 5 == 0


def names(path: Path, shortest: int = 2):
    """Per line the id, the Latin forms and those of each family."""
    patterns = {family: re.compile(f"[{letters}]{{{shortest},24}}") for family, letters in FAMILIES.items()}
    for line in path.read_text(encoding="utf-8").splitlines():
        forms, _, name = line.rpartition("=>")
        forms = [form.strip() for form in forms.split(",")]
        written = [letters for form in forms if (letters := latin(form))]
        others = defaultdict(list)
        for form in forms:
            for family, pattern in patterns.items():
                if pattern.fullmatch(form):
                    others[family].append(form)
        if written and others:
            yield name.strip(), list(dict.fromkeys(written)), others


def kind(readings: list[str]) -> str:
    """Consonant, vowel or mixed unit, by its first reading."""
    first = readings[0]
    if not re.search("[aeiou]", first):
        return "C" if first else "V"
    return "V" if re.fullmatch("[yjwv]?[aeiou]+[hy]?", first) else "M"


class Model:
    """How probable it is that a unit is written as some letters, and what follows it that no unit writes."""

    def __init__(self, script: Script, vocabulary: Counter):
        self.script = script
        bare = lambda unit: unit.strip("^$")
        self.vocabulary = {unit for unit, n in vocabulary.items() if n >= LEAST_PLACED or not (unit.startswith("^") or unit.endswith("$"))}
        self.vocabulary |= set(script.readings)
        # In kana every unit is a syllable.
        self.kinds = {unit: "M" if script.name == "kana" else kind(script.readings[bare(unit)]) for unit in self.vocabulary}
        self.written = {}
        for unit in self.vocabulary:
            listed = script.readings[bare(unit)]
            self.written[unit] = {reading: 0.9 / len(listed) for reading in listed}
        nothing = 0.45 if script.name in BARE else 0.95
        self.inserted = {place: {"": nothing if place[0] == "C" else 0.95} for place in PLACES}
        # What a syllable is written as until it is seen.
        self.expected = {}

    def add_syllables(self, syllables: list[str]) -> None:
        """Makes units of syllables of Hangul, read as their letters are. From now on only they are learnt: their letters have been, from all."""
        for syllable in syllables:
            ways = {"": 1.0}
            for unit in self.script.units(jamo(syllable)):
                longer = defaultdict(float)
                for letters, p in ways.items():
                    for more, q in self.written[unit].items():
                        if len(letters + more) <= LONGEST_SYLLABLE:
                            longer[letters + more] += p * q
                ways = longer
            self.expected[syllable] = shares(ways)
        for syllable, ways in self.expected.items():
            self.script.readings[syllable] = [max(ways, key=ways.get)]
            self.vocabulary.add(syllable)
            self.kinds[syllable], self.written[syllable] = "M", ways

    def placed(self, units: list[str]) -> list[str]:
        """Units at the start and end with the mark of their place, where that has readings of its own."""
        found = list(units)
        if len(found) > 1 and found[-1] + "$" in self.vocabulary:
            found[-1] += "$"
        if "^" + units[0] in self.vocabulary:
            found[0] = "^" + units[0]
        return found

    def allows(self, unit: str, letters: str) -> bool:
        kind = self.kinds[unit]
        if not letters:
            return True
        if kind == "C":
            return not re.search("[aeiou]", letters)
        if kind == "V":
            return bool(re.fullmatch("[lrwyjhvg]?[aeiouyw]*[hrwyjvfg]?", letters))
        return True

    def emission(self, unit: str, letters: str) -> float:
        p = self.written[unit].get(letters)
        if p is not None:
            return p
        return 10 ** -(2.3 + len(letters)) if self.allows(unit, letters) else 0.0

    def insertion(self, place: str, letters: str) -> float:
        p = self.inserted[place].get(letters)
        if p is not None:
            return p
        if letters and re.fullmatch("[aeiou]+|[aeiou]?[yhw]|[yhw]", letters):
            return (0.02 if self.script.name in BARE else 0.002) / len(letters)
        return 0.0

    def expect(self, units: list[str], word: str, written: dict, inserted: dict, weight: float) -> float:
        """Adds the expected counts of a pair. Returns the logarithm of its probability a letter."""
        n, m = len(units), len(word)
        kinds = ["V" if self.kinds[unit] == "V" else "C" for unit in units]
        places = [one + other for one, other in zip(kinds, [*kinds[1:], "$"], strict=True)]
        forward = [[0.0] * (m + 1) for _ in range(2 * n + 1)]
        forward[0][0] = 1.0
        arcs = []
        for step in range(2 * n):
            i, is_insertion = divmod(step, 2)
            most = LONGEST_INSERTED if is_insertion else LONGEST_SYLLABLE if units[i] in self.expected else LONGEST
            here, after, of_step = forward[step], forward[step + 1], []
            for j, p in enumerate(here):
                if p > 0.0:
                    for k in range(j, min(m, j + most) + 1):
                        letters = word[j:k]
                        q = self.insertion(places[i], letters) if is_insertion else self.emission(units[i], letters)
                        if q > 0.0:
                            after[k] += p * q
                            of_step.append((j, k, q))
            arcs.append(of_step)
        total = forward[-1][m]
        if total <= 0.0:
            return -math.inf
        backward = [0.0] * (m + 1)
        backward[m] = 1.0
        for step in range(2 * n - 1, -1, -1):
            i, is_insertion = divmod(step, 2)
            counts = inserted[places[i]] if is_insertion else written[units[i]]
            before = [0.0] * (m + 1)
            for j, k, q in arcs[step]:
                if backward[k] > 0.0:
                    before[j] += q * backward[k]
                    counts[word[j:k]] += weight * forward[step][j] * q * backward[k] / total
            backward = before
        return math.log(total) / m

    def maximise(self, written: dict, inserted: dict) -> None:
        # Units that have no place first: those in their place take from them.
        learnt = self.expected or self.vocabulary
        for unit in sorted(learnt, key=lambda unit: (unit != unit.strip("^$"), unit)):
            # A unit in its place is like that unit elsewhere until it is seen often.
            general = self.written[unit.strip("^$")]
            counts = written[unit]
            for letters, p in self.expected.get(unit, {}).items():
                counts[letters] += EXPECTED_SYLLABLE * p
            for reading in self.script.readings[unit.strip("^$")]:
                counts[reading] += LISTED
            if unit.strip("^$") != unit:
                for letters, p in general.items():
                    counts[letters] += 4.0 * p
            self.written[unit] = shares(counts)
        for place, counts in inserted.items():
            counts[""] += 1.0
            self.inserted[place] = shares(counts)


def shares(counts: dict) -> dict:
    total = sum(counts.values())
    return {letters: n / total for letters, n in counts.items() if n / total > 1e-5}


def learn(task: tuple[str, list]) -> tuple[str, Model]:
    family, pairs = task
    script = Script(family)
    cut = []
    for form, word in pairs:
        units = script.units(form)
        if units and len(word) <= 4 * len(units) + 2:
            cut.append((units, word))
    vocabulary = Counter()
    for units, _ in cut:
        vocabulary.update(units)
        vocabulary["^" + units[0]] += 1
        if len(units) > 1:
            vocabulary[units[-1] + "$"] += 1
    model = Model(script, vocabulary)
    fit(model, [(model.placed(units), word) for units, word in cut])
    if family == "hangul":
        seen = Counter(c for form, _ in pairs for c in form)
        model.add_syllables(sorted(c for c, n in seen.items() if n >= LEAST_SYLLABLE))
        again = [(script.units(form), word) for form, word in pairs if len(word) <= LONGEST_SYLLABLE * len(form)]
        fit(model, [(model.placed(units), word) for units, word in again if units])
    return family, model


def fit(model: Model, kept: list) -> None:
    """Expectation and maximisation. After the third round, pairs that are no transliterations are left out."""
    family = model.script.name
    for round in range(ROUNDS):
        written, inserted = defaultdict(lambda: defaultdict(float)), {place: defaultdict(float) for place in PLACES}
        # Few at first: the first rounds only have to find which letters belong together.
        seen = kept[: len(kept) // 3] if round < 2 else kept
        scores = [model.expect(units, word, written, inserted, 1.0) for units, word in seen]
        model.maximise(written, inserted)
        found = sorted(score for score in scores if score > -math.inf)
        print(family, "round", round, len(found), "pairs,", f"{sum(found) / len(found):.3f} a letter", flush=True)
        if round == 2:
            least = found[int(WORST * len(found))]
            kept = [pair for pair, score in zip(seen, scores, strict=True) if score >= least]


def training_pairs(path: Path) -> dict[str, list]:
    pick = random.Random(7)
    found = defaultdict(list)
    for name, written, others in names(path):
        if not is_test(name):
            for family, forms in others.items():
                pairs = [(form, word) for form in forms for word in written]
                pick.shuffle(pairs)
                found[family] += pairs[:MOST_OF_ONE]
    for pairs in found.values():
        pick.shuffle(pairs)
    return {family: pairs[: N_TRAIN[family]] for family, pairs in sorted(found.items())}


def rows(family: str, model: Model):
    cost = lambda p: round(-100 * math.log(max(p, 1e-5)))
    written = lambda readings: " ".join(f"{letters or '-'}:{cost(p)}" for letters, p in readings)
    for unit in sorted(model.vocabulary):
        listed = set(model.script.readings[unit.strip("^$")])
        readings = sorted(model.written[unit].items(), key=lambda it: (-it[1], it[0]))
        rarest = RAREST_OF_SYLLABLE if unit in model.expected else RAREST
        yield family, unit, written((letters, p) for letters, p in readings if p >= rarest or letters in listed and p >= 1e-4)
    for place in PLACES:
        readings = sorted(model.inserted[place].items(), key=lambda it: (-it[1], it[0]))
        yield family, "+" + place, written((letters, p) for letters, p in readings if p >= 0.0005)


def by_themselves(pairs: dict[str, list]):
    """What each Latin letter costs by itself: how rare it is in all names."""
    counts = Counter(letter for of_family in pairs.values() for _, word in of_family for letter in word)
    total = sum(counts.values())
    for letter, n in sorted(counts.items()):
        yield "latin", letter, f"{letter}:{round(-100 * math.log(n / total))}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tokens", type=Path, required=True, help="person_names.txt of rigour")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--only", nargs="*", choices=sorted(FAMILIES), help="families to learn, all by default; the others of OUT stay")
    arguments = parser.parse_args()
    pairs = training_pairs(arguments.tokens)
    tasks = [(family, of_family) for family, of_family in pairs.items() if not arguments.only or family in arguments.only]
    with Pool(2) as pool:
        learnt = dict(pool.imap_unordered(learn, tasks))
    rows_of = {family: ["\t".join(row) for row in rows(family, model)] for family, model in learnt.items()}
    if arguments.only:
        # The others stay as they are.
        for line in arguments.out.read_text(encoding="utf-8").splitlines()[1:]:
            if (family := line.split("\t")[0]) not in learnt:
                rows_of.setdefault(family, []).append(line)
    else:
        rows_of["latin"] = ["\t".join(row) for row in by_themselves(pairs)]
    with arguments.out.open("w", encoding="utf-8", newline="\n") as file:
        file.write("script\tunit\tcosts\n")
        for family in [*sorted(FAMILIES), "latin"]:
            file.writelines(f"{line}\n" for line in rows_of.get(family, []))


if __name__ == "__main__":
    main()
