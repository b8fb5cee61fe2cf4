"""What a table of the world's name tokens teaches: which sounds stand for which, and how common a token is.

The table is rigour's (MIT, built from Wikidata): a line is the forms of one name in all scripts, `=>`, and its Wikidata id.
"""

import math
import random
import re
import unicodedata
from collections import Counter
from itertools import combinations
from pathlib import Path

import numpy as np
from rapidfuzz.distance import Levenshtein

# Letter groups that write one sound, as in `src/link/names/sounds.rs`.
GROUPS = "ch sh kh gh zh th dh ph ts dj dz cz sz ou ee oo ck ng".split()
SOUND_OF = {group: 27 + at for at, group in enumerate(GROUPS)}
N_SOUNDS = 27 + len(GROUPS)
SOUND_ROUNDS = 4
SOUND_SMOOTHING = 400.0
# Forms that have less in common are translations, or names in other scripts' readings.
LEAST_ALIKE = 0.4
MOST_PAIRS_OF_ONE = 6
N_PAIRS = 45_000
# Rarer tokens and keys are as rare as those that nobody has.
LEAST_TOKEN, LEAST_KEY = 8, 3
# Levels are thirds of a natural logarithm.
LEVELS = 3

PLAIN = str.maketrans({"ß": "ss", "ı": "i", "ł": "l", "ø": "o", "đ": "d", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d", "ə": "a", "ħ": "h", "ŋ": "n"})


def read(path: Path) -> list[tuple[list[str], int]]:
    """The Latin forms of each name, folded, and the number of its forms in all scripts."""
    names = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        forms, arrow, _ = line.rpartition("=>")
        if not arrow:
            raise SystemExit(f"{path}:{number}: expected forms, => and an id, found {line!r}")
        forms = forms.split(",")
        latin = dict.fromkeys(letters for form in forms if (letters := folded(form)))
        if latin:
            names.append((list(latin), len(forms)))
    return names


def folded(form: str) -> str | None:
    """Letters a to z, or nothing for a form of another script or of several words."""
    plain = unicodedata.normalize("NFKD", form.strip().lower().translate(PLAIN))
    letters = re.sub(r"[’'ʻʼ`´‘.]", "", "".join(c for c in plain if not unicodedata.combining(c)))
    return letters if re.fullmatch("[a-z]{2,24}", letters) else None


def spellings(names: list[tuple[list[str], int]]) -> list[tuple[str, str, float]]:
    """Pairs of forms of one name, each with its weight: a name of many forms must not outvote the rest."""
    pick = random.Random(5)
    weights = Counter()
    for forms, _ in names:
        pairs = [
            tuple(sorted(pair))
            for pair in combinations(forms, 2)
            # A form with an ending more is another name, as Polish surnames of daughters.
            if Levenshtein.normalized_similarity(*pair) >= LEAST_ALIKE and not (pair[0].startswith(pair[1]) or pair[1].startswith(pair[0]))
        ]
        pick.shuffle(pairs)
        for pair in pairs[:MOST_PAIRS_OF_ONE]:
            weights[pair] += len(pairs[:MOST_PAIRS_OF_ONE]) ** -0.5
    pairs = sorted((*pair, weight) for pair, weight in weights.items())
    pick.shuffle(pairs)
    return pairs[:N_PAIRS]


def sounds(token: str) -> list[int]:
    """The sounds of a token, as the library reads them."""
    found, at = [], 0
    while at < len(token):
        sound = SOUND_OF.get(token[at : at + 2])
        at += 1 if sound is None else 2
        if sound is None:
            sound = ord(token[at - 1]) - ord("a") + 1
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


def learn_sounds(names: list[tuple[list[str], int]]) -> dict:
    """Which sounds stand for which in two forms of one name: log odds, aligned anew with what was learned."""
    tokens = [(sounds(a), sounds(b), weight) for a, b, weight in spellings(names)]
    chance = np.ones(N_SOUNDS)
    for a, b, weight in tokens:
        np.add.at(chance, a + b, weight)
    chance[0] = 1.0
    chance[1:] /= chance[1:].sum()
    odds = np.full((N_SOUNDS, N_SOUNDS), -3.0)
    np.fill_diagonal(odds, 2.5)
    for _ in range(SOUND_ROUNDS):
        # As if each pair had been seen by chance a few times.
        counts = np.outer(chance, chance) * SOUND_SMOOTHING
        counts[0], counts[:, 0] = chance * 0.05 * SOUND_SMOOTHING, chance * 0.05 * SOUND_SMOOTHING
        table = odds.tolist()
        for a, b, weight in tokens:
            for x, y in aligned(a, b, table):
                counts[x, y] += weight / 2
                counts[y, x] += weight / 2
        counts[0, 0] = 1e-9
        joint = counts / np.triu(counts + counts.T - np.diag(np.diag(counts))).sum()
        odds = np.log(joint / np.outer(chance, chance))
    odds[0, 0] = 0.0
    rounded = np.round(100 * odds).astype(int).tolist()
    log_chance = [0, *np.round(100 * np.log(chance[1:])).astype(int).tolist()]
    return dict(log_chance=log_chance, log_odds=[row[: at + 1] for at, row in enumerate(rounded)])


def commonness(names: list[tuple[list[str], int]], keys: dict[str, str]) -> dict:
    """The level of each token by the forms of the names that it writes, and of each key by the tokens that have it."""
    tokens = Counter()
    for forms, n_forms in names:
        for form in forms:
            tokens[form] += n_forms
    of_key = Counter(keys.values())
    return dict(
        tokens=by_level({token: n for token, n in tokens.items() if n >= LEAST_TOKEN}),
        keys=by_level({key: n for key, n in of_key.items() if n >= LEAST_KEY}),
    )


def by_level(counts: dict[str, int]) -> dict[int, str]:
    levels = {}
    for word, n in sorted(counts.items()):
        levels.setdefault(round(LEVELS * math.log(1 + n)), []).append(word)
    return {level: " ".join(words) for level, words in sorted(levels.items())}
