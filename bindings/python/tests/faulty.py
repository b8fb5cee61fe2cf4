"""Taggers that break on some documents, for tests of `allonym.spark`. A module of its own, since workers import it."""

from __future__ import annotations

import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from allonym._batches import BatchTagger
from allonym.spark import _Work

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True)
class Fault:
    """What happens when a document has `word` in it: once if `marker` is a file that can be made, else each time."""

    word: str
    kind: str
    marker: str | None = None
    #: Each process that tags writes its id into a file here.
    processes: str | None = None

    def happens(self) -> bool:
        if self.marker is None:
            return True
        try:
            os.close(os.open(self.marker, os.O_CREAT | os.O_EXCL))
        except FileExistsError:
            return False
        return True

    def strike(self) -> None:
        if self.kind == "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        elif self.kind == "hang":
            time.sleep(600)
        elif self.kind == "fail":
            raise RuntimeError("no name for this")


@dataclass(frozen=True)
class FaultyTagger(BatchTagger):
    fault: Fault | None = None

    def added(self, batch: pa.RecordBatch) -> pa.Table:
        assert self.fault is not None
        if self.fault.processes is not None:
            (Path(self.fault.processes) / str(os.getpid())).touch()
        texts = batch.column(self.text).to_pylist()
        if any(text is not None and self.fault.word in text for text in texts) and self.fault.happens():
            self.fault.strike()
        return super().added(batch)


class FaultyWork(_Work):
    fault: Fault

    def batch_tagger(self, threads: int) -> BatchTagger:
        whole = super().batch_tagger(threads)
        return FaultyTagger(whole.text, whole.id, whole.tagger, self.fault)
