"""Each function is compared with torch's own, or with its formula, and by what it leaves alone."""

import copy
from collections import Counter

import gradient_clipping
import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.overrides import TorchFunctionMode

from gradkata.checks import (
    backward_of,
    build,
    check,
    node_of,
    raises,
    sample,
    situation,
    unchanged,
)

INF = float("inf")
# torch's own clipping divides by norm + 1e-6; without that it is as good.
CLOSE = {"rtol": 1e-5}
# The same after sums, in which large terms may cancel.
CLOSE_SUMS = {"rtol": 1e-5, "atol": 1e-6}

TORCHS_CLIPPING = (
    "torch.nn.utils.clip_grad_norm_",
    "torch.nn.utils.get_total_norm",
    "torch.nn.utils.clip_grads_with_norm_",
)
any_layout = pytest.mark.parametrize(
    "layout",
    [{"shape": (4, 3)}, {"shape": (4, 1)}, {"shape": ()}, {"shape": (4, 3), "strided": True}],
    ids=["matrix", "column", "0-d", "strided"],
)


def own(name):
    """Return the learner's function of that name, which must not be torch's itself."""
    function = getattr(gradient_clipping, name)
    home = getattr(function, "__module__", None)
    assert home == gradient_clipping.__name__, (
        f"{name} is not written in gradient_clipping.py but comes from {home}; this task asks "
        f"to do without torch's own: write the body of {name}"
    )
    return function


def leaf(values, grad, device):
    p = torch.tensor(values, dtype=torch.float64, device=device, requires_grad=True)
    p.grad = torch.tensor(grad, dtype=torch.float64, device=device)
    return p


def parameters(device, *shapes, dtype=torch.float64):
    """Return leaves with random gradients, the last of which is strided.

    No element is so small that the 1e-6 in torch's formula would be seen.
    """
    shapes = shapes or ((4, 3), (4, 1), (), (2, 3))
    params = [sample(shape, device=device, dtype=dtype, requires_grad=True) for shape in shapes]
    for p in params:
        strided = p is params[-1]
        p.grad = sample(p.shape, device=device, dtype=dtype, gap=0.2, strided=strided)
    return params


def one_by_one(items):
    """Give the items as a generator, which can be gone through once."""
    yield from items


def grads(params):
    return [p.grad for p in params]


def copies(tensors):
    return [None if t is None else t.detach().clone() for t in tensors]


def times(factor, tensors):
    return [factor * t.detach() for t in tensors]


def norms_of(tensors, norm_type=2.0):
    return torch.stack([torch.linalg.vector_norm(t.detach(), norm_type) for t in tensors])


def norm_of(tensors, norm_type=2.0):
    return torch.linalg.vector_norm(norms_of(tensors, norm_type), norm_type)


def clipped(tensors, max_norm, norm_type=2.0):
    """Return the tensors, scaled together so that their norm is at most max_norm."""
    return times((max_norm / norm_of(tensors, norm_type)).clamp(max=1), tensors)


def clipped_each(tensors, max_norm, norm_type=2.0):
    """Return the tensors, each scaled by itself so that its own norm is at most max_norm."""
    return [clipped([t], max_norm, norm_type)[0] for t in tensors]


def with_gradients_of(params):
    """Return copies of parameters, with copies of their gradients."""
    twins = copies(params)
    for twin, grad in zip(twins, copies(grads(params)), strict=True):
        twin.grad = grad
    return twins


def torch_clips(params, max_norm, norm_type=2.0):
    """Return what torch's clip_grad_norm_ makes of copies of the gradients."""
    twins = with_gradients_of(params)
    torch.nn.utils.clip_grad_norm_(twins, max_norm, norm_type)
    return grads(twins)


def check_in_place(params, tensors, views, due):
    """Demand that the gradients are the tensors they were, with the new values in their memory."""
    before = copies(views)
    kept = [p.grad is tensor for p, tensor in zip(params, tensors, strict=True)]
    assert all(kept), (
        ".grad is another tensor after the call than before: change the one that is there in place"
    )
    check(
        views,
        due,
        what="the memory that the gradients were in before the call",
        mistakes={"the new values go to new memory: write them in place": before},
        **CLOSE,
    )


def check_parameters_are_left(params, values):
    assert all(p.requires_grad and p.is_leaf for p in params), (
        "a parameter does not require grad any more after the call: only .grad is to change"
    )
    check(copies(params), values, what="the parameters, of which only .grad is to change")


class Reads(TorchFunctionMode):
    """Counts, by name, the calls that take the value of a tensor to Python."""

    NAMES = (
        *("item", "tolist", "numpy", "is_nonzero", "equal", "allclose"),
        *("__array__", "__bool__", "__complex__", "__float__", "__format__", "__index__"),
        "__int__",
    )

    def __init__(self):
        super().__init__()
        self.count = Counter()

    def __torch_function__(self, func, types, args=(), kwargs=None):
        name = getattr(func, "__name__", "")
        if name in self.NAMES:
            self.count[name] += 1
        elif name in ("tensor", "as_tensor") and isinstance(args[0], list | tuple):
            # To make a tensor out of a list of tensors, torch reads them one by one.
            self.count[f"torch.{name}"] += sum(isinstance(item, Tensor) for item in args[0])
        return func(*args, **(kwargs or {}))


# total_norm


@pytest.mark.task("total_norm")
@pytest.mark.forbid(*TORCHS_CLIPPING, reason="measure the gradients yourself")
def test_the_norm_is_that_of_all_gradients_as_one_vector(device):
    params = [leaf([1, 1], [3, -4], device), leaf([[1]], [[12]], device)]

    norm = own("total_norm")(params)

    check(
        norm,
        torch.tensor(13.0, dtype=torch.float64, device=device),
        what="the norm of the gradients [3, -4] and [[12]]",
        mistakes={
            "the norms of the parameters, 5 and 12, are added up": 17.0,
            "the root is left out": 169.0,
            "the norm of the parameters is taken, not that of their gradients": 3**0.5,
        },
    )


@pytest.mark.task("total_norm")
@pytest.mark.parametrize("norm_type", [1, 3, 1.5, INF])
def test_the_norm_may_be_of_any_order(norm_type, device):
    params = parameters(device)
    norms = norms_of(grads(params), norm_type)

    norm = gradient_clipping.total_norm(params, norm_type)

    check(
        norm,
        torch.nn.utils.get_total_norm(grads(params), norm_type),
        what=f"the norm of order {norm_type}",
        mistakes={
            "norm_type is not looked at: this is the 2-norm": norm_of(grads(params)),
            "the norms of the parameters are added up": norms.sum(),
            "the norms of the parameters are put together as a 2-norm": norms.norm(),
            "∞ is taken as a power: x ** (1 / inf) is x ** 0, which is 1 for every x": 1.0,
        },
    )


