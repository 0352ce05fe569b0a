"""Make up a cohort of which each row is known beforehand, grade it, and compare.

Of its answers some are ours, some are stubs, some are kept right and wrong answers, and some are
hostile. It prints how long grading took beside the tests' own time, and each row that is another
than it should be.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests")]

import hostile_answers  # type: ignore[import-not-found]  # noqa: E402
from kept_answers import kept, write  # type: ignore[import-not-found]  # noqa: E402

from gradkata.course import Exercise, find_exercise, stubs  # noqa: E402
from gradkata.judging.runner import cores  # noqa: E402

KATA = [sys.executable, "-c", "from gradkata.cli import main; main()"]
# Of each hundred answers; the rest are kept wrong ones.
OURS, STUBS, RIGHT, HOSTILE = 24, 16, 12, 12
LIMITS = ["--limit-seconds", "8", "--limit-memory", "1"]


@dataclass(frozen=True)
class Known:
    """An answer, and what is to come of it.

    Args:
        kind: what it is.
        text: of the file.
        state: of each task that is not named in `states`.
        states: of others.
        words: that each phrase of a task's row must hold, by task.
    """

    kind: str
    text: str
    state: str = "done"
    states: dict[str, str] = field(default_factory=dict)
    words: dict[str, list[str]] = field(default_factory=dict)


def main() -> None:
    """Make the cohort, grade it, and say how it went."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("count", type=int, help="submissions, divided among the exercises")
    parser.add_argument("exercises", nargs="*", default=["01", "03"], help="default: 01 03")
    parser.add_argument("--to", type=Path, help="keep the cohort and its grades in this folder")
    parser.add_argument("--jobs", type=int, default=0, help="as for kata grade")
    parser.add_argument("--without-hostile", action="store_true", help="nobody means harm")
    asked = parser.parse_args()
    exercises = [find_exercise(ROOT, name) for name in asked.exercises]
    with tempfile.TemporaryDirectory() as temporary:
        top = asked.to or Path(temporary)
        known = make(top, exercises, asked.count, hostile=not asked.without_hostile)
        wall = _graded(top, exercises, asked.jobs)
        lines = (top / "grades" / "results.jsonl").read_text(encoding="utf-8").splitlines()[1:]
        found = {(r["learner"], r["exercise"]): r for r in map(json.loads, lines)}
    amiss = [*_amiss(known, found, exercises)]
    _say(*amiss)
    own = sum(row["seconds"] for line in found.values() for row in line["rows"])
    at_a_time = asked.jobs or cores()
    distinct = len({text.text for text in known.values()})
    _say(
        f"{len(known)} submissions, {distinct} distinct, {len(amiss)} rows amiss",
        f"their tests' own time {own:.1f} s, {at_a_time} at a time {own / at_a_time:.1f} s",
        f"wall time {wall:.1f} s",
        f"ratio {wall / (own / at_a_time):.2f}",
    )
    sys.exit(bool(amiss))


def make(
    top: Path, exercises: Sequence[Exercise], count: int, *, hostile: bool = True
) -> dict[tuple[str, str], Known]:
    """Write a cohort into the folder `cohort`, and return what each learner has handed in."""
    chance = random.Random(0)
    found = {}
    for exercise in exercises:
        share = count // len(exercises) + (exercise == exercises[0]) * (count % len(exercises))
        answers = _pile(exercise, share, hostile=hostile, part=exercises.index(exercise))
        chance.shuffle(answers)
        for number, answer in enumerate(answers):
            name = f"learner-{number:03}"
            file = top / "cohort" / name / exercise.name / f"{exercise.topic}.py"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(answer.text, encoding="utf-8")
            found[name, exercise.name] = answer
    return found


def _pile(exercise: Exercise, count: int, *, hostile: bool, part: int) -> list[Known]:
    ours = exercise.solution.read_text(encoding="utf-8")
    bad = list(_hostile(exercise, ours)) if hostile else []
    # Another exercise of the cohort begins with other kinds.
    bad = [*bad[len(bad) // 2 :], *bad] if part % 2 else bad
    bad = bad[: round(count * HOSTILE / 100)]
    right, wrong = (list(_kept(exercise, kind)) for kind in ("right_answers", "wrong_answers"))
    pile = [Known("ours", ours)] * max(1, count * OURS // 100)
    pile += [Known("stub", stubs.derive(ours), "to do")] * (count * STUBS // 100)
    pile += _repeated(right, count * RIGHT // 100) + bad
    return pile[:count] + _repeated(wrong, max(0, count - len(pile)))


def _repeated(answers: Sequence[Known], count: int) -> list[Known]:
    return [answers[n % len(answers)] for n in range(count)]


def _hostile(exercise: Exercise, ours: str) -> Iterator[Known]:
    tasks = exercise.tasks
    for number, (kind, bad) in enumerate(hostile_answers.BODIES.items()):
        task = tasks[number % len(tasks)]
        text = hostile_answers.with_body(ours, task, bad.code)
        yield Known(kind, text, states={task: bad.state}, words={task: [bad.words]})
    for kind, bad in hostile_answers.FILES.items():
        text = hostile_answers.with_start(ours, bad.code)
        words = {task: [bad.words] for task in tasks}
        yield Known(kind, text, bad.state, words=words)


def _kept(exercise: Exercise, kind: str) -> Iterator[Known]:
    for answer in kept(kind):
        if answer.exercise != exercise:
            continue
        with tempfile.TemporaryDirectory() as folder:
            write([answer], Path(folder))
            text = exercise.answer_in(Path(folder)).read_text(encoding="utf-8")
        states = {answer.task: "wrong"} if answer.says else {}
        # Of the others, those beside it may rest on it.
        yield Known(answer.id, text, states=states, words={answer.task: answer.says})


def _graded(top: Path, exercises: Sequence[Exercise], jobs: int) -> float:
    """Grade the cohort, and return the seconds that it took."""
    numbers = [exercise.number for exercise in exercises]
    started = time.monotonic()
    to = ["--to", str(top / "grades"), "--jobs", str(jobs), *LIMITS]
    command = [*KATA, "grade", str(top / "cohort"), *numbers, *to]
    done = subprocess.run(command, cwd=ROOT, check=False)
    if done.returncode > 1:
        sys.exit(done.returncode)
    return time.monotonic() - started


def _amiss(
    known: dict[tuple[str, str], Known],
    found: dict[tuple[str, str], dict[str, Any]],
    exercises: Sequence[Exercise],
) -> Iterator[str]:
    """Say of each row that is another than it should be what it is, and what it should be."""
    for (learner, name), answer in known.items():
        exercise = next(e for e in exercises if e.name == name)
        rows = {row["task"]: row for row in found.get((learner, name), {"rows": []})["rows"]}
        for task in exercise.tasks:
            state = answer.states.get(task, answer.state)
            where = f"{learner} {name} {task} ({answer.kind})"
            if task not in rows:
                yield f"{where}: no row"
                continue
            row = rows[task]
            said = "\n".join([row["sentence"], *row["lines"], row["mistake"]])
            if row["state"] != state:
                yield f"{where}: {row['state']}, not {state}: {row['sentence']}"
            elif state not in ("done", "to do"):
                missed = [words for words in answer.words.get(task, []) if words not in said]
                yield from (f"{where}: does not say {words!r}: {said}" for words in missed)


def _say(*lines: str) -> None:
    sys.stdout.write("".join(f"{line}\n" for line in lines))


if __name__ == "__main__":
    main()
