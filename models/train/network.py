"""The network: a BERT or MPNet encoder shared by one small classifier a guideline."""

import json
import math
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import nn
from torch.nn import functional as F


class Dropout(nn.Module):
    """Dropout whose masks are slices of one pool of random bits: drawing a bit an element costs more than a matrix product a row."""

    POOL = 1 << 23
    USES = 2000

    def __init__(self, rate: float) -> None:
        super().__init__()
        self.rate = rate
        self.pool: torch.Tensor | None = None
        self.uses = 0

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        if not self.training or not self.rate:
            return x
        if x.is_cuda or x.numel() > self.POOL // 2:
            return F.dropout(x, self.rate, True)
        if self.pool is None or self.uses == self.USES:
            self.pool = torch.empty(self.POOL).bernoulli_(1 - self.rate).div_(1 - self.rate).bfloat16()
            self.uses = 0
        self.uses += 1
        at = int(torch.randint(self.POOL - x.numel(), ()))
        return x * self.pool[at : at + x.numel()].view(x.shape)


def attend(q: torch.Tensor, k: torch.Tensor, v: torch.Tensor, mask: torch.Tensor | None) -> torch.Tensor:
    """Attention, a product after the other where it is learned from on the CPU: PyTorch's fused kernel takes five times as long backward."""
    if q.is_cuda or not torch.is_grad_enabled():
        return F.scaled_dot_product_attention(q, k, v, attn_mask=mask)
    scores = (q * q.shape[-1] ** -0.5) @ k.transpose(-1, -2)
    if mask is not None:
        scores = scores + mask if mask.is_floating_point() else scores.masked_fill(~mask, -1e4)
    return scores.softmax(-1, dtype=torch.float32).to(v.dtype) @ v


class Layer(nn.Module):
    """One transformer layer, post-norm as in BERT."""

    def __init__(self, hidden: int, heads: int, inner: int, eps: float, dropout: Dropout) -> None:
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
        mask = mask.to(q.dtype) if mask is not None and mask.is_floating_point() else mask
        context = attend(q, k, v, mask)
        context = context.transpose(1, 2).reshape(n, length, hidden)
        x = self.norm1(x + self.dropout(self.out(context)))
        inner = self.down(F.gelu(self.up(x)))
        return self.norm2(x + self.dropout(inner))


def buckets(length: int, count: int, furthest: int = 128) -> torch.Tensor:
    """MPNet's bucket of each distance key - query from 1 - length to length - 1: near ones by themselves, far ones in steps of their logarithm."""
    half = count // 2
    exact = half // 2
    distance = torch.arange(1 - length, length)
    far = distance.abs().clamp(min=1)
    steps = (torch.log(far.float() / exact) / math.log(furthest / exact) * (half - exact)).long()
    bucket = torch.where(far < exact, distance.abs(), (exact + steps).clamp(max=half - 1))
    return bucket + (distance > 0) * half


class Tagger(nn.Module):
    """Encoder and named heads. Case classes stand in for BERT's token types; MPNet, which has none, gets them as new."""

    def __init__(
        self, config: dict, heads: dict[str, list[str]], dropout: float = 0.1, sparse: bool = False
    ) -> None:
        super().__init__()
        hidden = config["hidden_size"]
        eps = config["layer_norm_eps"]
        self.config = config
        self.labels = heads
        self.dropout = Dropout(dropout)
        self.mpnet = config["model_type"] == "mpnet"
        self.first_position = config["pad_token_id"] + 1 if self.mpnet else 0
        self.words = nn.Embedding(config["vocab_size"], hidden, sparse=sparse)
        self.positions = nn.Embedding(config["max_position_embeddings"], hidden)
        self.types = nn.Embedding(config["type_vocab_size"], hidden)
        self.norm = nn.LayerNorm(hidden, eps)
        if self.mpnet:
            # Of all layers. Not trained: PyTorch's fast attention has no gradient for it.
            count = config["relative_attention_num_buckets"]
            self.distances = nn.Embedding(count, config["num_attention_heads"]).requires_grad_(False)
        self.layers = nn.ModuleList(
            Layer(hidden, config["num_attention_heads"], config["intermediate_size"], eps, self.dropout)
            for _ in range(config["num_hidden_layers"])
        )
        self.heads = nn.ModuleDict({name: nn.Linear(hidden, len(labels)) for name, labels in heads.items()})

    def bias(self, length: int) -> torch.Tensor:
        """What MPNet adds to attention scores, [1, heads, query, key]."""
        by_distance = self.distances(buckets(length, self.distances.num_embeddings).to(self.distances.weight.device))
        at = torch.arange(length)
        return by_distance[at[None, :] - at[:, None] + length - 1].permute(2, 0, 1)[None]

    def encode(self, ids: torch.Tensor, types: torch.Tensor, mask: torch.Tensor | None = None) -> torch.Tensor:
        """Hidden states [n, length, hidden] of ids and types [n, length]; mask [n, length] is True on real pieces."""
        length = ids.shape[1]
        positions = self.positions.weight[self.first_position : self.first_position + length]
        x = self.words(ids) + positions + self.types(types)
        x = self.dropout(self.norm(x))
        wide = None if mask is None else mask[:, None, None, :]
        if self.mpnet:
            bias = self.bias(length)
            wide = bias if wide is None else bias.masked_fill(~wide, -1e4)
        for layer in self.layers:
            x = layer(x, wide)
        return x

    def logits(self, hidden: torch.Tensor, head: str) -> torch.Tensor:
        """Logits [..., labels] of one head."""
        return self.heads[head](self.dropout(hidden))


