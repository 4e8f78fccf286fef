"""Asks a driver about each task and says what it earns. Each task has a process of its own, and for hidden inputs another,
so that none can spoil its neighbour's, and what is printed in the second is shown to nobody.
"""
import contextlib
import math
import time
from dataclasses import dataclass, field

from kit import answers as answer_file
from kit import wire
from kit.build import build, temporary_folder
from kit.lab import Rules
from kit.laws import Wrong, near
from kit.patience import OutOfPatience, patience
from kit.program import ALL_WALLS, Command, Ended, Limits, Program

DONE, WRONG, NOT_YET = "done", "wrong", "not yet"
THINKS = 20    # seconds of processor time for what Python computes about one list of inputs; honest answers need 2


@dataclass
class Result:
    task: object
    status: str
    sentence: str = ""
    printed: str = ""
    by_laws: bool = False    # no answer was compared with the reference's

    @property
    def points(self):
        return self.task.points if self.status == DONE else 0


@dataclass
class Verdict:
    lab: object
    name: str
    results: list
    walls: list = field(default_factory=list)
    notes: list = field(default_factory=list)
    troubles: list = field(default_factory=list)    # why walls do not stand, where the system says so
    warnings: str = ""                              # of the compiler

    def points(self):
        return sum(result.points for result in self.results)

    def missing_walls(self):
        return [wall for wall in ALL_WALLS if wall not in self.walls]

    def check_complete(self):
        """There is no verdict unless exactly the tasks of the list have reported."""
        if [result.task.name for result in self.results] != [task.name for task in self.lab.tasks]:
            raise ValueError(f"lab {self.lab.number}: the tasks that reported are not those on the list; no verdict")


def run(path, lab, task, folder=""):
    """The driver, started. `folder`: one that it may read as well, at the same place; a picture needs it, no verdict."""
    limits = Limits(seconds=task.seconds, megabytes=lab.megabytes)
    return Program(Command.driver(path, folder), limits)


class NoReference(Exception):
    """The reference failed where the submission did not; its author should know."""


class Ask:
    """What a task calls to ask a question: the driver's answer, compared with the reference's if there is one."""

    def __init__(self, driver, lab, reference=None):
        self._driver, self._lab, self._reference = driver, lab, reference
        self.difference = None    # the first one from the reference; a law has the first word, since it teaches
        self.by_laws = True       # until a question comes whose answer is compared

    def __call__(self, name, *arguments, within="as the lab says"):
        self.by_laws = self.by_laws and within is None
        began = time.monotonic()
        compared = self._reference and within is not None    # else the reference need not work for it
        expected = self._of_reference(name, arguments) if compared else None
        self._driver.pause(time.monotonic() - began)
        got = self._outcome(self._driver, name, arguments)
        if isinstance(got, Exception) and not isinstance(got, wire.Refused):
            raise got
        if self._reference and within is not None:
            try:
                self._compare(got, expected, self._lab.within if isinstance(within, str) else within)
            except Wrong as error:
                self.difference = self.difference or error
        if isinstance(got, Exception):
            raise got
        return got

    @staticmethod
    def _outcome(driver, name, arguments):
        try:
            return driver.ask(name, arguments)
        except (wire.Refused, wire.NotYet) as error:
            return error

    def _of_reference(self, name, arguments):
        try:
            self._reference.new_time()
            outcome = self._outcome(self._reference, name, arguments)
        except Ended as error:
            raise NoReference(f"the reference {error}") from None
        if isinstance(outcome, wire.NotYet):
            raise NoReference(f"the reference: {outcome}")
        return outcome

    @staticmethod
    def _compare(got, expected, within):
        if isinstance(expected, wire.Refused) != isinstance(got, wire.Refused):
            raise Wrong(f"it threw: {got}" if isinstance(got, wire.Refused) else "expected an exception, got an answer")
        if isinstance(expected, wire.Refused):
            return
        if len(got) != len(expected):
            raise Wrong(f"expected {len(expected)} results, got {len(got)}")
        for one, other in zip(got, expected):
            if isinstance(other, str) or isinstance(one, str):
                if one != other:
                    raise Wrong("another text than the reference gives")
            else:
                near(one, other, "compared with the reference", within)


def try_inputs(path, lab, task, rules, inputs, reference=None):
    """Result for one list of inputs, of a driver and perhaps beside the reference's, which runs already."""
    with run(path, lab, task) as driver:
        try:
            ask = Ask(driver, lab, reference)
            with patience(THINKS):
                for one in inputs:
                    task.check(ask, rules, *one)
                    if ask.difference:
                        raise ask.difference
            return Result(task, DONE, "", driver.output(), ask.by_laws)
        except wire.NotYet as error:
            return Result(task, NOT_YET, str(error), driver.output())
        except Wrong as error:
            return Result(task, WRONG, str(error), driver.output())
        except wire.Refused as error:
            return Result(task, WRONG, f"it threw: {error}", driver.output())
        except Ended as error:
            return Result(task, WRONG, f"the program {error}", driver.output())
        except NoReference as error:
            return Result(task, WRONG, f"could not be judged, tell your instructor: {error}", driver.output())
        except OutOfPatience as error:
            return Result(task, WRONG, f"the answers cannot be judged: {error}", driver.output())
        except Exception as error:    # whatever a forged answer does to the task that reads it
            return Result(task, WRONG, "the answers are not of the kind that was asked for "
                          f"({type(error).__name__}: {error})", driver.output())


