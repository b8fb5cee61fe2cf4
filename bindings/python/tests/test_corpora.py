"""Files, linking, scores, and the shape of Hugging Face."""

from __future__ import annotations

import json
import pickle
import subprocess
import sys
from pathlib import Path

import allonym
import pytest
from allonym import Doc, Docs, InputError, MissingFileError, Tagger, hf


@pytest.fixture(scope="module")
def gold() -> Docs[Doc]:
    from conftest import ROOT

    return allonym.read(ROOT / "eval/gold")


def program(*arguments: str | Path) -> str:
    command = [sys.executable, "-m", "allonym", *map(str, arguments)]
    return subprocess.run(command, check=True, capture_output=True, encoding="utf-8").stdout


@pytest.mark.parametrize("format", ["jsonl", "conll", "brat", "html", "tsv", "csv", "spacy", "doccano", "prodigy", "label-studio", "hf"])
def test_every_format_is_written_and_read_as_the_program_does(format: str, gold: Docs[Doc], tmp_path: Path) -> None:
    name = {"html": "a.html", "tsv": "a.tsv", "csv": "a.csv", "brat": "folder"}.get(format, "a.jsonl" if format != "conll" else "a.conll")
    ours, theirs = tmp_path / "ours" / name, tmp_path / "theirs" / name
    ours.parent.mkdir()
    theirs.parent.mkdir()
    assert allonym.write(gold, ours, format) == len(gold)
    program("convert", "eval/gold", "--to", format, "-o", theirs, "--quiet")
    files = sorted(path.relative_to(theirs) for path in theirs.rglob("*")) if theirs.is_dir() else [Path()]
    for file in files:
        assert (ours / file).read_bytes() == (theirs / file).read_bytes()
    if format in ("html", "tsv", "csv"):
        return
    again = allonym.read(ours, None if format in ("brat", "conll") else format)
    assert len(again) == len(gold) and sum(len(doc.mentions) for doc in again) > 1500
    if format == "jsonl":
        assert again == gold


def test_names_tell_the_format(gold: Docs[Doc], tmp_path: Path) -> None:
    gold.write(tmp_path / "a.jsonl.zst")
    assert allonym.read(tmp_path / "a.jsonl.zst") == gold
    assert (tmp_path / "a.jsonl.zst").stat().st_size < 400_000
    allonym.write(gold[0], tmp_path / "a.csv", fields=[])
    allonym.write((doc for doc in gold), tmp_path / "a.tsv")
    assert (tmp_path / "a.tsv").read_text(encoding="utf-8").startswith("doc\tstart\tend\tlabel\ttext")
    with pytest.raises(InputError, match="expected a name that tells the format"):
        allonym.write(gold, tmp_path / "a.xyz")
    with pytest.raises(InputError, match="expected text, jsonl, conll"):
        allonym.write(gold, tmp_path / "a", "xml")
    with pytest.raises(InputError, match="expected a Doc, found str"):
        allonym.write(["Rain"], tmp_path / "b.jsonl")  # type: ignore[list-item]
    assert not (tmp_path / "b.jsonl").exists()
    with pytest.raises(OSError):
        allonym.write(gold, tmp_path / "no" / "folder" / "a.jsonl")


def test_what_cannot_be_read_costs_one_document(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"id": "a", "text": "Rain"}\n{"text": 7}\n{"id": "c", "text": "Sun"}\n', encoding="utf-8")
    with pytest.raises(InputError, match="a.jsonl:2"):
        allonym.read(path)
    assert [doc.id for doc in allonym.read(path, on_error="skip")] == ["a", "c"] and "a.jsonl:2" in caplog.text
    found = allonym.read(path, on_error="return")
    assert [type(one).__name__ for one in found] == ["Doc", "InputError", "Doc"]
    for kind in (MissingFileError, FileNotFoundError, allonym.AllonymError):
        with pytest.raises(kind, match="no-such-file"):
            allonym.read("no-such-file.jsonl")
    assert [doc.id for doc in allonym.read([path, str(path)], on_error="skip")] == ["a", "c", "a", "c"]
    rows = tmp_path / "b.jsonl"
    rows.write_text('{"url": "u", "body": "Rain"}\n', encoding="utf-8")
    assert allonym.read(rows, text="body", id="url")[0].id == "u"


