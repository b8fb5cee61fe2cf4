"""Taggers: options, streams, errors."""

from __future__ import annotations

import logging
import os
import pickle
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import allonym
import pytest
from allonym import AllonymError, Doc, DocumentError, InputError, ModelNotFoundError, Tagger


def names(doc: Doc) -> list[str]:
    return [mention.text for mention in doc.mentions]


def test_options_say_what_is_found() -> None:
    text = "Maria Lopez of the World Bank flew from Geneva to Islamabad."
    assert names(Tagger(labels=["per"]).tag(text)) == ["Maria Lopez"]
    assert Tagger(labels=["PER", "ORG"]).labels == ["PER", "ORG"]
    assert Tagger(min_score=1.0).tag(text).mentions == ()
    assert Tagger(head="worldwide").tag(text).mentions
    assert Tagger().heads[0] == "clean"
    assert Tagger(threads=1).threads == 1
    unlinked = Tagger(link=False).tag(text)
    assert unlinked.entities == () and unlinked.mentions[0].entity is None
    assert Tagger("news-en-small").tag(text) == Tagger().tag(text)
    # The folder has the weights in sixteen bits, the package in eight and five: other scores.
    of_folder = Tagger("models/news-en-small").tag(text).mentions
    assert [(m.start, m.text, m.label) for m in of_folder] == [(m.start, m.text, m.label) for m in Tagger().tag(text).mentions]


@pytest.mark.parametrize(
    ("make", "kind", "message"),
    [
        (lambda: Tagger("no-such-model"), ModelNotFoundError, "no-such-model"),
        (lambda: Tagger("no-such-model"), FileNotFoundError, "no-such-model"),
        (lambda: Tagger("no-such-model"), ValueError, "no-such-model"),
        (lambda: Tagger("eval"), AllonymError, "config.json"),
        (lambda: Tagger(head="nobody"), InputError, "expected one of clean"),
        (lambda: Tagger(labels=["CITY"]), InputError, "expected one of PER"),
        (lambda: Tagger(labels="PER"), InputError, "expected a list of labels"),
        (lambda: Tagger(min_score=1.5), InputError, "from 0 to 1, found 1.5"),
        (lambda: Tagger(threads=0), InputError, "at least 1 thread"),
        (lambda: Tagger("news-en-small", language="en"), InputError, "expected a model or a language, found both"),
        (lambda: Tagger(language="xx"), ModelNotFoundError, "a language that a model here is for (news-en-small: en"),
    ],
)
def test_options_that_do_not_fit_are_errors(make: object, kind: type[Exception], message: str) -> None:
    with pytest.raises(kind) as raised:
        make().tag("Rain.")  # type: ignore[operator]
    assert message in str(raised.value)


def test_a_tagger_is_pickled_as_its_options() -> None:
    tagger = Tagger("news-en-small", "clean", ["LOC"], 1, min_score=0.25, link=False)
    again = pickle.loads(pickle.dumps(tagger))
    assert repr(again) == repr(tagger) and "min_score=0.25" in repr(tagger)
    assert pickle.dumps(again) == pickle.dumps(tagger)
    assert again.tag("Rain in Beirut.") == tagger.tag("Rain in Beirut.")
    assert len(pickle.dumps(tagger)) < 500
    assert repr(Tagger()) == "Tagger()"


ENGLISH = "Foreign Minister Maria Lopez of Uruguay told reporters in Geneva that the talks between the two sides went well."
PERSIAN = "عباس عراقچی وزیر امور خارجه ایران روز دوشنبه برای دیدار با همتای عمانی خود وارد مسقط شد."


