"""Compiles a driver with a student's files: under limits, between walls, in a folder of its own. A compiler that reads a
submission is as exposed as the program that comes of it.
"""
import atexit
import contextlib
import functools
import hashlib
import os
import pathlib
import re
import shutil
import stat
import subprocess
import tempfile
from dataclasses import dataclass, field

from kit.lab import ROOT
from kit.program import Command, Ended, Limits, Program

KIT = pathlib.Path(__file__).resolve().parent
CACHE = ROOT / "build" / "labs"
RELEASE = ROOT / "build" / "release"    # as ./go builds
REFERENCES = CACHE / "references"    # of nobody but who grades
LAYERS = ("core", "nn", "positional", "pretrained")
FLAGS = ["-std=c++20", "-O1", "-ffp-contract=off", "-pthread"]
WARNINGS = ["-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Wshadow", "-Wno-unused-parameter"]
INCLUDES = re.compile(r'^\s*#\s*include\s*<ordinal/([^>]+)>', re.M)


class CannotBuild(Exception):
    """Something that no student can help: no compiler, no library."""


@dataclass
class Built:
    """A driver for each task, which is one for all where everything compiles; else what the compiler says."""
    programs: dict = field(default_factory=dict)     # task -> path
    messages: dict = field(default_factory=dict)     # task -> the first errors
    warnings: str = ""
    walls: list = field(default_factory=list)

    def whole(self):
        return not self.messages


@contextlib.contextmanager
def temporary_folder():
    """For drivers, which may run as another user."""
    with tempfile.TemporaryDirectory(prefix="ordinal_driver_") as where:
        os.chmod(where, 0o755)
        yield where


def compiler():
    if os.environ.get("CXX"):
        return [shutil.which(word) or word for word in os.environ["CXX"].split() if "ccache" not in word]
    for name in ("g++", "c++", "clang++"):
        for folder in os.environ.get("PATH", "/usr/bin").split(os.pathsep):
            path = os.path.join(folder, name)
            if os.access(path, os.X_OK) and not os.path.realpath(path).endswith("ccache"):
                return [path]
    raise CannotBuild("there is no C++ compiler; ./go test installs one, or says how")


def build(lab, files, tasks, *, mine=False, where=None, flags=()):
    """name -> content of a student's files, put beside the driver. `where`: a folder for the programs, which then stay."""
    tool = prepare(lab)
    sources = {**files, "driver.cpp": (lab.folder / "driver.cpp").read_bytes()}
    flags = [*flags, *(["-DLAB_MINE"] if mine else [])]
    where = pathlib.Path(where)
    where.mkdir(parents=True, exist_ok=True)
    whole = compile_once(tool, lab, sources, [f"-DTASK_{task}" for task in tasks] + flags, where / "driver")
    if whole.path:
        return Built({task: whole.path for task in tasks}, {}, whole.text, whole.walls)
    built = Built(walls=whole.walls)
    named = "|".join(map(re.escape, files))
    inside = files and re.search(rf"^(.*/)?({named}):\d+:\d+: (fatal )?error", whole.text, re.M)
    if files and not (inside and whole.at_the_top):
        by_itself = alone(tool, lab, files, flags)
        if by_itself:    # the same for every task, and not worth a build for each
            whole.at_the_top = True
            whole.text = whole.text if inside else by_itself + whole.text    # as after an open bracket, which shows elsewhere
    if len(tasks) == 1 or whole.at_the_top:
        built.messages = {task: whole.text for task in tasks}
        return built
    for task in tasks:    # a function that is missing costs its own task only
        defined = [f"-DTASK_{name}" for name in lab.needed_by(task)]
        one = compile_once(tool, lab, sources, defined + flags, where / f"driver_{task}")
        if one.path:
            built.programs[task] = one.path
        else:
            built.messages[task] = one.text
    return built


