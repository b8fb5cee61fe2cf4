"""Makes a knowledge base for `--kb` of a Wikidata dump: one JSON object a line with id, name, aliases, label.

    python models/kb/wikidata.py latest-all.json.gz --types Q5=PER,Q43229=ORG,Q4830453=ORG --min-sitelinks 10 > people.jsonl

The dump is the JSON one (https://www.wikidata.org/wiki/Wikidata:Database_download#JSON_dumps): an array with one entity a line; .gz, .bz2 or
plain, or - for the standard input. An entity is kept if "instance of" (P31) is one of --types, directly: subclasses are not followed, name those
that you want. Aliases come from --languages; equal ones stand once. Lines that are no entities are counted on stderr, with the first of
them, and end the script with 1.
"""

import argparse
import bz2
import gzip
import json
import sys


def open_dump(path):
    if path == "-":
        return sys.stdin.buffer
    if path.endswith(".gz"):
        return gzip.open(path, "rb")
    return bz2.open(path, "rb") if path.endswith(".bz2") else open(path, "rb")


def instances(entity):
    for claim in entity.get("claims", {}).get("P31", []):
        value = claim.get("mainsnak", {}).get("datavalue", {}).get("value", {})
        if claim.get("rank") != "deprecated" and "id" in value:
            yield value["id"]


def row(entity, types, languages):
    label = next((types[kind] for kind in instances(entity) if kind in types), None)
    labels = [entity.get("labels", {}).get(language, {}).get("value") for language in languages]
    names = [name for name in labels if name]
    if label is None or not names:
        return None
    for language in languages:
        names += [alias["value"] for alias in entity.get("aliases", {}).get(language, [])]
    # A name without a letter or a digit is none to the program.
    names = [name for name in dict.fromkeys(names) if any(c.isalnum() for c in name)]
    return {"id": entity["id"], "name": names[0], "aliases": names[1:], "label": label} if names else None


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("dump")
    parser.add_argument("--types", required=True, help="Wikidata types and their labels: Q5=PER,Q43229=ORG")
    parser.add_argument("--languages", default="en,mul", help="languages of names, the first with a label gives the name (default: en,mul)")
    parser.add_argument("--min-sitelinks", type=int, default=0, help="only entities with so many pages in Wikimedia projects")
    args = parser.parse_args()
    types = dict(pair.split("=", 1) for pair in args.types.split(","))
    kept = bad = 0
    with open_dump(args.dump) as dump:
        for number, line in enumerate(dump, 1):
            line = line.strip().rstrip(b",")
            if line in (b"", b"[", b"]"):
                continue
            try:
                entity = json.loads(line)
                found = row(entity, types, args.languages.split(","))
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                bad += 1
                if bad == 1:
                    print(f"{args.dump}:{number}: expected an entity of Wikidata, found {line[:40]!r}: {error!r}", file=sys.stderr)
                continue
            if found and len(entity.get("sitelinks", {})) >= args.min_sitelinks:
                kept += 1
                print(json.dumps(found, ensure_ascii=False))
    print(f"{kept} entities, {bad} lines that are none", file=sys.stderr)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
