"""Progress on stderr, when it is asked for."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from typing import TypeVar

T = TypeVar("T")


def shown(items: Iterator[T], total: int | None) -> Iterator[T]:
    """The items, counted on stderr as they pass: by tqdm where it is installed, else by a line of ours."""
    try:
        from tqdm.auto import tqdm
    except ImportError:
        return _counted(items, total)
    bar: Iterator[T] = iter(tqdm(items, total=total, unit=" documents"))
    return bar


def _counted(items: Iterator[T], total: int | None) -> Iterator[T]:
    began = last = time.monotonic()
    n = 0
    of = "" if total is None else f" of {total:,}"
    try:
        for item in items:
            yield item
            n += 1
            now = time.monotonic()
            if now - last >= 0.5:
                last = now
                print(f"\r{n:,}{of} documents, {n / (now - began):,.0f} a second", end="", file=sys.stderr, flush=True)
    finally:
        print(f"\r{n:,}{of} documents in {time.monotonic() - began:,.1f} s", file=sys.stderr, flush=True)
