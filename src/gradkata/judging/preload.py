"""Get the warm process ready for a first judgement, and remember if that fails.

If an import fails, the forkserver goes on, and the next judgement reports why. Modules that only
some exercises need are imported in parts, one at each signal, between two forks; until then each
worker imports what its tests need, as pytest would.
"""

from __future__ import annotations

import atexit
import contextlib
import gc
import importlib
import os
import signal
import sys
from multiprocessing import forkserver

from gradkata.environment import hiding_files, told_hiding
from gradkata.errors import said_by
from gradkata.judging.forking import ASK_FOR_THE_REST, REST, SAFE_PATH, VALUE, ignore_interrupts

ignore_interrupts()
FAILURE = ""


def _remove_socket() -> None:
    """Remove the folder where its owner was killed before they could."""
    address = forkserver._forkserver._forkserver_address  # type: ignore[attr-defined]
    with contextlib.suppress(OSError, TypeError):
        os.unlink(address)
        os.rmdir(os.path.dirname(address))


_rest = iter(REST)


def _get_more_ready(*_: object) -> None:
    # The judgement that needs the missing module reports it.
    with contextlib.suppress(Exception):
        importlib.import_module(next(_rest))


# An answer is to find the same environment as under pytest.
if os.environ.get(SAFE_PATH) == VALUE:
    del os.environ[SAFE_PATH]
try:
    import torch

    import gradkata.judging.worker  # noqa: F401

    # More threads than one would leave a pool behind that a fork does not inherit.
    torch.set_num_threads(1)
    # A forked process makes torch's pool of threads anew at its first use, and of two threads that
    # come to that at the same time the second finds none.
    if sys.platform != "win32":
        os.register_at_fork(after_in_child=lambda: torch.set_num_threads(torch.get_num_threads()))
except Exception as error:
    FAILURE = f"torch and pytest cannot be got ready: {said_by(error)}"
    FAILURE = f"{FAILURE}\n{told_hiding(hiding_files())}".rstrip()
atexit.register(_remove_socket)
signal.signal(ASK_FOR_THE_REST, _get_more_ready)
gc.collect()
gc.freeze()
