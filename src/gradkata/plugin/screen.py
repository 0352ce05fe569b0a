"""Show what was found: a sign for each test, the faults, the board, and what to type next."""

from __future__ import annotations

import re
import sys
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

from gradkata.course import Exercise, progress
from gradkata.course.laid_out import told_other_version
from gradkata.display import (
    COLOURS,
    SIGNS,
    as_encoded,
    found_by,
    last_printed,
    verdict_text,
    visible,
    visible_but_colours,
)
from gradkata.environment import hiding_files, told_hiding
from gradkata.plugin.summary import Board
from gradkata.plugin.tasks import TEST, place_of, shown_path
from gradkata.results import State, Verdict


class Screen:
    """Shows what was found: a sign for each test, the faults, the board, and what to type next."""

    def __init__(self, config: pytest.Config, found: tuple[Exercise, ...]) -> None:
        self.config = config
        self.found = found
        self.board = Board(found)
        self.broken = False
        self.guarded = False
        self.fingerprints = {e.name: progress.fingerprint(e) for e in found}

    def pytest_report_collectionfinish(self) -> list[str]:
        """Report what differs from a usual run: other answers, another device, another seed."""
        shown = shown_path(Path(self.config.getoption("answers")), self.config)
        device, seed = self.config.getoption("device"), self.config.getoption("seed")
        unusual = [
            *([] if self._own_answers() else [f"answers {shown}"]),
            *([] if device == "cpu" else [f"device {device}"]),
            *([] if seed == 0 else [f"seed {seed}"]),
        ]
        return [" · ".join(unusual)] if unusual else []

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Guard the terminal from now on, if a learner's code will run."""
        if any(TEST in item.stash for item in session.items):
            self._guard_terminal()

    def _guard_terminal(self) -> None:
        """Make visible whatever else of a learner's text pytest writes, such as a live log."""
        writer = getattr(self.config.pluginmanager.get_plugin("terminalreporter"), "_tw", None)
        if writer is None or self.guarded:
            return
        usual, self.guarded = writer.write, True

        def write(text: str, **markup: bool) -> None:
            usual(visible_but_colours(text), **markup)

        writer.write = write

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Take in each verdict, also of a test whose process died."""
        verdict = getattr(report, "verdict", None) or _of_dead_process(
            report, self.found, self.config
        )
        if verdict is not None:
            self._guard_terminal()
            # A report takes any attribute.
            report.verdict = verdict  # type: ignore[attr-defined]
            self.board.add(Verdict.from_dict(verdict))

    @pytest.hookimpl(tryfirst=True)
    def pytest_report_teststatus(self, report: pytest.TestReport) -> Any:
        """Give each test its task's sign; to pytest it stays passed or failed."""
        verdict = getattr(report, "verdict", None)
        if verdict is None or report.when in ("setup", "teardown"):
            return None
        sign = SIGNS[verdict["state"]]
        return report.outcome, self._text(sign), (verdict["state"].upper(), _markup_of(sign))

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_terminal_summary(
        self, terminalreporter: pytest.TerminalReporter
    ) -> Generator[None, None, None]:
        """Show our words in place of pytest's tracebacks, which `--full-trace` brings back."""
        every = terminalreporter.getreports

        def of_others(name: str) -> list[Any]:
            return [report for report in every(name) if not hasattr(report, "verdict")]

        if not self.config.getoption("fulltrace", False):
            # On this reporter alone, until its summary is through.
            terminalreporter.getreports = of_others  # type: ignore[method-assign]
        for warning in terminalreporter.stats.get("warnings", []):
            warning.message = visible(warning.message)
        yield
        vars(terminalreporter).pop("getreports", None)
        self._show(terminalreporter)

    def _show(self, terminal: pytest.TerminalReporter) -> None:
        blocks = [self._to_do_lines(), self.board.rows(terminal._tw.fullwidth)]
        blocks += [self._fault_lines(verdict) for verdict in self.board.faults()]
        terminal.ensure_newline()
        for block in filter(None, blocks):
            for number, line in enumerate(block):
                self._line(terminal, line, bold=number == 0 and line.startswith(SIGNS[State.WRONG]))
            terminal.line("")

    def _to_do_lines(self) -> list[str]:
        to_do = self.board.to_do()
        width = max((len(verdict.task) for verdict in to_do), default=0)
        return [f"{SIGNS[State.TO_DO]} {v.task:{width}}   {v.place}   to do" for v in to_do]

    def _fault_lines(self, verdict: Verdict) -> list[str]:
        below = [*found_by(verdict.test, verdict.found_at), *last_printed(verdict.printed)]
        return [*verdict_text(verdict).splitlines(), *(f"    {line}" for line in below)]

    @pytest.hookimpl(tryfirst=True)
    def pytest_internalerror(self) -> None:
        """Remember that the run was cut short, which xdist forgets."""
        self._guard_terminal()
        self.broken = True

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> Generator[None, None, None]:
        """Close with what to type next, after pytest's own closing line."""
        yield
        terminal = session.config.pluginmanager.get_plugin("terminalreporter")
        if terminal is not None and (self.broken or terminal.stats.get("error")):
            terminal.write(visible_but_colours(told_hiding(hiding_files())))
        if terminal is not None and (words := told_other_version(self.found[0].root)):
            terminal.line(self._text(words))
        if self.broken:
            session.exitstatus = pytest.ExitCode.INTERNAL_ERROR
            return
        self._remember()
        if terminal is not None and self.board.records:
            terminal.line(self._text(self.board.closing_line(self._following())))

    def _following(self) -> Exercise | None:
        """Return the first exercise that is not known to be done."""
        if not self._own_answers():
            return None
        return next((e for e in self.found if not progress.is_done(e)), None)

    def _own_answers(self) -> bool:
        return Path(self.config.getoption("answers")) == self.found[0].root / "exercises"

    def _remember(self) -> None:
        """Keep the states for `kata`, unless a file was saved while its tests ran."""
        if not self._own_answers():
            return
        for exercise in self.found:
            states = {r.name: r.state for r in self.board.records if r.exercise is exercise}
            known = {task: state for task, state in states.items() if state != State.PART}
            if known and progress.fingerprint(exercise) == self.fingerprints[exercise.name]:
                progress.remember_states(exercise, known)

    def _line(self, terminal: pytest.TerminalReporter, text: str, **markup: bool) -> None:
        """Write a line, its signs coloured."""
        for piece in re.split(f"([{''.join(SIGNS.values())}])", text):
            terminal.write(self._text(piece), **(markup | _markup_of(piece)))
        terminal.line("")

    def _text(self, text: str) -> str:
        return as_encoded(visible(text), getattr(sys.stdout, "encoding", None))


def _markup_of(sign: str) -> dict[str, bool]:
    """Return what pytest's terminal takes for the colour of a sign."""
    return {COLOURS[sign]: True} if sign in SIGNS.values() and sign != "?" else {}


def _of_dead_process(
    report: pytest.TestReport, found: tuple[Exercise, ...], config: pytest.Config
) -> dict[str, Any] | None:
    if not report.failed or report.when in ("setup", "call", "teardown"):
        return None
    path, _, name = report.nodeid.partition("::")
    for exercise in found:
        task = exercise.task_of_file(config.rootpath / path)
        if task is not None:
            file = exercise.answer_in(Path(config.getoption("answers")))
            test = f"{Path(path).name}::{name}"
            return Verdict(
                exercise=exercise.name,
                task=task,
                test=test,
                state=State.WRONG,
                file=shown_path(file, config),
                lines=["the process that ran it ended in the middle of a test"],
                found_at=place_of(exercise, test, config),
            ).as_dict()
    return None
