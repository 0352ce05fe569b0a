"""The chart of a workshop: how the room moved through the tasks. It names nobody."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime
from statistics import median
from typing import TYPE_CHECKING

from gradkata.environment import quiet_matplotlib
from gradkata.results import State
from gradkata.room.jobs import Report
from gradkata.room.standing import Tasks

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_MOMENTS = 60
_Key = tuple[str, str]
# When each learner had done a task, and when no longer, in turn.
_Turns = dict[int, dict[_Key, list[float]]]


def chart(name: str, reports: Sequence[Report], tasks: Tasks) -> str:
    """Return an SVG: above, how many tasks each learner had done; below, each task's share.

    Args:
        name: of the room.
        reports: at least one, in the order in which they came.
        tasks: of the course, by exercise.
    """
    quiet_matplotlib()
    import matplotlib
    from matplotlib.figure import Figure

    turns = _turns(reports)
    first, last = min(r.at for r in reports), max(r.at for r in reports)
    step = max(last - first, 60.0) / (_MOMENTS - 1)
    moments = [first + step * n for n in range(_MOMENTS)]
    met = {(report.exercise, said.task) for report in reports for said in report.tasks}
    keys = [(e, task) for e, of in tasks.items() for task in of if (e, task) in met]
    with matplotlib.rc_context({"svg.hashsalt": "gradkata", "svg.fonttype": "none"}):
        figure = Figure(figsize=(10, 4 + 0.16 * len(keys)), layout="constrained")
        above, below = figure.subplots(2, 1, height_ratios=[3, 1 + 0.16 * len(keys)], sharex=True)
        begun = datetime.fromtimestamp(first).strftime("%d %B %Y, %H:%M")
        above.set_title(f"{name} · {begun} · {len(turns)} learners", parse_math=False)
        minutes = [(moment - first) / 60 for moment in moments]
        _draw_learners(above, turns, moments, minutes)
        _draw_tasks(below, turns, keys, moments, minutes)
        file = io.StringIO()
        figure.savefig(file, format="svg", metadata={"Date": None})
    return file.getvalue()


def _turns(reports: Sequence[Report]) -> _Turns:
    turns: _Turns = {}
    for report in sorted(reports, key=lambda report: report.at):
        own = turns.setdefault(report.learner, {})
        for said in report.tasks:
            times = own.setdefault((report.exercise, said.task), [])
            if (said.state == State.DONE) != (len(times) % 2 == 1):
                times.append(report.at)
    return turns


def _is_done(times: Sequence[float], moment: float) -> bool:
    return sum(time <= moment for time in times) % 2 == 1


def _draw_learners(
    axes: Axes, turns: _Turns, moments: Sequence[float], minutes: Sequence[float]
) -> None:
    lines = [
        [sum(_is_done(times, moment) for times in own.values()) for moment in moments]
        for own in turns.values()
    ]
    for line in lines:
        axes.step(minutes, line, where="post", color="tab:green", alpha=0.25, linewidth=1)
    middle = [median(counts) for counts in zip(*lines, strict=True)]
    axes.step(minutes, middle, where="post", color="tab:green", linewidth=2.5, label="median")
    axes.set_ylabel("tasks done by a learner")
    axes.legend(loc="upper left", frameon=False)


def _draw_tasks(
    axes: Axes,
    turns: _Turns,
    keys: Sequence[_Key],
    moments: Sequence[float],
    minutes: Sequence[float],
) -> None:
    def share(key: _Key, moment: float) -> float:
        return sum(_is_done(own.get(key, ()), moment) for own in turns.values()) / len(turns)

    shares = [[share(key, moment) for moment in moments] for key in keys]
    rows = range(len(keys))
    drawn = axes.pcolormesh(minutes, rows, shares, cmap="Greens", vmin=0, vmax=1, shading="nearest")
    axes.set_yticks(rows, [task for _, task in keys], fontsize=7, parse_math=False)
    axes.invert_yaxis()
    for row in rows[1:]:
        if keys[row][0] != keys[row - 1][0]:
            axes.axhline(row - 0.5, color="black", linewidth=0.6)
    axes.set_xlabel("minutes")
    assert axes.figure is not None
    axes.figure.colorbar(drawn, ax=axes, label="share of learners who had done it")