@pytest.mark.task("total_norm")
def test_the_norm_skips_a_parameter_without_a_gradient(device):
    params = parameters(device)
    params[1].grad = None

    norm = gradient_clipping.total_norm(params)

    check(norm, norm_of([params[0].grad, *grads(params[2:])]), what="the norm, one .grad None")


@pytest.mark.task("total_norm")
def test_the_norm_goes_through_a_generator_once(device):
    params = parameters(device)

    norm = gradient_clipping.total_norm(one_by_one(params))

    check(
        norm,
        norm_of(grads(params)),
        what="the norm for parameters that came from a generator",
        mistakes={
            "a first loop uses the generator up, and a second one finds nothing": 0.0,
            "an earlier look takes the first parameter off": norm_of(grads(params[1:])),
        },
    )


@pytest.mark.task("total_norm")
@pytest.mark.parametrize("norm_type", [2.0, INF], ids=str)
@pytest.mark.parametrize("count", [0, 2], ids=["no parameter", "no gradient"])
def test_the_norm_of_no_gradients_is_0(count, norm_type, device):
    params = [sample((3,), device=device, requires_grad=True) for _ in range(count)]

    with situation("without any gradient"):
        norm = gradient_clipping.total_norm(params, norm_type)

    assert isinstance(norm, Tensor), (
        f"without any gradient yours is of type {type(norm).__name__}; a 0-d tensor is due"
    )
    # Of any dtype, and where there is no gradient there is no device either.
    check(norm.to(device, torch.float64), torch.zeros((), dtype=torch.float64, device=device))


@pytest.mark.task("total_norm")
def test_the_norm_keeps_float32(device):
    params = parameters(device, dtype=torch.float32)

    norm = gradient_clipping.total_norm(params, 3)

    check(norm, torch.nn.utils.get_total_norm(grads(params), 3))


@pytest.mark.task("total_norm")
def test_the_norm_has_no_graph_even_if_a_gradient_has_one(device):
    p = sample((4, 3), device=device, requires_grad=True)
    (p.grad,) = torch.autograd.grad(p.sin().sum(), p, create_graph=True)

    norm = gradient_clipping.total_norm([p])

    check(norm, norm_of([p.grad]), what="the norm of a gradient from create_graph=True")


@pytest.mark.task("total_norm")
def test_the_norm_leaves_parameters_and_gradients_as_they_are(device):
    params = parameters(device)

    with unchanged(*params):
        gradient_clipping.total_norm(params, 3)


@pytest.mark.task("total_norm")
@pytest.mark.parametrize("norm_type", [2.0, INF], ids=str)
def test_the_norm_reads_at_most_one_value_however_many_parameters_there_are(norm_type, device):
    params = parameters(device, *[(2, 3)] * 7)

    with Reads() as reads:
        gradient_clipping.total_norm(params, norm_type)

    names = ", ".join(f"{name} {calls}×" for name, calls in reads.count.items())
    assert reads.count.total() <= 1, (
        f"for 7 parameters, values of tensors were taken to Python {reads.count.total()} times "
        f"({names}), and for each the program waits for the GPU: keep the norms as tensors, and "
        "stack them"
    )


# clip_grad_norm_


@pytest.mark.task("clip_grad_norm_")
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


@pytest.mark.task("clip_grad_norm_")
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


@pytest.mark.task("clip_grad_norm_")
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


@pytest.mark.task("clip_grad_norm_")
@pytest.mark.parametrize("norm_type", [2, INF])
def test_gradients_below_the_bound_keep_their_values(norm_type, device):
    params = parameters(device)
    before = copies(grads(params))

    gradient_clipping.clip_grad_norm_(params, 100.0, norm_type)

    check(
        grads(params),
        before,
        what="the gradients, whose norm is below max_norm = 100",
        mistakes={
            "the gradients are always scaled to max_norm, up too": times(
                100 / norm_of(before, norm_type), before
            ),
            "∞ is taken as a power, which makes every norm 1, and small ones are scaled up": times(
                100.0, before
            ),
        },
        **CLOSE,
    )


@pytest.mark.task("clip_grad_norm_")
def test_gradients_whose_norm_is_the_bound_keep_their_values(device):
    params = [leaf([1, 1], [3, -4], device), leaf([[1]], [[12]], device)]
    before = copies(grads(params))

    gradient_clipping.clip_grad_norm_(params, 13.0)

    # torch's own 13 / (13 + 1e-6) is as good.
    check(grads(params), before, what="the gradients, whose norm is max_norm", **CLOSE)


@pytest.mark.task("clip_grad_norm_")
def test_clipping_skips_a_parameter_without_a_gradient(device):
    params = parameters(device)
    params[1].grad = None
    due = torch_clips(params, 0.5)

    gradient_clipping.clip_grad_norm_(params, 0.5)

    check(grads(params), due, what="the gradients, one of them None", **CLOSE)


@pytest.mark.task("clip_grad_norm_")
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


@pytest.mark.task("clip_grad_norm_")
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
        mistakes={"max_norm / 0, which is infinite, multiplies them": times(INF, before)},
    )
    check(norm, torch.zeros((), dtype=torch.float64, device=device), what="the norm of zeros")


@pytest.mark.task("clip_grad_norm_")
def test_clipping_works_in_place_and_leaves_the_parameters(device):
    params = parameters(device)
    values, due = copies(params), torch_clips(params, 0.5)
    tensors, views = grads(params), [p.grad.detach() for p in params]

    gradient_clipping.clip_grad_norm_(params, 0.5)

    check_in_place(params, tensors, views, due)
    check_parameters_are_left(params, values)


@pytest.mark.task("clip_grad_norm_")
def test_clipping_keeps_float32(device):
    params = parameters(device, dtype=torch.float32)
    due_norm, due = norm_of(grads(params)), torch_clips(params, 0.5)

    norm = gradient_clipping.clip_grad_norm_(params, 0.5)

    check(norm, due_norm, what="the norm of gradients in float32")
    check(grads(params), due, what="gradients in float32", **CLOSE)


