#!/usr/bin/env bash
# Trains on slices 0 to 17 of the training stack of ISBI 2012 and scores slices 18 to 23, as that challenge does.
#     bench/isbi2012.sh build/release/bin/unet DATA OUT [flags of unet train]
# DATA has train-volume.tif and train-labels.tif. A run in OUT that was stopped goes on, one that is finished is scored.
# The figures in docs/how-to/evaluate.md: --steps 5000. --preset ronneberger2015 takes 1.6 s a step on two cores.
set -euo pipefail
unet=$1 data=$2 out=$3
shift 3

if [ ! -d "$out/run" ]; then
    "$unet" train "$data/train-volume.tif" "$data/train-labels.tif" --pages 0-17 --val-fraction 0.1 \
        --validation-interval 250 --out "$out/run" "$@"
elif ! tail -n 1 "$out/run/log.txt" | grep -q '^finished'; then
    "$unet" train --resume "$out/run"
fi
# Whole stacks are predicted: --pages of evaluate picks from both.
for average in none rotations7; do
    "$unet" predict "$out/run" "$data/train-volume.tif" --what probabilities --average "$average" \
        --out "$out/$average" > "$out/$average.log"
    echo "--average $average"
    "$unet" evaluate "$out/$average/train-volume.tif" "$data/train-labels.tif" --pages 18-23 --metrics isbi2012
done
