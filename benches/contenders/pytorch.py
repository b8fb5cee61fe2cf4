"""PyTorch: the encoder in bfloat16, and the token-classification pipeline of transformers from raw text to mentions."""

import copy
import time
from pathlib import Path

import torch
from transformers import PreTrainedTokenizerFast, TokenClassificationPipeline

from . import Portion
from .onnx import padded


def bfloat16(model):
    """A copy of the model in bfloat16, with PyTorch's fused attention."""
    model = copy.deepcopy(model).to(torch.bfloat16)
    model.set_attn_implementation("sdpa")
    return model.eval()


class Encoder:
    """The encoder in bfloat16."""

    kind = "encoder"

    def __init__(self, model, threads: int, size: int):
        self.model, self.threads, self.size = model, threads, size
        self.name = f"PyTorch bf16, batches of {size}"

    def round(self, portion: Portion) -> float:
        names = ["input_ids", "attention_mask", "token_type_ids"]
        feeds = padded(portion.windows, self.size, names)
        feeds = [{name: torch.from_numpy(value) for name, value in feed.items()} for feed in feeds]
        torch.set_num_threads(self.threads)
        before = time.perf_counter()
        with torch.inference_mode():
            for feed in feeds:
                self.model(**feed)
        return time.perf_counter() - before


class Pipeline:
    """The pipeline as documented, in fp32; long texts are split into windows that overlap as allonym's do."""

    kind = "end to end"

    def __init__(self, model, folder: Path, threads: int, size: int, window: int, context: int):
        tokenizer = PreTrainedTokenizerFast(
            tokenizer_file=str(folder / "tokenizer.json"), model_max_length=window, pad_token="[PAD]",
            cls_token="[CLS]", sep_token="[SEP]", unk_token="[UNK]",
        )
        self.pipeline = TokenClassificationPipeline(
            model=model, tokenizer=tokenizer, device="cpu", aggregation_strategy="first", stride=2 * context, batch_size=size
        )
        self.threads = threads
        self.name = f"Hugging Face pipeline, fp32, batches of {size}"

    def round(self, portion: Portion) -> float:
        texts = [article.text for article in portion.articles]
        torch.set_num_threads(self.threads)
        before = time.perf_counter()
        self.pipeline(texts)
        return time.perf_counter() - before
