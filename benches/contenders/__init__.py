"""What runs side by side in compare.py: each contender takes a portion of the texts and says how many seconds it took."""

from dataclasses import dataclass
from typing import Protocol

from .texts import Article


@dataclass
class Portion:
    """What one round works on: articles, and the same articles as windows of pieces, each word in one window."""

    articles: list[Article]
    windows: list[dict]
    first_window: int

    @property
    def n_words(self) -> int:
        """Words between white space, the count that every contender's rate is in."""
        return sum(article.n_words for article in self.articles)


class Contender(Protocol):
    """One row of the table."""

    name: str
    kind: str  # "encoder" or "end to end"
    threads: int

    def round(self, portion: Portion) -> float:
        """Works once through a portion; the seconds that it took."""