def test_linking_is_that_of_the_program(gold: Docs[Doc], tmp_path: Path) -> None:
    table = tmp_path / "entities.jsonl"
    printed = program("link", "eval/gold", "--quiet", "--entities", table)
    linked = allonym.link(gold)
    assert [doc.to_jsonl() for doc in linked] == printed.splitlines()
    rows = [json.loads(line) for line in table.read_text(encoding="utf-8").splitlines()]
    assert [(e.id, e.name, e.label, e.mentions, e.documents) for e in linked.entities] == [
        (row["id"], row["name"], row["label"], row["mentions"], row["documents"]) for row in rows
    ]
    assert linked.explain(linked.entities[0]).startswith(linked.entities[0].id)
    again = pickle.loads(pickle.dumps(linked))
    assert list(again) == list(linked) and again.entities == linked.entities
    # A copy of the copy too.
    for copied in (again, pickle.loads(pickle.dumps(again))):
        assert [copied.explain(e) for e in linked.entities] == [linked.explain(e) for e in linked.entities]
        with pytest.raises(InputError, match="expected the id of one of"):
            copied.explain("nobody")
    with pytest.raises(InputError, match="expected the id of one of"):
        linked.explain("nobody")
    within = allonym.link(gold, within=True)
    assert [doc.to_jsonl() for doc in within] == program("link", "eval/gold", "--quiet", "--within").splitlines()


def person(name: str) -> Doc:
    return Doc(name, [(0, len(name), "PER")], id=name)


def test_what_users_know_goes_into_linking(tmp_path: Path) -> None:
    docs = [person("Abbas Aragchi"), person("Nawaz Sharif"), person("Nawaz Shareef")]
    n_entities = lambda **options: len(allonym.link(docs, **options).entities)  # noqa: E731
    assert n_entities() == 2
    assert n_entities(never=[("Nawaz Sharif", "Nawaz Shareef")]) == 3
    forced = allonym.link(docs, same=[("Abbas Aragchi", "Nawaz Sharif")])
    assert forced[0].mentions[0].entity == forced[1].mentions[0].entity
    rows = [{"name": "Abbas Araghchi", "aliases": ["Araghchi"], "label": "PER", "id": "person-7"}]
    path = tmp_path / "names.tsv"
    path.write_text("canonical\tlabel\tid\nAbbas Araghchi\tPER\tperson-7\n", encoding="utf-8")
    for given in ({"aliases": rows}, {"kb": rows}, {"aliases": path}, {"aliases": str(path)}):
        entity = allonym.link(docs, **given)[0].entities[0]  # type: ignore[arg-type]
        assert (entity.name, entity.kb) == ("Abbas Araghchi", {"user": "person-7"})
    for options, message in [
        ({"never": [("Bonn", "bonn")]}, "expected two names that differ"),
        ({"never": ["Bonn"]}, "never: expected pairs of names"),
        ({"kb": [{"name": "Abbas Araghchi"}]}, "expected an id"),
        ({"threshold": 0.5}, "expected aliases or kb beside it"),
    ]:
        with pytest.raises(InputError, match=message):
            allonym.link(docs, **options)  # type: ignore[arg-type]
    with pytest.raises(FileNotFoundError):
        allonym.link(docs, aliases="no-such-file.tsv")
    with pytest.raises(InputError, match="expected a Doc at 0"):
        allonym.link(["Rain"])  # type: ignore[list-item]


