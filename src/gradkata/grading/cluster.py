"""Judge on a Dask cluster that exists: the same units, by whichever machine is free.

A worker judges by the course that its own gradkata lies in, in a sandbox of its own; one whose
tests, harness or torch are others than those of whoever grades is refused by name. What it has
started for a run ends with that run, or when it has heard nothing of it for a while.
"""

from __future__ import annotations

import asyncio
import contextlib
import importlib
import importlib.util
import socket
import threading
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field
from typing import Any

from gradkata.errors import said_by
from gradkata.grading import servers

NEEDED = "distributed"
_PATIENCE = 20.0  # seconds that workers have to end what they have started
_MOST_NAMED = 3  # machines in a sentence
ALONE = (
    "no worker is left at {0}: the rest is judged when one comes (dask worker {0}); "
    "Ctrl-C keeps what was judged"
)
_LOST = "the connection to the scheduler was lost"
_LOOK = 5.0  # seconds between two looks at whether there is a worker
_SILENCE = 30.0  # seconds without a unit, after which a worker takes whoever grades to be gone

Judge = Callable[[dict[str, Any]], dict[str, Any]]


class CannotReach(Exception):
    """There is no cluster at an address; its text is the whole message."""


@dataclass(eq=False)
class _Sent:
    """A unit: who waits for it, which machines cannot judge it, and whether it lost workers."""

    judge: Judge
    unit: dict[str, Any]
    here: Future[dict[str, Any]] = field(default_factory=Future)
    refused: dict[str, str] = field(default_factory=dict)
    alone: bool = False


class _Units(Executor):
    """Hands units to a cluster; one that is lost for good is told as data.

    Of the units that are lost with their workers nobody knows which has ended them, so each is
    judged once more, when no other is at work: what ends its worker again takes nobody with it.

    Args:
        client: of the cluster.
        killed: what it raises for a unit of which too many workers were lost.
        told: is called with a sentence on each machine that cannot judge.
    """

    def __init__(self, client: Any, killed: type[Exception], told: Callable[[str], None]) -> None:
        self.client = client
        self.killed = killed
        self.told = told
        self.run = uuid.uuid4().hex
        self._stopped = False
        self._lost = False
        self._named: set[str] = set()
        self._lock = threading.RLock()
        self._later: list[_Sent] = []
        self._at_work: dict[Any, _Sent] = {}

    def submit(  # type: ignore[override]
        self, judge: Judge, unit: dict[str, Any]
    ) -> Future[dict[str, Any]]:
        """Have a unit judged, by another worker where its own was lost or cannot judge."""
        sent = _Sent(judge, unit | {"run": self.run})
        with self._lock:
            self._later.append(sent)
            self._go_on()
        return sent.here

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: ARG002
        """Take back what nobody has begun."""
        if cancel_futures:
            self._stopped = True
            self.client.cancel(list(self._at_work), force=True)

    def _go_on(self) -> None:
        """Send what may be sent now."""
        if self._lost:
            while self._later:
                self._later.pop().here.set_result({"failed": _LOST})
        if any(sent.alone for sent in self._at_work.values()):
            return
        ready = [sent for sent in self._later if not sent.alone]
        if not ready and not self._at_work:
            ready = self._later[:1]
        for sent in ready:
            self._later.remove(sent)
            self._send(sent)

    def _send(self, sent: _Sent, **where: Any) -> None:
        asked = sent.judge, sent.unit
        there = self.client.submit(_judge_there, *asked, pure=False, retries=1, **where)
        self._at_work[there] = sent
        there.add_done_callback(self._ended)

    def _ended(self, there: Any) -> None:
        """Tell who waits what came of a unit, or send it once more."""
        with self._lock:
            sent = self._at_work.pop(there)
            try:
                result = self._result_of(there, sent)
            except Exception as error:  # the connection was lost meanwhile
                result = {"failed": f"nothing has come back from the cluster: {said_by(error)}"}
            if result is not None:
                with contextlib.suppress(Exception):  # nobody waits any more
                    sent.here.set_result(result)
            if not self._stopped:
                self._go_on()

    def _result_of(self, there: Any, sent: _Sent) -> dict[str, Any] | None:
        """Return what came of a unit, None if it is sent once more."""
        if self._stopped:
            return {"failed": "the run was stopped"}
        if there.status == "cancelled":
            self._lost = True
            return {"failed": _LOST}
        if there.status == "finished":
            result: dict[str, Any] = there.result()
            return result if "failed" not in result else self._elsewhere(sent, result)
        error = there.exception()
        if isinstance(error, self.killed) and not sent.alone:
            sent.alone = True
            self._later.append(sent)
            return None
        return {"failed": f"no worker of the cluster has judged it: {said_by(error)}"}

    def _elsewhere(self, sent: _Sent, result: dict[str, Any]) -> dict[str, Any] | None:
        """Send a unit to the machines that have not refused it; if all have, say why."""
        sentence = f"{result['host']}: {result['failed']}"
        if sentence not in self._named:
            self._named.add(sentence)
            self.told(sentence)
        sent.refused[_machine_of(result["worker"])] = sentence
        others = {_machine_of(worker) for worker in self.client.nthreads()} - set(sent.refused)
        if others:
            # By machine, for a worker that is started again has another port.
            self._send(sent, workers=sorted(others))
            return None
        told = dict.fromkeys(sent.refused.values())
        return {"failed": "; ".join(list(told)[:_MOST_NAMED])}


