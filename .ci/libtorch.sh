#!/usr/bin/env bash
# Puts libtorch 2.4.1 for the processor into a folder and prints the folder: what the feature `rust-bert` is built and run with.
#
#     export LIBTORCH=$(.ci/libtorch.sh) LIBTORCH_CXX11_ABI=0 LD_LIBRARY_PATH=$LIBTORCH/lib
#     cargo test --features rust-bert-pipeline --test libtorch
#
# It needs pip, a C compiler, x86-64 Linux and 2 GB of disk while it works, 0.6 GB afterwards. pytorch.org is not asked: the files
# are taken from three wheels of the Python package index, whose checksums are below. The wheel of PyTorch is the one for CUDA;
# without libtorch_cuda, which is left out, the rest of it runs on the processor, once the two small libraries of CUDA that
# libtorch_cpu is linked with are there too. Its C++ code has the old ABI, hence LIBTORCH_CXX11_ABI=0.
set -euo pipefail

home=${XDG_CACHE_HOME:-$HOME/.cache}/allonym-ci
folder=$home/libtorch-2.4.1
if [ -e "$folder/complete" ]; then
    echo "$folder"
    exit
fi
fail() { echo "libtorch.sh: $*" >&2; exit 1; }
[ "$(uname -sm)" = "Linux x86_64" ] || fail "expected Linux on x86_64, found $(uname -sm); set LIBTORCH yourself"
command -v gcc > /dev/null || fail "expected gcc"
mkdir -p "$home"
work=$(mktemp -d "$home/libtorch.XXXXXX")
trap 'rm -rf "$work"' EXIT

cat > "$work/wheels.txt" <<'EOF'
torch==2.4.1 --hash=sha256:0b5f88afdfa05a335d80351e3cea57d38e578c8689f751d35e0ff36bce872113
nvidia-cuda-runtime-cu12==12.1.105 --hash=sha256:6e258468ddf5796e25f1dc591a31029fa317d97a0a94ed93468fc86301d61e40
nvidia-cuda-cupti-cu12==12.1.105 --hash=sha256:e54fde3983165c624cb79254ae9818a456eb6e87a7fd4d56a2352c24ee542d7e
EOF
python3 -m pip --version > /dev/null || fail "expected python3 with pip"
# The wheel's own platform, whatever the Python at hand is.
python3 -m pip download --quiet --disable-pip-version-check --no-cache-dir --no-deps --require-hashes \
    --only-binary :all: --python-version 3.11 --implementation cp --abi cp311 --platform manylinux1_x86_64 \
    --dest "$work/wheels" --requirement "$work/wheels.txt" >&2 ||
    fail "cannot download the wheels of libtorch (see above); nothing was skipped, nothing was tested"

python3 - "$work" <<'PY' >&2
import pathlib, shutil, sys, zipfile
work = pathlib.Path(sys.argv[1])
tree = work / "tree"
(tree / "lib").mkdir(parents=True)
found = set()
for wheel in sorted((work / "wheels").glob("*.whl")):
    with zipfile.ZipFile(wheel) as archive:
        for name in archive.namelist():
            path = pathlib.PurePosixPath(name)
            if path.match("torch/lib/libtorch_cpu.so") or path.match("torch/lib/libc10.so") or path.match("torch/lib/libgomp*") \
                    or path.match("nvidia/*/lib/libcudart.so.12") or path.match("nvidia/*/lib/libcupti.so.12"):
                target = tree / "lib" / path.name
            elif path.is_relative_to("torch/include") and not name.endswith("/"):
                target = tree / path.relative_to("torch")
            else:
                continue
            target.parent.mkdir(parents=True, exist_ok=True)
            with archive.open(name) as source, target.open("wb") as copy:
                shutil.copyfileobj(source, copy, 1 << 20)
            found.add(path.name.split(".")[0].split("-")[0])
missing = {"libtorch_cpu", "libc10", "libgomp", "libcudart", "libcupti"} - found
sys.exit(f"libtorch.sh: expected these libraries in the wheels: {', '.join(sorted(missing))}" if missing else 0)
PY
# torch-sys links with a libtorch that only ties the others together.
echo 'void allonym_libtorch_stub(void) {}' | gcc -shared -fPIC -x c -o "$work/tree/lib/libtorch.so" -
touch "$work/tree/complete"
rm -rf "$folder"
mv "$work/tree" "$folder"
echo "$folder"
