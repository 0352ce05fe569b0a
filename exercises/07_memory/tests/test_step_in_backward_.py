import memory
import pytest
import torch

from gradkata.checks import (
    any_layout,
    as_list_or_generator,
    check,
    copies,
    grads,
    one_by_one,
    raises,
    sample,
    situation,
    unchanged,
)

from .shared import MADE_FINITE, large_infinite_and_nan

pytestmark = pytest.mark.task("step_in_backward_")


def quadratic(p, w):
    """Return a loss whose gradient at p is 2·w·p."""
    return (w * p.square()).sum()


@any_layout
def test_backward_takes_the_step(layout, device):
    p, w = sample(**layout, device=device, requires_grad=True), sample(**layout, device=device)
    # However small a gradient is, it counts.
    w = 1e-12 * w
    before, gradient = p.detach().clone(), 2e12 * (w * p).detach()

    memory.step_in_backward_(one_by_one([p]), 1e11)
    check(p.detach(), before, what="the parameter before any backward")
    quadratic(p, w).backward()

    check(
        p.detach(),
        before - 0.1 * gradient,
        what="the parameter after backward, lr 1e11 and a gradient of about 1e-12",
        mistakes={
            "it is not updated": before,
            "the step goes up and not down": before + 0.1 * gradient,
            "lr is left out": before - 1e-12 * gradient,
            "two steps are taken": before - 0.2 * gradient,
        },
    )


def test_no_gradient_is_left_after_backward(device):
    params = [sample(s, device=device, requires_grad=True) for s in ((4, 3), (4, 1), ())]
    weights = [sample(p.shape, device=device) for p in params]

    memory.step_in_backward_(params, 0.1)
    sum(map(quadratic, params, weights)).backward()

    left = [tuple(p.shape) for p in params if p.grad is not None]
    assert not left, (
        f"after backward .grad is still there for parameters of shape {left}: set it to None once "
        "the step is taken. A hook by Tensor.register_hook is too early, for it runs before .grad "
        "is written; one by register_post_accumulate_grad_hook runs after"
    )


def test_a_gradient_is_freed_while_backward_goes_on(device):
    early, late = (sample((4, 3), device=device, requires_grad=True) for _ in range(2))
    x, before = sample((4, 3), device=device), late.detach().clone()
    seen = []

    def look(_):
        seen.append((late.grad is None, bool((late != before).all())))

    memory.step_in_backward_([early, late], 0.1)
    h = x * early
    h.register_hook(look)
    (h * late).square().sum().backward()

    assert seen == [(True, True)], (
        "when backward reaches the first layer, the last layer's parameter "
        + ("is not updated" if not seen[0][1] else "still has its gradient")
        + ": take the step and free the gradient as soon as it is complete"
    )


def test_every_backward_takes_a_step(device):
    p, w = (sample((4, 3), device=device, dtype=torch.float32) for _ in range(2))
    p.requires_grad_()
    address, before = p.data_ptr(), p.detach().clone()

    memory.step_in_backward_([p], 0.1)
    quadratic(p, w).backward()
    quadratic(p, w).backward()

    check(
        p.detach(),
        before * (1 - 0.2 * w) ** 2,
        what="the parameter after two backwards",
        mistakes={
            "only the first backward takes a step": lambda: before * (1 - 0.2 * w),
            "the first gradient is still in .grad when the second one comes": lambda: (
                before * (1 - 0.2 * w) - 0.2 * w * before * (2 - 0.2 * w)
            ),
        },
        rtol=1e-5,
    )
    assert p.data_ptr() == address, "the parameter has other memory than before: update it in place"


@pytest.mark.filterwarnings("ignore:Using backward:UserWarning")
def test_a_backward_with_create_graph_takes_the_step_too(device):
    p, w = sample((4, 3), device=device, requires_grad=True), sample((4, 3), device=device)
    w[-1] = large_infinite_and_nan(w)
    before = p.detach().clone()

    memory.step_in_backward_([p], 0.1)
    with situation("in backward(create_graph=True), where grad mode is on"):
        quadratic(p, w).backward(create_graph=True)

    check(
        p.detach(),
        before * (1 - 0.2 * w),
        what="the parameter after backward, its gradient large, infinite and NaN in the last row",
        mistakes={MADE_FINITE: lambda: before - 0.1 * (2 * w * before).nan_to_num()},
    )
    check(p.grad, None, what=".grad after backward(create_graph=True)")
    assert p.is_leaf, (
        "the parameter has a graph after backward: update it where nothing is recorded"
    )


