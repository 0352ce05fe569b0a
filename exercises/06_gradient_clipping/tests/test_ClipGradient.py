import gradient_clipping
import pytest
import torch

from gradkata.checks import any_layout, backward_of, check, node_of, sample, situation, unchanged

from .shared import CLOSE, CLOSE_BELOW, INF, MADE_FINITE, NAN, clipped, norm_of

pytestmark = pytest.mark.task("ClipGradient")


def bounded(cotangent, max_norm):
    return clipped([cotangent], max_norm)[0]


@any_layout
def test_forward_gives_x(layout, device):
    x = sample(**layout, device=device)

    with unchanged(x):
        y = gradient_clipping.ClipGradient.apply(x, 0.1)

    check(
        y,
        x,
        what="forward",
        mistakes={
            "forward clips x: it is the gradient that is to be clipped": bounded(x, 0.1),
            "forward clamps x: it is the gradient that is to be clipped": x.clamp(-0.1, 0.1),
        },
    )


@any_layout
def test_backward_scales_what_comes_in_to_the_bound(layout, device):
    x, cotangent = (sample(**layout, device=device, low=0.5) for _ in range(2))

    gradients = backward_of(gradient_clipping.ClipGradient, (x, 0.4), cotangent)

    last = -1 if cotangent.ndim else None
    rows = torch.linalg.vector_norm(cotangent, dim=last, keepdim=True)
    mistakes = {
        "what comes in is returned, as is right within the bound only": cotangent,
        "each element is clipped by itself": cotangent.clamp(-0.4, 0.4),
        "each row is clipped by itself": cotangent * (0.4 / rows).clamp(max=1),
        "it is brought to norm 1": bounded(cotangent, 1),
        "x is clipped and returned: clip grad_output": bounded(x, 0.4),
        "max_norm is divided by the square of the norm": cotangent
        * 0.4
        / norm_of([cotangent]) ** 2,
    }
    check(
        gradients,
        (bounded(cotangent, 0.4), None),
        what="backward",
        mistakes={words: (value, None) for words, value in mistakes.items()},
        **CLOSE,
    )


def test_backward_passes_a_small_gradient_on_as_it_is(device):
    x, cotangent = sample((4, 3), device=device), 1e-7 * sample((4, 3), device=device)

    gradients = backward_of(gradient_clipping.ClipGradient, (x, 100.0), cotangent)

    mistakes = {
        "it is always scaled to max_norm, up too": 100 * cotangent / norm_of([cotangent]),
        "1e-6 is subtracted from the norm, and the factor is negative": (
            100 * cotangent / (norm_of([cotangent]) - 1e-6)
        ),
    }
    check(
        gradients,
        (cotangent, None),
        what="backward of a gradient whose norm is below 1e-6, with max_norm = 100",
        mistakes={words: (value, None) for words, value in mistakes.items()},
        **CLOSE,
    )


def test_backward_passes_zeros_on_as_zeros(device):
    x = sample((4, 3), device=device)
    zeros = torch.zeros_like(x)

    with situation("given zeros, whose norm is 0"):
        gradients = backward_of(gradient_clipping.ClipGradient, (x, 0.4), zeros)

    check(
        gradients,
        (zeros, None),
        what="backward of zeros, whose norm is 0",
        mistakes={"max_norm / 0, which is infinite, multiplies them": (INF * zeros, None)},
    )


def test_each_call_keeps_its_own_bound(device):
    x = sample((4, 3), device=device, low=0.5, requires_grad=True)
    y = gradient_clipping.ClipGradient.apply(x, 4e5)
    gradient_clipping.ClipGradient.apply(x, 8e5)
    cotangent = 1e6 * sample((4, 3), device=device, low=0.5)

    (gradient,) = torch.autograd.grad(y, x, cotangent)

    check(
        gradient,
        bounded(cotangent, 4e5),
        what="backward of about 1e6 with bound 4e5, after another call with 8e5",
        mistakes={
            "the bound is kept where the next call overwrites it: keep it on ctx": bounded(
                cotangent, 8e5
            )
        },
        **CLOSE,
    )


def test_in_a_graph_what_lies_before_gets_the_clipped_gradient(device):
    x, weights = sample((4, 3), device=device, requires_grad=True), sample((4, 3), device=device)

    y = gradient_clipping.ClipGradient.apply(x.exp(), 0.3)
    (y.square() * weights).sum().backward()

    node_of(gradient_clipping.ClipGradient, y)
    h = x.detach().exp()
    unclipped = 2 * h * weights
    check(
        x.grad,
        h * bounded(unclipped, 0.3),
        what="the gradient of Σ w · clip(eˣ)² for x",
        mistakes={"the gradient of x is clipped, not that of eˣ": bounded(h * unclipped, 0.3)},
        **CLOSE,
    )


def test_the_clipped_gradient_keeps_float32(device):
    x, cotangent = (sample((4, 3), device=device, dtype=torch.float32, low=0.5) for _ in range(2))
    x[1] = x.new_tensor([1e6, INF, NAN])
    cotangent *= 1e-4

    check(
        gradient_clipping.ClipGradient.apply(x, 1e-4),
        x,
        what="forward of an x that is 1e6, inf and NaN in one row",
        mistakes={MADE_FINITE: x.nan_to_num()},
    )
    (gradient, _) = backward_of(gradient_clipping.ClipGradient, (x, 1e-4), cotangent)
    check(
        gradient,
        bounded(cotangent, 1e-4),
        what="backward of a gradient with a norm below 1e-3, with max_norm = 1e-4",
        mistakes={"what comes in is returned, as is right within the bound only": cotangent},
        **CLOSE_BELOW,
    )


def test_the_norm_does_not_overflow_in_float16(device):
    x, cotangent, due = (
        torch.tensor(values, dtype=torch.float16, device=device)
        for values in ([0.0, 0.0], [300.0, 400.0], [3.0, 4.0])
    )

    gradients = backward_of(gradient_clipping.ClipGradient, (x, 5.0), cotangent)

    check(
        gradients,
        (due, None),
        what="backward of [300, 400] in float16, with max_norm = 5",
        mistakes={
            "300² and 400² are computed in float16, where everything above 65504 is inf: "
            "torch.linalg.vector_norm computes in float32 and gives 500": (0 * cotangent, None)
        },
        rtol=2e-3,
    )