@pytest.mark.task("clip_grad_norm_")
def test_the_norm_that_clipping_returns_has_no_graph(device):
    p = sample((4, 3), device=device, requires_grad=True)
    (p.grad,) = torch.autograd.grad(p.exp().sum(), p, create_graph=True)
    due_norm, (due,) = norm_of([p.grad]), torch_clips([p], 0.5)

    norm = gradient_clipping.clip_grad_norm_([p], 0.5)

    check(norm, due_norm, what="the norm of a gradient from create_graph=True")
    check(p.grad.detach(), due, what="a gradient from create_graph=True, clipped", **CLOSE)


@pytest.mark.task("clip_grad_norm_")
def test_clipping_no_gradients_returns_0(device):
    params = [sample((3,), device=device, requires_grad=True) for _ in range(2)]

    with situation("without any gradient"):
        norm = gradient_clipping.clip_grad_norm_(params, 0.5)

    assert isinstance(norm, Tensor), (
        f"without any gradient yours is of type {type(norm).__name__}; a 0-d tensor is due"
    )
    check(norm.to(device, torch.float64), torch.zeros((), dtype=torch.float64, device=device))


@pytest.mark.task("clip_grad_norm_")
def test_an_infinite_norm_is_no_error_unless_that_is_asked(device):
    params = parameters(device)
    params[1].grad[2] = INF

    with situation("with an infinite gradient, and error_if_nonfinite left at False"):
        norm = gradient_clipping.clip_grad_norm_(params, 0.5)

    check(
        norm,
        torch.tensor(INF, dtype=torch.float64, device=device),
        what="the norm, an element of the gradients being inf",
    )


@pytest.mark.task("clip_grad_norm_")
@pytest.mark.parametrize("bad", [INF, -INF, float("nan")], ids=str)
def test_a_norm_that_is_not_finite_is_an_error_if_asked_before_anything_changes(bad, device):
    params = parameters(device)
    params[1].grad[2] = bad
    before = copies(grads(params))

    with raises(
        RuntimeError,
        when=f"error_if_nonfinite=True, norm_type=7, and an element of the gradients is {bad}",
        naming=["7"],
    ):
        gradient_clipping.clip_grad_norm_(params, 0.5, 7, error_if_nonfinite=True)

    check(
        grads(params),
        before,
        what="the gradients after the RuntimeError",
        mistakes={
            "the gradients are scaled before the error is raised": lambda: clipped(before, 0.5, 7)
        },
    )


@pytest.mark.task("clip_grad_norm_")
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


@pytest.mark.task("clip_grad_norm_")
def test_a_finite_norm_is_clipped_also_when_errors_are_asked_for(device):
    params = parameters(device)
    due = torch_clips(params, 0.5)

    gradient_clipping.clip_grad_norm_(params, 0.5, error_if_nonfinite=True)

    check(grads(params), due, what="finite gradients with error_if_nonfinite=True", **CLOSE)


# clip_grad_value_


@pytest.mark.task("clip_grad_value_")
@pytest.mark.forbid("torch.nn.utils.clip_grad_value_", reason="clamp each gradient yourself")
def test_every_element_ends_between_the_two_bounds(device):
    p = leaf([1, 1, 1, 1], [-3.0, -0.5, 0.25, 2.0], device)
    before = p.grad.clone()

    own("clip_grad_value_")([p], 1.0)

    check(
        p.grad,
        torch.tensor([-1.0, -0.5, 0.25, 1.0], dtype=torch.float64, device=device),
        what="the gradient [-3, -0.5, 0.25, 2], clipped to the value 1",
        mistakes={
            "the gradient is left as it was": before,
            "only the upper bound is kept": before.clamp(max=1),
            "only the lower bound is kept": before.clamp(min=-1),
            "the lower bound is taken as 0": before.clamp(0, 1),
            "the sign is lost": before.abs().clamp(max=1),
            "elements beyond the bounds become 0": before * (before.abs() <= 1),
            "the gradient is scaled by its largest element": before / 3,
            "the gradient is scaled by its norm": before / before.norm(),
        },
    )


@pytest.mark.task("clip_grad_value_")
def test_values_are_clipped_in_every_parameter(device):
    params = parameters(device)
    due = [g.clamp(-0.7, 0.7) for g in grads(params)]

    gradient_clipping.clip_grad_value_(params, 0.7)

    check(grads(params), due, what="the gradients of four parameters")


@pytest.mark.task("clip_grad_value_")
def test_value_clipping_skips_a_parameter_without_a_gradient(device):
    params = parameters(device)
    params[1].grad = None
    due = [None if g is None else g.clamp(-0.7, 0.7) for g in grads(params)]

    gradient_clipping.clip_grad_value_(params, 0.7)

    check(grads(params), due, what="the gradients, one of them None")


@pytest.mark.task("clip_grad_value_")
def test_value_clipping_takes_a_generator(device):
    params = parameters(device)
    before = copies(grads(params))
    due = [g.clamp(-0.7, 0.7) for g in before]

    gradient_clipping.clip_grad_value_(one_by_one(params), 0.7)

    check(
        grads(params),
        due,
        what="the gradients of parameters that came from a generator",
        mistakes={
            "a first loop uses the generator up, and the next one finds nothing": before,
            "the loop for the upper bound uses the generator up, and the next one finds nothing": [
                g.clamp(max=0.7) for g in before
            ],
            "the loop for the lower bound uses the generator up, and the next one finds nothing": [
                g.clamp(min=-0.7) for g in before
            ],
        },
    )


@pytest.mark.task("clip_grad_value_")
def test_value_clipping_works_in_place_and_leaves_the_parameters(device):
    params = parameters(device)
    values, due = copies(params), [g.clamp(-0.7, 0.7) for g in grads(params)]
    tensors, views = grads(params), [p.grad.detach() for p in params]

    gradient_clipping.clip_grad_value_(params, 0.7)

    check_in_place(params, tensors, views, due)
    check_parameters_are_left(params, values)


@pytest.mark.task("clip_grad_value_")
def test_value_clipping_keeps_float32(device):
    params = parameters(device, dtype=torch.float32)
    due = [g.clamp(-0.7, 0.7) for g in grads(params)]

    gradient_clipping.clip_grad_value_(params, 0.7)

    check(grads(params), due, what="gradients in float32")


