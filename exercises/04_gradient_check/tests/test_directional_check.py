import math

import gradient_check
import pytest
import torch

from gradkata.checks import (
    ErrorOfF,
    IdentityWithoutBackward,
    check,
    counted,
    inside_no_grad,
    raises,
    sample,
    situation,
    unchanged,
)

from .shared import (
    Square,
    any_layout,
    any_odd_f,
    any_spoilt,
    coming_through,
    failing,
    with_first,
)

pytestmark = pytest.mark.task("directional_check")


def generator_on(device, seed=7):
    return torch.Generator(device=device).manual_seed(seed)


@any_layout
def test_directional_check_believes_a_right_gradient_in_any_layout(make, device):
    x, weight = make(device), make(device)

    with situation(f"given x of shape {tuple(x.shape)}"), unchanged(x):
        result = gradient_check.directional_check(
            lambda x: (weight * x.sin()).sum(), x, generator=generator_on(device)
        )

    check(result, True, what="Σ weight · sin x, whose gradient by autograd is right")


@any_spoilt
def test_directional_check_sees_through_a_wrong_backward(fault, spoil, device):
    x = sample((4, 3), device=device, gap=0.5)

    result = gradient_check.directional_check(
        lambda x: Square.apply(x, spoil).sum(), x, generator=generator_on(device)
    )

    check(result, False, what=f"Σx² with a backward of its own, whose gradient {fault}")


def test_directional_check_calls_f_three_times_and_backward_once_whatever_the_size(device):
    x = sample((2000,), device=device)
    backward = counted(lambda gradient: gradient)
    f = counted(lambda x: Square.apply(x, backward).sum())

    result = gradient_check.directional_check(f, x, generator=generator_on(device))

    assert f.calls <= 3, (
        f"f is called {f.calls} times for 2000 elements, where three do: once for autograd, and "
        "once on each side of x along one direction"
    )
    assert backward.calls <= 1, f"backward runs {backward.calls} times, where once is enough"
    check(result, True, what="Σx² of 2000 elements")


def moves(f, x, seed):
    """Return the steps that directional_check takes away from x."""
    points = []

    def watched(at):
        points.append(at.detach().clone())
        return f(at)

    generator = generator_on(x.device, seed)
    gradient_check.directional_check(watched, x, generator=generator)
    steps = [at - x for at in points]
    return [step for step in steps if step.any()]


def test_directional_check_steps_to_both_sides_along_a_direction_of_length_1(device):
    x = sample((4, 3), device=device)

    first, second = (moves(lambda x: x.square().sum(), x, seed) for seed in (1, 2))

    assert len(first) == 2, (
        f"f is asked at {len(first)} point{'s' * (len(first) != 1)} beside x: a central difference "
        "asks at two, one on each side"
    )
    there, back = first
    check(-back, there, what="the two steps are opposite", rtol=1e-4, atol=1e-12)
    ratio = (second[0].norm() / there.norm()).item()
    assert abs(ratio - 1) < 1e-4, (
        f"with another generator the step is {ratio:.3g} times as long: divide the direction by "
        "its length"
    )


def test_directional_check_draws_its_direction_from_the_generator(device):
    x = sample((40,), device=device)

    one, same, other = (moves(lambda x: x.square().sum(), x, seed)[0] for seed in (1, 1, 2))

    assert torch.allclose(one, same, rtol=1e-4, atol=0), (
        "two generators with the same seed give two directions: draw from nothing but `generator`"
    )
    alike = [torch.allclose(one, way, rtol=1e-2) for way in (other, -other)]
    assert not any(alike), (
        "generators with other seeds give the same direction: draw it from `generator`, with "
        "torch.randn(…, generator=generator)"
    )


def test_directional_check_does_not_ask_for_equality_where_the_gradient_is_0(device):
    # In a 0-d tensor the direction is 1 or -1, and the difference eps².
    x = sample((), device=device)
    away = x.clone()

    result = gradient_check.directional_check(
        lambda x: (x - away) ** 3, x, generator=generator_on(device), rtol=1e-9
    )

    assert result is not False, (
        "the gradient of (x - c)³ at c is 0, the difference eps², with a good eps 1e-10 or less, "
        "and rtol 1e-9: a tolerance relative to ‖g‖ alone is 0 here, where max(1, ‖g‖) is meant; "
        "and a step of 1e-4 is too long"
    )
    check(result, True, what="(x - c)³ at c, where the gradient is 0")


def test_directional_check_is_relative_where_the_gradient_is_large(device):
    x = sample((4, 3), device=device)

    result = gradient_check.directional_check(
        lambda x: 1e7 * x.exp().sum(), x, generator=generator_on(device)
    )

    assert result is not False, (
        "the gradient of 1e7 · Σ exp x is right, and large: an absolute tolerance asks for "
        "more digits than float64 has; rtol · max(1, ‖g‖) is meant"
    )
    check(result, True, what="1e7 · Σ exp x")


