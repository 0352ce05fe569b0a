"""Which tasks a search finds."""

from __future__ import annotations

from collections.abc import Iterable


def matching(search: str, about: str, tasks: Iterable[str]) -> list[str]:
    """Return the tasks in which, or in what is said of their exercise, each word stands."""
    words = search.lower().split()
    return [t for t in tasks if all(word in f"{about} {t}".lower() for word in words)]
