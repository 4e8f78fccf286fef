"""python3 labs/kit check N: what a lab promises, tried. README.md lists it; the kit's tests run this for every lab."""
import concurrent.futures
import os
import pathlib

from kit import build, practice
from kit.judge import DONE, judge
from kit.lab import ROOT, Rules

NAMES = ("", "ada", "Grace Hopper", "王維", "müller", "b")
MARKER = "INSTRUCTOR-ONLY"


def in_parallel(work, items):
    """Two at a time, or as many as there are processors: what is waited for are compilers."""
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count() or 2) as pool:
        return list(pool.map(work, items))


def problems_of(lab):
    """Sentences, none if all is well."""
    return [*declared(lab), *stubs(lab), *references(lab), *textbook(lab), *mutated(lab), *bug_pictures(lab)]


def graded(lab, files, name, flags=(), written=None):
    return judge(lab, files, name, written or {}, hidden=lab.hidden_inputs(name), reference=build.reference(lab, name),
                 key=lab.bug_key(), flags=flags)


def right_answers(lab, name):
    """answers.txt as it should be: the predictions by the reference, the bugs by the key."""
    from kit.judge import Ask, run
    found = {}
    for task in lab.tasks:
        if task.kind == "predict":
            with run(build.reference(lab, name), lab, task) as driver:
                found[task.name] = str(task.check(Ask(driver, lab), Rules(lab, name)))
        elif task.kind == "bug":
            found[task.name] = lab.bug_key()[lab.bug_picture(task, name)]
    return found


def declared(lab):
    """Every task has a title, a page that exists, two mutants; every file of the instructor its marker word."""
    for task in lab.tasks:
        page = task.read.partition("#")[0]
        if not page or not (ROOT / page).exists():
            yield f"{task.name}: where to read is not a page: '{task.read}'"
        if any(other not in [one.name for one in lab.tasks] for other in task.after):
            yield f"{task.name}: built on tasks that there are not: {task.after}"
        if task.kind == "implement":
            count = len([mutant for mutant in lab.mutants() if mutant.loses == task.name])
            if count < 2:
                yield f"{task.name}: expected two mutants or more, got {count}"
    stated = (lab.folder / "README.md").read_text()
    if f"{lab.total()} points" not in stated:
        yield f"README.md does not say '{lab.total()} points', which is what tasks.py gives"
    answers = (lab.folder / "answers.txt").read_text()
    for task in lab.tasks:
        if task.kind != "implement" and f"\n{task.name}:\n" not in answers:
            yield f"answers.txt has no line '{task.name}:'"
    for path in sorted(lab.instructor.iterdir()):
        if path.is_file() and MARKER not in path.read_text(errors="replace"):
            yield f"{path.name} lacks the word {MARKER}"


def stubs(lab):
    verdict = graded(lab, lab.stub_files(), "", ["-Winvalid-pch"])    # which warns if the kit's own header is compiled anew
    if verdict.warnings.strip():
        yield f"the stubs do not compile without a warning:\n{verdict.warnings}"
    if verdict.points() != 0:
        yield f"the stubs score {verdict.points()}"
    yield from (f"the stub of {result.task.name} is '{result.status}', expected 'not yet': {result.sentence}"
                for result in verdict.results if result.status != "not yet")


def references(lab):
    def one(name):
        verdict = graded(lab, lab.reference_files(), name, lab.reference_flags(name), right_answers(lab, name))
        warnings = [f"the reference compiles with warnings:\n{verdict.warnings}"] if verdict.warnings.strip() else []
        return warnings + [f"the reference loses {result.task.name} for '{name}': {result.sentence}"
                           for result in verdict.results if result.status != DONE]
    yield from (problem for found in in_parallel(one, NAMES if lab.rules else NAMES[:1]) for problem in found)


def textbook(lab):
    """Written for the conventions of nobody, the reference is not right for a name that has others."""
    for name in NAMES[1:]:
        if Rules(lab, name) != Rules(lab, ""):
            if graded(lab, lab.reference_files(), name, lab.reference_flags("")).points() >= sum(
                    task.points for task in lab.to_implement()):
                yield f"the textbook's conventions score all points for '{name}', whose conventions are others"


def mutated(lab):
    def one(mutant):
        verdict = graded(lab, mutant.apply(lab.reference_files()), "", lab.reference_flags(""))
        lost = {result.task.name for result in verdict.results
                if result.status != DONE and result.task.kind == "implement"}
        if mutant.loses not in lost or not lost <= {mutant.loses} | lab.built_on(mutant.loses):
            sentences = "; ".join(f"{result.task.name}: {result.sentence[:200]}" for result in verdict.results
                                  if result.task.name in lost)
            return [f"mutant {mutant.name} loses {sorted(lost)}, expected {mutant.loses} and at most what is built on it "
                    f"({sorted(lab.built_on(mutant.loses))}). {sentences}"]
        return []
    yield from (problem for found in in_parallel(one, lab.mutants()) for problem in found)


def bug_pictures(lab):
    with build.temporary_folder() as where:
        for name, text in drawn_bugs(lab, pathlib.Path(where)).items():
            path = lab.folder / name
            if not path.exists() or path.read_text() != text:
                yield f"{name} is not what its mutant draws; python3 labs/kit draw {lab.number} writes it"
    declared_pictures = {picture for task in lab.tasks for picture in task.pictures}
    if set(lab.bug_key()) != declared_pictures:
        yield f"pictures of bugs: tasks.py has {sorted(declared_pictures)}, mutants.py {sorted(lab.bug_key())}"


def drawn_bugs(lab, where):
    """name -> SVG, of the lab's first picture by each mutant that has one."""
    found = {}
    for mutant in lab.mutants():
        if mutant.picture:
            drawn = practice.draw(lab, mutant.apply(lab.reference_files()), "", where / mutant.name,
                                  flags=lab.reference_flags(""), pictures=1)
            if not drawn:
                raise build.CannotBuild(f"mutant {mutant.name} of lab {lab.number} draws nothing; is ./go test done here?")
            found[mutant.picture] = pathlib.Path(drawn[0]).read_text()
    return found
