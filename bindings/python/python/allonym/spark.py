"""allonym on Spark: `tag` a DataFrame, collect its `names`, and `link` it with what the linker made of them.

    >>> from allonym.spark import tag                            # doctest: +SKIP
    >>> tag(spark.read.parquet("articles"), text="body").write.parquet("tagged")  # doctest: +SKIP
"""

# pyright: basic, reportMissingImports=false, reportAttributeAccessIssue=false

from __future__ import annotations

import faulthandler
import os
import sys
import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from allonym._alone import Alone
from allonym._batches import BatchTagger, bounded, free_names, required, with_threads
from allonym._frames import arrow_schema
from allonym._tagger import Tagger

required("pyspark", "spark")
required("pyarrow", "spark")

from pyspark import TaskContext  # noqa: E402
from pyspark.sql import functions as F  # noqa: E402
from pyspark.sql import types as T  # noqa: E402
from pyspark.sql.pandas.types import from_arrow_schema  # noqa: E402

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import Column, DataFrame

__all__ = ["SPARK_CONF", "SPARK_SCHEMA", "link", "mentions", "names", "tag"]

#: The columns that `tag` adds after those of the caller. Offsets count code points, as `substring` and Python do.
SPARK_SCHEMA: T.StructType = from_arrow_schema(arrow_schema(error=True))

#: Settings that a session should have before it tags. A session that runs takes only those that begin with `spark.sql`.
SPARK_CONF = {
    # A batch is held in memory as a whole, and Spark counts rows; 3.5 has no limit in bytes.
    "spark.sql.execution.arrow.maxRecordsPerBatch": "500",
    "spark.sql.execution.arrow.maxBytesPerBatch": "16m",
    # The model stays loaded from task to task.
    "spark.python.worker.reuse": "true",
    # One task, one core, one thread.
    "spark.task.cpus": "1",
    "spark.executorEnv.RAYON_NUM_THREADS": "1",
    "spark.executorEnv.OMP_NUM_THREADS": "1",
    # A worker that dies costs one task of these. In local mode the master has to say it: local[2,4].
    "spark.task.maxFailures": "4",
}


def tag(
    df: DataFrame,
    text: str = "text",
    id: str | None = "id",
    *,
    tagger: Tagger | None = None,
    batch_bytes: int = 4 << 20,
    timeout: float = 600.0,
) -> DataFrame:
    """`df` with the columns of `SPARK_SCHEMA`: `mentions`, `entities` and `error`.

    All rows and columns of `df` come back. A document that cannot be tagged has null `mentions` and the reason in
    `error`; a null text has null in all three.

    Args:
        text: the column with the texts.
        id: the column with the ids, which errors name; None if there is none.
        tagger: which model, labels and so on; a folder of a model must be there on every worker. Each worker loads one, and
            gives it as many threads as `spark.task.cpus` unless it says how many.
        batch_bytes: bytes of text that are tagged at once. Longer documents are tagged alone.
        timeout: seconds for that many bytes. A worker that takes longer ends, and Spark tries its task again.

    A task that is tried again tags its documents one by one in a process of their own, so that one that kills the
    process, or does not end, gets an `error` while all others come out.
    """
    free_names(df.columns, text, id)
    kind = df.schema[text].dataType
    if not isinstance(kind, (T.StringType, T.VarcharType, T.CharType)):
        raise TypeError(f"column {text!r}: expected string, found {kind.simpleString()}")
    if batch_bytes < 1:
        raise ValueError(f"batch_bytes: expected 1 or more, found {batch_bytes}")
    if timeout <= 0:
        raise ValueError(f"timeout: expected more than 0 seconds, found {timeout}")
    return _map(df, _Work(text, id, tagger or Tagger(), batch_bytes, timeout))


def _map(df: DataFrame, work: _Work) -> DataFrame:
    return df.mapInArrow(work, T.StructType([*df.schema.fields, *SPARK_SCHEMA.fields]))


