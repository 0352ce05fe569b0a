"""The process that runs pytest on a learner's code, and tells what it sees in signed messages.

It gets ready first: pytest is configured and the tests are collected, which runs nothing of the
learner's. Then it waits for the start. Whoever watches over it believes only messages that bear
the signature of a secret which the two share.

That is so against accidents: whatever a crash, a stray write or a copy of the process leaves in
the pipe is no verdict. It is not so against intent, for the learner's code runs in this process.
"""

from __future__ import annotations

import faulthandler
import gc
import json
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

import pytest

from gradkata.course import Exercise
from gradkata.judging.messenger import LineWriter, Messenger, Printed
from gradkata.judging.processes import name_of_signal, put_sockets_into
from gradkata.judging.protocol import AWAITED, WRITTEN, Limits, Order, Pipes, read_line
from gradkata.judging.reporter import Reporter
from gradkata.plugin.streams import NoInput, no_debugger


def work(order: Order, secret: bytes, pipes: Pipes, *, alone: bool = False) -> None:
    """Get ready, wait for the start, judge, and end this process.

    Args:
        order: what to judge.
        secret: signs the messages.
        pipes: what to read and write.
        alone: nobody can ask by a signal at which line it is, when its time is over.
    """
    leave = os._exit
    messenger, printed = take_pipes(order, secret, pipes, alone=alone)
    stand_alone(order.root)
    reporter = Reporter(order, messenger, printed, pipes, alone=alone)
    leave(pytest.main(arguments_for(order), plugins=[reporter]))


def take_pipes(
    order: Order, secret: bytes, pipes: Pipes, *, alone: bool
) -> tuple[Messenger, Printed]:
    """Let this process have no other streams than its pipes, and tell of its own end.

    Returns:
        What sends signed messages, and what sends what is printed.
    """
    signal.signal(signal.SIGINT, signal.default_int_handler)
    faulthandler.enable(file=pipes.stack)
    if sys.platform != "win32" and not alone:
        faulthandler.register(signal.SIGUSR1, file=pipes.stack)
    with open(os.devnull) as nothing:
        os.dup2(nothing.fileno(), 0)
    for number in (1, 2):
        os.dup2(pipes.output, number)
    pipe = LineWriter(pipes.messages)
    messenger = Messenger(pipe, secret)
    printed = Printed(pipe, order.limits.output)
    sys.stdin, sys.stdout, sys.stderr = NoInput(), printed.stream, printed.stream
    sys.breakpointhook = no_debugger
    _tell_of_its_own_end(messenger, pipes.stack)
    return messenger, printed


def stand_alone(root: str) -> None:
    """Let pytest find the course, and nothing of what else is installed or set here."""
    # The collector would scan all of torch and free almost nothing.
    gc.disable()
    os.chdir(root)
    # Of the plugins that happen to be installed, none but those named below; and no options.
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    for theirs in ("PYTEST_ADDOPTS", "PYTEST_PLUGINS"):
        os.environ.pop(theirs, None)


def arguments_for(order: Order) -> list[str]:
    """Return what pytest is told: the tests of these tasks, whose answers, and to say nothing."""
    exercise = Exercise(Path(order.root), order.exercise)
    # As pytest was given the folder, it would import the tests of the other workers' tasks too.
    arguments = [str(exercise.tests_of(task).relative_to(order.root)) for task in order.tasks]
    arguments += ["--answers", order.answers, "--seed", str(order.seed)]
    arguments += ["--device", order.device, "--timeout", f"{order.limits.seconds / 2:g}", *_LEAN]
    return arguments


def _tell_of_its_own_end(messenger: Messenger, stack: int) -> None:
    """Tell before this process ends itself how it does so, and write down where."""
    own, end = os.getpid(), os._exit

    def exit_told(status: int) -> NoReturn:
        if os.getpid() == own:
            faulthandler.dump_traceback(stack)
        end(status)

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event in _OWN_ENDS and os.getpid() == own and (told := _OWN_ENDS[event](*arguments)):
            faulthandler.dump_traceback(stack)
            messenger.send(kind="ends itself", by=told[0], how=told[1])

    os._exit = exit_told
    sys.addaudithook(hook)


def _by_exec(path: Any, *_: object) -> tuple[str, str] | None:
    if not os.access(path, os.X_OK):
        return None
    return "", f"it replaced itself by another program, {os.fsdecode(path)},"


def _by_signal(pid: int, number: int) -> tuple[str, str] | None:
    if number == 0 or pid not in (0, os.getpid(), -_own_group()):
        return None
    return name_of_signal(number), f"it sent itself {name_of_signal(number)}"


def _own_group() -> int:
    if sys.platform == "win32" or not hasattr(os, "getpgrp"):
        return 0
    return os.getpgrp()


# What Python tells of before it happens: by what the process may end, and what is said then.
_OWN_ENDS: dict[str, Callable[..., tuple[str, str] | None]] = {
    "os.exec": _by_exec,
    "os.kill": _by_signal,
    "os.killpg": lambda group, number: _by_signal(-(group or _own_group()), number),
}

# Without pytest's own words, which nobody reads here, and the plugins that a judgement has no use
# for. Without its capturing, because what a learner prints is sent on as it is printed.
_IDLE = (
    *("cacheprovider", "debugging", "doctest", "faulthandler", "junitxml", "logging", "pastebin"),
    *("setuponly", "setupplan", "stepwise", "terminal", "threadexception", "unraisableexception"),
)
_LEAN = ["-o", "addopts=", "--import-mode=importlib", "-s"]
_LEAN += ["-p", "pytest_timeout", "-p", "gradkata.plugin"]
_LEAN += [argument for plugin in _IDLE for argument in ("-p", f"no:{plugin}")]


def main() -> None:
    """Work in a fresh process, where no fork of a warm one is to be had.

    The first line of stdin is the order. The worker writes to files of the folder named there.
    """
    _open_no_window()
    stdin = os.dup(0)
    first = json.loads(read_line(stdin))
    limits = Limits(**first["order"].pop("limits"))
    order = Order(limits=limits, **(first["order"] | {"tasks": tuple(first["order"]["tasks"])}))
    flags = os.O_WRONLY | os.O_APPEND | getattr(os, "O_BINARY", 0)
    files = {name: os.open(Path(first["folder"], name), flags) for name in WRITTEN}
    if not Path(first["folder"], AWAITED).exists():
        import gradkata.judging.warm  # noqa: F401 — the verdict will be the sooner there
    put_sockets_into(first["folder"])
    work(order, bytes.fromhex(first["secret"]), Pipes(start=stdin, **files), alone=True)


def _open_no_window() -> None:
    """Let a crash end this process at once: Windows may tell of it in a window, and wait."""
    if sys.platform == "win32":
        import msvcrt

        msvcrt.SetErrorMode(msvcrt.SEM_FAILCRITICALERRORS | msvcrt.SEM_NOGPFAULTERRORBOX)


if __name__ == "__main__":
    main()
