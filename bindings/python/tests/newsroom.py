"""Invented news, with gold: who is meant by each name.

    python newsroom.py 20000 --jsonl gold.jsonl --parquet articles

Names are put together from the project's own lists, by a seed, so that the same call gives the same articles. Persons are
as frequent as Zipf says; each is introduced by full name, some under another spelling in some articles, and called by the
surname after that.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[3]

ENDINGS = ["son", "sen", "ov", "ez", "ian", "ski", "idis", "ovich", "elli", "ström", "", "", "", ""]
ROLES = [
    "Finance Minister", "Foreign Minister", "Energy Minister", "Governor", "Senator", "Judge", "Mayor", "Professor",
    "coach", "singer", "striker", "novelist", "farmer", "engineer", "economist", "union leader", "surgeon", "pilot",
]
KINDS = ["Bank", "Steel", "Airlines", "University", "Energy", "Shipping", "Insurance", "Railways", "Mining", "Football Club"]
#: What becomes of a spelling elsewhere.
RESPELLED = [("kh", "h"), ("ou", "u"), ("ee", "i"), ("sch", "sh"), ("ck", "k"), ("ph", "f"), ("w", "v"), ("y", "i"), ("mm", "m"), ("ss", "s")]

OPENINGS = [
    "{loc} - {role} {per} said on {day} that talks with {org} would go on until the end of the month.",
    "{loc} - {org} named {per} as its new head on {day}, ending a search that took two years.",
    "{loc} - Hundreds of people gathered on {day} to hear {role} {per} speak about the floods.",
    "{loc} - A court on {day} cleared {per}, a former {role}, of all charges brought by {org}.",
    "{loc} - {role} {per} opened a bridge on {day} that {org} had paid for.",
]
MIDDLES = [
    "{last} told reporters that the plan would cost {n} million dollars.",
    "\"We have waited {n} years for this,\" {last} said.",
    "Before the vote, {last} had met {other} in {loc2}.",
    "{other}, who works in {loc2}, called the decision a mistake.",
    "Shares of {org} fell {n} percent after {last} spoke.",
    "{org2} has offered help, but {last} declined to comment.",
    "The government of {country} said it would send a team to {loc2}.",
    "Officials in {country} want to read the report first.",
    "{other} and {last} have known each other since school.",
]
DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]


@dataclass
class Article:
    """A text that grows, with the names that it has."""

    id: str
    text: str = ""
    mentions: list[dict[str, Any]] = field(default_factory=list)

    def add(self, words: str) -> None:
        self.text += words

    def name(self, words: str, label: str, entity: str) -> None:
        start = len(self.text)
        self.text += words
        self.mentions.append({"start": start, "end": len(self.text), "text": words, "label": label, "entity": entity})


@dataclass(frozen=True)
class Person:
    given: str
    last: str
    role: str

    @property
    def full(self) -> str:
        return f"{self.given} {self.last}"


class Newsroom:
    """Who there is, and what is written about them."""

    def __init__(self, seed: int, n_persons: int) -> None:
        self._random = random.Random(seed)
        given = [row["name"] for row in _table("models/link/en/given_names.tsv") if row["listed"] and len(row["name"]) > 3]
        places = _table("models/kb/places.tsv")
        cities = [row["name"] for row in places if row["kind"] == "city" and int(row["population"] or 0) > 800_000]
        self._countries = [row["name"] for row in _table("models/kb/countries.tsv") if row["kind"] == "country"]
        countries = set(self._countries)
        self._cities = [city for city in dict.fromkeys(cities) if city not in countries]
        pick = self._random.choice
        persons = {
            (pick(given).title(), (pick(given) + pick(ENDINGS)).title()): pick(ROLES) for _ in range(n_persons)
        }
        self._persons = [Person(*name, role) for name, role in persons.items()]
        self._organisations = list(dict.fromkeys(f"{pick(self._cities)} {pick(KINDS)}" for _ in range(n_persons // 5)))

    def articles(self, n: int) -> Iterator[Article]:
        for number in range(n):
            yield self._article(f"a{number:06d}")

    def _zipf(self, items: list[Any]) -> Any:
        return items[min(int(len(items) ** self._random.random()) - 1, len(items) - 1)]

    def _article(self, id: str) -> Article:
        article = Article(id)
        main, other = self._zipf(self._persons), self._zipf(self._persons)
        spelled = self._respelled(main) if self._random.random() < 0.1 else main
        organisations = [self._zipf(self._organisations), self._zipf(self._organisations)]
        cities = [self._zipf(self._cities), self._zipf(self._cities)]
        country = self._zipf(self._countries)
        sentences = [self._random.choice(OPENINGS), *self._random.sample(MIDDLES, self._random.randint(3, 6))]
        for number, sentence in enumerate(sentences):
            article.add("" if number == 0 else "\n\n" if number % 2 else " ")
            for piece in _pieces(sentence):
                match piece:
                    case "{per}":
                        article.name(spelled.full, "PER", f"per:{main.full}")
                    case "{last}":
                        article.name(spelled.last, "PER", f"per:{main.full}")
                    case "{other}":
                        article.name(other.full, "PER", f"per:{other.full}")
                    case "{org}" | "{org2}":
                        name = organisations[piece == "{org2}"]
                        article.name(name, "ORG", f"org:{name}")
                    case "{loc}" | "{loc2}":
                        city = cities[piece == "{loc2}"]
                        article.name(city.upper() if piece == "{loc}" else city, "LOC", f"loc:{city}")
                    case "{country}":
                        article.name(country, "LOC", f"loc:{country}")
                    case "{role}":
                        article.add(main.role)
                    case "{day}":
                        article.add(self._random.choice(DAYS))
                    case "{n}":
                        article.add(str(self._random.randint(2, 90)))
                    case _:
                        article.add(piece)
        article.add("\n")
        return article

    def _respelled(self, person: Person) -> Person:
        last = person.last
        for old, new in RESPELLED:
            if old in last:
                last = last.replace(old, new, 1)
                break
        return Person(person.given, last, person.role)


def _pieces(sentence: str) -> Iterator[str]:
    """A template cut at its places: "{loc} - {per}" is "{loc}", " - ", "{per}"."""
    while sentence:
        head, brace, rest = sentence.partition("{")
        if head:
            yield head
        if brace:
            name, _, rest = rest.partition("}")
            yield "{" + name + "}"
        sentence = rest


def _table(path: str) -> list[dict[str, str]]:
    with open(ROOT / path, encoding="utf-8") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def articles(n: int, seed: int = 18) -> list[Article]:
    return list(Newsroom(seed, n_persons=max(20, n // 8)).articles(n))


def write_jsonl(found: list[Article], path: Path) -> None:
    with open(path, "w", encoding="utf-8") as file:
        for article in found:
            row = {"id": article.id, "text": article.text, "offsets": "char", "mentions": article.mentions}
            file.write(json.dumps(row, ensure_ascii=False) + "\n")


def write_parquet(found: list[Article], folder: Path, n_files: int = 4) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    folder.mkdir(parents=True, exist_ok=True)
    for number in range(n_files):
        part = found[number::n_files]
        table = pa.table(
            {
                "id": [article.id for article in part],
                "text": [article.text for article in part],
                "words": pa.array([len(article.text.split()) for article in part], pa.int32()),
            }
        )
        pq.write_table(table, folder / f"part-{number}.parquet", compression="zstd")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("articles", type=int)
    parser.add_argument("--seed", type=int, default=18)
    parser.add_argument("--jsonl", type=Path, help="write the texts with their gold")
    parser.add_argument("--parquet", type=Path, help="write the texts alone, into a folder")
    args = parser.parse_args()
    found = articles(args.articles, args.seed)
    if args.jsonl:
        write_jsonl(found, args.jsonl)
    if args.parquet:
        write_parquet(found, args.parquet)
    n_words = sum(len(article.text.split()) for article in found)
    n_names = len({(mention["text"], mention["label"]) for article in found for mention in article.mentions})
    print(f"{len(found)} articles, {n_words} words, {sum(len(article.mentions) for article in found)} mentions, {n_names} names")


if __name__ == "__main__":
    main()
