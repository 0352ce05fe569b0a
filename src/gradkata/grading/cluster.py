"""Judge on a Dask cluster that exists: the same units, by whichever machine is free.

A worker judges by the course that its own gradkata lies in, in a sandbox of its own; one whose
tests, harness or torch are others than those of whoever grades is refused by name.
"""

from __future__ import annotations

import contextlib
import importlib
import importlib.util
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from typing import Any

from gradkata.errors import said_by

NEEDED = "distributed"


class CannotReach(Exception):
    """There is no cluster at an address; its text is the whole message."""


class _Units(Executor):
    """Hands units to a cluster; one that is lost for good is told as data."""

    def __init__(self, client: Any) -> None:
        self.client = client
        self.futures: list[Any] = []

    def submit(  # type: ignore[override]
        self, judge: Callable[[dict[str, Any]], dict[str, Any]], unit: dict[str, Any]
    ) -> Future[dict[str, Any]]:
        """Have a unit judged; it is sent again, to another worker, where its own was lost once."""
        there: Any = self.client.submit(judge, unit, pure=False, retries=1)
        here: Future[dict[str, Any]] = Future()
        self.futures.append(there)

        def tell(ended: Any) -> None:
            with contextlib.suppress(Exception):  # nobody waits any more
                here.set_result(_result_of(ended))

        there.add_done_callback(tell)
        return here

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: ARG002
        """Take back what nobody has begun."""
        if cancel_futures:
            self.client.cancel(self.futures, force=True)


def _result_of(ended: Any) -> dict[str, Any]:
    if ended.status == "finished":
        result: dict[str, Any] = ended.result()
        return result
    if ended.status == "cancelled":
        return {"failed": "the run was stopped"}
    return {"failed": f"no worker of the cluster has judged it: {said_by(ended.exception())}"}


@contextlib.contextmanager
def executor_on(address: str) -> Iterator[Executor]:
    """Give what judges on the cluster of the scheduler at an address.

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
        yield _Units(client)
    finally:
        client.close()
