"""Times allonym side by side with comparable systems: the same texts, in turns, in one run.

    cargo build --release
    pip install -r benches/requirements.txt
    python benches/compare.py                                   # 1,000 articles mixed from eval/gold
    python benches/compare.py --texts news/ --rounds 5          # from a folder or file of text, JSONL or CoNLL

Two tables, in words (separated by white space) per second:

- end to end, from raw text to mentions: `allonym tag` (including start, loading, linking and JSON), spaCy's small model with
  only its entity recogniser, the token-classification pipeline of transformers;
- the encoder alone, on the same weights and the same windows, with each word in exactly one: allonym, ONNX Runtime fp32 and
  int8 (dynamic, one scale per output channel), PyTorch bf16. Each runs with the batch size, graph and number of callers that
  was fastest on a few articles beforehand.

The articles are dealt into portions of the same mixture; in each round, every contender processes one portion, one after another.
The tables show the median, minimum and maximum of all rounds, and how many times faster allonym is. Below them is the roofline:
the peak rate of this CPU's multipliers (measured), the operations per word, and the share of the peak that allonym reaches.
"""

import argparse
import json
import random
import statistics
import sys
import tempfile
import time
from pathlib import Path

from contenders import Contender, Portion, allonym, roofline, texts

ROOT = Path(__file__).resolve().parent.parent
ALL = ["allonym", "onnxruntime", "pytorch", "spacy", "hugging-face"]


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--texts", type=Path, default=ROOT / "eval/gold", help=f"a folder or file: {', '.join(texts.READERS)}")
    parser.add_argument("--model", type=Path, help="a folder in the Hugging Face layout (default: the embedded model)")
    parser.add_argument("--program", type=Path, default=ROOT / "target/release/allonym")
    parser.add_argument("--bench", type=Path, help="the built benchmark `encoder` (default: build it with cargo)")
    parser.add_argument("--articles", type=int, default=1000)
    parser.add_argument("--words", type=int, nargs=2, default=(50, 2000), metavar=("MIN", "MAX"))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--portions", type=int, default=20, help="with 1, every round processes all articles")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--window", type=int, default=256, help="pieces per window, in the table of encoders")
    parser.add_argument("--batch-sizes", type=int, nargs="+", default=[1, 4, 16], help="candidates, in windows")
    parser.add_argument("--pieces", type=int, nargs="+", default=[256, 512], help="candidates for allonym's batches")
    parser.add_argument("--only", nargs="+", choices=ALL, default=ALL)
    parser.add_argument("--json", type=Path, help="write all figures to this file")
    args = parser.parse_args()
    # The other systems need the folder that the embedded model was made from.
    args.inside, args.model = args.model is None, args.model or ROOT / "models/news-en-small"
    return args


def portions(args: argparse.Namespace, bench: Path, folder: Path) -> list[Portion]:
    """The articles, dealt out by length so that every portion has the same mixture."""
    articles = texts.mixed(texts.read(args.texts), args.articles, tuple(args.words), args.seed)
    dealt = sorted(articles, key=lambda article: article.n_words)
    hands = [dealt[i :: args.portions] for i in range(args.portions)]
    for hand in hands:
        random.Random(args.seed).shuffle(hand)
    source = folder / "texts.jsonl"
    texts.write_jsonl([article for hand in hands for article in hand], source)
    windows = allonym.make_windows(bench, args.model, source, args.window)
    (folder / "windows.jsonl").write_text("".join(json.dumps(window) + "\n" for window in windows), encoding="utf-8")
    made, first, article = [], 0, 0
    for hand in hands:
        article += len(hand)
        end = next((i for i in range(first, len(windows)) if windows[i]["article"] >= article), len(windows))
        made.append(Portion(hand, windows[first:end], first))
        first = end
    return made


def contenders(args: argparse.Namespace, bench: Path, folder: Path) -> list[list[Contender]]:
    """The contenders; each inner list holds alternatives, the fastest of which takes part."""
    rows: list[list[Contender]] = []
    config = json.loads((args.model / "config.json").read_text(encoding="utf-8"))
    if "allonym" in args.only:
        for precision in ("int8", "f32"):
            engine = allonym.Engine(bench, args.model, folder / "windows.jsonl", precision)
            for threads in args.threads:
                rows.append([allonym.Program(args.program, None if args.inside else args.model, precision, threads)])
                rows.append([allonym.Encoder(engine, threads, pieces) for pieces in args.pieces])
    if {"onnxruntime", "pytorch", "hugging-face"} & set(args.only):
        import torch
        from transformers import AutoModelForTokenClassification
        from transformers.utils import logging

        logging.set_verbosity_error()
        logging.disable_progress_bar()
        model = AutoModelForTokenClassification.from_pretrained(
            args.model, dtype=torch.float32, attn_implementation="eager"
        ).eval()
    if "onnxruntime" in args.only:
        from contenders import onnx

        for precision, graphs in onnx.export(model, folder).items():
            for threads in args.threads:
                callers = {1, threads}
                rows.append([
                    onnx.Encoder(precision, graph, path, threads, n, size)
                    for graph, path in graphs.items() for n in sorted(callers) for size in args.batch_sizes
                ])
    if "pytorch" in args.only:
        from contenders import pytorch

        half = pytorch.bfloat16(model)
        rows += [[pytorch.Encoder(half, threads, size) for size in args.batch_sizes] for threads in args.threads]
    if "spacy" in args.only:
        from contenders.spacy_ner import Spacy

        rows += [[Spacy(threads)] for threads in args.threads]
    if "hugging-face" in args.only:
        from contenders import pytorch

        window = config.get("allonym", {}).get("window", {"max_pieces": args.window, "context": 0})
        longest, context = window["max_pieces"], window["context"]
        rows += [
            [pytorch.Pipeline(model, args.model, threads, size, longest, context) for size in (1, 8)]
            for threads in args.threads
        ]
    return rows


