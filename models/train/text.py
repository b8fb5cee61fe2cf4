"""Reads, checks and counts the labelled texts of text/ (its README says how they are written) and writes them in other forms.

    python text.py                                   # check all; exit status 1 if there is an error
    python text.py --only maria/07-port-strike.txt   # check one file, or one writer: --only maria
    python text.py --only maria --capitals           # capitalised words that have no label, for the second reader
    python text.py --stats                           # words, labels, repetition, what is shared with ../../eval/gold
    python text.py --jsonl own.jsonl --conll own.conll
    python text.py --folder ../../eval/gold2-source --articles ../../eval/gold2   # one file a text in the form of eval/gold
"""

import argparse
import json
import re
import sys
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
LABELS = ("PER", "ORG", "LOC", "MISC")
KEYS = {"genre": True, "region": True, "layout": False, "seen": False}  # key of a header line -> must it be there
LAYOUTS = ("plain", "wrapped")

MARK = re.compile(r"\[\[([^\[\]|]*)\|([^\[\]|]*)(?:\|([^\[\]|]*))?\]\]")
FILE_NAME = re.compile(r"[a-z0-9-]+/\d\d-[a-z0-9-]+\.txt")
ENTITY_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")

# Ids that are rightly one label here and another there.
TWO_LABELS: set[str] = set()
KEEP_THE = {"The Hague", "The Gap", "The Pas", "The Dalles", "The Valley"}  # places in whose name "The" is always capitalised

TITLES = set(
    """mr mrs ms miss dr prof professor sir dame lord lady baroness president premier chancellor minister secretary senator sen governor gov
    congressman congresswoman representative rep mayor judge justice gen general lt lieutenant col colonel maj major capt captain sgt sergeant
    admiral commander brigadier marshal inspector king queen prince princess emperor emir sultan sheikh sheikha shaikh crown pope cardinal
    archbishop bishop father fr sister reverend rev pastor rabbi imam ayatollah hojatoleslam maulana mufti mullah grand datuk dato dato' tan
    tun tunku tengku puan haji hajj alhaji hajiya chief oba nana otunba coach manager ambassador sayyid pandit swami shri smt begum ustad rt
    hon vice deputy""".split(),
)
ABBREVIATIONS = set(
    """mr mrs ms dr prof sen rep gov gen lt col maj capt sgt adm brig rev fr hon st jr sr vs no inc corp ltd co bros jan feb mar apr jun jul aug
    sep sept oct nov dec dept est ave blvd ft mt calif ariz mass tex fla pa va ill mich minn wis colo ore wash conn penn""".split(),
)
DEMONYMS = set(
    """Afghan African Albanian Algerian American Andean Angolan Arab Arabic Argentine Argentinian Armenian Asian Australian Austrian Azerbaijani
    Azeri Bahraini Bangladeshi Belarusian Belgian Beninese Bolivian Bosnian Brazilian British Briton Bulgarian Burmese Burundian Cambodian
    Cameroonian Canadian Catalan Chadian Chechen Chilean Chinese Colombian Congolese Croatian Cuban Cypriot Czech Danish Dane Dutch Ecuadorean
    Ecuadorian Egyptian Emirati English Eritrean Estonian Ethiopian European Fijian Filipino Finnish Finn Flemish French Gambian Georgian German
    Ghanaian Greek Guatemalan Guinean Haitian Hausa Hindi Honduran Hungarian Icelandic Indian Indonesian Iranian Iraqi Irish Israeli Italian
    Ivorian Jamaican Japanese Jordanian Kazakh Kenyan Korean Kosovar Kurdish Kurd Kuwaiti Kyrgyz Laotian Latvian Lebanese Liberian Libyan
    Lithuanian Malagasy Malawian Malaysian Malian Maltese Mauritanian Mexican Moldovan Mongolian Moroccan Mozambican Namibian Nepalese Nepali
    Nicaraguan Nigerian Nigerien Norwegian Omani Pakistani Palestinian Panamanian Paraguayan Pashto Persian Peruvian Polish Portuguese Punjabi
    Qatari Romanian Russian Rwandan Salvadoran Samoan Saudi Scottish Senegalese Serb Serbian Singaporean Slovak Slovene Slovenian Somali Spanish
    Spaniard Sudanese Swahili Swede Swedish Swiss Syrian Taiwanese Tajik Tamil Tanzanian Thai Tibetan Togolese Tongan Tunisian Turk Turkish
    Turkmen Ugandan Ukrainian Urdu Uruguayan Uyghur Uzbek Venezuelan Vietnamese Welsh Yemeni Yoruba Zambian Zimbabwean Muslim Islamic Christian
    Jewish Catholic Protestant Orthodox Hindu Buddhist Sikh Shia Sunni Shiite Druze Yazidi Anglican Methodist""".split(),
)
FUNCTION_WORDS = set(
    """a an the and or but nor of to in on at by for from with into over under after before since until about against between among through
    during without within as than that this these those it its he she they we you i his her their our my your him them us who whom which what
    when where why how is are was were be been being has have had do does did will would can could should may might must not no if so then there
    here more most less least some any all both each other another such only also too very up down out off one two three four five six seven
    eight nine ten first second third said says say saying told year years day days monday tuesday wednesday thursday friday saturday sunday
    january february march april june july august september october november december percent per cent million billion new last next""".split(),
)


