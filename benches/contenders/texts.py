"""Articles for the benchmarks: read from text, JSONL or CoNLL, and remixed to the desired lengths."""

import json
import math
import random
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Article:
    """The text of an article, with an id."""

    id: str
    text: str

    @property
    def n_words(self) -> int:
        """The number of words separated by white space."""
        return len(self.text.split())


def read(path: Path) -> list[list[str]]:
    """The articles in a file or folder, each as a list of paragraphs; a CoNLL sentence counts as a paragraph."""
    if path.is_dir():
        files = sorted(file for file in path.rglob("*") if file.suffix in READERS)
        if not files:
            raise SystemExit(f"{path}: expected files ending in {', '.join(READERS)}, found none")
        return [article for file in files for article in read(file)]
    if path.suffix not in READERS:
        raise SystemExit(f"{path}: expected a name ending in {', '.join(READERS)}")
    return [article for article in READERS[path.suffix](path) if article]


def paragraphs(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def read_text(path: Path) -> list[list[str]]:
    return [paragraphs(path.read_text(encoding="utf-8"))]


def read_jsonl(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8") as lines:
        return [paragraphs(json.loads(line)["text"]) for line in lines if line.strip()]


def read_conll(path: Path) -> list[list[str]]:
    """Words are in the first column; `-DOCSTART-` starts an article."""
    articles, words = [[]], []
    for line in [*path.read_text(encoding="utf-8").split("\n"), ""]:
        columns = line.split()
        if columns and columns[0] != "-DOCSTART-":
            words.append(columns[0])
            continue
        if words:
            articles[-1].append(" ".join(words))
            words = []
        if columns:
            articles.append([])
    return articles


READERS = {".txt": read_text, ".jsonl": read_jsonl, ".conll": read_conll}


def mixed(sources: list[list[str]], n: int, words: tuple[int, int], seed: int) -> list[Article]:
    """`n` articles with lengths spread evenly on a logarithmic scale from `words[0]` to `words[1]` words.

    An article takes the paragraphs of one source from a random start, then those of another, until it is long enough; its last
    paragraph is cut at the exact length. The same arguments produce the same articles.
    """
    draw = random.Random(seed)
    least, most = words
    articles = []
    for i in range(n):
        # One article from each n-th of the range, so that even a few articles have the full mixture of lengths.
        share = (i + draw.random()) / n
        length = round(least * math.exp(share * math.log(most / least)))
        text, missing = [], length
        while missing > 0:
            source = draw.choice(sources)
            for paragraph in source[draw.randrange(len(source)) :]:
                found = paragraph.split(" ")
                text.append(" ".join(found[:missing]))
                missing -= len(found)
                if missing <= 0:
                    break
        articles.append(Article(f"{i:06}", "\n".join(text)))
    draw.shuffle(articles)
    return articles


def write_jsonl(articles: list[Article], path: Path) -> None:
    """Writes a JSONL file for `allonym tag`."""
    with path.open("w", encoding="utf-8") as out:
        for article in articles:
            out.write(json.dumps({"id": article.id, "text": article.text}, ensure_ascii=False) + "\n")
