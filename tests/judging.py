"""Judge answers as a learner's pytest would, each in a fresh child of a warm process."""

from __future__ import annotations

import contextlib
import gc
import multiprocessing
import os
import sys
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from gradkata.verdicts import DONE, TO_DO, WRONG, Verdict

ROOT = Path(__file__).resolve().parents[1]

# What the tests import at their first use: in the parent once, and not in every child.
_PRELOADED = [
    "torch._dynamo",
    "sympy",
    "matplotlib",
    "pytest",
    "gradkata.checks",
    "gradkata.plugin",
]
_FORKSERVER = multiprocessing.get_context("forkserver")
_FORKSERVER.set_forkserver_preload(_PRELOADED)


@dataclass(frozen=True)
class Judgement:
    """The exit code of a run, and the verdict of each test."""

    exit_code: int
    verdicts: list[Verdict]
    output: str

    def state(self, task: str) -> str:
        """Return the state of a task, as the board would show it."""
        states = {v.state for v in self.verdicts if v.task == task}
        return next((s for s in (WRONG, TO_DO, DONE) if s in states), "not judged")

    def states(self) -> dict[str, str]:
        """Return the state of every task that was judged."""
        return {v.task: self.state(v.task) for v in self.verdicts}

    def text(self, task: str) -> str:
        """Return what the learner reads of a wrong task: its first verdict that is wrong."""
        return next((v.text for v in self.verdicts if v.task == task and v.state == WRONG), "")


def judge(*arguments: str, root: Path = ROOT, timeout: float = 120) -> Judgement:
    """Run pytest with these arguments in the course at `root`."""
    here, there = _FORKSERVER.Pipe(duplex=False)
    child = _FORKSERVER.Process(target=_run, args=(there, root, arguments), daemon=True)
    child.start()
    there.close()
    try:
        if not here.poll(timeout):
            raise TimeoutError(f"pytest {' '.join(arguments)} did not end in {timeout:g} s")
        return Judgement(*here.recv())
    finally:
        child.kill()
        child.join()


class _Recorder:
    def __init__(self) -> None:
        self.verdicts: list[Verdict] = []

    def pytest_runtest_logreport(self, report: Any) -> None:
        if hasattr(report, "verdict"):
            self.verdicts.append(Verdict(**report.verdict))


def _run(connection: Connection, root: Path, arguments: tuple[str, ...]) -> None:
    import pytest
    import torch

    # A child that lives for one run has nothing to collect, and all of torch to look through.
    gc.disable()
    torch.set_num_threads(1)
    os.chdir(root)
    sys.path.insert(0, "")
    recorder = _Recorder()
    with Path(os.devnull).open("w") as nowhere, contextlib.redirect_stdout(nowhere):
        code = pytest.main(["-p", "no:cacheprovider", *arguments], plugins=[recorder])
    connection.send((int(code), recorder.verdicts, ""))
