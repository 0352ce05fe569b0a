"""The course as text: exercises and tasks, stubs, progress, and what a learner has written."""

from gradkata.course.catalogue import (
    Definition,
    Exercise,
    Part,
    UnknownName,
    definitions,
    did_you_mean,
    exercises,
    find_exercise,
    find_root,
    find_task,
    function_of,
    is_root,
)

__all__ = [
    "Definition",
    "Exercise",
    "Part",
    "UnknownName",
    "definitions",
    "did_you_mean",
    "exercises",
    "find_exercise",
    "find_root",
    "find_task",
    "function_of",
    "is_root",
]
