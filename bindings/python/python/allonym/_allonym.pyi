"""The extension module, in Rust. All of it but `Doc` is for the other files of this package."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, final

from ._errors import AllonymError
from ._types import Entity, Mention

__version__: str

@final
class Doc:
    """A text with its mentions and entities. It does not change.

    >>> import allonym
    >>> doc = allonym.Doc("Rain in Beirut", [(8, 14, "LOC")])
    >>> doc.mentions
    (Mention(start=8, end=14, text='Beirut', label='LOC', score=None, entity=None),)
    """

    def __new__(
        cls,
        text: str,
        mentions: Iterable[Mention | tuple[int, int, str] | tuple[int, int, str, float] | Mapping[str, Any]] | None = None,
        *,
        id: str | int | None = None,
        entities: Iterable[Entity | Mapping[str, Any]] | None = None,
        fields: Mapping[str, Any] | None = None,
        context: Any = None,
    ) -> Doc: ...
    @property
    def text(self) -> str:
        """The text, as it was given."""
    @property
    def id(self) -> str:
        """Its id; empty if it has none."""
    @property
    def mentions(self) -> tuple[Mention, ...]:
        """The mentions: those that allonym finds are in order, and do not overlap."""
    @property
    def entities(self) -> tuple[Entity, ...]:
        """The entities that the mentions refer to, in the order of their first mention."""
    @property
    def linked(self) -> bool:
        """Whether the document was linked, so that a lack of entities means that it has none."""
    @property
    def fields(self) -> dict[str, Any]:
        """All else that the document came with, in a new dict each time."""
    @property
    def context(self) -> Any:
        """What was given beside the text to `Tagger.pipe`; ``None`` if nothing was. It is not written into files."""
    def to_dict(self) -> dict[str, Any]:
        """The document as ``allonym tag`` writes it.

        >>> import allonym
        >>> allonym.Doc("Rain in Beirut", [(8, 14, "LOC")]).to_dict()["mentions"]
        [{'start': 8, 'end': 14, 'text': 'Beirut', 'label': 'LOC'}]
        """
    def to_jsonl(self) -> str:
        """The document as a line of JSONL, without the line end."""
    def to_html(self, *, title: str | None = None) -> str:
        """The page that ``allonym tag --to html`` writes."""
    @staticmethod
    def from_dict(document: Mapping[str, Any]) -> Doc:
        """The document of a dict in the form of `to_dict`; only ``text`` is required."""
    @staticmethod
    def from_jsonl(line: str) -> Doc:
        """The document of a line of JSONL."""
    def _repr_html_(self) -> str: ...
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

@final
class Engine:
    def __new__(
        cls,
        chosen: tuple[str | None, str | None],
        head: str | None,
        labels: list[str] | None,
        threads: int,
        min_score: float,
        link: bool,
    ) -> Engine: ...
    def load(self) -> None: ...
    @property
    def threads(self) -> int: ...
    @property
    def labels(self) -> list[str]: ...
    @property
    def heads(self) -> list[str]: ...
    def tag(self, text: str, id: str) -> Doc: ...
    def pipe(self, items: Iterable[Any], *, text: str, id: str, batch_size: int) -> Pipe: ...
    def tag_arrow(
        self, data: Any, *, text: str, id: str | None, explode: bool, on_error: str, lazy: bool
    ) -> ArrowTable: ...

@final
class Pipe(Iterator[tuple[Doc | AllonymError, Any]]):
    def __iter__(self) -> Pipe: ...
    def __next__(self) -> tuple[Doc | AllonymError, Any]: ...

@final
class ArrowTable:
    def __arrow_c_stream__(self, requested_schema: object = None) -> object: ...
    def __arrow_c_schema__(self) -> object: ...
    @property
    def column_names(self) -> list[str]: ...
    @property
    def num_rows(self) -> int | None: ...

@final
class Reader(Iterator[Doc | AllonymError]):
    def __new__(cls, paths: list[str], *, format: str | None, text: str, id: str) -> Reader: ...
    def __iter__(self) -> Reader: ...
    def __next__(self) -> Doc | AllonymError: ...
    def notices(self) -> list[str]: ...

@final
class Links:
    def entities(self) -> tuple[Entity, ...]: ...
    def explain(self, id: str) -> str | None: ...
    def explanations(self) -> dict[str, str]: ...

@final
class Scored:
    def json(self) -> str: ...
    def text(self) -> str: ...
    def brief(self) -> str: ...
    def markdown(self) -> str: ...
    def html(self) -> str: ...

def arrow_schema(*, explode: bool, error: bool) -> ArrowTable: ...
def compare(first: str, second: str) -> tuple[float, float, list[str]]: ...
def formats() -> list[str]: ...
def link(
    docs: list[Doc],
    *,
    aliases: Path | str | None,
    kb: Path | str | None,
    never: list[tuple[str, str]],
    same: list[tuple[str, str]],
    threshold: float | None,
    threads: int,
    within: bool,
) -> tuple[list[Doc], Links | None]: ...
def page(docs: Iterator[Doc], *, title: str | None) -> str: ...
def run(args: list[str]) -> int: ...
def score(
    gold: list[Doc] | str,
    systems: list[tuple[str, list[Doc] | str]],
    *,
    labels: list[str] | None,
    label_map: list[tuple[str, str]],
    missing: bool,
    scheme: str,
    strict: bool,
    samples: int,
    threads: int,
) -> Scored: ...
def write(
    docs: Iterator[Doc], path: str, *, format: str | None, title: str | None, fields: list[str]
) -> tuple[int, list[str]]: ...
