"""Mentions, entities and pairs of names."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

__all__ = ["Entity", "Mention", "NamePair"]


@dataclass(frozen=True, slots=True)
class Mention:
    """A stretch of text that names something.

    >>> import allonym
    >>> doc = allonym.Tagger().tag("Rain in Beirut.")
    >>> mention = doc.mentions[0]
    >>> mention.text, mention.label
    ('Beirut', 'LOC')
    >>> doc.text[mention.start : mention.end] == mention.text
    True
    """

    start: int
    """Its place in the text, in code points from 0, as Python counts."""
    end: int
    """The place after its last character."""
    text: str
    """The text from ``start`` to ``end``."""
    label: str
    """What it is: ``PER``, ``ORG``, ``LOC`` or ``MISC``, or a label of a model or file of yours."""
    score: float | None = None
    """The probability, from 0 to 1, that exactly this span has exactly this label; ``None`` if no tagger gave one."""
    entity: str | None = None
    """The ``id`` of its `Entity`; ``None`` before linking."""


@dataclass(frozen=True, slots=True)
class Entity:
    """What several mentions name.

    >>> import allonym
    >>> allonym.Tagger().tag("Rain in Pakistan.").entities[0].kb
    {'geonames': '1168579', 'iso3166': 'PK', 'wikidata': 'Q843'}
    """

    id: str
    """``e1``, ``e2`` … within a document, and made from the content across documents."""
    name: str
    """The name that stands for all."""
    label: str
    """The label of most of its mentions."""
    aliases: tuple[str, ...] = ()
    """All names that mentions give it, the most frequent first."""
    mentions: int = 0
    """The number of its mentions."""
    kb: dict[str, str] = field(default_factory=dict[str, str], hash=False)
    """Ids by knowledge base."""
    documents: int = 1
    """The number of documents that mention it."""
    fields: dict[str, Any] = field(default_factory=dict[str, Any], hash=False)
    """All else that is known, such as ``candidates``."""


@dataclass(frozen=True, slots=True)
class NamePair:
    """Whether two names are one person's, and why: what `compare` returns."""

    first: str
    second: str
    probability: float
    """From 0 to 1."""
    reasons: tuple[str, ...]
    threshold: float
    """The probability from which on linking takes two names for one person's."""

    @property
    def is_same(self) -> bool:
        """Whether the names are one person's, as linking sees it."""
        return self.probability >= self.threshold
