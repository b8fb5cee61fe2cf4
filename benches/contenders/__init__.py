"""The contenders that compare.py runs side by side: each processes a portion of the texts and returns the time it took."""

from dataclasses import dataclass
from typing import Protocol

from .texts import Article


@dataclass
class Portion:
    """The input of one round: articles, and the same articles as windows of pieces, with each word in exactly one window."""

    articles: list[Article]
    windows: list[dict]
    first_window: int

    @property
    def n_words(self) -> int:
        """The number of words separated by white space, the unit of every contender's rate."""
        return sum(article.n_words for article in self.articles)


class Contender(Protocol):
    """One row of the table."""

    name: str
    kind: str  # "encoder" or "end to end"
    threads: int

    def round(self, portion: Portion) -> float:
        """Processes a portion once; returns the time in seconds."""
