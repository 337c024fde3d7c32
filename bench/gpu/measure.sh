#!/usr/bin/env bash
# Verifies the OpenCL backend on this machine's device, then measures the separable layers of MobileNetV1, beside cuDNN where it can.
set -euo pipefail
cd "$(dirname "$0")"
image=target/image
[[ -x $image/bin/java ]] || ./build-image.sh
mkdir -p target/results
"$image/bin/java" --enable-native-access=ALL-UNNAMED -Xmx8g -cp "$image/sepconv/*" MobileNetLayers \
  "${DEVICE:-opencl}" "${BATCHES:-1,64}" "${CASES:-500}" target/results "${PEAK_TFLOPS:-0}" "${BANDWIDTH_GBS:-0}" ${OPTIONS:-}
if python3 -c 'import torch, sys; sys.exit(not torch.cuda.is_available())' 2>/dev/null; then
  python3 peers.py target/results
else
  echo 'no peers: Python has no torch with CUDA here'
fi
cat target/results/results.md
