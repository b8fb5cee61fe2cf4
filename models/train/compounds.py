"""Where names meet in a word: "US-Iran", "Moscow-based", but not "Ki-moon". The rule of src/text/reading/compounds.rs, by the tables of ../words.

    python compounds.py --check ../../tests/cases/compounds.tsv
"""

import argparse
import re
from functools import cache
from pathlib import Path

_WORDS = Path(__file__).parent.parent / "words"
_PART = r"(?:[^\W_]|[.'’&\u0300-\u036f])+"
_CHAIN = re.compile(rf"{_PART}(?:[-‐‑–/→](?=[^\W_]){_PART})+")
_JOINTS = "-‐‑–/→"
_MOST_PARTS, _LONGEST = 4, 40
_ADJECTIVE = ("ian", "ish", "ese", "ic", "ist", "ism", "ern", "ite", "lim")
_OPENING = {"The", "A", "An", "This", "That", "No", "After", "Before", "In", "Of", "For", "On"}


@cache
def _names() -> dict[str, str]:
    lines = (_WORDS / "names.tsv").read_text(encoding="utf-8").split("\n")[1:]
    return {name: "demonym" if kind == "demonym" else "name" for name, kind in (line.split("\t") for line in lines if line)}


@cache
def _roles() -> set[tuple[str, str]]:
    lines = (_WORDS / "compounds.tsv").read_text(encoding="utf-8").split("\n")[1:]
    return {tuple(line.split("\t")[:2]) for line in lines if line}


def split(words: list[str]) -> list[list[str]]:
    """Each word as its parts, the marks between them included: a word that is not cut has one."""
    parts = []
    for i, word in enumerate(words):
        before, after = words[i - 1] if i else "", words[i + 1] if i + 1 < len(words) else ""
        cuts = _cuts(word, before, after)
        bounds = [0, *(at for start, end in cuts for at in (start, end)), len(word)]
        parts.append([word[start:end] for start, end in zip(bounds, bounds[1:])])
    return parts


def _cuts(word: str, before: str, after: str) -> list[tuple[int, int]]:
    if not any(c in word for c in _JOINTS) or _is_address(word):
        return []
    cuts = []
    for chain in _CHAIN.finditer(word):
        opens = chain.start() > 0 and word[chain.start() - 1] not in _JOINTS
        left = before if chain.start() == 0 and len(before) <= _LONGEST else ""
        right = after if chain.end() == len(word) and len(after) <= _LONGEST else ""
        groups = _groups(word, chain)
        setting = _setting(left, word[slice(*groups[0])], _own(word[slice(*groups[-1])]), right)
        for i in range(1, len(groups)):
            (start, end), (next_start, next_end) = groups[i - 1], groups[i]
            around = (left if i == 1 else "", i == 1 and (opens or not left or _ends_sentence(left)), right if i + 1 == len(groups) else "")
            if _meets(word[start:end], _own(word[next_start:next_end]), word[end], *around, setting):
                cuts.append((end, next_start))
    return cuts


def _is_address(word: str) -> bool:
    return any(mark in word for mark in ("@", "\\", "://", "www.")) or ("/" in word and bool(re.search(r"[a-z]\.[a-z]", word)))


def _groups(word: str, chain: re.Match[str]) -> list[tuple[int, int]]:
    parts = [(chain.start() + part.start(), chain.start() + part.end()) for part in re.finditer(_PART, chain.group())]
    groups, at = [], 0
    while at < len(parts):
        end = at + 1
        for last in range(min(len(parts), at + _MOST_PARTS), at + 1, -1):
            name = re.sub("[‐‑]", "-", _key(word[parts[at][0] : parts[last - 1][1]]))
            if (name, "whole") in _roles() or _names().get(name) == "name":
                end = last
                break
        groups.append((parts[at][0], parts[end - 1][1]))
        at = end
    return groups


def _key(name: str) -> str:
    return name.lower().replace(".", "")


