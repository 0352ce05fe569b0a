"""Whether judgements are forked from a warm process on this system, and what that process needs."""

from __future__ import annotations

import contextlib
import multiprocessing
import multiprocessing.context
import multiprocessing.util
import os
import signal
import sys
import tempfile
from collections.abc import Iterator
from multiprocessing import resource_tracker

# What a system has room for in the path of a socket, 103 bytes at least, less what the standard
# library adds to the folder of temporary files: /pymp-12345678/listener-12345678.
_ROOM = 103 - 32
_SHORT = ("/tmp", "/var/tmp", "/dev/shm")

# Keeps the working directory, and a stray random.py in it, off the path of a new interpreter.
SAFE_PATH, VALUE = "PYTHONSAFEPATH", "gradkata"

# Modules that some exercise needs, in parts that import in about equal time; the last needs those
# before it. At each signal the warm process imports one part, so a fork waits for one at most.
REST = ("sympy", "torch._dynamo", "gradkata.judging.warm")
ASK_FOR_THE_REST = getattr(signal, "SIGUSR1", 0)


def why_not() -> str:
    """Return why judgements are made by fresh processes here; empty if a warm one is forked."""
    if not hasattr(os, "fork"):
        return "this system cannot fork a process"
    if sys.platform == "darwin":
        # Accelerate, which torch and NumPy compute with, uses Grand Central Dispatch, and Apple
        # supports neither in a child that does not start another program. Neither one thread
        # (VECLIB_MAXIMUM_THREADS) nor silence (OBJC_DISABLE_INITIALIZE_FORK_SAFETY) makes it sound.
        return "what torch computes with on macOS does not survive a fork"
    if place_of_socket() is None:
        return f"{tempfile.gettempdir()} is too long a path for a socket"
    return ""


def place_of_socket() -> str | None:
    """Return the folder of temporary files, or a shorter one if a socket's path has no room there.

    None if there is none that may be written to.
    """
    usual = tempfile.gettempdir()
    short = (folder for folder in _SHORT if os.access(folder, os.W_OK | os.X_OK))
    return usual if len(os.fsencode(usual)) <= _ROOM else next(short, None)


if sys.platform != "win32":

    def forkserver() -> multiprocessing.context.ForkServerContext:
        """Return the standard library's forkserver, which makes the warm process when needed."""
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(["gradkata.judging.preload"])
        usual, tempfile.tempdir = tempfile.tempdir, place_of_socket()
        try:
            # Made but once; the socket stands in it, and it is removed at the end.
            multiprocessing.util.get_temp_dir()
        finally:
            tempfile.tempdir = usual
        return context


def start_warm_process() -> None:
    """Let the warm process begin to import, if there will be one, and do not wait for it."""
    if sys.platform != "win32" and not why_not():
        from multiprocessing.forkserver import ensure_running

        forkserver()
        # Whoever needs it tries again, and reports the reason.
        with safe_path(), uninterrupted(), contextlib.suppress(OSError):
            ensure_running()


def end_warm_process() -> None:
    """End the warm process, whatever it does; the judgements forked from it go on."""
    if sys.platform != "win32":
        from multiprocessing.forkserver import _forkserver

        pid = getattr(_forkserver, "_forkserver_pid", None)
        if pid is not None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


@contextlib.contextmanager
def uninterrupted() -> Iterator[None]:
    """Start processes that ignore Ctrl-C until they handle it themselves."""
    if sys.platform == "win32":
        yield
        return
    # Python's keeper of semaphores lets Ctrl-C through once it has started, so it goes first.
    resource_tracker.ensure_running()
    usual = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, usual)


def ignore_interrupts() -> None:
    """Ignore Ctrl-C in the warm process: its requester gets the signal too, and ends it."""
    if sys.platform != "win32":
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})


@contextlib.contextmanager
def safe_path() -> Iterator[None]:
    """Keep the working directory off the path of processes that start meanwhile."""
    usual = os.environ.get(SAFE_PATH)
    os.environ[SAFE_PATH] = usual or VALUE
    try:
        yield
    finally:
        if usual is None:
            del os.environ[SAFE_PATH]
        else:
            os.environ[SAFE_PATH] = usual
