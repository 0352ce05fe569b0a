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
    the_error_gets_through,
    values,
    watched,
    with_gradient,
)

pytestmark = pytest.mark.task("maml_gradient")


def task_loss(w, batch):
    """Return Σ b·sin(a·w) + (Σw²)²/4."""
    a, b = batch
    return (b * torch.sin(a * w)).sum() + w.square().sum().square() / 4


def slope_of_task_loss(w, batch):
    """Return its gradient, worked out by hand."""
    a, b = batch
    return a * b * torch.cos(a * w) + w.square().sum() * w


def two_batches(layout, device):
    """Return a support and a query batch for weights of the layout."""
    return [[sample(**layout, device=device) for _ in range(2)] for _ in range(2)]


def gradient_through_step(w, support, query, lr):
    """Return what is due: torch differentiates the step, whose slope was worked out by hand."""
    (w,) = tracked_copies(w)
    stepped = w - lr * slope_of_task_loss(w, support)
    return torch.autograd.grad(task_loss(stepped, query), w)[0]


def test_maml_gradient_counts_how_the_step_itself_changes(device):
    w = torch.tensor(1.0, dtype=torch.float64, device=device)

    with unchanged(w):
        result = higher_order.maml_gradient(lambda w, goal: (w - goal) ** 2, 3.0, 0.0, w, 0.2)

    check(
        result,
        # The step leads from 1 to 1.8, where the slope of w² is 3.6; and dw′/dw = 0.6.
        torch.full_like(w, 2.16),
        what="one step of size 0.2 from 1 on (w - 3)², then w²",
        mistakes={
            "the slope in the step is a constant to autograd (first order): ask for it with "
            "create_graph=True, and do not detach what follows": torch.full_like(w, 3.6),
            "the w that the step begins at has lost its graph (.data, detach), and only the slope "
            "has one": torch.full_like(w, -1.44),
            "no step is taken": torch.full_like(w, 2.0),
            "the step goes uphill": torch.full_like(w, 0.56),
            "support and query change places": torch.full_like(w, -2.88),
            "the slope of the support loss is added: it stays in .grad": torch.full_like(w, -1.84),
        },
    )


@any_size
def test_maml_gradient_may_be_large_infinite_or_nan(size, device):
    w = torch.tensor(1.0, dtype=torch.float64, device=device)

    result = higher_order.maml_gradient(lambda w, k: k * w**2, -1.0, size, w, 0.2)

    # The step leads from 1 to 1.4, and dw′/dw = 1.4: no infinities of two signs meet.
    due = torch.full_like(w, 3.92 * size)
    what = f"one step of size 0.2 from 1 on -w², then {size:g} · w²"
    check(result, due, what=what, mistakes=made_finite(due))


@any_layout
def test_maml_gradient_takes_any_shape(layout, device):
    w, (support, query) = sample(**layout, device=device), two_batches(layout, device)
    stepped = w - 0.1 * slope_of_task_loss(w, support)

    result = higher_order.maml_gradient(task_loss, support, query, w, 0.1)

    check(
        result,
        gradient_through_step(w, support, query, 0.1),
        what="the gradient through the step",
        mistakes={
            "the slope in the step is a constant to autograd (first order)": (
                slope_of_task_loss(stepped, query)
            )
        },
    )


@constants_or_parameters
def test_maml_gradient_takes_a_support_loss_that_is_linear_in_w(tracked, device):
    w, a = sample((4, 3), device=device), sample((4, 3), device=device, requires_grad=tracked)

    with situation(
        f"for a support loss Σaw, {KINDS[tracked]}, where the gradient in the step is a constant"
    ):
        result = higher_order.maml_gradient(
            lambda w, power: (a * power(w)).sum(), lambda w: w, lambda w: w**3, w, 0.1
        )

    expected = values(3 * a * (w - 0.1 * a) ** 2)
    check(result, expected, what=f"a support loss Σaw, {KINDS[tracked]}, then Σaw³")


def test_maml_gradient_keeps_float32(device):
    layout = {"shape": (4, 3), "dtype": torch.float32, "low": -1.0, "high": 1.0}
    w, (support, query) = sample(**layout, device=device), two_batches(layout, device)

    result = higher_order.maml_gradient(task_loss, support, query, w, 0.1)

    check(result, gradient_through_step(w, support, query, 0.1), rtol=1e-4, atol=1e-5)


def test_maml_gradient_leaves_no_gradient_and_no_graph(device):
    w, model = with_gradient(sample((4, 3), device=device)), model_of(1.5, device)

    with unchanged(w), unchanged(model):
        result = higher_order.maml_gradient(
            lambda w, goal: model["w"] * (w - goal).square().sum(), 2.0, 1.0, w, 0.1
        )

    # dw′/dw = 0.7 in every element.
    expected = values(0.7 * 3 * (w - 0.3 * (w - 2) - 1))
    check(result, expected, what="w and another parameter require grad")


def test_maml_gradient_frees_its_graphs(device):
    w = torch.zeros(4, 3, dtype=torch.float64, device=device)
    loss_fn, seen = watched(lambda w, power: power(w).sum())

    result = higher_order.maml_gradient(loss_fn, torch.square, torch.sin, w, 0.1)

    demand_released(seen, w)
    check(
        result,
        torch.full_like(w, 0.8),
        what="a step on Σw² from 0, where the slope is 0, then Σ sin w",
        mistakes={
            "a slope of 0 is taken for the end: the step still changes with w": torch.ones_like(w)
        },
    )


@any_error
def test_maml_gradient_lets_an_error_of_the_loss_through(broken, error, prepared, device):
    w = prepared(sample((4, 3), device=device))

    with unchanged(w), the_error_gets_through(error):
        higher_order.maml_gradient(lambda w, power: power(w).sum(), broken, torch.exp, w, 0.1)
