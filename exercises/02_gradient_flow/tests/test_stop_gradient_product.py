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
    sample,
    unchanged,
    weighted,
)

from .shared import gradient_of

pytestmark = pytest.mark.task("stop_gradient_product")


def bowl(x):
    return (x.square() + x / 3).mean() + 0.5


@any_layout
@either_dtype
def test_g_counts_with_its_value_alone(dtype, layout, device):
    x = sample(**layout, device=device, dtype=dtype)
    through_f = bowl(x) * gradient_of(weighted, x)
    through_g = weighted(x) * gradient_of(bowl, x)

    with unchanged(x):
        gradient = gradient_flow.stop_gradient_product(weighted, bowl, x)

    check(
        gradient,
        through_f,
        what="the gradient of f(x)·g(x) with g held constant",
        mistakes={
            "g is not held constant: this is the full product rule": through_f + through_g,
            "f is held constant instead of g": through_g,
            "the value of g is left out: it is a constant factor": gradient_of(weighted, x),
        },
    )


def test_f_and_g_may_be_the_same_function(device):
    x = sample((4, 3), device=device)
    through_one = weighted(x) * gradient_of(weighted, x)

    gradient = gradient_flow.stop_gradient_product(weighted, weighted, x)

    check(
        gradient,
        through_one,
        what="the gradient of f(x)·f(x) with the second factor held constant",
        mistakes={"no factor is held constant": 2 * through_one},
    )


def test_g_may_return_its_argument(device):
    x = sample((), device=device)

    gradient = gradient_flow.stop_gradient_product(torch.square, lambda x: x, x)

    check(gradient, 2 * x * x, what="the gradient of x² · g(x) with g(x) = x held constant")


def test_the_product_leaves_an_x_that_requires_grad_as_it_was(device):
    x = a_leaf((4, 3), device)
    due = bowl(x.detach()) * gradient_of(weighted, x)

    with unchanged(x):
        gradient = gradient_flow.stop_gradient_product(weighted, bowl, x)

    check(gradient, due, what="the gradient, where x requires grad and has a .grad")


def test_the_product_leaves_the_parameters_of_f_and_g_as_they_were(device):
    f, g = (build(lambda: nn.Linear(3, 2), device=device) for _ in range(2))
    x = sample((4, 3), device=device)
    due = weighted(g(x)).detach() * gradient_of(lambda x: weighted(f(x)), x)

    with unchanged(f, g):
        gradient = gradient_flow.stop_gradient_product(
            lambda x: weighted(f(x)), lambda x: weighted(g(x)), x
        )

    check(gradient, due, what="the gradient, where f and g have parameters")
