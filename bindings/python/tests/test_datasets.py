from dataclasses import asdict

import pytest

import allonym

datasets = pytest.importorskip("datasets")
pa = pytest.importorskip("pyarrow")

TEXTS = [f"Day {n}: Rafael Grossi 😀 flew from Geneva to Łódź." for n in range(12)]


@pytest.fixture
def dataset():
    return datasets.Dataset.from_dict({"id": list(range(12)), "body": TEXTS, "paper": ["Gazette"] * 12})


def expected():
    documents = allonym.Tagger(threads=1).pipe(TEXTS)
    # Columns have scores in single precision.
    return [
        [(m.start, m.end, m.text, m.label, pytest.approx(m.score, abs=1e-6), m.entity) for m in document.mentions]
        for document in documents
    ]


def flat(rows):
    keys = ("start", "end", "text", "label", "score", "entity")
    return [[tuple(mention[key] for key in keys) for mention in row] for row in rows]


def tag_arrow(table, tagger):
    return pa.table(tagger.tag_arrow(table, text="body"))


def tag_dict(batch, tagger):
    documents = tagger.pipe(batch["body"])
    return {"mentions": [[asdict(mention) for mention in document.mentions] for document in documents]}


@pytest.mark.parametrize("num_proc", [None, 2])
def test_map_with_arrow(dataset, num_proc):
    arrow = dataset.with_format("arrow")
    tagged = arrow.map(
        tag_arrow, batched=True, batch_size=5, num_proc=num_proc, fn_kwargs={"tagger": allonym.Tagger(threads=1)}
    ).with_format(None)
    assert tagged.column_names[:3] == ["id", "body", "paper"]
    assert tagged["id"][:] == list(range(12))
    assert flat(tagged["mentions"][:]) == expected()


@pytest.mark.parametrize("num_proc", [None, 2])
def test_map_with_lists(dataset, num_proc):
    tagger = allonym.Tagger(threads=1)
    tagged = dataset.map(tag_dict, batched=True, num_proc=num_proc, fn_kwargs={"tagger": tagger})
    assert tagged["id"][:] == list(range(12))
    assert flat(tagged["mentions"][:]) == expected()


def test_a_tagger_that_was_used_is_cached_as_before():
    from datasets.fingerprint import Hasher

    used = allonym.Tagger(threads=1)
    used.tag("Rain in Beirut.")
    assert Hasher.hash(used) == Hasher.hash(allonym.Tagger(threads=1))
    assert Hasher.hash(used) != Hasher.hash(allonym.Tagger(threads=1, labels=["LOC"]))


def test_the_page(tmp_path, monkeypatch):
    import pages
    from newsroom import ROOT

    monkeypatch.chdir(tmp_path)
    assert pages.run(ROOT / "docs/datasets.md") > 4
