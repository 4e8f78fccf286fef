"""PyTorch's side of ./go bench, on the processor, in float: bench.py starts it with an interpreter that has PyTorch 2.

Reads lines "SECONDS INNER NAME CONFIGURATION" and answers each with a JSON line, as ordinal_side.cpp does:
    0.5 1 W1 fused        for half a second, one call to a sample      {"samples_ms": [121, 119, ...]}
    0 0 W3.128.rnn eager  prepares it only                             {"samples_ms": []}
Its first line says what it is, and which configurations it has of each workload. OMP_NUM_THREADS says on how many
threads; without it PyTorch decides.
"""
import json
import os
import re
import sys
import time

try:
    import torch
except ImportError as error:
    sys.exit(f"no PyTorch for {sys.executable}: {error}")
if int(torch.__version__.split(".")[0]) < 2:
    sys.exit(f"{sys.executable} has PyTorch {torch.__version__}, which is no peer: fused attention came with version 2")
from torch_workloads import WORKLOADS


def measure(run, seconds, inner):
    """Milliseconds of each sample within so many seconds, at least one, after one to warm up."""

    def sample():
        before = time.perf_counter()
        for _ in range(inner):
            run()
        return (time.perf_counter() - before) * 1e3 / inner

    sample()
    samples, end = [sample()], time.perf_counter() + seconds
    while time.perf_counter() < end and len(samples) < 1000:
        samples.append(sample())
    return samples


def description():
    """2.13.0+cpu with Math Kernel Library Version 2024.2, MKL-DNN v3.12, CPU capability usage: AVX512"""
    libraries = re.findall(r"Math Kernel Library Version [\d.]+|OpenBLAS|MKL-DNN v[\d.]+|CPU capability usage: \w+",
                           torch.__config__.show())
    return f"PyTorch {torch.__version__} of {sys.executable} ({', '.join(dict.fromkeys(libraries))})"


def main():
    if "OMP_NUM_THREADS" in os.environ:
        torch.set_num_threads(int(os.environ["OMP_NUM_THREADS"]))
    print(json.dumps({"description": description(), "threads": torch.get_num_threads(),
                      "configurations": {name: list(ways) for name, ways in WORKLOADS.items()}}), flush=True)
    prepared, run = "", None  # one workload at a time: memory that others keep would help none of them
    for line in sys.stdin:
        seconds, inner, name, configuration = line.split()
        if name + configuration != prepared:
            run = None
            torch.manual_seed(0)
            prepared, run = name + configuration, WORKLOADS[name][configuration]()
        samples = measure(run, float(seconds), int(inner)) if int(inner) > 0 else []
        print(json.dumps({"samples_ms": samples}), flush=True)


main()
