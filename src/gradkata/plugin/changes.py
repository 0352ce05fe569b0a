"""Notice what a test has changed in all that judges it: the harness, and the tests' own files."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Generator, Sequence
from pathlib import Path
from typing import Any

from gradkata.course import progress
from gradkata.plugin.untouched import Untouched, harness


class Machinery:
    """All that judges the tests: our own modules, what is around them, and the tests' files."""

    def __init__(self, items: Sequence[Any]) -> None:
        self.harness = Untouched(harness())
        folders = {item.path.parent for item in items}
        self.tests = {f: TestFiles([i for i in items if i.path.parent == f]) for f in folders}

    def changes(self, folder: Path) -> Generator[list[str], None, None]:
        """Yield nothing and then, for each change in what judges, a phrase; it is put back."""
        tests = self.tests[folder]
        of_each = [self.harness.changes(), tests.modules.changes()]
        yield [phrase for changes in of_each for phrase in next(changes)]
        changed = [phrase for changes in of_each for phrase in next(changes)]
        yield [*changed, *tests.changes()]


class TestFiles:
    """The files of an exercise's tests as they were when they were read."""

    __test__ = False

    def __init__(self, items: Sequence[Any]) -> None:
        modules = {item.path: item.module for item in items}
        for path, module in list(modules.items()):
            shared = sys.modules.get(f"{module.__name__.rpartition('.')[0]}.shared")
            modules |= {path.with_name("shared.py"): shared} if shared else {}
        self.modules = Untouched({path.stem: module for path, module in modules.items()})
        self.read = {path: (_stamp(path), progress.digest(path)) for path in modules}

    def changes(self) -> list[str]:
        """Return a phrase for each file that is another; it may be somebody's work, and stays."""
        changed = []
        for path, (stamp, digest) in self.read.items():
            now = _stamp(path)
            if now != stamp:
                self.read[path] = now, progress.digest(path)
                changed += [f"{path.name} has been written to"] * (self.read[path][1] != digest)
        return changed


def _stamp(path: Path) -> tuple[int, ...]:
    with contextlib.suppress(OSError):
        found = path.stat()
        return found.st_mtime_ns, found.st_size, found.st_ino
    return ()
