"""Times `allonym eval` against seqeval on a pair of CoNLL files, from files to scores.

    pip install seqeval
    cargo build --release
    python benches/seqeval_scoring.py                 # 1,000,000 mentions in 10,000 documents

Prints the scores (which must agree), the seconds and the ratios. Besides scores, allonym's report has errors, a confusion matrix and the
rest.
"""

import argparse
import json
import random
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

LABELS = ("PER", "ORG", "LOC", "MISC")


def generate(folder: Path, n_documents: int, mentions: int, seed: int) -> tuple[Path, Path]:
    """Writes gold and a prediction in valid IOB2, with about 15% of the mentions wrong. Names and other words are distinct."""
    rng = random.Random(seed)
    words, names = [f"w{i}" for i in range(5000)], [f"N{i}" for i in range(20_000)]
    paths = folder / "gold.conll", folder / "predicted.conll"
    with paths[0].open("w") as gold, paths[1].open("w") as predicted:
        for _ in range(n_documents):
            for file in (gold, predicted):
                file.write("-DOCSTART- O\n\n")
            for _ in range(mentions // n_documents // 2):
                for _ in range(2):
                    label, length = rng.choice(LABELS), rng.choice((1, 1, 2, 2, 3))
                    fate = rng.random()
                    other = rng.choice(LABELS) if fate < 0.06 else label
                    for i in range(8):
                        word = rng.choice(names if i < length else words)
                        tag = f"{'B' if i == 0 else 'I'}-{label}" if i < length else "O"
                        if fate > 0.95 or (fate > 0.90 and i > 0):
                            found = "O"
                        else:
                            found = tag if tag == "O" else tag[:2] + other
                        gold.write(f"{word} {tag}\n")
                        predicted.write(f"{word} {found}\n")
                for file in (gold, predicted):
                    file.write("\n")
    return paths


SEQEVAL = """
import sys
import time
from seqeval.metrics import classification_report
from seqeval.metrics.sequence_labeling import precision_recall_fscore_support
def read(path):
    sentences, sentence = [], []
    for line in open(path):
        if line == "\\n":
            if sentence: sentences.append(sentence); sentence = []
        elif not line.startswith("-DOCSTART-"):
            sentence.append(line.rsplit(None, 1)[1])
    return sentences
gold, predicted = read(sys.argv[1]), read(sys.argv[2])
began = time.perf_counter()
p, r, f, n = precision_recall_fscore_support(gold, predicted, average="micro")
micro = time.perf_counter() - began
classification_report(gold, predicted)
print(p, r, f, micro)
"""


def timed(command: list[str]) -> tuple[float, str]:
    began = time.perf_counter()
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return time.perf_counter() - began, done.stdout


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--allonym", default="target/release/allonym")
    parser.add_argument("--documents", type=int, default=10_000)
    parser.add_argument("--mentions", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=3, help="runs of allonym, of which the median counts (seqeval runs once)")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        gold, predicted = generate(Path(folder), args.documents, args.mentions, args.seed)
        evaluate = [args.allonym, "eval", str(gold), str(predicted), "--report", "json", "--quiet", "-o", f"{folder}/report.json"]
        commands = {"without intervals": [*evaluate, "--samples", "0"], "with 1,000 samples": [*evaluate, "--samples", "1000"]}
        theirs, scores = timed([sys.executable, "-c", SEQEVAL, str(gold), str(predicted)])
        ours = {
            name: statistics.median(timed(command)[0] for _ in range(args.rounds)) for name, command in commands.items()
        }
        report = json.loads(Path(folder, "report.json").read_text())
        micro = report["systems"][0]["scores"]["micro"]
        p, r, f, seconds_of_micro = map(float, scores.split())
        assert abs(micro["f1"] - f) < 1e-12 and abs(micro["precision"] - p) < 1e-12 and abs(micro["recall"] - r) < 1e-12
        print(f"{micro['gold']:,} gold and {micro['predicted']:,} predicted mentions, {args.documents:,} documents, F1 {f:.6f} by both")
        # One process computes both: the time of the report is the total minus that of the micro average.
        report_only = theirs - seconds_of_micro
        print(f"seqeval, per label, micro, macro and weighted   {report_only:8.2f} s")
        for name, seconds in ours.items():
            print(f"allonym eval {name:32}   {seconds:8.2f} s   {report_only / seconds:6.1f} times faster")
        print(f"seqeval's micro average alone, without reading the files: {seconds_of_micro:.2f} s")


if __name__ == "__main__":
    main()
