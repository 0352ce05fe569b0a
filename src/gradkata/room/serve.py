"""Opens a room: a socket, the record, the addresses on the terminal, and the server."""

from __future__ import annotations

import contextlib
import ipaddress
import os
import socket
import sys
import threading
from pathlib import Path

from gradkata.display import reason_of
from gradkata.room.store import CannotOpen, Store


class CannotServe(Exception):
    """The room cannot be opened; the text says why."""


def listening(host: str, port: int) -> socket.socket:
    """Return a socket that listens.

    Raises:
        CannotServe: if the port is taken, or the host is none of this machine's.
    """
    try:
        family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        sock = socket.socket(family, socket.SOCK_STREAM)
        if os.name == "posix":  # elsewhere it would let two programs have one port
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind(address)
        sock.listen(2048)
    except OSError as error:
        why = f"{host}, port {port}: {reason_of(error)}"
        raise CannotServe(f"{why}; --port 8751, or another, may be free") from None
    except (OverflowError, UnicodeError):
        raise CannotServe(f"{host}, port {port}: no such address") from None
    return sock


def address_for_others(host: str) -> str:
    """Return the host by which other machines reach this one, as it stands in an address."""
    if _is_every(host):
        host = _own_address(socket.AF_INET6 if ":" in host else socket.AF_INET) or host
    return f"[{host}]" if ":" in host else host


def _own_address(family: socket.AddressFamily) -> str:
    # Nothing is sent: the system only says by which of its addresses it would be.
    somewhere = "2001:db8::1" if family == socket.AF_INET6 else "192.0.2.1"
    with contextlib.suppress(OSError), socket.socket(family, socket.SOCK_DGRAM) as probe:
        probe.connect((somewhere, 9))
        return str(probe.getsockname()[0])
    return ""


def _is_every(host: str) -> bool:
    return host in ("0.0.0.0", "::")


def _is_own(host: str) -> bool:
    with contextlib.suppress(ValueError):
        return ipaddress.ip_address(host).is_loopback
    return host == "localhost"


def opening(host: str, here: str, settings: dict[str, str]) -> list[str]:
    """Return what the teacher's terminal shows."""
    lines = [
        f"{settings['name']}: the room is open, until Ctrl-C",
        f"  learners type  kata join {here}/{settings['code']}",
        f"  for the wall   {here}/{settings['code']}",
        f"  your page      {here}/t/{settings['teacher']}   for you alone: it shows names",
    ]
    if _is_every(host):
        return [*lines, "every machine of the network reaches it, and nothing is encrypted"]
    if _is_own(host):
        return [*lines, "only this machine reaches it; --host 0.0.0.0 lets the network in"]
    return lines


def serve(root: Path, file: Path, *, host: str, port: int, name: str) -> None:
    """Serve a room until it is interrupted.

    Raises:
        CannotServe: if the port or the database cannot be had.
    """
    sock = listening(host, port)
    try:
        store = Store(file, name)
    except CannotOpen as reason:
        sock.close()
        raise CannotServe(str(reason)) from None
    import uvicorn

    from gradkata.room.application import Room, application
    from gradkata.room.pages import pages

    _allow_many_files()
    here = f"http://{address_for_others(host)}:{sock.getsockname()[1]}"
    room = Room(root, store, here)
    threading.Thread(target=room.read_sentences, daemon=True).start()
    app = application(room)
    app.include_router(pages)
    config = uvicorn.Config(
        app,
        log_level="critical",
        access_log=False,
        server_header=False,
        # Who asks is who is at the other end, whatever a header says.
        proxy_headers=False,
        lifespan="off",
        ws="none",
        timeout_keep_alive=15,
        timeout_graceful_shutdown=1,
    )
    for line in opening(host, here, store.settings):
        print(line, flush=True)  # noqa: T201
    with contextlib.suppress(KeyboardInterrupt):
        uvicorn.Server(config).run(sockets=[sock])
    store.close()
    print("the room is closed; the same command opens it again")  # noqa: T201


def _allow_many_files() -> None:
    """Let each learner have a connection; many systems give a program 256 or 1024 files."""
    if sys.platform != "win32":
        import resource

        _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        wanted = 8192 if most == resource.RLIM_INFINITY else min(8192, most)
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))
