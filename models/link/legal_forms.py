"""Builds en/legal_forms.tsv from registry packages with open licences; en/README.md says which.

    pip install cleanco==2.3
    pip download --no-deps --no-binary rigour rigour==2.6.1 && tar xzf rigour-2.6.1.tar.gz
    python models/link/legal_forms.py --rigour rigour-2.6.1

A form is one word of Latin letters that both packages have as a legal form or a part of one, or that the hand-written rows have. The same
packages give the same bytes.
"""

import argparse
import json
import re
import unicodedata
from pathlib import Path

from cleanco import termdata

TABLE = Path(__file__).parent / "en/legal_forms.tsv"

# Parts of forms that are words of names too, or that end the names of clubs (SC, AD) and American places (KY).
WORDS = set("""a ad and at ca cd cic coop cooperative cv de des di e ei el en ep et for general group is ky la mi nl of ok partnership pc per por
pp private ps pt ro s sc sd sem sp spol state the trust und y z zoo""".split())


def words(form):
    """The words of a form: its letters without dots ("S.p.A."), or each of several words."""
    text = unicodedata.normalize("NFKD", form.casefold())
    text = "".join(c for c in text if not unicodedata.combining(c))
    text = re.sub(r"(?<=\b\w)[./] ?(?=\w\b)", "", text).replace(".", "")
    return [word for word in re.split(r"[^a-z]+", text) if len(word) > 1] if text.isascii() else []


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--rigour", required=True, help="folder of rigour's source package")
    arguments = arguments.parse_args()
    types = json.loads((Path(arguments.rigour) / "rust/data/names/org_types.json").read_text(encoding="utf-8"))
    rigour = set()
    for kind in types:
        for form in [kind.get("display", ""), kind.get("compare", ""), *kind["aliases"]]:
            rigour.update(words(form))
    cleanco = set()
    for terms in [*termdata.terms_by_type.values(), *termdata.terms_by_country.values()]:
        for form in terms:
            cleanco.update(words(form))
    rows = [line.split("\t") for line in TABLE.read_text(encoding="utf-8").splitlines()[1:]]
    own = {word for word, _, source in rows if source == "own"} - (rigour & cleanco)
    both = (rigour & cleanco) - WORDS
    found = sorted([(word, "legal-form", "rigour cleanco") for word in both] + [(word, "legal-form", "own") for word in own])
    TABLE.write_text("word\tclass\tsource\n" + "".join("\t".join(row) + "\n" for row in found), encoding="utf-8", newline="\n")
    print(f"{len(both)} of both packages, {len(own)} by hand: {' '.join(sorted(own))}")


if __name__ == "__main__":
    main()
