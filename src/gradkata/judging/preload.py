"""Get the warm process ready, and remember if that fails.

A forkserver that imports this goes on all the same, so that a judgement can tell why.
"""

from __future__ import annotations

import atexit
import contextlib
import os
from multiprocessing import forkserver

from gradkata.environment import hiding_files, told_hiding
from gradkata.errors import said_by
from gradkata.judging.forking import SAFE_PATH, VALUE, ignore_interrupts

ignore_interrupts()
FAILURE = ""


def _remove_socket() -> None:
    """Remove what whoever has made it could not, as they were killed."""
    address = forkserver._forkserver._forkserver_address  # type: ignore[attr-defined]
    with contextlib.suppress(OSError, TypeError):
        os.unlink(address)
        os.rmdir(os.path.dirname(address))


# It has served its end. An answer is to find in its environment what it finds under pytest.
if os.environ.get(SAFE_PATH) == VALUE:
    del os.environ[SAFE_PATH]
try:
    import gradkata.judging.warm
    import gradkata.judging.worker  # noqa: F401
except Exception as error:
    FAILURE = f"torch and pytest cannot be got ready: {said_by(error)}"
    FAILURE = f"{FAILURE}\n{told_hiding(hiding_files())}".rstrip()
atexit.register(_remove_socket)
