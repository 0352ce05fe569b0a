"""Judge answers as a learner's pytest would, each in a fresh child of a warm process."""

from __future__ import annotations

import gc
import multiprocessing
import os
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from toy_course import NO_HYPOTHESIS

from gradkata.display import verdict_text
from gradkata.judging import forking
from gradkata.judging.protocol import Control
from gradkata.results import State, Verdict

ROOT = Path(__file__).resolve().parents[1]

_FORKS = not forking.why_not()
_CONTEXT: Any = forking.forkserver() if _FORKS else multiprocessing.get_context("spawn")


# Warnings as errors, but for what newer versions of torch say of themselves as they are used.
STRICT = (
    *("-W", "error", "-W", "ignore:`torch.jit.script` is"),
    *("-W", "ignore:`torch.distributed.:FutureWarning"),
)

# Of no weight: the harness has no bare asserts that pytest would have to rewrite.
ALREADY_IMPORTED = ("-W", "ignore::pytest.PytestAssertRewriteWarning")


@dataclass(frozen=True)
class Judgement:
    """The exit code of a run, and the verdict of each test."""

    exit_code: int
    verdicts: list[Verdict]
    output: str

    def state(self, task: str) -> str:
        """Return the state of a task, as the board would show it."""
        states = {v.state for v in self.verdicts if v.task == task}
        return next(
            (s for s in (State.WRONG, State.TO_DO, State.DONE) if s in states), "not judged"
        )

    def states(self) -> dict[str, str]:
        """Return the state of every task that was judged."""
        return {v.task: self.state(v.task) for v in self.verdicts}

    def text(self, task: str) -> str:
        """Return what the learner reads of a wrong task: its first verdict that is wrong."""
        return next(
            (verdict_text(v) for v in self.verdicts if v.task == task and v.state == State.WRONG),
            "",
        )


def judge(*arguments: str, root: Path = ROOT, timeout: float = 120) -> Judgement:
    """Run pytest with these arguments, in the folder `root` of a course."""
    here, there = _CONTEXT.Pipe(duplex=False)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        screen = Path(folder, "screen")
        child = _CONTEXT.Process(target=_run, args=(there, screen, root, arguments))
        child.start()
        there.close()
        try:
            if not here.poll(timeout):
                raise TimeoutError(f"pytest {' '.join(arguments)} did not end in {timeout:g} s")
            code, verdicts = here.recv()
        finally:
            child.kill()
            child.join()
        return Judgement(code, verdicts, screen.read_text(encoding="utf-8"))


class _Recorder:
    def __init__(self) -> None:
        self.verdicts: list[Verdict] = []

    def pytest_runtest_logreport(self, report: Any) -> None:
        if hasattr(report, "verdict"):
            self.verdicts.append(Verdict.from_dict(report.verdict))


def _run(connection: Control, screen: Path, root: Path, arguments: tuple[str, ...]) -> None:
    import pytest
    import torch

    printed = os.open(screen, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for number in (1, 2):
        os.dup2(printed, number)
    # The collector would scan all of torch and free almost nothing.
    gc.disable()
    torch.set_num_threads(1)
    os.chdir(root)
    os.environ["COLUMNS"] = "80"
    recorder = _Recorder()
    # The parent has imported all of torch's loggers, and pytest would put handlers on each.
    without = ("-p", "no:cacheprovider", "-p", "no:logging", *NO_HYPOTHESIS)
    code = pytest.main([*without, *arguments, *ALREADY_IMPORTED], plugins=[recorder])
    sys.stdout.flush()
    connection.send((int(code), recorder.verdicts))
