"""The two sides of a comparison: programs that are asked line by line how long something takes."""
import glob
import json
import os
import subprocess
import sys
import time
from statistics import median


class Side:
    """A program that answers "SECONDS INNER NAME" with a JSON line. Its first line, `about`, is empty where it cannot
    run, and then nothing may be asked."""

    def __init__(self, command, environment):
        # Two variables would force slower products on OpenBLAS.
        inherited = {k: v for k, v in os.environ.items() if k not in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")}
        self.command = command
        self.process = subprocess.Popen(command, env={**inherited, **environment}, text=True, stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE)
        self.about = json.loads(self.process.stdout.readline() or "{}")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.communicate()

    def measure(self, name, seconds, inner=1):
        """Milliseconds, one a sample."""
        try:
            print(seconds, inner, name, file=self.process.stdin, flush=True)
        except BrokenPipeError:
            pass  # it has said why
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


def ordinal(build, threads=None):
    """On as many threads as Ordinal takes by itself, unless it is told."""
    side = Side([program(build)], {} if threads is None else {"ORDINAL_THREADS": str(threads)})
    if not side.about:
        sys.exit("bench: ordinal_side cannot run; its own message stands above")
    return side


def pytorch(threads):
    """With two or more threads PyTorch needs the OpenBLAS that is built with OpenMP (libopenblas0-openmp): the other one
    starts threads of its own, which fight with PyTorch's."""
    environment = {"OMP_NUM_THREADS": str(threads), "OPENBLAS_NUM_THREADS": str(threads)}
    folders = glob.glob("/usr/lib/*/openblas-openmp")
    if folders:
        environment["LD_LIBRARY_PATH"] = folders[0]
    elif threads > 1:
        environment["OMP_WAIT_POLICY"] = "PASSIVE"  # then at least no thread spins while the others work
    # Debian's own interpreter is the one that sees Debian's PyTorch.
    python = "/usr/bin/python3" if os.path.exists("/usr/bin/python3") else sys.executable
    return Side([python, os.path.join(os.path.dirname(os.path.abspath(__file__)), "torch_side.py")], environment)


def spread(samples):
    return {"median": median(samples), "min": min(samples), "max": max(samples)}


class Comparison:
    """Two sides that take turns, ours, theirs, ours, theirs, ...: a list of samples each round. `theirs` may be None."""

    def __init__(self, rounds, ours, theirs):
        self.ours, self.theirs = [], []
        for _ in range(rounds):
            self.ours.append(ours())
            if theirs is None:
                continue
            self.theirs.append(theirs())
            # Threads of PyTorch and OpenBLAS look for work for a while before they sleep: no processor would be ours.
            time.sleep(0.02)

    @staticmethod
    def times(rounds):
        """The median of the rounds' medians, the extremes of all samples, and the median of each round."""
        medians = [median(samples) for samples in rounds]
        return {**spread([ms for samples in rounds for ms in samples]), "median": median(medians), "rounds": medians}

    def ratio(self):
        """ours / theirs, round by round: the machine's speed drifts, and within a round both have met the same one."""
        return spread([median(a) / median(b) for a, b in zip(self.ours, self.theirs)])

    def ratio_of_best(self):
        """Our shortest time over theirs: what is left when other programs have disturbed neither."""
        return min(map(min, self.ours)) / min(map(min, self.theirs))
