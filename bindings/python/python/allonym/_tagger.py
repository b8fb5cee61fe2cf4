"""Taggers."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sized
from typing import TYPE_CHECKING, Any, Literal, TypeVar, overload

from . import _allonym, _progress
from ._errors import AllonymError, InputError, skipped

if TYPE_CHECKING:
    from ._allonym import Doc
    from ._frames import Table

__all__ = ["OnError", "Tagger"]

OnError = Literal["raise", "skip", "return"]
"""What to do about a document that cannot be read or tagged: raise an error, skip it with a warning, or return the error in its place."""

C = TypeVar("C")

AHEAD = 4096
"""The most documents that are read ahead of those that came out."""


def check_on_error(on_error: str) -> None:
    """Refuses all but the three ways."""
    if on_error not in ("raise", "skip", "return"):
        raise InputError(f"expected on_error to be raise, skip or return, found {on_error!r}")


class Tagger:
    """Finds the persons, organisations and places in texts, and links the spellings of each name within a document.

    The model is loaded at the first use, once for all taggers of a process. A tagger is safe to use from many threads, after a fork,
    and in other processes: it is pickled as its options.

    >>> import allonym
    >>> tagger = allonym.Tagger()
    >>> doc = tagger.tag("Abbas Araghchi landed in Muscat. Araqchi met Omani officials.")
    >>> [(m.text, m.label, m.entity) for m in doc.mentions]
    [('Abbas Araghchi', 'PER', 'e1'), ('Muscat', 'LOC', 'e2'), ('Araqchi', 'PER', 'e1'), ('Omani', 'MISC', 'e3')]

    :param model: the name of a model or a folder with one in the Hugging Face layout; by default the model inside of the package.
    :param language: the language of the texts, which chooses the model in place of ``model``: a tag, such as ``"fa"``, takes the first model
        that is here for it; ``"auto"`` gives English texts, and those that are too short to tell, to the model inside of the package, and all
        others to one for other languages, such as ``news-multi``. Models are looked for in the folder that the environment variable
        ``ALLONYM_MODELS`` names.
    :param head: the annotation guideline to follow, such as ``clean``, ``conll`` or ``worldwide``; by default the model's first.
    :param labels: the labels to keep, such as ``["PER", "ORG"]``; by default all.
    :param threads: the number of threads; by default ``ALLONYM_THREADS`` or ``RAYON_NUM_THREADS`` of the environment, else one for
        each processor that the process may use.
    :param min_score: mentions with a lower score, from 0 to 1, are left out.
    :param link: whether mentions are linked to entities.
    """

    __slots__ = ("__weakref__", "_engine", "_options")

    def __init__(
        self,
        model: str | os.PathLike[str] | None = None,
        head: str | None = None,
        labels: Iterable[str] | None = None,
        threads: int | None = None,
        *,
        min_score: float = 0.0,
        link: bool = True,
        language: str | None = None,
    ) -> None:
        if threads is not None and threads < 1:
            raise InputError(f"expected at least 1 thread, found {threads}")
        if isinstance(labels, str):
            raise InputError(f"expected a list of labels, found the str {labels!r}")
        name = None if model is None else os.fspath(model)
        kept = None if labels is None else tuple(labels)
        self._options = (name, head, kept, threads, float(min_score), bool(link), language)
        self._engine = _allonym.Engine((name, language), head, None if kept is None else list(kept), threads or 0, min_score, link)

    def __reduce__(self) -> tuple[Any, ...]:
        return (_tagger, self._options)

    def __repr__(self) -> str:
        names = ("model", "head", "labels", "threads", "min_score", "link", "language")
        defaults = (None, None, None, None, 0.0, True, None)
        shown = [f"{name}={value!r}" for name, value, default in zip(names, self._options, defaults) if value != default]
        return f"Tagger({', '.join(shown)})"

    @property
    def labels(self) -> list[str]:
        """The labels that mentions can have."""
        return self._engine.labels

    @property
    def heads(self) -> list[str]:
        """The heads of the model, the default one first; with ``language="auto"``, of the one for English."""
        return self._engine.heads

    @property
    def threads(self) -> int:
        """The number of threads."""
        return self._engine.threads

    def load(self) -> Tagger:
        """Loads the model or models now, and not at the first text. Returns the tagger."""
        self._engine.load()
        return self

    def tag(self, text: str, *, id: str = "") -> Doc:
        """Tags a text of any length.

        >>> import allonym
        >>> allonym.Tagger(labels=["LOC"]).tag("Maria Lopez flew from Geneva to Islamabad.")
        <Doc "Maria Lopez flew from Geneva to Islamabad.", 2 mentions, 2 entities>
        """
        return self._engine.tag(text, id)

    @overload
    def pipe(
        self,
        texts: Iterable[tuple[Any, C]],
        *,
        as_tuples: Literal[True],
        on_error: Literal["raise", "skip"] = "raise",
        batch_size: int | None = None,
        progress: bool = False,
        text: str = "text",
        id: str = "id",
    ) -> Iterator[tuple[Doc, C]]: ...
    @overload
    def pipe(
        self,
        texts: Iterable[tuple[Any, C]],
        *,
        as_tuples: Literal[True],
        on_error: Literal["return"],
        batch_size: int | None = None,
        progress: bool = False,
        text: str = "text",
        id: str = "id",
    ) -> Iterator[tuple[Doc | AllonymError, C]]: ...
    @overload
    def pipe(
        self,
        texts: Iterable[Any],
        *,
        as_tuples: Literal[False] = False,
        on_error: Literal["raise", "skip"] = "raise",
        batch_size: int | None = None,
        progress: bool = False,
        text: str = "text",
        id: str = "id",
    ) -> Iterator[Doc]: ...
    @overload
    def pipe(
        self,
        texts: Iterable[Any],
        *,
        as_tuples: Literal[False] = False,
        on_error: Literal["return"],
        batch_size: int | None = None,
        progress: bool = False,
        text: str = "text",
        id: str = "id",
    ) -> Iterator[Doc | AllonymError]: ...
    def pipe(
        self,
        texts: Iterable[Any],
        *,
        as_tuples: bool = False,
        on_error: OnError = "raise",
        batch_size: int | None = None,
        progress: bool = False,
        text: str = "text",
        id: str = "id",
    ) -> Iterator[Any]:
        """Tags many texts, in order and in bounded memory, on all threads: much faster than one by one.

        A text is a ``str``, a ``dict`` with a text (its other values become ``Doc.fields``), a `Doc`, or a pair of one of these with
        anything that you want back as ``Doc.context``.

        >>> import allonym
        >>> rows = [{"id": 7, "text": "Rain in Beirut.", "paper": "The Daily"}, {"id": 8, "text": "Fog in Oslo."}]
        >>> for doc in allonym.Tagger().pipe(rows):
        ...     print(doc.id, doc.fields, [m.text for m in doc.mentions])
        7 {'paper': 'The Daily'} ['Beirut']
        8 {} ['Oslo']

        >>> for doc, n in allonym.Tagger().pipe([("Rain in Beirut.", 1), ("Fog in Oslo.", 2)], as_tuples=True):
        ...     print(n, doc.mentions[0].text)
        1 Beirut
        2 Oslo

        :param as_tuples: yield pairs of a `Doc` and its context.
        :param on_error: what to do about a text that cannot be read or tagged: raise a `DocumentError`, once all before it came out;
            ``"skip"`` it, which the logger ``allonym`` tells; or ``"return"`` the error in its place.
        :param batch_size: the most documents that are read ahead of those that came out; memory is bounded by bytes as well.
        :param progress: show progress on stderr.
        :param text: the key of the text in a ``dict``.
        :param id: the key of the id in a ``dict``. A text without an id gets its place in the input, from 0.
        """
        check_on_error(on_error)
        if batch_size is not None and batch_size < 1:
            raise InputError(f"expected a batch_size of at least 1, found {batch_size}")
        if isinstance(texts, (str, bytes)):
            raise InputError("expected many texts, found one: use tag, or put it into a list")
        total = len(texts) if progress and isinstance(texts, Sized) else None
        pairs = self._engine.pipe(texts, text=text, id=id, batch_size=batch_size or AHEAD)
        results = _results(pairs, as_tuples, on_error)
        return _progress.shown(results, total) if progress else results

    def tag_arrow(
        self,
        data: Any,
        *,
        text: str = "text",
        id: str | None = None,
        explode: bool = False,
        on_error: OnError = "raise",
        lazy: bool = False,
    ) -> Table:
        """Tags the texts of a table: of pyarrow, polars, pandas, DuckDB, or anything that has Arrow's C interface.

        The table that comes back has all columns of yours, then ``mentions`` and ``entities``, which are lists of structs. It goes into
        any of these libraries again.

        >>> import allonym, pyarrow as pa
        >>> table = pa.table({"url": ["a", "b"], "text": ["Rain in Beirut.", None]})
        >>> tagged = allonym.Tagger().tag_arrow(table)
        >>> tagged.column_names
        ['url', 'text', 'mentions', 'entities']
        >>> pa.table(tagged)["mentions"].to_pylist()[1] is None
        True
        >>> rows = allonym.Tagger().tag_arrow(table, explode=True)
        >>> pa.table(rows).select(["url", "mention_text", "mention_label"]).to_pylist()
        [{'url': 'a', 'mention_text': 'Beirut', 'mention_label': 'LOC'}]

        :param text: the name of the column of texts. A text that is null has mentions that are null.
        :param id: the name of a column that errors tell rows by.
        :param explode: a row for each mention, with columns ``mention_start``, ``mention_end``, ``mention_text``, ``mention_label``,
            ``mention_score``, ``mention_entity`` and ``mention_name`` (that of the entity). A text without mentions has no row.
        :param on_error: ``"return"`` adds a last column ``error``, and rows that cannot be tagged come out with it; ``"skip"`` leaves
            them out, and the logger ``allonym`` tells.
        :param lazy: tag when the result is read, which can be done once, in memory that does not grow with the table.
        """
        from ._frames import Table, exported

        check_on_error(on_error)
        return Table(self._engine.tag_arrow(exported(data), text=text, id=id, explode=explode, on_error=on_error, lazy=lazy))

    def tag_frame(
        self,
        frame: Any,
        *,
        text: str = "text",
        id: str | None = None,
        explode: bool = False,
        on_error: OnError = "raise",
    ) -> Any:
        """Tags the texts of a data frame, as `tag_arrow` does, and returns one of the same library: pandas, polars or pyarrow. A
        relation of DuckDB becomes a table of pyarrow.

        >>> import allonym, pandas as pd
        >>> df = pd.DataFrame({"text": ["Rain in Beirut.", "Fog in Oslo."]}, index=[10, 20])
        >>> allonym.Tagger().tag_frame(df, explode=True)[["mention_text", "mention_label"]]
           mention_text mention_label
        10       Beirut           LOC
        20         Oslo           LOC
        """
        from ._frames import like

        return like(frame, self.tag_arrow(frame, text=text, id=id, explode=explode, on_error=on_error))


def _tagger(*options: Any) -> Tagger:
    model, head, labels, threads, min_score, link, language = options
    return Tagger(model, head, labels, threads, min_score=min_score, link=link, language=language)


def _results(pairs: Iterator[tuple[Any, Any]], as_tuples: bool, on_error: str) -> Iterator[Any]:
    for result, context in pairs:
        if isinstance(result, AllonymError):
            if on_error == "raise":
                raise result
            if on_error == "skip":
                skipped(result)
                continue
        yield (result, context) if as_tuples else result
