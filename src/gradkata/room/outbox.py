"""Reports that are still to be sent: a small file each, so that two programs share them."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

# A day's work fits; then the oldest give way.
MOST = 200


class Outbox:
    """The reports of a course that no room has acknowledged.

    Args:
        folder: where they lie; it need not be there.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def add(self, report: dict[str, Any]) -> None:
        """Keep a report, and give up the oldest where there are too many."""
        self.folder.mkdir(parents=True, exist_ok=True)
        # The names sort by time.
        target = self.folder / f"{int(report['at'] * 1000):015}-{report['id'][:8]}.json"
        draft = target.with_suffix(f".{os.getpid()}")
        try:
            draft.write_text(json.dumps(report), encoding="utf-8")
            draft.replace(target)
        finally:
            draft.unlink(missing_ok=True)
        for file in self._files()[:-MOST]:
            self.drop(file)

    def _files(self) -> list[Path]:
        return sorted(self.folder.glob("*.json"))

    def __iter__(self) -> Iterator[tuple[Path, dict[str, Any]]]:
        """Yield the reports that are kept, the oldest first, and where each lies."""
        for file in self._files():
            try:
                report = json.loads(file.read_text(encoding="utf-8"))
            except FileNotFoundError:
                continue  # another program has sent it
            except (OSError, ValueError):
                self.drop(file)
                continue
            if isinstance(report, dict):
                yield file, report

    def drop(self, file: Path) -> None:
        """Forget a report."""
        with contextlib.suppress(OSError):
            file.unlink()
