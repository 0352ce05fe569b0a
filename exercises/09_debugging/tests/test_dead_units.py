import math

import debugging
import pytest
import torch
from torch import nn

from gradkata.checks import (
    build,
    check,
    either_dtype,
    one_by_one,
    raises,
    sample,
    situation,
    unchanged,
)

from .shared import (
    FailsAt,
    a_leaf,
    small_net,
    unchanged_by_an_error,
    with_gradients,
)

pytestmark = pytest.mark.task("dead_units")


class Rectified(nn.Module):
    """Rectifies its input, shifted by a fixed amount for each unit."""

    def __init__(self, shift, *, inplace=False):
        super().__init__()
        self.register_buffer("shift", shift)
        self.inner = nn.ModuleDict({"act": nn.ReLU(inplace=inplace)})

    def forward(self, x):
        return self.inner["act"](x + self.shift)


def units_of(*rows, device):
    """Return batches of samples, each given by what goes into its units."""
    return [torch.tensor(batch, dtype=torch.float64, device=device) for batch in rows]


def mask(values, device):
    return torch.tensor(values, device=device)


# Unit 0 is never active, 1 in the first batch alone, 2 in the last alone, 3 always, and faintly.
BATCHES = ([[-1.0, 2.0, -3.0, 1e-30], [-2.0, -1.0, -1.0, 1e-30]], [[-1.0, -2.0, 3.0, 1e-30]])


DEAD = [True, False, False, False]


def rectified(device, **options):
    return Rectified(torch.zeros(4, dtype=torch.float64, device=device), **options)


@pytest.mark.parametrize("inplace", [False, True], ids=["out of place", "in place"])
def test_a_unit_is_dead_if_it_is_active_in_no_batch(inplace, device):
    model, batches = rectified(device, inplace=inplace), units_of(*BATCHES, device=device)

    with unchanged(model), unchanged(*batches):
        dead = debugging.dead_units(model, batches)

    check(
        dead,
        {"inner.act": mask(DEAD, device)},
        what="the dead units",
        mistakes={
            "only the last batch counts": {"inner.act": mask([True, True, False, False], device)},
            "only the first batch counts": {"inner.act": mask([True, False, True, False], device)},
            "a unit counts as dead once one sample leaves it at 0": {
                "inner.act": mask([True, True, True, False], device)
            },
            "a faint output counts as 0: ask whether it is > 0": {
                "inner.act": mask([True, False, False, True], device)
            },
            "the mask says which units are alive: it is True where they are dead": {
                "inner.act": ~mask(DEAD, device)
            },
            "a unit that some batch leaves at 0 throughout counts as dead": {
                "inner.act": mask([True, True, True, False], device)
            },
        },
    )


def test_a_unit_is_alive_though_it_is_nan_for_another_sample(device):
    model, batches = nn.ReLU(), units_of([[math.nan] * 2, [1.0, -1.0]], device=device)

    dead = debugging.dead_units(model, batches)

    check(
        dead,
        {"": mask([False, True], device)},
        what="the dead units for outputs of NaN and 1, and of NaN and 0",
        mistakes={
            "the largest output is asked, which is NaN where one is: ask each whether it is > 0": {
                "": mask([True, True], device)
            },
            "it is asked whether the largest output is 0, which is NaN where one is NaN": {
                "": mask([False, False], device)
            },
        },
    )


def test_each_relu_has_a_mask_under_its_own_name_for_batches_from_a_generator(device):
    first, second = torch.tensor([[0.0, 9.0, -9.0], [-9.0, 0.0, -9.0]], dtype=torch.float64)
    make = lambda: nn.Sequential(Rectified(first), nn.Tanh(), Rectified(second), nn.ReLU6())  # noqa: E731
    model = build(make, device=device)
    batches = units_of([[1.0, -1.0, 1.0], [2.0, -2.0, 2.0]], device=device)

    with unchanged(model), situation("with two nn.ReLU modules and batches from a generator"):
        dead = debugging.dead_units(model, one_by_one(batches))

    check(
        dead,
        {
            "0.inner.act": mask([False, False, True], device),
            "2.inner.act": mask([True, False, True], device),
        },
        what="the dead units of two nn.ReLU modules and a generator's batches",
        mistakes={
            "batches are gone through once for each module: a generator is used up by the first": {
                "0.inner.act": mask([False, False, True], device),
                "2.inner.act": mask([True, True, True], device),
            },
            "every hook reads one variable, which holds the last name by the time it runs": {
                "2.inner.act": mask([False, False, True], device)
            },
        },
    )


