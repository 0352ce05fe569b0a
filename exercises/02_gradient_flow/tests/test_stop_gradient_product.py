import gradient_flow
import pytest
from torch import nn

from gradkata.checks import (
    a_leaf,
    any_layout,
    build,
    check,
    either_dtype,
    raises,
    sample,
    situation,
    unchanged,
    weighted,
)

from .shared import MADE_FINITE, TORCHS_WORDS, ending_in_nan, gradient_of, refusing

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


def test_g_need_not_have_a_gradient(device):
    x = sample((4, 3), device=device)
    x[1, 2] = 0
    due = x.abs().sqrt().sum() * gradient_of(weighted, x)

    gradient = gradient_flow.stop_gradient_product(weighted, lambda x: x.abs().sqrt().sum(), x)

    check(
        gradient,
        due,
        what="the gradient where g(x) = Σ√|x| has none, as x is 0 at [1, 2]",
        mistakes={
            "a gradient flows through g, and is taken away by a difference or by · 0": lambda: (
                due.where(x != 0, float("nan"))
            )
        },
    )


def test_g_may_return_its_argument_and_f_look_at_x_itself(device):
    x = sample((), device=device, gap=0.2)
    due = x.square() * x.square().exp()

    with unchanged(x), situation("for f = exp(t·x), whose backward needs what f has returned"):
        gradient = gradient_flow.stop_gradient_product(lambda t: (t * x).exp(), lambda t: t, x)

    check(
        gradient,
        due,
        what="the gradient of exp(t · x) · g(t) at t = x, with x and g(t) = t held constant",
        mistakes={
            "x itself is made to require grad for a while: track a copy of it": 2 * due,
            "no_grad runs g, which returns its argument, and that records: detach what it "
            "returns": due + x.square().exp(),
        },
    )


def test_an_error_of_f_passes_through(device):
    x = sample((4, 3), device=device)

    with raises(RuntimeError, when="f raises it in backward", naming=[TORCHS_WORDS]):
        gradient_flow.stop_gradient_product(lambda x: weighted(refusing(x)), bowl, x)


def test_the_product_leaves_an_x_that_requires_grad_as_it_was_and_may_be_nan(device):
    x = ending_in_nan(a_leaf((4, 3), device))
    # So small that the gradient at the largest number is not infinite, as that at infinity is.
    due = bowl(x.detach()[:3]) * x.detach() / 32

    with unchanged(x):
        gradient = gradient_flow.stop_gradient_product(
            lambda x: (x / 8).square().sum(), lambda x: bowl(x[:3]), x
        )

    check(
        gradient,
        due,
        what="the gradient, where x requires grad, has a .grad, and ends in 1e6, inf and nan",
        mistakes={MADE_FINITE: due.nan_to_num()},
    )


def test_the_product_leaves_the_parameters_of_f_and_g_as_they_were(device):
    f, g = (build(lambda: nn.Linear(3, 2), device=device) for _ in range(2))
    x = sample((4, 3), device=device)
    due = 1e6 * weighted(g(x)).detach() * gradient_of(lambda x: weighted(f(x)), x)

    with unchanged(f, g):
        gradient = gradient_flow.stop_gradient_product(
            lambda x: weighted(f(x)), lambda x: 1e6 * weighted(g(x)), x
        )

    check(gradient, due, what="the gradient, where f and g have parameters")
