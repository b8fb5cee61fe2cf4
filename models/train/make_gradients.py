"""Writes what PyTorch computes as gradients of the tiny checkpoints in tests/fixtures/models, for the tests of `allonym train`.

Run with torch 2.15.0, transformers 5.23.0, safetensors 0.8.0, on one thread, after make_fixtures.py:

    python models/train/make_gradients.py tests/fixtures/models

The loss is the mean cross entropy of the default head over the windows of cases.json. Piece i of all has the target `i * 7 % (n + 1)`
of n labels, and none where that is n.
"""

import argparse
import inspect
import json
from pathlib import Path

import torch
from safetensors.torch import save_file
from transformers import AutoModelForTokenClassification
from transformers.models.mpnet.modeling_mpnet import create_position_ids_from_input_ids



MODELS = ("bert", "distilbert", "roberta", "mpnet")


def inputs(model, case):
    """As `cases` of make_fixtures.py runs them."""
    ids, types = torch.tensor([case["ids"]]), torch.tensor([case["types"]])
    given = {"input_ids": ids, "attention_mask": torch.ones_like(ids)}
    if getattr(model.config, "type_vocab_size", 1) > 1:
        given["token_type_ids"] = types
    takes = inspect.signature(model.base_model.forward).parameters
    given = {name: tensor for name, tensor in given.items() if name in takes}
    if model.config.model_type == "mpnet":
        embeddings = model.base_model.embeddings
        pad = model.config.pad_token_id
        given["position_ids"] = create_position_ids_from_input_ids(given.pop("input_ids"), pad)
        given["inputs_embeds"] = embeddings.word_embeddings(ids) + embeddings.token_type_embeddings(types)
    return given


def load(folder):
    model = AutoModelForTokenClassification.from_pretrained(folder, dtype=torch.float32).eval()
    if model.config.model_type == "mpnet":
        from safetensors.torch import load_file

        types = load_file(folder / "model.safetensors")["mpnet.embeddings.token_type_embeddings.weight"]
        model.base_model.embeddings.token_type_embeddings = torch.nn.Embedding.from_pretrained(types, freeze=False)
    for part in model.modules():
        if isinstance(part, torch.nn.Embedding):
            part.padding_idx = None  # pieces of that id learn as others do
    return model


def write(folder):
    model = load(folder)
    rows = [model(**inputs(model, case)).logits[0] for case in json.loads((folder / "cases.json").read_text())]
    logits = torch.cat(rows)
    n_labels = logits.shape[1]
    targets = torch.tensor([i * 7 % (n_labels + 1) for i in range(len(logits))])
    targets[targets == n_labels] = -100
    loss = torch.nn.functional.cross_entropy(logits, targets)
    loss.backward()
    gradients = {
        name: parameter.grad
        for name, parameter in model.named_parameters()
        if parameter.grad is not None and "relative_attention_bias" not in name
    }
    save_file(gradients, folder / "gradients.safetensors", metadata={"loss": repr(loss.item())})


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("models", type=Path, help="the folder of the checkpoints")
    folder = parser.parse_args().models
    torch.set_num_threads(1)
    for name in MODELS:
        write(folder / name)


if __name__ == "__main__":
    main()
