"""Notice that a device is lost to a process, as CUDA is after an index out of range."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gradkata.results import State, Verdict


def stopped_if_lost(verdict: Verdict, item: pytest.Item) -> Verdict:
    """Return a verdict, and run no test after it if the device is lost with it."""
    lost = why_lost(item.config.getoption("device")) if verdict.state == State.WRONG else ""
    if not lost:
        return verdict
    item.session.shouldstop = f"{verdict.task}: {lost}"
    return replace(verdict, lines=[*verdict.lines, lost])


def why_lost(device: str) -> str:
    """Return in a sentence why this process can no longer use the device; "" if it can.

    An error of a kernel appears at a later call, and from then on at every call.
    """
    if device == "cpu":
        return ""
    import torch

    try:
        torch.cuda.synchronize()
    except RuntimeError as error:
        said = str(error).partition("\n")[0]
        return f"{said}: no later test can use the GPU in this process; --device cpu tells more"
    return ""
