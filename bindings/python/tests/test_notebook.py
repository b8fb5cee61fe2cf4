"""`examples/first_steps.ipynb`, run as a notebook does: what the last line of a cell is, is shown."""

from __future__ import annotations

import ast
import json
from html import unescape
from typing import Any

import pytest

from conftest import ROOT

pytest.importorskip("pandas")


def shown(source: str, names: dict[str, Any]) -> Any:
    """Runs a cell, and returns the value of the expression that it ends with."""
    cell = ast.parse(source)
    last = cell.body.pop() if isinstance(cell.body[-1], ast.Expr) else None
    exec(compile(cell, "<cell>", "exec"), names)
    return None if last is None else eval(compile(ast.Expression(last.value), "<cell>", "eval"), names)


def test_the_notebook_of_a_new_user_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT / "examples")
    cells = json.loads((ROOT / "examples/first_steps.ipynb").read_text(encoding="utf-8"))["cells"]
    code = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    assert len([line for line in "\n".join(code).splitlines() if line]) <= 10, "ten lines"
    assert all(not cell["outputs"] for cell in cells if cell["cell_type"] == "code"), "kept without outputs"
    names: dict[str, Any] = {}
    doc, docs, frame, report = (shown(cell, names) for cell in code)
    for value, inside in [(doc, "Muscat"), (docs, "Gulf Cooperation Council"), (frame, "mention_text"), (report, "F1")]:
        assert inside in unescape(value._repr_html_()), type(value)
    assert len(frame) == 5 and report.f1 > 0.9 and len(docs) == 6
