"""Pieces a second of `allonym train` beside PyTorch in f32, forward, back, and the step of AdamW, on as many threads; and its memory.

    python benches/train_speed.py target/release/allonym GOLD --steps 12

GOLD are documents with mentions, enough for so many steps of 1,536 pieces. Needs torch. Runs take turns, so that what else the machine does
hits both; on a machine with other work, the pieces for a second of the processor are the ones to compare. The memory is the most that the
program has had after so many steps.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import torch

sys.path.insert(0, str(Path(__file__).parent.parent / "models" / "train"))
from network import Tagger  # noqa: E402

CONFIG = {
    "model_type": "bert", "hidden_size": 384, "num_hidden_layers": 6, "num_attention_heads": 12, "intermediate_size": 1536,
    "layer_norm_eps": 1e-12, "max_position_embeddings": 512, "type_vocab_size": 8, "vocab_size": 30522, "pad_token_id": 0,
}
WINDOWS, LENGTH, TAGS = 12, 128, 9


@dataclass
class Speed:
    """Pieces a second by the clock, and for a second of the processor."""

    clock: float
    processor: float


def pytorch(steps: int, threads: int) -> Speed:
    torch.set_num_threads(threads)
    torch.manual_seed(1)
    model = Tagger(CONFIG, {"own": [str(i) for i in range(TAGS)]}, dropout=0.0)
    model.words.weight.requires_grad_(False)
    optimizer = torch.optim.AdamW([p for p in model.parameters() if p.requires_grad], lr=1e-4, fused=True)
    ids = torch.randint(0, CONFIG["vocab_size"], (WINDOWS, LENGTH))
    types, targets = torch.randint(0, 8, ids.shape), torch.randint(0, TAGS, ids.shape)
    began = busy = 0.0
    for step in range(steps + 2):
        if step == 2:
            began, busy = time.perf_counter(), time.process_time()
        logits = model.logits(model.encode(ids, types), "own")
        loss = torch.nn.functional.cross_entropy(logits.flatten(0, 1), targets.flatten())
        loss.backward()
        torch.nn.utils.clip_grad_norm_([p for p in model.parameters() if p.requires_grad], 1.0)
        optimizer.step()
        optimizer.zero_grad()
    pieces = steps * ids.numel()
    return Speed(pieces / (time.perf_counter() - began), pieces / (time.process_time() - busy))


def busy_seconds(process: int) -> float:
    """What a process has had of the processor."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def allonym(program: str, gold: str, steps: int, threads: int) -> tuple[Speed, int]:
    """By the times at which the program tells of its steps; and the bytes of memory that it has used."""
    with tempfile.TemporaryDirectory() as folder:
        command = [program, "train", gold, "--epochs", "1", "--step-pieces", str(WINDOWS * LENGTH), "--threads", str(threads)]
        command += ["--log-format", "json", "-o", f"{folder}/model"]
        with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as run:
            first = None
            for line in run.stderr:
                event = json.loads(line)
                if event["event"] != "progress":
                    continue
                now, busy = time.perf_counter(), busy_seconds(run.pid)
                if first is None:
                    first = now, busy
                elif event["step"] > steps:
                    memory = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{run.pid}/status").read_text())
                    run.kill()
                    run.stderr.read()
                    pieces = event["pieces_per_second"] * (now - first[0])
                    return Speed(event["pieces_per_second"], pieces / (busy - first[1])), 1024 * int(memory[1])
    raise SystemExit(f"{gold}: expected enough documents for {steps} steps")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("gold")
    parser.add_argument("--steps", type=int, default=12)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=2)
    args = parser.parse_args()
    ratios = []
    for _ in range(args.rounds):
        ours, memory = allonym(args.program, args.gold, args.steps, args.threads)
        theirs = pytorch(args.steps, args.threads)
        ratios.append((ours.clock / theirs.clock, ours.processor / theirs.processor))
        for name, speed in (("allonym", ours), ("PyTorch f32", theirs)):
            print(f"{name}: {speed.clock:.0f} pieces/s, {speed.processor:.0f} for a second of the processor")
        print(f"ratios {ratios[-1][0]:.2f} and {ratios[-1][1]:.2f}; allonym has used {memory / 1e6:.0f} MB", flush=True)
    clock, processor = (sorted(part)[len(part) // 2] for part in zip(*ratios))
    print(f"median of the ratios: {clock:.2f} by the clock, {processor:.2f} by the processor")


if __name__ == "__main__":
    main()
