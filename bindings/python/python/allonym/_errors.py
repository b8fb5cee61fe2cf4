"""What can go wrong."""

from __future__ import annotations

__all__ = [
    "AllonymError",
    "DocumentError",
    "FileError",
    "InputError",
    "MissingFileError",
    "ModelError",
    "ModelNotFoundError",
]


class AllonymError(Exception):
    """The base of all errors of allonym."""


class InputError(AllonymError, ValueError):
    """An argument or a document is not what it has to be. The message says what was expected and what was found."""


class DocumentError(InputError):
    """One document of many cannot be read or tagged; all others can.

    >>> import allonym
    >>> for doc in allonym.Tagger().pipe(["Rain in Beirut.", None], on_error="return"):
    ...     print(doc)
    <Doc id="0", "Rain in Beirut.", 1 mention, 1 entity>
    document 1: expected a text: a str, a dict with "text", or a Doc, found NoneType
    """

    index: int
    """Its place in the input, from 0."""
    id: str | None
    """Its id, if it has one."""

    def __init__(self, message: str, *, index: int = 0, id: str | None = None) -> None:
        super().__init__(message)
        self.index = index
        self.id = id

    def __str__(self) -> str:
        name = f"document {self.index}" if self.id is None or self.id == str(self.index) else f"document {self.index} (id {self.id!r})"
        return f"{name}: {super().__str__()}"

    def __reduce__(self) -> tuple[object, ...]:
        return (_document_error, (self.args[0], self.index, self.id))


def _document_error(message: str, index: int, id: str | None) -> DocumentError:
    return DocumentError(message, index=index, id=id)


class FileError(AllonymError, OSError):
    """The system cannot read or write a file."""


class MissingFileError(FileError, FileNotFoundError):
    """A file or folder is not there."""


class ModelError(AllonymError, ValueError):
    """A model cannot be used, or fails."""


class ModelNotFoundError(ModelError, FileNotFoundError):
    """There is no model of this name, and no folder either."""


def skipped(message: object) -> None:
    """Tells of a document that ``on_error="skip"`` leaves out."""
    import logging

    logging.getLogger("allonym").warning("skipped %s", message)
