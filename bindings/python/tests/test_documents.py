"""Documents, mentions, entities."""

from __future__ import annotations

import copy
import dataclasses
import json
import pickle
import subprocess
import sys
from pathlib import Path

import allonym
import pytest
from allonym import Doc, Entity, InputError, Mention

TEXT = "Łukasz 😀 Müller met Maria Lopez of the World Bank in Zürich 👩‍👩‍👧. Lopez left."


def test_offsets_are_those_of_python(tagger: allonym.Tagger, articles: list[str]) -> None:
    for text in [TEXT, *articles]:
        doc = tagger.tag(text)
        assert doc.text == text
        assert doc.mentions
        for mention in doc.mentions:
            assert text[mention.start : mention.end] == mention.text
    assert {"Maria Lopez", "World Bank", "Zürich"} <= {mention.text for mention in tagger.tag(TEXT).mentions}


def test_a_mention_does_not_change() -> None:
    mention = Mention(0, 4, "Oslo", "LOC")
    with pytest.raises(dataclasses.FrozenInstanceError):
        mention.start = 1  # type: ignore[misc]
    assert not hasattr(mention, "__dict__")
    assert mention == Mention(0, 4, "Oslo", "LOC", None, None) and hash(mention) == hash(copy.copy(mention))
    assert (mention.score, mention.entity) == (None, None)


def test_a_document_does_not_change(tagger: allonym.Tagger) -> None:
    doc = tagger.tag("Rain in Beirut.")
    for name in ("text", "mentions", "id", "anything"):
        with pytest.raises(AttributeError):
            setattr(doc, name, "x")


def test_documents_are_what_the_program_writes(tagger: allonym.Tagger) -> None:
    command = [sys.executable, "-m", "allonym", "tag", "eval/articles", "--quiet"]
    printed = subprocess.run(command, check=True, capture_output=True, encoding="utf-8").stdout.splitlines()
    ours = [tagger.tag(doc.text, id=doc.id) for doc in allonym.scan("eval/articles")]
    assert [doc.to_jsonl() for doc in ours] == printed
    assert [doc.to_dict() for doc in ours] == [json.loads(line) for line in printed]


def test_a_text_without_names_was_linked(tagger: allonym.Tagger) -> None:
    doc = tagger.tag("It rained.")
    assert (doc.linked, doc.mentions, doc.entities) == (True, (), ())
    assert doc.to_dict()["entities"] == []
    assert "entities" not in allonym.Tagger(link=False).tag("It rained.").to_dict()


@pytest.mark.parametrize(
    "mentions",
    [
        [Mention(8, 14, "Beirut", "LOC")],
        [(8, 14, "LOC")],
        [[8, 14, "LOC"]],
        [{"start": 8, "end": 14, "label": "LOC"}],
        [{"start": 8, "end": 14, "text": "Beirut", "label": "LOC"}],
    ],
)
def test_mentions_are_given_in_many_ways(mentions: list[object]) -> None:
    doc = Doc("Rain in Beirut", mentions)  # type: ignore[arg-type]
    assert doc.mentions == (Mention(8, 14, "Beirut", "LOC"),)
    assert (doc.id, doc.entities, doc.fields, doc.linked) == ("", (), {}, False)


def test_documents_are_made_of_all_their_parts() -> None:
    entity = Entity("e1", "Beirut", "LOC", ("Beirut",), 1, {"wikidata": "Q3820"})
    mention = Mention(8, 14, "Beirut", "LOC", 0.75, "e1")
    doc = Doc("Rain in Beirut", [mention], id="a", entities=[entity], fields={"url": "x", "n": 2**70}, context=(1, 2))
    assert (doc.mentions, doc.entities, doc.context) == ((mention,), (entity,), (1, 2))
    assert doc.fields == {"url": "x", "n": 2**70}
    assert Doc.from_dict(doc.to_dict()) == doc == Doc.from_jsonl(doc.to_jsonl())


