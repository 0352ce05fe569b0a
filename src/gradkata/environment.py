"""What a process needs of its environment, where a system gives less than is usual."""

from __future__ import annotations

import logging
import os


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


def quiet_matplotlib() -> None:
    """Keep off the screen what matplotlib warns of: that it has no folder, that it reads fonts."""
    logging.getLogger("matplotlib").setLevel(logging.ERROR)
