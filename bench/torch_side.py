#!/usr/bin/python3
"""PyTorch's side of ./go bench: eager, on the processor, in float. Needs Debian's python3-torch.

Reads lines "SECONDS INNER NAME" and answers each with a JSON line, as ordinal_side.cpp does:
    0.5 1 W3.128.rnn      for half a second, one call to a sample      {"samples_ms": [1.21, 1.19, ...]}
    0 0 W1                prepares it only                             {"samples_ms": []}
bench.py starts it with the environment that PyTorch needs; OMP_NUM_THREADS says on how many threads.
"""
import json
import os
import sys
import time

try:
    import torch
except ImportError as error:
    sys.exit(f"no PyTorch: {error}")
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


def main():
    threads = int(os.environ["OMP_NUM_THREADS"])
    torch.set_num_threads(threads)
    print(json.dumps({"torch": torch.__version__, "threads": threads}), flush=True)
    prepared, run = "", None  # one workload at a time: memory that others keep would help none of them
    for line in sys.stdin:
        seconds, inner, name = line.split()
        if name != prepared:
            run = None
            torch.manual_seed(0)
            prepared, run = name, WORKLOADS[name]()
        samples = measure(run, float(seconds), int(inner)) if int(inner) > 0 else []
        print(json.dumps({"samples_ms": samples}), flush=True)


main()
