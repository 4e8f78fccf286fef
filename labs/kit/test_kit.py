"""The kit's parts, one by one."""
import io
import json
import os
import pathlib
import shutil
import stat
import subprocess
import sys
import tarfile
import tempfile
import time
import unittest
import xml.etree.ElementTree
import zipfile
from unittest import mock

from kit import (answers, build, check, grading, judge, lab, laws, likeness, pack, practice, program, report, submission,
                 svg, testing, wire)
from kit.laws import Wrong


class Wire(unittest.TestCase):
    def test_items_come_back(self):
        items = [2.5, "two words\n", "", wire.Array((2, 3), [1.0, 2, 3, 4, 5, 6]), wire.Array((0, 3), []), float("inf")]
        self.assertEqual(wire.decode_all(wire.encode_all(items)), items)
        self.assertEqual(wire.encode_all([[[1, 2], [3, 4]]]), b"1 a 2 2 2 1.0 2.0 3.0 4.0")
        self.assertNotEqual(*wire.decode_all(b"2 n nan n nan"))
        self.assertEqual(wire.Array.of([[1, 2], [3, 4]]).nested(), [[1, 2], [3, 4]])

    def test_what_is_no_item_is_garbled(self):
        for line in (b"", b"1", b"1 n", b"1 n x", b"1 q 2", b"-1", b"1 a 1 1000000000000 1", b"1 a 2 99999 99999 1", b"2 n 1",
                     b"1 n 1 n 2", b"1 t 99 ab", b"passed", b"1 a 99999999999", b"1 n 1e",
                     b"1 a 9 1 1 1 1 1 1 1 1 1 5", b"1 a 300000" + b" 99999" * 300000):    # not a product of them all
            with self.assertRaises(wire.Garbled, msg=line):
                wire.decode_all(line)


class Judge(unittest.TestCase):
    """Answers that are meant for the judge."""

    def wrong(self, number, task, answers, *arguments):
        """What the task of this lab says when the driver answers so."""
        lab_ = lab.load_lab(number)
        with self.assertRaises(Wrong) as said:
            lab_.task_named(task).check(lambda *_, **__: answers, lab.Rules(lab_, ""), *arguments)
        return str(said.exception)

    def test_a_row_far_away_is_no_work(self):
        self.assertIn("rows before it are not reserved", self.wrong("4", "row_of", [1e15], 3))
        before = lab.load_lab("4").task_named("row_of").check.__globals__["positions_before"]
        rule = lab.Rules(lab.load_lab("4"), "")
        self.assertEqual([before(rule, row) for row in (0, 1, 2, 9, 10, 11)], [0, 0, 1, 8, 8, 9])

    def test_an_order_that_is_only_in_order(self):
        def listed(leaf):    # 2 leaves, a product, a sum; everything seems to be made of this leaf
            nodes = [("leaf", [3.0, -1, -1]), ("leaf", [-2.0, -1, -1]), ("*", [-6.0, leaf, leaf]), ("+", [-3.0, leaf, leaf])]
            return [3.0] + [item for op, numbers in nodes for item in (op, wire.Array((3,), numbers))]
        for leaf in (0.0, 1.0):
            self.assertIn("your list has others", self.wrong("1", "order", listed(leaf), "x0 x1 * x0 +", [3.0, -2.0]))

    def test_what_is_judged_by_laws_alone_counts_with_what_it_is_built_on(self):
        lab4 = lab.load_lab("4")
        before = [judge.Result(lab4.task_named(name), status) for name, status in (
            ("row_of", "done"), ("fresh", "not yet"), ("rows_of", "done"), ("look_up", "wrong"))]
        for by_laws, status in ((True, "not yet"), (False, "done")):
            found = judge.on_its_own_legs(judge.Result(lab4.task_named("trained"), "done", by_laws=by_laws), before)
            self.assertEqual(found.status, status)
        self.assertEqual(judge.on_its_own_legs(judge.Result(lab4.task_named("trained"), "done", by_laws=True),
                                               [judge.Result(one.task, "done") for one in before]).status, "done")

    def test_a_task_without_end_becomes_a_verdict(self):
        three = testing.three()
        three.tasks[0].check = lambda ask, rule, x: [None for _ in iter(int, 1)] if ask("twice", x) else None
        with mock.patch("kit.judge.THINKS", 0.2), mock.patch.object(testing, "three", lambda: three):
            verdict = testing.graded(testing.submission())
        self.assertEqual(testing.points(verdict), [0, 2, 4])
        self.assertIn("judging took more than 0.2 s", testing.sentence(verdict, "first"))

    def test_the_driver_is_told_questions_and_no_rules(self):
        sent, send = [], program.Program._send
        with mock.patch.object(program.Program, "_send", lambda self, data: (sent.append(data), send(self, data))):
            testing.graded(testing.submission(), "ada")
        self.assertTrue(sent)
        self.assertEqual([line for line in sent if not line.startswith(b"ask ")], [])


