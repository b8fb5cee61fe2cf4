"""Writes names.tsv: what may stand on either side of a hyphen between names, from the tables of ../kb and ../link.

    python models/words/names.py

The same tables give the same bytes.
"""

import csv
import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "kb"))

from build import AMBIGUOUS, fold  # noqa: E402

# Cities so large that their other names are in use, and that a given name like theirs does not hide them.
LARGE = 1_000_000
# Smaller ones seldom meet another name.
SMALL = 150_000


def rows(path: str) -> list[dict[str, str]]:
    with open(HERE.parent / path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def cells(row: dict[str, str], *columns: str) -> list[str]:
    return [name for column in columns for name in row[column].split("|") if name]


def main() -> None:
    found: dict[str, str] = {}

    def add(name: str, kind: str) -> None:
        plain = "-".join(fold(part) for part in name.split("-"))
        for key in (name.lower(), plain):
            # A name of two words can end or begin beside the hyphen; a longer one is rare there.
            if len(key) > 1 and len(key.split()) <= 2 and "." not in key:
                found.setdefault(key, kind)

    nations = rows("kb/countries.tsv") + rows("kb/areas.tsv")
    # "Russian" is an alias of the country, too.
    for columns, kind in [(["name"], "place"), (["demonyms"], "demonym"), (["aliases", "acronyms"], "place")]:
        for row in nations:
            for name in cells(row, *(column for column in columns if column in row)):
                add(name, kind)
    for name in sorted(AMBIGUOUS & {"congo", "korea"}):
        add(name, "place")
    for row in rows("kb/organisations.tsv"):
        for name in cells(row, "name", "aliases", "acronyms"):
            add(name, "organisation")
    given = {row["name"] for row in rows("link/en/given_names.tsv")}
    places = {row["geonames"]: row for row in rows("kb/places.tsv")}
    for row in places.values():
        name = row["name"].removesuffix(" City")
        people = int(row["population"] or 0)
        if row["kind"] == "city" and people < SMALL:
            continue
        if fold(name) not in given or people >= LARGE:
            add(name, "place")
    for row in rows("kb/place_names.tsv"):
        key, ids = row["key"], row["geonames"].split(",")
        large = any(places[at]["kind"] == "city" and int(places[at]["population"] or 0) >= LARGE for at in ids)
        if large and len(key) > 3 and " " not in key and key not in given:
            add(key, "place")
    with open(HERE / "names.tsv", "w", encoding="utf-8", newline="\n") as file:
        file.write("name\tkind\n")
        for name in sorted(found, key=str.encode):
            file.write(f"{name}\t{found[name]}\n")
    print(f"names.tsv: {len(found)} names")


if __name__ == "__main__":
    main()