def judge(lab, files, name, written, *, hidden=None, reference=None, key=None, mine=False, flags=()):
    """The verdict on these files. When grading there are `hidden` inputs, the `reference` (path of its driver) and the
    `key` of the bugs; a student who practises has none of them. `written`: what stands in answers.txt.
    """
    rules = Rules(lab, name)
    with temporary_folder() as where, contextlib.ExitStack() as open_programs:
        if reference:    # one process for all tasks: what it does is known
            path, reference = reference, open_programs.enter_context(run(reference, lab, lab.to_implement()[0]))
        built = build(lab, files, [task.name for task in lab.to_implement()], mine=mine, where=where, flags=flags)
        verdict = Verdict(lab, name, [], list(built.walls), warnings=built.warnings)
        for task in lab.tasks:
            if task.kind == "implement":
                result = on_its_own_legs(implemented(lab, task, built, rules, hidden, reference), verdict.results)
            elif task.kind == "predict":
                shows = path if reference else built.programs.get(lab.to_implement()[0].name)
                result = predicted(lab, task, shows, rules, written, verdict, trusted=reference is not None)
            else:
                result = bug_found(lab, task, name, written, key)
            verdict.results.append(result)
        if built.programs:    # the walls of the program are those that count, where one ran
            walls, verdict.troubles = walls_of(lab, built)
            verdict.walls = [wall for wall in verdict.walls if wall in walls]
    verdict.check_complete()
    return verdict


def walls_of(lab, built):
    with run(next(iter(built.programs.values())), lab, lab.to_implement()[0]) as driver:
        try:
            driver.ask("no_such_function", ())
        except (wire.Refused, wire.NotYet, Ended):
            pass
        return driver.walls, driver.troubles


def implemented(lab, task, built, rules, hidden, reference):
    if task.name in built.messages:
        return Result(task, WRONG, f"it does not compile:\n{built.messages[task.name]}")
    path = built.programs[task.name]
    result = try_inputs(path, lab, task, rules, task.public_inputs(rules), reference)
    if result.status == DONE and hidden and task.name in hidden:
        further = try_inputs(path, lab, task, rules, hidden[task.name], reference)
        if further.status != DONE:
            ended = further.sentence if further.sentence.startswith("the program ") else ""
            result.status = WRONG
            result.sentence = "right for the inputs that you see, wrong for others" + (f" ({ended})" if ended else "")
    return result


def on_its_own_legs(result, before):
    """What laws alone have judged could be answered without the functions that it is built on: they must be done, too."""
    missing = [other.task.name for other in before if other.task.name in result.task.after and other.status != DONE]
    if result.status == DONE and result.by_laws and missing:
        result.status, result.sentence = NOT_YET, f"it counts when {', '.join(missing)} {'is' if len(missing) < 2 else 'are'} done"
    return result


def predicted(lab, task, path, rules, written, verdict, trusted):
    guess = written.get(task.name, "")
    if not guess:
        return Result(task, NOT_YET, f"write your prediction into answers.txt, after '{task.name}:'")
    open_tasks = [] if trusted else [name for name in task.after for result in verdict.results
                                     if result.task.name == name and result.status != DONE]
    if open_tasks or not path:
        return Result(task, NOT_YET, f"you said {guess}; the run shows it when {', '.join(task.after) or 'it compiles'} "
                                     f"{'is' if len(task.after) < 2 else 'are'} done")
    shown = {}
    outcome = try_inputs(path, lab, Prediction(task, shown), rules, [()])
    if outcome.status != DONE:
        return Result(task, NOT_YET, f"you said {guess}; the run did not show it: {outcome.sentence}")
    value = shown["value"]
    if task.band is None:
        right, seen = guess.strip().lower() == str(value).strip().lower(), str(value)
    else:
        number = answer_file.number(guess)
        right = number is not None and math.isfinite(number) and abs(number - value) <= task.band
        seen = f"{value:.6g} (within {task.band:g} counts)"
    if trusted and not right:
        seen = "something else; run it and see"
    return Result(task, DONE if right else WRONG, f"you said {guess}, the run shows {seen}")


@dataclass
class Prediction:
    """A run of a prediction as a task: what it returns is kept."""
    task: object
    shown: dict

    @property
    def seconds(self):
        return self.task.seconds

    def check(self, ask, rules):
        self.shown["value"] = self.task.check(ask, rules)
        if not isinstance(self.shown["value"], (int, float, str)):
            raise Wrong("the run gives neither a number nor a text")


def bug_found(lab, task, name, written, key):
    choice = written.get(task.name, "").strip().lower()
    picture = lab.bug_picture(task, name)
    if not choice:
        return Result(task, NOT_YET, f"look at {picture} and write a letter into answers.txt, after '{task.name}:'")
    if choice not in task.choices:
        return Result(task, WRONG, f"'{choice}' is none of {', '.join(task.choices)}")
    if key is None:
        return Result(task, NOT_YET, f"you said {choice}; your instructor knows")
    return Result(task, DONE if key[picture] == choice else WRONG, f"you said {choice}")