@either_dtype
def test_a_mask_has_the_shape_of_the_output_without_the_batch(dtype, device):
    shift = sample((2, 3, 4), device=device, low=-6.0, dtype=dtype)
    model = Rectified(shift)
    # Their rows are no longer one behind the other, as in images whose channels come last.
    batches = [sample((n, 2, 4, 3), device=device, dtype=dtype).mT for n in (3, 1)]

    with unchanged(model), situation("on images that are not contiguous"):
        dead = debugging.dead_units(model, batches)

    due = (torch.cat(batches) + shift <= 0).all(dim=0)
    check(dead, {"inner.act": due}, what="the dead units of images")


def test_a_model_without_relu_has_no_masks(device):
    model, batches = small_net(device), [sample((5, 3), device=device)]

    check(debugging.dead_units(model, batches), {}, what="the dead units of a model without ReLU")


def test_the_model_runs_in_eval_mode_and_gets_its_modes_back(device):
    # In train mode this dropout drops everything: every unit looks dead.
    dropping = nn.Sequential(nn.Dropout(1.0), rectified(device))
    model = nn.Sequential(dropping, nn.Tanh())
    model[1].eval()
    batches = units_of(*BATCHES, device=device)

    with unchanged(model):
        dead = debugging.dead_units(model, batches)

    check(
        dead,
        {"0.1.inner.act": mask(DEAD, device)},
        what="the dead units behind a dropout, which eval mode turns off",
        mistakes={"the model runs in train mode": {"0.1.inner.act": ~mask([False] * 4, device)}},
    )


def test_hooks_of_others_stay(device):
    model, batches = rectified(device), units_of(*BATCHES, device=device)
    model.inner["act"].register_forward_hook(lambda module, args, output: None)

    with unchanged(model):
        debugging.dead_units(model, batches)


def test_hooks_are_removed_and_modes_come_back_when_the_model_raises(device):
    model = nn.Sequential(rectified(device), FailsAt(2, KeyboardInterrupt))
    model[0].eval()

    with (
        unchanged_by_an_error(model),
        raises(KeyboardInterrupt, when="Ctrl-C stops it: let it pass through"),
    ):
        debugging.dead_units(model, units_of(*BATCHES, device=device))


def test_hooks_are_removed_and_modes_come_back_when_the_batches_raise(device):
    model = rectified(device)

    def broken():
        yield units_of(*BATCHES, device=device)[0]
        raise LookupError("no second batch")

    with (
        unchanged_by_an_error(model),
        raises(LookupError, when="batches raise it: let it pass through"),
    ):
        debugging.dead_units(model, broken())


def test_masks_are_found_though_a_module_that_follows_edits_the_output(device):
    make = lambda: nn.Sequential(  # noqa: E731
        nn.Linear(3, 4), nn.ReLU(), nn.Hardtanh(-2.0, -1.0, inplace=True)
    )
    model = with_gradients(build(make, device=device))
    x = a_leaf((5, 3), device)

    with unchanged(model), unchanged(x):
        dead = debugging.dead_units(model, [x])

    check(
        dead,
        {"1": (model[0](x) <= 0).all(dim=0)},
        what="the dead units of a ReLU whose output the next module makes negative, in place",
        mistakes={
            "outputs are looked at when the model is through: look at them in the hook": {
                "1": torch.ones(4, dtype=torch.bool, device=device)
            }
        },
    )
