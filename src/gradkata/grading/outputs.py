"""What comes out of a run, all of it from one list of rows: tables for programs and gradebooks."""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from gradkata.course import Exercise
from gradkata.grading.names import file_names
from gradkata.grading.rows import Row, RowState, is_open

# What a JUnit report calls an error: nothing was found out of the task itself.
_ERRORS = {
    RowState.ERROR,
    RowState.CRASHED,
    RowState.TIMEOUT,
    RowState.OUT_OF_MEMORY,
    RowState.TAMPERED,
}
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def by_learner(rows: Iterable[Row]) -> dict[str, list[Row]]:
    """Return the rows of each learner."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row.learner, []).append(row)
    return found


def write_whole(file: Path, text: str) -> None:
    """Write a file; it is the old one or the new one at any moment."""
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_name(f".{file.name}.draft")
    draft.write_text(text, encoding="utf-8", newline="")
    draft.replace(file)


def cell(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def number(value: float) -> str:
    """Return a number as it is usually written."""
    return f"{value:g}"


def grades_csv(rows: Sequence[Row], exercises: Sequence[Exercise]) -> str:
    """Return a table: the points possible, and below them one line for each learner.

    For each exercise there are its points and how many of its tasks are done, and at the end the
    sum and what a person should look at. Points are left out where that person is to say them.
    """
    table = io.StringIO()
    writer = csv.writer(table, lineterminator="\r\n")
    names = [exercise.name for exercise in exercises]
    writer.writerow(["learner", *names, "total", *(f"{name} done" for name in names), "flags"])
    tasks = {(row.exercise, row.task): row.possible for row in rows}
    possible = {n: sum(p for (of, _), p in tasks.items() if of == n) for n in names}
    counts = {n: sum(of == n for of, _ in tasks) for n in names}
    writer.writerow(
        [
            "points possible",
            *(number(possible[n]) for n in names),
            number(sum(possible.values())),
            *(str(counts[n]) for n in names),
            "",
        ]
    )
    for learner, own in by_learner(rows).items():
        points = {n: _points([row for row in own if row.exercise == n]) for n in names}
        done = {n: sum(r.state == RowState.DONE for r in own if r.exercise == n) for n in names}
        writer.writerow(
            [
                cell(learner),
                *(points[n] for n in names),
                _points(own),
                *(str(done[n]) for n in names),
                cell("; ".join(flags_of(own))),
            ]
        )
    return table.getvalue()


def _points(rows: Sequence[Row]) -> str:
    return "" if is_open(rows) else number(sum(row.points for row in rows))


def flags_of(rows: Iterable[Row]) -> list[str]:
    """Return what a person should look at, each once."""
    states = (RowState.TAMPERED, RowState.NOT_JUDGED)
    of_states = [f"{row.state}: {row.sentence}" for row in rows if row.state in states]
    return list(dict.fromkeys([*of_states, *(flag for row in rows for flag in row.flags)]))


def junit_xml(rows: Sequence[Row]) -> str:
    """Return a JUnit report: a suite for each learner and exercise, a case for each task."""
    root = ElementTree.Element("testsuites", name="gradkata")
    suites: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        suites.setdefault((row.learner, row.exercise), []).append(row)
    for (learner, exercise), own in suites.items():
        failures = [row for row in own if row.state != RowState.DONE]
        errors = [row for row in failures if row.state in _ERRORS]
        skipped = [row for row in failures if row.state == RowState.NOT_JUDGED]
        suite = ElementTree.SubElement(
            root,
            "testsuite",
            name=f"{_xml(learner)} · {exercise}",
            tests=str(len(own)),
            failures=str(len(failures) - len(errors) - len(skipped)),
            errors=str(len(errors)),
            skipped=str(len(skipped)),
            time=f"{sum(row.seconds for row in own):.3f}",
        )
        for row in own:
            _case(suite, row)
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _case(suite: ElementTree.Element, row: Row) -> None:
    name = f"{_xml(row.learner)}.{row.exercise}"
    case = ElementTree.SubElement(
        suite, "testcase", classname=name, name=row.task, time=f"{row.seconds:.3f}"
    )
    if row.state == RowState.DONE:
        return
    kind = "error" if row.state in _ERRORS else "failure"
    if row.state == RowState.NOT_JUDGED:
        kind = "skipped"
    inner = ElementTree.SubElement(case, kind, message=_xml(f"{row.state}: {row.sentence}"))
    inner.text = _xml("\n".join(filter(None, [row.place, *row.lines])))


def _xml(text: str) -> str:
    """Return a text without what no parser of XML reads."""
    return "".join(c if _is_xml(ord(c)) else "�" for c in text)


def _is_xml(code: int) -> bool:
    in_plane = 0x20 <= code < 0xD800 or code >= 0xE000
    return code in (9, 10, 13) or (in_plane and code not in (0xFFFE, 0xFFFF))


def gradescope(rows: Sequence[Row], exercises: Sequence[Exercise]) -> dict[str, Any]:
    """Return one learner's results as Gradescope takes them."""
    tests = []
    for exercise in exercises:
        own = [row for row in rows if row.exercise == exercise.name]
        for number, row in enumerate(own, 1):
            lines = [row.sentence, *row.lines, row.place]
            tests.append(
                {
                    "name": f"{exercise.name} {row.task}",
                    "number": f"{exercise.number}.{number}",
                    **({} if is_open([row]) else _scored(row)),
                    "output": "\n".join(filter(None, lines)),
                    "tags": [str(row.state)],
                    "visibility": "visible",
                }
            )
    done = sum(row.state == RowState.DONE for row in rows)
    score = {} if is_open(rows) else {"score": sum(row.points for row in rows)}
    return score | {
        "execution_time": round(sum(row.seconds for row in rows), 3),
        "output": f"{done} of {len(rows)} tasks done",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "extra_data": {"flags": flags_of(rows)},
        "tests": tests,
    }


