"""Tag a folder of Parquet on Ray.

    python examples/ray_tag.py ARTICLES OUT --text body --id url

writes the rows of ARTICLES to OUT, with mentions, entities and errors. It runs on this machine, or on the cluster that
`RAY_ADDRESS` names. To link the names of all documents: `allonym link OUT/*.parquet`.
"""

from __future__ import annotations

import argparse

import ray

from allonym import Tagger
from allonym.ray import tag


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("articles", help="a file or a folder of Parquet")
    parser.add_argument("out", help="a folder for the results")
    parser.add_argument("--text", default="text", help="the column with the texts (default: %(default)s)")
    parser.add_argument("--id", default="id", help="the column with the ids (default: %(default)s)")
    parser.add_argument("--model", help="a model, as in `allonym tag --model`")
    parser.add_argument("--workers", type=int, help="actors, each with one thread (default: one for each processor)")
    args = parser.parse_args()

    ray.init(log_to_driver=False)
    tagged = tag(ray.data.read_parquet(args.articles), args.text, args.id, tagger=Tagger(model=args.model), workers=args.workers)
    tagged.write_parquet(args.out)

    written = ray.data.read_parquet(args.out)
    failed = written.filter(lambda row: row["error"] is not None)
    print(f"{written.count()} documents, {failed.count()} of them with errors")
    for row in failed.take(20):
        print(f"{row[args.id]}: {row['error']}")


if __name__ == "__main__":
    main()
