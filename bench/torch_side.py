#!/usr/bin/python3
"""The workloads of bench/ in PyTorch: eager, on the processor, in float. Needs Debian's python3-torch.

    torch_side.py [--threads N] [--seconds S] W1 W4.ops16 ...    runs these and prints one JSON line for each
    torch_side.py [--threads N]                  reads "NAME SECONDS" lines and answers each with a JSON line: so that
                                                 ./go bench can take turns with it
    torch_side.py --memory NAME                  the peak memory of five repetitions, in a process of its own

With two or more threads PyTorch needs the OpenBLAS that is built with OpenMP (libopenblas0-openmp): the other one
starts threads of its own, which fight with PyTorch's.
"""
import argparse
import glob
import json
import os
import sys
import time

options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
options.add_argument("workloads", nargs="*")
options.add_argument("--threads", type=int, default=1)
options.add_argument("--seconds", type=float, default=3.0)
options.add_argument("--memory", default="")
options = options.parse_args()


def choose_blas():
    """Libraries read these variables when they are loaded, so the program starts once more with the right ones."""
    wanted = {"OMP_NUM_THREADS": str(options.threads), "OPENBLAS_NUM_THREADS": str(options.threads)}
    folders = glob.glob("/usr/lib/*/openblas-openmp")
    if folders:
        wanted["LD_LIBRARY_PATH"] = folders[0]
    elif options.threads > 1:
        wanted["OMP_WAIT_POLICY"] = "PASSIVE"  # then at least no thread spins while the others work
    slower = {"OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"} & set(os.environ)  # they would force slower products
    if slower or any(os.environ.get(name) != value for name, value in wanted.items()):
        environment = {name: value for name, value in os.environ.items() if name not in slower}
        os.execve(sys.executable, [sys.executable] + sys.argv, {**environment, **wanted})


choose_blas()
try:
    import torch
except ImportError as error:
    sys.exit(f"no PyTorch: {error}")
from torch_workloads import WORKLOADS

torch.set_num_threads(options.threads)
prepared = {}  # one workload at a time: memory that others keep would help none of them


def prepare(name):
    if name not in prepared:
        prepared.clear()
        torch.manual_seed(0)
        prepared[name] = WORKLOADS[name][0]()
    return prepared[name]


def measure(name, seconds):
    """Milliseconds of each repetition within so many seconds, at least one, after one to warm up."""
    run, repetitions = prepare(name), WORKLOADS[name][1]

    def sample():
        before = time.perf_counter()
        for _ in range(repetitions):
            run()
        return (time.perf_counter() - before) * 1e3 / repetitions

    sample()
    samples, end = [sample()], time.perf_counter() + seconds
    while time.perf_counter() < end and len(samples) < 1000:
        samples.append(sample())
    return samples


def memory(kind):
    """VmRSS: resident now; VmHWM: the most that ever was. In megabytes."""
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) * 1024 / 1e6 for line in status if line.startswith(kind))


def answer(**record):
    print(json.dumps(record), flush=True)


if options.memory:
    run = prepare(options.memory)
    before = memory("VmRSS")
    for _ in range(5):
        run()
    answer(workload=options.memory, peak_mb=memory("VmHWM"), growth_mb=memory("VmHWM") - before)
elif options.workloads:
    for name in options.workloads:
        answer(workload=name, samples_ms=measure(name, options.seconds))
else:
    answer(torch=torch.__version__, threads=torch.get_num_threads(), openmp_blas="LD_LIBRARY_PATH" in os.environ)
    for line in sys.stdin:
        name, seconds = line.split()
        answer(workload=name, samples_ms=measure(name, float(seconds)))
