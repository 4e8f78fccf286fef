"""One verdict in four formats. Whatever a submission printed is shortened, and stripped of what no format can hold."""
import datetime
import json
import os
import re
from xml.sax.saxutils import escape, quoteattr

FORMATS = ("text", "junit", "gradescope", "classroom50")

def shortened(text, longest=3200):    # more than a driver's output, which is cut already
    text = re.sub(r"[^\t\n\x20-\ud7ff\ue000-\ufffd]", "?", text)    # what XML can hold
    if len(text) <= longest:
        return text
    half = longest // 2
    return f"{text[:half]}\n[... {len(text) - 2 * half} characters cut ...]\n{text[-half:]}"


def details(result):
    """What the student reads about one task."""
    lines = [shortened(result.sentence)] if result.sentence else []
    if result.status == "wrong" and result.task.read:
        lines.append(f"read {result.task.read}")
    if result.printed.strip():
        lines.append(f"your program printed:\n{shortened(result.printed)}")
    return "\n".join(lines)


def write(verdict, form, likeness=()):
    verdict.check_complete()
    return {"text": text, "junit": junit, "gradescope": gradescope, "classroom50": classroom50}[form](verdict, likeness)


def facts(verdict, likeness):
    """What the instructor wants to know besides."""
    missing = verdict.missing_walls()
    lines = ["walls: " + ", ".join(verdict.walls or ["none"])]
    if missing:
        lines.append("walls that did not stand: " + ", ".join(missing + verdict.troubles))
    return [shortened(line) for line in [*lines, *verdict.notes, *likeness]]    # names of files may be anything


def text(verdict, likeness):
    lines = [f"Lab {verdict.lab.number}: {verdict.lab.title}", f"for {shortened(verdict.name) or 'nobody (the textbook rules)'}", ""]
    for result in verdict.results:
        lines.append(f"{result.points}/{result.task.points}  {result.status:8}{result.task.name}: {result.task.title}")
        lines += ["        " + line for line in details(result).splitlines()]
    return "\n".join(lines + ["", f"{verdict.points()} of {verdict.lab.total()} points", *facts(verdict, likeness)]) + "\n"


def junit(verdict, likeness):
    suite = f"lab{verdict.lab.number}"
    failed = sum(result.status != "done" for result in verdict.results)
    lines = ['<?xml version="1.0" encoding="UTF-8"?>',
             f'<testsuite name={quoteattr(suite)} tests="{len(verdict.results)}" failures="{failed}" errors="0">']
    for result in verdict.results:
        lines.append(f'  <testcase classname={quoteattr(suite)} name={quoteattr(result.task.name)}>')
        if result.status != "done":
            first = shortened(result.sentence).splitlines()
            lines.append(f'    <failure message={quoteattr(first[0] if first else result.status)}>'
                         f'{escape(details(result))}</failure>')
        lines.append('  </testcase>')
    lines.append(f'  <system-out>{escape(chr(10).join(facts(verdict, likeness)))}</system-out>')
    return "\n".join(lines + ["</testsuite>"]) + "\n"


def gradescope(verdict, likeness):
    tests = [{"name": f"{result.task.name}: {result.task.title}", "score": result.points,
              "max_score": result.task.points, "status": "passed" if result.status == "done" else "failed",
              "output": details(result), "visibility": "visible"} for result in verdict.results]
    tests.append({"name": "for the instructor", "score": 0, "max_score": 0, "visibility": "hidden",
                  "output": "\n".join(facts(verdict, likeness))})
    return json.dumps({"score": verdict.points(), "tests": tests}, indent=2) + "\n"


def classroom50(verdict, likeness):
    """result.json as https://github.com/foundation50/classroom50/wiki/Advanced-Autograding asks for it, August 2026."""
    environment = os.environ.get
    commit = environment("COMMIT_URL", "local")
    tests = [{"test-name": f"{result.task.name}: {result.task.title}", "passed": result.status == "done",
              "score": result.points, "max-score": result.task.points} for result in verdict.results]
    return json.dumps({
        "schema": "classroom50/result/v1",
        "classroom": environment("CLASSROOM", "local"),
        "assignment": environment("ASSIGNMENT", f"lab{verdict.lab.number}"),
        "submission": environment("SUBMISSION_TAG", "local"),
        "commit": commit,
        "release": environment("RELEASE_URL", "local"),
        "review": environment("REVIEW_URL") or commit,
        "datetime": datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "score": verdict.points(),
        "max-score": verdict.lab.total(),
        "tests": tests,
    }, indent=2) + "\n"


def rubric(labs):
    """The points, from where they stand: tasks.py."""
    lines = []
    for lab in labs:
        lines += [f"## Lab {lab.number}: {lab.title} ({lab.total()} points)", "", "| points | task | kind | for what |",
                  "|---|---|---|---|"]
        lines += [f"| {task.points} | {task.name} | {task.kind} | {task.title} |" for task in lab.tasks] + [""]
    return "\n".join(lines)
