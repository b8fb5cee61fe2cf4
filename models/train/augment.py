"""What a news tagger meets and the corpora lack: other casing, other quotes, other names."""

import random

from corpus import Document, Sentence, mentions

Mention = tuple[int, int, str]

# The guidelines that call "Moscow-backed" and "Moscow-Kiev" one MISC; others label the names in it.
_WHOLE = {"conll"}
_BODIES = ("AU", "ECOWAS", "EU", "FBI", "Hamas", "Hezbollah", "IMF", "NATO", "OPEC", "Taliban", "UN", "UNESCO", "WHO")
_SUFFIXES = (
    "backed", "based", "based", "born", "bound", "brokered", "controlled", "funded", "held", "led", "led", "linked", "listed", "made",
    "mediated", "occupied", "owned", "run", "sponsored", "style", "supported", "trained",
)

_TYPOGRAPHY = {"'s": "’s", "--": "—", "'": "’", "n't": "n’t", "``": "“", "''": "”"}


def agreed(sentence: Sentence) -> list[Mention]:
    """The mentions that every guideline has alike; any other place may be labelled as the guidelines like."""
    rows = [mentions(row) for row in sentence.rows()]
    return [mention for mention in rows[0] if all(mention in row for row in rows[1:])]


def replaced(sentence: Sentence, changes: list[tuple[Mention, list[str]]]) -> Sentence:
    """The sentence with other words in place of mentions, which keep their label in every row."""
    if not changes:
        return sentence
    words: list[str] = []
    rows: list[list[str]] = [[] for _ in sentence.rows()]
    at = 0
    for (start, end, label), name in [*changes, ((len(sentence.words),) * 2 + ("",), [])]:
        words += sentence.words[at:start] + name
        for row, old in zip(rows, sentence.rows()):
            row += old[at:start] + labelled(label, len(name))
        at = end
    return Sentence(words, rows[0], tuple(rows[1:]))


def labelled(label: str, words: int) -> list[str]:
    """The tags of one mention."""
    return ["B-" + label] * min(words, 1) + ["I-" + label] * (words - 1)


