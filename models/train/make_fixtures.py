"""Makes the tiny random checkpoints under tests/fixtures/models, one an architecture, with the logits PyTorch computes for them.

Run with torch 2.15.0, transformers 5.23.0, tokenizers 0.23.3, safetensors 0.8.0, on one thread:

    python models/train/make_fixtures.py tests/fixtures/models

The same versions write the same bytes.
"""

import argparse
import inspect
import json
import os
from pathlib import Path

os.environ["TOKENIZERS_PARALLELISM"] = "false"

import torch
from safetensors.torch import save_file
from tokenizers import AddedToken, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers
from transformers import (
    AlbertConfig,
    AlbertForTokenClassification,
    BertConfig,
    BertForTokenClassification,
    DebertaConfig,
    DebertaForTokenClassification,
    DebertaV2Config,
    DebertaV2ForTokenClassification,
    DistilBertConfig,
    DistilBertForTokenClassification,
    ElectraConfig,
    ElectraForTokenClassification,
    FNetConfig,
    FNetForTokenClassification,
    LongformerConfig,
    LongformerForTokenClassification,
    MPNetConfig,
    MPNetForTokenClassification,
    MobileBertConfig,
    MobileBertForTokenClassification,
    RobertaConfig,
    RobertaForTokenClassification,
    XLMRobertaConfig,
    XLMRobertaForTokenClassification,
    XLNetConfig,
    XLNetForTokenClassification,
)
from transformers.models.mpnet.modeling_mpnet import create_position_ids_from_input_ids

SENTENCES = [
    "Maren Holt of Kestrel Shipping flew from Lisbon to Accra on Tuesday.",
    "The mayor of Porto, Dr. Inês Vidal, met engineers from Norrland Rail.",
    "Talks between Ghana and Portugal resume in Geneva next week.",
    "Kestrel Shipping's shares fell 4.5% in London after the report.",
    "\"We were not told,\" said Holt, who chairs the Harbour Workers' Union.",
    "A spokesman for the Norrland Rail board declined to comment in Umeå.",
    "Rain stopped play at Headingley; Rao had made 61 not out.",
    "The U.N. envoy Amadou Keita will visit Tallinn, Riga and Vilnius.",
    "Prices rose in Accra, Kumasi and Tamale, the ministry of trade said.",
    "Vidal and Keita signed the agreement on behalf of both governments.",
]
CONLL = ["O", "B-PER", "I-PER", "B-ORG", "I-ORG", "B-LOC", "I-LOC", "B-MISC", "I-MISC"]
WORLDWIDE = ["O", "B-PER", "I-PER", "B-ORG", "I-ORG", "B-LOC", "I-LOC"]
BILOU = ["O"] + [f"{place}-{label}" for label in ("person", "place") for place in "BILU"]
MAX_PIECES = 40
LENGTHS = [1, 2, 3, 8, 17, 29, MAX_PIECES]


def word_piece(mpnet=False):
    # Written out: the library's own trainer does not give the same vocabulary twice.
    normalizer = normalizers.BertNormalizer(lowercase=True)
    pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    words = [
        word for sentence in SENTENCES for word, _ in pre_tokenizer.pre_tokenize_str(normalizer.normalize_str(sentence))
    ]
    characters = sorted({character for word in words for character in word})
    known = sorted({word[:5] for word in words if len(word) > 1})
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    pieces = [*special, *characters, *("##" + c for c in characters), *known]
    if mpnet:
        # BERT's vocabulary behind fairseq's pieces, which are the special ones.
        special = ["<s>", "<pad>", "</s>", "<unk>"]
        pieces = [*special, *pieces, "<mask>"]
        special += ["[UNK]", AddedToken("<mask>", lstrip=True)]
    tokenizer = Tokenizer(models.WordPiece({piece: i for i, piece in enumerate(pieces)}, unk_token="[UNK]"))
    tokenizer.normalizer = normalizer
    tokenizer.pre_tokenizer = pre_tokenizer
    tokenizer.decoder = decoders.WordPiece()
    tokenizer.add_special_tokens(special)
    if mpnet:
        tokenizer.post_processor = processors.RobertaProcessing(("</s>", 2), ("<s>", 0), add_prefix_space=False)
        return tokenizer
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair="[CLS] $A [SEP] $B:1 [SEP]:1",
        special_tokens=[(name, tokenizer.token_to_id(name)) for name in ("[CLS]", "[SEP]")],
    )
    return tokenizer


