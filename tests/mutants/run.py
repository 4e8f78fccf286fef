#!/usr/bin/env python3
"""Would a wrong program turn the tests red? Makes mutants of core, nn and positional and runs the tests against each.

    tests/mutants/run.py [--sample N] [--seed S] [--minutes M] [--only PATTERN] [--list]

A mutant is this library with one place changed: an operator (< becomes <=, += becomes -=), a constant (0 becomes 1, 1e-5
becomes 1e-3), a default, min for max, a condition turned round or halved, a statement or a check left out. They are drawn
by lot from all places, and those drawn are planted together in a copy of the sources below build/mutants, each asleep: the
environment variable ORDINAL_MUTANT wakes the one of that number (mutants.h says how). So the whole is compiled once, in
double, and a mutant costs no more than the tests that find it: only those that come to its place are tried, the quick ones
first. --minutes bounds the time: then fewer are tried.

A mutant that no test can tell from the program stands in equivalent.txt with the reason. A line there that fits no mutant
any more ends the run with its name: judge it anew or delete it. Of the others 95 in 100 must be killed; what is left,
ALIVE, is a hole in the tests. tests/wrong_backward plants every wrong derivative besides.
"""
import argparse
import collections
import concurrent.futures
import os
import pathlib
import random
import re
import resource
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
COPY = ROOT / "build/mutants/source"
BUILD = ROOT / "build/mutants/build"
PROGRAM = BUILD / "tests/ordinal_tests"
REFUSED = ROOT / "build/mutants/refused.txt"
REACHED = ROOT / "build/mutants/reached"    # a byte for each number; see mutants.h
FOLDERS = ("core", "nn", "positional")
# In double the standard functions take the place of these; a test of the float build looks at every float.
NOT_IN_DOUBLE = "core/fast/vector_math.h"
# About the sources and not about what they compute, or about processes that a planted exit code would confuse.
NO_TESTS = ("core/architecture_test.cpp",)
IMPOSSIBLE = 77    # the exit code of a mutant whose types do not go together; see mutants.h
SHARE = 0.95

OTHER = {"<": "<=", "<=": "<", ">": ">=", ">=": ">", "==": "!=", "!=": "==", "+": "-", "-": "+", "*": "/", "/": "*"}
OPERATOR = re.compile(r"(?<=[\w)\]}] )(<=?|>=?|==|!=|[-+*/])(?=\s)")
NUMBER = re.compile(r"(?<![\w.'])(?<!p-)(\d[\d']*(?:\.\d+)?(?:e[-+]?\d+)?)(?![\w.'])")
TRUTH = re.compile(r"\b(true|false)\b")
COMPOUND = re.compile(r"(?<=[\w)\]] )([-+*/])=(?=\s)")
LOGIC = re.compile(r"(?<= )(&&|\|\|)(?=\s)")
EXTREME = re.compile(r"\bstd::(min|max)\(")
CONDITION = re.compile(r"\b(?:if|while) \(")
STATEMENT = re.compile(r"\s+(?:\+\+|--)?(?:break|continue|return|[\w.>\[\]():*-]+(?: [-+*/|&]?= .*|\(.*\)|\+\+|--)?);$")
CHECK = re.compile(r"\s+require\w*(?:<\w+>)?\(")    # on one line or on several
NO_STATEMENT = re.compile(r"\s*(?:return \S|using|public|private|protected|default|delete|\w+\(.*\) = )")
# Also left alone: vectors of the compiler (acc, total, to in gemm_kernel.cpp), which are no classes.
NO_PLACE = re.compile(r"^\s*(?:#|template|static_assert|using|case|typedef|namespace|virtual)|if constexpr|requires|operator"
                      r"|vector_size|constexpr[^=]*\) (?:const )?\{|\b(?:acc|total)\[i\]|\bto\[[01]\]|always_inline")


class Mutant:
    """`inserts`: what is put where, so that mutants of one line do not get into each other's way."""

    def __init__(self, file, text, code, at, what, inserts):
        self.file, self.what, self.inserts = file, what, inserts
        self.line = text.count("\n", 0, at) + 1
        self.source = text.splitlines()[self.line - 1].strip()
        # Its name in equivalent.txt is that of the code: lines above, layout and comments may change.
        length = len(code.splitlines()[self.line - 1].rstrip())
        self.key = f"{file}: {what}: {' '.join(text.splitlines()[self.line - 1][:length].split())}"

    def __str__(self):
        return f"{self.file}:{self.line}: {self.what}: {self.source}"


