"""What `import allonym` costs, and the size of the package.

    python bindings/python/benches/start.py
"""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import files
from statistics import median

SCRIPT = "import time; began = time.perf_counter(); import allonym; print(time.perf_counter() - began)"
FIRST = (
    "import time; began = time.perf_counter(); import allonym; allonym.Tagger(threads=2).tag('Rain in Beirut.'); print(time.perf_counter() - began)"
)


def milliseconds(script: str) -> float:
    runs = [subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout for _ in range(11)]
    return 1000 * median(map(float, runs))


print(f"import: {milliseconds(SCRIPT):.0f} ms; import and first text: {milliseconds(FIRST):.0f} ms")
n_bytes = sum(path.locate().stat().st_size for path in files("allonym") or () if path.locate().exists())  # type: ignore[union-attr]
print(f"installed: {n_bytes:,} bytes")
