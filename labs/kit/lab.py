"""A lab as data: what tasks.py declares, and what labs/instructor/ adds. README.md describes each part."""
import importlib.util
import os
import pathlib
import random
import re
import sys
import unicodedata
from dataclasses import dataclass, field

LABS = pathlib.Path(__file__).resolve().parents[1]
ROOT = LABS.parent
INSTRUCTOR = LABS / "instructor"


@dataclass
class Task:
    """Something to implement, or to predict (then `band` is set), with what judges it."""
    name: str
    title: str
    points: int
    check: object                 # check(ask, rule, *one of the inputs); a prediction's returns what is right
    inputs: object = ((),)        # tuples, or a function of the rules that gives them
    read: str = ""
    after: tuple = ()
    seconds: int = 10
    kind: str = "implement"       # or "predict", "bug"
    band: float = None            # of a prediction that is a number
    pictures: tuple = ()          # of a bug
    choices: dict = field(default_factory=dict)

    def public_inputs(self, rule):
        return list(self.inputs(rule) if callable(self.inputs) else self.inputs)

    def has_inputs(self):
        return callable(self.inputs) or tuple(self.inputs) != ((),)


@dataclass(frozen=True)
class RuleChoice:
    name: str
    values: tuple
    meaning: str


@dataclass
class Mutant:
    """The reference with `old` replaced by `new`, which loses the task `loses`."""
    name: str
    loses: str
    file: str
    old: str
    new: str
    count: int = 1
    picture: str = ""             # the first lab.picture draws it
    choice: str = ""              # the right answer about that picture

    def apply(self, files):
        text = files[self.file].decode()
        if text.count(self.old) != self.count:
            raise ValueError(f"mutant {self.name}: expected its text {self.count} times in {self.file}, found it "
                             f"{text.count(self.old)} times")
        return {**files, self.file: text.replace(self.old, self.new).encode()}


class Rules:
    """The conventions of one name: rules.slope is the value of the rule `slope`."""

    def __init__(self, lab, name):
        self._values = {choice.name: choice.values[choice_of(name, lab.number, choice.name, len(choice.values))]
                        for choice in lab.rules}
        self.__dict__.update(self._values)

    def items(self):
        return self._values.items()

    def __eq__(self, other):
        return self._values == other._values


def choice_of(name, lab_number, rule, count):
    """Which of `count` values this name gets: 0 without a name, else a hash that is the same everywhere and for ever.

    FNV-1a with 64 bits (offset 14695981039346656037, prime 1099511628211) over the UTF-8 bytes of "NAME/LAB/RULE", where
    NAME is in Unicode's NFC, without blanks around it and in small letters; then the finalizer of splitmix64; modulo
    `count`.
    """
    name = unicodedata.normalize("NFC", name.strip().lower())
    return hash_of(f"{name}/{lab_number}/{rule}") % count if name else 0


def hash_of(text):
    mask = 2**64 - 1
    h = 14695981039346656037
    for byte in text.encode():
        h = (h ^ byte) * 1099511628211 & mask
    h = (h ^ (h >> 30)) * 0xBF58476D1CE4E5B9 & mask
    h = (h ^ (h >> 27)) * 0x94D049BB133111EB & mask
    return h ^ (h >> 31)