def test_scores_are_those_of_the_program(gold: Docs[Doc], tmp_path: Path) -> None:
    tagger = Tagger(labels=["PER", "ORG", "LOC"], link=False)
    predicted = list(tagger.pipe(gold))
    report = allonym.score(gold, predicted, samples=100)
    assert report.f1 is not None and report.f1 > 0.9
    told = json.loads(program("eval", "eval/gold", "--model", "news-en-small", "--labels", "PER,ORG,LOC", "--report", "json", "--samples", "100", "--quiet"))
    ours = allonym.score(gold, predicted, labels=["PER", "ORG", "LOC"], samples=100)
    assert ours.metrics == told["metrics"]
    assert set(ours.labels) == {"PER", "ORG", "LOC"} and ours.overall.gold == 1956
    frame = ours.to_pandas()
    assert list(frame["label"]) == ["LOC", "ORG", "PER", "all"] and frame["f1"].iloc[-1] == ours.f1
    assert ours.to_html(tmp_path / "report.html") == (tmp_path / "report.html").read_text(encoding="utf-8")
    assert ours._repr_html_().startswith("<iframe") and "F1" in str(ours) and "F1" in ours.to_markdown() and "F1" in repr(ours)
    both = allonym.score(gold, {"ours": predicted, "none": [Doc(doc.text, id=doc.id) for doc in gold]}, samples=0)
    assert list(both.to_pandas()["system"].unique()) == ["ours", "none"] and len(both.to_dict()["differences"]) == 1
    mapped = allonym.score([Doc("Oslo", [(0, 4, "LOC")])], [Doc("Oslo", [(0, 4, "GPE")])], label_map={"GPE": "LOC"})
    assert mapped.f1 == 1.0


# What seqeval 1.2.2 gives for these: precision, recall, F1 of classification_report's micro average.
SEQUENCES = [
    ([["B-PER", "I-PER", "O", "B-LOC"], ["O", "B-ORG"]], [["B-PER", "I-PER", "O", "I-LOC"], ["O", "O"]], {}, (1.0, 2 / 3, 0.8)),
    ([["B-PER", "I-PER", "O", "B-LOC"], ["O", "B-ORG"]], [["B-PER", "I-PER", "O", "I-LOC"], ["O", "O"]], {"strict": True}, (1.0, 1 / 3, 0.5)),
    ([["B-PER", "E-PER", "O", "S-LOC"]], [["B-PER", "E-PER", "O", "S-ORG"]], {"strict": True}, (0.5, 0.5, 0.5)),
    ([["B-PER", "L-PER", "U-LOC"]], [["B-PER", "L-PER", "U-LOC"]], {}, (1.0, 1.0, 1.0)),
    ([["B-PER", "B-PER"], ["I-PER"]], [["B-PER", "I-PER"], ["I-PER"]], {}, (0.5, 1 / 3, 0.4)),
]


@pytest.mark.parametrize(("gold", "predicted", "options", "want"), SEQUENCES)
def test_label_sequences(gold: list[list[str]], predicted: list[list[str]], options: dict[str, bool], want: tuple[float, ...]) -> None:
    report = allonym.score(gold, predicted, **options)  # type: ignore[arg-type]
    assert (report.precision, report.recall, report.f1) == pytest.approx(want)
    assert "F1" in report.to_html()


def test_label_sequences_that_do_not_fit_are_errors(gold: Docs[Doc]) -> None:
    for one, two, message in [
        ([["O"]], [["O"], ["O"]], "predicted: expected 1 sentences, as the gold has, found 2"),
        ([["O", "O"]], [["O"]], "predicted: sentence 0: expected 2 tokens, as the gold has, found 1"),
        ([["O"]], [["B PER"]], "expected a token and a tag without blanks"),
        (["B-PER"], ["B-PER"], "expected a Doc or a list of tags at 0, found str"),
        (gold, [["O"]], "expected all sides as documents or all as lists of tags"),
        (gold, list(gold)[1:], "expected document"),
    ]:
        with pytest.raises(InputError) as raised:
            allonym.score(one, two)  # type: ignore[arg-type]
        assert message in str(raised.value)
    undefined = allonym.score([["O", "O"]], [["O", "O"]])
    assert (undefined.f1, undefined.precision, undefined.recall) == (None, None, None)


def test_the_shape_of_a_pipeline_of_hugging_face() -> None:
    ner = hf.pipeline("ner", aggregation_strategy="max", labels=["LOC"])
    text = "Łukasz flew from Zürich to Oslo."
    found = ner(text)
    assert [list(group) for group in found] == [["entity_group", "score", "word", "start", "end"]] * 2
    assert [text[group["start"] : group["end"]] for group in found] == [group["word"] for group in found] == ["Zürich", "Oslo"]
    assert ner([text, "Rain."]) == [found, []]
    stream = ner(iter([text] * 3), batch_size=1)
    assert next(iter(stream)) == found
    for make in (lambda: hf.pipeline("summarization"), lambda: hf.pipeline(aggregation_strategy="none"), lambda: ner(text, stride=3)):
        with pytest.raises(InputError):
            make()