def test_the_language_chooses_the_model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALLONYM_MODELS", os.path.abspath("models"))
    auto, multi = Tagger(language="auto"), Tagger("news-multi")
    assert auto.tag(ENGLISH) == Tagger().tag(ENGLISH)
    assert auto.tag(PERSIAN) == multi.tag(PERSIAN)
    assert "عباس عراقچی" in names(auto.tag(PERSIAN))
    assert [doc.mentions for doc in auto.pipe([PERSIAN, ENGLISH])] == [auto.tag(text).mentions for text in (PERSIAN, ENGLISH)]
    assert Tagger(language="fa").tag(PERSIAN) == multi.tag(PERSIAN)
    assert Tagger(language="en").tag(ENGLISH) == Tagger().tag(ENGLISH)
    again = pickle.loads(pickle.dumps(auto))
    assert repr(again) == "Tagger(language='auto')" and again.tag(PERSIAN) == auto.tag(PERSIAN)


def test_many_texts_come_out_in_order(tagger: Tagger, articles: list[str]) -> None:
    texts = articles * 20
    found = list(tagger.pipe(texts))
    assert [doc.text for doc in found] == texts
    assert [doc.id for doc in found] == [str(nth) for nth in range(len(texts))]
    for text, doc in zip(texts[: len(articles)], found):
        assert tagger.tag(text).mentions == doc.mentions
    for batch_size in (1, 7):
        assert [doc.mentions for doc in tagger.pipe(texts, batch_size=batch_size)] == [doc.mentions for doc in found]
    assert list(tagger.pipe([])) == []


def test_texts_come_in_many_ways(tagger: Tagger) -> None:
    doc = Doc("Rain in Beirut.", [(0, 4, "MISC")], id="d", fields={"n": 1})
    items = ["Fog in Oslo.", ("Snow in Bern.", {"k": 1}), {"id": 7, "text": "Fog in Rome.", "x": [1]}, {"text": "Wind in Lima."}, doc]
    found = list(tagger.pipe(items))
    assert [names(one) for one in found] == [["Oslo"], ["Bern"], ["Rome"], ["Lima"], ["Beirut"]]
    assert [one.id for one in found] == ["0", "1", "7", "3", "d"]
    assert [one.context for one in found] == [None, {"k": 1}, None, None, None]
    assert [one.fields for one in found] == [{}, {}, {"x": [1]}, {}, {"n": 1}]
    pairs = list(tagger.pipe([("Fog in Oslo.", "a"), ({"text": "Fog in Rome."}, "b")], as_tuples=True))
    assert [(names(one), context) for one, context in pairs] == [(["Oslo"], "a"), (["Rome"], "b")]
    rows = list(tagger.pipe([{"url": "u", "body": "Fog in Oslo."}], text="body", id="url"))
    assert (rows[0].id, rows[0].text) == ("u", "Fog in Oslo.")


BAD = ["Rain in Beirut.", None, "half \ud800", 7, {"id": "x", "body": "no text"}, {"text": None}, b"Rain", float("nan"), "Fog in Oslo."]


def test_a_bad_document_costs_one_document(tagger: Tagger, caplog: pytest.LogCaptureFixture) -> None:
    found = list(tagger.pipe(BAD, on_error="return"))
    assert len(found) == len(BAD)
    good = [nth for nth, one in enumerate(found) if isinstance(one, Doc)]
    assert good == [0, len(BAD) - 1]
    for nth, one in enumerate(found):
        if nth not in good:
            assert isinstance(one, DocumentError) and one.index == nth, one
            assert str(one).startswith(f"document {nth}"), one
    assert found[4].id == "x"  # type: ignore[union-attr]
    assert "expected a text" in str(found[1]) and "surrogate" in str(found[2])

    with caplog.at_level(logging.WARNING, "allonym"):
        assert [one.text for one in tagger.pipe(BAD, on_error="skip")] == [BAD[0], BAD[-1]]
    assert len(caplog.records) == len(BAD) - 2 and "document 1" in caplog.text

    stream = tagger.pipe(BAD)
    assert next(stream).text == BAD[0]
    with pytest.raises(DocumentError) as raised:
        next(stream)
    assert raised.value.index == 1

    contexts = [context for _, context in tagger.pipe([(item, nth) for nth, item in enumerate(BAD)], as_tuples=True, on_error="return")]
    assert contexts == list(range(len(BAD)))


