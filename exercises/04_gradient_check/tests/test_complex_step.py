import gradient_check
import pytest
import torch

from gradkata.checks import check, inside_no_grad, sample, situation, tracked_copies, unchanged

from .shared import (
    ALIAS,
    COPY,
    any_failure,
    any_layout,
    coming_through,
    failing,
    without_autograd,
)

pytestmark = pytest.mark.task("complex_step")


def gradient_by_autograd(f, x):
    """Return torch's own gradient of a scalar function."""
    (leaf,) = tracked_copies(x)
    return torch.autograd.grad(f(leaf), leaf)[0]


@without_autograd
def test_complex_step_takes_a_step_whose_square_is_lost(device):
    x = torch.tensor([1.0, -2.0, 3.0], dtype=torch.float64, device=device)

    result = gradient_check.complex_step(lambda x: (x**3).sum(), x)

    epsilon = torch.finfo(x.dtype).eps
    steps = [1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6, epsilon ** (1 / 3), (epsilon / 2) ** (1 / 3)]
    too_large = "whose square is not lost in rounding: take 1e-20"
    check(
        result,
        3 * x**2,
        what="Σx³ at [1, -2, 3]",
        mistakes={
            **{f"the imaginary step is {h:g}, {too_large}": 3 * x**2 - h**2 for h in steps},
            "all elements are moved at once: move one at a time": torch.full_like(x, 42),
            "the steps of earlier elements stay in x: start from x each time": (
                torch.cumsum(3 * x**2, 0)
            ),
            "the real part is taken: the imaginary part is the derivative times h": (
                torch.full_like(x, 20 / 1e-20)
            ),
        },
        rtol=1e-14,
        atol=1e-14,
    )


@any_layout
def test_complex_step_is_accurate_to_the_last_digits_in_any_layout(make, device):
    x = make(device)
    weight = sample(x.shape, device=device)

    def f(x):
        return (weight * x.exp() * x.sin()).sum()

    with situation(f"given x of shape {tuple(x.shape)}"):
        result = gradient_check.complex_step(f, x)

    check(
        result,
        gradient_by_autograd(f, x),
        what="Σ weight · exp x · sin x",
        mistakes={COPY: torch.zeros_like(x)},
        rtol=1e-14,
        atol=1e-14,
    )


@pytest.mark.parametrize(
    ("name", "f"),
    [
        ("Σ tanh x · Σ sin x", lambda x: x.tanh().sum() * x.sin().sum()),
        ("Σ x³ / (3 + x²)", lambda x: (x**3 / (3 + x**2)).sum()),
        ("Σ -exp(-x) / x", lambda x: (-(-x).exp() / x).sum()),
    ],
    ids=["tanh", "quotient", "minus"],
)
def test_complex_step_takes_what_functions_are_made_of(name, f, device):
    x = sample((4, 3), device=device, gap=0.5)

    result = gradient_check.complex_step(f, x)

    check(result, gradient_by_autograd(f, x), what=name, rtol=1e-14, atol=1e-14)


def test_complex_step_takes_a_function_that_returns_its_argument(device):
    x = sample((), device=device)

    result = gradient_check.complex_step(lambda x: x, x)

    check(
        result,
        torch.ones_like(x),
        what="f(x) = x, returned as it came",
        mistakes={ALIAS: torch.zeros_like(x)},
    )


def test_complex_step_keeps_float32(device):
    x = sample((4, 3), device=device, dtype=torch.float32)

    result = gradient_check.complex_step(lambda x: (x.exp() * x.sin()).sum(), x)

    check(result, x.exp() * (x.sin() + x.cos()), what="Σ exp x · sin x in float32")


def test_complex_step_leaves_an_x_that_records_and_returns_no_graph(device):
    x = sample((4, 3), device=device, requires_grad=True)
    x.grad = sample((4, 3), device=device)
    weight = sample((4, 3), device=device, requires_grad=True)

    with situation("given an x and an f that record"), unchanged(x, weight):
        result = gradient_check.complex_step(lambda x: (weight * x**2).sum(), x)

    check(result, (2 * weight * x).detach(), what="Σ weight · x²", rtol=1e-14, atol=1e-14)


def test_complex_step_works_inside_no_grad(device):
    x = sample((4, 3), device=device)

    with inside_no_grad(), unchanged(x):
        result = gradient_check.complex_step(lambda x: (x**2).sum(), x)

    check(result, 2 * x, what="Σx², called inside torch.no_grad()", rtol=1e-14, atol=1e-14)


@any_failure
def test_complex_step_leaves_x_as_it_was_when_f_raises(call, error, device):
    x = sample((4, 3), device=device)
    f = failing(lambda x: (x**2).sum(), call, error)

    with unchanged(x), coming_through(error, f"f, in call {call},"):
        gradient_check.complex_step(f, x)
