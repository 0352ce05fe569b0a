import gradient_flow
import pytest
from torch import nn

from gradkata.checks import (
    a_leaf,
    any_layout,
    build,
    check,
    either_dtype,
    one_by_one,
    raises,
    sample,
    unchanged,
    weighted,
)

from .shared import MADE_FINITE, ending_in_nan, gradient_of

pytestmark = pytest.mark.task("intermediate_grads")


def three_layers(device):
    return build(lambda: nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 2)), device=device)


def gradients_by_hand(layers, x):
    """Return dL/dx and dL/dh for the output h of each of the three layers, by the chain rule."""
    first, tanh, last = layers
    h2 = tanh(first(x)).detach()
    grad_h3 = gradient_of(weighted, last(h2))
    grad_h2 = grad_h3 @ last.weight.detach()
    grad_h1 = grad_h2 * (1 - h2.square())
    return grad_h1 @ first.weight.detach(), grad_h1, grad_h2, grad_h3


@either_dtype
def test_every_output_has_its_gradient(dtype, device):
    layers, x = three_layers(device).to(dtype), sample((5, 3), device=device, dtype=dtype)
    grad_x, *due = gradients_by_hand(layers, x)

    yours = gradient_flow.intermediate_grads(layers, x, weighted)

    check(
        yours,
        due,
        what="gradients of the three outputs",
        mistakes={
            ".grad is read of tensors that are no leaves: it stays None": [None, None, None],
            "they come in reverse order": due[::-1],
            "each is taken with respect to the layer's input": [grad_x, *due[:-1]],
            "the gradient of x is put in front": [grad_x, *due],
            "the last output is left out": due[:-1],
        },
    )


def test_gradients_that_were_there_before_are_left_alone(device):
    layers, x = three_layers(device), a_leaf((5, 3), device)
    head = build(lambda: nn.Linear(2, 2), device=device)
    weighted(layers(x)).backward()

    with unchanged(head), unchanged(layers), unchanged(x):
        gradient_flow.intermediate_grads(layers, x, lambda h: weighted(head(h)))


def test_neither_gradients_nor_hooks_are_left_behind_when_the_loss_is_interrupted(device):
    layers, x = three_layers(device), sample((5, 3), device=device)

    def interrupted(_):
        raise KeyboardInterrupt

    with (
        unchanged(layers),
        unchanged(x),
        raises(KeyboardInterrupt, when="it comes while loss_fn runs"),
    ):
        gradient_flow.intermediate_grads(layers, x, interrupted)


def test_everything_may_be_frozen(device):
    layers, x = three_layers(device).requires_grad_(False), sample((5, 3), device=device)
    _, *due = gradients_by_hand(layers, x)

    with unchanged(layers), unchanged(x):
        yours = gradient_flow.intermediate_grads(layers, x, weighted)

    check(yours, due, what="gradients of the three outputs, with all parameters frozen")


def test_layers_may_come_from_a_generator(device):
    layers, x = three_layers(device), sample((5, 3), device=device)
    _, *due = gradients_by_hand(layers, x)

    yours = gradient_flow.intermediate_grads(one_by_one(layers), x, weighted)

    check(yours, due, what="gradients of the outputs of three layers from a generator")


@any_layout
def test_a_layer_may_stand_there_twice(layout, device):
    x, layer = sample(**layout, device=device), nn.Tanh()
    h2 = x.tanh().tanh()
    grad_h2 = gradient_of(weighted, h2)
    due = [grad_h2 * (1 - h2.square()), grad_h2]

    yours = gradient_flow.intermediate_grads([layer, layer], x, weighted)

    check(
        yours,
        due,
        what="gradients of the two outputs of a layer that stands there twice",
        mistakes={
            "outputs are kept by layer, and the second replaces the first": due[1:],
            "outputs are kept by layer, and the first is lost to the second": due[1:] * 2,
        },
    )


def test_a_layer_may_return_its_input(device):
    x, weights = (
        ending_in_nan(sample((4, 3), device=device)),
        sample((4, 3), device=device, low=0.5),
    )
    # So small that the gradient at the largest number is not infinite, as that at infinity is.
    due = weights * x / 32

    with unchanged(x):
        yours = gradient_flow.intermediate_grads(
            [nn.Identity(), nn.Identity()], x, lambda h: (weights * (h / 8).square()).sum()
        )

    check(
        yours,
        [due, due],
        what="gradients of the outputs of two nn.Identity, where x ends in 1e6, inf and nan",
        mistakes={MADE_FINITE: [due.nan_to_num()] * 2},
    )
