"""What a training begins with: a checkpoint of train.py (tagger.pt), or the folder of a model."""

import json
from dataclasses import dataclass
from pathlib import Path

import torch

from network import Tagger, load_encoder, read_weights


@dataclass
class Start:
    """A trained network and its heads."""

    config: dict
    labels: dict[str, list[str]]
    state: dict[str, torch.Tensor]
    default_head: str


def read_start(path: Path) -> Start:
    """Reads either."""
    if not path.is_dir():
        saved = torch.load(path)
        return Start(saved["config"], saved["heads"], saved["model"], next(iter(saved["heads"])))
    config = json.loads((path / "config.json").read_text())
    own = config.get("allonym")
    if own is None:
        raise ValueError(f"{path}: expected a model of allonym; begin with another encoder by --encoder")
    labels = {head: known["labels"] for head, known in own["heads"].items()}
    model = Tagger(config, labels)
    weights = read_weights(path)
    load_encoder(model, weights)
    state = model.state_dict()
    for head in labels:
        prefix = "classifier" if head == own["default_head"] else f"heads.{head}"
        for end in ("weight", "bias"):
            state[f"heads.{head}.{end}"] = weights[f"{prefix}.{end}"]
    return Start(config, labels, state, own["default_head"])


def begin(model: Tagger, start: Start, known: dict[str, str] | None = None) -> dict[str, str]:
    """Fills a network, and says which head each of its own begins as, if as any.

    A head begins as the one of its name, as the one that `known` names, or as the default head; tags that this lacks keep their random numbers.
    """
    begun = {}
    state = model.state_dict()
    for name, tensor in state.items():
        if name.startswith("heads."):
            continue
        if name not in start.state or start.state[name].shape != tensor.shape:
            raise ValueError(f"expected a network of the same size to start from; {name} differs")
        tensor.copy_(start.state[name])
    for head, labels in model.labels.items():
        from_ = head if head in start.labels else (known or {}).get(head, start.default_head)
        rows = [(at, start.labels[from_].index(label)) for at, label in enumerate(labels) if label in start.labels[from_]]
        # Any head knows O.
        if len(rows) > 1:
            begun[head] = from_
            ours, theirs = map(list, zip(*rows))
            for end in ("weight", "bias"):
                state[f"heads.{head}.{end}"][ours] = start.state[f"heads.{from_}.{end}"][theirs]
    return begun
