"""The sentences by which the course names mistakes: the only words that leave a learner's machine.

A verdict may quote values, an error's own text and a learner's code. So none of its lines is sent
as it is: a line is compared with the sentences that stand in the course's tests and in
`gradkata.checks`, and what is sent is the sentence as it stands there, with `…` for each value.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path

from gradkata.course import Exercise

_NAMED = "This is exactly what you get when "
_CHECKS = Path(__file__).resolve().parents[1] / "checks"
# These say of a result what it is, in whole sentences.
_GENERAL = "explanations.py"
_LEAST_LETTERS = 12
GAP = "…"


def mistake_in(lines: Sequence[str], exercise: Exercise, task: str) -> str:
    """Return the course's own sentence for the mistake that a verdict names; it may be empty."""
    for line in lines:
        sentence = line.strip()
        if sentence.startswith(_NAMED):
            named = sentence.removeprefix(_NAMED).removesuffix(".")
            return _as_written(named, of_task(exercise, task))
        if found := _as_written(sentence, of_file(_CHECKS / _GENERAL)):
            return found
    return ""


def known(exercise: Exercise, task: str) -> frozenset[str]:
    """Return every sentence that `mistake_in` may return for a task."""
    return frozenset((*of_task(exercise, task), *of_file(_CHECKS / _GENERAL)))


def of_task(exercise: Exercise, task: str) -> tuple[str, ...]:
    """Return the sentences in a task's tests, in what they share, and in what all share."""
    files = [exercise.tests_of(task), exercise.tests / "shared.py", *sorted(_CHECKS.glob("*.py"))]
    return tuple(dict.fromkeys(sentence for file in files for sentence in of_file(file)))


def _as_written(said: str, sentences: Sequence[str]) -> str:
    # One without a gap says more than one that fits by its gaps.
    if GAP not in said and said in sentences:
        return said
    return next((s for s in sentences if GAP in s and _fits(s, said)), "")


def _fits(sentence: str, said: str) -> bool:
    return re.fullmatch(".+".join(map(re.escape, sentence.split(GAP))), said) is not None


def of_file(file: Path) -> tuple[str, ...]:
    """Return the strings of a Python file that may be sentences, with a gap for each value."""
    try:
        stamp = file.stat().st_mtime_ns
    except OSError:
        return ()
    return _strings(file, stamp)


@lru_cache(maxsize=512)
def _strings(file: Path, _stamp: int) -> tuple[str, ...]:
    try:
        nodes = ast.parse(file.read_bytes())
    except (OSError, SyntaxError, ValueError):
        return ()
    found = (text for text in _texts(nodes) if "\n" not in text)
    return tuple(text for text in found if sum(map(str.isalpha, text)) >= _LEAST_LETTERS)


def _texts(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.JoinedStr):
        parts = [p.value if isinstance(p, ast.Constant) else GAP for p in node.values]
        yield "".join(map(str, parts))
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)):
        # Docstrings are about the code, and no verdict quotes them.
        for inner in ast.iter_child_nodes(node):
            yield from _texts(inner)
