"""Hosts on one machine: each has a network, processes and a name of its own (Linux, as root)."""

from __future__ import annotations

import contextlib
import functools
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import psutil

NEEDED = "ip", "unshare", "hostname"
# The first process of a host starts its program again, as a service does; nobody on the host can
# end it, for its signals do not reach the first process.
FIRST = 'hostname "$0"; ip link set lo up; while :; do "$@"; sleep 0.2; done'


class Host:
    """A host that runs one program, and starts it again when it ends.

    Args:
        name: its own.
        address: its own, on the network that the hosts share.
        temporary: its folder for what is temporary: processes have the numbers of the host.
    """

    def __init__(self, name: str, address: str, temporary: Path) -> None:
        self.name = name
        self.address = address
        self.temporary = temporary
        self.log = temporary.with_suffix(".log")
        self.process: subprocess.Popen[bytes] | None = None

    def run(self, command: Sequence[str], **variables: str) -> None:
        """Start the program."""
        alone = ["unshare", "--pid", "--fork", "--kill-child", "--mount-proc", "--uts"]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                ["ip", "netns", "exec", self.name, *alone, "sh", "-c", FIRST, self.name, *command],
                cwd=self.temporary,
                env=os.environ | variables | {"TMPDIR": str(self.temporary)},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    def processes(self) -> list[list[str]]:
        """Return the commands that run there, but its first process and what is ending."""
        commands: list[list[str]] = []
        assert self.process is not None
        with contextlib.suppress(psutil.NoSuchProcess):
            for process in psutil.Process(self.process.pid).children(recursive=True):
                with contextlib.suppress(psutil.NoSuchProcess):
                    commands.append(process.cmdline())
        return [command for command in commands if command and command[:2] != ["sh", "-c"]]

    def fall(self) -> None:
        """End everything that runs there at once, as a cut of its power does."""
        if self.process is not None:
            with contextlib.suppress(psutil.NoSuchProcess):
                for process in psutil.Process(self.process.pid).children():
                    process.kill()
            self.process.kill()
            self.process.wait()


def _ip(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["ip", *arguments], capture_output=True, text=True, check=False)


@functools.cache
def why_not() -> str:
    """Return why there can be no hosts here; empty if there can."""
    if sys.platform != "linux":
        return "only Linux has network namespaces"
    if lacking := [name for name in NEEDED if shutil.which(name) is None]:
        return f"{lacking[0]} is not installed"
    try:
        with network(["trial"], Path("/nonexistent")):
            return ""
    except OSError as error:
        return f"no network of hosts can be made here: {error}"


@contextlib.contextmanager
def network(names: Sequence[str], top: Path) -> Iterator[tuple[str, list[Host]]]:
    """Join hosts to a bridge of this machine, and give its address and the hosts.

    All is removed afterwards, whatever happens.

    Args:
        names: of the hosts.
        top: where each gets a folder.

    Raises:
        OSError: if that is not allowed.
    """
    own = os.getpid() % 60_000
    bridge, net = f"gk{own}b", f"10.213.{own % 250}"

    def demand(*arguments: str) -> None:
        done = _ip(*arguments)
        if done.returncode:
            said = done.stderr.strip() or str(done.returncode)
            raise OSError(f"ip {' '.join(arguments)}: {said}")

    with contextlib.ExitStack() as ends:
        ends.callback(_ip, "link", "del", bridge)
        demand("link", "add", bridge, "type", "bridge")
        demand("addr", "add", f"{net}.1/24", "dev", bridge)
        demand("link", "set", bridge, "up")
        hosts = []
        for number, name in enumerate(names):
            host = Host(f"gk{own}-{name}", f"{net}.{number + 2}", top / name)
            cable = f"gk{own}v{number}"
            ends.callback(_ip, "netns", "del", host.name)
            demand("netns", "add", host.name)
            ends.callback(_ip, "link", "del", cable)
            demand("link", "add", cable, "type", "veth", "peer", "name", "eth0", "netns", host.name)
            demand("link", "set", cable, "master", bridge, "up")
            demand("-n", host.name, "addr", "add", f"{host.address}/24", "dev", "eth0")
            demand("-n", host.name, "link", "set", "eth0", "up")
            ends.callback(host.fall)
            hosts.append(host)
        yield f"{net}.1", hosts


def wait_for(what: Callable[[], object], *, within: float = 100.0) -> None:
    """Wait until something holds."""
    end = time.monotonic() + within
    while not what():
        assert time.monotonic() < end, "it does not come to hold"
        time.sleep(0.1)
