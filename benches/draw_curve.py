"""The rows of `learning_curve.py` as tables in Markdown, and as a picture.

    python benches/draw_curve.py curve.tsv --svg curve.svg

The picture needs matplotlib.
"""

import argparse
from collections import defaultdict
from pathlib import Path
from statistics import mean

NAMES = {
    "minilm": "allonym train, from MiniLM",
    "news": "allonym train, from the built-in model",
    "frozen": "allonym train --freeze all",
    "hf": "Hugging Face, from MiniLM",
    "spacy": "spacy train",
}
COLOURS = {"minilm": "#1756a9", "news": "#5b9bd5", "frozen": "#8fb8de", "hf": "#c0562c", "spacy": "#2e7d4f"}

# documents -> system -> (F1, seconds, seconds of the processor)
Corpus = dict[int, dict[str, tuple[float, float, float]]]


def read(path: Path) -> dict[str, Corpus]:
    """The mean over seeds of each corpus, number of documents and system."""
    found: dict[tuple[str, int, str], list[tuple[float, ...]]] = defaultdict(list)
    for line in path.read_text().splitlines()[1:]:
        corpus, documents, system, _, *numbers = line.split("\t")
        found[corpus, int(documents), system].append(tuple(map(float, numbers)))
    corpora: dict[str, Corpus] = defaultdict(lambda: defaultdict(dict))
    for (corpus, documents, system), rows in found.items():
        f1, clock, processor = map(mean, zip(*rows))
        corpora[corpus][documents][system] = (f1, clock, processor)
    return corpora


def table(corpus: Corpus) -> str:
    systems = [name for name in NAMES if any(name in row for row in corpus.values())]
    lines = ["| documents | " + " | ".join(NAMES[name] for name in systems) + " |", "|---" * (len(systems) + 1) + "|"]
    for documents, row in sorted(corpus.items()):
        cells = [f"{row[name][0]:.1f} ({row[name][2]:.0f} s)" if name in row else "" for name in systems]
        lines.append(f"| {documents} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def draw(corpora: dict[str, Corpus], out: Path) -> None:
    from matplotlib import pyplot

    figure, panels = pyplot.subplots(1, len(corpora), figsize=(4.4 * len(corpora), 3.8), squeeze=False, layout="constrained")
    for panel, (name, corpus) in zip(panels[0], corpora.items()):
        sizes = [str(documents) for documents in sorted(corpus)]
        panel.set(title=f"{name}: F1 by documents", ylim=(0, 100))
        panel.grid(axis="y", alpha=0.4)
        panel.plot(sizes, [None] * len(sizes))
        for system, colour in COLOURS.items():
            points = [(str(documents), row[system][0]) for documents, row in sorted(corpus.items()) if system in row]
            if points:
                panel.plot(*zip(*points), color=colour, marker="o", label=NAMES[system])
    figure.legend(*panels[0][0].get_legend_handles_labels(), loc="outside lower center", ncols=3, frameon=False)
    # Without a date, the same rows make the same file.
    figure.savefig(out, metadata={"Date": None})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rows", type=Path)
    parser.add_argument("--svg", type=Path)
    args = parser.parse_args()
    corpora = read(args.rows)
    for name, corpus in corpora.items():
        print(f"{name}: F1 (seconds of the processor)\n\n{table(corpus)}\n")
    if args.svg:
        draw(corpora, args.svg)


if __name__ == "__main__":
    main()