class _Work:
    """What a task does with its batches."""

    def __init__(self, text: str, id: str | None, tagger: Tagger, batch_bytes: int, timeout: float) -> None:
        self.text = text
        self.id = id
        self.tagger = tagger
        self.batch_bytes = batch_bytes
        self.timeout = timeout

    def batch_tagger(self, threads: int) -> BatchTagger:
        return BatchTagger(self.text, self.id, with_threads(self.tagger, threads))

    def __call__(self, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        task = TaskContext.get()
        tagger = self.batch_tagger(1 if task is None else max(1, task.cpus()))
        pieces = (piece for batch in batches for piece in bounded(batch, self.text, self.batch_bytes))
        if task is not None and task.attemptNumber() > 0:
            return self._alone(tagger, pieces)
        return self._together(tagger, pieces)

    def _together(self, tagger: BatchTagger, pieces: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for piece in pieces:
            with _Deadline(self._seconds(piece)):
                tagged = tagger.tag(piece)
            yield tagged

    def _alone(self, tagger: BatchTagger, pieces: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        process = Alone(tagger)
        try:
            for piece in pieces:
                for row in range(piece.num_rows):
                    document = piece.slice(row, 1)
                    yield process.tag(document, self._seconds(document))
        finally:
            process.close()

    def _seconds(self, piece: pa.RecordBatch) -> float:
        size: float = piece.nbytes / self.batch_bytes
        return self.timeout * max(1.0, size)


class _Deadline:
    """Ends this process, with a trace of what it did, unless it is left within `seconds`."""

    def __init__(self, seconds: float) -> None:
        self._timer = threading.Timer(seconds, self._end, [seconds])
        self._timer.daemon = True

    def __enter__(self) -> None:
        self._timer.start()

    def __exit__(self, *_: Any) -> None:
        self._timer.cancel()

    @staticmethod
    def _end(seconds: float) -> None:
        print(f"allonym: a batch was not tagged within {seconds:g} s; this worker ends", file=sys.stderr, flush=True)
        faulthandler.dump_traceback(file=sys.__stderr__ or 2)
        os._exit(70)


def mentions(tagged: DataFrame, id: str = "id") -> DataFrame:
    """One row a mention: `id`, `start`, `end`, `text`, `label`, `score`, `entity`."""
    return tagged.select(F.col(_quoted(id)), F.inline("mentions"))


def names(tagged: DataFrame, aliases: int = 20) -> DataFrame:
    """The distinct names of the entities of all documents, which `allonym link --names` reads.

    Columns: `label`, `name`, `count` (mentions), `documents`, and `aliases`: what documents call the same entity, the
    most frequent `aliases` of them. Tagging has linked each document by then, so that "Araghchi" counts as "Abbas
    Araghchi" where the document has the full name.
    """
    entity = F.col("entity")
    found = (
        tagged.select(F.explode("entities").alias("entity"))
        .select(entity["label"].alias("label"), entity["name"].alias("name"), entity["mentions"].alias("n"), F.posexplode_outer(entity["aliases"]).alias("place", "alias"))
    )
    first = F.coalesce(F.col("place") == 0, F.lit(True)).cast("long")
    spelled = found.groupBy("label", "name", "alias").agg(
        F.sum(first * F.col("n")).alias("count"), F.sum(first).alias("documents"), F.count("*").alias("seen")
    )
    # Most frequent first; equal ones in order, so that the same documents give the same table.
    other = F.when(F.col("alias") != F.col("name"), F.struct((-F.col("seen")).alias("seen"), F.col("alias")))
    return spelled.groupBy("label", "name").agg(
        F.sum("count").alias("count"),
        F.sum("documents").alias("documents"),
        F.transform(F.slice(F.sort_array(F.collect_list(other)), 1, aliases), lambda pair: pair["alias"]).alias("aliases"),
    )


def link(tagged: DataFrame, linked: DataFrame, id: str = "id") -> DataFrame:
    """`tagged` with the entities of the whole corpus in the place of those of each document.

    `linked` is what `allonym link --names` made of `names(tagged)`. Ids must be unique where there are entities: the
    job fails with a message where they are not, and where `linked` lacks a name.

    All of `tagged` is sent to where its ids are, so leave out what you do not need, such as the texts.
    """
    key = F.col(_quoted(id))
    one, whole = F.col("one"), F.col("whole")
    found = tagged.select(key.alias("doc"), F.explode("entities").alias("one")).select(
        "doc", "one", one["label"].alias("label"), one["name"].alias("name")
    )
    corpus = linked.select("label", "name", F.struct("entity", "entity_name", "kb").alias("whole"))
    lacking = F.concat(F.lit("the table of linked names lacks "), F.col("label"), F.lit(" "), F.col("name"))
    joined = (
        found.join(corpus, ["label", "name"], "left")
        .withColumn("id", F.when(whole.isNull(), F.raise_error(lacking)).otherwise(whole["entity"]))
        # One shuffle serves both groups and the join.
        .repartition("doc")
    )
    merged = joined.groupBy("doc", "id").agg(
        F.collect_list(one["id"]).alias("locals"),
        F.first(whole["entity_name"]).alias("name"),
        F.min("label").alias("label"),
        F.array_sort(F.array_distinct(F.flatten(F.collect_list(one["aliases"])))).alias("aliases"),
        F.first(whole["kb"]).alias("kb"),
        F.sum(one["mentions"]).alias("mentions"),
    )
    pairs = F.transform("locals", lambda local: F.struct(local.alias("local"), F.col("id").alias("id")))
    # What else tagging says of an entity, such as its candidates, is about the entities of its document.
    fields = [
        F.col(field.name) if field.name in merged.columns else F.lit(None).cast(field.dataType).alias(field.name)
        for field in SPARK_SCHEMA["entities"].dataType.elementType
    ]
    of_corpus = merged.groupBy("doc").agg(
        F.array_sort(F.collect_list(F.struct(*fields))).alias("found"),
        F.flatten(F.collect_list(pairs)).alias("pairs"),
    )

    def error(what: str) -> Column:
        return F.raise_error(F.concat(F.lit(f"column {id}: {what}: "), F.coalesce(key.cast("string"), F.lit("null"))))

    linked_here = F.size("entities") > 0
    expected = F.array_sort(F.transform("entities", lambda entity: entity["id"]))
    given = F.array_sort(F.transform("pairs", lambda pair: pair["local"]))
    of_id = F.map_from_entries("pairs")
    columns: dict[str, Column] = {
        "mentions": F.transform("mentions", lambda mention: mention.withField("entity", of_id[mention["entity"]])),
        "entities": F.col("found"),
    }
    # Where the document's own entities are not those that came by its id, the id is another's too.
    safe = {
        name: F.when(~F.coalesce(linked_here, F.lit(False)), F.col(name))
        .when(key.isNull(), error("expected an id, found"))
        .when(F.coalesce(expected == given, F.lit(False)), column)
        .otherwise(error("expected an id of one document, found one of several"))
        .alias(name)
        for name, column in columns.items()
    }
    joined_back = tagged.join(of_corpus, key == F.col("doc"), "left")
    return joined_back.select([safe.get(name, F.col(_quoted(name))) for name in tagged.columns])


def _quoted(name: str) -> str:
    return "`" + name.replace("`", "``") + "`"
