"""Figures are not tested: they belong to a machine and a moment. That the program runs and reckons rightly is.

    bench_test.py BUILD      where ordinal_side was built
"""
import contextlib
import io
import json
import os
import subprocess
import sys
import tempfile
import unittest
from unittest import mock

import bench
import plan
import session
import sides
from sides import Turns

BUILD = os.path.abspath(sys.argv.pop())


def error_of(*arguments):
    with contextlib.redirect_stderr(io.StringIO()) as text, contextlib.suppress(SystemExit):
        bench.parse(arguments)
    return text.getvalue().splitlines()[-1].removeprefix("./go bench: error: ").removeprefix("argument ")


class Figures(unittest.TestCase):
    def test_ratios_compare_what_was_measured_in_the_same_round(self):
        ours, theirs = iter([[1, 1, 9], [2, 2, 2]]), iter([[2], [8]])
        turns = Turns(2, {"ours": lambda: next(ours), "theirs": lambda: next(theirs)})
        self.assertEqual(turns.ratio("ours", "theirs"), {"median": 0.375, "min": 0.25, "max": 0.5})  # of 1/2 and 2/8
        self.assertEqual(turns.times("ours"), {"median": 1.5, "min": 1, "max": 9, "rounds": [1, 2]})

    def test_the_sides_take_turns(self):
        turns = []
        Turns(2, {who: lambda who=who: turns.append(who) for who in "abc"})
        self.assertEqual("".join(turns), "abcabc")

    def test_figures_are_printed_with_the_digits_that_count(self):
        self.assertEqual([session.digits(x) for x in (0.4071, 9.996, 1234.5)], ["0.407", "10.0", "1234"])
        self.assertEqual(session.time_text({"median": 0.5, "min": 0.25, "max": 1}), "500 us (250-1000)")
        self.assertEqual(session.time_text({"median": 15.7, "min": 15.1, "max": 17}), "15.7 ms (15.1-17.0)")

    def test_the_ratio_that_counts_is_that_of_the_fastest_way_of_pytorch(self):
        peer = mock.MagicMock(about={"configurations": {"W4.mlp": ["explicit", "fused"]}, "description": "P", "threads": 1})
        peer.measure = lambda name, *_: [2e9 if "fused" in name else 4e9]
        with mock.patch("sides.pytorch", lambda *_: peer), contextlib.redirect_stdout(io.StringIO()) as printed:
            with session.Run(bench.parse(["--quick", "--build", BUILD, "--seconds", "0"]), 1) as run:
                figures = run.measure_workload(plan.Workload("W4.mlp", "an MLP"))
        self.assertEqual(figures["fastest_peer"], "PyTorch, fused")
        self.assertAlmostEqual(figures["sides"]["PyTorch, fused"]["ratio"]["median"], figures["sides"]["Ordinal"]["ms"][
            "median"] / 2e9)
        self.assertRegex(printed.getvalue(), r"PyTorch, fused .* \*")
        self.assertNotRegex(printed.getvalue(), r"PyTorch, explicit .* \*")


class Options(unittest.TestCase):
    def test_a_workload_is_selected_by_its_name_or_a_beginning_of_it(self):
        selects = bench.parse(["--workloads", "W3, W5.512"]).selects
        wanted = [name for name in ("W3.128.rnn", "W5.512", "W5.5120", "W1") if selects(name)]
        self.assertEqual(wanted, ["W3.128.rnn", "W5.512"])
        self.assertTrue(bench.parse([]).selects("W1"))

    def test_a_real_bert_is_measured_where_somebody_has_it(self):
        with tempfile.TemporaryDirectory() as folder, mock.patch.dict(os.environ):
            os.environ.pop("ORDINAL_MINILM", None)
            self.assertFalse(bench.parse([]).selects("bert.one"))
            os.environ["ORDINAL_MINILM"] = folder
            self.assertFalse(bench.parse(["--workloads", "W1"]).selects("bert.one"))
            open(os.path.join(folder, "model.safetensors"), "w").close()  # and no config.json
            what = "expected a folder with model.safetensors and config.json"
            self.assertEqual(error_of("--workloads", "bert"), f"bert: {what}; --bert or ORDINAL_MINILM names it")
            self.assertEqual(error_of("--bert", folder), f"--bert: {what}, got '{folder}'")
            open(os.path.join(folder, "config.json"), "w").close()
            self.assertTrue(bench.parse(["--bert", folder]).selects("bert.one"))
            self.assertEqual(bench.parse([]).environment, {"ORDINAL_MINILM": folder})

    def test_what_cannot_be_is_refused_before_any_work(self):
        for name, near in {"W6.lokup_bcast": "W6.lookup_bcast", "w1": "W1", "gem": "gemm", "W7": "program, gemm, W1, W2, "
                           "W3, W4, W5, W6, generate, bert, memory, default"}.items():
            self.assertEqual(error_of("--workloads", name), f"--workloads: there is no '{name}'; there is {near}")
        self.assertEqual(error_of("--rounds", "0"), "--rounds: expected a number from 1 to 1000, got '0'")
        self.assertEqual(error_of("--seconds", "nan"), "--seconds: expected a number from 0 to 3600, got 'nan'")
        for path in ("/no/such/x", "", "/tmp", "/tmp/new/", "/dev/full"):
            self.assertEqual(error_of("--json", path), "--json: expected a file in a folder that can be written, got "
                             f"'{path}'")
        self.assertEqual(error_of("--python", "/no/such/x"), "--python: expected a program, got '/no/such/x'")
        self.assertEqual(error_of("--fast"), "unrecognized arguments: --fast")


