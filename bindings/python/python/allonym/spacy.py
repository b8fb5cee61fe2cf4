"""allonym as a component of a spaCy pipeline, and documents of either kind as the other.

    >>> import spacy                                        # doctest: +SKIP
    >>> nlp = spacy.blank("en")                             # doctest: +SKIP
    >>> nlp.add_pipe("allonym")                             # doctest: +SKIP
    >>> doc = nlp("Araghchi met Rafael Grossi in Cairo.")   # doctest: +SKIP
    >>> [(ent.text, ent.label_, ent.kb_id_) for ent in doc.ents]  # doctest: +SKIP
    [('Araghchi', 'PER', ''), ('Rafael Grossi', 'PER', ''), ('Cairo', 'LOC', 'geonames:360630')]
"""

# pyright: basic, reportMissingImports=false, reportAttributeAccessIssue=false

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from allonym._batches import one_of_process, required

required("spacy", "spacy")

from spacy.language import Language  # noqa: E402
from spacy.tokens import Doc, Span  # noqa: E402
from spacy.util import minibatch, raise_error  # noqa: E402

import allonym  # noqa: E402

if TYPE_CHECKING:
    from spacy.vocab import Vocab

__all__ = ["AllonymComponent", "from_doc", "make_allonym", "to_doc"]

#: How the characters of a mention become tokens: `Doc.char_span` explains each.
ALIGNMENT_MODES = ("strict", "contract", "expand")

_FILE = "allonym.json"
_MODEL = "model"


def _extensions() -> None:
    """The attributes that the component sets. One that somebody else has defined is left as it is."""
    for owner, name, default in (
        (Span, "score", None),
        (Span, "entity", None),
        (Doc, "entities", None),
        (Doc, "realigned", None),
        (Doc, "unaligned", None),
    ):
        if not owner.has_extension(name):
            owner.set_extension(name, default=default)


_extensions()


@Language.factory(  # type: ignore[untyped-decorator,unused-ignore]
    "allonym",
    assigns=["doc.ents", "token.ent_iob", "token.ent_type"],
    default_config={
        "model": None,
        "head": None,
        "labels": None,
        "threads": None,
        "alignment_mode": "expand",
        "overwrite_ents": True,
    },
)
def make_allonym(
    nlp: Language,
    name: str,
    model: str | None,
    head: str | None,
    labels: list[str] | None,
    threads: int | None,
    alignment_mode: str,
    overwrite_ents: bool,
) -> AllonymComponent:
    """What `nlp.add_pipe("allonym", config={...})` calls."""
    return AllonymComponent(
        nlp.vocab,
        name,
        model=model,
        head=head,
        labels=labels,
        threads=threads,
        alignment_mode=alignment_mode,
        overwrite_ents=overwrite_ents,
    )


class AllonymComponent:
    """Sets `doc.ents`, with `ent.kb_id_`, `ent._.score` and `ent._.entity`, and `doc._.entities`.

    spaCy's entities are made of whole tokens, allonym's mentions of characters. `alignment_mode` says what becomes of a
    mention that begins or ends within a token: `expand` takes all of the token, `contract` none of it, `strict`
    leaves the mention out. What was changed so is in `doc._.realigned`, what was left out in `doc._.unaligned`, as
    dicts with a `reason`; so their lengths are the counts.

    Args:
        vocab: the vocabulary of the pipeline.
        name: the name of the component.
        model: a name as in `allonym tag --model`, or a folder.
        head: the head of the model.
        labels: the labels to look for, all if None.
        threads: threads of each process, one for each processor if None. With `nlp.pipe(n_process=2)` give it a share.
        alignment_mode: `expand`, `contract` or `strict`.
        overwrite_ents: False keeps the entities that are there, and leaves out mentions that overlap them.
    """

    def __init__(
        self,
        vocab: Vocab,
        name: str = "allonym",
        *,
        model: str | os.PathLike[str] | None = None,
        head: str | None = None,
        labels: Sequence[str] | None = None,
        threads: int | None = None,
        alignment_mode: str = "expand",
        overwrite_ents: bool = True,
    ) -> None:
        if alignment_mode not in ALIGNMENT_MODES:
            raise ValueError(f"alignment_mode: expected one of {', '.join(ALIGNMENT_MODES)}, found {alignment_mode!r}")
        self.vocab = vocab
        self.name = name
        self._options: dict[str, Any] = {
            "model": None if model is None else os.fspath(model),
            "head": head,
            "labels": None if labels is None else list(labels),
            "threads": threads,
        }
        self.tagger: allonym.Tagger = one_of_process(allonym.Tagger(**self._options))
        self.alignment_mode = alignment_mode
        self.overwrite_ents = overwrite_ents
        self._error_handler: Callable[..., None] = raise_error

    def __call__(self, doc: Doc) -> Doc:
        """Tags one document, in place."""
        try:
            self._annotate(doc, self.tagger.tag(doc.text))
        except Exception as error:
            self._error_handler(self.name, self, [doc], error)
        return doc

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = 128) -> Iterator[Doc]:
        """Tags the documents of a stream, in order, `batch_size` at once."""
        tagger = self.tagger
        for docs in minibatch(stream, batch_size):
            found = tagger.pipe([doc.text for doc in docs], on_error="return")
            for doc, document in zip(docs, found, strict=True):
                try:
                    if isinstance(document, BaseException):
                        raise document
                    self._annotate(doc, document)
                except Exception as error:
                    self._error_handler(self.name, self, [doc], error)
                else:
                    yield doc

    def set_error_handler(self, error_handler: Callable[..., None]) -> None:
        """Called by `nlp.set_error_handler`: what to do with a document that fails."""
        self._error_handler = error_handler

    def get_error_handler(self) -> Callable[..., None]:
        """What is done with a document that fails."""
        return self._error_handler

    def _annotate(self, doc: Doc, document: allonym.Doc) -> None:
        kept = [] if self.overwrite_ents else list(doc.ents)
        _set_entities(doc, document, self.alignment_mode, kept)

    def __getstate__(self) -> dict[str, Any]:
        return {key: value for key, value in self.__dict__.items() if key != "_error_handler"}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state, _error_handler=raise_error)

    def _config(self) -> dict[str, Any]:
        return {**self._options, "alignment_mode": self.alignment_mode, "overwrite_ents": self.overwrite_ents}

    def _take(self, config: dict[str, Any]) -> AllonymComponent:
        handler = self._error_handler
        self.__init__(self.vocab, self.name, **config)  # type: ignore[misc]
        self._error_handler = handler
        return self

    def to_bytes(self, *, exclude: Iterable[str] = ()) -> bytes:
        """The options. A model in a folder is named, not contained."""
        return json.dumps(self._config()).encode()

    def from_bytes(self, data: bytes, *, exclude: Iterable[str] = ()) -> AllonymComponent:
        """Takes the options that `to_bytes` gave."""
        return self._take(json.loads(data))

    def to_disk(self, path: str | os.PathLike[str], *, exclude: Iterable[str] = ()) -> None:
        """Writes the options, and a copy of the model if it is in a folder, so that the pipeline can be moved."""
        folder = Path(path)
        folder.mkdir(parents=True, exist_ok=True)
        options = self._config()
        if options["model"] is not None and os.path.isdir(options["model"]):
            source = Path(options["model"])
            if source.resolve() != (folder / _MODEL).resolve():
                shutil.copytree(source, folder / _MODEL, dirs_exist_ok=True)
            options["model"] = None
            options["model_here"] = True
        (folder / _FILE).write_text(json.dumps(options, indent=1) + "\n", encoding="utf-8")

    def from_disk(self, path: str | os.PathLike[str], *, exclude: Iterable[str] = ()) -> AllonymComponent:
        """Takes what `to_disk` wrote."""
        folder = Path(path)
        options = json.loads((folder / _FILE).read_text(encoding="utf-8"))
        if options.pop("model_here", False):
            options["model"] = str(folder / _MODEL)
        return self._take(options)


