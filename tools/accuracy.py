"""Write into docs/accuracy.md how many answers are kept, and how many wrong ones are named.

A wrong answer declares words that its verdict must contain. It counts as named if one of them says
more than that something differs, or which error came up. Run it after answers were added.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests")]

from kept_answers import COURSE, KeptAnswer, kept  # type: ignore[import-not-found]  # noqa: E402

PAGE = ROOT / "docs" / "accuracy.md"
BEGIN, END = "<!-- kept answers -->\n", "<!-- end of kept answers -->\n"

# What a verdict says where it knows no more than the symptom.
SYMPTOM = re.compile(
    r"elements? differ|it differs|^yours\b|^torch\b|^'?\w*(Error|Warning)\b(?! is due)|does not end"
)


def is_named(answer: KeptAnswer) -> bool:
    """Tell whether the words that a wrong answer declares tell more than a symptom."""
    return any(not SYMPTOM.search(words) for words in answer.says)


def table() -> str:
    """Return the table of the answers that are kept, as Markdown."""
    wrong, right = kept("wrong_answers"), kept("right_answers")
    lines = [
        "| exercise | tasks | right answers | wrong answers | of these named |",
        "| --- | --- | --- | --- | --- |",
    ]
    every = [(exercise.name, len(exercise.tasks), exercise) for exercise in COURSE]
    every.append(("all", sum(tasks for _, tasks, _ in every), None))
    for name, tasks, exercise in every:
        mine = [a for a in wrong if exercise in (None, a.exercise)]
        good = sum(exercise in (None, a.exercise) for a in right)
        share = sum(map(is_named, mine)) / len(mine)
        lines.append(f"| {name} | {tasks} | {good} | {len(mine)} | {share:.0%} |")
    return "\n".join(lines) + "\n"


def written(page: str) -> str:
    """Return the page with the table as it is now."""
    before, _, rest = page.partition(BEGIN)
    return before + BEGIN + "\n" + table() + "\n" + END + rest.partition(END)[2]


def main() -> None:
    """Write the table, and print it."""
    PAGE.write_text(written(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    sys.stdout.write(table())


if __name__ == "__main__":
    main()
