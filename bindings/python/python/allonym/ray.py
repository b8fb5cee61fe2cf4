"""allonym on Ray Data: `tag` a Dataset.

    >>> import ray                                          # doctest: +SKIP
    >>> from allonym.ray import tag                         # doctest: +SKIP
    >>> tag(ray.data.read_parquet("articles"), text="body").write_parquet("tagged")  # doctest: +SKIP
"""

# pyright: basic, reportMissingImports=false, reportAttributeAccessIssue=false

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allonym._batches import BatchTagger, bounded, free_names, required, with_threads
from allonym._tagger import Tagger

required("ray.data", "ray")

if TYPE_CHECKING:
    import pyarrow as pa
    from ray.data import Dataset

__all__ = ["TagBatches", "tag"]


class TagBatches:
    """What `Dataset.map_batches` calls: an actor with a model. Use it yourself where `tag` hides an option you need."""

    def __init__(
        self,
        text: str = "text",
        id: str | None = "id",
        *,
        tagger: Tagger | None = None,
        threads: int = 1,
        batch_bytes: int = 4 << 20,
    ) -> None:
        self._tagger = BatchTagger(text, id, with_threads(tagger, threads))
        self._tagger.load()
        self._batch_bytes = batch_bytes

    def __call__(self, table: pa.Table) -> pa.Table:
        import pyarrow as pa

        free_names(table.schema.names, self._tagger.text, self._tagger.id)
        pieces = (
            piece for batch in table.to_batches() for piece in bounded(batch, self._tagger.text, self._batch_bytes)
        )
        tagged = [self._tagger.tag(piece) for piece in pieces]
        return pa.Table.from_batches(tagged, schema=self._tagger.schema(table.schema))


def tag(
    dataset: Dataset,
    text: str = "text",
    id: str | None = "id",
    *,
    tagger: Tagger | None = None,
    threads: int = 1,
    batch_rows: int = 500,
    batch_bytes: int = 4 << 20,
    workers: int | tuple[int, int] | None = None,
    **options: Any,
) -> Dataset:
    """`dataset` with the columns `mentions`, `entities` and `error`.

    All rows and columns come back. A document that cannot be tagged has null `mentions` and the reason in `error`; a
    null text has null in all three. An actor that dies is started again by Ray, with its batches.

    Args:
        dataset: what to tag.
        text: the column with the texts.
        id: the column with the ids, which errors name; None if there is none.
        tagger: which model, labels and so on; a folder of a model must be there on every worker.
        threads: threads of each actor.
        batch_rows: documents that Ray hands over at once.
        batch_bytes: bytes of text that are tagged at once.
        workers: actors, or the least and the most of them; as many as there are processors if None. Actors reserve a
            processor for each thread, but leave one of all processors to what reads and writes.
        options: passed on to `Dataset.map_batches`.
    """
    import ray

    processors = int(ray.cluster_resources().get("CPU", 1))
    if workers is None:
        workers = (1, max(1, processors // threads))
    most = workers if isinstance(workers, int) else workers[1]
    return dataset.map_batches(
        TagBatches,
        fn_constructor_args=(text, id),
        fn_constructor_kwargs={"tagger": tagger, "threads": threads, "batch_bytes": batch_bytes},
        batch_format="pyarrow",
        batch_size=batch_rows,
        concurrency=workers,
        num_cpus=_reserved(threads, most, processors),
        **options,
    )


def _reserved(threads: int, workers: int, processors: int) -> float:
    """The processors that each worker reserves. If workers had all, nothing could be read for them, and they would wait for ever."""
    share = max(0.0, (processors - 1) / workers)
    # More than one must be a whole number for Ray.
    return min(threads, int(share) if share >= 1 else int(share * 1000) / 1000)
