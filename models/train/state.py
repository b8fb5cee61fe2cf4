"""The state of a training: written beside the last and renamed, so that an interruption leaves one of them whole."""

import shutil
from pathlib import Path

import torch
from torch import distributed as dist


def write(what: dict, path: Path) -> None:
    """Writes one file, whole or not at all."""
    beside = path.with_suffix(".new")
    torch.save(what, beside)
    beside.rename(path)


def save_state(state: dict, out: Path, rank: int, workers: int) -> None:
    """One file a worker in `out`/state; all workers call it at the same step."""
    new, now, old = out / "state.new", out / "state", out / "state.old"
    if rank == 0:
        shutil.rmtree(new, ignore_errors=True)
        new.mkdir()
    if workers > 1:
        dist.barrier()
    torch.save(state, new / f"{rank}.pt")
    if workers > 1:
        dist.barrier()
    if rank == 0:
        shutil.rmtree(old, ignore_errors=True)
        if now.exists():
            now.rename(old)
        new.rename(now)
        shutil.rmtree(old, ignore_errors=True)


def load_state(out: Path, rank: int) -> dict | None:
    """What was saved last, if anything; the network comes from the first worker's file."""
    folder = next((out / name for name in ("state", "state.old") if (out / name).exists()), None)
    if folder is None:
        return None
    state = torch.load(folder / f"{rank}.pt")
    if rank:
        first = torch.load(folder / "0.pt", mmap=True)
        state["parts"][:2] = first["parts"][:2]
    return state
