"""On which torch, Python and system the course was last seen to judge every kept answer rightly.

`python -m gradkata.seen` adds the torch and the Python that run it; the sessions that judge the
course on a version do so after all has passed. Nothing else writes `seen.json`.
"""

from __future__ import annotations

import datetime
import json
import platform
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

FILE = Path(__file__).with_name("seen.json")


@dataclass(frozen=True)
class Seen:
    """One combination that passed: versions as `2.9.1` and `3.12`, the day as `2026-11-29`."""

    torch: str
    python: str
    system: str
    on: str

    def is_like(self, other: Seen) -> bool:
        """Tell whether both are the same but for the day."""
        return (self.torch, self.python, self.system) == (other.torch, other.python, other.system)


def read() -> list[Seen]:
    """Return every combination, from the lowest torch to the highest."""
    return [Seen(**entry) for entry in json.loads(FILE.read_text(encoding="utf-8"))]


def here() -> Seen:
    """Return the combination that this process runs on, today."""
    import torch

    return Seen(
        torch=str(torch.__version__).partition("+")[0],
        python=f"{sys.version_info.major}.{sys.version_info.minor}",
        system=platform.system(),
        on=datetime.date.today().isoformat(),
    )


def record(found: Seen) -> None:
    """Write a combination down, in place of an earlier day's."""
    entries = [*(entry for entry in read() if not entry.is_like(found)), found]
    entries.sort(key=lambda entry: (numbers(entry.torch), numbers(entry.python), entry.system))
    lines = ",\n".join(f" {json.dumps(asdict(entry))}" for entry in entries)
    FILE.write_text(f"[\n{lines}\n]\n", encoding="utf-8")


def numbers(version: str) -> tuple[int, ...]:
    """Return what sorts `2.9.1` before `2.10.0`; what is no number counts as 0."""
    return tuple(int(part) if part.isdigit() else 0 for part in version.split("."))


def distinct(versions: list[str]) -> list[str]:
    """Return each version once, from the lowest to the highest."""
    return sorted(set(versions), key=numbers)


def summary(entries: list[Seen]) -> str:
    """Say in one line on what the course was seen to pass."""
    torchs = ", ".join(distinct([entry.torch for entry in entries]))
    pythons = ", ".join(distinct([entry.python for entry in entries]))
    systems = ", ".join(sorted({entry.system for entry in entries}))
    return f"torch {torchs}; Python {pythons}; {systems}"


if __name__ == "__main__":
    record(here())