class Lab:
    def __init__(self, number, title, *, files=(), hours="", reads=(), ends_with="", uses=(), mine=(),
                 megabytes=1024, build_seconds=60, within=1e-6, downloaded=""):
        self.number, self.title, self.files, self.hours = number, title, tuple(files), hours
        self.reads, self.ends_with, self.uses, self.mine = tuple(reads), ends_with, tuple(uses), tuple(mine)
        self.megabytes, self.build_seconds, self.within = megabytes, build_seconds, within
        self.downloaded = downloaded            # the environment variable that names a folder, for pictures only
        self.rules, self.tasks, self.pictures, self.hidden_names = [], [], [], ()
        self.folder = self.instructor = None    # where it lies; set by from_folder

    # --- What tasks.py calls. ---

    def rule(self, name, values, meaning):
        self.rules.append(RuleChoice(name, tuple(values), meaning))

    def hides(self, *names):
        self.hidden_names = names

    def task(self, *, points, inputs=((),), read="", after=(), seconds=10):
        def declare(check):
            self._add(Task(check.__name__, _title(check), points, check, inputs, read or self._first_page(),
                           tuple(after), seconds))
            return check
        return declare

    def predict(self, *, points, within=None, after=(), read="", seconds=10):
        def declare(run):
            self._add(Task(run.__name__, _title(run), points, run, ((),), read or self._first_page(), tuple(after),
                           seconds, "predict", within))
            return run
        return declare

    def find_bug(self, name, *, points, pictures, question, choices, read=""):
        self._add(Task(name, question, points, None, ((),), read or self._first_page(), (), 10, "bug", None,
                       tuple(pictures), dict(choices)))

    def picture(self, draw):
        self.pictures.append(draw)
        return draw

    # --- What the kit asks. ---

    def _first_page(self):
        return self.reads[0] if self.reads else ""

    def _add(self, task):
        if any(other.name == task.name for other in self.tasks):
            raise ValueError(f"lab {self.number}: there are two tasks called {task.name}")
        self.tasks.append(task)

    def total(self):
        return sum(task.points for task in self.tasks)

    def task_named(self, name):
        return next(task for task in self.tasks if task.name == name)

    def built_on(self, name):
        """The tasks that are built on this one, directly or by way of others."""
        found = set()
        for task in self.tasks:    # in the order of the lab, so that what comes later sees what came before
            if any(before == name or before in found for before in task.after):
                found.add(task.name)
        return found

    def needed_by(self, name):
        """The task and those it is built on."""
        found = {name}
        for task in reversed(self.tasks):
            if task.name in found:
                found.update(task.after)
        return [task.name for task in self.tasks if task.name in found]

    def to_implement(self):
        return [task for task in self.tasks if task.kind == "implement"]

    def downloaded_folder(self):
        """Its path, for the pictures; "" if there is none."""
        path = os.environ.get(self.downloaded, "") if self.downloaded else ""
        return os.path.realpath(path) if path else ""

    def bug_picture(self, task, name):
        return task.pictures[choice_of(name, self.number, task.name, len(task.pictures))]

    def has_instructor(self):
        return self.instructor.is_dir()

    def reference_flags(self, name):
        """The reference is told its conventions; a student writes them into the code."""
        return [f'-DRULE_{rule}={value}' if isinstance(value, (int, float)) else f'-DRULE_{rule}="{value}"'
                for rule, value in Rules(self, name).items()]

    def reference_files(self):
        return {name: (self.instructor / name).read_bytes() for name in self.files}

    def stub_files(self):
        return {name: (self.folder / name).read_bytes() for name in self.files}

    def mutants(self):
        return load(self.instructor / "mutants.py").mutants

    def hidden_inputs(self, name, secret=""):
        """task -> tuples; ValueError unless every task with inputs has some: without them there is no verdict."""
        module = load(self.instructor / "hidden.py")
        found = module.inputs(random.Random(f"{name}/{self.number}/{secret}"), Rules(self, name))
        expected = {task.name for task in self.to_implement() if task.has_inputs()}
        if set(found) != expected or not all(found.values()):
            raise ValueError(f"hidden.py of lab {self.number} gives inputs for {sorted(found)}, expected for "
                             f"{sorted(expected)}; no verdict without them")
        return {name: [tuple(one) for one in ones] for name, ones in found.items()}

    def bug_key(self):
        """picture -> the right choice"""
        return {mutant.picture: mutant.choice for mutant in self.mutants() if mutant.picture}


def _title(function):
    if not function.__doc__:
        raise ValueError(f"{function.__name__}: expected a docstring, which is the task's title")
    return " ".join(function.__doc__.split())


def load(path):
    """A Python file as a module of its own, seen by no import."""
    spec = importlib.util.spec_from_file_location(f"{path.parent.name}_{path.stem}", path)
    module = importlib.util.module_from_spec(spec)
    keep, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    try:
        spec.loader.exec_module(module)
    finally:
        sys.dont_write_bytecode = keep
    return module


def lab_folders():
    """number -> folder of all labs, read by their names: lab1_scalar."""
    found = {}
    for folder in LABS.iterdir():
        match = re.fullmatch(r"lab([0-9]+|R)_\w+", folder.name)
        if match and folder.is_dir():
            found[match[1]] = folder
    return dict(sorted(found.items(), key=lambda pair: (pair[0] == "R", pair[0].zfill(3))))


def load_lab(number):
    """The lab of this number, or None where there is nothing to write."""
    folder = lab_folders().get(str(number))
    if folder is None:
        raise LookupError(f"there is no lab {number}; there are {', '.join(lab_folders())}")
    return from_folder(folder, INSTRUCTOR / folder.name) if (folder / "tasks.py").exists() else None


def from_folder(folder, instructor):
    lab = load(folder / "tasks.py").lab
    lab.folder, lab.instructor = folder, instructor
    return lab