def _machine_of(worker: str) -> str:
    host: str = importlib.import_module(f"{NEEDED}.comm").get_address_host(worker)
    return host


def _judge_there(judge: Judge, unit: dict[str, Any]) -> dict[str, Any]:
    """Judge a unit on a worker; if it cannot, say where that was."""
    try:
        result = judge(unit)
    finally:
        _wait_for_more(unit["run"])
    if "failed" in result:
        worker = importlib.import_module(NEEDED).get_worker().address
        result |= {"host": socket.gethostname(), "worker": worker}
    return result


_WAITING: dict[str, threading.Timer] = {}
_LOCK = threading.Lock()


def _wait_for_more(run: str) -> None:
    """End on a worker what stands ready for a run, if no unit of it comes for a while."""
    with _LOCK:
        if run in _WAITING:
            _WAITING[run].cancel()
        timer = _WAITING[run] = threading.Timer(_SILENCE, servers.end_unused, [run])
        timer.daemon = True
        timer.start()


async def _end_there(run: str) -> None:
    """End on a worker what it has started for a run, while it goes on to answer."""
    await asyncio.to_thread(servers.end_run, run)


def _end_everywhere(client: Any, run: str) -> None:
    """Have each worker end what it has started for a run; one that does not answer is left."""

    def ask() -> None:
        with contextlib.suppress(Exception):
            client.run(_end_there, run, on_error="ignore")

    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    asking.join(_PATIENCE)


@contextlib.contextmanager
def _telling_when_alone(client: Any, address: str, told: Callable[[str], None]) -> Iterator[None]:
    """Tell meanwhile when the last worker is gone: what is left is judged by the next."""
    over = threading.Event()

    def look() -> None:
        there = True
        while not over.wait(_LOOK):
            was_there = there
            try:
                there = bool(client.nthreads())
            except Exception:  # the units tell that the connection was lost
                return
            if was_there and not there:
                told(ALONE.format(address))

    looking = threading.Thread(target=look, daemon=True)
    looking.start()
    try:
        yield
    finally:
        over.set()
        looking.join(_LOOK)


@contextlib.contextmanager
def executor_on(address: str, told: Callable[[str], None]) -> Iterator[Executor]:
    """Give what judges on the cluster of the scheduler at an address.

    Args:
        address: of the scheduler.
        told: is called with a sentence on each machine that cannot judge, and when none is left.

    Raises:
        CannotReach: if no scheduler answers there.
    """
    if importlib.util.find_spec(NEEDED) is None:
        raise CannotReach(
            "--scheduler needs distributed: python -m pip install 'gradkata[workshop]'"
        )
    distributed: Any = importlib.import_module(NEEDED)
    try:
        client = distributed.Client(address, timeout="20s", set_as_default=False)
    except (OSError, ValueError) as error:
        raise CannotReach(f"no scheduler at {address}: {said_by(error)}") from None
    try:
        if not client.scheduler_info()["workers"]:
            raise CannotReach(f"the scheduler at {address} has no workers: dask worker {address}")
        units = _Units(client, distributed.KilledWorker, told)
        try:
            with _telling_when_alone(client, address, told):
                yield units
        finally:
            _end_everywhere(client, units.run)
    finally:
        client.close()
