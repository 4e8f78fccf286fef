"""./go grade: one submission, with hidden inputs, beside the reference."""
import os
import pathlib

from kit import answers, build, likeness, submission
from kit.judge import judge
from kit.patience import OutOfPatience, patience

LIKENESS_SECONDS = 120    # of processor time, for all comparisons


class CannotGrade(Exception):
    """There is no verdict: something is missing that is not the student's to bring."""


def grade(place, lab, name, *, secret="", mine=False, require_walls=False, others=None):
    """The verdict, and lines about the likeness of this submission to others."""
    if others and not pathlib.Path(others).is_dir():
        raise CannotGrade(f"{others} is no folder of submissions")
    if lab is None:
        raise CannotGrade("there is nothing to grade in this lab: it is one to read")
    if not lab.has_instructor():
        raise CannotGrade("the hidden inputs and the reference are not here: labs/instructor is not in the students' archive")
    try:
        hidden, key = lab.hidden_inputs(name, secret), lab.bug_key()
    except (OSError, ValueError) as error:
        raise CannotGrade(str(error)) from None
    files, notes = submission.take(place, lab, [*lab.files, "answers.txt", *(lab.mine if mine else ())])
    written = answers.read(files.pop("answers.txt", b"").decode(errors="replace"))
    files = {name.rpartition("/")[2]: content for name, content in files.items()}
    reference = build.reference(lab, name)
    verdict = judge(lab, files, name, written, hidden=hidden, reference=reference, key=key, mine=mine)
    verdict.notes += notes + busy()
    if require_walls and verdict.missing_walls():
        raise CannotGrade("these walls do not stand: " + ", ".join(verdict.missing_walls() + verdict.troubles) +
                          "; grade as root on Linux, where namespaces are allowed")
    return verdict, alike_in_time(lab, files, others)


def busy():
    """Limits on time count what a clock shows as well, and a machine with too much to do is slow."""
    load, processors = os.getloadavg()[0], os.cpu_count() or 1
    return [f"the machine was busy (load {load:.0f} on {processors} processors): grade again what ran out of time"] \
        if load > 2 * processors else []


def alike_in_time(lab, files, others):
    """No submission, and none of its neighbours, can keep a verdict back."""
    try:
        with patience(LIKENESS_SECONDS):
            return alike(lab, files, others)
    except OutOfPatience as error:
        return [f"likeness was not compared: {error}"]


def alike(lab, files, others):
    """Lines: how much of this submission is also in the reference, and in the one of the others that is most like it."""
    stub = lab.stub_files()
    mine = {name: content for name, content in files.items() if name in stub}
    lines = []
    own = likeness.own_pieces(mine, stub)
    value = likeness.likeness(own, lab.reference_files())
    if value is not None:
        lines.append(f"likeness to the reference: {value:.2f}")
    found = []
    for folder in sorted(pathlib.Path(others).iterdir()) if others else []:
        try:
            theirs, _ = submission.take(folder, lab, lab.files)
        except submission.NoSubmission as error:
            if not folder.name.startswith("."):
                lines.append(f"not compared: {error}")
            continue
        value = likeness.likeness(own, theirs)
        if theirs and theirs != mine and value is not None:
            found.append((value, folder.name))
        elif theirs == mine:
            found.append((1.0, f"{folder.name} (the same files)"))
    for value, who in sorted(found, reverse=True)[:3]:
        lines.append(f"likeness to {who}: {value:.2f}")
    return lines
