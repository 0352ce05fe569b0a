import itertools
import math

import higher_order
import pytest
import torch

from gradkata.checks import any_layout, check, sample, situation, tracked_copies, unchanged

from .shared import (
    KINDS,
    any_error,
    any_size,
    constants_or_parameters,
    demand_released,
    made_finite,
    model_of,
    scalar,
    the_error_gets_through,
    values,
    watched,
    with_gradient,
)

pytestmark = pytest.mark.task("hypergradient")


def descent(w0, c, lr, steps):
    """Return the path of gradient descent on (Σw²)²/4 + Σcw, its slope worked out by hand."""
    path = [w0]
    for _ in range(steps):
        w = path[-1]
        path.append(w - lr * (w.square().sum() * w + c))
    return path


def train_loss(c):
    """Return (Σw²)²/4 + Σcw as a function of w."""
    return lambda w: w.square().sum().square() / 4 + (c * w).sum()


def val_loss(d):
    """Return Σ sin(dw) as a function of w."""
    return lambda w: torch.sin(d * w).sum()


def rate(value, device, dtype=torch.float64):
    """Return a 0-d tensor that does not require grad."""
    return torch.tensor(value, dtype=dtype, device=device)


def test_hypergradient_after_one_step_is_minus_slope_times_slope(device):
    w0, lr = rate(1.0, device), rate(0.1, device)

    with unchanged(w0, lr):
        result = higher_order.hypergradient(torch.square, torch.square, w0, lr, 1)

    check(
        result,
        torch.full_like(lr, -3.2),  # of (1 - 2 lr)²
        what="one step from 1 on w², then w²",
        mistakes={
            "the last w does not depend on lr: no step is taken, or lr has become a plain number": (
                torch.full_like(lr, 0.0)
            ),
            "one step too many is taken": torch.full_like(lr, -4.096),
            "the slope of val by the last w is returned": torch.full_like(lr, 1.6),
            "the slope of val by w0 is returned": torch.full_like(lr, 1.28),
        },
    )


def test_hypergradient_counts_how_each_step_changes_the_next_slope(device):
    w0, lr = rate(1.0, device), rate(0.1, device)

    result = higher_order.hypergradient(torch.square, torch.square, w0, lr, 2)

    check(
        result,
        torch.full_like(lr, -4.096),  # of (1 - 2 lr)⁴
        what="two steps from 1 on w², then w²",
        mistakes={
            "the slopes are constants to autograd: ask for them with create_graph=True, at the w "
            "that still has its graph": torch.full_like(lr, -4.608),
            "only the last step counts: the w before it has lost its graph": (
                torch.full_like(lr, -2.048)
            ),
            "the w that a step begins at has lost its graph (.data, detach), and only the slope "
            "has one": torch.full_like(lr, -1.536),
            "every slope is taken at w0": torch.full_like(lr, -4.8),
            "one step too few is taken": torch.full_like(lr, -3.2),
        },
    )


@any_layout
def test_hypergradient_takes_any_shape(layout, device):
    w0, c, d = (sample(**layout, device=device, low=-1, high=1) for _ in range(3))
    lr = rate(0.1, device)

    result = higher_order.hypergradient(train_loss(c), val_loss(d), w0, lr, 5)

    def derivative_of(loss, steps=5):
        (leaf,) = tracked_copies(lr)
        return torch.autograd.grad(loss(descent(w0, c, leaf, steps)[-1]), leaf)[0]

    path = descent(w0, c, lr, 5)
    outer = d * torch.cos(d * path[-1])
    slopes = [(before - after) / lr for before, after in itertools.pairwise(path)]
    check(
        result,
        derivative_of(val_loss(d)),
        what="five steps",
        mistakes={
            "f is taken for val": lambda: derivative_of(train_loss(c)),
            "the slopes are constants to autograd": -(outer * sum(slopes)).sum(),
            "only the last step counts": -(outer * slopes[-1]).sum(),
            "two steps too few are taken": lambda: derivative_of(val_loss(d), steps=3),
        },
    )


