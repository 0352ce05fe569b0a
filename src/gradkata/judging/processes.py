"""Processes, on Linux by /proc; elsewhere a worker's group alone is known.

What is not implemented for Windows needs what Windows lacks.
"""

from __future__ import annotations

import _thread
import contextlib
import ctypes
import itertools
import multiprocessing
import multiprocessing.process
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any


def name_of_signal(number: int) -> str:
    """Return a signal's name; of those that have none, its number."""
    return next((known.name for known in signal.Signals if known == number), f"signal {number}")


PATIENCE = 10.0  # seconds until a process that cannot be killed is given up
GRACE = 0.2  # seconds for a process to end when asked

# Windows reports by exit code what other systems report by signal.
_WINDOWS = {
    0xC0000005: "an access violation",
    0xC000001D: "an illegal instruction",
    0xC0000094: "a division by zero",
    0xC00000FD: "a stack overflow",
    0xC0000374: "a damaged heap",
    0xC0000409: "a call of abort",
}


def told_by(code: int) -> int | str:
    """Return the exit code, and the name of what ended the process if the code tells it.

    A negative one stands for a signal.
    """
    if code >= 0:
        return _WINDOWS.get(code, code)
    return name_of_signal(-code)


def close_all_but(kept: Iterable[int]) -> None:
    """Close every descriptor above 2 but these."""
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
    """Return the program that a fork of this process now runs by `execv`; empty if none."""
    with contextlib.suppress(OSError):
        now, was = (Path(f"/proc/{of}/comm").read_text().strip() for of in (pid, "self"))
        return now if now != was else ""
    return ""


_USUAL: dict[int, Any] = {}


def outlive_terminal() -> None:
    """Survive what ends the requester; once it is gone, a supervisor ends by itself.

    Ctrl-C, a terminal that closes and most of what ends a program reach all of its session.
    """
    if sys.platform == "win32":
        raise NotImplementedError
    with contextlib.suppress(OSError):  # it leads a group
        os.setsid()
    for number in (signal.SIGINT, signal.SIGHUP, signal.SIGTERM):
        _USUAL[number] = signal.signal(number, signal.SIG_IGN)


def mind_signals() -> None:
    """Be ended by signals as usual, in a worker."""
    for number, handler in _USUAL.items():
        signal.signal(number, handler)


def be_a_parent() -> None:
    """Let an answer use `multiprocessing` as under plain pytest.

    A fork of the supervisor takes itself for a daemon, which may have no children, and for one who
    shares descriptors that are closed: the standard library has no word to begin anew.
    """
    from multiprocessing import forkserver, resource_tracker

    state: Any = multiprocessing.process
    own = state._current_process
    own._name, own._identity, own._parent_pid = "MainProcess", (), None
    own._config["daemon"] = False
    state._parent_process, state._children = None, set()
    multiprocessing.set_start_method(None, force=True)  # the default one
    for helper in (forkserver._forkserver, resource_tracker._resource_tracker):
        type(helper).__init__(helper)


def put_sockets_into(folder: str | None) -> None:
    """Put sockets into a folder that goes afterwards, as a worker runs no exit handlers."""
    state: Any = multiprocessing.process
    state._current_process._config["tempdir"] = folder


def end_with(end: int) -> None:
    """End this process and its group when whoever has the other end of a pipe is gone."""

    def wait() -> None:
        with contextlib.suppress(OSError):
            while os.read(end, 1):
                pass
            kill_group(os.getpid())

    # Not by `threading`: an answer would see that thread.
    _thread.start_new_thread(wait, ())


def kill_group(leader: int) -> None:
    """Kill a process that leads a group, and its group; on Windows its descendants."""
    if sys.platform != "win32" and hasattr(os, "killpg"):
        os.killpg(leader, signal.SIGKILL)
    else:
        command = ["taskkill", "/F", "/T", "/PID", str(leader)]
        subprocess.run(command, capture_output=True, check=False)


def ask_group_to_end(leader: subprocess.Popen[bytes]) -> None:
    """Ask the processes of a group to end, and wait a moment.

    What keeps semaphores and shared memory removes them when nobody is left who uses them.
    """
    if sys.platform == "win32" or not hasattr(os, "killpg"):
        return
    given_up = time.monotonic() + GRACE
    os.killpg(leader.pid, signal.SIGTERM)
    while time.monotonic() < given_up:
        leader.poll()
        os.killpg(leader.pid, 0)  # raises when nobody is left
        time.sleep(0.001)


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