class Program(unittest.TestCase):
    def test_a_quick_run_writes_its_figures_as_json(self):
        with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(io.StringIO()) as printed:
            path = os.path.join(folder, "figures.json")
            bench.main(["--quick", "--build", BUILD, "--threads", "1", "--seconds", "0", "--without-torch", "--json",
                        path, "--workloads", "W4,gemm.NT.16,memory.W5.512,default.W4.mlp1,program"])
            with open(path) as file:
                figures = json.load(file)
        self.assertEqual({check["passed"] for check in figures["checks"]}, {True})
        run = figures["runs"][0]
        self.assertGreater(run["peak_gflops"], 0.1)  # even a debug build under a sanitizer does that
        self.assertEqual([w["name"] for w in run["workloads"]],
                         ["gemm.NT.16.256.256.1", "W4.ops16", "W4.mlp", "W4.mlp1"])
        product = run["workloads"][0]["sides"]["Ordinal"]
        self.assertGreater(product["ms"]["median"], 0)
        self.assertEqual(len(product["ms"]["rounds"]), 5)
        self.assertGreater(product["share_of_limit"], 0)
        memory = run["memory"][0]["sides"]["Ordinal"]
        self.assertGreaterEqual(memory["peak_mb"], memory["growth_mb"])
        self.assertEqual(list(figures["default"]["workloads"][0]["sides"]), ["Ordinal", "Ordinal, 1 thread"])
        self.assertIn("start_ms", figures["program"], printed.getvalue())  # it compiles, links and runs
        self.assertRegex(printed.getvalue(), r"W4\.mlp +small MLP, 100 points +[0-9.]+ us")

    def test_what_cannot_be_written_is_a_sentence(self):
        command = [sys.executable, bench.__file__, "--quick", "--build", BUILD, "--without-torch", "--workloads", "W4.mlp1"]
        with open("/dev/full", "w") as full:
            done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True)
        self.assertEqual((done.returncode, done.stderr), (1, "bench: cannot write: No space left on device\n"))

    def test_a_program_that_does_not_link_is_said_to(self):
        with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(io.StringIO()) as printed:
            os.symlink(os.path.join(BUILD, "include"), os.path.join(folder, "include"))
            os.symlink(os.path.join(BUILD, "CMakeCache.txt"), os.path.join(folder, "CMakeCache.txt"))
            self.assertEqual(bench.measure_program(folder), {"failed": "link"})
        self.assertRegex(printed.getvalue(), r"does not link:\n.*libordinal_positional\.a")

    def test_ordinal_and_pytorch_have_all_that_is_planned(self):
        with sides.ordinal(bench.parse(["--build", BUILD]), 1) as side:
            for name in [w.name for w in plan.WORKLOADS + plan.PRODUCTS[-3:]] + ["peak"]:
                self.assertEqual(side.measure(name, 0, 0), [], name)
            self.assertEqual(len(side.measure("W4.ops16", 0, 5)), 1)  # one sample at least
        with mock.patch.dict(sys.modules, torch=mock.MagicMock()):  # the table of names needs none
            from torch_workloads import WORKLOADS
        self.assertEqual(set(WORKLOADS), {w.name for w in plan.PRODUCTS + plan.WORKLOADS + plan.BERT})

    def test_a_side_may_say_more_than_it_is_asked_and_what_cannot_run_is_named(self):
        with sides.Side(["echo", 'a banner\n{"threads": 2}'], {}) as side:
            self.assertEqual(side.about, {"threads": 2})
        with mock.patch("sides.PATIENCE", 0.1), sides.Side(["sleep", "60"], {}) as side:
            self.assertEqual(side.about, {})
        with self.assertRaises(SystemExit) as error:
            sides.ordinal(bench.parse(["--build", "/no/such/folder"]))
        self.assertEqual(str(error.exception), "bench: expected /no/such/folder/bin/ordinal_side, got no such program; "
                         "./go bench builds it")

    def test_a_python_without_pytorch_is_no_peer_and_must_not_be_named(self):
        with mock.patch("sides.TORCH_SIDE", os.devnull):
            self.assertIsNone(sides.python_with_torch(None))
            for python in (sys.executable, "true", "cat"):
                self.assertRaisesRegex(SystemExit, f"bench: {python} gives no PyTorch 2", sides.python_with_torch, python)


if __name__ == "__main__":
    unittest.main()
