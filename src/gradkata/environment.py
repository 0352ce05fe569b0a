"""What a process needs of its environment, where a system gives less than is usual, or more.

This is imported before anything else, and imports at its top nothing that could be hidden.
"""

from __future__ import annotations

import os
import sys


def name_user() -> None:
    """Give the user a name if the system knows none, as in a container with any number for a user.

    Without one, what some versions of torch import late fails. Child processes inherit it.
    """
    import getpass

    try:
        getpass.getuser()
    # Which one it is depends on the version of Python, and on the system.
    except (ImportError, KeyError, OSError):
        number = os.getuid() if hasattr(os, "getuid") else 0
        os.environ["LOGNAME"] = f"uid-{number}"


def forget_backend() -> None:
    """Take no backend of matplotlib's from outside, where Jupyter and Colab name one of their own.

    Where that one is not installed matplotlib cannot be imported. Child processes inherit it.
    """
    os.environ.pop("MPLBACKEND", None)


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
    """Say of such files what they do, and what to do about it."""
    first, more = files[0], f" and {len(files) - 1} more" if len(files) > 1 else ""
    return (
        f"{first}{more} hides a module that the course needs: rename it, or take its folder out "
        "of PYTHONPATH"
    )