def fastest(choice: list[Contender], portion: Portion) -> Contender:
    """The contender that is fastest on its second pass over a portion; the first pass is the warm-up."""
    if len(choice) == 1:
        choice[0].round(portion)
        return choice[0]
    return min(choice, key=lambda contender: (contender.round(portion), contender.round(portion))[1])


def part(portion: Portion, n: int) -> Portion:
    """The first `n` articles of a portion and their windows, for choosing between alternatives."""
    end = portion.windows[0]["article"] + n
    return Portion(portion.articles[:n], [w for w in portion.windows if w["article"] < end], portion.first_window)


def table(kind: str, threads: int, rows: list[Contender], rates: dict[int, list[float]]) -> None:
    """Prints the rows of one kind, fastest first."""
    chosen = [row for row in rows if row.kind == kind and row.threads == threads]
    if not chosen:
        return
    median = {id(row): statistics.median(rates[id(row)]) for row in chosen}
    ours = {row.name.split()[1].rstrip(","): median[id(row)] for row in chosen if row.name.startswith("allonym")}
    print(f"\n{kind}, {threads} thread{'s' if threads > 1 else ''}")
    print(f"  {'':55}{'words/s':>10}{'min':>10}{'max':>10}{'int8 is':>9}{'f32 is':>9}")
    for row in sorted(chosen, key=lambda row: -median[id(row)]):
        own = rates[id(row)]
        times = "".join(f"{ours[p] / median[id(row)]:8.2f}x" if p in ours else f"{'':9}" for p in ("int8", "f32"))
        print(f"  {row.name:55}{median[id(row)]:10,.0f}{min(own):10,.0f}{max(own):10,.0f}{times}")


def main() -> None:
    args = arguments()
    bench = args.bench or allonym.build("encoder")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        dealt = portions(args, bench, folder)
        n_words = sum(portion.n_words for portion in dealt)
        windows = [window for portion in dealt for window in portion.windows]
        n_pieces = sum(len(window["ids"]) for window in windows)
        print(f"{roofline.processor()}; {args.texts}: {args.articles:,} articles, {n_words:,} words")
        print(f"encoder input: {len(windows):,} windows of {n_pieces:,} pieces, {n_pieces / n_words:.3f} per word")
        sample = part(dealt[-1], max(1, args.articles // 100))
        rows = [fastest(choice, sample) for choice in contenders(args, bench, folder)]
        rates: dict[int, list[float]] = {id(row): [] for row in rows}
        for number in range(args.rounds):
            portion = dealt[number % len(dealt)]
            for row in rows:
                rates[id(row)].append(portion.n_words / row.round(portion))
                # Threads of one contender may spin for a while when they run out of work; not while the next one is timed.
                time.sleep(0.1)
            print(f"round {number + 1} of {args.rounds}", file=sys.stderr)
        for kind in ("end to end", "encoder"):
            for threads in args.threads:
                table(kind, threads, rows, rates)
        per_word = roofline.operations(args.model, windows) / n_words
        ceilings = {threads: roofline.peaks(threads) for threads in args.threads}
        print(f"\nroofline: {per_word / 1e6:.2f} million operations per word in the encoder")
        for threads, peaks in ceilings.items():
            for kind, peak in peaks.items():
                precision = "f32" if kind == "f32" else "int8"
                own = [row for row in rows if row.kind == "encoder" and row.threads == threads]
                line = f"  {kind:10} {threads} threads: {peak / 1e9:8,.0f} G operations/s = {peak / per_word:10,.0f} words/s"
                for row in own:
                    if row.name.startswith(f"allonym {precision}"):
                        line += f"; allonym {precision} {100 * statistics.median(rates[id(row)]) * per_word / peak:.0f} %"
                print(line)
        if not any(ceilings.values()):
            print("  not measured: no C compiler was found")
        if args.json:
            figures = [
                {"name": row.name, "kind": row.kind, "threads": row.threads, "words_per_second": rates[id(row)]}
                for row in rows
            ]
            found = {"rows": figures, "operations_per_word": per_word, "peaks": ceilings}
            args.json.write_text(json.dumps(found, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