def masked(text):
    """The same length and lines, without comments and the contents of strings."""
    pattern = re.compile(r'//[^\n]*|"(?:\\.|[^"\\\n])*"|(?<![\w])\'(?:\\.|[^\'\\\n])\'')
    return pattern.sub(lambda m: " " * len(m[0]) if m[0][0] == "/" else m[0][0] + " " * (len(m[0]) - 2) + m[0][0], text)


def closing(text, opening):
    depth = 0
    for i in range(opening, len(text)):
        depth += (text[i] == "(") - (text[i] == ")")
        if depth == 0:
            return i
    raise ValueError("a bracket is not closed")


def operand_end(text, begin):
    """Of an operand of && or ||."""
    depth = 0
    for match in re.compile(r"[({\[]|[)}\]]|&&|\|\||::|[,;?:]").finditer(text, begin):
        if depth == 0 and match[0] not in "([{" and match[0] != "::":
            return match.start()
        depth += (match[0] in "([{") - (match[0] in ")]}")
    raise ValueError("an operand has no end")


def others(number):
    if re.search(r"[.e]", number):
        value = float(number)
        return [f"{value * (100 if 'e' in number else 1.5):.17g}" if value else "1.0"]
    value = int(number.replace("'", ""))
    return [str(value + 1)] if value == 0 else [str(value - 1), str(value + 1)]


def mutants_of(file, text):
    code = masked(text)
    start, before = 0, ";"
    for line in code.splitlines(keepends=True):
        def nth(match):
            return "" if line[:match.start()].count(match[0]) == 0 else f", number {line[:match.start()].count(match[0]) + 1}"

        def place(match, what, left, right=None):
            at, end = start + match.start(1), start + match.end(1)
            inserts = [(at, left), (end, right)] if right is not None else [(end, left)]
            return Mutant(file, text, code, at, what, inserts)

        if line.strip() and not NO_PLACE.search(line):
            for match in OPERATOR.finditer(line):
                if match[1] == "+" and '"' in line:    # joins texts
                    continue
                wrong = OTHER[match[1]]
                yield place(match, f"{match[1]} is {wrong}{nth(match)}", f" ordinal_mutants::{NAMES[match[1]]}<%d>{{}} {match[1]}")
            for match in COMPOUND.finditer(line):
                what = f"{match[0]} is {OTHER[match[1]]}={nth(match)}"
                at = start + match.end()
                yield Mutant(file, text, code, at, what, [(at, f" ordinal_mutants::{NAMES[match[1]]}<%d>{{}} {match[0]}")])
            for match in LOGIC.finditer(line):
                at = start + match.end()
                awake = "ordinal_mutants::on(%d) ||" if match[1] == "&&" else "!ordinal_mutants::on(%d) &&"
                yield Mutant(file, text, code, at - 1, f"what is right of {match[1]} is left out{nth(match)}",
                             [(at, f" ({awake} static_cast<bool>("), (operand_end(code, at), "))")])
            for match in NUMBER.finditer(line):
                for wrong in others(match[1]):
                    yield place(match, f"{match[1]} is {wrong}{nth(match)}", "ordinal_mutants::either(%d, ", f", {wrong})")
            for match in TRUTH.finditer(line):
                wrong = "false" if match[1] == "true" else "true"
                yield place(match, f"{match[1]} is {wrong}{nth(match)}", "ordinal_mutants::either(%d, ", f", {wrong})")
            for match in EXTREME.finditer(line):
                at = start + match.start()
                wrong = "max" if match[1] == "min" else "min"
                yield Mutant(file, text, code, at, f"{match[1]} is {wrong}{nth(match)}",
                             [(at, f"ordinal_mutants::{match[1].title()}<%d>{{}}(")])
            for match in CONDITION.finditer(line):
                begin = start + match.end()
                end = closing(code, begin - 1)
                if not re.search(r";|[^=!<>]=[^=]", code[begin:end]):
                    yield Mutant(file, text, code, begin, "the condition is turned round",
                                 [(begin, "ordinal_mutants::on(%d) != static_cast<bool>("), (end, ")")])
            if before[-1] in ";{}:)" and not NO_STATEMENT.match(line) and (CHECK.match(line) or STATEMENT.match(line.rstrip())):
                at = start + len(line) - len(line.lstrip())
                yield Mutant(file, text, code, at, "the statement is left out",
                             [(at, "if (ordinal_mutants::on(%d)) {} else ")])
        before = line.strip() or before
        start += len(line)


NAMES = {"<": "Less", "<=": "LessEqual", ">": "Greater", ">=": "GreaterEqual", "==": "Equal", "!=": "NotEqual",
         "+": "Plus", "-": "Minus", "*": "Times", "/": "Over"}


