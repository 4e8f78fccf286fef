"""The sides of a comparison: programs that are asked line by line how long something takes."""
import contextlib
import functools
import glob
import json
import os
import shutil
import subprocess
import sys
import threading
import time
from statistics import median

TORCH_SIDE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "torch_side.py")
DEBIANS = "/usr/bin/python3"
# Whoever has set them for other programs: they take threads or time from a side, or force slower products on OpenBLAS.
NOT_INHERITED = ("ORDINAL_THREADS", "ORDINAL_PROFILE", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS",
                 "OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")
PATIENCE = 120  # seconds for a side to start: reading PyTorch from a slow disk takes its time
# What holds everybody to AVX2, as on most laptops.
AVX2 = {"ORDINAL_ISA": "avx2", "OPENBLAS_CORETYPE": "Haswell", "ATEN_CPU_CAPABILITY": "avx2",
        "MKL_ENABLE_INSTRUCTIONS": "AVX2", "ONEDNN_MAX_CPU_ISA": "AVX2"}


class Side:
    """A program that answers "SECONDS INNER NAME" with a JSON line. The first one, `about`, after whatever else it says,
    is empty where it cannot run, and then nothing may be asked."""

    def __init__(self, command, environment):
        inherited = {k: v for k, v in os.environ.items() if k not in NOT_INHERITED}
        self.command = command
        self.process = subprocess.Popen(command, env={**inherited, **environment}, text=True, stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, errors="replace", start_new_session=True)
        impatient = threading.Timer(PATIENCE, self.process.kill)
        impatient.start()
        self.about = json.loads(next((line for line in self.process.stdout if line.startswith('{"')), "{}"))
        impatient.cancel()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()  # it may be measuring, and nobody waits for that any more
        self.process.communicate()

    def measure(self, name, seconds, inner=1):
        """Milliseconds, one a sample."""
        with contextlib.suppress(BrokenPipeError):  # it has said why
            print(seconds, inner, name, file=self.process.stdin, flush=True)
        line = self.process.stdout.readline()
        if not line:
            sys.exit(f"bench: {os.path.basename(self.command[-1])} ended at {name}; its own message stands above")
        return json.loads(line)["samples_ms"]

    def memory(self, name):
        """Of a side that has done nothing else: megabytes at the peak of five repetitions, and their growth over what
        was there before the first one. 0 where the system does not tell."""
        self.measure(name, 0, 0)
        before = self.status("VmRSS")
        self.measure(name, 0, 5)
        peak = self.status("VmHWM")
        return {"peak_mb": peak, "growth_mb": peak - before}

    def status(self, kind):
        try:
            with open(f"/proc/{self.process.pid}/status") as status:
                return next(int(line.split()[1]) * 1024 / 1e6 for line in status if line.startswith(kind))
        except OSError:
            return 0.0


def program(build):
    path = os.path.join(build, "bin", "ordinal_side")
    if not os.path.exists(path):
        sys.exit(f"bench: expected {path}, got no such program; ./go bench builds it")
    return path


def ordinal(options, threads=None):
    """On as many threads as Ordinal takes by itself, unless it is told."""
    told = {"ORDINAL_THREADS": str(threads)} if threads else {}
    side = Side([program(options.build)], {**options.environment, **told})
    if not side.about:
        sys.exit("bench: ordinal_side cannot run; its own message stands above")
    return side


@functools.cache
def python_with_torch(wanted):
    """A Python that has PyTorch 2: the one that is wanted, or else that of the path, of a virtual environment perhaps,
    or Debian's. None where there is none, but who names one wants no other; each has said what it lacks."""
    for python in [wanted] if wanted else dict.fromkeys([shutil.which("python3") or DEBIANS, DEBIANS]):
        with contextlib.suppress(OSError), Side([python, TORCH_SIDE], {}) as side:
            if side.about:
                return python
    if wanted:
        sys.exit(f"bench: {wanted} gives no PyTorch 2; if it has said why, that stands above")
    return None


def pytorch(options, threads=None):
    """None where there is no PyTorch, or none is wanted."""
    python = None if options.without_torch else python_with_torch(options.python)
    if python is None:
        return None
    told = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), str(threads)) if threads else {}
    if python == DEBIANS and told:
        # It needs the OpenBLAS that is built with OpenMP (libopenblas0-openmp): the other one starts threads of its
        # own, which fight with PyTorch's. Where it is missing, at least no thread spins while the others work.
        folders = glob.glob("/usr/lib/*/openblas-openmp")
        told.update({"LD_LIBRARY_PATH": folders[0]} if folders else {"OMP_WAIT_POLICY": "PASSIVE"})
    return Side([python, TORCH_SIDE], {**options.environment, **told})


def spread(samples):
    return {"median": median(samples), "min": min(samples), "max": max(samples)}


class Turns:
    """Sides that take turns: a, b, c, a, b, c, ... Of each a list of samples for each round."""

    def __init__(self, rounds, ask):
        """ask: {side: a function that gives the samples of a turn}"""
        self.samples = {side: [] for side in ask}
        for _ in range(rounds):
            for side, samples in ask.items():
                self.samples[side].append(samples())
                # Threads look for work for a while before they sleep: no processor would be the next one's.
                time.sleep(0.02)

    def times(self, side):
        """The median of the rounds' medians, the extremes of all samples, and the median of each round."""
        medians = [median(samples) for samples in self.samples[side]]
        return {**spread(sum(self.samples[side], [])), "median": median(medians), "rounds": medians}

    def ratio(self, side, other):
        """Round by round: the machine's speed drifts, and within a round both have met the same one."""
        return spread([median(a) / median(b) for a, b in zip(self.samples[side], self.samples[other])])
