import gradient_flow
import pytest
import torch

from gradkata.checks import (
    a_leaf,
    check,
    copies,
    either_dtype,
    grads,
    one_by_one,
    sample,
    situation,
    weighted,
)

from .shared import SHAPES

pytestmark = pytest.mark.task("clear_gradients_")


def same_objects(yours, due):
    return all(mine is theirs for mine, theirs in zip(yours, due, strict=True))


def test_clearing_leaves_no_gradient(device):
    params = [a_leaf(shape, device) for shape in SHAPES]
    zeros = [torch.zeros_like(p) for p in params]

    gradient_flow.clear_gradients_(params)

    check(
        grads(params),
        [None, None, None],
        what=".grad of the parameters",
        mistakes={"gradients are zeroed although set_to_none is True": zeros},
    )


def test_zeroing_leaves_zeros(device):
    params = [a_leaf(shape, device) for shape in SHAPES]

    gradient_flow.clear_gradients_(params, set_to_none=False)

    check(
        grads(params),
        [torch.zeros(shape, dtype=torch.float64, device=device) for shape in SHAPES],
        what=".grad with set_to_none=False",
        mistakes={"set_to_none is not looked at": [None, None, None]},
    )


@pytest.mark.parametrize("set_to_none", [True, False])
def test_clearing_goes_through_a_generator_once(set_to_none, device):
    params = [a_leaf(shape, device) for shape in SHAPES]
    due = [None if set_to_none else torch.zeros_like(p.grad) for p in params]
    before = copies(grads(params))

    gradient_flow.clear_gradients_(one_by_one(params), set_to_none=set_to_none)

    check(
        grads(params),
        due,
        what=".grad of parameters that came from a generator",
        mistakes={
            "the generator is used up before the loop that clears: loop once": before,
            "an earlier look takes the first parameter off the generator": [before[0], *due[1:]],
        },
    )


@pytest.mark.parametrize("set_to_none", [True, False])
def test_clearing_skips_a_parameter_without_a_gradient(set_to_none, device):
    bare, other = a_leaf((4, 3), device, grad=False), a_leaf((4, 1), device)
    due = None if set_to_none else torch.zeros_like(other.grad)

    gradient_flow.clear_gradients_([bare, other], set_to_none=set_to_none)

    check(
        [bare.grad, other.grad],
        [None, due],
        what=".grad of two parameters, the first of which had none",
        mistakes={
            "a gradient of zeros is made where there was none": [torch.zeros_like(bare), due],
            "the loop ends at the first parameter without a gradient": [None, other.grad],
        },
    )


@pytest.mark.parametrize("set_to_none", [True, False])
@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_clearing_takes_a_single_tensor(shape, set_to_none, device):
    p = a_leaf(shape, device)
    before = p.grad.clone()

    gradient_flow.clear_gradients_(p, set_to_none=set_to_none)

    check(
        p.grad,
        None if set_to_none else torch.zeros_like(before),
        what=f".grad of a single tensor of shape {shape}",
        mistakes={"the loop runs over the rows of the tensor, which are no leaves": before},
    )


def test_zeroing_takes_the_graph_off_a_gradient(device):
    p = a_leaf((4, 3), device, grad=False)
    (p.grad,) = torch.autograd.grad(weighted(p), p, create_graph=True)
    before = p.grad

    gradient_flow.clear_gradients_(one_by_one([p]), set_to_none=False)

    assert not p.grad.requires_grad, (
        "a gradient from create_graph=True was zeroed, and still has its graph "
        f"(grad_fn is {p.grad.grad_fn and p.grad.grad_fn.name()}): detach it in place too"
    )
    check(p.grad, torch.zeros_like(p), what=".grad with set_to_none=False")
    assert p.grad is before, (
        "with set_to_none=False .grad is another tensor than before, where it had a graph: "
        "set the one that is there to zero in place, detached in place"
    )


def test_zeroing_clears_nan_and_infinity(device):
    p = a_leaf((3,), device)
    p.grad = torch.tensor([float("nan"), float("inf"), 1.0], dtype=torch.float64, device=device)
    p.grad.requires_grad_()

    with situation("where .grad is a leaf that requires grad, and so has no grad_fn"):
        gradient_flow.clear_gradients_([p], set_to_none=False)

    check(
        p.grad,
        torch.zeros(3, dtype=torch.float64, device=device),
        what=".grad after zeroing [nan, inf, 1]",
        mistakes={
            "the gradient is multiplied by 0: nan · 0 and inf · 0 are nan": lambda: torch.tensor(
                [float("nan"), float("nan"), 0.0]
            )
        },
    )


def test_setting_to_none_leaves_the_old_gradient_to_whoever_holds_it(device):
    p = a_leaf((4, 3), device)
    held, before = p.grad, p.grad.clone()

    gradient_flow.clear_gradients_([p])

    check(
        held,
        before,
        what="the tensor that .grad was, which the test still holds",
        mistakes={"it is zeroed before .grad is set to None": torch.zeros_like(before)},
    )


def test_clearing_takes_the_gradient_of_a_frozen_parameter_too(device):
    p = a_leaf((4, 3), device).requires_grad_(False)
    before = p.grad.clone()

    gradient_flow.clear_gradients_([p])

    check(
        p.grad,
        None,
        what=".grad of a frozen parameter",
        mistakes={"parameters that do not require grad are skipped": before},
    )
    assert not p.requires_grad, "a frozen parameter requires grad after the call: leave it frozen"


@pytest.mark.parametrize("set_to_none", [True, False])
@either_dtype
def test_clearing_leaves_the_parameters_themselves(dtype, set_to_none, device):
    params = [a_leaf(shape, device, dtype=dtype) for shape in SHAPES]
    before = copies(params)

    gradient_flow.clear_gradients_(params, set_to_none=set_to_none)

    check(copies(params), before, what="the values of the parameters")
    assert all(p.requires_grad for p in params), (
        "a parameter does not require grad any more after the call: leave requires_grad alone"
    )


def test_zeroing_keeps_the_gradient_tensor(device):
    params = [a_leaf((4, 3), device, grad=False) for _ in range(2)]
    flat = sample((24,), device=device)
    # As where all gradients lie in one buffer; the second is not contiguous.
    params[0].grad, params[1].grad = flat[:12].view(4, 3), flat[12:].view(3, 4).T
    before, flat_before = grads(params), flat.clone()

    with situation("where .grad is a view, of which detach_ is not needed and does not work"):
        gradient_flow.clear_gradients_(params, set_to_none=False)

    assert same_objects(grads(params), before), (
        "with set_to_none=False .grad is another tensor than before: "
        "set the one that is there to zero in place"
    )
    check(
        flat,
        torch.zeros_like(flat),
        what="the memory in which the gradients lie, one of them transposed",
        mistakes={"new memory is put under .grad, and zeroed": flat_before},
    )
