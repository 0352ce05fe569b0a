"""Processes, on Linux by /proc; elsewhere a worker's group alone is known.

What is not implemented for Windows needs what Windows lacks.
"""

from __future__ import annotations

import contextlib
import ctypes
import itertools
import os
import signal
import sys
import time
from collections.abc import Iterable, Sequence
from pathlib import Path


def name_of_signal(number: int) -> str:
    """Return a signal's name; of those that have none, its number."""
    return next((known.name for known in signal.Signals if known == number), f"signal {number}")


PATIENCE = 10.0  # with what cannot be killed

# What Windows tells by an exit code, where other systems have signals.
_WINDOWS = {
    0xC0000005: "an access violation",
    0xC000001D: "an illegal instruction",
    0xC0000094: "a division by zero",
    0xC00000FD: "a stack overflow",
    0xC0000374: "a damaged heap",
    0xC0000409: "a call of abort",
}


def told_by(code: int) -> int | str:
    """Return an exit code as it is, and the name of what ended the process if it tells that.

    A negative one stands for a signal.
    """
    if code >= 0:
        return _WINDOWS.get(code, code)
    return name_of_signal(-code)


def close_all_but(kept: Iterable[int]) -> None:
    """Leave the worker nothing to write to that anybody else listens to."""
    if sys.platform == "win32":
        raise NotImplementedError
    bounds = [2, *sorted(kept), os.sysconf("SC_OPEN_MAX")]
    for low, high in itertools.pairwise(bounds):
        os.closerange(low + 1, high)


def oom_kills() -> int:
    """Return how many processes the system has killed for want of memory since it began."""
    with contextlib.suppress(OSError, ValueError):
        found = Path("/proc/vmstat").read_text().partition("\noom_kill ")[2]
        return int(found.split(maxsplit=1)[0]) if found else 0
    return 0


def other_program(pid: int) -> str:
    """Return the name of the program that a fork of this process has become; empty if of none."""
    with contextlib.suppress(OSError):
        now, was = (Path(f"/proc/{of}/comm").read_text().strip() for of in (pid, "self"))
        return now if now != was else ""
    return ""


def adopt_orphans() -> None:
    """Become the parent of every descendant whose own parent ends (Linux)."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)  # PR_SET_CHILD_SUBREAPER


def die_with_parent() -> None:
    """Be killed when the supervisor is (Linux)."""
    if sys.platform == "win32":
        raise NotImplementedError
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(1, int(signal.SIGKILL), 0, 0, 0)  # PR_SET_PDEATHSIG


def limit_memory(more: int) -> None:
    """Let the process have so many bytes more than it has now (Linux)."""
    if sys.platform == "win32":
        raise NotImplementedError
    import resource

    with contextlib.suppress(OSError, ValueError):
        status = Path("/proc/self/status").read_text()
        data = int(status.partition("VmData:")[2].split()[0]) * 1024
        resource.setrlimit(resource.RLIMIT_DATA, (data + more, data + more))


def descendants(pid: int) -> list[int]:
    """Return every process that this one or its descendants have started (Linux)."""
    found = []
    with contextlib.suppress(OSError):
        for children in Path(f"/proc/{pid}/task").glob("*/children"):
            for child in map(int, children.read_text().split()):
                found += [child, *descendants(child)]
    return found


def kill_all_of(leaders: Sequence[int], *, spared: Sequence[int] = ()) -> None:
    """Kill the groups of these leaders and every descendant, until nothing but the spared is left.

    What forks meanwhile is found in the next round. What may not be killed, a program of another
    user, is given up after a while.
    """
    if sys.platform == "win32":
        raise NotImplementedError
    for leader in leaders:
        with contextlib.suppress(OSError):
            os.killpg(leader, signal.SIGKILL)
    given_up = time.monotonic() + PATIENCE
    while (found := _all_but_those_of(spared)) and time.monotonic() < given_up:
        for number in (signal.SIGSTOP, signal.SIGKILL):
            for pid in found:
                with contextlib.suppress(OSError):
                    os.kill(pid, number)
        for pid in found:
            with contextlib.suppress(ChildProcessError):
                os.waitpid(pid, os.WNOHANG)
        time.sleep(0.001)


def _all_but_those_of(spared: Sequence[int]) -> list[int]:
    """Return every descendant of this process that no spared leader has started."""
    family = {pid for leader in spared for pid in descendants(leader)} | set(spared)
    everybody = descendants(os.getpid())
    return [pid for pid in everybody if pid not in family and session_of(pid) not in spared]


def session_of(pid: int) -> int:
    """Return the leader of a process's session; 0 of one that is gone."""
    if sys.platform == "win32":
        raise NotImplementedError
    try:
        return os.getsid(pid)
    except OSError:
        return 0
