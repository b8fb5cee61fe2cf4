"""Makes the training texts of `news-multi`, and says by which arguments `train.py` reads them.

    python languages.py --languages DIR --conll CONLL_DIR --worldwide WORLDWIDE_DIR --out TEXTS

Every text has two heads, `news` and one of its own; their tags are the same, PER, ORG and LOC. An epoch takes of each text as much as the
square root of its size, N times that of texts behind `--times TEXT=N`, `--epoch` words in all. The arguments are TEXTS/train.args: `python train.py @TEXTS/train.args ...`.
"""

import argparse
import math
from collections.abc import Iterator
from pathlib import Path

import corpus
from corpus import Document, Sentence

LABELS = ("PER", "ORG", "LOC")


def of_three(tags: list[str]) -> list[str]:
    """The tags of the three labels; all others are O."""
    return [tag if tag[2:] in LABELS else "O" for tag in tags]


def texts(args: argparse.Namespace) -> Iterator[tuple[str, Path]]:
    """The head of each text, and the folder of its train.conll and dev.conll."""
    yield "conll", args.conll
    yield "worldwide", args.worldwide
    for folder in sorted(args.languages.iterdir()):
        yield folder.name, folder


def cut(documents: list[Document], sentences: int) -> Iterator[Document]:
    """Documents of so many sentences: most files are one, which an epoch could not take a part of."""
    for document in documents:
        for at in range(0, len(document), sentences):
            yield [Sentence(s.words, of_three(s.tags), (of_three(s.tags),)) for s in document[at : at + sentences]]


def times(text: str) -> tuple[str, float]:
    """HEAD=N, as `--times` has it."""
    head, _, number = text.partition("=")
    return head, float(number)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--languages", type=Path, required=True, help="a folder of folders, one for each head")
    parser.add_argument("--conll", type=Path, required=True, help="folder of CoNLL-2003")
    parser.add_argument("--worldwide", type=Path, required=True, help="folder of English Worldwide Newswire")
    parser.add_argument("--epoch", type=int, default=800_000, help="words an epoch")
    parser.add_argument("--times", type=times, action="append", default=[], metavar="HEAD=N", help="a text that an epoch takes N times as much of")
    parser.add_argument("--sentences", type=int, default=12, help="the most in a document")
    parser.add_argument("--look", type=int, default=3_000, help="words of each dev text that training looks at")
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    sizes: dict[tuple[str, str], int] = {}
    for head, folder in texts(args):
        for part in ("train", "dev"):
            documents = list(cut(corpus.read(folder / f"{part}.conll"), args.sentences))
            corpus.write(documents, args.out / f"{head}.{part}.conll")
            sizes[head, part] = sum(len(sentence.words) for document in documents for sentence in document)
    weights = {head: 1.0 for head, _ in sizes} | dict(args.times)
    if unknown := weights.keys() - {head for head, _ in sizes}:
        parser.error(f"expected texts behind --times, found {', '.join(sorted(unknown))}")
    share = args.epoch / sum(weights[head] * math.sqrt(size) for (head, part), size in sizes.items() if part == "train")
    lines = []
    for (head, part), size in sizes.items():
        passes = share * weights[head] / math.sqrt(size) if part == "train" else min(1.0, args.look / size)
        lines += [f"--{part}", f"news,{head}={(args.out / f'{head}.{part}.conll').absolute()}*{passes:.4f}"]
        print(f"{head} {part}: {size:,} words, {passes:.3f} of it an epoch")
    (args.out / "train.args").write_text("".join(f"{line}\n" for line in lines))


if __name__ == "__main__":
    main()
