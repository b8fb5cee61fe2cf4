"""What a news tagger meets and the corpora lack: other casing, other quotes, other names."""

import random

from corpus import Document, Sentence, mentions

_TYPOGRAPHY = {"'s": "’s", "--": "—", "'": "’", "n't": "n’t", "``": "“", "''": "”"}


class Names:
    """The mentions of the training data by label, to swap one for another."""

    def __init__(self, documents: list[Document]) -> None:
        pools: dict[tuple[str, bool], set[tuple[str, ...]]] = {}
        for document in documents:
            for sentence in document:
                for start, end, label in mentions(sentence.tags):
                    name = tuple(sentence.words[start:end])
                    if not "".join(name).isupper():
                        pools.setdefault((label, len(name) > 1), set()).add(name)
        self.pools = {key: sorted(names) for key, names in pools.items()}

    def swap(self, sentences: list[Sentence], share: dict[str, float], rng: random.Random) -> list[Sentence]:
        """Swaps a share of each label's names, the same name for the same name all through the window."""
        chosen: dict[tuple[str, ...], tuple[str, ...] | None] = {}
        swapped = []
        for sentence in sentences:
            words: list[str] = []
            tags: list[str] = []
            at = 0
            for start, end, label in mentions(sentence.tags):
                words += sentence.words[at:start]
                tags += sentence.tags[at:start]
                name = tuple(sentence.words[start:end])
                if name not in chosen:
                    pool = self.pools.get((label, len(name) > 1))
                    lucky = pool and not "".join(name).isupper() and rng.random() < share.get(label, 0.0)
                    chosen[name] = rng.choice(pool) if lucky else None
                new = chosen[name] or name
                words += new
                tags += ["B-" + label] + ["I-" + label] * (len(new) - 1)
                at = end
            swapped.append(Sentence(words + sentence.words[at:], tags + sentence.tags[at:]))
        return swapped


    def dateline(self, sentence: Sentence, rng: random.Random) -> Sentence:
        """The sentence as newspapers open a report: "KARACHI, Pakistan (Reuters) - ...", or with a byline."""

        def name(label: str, long: bool) -> tuple[list[str], list[str]]:
            words = list(rng.choice(self.pools[label, long]))
            return words, ["B-" + label] + ["I-" + label] * (len(words) - 1)

        if rng.random() < 0.2:
            who, tags = name("PER", True)
            return Sentence(["By", *who, *sentence.words], ["O", *tags, *sentence.tags])
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
        return Sentence([*words, mark, *sentence.words], [*tags, "O", *sentence.tags])


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
