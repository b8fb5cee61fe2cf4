"""What a teacher says of each word of a text: its logits for each of its heads, which a smaller network learns from (Hinton et al. 2015).

    cargo build --release --example hidden
    python soft.py --program ../../target/release/examples/hidden --model ../news-en-base --text TRAIN.conll=SOFT.pt [--heads conll,clean]

The teacher is a model folder. It reads the text as it is, in windows as at inference, by allonym's own engine in eight bits.
"""

import argparse
import json
import subprocess
from array import array
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import numpy
import torch
from safetensors import safe_open

import corpus
from pieces import Pieces
from plan import Cut, Plan, plan


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


class Teacher:
    """A model folder: its tokenizer and its heads. The program has the network."""

    def __init__(self, program: Path, folder: Path, heads: list[str]) -> None:
        own = json.loads((folder / "config.json").read_text())["allonym"]
        self.command = [str(program), str(folder)]
        self.heads = heads or list(own["heads"])
        self.labels = [own["heads"][head]["labels"] for head in self.heads]
        self.pieces = Pieces(folder / "tokenizer.json")
        found = {}
        for file in sorted(folder.glob("*.safetensors")):
            with safe_open(file, "pt") as weights:
                found |= {name: weights.get_tensor(name).float() for name in weights.keys() if name.startswith(("classifier.", "heads."))}
        prefixes = ["classifier" if head == own["default_head"] else f"heads.{head}" for head in self.heads]
        self.weight = torch.stack([found[f"{prefix}.weight"] for prefix in prefixes])
        self.bias = torch.stack([found[f"{prefix}.bias"] for prefix in prefixes])

    def states(self, cuts: list[Cut]) -> Iterator[torch.Tensor]:
        """The hidden states of the words of each window."""
        with subprocess.Popen(self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as program:

            def ask() -> None:
                for cut in cuts:
                    program.stdin.write(array("I", [len(cut.ids), *cut.ids, *cut.types]).tobytes())
                program.stdin.close()

            Thread(target=ask, daemon=True).start()
            size = int.from_bytes(program.stdout.read(4), "little")
            for cut in cuts:
                states = numpy.frombuffer(program.stdout.read(4 * size * len(cut.ids)), numpy.float32).reshape(len(cut.ids), size)
                yield torch.from_numpy(states[cut.first_pieces])

    def says(self, documents: list[corpus.Document]) -> torch.Tensor:
        """The logits of each word, [words, heads, labels]."""
        cuts = [cut for document in documents for cut in plan(document, self.pieces, Plan())]
        return torch.cat([(torch.einsum("wh,nlh->wnl", states, self.weight) + self.bias).half() for states in self.states(cuts)])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", type=Path, required=True, help="the example `hidden` of the library")
    parser.add_argument("--model", type=Path, required=True, help="folder of the teacher")
    parser.add_argument("--text", action="append", required=True, metavar="FILE=OUT")
    parser.add_argument("--heads", default="", help="of the teacher (default: all)")
    args = parser.parse_args()
    teacher = Teacher(args.program, args.model, args.heads.split(",") if args.heads else [])
    for text in args.text:
        file, out = text.split("=")
        said = teacher.says(corpus.read(Path(file)))
        torch.save({"heads": teacher.heads, "labels": teacher.labels, "logits": said}, out)
        print(f"{out}: {len(said)} words", flush=True)


if __name__ == "__main__":
    main()
