"""Judge our own solutions before a run, to learn what its judgements need.

Those are canaries that an honest judgement finds wrong here, the modules that it imports, and how
long all will take.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from concurrent.futures import Executor
from dataclasses import replace

from gradkata.course import Exercise
from gradkata.grading import material
from gradkata.grading.canaries import candidates, chosen
from gradkata.grading.run import Job, Settings
from gradkata.grading.units import judge_unit, start_server


def after_trial(
    settings: Settings, exercises: Iterable[Exercise], executor: Executor, servers: int = 0
) -> Settings:
    """Return the settings with canaries and imports for these exercises.

    Args:
        settings: of a run.
        exercises: of which something is to be judged; one without a solution has no canaries.
        executor: runs `judge_unit`.
        servers: how many there are to be here; those that have nothing to try start meanwhile.
    """
    copy = material.copy_of(settings.root)
    tried, running = {}, {}
    for exercise in exercises:
        if exercise.solution.is_file():
            unit = settings.unit(exercise.name, exercise.solution.read_bytes())
            of_course = candidates(settings.root, Exercise(copy, exercise.name))
            unit |= {"canaries": of_course.as_dict(), "imports": []}
            tried[exercise.name] = of_course
            running[exercise.name] = executor.submit(judge_unit, unit)
    for _ in range(len(running), servers if running else 0):
        executor.submit(start_server, unit)
    canaries, imports = {}, {}
    for name, future in running.items():
        if runs := future.result().get("runs"):
            canaries[name] = chosen(tried[name], runs)
            imports[name] = list(
                dict.fromkeys(module for run in runs for module in run["imported"])
            )
    return replace(settings, canaries=canaries, imports=imports)


def estimate(jobs: Sequence[Job], settings: Settings, at_a_time: int) -> float:
    """Return about how many seconds a run takes here; our own solutions are judged for that."""
    seconds = 0.0
    plain = replace(settings, sandbox=False)
    for exercise in settings.exercises:
        distinct = {job.key for job in jobs if job.exercise == exercise}
        if distinct and exercise.solution.is_file():
            unit = plain.unit(exercise.name, exercise.solution.read_bytes())
            judge_unit(unit)  # what is got ready once
            started = time.monotonic()
            judge_unit(unit)
            seconds += len(distinct) * (time.monotonic() - started) / at_a_time
    return seconds
