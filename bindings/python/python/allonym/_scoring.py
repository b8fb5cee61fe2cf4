"""Scoring."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import _allonym
from ._allonym import Doc
from ._errors import InputError
from ._html import framed

if TYPE_CHECKING:
    import pandas

__all__ = ["Report", "Score", "score"]

Side = Iterable[Doc] | Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class Score:
    """Precision, recall and F1, from 0 to 1; ``None`` where one is undefined, as the precision of no prediction."""

    precision: float | None
    recall: float | None
    f1: float | None
    gold: int
    """The number of gold mentions, which is called support elsewhere."""
    predicted: int
    correct: int


class Report:
    """How good a system is, how sure that is, and what it gets wrong: what `score` returns. Printed, it is the report of
    ``allonym eval``; in a notebook, its page."""

    __slots__ = ("_dict", "_scored")

    def __init__(self, scored: _allonym.Scored) -> None:
        self._scored = scored
        self._dict: dict[str, Any] | None = None

    def to_dict(self) -> dict[str, Any]:
        """All figures, with the stable keys of ``allonym eval --json``."""
        known = self._dict
        if known is None:
            known = self._dict = dict(json.loads(self._scored.json()))
        return known

    def _scores(self, system: int = 0) -> dict[str, Any]:
        scores: dict[str, Any] = self.to_dict()["systems"][system]["scores"]
        return scores

    @property
    def overall(self) -> Score:
        """Over all mentions, as the CoNLL scorer and seqeval's micro average do."""
        return _score(self._scores()["micro"])

    @property
    def precision(self) -> float | None:
        """The share of predictions that are right, span and label."""
        return self.overall.precision

    @property
    def recall(self) -> float | None:
        """The share of gold mentions that are found."""
        return self.overall.recall

    @property
    def f1(self) -> float | None:
        """The harmonic mean of precision and recall."""
        return self.overall.f1

    @property
    def labels(self) -> dict[str, Score]:
        """By label."""
        return {row["label"]: _score(row) for row in self._scores()["labels"]}

    @property
    def metrics(self) -> dict[str, float | None]:
        """All single figures of the first system, by the names that ``allonym eval --fail-under`` knows."""
        metrics: dict[str, float | None] = self.to_dict()["metrics"]
        return metrics

    def to_pandas(self) -> pandas.DataFrame:
        """A row for each system and label, and one with the label ``all``."""
        import pandas

        rows: list[dict[str, object]] = []
        for nth, system in enumerate(self.to_dict()["systems"]):
            scores = self._scores(nth)
            for label, found in [*((row["label"], row) for row in scores["labels"]), ("all", scores["micro"])]:
                made = _score(found)
                rows.append({"system": system["name"], "label": label} | {name: getattr(made, name) for name in Score.__slots__})
        return pandas.DataFrame(rows)

    def to_html(self, path: str | os.PathLike[str] | None = None) -> str:
        """The report as a page, which is also written to ``path`` if there is one."""
        html = self._scored.html()
        if path is not None:
            Path(path).write_text(html, encoding="utf-8")
        return html

    def to_markdown(self) -> str:
        """The report as Markdown."""
        return self._scored.markdown()

    def __str__(self) -> str:
        return self._scored.text()

    def __repr__(self) -> str:
        f1 = self.f1
        shown = "none" if f1 is None else f"{f1:.4f}"
        overall = self.overall
        return f"<Report F1 {shown}: {overall.correct:,} of {overall.gold:,} gold mentions, {overall.predicted:,} predicted>"

    def _repr_html_(self) -> str:
        return framed(self.to_html(), 30)


def _score(row: Mapping[str, Any]) -> Score:
    return Score(row["precision"], row["recall"], row["f1"], row["gold"], row["predicted"], row["correct"])