# Bytes, and what the kernel is asked for.
_HUGE, _MAY_BE_HUGE, _MAKE_HUGE = 2 << 20, 14, 25  # MADV_HUGEPAGE, MADV_COLLAPSE


def use_huge_pages() -> None:
    """Move this process's memory into huge pages, where the kernel has such: forks are cheaper.

    A fork copies an entry for each page, and its end gives each back: with torch imported they are
    some 65,000 of the usual size. It takes half a second (Linux 6.1).
    """
    with contextlib.suppress(OSError, AttributeError, ValueError):
        advise = ctypes.CDLL(None).madvise
        for line in Path("/proc/self/maps").read_text().splitlines():
            span, rights, _, _, inode, *path = line.split(maxsplit=5)
            if rights == "rw-p" and inode == "0" and path in ([], ["[heap]"]):
                low, high = (int(end, 16) for end in span.split("-"))
                low, high = -(-low // _HUGE) * _HUGE, high // _HUGE * _HUGE
                for advice in (_MAY_BE_HUGE, _MAKE_HUGE) if low < high else ():
                    advise(ctypes.c_void_p(low), ctypes.c_size_t(high - low), advice)


def limit_memory(more: int) -> None:
    """Let the process have so many bytes more than it has now (Linux)."""
    if sys.platform == "win32":
        raise NotImplementedError
    import resource

    with contextlib.suppress(OSError, ValueError):
        status = Path("/proc/self/status").read_text()
        data = int(status.partition("VmData:")[2].split()[0]) * 1024
        resource.setrlimit(resource.RLIMIT_DATA, (data + more, data + more))


def resident(pid: int) -> int:
    """Return how many bytes of a process are in memory, those that it shares too (Linux)."""
    if sys.platform == "win32":
        raise NotImplementedError
    with contextlib.suppress(OSError, ValueError, IndexError):
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE")
    return 0


def own_memory(pid: int) -> int:
    """Return the same with what is shared divided by how many share it; it takes longer (Linux)."""
    with contextlib.suppress(OSError, ValueError, IndexError):
        found = Path(f"/proc/{pid}/smaps_rollup").read_text().partition("\nPss:")[2]
        return int(found.split()[0]) * 1024
    return resident(pid)


def descendants(pid: int) -> list[int]:
    """Return every process that this one or its descendants have started (Linux)."""
    found = []
    with contextlib.suppress(OSError):
        for children in Path(f"/proc/{pid}/task").glob("*/children"):
            for child in map(int, children.read_text().split()):
                found += [child, *descendants(child)]
    return found


def how_many() -> int:
    """Return how many processes this one or its descendants have started (Linux)."""
    if os.getpid() != 1:
        return len(descendants(os.getpid()))
    # One read of the whole PID namespace: a fork bomb leaves no time for more.
    with contextlib.suppress(OSError):
        return sum(name.isdigit() for name in os.listdir("/proc")) - 1
    return 0


def kill_all_of(leaders: Sequence[int], *, spared: Sequence[int] = ()) -> None:
    """Kill the groups of these leaders and every descendant, until nothing but the spared is left.

    They are asked to end first, for what keeps semaphores and shared memory lets itself be asked,
    and removes them when nobody is left who uses them. What forks meanwhile is found in the next
    round. What may not be killed, a program of another user, is given up after a while.
    """
    if sys.platform == "win32":
        raise NotImplementedError
    if os.getpid() == 1 and not spared:
        # One kill for the whole PID namespace, so that nothing forks meanwhile; what they
        # keep goes with the namespace.
        with contextlib.suppress(OSError):
            os.kill(-1, signal.SIGKILL)
    _ask_to_end(leaders, spared)
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


def _ask_to_end(leaders: Sequence[int], spared: Sequence[int]) -> None:
    if sys.platform == "win32":
        raise NotImplementedError
    for leader in leaders:
        with contextlib.suppress(OSError):
            os.killpg(leader, signal.SIGTERM)
    asked: set[int] = set()
    given_up = time.monotonic() + GRACE
    while (found := _all_but_those_of(spared)) and time.monotonic() < given_up:
        for pid in set(found) - asked:
            with contextlib.suppress(OSError):
                os.kill(pid, signal.SIGTERM)
        asked |= set(found)
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
