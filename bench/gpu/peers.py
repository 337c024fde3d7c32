"""Measures the layers of results.json with PyTorch and cuDNN on the same GPU, and writes both into results.md.

float32 without TF32, cuDNN's own search for the best algorithm, contiguous and channels-last, each layer as a CUDA graph.
"""
import json
import statistics
import sys
from pathlib import Path

import torch
import torch.nn.functional as functional

torch.backends.cuda.matmul.allow_tf32 = False
torch.backends.cudnn.allow_tf32 = False
torch.backends.cudnn.benchmark = True

RUNS_PER_SAMPLE = 20
SAMPLES = 30


def layer(row, memory_format):
    """The layer's function, its input, and what it must compute, in float64."""
    generator = torch.Generator().manual_seed(1)

    def random(*shape):
        return torch.rand(*shape, generator=generator) - 0.5

    channels, outputs, stride = row["in"], row["out"], row["stride"]
    x = random(row["batch"], channels, row["size"], row["size"])
    taps, tap_bias = random(channels, 1, 3, 3), random(channels)
    weights, bias = random(outputs, channels, 1, 1), random(outputs)
    # SAME: an even map with stride 2 is padded below and on the right only.
    before, after = (0, 1) if stride == 2 else (1, 1)

    def run(x, taps, tap_bias, weights, bias):
        if before == after:
            y = functional.conv2d(x, taps, tap_bias, stride, 1, groups=channels)
        else:
            y = functional.conv2d(functional.pad(x, (before, after, before, after)), taps, tap_bias, stride, groups=channels)
        return functional.relu6(functional.conv2d(functional.relu6(y), weights, bias))

    operands = [x, taps, tap_bias, weights, bias]
    expected = run(*(t[:1].double() if t is x else t.double() for t in operands))
    on_gpu = [t.cuda().to(memory_format=memory_format) if t.dim() == 4 else t.cuda() for t in operands]
    return run, on_gpu, expected


def measure(row, memory_format):
    """Milliseconds of the best and the median sample."""
    run, operands, expected = layer(row, memory_format)
    with torch.inference_mode():
        side = torch.cuda.Stream()
        with torch.cuda.stream(side):
            for _ in range(5):
                y = run(*operands)
        torch.cuda.synchronize()
        difference = (y[:1].double().cpu() - expected).abs().max().item()
        if not difference < 1e-3:
            raise SystemExit(f"PyTorch is wrong by {difference} on {row}")
        graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(graph):
            for _ in range(RUNS_PER_SAMPLE):
                run(*operands)
        samples = []
        for _ in range(SAMPLES):
            start, end = torch.cuda.Event(enable_timing=True), torch.cuda.Event(enable_timing=True)
            start.record()
            graph.replay()
            end.record()
            end.synchronize()
            samples.append(start.elapsed_time(end) / RUNS_PER_SAMPLE)
    return min(samples), statistics.median(samples)


def main(folder):
    results = json.loads((folder / "results.json").read_text())
    lines = [
        f"Sepconv (opencl) on {results['device']}, PyTorch {torch.__version__} with cuDNN {torch.backends.cudnn.version()} on "
        f"{torch.cuda.get_device_name()}; best times on the device",
        "",
        "| batch | layer | Sepconv ms | contiguous ms | channels-last ms | Sepconv / best peer | of the limit | kernel |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for row in results["rows"]:
        row["contiguous_ms"], row["contiguous_median_ms"] = measure(row, torch.contiguous_format)
        row["channels_last_ms"], row["channels_last_median_ms"] = measure(row, torch.channels_last)
        peer = min(row["contiguous_ms"], row["channels_last_ms"])
        limit = f"{100 * row['limit_ms'] / row['device_ms']:.0f} %" if row["limit_ms"] else "-"
        lines.append(
            f"| {row['batch']} | {row['in']}->{row['out']} {row['size']} s{row['stride']} | {row['device_ms']:.4f} "
            f"| {row['contiguous_ms']:.4f} | {row['channels_last_ms']:.4f} | {row['device_ms'] / peer:.2f} | {limit} | {row['kernel']} |"
        )
    (folder / "results.json").write_text(json.dumps(results, indent=1))
    (folder / "results.md").write_text("\n".join(lines) + "\n")


main(Path(sys.argv[1]))
