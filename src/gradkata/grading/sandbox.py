"""A sandbox around a judging server: bubblewrap, which Linux distributions have.

In it there are the system's programs, Python, the environment and the course without solutions,
all to be read only; no network, no other process, nobody's files and no variable of the
environment. What an answer writes lies in memory, and is gone with the judgement.
"""

from __future__ import annotations

import functools
import glob
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from gradkata.grading import isolation

COURSE, ANSWERS = "/gradkata/course", "/gradkata/answers"
_ENVIRONMENT, _PACKAGES = "/gradkata/environment", "/gradkata/packages"
_NEEDED = ("gradkata", "torch", "numpy", "pytest", "pytest_timeout", "matplotlib", "rich")
_FILES = ("/etc/ld.so.cache", "/etc/fonts", "/etc/alternatives", "/etc/localtime")
_USER = "1000"  # as root without capabilities the kernel would refuse further users


@functools.cache
def why_not() -> str:
    """Return why no sandbox can be made here; empty if one can."""
    if sys.platform != "linux":
        return "this system has no bubblewrap"
    if shutil.which("bwrap") is None:
        return "bubblewrap is not installed (its command is bwrap)"
    trial = [*_walls(), "--ro-bind", "/", "/", "--proc", "/proc", "--dev", "/dev", "true"]
    found = subprocess.run(trial, capture_output=True, text=True, check=False)
    said = found.stderr.strip().splitlines()[-1:] or [f"it ended with code {found.returncode}"]
    return f"bubblewrap cannot make one here: {said[0]}" if found.returncode else ""


def _walls() -> list[str]:
    walls = ["bwrap", "--new-session", "--uid", _USER, "--gid", _USER]
    return walls + [f"--unshare-{what}" for what in ("user", "pid", "net", "ipc", "uts")]


@dataclass(frozen=True)
class _Python:
    """How Python is started inside: its program, its path, and what is seen of the outside."""

    program: str
    path: str
    seen: tuple[tuple[str, str], ...]


def command(course: Path, device: str, module: str) -> list[str]:
    """Return the command that runs a module of ours in a sandbox.

    Args:
        course: what stands at `COURSE` inside; `ANSWERS` is an empty folder there.
        device: `cuda` lets the devices of a GPU in.
        module: what is run, by its full name.
    """
    python = _python()
    room = ["--size", str(isolation.ROOM), "--tmpfs"]
    arguments = [*_walls(), "--clearenv", *_system()]
    arguments += ["--proc", "/proc", "--dev", "/dev", *room, "/dev/shm", *room, "/tmp"]
    if sys.platform != "win32" and os.getuid() == 0:
        # As root, bubblewrap covers parts of /proc, and no other could be mounted beside it.
        arguments += ["--bind", "/proc", isolation.WHOLE_PROC]
    if device != "cpu":
        arguments += [a for file in glob.glob("/dev/nvidia*") for a in ("--dev-bind", file, file)]
    for outside, inside in python.seen:
        arguments += ["--ro-bind", outside, inside]
    arguments += ["--ro-bind", str(course), COURSE, *room, ANSWERS, "--remount-ro", "/"]
    for name, value in _variables(python).items():
        arguments += ["--setenv", name, value]
    return [*arguments, "--chdir", COURSE, python.program, "-P", "-m", module]


def _system() -> Iterator[str]:
    """Give what lets programs run: the system's own, as it lies or is linked there."""
    yield from ("--ro-bind", "/usr", "/usr")
    for path in ("/bin", "/sbin", "/lib", "/lib32", "/lib64"):
        if os.path.islink(path):
            yield from ("--symlink", os.readlink(path), path)
        elif os.path.isdir(path):
            yield from ("--ro-bind", path, path)
    for file in _FILES:
        yield from ("--ro-bind-try", file, file)


def _variables(python: _Python) -> dict[str, str]:
    threads = dict.fromkeys(("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")
    return threads | {
        "PATH": "/usr/bin:/bin",
        "HOME": "/tmp",
        "LOGNAME": "learner",
        "LANG": "C.UTF-8",
        "MPLCONFIGDIR": "/tmp/matplotlib",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONPATH": python.path,
    }


def _python() -> _Python:
    """Return how this Python and its packages are seen inside."""
    seen = {}
    program = sys.executable
    base = os.path.realpath(sys.base_prefix)
    if sys.prefix != sys.base_prefix:
        # It may lie below /tmp, which each judgement covers.
        seen[sys.prefix] = _ENVIRONMENT
        program = os.path.join(_ENVIRONMENT, os.path.relpath(sys.executable, sys.prefix))
    for home in (base, sys.base_prefix, os.path.dirname(os.path.realpath(sys.executable))):
        if not _is_below(home, ["/usr", *seen]):
            seen[home] = home
    path = []
    for number, folder in enumerate(_folders_of(_NEEDED)):
        if not _is_below(folder, ["/usr", *seen]):
            seen[folder] = f"{_PACKAGES}/{number}"
            path.append(seen[folder])
    # What holds another comes first.
    return _Python(program, ":".join(path), tuple(sorted(seen.items())))


def _folders_of(packages: Sequence[str]) -> list[str]:
    """Return the folders that packages are imported from."""
    specs = [importlib.util.find_spec(name) for name in packages]
    files = [Path(spec.origin) for spec in specs if spec is not None and spec.origin]
    tops = [file.parent.parent if file.stem == "__init__" else file.parent for file in files]
    return list(dict.fromkeys(map(str, tops)))


def _is_below(path: str, folders: Sequence[str]) -> bool:
    return any(Path(path).is_relative_to(folder) for folder in folders)
