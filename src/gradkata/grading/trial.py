"""Find the canaries of a run: those of a course that an honest judgement finds wrong here."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import Executor
from dataclasses import replace

from gradkata.course import Exercise
from gradkata.grading import material
from gradkata.grading.canaries import NONE, Canaries, candidates, chosen
from gradkata.grading.run import Settings
from gradkata.grading.servers import judge_unit


def with_canaries(
    settings: Settings, exercises: Iterable[Exercise], executor: Executor
) -> Settings:
    """Return the settings with canaries for these exercises; our solutions are judged for that.

    Args:
        settings: of a run.
        exercises: of which something is to be judged; one without a solution has no canaries.
        executor: runs `judge_unit`.
    """
    copy = material.copy_of(settings.root)
    tried, running = {}, {}
    for exercise in exercises:
        if exercise.solution.is_file():
            of_course = candidates(settings.root, Exercise(copy, exercise.name))
            unit = settings.unit(exercise.name, exercise.solution.read_bytes())
            unit |= {"canaries": of_course.as_dict(), "believes": False}
            tried[exercise.name] = of_course
            running[exercise.name] = executor.submit(judge_unit, unit)
    found: dict[str, Canaries] = {}
    for name, future in running.items():
        result = future.result()
        found[name] = chosen(tried[name], result["runs"]) if "runs" in result else NONE
    return replace(settings, canaries=found)
