"""Derive an exercise's stubs from its solution, by one rule and without marks in either file.

The body of every public top-level function, and of every method of a public top-level class,
is for the learner to write: what follows its docstring, or its header where it has none, becomes
`raise NotImplementedError`, comments included.
Everything else is the same in both files. `python -m gradkata.course.stubs` writes the stubs of the
whole course; with `--check` it only tells which are out of step.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from gradkata.course import Exercise, exercises, find_root

_Function = ast.FunctionDef | ast.AsyncFunctionDef


def derive(solution: str) -> str:
    """Return the stub of a solution's source.

    Raises:
        SyntaxError: if the source cannot be parsed.
        ValueError: if a body stands on the line of its `def` or of its docstring.
    """
    lines = solution.split("\n")
    for function in reversed(list(_to_be_written(ast.parse(solution)))):
        start, end = _span(function, lines)
        lines[start:end] = [_indent(function, lines) + "raise NotImplementedError"]
    return "\n".join(lines)


def is_task(node: ast.stmt) -> bool:
    """Tell whether a statement at the top of a solution leaves a learner something to write.

    That is every public function, and every public class that has a method.
    """
    return any(_bodies_in(node))


def is_untouched(answer: str) -> bool:
    """Tell whether a file holds no written body, so that replacing it loses nothing."""
    try:
        return derive(answer) == answer
    except (SyntaxError, ValueError):
        return False


def _to_be_written(module: ast.Module) -> Iterator[_Function]:
    for node in module.body:
        yield from _bodies_in(node)


def _bodies_in(node: ast.stmt) -> Iterator[_Function]:
    if isinstance(node, _Function | ast.ClassDef) and not node.name.startswith("_"):
        if isinstance(node, ast.ClassDef):
            yield from (inner for inner in node.body if isinstance(inner, _Function))
        else:
            yield node


def _span(function: _Function, lines: list[str]) -> tuple[int, int]:
    """Return where the lines to be written start and end, comments around them included."""
    docstring = function.body[0] if ast.get_docstring(function) is not None else None
    start = docstring.end_lineno if docstring else _header_end(function, lines)
    end = function.end_lineno
    assert start is not None
    assert end is not None
    if docstring and any(node.lineno == start for node in function.body[1:]):
        raise _crowded(function, start)
    # A docstring may be the whole body, and a comment may follow the last statement.
    for number in range(end, len(lines)):
        if _is_comment(lines[number]) and lines[number].startswith(_indent(function, lines)):
            end = number + 1
        elif lines[number].strip():
            break
    return start, end


def _header_end(function: _Function, lines: list[str]) -> int:
    """Return the line on which the `def` ends; no docstring follows it."""
    first = function.body[0]
    decorators = first.decorator_list if isinstance(first, _Function | ast.ClassDef) else []
    above = min([first.lineno, *(decorator.lineno for decorator in decorators)]) - 1
    while not lines[above - 1].strip() or _is_comment(lines[above - 1]):
        above -= 1
    return above


def _indent(function: _Function, lines: list[str]) -> str:
    first = function.body[0]
    indent = lines[first.lineno - 1][: first.col_offset]
    if indent.strip():
        raise _crowded(function, first.lineno)
    return indent


def _is_comment(line: str) -> bool:
    return line.lstrip().startswith("#")


def _crowded(function: _Function, line: int) -> ValueError:
    return ValueError(f"line {line}: the body of {function.name} needs a line of its own")


def write(exercise: Exercise) -> str:
    """Write one exercise's stub unless its file holds answers; say in a line what was done."""
    stub = derive(exercise.solution.read_text(encoding="utf-8"))
    current = exercise.file.read_text(encoding="utf-8") if exercise.file.is_file() else None
    if current == stub:
        return f"{exercise.name}: in step"
    if current is not None and not is_untouched(current):
        return f"{exercise.name}: holds answers, left alone; kata reset {exercise.number} first"
    exercise.file.write_text(stub, encoding="utf-8")
    return f"{exercise.name}: written"


def out_of_step(exercise: Exercise) -> bool:
    """Tell whether an exercise's file is anything but the stub of its solution."""
    stub = derive(exercise.solution.read_text(encoding="utf-8"))
    return not exercise.file.is_file() or exercise.file.read_text(encoding="utf-8") != stub


def main(arguments: Sequence[str]) -> int:
    """Write or check the stubs of the course around the working directory."""
    root = find_root(Path.cwd())
    if root is None:
        print("no course here: run it where the folder exercises is", file=sys.stderr)  # noqa: T201
        return 2
    if "--check" in arguments:
        late = [exercise.name for exercise in exercises(root) if out_of_step(exercise)]
        print("\n".join(f"{name}: out of step" for name in late) or "stubs are in step")  # noqa: T201
        return 1 if late else 0
    with_solution = [exercise for exercise in exercises(root) if exercise.solution.is_file()]
    print("\n".join(write(exercise) for exercise in with_solution))  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
