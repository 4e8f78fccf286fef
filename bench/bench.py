#!/usr/bin/env python3
"""./go bench: how fast is Ordinal, beside PyTorch, and beside what this machine can do?"""
import argparse
import difflib
import json
import os
import subprocess
import sys
import tempfile
import time

import plan
import sides
from session import Run, digits, time_text

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


# --- What is wanted. ---

def number(kind, low, high):
    def read(text):
        try:
            value = kind(text)
        except ValueError:
            value = None
        if value is None or not low <= value <= high:
            raise argparse.ArgumentTypeError(f"expected a number from {low} to {high}, got '{text}'")
        return value

    return read


def listed(read):
    return lambda text: [read(item) for item in text.split(",")]


def known(name):
    if not any(plan.is_beginning(name, full) for full in plan.NAMES):
        near = difflib.get_close_matches(name, plan.NAMES, n=1)
        hint = f"did you mean {near[0]}?" if near else "see --help"
        raise argparse.ArgumentTypeError(f"there is no '{name}'; {hint}")
    return name


def writable(path):
    folder = os.path.dirname(os.path.abspath(path))
    if os.path.isdir(path) or not os.access(folder, os.W_OK):
        raise argparse.ArgumentTypeError(f"expected a file in a folder that can be written, got '{path}'")
    return path


def parse(arguments):
    parser = argparse.ArgumentParser(
        prog="./go bench", allow_abbrev=False, formatter_class=argparse.RawDescriptionHelpFormatter,
        description="Times W1 to W6 and matrix products, beside PyTorch and OpenBLAS where they are installed, and\n"
        "compares them with what this machine can do. Close other programs first: ratios stand noise,\n"
        "milliseconds do not.")
    add = parser.add_argument
    add("--quick", action="store_true", help="one short round, to see that everything works")
    add("--workloads", type=listed(known), default=[], metavar="LIST",
        help="which, as names or their beginnings: gemm,W1,...,W6,own,memory,program or W3.128.rnn (default all)")
    add("--threads", type=listed(number(int, 1, 256)), default=[], metavar="LIST",
        help="how many threads, one run for each (default 1 and all processors)")
    add("--rounds", type=number(int, 1, 1000), metavar="N", help="how often the sides take turns (default 3)")
    add("--seconds", type=number(float, 0, 3600), metavar="S",
        help="how long a side is measured in a round (default 1)")
    add("--json", type=writable, metavar="FILE", help="a file to write all figures to")
    add("--without-torch", action="store_true", help="do not look for PyTorch")
    add("--build", default=os.path.join(ROOT, "build", "release"), metavar="DIR",
        help="where Ordinal was built (default build/release)")
    options = parser.parse_args(arguments)
    options.rounds = options.rounds or (1 if options.quick else 3)
    if options.seconds is None:
        options.seconds = 0.1 if options.quick else 1
    options.selects = lambda name: not options.workloads or any(plan.is_beginning(b, name) for b in options.workloads)
    return options


# --- What somebody meets first who writes a program with Ordinal: how long it takes to compile, and to start. ---

def milliseconds_of(command):
    """None when the command fails."""
    start = time.perf_counter()
    try:
        code = os.waitpid(os.posix_spawnp(command[0], command, os.environ,
                                          file_actions=[(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)]), 0)[1]
    except OSError:
        return None
    return 1e3 * (time.perf_counter() - start) if code == 0 else None


def measure_program(build):
    """docs/programs/first_steps.cpp, 15 lines, with the compiler that built Ordinal."""
    with open(os.path.join(build, "CMakeCache.txt")) as cache:
        settings = dict(line.rstrip("\n").split("=", 1) for line in cache if "=" in line and line[0] not in "#/")
    double = ["-DORDINAL_DOUBLE"] if settings.get("ORDINAL_DOUBLE:BOOL") == "ON" else []
    compiler = next(value for key, value in settings.items() if key.startswith("CMAKE_CXX_COMPILER:"))
    libraries = [os.path.join(build, f"libordinal_{layer}.a") for layer in ("positional", "nn", "core")]
    with tempfile.TemporaryDirectory() as folder:
        program = os.path.join(folder, "first_steps")
        compile_ms = milliseconds_of([compiler, "-std=c++20", "-O2", "-I", os.path.join(build, "include"), *double,
                                      os.path.join(ROOT, "docs", "programs", "first_steps.cpp"), *libraries, "-pthread",
                                      "-o", program])
        if compile_ms is None:
            print("\nThe compiler that built this cannot be called: no figures for a program of your own")
            return None
        starts = sides.spread([milliseconds_of([program]) for _ in range(30)])
    print(f"\nA program of 15 lines: {digits(compile_ms / 1000)} s to compile (-O2), {time_text(starts)} from start to "
          "end")
    return {"compile_ms": compile_ms, "start_ms": starts}


# --- All of it. ---

def processor():
    try:
        with open("/proc/cpuinfo") as lines:
            return next(line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        return "unknown processor"


def check_results(build):
    """A wrong kernel is easily a fast one: before anything is timed, its results are checked."""
    run = subprocess.run([sides.program(build), "--check"], stdout=subprocess.PIPE)
    if run.returncode != 0:
        sys.exit("bench: ordinal_side cannot run; its own message stands above")
    checks = json.loads(run.stdout)
    for check in checks:
        print("right:" if check["passed"] else "WRONG:", f"{check['what']}: {check['found']:.7g}")
    if not all(check["passed"] for check in checks):
        sys.exit("bench: a result is wrong, and how fast it comes does not matter; run ./go test")
    return checks


def main(arguments):
    options = parse(arguments)
    print(processor())
    record = {"processor": processor(), "rounds": options.rounds, "seconds": options.seconds,
              "checks": check_results(options.build), "runs": []}
    if not options.threads:
        with sides.ordinal(options.build) as side:
            options.threads = sorted({1, side.about["threads"]})
    for threads in options.threads:
        with Run(options, threads) as run:
            record["runs"].append(run.all())
    if options.selects("program"):
        record["program"] = measure_program(options.build)
    if options.json:
        with open(options.json, "w") as file:
            file.write(json.dumps(record, indent=1) + "\n")
        print(f"\nAll figures are in {options.json}")


if __name__ == "__main__":
    main(sys.argv[1:])