@dataclass
class Mention:
    """Characters `start` to `end` of a text; MISC has no entity."""

    start: int
    end: int
    label: str
    entity: str | None
    surface: str


@dataclass
class Text:
    """One file: `name` is writer/nn-slug.txt, `text` what is published."""

    name: str
    header: dict[str, str]
    text: str
    mentions: list[Mention]

    @property
    def seen(self) -> set[str]:
        return {surface.strip() for surface in self.header.get("seen", "").split(";")}

    def rest(self) -> str:
        """The text with every character of a mention replaced: what was left unlabelled, at the same offsets."""
        characters = list(self.text)
        for mention in self.mentions:
            characters[mention.start : mention.end] = "\0" * (mention.end - mention.start)
        return "".join(characters)


@dataclass
class Problem:
    """An error must go; a warning wants a look, and `# seen: the surface` in the header quiets it."""

    name: str
    line: int
    is_error: bool
    message: str

    def __str__(self) -> str:
        return f"{self.name}:{self.line}: {'error' if self.is_error else 'warning'}: {self.message}"


class Checker:
    """Parses files and collects what is wrong with each and with all of them."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.label_of: dict[str, tuple[str, str]] = {}
        self.raw = ""
        self.name = ""

    def error(self, position: int, message: str) -> None:
        self.problems.append(Problem(self.name, self.raw.count("\n", 0, position) + 1, True, message))

    def warn(self, position: int, message: str) -> None:
        self.problems.append(Problem(self.name, self.raw.count("\n", 0, position) + 1, False, message))

    def read(self, path: Path, folder: Path) -> Text:
        self.raw = path.read_bytes().decode("utf-8")
        self.name = path.relative_to(folder).as_posix()
        if not FILE_NAME.fullmatch(self.name):
            self.error(0, f"expected <writer>/<nn>-<slug>.txt, found {self.name}")
        header, begin = self._header()
        text = Text(self.name, header, *self._marks(begin))
        positions = self._positions(begin)
        for mention in text.mentions:
            self._surface(text, mention, positions[mention.start])
        self._unlabelled(text, positions)
        return text

    def _header(self) -> tuple[dict[str, str], int]:
        header: dict[str, str] = {}
        begin = 0
        for line in self.raw.splitlines(keepends=True):
            match = re.fullmatch(r"# ([a-z]+): (.+)", line.rstrip("\r\n"))
            if not match:
                break
            if match[1] not in KEYS:
                self.error(begin, f"header: expected one of {', '.join(KEYS)}, found {match[1]}")
            header[match[1]] = match[2].strip()
            begin += len(line)
        for key, is_required in KEYS.items():
            if is_required and key not in header:
                self.error(0, f"header: no line `# {key}: …`")
        if header.get("layout", "plain") not in LAYOUTS:
            self.error(0, f"header: layout is one of {', '.join(LAYOUTS)}")
        blank = re.match(r"\r?\n", self.raw[begin:])
        if not blank:
            self.error(begin, "no empty line after the header")
            return header, begin
        return header, begin + blank.end()

    def _marks(self, begin: int) -> tuple[str, list[Mention]]:
        body = self.raw[begin:].removesuffix("\n")
        parts: list[str] = []
        mentions: list[Mention] = []
        length = 0
        last = 0
        for match in MARK.finditer(body):
            before = body[last : match.start()]
            self._brackets(before, begin + last)
            surface, label, entity = match.groups()
            length += len(before)
            at = begin + match.start()
            if label not in LABELS:
                self.error(at, f"expected a label of {', '.join(LABELS)}, found {label!r}")
            elif label == "MISC" and entity is not None:
                self.error(at, f"{match[0]}: MISC has no entity")
            elif label != "MISC" and not ENTITY_ID.fullmatch(entity or ""):
                self.error(at, f"{match[0]}: expected an entity id in lower case with hyphens, found {entity!r}")
            mentions.append(Mention(length, length + len(surface), label, entity, surface))
            parts += [before, surface]
            length += len(surface)
            last = match.end()
        self._brackets(body[last:], begin + last)
        return "".join([*parts, body[last:]]), mentions

    def _brackets(self, between: str, at: int) -> None:
        for match in re.finditer(r"\[\[|\]\]", between):
            self.error(at + match.start(), f"unbalanced or nested {match[0]!r} near {between[match.start() : match.start() + 40]!r}")

    def _positions(self, begin: int) -> list[int]:
        """For each character of the text, and its end, where it is in the file."""
        positions: list[int] = []
        last = begin
        for match in MARK.finditer(self.raw, begin):
            positions += range(last, match.start())
            positions += range(match.start(1), match.end(1))
            last = match.end()
        positions += range(last, len(self.raw) + 1)
        return positions

    def _surface(self, text: Text, mention: Mention, at: int) -> None:
        surface = mention.surface
        if not surface.strip():
            self.error(at, "an empty mention")
            return
        if surface != surface.strip():
            self.error(at, f"{surface!r} begins or ends with a blank")
        if re.match(r"the\s", surface, re.I) and surface not in KEEP_THE and mention.label != "MISC":
            self.error(at, f"{surface!r} begins with `the`")
        if re.search(r"['’`´ʼ]s$", surface, re.I) and mention.label == "PER":
            self.error(at, f"{surface!r} ends with a possessive")
        before, after = text.text[: mention.start][-1:], text.text[mention.end :][:1]
        if (before.isalnum() and surface[0].isalnum()) or (after.isalnum() and surface[-1].isalnum()):
            self.error(at, f"{surface!r} is cut out of a word")
        if mention.entity and mention.label in LABELS:
            label, name = self.label_of.setdefault(mention.entity, (mention.label, text.name))
            if label != mention.label and mention.entity not in TWO_LABELS:
                self.error(at, f"{mention.entity} is {mention.label} here and {label} in {name}")
        if surface in text.seen:
            return
        words = surface.split()
        if mention.label == "PER" and words[0].rstrip(".").lower() in TITLES:
            self.warn(at, f"{surface!r} begins with a title")
        if mention.label in ("PER", "LOC") and surface in DEMONYMS | {demonym + "s" for demonym in DEMONYMS}:
            self.warn(at, f"{surface!r} as {mention.label} is a demonym, language or religion (MISC)")
        if re.search(r"['’]s$", surface, re.I):
            self.warn(at, f"{surface!r}: is the 's part of the name?")
        if re.search(r"[,;:!?]$", surface) or (surface.endswith(".") and not _is_abbreviation(words[-1])):
            self.warn(at, f"{surface!r} ends with punctuation")
        if not any(c.isupper() or unicodedata.category(c) == "Lo" or c.isdigit() for c in surface):
            self.warn(at, f"{surface!r} has no capital")
        if surface.count("(") != surface.count(")"):
            self.warn(at, f"{surface!r} has one half of a pair of brackets")
        if mention.label != "MISC" and re.search(r"\w[–—/]\w|^(US|UK|EU|UN|[A-Z]\.[A-Z]\.)-", surface):
            self.warn(at, f"{surface!r}: two names? (guideline 6)")
        if after in ("-", "–") or before in ("-", "–"):
            other = text.text[mention.end + 1 : mention.end + 2] if after in ("-", "–") else ""
            if other.isupper() and not any(m.start == mention.end + 1 for m in text.mentions):
                self.warn(at, f"{surface!r}: the other side of the hyphen is capitalised and has no label")

    def _unlabelled(self, text: Text, positions: list[int]) -> None:
        """Surfaces with a label in one place and none in another, and demonyms without one."""
        rest = text.rest()
        wanted: dict[str, str] = {}
        for mention in text.mentions:
            surface = re.sub(r"\s+", " ", mention.surface)
            forms = {surface, surface.upper()}
            if mention.label == "PER" and len(surface.split()) > 1:
                forms.add(surface.split()[-1])
            for form in forms - text.seen:
                if form[:1].isupper() and len(form) > 1:
                    wanted.setdefault(form, f"{form!r} without a label here, but {mention.label} elsewhere in the text")
        for demonym in DEMONYMS:
            for form in {demonym, demonym + "s", demonym.upper()} - text.seen:
                wanted.setdefault(form, f"{form!r} without a label (MISC?)")
        if not wanted:
            return
        forms = sorted(wanted, key=len, reverse=True)
        pattern = re.compile(r"(?<![\w'’])(" + "|".join(re.escape(form).replace(r"\ ", r"\s+") for form in forms) + r")(?!\w)")
        for match in pattern.finditer(rest):
            form = re.sub(r"\s+", " ", match[0])
            self.warn(positions[match.start()], wanted[form])
        labels = defaultdict(set)
        for mention in text.mentions:
            labels[mention.surface].add((mention.label, mention.entity))
        for mention in text.mentions:
            both = labels.pop(mention.surface, set())
            if len(both) > 1 and mention.surface not in text.seen:
                found = " and ".join(sorted(f"{label} {entity or ''}".strip() for label, entity in both))
                self.warn(positions[mention.start], f"{mention.surface!r} is {found} in this text")


def _is_abbreviation(word: str) -> bool:
    return bool(re.fullmatch(r"(\w\.)+", word)) or word.rstrip(".").lower() in ABBREVIATIONS


def capitals(text: Text) -> Counter[str]:
    """Capitalised words without a label that do not begin a sentence or line."""
    found = re.finditer(r"(?<=[\w,;:)’'\"”\0] )(?:[A-Z][\w'’.-]*)(?: [A-Z][\w'’-]*)*", text.rest())
    return Counter(match[0].rstrip(".") for match in found)


# --- words and sentences -------------------------------------------------------------------------------------------------------------

WORD = re.compile(
    r"""
    (?:[^\W\d_]\.){2,}                            # U.S. a.m.
    | ['’]s\b                                     # a possessive
    | \d+(?:[.,:/-]\d+)*(?:st|nd|rd|th|s)?\b      # 1,000.5 6-4 12:30 1990s
    | (?:\w|[\u200b-\u200f\u2060\ufeff\u00ad])+(?:(?:['’ʼ](?!s\b)|&(?=[A-Z])|(?<=\d)[.,](?=\d))[\w\u00ad]+)*  # O'Brien AT&T R4.5bn
    | \.{2,} | --+ | \S
    """,
    re.VERBOSE,
)


def words_of(text: Text) -> list[tuple[int, int, str]]:
    """(start, end, tag) of each word, IOB2; no word crosses the edge of a mention."""
    found: list[tuple[int, int, str]] = []
    edges = [(0, "O")]
    for mention in text.mentions:
        edges += [(mention.start, mention.label), (mention.end, "O")]
    edges.append((len(text.text), "O"))
    for (start, label), (end, _) in zip(edges, edges[1:], strict=False):
        tag = "O" if label == "O" else f"B-{label}"
        position = start
        while match := WORD.search(text.text, position, end):
            stop = match.end()
            if text.text[stop : stop + 1] == "." and stop < len(text.text) and _keeps_stop(text.text, match, end):
                stop += 1
            found.append((match.start(), stop, tag))
            tag = tag.replace("B-", "I-")
            position = stop
    return found


def _keeps_stop(text: str, match: re.Match[str], end: int) -> bool:
    """Whether the full stop after a word is part of it: initials and abbreviations."""
    word = match[0]
    is_initial = len(word) == 1 and word.isupper()
    return match.end() < end and (is_initial or (word.lower() in ABBREVIATIONS and word[0].isupper() and word != "No"))


def sentences_of(text: Text) -> Iterator[list[tuple[str, str]]]:
    """(word, tag) by sentence: ended by . ! ? before a capital, by an empty line, and by a line break unless the layout is wrapped."""
    line_break = r"\n\s*\n" if text.header.get("layout") == "wrapped" else r"\n"
    sentence: list[tuple[str, str]] = []
    before = 0
    for start, end, tag in words_of(text):
        gap = text.text[before:start]
        word = "".join(c for c in text.text[start:end] if unicodedata.category(c) != "Cf")
        if sentence and not tag.startswith("I-"):
            ended = [w for w, _ in sentence if w not in "\"'”’)]"][-1:]
            is_end = bool(ended) and ended[0] in (".", "!", "?", "...") and bool(gap) and (word[:1].isupper() or word[:1] in "\"'“‘([")
            if is_end or re.search(line_break, gap):
                yield sentence
                sentence = []
        if word:
            sentence.append((word, tag))
        before = end
    if sentence:
        yield sentence


# --- what is written -----------------------------------------------------------------------------------------------------------------


def to_json(text: Text) -> str:
    """One line of allonym's JSONL; offsets are code points."""
    mentions = []
    for mention in text.mentions:
        record = {"start": mention.start, "end": mention.end, "text": mention.surface, "label": mention.label}
        if mention.entity:
            record["entity"] = mention.entity
        mentions.append(record)
    record = {"id": text.name.removesuffix(".txt"), "text": text.text, "offsets": "char", "mentions": mentions}
    return json.dumps(record, ensure_ascii=False) + "\n"


def to_article(text: Text, known: dict[str, dict[str, object]]) -> dict[str, object]:
    """A text in the form of eval/gold: three labels, and its entities, with the name and Wikidata id of the `known` ones."""
    mentions = [m for m in text.mentions if m.label != "MISC"]
    entities = []
    for entity in dict.fromkeys(m.entity for m in mentions):
        of_it = [m for m in mentions if m.entity == entity]
        aliases = sorted({" ".join(m.surface.split()) for m in of_it})
        name = max(aliases, key=lambda alias: (not alias.isupper(), len(alias)))
        record = {"id": entity, "name": name, "label": of_it[0].label, "aliases": aliases, "mentions": len(of_it)}
        other = known.get(entity or "", {})
        if other.get("label") == record["label"]:
            record.update({key: other[key] for key in ("name", "kb") if key in other})
        entities.append(record)
    return {
        "id": text.name.removesuffix(".txt").replace("/", "-"),
        "text": text.text + "\n",
        "offsets": "char",
        "mentions": [{"start": m.start, "end": m.end, "text": m.surface, "label": m.label, "entity": m.entity} for m in mentions],
        "entities": entities,
    }


def write_articles(texts: list[Text], folder: Path, gold: Path) -> None:
    known: dict[str, dict[str, object]] = {}
    for path in sorted(gold.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            known.update((entity["id"], entity) for entity in json.loads(line)["entities"])
    for text in texts:
        article = to_article(text, known)
        path = folder / f"{article['id']}.jsonl"
        path.write_text(json.dumps(article, ensure_ascii=False) + "\n", encoding="utf-8")


def to_conll(texts: Iterable[Text]) -> Iterator[str]:
    """Lines of word and tag."""
    for text in texts:
        yield "-DOCSTART- O\n\n"
        for sentence in sentences_of(text):
            yield "".join(f"{word} {tag}\n" for word, tag in sentence) + "\n"


# --- statistics ----------------------------------------------------------------------------------------------------------------------


def plain_words(text: str) -> list[str]:
    return re.findall(r"\w+(?:['’]\w+)*", text.lower().replace("’", "'"))


def grams(words: list[str], size: int) -> Iterator[tuple[str, ...]]:
    return zip(*(words[i:] for i in range(size)), strict=False)


def is_telling(gram: tuple[str, ...]) -> bool:
    """Whether at least two words of it are neither function words nor figures: `on the first day of` tells nothing."""
    return sum(word not in FUNCTION_WORDS and not word[0].isdigit() for word in gram) >= 2


def print_stats(texts: list[Text], gold: Path) -> None:
    words = {text.name: plain_words(text.text) for text in texts}
    total = sum(map(len, words.values()))
    labels = Counter(mention.label for text in texts for mention in text.mentions)
    entities = {m.entity for text in texts for m in text.mentions if m.entity}
    print(f"{len(texts)} texts, {total:,} words, {sum(labels.values()):,} mentions, {len(entities):,} entities")
    print("labels: " + ", ".join(f"{label} {labels[label]:,}" for label in LABELS))
    for key in ("writer", "genre", "region"):
        count: Counter[str] = Counter()
        for text in texts:
            value = text.name.split("/")[0] if key == "writer" else text.header.get(key, "?")
            count[value] += len(words[text.name])
        print(f"words by {key}: " + ", ".join(f"{name} {n:,}" for name, n in count.most_common()))

    four = Counter(gram for ws in words.values() for gram in grams(ws, 4))
    print(f"\ndistinct 4-grams: {len(four) / max(1, sum(four.values())):.1%} of {sum(four.values()):,}")
    gold_four: set[tuple[str, ...]] = set()
    gold_six: dict[tuple[str, ...], str] = {}
    for path in sorted(gold.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            record = json.loads(line)
            ws = plain_words(record["text"])
            gold_four.update(gram for gram in grams(ws, 4) if is_telling(gram))
            gold_six.update((gram, record["id"]) for gram in grams(ws, 6))
    telling = Counter({gram: n for gram, n in four.items() if is_telling(gram)})
    shared = Counter({gram: n for gram, n in telling.items() if gram in gold_four})
    print(f"4-grams also in eval/gold: {len(shared):,} of {len(telling):,} ({len(shared) / max(1, len(telling)):.2%}): {_top(shared, 15)}")
    for text in texts:
        for gram in grams(words[text.name], 6):
            if gram in gold_six:
                print(f"  six words of {gold_six[gram]} in {text.name}: {' '.join(gram)}")

    five: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for name, ws in words.items():
        for gram in grams(ws, 5):
            five[gram].add(name)
    _print_top("5-grams by texts", Counter({" ".join(gram): len(names) for gram, names in five.items() if len(names) > 1}), 25)

    bearers: dict[str, set[str]] = defaultdict(set)
    givens: dict[str, set[str]] = defaultdict(set)
    per_texts: dict[str, set[str]] = defaultdict(set)
    for text in texts:
        for mention in text.mentions:
            if mention.label == "PER" and mention.entity:
                name = re.sub(r"\s+", " ", mention.surface).title()
                per_texts[mention.entity].add(text.name)
                if " " in name:
                    bearers[name.split()[-1]].add(mention.entity)
                    givens[name.split()[0]].add(mention.entity)
    _print_top("persons by texts", Counter({k: len(v) for k, v in per_texts.items() if len(v) > 1}), 25)
    _print_top("surnames by persons", Counter({k: len(v) for k, v in bearers.items() if len(v) > 1}), 25)
    _print_top("given names by persons", Counter({k: len(v) for k, v in givens.items() if len(v) > 1}), 25)

    openings: Counter[str] = Counter()
    n_sentences = 0
    for text in texts:
        for sentence in sentences_of(text):
            plain = [word for word, _ in sentence if word[0].isalpha()]
            n_sentences += 1
            if len(plain) > 5:
                openings[" ".join(plain[:2])] += 1
    _print_top(f"openings of {n_sentences:,} sentences", openings, 25)


def _top(counter: Counter[tuple[str, ...]], n: int) -> str:
    return "; ".join(f"{' '.join(gram)} {count}" for gram, count in counter.most_common(n))


def _print_top(title: str, counter: Counter[str], n: int) -> None:
    print(f"\n{title}: " + ("; ".join(f"{name} {count}" for name, count in counter.most_common(n)) or "none twice"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, default=HERE / "text")
    parser.add_argument("--gold", type=Path, default=HERE.parents[1] / "eval" / "gold")
    parser.add_argument("--only", default="", help="a writer or a file below the folder; the labels of ids are compared with all texts")
    parser.add_argument("--capitals", action="store_true")
    parser.add_argument("--stats", action="store_true")
    parser.add_argument("--jsonl", type=Path)
    parser.add_argument("--conll", type=Path)
    parser.add_argument("--articles", type=Path, help="a folder")
    args = parser.parse_args()

    checker = Checker()
    texts = [checker.read(path, args.folder) for path in sorted(args.folder.glob("*/*.txt"))]
    problems = [problem for problem in checker.problems if problem.name.startswith(args.only)]
    chosen = [text for text in texts if text.name.startswith(args.only)]
    if not chosen:
        parser.error(f"no text begins with {args.only!r} in {args.folder}")
    for problem in problems:
        print(problem)
    n_errors = sum(problem.is_error for problem in problems)
    n_words = sum(len(plain_words(text.text)) for text in chosen)
    print(f"{len(chosen)} texts, {n_words:,} words: {n_errors} errors, {len(problems) - n_errors} warnings", file=sys.stderr)
    if args.capitals:
        for text in chosen:
            print(f"{text.name}: " + "; ".join(f"{word} {n}" if n > 1 else word for word, n in sorted(capitals(text).items())))
    if args.stats:
        print_stats(chosen, args.gold)
    if n_errors and (args.jsonl or args.conll or args.articles):
        sys.exit("nothing written: there are errors")
    if args.jsonl:
        args.jsonl.write_text("".join(map(to_json, chosen)), encoding="utf-8")
    if args.conll:
        args.conll.write_text("".join(to_conll(chosen)), encoding="utf-8")
    if args.articles:
        write_articles(chosen, args.articles, args.gold)
    sys.exit(1 if n_errors else 0)


if __name__ == "__main__":
    main()
