"""Names of files that are safe on every system, and no two of which are one."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

_LONGEST = 80
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?$", re.I)  # of Windows


def file_names(names: Iterable[str]) -> dict[str, str]:
    """Return a file's name without a suffix for each name, in their order."""
    found: dict[str, str] = {}
    taken: set[str] = set()
    for name in names:
        safe = base = _safe(name)
        number = 1
        while safe.casefold() in taken:
            number += 1
            safe = f"{base}-{number}"
        taken.add(safe.casefold())
        found[name] = safe
    return found


def _safe(name: str) -> str:
    plain = unicodedata.normalize("NFC", name)
    kept = "".join(c if c.isalnum() or c in "-." else "_" for c in plain)
    kept = re.sub("_+", "_", kept).strip("._")
    while len(kept.encode()) > _LONGEST:
        kept = kept[:-1]
    kept = kept.rstrip("._") or "unnamed"
    return f"_{kept}" if _RESERVED.match(kept) else kept
