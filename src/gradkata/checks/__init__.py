"""Compare an answer with torch, and say in a learner's words what is different.

This is all that an exercise's tests import of the project. It imports nothing heavy:
`torch.testing.assert_close` alone would cost half a second at its first call.
"""

from __future__ import annotations

from gradkata.checks.as_found import unchanged
from gradkata.checks.compare import check, inside_no_grad, raises, situation
from gradkata.checks.counting import count_elements, count_operations
from gradkata.checks.diagnosis import Wrong
from gradkata.checks.edits import check_edits_are_noticed
from gradkata.checks.functions import (
    backward_of,
    check_backward,
    check_gradients,
    node_of,
)
from gradkata.checks.guards import Forbidden, forbid
from gradkata.checks.memory import stale_memory, watch_storages
from gradkata.checks.ranks import begun, run_ranks, waited
from gradkata.checks.samples import build, counted, sample, tracked_copies
from gradkata.checks.shared_by_tests import (
    ErrorOfF,
    IdentityWithoutBackward,
    SquareWithSlope7,
    a_leaf,
    any_layout,
    as_list_or_generator,
    copies,
    either_dtype,
    grads,
    one_by_one,
    turned,
    weighted,
)
from gradkata.torch_internals import (
    DispatchMode,
    count_hooks,
    counted_passes,
    edits_of,
    fake_tensors,
    kernel_of,
    schema_of,
    tensors_in,
)

__all__ = [
    "DispatchMode",
    "ErrorOfF",
    "Forbidden",
    "IdentityWithoutBackward",
    "SquareWithSlope7",
    "Wrong",
    "a_leaf",
    "any_layout",
    "as_list_or_generator",
    "backward_of",
    "begun",
    "build",
    "check",
    "check_backward",
    "check_edits_are_noticed",
    "check_gradients",
    "copies",
    "count_elements",
    "count_hooks",
    "count_operations",
    "counted",
    "counted_passes",
    "edits_of",
    "either_dtype",
    "fake_tensors",
    "forbid",
    "grads",
    "inside_no_grad",
    "kernel_of",
    "node_of",
    "one_by_one",
    "raises",
    "run_ranks",
    "sample",
    "schema_of",
    "situation",
    "stale_memory",
    "tensors_in",
    "tracked_copies",
    "turned",
    "unchanged",
    "waited",
    "watch_storages",
    "weighted",
]
