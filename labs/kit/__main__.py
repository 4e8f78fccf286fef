"""The commands behind ./go lab and ./go grade."""
import argparse
import os
import pathlib
import shutil
import sys

sys.path[0] = str(pathlib.Path(__file__).resolve().parents[1])    # so that this folder is the package kit
sys.dont_write_bytecode = True

from kit import build, check, grading, pack, practice, report, submission, tests    # noqa: E402
from kit.lab import lab_folders, load_lab                                      # noqa: E402

LAB = """./go lab [DIR]                        the path, and how far you are
./go lab N [DIR] [--for NAME] [--mine]
                                      build and try lab N: the files in this tree, or those in your folder DIR
./go lab start DIR [--for NAME]       copy what is to be written to a folder of your own
./go lab pack [FILE]                  the students' archive, without solutions (instructors)"""
GRADE = """./go grade SUBMISSION --lab N --for NAME [--format text|junit|gradescope|classroom50]
./go grade --rubric                   the points of all labs"""


LONGEST_SECRET = 1 << 20    # characters


def name_of(text):
    try:
        text.encode()
    except UnicodeEncodeError:
        raise argparse.ArgumentTypeError(f"expected a name in UTF-8, got {os.fsencode(text)!r}") from None
    return text


def read_secret(path):
    try:
        with open(path, encoding="utf-8") as file:
            secret = file.read(LONGEST_SECRET + 1)
    except (OSError, ValueError) as error:
        raise grading.CannotGrade(f"--secret {path} cannot be read: {error}") from None
    if len(secret) > LONGEST_SECRET:
        raise grading.CannotGrade(f"--secret {path} is longer than a secret needs to be: {LONGEST_SECRET} characters")
    return secret


def write_report(path, text):
    """Whole or not at all; but a link, a pipe or a device stays what it is, and is written into."""
    path = pathlib.Path(path)
    ordinary = not path.is_symlink() and (path.is_file() or not path.exists())
    target = path.with_name(path.name + ".new") if ordinary else path
    if ordinary and path.exists():
        target.touch()
        shutil.copymode(path, target)
    target.write_text(text, "utf-8", "replace")
    if ordinary:
        target.replace(path)


def lab_command(words):
    parser = argparse.ArgumentParser(prog="./go lab", usage=LAB)
    parser.add_argument("what", nargs="?", default="")
    parser.add_argument("where", nargs="?", default="")
    parser.add_argument("--for", dest="name", type=name_of, default="", metavar="NAME", help="whose conventions")
    parser.add_argument("--mine", action="store_true", help="use what you wrote in earlier labs in place of Ordinal's")
    options = parser.parse_args(words)
    if options.what == "start":
        if not options.where:
            parser.error("start: expected a folder, as in ./go lab start ~/labs")
        return practice.start(options.where, options.name)
    if options.what == "pack":
        return pack.pack(options.where or "build/ordinal-labs.tar.gz")
    if options.what in lab_folders():
        return practice.practise(options.what, options.where, options.name, options.mine)
    if not options.what or pathlib.Path(options.what).is_dir():
        return practice.path(options.what)
    parser.error(f"there is no lab '{options.what}'; there are {', '.join(lab_folders())}")


def grade_command(words):
    parser = argparse.ArgumentParser(prog="./go grade", usage=GRADE)
    parser.add_argument("submission", nargs="?", help="a folder or an archive")
    parser.add_argument("--lab", metavar="N")
    parser.add_argument("--for", dest="name", type=name_of, metavar="NAME", help="whose conventions")
    parser.add_argument("--format", choices=report.FORMATS, default="text")
    parser.add_argument("--output", metavar="FILE", help="write the report there, whole or not at all")
    parser.add_argument("--mine", action="store_true", help="with the submission's own files of earlier labs")
    parser.add_argument("--require-walls", action="store_true", help="no verdict unless all walls stand")
    parser.add_argument("--secret", metavar="FILE", help="a file of yours that makes the hidden inputs your course's own")
    parser.add_argument("--others", metavar="DIR", help="further submissions, for their likeness")
    parser.add_argument("--rubric", action="store_true")
    options = parser.parse_args(words)
    if options.rubric:
        print(report.rubric(filter(None, map(load_lab, lab_folders()))))
        return 0
    if not options.submission or options.lab is None or options.name is None:
        parser.error("expected a submission, --lab and --for")
    secret = read_secret(options.secret) if options.secret else ""
    if options.output and not pathlib.Path(options.output).parent.is_dir():    # before the work, not after it
        raise grading.CannotGrade(f"--output {options.output}: there is no such folder")
    if options.output and pathlib.Path(options.output).is_dir():
        raise grading.CannotGrade(f"--output {options.output}: expected a file, got a folder")
    verdict, likeness = grading.grade(options.submission, load_lab(options.lab), options.name, secret=secret,
                                      mine=options.mine, require_walls=options.require_walls, others=options.others)
    text = report.write(verdict, options.format, likeness)
    if options.output:
        write_report(options.output, text)
    else:
        sys.stdout.buffer.write(text.encode("utf-8", "replace"))
    return 0


def check_command(words):
    bad = 0
    for number in words or lab_folders():
        lab = load_lab(number)
        problems = check.problems_of(lab) if lab else []
        bad += len(problems)
        print(f"lab {number}: " + ("\n  ".join(["", *problems]) if problems else "all well"))
    return 1 if bad else 0


def draw_command(words):
    for number in words:
        lab = load_lab(number)
        with build.temporary_folder() as where:
            for name, text in check.drawn_bugs(lab, pathlib.Path(where)).items():
                (lab.folder / name).write_text(text)
                print(lab.folder / name)
    return 0


def main():
    commands = {"lab": lab_command, "grade": grade_command, "check": check_command, "draw": draw_command, "test": tests.main}
    try:
        status = commands[sys.argv[1]](sys.argv[2:])
        print(end="", flush=True)    # a full disk, or a reader that has gone, is noticed here and not after the end
        return status
    except OSError as error:    # a folder that cannot be made, a file that cannot be written, or as above
        print(f"go: {error.filename or 'cannot write'}: {error.strerror or error}", file=sys.stderr)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)    # what is still to be written goes nowhere
        return 2
    except (grading.CannotGrade, submission.NoSubmission, build.CannotBuild, LookupError) as error:
        print(f"go: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
