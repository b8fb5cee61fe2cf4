import os
import pickle
from dataclasses import asdict

import pytest

import allonym

spacy = pytest.importorskip("spacy")

from spacy.tokens import DocBin, Span  # noqa: E402

from allonym.spacy import AllonymComponent, from_doc, to_doc  # noqa: E402

TEXT = "Abbas Araghchi met Rafael Grossi in Iran. 😀 Araqchi then flew to Łódź with Delta Hydraulics Inc officials."


@pytest.fixture(scope="module")
def nlp():
    nlp = spacy.blank("en")
    nlp.add_pipe("allonym", config={"threads": 1})
    return nlp


def summary(doc):
    return [(ent.text, ent.label_, ent.kb_id_, ent._.entity, ent._.score) for ent in doc.ents]


def test_sets_entities_with_ids_scores_and_what_they_link_to(nlp):
    doc = nlp(TEXT)
    document = allonym.Tagger(threads=1).tag(TEXT)
    assert [(e.start_char, e.end_char, e.label_) for e in doc.ents] == [
        (m.start, m.end, m.label) for m in document.mentions
    ]
    assert [e._.score for e in doc.ents] == [m.score for m in document.mentions]
    assert [e._.entity for e in doc.ents] == [m.entity for m in document.mentions]
    assert doc._.entities == [{**asdict(entity), "aliases": list(entity.aliases)} for entity in document.entities]
    assert doc._.realigned == [] and doc._.unaligned == []
    of = {ent.text: ent for ent in doc.ents}
    assert of["Iran"].kb_id_ == "Q794", "Wikidata's id, as it is"
    assert of["Abbas Araghchi"]._.entity == of["Araqchi"]._.entity
    assert of["Abbas Araghchi"].kb_id_ == ""


def test_the_entry_point_finds_the_factory():
    import subprocess
    import sys

    code = "import spacy; nlp = spacy.blank('en'); nlp.add_pipe('allonym'); print(len(nlp('Rain in Beirut.').ents))"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd="/", timeout=120)
    assert out.stdout.strip() == "1", out.stderr


@pytest.mark.parametrize(
    ("mode", "text", "n_realigned", "n_unaligned"),
    [("expand", "Maria-Lopezxyz", 1, 0), ("contract", None, 0, 1), ("strict", None, 0, 1)],
)
def test_a_mention_that_cuts_a_token(mode, text, n_realigned, n_unaligned):
    nlp = spacy.blank("en")
    nlp.tokenizer = spacy.tokenizer.Tokenizer(nlp.vocab)  # by blanks alone
    words = "Maria-Lopezxyz met Rafael Grossi."
    document = allonym.Doc(words, mentions=[mention(words, "Lopez", "PER"), mention(words, "Rafael", "PER")])
    doc = to_doc(document, nlp, alignment_mode=mode)
    assert [ent.text for ent in doc.ents] == [*([text] if text else []), "Rafael"]
    assert (len(doc._.realigned), len(doc._.unaligned)) == (n_realigned, n_unaligned)
    for what in doc._.realigned + doc._.unaligned:
        assert words[what["start"] : what["end"]] == what["text"] == "Lopez"
        assert what["reason"]


def test_two_mentions_of_one_token_are_one_entity_and_one_reason():
    nlp = spacy.blank("en")
    nlp.tokenizer = spacy.tokenizer.Tokenizer(nlp.vocab)
    words = "The Iran-Oman border"
    document = allonym.Doc(words, mentions=[mention(words, "Iran", "LOC"), mention(words, "Oman", "LOC")])
    doc = to_doc(document, nlp)
    assert [ent.text for ent in doc.ents] == ["Iran-Oman"]
    assert [what["text"] for what in doc._.unaligned] == ["Oman"]
    assert "another entity" in doc._.unaligned[0]["reason"]


def test_a_mode_that_does_not_exist_is_an_error():
    with pytest.raises(ValueError, match="alignment_mode: expected one of strict, contract, expand, found 'widen'"):
        spacy.blank("en").add_pipe("allonym", config={"alignment_mode": "widen"})


def test_entities_that_are_there_are_kept_on_request():
    nlp = spacy.blank("en")
    nlp.add_pipe("entity_ruler").add_patterns([{"label": "HERO", "pattern": "Rafael Grossi"}])
    nlp.add_pipe("allonym", config={"overwrite_ents": False, "threads": 1})
    doc = nlp(TEXT)
    labels = {ent.text: ent.label_ for ent in doc.ents}
    assert labels["Rafael Grossi"] == "HERO" and labels["Iran"] == "LOC"
    assert [what["text"] for what in doc._.unaligned] == ["Rafael Grossi"]
    assert {ent.text: ent.label_ for ent in spacy_with_ruler()(TEXT).ents}["Rafael Grossi"] == "PER"


def spacy_with_ruler():
    nlp = spacy.blank("en")
    nlp.add_pipe("entity_ruler").add_patterns([{"label": "HERO", "pattern": "Rafael Grossi"}])
    nlp.add_pipe("allonym", config={"threads": 1})
    return nlp


def test_pipe_gives_what_calls_give_in_order(nlp):
    texts = [f"Day {n}: {TEXT}" for n in range(20)] + ["", "nothing here"]
    expected = [summary(nlp(text)) for text in texts]
    assert [summary(doc) for doc in nlp.pipe(texts, batch_size=7)] == expected
    pairs = list(nlp.pipe(((text, n) for n, text in enumerate(texts)), as_tuples=True))
    assert [n for _, n in pairs] == list(range(len(texts)))