def score(
    gold: Side,
    predicted: Side | Mapping[str, Side],
    *,
    labels: Iterable[str] | None = None,
    label_map: Mapping[str, str] | None = None,
    missing: bool = False,
    scheme: str | None = None,
    strict: bool = False,
    tokens: Sequence[Sequence[str]] | None = None,
    samples: int = 1000,
    threads: int | None = None,
) -> Report:
    """Scores predictions against gold: documents, or label sequences as seqeval has them.

    >>> import allonym
    >>> report = allonym.score([["B-PER", "I-PER", "O", "B-LOC"]], [["B-PER", "I-PER", "O", "O"]])
    >>> report.precision, report.recall, round(report.f1, 4)
    (1.0, 0.5, 0.6667)
    >>> report.labels["LOC"].recall
    0.0

    >>> gold = allonym.read("eval/gold")
    >>> report = allonym.score(gold, allonym.Tagger(labels=["PER", "ORG", "LOC"]).pipe(gold))
    >>> report.f1 > 0.9
    True

    :param gold: documents, or a list of tags for each sentence.
    :param predicted: the same of a system, or of several by their names: ``{"ours": …, "theirs": …}``. Documents are paired by id, then
        in order, and must have the same texts.
    :param labels: the labels to score; by default all.
    :param label_map: labels to rename on all sides, such as ``{"PERSON": "PER"}``.
    :param missing: count what a missing document has as missed, instead of raising an error.
    :param scheme: the scheme of tags, such as ``IOB2`` or ``BIOES``; by default what their prefixes say, IOB2 for B and I.
    :param strict: discard tags that break the scheme, as seqeval's strict mode does, instead of beginning a mention with them.
    :param tokens: the words of the sentences of tags, for the report to quote.
    :param samples: the number of samples for 95 % intervals; 0 for none.
    :param threads: the number of threads; by default as for `Tagger`.
    """
    if isinstance(labels, str):
        raise InputError(f"expected a list of labels, found the str {labels!r}")
    systems: list[tuple[str, Any]] = [("predicted", predicted)]
    if isinstance(predicted, Mapping):
        systems = [(str(name), side) for name, side in predicted.items()]
    if not systems:
        raise InputError("expected predictions of one system at least, found none")
    gold_side = _side("gold", gold)
    sides = [(name, _side(name, side)) for name, side in systems]
    lists = [side for side in (gold_side, *(side for _, side in sides)) if not _is_docs(side)]
    if lists and len(lists) != len(sides) + 1:
        raise InputError("expected all sides as documents or all as lists of tags, found both")
    given: tuple[Any, list[tuple[str, Any]]] = (gold_side, list(sides))
    if lists:
        for name, side in sides:
            _check_lengths(name, gold_side, side)
        if tokens is not None:
            _check_lengths("tokens", gold_side, tokens)
        given = (_rows("gold", gold_side, tokens), [(name, _rows(name, side, tokens)) for name, side in sides])
        scheme = scheme or _scheme(lists)
    elif tokens is not None:
        raise InputError("tokens: expected lists of tags beside it, found documents")
    scored = _allonym.score(
        given[0],
        given[1],
        labels=None if labels is None else list(labels),
        label_map=list((label_map or {}).items()),
        missing=missing,
        scheme=scheme or "IOB2",
        strict=strict,
        samples=samples,
        threads=threads or 0,
    )
    return Report(scored)


def _is_docs(side: list[Any]) -> bool:
    return not side or isinstance(side[0], Doc)


def _side(name: str, side: Side) -> list[Any]:
    items: list[Any] = list(side)
    for nth, item in enumerate(items):
        if isinstance(item, str) or not isinstance(item, (Doc, Sequence)) and not hasattr(item, "tolist"):
            raise InputError(f"{name}: expected a Doc or a list of tags at {nth}, found {type(item).__name__}")
        if isinstance(item, Doc) != isinstance(items[0], Doc):
            raise InputError(f"{name}: expected only documents or only lists of tags, found both")
    return items


def _check_lengths(name: str, gold: Sequence[Sequence[str]], other: Sequence[Sequence[str]]) -> None:
    if len(gold) != len(other):
        raise InputError(f"{name}: expected {len(gold):,} sentences, as the gold has, found {len(other):,}")
    for nth, (one, two) in enumerate(zip(gold, other)):
        if len(one) != len(two):
            raise InputError(f"{name}: sentence {nth}: expected {len(one)} tokens, as the gold has, found {len(two)}")


def _scheme(sides: Iterable[Iterable[Iterable[str]]]) -> str:
    prefixes = {str(tag)[:2] for side in sides for tags in side for tag in tags}
    if prefixes & {"E-", "S-"}:
        return "BIOES"
    return "BILOU" if prefixes & {"L-", "U-"} else "IOB2"


def _rows(name: str, side: Sequence[Sequence[str]], tokens: Sequence[Sequence[str]] | None) -> str:
    """The rows of a CoNLL file with a document for each sentence."""
    rows: list[str] = []
    for nth, tags in enumerate(side):
        rows.append("-DOCSTART-\tO\n\n")
        for at, tag in enumerate(tags):
            token = f"token{at}" if tokens is None else str(tokens[nth][at])
            if not token or not str(tag) or any(c.isspace() for c in f"{token}{tag}"):
                raise InputError(f"{name}: sentence {nth}: expected a token and a tag without blanks, found {token!r} and {tag!r}")
            rows.append(f"{token}\t{tag}\n")
        rows.append("\n")
    return "".join(rows)
