import gradient_flow
import pytest
import torch
from torch import nn

from gradkata.checks import (
    a_leaf,
    any_layout,
    build,
    check,
    either_dtype,
    raises,
    sample,
    unchanged,
)

from .shared import MADE_FINITE, TORCHS_WORDS, ending_in_nan, refusing

pytestmark = pytest.mark.task("gradient_descent")


def rosenbrock(x):
    return (1 - x[0]) ** 2 + 100 * (x[1] - x[0] ** 2) ** 2


def descend(x0, slope, *, lr, steps):
    """Return the path by the recurrence, for a gradient that is known in closed form."""
    path = [x0.detach().clone()]
    for _ in range(steps):
        path.append(path[-1] - lr * slope(path[-1]))
    return torch.stack(path)


@any_layout
@either_dtype
def test_the_path_on_a_quadratic_is_a_geometric_series(dtype, layout, device):
    x0 = sample(**layout, device=device, dtype=dtype)
    due = torch.stack([x0 * 0.7**k for k in range(4)])
    summed = torch.stack([x0, 0.7 * x0, 0.19 * x0, -0.377 * x0])

    path = gradient_flow.gradient_descent(lambda x: 1.5 * x.square().sum(), x0, lr=0.1, steps=3)

    check(
        path,
        due,
        what="the path on f(x) = 1.5·|x|² at lr 0.1, three steps",
        mistakes={
            "every row is the same tensor, which the steps changed in place": due[-1:].expand(
                due.shape
            ),
            "gradients accumulate from step to step": summed,
            "the steps go up the gradient": torch.stack([x0 * 1.3**k for k in range(4)]),
            "x0 is left out of the path": due[1:],
            "the last point is left out of the path": due[:-1],
            "the gradient at x0 is used in every step": torch.stack(
                [x0 * (1 - 0.3 * k) for k in range(4)]
            ),
        },
    )


@pytest.mark.parametrize("make", [sample, a_leaf], ids=["plain x0", "x0 requires grad"])
def test_descending_leaves_x0_where_it_was(make, device):
    x0 = make((4, 3), device=device)
    start = x0.detach().clone()
    due = descend(x0, lambda x: 2 * x - start, lr=0.1, steps=3)

    with unchanged(x0):
        path = gradient_flow.gradient_descent(
            lambda x: (x.square() - x * x0).sum(), x0, lr=0.1, steps=3
        )

    check(
        path,
        due,
        what="the path on f(x) = |x|² - x·x0",
        mistakes={
            "x0 itself is moved, and put back at the end: f sees it move": lambda: descend(
                start, torch.zeros_like, lr=0.1, steps=3
            ),
        },
    )


def test_descending_takes_every_step(device):
    def tiny(x):
        return 5e-150 * x.square().sum()

    x0 = 1e-14 * sample((4, 3), device=device)
    due = torch.stack([x0 * (-1.5) ** k for k in range(4)])

    path = gradient_flow.gradient_descent(tiny, x0, lr=2.5e149, steps=3)

    check(
        path,
        due,
        what="the path from near 0 on f(x) = 5e-150·|x|² at lr 2.5e149, on which f grows",
        atol=0,
        mistakes={
            "the steps end where the gradient is small, or f grows: take all of them": due[:1],
            "no step is taken where the gradient is small, or f grows": due[:1].expand(due.shape),
        },
    )

    flat = gradient_flow.gradient_descent(lambda x: (0 * x).sum(), x0, lr=0.1, steps=3)
    check(flat, x0.expand(4, *x0.shape), what="the path of 3 steps where the gradient is 0")


def test_descending_takes_a_gradient_that_is_not_finite_as_it_is(device):
    x0 = ending_in_nan(sample((4, 3), device=device, low=0.5))
    x0[1, 2] = 0
    due = descend(x0, lambda x: 0.5 / x.sqrt(), lr=0.01, steps=2)

    path = gradient_flow.gradient_descent(lambda x: x.sqrt().sum(), x0, lr=0.01, steps=2)

    check(
        path,
        due,
        what="the path on Σ√x, whose gradient is infinite at the 0 in x0, from an x0 that ends in "
        "1e6, inf and nan",
        mistakes={MADE_FINITE: due.nan_to_num()},
    )


def test_an_error_of_f_passes_through(device):
    x0 = sample((4, 3), device=device)

    with raises(RuntimeError, when="f raises it in backward", naming=[TORCHS_WORDS]):
        gradient_flow.gradient_descent(lambda x: refusing(x).square().sum(), x0, lr=0.1, steps=1)


def test_no_steps_give_x0_alone(device):
    x0 = sample((4, 3), device=device)

    path = gradient_flow.gradient_descent(lambda x: x.square().sum(), x0, lr=0.1, steps=0)

    check(path, x0.unsqueeze(0), what="the path of 0 steps")


def test_the_path_is_a_copy_of_x0(device):
    x0 = sample((4, 3), device=device)
    due = x0.clone().unsqueeze(0)

    path = gradient_flow.gradient_descent(lambda x: x.square().sum(), x0, lr=0.1, steps=0)
    x0.add_(1)

    check(path, due, what="the path of 0 steps, after a later x0.add_(1)")


def test_descending_goes_down_rosenbrocks_valley(device):
    x0 = torch.tensor([-1.2, 1.0], dtype=torch.float64, device=device)

    path = gradient_flow.gradient_descent(rosenbrock, x0, lr=1e-3, steps=50)

    def slope(x):
        bend = x[1] - x[0] ** 2
        return torch.stack([-2 * (1 - x[0]) - 400 * x[0] * bend, 200 * bend])

    check(path, descend(x0, slope, lr=1e-3, steps=50), what="50 steps on Rosenbrock's function")
    heights = rosenbrock(path.T)
    assert (heights.diff() < 0).all(), "Rosenbrock's function grows along the path"


def test_descending_leaves_the_parameters_of_f_as_they_were(device):
    model = build(lambda: nn.Linear(3, 2), device=device)
    weight, bias = model.weight.detach(), model.bias.detach()
    x0 = sample((3,), device=device)
    due = descend(x0, lambda x: 2 * (weight @ x + bias) @ weight, lr=0.1, steps=2)

    with unchanged(model), unchanged(x0):
        path = gradient_flow.gradient_descent(
            lambda x: model(x).square().sum(), x0, lr=0.1, steps=2
        )

    check(path, due, what="the path where f has parameters")
