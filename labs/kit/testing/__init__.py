"""For the kit's own tests: a small lab, and submissions to it."""
import pathlib
import tempfile

from kit import grading, lab, report

HERE = pathlib.Path(__file__).resolve().parent
RIGHT = {
    "first": "inline double twice(double x) { return 2 * x; }",
    "second": "inline double total(const std::vector<double>& v) { double s = 0; for (double x : v) s += x; return s; }",
    "third": 'inline double root(double x) { if (x < 0) throw std::domain_error("negative"); return std::sqrt(x); }',
}
HEADERS = "#pragma once\n" + "".join(f"#include <{name}>\n" for name in (
    "cmath", "cstdio", "cstdlib", "cstring", "stdexcept", "string", "thread", "vector", "fcntl.h", "signal.h",
    "sys/prctl.h", "sys/shm.h", "sys/socket.h", "sys/wait.h", "netinet/in.h", "unistd.h"))


def three():
    return lab.from_folder(HERE / "three", HERE / "three_instructor")


def submission(*, before="", headers=HEADERS, **functions):
    """The text of three.h: right but for the functions given, after `before`."""
    return headers + before + "\n" + "\n".join({**RIGHT, **functions}.values()) + "\n"


def graded(text, name="", answers="", **options):
    """The verdict on a folder with this three.h."""
    with tempfile.TemporaryDirectory() as folder:
        (pathlib.Path(folder) / "three.h").write_text(text)
        (pathlib.Path(folder) / "answers.txt").write_text(answers)
        return grading.grade(folder, three(), name, **options)[0]


def points(verdict):
    """Points of the three functions."""
    return [result.points for result in verdict.results if result.task.kind == "implement"]


def results(verdict):
    """Status and sentence of each task."""
    return [(result.status, result.sentence) for result in verdict.results]


def sentence(verdict, task):
    return next(result.sentence for result in verdict.results if result.task.name == task)


def all_texts(verdict):
    """Every format of the report."""
    return {form: report.write(verdict, form) for form in report.FORMATS}
