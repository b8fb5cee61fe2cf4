"""Checks that beside other processes, `allonym tag` only slows down by the share of the CPU that it loses.

    cargo build --release
    python benches/load.py                    # one busy process beside two threads

Runs the program alone and beside processes that each keep one core busy, in turns. The fair share is what the scheduler can provide:
beside B busy processes on C cores, N threads get N * C / (N + B) cores, at most N. A program whose threads wait for each other at
barriers, or spin while they wait, gets less.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from contenders import texts

ROOT = Path(__file__).resolve().parent.parent


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--texts", type=Path, default=ROOT / "eval/gold", help="a folder or file of .txt, .jsonl, .conll")
    parser.add_argument("--program", type=Path, default=ROOT / "target/release/allonym")
    parser.add_argument("--articles", type=int, default=200)
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--busy", type=int, default=1, help="competing processes")
    parser.add_argument("--rounds", type=int, default=3)
    args = parser.parse_args()
    cores = len(os.sched_getaffinity(0))
    articles = texts.mixed(texts.read(args.texts), args.articles, (50, 2000), 1)
    n_words = sum(article.n_words for article in articles)
    rates: dict[int, list[float]] = {0: [], args.busy: []}
    with tempfile.TemporaryDirectory() as folder:
        source, tagged = Path(folder) / "texts.jsonl", Path(folder) / "tagged.jsonl"
        texts.write_jsonl(articles, source)
        command = [args.program, "tag", "--quiet", "--threads", str(args.threads), source, "--output", tagged]
        for _ in range(args.rounds):
            for busy, own in rates.items():
                others = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(busy)]
                try:
                    before = time.perf_counter()
                    subprocess.run(command, check=True)
                    own.append(n_words / (time.perf_counter() - before))
                finally:
                    for process in others:
                        process.kill()
                        process.wait()
    alone, beside = (statistics.median(own) for own in rates.values())
    fair = min(1.0, cores / (args.threads + args.busy))
    print(f"{args.threads} threads on {cores} cores, {n_words:,} words, medians of {args.rounds}")
    print(f"alone                     {alone:10,.0f} words/s")
    print(f"beside {args.busy} busy processes   {beside:10,.0f} words/s = {beside / alone:.2f} of it; the fair share is {fair:.2f}")


if __name__ == "__main__":
    main()
