"""Tags Arrow batches for engines that call Python once a batch. Shared by `allonym.spark` and `allonym.ray`."""

# pyright: basic, reportMissingImports=false

from __future__ import annotations

import importlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ._frames import arrow_schema
from ._tagger import Tagger

if TYPE_CHECKING:
    import pyarrow as pa

#: The columns that tagging adds, in this order.
ADDED = ("mentions", "entities", "error")

#: What is wrong with a program and not with a text.
_NOT_OF_A_DOCUMENT = (AttributeError, ImportError, NameError, TypeError)


def required(module: str, extra: str) -> Any:
    """A module that the extra `extra` installs, or an error that says so."""
    try:
        return importlib.import_module(module)
    except ImportError as error:
        raise ImportError(f"allonym.{extra} needs {module}: pip install 'allonym[{extra}]'") from error


def one_of_process(tagger: Tagger) -> Tagger:
    """The first tagger with these options in this process, so that each task does not start threads of its own."""
    return _TAGGERS.setdefault(tagger._options, tagger)


_TAGGERS: dict[tuple[Any, ...], Tagger] = {}


def with_threads(tagger: Tagger | None, threads: int) -> Tagger:
    """`tagger`, or the default one, with so many threads unless it says how many itself."""
    model, head, labels, own, min_score, link, language = (tagger or Tagger())._options
    return Tagger(model, head, labels, own or threads, min_score=min_score, link=link, language=language)


@dataclass(frozen=True)
class BatchTagger:
    """Adds `mentions`, `entities` and `error` to a batch. Cheap to pickle."""

    text: str
    id: str | None
    tagger: Tagger

    def load(self) -> Tagger:
        """The tagger, with its model. What is wrong with its options is an error here, and not that of a document."""
        return one_of_process(self.tagger).load()

    def schema(self, schema: pa.Schema) -> pa.Schema:
        """The columns of a tagged batch whose own columns are those of `schema`."""
        import pyarrow as pa

        return pa.schema([*schema, *arrow_schema(error=True)])

    def tag(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """The rows of `batch`, in order, with three more columns. A document that fails has the reason in `error`."""
        self.load()
        try:
            tagged = self.added(batch)
        except _NOT_OF_A_DOCUMENT:
            raise
        except Exception as error:
            if batch.num_rows <= 1:
                return self.failed(batch, f"{type(error).__name__}: {error}")
            import pyarrow as pa

            rows = pa.Table.from_batches([self.tag(batch.slice(row, 1)) for row in range(batch.num_rows)])
            return rows.combine_chunks().to_batches()[0]
        return self._beside(batch, tagged)

    def added(self, batch: pa.RecordBatch) -> pa.Table:
        """The columns that tagging adds."""
        import pyarrow as pa

        tagged = self.load().tag_arrow(batch, text=self.text, id=self.id, on_error="return")
        return pa.table(tagged).select(list(ADDED))

    def _beside(self, batch: pa.RecordBatch, tagged: pa.Table) -> pa.RecordBatch:
        """`batch` with the columns of `tagged`. Engines go by position and type, so these are as promised, or an error."""
        import pyarrow as pa

        if tagged.num_rows != batch.num_rows:
            raise ValueError(f"a tagged batch: expected {batch.num_rows} rows, found {tagged.num_rows}")
        if tagged.schema != arrow_schema(error=True):
            raise TypeError(f"a tagged batch: expected {arrow_schema(error=True)}, found {tagged.schema}")
        columns = [*batch.columns, *(_only_chunk(column) for column in tagged.combine_chunks().columns)]
        return pa.RecordBatch.from_arrays(columns, schema=self.schema(batch.schema))

    def failed(self, batch: pa.RecordBatch, reason: str) -> pa.RecordBatch:
        """`batch` with `reason` as the error of each of its documents."""
        import pyarrow as pa

        mentions, entities, error = arrow_schema(error=True)
        nothing = [pa.nulls(batch.num_rows, field.type) for field in (mentions, entities)]
        columns = [*batch.columns, *nothing, pa.array([reason] * batch.num_rows, error.type)]
        return pa.RecordBatch.from_arrays(columns, schema=self.schema(batch.schema))


def _only_chunk(column: pa.ChunkedArray) -> pa.Array:
    import pyarrow as pa

    return column.chunk(0) if column.num_chunks == 1 else pa.array([], column.type)


def free_names(columns: list[str], text: str, id: str | None) -> None:
    """Raises ValueError unless `text` and `id` are columns and none of the columns to come is."""
    for name in (text, id):
        if name is not None and columns.count(name) != 1:
            there = ", ".join(columns)
            found = "no such column" if name not in columns else "several columns of that name"
            raise ValueError(f"column {name!r}: expected one of these columns: {there}; found {found}")
    for name in ADDED:
        if name.lower() in (column.lower() for column in columns):
            raise ValueError(f"column {name!r} is there already, and tagging adds one of that name: rename or drop it")


def bounded(batch: pa.RecordBatch, text: str, max_bytes: int) -> Iterator[pa.RecordBatch]:
    """Slices of `batch`, without a copy, of at most `max_bytes` of text each. A longer document is a slice of its own."""
    import pyarrow.compute as pc

    lengths = pc.binary_length(batch.column(text)).to_pylist()  # pyright: ignore[reportAttributeAccessIssue]
    start, size = 0, 0
    for row, length in enumerate(lengths):
        length = length or 0
        if row > start and size + length > max_bytes:
            yield batch.slice(start, row - start)
            start, size = row, 0
        size += length
    if start < batch.num_rows:
        yield batch.slice(start)
