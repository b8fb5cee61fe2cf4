"""Linking across documents."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from . import _allonym, _json
from ._allonym import Doc
from ._docs import Docs
from ._errors import InputError
from ._types import Entity

__all__ = ["Linked", "link"]

Names = str | os.PathLike[str] | Iterable[Mapping[str, Any]]


class Linked(Docs[Doc]):
    """Linked documents, in the order in which they were given, with the entities of all of them."""

    __slots__ = ("_entities", "_explanations", "_links")

    def __init__(self, docs: Iterable[Doc] = (), links: _allonym.Links | None = None) -> None:
        super().__init__(docs)
        self._links = links
        self._entities: tuple[Entity, ...] | None = None
        # Those of a copy from another process, which has no links.
        self._explanations: dict[str, str] = {}

    @property
    def entities(self) -> tuple[Entity, ...]:
        """All entities, most mentions first. Empty if documents were linked each for itself."""
        if self._entities is None:
            self._entities = self._links.entities() if self._links is not None else ()
        return self._entities

    def explain(self, entity: str | Entity) -> str:
        """Why the names of an entity, given itself or by its id, are one: an indented list with a reason for each."""
        id = entity.id if isinstance(entity, Entity) else entity
        explained = self._explanations.get(id) if self._links is None else self._links.explain(id)
        if explained is None:
            raise InputError(f"expected the id of one of {len(self.entities):,} entities, found {id!r}")
        return explained

    def __reduce__(self) -> tuple[Any, ...]:
        explanations = self._explanations if self._links is None else self._links.explanations()
        return (_restore, (list(self), self.entities, explanations))


def _restore(docs: list[Doc], entities: tuple[Entity, ...], explanations: dict[str, str]) -> Linked:
    linked = Linked(docs)
    linked._entities = entities
    linked._explanations = explanations
    return linked


def link(
    docs: Iterable[Doc],
    aliases: Names | None = None,
    kb: Names | None = None,
    never: Iterable[tuple[str, str]] = (),
    same: Iterable[tuple[str, str]] = (),
    *,
    threshold: float | None = None,
    within: bool = False,
    threads: int | None = None,
) -> Linked:
    """Links the spellings of one name to one entity, across documents: tagged by anything, nothing is tagged again.

    >>> import allonym
    >>> docs = allonym.Tagger().pipe(["Abbas Araghchi landed in Muscat.", "Abbas Aragchi left Oman."])
    >>> linked = allonym.link(docs)
    >>> linked[0].mentions[0].entity == linked[1].mentions[0].entity
    True
    >>> linked.entities[0].name, linked.entities[0].aliases
    ('Abbas Aragchi', ('Abbas Aragchi', 'Abbas Araghchi'))
    >>> "same transliteration skeleton (araghchi, aragchi)" in linked.explain(linked.entities[0])
    True

    :param docs: documents with mentions. They are left as they are: new ones come back.
    :param aliases: names that you know: a file (``canonical``, ``alias``, ``label``, ``id``), or dicts with ``name``, ``aliases``,
        ``label`` and ``id``. Mentions of them, in any spelling, get their name, label and id.
    :param kb: your own knowledge base: like ``aliases``, but each entry needs an id.
    :param never: pairs of names that are never one entity.
    :param same: pairs of names that are one entity.
    :param threshold: the lowest probability, from 0 to 1, at which a name means a person of ``aliases`` or ``kb``.
    :param within: link within each document only, as `Tagger` does.
    :param threads: the number of threads; by default as for `Tagger`.
    """
    given = list(docs)
    for nth, doc in enumerate(given):
        if not isinstance(doc, Doc):
            raise InputError(f"docs: expected a Doc at {nth}, found {type(doc).__name__}")
    made, links = _allonym.link(
        given,
        aliases=_table(aliases),
        kb=_table(kb),
        never=_pairs("never", never),
        same=_pairs("same", same),
        threshold=threshold,
        threads=threads or 0,
        within=within,
    )
    return Linked(made, links)


def _table(names: Names | None) -> Path | str | None:
    if names is None:
        return None
    if isinstance(names, (str, os.PathLike)):
        return Path(names)
    return "".join(_json.dumps(dict(row)) + "\n" for row in names)


def _pairs(name: str, pairs: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    made: list[tuple[str, str]] = []
    for pair in pairs:
        if isinstance(pair, str) or len(pair) != 2:
            raise InputError(f"{name}: expected pairs of names, found {pair!r}")
        made.append((pair[0], pair[1]))
    return made
