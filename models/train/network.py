"""The network: a BERT encoder shared by one small classifier a guideline."""

from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import nn
from torch.nn import functional as F


class Layer(nn.Module):
    """One transformer layer, post-norm as in BERT."""

    def __init__(self, hidden: int, heads: int, inner: int, eps: float, dropout: float) -> None:
        super().__init__()
        self.heads = heads
        self.dropout = dropout
        self.qkv = nn.Linear(hidden, 3 * hidden)
        self.out = nn.Linear(hidden, hidden)
        self.norm1 = nn.LayerNorm(hidden, eps)
        self.up = nn.Linear(hidden, inner)
        self.down = nn.Linear(inner, hidden)
        self.norm2 = nn.LayerNorm(hidden, eps)

    def forward(self, x: torch.Tensor, mask: torch.Tensor | None) -> torch.Tensor:
        n, length, hidden = x.shape
        qkv = self.qkv(x).view(n, length, 3, self.heads, hidden // self.heads)
        q, k, v = qkv.permute(2, 0, 3, 1, 4)  # each [n, heads, length, hidden / heads]
        context = F.scaled_dot_product_attention(q, k, v, attn_mask=mask)
        context = context.transpose(1, 2).reshape(n, length, hidden)
        x = self.norm1(x + F.dropout(self.out(context), self.dropout, self.training))
        inner = self.down(F.gelu(self.up(x)))
        return self.norm2(x + F.dropout(inner, self.dropout, self.training))


class Tagger(nn.Module):
    """Encoder and named heads. Case classes stand in for BERT's token types."""

    def __init__(
        self, config: dict, heads: dict[str, list[str]], dropout: float = 0.1, sparse: bool = False
    ) -> None:
        super().__init__()
        hidden = config["hidden_size"]
        eps = config["layer_norm_eps"]
        self.config = config
        self.labels = heads
        self.dropout = dropout
        self.words = nn.Embedding(config["vocab_size"], hidden, sparse=sparse)
        self.positions = nn.Embedding(config["max_position_embeddings"], hidden)
        self.types = nn.Embedding(config["type_vocab_size"], hidden)
        self.norm = nn.LayerNorm(hidden, eps)
        self.layers = nn.ModuleList(
            Layer(hidden, config["num_attention_heads"], config["intermediate_size"], eps, dropout)
            for _ in range(config["num_hidden_layers"])
        )
        self.heads = nn.ModuleDict({name: nn.Linear(hidden, len(labels)) for name, labels in heads.items()})

    def encode(self, ids: torch.Tensor, types: torch.Tensor, mask: torch.Tensor | None = None) -> torch.Tensor:
        """Hidden states [n, length, hidden] of ids and types [n, length]; mask [n, length] is True on real pieces."""
        x = self.words(ids) + self.positions.weight[: ids.shape[1]] + self.types(types)
        x = F.dropout(self.norm(x), self.dropout, self.training)
        wide = None if mask is None else mask[:, None, None, :]
        for layer in self.layers:
            x = layer(x, wide)
        return x

    def logits(self, hidden: torch.Tensor, head: str) -> torch.Tensor:
        """Logits [..., labels] of one head."""
        return self.heads[head](F.dropout(hidden, self.dropout, self.training))


# Our name -> Hugging Face's, for one layer.
_LAYER = {
    "out": "attention.output.dense",
    "norm1": "attention.output.LayerNorm",
    "up": "intermediate.dense",
    "down": "output.dense",
    "norm2": "output.LayerNorm",
}
_EMBEDDINGS = {
    "words": "word_embeddings",
    "positions": "position_embeddings",
    "types": "token_type_embeddings",
}


def _named(model: Tagger) -> dict[str, str]:
    """Parameter name here -> tensor name in a Hugging Face encoder, for all but qkv and heads."""
    names = {f"{ours}.weight": f"embeddings.{theirs}.weight" for ours, theirs in _EMBEDDINGS.items()}
    for end in ("weight", "bias"):
        names[f"norm.{end}"] = f"embeddings.LayerNorm.{end}"
        for i in range(len(model.layers)):
            for ours, theirs in _LAYER.items():
                names[f"layers.{i}.{ours}.{end}"] = f"encoder.layer.{i}.{theirs}.{end}"
    return names


def load_encoder(model: Tagger, weights: Path) -> None:
    """Fills the encoder from a Hugging Face safetensors file; every case class starts as token type 0."""
    found = {name.removeprefix("bert."): tensor.float() for name, tensor in load_file(weights).items()}
    state = model.state_dict()
    for ours, theirs in _named(model).items():
        tensor = found[theirs]
        if ours == "types.weight" and tensor.shape != state[ours].shape:
            tensor = tensor[:1].expand_as(state[ours])
        state[ours].copy_(tensor)
    for i in range(len(model.layers)):
        for end in ("weight", "bias"):
            parts = [found[f"encoder.layer.{i}.attention.self.{part}.{end}"] for part in ("query", "key", "value")]
            state[f"layers.{i}.qkv.{end}"].copy_(torch.cat(parts))


def hugging_face_tensors(model: Tagger, default_head: str) -> dict[str, torch.Tensor]:
    """The tensors under the names of BertForTokenClassification; the default head is its classifier."""
    state = model.state_dict()
    tensors = {f"bert.{theirs}": state[ours] for ours, theirs in _named(model).items()}
    for i in range(len(model.layers)):
        for end in ("weight", "bias"):
            parts = state[f"layers.{i}.qkv.{end}"].chunk(3)
            for part, tensor in zip(("query", "key", "value"), parts):
                tensors[f"bert.encoder.layer.{i}.attention.self.{part}.{end}"] = tensor
    for name in model.labels:
        prefix = "classifier" if name == default_head else f"heads.{name}"
        for end in ("weight", "bias"):
            tensors[f"{prefix}.{end}"] = state[f"heads.{name}.{end}"]
    return {name: tensor.contiguous() for name, tensor in tensors.items()}


def load_checkpoint(path: Path) -> Tagger:
    """The network that train.py saved, ready to tag."""
    saved = torch.load(path)
    model = Tagger(saved["config"], {head: saved["labels"] for head in ("conll", "worldwide")})
    model.load_state_dict(saved["model"])
    return model.eval()
