#!/usr/bin/env bash
# Trains the shipped model on: the head clean, words cut at hyphens, modern text of our own. About an hour on two cores.
set -euo pipefail
[ $# -eq 5 ] || { echo "usage: $0 MODEL TEXTS WORLDWIDE_DIR OWN.conll OUT"; exit 2; }
model=$1 texts=$2 worldwide=$3 own=$4 out=$5
here=$(cd "$(dirname "$0")" && pwd)
export OMP_NUM_THREADS=1 MALLOC_MMAP_MAX_=0 MALLOC_TRIM_THRESHOLD_=8000000000 MALLOC_TOP_PAD_=67108864
train() {
    python "$here/train.py" --train "conll,clean=$texts/train.conll" --train "clean=$texts/train-dev.conll" --train "clean=$texts/men.conll" \
        --train "worldwide=$worldwide/train.conll*0.3" --train "clean=$own" --bf16 --keep 0.96 --dev-every 99 --epochs 2.4 "$@"
}
python "$here/reopen.py" --model "$model" --new clean=conll --out "$out/0/tagger.pt"
train --out "$out/1" --lr 1.5e-4 --seed 11 --start "$out/0/tagger.pt"
train --out "$out/2" --lr 1.4e-4 --seed 12 --start "$out/1/tagger.pt"
python "$here/average.py" --out "$out/tagger.pt" --weights 0.5,1,3.5 --new clean "$out/0/tagger.pt" "$out/1/tagger.pt" "$out/2/tagger.pt"
python "$here/calibrate.py" --checkpoint "$out/tagger.pt" --dev "conll=$texts/dev-conll.conll" --dev "clean=$texts/dev-clean.conll" \
    --dev "worldwide=$worldwide/dev.conll"
python "$here/export.py" --checkpoint "$out/tagger.pt" --calibration "$out/calibration.json" --default-head clean --out "$out/model"
