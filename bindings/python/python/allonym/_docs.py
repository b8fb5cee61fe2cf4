"""Documents in files."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterable, Iterator
from typing import Any, Literal, TypeVar, cast, overload

from . import _allonym
from ._allonym import Doc
from ._errors import AllonymError, InputError, skipped
from ._html import framed
from ._tagger import OnError, check_on_error

__all__ = ["Docs", "read", "scan", "write"]

StrPath = str | os.PathLike[str]
D = TypeVar("D")


class Docs(list[D]):
    """A list of documents, which can be written and shown."""

    __slots__ = ()

    def write(self, path: StrPath, format: str | None = None, *, title: str | None = None, fields: Iterable[str] = ()) -> None:
        """Writes the documents into a file; see `write`."""
        write(cast("list[Doc]", self), path, format, title=title, fields=fields)

    def _repr_html_(self) -> str:
        docs = [doc for doc in self if isinstance(doc, Doc)]
        return framed(page(docs), 30)


def page(docs: Iterable[Doc], title: str | None = None) -> str:
    """The page that ``--to html`` writes."""
    return _allonym.page(iter(docs), title=title)


@overload
def scan(
    path: StrPath | Iterable[StrPath],
    format: str | None = None,
    *,
    on_error: Literal["raise", "skip"] = "raise",
    text: str = "text",
    id: str = "id",
) -> Iterator[Doc]: ...
@overload
def scan(
    path: StrPath | Iterable[StrPath],
    format: str | None = None,
    *,
    on_error: Literal["return"],
    text: str = "text",
    id: str = "id",
) -> Iterator[Doc | AllonymError]: ...
def scan(
    path: StrPath | Iterable[StrPath],
    format: str | None = None,
    *,
    on_error: OnError = "raise",
    text: str = "text",
    id: str = "id",
) -> Iterator[Any]:
    """Reads documents one by one, in memory that does not grow with their number. All else is as in `read`.

    >>> import allonym
    >>> sum(len(doc.text) for doc in allonym.scan("eval/articles")) > 1000
    True
    """
    check_on_error(on_error)
    paths: list[StrPath] = [path] if isinstance(path, (str, os.PathLike)) else list(path)
    reader = _allonym.Reader([os.fspath(one) for one in paths], format=format, text=text, id=id)
    return _scanned(reader, on_error)


def _scanned(reader: _allonym.Reader, on_error: str) -> Iterator[Any]:
    logger = logging.getLogger("allonym")
    for result in reader:
        for notice in reader.notices():
            logger.info("%s", notice)
        if isinstance(result, AllonymError):
            if on_error == "raise":
                raise result
            if on_error == "skip":
                skipped(result)
                continue
        yield result
    for notice in reader.notices():
        logger.info("%s", notice)


@overload
def read(
    path: StrPath | Iterable[StrPath],
    format: str | None = None,
    *,
    on_error: Literal["raise", "skip"] = "raise",
    text: str = "text",
    id: str = "id",
) -> Docs[Doc]: ...
@overload
def read(
    path: StrPath | Iterable[StrPath],
    format: str | None = None,
    *,
    on_error: Literal["return"],
    text: str = "text",
    id: str = "id",
) -> Docs[Doc | AllonymError]: ...
def read(
    path: StrPath | Iterable[StrPath],
    format: str | None = None,
    *,
    on_error: OnError = "raise",
    text: str = "text",
    id: str = "id",
) -> Docs[Any]:
    """Reads documents: a file, a folder, a pattern such as ``news/**/*.txt``, or several of these, compressed or not.

    >>> import allonym
    >>> docs = allonym.read("eval/gold")
    >>> len(docs), docs[0].mentions[0].label in {"PER", "ORG", "LOC"}
    (42, True)

    :param format: ``text``, ``jsonl``, ``conll``, ``brat``, ``html``, ``csv``, ``spacy``, ``doccano``, ``prodigy``, ``label-studio``
        or ``hf``; by default each file is recognised by its name and content.
    :param on_error: what to do about a document that cannot be read: raise an error, ``"skip"`` it, which the logger ``allonym``
        tells, or ``"return"`` the error in its place. What users should know beside that, it logs as information.
    :param text: the field of the text, of JSONL and tables.
    :param id: the field of the id.
    """
    return Docs(scan(path, format, on_error=cast("Any", on_error), text=text, id=id))


def write(
    docs: Iterable[Doc] | Doc,
    path: StrPath,
    format: str | None = None,
    *,
    title: str | None = None,
    fields: Iterable[str] = (),
) -> int:
    """Writes documents into a file, which is put into its place when it is whole. Returns their number.

    >>> import allonym, tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     doc = allonym.Tagger().tag("Rain in Beirut.", id="a")
    ...     n = allonym.write([doc], f"{folder}/tagged.jsonl.gz")
    ...     allonym.read(f"{folder}/tagged.jsonl.gz") == [doc]
    True

    :param docs: documents, also those of a generator, which need not fit into memory.
    :param path: a file, compressed where its name ends in ``.gz`` or ``.zst``; a folder for brat.
    :param format: ``jsonl``, ``conll``, ``brat``, ``html``, ``tsv``, ``csv``, ``spacy``, ``doccano``, ``prodigy``, ``label-studio`` or
        ``hf``; by default what the name says.
    :param title: the heading of a page.
    :param fields: fields of the documents that become columns of a table.
    """
    if isinstance(fields, str):
        raise InputError(f"expected a list of fields, found the str {fields!r}")
    many: Iterable[Doc] = [docs] if isinstance(docs, Doc) else docs
    n, notices = _allonym.write(iter(many), os.fspath(path), format=format, title=title, fields=list(fields))
    logger = logging.getLogger("allonym")
    for notice in notices:
        logger.warning("%s", notice)
    return n
