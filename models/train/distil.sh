#!/usr/bin/env bash
# Trains the shipped model on with news-en-base as its teacher. Two hours on one core without AMX, half of it for the teacher.
set -euo pipefail
[ $# -eq 6 ] || { echo "usage: $0 MODEL TEXTS WORLDWIDE_DIR OWN.conll PROGRAM OUT"; exit 2; }
model=$1 texts=$2 worldwide=$3 own=$4 program=$5 out=$6
here=$(cd "$(dirname "$0")" && pwd)
export OMP_NUM_THREADS=1 MALLOC_MMAP_MAX_=0 MALLOC_TRIM_THRESHOLD_=8000000000 MALLOC_TOP_PAD_=67108864
mkdir -p "$out"
# Three documents of ten: the teacher is slow.
python - "$worldwide/train.conll" "$out/worldwide.conll" "$here" <<'PY'
import sys
from pathlib import Path

sys.path.insert(0, sys.argv[3])
import corpus

documents = corpus.read(Path(sys.argv[1]))
corpus.write(documents[1::10] + documents[4::10] + documents[7::10], Path(sys.argv[2]))
PY
cp "$texts/train-dev.conll" "$texts/men.conll" "$out/"
cp "$own" "$out/own.conll"
for name in own worldwide train-dev men; do
    python "$here/soft.py" --program "$program" --model "$here/../news-en-base" --heads conll,clean --text "$out/$name.conll=$out/$name.pt"
done
train() {
    python "$here/train.py" --train "conll,clean=$texts/train.conll" --train "clean=$out/train-dev.conll@$out/train-dev.pt" \
        --train "clean=$out/men.conll@$out/men.pt" --train "clean=$out/own.conll@$out/own.pt" --workers 1 --dev-every 99 "$@"
}
python "$here/reopen.py" --model "$model" --out "$out/0/tagger.pt"
train --train "worldwide=$out/worldwide.conll@$out/worldwide.pt*0.7" --train "worldwide=$worldwide/train.conll*0.1" \
    --out "$out/1" --lr 1.5e-4 --keep 0.98 --epochs 2.3 --seed 21 --start "$out/0/tagger.pt"
train --train "worldwide=$out/worldwide.conll@$out/worldwide.pt*0.5" --train "worldwide=$worldwide/train.conll*0.35" \
    --out "$out/2" --lr 1.4e-4 --keep 0.97 --epochs 1 --seed 22 --start "$out/1/tagger.pt"
python "$here/average.py" --out "$out/tagger.pt" --weights 1,1,4 "$out/0/tagger.pt" "$out/1/tagger.pt" "$out/2/tagger.pt"
python "$here/calibrate.py" --checkpoint "$out/tagger.pt" --dev "conll=$texts/dev-conll.conll" --dev "clean=$texts/dev-clean.conll" \
    --dev "worldwide=$worldwide/dev.conll"
python "$here/export.py" --checkpoint "$out/tagger.pt" --calibration "$out/calibration.json" --default-head clean --out "$out/model"
