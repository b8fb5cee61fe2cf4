"""The rows of `learning_curve.py` as tables in Markdown, and as a picture.

    python benches/draw_curve.py curve.tsv --svg docs/images/learning-curve.svg
"""

import argparse
from collections import defaultdict
from html import escape
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
WIDTH, HEIGHT, LEFT, TOP, RIGHT, BOTTOM = 420, 300, 44, 34, 10, 40

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


def panel(name: str, corpus: Corpus, left: int) -> list[str]:
    sizes = sorted(corpus)

    def at(documents: int, f1: float) -> str:
        x = LEFT + (WIDTH - LEFT - RIGHT) * sizes.index(documents) / max(1, len(sizes) - 1)
        return f"{left + x:.1f},{TOP + (HEIGHT - TOP - BOTTOM) * (1 - f1 / 100):.1f}"

    lines = [f'<text x="{left + LEFT}" y="20" font-weight="bold">{escape(name)}</text>']
    for f1 in range(0, 101, 20):
        start, end = at(sizes[0], f1).split(","), at(sizes[-1], f1).split(",")
        lines.append(f'<path d="M{start[0]} {start[1]}H{end[0]}" stroke="#888" stroke-opacity=".35"/>')
        lines.append(f'<text x="{left + LEFT - 8}" y="{float(start[1]) + 4}" text-anchor="end">{f1}</text>')
    for documents in sizes:
        x = at(documents, 0).split(",")[0]
        lines.append(f'<text x="{x}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle">{documents}</text>')
    for system, colour in COLOURS.items():
        points = [at(documents, corpus[documents][system][0]) for documents in sizes if system in corpus[documents]]
        lines.append(f'<polyline points="{" ".join(points)}" fill="none" stroke="{colour}" stroke-width="2"/>')
        for point in points:
            x, y = point.split(",")
            lines.append(f'<circle cx="{x}" cy="{y}" r="3" fill="{colour}"/>')
    return lines


def picture(corpora: dict[str, Corpus]) -> str:
    systems = [name for name in NAMES if any(name in row for corpus in corpora.values() for row in corpus.values())]
    height = HEIGHT + 10 + 20 * len(systems)
    width = WIDTH * len(corpora)
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        'font-family="sans-serif" font-size="13" fill="#777" role="img" aria-label="F1 by documents learnt from">'
    ]
    for nth, (name, corpus) in enumerate(corpora.items()):
        lines += panel(f"{name}: F1 by documents", corpus, nth * WIDTH)
    for nth, name in enumerate(systems):
        y = HEIGHT + 6 + 20 * nth
        lines.append(f'<rect x="{LEFT}" y="{y - 9}" width="14" height="4" fill="{COLOURS[name]}"/>')
        lines.append(f'<text x="{LEFT + 22}" y="{y}">{escape(NAMES[name])}</text>')
    return "\n".join([*lines, "</svg>", ""])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rows", type=Path)
    parser.add_argument("--svg", type=Path)
    args = parser.parse_args()
    corpora = read(args.rows)
    for name, corpus in corpora.items():
        print(f"{name}: F1 (seconds of the processor)\n\n{table(corpus)}\n")
    if args.svg:
        args.svg.parent.mkdir(parents=True, exist_ok=True)
        args.svg.write_text(picture(corpora), encoding="utf-8")


if __name__ == "__main__":
    main()
