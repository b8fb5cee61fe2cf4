"""The examples of the documentation run: docstrings of modules and stubs, and the pages."""

from __future__ import annotations

import ast
import doctest
import importlib
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path

import allonym
import pytest

from conftest import ROOT

PACKAGE = Path(allonym.__file__).parent
FLAGS = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS
# They need libraries that their own tests install.
FRAMEWORKS = {"spacy", "spark", "ray", "_batches"}


def of_modules() -> Iterator[doctest.DocTest]:
    finder = doctest.DocTestFinder(exclude_empty=True)
    for module in [None, *sorted(m.name for m in pkgutil.iter_modules([str(PACKAGE)]))]:
        if module in FRAMEWORKS or module in ("__main__", "_allonym"):
            continue
        name = "allonym" if module is None else f"allonym.{module}"
        yield from (test for test in finder.find(importlib.import_module(name), name) if test.examples)


def of_stubs() -> Iterator[doctest.DocTest]:
    stub = PACKAGE / "_allonym.pyi"
    for node in ast.walk(ast.parse(stub.read_text(encoding="utf-8"))):
        if isinstance(node, (ast.ClassDef, ast.FunctionDef)) and (text := ast.get_docstring(node)):
            test = doctest.DocTestParser().get_doctest(text, {}, f"{stub.name}::{node.name}", str(stub), node.lineno)
            if test.examples:
                yield test


def of_pages() -> Iterator[doctest.DocTest]:
    for page in (ROOT / "docs/python.md", ROOT / "bindings/python/README.md"):
        text = page.read_text(encoding="utf-8")
        # The blocks of a page are one session. All else stays empty lines, so that errors have the right line.
        kept = re.split(r"^```python\n(.*?)^```$", text, flags=re.MULTILINE | re.DOTALL)
        session = "".join("\n" * part.count("\n") if nth % 2 == 0 else f"\n{part}\n" for nth, part in enumerate(kept))
        yield doctest.DocTestParser().get_doctest(session, {}, page.name, str(page), 0)


TESTS = [*of_modules(), *of_stubs(), *of_pages()]


@pytest.mark.parametrize("example", TESTS, ids=lambda test: test.name)
def test_example(example: doctest.DocTest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if example.name.endswith(".md"):
        # Pages write files, and read those of the clone.
        (tmp_path / "eval").symlink_to(ROOT / "eval")
        monkeypatch.chdir(tmp_path)
    found: list[str] = []
    doctest.DocTestRunner(verbose=False, optionflags=FLAGS).run(example, out=found.append)
    assert not found, "".join(found)


def test_there_are_examples() -> None:
    named = {test.name for test in TESTS}
    assert len(TESTS) >= 15, named
    assert {"python.md", "README.md", "_allonym.pyi::Doc", "allonym._tagger.Tagger.pipe"} <= named
