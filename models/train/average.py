"""Averages the weights of checkpoints of one family (Wortsman et al. 2022, "Model soups").

    python average.py --out OUT/tagger.pt A/tagger.pt B/tagger.pt C/tagger.pt
    python average.py --out OUT/tagger.pt --weights 0.5,1,3.5 --new clean A/tagger.pt B/tagger.pt C/tagger.pt

A head that is `--new` is not trained in the first checkpoint, and comes from the others alone.
"""

import argparse
from pathlib import Path

import torch


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoints", type=Path, nargs="+")
    parser.add_argument("--weights", help="of the checkpoints (default: all the same)")
    parser.add_argument("--new", help="a head that the first checkpoint does not know")
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    parts = [torch.load(path) for path in args.checkpoints]
    weights = [float(weight) for weight in args.weights.split(",")] if args.weights else [1.0] * len(parts)
    if len(weights) != len(parts):
        parser.error(f"expected {len(parts)} weights, found {len(weights)}")
    last = parts[-1]
    shapes = [{name: value.shape for name, value in part["model"].items()} for part in parts]
    if any(part["heads"] != last["heads"] or shape != shapes[-1] for part, shape in zip(parts, shapes)):
        parser.error("expected checkpoints with the same heads and sizes")

    def mean(name: str) -> torch.Tensor:
        is_new = args.new is not None and name.startswith(f"heads.{args.new}.")
        shares = [0.0, *weights[1:]] if is_new else weights
        return sum(share * part["model"][name] for share, part in zip(shares, parts)) / sum(shares)

    model = {name: mean(name) if value.is_floating_point() else value for name, value in last["model"].items()}
    args.out.parent.mkdir(parents=True, exist_ok=True)
    torch.save({**last, "model": model}, args.out)


if __name__ == "__main__":
    main()