def reference(lab, name):
    """The reference's driver for the conventions of this name; it is kept."""
    files, flags = lab.reference_files(), lab.reference_flags(name)
    stamp = hashlib.sha256()
    for content in (*files.values(), (lab.folder / "driver.cpp").read_bytes(), " ".join(flags).encode(),
                    str(prepare(lab).folder).encode()):
        stamp.update(content)
    REFERENCES.mkdir(parents=True, exist_ok=True)
    REFERENCES.chmod(0o700)
    where = REFERENCES / f"{lab.number}_{stamp.hexdigest()[:16]}"
    if not (where / "driver").exists():
        where.mkdir(exist_ok=True)
        built = build(lab, files, [task.name for task in lab.to_implement()], where=where, flags=flags)
        if not built.whole():
            raise CannotBuild(f"the reference of lab {lab.number} does not compile:\n"
                              + next(iter(built.messages.values())))
    return str(where / "driver")


@dataclass
class Compiled:
    path: str
    text: str
    walls: list
    at_the_top: bool = False    # an error that no choice of tasks can mend


def alone(tool, lab, files, flags):
    """What the compiler says about the student's files without the driver; nothing if that is only what it says there."""
    sources = {**files, "driver.cpp": "".join(f'#include "{name}"\n' for name in files).encode()}
    found = compile_once(tool, lab, sources, [*flags, "-fsyntax-only"], None)
    return found.text + "\n" if "error" in found.text else ""


def compile_once(tool, lab, sources, flags, target):
    box = tempfile.mkdtemp(prefix="ordinal_build_")
    try:
        for name, content in sources.items():
            (pathlib.Path(box) / name).write_bytes(content)
        kit = within_reach(str(tool.folder))
        read = {"/kit": kit}
        outside = [*tool.compiler, *tool.flags(kit), *flags, "driver.cpp", "-o", "program", *tool.libraries(kit)]
        inside = [*tool.compiler, *tool.flags("/kit"), *flags, "driver.cpp", "-o", "program", *tool.libraries("/kit")]
        limits = Limits(seconds=lab.build_seconds, megabytes=4096, file_megabytes=256, processes=32,
                        output_bytes=1 << 20)
        with Program(Command(inside, outside, read, box), limits) as run:
            try:
                ended = run.wait()
            except Ended as error:
                return Compiled("", f"the compiler {error}", run.walls, True)
            text = tidy(run.output(), box)
            walls = run.walls
        made = os.path.join(box, "program")
        if ended.get("exit") == 0 and os.path.lexists(made) and stat.S_ISREG(os.lstat(made).st_mode):
            shutil.copyfile(made, f"{target}.new", follow_symlinks=False)
            os.chmod(f"{target}.new", 0o755)
            os.replace(f"{target}.new", target)
            return Compiled(str(target), text, walls)
        if "failed" in ended:
            raise CannotBuild(f"the compiler {ended['failed']}")
        hopeless = re.search(r"#error|fatal error|at end of input|unterminated|expected '}'$", text, re.M)
        return Compiled("", text or f"the compiler ended with {ended}", walls, bool(hopeless))
    finally:
        shutil.rmtree(box, ignore_errors=True)


@functools.cache
def within_reach(folder):
    """The folder; a copy of it if only root can go there, since a compiler runs as another user."""
    if os.getuid() != 0 or all(path.stat().st_mode & stat.S_IXOTH for path in pathlib.Path(folder).parents):
        return folder
    place = tempfile.mkdtemp(prefix="ordinal_kit_")
    atexit.register(shutil.rmtree, place, ignore_errors=True)
    os.chmod(place, 0o755)
    return shutil.copytree(folder, os.path.join(place, "kit"))


def tidy(text, box):
    """The compiler's words, with the names of files as the student knows them, and without what follows the first errors."""
    text = text.replace("/box/", "").replace(box + "/", "")
    lines = [line for line in text.splitlines() if not line.startswith("compilation terminated")]
    return "\n".join(lines[:15] + ([f"... and {len(lines) - 15} lines more"] if len(lines) > 15 else []))


# --- What all drivers of a lab share: the kit's header, compiled once, and the layers of Ordinal that the lab names. ---