def from_doc(doc: Doc, id: str = "") -> allonym.Doc:
    """The text and the entities of a spaCy document as an allonym document, so that `allonym.score` takes it.

    Gold of a `DocBin`:

        >>> docs = DocBin().from_disk("gold.spacy").get_docs(nlp.vocab)       # doctest: +SKIP
        >>> gold = [from_doc(doc, str(n)) for n, doc in enumerate(docs)]      # doctest: +SKIP
    """
    mentions = []
    for ent in doc.ents:
        mentions.append(
            allonym.Mention(
                start=ent.start_char,
                end=ent.end_char,
                text=ent.text,
                label=ent.label_,
                score=ent._.score,
                entity=ent._.entity or ent.ent_id_ or None,
            )
        )
    return allonym.Doc(doc.text, mentions=mentions, id=id)


def to_doc(document: allonym.Doc, nlp: Language, alignment_mode: str = "expand") -> Doc:
    """An allonym document as a spaCy document, cut into tokens by the pipeline's tokenizer.

    Nothing else of the pipeline runs. `doc._.realigned` and `doc._.unaligned` say what did not fit the tokens.
    """
    if alignment_mode not in ALIGNMENT_MODES:
        raise ValueError(f"alignment_mode: expected one of {', '.join(ALIGNMENT_MODES)}, found {alignment_mode!r}")
    doc = nlp.make_doc(document.text)
    _set_entities(doc, document, alignment_mode, [])
    return doc


def _set_entities(doc: Doc, document: allonym.Doc, alignment_mode: str, kept: list[Span]) -> None:
    """Puts the mentions of `document` into `doc.ents`, beside `kept`."""
    kb_ids = {entity.id: _kb_id(entity.kb) for entity in document.entities}
    taken = {token.i for ent in kept for token in ent}
    ents, realigned, unaligned = list(kept), [], []
    for mention in document.mentions:
        what = {"start": mention.start, "end": mention.end, "text": mention.text, "label": mention.label}
        span = doc.char_span(
            mention.start,
            mention.end,
            label=mention.label,
            kb_id=kb_ids.get(mention.entity or "", ""),
            alignment_mode=alignment_mode,
        )
        if span is None or len(span) == 0:
            unaligned.append({**what, "reason": "no token begins and ends there"})
            continue
        if any(token.i in taken for token in span):
            unaligned.append({**what, "reason": "a token of it is part of another entity"})
            continue
        if (span.start_char, span.end_char) != (mention.start, mention.end):
            realigned.append({**what, "reason": f"{alignment_mode} made it {span.text!r}"})
        taken.update(token.i for token in span)
        span._.score = mention.score
        span._.entity = mention.entity
        ents.append(span)
    doc.ents = ents
    doc._.entities = [{**asdict(entity), "aliases": list(entity.aliases)} for entity in document.entities]
    doc._.realigned = realigned
    doc._.unaligned = unaligned


def _kb_id(kb: dict[str, str] | None) -> str:
    """The id of Wikidata, as spaCy's own linker has it; else the first with its base before it; else nothing."""
    if not kb:
        return ""
    if "wikidata" in kb:
        return kb["wikidata"]
    base, id = next(iter(sorted(kb.items())))
    return f"{base}:{id}"
