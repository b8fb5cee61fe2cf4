"""Processes, signals, and what an import does."""

from __future__ import annotations

import multiprocessing
import os
import pickle
import signal
import subprocess
import sys
import time
from pathlib import Path

import allonym
import pytest

TEXT = "Abbas Araghchi landed in Muscat. Araqchi met Omani officials."
LINUX = sys.platform.startswith("linux")


def in_child(tagger: allonym.Tagger, texts: list[str]) -> list[tuple[str, ...]]:
    one = tagger.tag(texts[0])
    many = list(tagger.pipe(texts))
    assert one.mentions == many[0].mentions
    allonym.link(many)
    return [tuple(mention.text for mention in doc.mentions) for doc in many]


@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
def test_taggers_work_in_other_processes(method: str, articles: list[str]) -> None:
    if method not in multiprocessing.get_all_start_methods():
        pytest.skip(f"no {method} here")
    tagger = allonym.Tagger(threads=2)
    texts = articles * 4
    # The pool has run, and a stream is half read.
    want = in_child(tagger, texts)
    stream = tagger.pipe(texts)
    next(stream)
    context = multiprocessing.get_context(method)
    with context.Pool(2) as pool:
        for found in [pool.apply_async(in_child, (tagger, texts)) for _ in range(4)]:
            assert found.get(timeout=120) == want
        # A bound method is pickled for each task.
        docs = pool.map_async(tagger.tag, texts, chunksize=1).get(timeout=120)
    assert [tuple(m.text for m in doc.mentions) for doc in docs] == want
    # The parent goes on.
    assert len(list(stream)) == len(texts) - 1


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
def test_a_stream_of_the_parent_is_refused_and_does_not_hang() -> None:
    tagger = allonym.Tagger(threads=2)
    stream = tagger.pipe([TEXT] * 100)
    next(stream)
    child = os.fork()
    if child == 0:
        code = 1
        try:
            # Dropping it must not wait for threads that are not here.
            next(stream)
        except allonym.AllonymError as error:
            code = 0 if "forked" in str(error) else 2
        finally:
            del stream
            os._exit(code)
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            assert os.waitstatus_to_exitcode(status) == 0
            break
        time.sleep(0.05)
    else:
        os.kill(child, signal.SIGKILL)
        pytest.fail("the child hangs")
    assert len(list(stream)) == 99


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
def test_a_fork_while_a_model_is_loaded_does_not_hang() -> None:
    script = f"""
import os, sys, threading, allonym
taggers = [allonym.Tagger(threads=n) for n in (1, 2)]
loading = threading.Thread(target=taggers[0].load)
loading.start()
child = os.fork()
if child == 0:
    doc = taggers[1].tag({TEXT!r})
    os._exit(0 if len(doc.mentions) == 4 else 1)
_, status = os.waitpid(child, 0)
loading.join()
sys.exit(os.waitstatus_to_exitcode(status))
"""
    assert subprocess.run([sys.executable, "-c", script], timeout=120).returncode == 0


def test_an_import_is_small(tmp_path: Path) -> None:
    script = """
import sys, time
began = time.perf_counter()
import allonym
seconds = time.perf_counter() - began
import os
threads = len(os.listdir("/proc/self/task")) if os.path.exists("/proc/self/task") else 1
heavy = {"pyarrow", "pandas", "polars", "numpy", "spacy", "pyspark", "ray", "tqdm"} & set(sys.modules)
print(seconds, threads, len(heavy))
"""
    best = min(
        float(subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True).stdout.split()[0]) for _ in range(5)
    )
    _, threads, heavy = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True).stdout.split()
    assert (threads, heavy) == ("1", "0")
    assert best < 0.15, best


@pytest.mark.skipif(not LINUX, reason="needs an audit of opened files")
def test_an_import_opens_no_file_but_its_own() -> None:
    script = """
import sys
opened = []
sys.addaudithook(lambda event, args: opened.append(str(args[0])) if event == "open" else None)
fds = set(__import__("os").listdir("/proc/self/fd"))
import allonym
left = set(__import__("os").listdir("/proc/self/fd")) - fds
print(len(left), *[path for path in opened if not path.endswith((".py", ".pyc", ".so"))])
"""
    printed = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True).stdout.split()
    assert [one for one in printed[1:] if "__pycache__" not in one] == [] and int(printed[0]) <= 1, printed


@pytest.mark.skipif(os.name != "posix", reason="needs signals")
@pytest.mark.parametrize("work", ["tagger.tag(text * 400)", "list(tagger.pipe([text] * 5000))", "tagger.tag_arrow(pyarrow.table({'text': [text] * 5000}))"])
def test_control_c_stops_it(work: str) -> None:
    pytest.importorskip("pyarrow")
    script = f"""
import sys, allonym, pyarrow
text = "Rosa Quispe Mamani of the Inter-American Development Bank spoke in Geneva. " * 40
tagger = allonym.Tagger(threads=2).load()
print("ready", flush=True)
try:
    {work}
except KeyboardInterrupt:
    print("stopped", flush=True)
    # It can be used again, at once: the work has stopped.
    assert tagger.tag("Rain in Beirut.").mentions
    sys.exit(7)
"""
    process = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None and process.stdout.readline() == "ready\n"
    time.sleep(0.5)
    assert process.poll() is None, "it must still be at work"
    process.send_signal(signal.SIGINT)
    began = time.monotonic()
    assert process.stdout.readline() == "stopped\n"
    assert time.monotonic() - began < 2
    assert process.wait(timeout=30) == 7


@pytest.mark.skipif(os.name != "posix", reason="needs signals")
def test_the_command_obeys_signals_and_pipes(articles: list[str]) -> None:
    command = [sys.executable, "-m", "allonym"]
    assert subprocess.run([*command, "--version"], check=True, capture_output=True, text=True).stdout.startswith("allonym ")
    bad = subprocess.run([*command, "tag", "no-such-file"], capture_output=True, text=True)
    assert bad.returncode == 2 and "no-such-file" in bad.stderr

    # The reader of a pipe goes: no error, no traceback.
    feed = "\n".join('{"text": "Rain in Beirut."}' for _ in range(20_000))
    shell = f"'{sys.executable}' -m allonym tag --quiet | head -n 1"
    piped = subprocess.run(["sh", "-c", shell], input=feed, capture_output=True, text=True)
    assert piped.stdout.count("\n") == 1 and piped.stderr == ""

    for text in (None, feed):
        process = subprocess.Popen([*command, "tag"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        assert process.stdin is not None and process.stderr is not None
        if text:
            process.stdin.write(text)
        process.stdin.flush()
        time.sleep(1)
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=60) in (130, -signal.SIGINT)
        assert "Traceback" not in process.stderr.read()


def test_errors_travel_between_processes() -> None:
    for error in (allonym.InputError("x"), allonym.ModelNotFoundError("y"), allonym.MissingFileError("z")):
        again = pickle.loads(pickle.dumps(error))
        assert type(again) is type(error) and str(again) == str(error)