class Names:
    """The mentions of the training data by label, to swap one for another, and the word before a reporter's name where there is one.

    Where there are more names of a label, from elsewhere, half of those that come in are of these.
    """

    def __init__(self, documents: list[Document], byline: str | None = "By", more: dict[str, list[str]] | None = None) -> None:
        self.byline = byline
        self.more: dict[tuple[str, bool], list[tuple[str, ...]]] = {}
        for label, names in (more or {}).items():
            for name in names:
                words = tuple(name.split())
                self.more.setdefault((label, len(words) > 1), []).append(words)
        pools: dict[tuple[str, bool], set[tuple[str, ...]]] = {}
        for document in documents:
            for sentence in document:
                for start, end, label in agreed(sentence):
                    name = tuple(sentence.words[start:end])
                    if not "".join(name).isupper():
                        pools.setdefault((label, len(name) > 1), set()).add(name)
        self.pools = {key: sorted(names) for key, names in pools.items()}

    def swap(self, sentences: list[Sentence], share: dict[str, float], other: float, rng: random.Random) -> list[Sentence]:
        """Swaps a share of each label's names, `other` for a label without a share, the same name for the same name all through the window."""
        chosen: dict[tuple[str, ...], tuple[str, ...] | None] = {}
        swapped = []
        for sentence in sentences:
            changes = []
            for mention in agreed(sentence):
                start, end, label = mention
                name = tuple(sentence.words[start:end])
                if name not in chosen:
                    pool, more = (pools.get((label, len(name) > 1)) for pools in (self.pools, self.more))
                    lucky = pool and not "".join(name).isupper() and rng.random() < share.get(label, other)
                    chosen[name] = rng.choice(more if more and rng.random() < 0.5 else pool) if lucky else None
                if chosen[name]:
                    changes.append((mention, list(chosen[name])))
            swapped.append(replaced(sentence, changes))
        return swapped

    def compounds(self, sentence: Sentence, heads: list[str], rng: random.Random) -> Sentence:
        """The sentence with "Moscow-backed" or "Moscow-Kiev" where some demonyms were: "Russian rebels" as "Moscow-backed rebels"."""
        words: list[str] = []
        rows: list[list[str]] = [[] for _ in heads]
        demonyms = {
            start
            for start, end, label in agreed(sentence)
            if label == "MISC" and end == start + 1 < len(sentence.words) and sentence.words[start].istitle()
            and sentence.words[end].isalpha() and sentence.words[end].islower() and rng.random() < 0.5
        }
        if not demonyms or not self._has("LOC"):
            return sentence
        for i, word in enumerate(sentence.words):
            if i not in demonyms:
                words.append(word)
                for row, old in zip(rows, sentence.rows()):
                    row.append(old[i])
                continue
            mark = rng.choice(("-", "-", "-", "–", "‑"))
            new, tags = self._name(rng)
            if rng.random() < 0.6:
                new, tags = [*new, mark, rng.choice(_SUFFIXES)], [*tags, "O", "O"]
            else:
                other, other_tags = self._name(rng)
                new, tags = [*new, mark, *other], [*tags, "O", *other_tags]
            words += new
            for head, row in zip(heads, rows):
                row += labelled("MISC", len(new)) if head in _WHOLE else tags
        return Sentence(words, rows[0], tuple(rows[1:]))

    def _name(self, rng: random.Random) -> tuple[list[str], list[str]]:
        """Mostly a place, mostly of one word; the corpora's organisations of one word are too often clubs with the name of their town."""
        if rng.random() < 0.2:
            return [rng.choice(_BODIES)], ["B-ORG"]
        words = list(rng.choice(self._pool("LOC", rng.random() < 0.15)))
        return words, labelled("LOC", len(words))

    def _has(self, label: str) -> bool:
        return any((label, long) in self.pools for long in (False, True))

    def _pool(self, label: str, long: bool) -> list[tuple[str, ...]]:
        """The names of a label, of one word or of several; the others, if there are none such."""
        return self.pools.get((label, long)) or self.pools[label, not long]

    def dateline(self, sentence: Sentence, rng: random.Random) -> Sentence:
        """The sentence as newspapers open a report: "KARACHI, Pakistan (Reuters) - ...", or with a byline. Texts without places have none."""
        if not self._has("LOC"):
            return sentence

        def name(label: str, long: bool) -> tuple[list[str], list[str]]:
            words = list(rng.choice(self._pool(label, long)))
            return words, labelled(label, len(words))

        def opened(words: list[str], tags: list[str]) -> Sentence:
            more = tuple([*tags, *row] for row in sentence.more)
            return Sentence([*words, *sentence.words], [*tags, *sentence.tags], more)

        if self.byline and self._has("PER") and rng.random() < 0.2:
            who, tags = name("PER", True)
            return opened([self.byline, *who], ["O", *tags])
        words, tags = name("LOC", rng.random() < 0.2)
        if rng.random() < 0.7:
            words = [word.upper() for word in words]
        if rng.random() < 0.3:
            mark = rng.choice((",", ",", "/"))
            more, more_tags = name("LOC", False)
            if mark == "/":
                more = [word.upper() for word in more]
            words, tags = words + [mark] + more, tags + ["O"] + more_tags
        if rng.random() < 0.3:
            agency = rng.choice(("Reuters", "AP", "AFP", "APP", "IRNA", "dpa", "Xinhua", "PTI"))
            words, tags = words + ["(", agency, ")"], tags + ["O", "B-ORG", "O"]
        mark = rng.choice(("-", "-", "—", "–", ":", "--"))
        return opened([*words, mark], [*tags, "O"])


def recase(words: list[str], rng: random.Random) -> list[str]:
    """3 % of sentences upper case, 3 % lower case, 1 % Title Case."""
    draw = rng.random()
    if draw < 0.03:
        return [word.upper() for word in words]
    if draw < 0.06:
        return [word.lower() for word in words]
    if draw < 0.07:
        return [word[:1].upper() + word[1:] for word in words]
    return words


def typeset(words: list[str]) -> list[str]:
    """Typewriter punctuation as a newspaper sets it."""
    opening = True
    out = []
    for word in words:
        if word == '"':
            out.append("“" if opening else "”")
            opening = not opening
        else:
            out.append(_TYPOGRAPHY.get(word, word))
    return out
