"""How long the judge may think. What a submission answers is read by tasks in Python, and no answer may keep them busy."""
import contextlib
import signal
import threading


class OutOfPatience(Exception):
    """The judge itself was busy for too long."""


@contextlib.contextmanager
def patience(seconds):
    """OutOfPatience after so many seconds of this process's own processor time; waiting for a driver costs none.

    Signals belong to the main thread: elsewhere (`check` judges several at a time, none of them a stranger) nothing is
    measured.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def enough(*_):
        raise OutOfPatience(f"judging took more than {seconds:g} s of processor time")

    before = signal.signal(signal.SIGVTALRM, enough)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds, 1)    # and again each second, should somebody swallow the first
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
