"""Submissions that want points without the work, or are merely broken. Each test plants one thing in a right solution:
what is planted earns nothing and costs nobody else's points.
"""
import ctypes
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time
import unittest
import xml.etree.ElementTree
from unittest import mock

from kit import build, grading
from kit.lab import LABS
from kit.program import Limits, Program, Command
from kit.testing import all_texts, graded, points, sentence, submission, three

ALL = [1, 2, 4]
READS_AND_WRITES = r"""
struct Everywhere {
    Everywhere() {
        for (const char* path : {"/proc/self/cmdline", "/proc/self/environ", "/proc/self/maps", "/proc/1/environ"}) {
            const int file = ::open(path, O_RDONLY);
            char block[4096];
            if (file >= 0) { while (::read(file, block, sizeof block) > 0) {} ::close(file); }
        }
        const char verdict[] = "passed 7 of 7\n{\"score\": 7}\n0 gives 1 n 1\n";
        for (int i = 1; i < 256; ++i) if (::write(i, verdict, sizeof verdict - 1)) {}
        for (const char* path : {"/results.json", "results.json", "/box/results.json", "/tmp/results.json",
                                 "/autograder/results/results.json", "/driver/driver", "/kit/driver.h"}) {
            const int file = ::open(path, O_WRONLY | O_CREAT | O_TRUNC, 0666);
            if (file >= 0) { if (::write(file, verdict, sizeof verdict - 1)) {} ::close(file); }
        }
    }
};
static const Everywhere everywhere;
"""

# Answers every question itself, with ITEM, before the driver has begun.
FORGES = r"""
struct Serves {
    Serves() {
        for (std::string line; std::getline(std::cin, line);) {
            if (line.substr(0, 4) != "ask ") continue;
            std::string s = "\n" + line.substr(4, 16) + " gives 1 ";
            s += ITEM;
            s += "\n";
            for (std::size_t at = 0; at < s.size();) at += static_cast<std::size_t>(::write(3, s.data() + at, s.size() - at));
        }
    }
};
static Serves serves;
"""

# Becomes another driver, if it can find one: by the words of its parent process, and where the kit keeps its own.
FINDS_THE_REFERENCE = r"""
#include <glob.h>
struct Finds {
    static std::vector<std::string> all(const std::string& pattern) {
        glob_t found;
        std::vector<std::string> paths;
        if (::glob(pattern.c_str(), 0, nullptr, &found) == 0) paths.assign(found.gl_pathv, found.gl_pathv + found.gl_pathc);
        return paths;
    }
    Finds() {
        char own[4096] = {};
        if (::readlink("/proc/self/exe", own, sizeof own - 1) < 0) return;
        std::vector<std::string> roots;
        for (const std::string& path : all("/proc/" + std::to_string(::getppid()) + "/cmdline")) {
            std::string words(1 << 16, ' ');
            const int file = ::open(path.c_str(), O_RDONLY);
            if (file < 0) continue;
            const ssize_t size = ::read(file, words.data(), words.size());
            ::close(file);
            words.resize(size > 0 ? static_cast<std::size_t>(size) : 0);
            for (std::size_t at = words.find("/labs/"); at != std::string::npos; at = words.find("/labs/", at + 1))
                roots.push_back(words.substr(words.find_last_of(std::string("\0 \"", 3), at) + 1,
                                             at - words.find_last_of(std::string("\0 \"", 3), at) - 1));
        }
        std::vector<std::string> drivers = all("/tmp/ordinal_*/driver/driver");    // of somebody else
        for (const std::string& root : roots)
            for (const char* where : {"/build/labs/*/driver", "/build/labs/*/*/driver"})
                for (const std::string& path : all(root + where)) drivers.push_back(path);
        for (const std::string& path : drivers)
            if (path != own) ::execl(path.c_str(), path.c_str(), static_cast<char*>(nullptr));
    }
};
static const Finds finds;
"""


def without_namespaces():
    """In a child: root as in a container that allows none."""
    ctypes.CDLL(None).prctl(24, ctypes.c_ulong(21), 0, 0, 0)    # PR_CAPBSET_DROP, CAP_SYS_ADMIN


def alive(name):
    """Processes that call themselves so. (The drivers of other tests may run at the same time.)"""
    found = []
    for number in filter(str.isdigit, os.listdir("/proc")):
        try:
            found += [number] * (pathlib.Path(f"/proc/{number}/comm").read_text().strip() == name)
        except OSError:
            pass
    return found


