#!/usr/bin/env python3
"""Does a wrong derivative turn the tests red? Plants one wrong backward after the other and runs the gradient checks.

    tests/wrong_backward/run.py [--sample N] [--only WORD] [--list]

Wrong are, one at a time, in every file of core: each gradient that is passed on (negated, halved, left out) and each
operator of a function that gets a gradient (+ for -, * for /, and the other way round). This happens in a copy of the
sources below build/wrong_backward, with the program of tests/gradients.cmake; a test that fails, crashes or never ends
has found the fault. What is left, SURVIVED, is a hole in tests/core/ops_gradient_test.cpp. Status 1 if there is one.
"""
import argparse
import pathlib
import random
import re
import shutil
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
COPY = ROOT / "build/wrong_backward/source"
BUILD = ROOT / "build/wrong_backward/build"
PROGRAM = BUILD / "tests/ordinal_gradient_tests"

PASSED_ON = re.compile(r"(?<![\w>])[\w.\[\]]+\.accumulate_grad\(")
GRADIENT = r"\b(?:d[A-Z]\w*|d_\w+|d[xy])\b"    # dX, d_start, dy
BACKWARD = re.compile(r"\([^(){};]*" + GRADIENT + r"[^(){};]*\) \{")    # a function of such: its block is read whole
OPERATOR = re.compile(r" ([-+*/]|[-+*]=) ")
OPPOSITE = {"+": "-", "-": "+", "*": "/", "/": "*", "+=": "-=", "-=": "+=", "*=": "/="}
# Lines that count and point, or that are no code.
NO_ARITHMETIC = re.compile(r"\.data\b|Scalar ?\*|gemm\(|Index |_of\(|copy_n|\.dim\(|\.size\(|static_assert|\bshared\(|^ *//")


class Mutant:
    def __init__(self, file, text, begin, end, replacement, what):
        self.file, self.what, self.right = file, what, text
        self.line = text.count("\n", 0, begin) + 1
        self.source = text.splitlines()[self.line - 1].strip()
        self.text = text[:begin] + replacement + text[end:]

    def __str__(self):
        return f"{self.file}:{self.line}: {self.what}: {self.source}"


def closing(text, opening, brackets="()"):
    """The index of the bracket that closes the one at `opening`."""
    depth = 0
    for i in range(opening, len(text)):
        depth += (text[i] == brackets[0]) - (text[i] == brackets[1])
        if depth == 0:
            return i
    raise ValueError("a bracket is not closed")


def passed_on(name, text):
    for match in PASSED_ON.finditer(text):
        end = closing(text, match.end() - 1)
        gradient = text[match.end():end]
        for what, factor in (("negated", "-1"), ("halved", "0.5")):
            if gradient.startswith("[&]"):    # a function that adds to the gradient in place
                wrong = (f"[&](NdArray& all) {{ NdArray part(all.shape()); ({gradient})(part); "
                         f"all = all + part * Scalar({factor}); }}")
            else:
                wrong = f"NdArray({gradient}) * Scalar({factor})"
            yield Mutant(name, text, match.end(), end, wrong, what)
        yield Mutant(name, text, match.start(), end + 1, "(void)0", "left out")


def operators(name, text):
    blocks = [(m.end(), closing(text, m.end() - 1, "{}")) for m in BACKWARD.finditer(text)]
    start = 0
    for line in text.splitlines(keepends=True):
        for match in OPERATOR.finditer(line):
            at = start + match.start(1)
            header = line.find("for (")    # for (Index i = 0; i < n; ++i) dx[i] = ...
            body = closing(line, header + 4) if header >= 0 and line.rstrip()[-1] == ";" else 0
            code = line[body:].split("    //")[0]
            if code.lstrip().startswith('"'):    # the sentence of an error
                continue
            inside = any(begin <= at < end for begin, end in blocks) or re.search(r"\bd_row\[", line)
            if inside and match.start() >= body and match.end() <= body + len(code) and not NO_ARITHMETIC.search(code):
                yield Mutant(name, text, at, at + len(match[1]), OPPOSITE[match[1]],
                             f"{match[1]} in column {match.start(1) + 1} is {OPPOSITE[match[1]]}")
        start += len(line)


def run(*command, timeout=None):
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=timeout)


def build():
    return run("cmake", "--build", BUILD, "--target", "ordinal_gradient_tests", "--parallel", "2")


def red():
    """Do the tests notice?"""
    for cases in ("every operation passes*", "*gradient*"):
        try:
            if run(PROGRAM, f"--test-case={cases}", "--abort-after=1", timeout=300).returncode != 0:
                return True
        except subprocess.TimeoutExpired:
            return True
    return False


def prepare():
    for folder in ("core", "nn", "positional", "pretrained", "tests", "cmake"):
        for path in sorted((ROOT / folder).rglob("*")):    # what is the same keeps its time, so that little is compiled
            target = COPY / path.relative_to(ROOT)
            if path.is_file() and not (target.exists() and target.read_bytes() == path.read_bytes()):
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, target)
    shutil.copyfile(ROOT / "CMakeLists.txt", COPY / "CMakeLists.txt")
    done = run("cmake", "-S", COPY, "-B", BUILD, "-DCMAKE_BUILD_TYPE=Release", "-DORDINAL_BUILD_DEMOS=OFF",
               "-DORDINAL_TEST_FOLDERS=core;nn")
    if done.returncode == 0:
        done = build()
    if done.returncode != 0:
        sys.exit(f"The unchanged sources do not build:\n{done.stdout}")
    if red():
        sys.exit("The gradient checks fail already without a planted fault.")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--sample", type=int, help="only so many, drawn by lot (the seed is printed)")
    parser.add_argument("--seed", type=int, help="of that lot")
    parser.add_argument("--only", default="", help="only those whose line in the list holds this word")
    parser.add_argument("--list", action="store_true", help="name them and stop")
    options = parser.parse_args()

    mutants = []
    for path in sorted((ROOT / "core").rglob("*.cpp")):
        for plant in passed_on, operators:
            mutants += plant(path.relative_to(ROOT).as_posix(), path.read_text())
    mutants = [m for m in mutants if options.only in str(m)]
    if options.sample is not None and options.sample < len(mutants):
        seed = options.seed if options.seed is not None else int(time.time())
        print(f"{options.sample} of {len(mutants)}, with --seed {seed}")
        mutants = random.Random(seed).sample(mutants, options.sample)
    if options.list:
        print(*mutants, sep="\n")
        return 0
    if not mutants:
        sys.exit("There is nothing to plant: the patterns in this script no longer find a gradient.")

    prepare()
    survived, unbuilt = [], []
    for mutant in mutants:
        (COPY / mutant.file).write_text(mutant.text)
        built = build()
        if built.returncode != 0:
            unbuilt.append(mutant)
            verdict = "does not compile"
        elif red():
            verdict = "killed"
        else:
            survived.append(mutant)
            verdict = "SURVIVED"
        print(f"{verdict:16} {mutant}", flush=True)
        (COPY / mutant.file).write_text(mutant.right)
    print(f"{len(mutants)} planted, {len(mutants) - len(survived) - len(unbuilt)} killed, {len(survived)} survived, "
          f"{len(unbuilt)} do not compile")
    return 1 if survived or 2 * len(unbuilt) > len(mutants) else 0


if __name__ == "__main__":
    sys.exit(main())