@pytest.mark.task("clip_grad_value_")
def test_an_infinite_element_becomes_the_bound(device):
    p = leaf([1, 1, 1], [INF, -INF, 0.25], device)

    gradient_clipping.clip_grad_value_([p], 0.5)

    check(
        p.grad,
        torch.tensor([0.5, -0.5, 0.25], dtype=torch.float64, device=device),
        what="the gradient [inf, -inf, 0.25], clipped to the value 0.5",
    )


@pytest.mark.task("clip_grad_value_")
def test_an_element_is_clipped_beside_a_nan(device):
    nan = float("nan")
    p = leaf([1, 1, 1], [nan, 10.0, 0.25], device)
    before = p.grad.clone()

    gradient_clipping.clip_grad_value_([p], 0.5)

    check(
        p.grad,
        torch.tensor([nan, 0.5, 0.25], dtype=torch.float64, device=device),
        what="the gradient [nan, 10, 0.25], clipped to the value 0.5",
        mistakes={
            "the largest element decides whether to clip: here that is NaN, and NaN > 0.5 is "
            "False. Clip every gradient": before
        },
    )


@pytest.mark.task("clip_grad_value_")
def test_a_gradient_may_have_no_elements(device):
    params = parameters(device, (0, 3), (4, 3))
    due = [g.clamp(-0.7, 0.7) for g in grads(params)]

    with situation("with a gradient of shape (0, 3), which has no elements"):
        gradient_clipping.clip_grad_value_(params, 0.7)

    check(grads(params), due, what="the gradients, the first of shape (0, 3)")


# clip_per_group_


def grouped(device):
    """Return an optimizer of three groups, and the parameters of each."""
    groups = [parameters(device, (4, 3), (4, 1)), parameters(device, (), (2, 3))]
    groups.append(parameters(device, (5,)))
    return torch.optim.SGD([{"params": group} for group in groups], lr=0.1), groups


def grads_by_group(groups):
    return [grads(group) for group in groups]


def flat(groups):
    return [item for group in groups for item in group]


@pytest.mark.task("clip_per_group_")
def test_each_group_is_clipped_to_its_own_bound(device):
    optimizer, groups = grouped(device)
    before = [copies(grads(group)) for group in groups]
    bounds = [0.5, 100.0, 0.25]
    due = [torch_clips(g, bound) for g, bound in zip(groups, bounds, strict=True)]
    everything = flat(before)

    gradient_clipping.clip_per_group_(optimizer, bounds)

    check(
        grads_by_group(groups),
        due,
        what="the gradients of three groups, clipped to 0.5, 100 and 0.25",
        mistakes={
            "the norm of all groups together is taken": lambda: [
                times((bound / norm_of(everything)).clamp(max=1), gs)
                for gs, bound in zip(before, bounds, strict=True)
            ],
            "each parameter is clipped by itself": lambda: [
                clipped_each(gs, bound) for gs, bound in zip(before, bounds, strict=True)
            ],
            "the first bound is used for every group": lambda: [clipped(g, 0.5) for g in before],
            "the bounds are used in reverse": lambda: [
                clipped(gs, bound) for gs, bound in zip(before, bounds[::-1], strict=True)
            ],
            "only the first group is clipped": lambda: [clipped(before[0], 0.5), *before[1:]],
            "nothing is clipped": before,
            "gradients below the bound are scaled up to it": lambda: [
                times(bound / norm_of(gs), gs) for gs, bound in zip(before, bounds, strict=True)
            ],
        },
        **CLOSE,
    )


@pytest.mark.task("clip_per_group_")
def test_the_norm_of_each_group_before_clipping_is_returned(device):
    optimizer, groups = grouped(device)
    before = [copies(grads(group)) for group in groups]

    norms = gradient_clipping.clip_per_group_(optimizer, (0.5, 100.0, 0.25))

    check(
        norms,
        [norm_of(gs) for gs in before],
        what="the norms that are returned",
        mistakes={
            "they are computed after clipping": lambda: [norm_of(grads(g)) for g in groups],
            "the norm of all groups together is taken": lambda: [norm_of(flat(before))] * 3,
        },
    )


@pytest.mark.task("clip_per_group_")
@pytest.mark.parametrize("bounds", [[0.5, 0.5], [0.5, 0.5, 0.5, 0.5], []], ids=len)
def test_another_number_of_bounds_than_groups_is_an_error_before_anything_changes(bounds, device):
    optimizer, groups = grouped(device)
    before = [copies(grads(group)) for group in groups]

    with raises(
        ValueError,
        when=f"there are 3 groups and {len(bounds)} bounds",
        advice="zip stops at the end of the shorter one, so compare the lengths first",
    ):
        gradient_clipping.clip_per_group_(optimizer, bounds)

    check(
        grads_by_group(groups),
        before,
        what="the gradients after the ValueError",
        mistakes={
            "groups are clipped until the bounds run out: compare the lengths first": lambda: [
                clipped(gs, 0.5) if position < len(bounds) else gs
                for position, gs in enumerate(before)
            ]
        },
        **CLOSE,
    )


@pytest.mark.task("clip_per_group_")
def test_a_group_may_have_parameters_without_gradients_or_none_at_all(device):
    optimizer, groups = grouped(device)
    groups[0][1].grad = groups[2][0].grad = None
    due = [norm_of([groups[0][0].grad]), norm_of(grads(groups[1])), 0.0]
    due_grads = [torch_clips(group, 0.5) for group in groups]

    norms = gradient_clipping.clip_per_group_(optimizer, [0.5, 0.5, 0.5])

    check(len(norms), 3, what="the number of norms, of three groups")
    kinds = {type(norm).__name__ for norm in norms}
    assert kinds == {"Tensor"}, f"the norms are of type {' and '.join(sorted(kinds))}: give tensors"
    # Where there is no gradient, any dtype is right.
    check([float(norm) for norm in norms], [float(norm) for norm in due], what="the norms")
    check(grads_by_group(groups), due_grads, what="the gradients, some of them None", **CLOSE)


@pytest.mark.task("clip_per_group_")
def test_a_parameter_that_was_frozen_after_backward_counts_with_its_group(device):
    optimizer, groups = grouped(device)
    frozen = groups[0][0].requires_grad_(False)
    before, due = copies(grads(groups[0])), torch_clips(groups[0], 0.5)

    norms = gradient_clipping.clip_per_group_(optimizer, [0.5, 0.5, 0.5])

    left_out = "it is left out, though the optimizer will step along its .grad"
    what = "of a group with a frozen parameter that has a .grad"
    check(
        norms[0], norm_of(before), what=f"the norm {what}", mistakes={left_out: norm_of(before[1:])}
    )
    check(grads(groups[0]), due, what=f"the gradients {what}", **CLOSE)
    assert not frozen.requires_grad, "a frozen parameter requires grad after the call"


