#!/usr/bin/env bash
# The schedule of the shipped model. About three hours on two cores.
set -euo pipefail
[ $# -eq 3 ] || { echo "usage: $0 CONLL_DIR WORLDWIDE_DIR OUT"; exit 2; }
conll=$1 worldwide=$2 out=$3
here=$(cd "$(dirname "$0")" && pwd)
# glibc gives freed memory back to the system at every step otherwise.
export OMP_NUM_THREADS=1 MALLOC_MMAP_MAX_=0 MALLOC_TRIM_THRESHOLD_=8000000000 MALLOC_TOP_PAD_=67108864
train() {
    python "$here/train.py" --train "worldwide=$worldwide/train.conll" \
        --dev "conll=$conll/dev.conll" --dev "worldwide=$worldwide/dev.conll" "$@"
}
mkdir -p "$out"
train --out "$out/1" --train "conll=$conll/train.conll*2" --epochs 8 --stop-after 1 --seed 1
train --out "$out/2" --train "conll=$conll/train.conll*2" --epochs 5 --stop-after 2 --seed 2 --start "$out/1/tagger.pt"
train --out "$out/3" --epochs 4 --train "conll=$conll/train.conll" --lr 2e-4 --seed 3 --start "$out/2/tagger.pt"
# One schedule twice, once stopped early (the same two epochs): the mean of both and of stage 3 is the best compromise on dev.
train --out "$out/4" --epochs 6 --stop-after 2 --train "conll=$conll/train.conll" --lr 2e-4 --seed 5 --start "$out/3/tagger.pt"
train --out "$out/5" --epochs 6 --train "conll=$conll/train.conll" --lr 2e-4 --seed 5 --start "$out/3/tagger.pt"
python "$here/average.py" --out "$out/tagger.pt" "$out/3/tagger.pt" "$out/4/tagger.pt" "$out/5/tagger.pt"
python "$here/calibrate.py" --checkpoint "$out/tagger.pt" --dev "conll=$conll/dev.conll" --dev "worldwide=$worldwide/dev.conll"
python "$here/export.py" --checkpoint "$out/tagger.pt" --calibration "$out/calibration.json" --out "$out/model"
