"""What a process needs of its environment, where a system gives less than is usual, or more.

This is imported before anything else, and imports at its top nothing that could be hidden.
"""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False  # as `typing` has it
if TYPE_CHECKING:
    from pathlib import Path


def complete_environment() -> None:
    """Name the user, and a folder for matplotlib, where the system knows neither name nor home.

    So it is in a container with any number for a user. Child processes inherit both.
    """
    _name_user()
    _house_matplotlib()


def _name_user() -> None:
    # Without a name, what some versions of torch import late fails.
    import getpass

    try:
        getpass.getuser()
    # The error's class depends on the version of Python and on the system.
    except (ImportError, KeyError, OSError):
        number = os.getuid() if hasattr(os, "getuid") else 0
        os.environ["LOGNAME"] = f"uid-{number}"


def _house_matplotlib() -> None:
    # Before 3.11 it cannot be imported without a home, unless it is told of another folder.
    if not os.path.isabs(os.path.expanduser("~")):
        import tempfile

        folder = os.path.join(tempfile.gettempdir(), "gradkata-matplotlib")
        os.environ.setdefault("MPLCONFIGDIR", folder)


def forget_backend() -> None:
    """Take no backend of matplotlib's from outside, where Jupyter and Colab name one of their own.

    Where that one is not installed matplotlib cannot be imported. Child processes inherit it.
    """
    os.environ.pop("MPLBACKEND", None)


def take_one_thread() -> None:
    """Compute on one thread, unless the environment names a number: before torch is imported.

    For small tensors more are no faster, and on a busy machine they wait for one another.
    """
    os.environ["OMP_NUM_THREADS"] = os.environ.get("OMP_NUM_THREADS") or "1"


def quiet_matplotlib() -> None:
    """Keep off the screen what matplotlib warns of: that it has no folder, that it reads fonts."""
    import logging

    logging.getLogger("matplotlib").setLevel(logging.ERROR)


def hiding_files() -> list[str]:
    """Return the files that Python takes for modules of its own, or of an installed package.

    They lie in folders that it searches before those, as PYTHONPATH asks for.
    """
    own = os.path.dirname(os.__file__)
    before = sys.path[: sys.path.index(own)] if own in sys.path else []
    installed = [f for f in sys.path if f.endswith(("site-packages", "dist-packages"))]
    known = {*sys.stdlib_module_names, *(name for folder in installed for name in _modules(folder))}
    return [file for folder in before for name, file in _modules(folder).items() if name in known]


def _modules(folder: str) -> dict[str, str]:
    """Return the file of each module that lies in a folder."""
    try:
        entries = sorted(os.listdir(folder or os.curdir))
    except OSError:
        return {}
    single = {name.removesuffix(".py"): name for name in entries if name.endswith(".py")}
    packages = {name: os.path.join(name, "__init__.py") for name in entries}
    # Of two of one name Python takes the package.
    of_names = [(n, os.path.join(folder, f)) for n, f in (*single.items(), *packages.items())]
    return {name: file for name, file in of_names if os.path.isfile(file)}


def told_hiding(files: list[str]) -> str:
    """Say of such files, in a line, what they do, and what to do about it; nothing if of none."""
    if not files:
        return ""
    more = f" and {len(files) - 1} more" if len(files) > 1 else ""
    return (
        f"{files[0]}{more} hides a module that the course needs: rename it, or take its folder "
        "out of PYTHONPATH\n"
    )


def place_of_making() -> str:
    """Return where this environment was made, if it was moved from there since; else nothing.

    A program that pip has put into it names the Python of that place in its first line.
    """
    for name in ("pytest", "kata"):
        python = _interpreter_of(os.path.join(sys.prefix, "bin", name))
        folder = os.path.dirname(os.path.dirname(python))
        is_own = os.path.basename(python).startswith("python") and sys.prefix != sys.base_prefix
        if is_own and not (os.path.exists(folder) and os.path.samefile(folder, sys.prefix)):
            return folder
    return ""


def _interpreter_of(program: str) -> str:
    try:
        with open(program, encoding="utf-8", errors="replace") as script:
            return script.readline().removeprefix("#!").strip()
    except OSError:
        return ""


def told_other_clone(root: Path) -> str:
    """Say that what runs is not the course's own gradkata, but another version; "" if it is not."""
    own, runs = os.path.join(root, "src", "gradkata"), os.path.dirname(__file__)
    if not os.path.isdir(own) or os.path.samefile(own, runs) or _sources(own) == _sources(runs):
        return ""
    return (
        f"the gradkata that runs here, in {os.path.dirname(runs)}, is another version than the "
        f"course in {root}: python -m pip install -e {root}"
    )


def _sources(package: str) -> dict[str, bytes]:
    """Return the text of each of a package's modules."""
    from pathlib import Path

    files = Path(package).rglob("*.py")
    return {file.relative_to(package).as_posix(): file.read_bytes() for file in files}