@dataclass
class Tool:
    compiler: list
    folder: pathlib.Path
    layers: tuple

    def flags(self, at):
        return [*FLAGS, *WARNINGS, "-include", f"{at}/prefix.h", "-I", at]

    def libraries(self, at):
        return [*(f"{at}/libordinal_{layer}.a" for layer in reversed(self.layers)), *unicode_of(self.layers)]


def prepare(lab):
    command = compiler()
    layers = tuple(layer for layer in LAYERS if any(use.split("/")[0] == layer for use in lab.uses))
    if layers:
        layers = LAYERS[:LAYERS.index(layers[-1]) + 1]    # a layer needs those below it
    headers = headers_of(lab.uses)
    libraries = [library(layer) for layer in layers]
    prefix = '#include "driver.h"\n' + "".join(
        f"#include <ordinal/{use if use.endswith('.h') else use + '.h'}>\n" for use in lab.uses)
    if lab.hidden_names:
        prefix += f"#pragma GCC poison {' '.join(lab.hidden_names)}\n"    # from here on
    version = subprocess.run([*command, "--version"], capture_output=True, text=True).stdout
    stamp = hashlib.sha256("\n".join([version, *FLAGS, *WARNINGS, *command, prefix, (KIT / "driver.h").read_text(),
                                      (KIT / "not_yet.h").read_text(), *headers.values(),
                                      *(str(path.stat().st_mtime_ns) for path in libraries)]).encode()).hexdigest()[:16]
    folder = CACHE / f"kit_{stamp}"
    tool = Tool(command, folder, layers)
    if (folder / "complete").exists():
        return tool
    CACHE.mkdir(parents=True, exist_ok=True)
    work = pathlib.Path(tempfile.mkdtemp(dir=CACHE))
    work.chmod(0o755)
    for name in ("driver.h", "not_yet.h"):
        shutil.copyfile(KIT / name, work / name)
    for name, text in headers.items():
        target = work / "ordinal" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)
    for path in libraries:
        shutil.copyfile(path, work / path.name)
    (work / "prefix.h").write_text(prefix)
    output = "prefix.h.pch" if "clang" in version else "prefix.h.gch"
    # g++ takes it only where the warnings are those that were asked for here: -Wpedantic defines macros.
    done = subprocess.run([*command, *FLAGS, *WARNINGS, "-w", "-x", "c++-header", "-I", ".", "prefix.h", "-o", output],
                          cwd=work, capture_output=True, text=True)
    if done.returncode != 0:
        shutil.rmtree(work)
        raise CannotBuild(f"the kit's own header does not compile:\n{done.stdout}{done.stderr}")
    if "clang" in version:
        (work / output).unlink()    # it would ask for the files where they were; plain headers do
    (work / "complete").touch()
    try:
        work.rename(folder)
    except OSError:    # somebody else was faster
        shutil.rmtree(work)
    return tool


def headers_of(uses):
    """Path below ordinal/ -> text, of all headers that these layers and headers reach."""
    found, waiting = {}, []
    for use in uses:
        if use.endswith(".h"):
            waiting.append(use)
        else:
            waiting += [f"{use}.h", *(str(path.relative_to(ROOT)) for path in sorted((ROOT / use).rglob("*.h")))]
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        path = ROOT / name if "/" in name else ROOT / name[:-2] / name    # <ordinal/core.h> is core/core.h
        found[name] = path.read_text()
        waiting += INCLUDES.findall(found[name])
    return found


def library(layer):
    """A layer as ./go builds it for all of its commands."""
    path = RELEASE / f"libordinal_{layer}.a"
    global _built
    if not _built:
        done = subprocess.run(["sh", str(ROOT / "go"), "lab", "library"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              text=True)
        if done.returncode != 0:
            raise CannotBuild(f"Ordinal itself does not build:\n{done.stdout[-3000:]}")
        _built = True
    return path


def unicode_of(layers):
    """What `pretrained` reads texts with, if Ordinal was built with it."""
    if "pretrained" not in layers:
        return []
    found = re.search(r"^ordinal_utf8proc_library:\w+=(/.+)$", (RELEASE / "CMakeCache.txt").read_text(), re.M)
    return [found[1]] if found else []


_built = False
