#!/usr/bin/env python3
"""Writes a corpus of masked documents with mentions of people, to measure how the time of linking grows with the corpus.

    python3 benches/link_corpus.py CLUSTERS.tsv MENTIONS NAMES > corpus.jsonl

CLUSTERS.tsv has a header with the columns `id` and `name`; rows with the same id are names of one person. People are drawn with
Zipf frequencies, so that few occur in many documents and most in one. If the file has fewer than NAMES distinct names, their parts
are recombined into new people, each with a full name and some with variants (initial, surname). The same arguments produce the same
bytes.
"""

import csv
import itertools
import json
import random
import sys

MENTIONS_A_DOCUMENT = 20


def people(path, n_names, draw):
    """Yields a list of names for each person, until there are `n_names` distinct names."""
    clusters = {}
    with open(path, encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            clusters.setdefault(row["id"], []).append(row["name"])
    seen = set()
    for names in clusters.values():
        if len(seen) >= n_names:
            return
        seen.update(names)
        yield names
    names = list(seen)
    given = sorted({name.split()[0] for name in names if " " in name})
    surnames = sorted({name.split()[-1] for name in names if " " in name})
    # There are more people than surnames, so some new surnames are joined from two.
    while len(seen) < n_names:
        first, last = draw.choice(given), draw.choice(surnames)
        if draw.random() < 0.5:
            last = f"{last}-{draw.choice(surnames)}"
        if draw.random() < 0.3:
            first = f"{first} {draw.choice(given)}"
        full = f"{first} {last}"
        if full in seen:
            continue
        variants = [full]
        if draw.random() < 0.3:
            variants.append(f"{first[0]}. {last}")
        if draw.random() < 0.2:
            variants.append(last)
        seen.update(variants)
        yield variants


def main():
    path, n_mentions, n_names = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    draw = random.Random(1)
    persons = list(people(path, n_names, draw))
    draw.shuffle(persons)
    weights = list(itertools.accumulate(1 / rank for rank in range(1, len(persons) + 1)))
    # Every name occurs once; the rest are drawn.
    listed = [name for names in persons for name in names][:n_mentions]
    n_drawn = n_mentions - len(listed)
    drawn = [draw.choice(names) for names in draw.choices(persons, cum_weights=weights, k=n_drawn)]
    mentions = listed + drawn
    draw.shuffle(mentions)
    for number, start in enumerate(range(0, n_mentions, MENTIONS_A_DOCUMENT)):
        text, spans = "", []
        for name in mentions[start : start + MENTIONS_A_DOCUMENT]:
            text += "****** "
            spans.append({"start": len(text), "end": len(text) + len(name), "text": name, "label": "PER"})
            text += name + " "
        print(json.dumps({"id": f"d{number}", "text": text, "offsets": "char", "mentions": spans}, ensure_ascii=False))


if __name__ == "__main__":
    main()
