"""Names of persons, compared."""

from __future__ import annotations

from . import _allonym
from ._types import NamePair

__all__ = ["compare"]


def compare(first: str, second: str) -> NamePair:
    """Compares two names of persons, in any script.

    >>> import allonym
    >>> pair = allonym.compare("Abbas Aragchi", "Abbas Araghchi")
    >>> pair.is_same
    True
    >>> pair.reasons
    ('given name: same (abbas)', 'surname: same transliteration skeleton (aragchi, araghchi)')
    """
    probability, threshold, reasons = _allonym.compare(first, second)
    return NamePair(first, second, probability, tuple(reasons), threshold)