class Hostile(unittest.TestCase):
    def test_right_solution_has_all_points_and_all_walls(self):
        verdict = graded(submission())
        self.assertEqual(points(verdict), ALL)
        if os.getuid() == 0:
            self.assertEqual(verdict.missing_walls(), [])

    def test_a_loop_costs_its_own_task_and_the_run_ends_in_time(self):
        began = time.monotonic()
        verdict = graded(submission(second="inline double total(const std::vector<double>&) { for (volatile int i = 0;; i = i + 1) {} }"))
        self.assertEqual(points(verdict), [1, 0, 4])
        self.assertIn("ran out of time", sentence(verdict, "second"))
        self.assertLess(time.monotonic() - began, 200)

    def test_sleeping_is_no_way_around_the_limit(self):
        verdict = graded(submission(second="inline double total(const std::vector<double>&) { ::sleep(1000); return 0; }"))
        self.assertEqual(points(verdict), [1, 0, 4])
        self.assertIn("ran out of time (2 s)", sentence(verdict, "second"))

    def test_what_does_not_compile(self):
        verdict = graded(submission().rstrip().rstrip("}"))
        self.assertEqual(points(verdict), [0, 0, 0])
        self.assertRegex(sentence(verdict, "first"), r"three\.h:\d+:\d+: error")
        for _ in range(2):    # also where the same was seen before
            verdict = graded(submission(before='#error "planted"'))
            self.assertEqual(points(verdict), [0, 0, 0])
            self.assertRegex(sentence(verdict, "third"), r'three\.h:\d+:2: error: #error "planted"')
        with mock.patch("kit.build.compile_once", wraps=build.compile_once) as compiles:    # not once for each task
            verdict = graded(submission(second="inline double total(const std::vector<double>&) { return nonsense; }"))
        self.assertEqual((points(verdict), compiles.call_count), ([0, 0, 0], 2))
        self.assertEqual(sentence(verdict, "third").count("nonsense"), 2)    # the error, and the line that is shown

    def test_stubs_and_nothing_at_all(self):
        verdict = graded((three().folder / "three.h").read_text())
        self.assertEqual([result.status for result in verdict.results], ["not yet"] * 5)
        self.assertEqual(verdict.points(), 0)
        self.assertEqual(graded("").points(), 0)
        with tempfile.TemporaryDirectory() as folder:
            verdict, _ = grading.grade(folder, three(), "")
        self.assertEqual(verdict.points(), 0)
        self.assertIn("three.h is missing: expected as three/three.h or three.h, or in one folder", verdict.notes)

    def test_a_missing_function_costs_its_own_task(self):
        verdict = graded(submission(first=""))
        self.assertEqual(points(verdict), [0, 2, 4])
        self.assertIn("does not compile", sentence(verdict, "first"))

    def test_exit_before_and_in_the_questions(self):
        verdict = graded(submission(before="struct Early { Early() { std::exit(0); } }; static Early early;"))
        self.assertEqual(points(verdict), [0, 0, 0])
        self.assertIn("ended (exit status 0) before its answers", sentence(verdict, "first"))
        verdict = graded(submission(first="inline double twice(double) { std::_Exit(0); }"))
        self.assertEqual(points(verdict), [0, 2, 4])

    def test_crashes_are_named_in_words(self):
        null = "inline double twice(double) { volatile double* nowhere = nullptr; return *nowhere; }"
        verdict = graded(submission(first=null))
        self.assertEqual(points(verdict), [0, 2, 4])
        self.assertIn("a null pointer", sentence(verdict, "first"))
        verdict = graded(submission(first="inline double twice(double) { std::abort(); }"))
        self.assertIn("SIGABRT", sentence(verdict, "first"))

    def test_children_hold_nobody_up_and_do_not_survive(self):
        for leaves in ("", "::setsid(); if (::fork() > 0) ::_exit(0);"):
            name = f"left_{os.getpid()}"
            began = time.monotonic()
            verdict = graded(submission(first="inline double twice(double x) { if (::fork() == 0) { " + leaves +
                                        f'::prctl(PR_SET_NAME, "{name}");' " ::sleep(1000); ::_exit(0); } if (x > 1) ::sleep(1000); return 2 * x; }"))
            self.assertEqual(points(verdict), [0, 2, 4])
            self.assertLess(time.monotonic() - began, 200)
            self.assertEqual(alive(name), [])

    def test_a_fork_bomb(self):
        name = f"bomb_{os.getpid()}"
        verdict = graded(submission(first="inline double twice(double) { "
                                    f'::prctl(PR_SET_NAME, "{name}");' " for (;;) ::fork(); }"))
        self.assertEqual(points(verdict), [0, 2, 4])
        self.assertEqual(alive(name), [])

    def test_a_flood_of_output(self):
        verdict = graded(submission(first='inline double twice(double) { while (true) std::puts(""); }'))
        self.assertEqual(points(verdict), [0, 2, 4])
        self.assertIn("printed more than 1024 KB", sentence(verdict, "first"))
        for text in all_texts(verdict).values():
            self.assertLess(len(text), 50000)

    def test_a_long_message_is_cut_in_the_middle(self):
        verdict = graded(submission(first="inline double twice(double) { throw std::runtime_error(\"begin\" + "
                                    "std::string(10 << 20, 'x')); }",
                                    second='inline double total(const std::vector<double>&) { std::printf("begin%s end", '
                                    "std::string(100000, '\\1').c_str()); return 0.5; }"))
        self.assertEqual(points(verdict), [0, 0, 4])
        texts = all_texts(verdict)
        for form, text in texts.items():
            self.assertLess(len(text), 50000, form)
        for word in ("it threw: begin", "bytes cut", " end"):
            self.assertIn(word, texts["text"])
        xml.etree.ElementTree.fromstring(texts["junit"])
        json.loads(texts["gradescope"])
        json.loads(texts["classroom50"])

    def test_forged_verdicts_change_nothing(self):
        self.assertEqual(points(graded(submission(before=READS_AND_WRITES))), ALL)
        wrong = submission(before=READS_AND_WRITES, second="inline double total(const std::vector<double>&) { return 1; }")
        self.assertEqual(points(graded(wrong)), [1, 0, 4])

    def test_forged_answers_are_only_answers(self):
        forged = r"""inline double twice(double x) { const char lines[] = "\npassed\ngives 1 n 3\nticket gives 1 n 3\n";
                     if (::write(3, lines, sizeof lines - 1)) {} return 2 * x + 1; }"""
        self.assertEqual(points(graded(submission(first=forged))), [0, 2, 4])
        noise = "inline double twice(double) { for (;;) if (::write(3, \"passed\\n\", 7) < 0) std::exit(1); }"
        verdict = graded(submission(first=noise))
        self.assertEqual(points(verdict), [0, 2, 4])

    def test_answers_that_no_task_expects(self):
        many = "[] { std::string s = \"a 5000\"; for (int i = 0; i < 5001; ++i) s += \" 1\"; return s; }()"
        for item in (many, '"t 3 abc"', '"a 2 0 9"', '"n " + std::string(9000, \'9\')', '"n nan"', '"n 1 n 1"'):
            verdict = graded(submission(before=FORGES.replace("ITEM", item)))
            self.assertEqual(points(verdict), [0, 0, 0])
            for text in all_texts(verdict).values():
                self.assertLess(len(text), 50000)

    def test_much_memory(self):
        verdict = graded(submission(first="inline double twice(double x) { std::vector<char> v(10ull << 30, 1); return v[5] + 2 * x; }",
                                    second="inline double total(const std::vector<double>& v) { double s = 0; for (double x : v) s += x; "
                                    "return ::shmget(IPC_PRIVATE, 4096, IPC_CREAT | 0600) < 0 ? -1 : s; }"))
        self.assertEqual([points(verdict)[0], points(verdict)[2]], [0, 4])
        self.assertIn("bad_alloc", sentence(verdict, "first"))
        if "memory" in verdict.walls:
            self.assertEqual(verdict.results[1].points, 0)    # there is no shared segment either

    def test_macros_of_the_kit_redefined(self):
        verdict = graded(submission(before="#define give(x) give(0.0)\n#define TASK_second\n#define main other_main\n"))
        self.assertEqual(verdict.points(), 0)
        verdict = graded(submission(before="#undef TASK_first\n#define near(...)\n#define NDEBUG\n"))
        self.assertEqual(points(verdict), [0, 2, 4])

    def test_the_solution_cannot_be_included_or_read(self):
        solution = three().instructor / "three.h"
        for directive in (f'#include "{solution}"', f'#include "{os.path.relpath(solution, "/box")}"',
                          f'#include "/proc/1/cwd{solution}"'):
            verdict = graded(submission(headers=directive + "\n", first="", second="", third=""))
            self.assertEqual(points(verdict), [0, 0, 0])
            self.assertIn("No such file", sentence(verdict, "first"))
        embeds = f'asm(".section .rodata\\nstolen: .incbin \\"{solution}\\"\\n.previous");'
        self.assertEqual(points(graded(submission(before=embeds))), [0, 0, 0])
        reads = f"""inline double twice(double x) {{ const int file = ::open("{solution.parent}/hidden.py", O_RDONLY);
                    return file >= 0 ? 2 * x : 0; }}"""
        self.assertEqual(points(graded(submission(first=reads))), [0, 2, 4])

    def test_no_network_and_nothing_written_outside(self):
        connects = """inline double twice(double x) {
            sockaddr_in there{}; there.sin_family = AF_INET; there.sin_port = htons(53); there.sin_addr.s_addr = htonl(0x08080808);
            const int out = ::socket(AF_INET, SOCK_DGRAM, 0);
            return ::connect(out, reinterpret_cast<sockaddr*>(&there), sizeof there) == 0 ? 2 * x : 0; }"""
        marker = pathlib.Path(tempfile.gettempdir()) / "ordinal_was_here"
        writes = f"""inline double total(const std::vector<double>& v) {{ double s = 0; for (double x : v) s += x;
                     for (const char* path : {{"{marker}", "/usr/ordinal_was_here", "/driver/driver", "/ordinal_was_here"}})
                         if (::open(path, O_WRONLY | O_CREAT | O_TRUNC, 0666) >= 0) return -1;
                     return s; }}"""
        self.assertEqual(points(graded(submission(first=connects, second=writes))), [0, 2, 4])
        self.assertFalse(marker.exists())

    def test_a_large_file(self):
        writes = """inline double twice(double x) { const int file = ::open("large", O_WRONLY | O_CREAT, 0666);
                    std::vector<char> block(1 << 20); for (int i = 0; i < 64; ++i)
                    if (::write(file, block.data(), block.size()) < 0) return 0; return 2 * x; }"""
        verdict = graded(submission(first=writes))
        self.assertEqual(points(verdict), [0, 2, 4])
        self.assertIn("too large", sentence(verdict, "first"))

    def test_a_compiler_that_is_kept_busy(self):
        lab = three()
        lab.build_seconds = 2
        deep = "template <int N> struct A { A<N - 1> a; A<N - 2> b; }; template <> struct A<0> {}; template <> struct A<1> {};\n"
        loops = "constexpr int f(int n) { return n < 2 ? n : f(n - 1) + f(n - 2); } constexpr int x = f(60);\n"
        for text in (deep + "static A<900> a;", "#pragma GCC diagnostic error \"-ftemplate-depth=9\"\n" + loops):
            began = time.monotonic()
            with tempfile.TemporaryDirectory() as folder:
                (pathlib.Path(folder) / "three.h").write_text(submission(before=text))
                verdict, _ = grading.grade(folder, lab, "")
            self.assertEqual(points(verdict), [0, 0, 0])
            self.assertLess(time.monotonic() - began, 200)

    def test_names_that_a_lab_hides(self):
        lab = three()
        lab.hides("hypot")
        with tempfile.TemporaryDirectory() as folder:
            (pathlib.Path(folder) / "three.h").write_text(submission(
                headers="#include <vector>\n", third="inline double root(double x) { return std::hypot(x, 0.0); }"))
            verdict, _ = grading.grade(folder, lab, "")
        self.assertEqual(points(verdict), [0, 0, 0])
        self.assertIn('poisoned "hypot"', sentence(verdict, "first"))

    def test_right_for_what_is_seen_only(self):
        verdict = graded(submission(first="inline double twice(double x) { return x == 1.5 ? 3 : 0; }"))
        self.assertEqual(points(verdict), [0, 2, 4])
        self.assertEqual(sentence(verdict, "first"), "right for the inputs that you see, wrong for others")

    def test_hidden_inputs_do_not_travel(self):
        tells = """inline double twice(double x) { std::printf("input %f\\n", x);
                   if (x > 1000) throw std::runtime_error("I saw " + std::to_string(x)); return 2 * x; }"""
        texts = all_texts(graded(submission(first=tells)))
        for text in texts.values():
            self.assertNotIn("7654321", text)
            self.assertNotIn("INSTRUCTOR-ONLY", text)
        self.assertIn("input 1.5", texts["text"])

    def test_the_command_itself_is_missing(self):
        with Program(Command(["/nowhere"], ["/nowhere"]), Limits(seconds=5)) as program:
            self.assertIn("failed", program.wait())

    @unittest.skipUnless(os.getuid() == 0, "only root can give the submission another user")
    def test_the_reference_cannot_be_found_where_namespaces_are_not_allowed(self):
        with tempfile.TemporaryDirectory() as folder:
            shutil.copytree(LABS, folder + "/labs", ignore=shutil.ignore_patterns("__pycache__"))
            (pathlib.Path(folder) / "three.h").write_text(submission(
                before=FINDS_THE_REFERENCE, **{name: "" for name in ("first", "second", "third")}) +
                (three().folder / "three.h").read_text().replace("#pragma once", ""))
            script = ("from kit.testing import *; v = graded(open('../three.h').read());"
                      "print(points(v), 'files' in v.walls, 'network' in v.walls, results(v))")
            for mode, closed in ((0o700, True), (0o755, False)):    # the project shut for other users, and open
                os.chmod(folder, mode)
                done = subprocess.run([sys.executable, "-B", "-c", script], cwd=folder + "/labs", capture_output=True,
                                      text=True, preexec_fn=without_namespaces)
                self.assertTrue(done.stdout.startswith(f"[0, 0, 0] {closed} False"), done.stdout + done.stderr)
                self.assertIn("not yet", done.stdout)    # it ran


if __name__ == "__main__":
    unittest.main()
