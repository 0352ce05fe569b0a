import gradient_flow
import pytest
import torch

from gradkata.checks import (
    a_leaf,
    any_layout,
    check,
    copies,
    counted,
    either_dtype,
    raises,
    weighted,
)

from .shared import TORCHS_WORDS, backward_raises, ending_in_nan, gradient_of, refusing

pytestmark = pytest.mark.task("backward_times_")


def loss_that_saves(x):
    """Return a loss, and a tensor inside its graph; exp saves its result for backward."""
    inside = x.exp()
    return weighted(inside), inside


@pytest.mark.parametrize("n", [1, 4])
def test_n_passes_give_n_times_the_gradient(n, device):
    x = a_leaf((4, 3), device, grad=False)
    loss, _ = loss_that_saves(x)
    once = gradient_of(lambda x: loss_that_saves(x)[0], x)

    gradient_flow.backward_times_(loss, n)

    check(
        x.grad,
        n * once,
        what=f".grad for n = {n}",
        mistakes={
            "backward runs n + 1 times": (n + 1) * once,
            "backward runs once, whatever n is": once,
            "backward runs n - 1 times": (n - 1) * once if n > 1 else None,
            "backward runs twice at most": 2 * once,
        },
    )


@any_layout
@either_dtype
def test_passes_add_to_the_gradient_that_is_there(dtype, layout, device):
    x = a_leaf(**layout, device=device, dtype=dtype)
    stale = x.grad.clone()
    loss, _ = loss_that_saves(x)
    once = gradient_of(lambda x: loss_that_saves(x)[0], x)

    gradient_flow.backward_times_(loss, 3)

    check(
        x.grad,
        stale + 3 * once,
        what=".grad of a leaf that had one before the call, n = 3",
        mistakes={
            "what .grad held before the call is dropped": 3 * once,
            "what .grad held before the call is multiplied by n too": 3 * stale + 3 * once,
        },
    )


@pytest.mark.parametrize("n", [1, 3])
def test_the_last_pass_frees_the_graph(n, device):
    x = a_leaf((4, 3), device, grad=False)
    loss, _ = loss_that_saves(x)
    before = copies([x, loss])

    gradient_flow.backward_times_(loss, n)

    check(copies([x, loss]), before, what="the values of x and of the loss")
    assert backward_raises(loss), (
        f"after backward_times_(loss, {n}) one more loss.backward() goes through: the graph is "
        "still there. Keep it for the passes before the last one only"
    )


@pytest.mark.parametrize("n", [1, 3])
def test_a_hook_inside_the_graph_runs_in_each_pass(n, device):
    loss, inside = loss_that_saves(a_leaf((4, 3), device, grad=False))
    hook = counted(lambda grad: None)
    inside.register_hook(hook)

    gradient_flow.backward_times_(loss, n)

    assert hook.calls == n, (
        f"a hook on a tensor inside the graph ran {hook.calls} times for n = {n}: "
        "run backward n times; one pass with n times the gradient is not the same"
    )


def test_each_pass_carries_the_gradient_itself(device):
    loss, inside = loss_that_saves(a_leaf((4, 3), device, grad=False))
    weights = ending_in_nan(torch.ones_like(inside).detach())
    once = gradient_of(weighted, inside) + weights
    seen = []
    inside.register_hook(lambda grad: seen.append(grad.clone()))

    gradient_flow.backward_times_(loss + (weights * inside).sum(), 3)

    check(
        seen,
        [once, once, once],
        what="gradients that a hook inside the graph saw, n = 3, of a loss that is NaN",
        mistakes={"the loss is made a number, and its gradient is 0": [0 * once] * 3},
    )


def test_an_error_in_a_pass_passes_through(device):
    loss, _ = loss_that_saves(refusing(a_leaf((4, 3), device)))

    with raises(RuntimeError, when="backward raises it", naming=[TORCHS_WORDS]):
        gradient_flow.backward_times_(loss, 2)
