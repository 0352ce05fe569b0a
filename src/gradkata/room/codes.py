"""The codes of a room, and what is kept of a secret."""

from __future__ import annotations

import hashlib
import secrets

# None is taken for another when it is read from a wall: no 0 O 1 I L.
_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


def new_code(length: int) -> str:
    """Return a code of so many letters and digits, to be typed."""
    return "".join(secrets.choice(_LETTERS) for _ in range(length))


def new_secret() -> str:
    """Return a secret that cannot be guessed."""
    return secrets.token_urlsafe(24)


def digest(secret: str) -> str:
    """Return what is kept of a secret; it is random, so that one round of a hash is enough."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def is_same(one: str, other: str) -> bool:
    """Tell whether two codes are one, in a time that says nothing of them."""
    return secrets.compare_digest(digest(one), digest(other))
