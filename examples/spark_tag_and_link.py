"""Tag a folder of Parquet on Spark and link the names of all of it.

    spark-submit --master 'local[*,4]' examples/spark_tag_and_link.py ARTICLES OUT --text body --id url

makes in OUT, which may be on any file system that Spark reads:

    tagged/         the rows of ARTICLES with mentions, entities and errors; entities are those of each document
    names/          the distinct names of those entities, with their counts
    linked/         the same names with the entity of the corpus that each belongs to
    documents/      id, mentions and entities, with the entities of the corpus

A step whose output is complete is not run again, so a job that was cut off goes on where it was. Linking runs on the machine
of the driver, by the command `allonym` that comes with the package; give that machine the memory (docs/spark.md).
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from allonym import Tagger
from allonym.spark import SPARK_CONF, link, names, tag


def main() -> None:
    args = arguments()
    builder = SparkSession.builder.appName("allonym: tag and link")
    for key, value in SPARK_CONF.items():
        builder = builder.config(key, value)
    spark = builder.getOrCreate()
    spark.sparkContext.setLogLevel("WARN")
    out = Output(spark, args.out)

    if out.lacks("tagged"):
        articles = spread(spark.read.parquet(args.articles))
        tagged = tag(articles, text=args.text, id=args.id, tagger=Tagger(model=args.model), timeout=args.timeout)
        tagged.write.parquet(out.path("tagged"), mode="overwrite", compression="zstd")
    tagged = spark.read.parquet(out.path("tagged"))

    if out.lacks("names"):
        names(tagged).write.parquet(out.path("names"), mode="overwrite", compression="zstd")

    if out.lacks("linked"):
        with tempfile.TemporaryDirectory(dir=args.scratch) as folder:
            here = Path(folder)
            out.fetch("names", here / "names")
            subprocess.run(
                [sys.executable, "-m", "allonym", "link", "--names", here / "names", "-o", here / "linked.parquet", *args.link],
                check=True,
            )
            out.put(here / "linked.parquet", "linked")

    if out.lacks("documents"):
        found = tagged.select(args.id, "mentions", "entities").where(F.col("error").isNull())
        linked = link(found, spark.read.parquet(out.path("linked")), id=args.id)
        linked.write.parquet(out.path("documents"), mode="overwrite", compression="zstd")

    report(tagged, spark.read.parquet(out.path("documents")), args.id)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("articles", help="a folder of Parquet, as Spark reads it")
    parser.add_argument("out", help="a folder for the results")
    parser.add_argument("--text", default="text", help="the column with the texts (default: %(default)s)")
    parser.add_argument("--id", default="id", help="the column with the ids, which must be unique (default: %(default)s)")
    parser.add_argument("--model", help="a model, as in `allonym tag --model`")
    parser.add_argument("--timeout", type=float, default=600, help="seconds for 4 MiB of text (default: %(default)g)")
    parser.add_argument("--scratch", help="a local folder for the table of names, on the driver")
    parser.add_argument("--link", nargs=argparse.REMAINDER, default=[], help="options for `allonym link`; the last option")
    return parser.parse_args()


def spread(articles: DataFrame) -> DataFrame:
    """`articles` in at least four tasks a core: a file of one row group is one task."""
    tasks = 4 * articles.sparkSession.sparkContext.defaultParallelism
    return articles if articles.rdd.getNumPartitions() >= tasks else articles.repartition(tasks)


def report(tagged: DataFrame, documents: DataFrame, id: str) -> None:
    counts = tagged.agg(
        F.count("*").alias("all"), F.count("error").alias("failed"), F.sum(F.size("mentions").cast("long")).alias("mentions")
    ).first()
    n_entities = documents.select(F.explode("entities").alias("entity")).select("entity.id").distinct().count()
    print(f"{counts['all']} documents, {counts['failed']} of them with errors, {counts['mentions']} mentions, {n_entities} entities")
    for row in tagged.where(F.col("error").isNotNull()).select(id, "error").limit(20).collect():
        print(f"{row[id]}: {row['error']}", file=sys.stderr)


class Output:
    """The folder of the results, on whatever file system it is."""

    def __init__(self, spark: SparkSession, root: str) -> None:
        self._root = root.rstrip("/")
        self._hadoop = spark._jvm.org.apache.hadoop.fs  # type: ignore[union-attr]
        self._files = self._hadoop.Path(root).getFileSystem(spark.sparkContext._jsc.hadoopConfiguration())  # type: ignore[union-attr]

    def path(self, name: str) -> str:
        return f"{self._root}/{name}"

    def lacks(self, name: str) -> bool:
        if self._files.exists(self._hadoop.Path(f"{self.path(name)}/_SUCCESS")):
            print(f"kept: {self.path(name)}", file=sys.stderr)
            return False
        return True

    def fetch(self, name: str, here: Path) -> None:
        self._files.copyToLocalFile(self._hadoop.Path(self.path(name)), self._hadoop.Path(here.as_uri()))
        # Marks and checksums of Hadoop's.
        for file in here.iterdir():
            if file.suffix != ".parquet":
                file.unlink()

    def put(self, here: Path, name: str) -> None:
        folder = self._hadoop.Path(self.path(name))
        self._files.delete(folder, True)
        self._files.mkdirs(folder)
        self._files.copyFromLocalFile(self._hadoop.Path(here.as_uri()), folder)
        self._files.create(self._hadoop.Path(f"{self.path(name)}/_SUCCESS")).close()


if __name__ == "__main__":
    main()
