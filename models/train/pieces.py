"""Words as pieces with case classes: what the encoder sees. `src/encode` does the same in Rust."""

from functools import lru_cache
from pathlib import Path

from tokenizers import Tokenizer

LOWER, TITLE, UPPER, MIXED, SINGLE_CAPITAL, _SPARE, DIGITS, SYMBOLS = range(8)


def case_class(text: str) -> int:
    """The case class (scheme v1) of one pre-token: what an uncased vocabulary loses."""
    letters = [c for c in text if c.isalpha()]
    if not letters:
        return DIGITS if any(c.isnumeric() for c in text) else SYMBOLS
    first_upper = letters[0].isupper()
    n_upper = sum(c.isupper() for c in letters)
    if n_upper == 0:
        return LOWER
    if n_upper == len(letters):
        return SINGLE_CAPITAL if len(letters) == 1 and len(text) == 1 else UPPER
    if first_upper and n_upper == 1:
        return TITLE
    return MIXED


class Pieces:
    """Splits words into (vocabulary id, case class) pairs."""

    def __init__(self, tokenizer: Path) -> None:
        self.tokenizer = Tokenizer.from_file(str(tokenizer))
        self.tokenizer.no_padding()
        self.tokenizer.no_truncation()
        # BERT's names of the special pieces, or MPNet's.
        names = ("<s>", "</s>", "<mask>", "<pad>") if self.tokenizer.token_to_id("<s>") == 0 else ("[CLS]", "[SEP]", "[MASK]", "[PAD]")
        self.cls, self.sep, self.mask, self.pad = map(self.tokenizer.token_to_id, names)
        self.unk = next(id_ for name in ("[UNK]", "<unk>") if (id_ := self.tokenizer.token_to_id(name)) is not None)
        self.of_word = lru_cache(maxsize=1_000_000)(self._of_word)

    def _of_word(self, word: str) -> tuple[tuple[int, int], ...]:
        encoding = self.tokenizer.encode(word, add_special_tokens=False)
        spans: dict[int, tuple[int, int]] = {}
        for pre_token, (start, end) in zip(encoding.word_ids, encoding.offsets):
            known = spans.get(pre_token, (start, end))
            spans[pre_token] = (min(known[0], start), max(known[1], end))
        classes = {pre_token: case_class(word[start:end]) for pre_token, (start, end) in spans.items()}
        return tuple((id_, classes[pre_token]) for id_, pre_token in zip(encoding.ids, encoding.word_ids))
