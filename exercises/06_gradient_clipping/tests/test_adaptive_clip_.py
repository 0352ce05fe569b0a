import gradient_clipping
import pytest
import torch

from gradkata.checks import check, grads, one_by_one, sample, situation

from .shared import CLOSE, check_in_place, check_parameters_are_left, copies, leaf, parameters

pytestmark = pytest.mark.task("adaptive_clip_")


def clipped_by_unit(weight, grad, clipping=0.01, eps=1e-3):
    """Write equation 3 of the paper down, for one unit after another."""
    result = grad.clone()
    units = range(len(weight)) if weight.ndim >= 2 else [()]
    for unit in units:
        bound = clipping * max(weight[unit].norm(), torch.tensor(eps))
        if grad[unit].norm() > bound:
            result[unit] = grad[unit] * bound / grad[unit].norm()
    return result


def clipped_over(axes, weight, grad, clipping):
    """Clip with norms over the given axes, which may be the wrong ones."""
    weight_norm, grad_norm = (
        torch.linalg.vector_norm(t.detach(), dim=axes, keepdim=True) for t in (weight, grad)
    )
    return grad * (clipping * weight_norm.clamp(min=1e-3) / grad_norm).clamp(max=1)


def known_mistakes(weight, grad, clipping):
    """Return what adaptive clipping gives with each of its known mistakes."""
    weight, grad = weight.detach(), grad.clone()
    inside = tuple(range(1, weight.ndim)) or None
    weight_norm, grad_norm = (
        torch.linalg.vector_norm(t, dim=inside, keepdim=True) for t in (weight, grad)
    )
    first, last = (0, -1) if weight.ndim else (None, None)
    return {
        "the norms are over the whole tensor, not unit by unit": lambda: clipped_over(
            None, weight, grad, clipping
        ),
        "the norms are over axis 0, which counts the units": lambda: clipped_over(
            first, weight, grad, clipping
        ),
        "the norms are over the last axis alone": lambda: clipped_over(
            last, weight, grad, clipping
        ),
        "every element is a unit of its own": lambda: (
            grad * (clipping * weight.abs().clamp(min=1e-3) / grad.abs()).clamp(max=1)
        ),
        "gradients within the bound are scaled up to it": grad * clipping * weight_norm / grad_norm,
        "eps is added to the weight norm: it is the least norm that is assumed": (
            grad * (clipping * (weight_norm + 1e-3) / grad_norm).clamp(max=1)
        ),
        "the bound leaves the weights out: it is clipping · max(‖w‖, eps)": (
            grad * (clipping / grad_norm).clamp(max=1)
        ),
        "no .grad changes: nothing is clipped, or it is not written back": grad,
    }


def test_each_row_is_bounded_by_its_own_weights(device):
    p = leaf([[3.0, 4.0], [0.3, 0.4]], [[0.03, 0.04], [4.0, 3.0]], device)
    mistakes = known_mistakes(p, p.grad, 0.1)

    gradient_clipping.adaptive_clip_([p], clipping=0.1)

    check(
        p.grad.detach(),
        torch.tensor([[0.03, 0.04], [0.04, 0.03]], dtype=torch.float64, device=device),
        what="the gradient [[0.03, 0.04], [4, 3]] of weights [[3, 4], [0.3, 0.4]], clipped to 0.1",
        mistakes=mistakes,
        **CLOSE,
    )


def test_adaptive_clipping_leaves_no_graph_on_a_gradient(device):
    params = parameters(device)

    gradient_clipping.adaptive_clip_(params)

    graphs = [p.grad.grad_fn.name() for p in params if p.grad.requires_grad]
    assert not graphs, (
        f".grad has a graph after the call ({graphs[0]}), which goes back to the weights: "
        "take the norms of the weights without recording"
    )


def of_units_large_and_small(shape, device, dtype=torch.float64):
    """Return a leaf whose gradient is far above the bound 0.7 in one unit, and below in the next.

    A leaf that is one unit has a gradient far above. With four axes they lie as images often do.
    """
    p = sample(shape, device=device, dtype=dtype, gap=0.2)
    grad = sample(shape, device=device, dtype=dtype, gap=0.2, strided=len(shape) == 2)
    if len(shape) == 4:
        p, grad = (t.to(memory_format=torch.channels_last) for t in (p, grad))
    p.requires_grad_().grad = grad
    whole = p.grad.unsqueeze(0) if len(shape) < 2 else p.grad
    whole[::2] *= 10
    whole[1::2] *= 0.05
    return p


@pytest.mark.parametrize("shape", [(4, 3), (4, 1), (4,), (), (3, 2, 2, 2)], ids=str)
def test_a_unit_is_one_index_of_axis_0(shape, device):
    p = of_units_large_and_small(shape, device)
    mistakes = known_mistakes(p, p.grad, 0.7)
    due = clipped_by_unit(p.detach(), p.grad, 0.7)

    with situation(f"for weights of shape {shape}"):
        gradient_clipping.adaptive_clip_([p], 0.7)

    check(p.grad, due, what=f"the gradient of weights of shape {shape}", mistakes=mistakes, **CLOSE)