class Laws(unittest.TestCase):
    def test_sentences(self):
        def complaint(*arguments, **options):
            with self.assertRaises(laws.Wrong) as caught:
                laws.near(*arguments, **options)
            return str(caught.exception)
        self.assertEqual(complaint(5, 6, "2 * 3"), "2 * 3: expected 6, got 5")
        self.assertEqual(complaint([[1, 2], [3, 5]], [[1, 2], [3, 4]], "A"), "A at [1, 1]: expected 4, got 5")
        self.assertEqual(complaint([1, 2], [[1], [2]], "A"), "A: expected shape [2, 1], got shape [2]")
        self.assertEqual(complaint([1], 1, "A"), "A: expected a number, got shape [1]")
        self.assertEqual(complaint(float("nan"), 1, "A"), "A: expected 1, got nan")
        self.assertEqual(complaint(1, float("nan"), "A"), "A: expected nan, got 1")
        self.assertEqual(complaint(1e308, float("inf"), "A"), "A: expected inf, got 1e+308")
        self.assertEqual(complaint("passed", 1, "A"), "A: expected numbers, got the text 'passed'")
        laws.near([1 + 1e-10, float("inf"), float("nan")], [1, float("inf"), float("nan")], "A")


class Rules(unittest.TestCase):
    def test_the_hash_is_the_same_for_ever(self):
        self.assertEqual(lab.hash_of(""), 17665956581633026203)
        self.assertEqual([lab.choice_of(name, 1, "slope", 1000) for name in ("", "ada", " Ada ", "王維", "mu\u0308ller", "müller")],
                         [0, 512, 512, 181, 750, 750])

    def test_names_spread_over_the_values(self):
        counts = [0] * 4
        for i in range(400):
            counts[lab.choice_of(f"student{i}", 1, "slope", 4)] += 1
        self.assertGreater(min(counts), 60)


