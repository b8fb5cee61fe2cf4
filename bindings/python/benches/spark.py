"""Words a second of `allonym.spark.tag` and of `allonym tag`, on the same articles, on one core and on two.

    python bindings/python/benches/spark.py [ARTICLES] [ROUNDS]

Runs of both alternate. Each run of Spark is a session of its own whose workers have the model already, since a long job loads it
once; the time of `allonym tag` is that of the process.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from newsroom import ROOT  # noqa: E402


def texts(n: int) -> list[str]:
    """Articles of `eval`, as often as it takes; each with its number, so that no two are equal."""
    files = sorted((ROOT / "eval/articles").glob("*.txt"))
    originals = [file.read_text(encoding="utf-8") for file in files]
    return [f"Day {number}. {originals[number % len(originals)]}" for number in range(n)]


def program(folder: Path, threads: int) -> float:
    start = time.monotonic()
    command = [sys.executable, "-m", "allonym", "tag", folder / "texts.jsonl", "-q", "--threads", str(threads)]
    subprocess.run([*command, "-o", folder / f"out-{time.monotonic_ns()}.jsonl"], check=True)
    return time.monotonic() - start


SESSION = """
import sys, time
from pyspark.sql import SparkSession
from allonym.spark import SPARK_CONF, tag
folder, cores = sys.argv[1], int(sys.argv[2])
builder = SparkSession.builder.master(f"local[{cores},4]").config("spark.ui.enabled", "false")
for key, value in SPARK_CONF.items():
    builder = builder.config(key, value)
spark = builder.getOrCreate()
spark.sparkContext.setLogLevel("OFF")
articles = spark.read.parquet(f"{folder}/articles").repartition(8 * cores).cache()
articles.count()
tag(articles.limit(50).repartition(cores)).write.format("noop").mode("overwrite").save()
start = time.monotonic()
tag(articles).write.mode("overwrite").parquet(f"{folder}/tagged")
print("seconds", time.monotonic() - start)
"""


def spark(folder: Path, cores: int) -> float:
    done = subprocess.run(
        [sys.executable, "-c", SESSION, str(folder), str(cores)],
        capture_output=True,
        text=True,
        env=os.environ | {"PYSPARK_PYTHON": sys.executable, "SPARK_LOCAL_IP": "127.0.0.1"},
    )
    if done.returncode != 0:
        raise SystemExit(done.stderr[-4000:])
    return float(done.stdout.split("seconds")[-1])


def main() -> None:
    import json

    import pyarrow as pa
    import pyarrow.parquet as pq

    n = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    found = texts(n)
    n_words = sum(len(text.split()) for text in found)
    ids = [f"a{number}" for number in range(n)]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "articles").mkdir()
        pq.write_table(pa.table({"id": ids, "text": found}), folder / "articles/part-0.parquet")
        with open(folder / "texts.jsonl", "w", encoding="utf-8") as file:
            for id, text in zip(ids, found, strict=True):
                file.write(json.dumps({"id": id, "text": text}) + "\n")
        for cores in (1, 2):
            rates: dict[str, list[float]] = {"program": [], "spark": []}
            for _ in range(rounds):
                rates["program"].append(n_words / program(folder, cores))
                rates["spark"].append(n_words / spark(folder, cores))
            middle = {what: statistics.median(found) for what, found in rates.items()}
            print(
                f"{cores} cores, {n} articles, {n_words} words: program {middle['program']:.0f} words/s, "
                f"Spark {middle['spark']:.0f} words/s, {100 * middle['spark'] / middle['program']:.0f}%; "
                f"all {[[round(rate) for rate in found] for found in rates.values()]}",
                flush=True,
            )


if __name__ == "__main__":
    main()
