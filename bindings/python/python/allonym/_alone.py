"""Tags documents one by one in a process of their own: a document that kills it, or never ends, costs itself alone."""

# pyright: basic, reportMissingImports=false

from __future__ import annotations

import multiprocessing
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa

    from allonym._batches import BatchTagger


class Alone:
    """A child process with a tagger, started when it is first needed and again after each death."""

    def __init__(self, tagger: BatchTagger) -> None:
        self._tagger = tagger
        self._child: Any = None
        self._pipe: Connection | None = None

    def tag(self, document: pa.RecordBatch, seconds: float) -> pa.RecordBatch:
        """One document, tagged within `seconds`, or with the reason why not in its column `error`."""
        pipe = self._start() if self._pipe is None else self._pipe
        try:
            pipe.send(document)
            if not pipe.poll(seconds):
                self.close()
                return self._tagger.failed(document, f"not tagged within {seconds:g} s")
            tagged: pa.RecordBatch = pipe.recv()
            return tagged
        except (EOFError, OSError):
            how = self._ending()
            self.close()
            return self._tagger.failed(document, f"the process that tagged it {how}")

    def close(self) -> None:
        """Ends the child."""
        if self._child is not None:
            self._child.kill()
            self._child.join()
        if self._pipe is not None:
            self._pipe.close()
        self._child = self._pipe = None

    def _start(self) -> Connection:
        # Not by fork: what is around has threads, and may be what broke.
        spawn = multiprocessing.get_context("spawn")
        self._pipe, theirs = spawn.Pipe()
        self._child = spawn.Process(target=_serve, args=(theirs, self._tagger), daemon=True)
        self._child.start()
        theirs.close()
        try:
            failure = self._pipe.recv()
        except EOFError:
            how = self._ending()
            self.close()
            raise RuntimeError(f"a process to tag documents one by one {how} before it had the model") from None
        if failure is not None:
            self.close()
            raise failure
        return self._pipe

    def _ending(self) -> str:
        self._child.join(10)
        code = self._child.exitcode
        if code is None:
            return "closed its pipe"
        return f"was ended by signal {-code}" if code < 0 else f"ended with status {code}"


def _serve(pipe: Connection, tagger: BatchTagger) -> None:
    """What the child does: says that it is there, then tags what comes until nothing does."""
    try:
        tagger.load()
    except Exception as error:
        pipe.send(error)
        return
    pipe.send(None)
    while True:
        try:
            document = pipe.recv()
        except EOFError:
            return
        pipe.send(tagger.tag(document))
