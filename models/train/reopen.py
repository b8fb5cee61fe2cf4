"""A model folder of ours (BERT) as a tagger.pt to train on from; new heads begin as copies of a known one.

    python reopen.py --model models/news-en-small --out DIR/shipped.pt --new clean=conll
"""

import argparse
import json
from pathlib import Path

import torch
from safetensors.torch import load_file

from network import Tagger, load_encoder


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--new", action="append", default=[], metavar="HEAD=KNOWN")
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    config = json.loads((args.model / "config.json").read_text())
    own = config["allonym"]
    from_ = {head: head for head in own["heads"]} | dict(new.split("=") for new in args.new)
    model = Tagger(config, {head: own["heads"][known]["labels"] for head, known in from_.items()})
    weights = args.model / "model.safetensors"
    stored = load_file(weights)
    load_encoder(model, weights)
    with torch.no_grad():
        model.types.weight.copy_(stored["bert.embeddings.token_type_embeddings.weight"])
        for head, known in from_.items():
            prefix = "classifier" if known == own["default_head"] else f"heads.{known}"
            for end in ("weight", "bias"):
                getattr(model.heads[head], end).copy_(stored[f"{prefix}.{end}"])
    args.out.parent.mkdir(parents=True, exist_ok=True)
    torch.save({"model": model.state_dict(), "config": model.config, "heads": model.labels}, args.out)


if __name__ == "__main__":
    main()
