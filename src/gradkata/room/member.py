"""What a learner's machine knows of the room that it has joined: a file, and no more.

The learner's side of the room uses only the standard library.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import urlsplit

_FILE = ("room", "member.json")
_FIRST = """
amber bold brave bright calm clever cosy curious daring eager early fair gentle glad
golden happy honest humble jolly keen kind lively lucky merry mild modest nimble noble patient
plucky proud quick quiet rapid ready sharp silent silver smart spry steady still sunny swift warm
wise witty young
"""
_SECOND = """
adder badger beaver bison crane curlew deer dove eagle egret falcon ferret finch fox
gecko gull hare hawk heron ibis jay kestrel kite lark lemur lynx marten mole moose newt otter owl
panda plover puffin quail raven robin seal shrew snipe stork swan tapir tern toad vole wren
zebra
"""


class NoAddress(ValueError):
    """What was typed is no address of a room; its text says how one looks."""


@dataclass(frozen=True)
class Address:
    """Where a room is: `http://192.168.1.7:8750/7QK4`."""

    scheme: str
    host: str
    port: int
    code: str

    @classmethod
    def from_text(cls, text: str) -> Address:
        """Read an address as the teacher's terminal shows it.

        Raises:
            NoAddress: if it is none.
        """
        whole = text.strip() if "//" in text else f"http://{text.strip()}"
        try:
            parts = urlsplit(whole)
            port = parts.port or (443 if parts.scheme == "https" else 80)
        except ValueError:
            raise NoAddress(_no_address(text)) from None
        code = parts.path.strip("/")
        is_known = parts.scheme in ("http", "https") and code.isascii() and code.isalnum()
        if not (parts.hostname and is_known and parts.hostname.isascii()):
            raise NoAddress(_no_address(text))
        return cls(parts.scheme, parts.hostname, port, code.upper())


def _no_address(text: str) -> str:
    return f"'{text}' is no address of a room; one looks like http://192.168.1.7:8750/7QK4"


@dataclass(frozen=True)
class Member:
    """One who has joined.

    Args:
        address: the room's.
        name: by which the room knows them.
        secret: says to the room who reports; nobody else has it.
        room: what the room is called.
    """

    address: Address
    name: str
    secret: str
    room: str = ""


def two_words() -> str:
    """Return a name for one who gives none, such as `quiet otter`."""
    return f"{secrets.choice(_FIRST.split())} {secrets.choice(_SECOND.split())}"


def folder(root: Path) -> Path:
    """Return where a course keeps what belongs to its room."""
    return root / ".gradkata" / _FILE[0]


def read(root: Path) -> Member | None:
    """Return who has joined from this course; None if nobody has."""
    try:
        content = json.loads((folder(root) / _FILE[1]).read_text(encoding="utf-8"))
        address = Address(**content.pop("address"))
        return Member(address, **content)
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None


def write(root: Path, member: Member) -> None:
    """Keep who has joined, where others on this machine cannot read it."""
    target = folder(root) / _FILE[1]
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_suffix(f".{os.getpid()}")
    try:
        owner_alone = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with open(owner_alone, "w", encoding="utf-8") as file:
            json.dump(asdict(member), file, indent=1)
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)


def forget(root: Path) -> bool:
    """Leave, with all that was still to be sent; False if nobody had joined."""
    had_joined = (folder(root) / _FILE[1]).exists()
    (folder(root) / _FILE[1]).unlink(missing_ok=True)
    for kept in (folder(root) / "outbox").glob("*.json"):
        with contextlib.suppress(OSError):
            kept.unlink()
    return had_joined
