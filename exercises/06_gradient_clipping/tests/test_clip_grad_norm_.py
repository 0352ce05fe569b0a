import gradient_clipping
import pytest
import torch
from torch import Tensor

from gradkata.checks import check, grads, one_by_one, raises, sample, situation, stale_memory

from .shared import (
    CLOSE,
    CLOSE_BELOW,
    INF,
    NAN,
    TORCHS_CLIPPING,
    check_in_place,
    check_parameters_are_left,
    clipped,
    clipped_each,
    copies,
    leaf,
    norm_of,
    own,
    parameters,
    times,
    tiny,
    torch_clips,
)

pytestmark = pytest.mark.task("clip_grad_norm_")


@pytest.mark.forbid(*TORCHS_CLIPPING, reason="measure and scale the gradients yourself")
def test_clipping_scales_all_gradients_by_one_factor(device):
    params = [leaf([1, 1], [3, -4], device), leaf([[1]], [[12]], device)]
    before = copies(grads(params))

    own("clip_grad_norm_")(params, 3.25)

    check(
        grads(params),
        times(0.25, before),
        what="the gradients [3, -4] and [[12]], clipped to norm 3.25",
        mistakes={
            "nothing is clipped": before,
            "each parameter is clipped by itself": clipped_each(before, 3.25),
            "each element is clipped: that is clip_grad_value_": [
                g.clamp(-3.25, 3.25) for g in before
            ],
            "the norms of the parameters, 5 and 12, are added up": times(3.25 / 17, before),
            "max_norm bounds the square of the norm: the root is left out": times(
                3.25 / 169, before
            ),
            "the gradients are scaled twice": times(0.25**2, before),
            "the gradients are brought to norm 1": times(1 / 13, before),
        },
        **CLOSE,
    )


@pytest.mark.parametrize("norm_type", [2, 3, INF])
def test_clipping_returns_the_norm_before_clipping(norm_type, device):
    params = parameters(device)
    before = copies(grads(params))
    due = torch.nn.utils.get_total_norm(before, norm_type)

    norm = gradient_clipping.clip_grad_norm_(params, 0.5, norm_type)

    check(
        norm,
        due,
        what=f"the norm of order {norm_type} that is returned",
        mistakes={
            "it is computed after clipping": lambda: norm_of(grads(params), norm_type),
            "the smaller of the norm and max_norm is returned": 0.5,
            "norm_type is not looked at: this is the 2-norm": norm_of(before),
            "∞ is taken as a power: x ** (1 / inf) is x ** 0, which is 1 for every x": 1.0,
            "the 1e-6 that guards the division is added to the norm as well": due + 1e-6,
            "the factor is returned in place of the norm": 0.5 / due,
        },
    )


@pytest.mark.parametrize("norm_type", [1, 2, 3, INF])
def test_clipping_bounds_the_norm_of_any_order(norm_type, device):
    params = parameters(device)
    before = copies(grads(params))
    due = torch_clips(params, 0.5, norm_type)

    gradient_clipping.clip_grad_norm_(params, 0.5, norm_type)

    check(
        grads(params),
        due,
        what=f"the gradients, clipped to a norm of 0.5 and order {norm_type}",
        mistakes={
            "norm_type is not looked at: this is for the 2-norm": clipped(before, 0.5),
            "each parameter is clipped by itself": clipped_each(before, 0.5, norm_type),
            "∞ is taken as a power, which makes every norm 1": times(0.5, before),
            "nothing is clipped": before,
        },
        **CLOSE,
    )


@pytest.mark.parametrize("norm_type", [2, INF])
def test_gradients_below_the_bound_keep_their_values(norm_type, device):
    params = tiny(parameters(device))
    before = copies(grads(params))

    gradient_clipping.clip_grad_norm_(params, 100.0, norm_type)

    check(
        grads(params),
        before,
        what="the gradients, whose norm is below 1e-6, with max_norm = 100",
        mistakes={
            "the gradients are always scaled to max_norm, up too": times(
                100 / norm_of(before, norm_type), before
            ),
            "the gradients are always scaled by max_norm / (norm + 1e-6), up too": times(
                100 / (norm_of(before, norm_type) + 1e-6), before
            ),
            "∞ is taken as a power, which makes every norm 1, and small ones are scaled up": times(
                100.0, before
            ),
            "1e-6 is subtracted from the norm, and the factor is negative": times(
                100 / (norm_of(before, norm_type) - 1e-6), before
            ),
        },
        **CLOSE,
    )


def test_gradients_whose_norm_is_the_bound_keep_their_values(device):
    params = [leaf([1, 1], [0.09, -0.12], device), leaf([[1]], [[0.36]], device)]
    before = copies(grads(params))

    gradient_clipping.clip_grad_norm_(params, 0.39)

    # torch's own 0.39 / (0.39 + 1e-6) is as good.
    check(
        grads(params),
        before,
        what="the gradients, whose norm is max_norm",
        mistakes={
            "1e-5 is added to the norm: no more than torch's 1e-6 is due": times(
                0.39 / (0.39 + 1e-5), before
            )
        },
        **CLOSE,
    )


def test_clipping_skips_a_parameter_without_a_gradient_and_no_other(device):
    params = parameters(device)
    params[0].requires_grad_(False)
    params[1].grad = None
    due = torch_clips(params, 0.5)
    without_frozen = [*copies(grads(params[:2])), *torch_clips(params[2:], 0.5)]

    gradient_clipping.clip_grad_norm_(params, 0.5)

    check(
        grads(params),
        due,
        what="the gradients, one of them None, and one that of a frozen parameter",
        mistakes={"the .grad of a frozen parameter is left out": without_frozen},
        **CLOSE,
    )


