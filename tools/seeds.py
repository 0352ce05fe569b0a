"""Judge right answers on many seeds and thread counts, and print how near they come to a fault.

Each run is a fork of one warm process. One of an even seed judges our solutions, with warnings as
errors; one of an odd seed judges kept right answers, in turn, each in place of a task of ours.
For every value that `check` compares, its error is divided by the tolerance it is judged by; the
largest such margin of each exercise stands in the table, and that of every other task where it is
large: with more seeds it may be a fault. What a test asserts by itself, without `check`, has none.
"""

from __future__ import annotations

import argparse
import concurrent.futures
import contextlib
import io
import multiprocessing
import os
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests")]

from judging import (  # type: ignore[import-not-found]  # noqa: E402
    ALREADY_IMPORTED,
    STRICT,
)
from kept_answers import (  # type: ignore[import-not-found]  # noqa: E402
    COURSE,
    KeptAnswer,
    batches,
    kept,
    write,
)

from gradkata.judging import forking  # noqa: E402
from gradkata.judging.runner import get_the_rest_ready  # noqa: E402

LARGE = 0.25
LEAN = ("-p", "no:cacheprovider", "-p", "no:logging")


@dataclass
class Found:
    """What a run found: the tasks that are not done, and each task's largest margin."""

    seed: int
    threads: int
    amiss: dict[str, str] = field(default_factory=dict)
    margins: dict[tuple[str, str], float] = field(default_factory=dict)


class Margins:
    """A pytest plugin that measures each comparison's margin, and notes what is not done."""

    def __init__(self, found: Found) -> None:
        self.found = found
        self.at = "", ""

    def pytest_collection_modifyitems(self) -> None:
        """Stand between `check` and what compares, before anything is noted of either."""
        import numpy as np

        from gradkata.checks import diagnosis, values

        usual = values.close

        def measured(yours: Any, expected: Any, tolerances: tuple[float, float]) -> Any:
            relative, absolute = tolerances
            if expected.dtype.kind in "fc" and yours.shape == expected.shape:
                mine, due = values.wide(yours), values.wide(expected)
                with np.errstate(all="ignore"):
                    ratio = np.abs(mine - due) / (absolute + relative * np.abs(due))
                ratio = ratio[np.isfinite(ratio)]
                if ratio.size:
                    worst = max(self.found.margins.get(self.at, 0.0), float(ratio.max()))
                    self.found.margins[self.at] = worst
            return usual(yours, expected, tolerances)

        diagnosis.close = measured  # type: ignore[attr-defined]  # the name that it calls

    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """Note whose comparisons follow."""
        marker = item.get_closest_marker("task")
        self.at = item.path.parents[1].name, str(marker.args[0]) if marker else ""

    def pytest_runtest_logreport(self, report: Any) -> None:
        """Note what is not done."""
        verdict = getattr(report, "verdict", None)
        if verdict and verdict["state"] != "done":
            self.found.amiss[f"{verdict['exercise']} {verdict['task']}"] = "\n".join(
                verdict["lines"]
            )


def run(connection: Any, answers: str, seed: int, threads: int, paths: list[str]) -> None:
    """Judge the answers in a folder, in a process of its own, and send what was found."""
    import torch

    os.chdir(ROOT)
    torch.set_num_threads(threads)
    found = Found(seed, threads)
    options = (*LEAN, *(() if seed % 2 else STRICT), *ALREADY_IMPORTED, "--answers", answers)
    with contextlib.redirect_stdout(io.StringIO()) as said:
        code = pytest.main([*options, "--seed", str(seed), *paths], plugins=[Margins(found)])
    if code and not found.amiss:
        found.amiss["pytest"] = said.getvalue()[-2000:] or f"exit code {int(code)}"
    connection.send(found)


@contextlib.contextmanager
def answers_of(seed: int, right: dict[str, list[list[KeptAnswer]]]) -> Iterator[str]:
    """Give a folder of right answers: ours, or of an odd seed a batch of the kept ones."""
    with tempfile.TemporaryDirectory() as folder:
        for exercise in COURSE:
            of_exercise = right[exercise.name]
            if seed % 2 == 0 or not of_exercise:
                target = exercise.answer_in(Path(folder))
                target.parent.mkdir(parents=True)
                target.write_bytes(exercise.solution.read_bytes())
            else:
                write(of_exercise[seed // 2 % len(of_exercise)], Path(folder))
        yield folder


def main() -> None:
    """Judge, print the table, and end with 1 if a right answer was not done."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=200, help="how many (default: 200)")
    parser.add_argument("--threads", default="1,2", help="of torch (default: 1,2)")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="runs at a time")
    parser.add_argument("exercises", nargs="*", help="numbers; without them, all")
    asked = parser.parse_args()
    wanted = [e for e in COURSE if not asked.exercises or e.number in asked.exercises]
    counts = [int(count) for count in asked.threads.split(",")]
    paths = [f"exercises/{exercise.name}" for exercise in wanted]
    right: dict[str, list[list[KeptAnswer]]] = {e.name: [] for e in COURSE}
    for batch in batches(kept("right_answers")):
        right[batch[0].exercise.name].append(batch)
    context: Any = multiprocessing.get_context("spawn")
    if sys.platform != "win32" and not forking.why_not():
        context = forking.forkserver()
        get_the_rest_ready()

    def judged(seed: int, threads: int) -> Found:
        here, there = context.Pipe(duplex=False)
        with answers_of(seed, right) as folder:
            child = context.Process(target=run, args=(there, folder, seed, threads, paths))
            child.start()
            there.close()
            try:
                found: Found = here.recv()
            except EOFError:
                found = Found(seed, threads, {"pytest": "its process ended without a word"})
            child.join()
        return found

    with concurrent.futures.ThreadPoolExecutor(asked.jobs) as pool:
        orders = [(seed, threads) for seed in range(asked.seeds) for threads in counts]
        found = list(pool.map(lambda order: judged(*order), orders))
    sys.exit(show(found))


def show(found: list[Found]) -> int:
    """Print the worst margins of each exercise and what was not done; return the exit code."""
    worst: dict[tuple[str, str], tuple[float, int, int]] = {}
    for one in found:
        for of, margin in one.margins.items():
            worst[of] = max(worst.get(of, (0.0, 0, 0)), (margin, one.seed, one.threads))
    lines = [
        "| exercise | worst margin | task | seed | threads |",
        "| --- | --- | --- | --- | --- |",
    ]
    shown: set[str] = set()
    for (exercise, task), (margin, seed, threads) in sorted(
        worst.items(), key=lambda pair: (pair[0][0], -pair[1][0])
    ):
        if exercise not in shown or margin >= LARGE:
            lines.append(f"| {exercise} | {margin:.3g} | {task} | {seed} | {threads} |")
        shown.add(exercise)
    amiss = [one for one in found if one.amiss]
    for one in amiss:
        for name, words in one.amiss.items():
            lines += ["", f"seed {one.seed}, {one.threads} threads: {name}", words]
    lines += ["", f"{len(found)} runs; a right answer was not done in {len(amiss)}", ""]
    sys.stdout.write("\n".join(lines))
    return 1 if amiss else 0


if __name__ == "__main__":
    main()
