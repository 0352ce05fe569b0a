import copy
import itertools

import function_transforms
import pytest
import torch
from torch import nn

from gradkata.checks import (
    ErrorOfF,
    Wrong,
    a_leaf,
    check,
    inside_no_grad,
    raises,
    sample,
    situation,
    unchanged,
)

from .shared import Counted, all_in, by_mode, ready, running_once

pytestmark = pytest.mark.task("dropout_samples")

PASSES, DROPPED = 6, 0.25


class Noise(nn.Dropout):
    """A dropout of a class of its own."""


def noisy():
    """Return a model with batch norm and a dropout in eval mode; another dropout drops already.

    Two more of its modules are in either mode.
    """
    ends = by_mode(), nn.Sequential(nn.Dropout(0.0), nn.Dropout(DROPPED))
    model = Counted(nn.Linear(3, 24), nn.BatchNorm1d(24), *ends)
    model[1].eval()
    model[3][1].eval()
    return model


def without_dropout(model, x):
    """Return what a copy gives."""
    twin = copy.deepcopy(model)
    twin[3].eval()
    with torch.no_grad():
        return twin(x)


def in_training_mode(model, *, norm):
    """Return a copy in training mode, its batch norm too or not."""
    twin = all_in(model, training=True)
    twin[1].train(norm)
    return twin


def kept(result, clean):
    """Return what is due where the result is not 0, and 0 where it is; that is a mask's doing."""
    if not isinstance(result, torch.Tensor) or result.shape != (PASSES, *clean.shape):
        return clean.expand(PASSES, *clean.shape) / (1 - DROPPED)
    return torch.where(result.detach() == 0, 0, clean / (1 - DROPPED))


def random_states(device):
    """Return the state of the CPU's generator, and of the GPU's."""
    return [torch.get_rng_state(), *on_gpu(device, torch.cuda.get_rng_state)]


def on_gpu(device, state):
    return [state(device)] if device.type == "cuda" else []


def demand_the_states(before, device):
    states = zip(["the CPU", "the GPU"], before, random_states(device), strict=False)
    moved = [name for name, was, now in states if not torch.equal(was, now)]
    if moved:
        raise Wrong(
            f"the global random state of {' and '.join(moved)} has moved: "
            "torch.random.fork_rng() in a with-block puts it back"
        )


def demand_masks_of_their_own(masks):
    alike = [
        (i, j) for i, j in itertools.combinations(range(PASSES), 2) if torch.equal(*masks[[i, j]])
    ]
    if alike:
        i, j = alike[0]
        raise Wrong(
            f"{len(alike)} of the {PASSES * (PASSES - 1) // 2} pairs of passes drop the same "
            f"elements, such as passes {i} and {j}: each pass has a mask of its own"
        )


def demand_that_samples_differ(masks):
    for i, mask in enumerate(masks):
        if (mask == mask[0]).all():
            raise Wrong(
                f"pass {i} drops the same elements of every sample: each sample of the batch has "
                "a mask of its own, as in a call of nn.Dropout"
            )


def demand_masks_of_the_right_size(masks):
    share = masks.double().mean().item()
    if not 0.65 < share < 0.85:
        raise Wrong(
            f"{share:.0%} of {masks.numel()} elements are kept; with p = 0.25, 75 % are due"
        )


def test_dropout_samples_is_the_output_of_each_pass_with_masks_of_its_own(device):
    model = ready(noisy, device)
    x = a_leaf((5, 3), device)
    clean = without_dropout(model, x)
    before = random_states(device)

    advice = "give all passes to one call, under vmap"
    with unchanged(model, x), running_once(model, advice=advice):
        result = function_transforms.dropout_samples(model, x, PASSES, seed=3)

    check(
        result,
        kept(result, clean),
        what=f"{PASSES} passes with dropout of {DROPPED}",
        mistakes={
            "nothing is dropped: put the modules of nn.Dropout into training mode": clean.expand(
                PASSES, *clean.shape
            ),
            "the whole model is in training mode, its batch norm too": lambda: kept(
                result, without_dropout(in_training_mode(model, norm=True), x)
            ),
            "all modules but batch norm are in training mode": lambda: kept(
                result, without_dropout(in_training_mode(model, norm=False), x)
            ),
            "all modules but nn.Dropout are in eval mode": lambda: kept(
                result, without_dropout(all_in(model, training=False), x)
            ),
        },
    )
    masks = result != 0
    demand_masks_of_their_own(masks)
    demand_that_samples_differ(masks)
    demand_masks_of_the_right_size(masks)
    demand_the_states(before, device)


def test_dropout_samples_depends_on_the_seed_alone(device):
    model = ready(noisy, device)
    x = sample((5, 3), device=device)

    with torch.random.fork_rng([device] if device.type == "cuda" else []):
        torch.manual_seed(1)
        first = function_transforms.dropout_samples(model, x, PASSES, seed=0)
        torch.manual_seed(2)
        again = function_transforms.dropout_samples(model, x, PASSES, seed=0)
        other = function_transforms.dropout_samples(model, x, PASSES, seed=2**31)

    check(again, first, what="a second call with the same seed=0, after other random numbers")
    if torch.equal(first, other):
        raise Wrong("with seed=0 and with seed=2**31 the masks are the same: let the seed decide")


def deep():
    """Return a model whose only dropout drops all, so that what follows sees zeros.

    The dropout has a module of its own, in training mode.
    """
    noise = Noise(1.0)
    noise.add_module("own", nn.Identity())
    inner = nn.Sequential(nn.Tanh(), nn.Sequential(noise))
    model = Counted(inner, nn.Linear(3, 2)).eval()
    noise.own.train()
    return model


def test_dropout_samples_drops_inside_the_model_in_float32_and_inside_no_grad(device):
    model = ready(deep, device, torch.float32)
    x = sample((4, 2, 3), device=device, dtype=torch.float32)

    with inside_no_grad(), unchanged(model), situation("given x of shape (4, 2, 3)"):
        result = function_transforms.dropout_samples(model, x, 1, seed=0)

    expected = model[1].bias.detach().expand(1, 4, 2, 2)
    what = "one pass where all that the last layer gets is dropped"
    check(result, expected, what=what)


class Ending(nn.Module):
    """Draws a random number, and raises."""

    def __init__(self, error):
        super().__init__()
        self.error = error

    def forward(self, x):
        torch.rand_like(x)
        raise self.error


@pytest.mark.parametrize("error", [ErrorOfF, KeyboardInterrupt])
def test_dropout_samples_puts_all_back_where_the_model_ends_with(error, device):
    model = ready(lambda: Counted(nn.Dropout(0.5), Ending(error), nn.Dropout(0.5)), device)
    model[0].eval()
    before = random_states(device)

    with unchanged(model), raises(error, when=f"the model ends with {error.__name__}"):
        function_transforms.dropout_samples(model, sample((4, 3), device=device), 2, seed=0)

    demand_the_states(before, device)
