"""`examples/spark_tag_and_link.py`, as `spark-submit` runs it, against `allonym tag | allonym link` on the same articles.

`ALLONYM_SPARK_LINKED=20000` makes the test of linking, which is given the mentions, that of so many articles, and
`ALLONYM_SPARK_ARTICLES` that of all steps; `-s` shows what they measure.
"""

import collections
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import allonym

pytest.importorskip("pyspark")
pa = pytest.importorskip("pyarrow")
pq = pytest.importorskip("pyarrow.parquet")

from agreement import Agreement, b3, rows  # noqa: E402
from newsroom import ROOT, articles, write_jsonl, write_parquet  # noqa: E402

N = int(os.environ.get("ALLONYM_SPARK_ARTICLES", "300"))
N_LINKED = int(os.environ.get("ALLONYM_SPARK_LINKED", "2000"))


def run(*command, **options):
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, timeout=3000, **options)
    assert done.returncode == 0, f"{command}\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}"
    return done


def submit(*arguments):
    python = Path(sys.executable)
    return run(
        python.parent / "spark-submit",
        *("--master", os.environ.get("ALLONYM_SPARK_MASTER", "local[2,4]")),
        *("--conf", "spark.ui.enabled=false", "--conf", "spark.sql.shuffle.partitions=4"),
        ROOT / "examples/spark_tag_and_link.py",
        *arguments,
        env=os.environ | {"PYSPARK_PYTHON": str(python), "PYSPARK_DRIVER_PYTHON": str(python)},
        cwd="/",
    )


def program(*arguments):
    return run(sys.executable, "-m", "allonym", *arguments)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """What Spark makes of the articles, and what one machine does."""
    folder = tmp_path_factory.mktemp("news")
    found = articles(N)
    write_parquet(found, folder / "articles")
    write_jsonl(found, folder / "gold.jsonl")
    with open(folder / "texts.jsonl", "w", encoding="utf-8") as file:
        for article in found:
            file.write(json.dumps({"id": article.id, "text": article.text}) + "\n")
    said = submit(folder / "articles", folder / "out").stdout
    program("tag", folder / "texts.jsonl", "-q", "-o", folder / "tagged.jsonl")
    program("link", folder / "tagged.jsonl", "-q", "-o", folder / "linked.jsonl")
    spark = {row["id"]: row for row in pq.read_table(folder / "out/documents").to_pylist()}
    write_linked(found, spark, folder / "spark.jsonl")
    return folder, said, spark


def test_spark_tags_as_the_program_does(made):
    folder, said, _ = made
    spark = {row["id"]: row for row in pq.read_table(folder / "out/tagged").to_pylist()}
    alone = {row["id"]: row for row in rows(folder / "tagged.jsonl")}
    assert sorted(spark) == sorted(alone) and len(alone) == N
    for id, document in alone.items():
        for mine, theirs in zip(spark[id]["mentions"], document["mentions"], strict=True):
            assert mine["score"] == pytest.approx(theirs["score"], abs=1e-4)
            assert {**mine, "score": None} == {"entity": None, **theirs, "score": None}, id
        assert [(e["id"], e["name"], e["aliases"]) for e in spark[id]["entities"]] == [
            (e["id"], e["name"], e["aliases"]) for e in document["entities"]
        ]
        assert spark[id]["words"] == len(document["text"].split()), "other columns are kept"
    assert said.splitlines()[-1].startswith(f"{N} documents, 0 of them with errors, ")


def test_the_names_are_those_of_the_documents(made):
    folder, _, _ = made
    spark = pq.read_table(folder / "out/names").to_pylist()
    expected = collections.defaultdict(lambda: [0, 0, set()])
    for document in rows(folder / "tagged.jsonl"):
        for entity in document["entities"]:
            of_name = expected[entity["label"], entity["name"]]
            of_name[0] += entity["mentions"]
            of_name[1] += 1
            of_name[2] |= {alias for alias in entity["aliases"] if alias != entity["name"]}
    assert len(spark) == len(expected), "each name once"
    for row in spark:
        count, documents, aliases = expected[row["label"], row["name"]]
        assert (row["count"], row["documents"]) == (count, documents), row
        assert len(row["aliases"]) == min(20, len(aliases)) and set(row["aliases"]) <= aliases, row


