"""A judging server: a line of JSON in for each answer, and a line of JSON out.

It is a program of its own, so that whoever grades needs no guarded main module, and so that one
sandbox around it holds for all that it starts. It judges one answer at a time.

It reads a first line that says what it serves (see `serve`), and then one for each answer:
`{"exercise", "text", "seed", "tasks", "imports"}`, the text as latin-1. It writes a first line that
says what it runs on, and then for each answer `{"record", "endings", "tampered", "canaries",
"imported"}`, or `{"failed"}` with a sentence. Before that it may write `{"asks"}`, and read a line
with the canaries (see `canaries`).

What most judgements would import is imported here once: for that `imported` tells, where canaries
are tried, what an honest judgement has imported, and `imports` says it.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import select
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gradkata.course import Exercise, progress
from gradkata.errors import said_by
from gradkata.grading.integrity import verdict_on, without_proof
from gradkata.judging import forking, processes
from gradkata.judging.forking import REST
from gradkata.judging.protocol import Limits, Order
from gradkata.judging.records import is_out_of_memory, record_of
from gradkata.judging.transcript import without_workers
from gradkata.results import State, Verdict

NO_CANARIES = b'{"stub": "", "each": [], "tries": false}\n'
_USUAL = "gradkata.grading.usual"
_LONG = 0.05  # seconds for which an import in each judgement costs more than to collect anew
_KILLED = without_workers("crashed", "the process that watched over it was killed")


class NobodyWaits(Exception):
    """Whoever has asked is gone."""


@dataclass
class Grader:
    """What judges the answers of one course, one at a time.

    Args:
        root: the course, without anybody's answers.
        answers: a folder that holds one answer at a time.
        device: `cpu` or `cuda`.
        limits: how far each judgement may go.
        isolated: how each is shut off from the next.
        ask: gives the line with the canaries.
        many: whether many answers will come.
    """

    root: Path
    answers: Path
    device: str
    limits: Limits
    isolated: Any
    ask: Callable[[], bytes] = lambda: NO_CANARIES
    many: bool = False
    _imported: set[str] = field(default_factory=set)
    _collectors: dict[str, Any] = field(default_factory=dict)
    _exercises: dict[str, Exercise] = field(default_factory=dict)

    def judge(
        self,
        name: str,
        text: bytes,
        seed: int,
        tasks: Sequence[str],
        imports: Sequence[str] | None = None,
    ) -> dict[str, Any]:
        """Judge an answer to some tasks, and return the record and how each task ended."""
        from gradkata.grading.collected import CannotCollect

        self.get_ready(imports)
        # What it has read of its tests holds for all answers.
        exercise = self._exercises.setdefault(name, Exercise(self.root, name))
        started = time.monotonic()
        try:
            parts = self._parts(exercise, text, seed, tasks)
        except CannotCollect as reason:
            return {"failed": str(reason)}
        record = record_of(exercise, parts, self.limits, time.monotonic() - started)
        return {
            "record": record.as_dict(),
            "endings": endings(parts),
            "tampered": verdict_on(parts),
            "canaries": [said for part in parts for said in part.get("canaries", [])],
            "imported": [
                name
                for part in parts
                for said in part.get("integrity", [])
                for name in said.get("imported", [])
            ],
        }

    def get_ready(self, imports: Sequence[str] | None) -> None:
        """Import what each judgement would import; for many, have huge pages too."""
        wanted = [n for n in (REST[-1:] if imports is None else imports) if n not in self._imported]
        started = time.monotonic()
        for name in wanted:
            with contextlib.suppress(Exception):  # one that its owner makes in another way
                importlib.import_module(name)
        self._imported.update(wanted)
        if time.monotonic() - started < _LONG:
            return
        # What is collected anew is forked from this process as it is now.
        self.close()
        self._collectors.clear()
        gc.collect()
        gc.freeze()
        if self.many:
            processes.use_huge_pages()

    def _parts(
        self, exercise: Exercise, text: bytes, seed: int, tasks: Sequence[str]
    ) -> list[dict[str, Any]]:
        parts = self._reported(exercise, text, tasks, seed)
        if parts is not None:
            return self._vouched_for(parts, exercise, text, seed)
        # One task has killed the supervisor of all.
        found = []
        for task in tasks:
            alone = self._reported(exercise, text, [task], seed)
            found += [_KILLED | {"tasks": [task]}] if alone is None else alone
        return found

    def _vouched_for(
        self, parts: list[dict[str, Any]], exercise: Exercise, text: bytes, seed: int
    ) -> list[dict[str, Any]]:
        """Judge a task again if the worker that said it is done has sent no report of changes."""
        again = without_proof(parts)
        if not again:
            return parts
        found = self._reported(exercise, text, again, seed)
        if found is None or without_proof(found):
            alone = [(task, self._reported(exercise, text, [task], seed)) for task in again]
            found = [part for task, of in alone for part in of or [_KILLED | {"tasks": [task]}]]
        kept = [
            part | {"verdicts": [v for v in part["verdicts"] if v[0]["task"] not in again]}
            for part in parts
        ]
        return kept + found

    def _reported(
        self, exercise: Exercise, text: bytes, tasks: Sequence[str], seed: int
    ) -> list[dict[str, Any]] | None:
        """Return what the workers have reported, None if their supervisor was killed."""
        collector = self._collector(exercise)
        collector.begin(text, tasks, seed)
        parts = None
        while "ended" not in (report := self._next(collector)):
            if "asks" in report:
                collector.answer(self.ask())
            else:
                parts = report["parts"]
        if parts is None or any(part["outcome"] != "ok" for part in parts):
            # Whatever ended a worker may have harmed the collector: start the next afresh.
            self._collectors.pop(exercise.name).close()
            processes.kill_all_of([], spared=[c.pid for c in self._collectors.values()])
        return parts

    def _next(self, collector: Any) -> dict[str, Any]:
        """Wait for the next report; stdin says nothing meanwhile, unless the requester is gone."""
        ready, _, _ = select.select([collector.control, 0], [], [])
        if collector.control not in ready:
            raise NobodyWaits
        report: dict[str, Any] = collector.next_report()
        return report

    def _collector(self, exercise: Exercise) -> Any:
        from gradkata.grading.collected import Collector

        if exercise.name not in self._collectors:
            digest = progress.digest_of_tests(exercise)
            where = str(self.root), exercise.name, str(self.answers), self.device
            order = Order(*where, exercise.tasks, self.limits, digest)
            self._collectors[exercise.name] = Collector(order, isolated=self.isolated)
        return self._collectors[exercise.name]

    def close(self) -> None:
        """End every process."""
        for collector in self._collectors.values():
            collector.close()


class SlowGrader(Grader):
    """The same where no process can be forked: each judgement is made by fresh processes."""

    def judge(
        self,
        name: str,
        text: bytes,
        seed: int,
        tasks: Sequence[str],  # noqa: ARG002
        imports: Sequence[str] | None = None,  # noqa: ARG002
    ) -> dict[str, Any]:
        """Judge an answer to all tasks, and return the record and how each task ended."""
        from gradkata.judging import runner

        exercise = Exercise(self.root, name)
        file = exercise.answer_in(self.answers)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text)
        options: dict[str, Any] = {"device": self.device, "limits": self.limits}
        judgement = runner.Judgement(exercise, self.answers, seed=seed, warm=False, **options)
        judgement.go()
        record = judgement.record()
        blamed = [t.task for t in record.tasks if t.lines and t.lines[0] == record.detail]
        ended = dict.fromkeys(blamed, record.outcome)
        rest = {"tampered": "", "canaries": [], "imported": []}
        return {"record": record.as_dict(), "endings": ended} | rest


def endings(parts: Sequence[dict[str, Any]]) -> dict[str, str]:
    """Return how each task ended that did not end well: by a limit, or by ending its process."""
    found: dict[str, str] = {}
    for part in parts:
        for verdict in (Verdict.from_dict(values) for values, _ in part["verdicts"]):
            if verdict.state == State.WRONG and verdict.task not in found:
                if is_out_of_memory(verdict):
                    found[verdict.task] = "out of memory"
                elif "".join(verdict.lines[:1]).startswith("it does not end: stopped after"):
                    found[verdict.task] = "timeout"
    for part in parts:
        found |= dict.fromkeys(part["tasks"], part["outcome"])
    return found


def serve(asked: dict[str, Any]) -> Grader:
    """Get ready to judge, and return what does.

    Args:
        asked: `root`, `answers`, `device`, `limits`; `isolates`, whether each judgement is to be
            shut off from the next; and `many`, whether many will come.
    """
    limits = Limits(**asked["limits"])
    where = Path(asked["root"]), Path(asked["answers"]), asked["device"], limits
    if forking.why_not():
        return SlowGrader(*where, isolated="")
    # Here, for each supervisor and each worker would import it anew.
    import resource  # noqa: F401
    from multiprocessing import forkserver, resource_tracker  # noqa: F401

    import gradkata.grading.aviary
    import gradkata.judging.preload
    import gradkata.judging.worker  # noqa: F401
    from gradkata.grading import isolation

    processes.adopt_orphans()
    isolated = isolation.possible() if asked["isolates"] else ""
    grader = Grader(*where, isolated=isolated, many=asked["many"])
    grader.get_ready([_USUAL])
    return grader


def _lines() -> Iterator[bytes]:
    """Yield each line of standard input, read without a buffer, for `select` sees none."""
    rest = b""
    while read := os.read(0, 1 << 16):
        *lines, rest = (rest + read).split(b"\n")
        yield from lines


def main() -> None:
    """Serve until standard input ends."""
    # What anybody prints is none of the answers.
    out = os.dup(1)
    os.dup2(2, 1)
    lines = _lines()
    try:
        grader = serve(json.loads(next(lines)))
    except Exception as error:
        _write(out, {"failed": said_by(error)})
        return
    grader.ask = lambda: _asked(out, lines)
    _write(out, _runs_on(grader))
    try:
        for line in lines:
            asked = json.loads(line)
            text = asked["text"].encode("latin-1")
            which = asked["exercise"], text, asked["seed"], asked["tasks"]
            _write(out, grader.judge(*which, asked.get("imports")))
    except (NobodyWaits, BrokenPipeError):
        pass
    finally:
        grader.close()


def _asked(out: int, lines: Iterator[bytes]) -> bytes:
    """Ask for the canaries: they come now, for a process forked before knows nothing of them."""
    _write(out, {"asks": "canaries"})
    if (line := next(lines, None)) is None:
        raise NobodyWaits
    return line


def _runs_on(grader: Grader) -> dict[str, Any]:
    from importlib.metadata import version

    python = ".".join(map(str, sys.version_info[:3]))
    return {"torch": version("torch"), "python": python, "isolated": grader.isolated}


def _write(out: int, message: dict[str, Any]) -> None:
    data = json.dumps(message).encode() + b"\n"
    while data:
        data = data[os.write(out, data) :]


if __name__ == "__main__":
    main()
    os._exit(0)  # it has ended what it has started; to take torch down takes long
