"""Judge our own solutions before a run, to learn what its judgements need.

Those are canaries that an honest judgement finds wrong here, and the modules that it imports.
"""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import Executor
from dataclasses import replace

from gradkata.course import Exercise
from gradkata.grading import material
from gradkata.grading.canaries import candidates, chosen
from gradkata.grading.run import Settings
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
