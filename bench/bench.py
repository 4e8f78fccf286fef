#!/usr/bin/env python3
"""./go bench: how fast is Ordinal, beside PyTorch, and beside what this machine can do?"""
import argparse
import contextlib
import difflib
import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time

import plan
import sides
from session import Run, digits, time_text

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


# --- What is wanted. ---

def expect(what, read, holds=lambda value: value is not None):
    """A reader of an argument that says what it expected."""

    def checked(text):
        with contextlib.suppress(ValueError):
            value = read(text)
            if holds(value):
                return value
        raise argparse.ArgumentTypeError(f"expected {what}, got '{text}'")

    return checked


def number(kind, low, high):
    return expect(f"a number from {low} to {high}", kind, lambda value: low <= value <= high)


def known(name):
    if name not in plan.BEGINNINGS:
        names = {beginning.lower(): beginning for beginning in plan.BEGINNINGS}
        near = difflib.get_close_matches(name.lower(), names, n=1) or [each for each in names if "." not in each]
        raise argparse.ArgumentTypeError(f"there is no '{name}'; there is {', '.join(names[each] for each in near)}")
    return name


def listed(read):
    return lambda text: [read(item.strip()) for item in text.split(",")]


def can_be_written(path):
    folder, name = os.path.split(path)
    return name and os.access(path if os.path.isfile(path) else folder or ".", os.W_OK) and (
        os.path.isfile(path) or not os.path.lexists(path))


def holds_model(folder):
    return all(os.path.exists(os.path.join(folder, file)) for file in ("model.safetensors", "config.json"))


def parse(arguments):
    parser = argparse.ArgumentParser(
        prog="./go bench", allow_abbrev=False, formatter_class=argparse.RawDescriptionHelpFormatter,
        description="Times matrix products and W1 to W6, beside PyTorch in the fastest of its float32 configurations\n"
        "(torch.compile aside), and compares them with what this machine can do. Close other programs first:\n"
        "ratios stand noise, milliseconds do not.")
    add = parser.add_argument
    add("--quick", action="store_true", help="one short round, to see that everything works")
    add("--workloads", type=listed(known), default=[], metavar="LIST",
        help="which, as names or their beginnings: gemm,W1,...,W6,generate,bert,memory,default,program or W3.128.rnn "
        "(default all)")
    add("--threads", type=listed(number(int, 1, 256)), default=[], metavar="LIST",
        help="how many threads, one run for each (default 1 and all processors)")
    add("--rounds", type=number(int, 1, 1000), metavar="N", help="how often the sides take turns (default 3)")
    add("--seconds", type=number(float, 0, 3600), metavar="S",
        help="how long a side is measured in a round (default 1)")
    add("--json", type=expect("a file in a folder that can be written", str, can_be_written), metavar="FILE",
        help="a file to write all figures to")
    add("--python", type=expect("a program", shutil.which), metavar="PROGRAM",
        help="the Python that has PyTorch 2 (default python3 of the path, then Debian's)")
    add("--without-torch", action="store_true", help="do not look for PyTorch")
    add("--bert", type=expect("a folder with model.safetensors and config.json", str, holds_model), metavar="FOLDER",
        help="a published BERT, read and trained; the amounts of work are those of all-MiniLM-L6-v2 (default "
        "$ORDINAL_MINILM)")
    add("--avx2", action="store_true", help="hold both sides to AVX2, which is what most laptops have")
    add("--build", default=os.path.join(ROOT, "build", "release"), metavar="DIR",
        help="where Ordinal was built (default build/release)")
    options = parser.parse_args(arguments)
    rounds, seconds = (1, 0.1) if options.quick else (3, 1)
    options.rounds, options.seconds = options.rounds or rounds, seconds if options.seconds is None else options.seconds
    options.bert = options.bert or next(filter(holds_model, [os.environ.get("ORDINAL_MINILM", "")]), None)
    if not options.bert and any(plan.is_beginning("bert", name) for name in options.workloads):
        parser.error("bert: expected a folder with model.safetensors and config.json; --bert or ORDINAL_MINILM names it")
    options.environment = {**(sides.AVX2 if options.avx2 else {}),
                           **({"ORDINAL_MINILM": options.bert} if options.bert else {})}
    options.selects = lambda name: (options.bert or not name.startswith("bert.")) and (
        not options.workloads or any(plan.is_beginning(beginning, name) for beginning in options.workloads))
    return options


# --- What somebody meets first who writes a program with Ordinal: how long it takes to compile, and to start. ---