def test_clipping_takes_a_generator(device):
    params = parameters(device)
    before, due = copies(grads(params)), torch_clips(params, 0.5)

    gradient_clipping.clip_grad_norm_(one_by_one(params), 0.5)

    check(
        grads(params),
        due,
        what="the gradients of parameters that came from a generator",
        mistakes={
            "the loop for the norm uses the generator up, and the one that scales finds nothing": (
                before
            )
        },
        **CLOSE,
    )


def test_gradients_of_zeros_stay_zeros(device):
    params = parameters(device)
    for p in params:
        p.grad.zero_()
    before = copies(grads(params))

    norm = gradient_clipping.clip_grad_norm_(params, 0.5)

    check(
        grads(params),
        before,
        what="gradients of zeros, clipped",
        mistakes={"they are multiplied by a quotient with the norm, 0, below": times(INF, before)},
    )
    check(norm, torch.zeros((), dtype=torch.float64, device=device), what="the norm of zeros")


def test_clipping_works_in_place_and_leaves_the_parameters(device):
    params = parameters(device)
    values, due = copies(params), torch_clips(params, 0.5)
    tensors, views = grads(params), [p.grad.detach() for p in params]

    gradient_clipping.clip_grad_norm_(params, 0.5)

    check_in_place(params, tensors, views, due)
    check_parameters_are_left(params, values)


def test_clipping_keeps_float32_and_takes_a_large_norm(device):
    params = parameters(device, dtype=torch.float32)
    for p in params:
        p.grad *= 1e6
    due_norm, due = norm_of(grads(params)), torch_clips(params, 0.5)

    norm = gradient_clipping.clip_grad_norm_(params, 0.5)

    check(norm, due_norm, what="the norm of gradients of about 1e6 in float32")
    check(grads(params), due, what="gradients of about 1e6 in float32", **CLOSE)


def test_the_norm_that_clipping_returns_has_no_graph(device):
    p = sample((4, 3), device=device, requires_grad=True)
    (p.grad,) = torch.autograd.grad(p.exp().sum(), p, create_graph=True)
    due_norm, (due,) = norm_of([p.grad]), torch_clips([p], 0.5)

    norm = gradient_clipping.clip_grad_norm_([p], 0.5)

    check(norm, due_norm, what="the norm of a gradient from create_graph=True")
    check(p.grad.detach(), due, what="a gradient from create_graph=True, clipped", **CLOSE)


def test_clipping_no_gradients_returns_0(device):
    params = [sample((3,), device=device, requires_grad=True) for _ in range(2)]

    with situation("without any parameter"):
        gradient_clipping.clip_grad_norm_([], 0.5)
    with stale_memory(), situation("without any gradient"):
        norm = gradient_clipping.clip_grad_norm_(params, 0.5)

    assert isinstance(norm, Tensor), (
        f"without any gradient yours is of type {type(norm).__name__}; a 0-d tensor is due"
    )
    check(
        norm.to(device, torch.float64),
        torch.zeros((), dtype=torch.float64, device=device),
        what="the norm of no gradients",
        mistakes={
            "what torch.empty makes is not 0 but what its memory held, here NaN": torch.tensor(
                float("nan"), dtype=torch.float64, device=device
            )
        },
    )


@pytest.mark.parametrize("bad", [INF, NAN], ids=str)
def test_an_infinite_norm_is_no_error_unless_that_is_asked(bad, device):
    params = parameters(device)
    params[1].grad[2] = bad

    with situation(f"with a gradient of {bad}, and error_if_nonfinite left at False"):
        norm = gradient_clipping.clip_grad_norm_(params, 0.5, INF)

    check(
        norm,
        torch.tensor(bad, dtype=torch.float64, device=device),
        what=f"the norm of order inf, an element of the gradients being {bad}",
    )


@pytest.mark.parametrize(("bad", "norm_type"), [(INF, 7), (-INF, 7), (NAN, 7), (NAN, INF)], ids=str)
def test_a_norm_that_is_not_finite_is_an_error_if_asked_before_anything_changes(
    bad, norm_type, device
):
    params = parameters(device)
    params[1].grad[2] = bad
    before = copies(grads(params))

    with raises(
        RuntimeError,
        when=f"error_if_nonfinite=True, norm_type={norm_type}, and an element of the gradients is "
        f"{bad}",
        naming=[str(norm_type)],
    ):
        gradient_clipping.clip_grad_norm_(params, 0.5, norm_type, error_if_nonfinite=True)

    check(
        grads(params),
        before,
        what="the gradients after the RuntimeError",
        mistakes={
            "the gradients are scaled before the error is raised": lambda: clipped(
                before, 0.5, norm_type
            )
        },
    )


def test_finite_elements_whose_norm_is_infinite_are_an_error_too_if_asked(device):
    p = leaf([1, 1], [1.5e308, 1.5e308], device)
    before = p.grad.clone()

    with raises(
        RuntimeError,
        when="error_if_nonfinite=True, and the norm of the gradient [1.5e308, 1.5e308] is infinite",
        advice="ask whether the norm is finite, not the elements, which are",
    ):
        gradient_clipping.clip_grad_norm_([p], 0.5, error_if_nonfinite=True)

    check(p.grad, before, what="the gradient after the RuntimeError")


def test_a_finite_norm_is_clipped_also_when_errors_are_asked_for(device):
    params = parameters(device)
    for p in params:
        p.grad *= 1e-4
    before = copies(grads(params))

    gradient_clipping.clip_grad_norm_(params, 1e-4, error_if_nonfinite=True)

    check(
        grads(params),
        clipped(before, 1e-4),
        what="gradients with a norm below 1e-3, clipped to 1e-4 with error_if_nonfinite=True",
        mistakes={"nothing is clipped": before},
        **CLOSE_BELOW,
    )
