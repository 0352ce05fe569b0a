"""What a process needs of its environment, where a system gives less than is usual."""

from __future__ import annotations

import logging
import os
import tempfile
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
    # Which one it is depends on the version of Python, and on the system.
    except (ImportError, KeyError, OSError):
        number = os.getuid() if hasattr(os, "getuid") else 0
        os.environ["LOGNAME"] = f"uid-{number}"


def _house_matplotlib() -> None:
    # Before 3.11 it cannot be imported without a home, unless it is told of another folder.
    try:
        Path.home()
    except RuntimeError:
        folder = Path(tempfile.gettempdir(), "gradkata-matplotlib")
        os.environ.setdefault("MPLCONFIGDIR", str(folder))


def quiet_matplotlib() -> None:
    """Keep off the screen what matplotlib warns of: that it has no folder, that it reads fonts."""
    logging.getLogger("matplotlib").setLevel(logging.ERROR)
