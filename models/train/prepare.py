"""Makes the training texts of the head `clean` and of `conll` beside it: words cut where names meet, one column of tags a head.

    python prepare.py --conll DIR --clean DIR --men train.jsonl --out DIR

`--conll` and `--clean` hold train.conll and dev.conll of CoNLL-2003 and of its correction, with the same words in train. Of the corrected dev,
every third document is kept for choosing, and so are the same documents with the labels of CoNLL-2003.
"""

import argparse
import json
import re
from pathlib import Path

import corpus
from corpus import Document, Sentence
from hyphens import Evidence, cut, relabelled

_TOKEN = re.compile(r"\w+|[^\w\s]")
_SENTENCE_END = re.compile(r"(?<=[.?!])['\"”’]?\s+(?=[A-Z'\"“‘])")


def together(conll: list[Document], clean: list[Document]) -> list[Document]:
    """The same words with both rows of tags."""
    both = []
    for document, other in zip(conll, clean, strict=True):
        both.append([])
        for a, b in zip(document, other, strict=True):
            if a.words != b.words:
                raise ValueError(f"expected the same words, found {a.words} and {b.words}")
            both[-1].append(Sentence(a.words, a.tags, (b.tags,)))
    return both


def men(path: Path) -> list[Document]:
    """MEN's articles: many names lack a label, so capitalised words outside mentions say nothing, but for those before a person (titles)."""
    documents = []
    for line in path.read_text(encoding="utf-8").split("\n"):
        if not line:
            continue
        article = json.loads(line)
        text = article["text"]
        tags = {}
        for mention in article["mentions"]:
            for i, token in enumerate(_TOKEN.finditer(text, mention["start"], mention["end"])):
                tags[token.start()] = ("B-" if i == 0 else "I-") + mention["label"]
        bounds = [0, *(match.end() for match in _SENTENCE_END.finditer(text)), len(text)]
        document = []
        for start, end in zip(bounds, bounds[1:]):
            found = list(_TOKEN.finditer(text, start, end))
            words = [token.group() for token in found]
            if words:
                document.append(Sentence(words, _masked(words, [tags.get(token.start(), "O") for token in found])))
        documents.append(document)
    return documents


def _masked(words: list[str], tags: list[str]) -> list[str]:
    """? for every capitalised word without a label that is not known to be none, and for small words between two such."""
    result = list(tags)
    for i, (word, tag) in enumerate(zip(words, tags)):
        if tag == "O" and word[0].isupper():
            person = next((j for j in range(i + 1, min(i + 4, len(words))) if tags[j] != "O"), None)
            title = person is not None and tags[person] == "B-PER" and all(w[0].isupper() or w == "." for w in words[i:person])
            result[i] = "O" if title else "?"
    for i in range(1, len(words) - 1):
        if tags[i] == "O" and not words[i][0].isupper():
            near = range(max(0, i - 2), min(len(words), i + 3))
            if any(result[j] == "?" for j in near if j < i) and any(result[j] == "?" for j in near if j > i):
                result[i] = "?"
    return result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--conll", type=Path, required=True, help="folder of CoNLL-2003")
    parser.add_argument("--clean", type=Path, required=True, help="folder of its correction")
    parser.add_argument("--men", type=Path, help="articles with mentions, a JSON object a line")
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    train = {name: corpus.read(getattr(args, name) / "train.conll") for name in ("conll", "clean")}
    dev = {name: corpus.read(getattr(args, name) / "dev.conll") for name in ("conll", "clean")}
    evidence = Evidence(train["clean"])

    def clean(documents: list[Document]) -> list[Document]:
        return [relabelled(document, evidence) for document in documents]

    made = {
        "train.conll": together([cut(document) for document in train["conll"]], clean(train["clean"])),
        "train-dev.conll": clean([document for i, document in enumerate(dev["clean"]) if i % 3]),
        "dev-clean.conll": clean(dev["clean"][::3]),
        "dev-conll.conll": [cut(document) for document in dev["conll"][::3]],
    }
    if args.men:
        made["men.conll"] = men(args.men)
    args.out.mkdir(parents=True, exist_ok=True)
    for name, documents in made.items():
        corpus.write(documents, args.out / name)
        words = sum(len(sentence.words) for document in documents for sentence in document)
        print(f"{name}: {len(documents)} documents, {words} words")


if __name__ == "__main__":
    main()
