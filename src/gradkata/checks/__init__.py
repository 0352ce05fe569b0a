"""Compare an answer with torch, and say in a learner's words what is different.

This is all that an exercise's tests import of the project. It imports nothing heavy:
`torch.testing.assert_close` alone would cost half a second at its first call.
"""

from __future__ import annotations

from gradkata.checks.as_found import unchanged
from gradkata.checks.compare import check, inside_no_grad, raises, situation
from gradkata.checks.counting import count_operations
from gradkata.checks.diagnosis import Wrong
from gradkata.checks.functions import (
    backward_of,
    check_backward,
    check_edits_are_noticed,
    check_gradients,
    node_of,
)
from gradkata.checks.guards import Forbidden, forbid
from gradkata.checks.samples import build, counted, sample, tracked_copies
from gradkata.torch_internals import DispatchMode, count_hooks, edits_of, tensors_in

__all__ = [
    "DispatchMode",
    "Forbidden",
    "Wrong",
    "backward_of",
    "build",
    "check",
    "check_backward",
    "check_edits_are_noticed",
    "check_gradients",
    "count_hooks",
    "count_operations",
    "counted",
    "edits_of",
    "forbid",
    "inside_no_grad",
    "node_of",
    "raises",
    "sample",
    "situation",
    "tensors_in",
    "tracked_copies",
    "unchanged",
]