@pytest.mark.parametrize("of", ["tagged", "made", "empty"])
def test_documents_are_pickled(of: str, tagger: allonym.Tagger) -> None:
    doc = {
        "tagged": tagger.tag(TEXT, id="a"),
        "made": Doc("Rain in Beirut", [(8, 14, "LOC", 0.5)], id=7, fields={"a": [1, {"b": None}]}, context={"k": "v"}),
        "empty": tagger.tag(""),
    }[of]
    for again in (pickle.loads(pickle.dumps(doc)), copy.copy(doc), copy.deepcopy(doc)):
        assert again == doc and hash(again) == hash(doc)
        assert again.to_jsonl() == doc.to_jsonl()
        assert (again.mentions, again.entities, again.context) == (doc.mentions, doc.entities, doc.context)
    assert doc != "another thing" and doc != tagger.tag("Another text.")


def test_lines_of_conll_are_pickled(tmp_path: Path) -> None:
    path = tmp_path / "a.conll"
    path.write_bytes(b"-DOCSTART- -X- O\r\n\r\n# a note\r\nRain NN O\r\nin IN O\r\nBeirut NNP B-LOC\r\n\r\n")
    doc = allonym.read(path)[0]
    again = pickle.loads(pickle.dumps(doc))
    assert again == doc
    allonym.write([again], tmp_path / "b.conll")
    # The lines as they were, and the tags of the mentions as one more column.
    assert (tmp_path / "b.conll").read_bytes() == (
        b"-DOCSTART- -X- O O\r\n\r\n# a note\r\nRain NN O O\r\nin IN O O\r\nBeirut NNP B-LOC B-LOC\r\n\r\n"
    )


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Doc("Rain in Beirut", [Mention(7, 13, "Beirut", "LOC")]), "expected \"Beirut\" at 7..13"),
        (lambda: Doc("Rain in Beirut", [(8, 99, "LOC")]), "99"),
        (lambda: Doc("Rain in Beirut", [(8, 14)]), "mention 0: expected (start, end, label)"),
        (lambda: Doc("Rain in Beirut", ["LOC"]), "mention 0: expected a Mention"),
        (lambda: Doc("Rain", fields={"text": "x"}), "fields: expected names that a document does not have"),
        (lambda: Doc("Rain", fields={"x": object()}), "expected values that JSON has, found object"),
        (lambda: Doc("Rain", fields={"x": float("nan")}), "expected values that JSON has"),
        (lambda: Doc("half \ud800 of a pair"), "half of a surrogate pair"),
        (lambda: Doc.from_dict({"id": 1}), "text"),
        (lambda: Doc.from_jsonl("{"), "expected"),
    ],
)
def test_what_is_wrong_is_said(make: object, message: str) -> None:
    with pytest.raises(InputError) as raised:
        make()  # type: ignore[operator]
    assert message in str(raised.value), str(raised.value)
    assert isinstance(raised.value, ValueError) and isinstance(raised.value, allonym.AllonymError)


def test_a_text_must_be_text(tagger: allonym.Tagger) -> None:
    for text in (None, 7, b"Rain"):
        with pytest.raises(TypeError):
            tagger.tag(text)  # type: ignore[arg-type]
    with pytest.raises(InputError, match="surrogate"):
        tagger.tag("half \udc00 of a pair")


def test_a_notebook_shows_the_page_in_a_frame(tagger: allonym.Tagger) -> None:
    doc = tagger.tag('<b>Rain</b> & "sun" in Beirut.')
    shown = doc._repr_html_()
    # Nothing of the page may stand outside of the attribute.
    assert shown.startswith('<iframe srcdoc="') and shown.endswith("</iframe>") and shown.count("<") == 2
    assert 'sandbox="allow-scripts' in shown and "allow-same-origin" not in shown
    assert "Beirut" in shown and "</html>" in doc.to_html()
    both = allonym.Docs([doc, doc])._repr_html_()
    assert both.count("Beirut") > shown.count("Beirut")


def test_names_are_compared() -> None:
    pair = allonym.compare("Abbas Araghchi", "عباس عراقچی")
    assert pair.is_same and pair.probability > 0.9 and pair.reasons
    assert not allonym.compare("Ruhollah Khomeini", "Ali Khamenei").is_same
    assert allonym.compare("", "x").reasons is not None
