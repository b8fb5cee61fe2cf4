"""Lets PyTorch's package for CUDA load without CUDA's libraries, of several gigabytes: for the CPU nothing in them is needed.

    python without_cuda.py

Beside torch, where it looks for them, it puts libraries of a few kilobytes that have the names of the ones that are missing and the functions
that PyTorch looks for. Each only says that there is no device. Libraries that are there stay as they are. Needs a C compiler (`cc`).
"""

import re
import subprocess
import sys
import tempfile
from importlib.metadata import distribution
from pathlib import Path

CUDA = re.compile(r"lib(cu|nv|nccl|npp)\w*\.so[.\d]*")
NO_DEVICE = 100


def listed(*command: str | Path) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def needed(libraries: list[Path]) -> dict[str, dict[str, set[str]]]:
    """The libraries of CUDA that some libraries need, with the functions that they look for, by version.

    A function that has no version is given to all: which library has it is not known.
    """
    found: dict[str, dict[str, set[str]]] = {}
    anywhere: set[str] = set()
    for library in libraries:
        for name in re.findall(r"NEEDED.*\[(.*)\]", listed("readelf", "--dynamic", "--wide", library)):
            if CUDA.fullmatch(name):
                found.setdefault(name, {})
        file, files = "", {}
        for kind, name in re.findall(r"(File|Name): (\S+)", listed("readelf", "--version-info", "--wide", library)):
            if kind == "File":
                file = name
            elif file in found:
                files[name] = file
                found[file].setdefault(name, set())
        for line in listed("nm", "--dynamic", "--undefined-only", library).splitlines():
            symbol, _, version = line.split()[-1].replace("@@", "@").partition("@")
            if version in files:
                found[files[version]][version].add(symbol)
            elif not version and re.match(r"(cu|nv|nccl)[a-zA-Z]", symbol):
                anywhere.add(symbol)
    for name, versions in found.items():
        versions.setdefault(next(iter(versions), name), set()).update(anywhere)
    return found


def build(name: str, versions: dict[str, set[str]], out: Path) -> None:
    """A library whose functions return that there is no device."""
    with tempfile.TemporaryDirectory() as folder:
        code, script = Path(folder, "code.c"), Path(folder, "versions")
        symbols = sorted(set().union(*versions.values()))
        code.write_text("".join(f"int {symbol}(void) {{ return {NO_DEVICE}; }}\n" for symbol in symbols))
        nodes = (f"{version} {{ {''.join(f'{symbol}; ' for symbol in sorted(of))}}};\n" for version, of in versions.items())
        script.write_text("".join(nodes))
        command = ["cc", "-shared", "-fPIC", "-Os", "-fno-builtin", "-w", f"-Wl,-soname,{name}", f"-Wl,--version-script={script}"]
        subprocess.run([*command, "-o", out, code], check=True)


def main() -> None:
    site = Path(str(distribution("torch").locate_file("")))
    ours = sorted((site / "torch" / "lib").glob("*.so*"))
    there = {path.name for path in (site / "nvidia").rglob("*.so*")} | {path.name for path in ours}
    # The driver's library is looked for only where there is a driver.
    missing = {name: versions for name, versions in needed(ours).items() if name not in there | {"libcuda.so.1"}}
    for name, versions in sorted(missing.items()):
        out = site / "torch" / "lib" / name
        build(name, versions, out)
        print(f"{name}: {sum(map(len, versions.values()))} functions, {out.stat().st_size} bytes")
    # In another process: PyTorch may not be loaded twice.
    import_it = "import torch; print('torch', torch.__version__, 'loads; CUDA:', torch.cuda.is_available())"
    sys.exit(subprocess.run([sys.executable, "-c", import_it]).returncode)


if __name__ == "__main__":
    main()
