"""A command between walls, seen from the judge: questions go in, answers come out, until a limit says stop.

    with Program(command, limits) as driver:
        driver.ask("product", (2, 3))        ->  [6.0, 3.0, 2.0]
"""
import itertools
import json
import os
import pathlib
import secrets
import selectors
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass, field

from kit import wire
from kit.lab import ROOT

WALLS = pathlib.Path(__file__).with_name("walls.py")
ALL_WALLS = ("user", "files", "network", "processes", "memory", "time", "file size", "output")
USERS = itertools.count(61184)    # to 65519: numbers that systemd keeps for users who come and go


SHOWN = 1500    # bytes at either end of what a command prints


class Ended(Exception):
    """The command did not do what it was asked for; the text says why, in words."""


@dataclass
class Limits:
    seconds: int = 10
    megabytes: int = 1024
    file_megabytes: int = 1
    processes: int = 32             # and threads; the limit of memory is for each process
    output_bytes: int = 1 << 20     # standard output and errors
    answer_bytes: int = 16 << 20    # and noise between the answers


SIGNALS = {
    signal.SIGSEGV: "read or wrote where it has no memory: a null pointer, an index too far, or a recursion without end",
    signal.SIGABRT: "gave up (abort): an assertion, or an exception that nobody caught",
    signal.SIGFPE: "divided an integer by zero",
    signal.SIGILL: "ran into an instruction that is none: a function that should return something and does not?",
    signal.SIGBUS: "read memory that is not there",
    signal.SIGKILL: "was killed",
    signal.SIGXFSZ: "wrote a file that is too large",
    signal.SIGPIPE: "wrote to nobody",
}


@dataclass
class Command:
    """What to run: with a root directory of its own, and where that cannot be had."""
    inside: list
    outside: list
    read: dict = field(default_factory=dict)    # path inside -> path outside
    folder: str = ""                            # that the command may write into; "": a small one in memory
    copied: str = ""                            # a driver: what runs is a copy that no other user can read

    @staticmethod
    def driver(path, folder=""):
        """`folder`: one that it may read as well, at the same place."""
        return Command(["/driver/driver"], [], {folder: folder} if folder else {}, copied=str(path))