def test_directional_check_takes_one_central_difference(device):
    x = sample((4, 3), device=device)
    away = x.clone()

    result = gradient_check.directional_check(
        lambda x: 1e4 * (x - away).square().sum(), x, generator=generator_on(device)
    )

    assert result is not False, (
        "the gradient of 1e4 · Σ(x - c)² at c is 0 and is called wrong: a forward difference is "
        "off by half the step times the curvature, a central one is exact here"
    )
    check(result, True, what="1e4 · Σ(x - c)² at c")


@pytest.mark.parametrize(
    ("at", "error", "passes", "options"),
    [
        (0.0, 0.5, True, {}),
        (0.5, 1.5, False, {}),
        (5.0, 6.0, True, {}),
        (5.0, 15.0, False, {}),
        (5.0, 6.0, True, {"rtol": 0.01}),
        (0.0, 0.0, True, {"rtol": 0.0}),
    ],
)
def test_directional_check_allows_rtol_times_the_length_of_g_or_1(
    at, error, passes, options, device
):
    # In a 0-d tensor the direction is 1 or -1: the whole error lies along it.
    x = torch.tensor(at, dtype=torch.float64, device=device)
    rtol = options.get("rtol", 1e-6)

    result = gradient_check.directional_check(
        lambda x: Square.apply(x, lambda gradient: gradient + error * rtol),
        x,
        generator=generator_on(device),
        **options,
    )

    assert result is passes, (
        f"yours is {result}, {passes} is due with rtol {rtol:g}: x is 0-d, the slope is "
        f"{2 * at:g}, and autograd's g is off by {error:g}·rtol; rtol·max(1, ‖g‖) is allowed"
    )


def test_directional_check_takes_the_length_of_all_of_g(device):
    x = sample((40,), device=device)
    (step, _) = moves(lambda x: x.square().sum(), x, seed=7)
    # 0.9 of what is allowed, along the direction that the same seed gives again.
    off = 0.9e-6 * (2 * x).norm() * step / step.norm()

    result = gradient_check.directional_check(
        lambda x: Square.apply(x, lambda gradient: gradient + off).sum(),
        x,
        generator=generator_on(device, seed=7),
    )

    assert result is not False, (
        "the tolerance is smaller than rtol·max(1, ‖g‖), where ‖g‖ is the root of the sum of the "
        "squares of all elements of g: neither the largest of them nor g·v"
    )
    check(result, True, what="Σx² of 40 elements, with an error of 0.9·rtol·‖g‖ along v")


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16], ids=str)
def test_directional_check_refuses_what_is_not_float64(dtype, device):
    x = sample((4, 3), device=device, dtype=dtype)

    with raises(TypeError, when=f"x is {dtype}", advice="look at x.dtype first"):
        gradient_check.directional_check(
            lambda x: x.square().sum(), x, generator=generator_on(device)
        )


def test_directional_check_works_inside_no_grad_and_leaves_what_records(device):
    x = sample((4, 3), device=device, requires_grad=True)
    x.grad = sample((4, 3), device=device)
    weight = sample((4, 3), device=device, requires_grad=True)

    with inside_no_grad(), unchanged(x, weight):
        result = gradient_check.directional_check(
            lambda x: (weight * x.square()).sum(), x, generator=generator_on(device)
        )

    check(result, True, what="Σ weight · x², called inside torch.no_grad()")


def test_directional_check_never_passes_an_infinite_gradient(device):
    x = sample((4, 3), device=device, gap=0.5)

    def f(x):
        return Square.apply(x, lambda gradient: with_first(gradient, math.inf)).sum()

    result = gradient_check.directional_check(f, x, generator=generator_on(device))

    assert result is not True, (
        "a gradient with an infinite element passes: ‖g‖ is infinite there, and so is the "
        "tolerance; look first whether g is finite"
    )
    check(result, False, what="Σx² with a gradient whose first element is infinite")


@any_odd_f
def test_directional_check_takes_any_f(given, f, device):
    x = sample((), device=device, low=0.5)

    with situation(given):
        result = gradient_check.directional_check(f, x, generator=generator_on(device))

    check(result, True, what=given)


def test_directional_check_lets_an_error_of_f_through_and_recording_stays_off(device):
    x, generator = sample((3,), device=device), generator_on(device)

    with inside_no_grad(), coming_through(ErrorOfF, "the backward of f"):
        gradient_check.directional_check(
            lambda x: IdentityWithoutBackward.apply(x).sum(), x, generator=generator
        )

    f = failing(lambda x: x.square().sum(), 3, KeyboardInterrupt)
    with inside_no_grad(), unchanged(x), coming_through(KeyboardInterrupt, "f, in call 3,"):
        gradient_check.directional_check(f, x, generator=generator)
