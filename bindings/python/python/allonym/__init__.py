"""Finds the persons, organisations and places in English news, and links every spelling of a name to one entity: offline.

>>> import allonym
>>> doc = allonym.Tagger().tag("Abbas Araghchi met IAEA chief Rafael Grossi in Cairo.")
>>> for mention in doc.mentions:
...     print(mention.start, mention.end, mention.label, mention.text)
0 14 PER Abbas Araghchi
19 23 ORG IAEA
30 43 PER Rafael Grossi
47 52 LOC Cairo
"""

from . import _fork as _fork
from ._allonym import Doc, __version__
from ._docs import Docs, read, scan, write
from ._errors import (
    AllonymError,
    DocumentError,
    FileError,
    InputError,
    MissingFileError,
    ModelError,
    ModelNotFoundError,
)
from ._frames import Table, arrow_schema
from ._linking import Linked, link
from ._names import compare
from ._scoring import Report, Score, score
from ._tagger import Tagger
from ._types import Entity, Mention, NamePair

__all__ = [
    "AllonymError",
    "Doc",
    "Docs",
    "DocumentError",
    "Entity",
    "FileError",
    "InputError",
    "Linked",
    "Mention",
    "MissingFileError",
    "ModelError",
    "ModelNotFoundError",
    "NamePair",
    "Report",
    "Score",
    "Table",
    "Tagger",
    "__version__",
    "arrow_schema",
    "compare",
    "link",
    "read",
    "scan",
    "score",
    "write",
]