def test_two_processes_give_what_one_gives(nlp):
    texts = [f"Day {n}: {TEXT}" for n in range(12)]
    expected = [(summary(doc), doc._.entities, doc._.unaligned) for doc in nlp.pipe(texts)]
    docs = nlp.pipe(texts, n_process=2, batch_size=3)
    assert [(summary(doc), doc._.entities, doc._.unaligned) for doc in docs] == expected


def test_one_document_that_fails_costs_one_document():
    class Fails:
        def __init__(self, tagger):
            self._tagger = tagger

        def tag(self, text):
            if "bad" in text:
                raise ValueError("a bad text")
            return self._tagger.tag(text)

        def pipe(self, texts, on_error):
            assert on_error == "return"
            for text in texts:
                try:
                    yield self.tag(text)
                except ValueError as error:
                    yield error

    nlp = spacy.blank("en")
    nlp.add_pipe("allonym").tagger = Fails(allonym.Tagger(threads=1))
    texts = ["Rain in Beirut.", "bad", "Snow in Oslo."]
    with pytest.raises(ValueError, match="a bad text"):
        list(nlp.pipe(texts))
    seen = []
    nlp.set_error_handler(lambda name, proc, docs, error: seen.append((name, [doc.text for doc in docs], str(error))))
    assert [doc.ents[0].text for doc in nlp.pipe(texts)] == ["Beirut", "Oslo"]
    assert seen == [("allonym", ["bad"], "a bad text")]


def test_a_pipeline_comes_back_from_disk_and_bytes(tmp_path, nlp):
    labelled = spacy.blank("en")
    labelled.add_pipe("allonym", config={"labels": ["LOC"], "threads": 1, "alignment_mode": "strict"})
    labelled.to_disk(tmp_path / "pipeline")
    again = spacy.load(tmp_path / "pipeline")
    assert [ent.label_ for ent in again(TEXT).ents] == [ent.label_ for ent in labelled(TEXT).ents] == ["LOC", "LOC"]
    assert again.get_pipe("allonym").alignment_mode == "strict"
    fresh = spacy.blank("en")
    fresh.add_pipe("allonym")
    fresh.from_bytes(labelled.to_bytes())
    assert [ent.label_ for ent in fresh(TEXT).ents] == ["LOC", "LOC"]
    component = pickle.loads(pickle.dumps(labelled.get_pipe("allonym")))
    assert isinstance(component, AllonymComponent) and component.alignment_mode == "strict"
    config = labelled.config["components"]["allonym"]
    assert (config["factory"], config["labels"]) == ("allonym", ["LOC"])


def test_a_model_in_a_folder_moves_with_the_pipeline(tmp_path):
    from newsroom import ROOT

    model = ROOT / "models/news-en-small"
    nlp = spacy.blank("en")
    nlp.add_pipe("allonym", config={"model": os.fspath(model), "threads": 1})
    nlp.to_disk(tmp_path / "pipeline")
    (tmp_path / "pipeline").rename(tmp_path / "moved")
    again = spacy.load(tmp_path / "moved")
    assert again.get_pipe("allonym")._config()["model"] == os.fspath(tmp_path / "moved/allonym/model")
    assert [ent.text for ent in again(TEXT).ents] == [ent.text for ent in nlp(TEXT).ents]


def test_gold_of_a_docbin_is_scored(tmp_path, nlp):
    gold_docs = []
    for number, place in enumerate(["Beirut", "Oslo", "Łódź"]):
        doc = nlp.make_doc(f"Clara Dunn 😀 moved to {place}.")
        doc.ents = [Span(doc, 0, 2, label="PER"), *([Span(doc, 5, 6, label="LOC")] if number else [])]
        gold_docs.append(doc)
    DocBin(docs=gold_docs).to_disk(tmp_path / "gold.spacy")
    docs = list(DocBin().from_disk(tmp_path / "gold.spacy").get_docs(nlp.vocab))
    gold = [from_doc(doc, str(number)) for number, doc in enumerate(docs)]
    predicted = [from_doc(nlp(doc.text), str(number)) for number, doc in enumerate(docs)]
    for document in gold:
        assert all(document.text[m.start : m.end] == m.text for m in document.mentions)
    assert allonym.score(gold, gold).f1 == 1.0
    assert 0.8 < allonym.score(gold, predicted).f1 < 1.0, "Beirut is not in the gold"


def test_there_and_back(nlp):
    document = allonym.Tagger(threads=1).tag(TEXT)
    again = from_doc(to_doc(document, nlp), id=document.id)
    assert again.text == document.text
    assert [(m.start, m.end, m.text, m.label, m.score, m.entity) for m in again.mentions] == [
        (m.start, m.end, m.text, m.label, m.score, m.entity) for m in document.mentions
    ]


def mention(text, name, label):
    start = text.index(name)
    return allonym.Mention(start=start, end=start + len(name), text=name, label=label)


def test_the_page(tmp_path, monkeypatch):
    import pages
    from newsroom import ROOT

    monkeypatch.chdir(tmp_path)
    assert pages.run(ROOT / "docs/spacy.md") > 10
