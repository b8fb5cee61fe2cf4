"""What a teacher says of each word of a text: its logits for each of its heads, which a smaller network learns from (Hinton et al. 2015).

    python soft.py --checkpoint BASE/tagger.pt --tokenizer ENCODER/tokenizer.json --text TRAIN.conll=SOFT.pt [--heads conll,clean]

The teacher reads the text as it is, in windows as at inference. Two processes of one thread each share the documents.
"""

import argparse
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from pathlib import Path

import torch

import corpus
from network import Tagger, load_checkpoint
from pieces import Pieces
from plan import Plan, plan


def attach(documents: list[corpus.Document], file: Path) -> None:
    """Gives each sentence its part of what `main` wrote."""
    logits = torch.load(file)["logits"]
    sentences = [sentence for document in documents for sentence in document]
    sizes = [len(sentence.words) for sentence in sentences]
    if sum(sizes) != len(logits):
        raise ValueError(f"{file}: expected the labels of {sum(sizes)} words, found {len(logits)}")
    for sentence, part in zip(sentences, logits.split(sizes)):
        sentence.soft = part


def heads_of(files: list[Path]) -> list[str]:
    """The heads, which are the same in all files."""
    found = {tuple(torch.load(file, mmap=True)["heads"]) for file in files}
    if len(found) > 1:
        raise ValueError(f"expected the same heads in {', '.join(map(str, files))}, found {found}")
    return list(found.pop()) if found else []


@cache
def _teacher(checkpoint: Path, tokenizer: Path) -> tuple[Tagger, Pieces]:
    torch.set_num_threads(1)
    return load_checkpoint(checkpoint), Pieces(tokenizer)


@torch.no_grad()
def _said(checkpoint: Path, tokenizer: Path, heads: list[str], document: corpus.Document) -> torch.Tensor:
    """The logits of each word of one document, [words, heads, labels]."""
    model, pieces = _teacher(checkpoint, tokenizer)
    rows = []
    with torch.autocast("cpu", torch.bfloat16):
        for cut in plan(document, pieces, Plan()):
            hidden = model.encode(torch.tensor([cut.ids]), torch.tensor([cut.types]))[0, cut.first_pieces]
            rows.append(torch.stack([model.logits(hidden, head) for head in heads], 1).half())
    return torch.cat(rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--checkpoint", type=Path, required=True)
    parser.add_argument("--tokenizer", type=Path, required=True)
    parser.add_argument("--text", action="append", required=True, metavar="FILE=OUT")
    parser.add_argument("--heads", default="", help="of the teacher (default: all)")
    parser.add_argument("--workers", type=int, default=2)
    args = parser.parse_args()
    labels = torch.load(args.checkpoint, mmap=True)["heads"]
    heads = args.heads.split(",") if args.heads else list(labels)
    with ProcessPoolExecutor(args.workers) as pool:
        for text in args.text:
            file, out = text.split("=")
            documents = corpus.read(Path(file))
            shared = ([given] * len(documents) for given in (args.checkpoint, args.tokenizer, heads))
            said = torch.cat(list(pool.map(_said, *shared, documents, chunksize=4)))
            torch.save({"heads": heads, "labels": [labels[head] for head in heads], "logits": said}, out)
            print(f"{out}: {len(said)} words", flush=True)


if __name__ == "__main__":
    main()