@pytest.mark.task("clip_per_group_")
def test_group_clipping_works_in_place_and_leaves_parameters_and_optimizer(device):
    optimizer, groups = grouped(device)
    params = flat(groups)
    state, values = copy.deepcopy(optimizer.state_dict()), copies(params)
    due = flat(torch_clips(group, 0.5) for group in groups)
    tensors, views = grads(params), [p.grad.detach() for p in params]

    gradient_clipping.clip_per_group_(optimizer, [0.5, 0.5, 0.5])

    check_in_place(params, tensors, views, due)
    check_parameters_are_left(params, values)
    check(optimizer.state_dict(), state, what="optimizer.state_dict()")


@pytest.mark.task("clip_per_group_")
def test_group_clipping_keeps_float32(device):
    params = parameters(device, dtype=torch.float32)
    optimizer = torch.optim.SGD(params, lr=0.1)
    due_norm, due = norm_of(grads(params)), torch_clips(params, 0.5)

    norms = gradient_clipping.clip_per_group_(optimizer, [0.5])

    check(norms, [due_norm], what="the norm of one group in float32")
    check(grads(params), due, what="gradients in float32", **CLOSE)


# adaptive_clip_


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
        "nothing is clipped": grad,
    }


@pytest.mark.task("adaptive_clip_")
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


