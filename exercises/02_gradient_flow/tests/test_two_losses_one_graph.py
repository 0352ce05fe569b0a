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
    sample,
    unchanged,
    weighted,
)

from .shared import gradient_of

pytestmark = pytest.mark.task("two_losses_one_graph")


def steep(y):
    return (y.exp() / 3).mean()


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


def test_two_losses_share_one_forward(device):
    f = counted(curved)

    gradient_flow.two_losses_one_graph(f, weighted, steep, sample((4, 3), device=device))

    assert f.calls == 1, (
        f"f was called {f.calls} times: call it once, and back-propagate both losses through "
        "that one graph"
    )


def test_f_may_change_the_shape(device):
    x, matrix = sample((4, 3), device=device), sample((3, 2), device=device)

    yours = gradient_flow.two_losses_one_graph(lambda x: x @ matrix, weighted, steep, x)

    due = both_gradients(lambda x: x @ matrix, x)
    check(yours, due, what="the two gradients, with f(x) of another shape than x")


def test_two_losses_leave_an_x_that_requires_grad_as_it_was(device):
    x = a_leaf((4, 3), device)

    with unchanged(x):
        yours = gradient_flow.two_losses_one_graph(curved, weighted, steep, x)

    due = both_gradients(curved, x)
    check(yours, due, what="the two gradients, where x requires grad and has a .grad")


def test_two_losses_leave_the_parameters_of_f_as_they_were(device):
    f, x = build(lambda: nn.Linear(3, 2), device=device), sample((4, 3), device=device)

    with unchanged(f):
        yours = gradient_flow.two_losses_one_graph(f, weighted, steep, x)

    check(yours, both_gradients(f, x), what="the two gradients, where f has parameters")
