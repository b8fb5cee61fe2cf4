"""ONNX Runtime on the same weights, exported here: fp32, and int8 with one scale per output channel."""

import logging
import time
import warnings
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import onnx
import onnxruntime as ort
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.transformers import optimizer

from . import Portion


def export(model, folder: Path) -> dict[str, dict[str, Path]]:
    """The graphs of each precision by name: as exported by PyTorch, and as fused by ONNX Runtime's transformer optimiser."""
    ids = torch.tensor([[2, 3, 4, 5], [3, 4, 5, 6]])
    names = ["input_ids", "attention_mask"]
    inputs = (ids, torch.ones_like(ids))
    if getattr(model.config, "type_vocab_size", 1) > 1:
        names.append("token_type_ids")
        inputs += (torch.zeros_like(ids),)

    class Logits(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.inner = model

        def forward(self, *values):
            return self.inner(**dict(zip(names, values, strict=True))).logits

    # The warnings of the exporter and the quantiser do not matter here.
    warnings.simplefilter("ignore")
    logging.disable(logging.WARNING)
    plain, fused = folder / "plain.onnx", folder / "fused.onnx"
    axes = {name: {0: "batch", 1: "length"} for name in [*names, "logits"]}
    torch.onnx.export(
        Logits().eval(), inputs, str(plain), input_names=names, output_names=["logits"], dynamic_axes=axes,
        opset_version=17, dynamo=False,
    )
    heads, hidden = model.config.num_attention_heads, model.config.hidden_size
    optimizer.optimize_model(str(plain), "bert", num_heads=heads, hidden_size=hidden).save_model_to_file(str(fused))
    graphs = {"fp32": {"plain": plain, "fused": fused}, "int8": {}}
    for name, path in graphs["fp32"].items():
        int8 = folder / f"{name}-int8.onnx"
        # The quantiser cannot infer the type of a fused operator's output.
        types = {"DefaultTensorType": onnx.TensorProto.FLOAT}
        quantize_dynamic(path, int8, per_channel=True, weight_type=QuantType.QInt8, extra_options=types)
        graphs["int8"][name] = int8
    return graphs


def session(path: Path, threads: int) -> ort.InferenceSession:
    """A session with `threads` threads inside an operator."""
    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return ort.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def padded(windows: list[dict], size: int, names: list[str]) -> list[dict[str, np.ndarray]]:
    """Batches of `size` windows of similar length, longest first, each padded to its longest window."""
    windows = sorted(windows, key=lambda window: len(window["ids"]), reverse=True)
    feeds = []
    for start in range(0, len(windows), size):
        batch = windows[start : start + size]
        length = max(len(window["ids"]) for window in batch)
        feed = {name: np.zeros((len(batch), length), dtype=np.int64) for name in names}
        for row, window in enumerate(batch):
            n = len(window["ids"])
            feed["input_ids"][row, :n] = window["ids"]
            feed["attention_mask"][row, :n] = 1
            if "token_type_ids" in feed:
                feed["token_type_ids"][row, :n] = window["types"]
        feeds.append(feed)
    return feeds


class Encoder:
    """One session. Two threads are either two inside each operator, or two callers with single-threaded operators."""

    kind = "encoder"

    def __init__(self, precision: str, graph: str, path: Path, threads: int, callers: int, size: int):
        self.threads, self.callers, self.size = threads, callers, size
        self.session = session(path, threads // callers)
        self.inputs = [value.name for value in self.session.get_inputs()]
        how = f", {callers} callers" if callers > 1 else ""
        self.name = f"ONNX Runtime {precision}, {graph} graph, batches of {size}{how}"

    def round(self, portion: Portion) -> float:
        feeds = padded(portion.windows, self.size, self.inputs)
        before = time.perf_counter()
        if self.callers == 1:
            for feed in feeds:
                self.session.run(None, feed)
        else:
            with ThreadPoolExecutor(self.callers) as pool:
                list(pool.map(lambda feed: self.session.run(None, feed), feeds))
        return time.perf_counter() - before
