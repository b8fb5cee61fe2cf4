"""Scores the allonym program against gold with seqeval (conlleval counting), and the same model in PyTorch beside it.

    python evaluate.py --allonym target/release/allonym --gold test.conll --head conll [--case upper|lower] [--pytorch]

Prints precision, recall and F1 on all labels and on PER, ORG and LOC, the program's expected calibration error, and with --pytorch the F1
of transformers on the same windows.
"""

import argparse
import json
import subprocess
import tempfile
from pathlib import Path

import numpy as np
import torch
from seqeval.metrics import f1_score, precision_score, recall_score

import corpus
from calibrate import expected_calibration_error
from pieces import Pieces
from plan import Cut, Plan, plan
from score import decoded

CASES = {"as-is": str, "upper": str.upper, "lower": str.lower}


def write(documents: list[corpus.Document], path: Path, case: str) -> None:
    """A CoNLL file of the same tokens in another case; gold stays in the second column."""
    with path.open("w", encoding="utf-8") as out:
        for document in documents:
            out.write("-DOCSTART- O\n\n")
            for sentence in document:
                for word, tag in zip(sentence.words, sentence.tags):
                    out.write(f"{CASES[case](word)} {tag}\n")
                out.write("\n")


def names(tags: list[list[str]]) -> list[list[str]]:
    """Without MISC."""
    return [["O" if tag.endswith("-MISC") else tag for tag in sentence] for sentence in tags]


def report(gold: list[list[str]], found: list[list[str]]) -> dict:
    """Precision, recall and F1 in per cent."""
    return {
        which: [round(100 * float(score(*pair)), 2) for score in (precision_score, recall_score, f1_score)]
        for which, pair in {"all": (gold, found), "PER+ORG+LOC": (names(gold), names(found))}.items()
    }


def run(program: str, options: list[str], source: Path) -> str:
    """What the program prints."""
    command = [program, "tag", "--from", "conll", "--quiet", *options, str(source)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def pytorch_tags(folder: Path, documents: list[corpus.Document], head: str) -> list[list[str]]:
    """The tags that transformers gives for the exported folder, on the windows that allonym cuts."""
    from safetensors.torch import load_file
    from transformers import AutoModelForTokenClassification

    config = json.loads((folder / "config.json").read_text())["allonym"]
    model = AutoModelForTokenClassification.from_pretrained(folder, dtype=torch.float32).eval()
    extra = load_file(folder / "model.safetensors")
    # transformers' MPNet knows no token types; it gets the sums of word and type.
    kinds = extra.get("mpnet.embeddings.token_type_embeddings.weight")

    def inputs(cut: Cut) -> dict[str, torch.Tensor]:
        ids, types = torch.tensor([cut.ids]), torch.tensor([cut.types])
        if kinds is None:
            return {"input_ids": ids, "token_type_ids": types}
        return {"inputs_embeds": model.mpnet.embeddings.word_embeddings(ids) + kinds.float()[types]}

    if head != config["default_head"]:
        model.classifier.weight.data = extra[f"heads.{head}.weight"].float()
        model.classifier.bias.data = extra[f"heads.{head}.bias"].float()
    pieces = Pieces(folder / "tokenizer.json")
    window = Plan(config["window"]["max_pieces"], config["window"]["context"], config["line_separator"])
    found = []
    for document in documents:
        rows = []
        for cut in plan(document, pieces, window):
            with torch.no_grad():
                out = model(**inputs(cut))
            rows.append(out.logits[0][torch.tensor(cut.first_pieces)])
        logits = torch.cat(rows).split([len(sentence.words) for sentence in document])
        found += decoded(document, list(logits), config["heads"][head]["labels"])
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--allonym", default="target/release/allonym")
    parser.add_argument("--gold", type=Path, required=True)
    parser.add_argument("--head", default="conll")
    parser.add_argument("--case", choices=CASES, default="as-is")
    parser.add_argument("--model", type=Path, help="a model folder (default: the one inside the program)")
    parser.add_argument("--precision", choices=["auto", "int8", "f32"], default="f32", help="the numbers that allonym multiplies in")
    parser.add_argument("--pytorch", action="store_true", help="also with transformers (needs --model)")
    args = parser.parse_args()
    documents = corpus.read(args.gold)
    gold = [sentence.tags for document in documents for sentence in document]
    options = ["--head", args.head, "--precision", args.precision, *(["--model", str(args.model)] if args.model else [])]
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "gold.conll"
        write(documents, source, args.case)
        predicted = Path(folder) / "predicted.conll"
        predicted.write_text(run(args.allonym, [*options, "--to", "conll"], source), encoding="utf-8")
        found = [sentence.tags for document in corpus.read(predicted) for sentence in document]
        scored = [json.loads(line) for line in run(args.allonym, [*options, "--to", "jsonl"], source).splitlines()]
        marked = subprocess.run(
            [args.allonym, "convert", "--quiet", "--from", "conll", str(source)], check=True, capture_output=True, text=True
        ).stdout
        truth = [
            {(m["start"], m["end"], m["label"]) for m in json.loads(line)["mentions"]} for line in marked.splitlines()
        ]
    scores = np.array([m["score"] for document in scored for m in document["mentions"]])
    correct = np.array(
        [(m["start"], m["end"], m["label"]) in gold for document, gold in zip(scored, truth) for m in document["mentions"]],
        dtype=float,
    )
    result = {"gold": args.gold.name, "head": args.head, "case": args.case, "allonym P R F1": report(gold, found)}
    result["expected calibration error"] = round(expected_calibration_error(scores, correct), 4)
    if args.pytorch:
        recased = [
            [corpus.Sentence([CASES[args.case](w) for w in s.words], s.tags) for s in document] for document in documents
        ]
        result["PyTorch P R F1"] = report(gold, pytorch_tags(args.model, recased, args.head))
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
