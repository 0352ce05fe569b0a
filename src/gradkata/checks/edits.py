"""Whether a Function notices that what it keeps was changed between forward and backward."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor

from gradkata.checks.diagnosis import Wrong, find_fault
from gradkata.checks.samples import leaves_of
from gradkata.checks.values import Tolerance
from gradkata.errors import said_by


def check_edits_are_noticed(function: Callable[..., Any], inputs: Sequence[Any]) -> None:
    """Demand that a change in place after forward raises in backward, or changes nothing.

    Each tensor that goes in and each that comes out is edited in turn. What
    `ctx.save_for_backward` keeps is watched by autograd; what `ctx.x = x` keeps is not.

    Raises:
        Wrong: if backward silently uses the edited values.
    """
    right = _gradients_after_edit(function, inputs)
    for name in _editable(inputs, function(*leaves_of(inputs))):
        try:
            edited = _gradients_after_edit(function, inputs, name)
        except RuntimeError as error:
            # One message for what was saved, another where an output is a view.
            if "inplace" not in said_by(error):
                raise
            continue
        if find_fault(edited, right, Tolerance()):
            raise Wrong(
                f"backward: {name} was changed in place after forward, and backward gave another "
                "gradient without a word\n"
                "Tensors kept as attributes of ctx are not watched: keep them with "
                "ctx.save_for_backward",
                method="backward",
            )


def _gradients_after_edit(
    function: Callable[..., Any], inputs: Sequence[Any], name: str = ""
) -> list[Tensor]:
    leaves = leaves_of(inputs)
    # autograd forbids editing a leaf; what forward sees may be edited.
    seen = [x.clone() if isinstance(x, Tensor) else x for x in leaves]
    outputs = function(*seen)
    if name:
        _edit(_editable(seen, outputs)[name])
    several = outputs if isinstance(outputs, tuple) else (outputs,)
    total = [o for o in several if o.requires_grad]
    weights = [torch.linspace(1, 2, o.numel()).to(o).reshape(o.shape) for o in total]
    asked = [x for x in leaves if isinstance(x, Tensor) and x.requires_grad]
    return list(torch.autograd.grad(total, asked, weights))


def _editable(inputs: Sequence[Any], outputs: Any) -> dict[str, Tensor]:
    alone = not isinstance(outputs, tuple)
    named = {f"input {i + 1}": x for i, x in enumerate(inputs)}
    named |= {
        "the output" if alone else f"output {i + 1}": y
        for i, y in enumerate((outputs,) if alone else outputs)
    }
    return {name: thing for name, thing in named.items() if isinstance(thing, Tensor)}


def _edit(tensor: Tensor) -> None:
    """Change every value, and where it matters its sign; an index of two or more stays one."""
    with torch.no_grad():
        if tensor.is_floating_point():
            tensor.mul_(-3).add_(1)
        else:
            tensor.copy_((tensor == 0).to(tensor))
