#!/usr/bin/env bash
# From nothing to results on real pictures, in about eight minutes on two cores: installs what is
# missing, builds, trains a U-Net on the bundled nuclei for three minutes, predicts pictures that it
# was not trained on, and says how good it is.
#
#     scripts/demo.sh [FOLDER]      results go to FOLDER (default: demo-output); an earlier demo's
#                                   results there are replaced
set -euo pipefail
cd "$(dirname "$0")/.."
out=${1:-demo-output}
data=examples/nuclei
unet=build/release/bin/unet

if [ -e "$out" ] && [ ! -e "$out/.unet-demo" ]; then
    echo "demo: $out exists and is not an earlier demo; name another folder" >&2
    exit 1
fi

say() { printf '\n== %s\n' "$*"; }
say "installing and building"
bash scripts/setup.sh
cmake --preset release > /dev/null
cmake --build --preset release --parallel "$(nproc)" --target unet_cli unet_words

rm -rf "$out"
mkdir -p "$out"
touch "$out/.unet-demo"

say "training for 3 minutes on $(ls $data/train/images | wc -l) pictures"
"$unet" train $data/train --val $data/val --budget 3m --out "$out/run"

say "predicting $(ls $data/val/images | wc -l) pictures that it was not trained on"
"$unet" predict "$out/run/model.safetensors" $data/val/images --out "$out/objects" --overlay

say "comparing with the annotations of an expert"
"$unet" evaluate "$out/objects" $data/val/labels

say "done"
cat << END
model       $out/run/model.safetensors
objects     $out/objects/*.tif          numbered nuclei; open them in Fiji or any TIFF viewer
overlays    $out/objects/overlay/*.png  outlines drawn on the pictures: look at these first
previews    $out/run/previews           picture | annotation | prediction, as training went on

Your own pictures:  $unet predict $out/run/model.safetensors PICTURE... --out FOLDER --overlay
Your own labels:    $unet train --help
END