def timed(command):
    """Milliseconds, and why it failed: None if it did not."""
    start = time.perf_counter()
    try:  # close_fds: else Python takes as long as the program
        done = subprocess.run(command, close_fds=False, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    except OSError as error:
        return 0, str(error)
    return 1e3 * (time.perf_counter() - start), done.stderr if done.returncode else None


def measure_program(build):
    """docs/programs/first_steps.cpp, 15 lines, with the compiler that built Ordinal."""
    with open(os.path.join(build, "CMakeCache.txt")) as cache:
        settings = dict(re.findall(r"^(\w+):\w+=(.*)$", cache.read(), re.MULTILINE))
    compiler = [settings["CMAKE_CXX_COMPILER"], *shlex.split(settings["CMAKE_CXX_FLAGS"])]
    double = ["-DORDINAL_DOUBLE"] * (settings.get("ORDINAL_DOUBLE") == "ON")
    libraries = [os.path.join(build, f"libordinal_{layer}.a") for layer in ("positional", "nn", "core")]
    with tempfile.TemporaryDirectory() as folder:
        program = os.path.join(folder, "first_steps")
        steps = {"compile": [*compiler, "-std=c++20", "-O2", *double, "-I", os.path.join(build, "include"), "-c",
                             os.path.join(ROOT, "docs", "programs", "first_steps.cpp"), "-o", program + ".o"],
                 "link": [*compiler, program + ".o", *libraries, "-pthread", "-o", program],
                 "start": [program]}
        times = {}
        for step, command in steps.items():
            times[step], failure = timed(command)
            if failure is not None:
                print(f"\nA program of your own does not {step}:\n{failure}")
                return {"failed": step}
        start = sides.spread([timed([program])[0] for _ in range(30)])
    print(f"\nA program of 15 lines: {digits(times['compile'] / 1000)} s to compile (-O2), "
          f"{digits(times['link'] / 1000)} s to link, {time_text(start)} from start to end")
    return {"compile_ms": times["compile"], "link_ms": times["link"], "start_ms": start}


# --- All of it. ---

def processor():
    """Its name and its vector instructions, as Linux tells them."""
    try:
        with open("/proc/cpuinfo") as file:
            lines = dict(re.split(r"\s*:\s*", line.strip(), maxsplit=1) for line in file if ":" in line)
    except OSError:
        return "unknown processor"
    vectors = re.findall(r"\b(?:avx|fma|amx|sve|asimd)\w*", lines.get("flags", lines.get("Features", "")))
    return f"{lines.get('model name', 'unknown processor')} ({' '.join(vectors)})"


def check_results(options):
    """A wrong kernel is easily a fast one: before anything is timed, its results are checked."""
    run = subprocess.run([sides.program(options.build), "--check"], stdout=subprocess.PIPE,
                         env={**os.environ, **options.environment})
    if run.returncode != 0:
        sys.exit("bench: ordinal_side cannot run; its own message stands above")
    checks = json.loads(run.stdout)
    for check in checks:
        print("right:" if check["passed"] else "WRONG:", f"{check['what']}: {check['found']:.7g}")
    if not all(check["passed"] for check in checks):
        sys.exit("bench: a result is wrong, and how fast it comes does not matter; run ./go test")
    return checks


def keep(record, file):
    """After each part: of a run that is interrupted, what has ended is there."""
    if file:
        with open(file, "w") as out:
            out.write(json.dumps(record, indent=1) + "\n")


def main(arguments):
    options = parse(arguments)
    print(processor())
    record = {"processor": processor(), "rounds": options.rounds, "seconds": options.seconds,
              "checks": check_results(options), "runs": []}
    if not options.bert and not options.workloads:
        print("not measured: a real BERT, for nobody says where it is (--bert FOLDER)")
    with sides.ordinal(options) as side:
        print("Ordinal takes the kernels for", side.about["instructions"])
        all_threads = sorted({1, side.about["threads"]})
    for threads in options.threads or all_threads:
        with Run(options, threads) as run:
            record["runs"].append(run.all())
        keep(record, options.json)
    if any(options.selects("default." + workload.name) for workload in plan.DEFAULT):
        with Run(options) as run:
            record["default"] = run.defaults()
    if options.selects("program"):
        record["program"] = measure_program(options.build)
    keep(record, options.json)
    if options.json:
        print(f"\nAll figures are in {options.json}")


def run(arguments):
    """The status: whatever a system refuses is a sentence."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # by way of the sides, which end with it
    try:
        main(arguments)
        print(end="", flush=True)  # a full disk, or a reader that has gone, is noticed here and not after the end
        return 0
    except KeyboardInterrupt:
        return 130
    except OSError as error:
        print(f"bench: {error.filename or 'cannot write'}: {error.strerror or error}", file=sys.stderr, flush=True)
        os._exit(1)  # and not by the end, which would write what cannot be written once more


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
