import gradient_flow
import pytest
import torch

from gradkata.checks import (
    a_leaf,
    check,
    copies,
    counted,
    either_dtype,
    grads,
    one_by_one,
    raises,
    sample,
    situation,
    weighted,
)

from .shared import MADE_FINITE, TORCHS_WORDS, ending_in_nan, gradient_of, refusing

pytestmark = pytest.mark.task("accumulate_")


def two_parameters(device, *, grad, **options):
    return [
        a_leaf((4, 3), device, grad=grad, **options),
        a_leaf((4, 1), device, grad=grad, **options),
    ]


def losses_of(w, b):
    """Return losses of two parameters, each with a graph of its own."""
    return [
        lambda: weighted(w * b),
        lambda: (w + b.exp()).square().mean(),
        lambda: weighted(w / 2 - b, 3),
    ]


def gradient_of_each(loss_fns, params):
    return [list(torch.autograd.grad(loss_fn(), params)) for loss_fn in loss_fns]


def sums(gradients):
    return [sum(column) for column in zip(*gradients, strict=True)]


@either_dtype
def test_accumulating_leaves_the_sum_over_all_losses(dtype, device):
    params = two_parameters(device, grad=False, dtype=dtype)
    loss_fns = losses_of(*params)
    each = gradient_of_each(loss_fns, params)

    gradient_flow.accumulate_(params, loss_fns)

    check(
        grads(params),
        sums(each),
        what=".grad after three losses",
        mistakes={
            "only the last loss counts, as when .grad is cleared between the losses": each[-1],
            "only the first loss counts": each[0],
            "no loss is back-propagated": [None, None],
        },
    )


def test_accumulating_starts_without_stale_gradients(device):
    params = two_parameters(device, grad=True)
    loss_fns = losses_of(*params)
    stale, each = copies(grads(params)), gradient_of_each(loss_fns, params)

    gradient_flow.accumulate_(params, loss_fns)

    check(
        grads(params),
        sums(each),
        what=".grad of parameters that had one before the call",
        mistakes={"what .grad held before the call is added in": sums([stale, *each])},
    )


def test_accumulating_takes_generators(device):
    params = two_parameters(device, grad=True)
    loss_fns = losses_of(*params)
    stale, each = copies(grads(params)), gradient_of_each(loss_fns, params)

    gradient_flow.accumulate_(one_by_one(params), one_by_one(loss_fns))

    check(
        grads(params),
        sums(each),
        what=".grad, with params and loss_fns given as generators",
        mistakes={
            "params or loss_fns is used up by a first loop, and a second one finds nothing": [
                None,
                None,
            ],
            "params is used up before the loop that drops stale gradients": sums([stale, *each]),
            "a generator is used up by a first loop, and what follows finds nothing": stale,
        },
    )


def test_a_parameter_gets_the_gradient_of_those_losses_that_use_it(device):
    (w, b), unused = two_parameters(device, grad=True), a_leaf((2,), device)
    stale = unused.grad.clone()
    due = [gradient_of(weighted, w), gradient_of(lambda b: weighted(b, 3), b)]

    gradient_flow.accumulate_(
        one_by_one([w, b, unused]), [lambda: weighted(w), lambda: weighted(b, 3)]
    )

    check(
        grads([w, b, unused]),
        [*due, None],
        what=".grad of three parameters from a generator, of which no loss uses the third",
        mistakes={
            "stale gradients are zeroed, not dropped": [*due, torch.zeros_like(stale)],
            "only parameters that a loss uses lose their stale gradient": [*due, stale],
            "the gradient of a loss that does not use a parameter takes away what was there": [
                None,
                due[1],
                None,
            ],
        },
    )


def test_parameters_with_one_gradient_get_a_tensor_each(device):
    a, b = (a_leaf((4, 3), device, grad=False) for _ in range(2))
    weights = ending_in_nan(sample((4, 3), device=device))

    gradient_flow.accumulate_([a, b], [lambda: ((a + b) * weights).sum()] * 2)

    check(
        grads([a, b]),
        [2 * weights] * 2,
        what=".grad of a and b after two losses Σ(a + b)·w, w ending in 1e6, inf and nan",
        mistakes={
            "a and b share one tensor as .grad, and each adds to it": lambda: [3 * weights] * 2,
            MADE_FINITE: lambda: [(2 * weights).nan_to_num()] * 2,
        },
    )

    gradient_flow.accumulate_([a, b], [lambda: (a + b).sum()])
    with situation("after one loss Σ(a + b), where a.grad is edited in place"):
        a.grad.add_(weights)

    check(
        grads([a, b]),
        [1 + weights, torch.ones_like(weights)],
        what=".grad of a and b after one loss Σ(a + b), where a.grad was edited in place since",
        mistakes={"a and b share one tensor as .grad": [1 + weights] * 2},
    )


def test_a_parameter_that_is_used_with_no_effect_gets_zeros(device):
    p = a_leaf((4, 3), device)

    gradient_flow.accumulate_([p], [lambda: (p * 0).sum()])

    check(p.grad, torch.zeros_like(p).detach(), what=".grad of a parameter that is used, times 0")


def test_an_error_of_a_loss_passes_through(device):
    p = a_leaf((4, 3), device)

    with raises(RuntimeError, when="a loss raises it in backward", naming=[TORCHS_WORDS]):
        gradient_flow.accumulate_([p], [lambda: weighted(p), lambda: weighted(refusing(p))])


def test_accumulating_calls_each_loss_once_and_keeps_the_parameters(device):
    params = two_parameters(device, grad=True)
    before = copies(params)
    loss_fns = [counted(loss_fn) for loss_fn in losses_of(*params)]

    gradient_flow.accumulate_(params, loss_fns)

    calls = [loss_fn.calls for loss_fn in loss_fns]
    assert calls == [1, 1, 1], f"the three losses were called {calls} times: call each once"
    check(copies(params), before, what="the values of the parameters")
