from collections import Counter

import gradient_clipping
import pytest
import torch
from torch import Tensor
from torch.overrides import TorchFunctionMode

from gradkata.checks import check, grads, one_by_one, sample, situation, stale_memory, unchanged

from .shared import (
    INF,
    MADE_FINITE,
    TORCHS_CLIPPING,
    leaf,
    norm_of,
    norms_of,
    own,
    parameters,
    tiny,
)

pytestmark = pytest.mark.task("total_norm")


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


def test_the_norm_skips_a_parameter_without_a_gradient_and_no_other(device):
    params = parameters(device)
    params[0].requires_grad_(False)
    params[1].grad = None

    with unchanged(*params):
        norm = gradient_clipping.total_norm(params)

    check(
        norm,
        norm_of([params[0].grad, *grads(params[2:])]),
        what="the norm, one .grad None and one that of a frozen parameter",
        mistakes={"the .grad of a frozen parameter is left out": norm_of(grads(params[2:]))},
    )


def test_the_norm_goes_through_a_generator_once(device):
    params = tiny(parameters(device))

    norm = gradient_clipping.total_norm(one_by_one(params))

    check(
        norm,
        norm_of(grads(params)),
        what="the norm, below 1e-6, for parameters that came from a generator",
        mistakes={
            "a first loop uses the generator up, and a second one finds nothing": 0.0,
            "1e-12 is added to the sum of the squares": (
                norm_of(grads(params)).square() + 1e-12
            ).sqrt(),
            "an earlier look takes the first parameter off": norm_of(grads(params[1:])),
        },
    )


@pytest.mark.parametrize("norm_type", [2.0, INF], ids=str)
@pytest.mark.parametrize("count", [0, 2], ids=["no parameter", "no gradient"])
def test_the_norm_of_no_gradients_is_0(count, norm_type, device):
    params = [sample((3,), device=device, requires_grad=True) for _ in range(count)]

    with stale_memory(), situation("without any gradient"):
        norm = gradient_clipping.total_norm(params, norm_type)

    assert isinstance(norm, Tensor), (
        f"without any gradient yours is of type {type(norm).__name__}; a 0-d tensor is due"
    )
    # Of any dtype, and where there is no gradient there is no device either.
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


def test_the_norm_keeps_float32_and_may_be_large(device):
    params = parameters(device, dtype=torch.float32)
    for p in params:
        p.grad *= 1e6

    norm = gradient_clipping.total_norm(params, 3)

    # A root taken by way of a logarithm of 40 loses more than a last digit.
    check(norm, torch.nn.utils.get_total_norm(grads(params), 3), rtol=1e-5)


def test_the_norm_keeps_a_dtype_that_is_not_the_default(device):
    params = parameters(device, dtype=torch.bfloat16)

    norm = gradient_clipping.total_norm(params)

    due = torch.nn.utils.get_total_norm(grads(params))
    check(norm, due, what="the norm of gradients in torch.bfloat16", rtol=0.05)


def test_the_norm_has_no_graph_even_if_a_gradient_has_one_and_is_infinite(device):
    p = sample((4, 3), device=device, requires_grad=True)
    (p.grad,) = torch.autograd.grad(p.sin().sum() + INF * p[2, 1], p, create_graph=True)
    due = torch.tensor(INF, dtype=p.dtype, device=device)

    norm = gradient_clipping.total_norm([p], 1)

    check(
        norm,
        due,
        what="the norm of order 1 of a gradient from create_graph=True, infinite at [2, 1]",
        mistakes={MADE_FINITE: due.nan_to_num()},
    )


def test_the_norm_leaves_parameters_and_gradients_as_they_are(device):
    params = parameters(device)

    params[1].grad[2] = float("nan")

    with unchanged(*params):
        norm = gradient_clipping.total_norm(params, 3)

    check(
        norm,
        torch.full_like(norm, float("nan")),
        what="the norm of order 3, an element of the gradients being nan",
    )


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
