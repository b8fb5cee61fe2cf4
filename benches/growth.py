"""Checks that the time of `allonym tag` is proportional to the number of articles, and its memory constant.

    cargo build --release
    python benches/growth.py                                  # 100, 1,000, 10,000 and 100,000 short articles
    python benches/growth.py --texts news/ --articles 100 1000 --words 50 2000

Articles are mixed from the texts as in compare.py. They are short by default, so that the longest run takes minutes. Prints words per
second, milliseconds per article, and peak resident memory. Linux and macOS.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from contenders import texts

ROOT = Path(__file__).resolve().parent.parent


def measured(command: list) -> tuple[float, float]:
    """Runs a command; returns its time in seconds and its peak memory in MB."""
    before = time.perf_counter()
    process = subprocess.Popen(command)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{command[0]} exited with {process.returncode}")
    unit = 1 if sys.platform == "darwin" else 1024
    return time.perf_counter() - before, usage.ru_maxrss * unit / 1e6


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--texts", type=Path, default=ROOT / "eval/gold", help="a folder or file of .txt, .jsonl, .conll")
    parser.add_argument("--program", type=Path, default=ROOT / "target/release/allonym")
    parser.add_argument("--articles", type=int, nargs="+", default=[100, 1000, 10_000, 100_000])
    parser.add_argument("--words", type=int, nargs=2, default=(5, 60), metavar=("MIN", "MAX"), help="per article")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    args = parser.parse_args()
    sources = texts.read(args.texts)
    print(f"{'articles':>10}{'words':>12}{'seconds':>10}{'ms/article':>15}{'words/s':>10}{'peak MB':>9}")
    with tempfile.TemporaryDirectory() as folder:
        source, tagged = Path(folder) / "texts.jsonl", Path(folder) / "tagged.jsonl"
        for n in args.articles:
            articles = texts.mixed(sources, n, tuple(args.words), args.seed)
            n_words = sum(article.n_words for article in articles)
            texts.write_jsonl(articles, source)
            del articles
            command = [args.program, "tag", "--quiet", "--threads", str(args.threads), source, "--output", tagged]
            seconds, memory = measured(command)
            row = f"{n:10,}{n_words:12,}{seconds:10.2f}{1e3 * seconds / n:15.3f}{n_words / seconds:10,.0f}{memory:9.0f}"
            print(row, flush=True)


if __name__ == "__main__":
    main()