@as_list_or_generator
def test_a_tensor_that_is_listed_twice_takes_one_step(given_as, device):
    p, w = sample((4, 3), device=device, requires_grad=True), sample((4, 3), device=device)
    twin, before = p.detach().clone().requires_grad_(), p.detach().clone()

    memory.step_in_backward_(given_as([p, twin, p]), 0.1)
    with situation("in backward, where a tied tensor is listed twice"):
        (quadratic(p, w) + quadratic(p, w) + quadratic(twin, w)).backward()

    check(
        p.detach(),
        before - 0.4 * w * before,
        what="a tied parameter that is listed twice and used twice",
        mistakes={
            "each of its two hooks takes a step": lambda: before - 0.8 * w * before,
            "its gradient is taken before both uses have added to it": lambda: (
                before * (1 - 0.2 * w)
            ),
        },
    )
    check(p.grad, None, what=".grad of a tied parameter after backward")
    check(
        twin.detach(), before * (1 - 0.2 * w), what="another parameter, which began with its values"
    )


def test_a_frozen_parameter_is_left_alone(device):
    frozen = sample((4, 3), device=device)
    frozen.grad = sample((4, 3), device=device)
    p, w = sample((4, 3), device=device, requires_grad=True), sample((4, 3), device=device)
    before = p.detach().clone()

    with unchanged(frozen), situation("where one of the parameters is frozen"):
        memory.step_in_backward_([frozen, p], 0.1)
        (quadratic(p, w) + quadratic(p * 0, frozen)).backward()

    check(p.detach(), before * (1 - 0.2 * w), what="the parameter beside a frozen one")


def test_what_is_returned_takes_the_hooks_back(device):
    params = [sample(s, device=device, requires_grad=True) for s in ((4, 3), (4, 1), ())]
    before = copies(params)
    due = [2 * p.detach() for p in params]

    remove = memory.step_in_backward_(one_by_one(params), 0.1)
    assert callable(remove), f"a function is due that takes the hooks back; yours is {remove!r}"
    remove()
    sum(quadratic(p, torch.ones_like(p)) for p in params).backward()

    moved = [i for i, (p, b) in enumerate(zip(params, before, strict=True)) if (p != b).any()]
    assert not moved, (
        f"after the returned function was called, backward still updates parameters {moved} of 0 "
        "to 2: take back every hook"
    )
    check(grads(params), due, what=".grad after a backward without hooks")


def test_nothing_stays_on_the_parameters_after_removing_twice(device):
    params = [sample((4, 3), device=device, requires_grad=True) for _ in range(2)]

    with unchanged(*params), situation("when the returned function is called a second time"):
        remove = memory.step_in_backward_([*params, params[0]], 0.1)
        remove()
        remove()


def test_the_hooks_can_be_taken_back_after_a_backward_that_raised(device):
    p = sample((4, 3), device=device, requires_grad=True)
    y = p.sin()

    def refuse(_):
        raise ValueError("from a hook of the test")

    with unchanged(p):
        remove = memory.step_in_backward_([p], 0.1)
        y.register_hook(refuse)
        with raises(ValueError, when="another hook raises it in backward"):
            y.sum().backward()
        remove()


def test_hooks_of_others_stay(device):
    p, seen = sample((4, 3), device=device, requires_grad=True), []
    p.register_post_accumulate_grad_hook(lambda p: seen.append(p.grad))

    memory.step_in_backward_([p], 0.1)()
    p.square().sum().backward()

    assert len(seen) == 1, (
        "a hook that was on the parameter before does not run any more after the returned function "
        "was called: take back your own hooks alone, through the handle that each has"
    )
