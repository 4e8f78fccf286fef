"""./go lab: the path, and what is done of it; one lab built and judged on the inputs that everybody sees."""
import hashlib
import os
import pathlib
import shutil
import time

from kit import answers, build, report
from kit.judge import DONE, NOT_YET, WRONG, Ask, judge, run
from kit.lab import LABS, ROOT, Rules, lab_folders, load_lab
from kit.laws import NotTried
from kit.wire import NotYet, Refused

DRAWN = ROOT / "build" / "labs" / "pictures"


def workplace(lab_folder, place):
    """Where the student's files of this lab are: in a folder of their own, or in this tree."""
    return pathlib.Path(place) / lab_folder.name if place else lab_folder


def read_answers(folder):
    path = folder / "answers.txt"
    return answers.read(path.read_text(errors="replace")) if path.exists() else {}


def start(place, name):
    """Copies the stubs of all labs into a folder of the student's own; what is there is left as it is."""
    place = pathlib.Path(place)
    copied = 0
    for number, folder in lab_folders().items():
        lab = load_lab(number)
        if lab is None:
            continue
        target = place / folder.name
        target.mkdir(parents=True, exist_ok=True)
        for file in (*lab.files, "answers.txt"):
            if not (target / file).exists():
                shutil.copyfile(folder / file, target / file)
                copied += 1
        if name and (text := (target / "answers.txt").read_text("utf-8", "surrogateescape")).find("\nfor:\n") >= 0:
            text = text.replace("\nfor:\n", f"\nfor: {name}\n", 1)
            (target / "answers.txt").write_text(text, "utf-8", "surrogateescape")
    print(f"{copied} files copied to {place}. Write there, and try with: ./go lab 1 {place}")
    return 0


def path(place):
    """All labs, a line each."""
    print("The path. ./go lab N builds and tries lab N; its page is in labs/, and labs/README.md says how they fit together.\n")
    for number, folder in lab_folders().items():
        lab = load_lab(number)
        if lab is None:
            print(f"  {number}  {title_of(folder)}\n       to read: {folder.relative_to(ROOT)}/README.md")
            continue
        print(f"  {number}  {lab.title} ({lab.hours} h): {how_far(lab, place)}")
        print(f"       ends with {lab.ends_with}")
    return 0


def title_of(folder):
    return (folder / "README.md").read_text().splitlines()[0].lstrip("# ").partition(": ")[2]


def how_far(lab, place):
    """By what was last judged there, if the files are still the same."""
    folder = workplace(lab.folder, place)
    if not all((folder / name).exists() for name in lab.files):
        return "not started"
    if all((folder / name).read_bytes() == content for name, content in lab.stub_files().items()):
        return "not started"
    noted = note_of(folder)
    return noted.read_text() if noted.exists() and newer(noted, folder, lab) else f"started; ./go lab {lab.number} tells"


def note_of(folder):    # a name of its own for each folder, however long the folder's is
    return DRAWN.parent / f"done_{hashlib.sha256(os.fsencode(folder.resolve())).hexdigest()[:16]}.txt"


def newer(note, folder, lab):
    return all(note.stat().st_mtime >= (folder / name).stat().st_mtime for name in (*lab.files, "answers.txt")
               if (folder / name).exists())


def practise(number, place, name, mine):
    lab = load_lab(number)
    if lab is None:
        folder = lab_folders()[str(number)]
        print((folder / "README.md").read_text())
        return 0
    folder = workplace(lab.folder, place)
    missing = [file for file in lab.files if not (folder / file).exists()]
    if missing:
        print(f"go: {folder} has no {', '.join(missing)}; ./go lab start DIR copies the files to begin with")
        return 1
    written = read_answers(folder)
    name = name or written.get("for", "")
    began = time.monotonic()
    files = {file: (folder / file).read_bytes() for file in lab.files}
    for file in lab.mine if mine else ():
        earlier = (pathlib.Path(place) if place else LABS) / file
        if not earlier.exists():
            print(f"go: --mine needs {earlier}, which is not there")
            return 1
        files[earlier.name] = earlier.read_bytes()
    print(f"Lab {number}: {lab.title}")
    say_rules(lab, name)
    key = lab.bug_key() if lab.has_instructor() else None
    verdict = judge(lab, files, name, written, mine=mine, key=key)
    show(verdict, lab)
    drawn = draw(lab, files, name, folder if place else DRAWN / lab.folder.name, mine)
    for picture in drawn:
        print(f"picture: {picture}")
    print(next_step(verdict, lab))
    summary = f"{verdict.points()} of {lab.total()} points"
    print(f"\n{summary}, in {time.monotonic() - began:.1f} s")
    note_of(folder).parent.mkdir(parents=True, exist_ok=True)
    note_of(folder).write_text(summary)
    return 0


def say_rules(lab, name):
    if not lab.rules:
        return
    print(f"\nYour conventions, for {name}:" if name else
          "\nThe textbook's conventions (your own: ./go lab N --for NAME, or write your name into answers.txt):")
    for choice in lab.rules:
        print(f"  {choice.name} = {getattr(Rules(lab, name), choice.name)}    {choice.meaning}")
    print()


MARKS = {DONE: "done   ", WRONG: "wrong  ", NOT_YET: "not yet"}


def show(verdict, lab):
    said = set()
    for result in verdict.results:
        print(f"  {MARKS[result.status]}  {result.points}/{result.task.points}  {result.task.name}: {result.task.title}")
        sentence = "" if result.status == DONE and result.task.kind == "implement" else result.sentence
        if sentence in said and "\n" in sentence:
            sentence = "the same errors as above"
        said.add(sentence)
        for line in report.shortened(sentence).splitlines():
            print(f"               {line}")
        if result.task.kind == "bug" and result.status != DONE:
            print(f"               {lab.folder.relative_to(ROOT)}/{lab.bug_picture(result.task, verdict.name)}")
            for letter, meaning in result.task.choices.items():
                print(f"               {letter}: {meaning}")
        if result.status == WRONG and result.task.read:
            print(f"               read {result.task.read}")
        if result.status != DONE and result.printed.strip():
            print("               your program printed:")
            for line in report.shortened(result.printed).splitlines()[:30]:
                print(f"               | {line}")


def draw(lab, files, name, folder, mine=False, flags=(), pictures=None):
    """The lab's pictures, or the first few of them, by this driver's numbers: the paths of those that could be drawn."""
    found = []
    with build.temporary_folder() as where:
        built = build.build(lab, files, [task.name for task in lab.to_implement()], mine=mine, where=where, flags=flags)
        if not built.whole():
            return found
        for picture in lab.pictures[:pictures]:
            with run(next(iter(built.programs.values())), lab, lab.to_implement()[-1], lab.downloaded_folder()) as driver:
                try:
                    text = picture(Ask(driver, lab), Rules(lab, name))
                except NotTried as error:
                    print(f"not tried: {error}")
                    continue
                except Exception:    # not yet written, or wrong: the tasks have said so
                    continue
            folder.mkdir(parents=True, exist_ok=True)
            (folder / f"{picture.__name__}.svg").write_text(text)
            found.append(os.path.relpath(folder / f"{picture.__name__}.svg"))
    return found


def next_step(verdict, lab):
    for result in verdict.results:
        if result.status != DONE and result.task.kind != "bug":
            return f"next: {result.task.name}, {result.task.title}"
    numbers = list(lab_folders())
    later = numbers[numbers.index(str(lab.number)) + 1:]
    return f"next: ./go lab {later[0]}" if later else "That was the last one. What do you build now?"
