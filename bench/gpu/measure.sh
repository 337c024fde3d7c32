#!/usr/bin/env bash
# Verifies the OpenCL backend on this machine's GPU, then measures the separable layers of MobileNetV1, beside cuDNN where it can.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
if [[ -x $here/../../runtime/bin/java ]]; then # in a distribution, which may be read-only
  java=$here/../../runtime/bin/java
  class_path="$here/mobilenet-layers.jar:$here/../../lib/*"
  results=${RESULTS:-sepconv-gpu}
else
  java=$here/target/image/bin/java
  [[ -x $java ]] || "$here/build-image.sh"
  class_path="$here/target/image/sepconv/*"
  results=${RESULTS:-$here/target/results}
fi
"$java" --enable-native-access=ALL-UNNAMED -Xmx8g -cp "$class_path" MobileNetLayers \
  "${DEVICE:-gpu}" "${BATCHES:-1,64}" "${CASES:-500}" "$results" "${PEAK_TFLOPS:-0}" "${BANDWIDTH_GBS:-0}" ${OPTIONS:-}
if python3 -c 'import torch, sys; sys.exit(not torch.cuda.is_available())' 2>/dev/null; then
  python3 "$here/peers.py" "$results"
else
  echo 'no peers: Python has no torch with CUDA here'
fi
cat "$results/results.md"
