"""A page for whoever teaches: who has done what, and what the room has not understood."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from importlib.resources import files

from gradkata.grading.outputs import by_learner, flags_of, number
from gradkata.grading.rows import Row, RowState
from gradkata.grading.similar import Alike

_SIGNS = {RowState.DONE: "✓", RowState.WRONG: "✗", RowState.TO_DO: "·", RowState.MISSING: ""}
_MOST_MISTAKES = 20


def page(rows: Sequence[Row], alike: Sequence[Alike], *, title: str, sandbox: bool) -> str:
    """Return the page: one file that needs no network.

    Args:
        rows: one for each learner, exercise and task, in this order.
        alike: learners who share an answer.
        title: of the page.
        sandbox: whether answers were judged in one.
    """
    import jinja2

    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True
    )
    environment.filters["number"] = number
    template = environment.from_string(
        files("gradkata.grading").joinpath("report.html").read_text(encoding="utf-8")
    )
    learners = by_learner(rows)
    tasks = list(dict.fromkeys((row.exercise, row.task) for row in rows))
    states = Counter(row.state for row in rows)
    flagged = [(learner, flags_of(own)) for learner, own in learners.items()]
    return template.render(
        title=title,
        rows=rows,
        learners=learners,
        aliases={learner: f"learner {n}" for n, learner in enumerate(learners, 1)},
        tasks=tasks,
        first={task for _, task in {of: (of, task) for of, task in reversed(tasks)}.values()},
        counted=" · ".join(f"{states[state]} {state}" for state in RowState if states[state]),
        seconds=sum(row.seconds for row in rows),
        sandbox=sandbox,
        signs={state: _SIGNS.get(state, "!") for state in RowState},
        hardest=hardest(rows),
        mistakes=mistakes(rows)[:_MOST_MISTAKES],
        flags=[(learner, lines) for learner, lines in flagged if lines],
        alike=alike,
    )


def hardest(rows: Sequence[Row]) -> list[tuple[str, float, int]]:
    """Return each task with the share of learners who have done it and of how many, least first."""
    found: dict[tuple[str, str], list[bool]] = {}
    for row in rows:
        found.setdefault((row.exercise, row.task), []).append(row.state == RowState.DONE)
    shares = [(f"{e} {t}", sum(done) / len(done), len(done)) for (e, t), done in found.items()]
    return sorted(shares, key=lambda share: share[1])


def mistakes(rows: Sequence[Row]) -> list[tuple[str, int]]:
    """Return the mistakes that were named, with how many learners made each, most first."""
    made = {(row.task, row.mistake, row.learner) for row in rows if row.mistake}
    counted = Counter(f"{task}: {mistake}" for task, mistake, _ in made)
    return sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))
