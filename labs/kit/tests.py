"""python3 labs/kit test [--all] [--junit FILE] [WORD ...]: the kit's own tests, one more at a time than there are processors.

All that labs promise takes a minute a lab and is tried with --all.
"""
import concurrent.futures
import os
import pathlib
import subprocess
import sys
import time
import unittest
from xml.sax.saxutils import escape, quoteattr

from kit.lab import LABS


def names():
    """Of all tests, test_kit.Wire.test_...; those that take long first."""
    def each(suite):
        for one in suite:
            if isinstance(one, unittest.TestSuite):
                yield from each(one)
            else:
                yield one.id()
    found = list(each(unittest.TestLoader().discover(str(LABS / "kit"), top_level_dir=str(LABS))))
    return sorted(found, key=lambda name: ("test_labs" not in name, "Hostile" not in name, name))


def groups(words):
    """A test by itself, or all of a class that prepares something for all of its tests."""
    found = {}
    for name in names():
        if all(word in name for word in words):
            found.setdefault(name.rpartition(".")[0] if "test_kit" in name else name, []).append(name)
    return found


def run(group):
    began = time.monotonic()
    done = subprocess.run([sys.executable, "-B", "-m", "unittest", group], cwd=LABS, capture_output=True, text=True)
    return group, done.returncode, done.stderr, time.monotonic() - began


def main(words):
    junit = words.pop(words.index("--junit") + 1) if "--junit" in words else None
    os.environ["ORDINAL_LABS"] = "all" if "--all" in words else ""
    chosen = groups([word for word in words if not word.startswith("--")])
    lines, failed, count = [], 0, 0
    with concurrent.futures.ThreadPoolExecutor(1 + (os.cpu_count() or 2)) as pool:    # some of them wait
        for group, status, text, seconds in pool.map(run, chosen):
            failed += status != 0
            count += len(chosen[group])
            print(f"{'ok    ' if status == 0 else 'FAILED'} {seconds:6.1f} s  {group}" + (f"\n{text}" if status else ""), flush=True)
            for i, name in enumerate(chosen[group]):
                failure = f"<failure>{escape(text[-3000:])}</failure>" if status and i == 0 else ""
                lines.append(f'<testcase name={quoteattr(name)} time="{seconds:.1f}">{failure}</testcase>')
    print(f"{count} tests, {failed} failed")
    if junit:
        pathlib.Path(junit).write_text(f'<testsuite name="labs" tests="{count}" failures="{failed}" skipped="0" disabled="0">\n'
                                       + "\n".join(lines) + "\n</testsuite>\n")
    return 1 if failed or not count else 0
