"""Pieces a second of `allonym train` beside PyTorch in f32: forward, back, and the step of AdamW, on the same number of threads.

    python benches/train_speed.py target/release/allonym GOLD --steps 12

GOLD are documents with mentions, enough for so many steps of 1,536 pieces. Needs torch. Runs take turns, so that what else the machine does
hits both.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import torch

sys.path.insert(0, str(Path(__file__).parent.parent / "models" / "train"))
from network import Tagger  # noqa: E402

CONFIG = {
    "model_type": "bert", "hidden_size": 384, "num_hidden_layers": 6, "num_attention_heads": 12, "intermediate_size": 1536,
    "layer_norm_eps": 1e-12, "max_position_embeddings": 512, "type_vocab_size": 8, "vocab_size": 30522, "pad_token_id": 0,
}
WINDOWS, LENGTH, TAGS = 12, 128, 9


def pytorch(steps: int, threads: int) -> float:
    torch.set_num_threads(threads)
    torch.manual_seed(1)
    model = Tagger(CONFIG, {"own": [str(i) for i in range(TAGS)]}, dropout=0.0)
    model.words.weight.requires_grad_(False)
    optimizer = torch.optim.AdamW([p for p in model.parameters() if p.requires_grad], lr=1e-4, fused=True)
    ids = torch.randint(0, CONFIG["vocab_size"], (WINDOWS, LENGTH))
    types, targets = torch.randint(0, 8, ids.shape), torch.randint(0, TAGS, ids.shape)
    began = 0.0
    for step in range(steps + 2):
        if step == 2:
            began = time.perf_counter()
        logits = model.logits(model.encode(ids, types), "own")
        loss = torch.nn.functional.cross_entropy(logits.flatten(0, 1), targets.flatten())
        loss.backward()
        torch.nn.utils.clip_grad_norm_([p for p in model.parameters() if p.requires_grad], 1.0)
        optimizer.step()
        optimizer.zero_grad()
    return steps * ids.numel() / (time.perf_counter() - began)


def allonym(program: str, gold: str, steps: int, threads: int) -> float:
    """By the times at which the program tells of its steps."""
    with tempfile.TemporaryDirectory() as folder:
        command = [program, "train", gold, "--epochs", "1", "--step-pieces", str(WINDOWS * LENGTH), "--threads", str(threads)]
        command += ["--log-format", "json", "-o", f"{folder}/model"]
        with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as run:
            for line in run.stderr:
                event = json.loads(line)
                if event["event"] == "progress" and event["step"] >= steps:
                    run.terminate()
                    run.stderr.read()
                    return event["pieces_per_second"]
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
        ours = allonym(args.program, args.gold, args.steps, args.threads)
        theirs = pytorch(args.steps, args.threads)
        ratios.append(ours / theirs)
        print(f"allonym {ours:.0f} pieces/s, PyTorch f32 {theirs:.0f} pieces/s, ratio {ratios[-1]:.2f}", flush=True)
    print(f"ratio: median {sorted(ratios)[len(ratios) // 2]:.2f}")


if __name__ == "__main__":
    main()