def test_document_errors_are_pickled() -> None:
    error = DocumentError("no text", index=3, id="x")
    again = pickle.loads(pickle.dumps(error))
    assert (str(again), again.index, again.id) == (str(error), 3, "x") == ("document 3 (id 'x'): no text", 3, "x")


def test_what_the_input_raises_comes_after_what_it_gave(tagger: Tagger) -> None:
    def items() -> Iterator[str]:
        yield "Rain in Beirut."
        yield "Fog in Oslo."
        raise RuntimeError("the feed broke")

    found = []
    with pytest.raises(RuntimeError, match="the feed broke"):
        for doc in tagger.pipe(items()):
            found.append(names(doc))
    assert found == [["Beirut"], ["Oslo"]]


@pytest.mark.parametrize("options", [{"on_error": "ignore"}, {"batch_size": 0}])
def test_options_of_streams_are_checked_at_once(tagger: Tagger, options: dict[str, object]) -> None:
    with pytest.raises(InputError):
        tagger.pipe([], **options)  # type: ignore[call-overload]
    with pytest.raises(InputError, match="expected many texts, found one"):
        tagger.pipe("Rain in Beirut.")


def test_little_is_read_ahead(tagger: Tagger, articles: list[str]) -> None:
    n_read = 0

    def endless() -> Iterator[str]:
        nonlocal n_read
        while True:
            n_read += 1
            yield articles[0]

    stream = tagger.pipe(endless())
    for _ in range(3):
        next(stream)
    # 4 chunks of 64 KiB for each of two threads.
    assert n_read <= 2 + 4 * 2 * (1 << 16) / len(articles[0]) + 3, n_read
    n_read = 0
    stream = tagger.pipe(endless(), batch_size=5)
    next(stream)
    assert n_read <= 5


def test_a_feed_that_pauses_gets_its_results(tagger: Tagger) -> None:
    tagger.load()
    given: list[float] = []

    def feed() -> Iterator[str]:
        for nth in range(5):
            given.append(time.monotonic())
            yield f"Day {nth}: rain in Beirut."
            time.sleep(0.2)

    late = []
    for nth, _ in enumerate(tagger.pipe(feed(), batch_size=1)):
        late.append(time.monotonic() - given[nth])
    assert max(late) < 0.2, late


def test_one_tagger_serves_many_threads(tagger: Tagger, articles: list[str]) -> None:
    want = [tagger.tag(text) for text in articles]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(tagger.tag, articles * 8)) == want * 8
        streams = pool.map(lambda _: list(tagger.pipe(articles)), range(4))
        assert all([doc.mentions for doc in stream] == [doc.mentions for doc in want] for stream in streams)


def test_the_lock_of_the_interpreter_is_released(tagger: Tagger, articles: list[str]) -> None:
    text = "\n\n".join(articles) * 20
    tagger.tag("Rain.")
    ticks, done = 0, threading.Event()

    def tick() -> None:
        nonlocal ticks
        while not done.is_set():
            ticks += 1
            time.sleep(0.001)

    ticker = threading.Thread(target=tick)
    ticker.start()
    began = time.monotonic()
    tagger.tag(text)
    seconds = time.monotonic() - began
    done.set()
    ticker.join()
    assert ticks > 50 * seconds, (ticks, seconds)


def test_progress_is_shown_when_asked_for(tagger: Tagger, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    list(tagger.pipe(["Rain."] * 3))
    assert capsys.readouterr().err == ""
    monkeypatch.setitem(sys.modules, "tqdm.auto", None)
    assert len(list(tagger.pipe(["Rain."] * 3, progress=True))) == 3
    assert "3 of 3 documents" in capsys.readouterr().err
