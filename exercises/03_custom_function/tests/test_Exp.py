import custom_function
import pytest
import torch

from gradkata.checks import (
    any_layout,
    check,
    check_backward,
    check_edits_are_noticed,
    check_gradients,
    sample,
    situation,
    unchanged,
)

from .shared import check_no_tensor_on_ctx, check_three_orders

pytestmark = pytest.mark.task("Exp")


jit_is_deprecated = pytest.mark.filterwarnings("ignore:.*torch.jit.script:DeprecationWarning")


@any_layout
def test_exp_is_torchs(layout, device):
    x = sample(**layout, device=device)

    with unchanged(x):
        y = custom_function.Exp.apply(x)

    check(y, torch.exp(x), what="forward")


@any_layout
def test_exp_multiplies_what_comes_in_by_itself(layout, device):
    x, cotangent = sample(**layout, device=device), sample(**layout, device=device)

    check_backward(custom_function.Exp, torch.exp, (x,), cotangent)


def test_exp_keeps_float32(device):
    x = sample((4, 3), device=device, dtype=torch.float32)

    check(custom_function.Exp.apply(x), torch.exp(x), what="forward")
    check_backward(custom_function.Exp, torch.exp, (x,), torch.full_like(x, 3))


def test_exp_has_gradients_of_gradients(device):
    x = sample((2, 2), device=device)

    check_gradients(custom_function.Exp.apply, (x,))
    check_three_orders(custom_function.Exp.apply, torch.exp, x)


def test_exp_notices_when_a_tensor_it_needs_is_changed_before_backward(device):
    x = sample((4, 3), device=device)

    check_edits_are_noticed(custom_function.Exp.apply, (x,))
    check_no_tensor_on_ctx(custom_function.Exp, (x,))


def test_exp_works_under_torch_func_grad(device):
    x = sample((4, 3), device=device)

    gradient = torch.func.grad(lambda x: custom_function.Exp.apply(x).square().sum())(x)

    check(gradient, 2 * torch.exp(2 * x), what="torch.func.grad of exp(x)²")


@jit_is_deprecated
def test_exp_pushes_a_tangent_forward(device):
    x, tangent = sample((4, 3), device=device), sample((4, 3), device=device)

    with situation("in forward mode, where ctx.saved_tensors is what save_for_forward was given"):
        _, pushed = torch.func.jvp(custom_function.Exp.apply, (x,), (tangent,))

    check(
        pushed,
        tangent * torch.exp(x),
        what="jvp",
        mistakes={"the tangent is left out": lambda: torch.exp(x)},
    )


@pytest.mark.parametrize("axis", [0, 1, -1])
def test_exp_maps_over_any_axis(axis, device):
    # A cube: no axis can be told by its length.
    x = sample((3, 3, 3), device=device)

    mapped = torch.func.vmap(custom_function.Exp.apply, in_dims=axis)(x)

    check(
        mapped,
        torch.exp(x.movedim(axis, 0)),
        what=f"vmap over axis {axis}",
        mistakes={
            "vmap returns 0 as the result's axis, where in_dims is another": lambda: torch.exp(x),
            "vmap returns the axis of in_dims counted from the other end": (
                lambda: torch.exp(x).movedim(-(axis % 3), 0)
            ),
        },
    )


def test_exp_gives_a_gradient_for_each_member_of_a_batch(device):
    x = sample((4, 3), device=device)

    one = torch.func.grad(lambda row: custom_function.Exp.apply(row).square().sum())

    check(torch.func.vmap(one)(x), 2 * torch.exp(2 * x), what="vmap(grad(exp(x)²))")


def test_exp_takes_a_batch_of_incoming_gradients(device):
    x = sample((4,), device=device, requires_grad=True)
    y = custom_function.Exp.apply(x)

    (gradients,) = torch.autograd.grad(
        y, x, torch.eye(4, dtype=x.dtype, device=device), is_grads_batched=True
    )

    check(gradients, torch.diag(y.detach()), what="backward of a batch of incoming gradients")


def test_exp_lets_a_gradient_through_a_batch(device):
    x = sample((4, 3), device=device)

    def mapped(x):
        return torch.func.vmap(custom_function.Exp.apply, in_dims=1)(x).square().sum()

    check(
        torch.func.grad(mapped)(x),
        2 * torch.exp(2 * x),
        what="grad(vmap(exp)²)",
        mistakes={"vmap computes outside the graph: call Exp.apply there": torch.zeros_like(x)},
    )


@jit_is_deprecated
def test_exp_has_a_gradient_of_the_tangent(device):
    x, tangent = (sample((4, 3), device=device, dtype=torch.float32) for _ in range(2))

    def pushed(x):
        return torch.func.jvp(custom_function.Exp.apply, (x,), (tangent,))[1].sum()

    check(
        torch.func.grad(pushed)(x),
        tangent * torch.exp(x),
        what="the gradient of the jvp",
        mistakes={"jvp multiplies by something without a graph": torch.zeros_like(x)},
    )
