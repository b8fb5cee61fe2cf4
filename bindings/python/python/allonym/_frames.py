"""Tables of other libraries."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from . import _allonym
from ._errors import InputError

if TYPE_CHECKING:
    import pandas
    import polars
    import pyarrow

__all__ = ["Table", "arrow_schema"]


class Table:
    """A tagged table, which every library that knows Arrow's C interface reads: ``pyarrow.table(t)``, ``polars.DataFrame(t)``,
    ``pandas.DataFrame.from_arrow(t)``, ``duckdb.from_arrow(t.to_arrow())``.

    >>> import allonym, polars as pl
    >>> tagged = allonym.Tagger().tag_arrow(pl.DataFrame({"text": ["Rain in Beirut."]}))
    >>> pl.DataFrame(tagged)["mentions"].list.len().to_list()
    [1]
    """

    __slots__ = ("_table",)

    def __init__(self, table: _allonym.ArrowTable) -> None:
        self._table = table

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self._table.__arrow_c_stream__(requested_schema)

    def __arrow_c_schema__(self) -> object:
        return self._table.__arrow_c_schema__()

    @property
    def column_names(self) -> list[str]:
        """The names of its columns."""
        return self._table.column_names

    @property
    def num_rows(self) -> int | None:
        """The number of its rows; ``None`` if it is lazy."""
        return self._table.num_rows

    def __len__(self) -> int:
        n_rows = self.num_rows
        if n_rows is None:
            raise TypeError("a lazy table has no length before it is read")
        return n_rows

    def __repr__(self) -> str:
        n_rows = self.num_rows
        rows = "lazy" if n_rows is None else f"{n_rows:,} {'row' if n_rows == 1 else 'rows'}"
        return f"<Table {rows}: {', '.join(self.column_names)}>"

    def _repr_html_(self) -> str | None:
        if self.num_rows is None:
            return None
        try:
            shown: str | None = self.to_pandas()._repr_html_()
        except ImportError:
            return None
        return shown

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickled as Arrow's stream format, which pyarrow writes."""
        return (_restore, (self.to_arrow(),))

    def to_arrow(self) -> pyarrow.Table:
        """The table as one of pyarrow."""
        import pyarrow

        return pyarrow.table(self)

    def to_batches(self) -> Iterator[pyarrow.RecordBatch]:
        """The batches, one by one: of a lazy table, as they are tagged."""
        import pyarrow

        yield from pyarrow.RecordBatchReader.from_stream(self)

    def to_pandas(self) -> pandas.DataFrame:
        """The table as a data frame of pandas, with the index that it came with."""
        return self.to_arrow().to_pandas()

    def to_polars(self) -> polars.DataFrame:
        """The table as a data frame of polars."""
        import polars

        return polars.DataFrame(self)


def _restore(table: Any) -> Any:
    return table


def exported(data: Any) -> Any:
    """Data that has Arrow's C interface."""
    if hasattr(data, "__arrow_c_stream__") or hasattr(data, "__arrow_c_array__"):
        return data
    # Relations of DuckDB before 1.4, and lazy frames of polars.
    for method in ("to_arrow_table", "collect"):
        if hasattr(data, method):
            return exported(getattr(data, method)())
    return data


def like(frame: Any, table: Table) -> Any:
    """A table in the library of a frame."""
    library = type(frame).__module__.partition(".")[0]
    if library == "pandas":
        return table.to_pandas()
    if library == "polars":
        return table.to_polars()
    if library in ("pyarrow", "duckdb", "_duckdb"):
        return table.to_arrow()
    raise InputError(f"expected a frame of pandas, polars, pyarrow or DuckDB, found {type(frame).__qualname__}: use tag_arrow")


def arrow_schema(*, explode: bool = False, error: bool = False) -> pyarrow.Schema:
    """The columns that `Tagger.tag_arrow` adds to a table, as a schema of pyarrow. No model is loaded.

    >>> import allonym
    >>> allonym.arrow_schema(error=True).names
    ['mentions', 'entities', 'error']

    :param explode: those of a table with a row for each mention.
    :param error: with the column of ``on_error="return"``.
    """
    import pyarrow

    return pyarrow.schema(_allonym.arrow_schema(explode=explode, error=error))
