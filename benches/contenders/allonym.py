"""allonym: the whole program, and its encoder alone."""

import json
import subprocess
import tempfile
import time
from pathlib import Path

from . import Portion
from .texts import write_jsonl

ROOT = Path(__file__).resolve().parents[2]


def build(bench: str) -> Path:
    """Builds a benchmark; returns the path of its executable."""
    command = ["cargo", "bench", "--bench", bench, "--no-run", "--message-format", "json"]
    lines = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout.splitlines()
    messages = [json.loads(line) for line in lines if line.startswith("{")]
    return Path(next(m["executable"] for m in messages if m.get("executable") and m["target"]["name"] == bench))


def make_windows(bench: Path, model: Path, texts: Path, pieces: int) -> list[dict]:
    """Splits the articles of a JSONL file into windows of whole sentences: `{"article": .., "ids": [..], "types": [..]}`."""
    command = [bench, "windows", "--model", model, "--texts", texts, "--longest", str(pieces)]
    lines = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.splitlines()
    return [json.loads(line) for line in lines]


class Program:
    """`allonym tag`, from a JSONL file of raw text to JSONL with mentions and entities, including start and loading."""

    kind = "end to end"

    def __init__(self, program: Path, model: Path | None, precision: str, threads: int):
        self.name, self.threads = f"allonym {precision}", threads
        self.command = [program, "tag", "--quiet", "--threads", str(threads), "--precision", precision]
        if model is not None:
            self.command += ["--model", model]

    def round(self, portion: Portion) -> float:
        with tempfile.TemporaryDirectory() as folder:
            source, tagged = Path(folder) / "texts.jsonl", Path(folder) / "tagged.jsonl"
            write_jsonl(portion.articles, source)
            before = time.perf_counter()
            subprocess.run([*self.command, source, "--output", tagged], check=True)
            return time.perf_counter() - before


class Engine:
    """A process with a loaded model that scores windows on demand, one batch per thread."""

    def __init__(self, bench: Path, model: Path, windows: Path, precision: str):
        command = [bench, "serve", "--model", model, "--windows", windows, "--precision", precision]
        self.precision = precision
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        if self.process.stdout.readline() != "ready\n":
            raise SystemExit(f"{bench}: expected it to print ready")

    def seconds(self, threads: int, pieces: int, first: int, end: int) -> float:
        self.process.stdin.write(f"{threads} {pieces} {first} {end}\n")
        self.process.stdin.flush()
        return float(self.process.stdout.readline())


class Encoder:
    """The encoder alone."""

    kind = "encoder"

    def __init__(self, engine: Engine, threads: int, pieces: int):
        self.engine, self.threads, self.pieces = engine, threads, pieces
        self.name = f"allonym {engine.precision}, {pieces} pieces per batch"

    def round(self, portion: Portion) -> float:
        first = portion.first_window
        return self.engine.seconds(self.threads, self.pieces, first, first + len(portion.windows))
