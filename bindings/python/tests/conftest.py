"""What all tests share."""

from __future__ import annotations

from pathlib import Path

import allonym
import pytest

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(autouse=True)
def in_the_clone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Examples name files of the clone."""
    monkeypatch.chdir(ROOT)


@pytest.fixture(scope="session")
def tagger() -> allonym.Tagger:
    return allonym.Tagger(threads=2)


@pytest.fixture(scope="session")
def articles() -> list[str]:
    """The articles of the project."""
    return [path.read_text(encoding="utf-8") for path in sorted((ROOT / "eval/articles").glob("*.txt"))]
