"""The roofline of this machine: the peak rate of its multipliers, and the operations per word."""

import json
import platform
import shutil
import subprocess
import tempfile
from pathlib import Path

SOURCE = Path(__file__).with_name("peak.c")


def processor() -> str:
    """The name of the CPU."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()


def peaks(threads: int) -> dict[str, float]:
    """Operations per second of `threads` threads together, by kind of instruction; empty if there is no C compiler."""
    compiler = next(filter(shutil.which, ["cc", "gcc", "clang"]), None)
    if compiler is None:
        return {}
    with tempfile.TemporaryDirectory() as folder:
        program = Path(folder) / "peak"
        flags = ["-march=native"] if platform.machine() in ("aarch64", "arm64") else []
        subprocess.run([compiler, "-O2", *flags, "-o", program, SOURCE], check=True)
        running = [subprocess.Popen([program], stdout=subprocess.PIPE, text=True) for _ in range(threads)]
        outputs = [process.communicate()[0] for process in running]
        if any(process.returncode for process in running):
            raise SystemExit(f"{SOURCE}: the peak measurement failed")
    sums: dict[str, float] = {}
    for line in "".join(outputs).splitlines():
        name, per_second = line.split()
        sums[name] = sums.get(name, 0.0) + float(per_second)
    return sums


def operations(folder: Path, windows: list[dict]) -> float:
    """Multiplications and additions in the encoder's matrix products over these windows; each piece attends to its window."""
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    hidden, inner, layers = config["hidden_size"], config["intermediate_size"], config["num_hidden_layers"]
    lengths = [len(window["ids"]) for window in windows]
    linear = sum(lengths) * 2 * (4 * hidden * hidden + 2 * hidden * inner)
    attention = sum(length * length for length in lengths) * 4 * hidden
    return float(layers * (linear + attention))
