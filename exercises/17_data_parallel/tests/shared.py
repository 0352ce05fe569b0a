"""What each rank is given and runs, and what it must have done when it returns."""

from contextlib import contextmanager

import pytest
import torch

from gradkata.checks import Wrong, begun, edits_of, sample, waited


class OneByOne:
    """Items that can be gone through once, like a generator, and say so at the second time."""

    def __init__(self, items):
        self.items, self.begun = items, False

    def __iter__(self):
        if self.begun:
            raise Wrong(
                "params may be a generator, which is at its end after one pass; here it is gone "
                "through again: make a list first"
            )
        self.begun = True
        yield from self.items


as_list_or_once = pytest.mark.parametrize("given_as", [list, OneByOne])
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


def demand_nothing_kept(of, before):
    """Demand that a class has what it had."""
    changed = {
        name for name, value in vars(of).items() if name not in before or value is not before[name]
    }
    if changed:
        raise Wrong(
            f"{of.__name__}.{min(changed)} is set: ranks are threads of one process, so keep "
            "nothing on the class, nor in globals"
        )


def as_found(tensors):
    """Return each named tensor, or None, with the place of its memory."""
    return {name: (t, None if t is None else t.data_ptr()) for name, t in tensors.items()}


def demand_same_objects(found, are, what):
    """Demand that each is still what it was, in the memory where it was."""
    for name, (was, place) in found.items():
        if are.get(name) is not was:
            raise Wrong(f"{what} {name!r} is another object: write to the one that is there")
        if was is not None and was.data_ptr() != place:
            raise Wrong(
                f"{what} {name!r} lies in other memory, and whoever has a view of it does not see "
                "the new values: write them to the memory that is there, with copy_ or div_"
            )


def demand_not_written(tensors, versions, what):
    """Demand that nothing was written to tensors, whose values are what they were."""
    for t, version in zip(tensors, versions, strict=True):
        if t is not None and edits_of(t) != version:
            raise Wrong(f"{what} is written to, and put back: write to a copy, and leave it alone")


def versions_of(tensors):
    return [None if t is None else edits_of(t) for t in tensors]


@contextmanager
def raises_own(error, grad_modes):
    """Demand that an error comes through, and note the grad mode that it leaves."""
    try:
        yield
    except error:
        grad_modes.append(torch.is_grad_enabled())
    else:
        raise Wrong(f"the caller's own {error.__name__} is swallowed: let it through")