def planted(text, mutants):
    """The text with all of them asleep; `mutants` are pairs of a number and a mutant."""
    inserts = [(at, number, what % number if "%d" in what else what) for number, m in mutants for at, what in m.inserts]
    for at, _, what in sorted(inserts, reverse=True):
        if what.endswith("}("):    # std::min( becomes an object that is called
            text = text[:at] + what + text[at + len("std::min("):]
        else:
            text = text[:at] + what + text[at:]
    if mutants:
        text = text.replace("\nconstinit ", "\n")
    lines = text.splitlines(keepends=True)
    for _, m in mutants:    # what may change when the program starts is no constant of the compiler's
        lines[m.line - 1] = re.sub(r"\bconstexpr\b", "const", lines[m.line - 1])
    return "".join(lines)


def run(*command, timeout=None, **more):
    return subprocess.run([str(c) for c in command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          errors="replace", timeout=timeout, **more)


def write(path, text):
    """What is the same keeps its time, so that little is compiled."""
    if not (path.exists() and path.read_text() == text):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def build(mutants, options):
    """Plants and compiles; those that do not compile are left out. Takes and returns them by their numbers."""
    for folder in ("pretrained", "cmake"):
        for path in sorted((ROOT / folder).rglob("*")):
            if path.is_file():
                write(COPY / path.relative_to(ROOT), path.read_text())
    for path in sorted((ROOT / "tests").rglob("*")):
        if path.is_file() and path.suffix in (".h", ".cpp", ".cmake", ".txt") and "corpus" not in path.parts:
            text = path.read_text()
            # A default that a mutant changes is no constant expression.
            write(COPY / path.relative_to(ROOT), re.sub(r"\bconstexpr (?=[A-Z]\w+ \w+\{)", "const ", text)
                  if path.suffix in (".h", ".cpp") else text)
    write(COPY / "CMakeLists.txt", (ROOT / "CMakeLists.txt").read_text())
    refused = REFUSED.read_text().splitlines() if REFUSED.exists() else []    # by the compiler, in an earlier run
    left = {number: m for number, m in mutants.items() if str(m) not in refused}
    for _ in range(20):
        by_file = {}
        for number, mutant in left.items():
            by_file.setdefault(mutant.file, []).append((number, mutant))
        for folder in FOLDERS:
            for path in sorted((ROOT / folder).rglob("*")):
                file = path.relative_to(ROOT).as_posix()
                if path.is_file():
                    write(COPY / file, planted(path.read_text(), by_file.get(file, [])))
        done = run("cmake", "-S", COPY, "-B", BUILD, "-G", "Ninja", "-DCMAKE_BUILD_TYPE=Release",
                   "-DCMAKE_CXX_FLAGS_RELEASE=-O1", f"-DCMAKE_CXX_FLAGS=-std=c++20 -include {HERE / 'mutants.h'} -w -Wno-narrowing",
                   "-DORDINAL_DOUBLE=ON", "-DORDINAL_BUILD_DEMOS=OFF", f"-DORDINAL_TEST_FOLDERS={';'.join(FOLDERS)}")
        for target in ("ordinal_positional", "ordinal_tests"):    # what is wrong in a header shows in the library already
            if done.returncode == 0:
                done = run("cmake", "--build", BUILD, "--target", target, "--parallel", options.jobs, "--", "-k", "0")
        if done.returncode == 0 and run(PROGRAM, "--count").returncode == 0:
            return left
        named = set(re.findall(rf"\b((?:{'|'.join(FOLDERS)})/[\w/]+\.(?:h|cpp)):(\d+):\d+:", done.stdout))
        wrong = [number for number, m in left.items() if (m.file, str(m.line)) in named]
        if not wrong:    # the error shows on another line of that file
            wrong = [number for number, m in left.items() if m.file in {file for file, _ in named}]
        if done.returncode == 0:    # before main somebody needs a constant that is none any more
            wrong = [number for number, m in left.items() if "constexpr" in m.source]
        if not wrong:
            sys.exit(f"The sources do not build:\n{done.stdout[-5000:]}")
        for number in wrong:
            print(f"does not compile   {left[number]}", flush=True)
            with REFUSED.open("a") as file:
                file.write(f"{left[number]}\n")
            del left[number]
    sys.exit("The sources do not build, whatever is left out.")


def stem(file):
    return pathlib.Path(file).stem.removesuffix("_test")


class Tests:
    """The files of tests that are green while all mutants sleep: how long each takes, and to whose places it comes."""

    def __init__(self, mutants):
        self.seconds, self.reached = {}, {}
        for path in sorted(p for folder in FOLDERS for p in (ROOT / "tests" / folder).glob("*_test.cpp")):
            file = path.relative_to(ROOT / "tests").as_posix()
            if file in NO_TESTS:
                continue
            REACHED.write_bytes(bytes(max(mutants, default=0) + 1))
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            if self.run(file, 600, ORDINAL_REACHED=str(REACHED)) != 0:
                print(f"red already while all mutants sleep, and left out: {file}", flush=True)
                continue
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            self.seconds[file] = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
            self.reached[file] = REACHED.read_bytes()

    def run(self, file, seconds, **environment):
        """The exit code. The seconds are the processor's: a busy machine kills no mutant, one that never ends dies."""
        def limited():
            resource.setrlimit(resource.RLIMIT_AS, (8 << 30, 8 << 30))
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
            resource.setrlimit(resource.RLIMIT_CPU, (int(seconds) + 1, int(seconds) + 1))

        try:
            return run(PROGRAM, f"--source-file=*tests/{file}", "--abort-after=1", "--no-intro", timeout=60 + 10 * seconds,
                       env={**os.environ, **environment}, preexec_fn=limited).returncode
        except subprocess.TimeoutExpired:    # it waits for what never comes
            return 1

    def verdict(self, number, mutant):
        files = [file for file in self.seconds if self.reached[file][number]]
        if not files:
            return "ALIVE, where no test comes"
        files.sort(key=lambda file: (stem(file) not in stem(mutant.file) and stem(mutant.file) not in stem(file),
                                     self.seconds[file]))
        for file in files:    # each in a process of its own, as ctest runs them: none is red for what another one left
            status = self.run(file, 5 + 3 * self.seconds[file], ORDINAL_MUTANT=str(number))
            if status != 0:
                return "cannot be" if status == IMPOSSIBLE else "killed"
        return "ALIVE"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--sample", type=int, help="only so many, drawn by lot (the seed is printed)")
    parser.add_argument("--seed", type=int, help="of that lot")
    parser.add_argument("--minutes", type=float, help="begin no further mutants after so many")
    parser.add_argument("--only", default="", help="only those whose line in the list matches this regular expression")
    parser.add_argument("--jobs", default="2", help="compilers, and then tests, at once")
    parser.add_argument("--list", action="store_true", help="name them and stop")
    options = parser.parse_args()
    began = time.monotonic()

    mutants = []
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*")):
            file = path.relative_to(ROOT).as_posix()
            if path.suffix in (".h", ".cpp") and file != NOT_IN_DOUBLE:
                mutants += mutants_of(file, path.read_text())
    places = collections.Counter()
    for mutant in mutants:    # the same line a second time in its file is another mutant
        places[mutant.key] += 1
        if places[mutant.key] > 1:
            mutant.key += f" (place {places[mutant.key]})"
    known = set(re.findall(r"^([^#\s].*)$", (HERE / "equivalent.txt").read_text(), re.MULTILINE))
    gone = sorted(known - {name for m in mutants for name in (m.key, m.file)})
    if gone:
        sys.exit("\n".join(["equivalent.txt names what is no longer there:", *gone]))
    everywhere = len(mutants)
    mutants = [m for m in mutants if re.search(options.only, str(m))]
    if options.sample is not None and options.sample < len(mutants):
        seed = options.seed if options.seed is not None else int(time.time())
        print(f"{options.sample} of {everywhere} places, with --seed {seed}")
        mutants = random.Random(seed).sample(mutants, options.sample)
    equivalent = [m for m in mutants if m.key in known or m.file in known]
    mutants = {number: m for number, m in enumerate(mutants, 1) if m not in equivalent}
    if options.list:
        print(*mutants.values(), sep="\n")
        return 0

    left = build(mutants, options)
    tests = Tests(left)
    count = collections.Counter()

    def tried(number):
        if options.minutes is not None and time.monotonic() - began > 60 * options.minutes:
            return "left out"
        return tests.verdict(number, left[number])

    with concurrent.futures.ThreadPoolExecutor(int(options.jobs)) as pool:
        for number, verdict in zip(left, pool.map(tried, left)):
            count[verdict.split(",")[0]] += 1
            if verdict != "left out":
                print(f"{verdict:10} {left[number]}", flush=True)
    if count["left out"]:
        print(f"{options.minutes:g} minutes are over; {count['left out']} mutants are left out")
    killed, alive = count["killed"], count["ALIVE"]
    share = killed / max(1, killed + alive)
    print(f"{killed} killed, {alive} alive ({100 * share:.1f} % killed), {len(equivalent)} known to be equivalent, "
          f"{count['cannot be'] + len(mutants) - len(left)} that no compiler takes; {time.monotonic() - began:.0f} s")
    return 0 if share >= SHARE and killed > 0 else 1


if __name__ == "__main__":
    sys.exit(main())