# Our name -> Hugging Face's, for one layer.
_LAYER = {
    "bert": {
        "out": "attention.output.dense",
        "norm1": "attention.output.LayerNorm",
        "up": "intermediate.dense",
        "down": "output.dense",
        "norm2": "output.LayerNorm",
    },
    "mpnet": {
        "out": "attention.attn.o",
        "norm1": "attention.LayerNorm",
        "up": "intermediate.dense",
        "down": "output.dense",
        "norm2": "output.LayerNorm",
    },
}
_QKV = {
    "bert": ("attention.self.query", "attention.self.key", "attention.self.value"),
    "mpnet": ("attention.attn.q", "attention.attn.k", "attention.attn.v"),
}
_EMBEDDINGS = {
    "words": "word_embeddings",
    "positions": "position_embeddings",
    "types": "token_type_embeddings",
}


def _named(model: Tagger) -> dict[str, str]:
    """Parameter name here -> tensor name in a Hugging Face encoder, for all but qkv and heads."""
    names = {f"{ours}.weight": f"embeddings.{theirs}.weight" for ours, theirs in _EMBEDDINGS.items()}
    if model.mpnet:
        names["distances.weight"] = "encoder.relative_attention_bias.weight"
    for end in ("weight", "bias"):
        names[f"norm.{end}"] = f"embeddings.LayerNorm.{end}"
        for i in range(len(model.layers)):
            for ours, theirs in _LAYER[model.config["model_type"]].items():
                names[f"layers.{i}.{ours}.{end}"] = f"encoder.layer.{i}.{theirs}.{end}"
    return names


def read_weights(folder: Path) -> dict[str, torch.Tensor]:
    """The tensors of a folder in f32, from one file or several; bytes are multiplied by the scale of their row, five bits by that of their block."""
    index = folder / "model.safetensors.index.json"
    names = set(json.loads(index.read_text())["weight_map"].values()) if index.exists() else {"model.safetensors"}
    stored: dict[str, torch.Tensor] = {}
    for name in sorted(names):
        stored |= load_file(folder / name)
    scales = {name: stored.pop(f"{name}.scale").float() for name in list(stored) if f"{name}.scale" in stored}
    found = {name: tensor.float() for name, tensor in stored.items() if tensor.is_floating_point()}
    bytes_ = {name: stored[name].float() * scale[:, None] for name, scale in scales.items() if stored[name].dtype == torch.int8}
    return found | bytes_ | {name: five_bits(stored[name], scale) for name, scale in scales.items() if stored[name].dtype == torch.uint8}


def five_bits(packed: torch.Tensor, scales: torch.Tensor) -> torch.Tensor:
    """Values of five bits, eight in five bytes: the low halves and then the high bits, offset by 16; as `packed.rs` of the library writes them."""
    groups = packed.view(len(packed), -1, 5)
    low = torch.stack([groups[..., :4] & 15, groups[..., :4] >> 4], -1).flatten(-2)
    high = groups[..., 4:] >> torch.arange(8, dtype=torch.uint8) & 1
    values = ((low | high << 4).float() - 16).view(*scales.shape, -1)
    return (values * scales[..., None]).flatten(-2)


def load_encoder(model: Tagger, weights: dict[str, torch.Tensor]) -> None:
    """Fills the encoder from Hugging Face's tensors; every case class starts as token type 0, or as nothing, if there are none yet."""
    kind = model.config["model_type"]
    found = {name.removeprefix(f"{kind}."): tensor for name, tensor in weights.items()}
    state = model.state_dict()
    for ours, theirs in _named(model).items():
        if ours == "types.weight" and (theirs not in found or found[theirs].shape != state[ours].shape):
            tensor = found[theirs][:1] if theirs in found else torch.zeros(1, 1)
            tensor = tensor.expand_as(state[ours])
        else:
            tensor = found[theirs]
        state[ours].copy_(tensor)
    for i in range(len(model.layers)):
        for end in ("weight", "bias"):
            parts = [found[f"encoder.layer.{i}.{part}.{end}"] for part in _QKV[kind]]
            state[f"layers.{i}.qkv.{end}"].copy_(torch.cat(parts))


def hugging_face_tensors(model: Tagger, default_head: str) -> dict[str, torch.Tensor]:
    """The tensors under the names of Bert- or MPNetForTokenClassification; the default head is its classifier."""
    kind = model.config["model_type"]
    state = model.state_dict()
    tensors = {f"{kind}.{theirs}": state[ours] for ours, theirs in _named(model).items()}
    for i in range(len(model.layers)):
        for end in ("weight", "bias"):
            parts = state[f"layers.{i}.qkv.{end}"].chunk(3)
            for part, tensor in zip(_QKV[kind], parts):
                tensors[f"{kind}.encoder.layer.{i}.{part}.{end}"] = tensor
    for name in model.labels:
        prefix = "classifier" if name == default_head else f"heads.{name}"
        for end in ("weight", "bias"):
            tensors[f"{prefix}.{end}"] = state[f"heads.{name}.{end}"]
    return {name: tensor.contiguous() for name, tensor in tensors.items()}


def load_checkpoint(path: Path) -> Tagger:
    """The network that train.py saved, ready to tag."""
    saved = torch.load(path)
    model = Tagger(saved["config"], saved["heads"])
    model.load_state_dict(saved["model"])
    return model.eval()
