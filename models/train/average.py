"""Averages the weights of checkpoints of one family (Wortsman et al. 2022, "Model soups").

    python average.py --out OUT/tagger.pt A/tagger.pt B/tagger.pt C/tagger.pt
"""

import argparse
from pathlib import Path

import torch


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoints", type=Path, nargs="+")
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    parts = [torch.load(path) for path in args.checkpoints]
    first = parts[0]
    if any(part["heads"] != first["heads"] or part["config"] != first["config"] for part in parts):
        parser.error("expected checkpoints with the same heads and configuration")
    model = {
        name: torch.stack([part["model"][name] for part in parts]).mean(0) if value.is_floating_point() else value
        for name, value in first["model"].items()
    }
    args.out.parent.mkdir(parents=True, exist_ok=True)
    torch.save({**first, "model": model}, args.out)


if __name__ == "__main__":
    main()
