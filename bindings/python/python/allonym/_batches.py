"""Tags Arrow batches for engines that call Python once a batch. Shared by `allonym.spark` and `allonym.ray`."""

from __future__ import annotations

import importlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa

    from allonym import Tagger

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


@dataclass(frozen=True)
class Settings:
    """Which tagger a worker has. Workers get this and load the model themselves, once a process."""

    model: str | None = None
    head: str | None = None
    labels: tuple[str, ...] | None = None
    threads: int | None = None

    @classmethod
    def of(cls, model: Any, head: str | None, labels: Any, threads: int | None) -> Settings:
        if isinstance(labels, str):
            raise TypeError(f"labels: expected a list such as ['PER', 'ORG'], found the string {labels!r}")
        if threads is not None and threads < 1:
            raise ValueError(f"threads: expected 1 or more, found {threads}")
        return cls(None if model is None else os.fspath(model), head, None if labels is None else tuple(labels), threads)

    def tagger(self) -> Tagger:
        """The tagger of this process with these settings; loads it if this is the first call."""
        if self not in _TAGGERS:
            from allonym import Tagger

            labels = None if self.labels is None else list(self.labels)
            _TAGGERS[self] = Tagger(model=self.model, head=self.head, labels=labels, threads=self.threads)
        return _TAGGERS[self]


_TAGGERS: dict[Settings, Tagger] = {}


@dataclass(frozen=True)
class BatchTagger:
    """Adds `mentions`, `entities` and `error` to a batch. Cheap to pickle."""

    text: str
    id: str | None
    settings: Settings

    def load(self) -> Tagger:
        """The tagger of this process. What is wrong with the settings is an error here, and not that of a document."""
        return self.settings.tagger()

    def schema(self, schema: pa.Schema) -> pa.Schema:
        """The columns of a tagged batch whose own columns are those of `schema`."""
        import pyarrow as pa

        return pa.schema([*schema, *added_fields()])

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
        whole = tagged.cast(pa.schema(added_fields())).combine_chunks()
        columns = [*batch.columns, *(_only_chunk(column) for column in whole.columns)]
        return pa.RecordBatch.from_arrays(columns, schema=self.schema(batch.schema))

    def failed(self, batch: pa.RecordBatch, reason: str) -> pa.RecordBatch:
        """`batch` with `reason` as the error of each of its documents."""
        import pyarrow as pa

        mentions, entities, error = added_fields()
        columns = [
            pa.nulls(batch.num_rows, mentions.type),
            pa.nulls(batch.num_rows, entities.type),
            pa.array([reason] * batch.num_rows, error.type),
        ]
        return pa.RecordBatch.from_arrays([*batch.columns, *columns], schema=self.schema(batch.schema))


def _only_chunk(column: pa.ChunkedArray) -> pa.Array:
    import pyarrow as pa

    return column.chunk(0) if column.num_chunks == 1 else pa.array([], column.type)


def added_fields() -> list[pa.Field]:
    """The fields that tagging adds, as Arrow has them."""
    import pyarrow as pa

    mention = pa.struct(
        [
            ("start", pa.int64()),
            ("end", pa.int64()),
            ("text", pa.string()),
            ("label", pa.string()),
            ("score", pa.float32()),
            ("entity", pa.string()),
        ]
    )
    entity = pa.struct(
        [
            ("id", pa.string()),
            ("name", pa.string()),
            ("label", pa.string()),
            ("aliases", pa.list_(pa.string())),
            ("kb", pa.list_(pa.struct([("base", pa.string()), ("id", pa.string())]))),
            ("mentions", pa.int64()),
        ]
    )
    return [
        pa.field("mentions", pa.list_(mention)),
        pa.field("entities", pa.list_(entity)),
        pa.field("error", pa.string()),
    ]


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

    lengths = pc.binary_length(batch.column(text)).to_pylist()
    start, size = 0, 0
    for row, length in enumerate(lengths):
        length = length or 0
        if row > start and size + length > max_bytes:
            yield batch.slice(start, row - start)
            start, size = row, 0
        size += length
    if start < batch.num_rows:
        yield batch.slice(start)
