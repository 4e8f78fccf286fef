"""Figures are not tested: they belong to a machine and a moment. That the program runs and reckons rightly is.

    bench_test.py BUILD STAND_IN      where ordinal_side was built, and what stands in for OpenBLAS
"""
import contextlib
import io
import json
import os
import re
import subprocess
import sys
import tempfile
import unittest

import bench
import plan
import session
import sides
from sides import Comparison

BUILD, STAND_IN = sys.argv.pop(-2), sys.argv.pop()


def error_of(*arguments):
    with contextlib.redirect_stderr(io.StringIO()) as text, contextlib.suppress(SystemExit):
        bench.parse(arguments)
    return text.getvalue().splitlines()[-1]


class Figures(unittest.TestCase):
    def test_ratios_compare_what_was_measured_in_the_same_round(self):
        ours, theirs = iter([[1, 1, 9], [2, 2, 2]]), iter([[2], [8]])
        times = Comparison(2, lambda: next(ours), lambda: next(theirs))
        self.assertEqual(times.ratio(), {"median": 0.375, "min": 0.25, "max": 0.5})  # of 1 / 2 and 2 / 8
        self.assertEqual(times.ratio_of_best(), 0.5)
        self.assertEqual(Comparison.times(times.ours), {"median": 1.5, "min": 1, "max": 9, "rounds": [1, 2]})

    def test_the_sides_take_turns(self):
        turns = []
        Comparison(3, lambda: turns.append("o"), lambda: turns.append("t"))
        self.assertEqual("".join(turns), "ototot")
        self.assertEqual(Comparison(2, lambda: [1], None).theirs, [])

    def test_figures_are_printed_with_the_digits_that_count(self):
        self.assertEqual([session.digits(x) for x in (0.4071, 9.996, 1234.5)], ["0.407", "10.0", "1234"])
        self.assertEqual(session.time_text({"median": 0.5, "min": 0.25, "max": 1}), "500 us (250-1000)")
        self.assertEqual(session.time_text({"median": 15.7, "min": 15.1, "max": 17}), "15.7 ms (15.1-17.0)")


class Options(unittest.TestCase):
    def test_a_workload_is_selected_by_its_name_or_a_beginning_of_it(self):
        selects = bench.parse(["--workloads", "W3,W5.512"]).selects
        wanted = [name for name in ("W3.128.rnn", "W5.512", "W5.5120", "W1") if selects(name)]
        self.assertEqual(wanted, ["W3.128.rnn", "W5.512"])
        self.assertTrue(bench.parse([]).selects("W1"))

    def test_what_cannot_be_is_refused_before_any_work(self):
        self.assertEqual(error_of("--workloads", "W6.lokup"), "./go bench: error: argument --workloads: there is no "
                         "'W6.lokup'; did you mean W6.lookup?")
        self.assertEqual(error_of("--rounds", "0"), "./go bench: error: argument --rounds: expected a number from 1 to "
                         "1000, got '0'")
        self.assertEqual(error_of("--json", "/no/such/x"), "./go bench: error: argument --json: expected a file in a "
                         "folder that can be written, got '/no/such/x'")
        self.assertEqual(error_of("--fast"), "./go bench: error: unrecognized arguments: --fast")


class Program(unittest.TestCase):
    def test_a_quick_run_writes_its_figures_as_json(self):
        with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(io.StringIO()) as printed:
            path = os.path.join(folder, "figures.json")
            bench.main(["--quick", "--build", BUILD, "--workloads", "W4,gemm.rnn_step,memory.W5.512", "--threads", "1",
                        "--seconds", "0", "--without-torch", "--json", path])
            with open(path) as file:
                figures = json.load(file)
        self.assertEqual({check["passed"] for check in figures["checks"]}, {True})
        run = figures["runs"][0]
        self.assertGreater(run["peak_gflops"], 0.1)  # even a debug build under a sanitizer does that
        self.assertEqual([w["name"] for w in run["workloads"]], ["W4.ops16", "W4.mlp", "W4.mlp1"])
        self.assertGreater(run["workloads"][0]["ours_ms"]["median"], 0)
        self.assertEqual(len(run["workloads"][0]["ours_ms"]["rounds"]), 1)
        self.assertGreater(run["gemm"]["shapes"][0]["ours_gflops"]["median"], 0)
        self.assertGreaterEqual(run["memory"][0]["ours"]["peak_mb"], run["memory"][0]["ours"]["growth_mb"])
        self.assertRegex(printed.getvalue(), r"W4\.mlp +small MLP, 100 points +[0-9.]+ us")

    def test_ordinal_can_prepare_all_that_is_planned(self):
        with sides.ordinal(BUILD, 1) as side:
            for name in [w.name for w in plan.WORKLOADS] + ["peak", "gemm TN 7 35 20 2"]:
                self.assertEqual(side.measure(name, 0, 0), [], name)
            self.assertEqual(len(side.measure("W4.ops16", 0, 5)), 1)  # one sample at least

    def test_pytorch_has_a_twin_of_all_that_says_so(self):
        with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "torch_workloads.py")) as file:
            table = file.read().split("WORKLOADS = ")[1]
        names = {re.sub(r"\{.\}", "*", name) for name in re.findall(r'"(W[^"]+)":', table)}
        for workload in plan.WORKLOADS:
            sized = re.sub(r"(W[35])\.\d+", r"\1.*", workload.name)
            self.assertEqual(workload.has_twin, sized in names, workload.name)

    def test_the_peer_is_called_so_that_it_comes_to_the_same_products(self):
        paths = {variable: STAND_IN for variable in ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")}  # OpenBLAS itself is first
        program = sides.program(BUILD)
        with sides.Side([program], paths) as side:
            self.assertIn("libopenblas", side.about["openblas"])
            self.assertEqual(len(side.measure("openblas NT 7 35 20 2", 0)), 1)
        checks = json.loads(subprocess.run([program, "--check"], env={**os.environ, **paths}, check=True,
                                           stdout=subprocess.PIPE).stdout)
        found = {check["what"]: check["found"] for check in checks}
        self.assertLess(found["matrix products of OpenBLAS against the naive loop"], 1e-5)

    def test_a_side_that_cannot_run_is_named(self):
        with sides.Side(["false"], {}) as side:
            self.assertEqual(side.about, {})
        with self.assertRaises(SystemExit) as error:
            sides.ordinal("/no/such/folder")
        self.assertEqual(str(error.exception), "bench: expected /no/such/folder/bin/ordinal_side, got no such program; "
                         "./go bench builds it")


if __name__ == "__main__":
    unittest.main()
