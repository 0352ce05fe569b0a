import gradient_flow
import pytest
from torch import nn

from gradkata.checks import (
    a_leaf,
    any_layout,
    build,
    check,
    counted,
    either_dtype,
    raises,
    sample,
    unchanged,
    weighted,
)

from .shared import MADE_FINITE, TORCHS_WORDS, ending_in_nan, gradient_of, refusing

pytestmark = pytest.mark.task("two_losses_one_graph")


def steep(y):
    return (y.exp() / 3).mean()


def rooted(y):
    return y[1:].sqrt().sum()


def steep_and_rooted(y):
    return steep(y) + y[:1].sqrt().sum()


def curved(x):
    return (x * 1.5).tanh() + x.square() / 4


def both_gradients(f, x):
    return gradient_of(lambda x: weighted(f(x)), x), gradient_of(lambda x: steep(f(x)), x)


@any_layout
@either_dtype
def test_each_loss_has_a_gradient_of_its_own(dtype, layout, device):
    x = sample(**layout, device=device, dtype=dtype)
    first, second = both_gradients(curved, x)
    total = first + second

    with unchanged(x):
        yours = gradient_flow.two_losses_one_graph(curved, weighted, steep, x)

    check(
        yours,
        (first, second),
        what="the two gradients",
        mistakes={
            "the second gradient is added to the first, as .grad does": (first, total),
            "both are the sum of the two: keep the two apart": (total, total),
            "the two are in the wrong order": (second, first),
            "both are the gradient of l1": (first, first),
            "both are the gradient of l2": (second, second),
        },
    )


def test_two_losses_share_one_forward_and_nothing_else(device):
    f, x = counted(lambda x: 3 * x), sample((4, 3), device=device, low=0)
    x[0, 1] = x[1, 2] = 0
    # Infinite where f(x) is 0; NaN is what ∞ − ∞ and 0 · ∞ give.
    first, second = (3 * gradient_of(loss, 3 * x) for loss in (rooted, steep_and_rooted))
    mixed_first = first.where(second.isfinite(), float("nan"))
    mixed = second.where(first.isfinite(), float("nan"))

    yours = gradient_flow.two_losses_one_graph(f, rooted, steep_and_rooted, x)

    check(
        yours,
        (first, second),
        what="the two gradients, where that of l1 is infinite at [1, 2] and that of l2 at [0, 1]",
        mistakes={
            "that of l1 is in that of l2, and taken out again by a difference or by · 0": (
                first,
                mixed,
            ),
            "that of l2 is in that of l1, and taken out again by a difference or by · 0": (
                mixed_first,
                second,
            ),
            "each is in the other, and taken out again by · 0": (mixed_first, mixed),
        },
    )
    assert f.calls == 1, (
        f"f was called {f.calls} times: call it once, and back-propagate both losses through "
        "that one graph"
    )


def test_f_may_change_the_shape_and_look_at_x_itself(device):
    x, matrix = sample((4, 3), device=device), sample((3, 2), device=device)
    same = x.clone()

    with unchanged(x):
        yours = gradient_flow.two_losses_one_graph(lambda t: (t * x) @ matrix, weighted, steep, x)

    check(
        yours,
        both_gradients(lambda t: (t * same) @ matrix, x),
        what="the two gradients of a matrix product with t·x, where x is a constant",
        mistakes={
            "x itself is made to require grad for a while: track a copy of it": (
                both_gradients(lambda t: (t * t) @ matrix, x)
            )
        },
    )


def test_an_error_of_a_loss_passes_through(device):
    x = sample((4, 3), device=device)

    with raises(RuntimeError, when="l2 raises it in backward", naming=[TORCHS_WORDS]):
        gradient_flow.two_losses_one_graph(curved, steep, lambda y: steep(refusing(y)), x)


def test_two_losses_leave_an_x_that_requires_grad_as_it_was_and_may_be_nan(device):
    x, weights = ending_in_nan(a_leaf((4, 3), device)), sample((4, 3), device=device, low=0.5)
    # So small that the gradient at the largest number is not infinite, as that at infinity is.
    due = (weights * x.detach() / 32, x.detach() / 384)

    with unchanged(x):
        yours = gradient_flow.two_losses_one_graph(
            lambda x: x / 8,
            lambda y: (y.square() * weights).sum(),
            lambda y: y.square().mean(),
            x,
        )

    check(
        yours,
        due,
        what="the two gradients, where x requires grad, has a .grad, and ends in 1e6, inf and nan",
        mistakes={MADE_FINITE: tuple(gradient.nan_to_num() for gradient in due)},
    )


def test_two_losses_leave_the_parameters_of_f_as_they_were(device):
    f, x = build(lambda: nn.Linear(3, 2), device=device), sample((4, 3), device=device)

    with unchanged(f):
        yours = gradient_flow.two_losses_one_graph(f, weighted, steep, x)

    check(yours, both_gradients(f, x), what="the two gradients, where f has parameters")


def test_f_may_look_at_an_x_that_requires_grad(device):
    x = a_leaf((4, 3), device)
    same = x.detach().clone()

    yours = gradient_flow.two_losses_one_graph(lambda t: t * x, weighted, steep, x)

    check(
        yours,
        both_gradients(lambda t: t * same, x),
        what="the two gradients of t·x, where x requires grad, and is a constant",
        mistakes={
            "f is given x itself, where it is a constant too: track a copy of it": (
                both_gradients(lambda t: t * t, x)
            )
        },
    )