class Submissions(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder)

    def take(self, place=None):
        return submission.take(place or self.folder, testing.three(), ["three.h"])

    def test_from_a_folder_or_the_labs_folder_in_it(self):
        (self.folder / "three.h").write_text("top")
        self.assertEqual(self.take()[0], {"three.h": b"top"})
        (self.folder / "three").mkdir()
        (self.folder / "three" / "three.h").write_text("own")
        self.assertEqual(self.take()[0], {"three.h": b"own"})

    def test_links_devices_and_large_files_are_not_taken(self):
        os.symlink("/etc/passwd", self.folder / "three.h")
        self.assertEqual(self.take(), ({}, ["three.h was not taken: it is a link"]))
        os.symlink(str(testing.three().instructor), self.folder / "three")
        self.assertEqual(self.take(), ({}, ["three/three.h was not taken: it is a link"]))
        (self.folder / "three").unlink()
        (self.folder / "three.h").unlink()
        os.mkfifo(self.folder / "three.h")
        self.assertEqual(self.take(), ({}, ["three.h was not taken: it is no file"]))
        (self.folder / "three.h").unlink()
        (self.folder / "three.h").write_bytes(b"x" * (submission.LARGEST + 1))
        self.assertEqual(self.take(), ({}, ["three.h was not taken: it is larger than 64 KB"]))

    def test_from_archives(self):
        archive = self.folder / "a.zip"
        with zipfile.ZipFile(archive, "w") as file:
            file.writestr("../../three.h", "outside")
            file.writestr("ada/three.h", "own")
        self.assertEqual(self.take(archive)[0], {"three.h": b"own"})
        with zipfile.ZipFile(archive, "w") as file:
            link = zipfile.ZipInfo("three.h")
            link.external_attr = (stat.S_IFLNK | 0o777) << 16
            file.writestr(link, "/etc/passwd")
        self.assertEqual(self.take(archive), ({}, ["three.h was not taken: it is a link"]))
        with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as file:
            file.writestr("three.h", b"x" * (50 << 20))
        self.assertEqual(self.take(archive), ({}, ["three.h was not taken: it is larger than 64 KB"]))
        with tarfile.open(self.folder / "a.tar.gz", "w:gz") as file:
            info = tarfile.TarInfo("./three.h")
            info.size = 3
            file.addfile(info, io.BytesIO(b"own"))
        self.assertEqual(self.take(self.folder / "a.tar.gz")[0], {"three.h": b"own"})
        with tarfile.open(self.folder / "b.tar", "w") as file:
            info = tarfile.TarInfo("three.h")
            info.type, info.linkname = tarfile.SYMTYPE, "/etc/passwd"
            file.addfile(info)
        self.assertEqual(self.take(self.folder / "b.tar"), ({}, ["three.h was not taken: it is no file"]))
        with self.assertRaises(submission.NoSubmission):
            self.take(self.folder / "nothing")

    def test_every_broken_archive_is_said(self):
        def a_zip(name, **changes):
            with zipfile.ZipFile(self.folder / name, "w") as file:
                file.writestr("three.h", "own" * 100)
            return bytearray((self.folder / name).read_bytes())
        encrypted, unknown, crc = a_zip("e.zip"), a_zip("u.zip"), a_zip("c.zip")
        central = encrypted.rfind(b"PK\1\2")
        for at in (6, central + 8):
            encrypted[at] |= 1    # the flag "encrypted"
        for at in (8, central + 10):
            unknown[at] = 77      # a method of compression
        crc[50] ^= 255            # in the content
        for name, data, error in (("e.zip", encrypted, "RuntimeError"), ("u.zip", unknown, "NotImplementedError"),
                                  ("c.zip", crc, "BadZipFile")):
            (self.folder / name).write_bytes(data)
            self.assertEqual(self.take(self.folder / name), ({}, [f"three.h was not taken: it cannot be read ({error})"]))
        with tarfile.open(self.folder / "t.tar.gz", "w:gz") as file:
            info = tarfile.TarInfo("three.h")
            info.size = 1 << 16
            file.addfile(info, io.BytesIO(os.urandom(1 << 16)))
        whole = (self.folder / "t.tar.gz").read_bytes()
        (self.folder / "others").mkdir()
        for size in (20, 200, len(whole) // 2):
            (self.folder / "others" / f"{size}.tar.gz").write_bytes(whole[:size])
            try:
                self.assertEqual(self.take(self.folder / "others" / f"{size}.tar.gz")[0], {})
            except submission.NoSubmission:
                pass
        lines = grading.alike(testing.three(), {"three.h": b""}, self.folder / "others")    # nobody else's grade is at stake
        self.assertTrue(all("20.tar.gz" in line for line in lines), lines)

    def test_a_file_that_is_there_twice(self):
        with zipfile.ZipFile(self.folder / "a.zip", "w") as file:
            file.writestr("one/three.h", "1")
            file.writestr("two/three.h", "2")
        self.assertEqual(self.take(self.folder / "a.zip"),
                         ({}, ["three.h was not taken: it is there more than once: one/three.h and two/three.h"]))
        with tarfile.open(self.folder / "a.tar", "w") as file:
            for name in ("one/three.h", "two/three.h"):
                file.addfile(tarfile.TarInfo(name))
        self.assertEqual(self.take(self.folder / "a.tar"),
                         ({}, ["three.h was not taken: it is there more than once, the second time as two/three.h"]))

    def test_broken_archives_and_bombs(self):
        whole = self.folder / "a.zip"
        with zipfile.ZipFile(whole, "w") as file:
            file.writestr("three.h", "own" * 1000)
        broken = bytearray(whole.read_bytes())
        broken[40:60] = b"x" * 20
        (self.folder / "b.zip").write_bytes(broken)
        self.assertEqual(self.take(self.folder / "b.zip")[0], {})
        with tarfile.open(self.folder / "bomb.tar.gz", "w:gz") as file:
            info = tarfile.TarInfo("padding")
            info.size = 100 << 20
            file.addfile(info, io.BytesIO(bytes(100 << 20)))
        self.assertEqual(self.take(self.folder / "bomb.tar.gz"), ({}, ["three/three.h was not taken: the archive is too large"]))


class Verdicts(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.verdict = testing.graded(testing.submission(second="inline double total(const std::vector<double>&) { return 1; }"),
                                     answers="guess: 20\nbug: a\n")

    def test_points(self):
        self.assertEqual([result.points for result in self.verdict.results], [1, 0, 4, 1, 1])

    def test_text(self):
        text = report.write(self.verdict, "text")
        self.assertIn("0/2  wrong   second: the sum of some numbers\n        the sum of [1.0, 2.0, 3.0]: expected 6, got 1\n"
                      "        read labs/kit/README.md\n", text)
        self.assertIn("\n7 of 9 points\nwalls: ", text)

    def test_junit(self):
        suite = xml.etree.ElementTree.fromstring(report.write(self.verdict, "junit"))
        self.assertEqual((suite.get("tests"), suite.get("failures")), ("5", "1"))
        self.assertEqual([case.get("name") for case in suite.iter("testcase")], ["first", "second", "third", "guess", "bug"])
        self.assertEqual([case.get("name") for case in suite.iter("testcase") if case.find("failure") is not None], ["second"])

    def test_names_of_files_may_be_anything(self):
        strange = ["likeness to bob\x01\x1b[2J: 1.00", "likeness to c\udcff: 1.00"]
        for form in report.FORMATS:
            text = report.write(self.verdict, form, strange)
            text.encode()
            self.assertNotIn("\x1b", text)
        suite = xml.etree.ElementTree.fromstring(report.write(self.verdict, "junit", strange))
        self.assertIn("likeness to bob??[2J: 1.00\nlikeness to c?: 1.00", suite.find("system-out").text)

    def test_what_is_missing_is_said_before_the_work(self):
        with tempfile.TemporaryDirectory() as folder:
            for words, says in ((["--secret", "/none"], "--secret /none"), (["--others", "/none"], "/none is no folder"),
                                (["--output", "/none/a"], "--output /none/a"), (["--lab", "0"], "one to read"),
                                (["--output", folder], "expected a file, got a folder"),
                                (["--secret", "/dev/zero"], "is longer than a secret needs to be")):
                done = subprocess.run([sys.executable, str(lab.LABS / "kit"), "grade", folder, "--lab", "1", "--for", "x",
                                       *words], capture_output=True, text=True)
                self.assertEqual(done.returncode, 2, done.stderr)
                self.assertIn(says, done.stderr)
                self.assertEqual(len(done.stderr.splitlines()), 1, done.stderr)

    def test_a_report_replaces_no_link_and_no_pipe(self):
        from kit.__main__ import write_report
        with tempfile.TemporaryDirectory() as folder:
            file, link, pipe = (pathlib.Path(folder) / name for name in ("file", "link", "pipe"))
            file.write_text("before")
            file.chmod(0o600)
            link.symlink_to(file)
            os.mkfifo(pipe)
            reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
            for path in (file, link, pipe):
                write_report(path, f"to {path.name}")
                self.assertEqual(stat.S_IMODE(file.stat().st_mode), 0o600)
                self.assertEqual(file.read_text(), "to file" if path == file else "to link")
            self.assertEqual(os.read(reader, 99), b"to pipe")
            os.close(reader)
            self.assertTrue(link.is_symlink() and pipe.is_fifo())
            self.assertEqual(len(os.listdir(folder)), 3)

    def test_gradescope(self):
        found = json.loads(report.write(self.verdict, "gradescope"))
        self.assertEqual(found["score"], 7)
        self.assertEqual([test["score"] for test in found["tests"]], [1, 0, 4, 1, 1, 0])
        self.assertEqual([test["visibility"] for test in found["tests"]], ["visible"] * 5 + ["hidden"])

    def test_classroom50(self):
        found = json.loads(report.write(self.verdict, "classroom50"))
        self.assertEqual(set(found), {"schema", "classroom", "assignment", "submission", "commit", "release", "review",
                                      "datetime", "score", "max-score", "tests"})
        self.assertEqual((found["score"], found["max-score"]), (7, 9))
        self.assertEqual([test["passed"] for test in found["tests"]], [True, False, True, True, True])
        self.assertTrue(all(isinstance(found[name], str) and found[name] for name in ("commit", "review", "submission")))

    def test_no_verdict_without_all_tasks(self):
        verdict = testing.graded("")
        verdict.results.pop()
        for form in report.FORMATS:
            with self.assertRaises(ValueError):
                report.write(verdict, form)

    def test_no_verdict_without_the_hidden_inputs(self):
        with tempfile.TemporaryDirectory() as folder:
            copy = pathlib.Path(folder) / "instructor"
            shutil.copytree(testing.HERE / "three_instructor", copy)
            three = lab.from_folder(testing.HERE / "three", copy)
            hidden = (copy / "hidden.py").read_text()
            for text in (None, hidden.replace('"second"', '"sceond"'), "def inputs(draw, rule):\n    return {}\n"):
                (copy / "hidden.py").unlink()
                if text:
                    (copy / "hidden.py").write_text(text)
                with self.assertRaises(grading.CannotGrade):
                    grading.grade(folder, three, "")
                (copy / "hidden.py").write_text(hidden)

    def test_require_walls(self):
        with mock.patch("kit.judge.ALL_WALLS", ("user", "a wall that nobody has")):
            with self.assertRaisesRegex(grading.CannotGrade, "do not stand: .*a wall that nobody has"):
                testing.graded("", require_walls=True)

    def test_rubric_has_the_points(self):
        text = report.rubric([testing.three()])
        self.assertIn("## Lab 97: three small functions (9 points)", text)
        self.assertIn("| 4 | third | implement | a root, and an error for a negative number |", text)

    def test_conventions_of_a_neighbour_do_not_pass(self):
        right = {factor: testing.submission(first=f"inline double twice(double x) {{ return {factor} * x; }}") for factor in (2, 3, 5)}
        for name in ("ada", "b", "Grace Hopper"):
            factor = lab.Rules(testing.three(), name).factor
            self.assertEqual(testing.points(testing.graded(right[factor], name)), [1, 2, 4])
            self.assertEqual(testing.points(testing.graded(right[5 if factor == 2 else 2], name)), [0, 2, 4])

    def test_predictions(self):
        for guess, points in (("20", 1), ("20.005", 1), ("20.02", 0), ("100/5", 1), ("nan", 0), ("", 0), ("passed", 0), ("1e999", 0)):
            verdict = testing.graded("", answers=f"guess: {guess}\n")
            self.assertEqual(verdict.results[3].points, points, guess)
            self.assertNotIn("shows 20", verdict.results[3].sentence if not points else "")


class Alike(unittest.TestCase):
    def alike(self, mine, other, given=b""):
        return likeness.likeness(likeness.own_pieces({"a": mine}, {"a": given}), {"a": other})

    def test_a_copy_with_other_names(self):
        one = b"inline double total(const V& v) { double sum = 0; for (double x : v) sum += x * x; return sum / 2; }" * 2
        two = one.replace(b"sum", b"acc").replace(b"total", b"f").replace(b"; ", b";\n  // same\n")
        other = b"double g(V a) { int n = a.size(); if (n == 0) return 0; while (--n) a[0] += a[n]; return std::sqrt(a[0]); }"
        self.assertEqual(self.alike(one, two), 1)
        self.assertLess(self.alike(one, other), 0.3)
        self.assertIsNone(self.alike(one, two, given=one))    # it is all given

    def test_hostile_text_is_read_in_linear_time(self):
        for text in ("/*" * 100000, '"\\' * 80000, "'" * 200001, 'R"(' * 60000):
            began = time.monotonic()
            likeness.tokens(text)
            self.assertLess(time.monotonic() - began, 20)

    def test_in_the_report(self):
        with tempfile.TemporaryDirectory() as folder:
            for who, text in (("ada", testing.submission()), ("bob", testing.submission().replace("double s", "double acc")),
                              ("eve", testing.submission())):
                (pathlib.Path(folder) / who).mkdir()
                (pathlib.Path(folder) / who / "three.h").write_text(text)
            lines = grading.alike(testing.three(), {"three.h": testing.submission().encode()}, folder)
        self.assertRegex(lines[0], r"likeness to the reference: 0\.\d\d")
        self.assertEqual(sorted(lines[1:]), ["likeness to ada (the same files): 1.00", "likeness to bob: 1.00",
                                             "likeness to eve (the same files): 1.00"])


class Practice(unittest.TestCase):
    def test_start_and_try_in_a_folder_of_ones_own(self):
        with tempfile.TemporaryDirectory() as folder, mock.patch("sys.stdout", new_callable=io.StringIO) as out:
            practice.start(folder, "ada")
            self.assertIn("\nfor: ada\n", (pathlib.Path(folder) / "lab1_scalar" / "answers.txt").read_text())
            self.assertTrue((pathlib.Path(folder) / "lab2_arrays" / "array.h").exists())
            (pathlib.Path(folder) / "lab1_scalar" / "value.h").write_text("mine")
            practice.start(folder, "")
            self.assertEqual((pathlib.Path(folder) / "lab1_scalar" / "value.h").read_text(), "mine")
            practice.path(folder)
            self.assertIn("started; ./go lab 1 tells", out.getvalue())

    def test_answers(self):
        self.assertEqual(answers.read("# one: 2\nfor: Ada  # me\nempty:\nguess:  3 \nguess: 4\n"), {"for": "Ada", "guess": "3"})
        self.assertEqual([answers.number(text) for text in ("1/4", "50%", "2,5", "x", "1/0", "0.1e1")], [0.25, 0.5, 2.5, None, None, 1])


class Checks(unittest.TestCase):
    def test_the_small_lab_keeps_what_a_lab_promises(self):
        with tempfile.TemporaryDirectory() as folder:    # its picture is drawn here; it is nobody's to read
            copy = pathlib.Path(folder) / "three"
            shutil.copytree(testing.HERE / "three", copy)
            three = lab.from_folder(copy, testing.HERE / "three_instructor")
            for name, text in check.drawn_bugs(three, copy / "drawn").items():
                (copy / name).write_text(text)
            self.assertEqual(check.problems_of(three), [])

    def test_weak_tests_are_found(self):
        three = testing.three()
        three.tasks[1].check = lambda ask, rule, numbers: None    # everything is right
        with mock.patch.object(three, "hidden_inputs", lambda name: {"first": [(1.0,)], "second": [([1.0],)], "third": [(4.0,)]}), \
                mock.patch("kit.judge.Ask._compare", lambda *_: None):
            found = list(check.mutated(three))
        self.assertEqual([problem.partition(" loses")[0] for problem in found],
                         ["mutant only_seen", "mutant begins_late", "mutant nothing"])


class Pictures(unittest.TestCase):
    def test_are_well_formed(self):
        numbers = wire.Array((2, 2), [1.0, float("nan"), -2.0, 0.5])
        for text in (svg.heatmap(numbers, title="a < b & c", numbers=True, rows=["x", "y"], columns=["u", "v"]),
                     svg.lines([("one", [0, 1, 2], [1, float("nan"), 3]), ("flat", [0, 1], [1, 1])], title="t"),
                     svg.graph([("a\n1", 0, 0), ("b\n2", 1, 0), ("c", 2, 0)], [(0, 1), (1, 2), (0, 2)], title="g")):
            xml.etree.ElementTree.fromstring(text)

    def test_have_room_for_their_words(self):
        def width_of(text):
            return float(xml.etree.ElementTree.fromstring(text).get("width"))
        long = "the name of a curve is written where it ends"
        text = svg.lines([(long, [0, 1], [0, 1])], title="t", width=560)
        label = next(part for part in xml.etree.ElementTree.fromstring(text) if part.text == long)
        self.assertLess(float(label.get("x")) + 6.5 * len(long), width_of(text))    # letters of 12 pixels are half as wide
        self.assertGreater(width_of(svg.heatmap(wire.Array((1, 1), [1.0]), title=long)), 8 * len(long))

    def test_a_downloaded_folder_is_read_for_pictures_and_not_when_judging(self):
        three, out = testing.three(), io.StringIO()
        three.downloaded = "ORDINAL_A_FOLDER_OF_THIS_TEST"
        self.assertEqual(three.downloaded_folder(), "")
        with tempfile.TemporaryDirectory() as folder, mock.patch.dict(os.environ, {three.downloaded: folder}):
            os.chmod(folder, 0o755)
            (pathlib.Path(folder) / "number").write_text("7")
            files = {"three.h": ("#include <fstream>\n" + testing.submission(
                first=f'inline double twice(double x) {{ std::ifstream("{folder}/number") >> x; return x; }}')).encode()}
            seen = []

            @three.picture
            def of_the_folder(ask, rule):
                seen.append((three.downloaded_folder(), ask("twice", 1)[0]))
                raise laws.NotTried("the real one")
            with mock.patch("sys.stdout", out):
                practice.draw(three, files, "", pathlib.Path(folder) / "drawn")
            self.assertEqual((seen, out.getvalue()), ([(os.path.realpath(folder), 7)], "not tried: the real one\n"))
            with build.temporary_folder() as where:
                built = build.build(three, files, ["first", "second", "third"], where=where)
                with judge.run(built.programs["first"], three, three.tasks[0]) as driver:
                    read = driver.ask("twice", (1,))[0]
                    if "files" in driver.walls:
                        self.assertNotEqual(read, 7)


class Archive(unittest.TestCase):
    def test_the_students_archive_has_no_solution(self):
        with tempfile.TemporaryDirectory() as folder, mock.patch("sys.stdout", new_callable=io.StringIO):
            path = pathlib.Path(folder) / "a.tar.gz"
            pack.pack(path)
            first = path.read_bytes()
            pack.pack(path)
            self.assertEqual(path.read_bytes(), first)
            with tarfile.open(path) as archive:
                archive.extractall(folder)
            root = pathlib.Path(folder) / "ordinal"
            self.assertTrue((root / "labs" / "lab1_scalar" / "tasks.py").exists())
            self.assertFalse((root / "labs" / "instructor").exists())
            self.assertFalse((root / ".git").exists())
            for file in root.rglob("*"):
                if file.is_file() and file.relative_to(root) != pathlib.Path("labs/kit/check.py"):    # which looks for it
                    self.assertNotIn(check.MARKER.encode(), file.read_bytes(), file)
            done = subprocess.run([sys.executable, str(root / "labs" / "kit"), "lab"], capture_output=True, text=True)
            self.assertIn("a scalar that remembers", done.stdout)
            done = subprocess.run([sys.executable, str(root / "labs" / "kit"), "grade", folder, "--lab", "1", "--for", "x"],
                                  capture_output=True, text=True)
            self.assertEqual((done.returncode, done.stdout), (2, ""))


class Commands(unittest.TestCase):
    def run_kit(self, *words, **streams):
        return subprocess.run([sys.executable, str(lab.LABS / "kit"), *words], stderr=subprocess.PIPE, **streams)

    def test_what_the_system_refuses_is_a_sentence(self):
        for words in (["lab", "start", "/dev/null/x"], ["lab", "pack", "/dev"], ["lab", "pack", "/dev/full"]):
            done = self.run_kit(*words, stdout=subprocess.DEVNULL)
            self.assertEqual(done.returncode, 2, words)
            self.assertRegex(done.stderr, rb"\Ago: [^\n]*: [A-Z][^\n]*\n\Z")

    def test_a_lost_standard_output_is_an_error(self):
        with open("/dev/full", "w") as full:
            for words in (["lab"], ["grade", "--rubric"]):
                done = self.run_kit(*words, stdout=full)
                self.assertEqual((done.returncode, done.stderr), (2, b"go: cannot write: No space left on device\n"))

    def test_a_name_is_utf_8_and_a_folder_may_be_deep(self):
        with tempfile.TemporaryDirectory() as folder:
            done = self.run_kit("lab", "start", folder, "--for", b"\xff", stdout=subprocess.DEVNULL)
            self.assertEqual((done.returncode, done.stderr.splitlines()[-1]),
                             (2, rb"./go lab: error: argument --for: expected a name in UTF-8, got b'\xff'"))
            self.assertEqual(os.listdir(folder), [])
            deep = pathlib.Path(folder) / ("a" * 200) / ("b" * 200)
            note = practice.note_of(deep)
            self.assertLess(len(note.name), 200)
            self.assertNotEqual(note, practice.note_of(deep.parent))


if __name__ == "__main__":
    unittest.main()
