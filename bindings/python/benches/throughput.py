"""Words a second: `Tagger.pipe`, `tag_arrow`, the program, and spaCy's `nlp.pipe`, in turns, on the same texts.

    python bindings/python/benches/throughput.py news.jsonl --program target/release/allonym --threads 2 --rounds 5

Prints one row for each way: the median over the rounds, the best, and the median of the ratios to the program in the same round. Words
are those that the program counts. The time of `pipe` includes the mentions as Python objects; that of the program includes its start
and the loading of its model (so does that of the first round of the others, which is not counted).
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from statistics import median

import allonym


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("texts", help="documents in any format of the program")
    parser.add_argument("--program", help="the program; by default that of the package")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--spacy", help="a model of spaCy, such as en_core_web_sm, or blank:en")
    return parser.parse_args()


def main() -> None:
    args = arguments()
    docs = list(allonym.scan(args.texts))
    texts = [doc.text for doc in docs]
    lines = "".join(json.dumps({"text": text}) + "\n" for text in texts)
    tagger = allonym.Tagger(threads=args.threads)
    program = [args.program] if args.program else [sys.executable, "-m", "allonym"]
    command = [*program, "tag", "--from", "jsonl", "--threads", str(args.threads)]
    report = subprocess.run(command, input=lines, capture_output=True, text=True, check=True).stderr
    counted = re.search(r"([\d,]+) words", report)
    if counted is None:
        raise SystemExit(f"expected the number of words in the program's report, found {report!r}")
    n_words = int(counted[1].replace(",", ""))

    def pipe() -> None:
        for doc in tagger.pipe(texts):
            _ = doc.mentions

    def by_program() -> None:
        subprocess.run([*command, "--quiet"], input=lines, stdout=subprocess.DEVNULL, text=True, check=True)

    ways: dict[str, Callable[[], None]] = {"program": by_program, "pipe": pipe}
    try:
        import pyarrow
    except ImportError:
        pass
    else:
        table = pyarrow.table({"text": texts})
        ways["tag_arrow"] = lambda: pyarrow.table(tagger.tag_arrow(table))
    if args.spacy:
        import spacy

        nlp = spacy.blank("en") if args.spacy == "blank:en" else spacy.load(args.spacy, exclude=["parser", "tagger", "lemmatizer", "attribute_ruler"])
        ways[f"spacy {args.spacy}"] = lambda: sum(len(doc.ents) for doc in nlp.pipe(texts)) and None

    seconds: dict[str, list[float]] = {way: [] for way in ways}
    for nth in range(args.rounds + 1):
        for way, work in ways.items():
            began = time.perf_counter()
            work()
            if nth > 0:
                seconds[way].append(time.perf_counter() - began)
    print(f"{len(texts):,} texts, {n_words:,} words, {args.threads} threads, {args.rounds} rounds")
    print("way\tmedian words/s\tbest words/s\tof the program")
    for way, found in seconds.items():
        ratios = [one / other for one, other in zip(seconds["program"], found)]
        print(f"{way}\t{n_words / median(found):,.0f}\t{n_words / min(found):,.0f}\t{100 * median(ratios):.1f} %")


if __name__ == "__main__":
    main()