def _scored(row: Row) -> dict[str, Any]:
    status = "passed" if row.state == RowState.DONE else "failed"
    return {"score": row.points, "max_score": row.possible, "status": status}


def feedback(rows: Sequence[Row], exercises: Sequence[Exercise]) -> str:
    """Return what one learner reads: each task that is not done, what is wrong, and a hint."""
    done = sum(row.state == RowState.DONE for row in rows)
    page = ["# Your answers", "", f"{done} of {len(rows)} tasks are done."]
    for exercise in exercises:
        own = [row for row in rows if row.exercise == exercise.name]
        left = [row for row in own if row.state != RowState.DONE]
        page += ["", f"## {exercise.name}", ""]
        page.append(f"{len(own) - len(left)} of {len(own)} tasks are done.")
        sentences = {row.sentence for row in left}
        if len(left) == len(own) and len(sentences) == 1 and left[0].state != RowState.TO_DO:
            page += ["", f"{left[0].state}: {_plain(left[0].sentence)}", *_values(left[0])]
        else:
            for row in left:
                page += _on_task(row, exercise)
        if left:
            page += ["", f"Read on in `exercises/{exercise.name}/README.md`."]
    return "\n".join(page) + "\n"


def _on_task(row: Row, exercise: Exercise) -> list[str]:
    page = ["", f"### {row.task}", "", f"{row.state}: {_plain(row.sentence)}", *_values(row)]
    steps = exercise.hints(row.task)
    if steps:
        # The first points the way; who has written something is a step further. The last is
        # nearly the answer.
        started = row.state not in (RowState.TO_DO, RowState.MISSING)
        step = steps[min(int(started), max(0, len(steps) - 2))]
        page += ["", f"Hint: {step}"]
    return page


def _values(row: Row) -> list[str]:
    lines = list(filter(None, [row.place, *row.lines]))
    # A fence that is longer than any in it.
    fence = "`" * max(3, 1 + max((_backticks(line) for line in lines), default=0))
    return ["", f"{fence}text", *lines, fence] if lines else []


def _backticks(line: str) -> int:
    return max(map(len, "".join(c if c == "`" else " " for c in line).split()), default=0)


def _plain(text: str) -> str:
    """Return a text that Markdown shows as it is."""
    return "".join(f"\\{c}" if c in "\\`*_{}[]<>#|~" else c for c in text)


def write_all(folder: Path, rows: Sequence[Row], exercises: Sequence[Exercise]) -> None:
    """Write all tables of a run into its folder."""
    write_whole(folder / "grades.csv", "\ufeff" + grades_csv(rows, exercises))
    write_whole(folder / "junit.xml", junit_xml(rows))
    learners = by_learner(rows)
    names = file_names(learners)
    for learner, own in learners.items():
        result = json.dumps(gradescope(own, exercises), indent=1, ensure_ascii=False)
        write_whole(folder / "gradescope" / f"{names[learner]}.json", result + "\n")
        write_whole(folder / "feedback" / f"{names[learner]}.md", feedback(own, exercises))
    _remove_others(folder, names)


def _remove_others(folder: Path, names: Mapping[str, str]) -> None:
    """Remove what an earlier run with other learners has left."""
    for name, suffix in (("gradescope", ".json"), ("feedback", ".md")):
        kept = {f"{name}{suffix}" for name in names.values()}
        for file in (folder / name).glob(f"*{suffix}"):
            if file.name not in kept:
                os.unlink(file)
