"""What each rank runs, and what it must have done when it returns."""

import pytest
import torch

from gradkata.checks import Wrong, begun, sample, waited

ranks_1_and_3 = pytest.mark.parametrize("ranks", [1, 3])


def called(function, *args, grad_mode=True):
    """Call a function as a rank does, and demand that no collective is still under way."""
    with torch.set_grad_enabled(grad_mode):
        result = function(*args)
        if torch.is_grad_enabled() != grad_mode:
            raise Wrong("it leaves another grad mode than it has found")
    if waited() < begun():
        raise Wrong(
            f"it returns when {begun() - waited()} of its {begun()} collectives may still be under "
            "way: nobody has waited for them"
        )
    return result


def parameters_of(ranks, shapes, device, dtype=torch.float64):
    """Return for each rank a parameter of each shape, with a gradient; another on each rank."""
    return [
        [
            leaf(shape, device, dtype if isinstance(dtype, torch.dtype) else dtype[i])
            for i, shape in enumerate(shapes)
        ]
        for _ in range(ranks)
    ]


def leaf(shape, device, dtype=torch.float64):
    p = sample(shape, device=device, dtype=dtype, requires_grad=True)
    p.grad = sample(shape, device=device, dtype=dtype)
    return p


def demand_same_objects(objects, are, what):
    """Demand that each is still what it was."""
    for name, was in objects.items():
        if are.get(name) is not was:
            raise Wrong(f"{what} {name!r} is another object: write to the one that is there")
