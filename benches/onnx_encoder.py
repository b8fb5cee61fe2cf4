"""Times the encoder next to ONNX Runtime fp32: the same weights, the same windows, in turns, in one run.

    cargo bench --no-run
    python benches/onnx_encoder.py --model models/news-en-small --conll test.conll --rounds 5

Needs torch, transformers, tokenizers, onnx and onnxruntime. Both sides get windows sorted by length; ONNX Runtime pads to the
longest of each batch and reports its best batch size, fused by its own transformer optimiser and not, with two threads inside an
operator and with two callers; allonym reports its best number of pieces a batch. Words are CoNLL words; loading and tokenizing are
not in the times. The last column is how many times faster allonym's median is than the best median of ONNX Runtime.
"""

import argparse
import json
import statistics
import subprocess
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import onnxruntime as ort
import torch
from tokenizers import Tokenizer
from transformers import AutoModelForTokenClassification

ROOT = Path(__file__).resolve().parent.parent


def sentences(path):
    """The words of each sentence of a file in CoNLL columns."""
    words = []
    for line in path.read_text(encoding="utf-8").splitlines():
        columns = line.split()
        if columns and columns[0] != "-DOCSTART-":
            words.append(columns[0])
        elif words:
            yield words
            words = []
    if words:
        yield words


def make_windows(args, tokenizer, n_types):
    """Sentences, put together until a window would have more than --window pieces."""
    windows, n_words, held = [], 0, []
    generator = np.random.default_rng(7)

    def flush():
        if held:
            ids = tokenizer.encode(held, is_pretokenized=True).ids[: args.window]
            types = generator.integers(0, n_types, len(ids)).tolist() if n_types > 2 else [0] * len(ids)
            windows.append({"ids": ids, "types": types})

    for words in sentences(args.conll):
        if len(words) < args.min_words:
            continue
        if n_words + len(words) > args.max_words:
            break
        n_words += len(words)
        if held and (not args.pack or len(tokenizer.encode(held + words, is_pretokenized=True).ids) > args.window):
            flush()
            held = []
        held = held + words
    flush()
    return {"n_words": n_words, "windows": windows}


def export(model, path):
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

    axes = {name: {0: "batch", 1: "length"} for name in [*names, "logits"]}
    torch.onnx.export(
        Logits().eval(), inputs, str(path), input_names=names, output_names=["logits"], dynamic_axes=axes,
        opset_version=17, dynamo=False,
    )


def optimise(path, config):
    """The graph as ONNX Runtime's own transformer optimiser fuses it, or None where that tool is not installed."""
    try:
        from onnxruntime.transformers import optimizer
    except ImportError:
        return None
    fused = path.with_name("fused.onnx")
    heads, hidden = config.num_attention_heads, config.hidden_size
    optimizer.optimize_model(str(path), "bert", num_heads=heads, hidden_size=hidden).save_model_to_file(str(fused))
    return fused


def session(path, n_threads):
    options = ort.SessionOptions()
    options.intra_op_num_threads = n_threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return ort.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def padded(windows, size, names):
    """Batches of `size` windows of similar length, as ONNX Runtime takes them."""
    windows = sorted(windows, key=lambda window: len(window["ids"]), reverse=True)
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
        yield feed


def onnx_round(run, batches, callers):
    before = time.perf_counter()
    if callers == 1:
        for feed in batches:
            run(None, feed)
    else:
        with ThreadPoolExecutor(callers) as pool:
            list(pool.map(lambda feed: run(None, feed), batches))
    return time.perf_counter() - before


def bench_binary():
    build = ["cargo", "bench", "--bench", "encoder", "--no-run", "--message-format", "json"]
    lines = subprocess.run(build, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout.splitlines()
    messages = [json.loads(line) for line in lines if line.startswith("{")]
    return next(m["executable"] for m in messages if m.get("executable") and m["target"]["name"] == "encoder")


class Allonym:
    """Our engine, one round a request."""

    def __init__(self, binary, model, windows):
        command = [binary, "--model", str(model), "--windows", str(windows), "--precision", "f32", "--serve"]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout.readline() == "ready\n"

    def round(self, n_threads, pieces):
        self.process.stdin.write(f"{n_threads} {pieces}\n")
        self.process.stdin.flush()
        return float(self.process.stdout.readline())

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, required=True, help="a folder in the Hugging Face layout")
    parser.add_argument("--conll", type=Path, required=True, help="text in CoNLL columns, the word first")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--max-words", type=int, default=7000)
    parser.add_argument("--min-words", type=int, default=10, help="leave shorter sentences out")
    parser.add_argument("--window", type=int, default=256, help="the most pieces of a window")
    parser.add_argument("--pack", action="store_true", help="fill windows with several sentences, not one each")
    parser.add_argument("--batch-sizes", type=int, nargs="+", default=[1, 4, 8, 16, 32], help="ONNX Runtime: windows")
    parser.add_argument("--pieces", type=int, nargs="+", default=[64, 256, 512], help="allonym: pieces a batch")
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--binary", help="the built benchmark, when cargo is not to be asked for it")
    args = parser.parse_args()

    model = AutoModelForTokenClassification.from_pretrained(args.model, dtype=torch.float32, attn_implementation="eager").eval()
    tokenizer = Tokenizer.from_file(str(args.model / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    workload = make_windows(args, tokenizer, getattr(model.config, "type_vocab_size", 1))
    n_words = workload["n_words"]
    n_pieces = sum(len(window["ids"]) for window in workload["windows"])
    print(f"{n_words} words in {len(workload['windows'])} windows of {n_pieces} pieces together")

    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        (folder / "windows.json").write_text(json.dumps(workload))
        export(model, folder / "plain.onnx")
        graphs = {"plain": folder / "plain.onnx", "fused": optimise(folder / "plain.onnx", model.config)}
        contenders = {}
        for n_threads in args.threads:
            for graph, path in graphs.items():
                if path is None:
                    continue
                inside = session(path, n_threads)
                names = [value.name for value in inside.get_inputs()]
                shared = session(path, 1) if n_threads > 1 else None
                for size in args.batch_sizes:
                    batches = list(padded(workload["windows"], size, names))
                    name = f"onnxruntime fp32 {graph}, batch {size}"
                    contenders[n_threads, name] = lambda b=batches, s=inside: onnx_round(s.run, b, 1)
                    if shared:
                        label = f"{name}, {n_threads} callers"
                        contenders[n_threads, label] = lambda b=batches, s=shared, n=n_threads: onnx_round(s.run, b, n)
        ours = Allonym(args.binary or bench_binary(), args.model, folder / "windows.json")
        for n_threads in args.threads:
            for pieces in args.pieces:
                name = f"allonym f32, {pieces} pieces"
                contenders[n_threads, name] = lambda n=n_threads, p=pieces: ours.round(n, p)
        seconds = {key: [] for key in contenders}
        for number in range(args.rounds + 1):
            for key, contender in contenders.items():
                taken = contender()
                if number:  # the first round warms up
                    seconds[key].append(taken)
        ours.close()

    for n_threads in args.threads:
        rows = {name: statistics.median(times) for (n, name), times in seconds.items() if n == n_threads}
        reference = min(median for name, median in rows.items() if name.startswith("onnx"))
        print(f"\n{n_threads} threads, median of {args.rounds}")
        for name, median in sorted(rows.items(), key=lambda row: row[1]):
            print(f"  {name:48} {n_words / median:9.0f} words/s  {reference / median:5.2f}")


if __name__ == "__main__":
    main()