@pytest.mark.task("adaptive_clip_")
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

    A leaf that is one unit has a gradient far above.
    """
    p = sample(shape, device=device, dtype=dtype, gap=0.2, requires_grad=True)
    p.grad = sample(shape, device=device, dtype=dtype, gap=0.2, strided=len(shape) == 2)
    whole = p.grad.unsqueeze(0) if len(shape) < 2 else p.grad
    whole[::2] *= 10
    whole[1::2] *= 0.05
    return p


@pytest.mark.task("adaptive_clip_")
@pytest.mark.parametrize("shape", [(4, 3), (4, 1), (4,), (), (3, 2, 2, 2)], ids=str)
def test_a_unit_is_one_index_of_axis_0(shape, device):
    p = of_units_large_and_small(shape, device)
    mistakes = known_mistakes(p, p.grad, 0.7)
    due = clipped_by_unit(p.detach(), p.grad, 0.7)

    gradient_clipping.adaptive_clip_([p], 0.7)

    check(p.grad, due, what=f"the gradient of weights of shape {shape}", mistakes=mistakes, **CLOSE)


@pytest.mark.task("adaptive_clip_")
def test_weights_of_zeros_count_as_eps(device):
    p = sample((4, 3), device=device, low=0.5)
    row, grad = p[2].zero_(), sample((4, 3), device=device, low=0.5)
    p.grad = grad.clone()
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
        },
        **CLOSE,
    )
    assert not row.any(), "the weights themselves have changed: only .grad is to change"


@pytest.mark.task("adaptive_clip_")
def test_a_unit_whose_gradient_is_0_keeps_it(device):
    (p,) = parameters(device, (4, 3))
    p.grad[1] = 0
    due = clipped_by_unit(p.detach(), p.grad, 0.1)

    gradient_clipping.adaptive_clip_([p], 0.1)

    check(p.grad, due, what="a gradient whose second row is 0", **CLOSE)


@pytest.mark.task("adaptive_clip_")
def test_the_defaults_are_those_of_the_paper(device):
    params = parameters(device)
    with torch.no_grad():
        params[0][1] = 0
    due = [clipped_by_unit(p.detach(), p.grad) for p in params]

    gradient_clipping.adaptive_clip_(params)

    check(grads(params), due, what="the gradients, with clipping and eps left to default", **CLOSE)


@pytest.mark.task("adaptive_clip_")
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


@pytest.mark.task("adaptive_clip_")
def test_adaptive_clipping_takes_a_generator_and_skips_none(device):
    params = parameters(device)
    params[1].grad = None
    before = copies(grads(params))
    due = [None if p.grad is None else clipped_by_unit(p.detach(), p.grad) for p in params]

    gradient_clipping.adaptive_clip_(one_by_one(params))

    check(
        grads(params),
        due,
        what="the gradients, one None, of parameters that came from a generator",
        mistakes={"a first loop uses the generator up, and the next one finds nothing": before},
        **CLOSE,
    )


@pytest.mark.task("adaptive_clip_")
def test_adaptive_clipping_works_in_place_and_leaves_the_weights(device):
    params = parameters(device)
    values, due = copies(params), [clipped_by_unit(p.detach(), p.grad) for p in params]
    tensors, views = grads(params), [p.grad.detach() for p in params]

    gradient_clipping.adaptive_clip_(params)

    check_in_place(params, tensors, views, due)
    check_parameters_are_left(params, values)


@pytest.mark.task("adaptive_clip_")
def test_adaptive_clipping_keeps_float32(device):
    p = of_units_large_and_small((4, 3), device, dtype=torch.float32)
    due = clipped_by_unit(p.detach(), p.grad, 0.7)

    gradient_clipping.adaptive_clip_([p], 0.7)

    check(p.grad, due, what="a gradient in float32", **CLOSE)


# clipped_mean_gradient


def small_model():
    return nn.Sequential(nn.Flatten(), nn.Linear(4, 3), nn.Tanh(), nn.Linear(3, 2))


def batch(model, device):
    """Return samples of shape (2, 2), and targets: the first is nearly met, the others are not."""
    xs = sample((3, 2, 2), device=device)
    misses = torch.tensor([[0.003], [1.0], [3.0]], dtype=torch.float64, device=device)
    return xs, model(xs).detach() + misses * sample((3, 2), device=device, low=1)


def gradient_of_each(model, xs, ys, loss_fn=F.mse_loss):
    """Return a list for each sample: its gradients, for the trainable parameters in order."""
    params = [p for p in model.parameters() if p.requires_grad]
    losses = [loss_fn(model(xs[i : i + 1]), ys[i : i + 1]) for i in range(len(xs))]
    gradients = [torch.autograd.grad(loss, params, allow_unused=True) for loss in losses]
    return [
        [torch.zeros_like(p).detach() if g is None else g for p, g in zip(params, gs, strict=True)]
        for gs in gradients
    ]


def named(model, gradients):
    names = [name for name, p in model.named_parameters() if p.requires_grad]
    return dict(zip(names, gradients, strict=True))


def mean_of(gradients):
    return [torch.stack(column).mean(0) for column in zip(*gradients, strict=True)]


def tight(each):
    """Return a bound that the gradient of a sample whose target is not met exceeds."""
    return 0.1 * float(norm_of(mean_of(each)))


@pytest.mark.task("clipped_mean_gradient")
def test_each_sample_is_clipped_and_then_the_mean_is_taken(device):
    model = build(small_model, device=device)
    xs, ys = batch(model, device)
    each = gradient_of_each(model, xs, ys)
    bound = tight(each)

    gradient = gradient_clipping.clipped_mean_gradient(model, F.mse_loss, xs, ys, bound)

    mistakes = {
        "the mean is clipped, not each sample's gradient": lambda: clipped(mean_of(each), bound),
        "each parameter is clipped by itself": lambda: mean_of(
            [clipped_each(gs, bound) for gs in each]
        ),
        "the clipped gradients are added up: divide by the number of samples": lambda: times(
            len(xs), mean_of([clipped(gs, bound) for gs in each])
        ),
        "nothing is clipped": lambda: mean_of(each),
        "gradients below the bound are scaled up to it": lambda: mean_of(
            [times(bound / norm_of(gs), gs) for gs in each]
        ),
        "each element is clipped": lambda: mean_of(
            [[g.clamp(-bound, bound) for g in gs] for gs in each]
        ),
        "only the last sample counts": lambda: clipped(each[-1], bound),
    }
    check(
        gradient,
        named(model, mean_of([clipped(gs, bound) for gs in each])),
        what="the mean of the clipped gradients",
        mistakes={words: named(model, value()) for words, value in mistakes.items()},
        **CLOSE_SUMS,
    )


@pytest.mark.task("clipped_mean_gradient")
def test_with_a_bound_above_all_norms_it_is_the_gradient_of_the_batch(device):
    model = build(small_model, device=device)
    xs, ys = batch(model, device)
    whole = torch.autograd.grad(F.mse_loss(model(xs), ys), list(model.parameters()))

    gradient = gradient_clipping.clipped_mean_gradient(model, F.mse_loss, xs, ys, 1000.0)

    check(gradient, named(model, whole), what="the mean gradient, max_norm = 1000", **CLOSE_SUMS)


@pytest.mark.task("clipped_mean_gradient")
def test_a_sample_without_a_gradient_counts_as_zeros(device):
    model = build(lambda: nn.Linear(3, 2, bias=False), device=device)
    xs, ys = sample((3, 3), device=device, low=1), sample((3, 2), device=device)
    xs[1] = 0
    each = gradient_of_each(model, xs, ys)

    gradient = gradient_clipping.clipped_mean_gradient(model, F.mse_loss, xs, ys, 0.01)

    others = [clipped(each[0], 0.01), clipped(each[2], 0.01)]
    check(
        gradient,
        named(model, mean_of([*others, each[1]])),
        what="the mean over three samples, the second with a gradient of zeros",
        mistakes={
            "that sample is left out of the mean": named(model, mean_of(others)),
            "0 is divided by a norm of 0": {"weight": torch.full_like(each[1][0], float("nan"))},
        },
        **CLOSE_SUMS,
    )


@pytest.mark.task("clipped_mean_gradient")
def test_a_frozen_parameter_is_absent_and_counts_for_no_norm(device):
    model = build(small_model, device=device)
    xs, ys = batch(model, device)
    model[3].weight.requires_grad_(False)
    each = gradient_of_each(model, xs, ys)
    bound = tight(each)

    gradient = gradient_clipping.clipped_mean_gradient(model, F.mse_loss, xs, ys, bound)

    due = named(model, mean_of([clipped(gs, bound) for gs in each]))
    check(gradient, due, what="a model whose parameter 3.weight is frozen", **CLOSE_SUMS)


@pytest.mark.task("clipped_mean_gradient")
def test_a_parameter_that_the_loss_does_not_use_has_zeros(device):
    model = build(small_model, device=device)
    xs, ys = batch(model, device)
    spare = nn.Parameter(sample((3,), device=device))
    model.register_parameter("spare", spare)
    each = gradient_of_each(model, xs, ys)

    gradient = gradient_clipping.clipped_mean_gradient(model, F.mse_loss, xs, ys, 0.1)

    due = named(model, mean_of([clipped(gs, 0.1) for gs in each]))
    check(gradient, due, what="a model with a parameter 'spare' that it does not use", **CLOSE_SUMS)


def tied_model():
    model = nn.Sequential(nn.Linear(3, 3), nn.Tanh(), nn.Linear(3, 3))
    model[2].weight = model[0].weight
    return model


@pytest.mark.task("clipped_mean_gradient")
def test_tied_weights_are_there_once_with_the_gradient_of_both_uses(device):
    model = build(tied_model, device=device)
    xs, ys = sample((4, 3), device=device), sample((4, 3), device=device)
    each = gradient_of_each(model, xs, ys)
    bound = tight(each)

    gradient = gradient_clipping.clipped_mean_gradient(model, F.mse_loss, xs, ys, bound)

    due = named(model, mean_of([clipped(gs, bound) for gs in each]))
    check(gradient, due, what="a model with 2.weight tied to 0.weight", **CLOSE_SUMS)


@pytest.mark.task("clipped_mean_gradient")
@pytest.mark.parametrize("stale", [True, False], ids=["stale gradients", "no gradients"])
def test_the_mean_gradient_leaves_the_model_and_the_samples_as_they_are(stale, device):
    model = build(small_model, device=device)
    xs, ys = batch(model, device)
    for p in model.parameters():
        p.grad = sample(p.shape, device=device) if stale else None

    with unchanged(model), unchanged(xs, ys):
        gradient_clipping.clipped_mean_gradient(model, F.mse_loss, xs, ys, 0.1)


@pytest.mark.task("clipped_mean_gradient")
def test_the_mean_gradient_keeps_float32_and_takes_labels(device):
    model = build(lambda: nn.Linear(3, 2), device=device).float()
    xs = sample((4, 3), device=device, dtype=torch.float32)
    ys = torch.tensor([0, 1, 1, 0], device=device)
    each = gradient_of_each(model, xs, ys, F.cross_entropy)

    gradient = gradient_clipping.clipped_mean_gradient(model, F.cross_entropy, xs, ys, 0.5)

    due = named(model, mean_of([clipped(gs, 0.5) for gs in each]))
    check(gradient, due, what="a classifier in float32", **CLOSE_SUMS)


# ClipGradient


def bounded(cotangent, max_norm):
    return clipped([cotangent], max_norm)[0]


@pytest.mark.task("ClipGradient")
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


@pytest.mark.task("ClipGradient")
@any_layout
def test_backward_scales_what_comes_in_to_the_bound(layout, device):
    x, cotangent = (sample(**layout, device=device, low=0.5) for _ in range(2))

    gradients = backward_of(gradient_clipping.ClipGradient, (x, 0.4), cotangent)

    last = -1 if cotangent.ndim else None
    rows = torch.linalg.vector_norm(cotangent, dim=last, keepdim=True)
    mistakes = {
        "nothing is clipped": cotangent,
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


@pytest.mark.task("ClipGradient")
def test_backward_passes_a_small_gradient_on_as_it_is(device):
    x, cotangent = sample((4, 3), device=device), sample((4, 3), device=device)

    gradients = backward_of(gradient_clipping.ClipGradient, (x, 100.0), cotangent)

    mistakes = {"it is always scaled to max_norm, up too": 100 * cotangent / norm_of([cotangent])}
    check(
        gradients,
        (cotangent, None),
        what="backward of a gradient whose norm is below max_norm = 100",
        mistakes={words: (value, None) for words, value in mistakes.items()},
        **CLOSE,
    )


@pytest.mark.task("ClipGradient")
def test_backward_passes_zeros_on_as_zeros(device):
    x = sample((4, 3), device=device)
    zeros = torch.zeros_like(x)

    gradients = backward_of(gradient_clipping.ClipGradient, (x, 0.4), zeros)

    check(gradients, (zeros, None), what="backward of zeros, whose norm is 0")


@pytest.mark.task("ClipGradient")
def test_each_call_keeps_its_own_bound(device):
    x = sample((4, 3), device=device, low=0.5, requires_grad=True)
    y = gradient_clipping.ClipGradient.apply(x, 0.4)
    gradient_clipping.ClipGradient.apply(x, 0.8)
    cotangent = sample((4, 3), device=device, low=0.5)

    (gradient,) = torch.autograd.grad(y, x, cotangent)

    check(
        gradient,
        bounded(cotangent, 0.4),
        what="backward with bound 0.4, after another call with 0.8",
        mistakes={
            "the bound is kept where the next call overwrites it: keep it on ctx": bounded(
                cotangent, 0.8
            )
        },
        **CLOSE,
    )


@pytest.mark.task("ClipGradient")
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


@pytest.mark.task("ClipGradient")
def test_the_clipped_gradient_keeps_float32(device):
    x, cotangent = (sample((4, 3), device=device, dtype=torch.float32, low=0.5) for _ in range(2))

    check(gradient_clipping.ClipGradient.apply(x, 0.4), x, what="forward")
    (gradient, _) = backward_of(gradient_clipping.ClipGradient, (x, 0.4), cotangent)
    check(gradient, bounded(cotangent, 0.4), what="backward", **CLOSE)


@pytest.mark.task("ClipGradient")
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


# scaled_step

SCALE = 1024.0


def training(device, dtype=torch.float64):
    """Return two parameters without gradients, their optimizer, and a scaler."""
    params = [sample(s, device=device, dtype=dtype, requires_grad=True) for s in ((4, 3), (4, 1))]
    optimizer = torch.optim.SGD(params, lr=0.1, momentum=0.9, weight_decay=0.1)
    scaler = torch.amp.GradScaler(device.type, init_scale=SCALE, growth_interval=1)
    return params, optimizer, scaler


def loss_of(params):
    w, b = params
    return (w * b).sin().square().sum() + (w - b).exp().mean()


def true_gradients(params):
    return list(torch.autograd.grad(loss_of(params), params))


def after_step(params, gradients):
    """Return where the optimizer of `training` takes the parameters with these gradients."""
    return [
        p.detach() - 0.1 * (g + 0.1 * p.detach()) for p, g in zip(params, gradients, strict=True)
    ]


@pytest.mark.task("scaled_step")
def test_the_norm_of_the_true_gradients_is_returned(device):
    params, optimizer, scaler = training(device)
    gradients = true_gradients(params)
    due = norm_of(gradients)

    norm = gradient_clipping.scaled_step(loss_of(params), params, optimizer, scaler, 0.5)

    check(
        norm,
        due,
        what="the norm",
        mistakes={
            "it is the norm of the scaled gradients: unscale before clipping": SCALE * due,
            "it is divided by the scale once too often": due / SCALE,
            "the smaller of the norm and max_norm is returned": norm_of(clipped(gradients, 0.5)),
            "it is computed after clipping": 0.5 * due / (due + 1e-6),
        },
    )


@pytest.mark.task("scaled_step")
@pytest.mark.parametrize("bound", [0.5, 100.0], ids=["clipped", "within the bound"])
def test_the_step_is_the_one_that_clipped_gradients_without_a_scale_give(bound, device):
    params, optimizer, scaler = training(device)
    before, gradients = copies(params), true_gradients(params)

    gradient_clipping.scaled_step(loss_of(params), params, optimizer, scaler, bound)

    cut = clipped(gradients, bound)
    mistakes = {
        "no step is taken": lambda: before,
        "the clipped gradients are divided by the scale: call scaler.unscale_ before clipping": (
            lambda: after_step(before, times(1 / SCALE, cut))
        ),
        "gradients are clipped with the scale in them: call scaler.unscale_ before clipping": (
            lambda: after_step(before, times(1 / SCALE, clipped(times(SCALE, gradients), bound)))
        ),
        "the gradients are divided by the scale twice": lambda: after_step(
            before, times(1 / SCALE, clipped(times(1 / SCALE, gradients), bound))
        ),
        "the step is taken with the scale still in the gradients": lambda: after_step(
            before, times(SCALE, gradients)
        ),
        "nothing is clipped": lambda: after_step(before, gradients),
        "two steps are taken": lambda: after_step(after_step(before, cut), cut),
    }
    check(
        copies(params),
        after_step(before, cut),
        what="the parameters",
        mistakes=mistakes,
        **CLOSE_SUMS,
    )


@pytest.mark.task("scaled_step")
def test_it_is_the_scaled_loss_that_is_back_propagated(device):
    params, optimizer, scaler = training(device)
    due = SCALE * true_gradients(params)[0]
    seen = []
    params[0].register_hook(lambda gradient: seen.append(gradient.clone()))

    gradient_clipping.scaled_step(loss_of(params), params, optimizer, scaler, 0.5)

    check(
        seen,
        [due],
        what="the gradients that a hook on a parameter saw in backward",
        mistakes={"the loss is not scaled, and small gradients vanish in float16": [due / SCALE]},
    )


@pytest.mark.task("scaled_step")
def test_the_norm_is_taken_after_unscaling_and_so_does_not_overflow(device):
    params, optimizer, scaler = training(device)
    loss = 1e152 * sum(p.sum() for p in params)

    norm = gradient_clipping.scaled_step(loss, params, optimizer, scaler, 0.5)

    check(
        norm,
        torch.tensor(4e152, dtype=torch.float64, device=device),
        what="the norm of 16 gradients of 1e152",
        mistakes={
            "the norm is taken of the scaled gradients, whose squares overflow, and divided by the "
            "scale: call scaler.unscale_ before clipping": INF
        },
    )


@pytest.mark.task("scaled_step")
def test_the_parameters_may_come_from_a_generator(device):
    params, optimizer, scaler = training(device)
    before, gradients = copies(params), true_gradients(params)

    gradient_clipping.scaled_step(loss_of(params), one_by_one(params), optimizer, scaler, 0.5)

    check(
        copies(params),
        after_step(before, clipped(gradients, 0.5)),
        what="the parameters, which came from a generator",
        mistakes={
            "a first loop uses the generator up, and nothing is clipped": after_step(
                before, gradients
            )
        },
        **CLOSE_SUMS,
    )


@pytest.mark.task("scaled_step")
def test_a_step_clears_the_gradients(device):
    params, optimizer, scaler = training(device)

    gradient_clipping.scaled_step(loss_of(params), params, optimizer, scaler, 0.5)

    left = [g for g in grads(params) if g is not None and g.any()]
    assert not left, (
        f"after the step gradients are left ({len(left)} of 2), to which the next backward would "
        "add: clear them at the end"
    )


@pytest.mark.task("scaled_step")
def test_the_scaler_updates_its_scale_after_a_good_step(device):
    params, optimizer, scaler = training(device)

    gradient_clipping.scaled_step(loss_of(params), params, optimizer, scaler, 0.5)

    check(
        scaler.get_scale(),
        2 * SCALE,
        what="the scale, which is to grow from 1024 to 2048 with growth_interval=1",
        mistakes={"the scaler is not told to update": SCALE},
    )


@pytest.mark.task("scaled_step")
def test_two_steps_follow_the_optimizer_and_its_momentum(device):
    params, optimizer, scaler = training(device)
    twins = [p.detach().clone().requires_grad_() for p in params]
    plain = torch.optim.SGD(twins, lr=0.1, momentum=0.9, weight_decay=0.1)
    for _ in range(2):
        for twin, gradient in zip(twins, clipped(true_gradients(twins), 0.5), strict=True):
            twin.grad = gradient
        plain.step()

    for _ in range(2):
        gradient_clipping.scaled_step(loss_of(params), params, optimizer, scaler, 0.5)

    check(copies(params), copies(twins), what="the parameters after two steps", **CLOSE_SUMS)


@pytest.mark.task("scaled_step")
def test_a_step_keeps_float32(device):
    params, optimizer, scaler = training(device, torch.float32)
    before, gradients = copies(params), true_gradients(params)

    norm = gradient_clipping.scaled_step(loss_of(params), params, optimizer, scaler, 0.5)

    check(norm, norm_of(gradients), what="the norm in float32")
    check(copies(params), after_step(before, clipped(gradients, 0.5)), what="the parameters")


def not_finite(kind, params):
    """Return a finite loss whose gradient for the first parameter is infinite, or NaN."""
    zero = (params[0] - params[0].detach()).sum()
    return loss_of(params) + {"infinite": 1, "NaN": 0}[kind] * zero.sqrt()


infinite_or_nan = pytest.mark.parametrize("kind", ["infinite", "NaN"])


def after_a_good_step(device):
    """Return parameters, optimizer and scaler after one step, so that there is momentum."""
    params, optimizer, scaler = training(device)
    for p, gradient in zip(params, true_gradients(params), strict=True):
        p.grad = gradient
    optimizer.step()
    optimizer.zero_grad()
    return params, optimizer, scaler


@pytest.mark.task("scaled_step")
@infinite_or_nan
def test_a_step_with_a_gradient_that_is_not_finite_is_skipped(kind, device):
    params, optimizer, scaler = after_a_good_step(device)
    before, state = copies(params), copy.deepcopy(optimizer.state_dict())

    what = f"with a gradient that is {kind}"

    with situation(what):
        gradient_clipping.scaled_step(not_finite(kind, params), params, optimizer, scaler, 0.5)

    momentum = state["state"][1]["momentum_buffer"]
    # After clipping, all that is left of the other parameter's gradient is 0, or NaN.
    pull = {"infinite": 0.0, "NaN": float("nan")}[kind] + 0.1 * before[1]
    check(
        copies(params),
        before,
        what=f"the parameters after a step {what}",
        mistakes={
            "optimizer.step() is called: scaler.step(optimizer) would skip it": [
                torch.full_like(before[0], float("nan")),
                before[1] - 0.1 * (0.9 * momentum + pull),
            ]
        },
    )
    check(optimizer.state_dict(), state, what=f"the optimizer's state after a step {what}")


@pytest.mark.task("scaled_step")
@infinite_or_nan
def test_after_a_skipped_step_the_scale_backs_off_and_the_gradients_are_clear(kind, device):
    params, optimizer, scaler = after_a_good_step(device)

    norm = gradient_clipping.scaled_step(not_finite(kind, params), params, optimizer, scaler, 0.5)

    due = torch.tensor({"infinite": INF, "NaN": float("nan")}[kind], dtype=torch.float64)
    check(norm, due.to(device), what=f"the norm, a gradient being {kind}")
    check(
        scaler.get_scale(),
        SCALE / 2,
        what="the scale, which is to back off from 1024 to 512",
        mistakes={"the scaler is not told to update": SCALE},
    )
    left = [g for g in grads(params) if g is not None and g.any()]
    assert not left, (
        f"after the skipped step gradients are left ({len(left)} of 2): clear them then too"
    )
