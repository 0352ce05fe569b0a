"""What shuts one judgement off from the next inside a sandbox, by Linux' own system calls.

The sandbox has shut off the machine. In it a supervisor takes mounts, message queues and, where
that is allowed, process numbers of its own; its workers lose every capability. So an answer finds
nothing that another has left, sees no process but its own, and can end none that watches over it.
"""

from __future__ import annotations

import contextlib
import ctypes
import functools
import os
import platform
import re
import sys
from pathlib import Path
from typing import Any, Literal

# Nothing; mounts and queues of its own; process numbers of its own as well.
Isolated = Literal["", "mounts", "processes"]

_NEW_MOUNTS, _NEW_QUEUES = 0x00020000, 0x08000000
_NEW_USERS, _NEW_PIDS = 0x10000000, 0x20000000
_READ_ONLY, _NO_SUID, _NO_DEVICES, _NO_EXEC, _AGAIN = 1, 2, 4, 8, 32
_DROP_FROM_BOUNDS, _NO_NEW_PRIVILEGES, _AMBIENT = 24, 38, 47
_CLEAR_AMBIENT = 4
_CAPABILITIES_V3 = 0x20080522
_MOST_CAPABILITIES = 64

# A view of all processes, beside which the kernel lets a judgement mount one of its own.
WHOLE_PROC = "/gradkata/proc"
TEMPORARY = ("/tmp", "/dev/shm")
ROOM = 256 * 2**20  # bytes of files, in each of them
FILES = 20_000
PROCESSES = 512  # and threads, where the kernel counts them


class CannotIsolate(OSError):
    """The kernel refuses what a judgement needs to be alone."""


@functools.cache
def _c() -> Any:
    return ctypes.CDLL(None, use_errno=True)


def _checked(result: int, what: str) -> None:
    if result:
        number = ctypes.get_errno()
        raise CannotIsolate(number, f"{what}: {os.strerror(number)}")


def possible() -> Isolated:
    """Return how far a judgement can be shut off here; try it in a child.

    As root, a sandbox in a container may not be allowed process numbers of its own once more.
    """
    return "processes" if _can_hide_processes() else "mounts"


def _can_hide_processes() -> bool:
    if sys.platform == "win32":
        raise NotImplementedError
    child = os.fork()
    if child == 0:
        code = 1
        try:
            _unshare(_NEW_PIDS)
            inner = os.fork()
            if inner == 0:
                try:
                    _mount("proc", "/proc", "")
                    os._exit(0)
                finally:
                    os._exit(1)
            code = os.waitstatus_to_exitcode(os.waitpid(inner, 0)[1])
        finally:
            os._exit(code)
    return os.waitpid(child, 0)[1] == 0


def enter(answers: Path, isolated: Isolated) -> None:
    """Give this process surroundings of its own; it returns in a child if those hide processes.

    Args:
        answers: the folder of answers, which is empty afterwards.
        isolated: how far; at the furthest it becomes the first process of its own numbers.
    """
    if sys.platform == "win32":
        raise NotImplementedError
    hides = isolated == "processes"
    _unshare(_NEW_PIDS if hides else 0)
    if hides:
        if child := os.fork():
            # Nobody in there can end its first process.
            os._exit(0 if os.waitpid(child, 0)[1] == 0 else 1)
        _mount("proc", "/proc", "")
        _limit_by_proc()
        # Root's files in it are root's own, whatever capabilities it has lost.
        _mount("proc", "/proc", "", _READ_ONLY | _AGAIN)
    if Path(WHOLE_PROC).is_dir():
        _mount("tmpfs", WHOLE_PROC, "size=4096,mode=500")
    for target in TEMPORARY:
        _mount("tmpfs", target, f"size={ROOM},nr_inodes={FILES},mode=1777")
    _mount("tmpfs", str(answers), f"size={ROOM // 16},nr_inodes=1000,mode=755")


def _limit_by_proc() -> None:
    """Bound how many processes there may be, and let no further users be made of this one."""
    with contextlib.suppress(OSError):
        Path("/proc/sys/user/max_user_namespaces").write_text("0")
    # An older kernel counts for the whole machine here.
    release = re.match(r"(\d+)\.(\d+)", platform.release())
    if release and (int(release[1]), int(release[2])) >= (6, 14):
        with contextlib.suppress(OSError):
            Path("/proc/sys/kernel/pid_max").write_text(str(PROCESSES))


def _unshare(more: int) -> None:
    """Leave what is shared with the sandbox; the user stays the same by name."""
    if sys.platform == "win32":
        raise NotImplementedError
    user, group = os.getuid(), os.getgid()
    flags = _NEW_USERS | _NEW_MOUNTS | _NEW_QUEUES | more
    _checked(_c().unshare(flags), "unshare")
    with contextlib.suppress(FileNotFoundError):
        Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
    Path("/proc/self/gid_map").write_text(f"{group} {group} 1")


def _mount(kind: str, target: str, options: str, more: int = 0) -> None:
    flags = _NO_SUID | _NO_DEVICES | (_NO_EXEC if kind == "proc" else 0) | more
    result = _c().mount(kind.encode(), target.encode(), kind.encode(), flags, options.encode())
    _checked(result, f"mount {target}")


def drop_privileges() -> None:
    """Give up every capability, for good and for every program that is started."""
    c = _c()
    for capability in range(_MOST_CAPABILITIES):
        c.prctl(_DROP_FROM_BOUNDS, capability, 0, 0, 0)  # past the last capability the call fails
    c.prctl(_AMBIENT, _CLEAR_AMBIENT, 0, 0, 0)
    header = (ctypes.c_uint32 * 2)(_CAPABILITIES_V3, 0)
    nothing = (ctypes.c_uint32 * 6)()
    _checked(c.capset(header, nothing), "capset")
    _checked(c.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0), "no_new_privs")


def limit_resources(more: int) -> None:
    """Let the process map so many bytes more than it has now, shared ones too (Linux).

    And so many processes, and no dump of its memory.
    """
    if sys.platform == "win32":
        raise NotImplementedError
    import resource

    with contextlib.suppress(OSError, ValueError):
        pages = int(Path("/proc/self/statm").read_text().split()[0])
        most = pages * resource.getpagesize() + more
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        # Of the user; root has no such limit.
        resource.setrlimit(resource.RLIMIT_NPROC, (PROCESSES, PROCESSES))