class Program:
    def __init__(self, command, limits):
        self.limits, self.walls, self.printed, self.cut = limits, [], bytearray(), 0
        self.troubles = []    # why a wall does not stand, where the system said so
        self.how_it_ended = None
        self._answers, self._state, self._noise = bytearray(), bytearray(), 0
        self._searched = 0
        self._scratch = tempfile.mkdtemp(prefix="ordinal_lab_")
        user = 61184 + (next(USERS) * 7 + os.getpid() * 64) % 4336
        home = command.folder or os.path.join(self._scratch, "home")
        root = os.path.join(self._scratch, "root")
        os.makedirs(home, exist_ok=True)
        os.makedirs(root, exist_ok=True)
        os.chmod(self._scratch, 0o711)
        outside, read = command.outside, dict(command.read)
        if command.copied:
            read["/driver"] = own = os.path.join(self._scratch, "driver")
            os.makedirs(own)
            outside = [shutil.copy(command.copied, os.path.join(own, "driver"))]
            os.chmod(outside[0], 0o500)
            os.chmod(own, 0o500)
            if os.getuid() == 0:
                _hand_over(own, user)
        if os.getuid() == 0:
            _hand_over(home, user)
        spec = {"command": command.inside, "command_outside": outside, "read": read,
                "folder": command.folder, "home": "/box", "home_outside": home, "scratch": root, "user": user,
                "hide": [str(ROOT)], "shut": shut(), "limits": asdict(limits)}
        answers_out, answers_in = os.pipe()
        state_out, state_in = os.pipe()
        spec_out, spec_in = os.pipe()
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-S", str(WALLS), str(spec_out), str(answers_in), str(state_in)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            pass_fds=(spec_out, answers_in, state_in), start_new_session=True, cwd="/")
        for descriptor in (spec_out, answers_in, state_in):
            os.close(descriptor)
        with open(spec_in, "wb") as file:    # much less than a pipe holds
            file.write(json.dumps(spec).encode())
        self._selector = selectors.DefaultSelector()
        self._open = {}
        for name, descriptor in (("printed", self._process.stdout.fileno()), ("answers", answers_out),
                                 ("state", state_out)):
            os.set_blocking(descriptor, False)
            self._open[name] = descriptor
            self._selector.register(descriptor, selectors.EVENT_READ, name)
        os.set_blocking(self._process.stdin.fileno(), False)
        self._deadline = time.monotonic() + limits.seconds + 1    # for the walls to be built

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    # --- Questions. ---

    def ask(self, name, arguments):
        """What the driver gives to this question: the items, or NotYet, Refused, Ended."""
        if not name.isidentifier():
            raise ValueError(f"ask: expected a name in one word, got '{name}'")
        ticket = secrets.token_hex(8)
        self._send(f"ask {ticket} {name} ".encode() + wire.encode_all(arguments) + b"\n")
        prefix = ticket.encode() + b" "
        while True:
            line = self._line()
            if not line.startswith(prefix):
                continue    # not an answer: a driver may write what it likes
            how, _, rest = line[len(prefix):].partition(b" ")
            try:
                items = wire.decode_all(rest)
            except wire.Garbled as error:
                raise Ended(f"gave an answer that cannot be read: {error}") from None
            if how == b"gives":
                return items
            text = str(items[0]) if items else ""
            raise wire.NotYet(text) if how == b"not_yet" else wire.Refused(text)

    def pause(self, seconds):
        """This long the judge was busy with something else."""
        self._deadline += seconds

    def new_time(self):
        """For a program that is trusted: its time begins again."""
        self._deadline = time.monotonic() + self.limits.seconds

    def wait(self):
        """Until the command ends by itself: {"exit": 0} or {"signal": 11}."""
        while self.how_it_ended is None:
            self._pump()
        self._pump(0)
        return self.how_it_ended

    # --- Pipes. ---

    def _send(self, data):
        view = memoryview(data)
        descriptor = self._process.stdin.fileno()
        while view:
            try:
                view = view[os.write(descriptor, view):]
            except BlockingIOError:
                self._check_end()
                self._pump(0.01)
            except BrokenPipeError:
                while self.how_it_ended is None:
                    self._pump()
                self._check_end()

    def _line(self):
        while True:
            end = self._answers.find(b"\n", self._searched)
            if end >= 0:
                line = bytes(self._answers[:end])
                del self._answers[:end + 1]
                self._searched = 0
                return line
            self._searched = len(self._answers)    # a long line is not read from its beginning again and again
            self._check_end()
            self._pump()

    def _check_end(self):
        if self.how_it_ended is None:
            return
        self._pump(0)    # what was written before the end
        if b"\n" in self._answers:
            return
        raise Ended(in_words(self.how_it_ended))

    def _pump(self, patience=None):
        """Reads what there is, and enforces time and output."""
        remaining = self._deadline - time.monotonic()
        if remaining <= 0:
            raise Ended(f"ran out of time ({self.limits.seconds} s)")
        for key, _ in self._selector.select(remaining if patience is None else min(patience, remaining)):
            try:
                data = os.read(key.fd, 1 << 16)
            except BlockingIOError:
                continue
            if not data:
                self._selector.unregister(key.fd)
                if key.data == "state" and self.how_it_ended is None:
                    self.how_it_ended = {"failed": "the walls fell"}
            elif key.data == "printed":
                self._keep(data)
            elif key.data == "answers":
                self._noise += len(data)
                if self._noise > self.limits.answer_bytes:
                    raise Ended(f"wrote more than {self.limits.answer_bytes >> 20} MB of answers")
                self._answers += data
            else:
                self._state += data
                while b"\n" in self._state:
                    line, _, self._state = self._state.partition(b"\n")
                    self._learn(json.loads(line))

    def _learn(self, news):
        if "walls" in news:
            self.walls, self.troubles = news["walls"] + ["output"], news["troubles"]
            self._deadline = time.monotonic() + self.limits.seconds    # the command's time begins now
        else:
            self.how_it_ended = self.how_it_ended or news

    def _keep(self, data):
        self.printed += data
        total = len(self.printed) + self.cut
        if len(self.printed) > 2 * SHOWN:    # the beginning and the end
            self.cut += len(self.printed) - 2 * SHOWN
            del self.printed[SHOWN:-SHOWN]
        if total > self.limits.output_bytes:
            raise Ended(f"printed more than {self.limits.output_bytes >> 10} KB and was stopped")

    def output(self):
        """What the command printed: beginning and end, and how much is missing between them."""
        if not self.cut:
            return self.printed.decode(errors="replace")
        head, tail = self.printed[:SHOWN], self.printed[SHOWN:]
        return f"{head.decode(errors='replace')}\n[... {self.cut} bytes cut ...]\n{tail.decode(errors='replace')}"

    def close(self):
        """Ends the command and everything that it has started."""
        if self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(2)
            except subprocess.TimeoutExpired:
                self._process.kill()
        self._process.wait()
        self._process.stdin.close()
        self._process.stdout.close()
        self._selector.close()
        for name in ("answers", "state"):
            os.close(self._open[name])
        shutil.rmtree(self._scratch, ignore_errors=True)


def shut():
    """What no submission may look into: the project, whose sources and history answer many a task."""
    git = ROOT / ".git"    # of a further working tree it is a file that says where the history is
    return [str(ROOT)] + ([git.read_text().partition(":")[2].strip()] if git.is_file() else [])


def in_words(ended):
    if "failed" in ended:
        return f"could not be started: {ended['failed']}"
    if "exit" in ended:
        return f"ended (exit status {ended['exit']}) before its answers"
    if ended["signal"] == signal.SIGXCPU:
        return "ran out of time (of the processor)"
    number = ended["signal"]
    name = signal.Signals(number).name if number in set(signal.Signals) else "a signal"
    return f"{SIGNALS.get(number, 'was stopped')} (signal {number}, {name})"


def _hand_over(folder, user):
    os.chown(folder, user, user)
    for entry in os.scandir(folder):
        os.chown(entry.path, user, user, follow_symlinks=False)