def test_weights_of_zeros_count_as_eps(device):
    p = sample((4, 3), device=device, low=0.5)
    row, grad = p[2].zero_(), sample((4, 3), device=device, low=0.5)
    p.grad, norms = grad.clone(), grad.norm(dim=1, keepdim=True)
    due = clipped_by_unit(p, grad, 0.1, 0.5)

    gradient_clipping.adaptive_clip_([p], 0.1, eps=0.5)

    check(
        p.grad,
        due,
        what="the gradient of weights whose third row is 0, with eps=0.5",
        mistakes={
            "eps is left out, and zero weights never move": lambda: clipped_by_unit(
                p, grad, 0.1, 0.0
            ),
            "eps is not looked at: this is for 1e-3": lambda: clipped_by_unit(p, grad, 0.1),
            "eps is the least bound: it is the least norm of the weights": lambda: (
                grad * (0.1 * p.norm(dim=1, keepdim=True)).clamp(min=0.5) / norms
            ).where(norms > (0.1 * p.norm(dim=1, keepdim=True)).clamp(min=0.5), grad),
        },
        **CLOSE,
    )
    assert not row.any(), "the weights themselves have changed: only .grad is to change"


def test_a_unit_whose_gradient_is_0_keeps_it(device):
    (p,) = parameters(device, (4, 3))
    p.grad[1] = 0
    due = clipped_by_unit(p.detach(), p.grad, 0.1)

    gradient_clipping.adaptive_clip_([p], 0.1)

    divided = due.clone()
    divided[1] = float("nan")
    check(
        p.grad,
        due,
        what="a gradient whose second row is 0",
        mistakes={"0 is divided by a norm of 0, which is NaN": divided},
        **CLOSE,
    )


def test_the_defaults_are_those_of_the_paper(device):
    params = parameters(device)
    with torch.no_grad():
        params[0][1] = 0
    due = [clipped_by_unit(p.detach(), p.grad) for p in params]

    gradient_clipping.adaptive_clip_(params)

    check(grads(params), due, what="the gradients, with clipping and eps left to default", **CLOSE)


def test_a_bound_of_a_hundred_thousandth_is_kept_to(device):
    p = leaf([[0, 0], [0, 0]], [[9.9e-6, 0.0], [6e-5, 8e-5]], device)
    norms = torch.linalg.vector_norm(p.grad, dim=1, keepdim=True)
    with_torchs_constant = p.grad * (1e-5 / (norms + 1e-6)).clamp(max=1)

    gradient_clipping.adaptive_clip_([p])

    check(
        p.grad,
        torch.tensor([[9.9e-6, 0.0], [6e-6, 8e-6]], dtype=torch.float64, device=device),
        what="gradients of norms 9.9e-6 and 1e-4 where the weights are 0 and the bound is 1e-5",
        mistakes={
            "1e-6 is added to the norm of the gradient: beside a bound of 1e-5 that is a tenth": (
                with_torchs_constant
            )
        },
        rtol=1e-5,
        atol=0,
    )


def test_adaptive_clipping_takes_a_generator_and_skips_none(device):
    params = parameters(device)
    params[0].requires_grad_(False)
    params[1].grad = None
    before = copies(grads(params))
    due = [None if p.grad is None else clipped_by_unit(p.detach(), p.grad) for p in params]

    gradient_clipping.adaptive_clip_(one_by_one(params))

    check(
        grads(params),
        due,
        what="the gradients, one None, of parameters that came from a generator",
        mistakes={
            "a first loop uses the generator up, and the next one finds nothing": before,
            "the .grad of a frozen parameter is left out": [before[0], *due[1:]],
        },
        **CLOSE,
    )


def test_adaptive_clipping_works_in_place_and_leaves_the_weights(device):
    params = parameters(device)
    values, due = copies(params), [clipped_by_unit(p.detach(), p.grad) for p in params]
    tensors, views = grads(params), [p.grad.detach() for p in params]

    gradient_clipping.adaptive_clip_(params)

    check_in_place(params, tensors, views, due)
    check_parameters_are_left(params, values)


def test_the_norm_of_a_unit_does_not_overflow_in_float16(device):
    p, due = (
        torch.tensor(rows, dtype=torch.float16, device=device)
        for rows in ([[3.0, 4.0], [300.0, 400.0]], [[0.3, 0.4], [30.0, 40.0]])
    )
    p.grad = torch.tensor([[300.0, 400.0]] * 2, dtype=torch.float16, device=device)

    gradient_clipping.adaptive_clip_([p], 0.1)

    check(
        p.grad,
        due,
        what="the gradient [[300, 400], [300, 400]] of weights [[3, 4], [300, 400]] in float16",
        mistakes={
            "300² and 400² are computed in float16, where everything above 65504 is inf: "
            "torch.linalg.vector_norm computes in float32 and gives 500": torch.tensor(
                [[0.0, 0.0], [float("nan")] * 2], dtype=torch.float16, device=device
            )
        },
        rtol=2e-3,
    )


def test_adaptive_clipping_keeps_float32_and_large_values(device):
    p = of_units_large_and_small((4, 3), device, dtype=torch.float32)
    for values in (p.detach(), p.grad):
        values *= 1e6
    due = clipped_by_unit(p.detach(), p.grad, 0.7)

    gradient_clipping.adaptive_clip_([p], 0.7)

    check(p.grad, due, what="a gradient of about 1e6 in float32", **CLOSE)