def _own(part: str) -> str:
    part = part.rstrip(".'’&")
    return part[:-2] if part.endswith(("'s", "’s")) else part


def _bare(word: str) -> str:
    return _own(re.sub(r"[\W_]+$", "", word)).lower()


def _form(part: str, setting: str) -> str:
    if len(part.encode()) > _LONGEST or not part[:1].isupper():
        return "other"
    if known := _names().get(_key(part)):
        return known
    letters = [c for c in part if c.isalpha()]
    if all(c.isupper() for c in letters):
        return "acronym" if setting != "capitals" and 3 <= len(letters) <= 6 else "other"
    return "capital" if len(letters) > 1 and not any(c.isnumeric() for c in part) else "other"


def _setting(before: str, first: str, last: str, after: str) -> str:
    """Whether a compound begins a longer name ("the United States-Mexico-Canada Agreement"), or is in a text in capitals."""
    begins = before in ("the", "a", "an", "its", "their", "this") or _is_name(f"{before} {first}")
    capital = after[:1].isupper() and any(c.islower() for c in after)
    if begins and capital and _bare(after) not in _names() and not _is_name(f"{last} {_bare(after)}"):
        return "name"
    return "text" if any(c.islower() for c in before + after) else "capitals"


def _is_name(words: str) -> bool:
    return words[:1].isupper() and _names().get(_key(words)) == "name"


def _meets(left: str, right: str, joint: str, before: str, opens: bool, after: str, setting: str) -> bool:
    sides = [_form(left, setting), _form(right, setting)]
    if sides[0] != "name" and _is_name(f"{before} {left}"):
        sides[0] = "name"
    if sides[1] != "name" and _is_name(f"{right} {_bare(after)}"):
        sides[1] = "name"
    if _key(left) == _key(right):
        return False
    if joint in "/→":
        return sides == ["name", "name"]
    return _follows(left, right, sides[0]) or _precedes(left, right, sides[1], opens, after) or _is_pair(left, right, sides, before, after, setting)


def _follows(left: str, right: str, side: str) -> bool:
    ordinary = any((_key(left), role) in _roles() for role in ("ordinary", "before"))
    return (side in ("name", "acronym") or (side == "capital" and not ordinary)) and (_key(right), "after") in _roles()


def _precedes(left: str, right: str, side: str, opens: bool, after: str) -> bool:
    prefix = _key(left)
    if (prefix, "before") not in _roles():
        return False
    alone = left[:1].islower() or (opens and not after[:1].isupper())
    if side in ("name", "acronym"):
        return alone
    return side == "capital" and alone and prefix in ("anti", "ex", "pro") and not _key(right).endswith(_ADJECTIVE)


def _is_pair(left: str, right: str, sides: list[str], before: str, after: str, setting: str) -> bool:
    if setting == "name":
        return False
    if all(side in ("name", "acronym") for side in sides) or sorted(sides) == ["demonym", "name"]:
        return True
    may_be = all(side in ("name", "acronym", "capital") for side in sides)
    unknown = may_be and len(right) > 1 and (_key(left), "first") not in _roles()
    return unknown and (_bare(after), "between") in _roles() and _stands_alone(before)


def _stands_alone(before: str) -> bool:
    return not before[:1].isupper() or _ends_sentence(before) or before.endswith((",", ";", ":")) or before in _OPENING


def _ends_sentence(before: str) -> bool:
    return before.endswith((".", "!", "?", ":", "…", "—", "–"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", type=Path, required=True, help="texts and the same texts cut, in two columns")
    wrong = 0
    path = parser.parse_args().check
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n")[1:], 2):
        if line:
            text, want = line.split("\t")
            found = " ".join(part for parts in split(text.split()) for part in parts)
            if found != want:
                wrong += 1
                print(f"{path}:{number}: expected {want!r}, found {found!r}")
    raise SystemExit(bool(wrong))


if __name__ == "__main__":
    main()
