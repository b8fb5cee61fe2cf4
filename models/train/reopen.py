"""A model folder of ours as a tagger.pt to train on from; new heads begin as copies of a known one.

    python reopen.py --model models/news-en-small --out DIR/shipped.pt --new clean=conll
"""

import argparse
from pathlib import Path

import torch

from network import Tagger
from start import begin, read_start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--new", action="append", default=[], metavar="HEAD=KNOWN")
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    start = read_start(args.model)
    new = dict(pair.split("=") for pair in args.new)
    model = Tagger(start.config, start.labels | {head: start.labels[known] for head, known in new.items()})
    begin(model, start, new)
    args.out.parent.mkdir(parents=True, exist_ok=True)
    torch.save({"model": model.state_dict(), "config": model.config, "heads": model.labels}, args.out)


if __name__ == "__main__":
    main()