def byte_level_bpe():
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    special = ["<s>", "<pad>", "</s>", "<unk>", AddedToken("<mask>", lstrip=True)]
    trainer = trainers.BpeTrainer(
        vocab_size=320,
        special_tokens=special,
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
        show_progress=False,
    )
    tokenizer.train_from_iterator(SENTENCES, trainer)
    tokenizer.post_processor = processors.RobertaProcessing(("</s>", 2), ("<s>", 0), add_prefix_space=False)
    return tokenizer


def unigram():
    # Written out, not trained: every character, and the words that recur, with made-up scores.
    words = [word.strip(".,;\"'%") for sentence in SENTENCES for word in sentence.split()]
    frequent = sorted({word for word in words if words.count(word) > 1 or word[:1].isupper()})
    characters = sorted({character for sentence in SENTENCES for character in sentence if character != " "})
    pieces = [("<s>", 0.0), ("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0), ("▁", -3.0)]
    pieces += [("▁" + word, -5.0 - i / 100) for i, word in enumerate(frequent)]
    pieces += [(character, -8.0 - i / 100) for i, character in enumerate(characters)]
    pieces += [("<mask>", 0.0)]
    tokenizer = Tokenizer(models.Unigram(pieces, unk_id=3, byte_fallback=False))
    tokenizer.normalizer = normalizers.NFKC()
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
    tokenizer.decoder = decoders.Metaspace(replacement="▁", prepend_scheme="always")
    tokenizer.add_special_tokens(["<s>", "<pad>", "</s>", "<unk>", AddedToken("<mask>", lstrip=True)])
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", pair="<s> $A </s> </s> $B </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    return tokenizer


def labelled(labels):
    return {"id2label": dict(enumerate(labels)), "label2id": {label: i for i, label in enumerate(labels)}}


def bert(vocab_size, **extra):
    config = BertConfig(
        vocab_size=vocab_size,
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=4,
        intermediate_size=56,
        max_position_embeddings=MAX_PIECES,
        **extra,
    )
    return BertForTokenClassification(config)


def own_bert(vocab_size):
    return bert(vocab_size, type_vocab_size=8, **labelled(CONLL))


def foreign_bert(vocab_size):
    return bert(vocab_size, layer_norm_eps=1e-5, **labelled(BILOU))


def distilbert(vocab_size):
    config = DistilBertConfig(
        vocab_size=vocab_size,
        dim=32,
        n_layers=2,
        n_heads=4,
        hidden_dim=64,
        max_position_embeddings=MAX_PIECES,
        activation="relu",
        **labelled(CONLL),
    )
    return DistilBertForTokenClassification(config)


def electra(vocab_size):
    config = ElectraConfig(
        vocab_size=vocab_size,
        embedding_size=20,
        hidden_size=36,
        num_hidden_layers=2,
        num_attention_heads=3,
        intermediate_size=50,
        max_position_embeddings=MAX_PIECES,
        hidden_act="gelu_new",
        **labelled(WORLDWIDE),
    )
    return ElectraForTokenClassification(config)


def roberta_like(config_class, model_class, vocab_size, labels, **own):
    config = config_class(
        vocab_size=vocab_size,
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=4,
        intermediate_size=64,
        max_position_embeddings=MAX_PIECES + 2,
        layer_norm_eps=1e-5,
        pad_token_id=1,
        bos_token_id=0,
        eos_token_id=2,
        **{"type_vocab_size": 1, **own},
        **labelled(labels),
    )
    return model_class(config)


def roberta(vocab_size):
    return roberta_like(RobertaConfig, RobertaForTokenClassification, vocab_size, CONLL)


def xlm_roberta(vocab_size):
    return roberta_like(XLMRobertaConfig, XLMRobertaForTokenClassification, vocab_size, BILOU)


def mpnet(vocab_size):
    own = {"relative_attention_num_buckets": 32, "type_vocab_size": 8}
    model = roberta_like(MPNetConfig, MPNetForTokenClassification, vocab_size, CONLL, **own)
    # Ours, for case classes: transformers knows no token types here, and gets the sums of word and type.
    model.mpnet.embeddings.token_type_embeddings = torch.nn.Embedding(8, 32)
    return model


def albert(vocab_size):
    config = AlbertConfig(
        vocab_size=vocab_size,
        embedding_size=16,
        hidden_size=32,
        num_hidden_layers=3,
        num_hidden_groups=1,
        num_attention_heads=4,
        intermediate_size=48,
        max_position_embeddings=MAX_PIECES,
        type_vocab_size=2,
        layer_norm_eps=1e-5,
        pad_token_id=0,
        **labelled(CONLL),
    )
    return AlbertForTokenClassification(config)


def deberta_like(config_class, model_class, vocab_size, **extra):
    config = config_class(
        vocab_size=vocab_size,
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=4,
        intermediate_size=48,
        max_position_embeddings=MAX_PIECES,
        type_vocab_size=0,
        relative_attention=True,
        pos_att_type=["c2p", "p2c"],
        position_biased_input=False,
        layer_norm_eps=1e-5,
        **extra,
        **labelled(CONLL),
    )
    return model_class(config)


def deberta(vocab_size):
    return deberta_like(DebertaConfig, DebertaForTokenClassification, vocab_size)


def deberta_v2(vocab_size):
    # As DeBERTa-v3 has it, but for the convolution, which is DeBERTa-v2's.
    return deberta_like(
        DebertaV2Config,
        DebertaV2ForTokenClassification,
        vocab_size,
        position_buckets=8,
        norm_rel_ebd="layer_norm",
        share_att_key=True,
        conv_kernel_size=3,
        conv_act="gelu",
    )


def fnet(vocab_size):
    config = FNetConfig(
        vocab_size=vocab_size,
        hidden_size=32,
        num_hidden_layers=2,
        intermediate_size=64,
        max_position_embeddings=MAX_PIECES,
        type_vocab_size=4,
        **labelled(CONLL),
    )
    return FNetForTokenClassification(config)


def longformer(vocab_size):
    config = LongformerConfig(
        vocab_size=vocab_size,
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=4,
        intermediate_size=48,
        max_position_embeddings=MAX_PIECES + 2,
        attention_window=[8, 8],
        type_vocab_size=1,
        layer_norm_eps=1e-5,
        pad_token_id=1,
        bos_token_id=0,
        eos_token_id=2,
        sep_token_id=2,
        **labelled(CONLL),
    )
    return LongformerForTokenClassification(config)


def mobilebert(vocab_size):
    config = MobileBertConfig(
        vocab_size=vocab_size,
        embedding_size=16,
        hidden_size=32,
        intra_bottleneck_size=16,
        num_hidden_layers=2,
        num_attention_heads=4,
        intermediate_size=32,
        num_feedforward_networks=2,
        max_position_embeddings=MAX_PIECES,
        **labelled(CONLL),
    )
    return MobileBertForTokenClassification(config)


def xlnet(vocab_size):
    config = XLNetConfig(
        vocab_size=vocab_size,
        d_model=32,
        n_layer=2,
        n_head=4,
        d_inner=48,
        layer_norm_eps=1e-5,
        pad_token_id=1,
        bos_token_id=0,
        eos_token_id=2,
        **labelled(CONLL),
    )
    return XLNetForTokenClassification(config)


def randomise(model, generator):
    """Numbers large enough that every part of the forward pass leaves its mark on the logits."""
    # MobileBERT's norms do not norm: with larger numbers its logits would have five digits.
    scale = 0.4 if model.config.model_type == "mobilebert" else 1.0
    for name, parameter in model.named_parameters():
        noise = torch.randn(parameter.shape, generator=generator)
        if "norm" in name.lower():
            noise = (noise * 0.3 + (1.0 if name.endswith("weight") else 0.0)) * scale
        elif "embeddings." in name:
            noise = noise * 0.7
        elif name.endswith("bias"):
            noise = noise * 0.3
        else:
            noise = noise * 1.3 / parameter.shape[-1] ** 0.5
        parameter.data.copy_(noise)


def cases(model, heads, n_types, generator):
    """Windows of several lengths, each run alone and in float32."""
    vocab_size = model.config.vocab_size
    encoder = model.base_model
    takes = inspect.signature(encoder.forward).parameters
    for length in LENGTHS:
        ids = torch.randint(0, vocab_size, (1, length), generator=generator)
        if length == 17:
            ids[0, 5] = model.config.pad_token_id  # a piece of that id inside a window; RoBERTa does not count it
        types = torch.randint(0, n_types, (1, length), generator=generator)
        inputs = {"input_ids": ids, "attention_mask": torch.ones_like(ids)}
        if n_types > 1:
            inputs["token_type_ids"] = types
        inputs = {name: tensor for name, tensor in inputs.items() if name in takes}
        if model.config.model_type == "mpnet":
            embeddings = encoder.embeddings
            inputs["position_ids"] = create_position_ids_from_input_ids(inputs.pop("input_ids"), model.config.pad_token_id)
            inputs["inputs_embeds"] = embeddings.word_embeddings(ids) + embeddings.token_type_embeddings(types)
        hidden = encoder(**inputs).last_hidden_state
        logits = {name: torch.nn.functional.linear(hidden, *head)[0] for name, head in heads.items()}
        first = next(iter(logits.values()))
        assert torch.allclose(first, model(**inputs).logits[0], atol=1e-6), "the default head is the model's own"
        yield {
            "ids": ids[0].tolist(),
            "types": types[0].tolist(),
            "logits": {name: [[round(x, 6) for x in row] for row in rows.tolist()] for name, rows in logits.items()},
        }


def write(folder, make_model, tokenizer, seed, dtype=torch.float32, own=None, weights="model.safetensors"):
    folder.mkdir(parents=True, exist_ok=True)
    generator = torch.Generator().manual_seed(seed)
    model = make_model(tokenizer.get_vocab_size()).eval()
    randomise(model, generator)
    model = model.to(dtype).float()
    hidden_size = model.classifier.weight.shape[1]
    heads = {"default": (model.classifier.weight, model.classifier.bias)}
    tensors = dict(model.state_dict())
    if own:
        (name, *others) = sorted(own["heads"], key=lambda name: name != own["default_head"])
        heads = {name: heads["default"]}
        for other in others:
            n_labels = len(own["heads"][other]["labels"])
            weight = torch.randn(n_labels, hidden_size, generator=generator) * 1.3 / hidden_size**0.5
            heads[other] = tuple(x.to(dtype).float() for x in (weight, torch.randn(n_labels, generator=generator)))
            tensors[f"heads.{other}.weight"], tensors[f"heads.{other}.bias"] = heads[other]
    tensors = {name: tensor.to(dtype).contiguous() for name, tensor in tensors.items() if tensor.is_floating_point()}
    if weights.endswith(".bin"):
        torch.save(tensors, folder / weights)
    else:
        save_file(tensors, folder / weights, metadata={"format": "pt"})
    config = json.loads(model.config.to_json_string())
    config["architectures"] = [type(model).__name__]
    if own:
        config["allonym"] = own
    (folder / "config.json").write_text(json.dumps(config, indent=2, sort_keys=True) + "\n")
    tokenizer.save(str(folder / "tokenizer.json"), pretty=False)
    n_types = 3 if model.config.model_type == "xlnet" else max(getattr(model.config, "type_vocab_size", 1), 1)
    with torch.no_grad():
        lines = ",\n".join(json.dumps(case, separators=(",", ":")) for case in cases(model, heads, n_types, generator))
    (folder / "cases.json").write_text(f"[\n{lines}\n]\n")


OWN = {
    "case_classes": "v1",
    "line_separator": True,
    "window": {"max_pieces": 32, "context": 6},
    "default_head": "conll",
    "heads": {
        "conll": {"labels": CONLL, "temperature": 1.2},
        "worldwide": {"labels": WORLDWIDE, "temperature": 0.9},
    },
}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path, help="the folder to write into")
    out = parser.parse_args().out
    torch.set_num_threads(1)
    pieces = word_piece()
    write(out / "bert", own_bert, pieces, 11, own=OWN)
    write(out / "bert-f16", foreign_bert, pieces, 12, torch.float16)
    write(out / "bert-bf16", foreign_bert, pieces, 13, torch.bfloat16)
    write(out / "distilbert", distilbert, pieces, 14)
    write(out / "electra", electra, pieces, 15)
    write(out / "roberta", roberta, byte_level_bpe(), 16)
    write(out / "xlm-roberta", xlm_roberta, unigram(), 17)
    write(out / "albert", albert, pieces, 18)
    write(out / "deberta", deberta, pieces, 19)
    write(out / "deberta-v2", deberta_v2, pieces, 20)
    write(out / "fnet", fnet, pieces, 21)
    write(out / "longformer", longformer, byte_level_bpe(), 22)
    write(out / "mobilebert", mobilebert, pieces, 23)
    write(out / "xlnet", xlnet, unigram(), 24)
    write(out / "mpnet", mpnet, word_piece(mpnet=True), 26, own=OWN)
    write(out / "distilbert-bin", distilbert, pieces, 25, torch.float16, weights="pytorch_model.bin")


if __name__ == "__main__":
    main()