def test_the_documents_have_the_entities_that_the_linker_gave_their_names(made):
    folder, _, spark = made
    linked = {(row["label"], row["name"]): row for row in pq.read_table(folder / "out/linked").to_pylist()}
    for document in rows(folder / "tagged.jsonl"):
        of_id = {entity["id"]: linked[entity["label"], entity["name"]] for entity in document["entities"]}
        row = spark[document["id"]]
        assert [m["entity"] for m in row["mentions"]] == [
            of_id[m["entity"]]["entity"] if "entity" in m else None for m in document["mentions"]
        ]
        assert {(e["id"], e["name"]) for e in row["entities"]} == {
            (found["entity"], found["entity_name"]) for found in of_id.values()
        }
        counts = collections.Counter(m["entity"] for m in row["mentions"] if m["entity"])
        assert {e["id"]: e["mentions"] for e in row["entities"]} == counts


def write_linked(found, spark, path):
    with open(path, "w", encoding="utf-8") as file:
        for article in found:
            mentions = [{key: value for key, value in m.items() if value is not None} for m in spark[article.id]["mentions"]]
            row = {"id": article.id, "text": article.text, "offsets": "char", "mentions": mentions}
            file.write(json.dumps(row) + "\n")


def compared(what, folder):
    """How many of the entities of one machine are Spark's too, in percent of their mentions, and B3 against one machine."""
    agreement = Agreement.read(folder / "linked.jsonl", folder / "spark.jsonl")
    against_full = b3(folder / "linked.jsonl", folder / "spark.jsonl")
    print(
        f"\n{what}: {agreement.n_mentions} linked mentions, {len(agreement.one)} entities on one machine, {len(agreement.other)} on Spark, "
        f"{len(agreement.equal)} of them equal with {agreement.share:.2f}% of the mentions; "
        f"B3 of Spark against one machine {against_full:.2f}; against gold, one machine "
        f"{b3(folder / 'gold.jsonl', folder / 'linked.jsonl'):.2f}, Spark {b3(folder / 'gold.jsonl', folder / 'spark.jsonl'):.2f}"
    )
    return agreement.share, against_full


def test_from_raw_text_spark_links_as_one_machine_does(made):
    equal, against_full = compared(f"{N} articles, tagged", made[0])
    assert equal > 90 and against_full > 98


def test_given_mentions_spark_links_as_one_machine_does(tmp_path):
    found = articles(N_LINKED)
    write_jsonl(found, tmp_path / "gold.jsonl")
    program("link", tmp_path / "gold.jsonl", "-q", "-o", tmp_path / "linked.jsonl")
    # What tagging would have left: the mentions, linked within each document.
    program("link", tmp_path / "gold.jsonl", "-q", "--within", "-o", tmp_path / "within.jsonl")
    tagged = tmp_path / "out/tagged"
    tagged.mkdir(parents=True)
    schema = pa.schema([("id", pa.string()), *allonym.arrow_schema(error=True)])
    documents = [
        {
            "id": row["id"],
            "mentions": [{"score": None, "entity": None, **mention} for mention in row["mentions"]],
            "entities": [
                {**entity, "kb": [{"base": base, "id": id} for base, id in entity.get("kb", {}).items()]}
                for entity in row["entities"]
            ],
        }
        for row in rows(tmp_path / "within.jsonl")
    ]
    pq.write_table(pa.Table.from_pylist(documents, schema), tagged / "part-0.parquet")
    (tagged / "_SUCCESS").touch()
    submit(tmp_path / "no-articles", tmp_path / "out")
    spark = {row["id"]: row for row in pq.read_table(tmp_path / "out/documents").to_pylist()}
    assert sorted(spark) == [article.id for article in found], "each id once"
    write_linked(found, spark, tmp_path / "spark.jsonl")
    equal, against_full = compared(f"{N_LINKED} articles, mentions given", tmp_path)
    assert equal > 90 and against_full > 99


def test_a_second_run_keeps_what_is_complete(made):
    folder, said, _ = made
    stamp = (folder / "out/tagged/_SUCCESS").stat().st_mtime_ns
    again = submit(folder / "articles", folder / "out")
    # spark-submit puts both streams of its program into one.
    assert again.stdout.count("kept: ") == 4
    assert again.stdout.splitlines()[-1] == said.splitlines()[-1]
    assert (folder / "out/tagged/_SUCCESS").stat().st_mtime_ns == stamp
