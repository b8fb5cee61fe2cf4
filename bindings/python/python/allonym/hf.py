"""What a pipeline of Hugging Face's transformers returns, for programs that were written for one.

>>> from allonym import hf
>>> ner = hf.pipeline("ner", aggregation_strategy="simple")
>>> [group | {"score": round(group["score"], 1)} for group in ner("Maria Lopez flew to Geneva.")]
[{'entity_group': 'PER', 'score': 1.0, 'word': 'Maria Lopez', 'start': 0, 'end': 11},
 {'entity_group': 'LOC', 'score': 1.0, 'word': 'Geneva', 'start': 20, 'end': 26}]
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, TypedDict, overload

from ._errors import InputError
from ._tagger import Tagger

if TYPE_CHECKING:
    from ._allonym import Doc

__all__ = ["Group", "TokenClassificationPipeline", "pipeline"]

_TASKS = ("ner", "token-classification")
_STRATEGIES = ("simple", "first", "average", "max")


class Group(TypedDict):
    """A mention, as a pipeline with an ``aggregation_strategy`` returns it."""

    entity_group: str
    score: float
    word: str
    start: int
    end: int


def groups(doc: Doc) -> list[Group]:
    """The mentions of a document."""
    return [
        {
            "entity_group": mention.label,
            "score": 1.0 if mention.score is None else mention.score,
            "word": mention.text,
            "start": mention.start,
            "end": mention.end,
        }
        for mention in doc.mentions
    ]


class TokenClassificationPipeline:
    """What `pipeline` returns. It is called with a text, a list of texts, or an iterator of texts, which it reads as it goes."""

    task = "ner"

    def __init__(self, tagger: Tagger) -> None:
        self.tagger = tagger

    @overload
    def __call__(self, inputs: str, **options: Any) -> list[Group]: ...  # pyright: ignore[reportOverlappingOverload]
    @overload
    def __call__(self, inputs: list[str] | tuple[str, ...], **options: Any) -> list[list[Group]]: ...
    @overload
    def __call__(self, inputs: Iterable[str], **options: Any) -> Iterator[list[Group]]: ...
    def __call__(self, inputs: str | Iterable[str], **options: Any) -> Any:
        batch_size = options.pop("batch_size", None)
        _strategy(options.pop("aggregation_strategy", "simple"))
        if options:
            raise InputError(f"expected batch_size or aggregation_strategy, found {', '.join(options)}")
        if isinstance(inputs, str):
            return groups(self.tagger.tag(inputs))
        found = map(groups, self.tagger.pipe(inputs, batch_size=batch_size))
        return list(found) if isinstance(inputs, (list, tuple)) else found


def _strategy(name: str) -> None:
    if name not in _STRATEGIES:
        expected = ", ".join(_STRATEGIES)
        raise InputError(
            f"aggregation_strategy: expected one of {expected} (allonym returns whole mentions, for which they are all the same), found {name!r}"
        )


def pipeline(
    task: str = "ner",
    model: str | os.PathLike[str] | None = None,
    *,
    aggregation_strategy: str = "simple",
    **options: Any,
) -> TokenClassificationPipeline:
    """A callable that returns what ``transformers.pipeline("ner", aggregation_strategy=…)`` does.

    :param task: ``ner`` or ``token-classification``.
    :param model: as for `allonym.Tagger`, which takes the ``options`` too.
    :param aggregation_strategy: ``simple``, ``first``, ``average`` or ``max``, which are all the same here. There is no ``none``: allonym
        knows words, not pieces of words.
    """
    if task not in _TASKS:
        raise InputError(f"expected the task ner or token-classification, found {task!r}")
    _strategy(aggregation_strategy)
    return TokenClassificationPipeline(Tagger(model, **options))