def test_hypergradient_after_no_steps_is_0(device):
    lr = with_gradient(scalar(0.1, device))

    with unchanged(lr), situation("for steps = 0, where val does not depend on lr"):
        result = higher_order.hypergradient(torch.square, torch.exp, lr, lr, 0)

    check(
        result,
        values(torch.zeros_like(lr)),
        what="no steps, w0 being the tensor lr itself",
        mistakes={
            "w0 is differentiated with lr, for it is the same tensor: detach it": values(lr.exp())
        },
    )


def test_hypergradient_takes_the_same_tensor_for_w0_and_lr(device):
    lr = with_gradient(scalar(0.1, device))

    with unchanged(lr):
        result = higher_order.hypergradient(torch.square, torch.exp, lr, lr, 1)

    slope = values(torch.exp(lr - 2 * lr * lr))
    check(
        result,
        values(-2 * lr) * slope,
        what="one step from lr on w², then eʷ, w0 being the tensor lr itself",
        mistakes={
            "w0 is differentiated with lr, for it is the same tensor: detach it": (
                values(1 - 4 * lr) * slope
            )
        },
    )


@constants_or_parameters
def test_hypergradient_takes_a_training_loss_that_is_linear(tracked, device):
    w0, a = sample((4, 3), device=device), sample((4, 3), device=device, requires_grad=tracked)

    with situation(f"for a training loss Σaw, {KINDS[tracked]}, where H is 0"):
        result = higher_order.hypergradient(
            lambda w: (a * w).sum(), lambda w: w.square().sum(), w0, rate(0.0, device), 2
        )

    expected = values(-4 * (a * w0).sum())
    check(
        result,
        expected,
        what=f"two steps of lr = 0 on Σaw, {KINDS[tracked]}, then Σw²",
        mistakes={"it divides by lr, which is 0": math.nan * expected},
    )


@any_size
def test_hypergradient_keeps_float32_and_may_be_infinite_or_nan(size, device):
    w0 = sample((4, 3), device=device, dtype=torch.float32, low=0.5, high=1)

    result = higher_order.hypergradient(
        lambda w: -w.square().sum(),
        lambda w: (size * w).sum(),
        w0,
        rate(0.1, device, dtype=torch.float32),
        2,
    )

    due = 4.8 * size * w0.sum()
    what = f"two steps on -Σw², then {size:g} · Σw, in float32"
    check(result, due, what=what, mistakes=made_finite(due))


def test_hypergradient_leaves_no_gradient_and_no_graph(device):
    w0, lr = with_gradient(sample((4, 3), device=device)), with_gradient(scalar(0.1, device))
    model = model_of(1.0, device)

    with unchanged(w0, lr), unchanged(model):
        result = higher_order.hypergradient(
            lambda w: model["w"] * w.square().sum(), lambda w: model["w"] * w.sum(), w0, lr, 2
        )

    check(result, values(-3.2 * w0.sum()), what="w0, lr and another parameter require grad")


def test_hypergradient_frees_its_graphs(device):
    w0 = sample((4, 3), device=device)
    f, seen = watched(lambda w: w.square().sum())

    result = higher_order.hypergradient(f, lambda w: w.sum(), w0, rate(0.5, device), 2)

    demand_released(seen, w0)
    check(
        result,
        torch.zeros_like(result),
        what="two steps on Σw², the first of which ends where the slope is 0",
        mistakes={"training ends where the slope is 0: the second step counts": -2 * w0.sum()},
    )


@any_error
def test_hypergradient_lets_an_error_of_f_through(broken, error, prepared, device):
    w0, lr = prepared(sample((4, 3), device=device)), rate(0.1, device)

    with unchanged(w0, lr), the_error_gets_through(error):
        higher_order.hypergradient(lambda w: broken(w).sum(), lambda w: w.sum(), w0, lr, 2)
