"""Documents as JSON, for the library to read."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from ._errors import InputError


def dumps(value: object) -> str:
    """JSON of a value with the types that rows of data frames have."""
    try:
        return json.dumps(value, ensure_ascii=False, allow_nan=False, default=_other)
    except (TypeError, ValueError, RecursionError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError(f"expected values that JSON has, found others: {error}") from error


def _other(value: Any) -> object:
    if hasattr(value, "isoformat"):
        return value.isoformat()
    if hasattr(value, "tolist"):
        return value.tolist()
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, (tuple, set, frozenset)):
        return list(value)
    raise InputError(f"expected values that JSON has, found {type(value).__name__}")


_MENTION = ("start", "end", "text", "label", "score", "entity")


def _mention(nth: int, mention: Any) -> dict[str, object]:
    if isinstance(mention, Mapping):
        return dict(mention)
    if isinstance(mention, (tuple, list)):
        if not 3 <= len(mention) <= 4:
            raise InputError(f"mention {nth}: expected (start, end, label) or (start, end, label, score), found {mention!r}")
        return dict(zip(("start", "end", "label", "score"), mention))
    try:
        found = {name: getattr(mention, name) for name in _MENTION}
    except AttributeError:
        raise InputError(f"mention {nth}: expected a Mention, a dict or (start, end, label), found {type(mention).__name__}") from None
    return {name: value for name, value in found.items() if value is not None}


def _entity(nth: int, entity: Any) -> dict[str, object]:
    if isinstance(entity, Mapping):
        return dict(entity)
    try:
        known: dict[str, object] = {name: getattr(entity, name) for name in ("id", "name", "label", "aliases", "mentions")}
        kb, fields = dict(entity.kb), dict(entity.fields)
    except AttributeError:
        raise InputError(f"entity {nth}: expected an Entity or a dict, found {type(entity).__name__}") from None
    if kb:
        known["kb"] = kb
    return known | fields


def document(
    text: str,
    mentions: Iterable[object] | None,
    id: object,
    entities: Iterable[object] | None,
    fields: Mapping[str, object] | None,
) -> str:
    """A document as a line of JSONL."""
    made: dict[str, object] = {} if id is None else {"id": id}
    made["text"] = text
    made["offsets"] = "char"
    made["mentions"] = [_mention(nth, mention) for nth, mention in enumerate(mentions or ())]
    if entities is not None:
        made["entities"] = [_entity(nth, entity) for nth, entity in enumerate(entities)]
    for name, value in (fields or {}).items():
        if name in made or name == "entities":
            raise InputError(f"fields: expected names that a document does not have already, found {name!r}")
        made[name] = value
    return dumps(made)
