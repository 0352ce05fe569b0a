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

from .shared import INF, MADE_FINITE, NAN, SHAPES, backward_raises

pytestmark = pytest.mark.task("sgd_step_")


@pytest.mark.forbid("torch.optim", reason="subtract lr · p.grad from p in place")
@either_dtype
def test_a_step_moves_against_the_gradient(dtype, device):
    params = [a_leaf(shape, device, dtype=dtype) for shape in SHAPES]
    old, steps = copies(params), [0.1 * p.grad for p in params]

    gradient_flow.sgd_step_(params, 0.1)

    check(
        copies(params),
        [p - step for p, step in zip(old, steps, strict=True)],
        what="parameters after a step at lr 0.1",
        mistakes={
            "no parameter is changed in place: p = p - … only gives a new tensor the name p": old,
            "the step goes up the gradient": [p + s for p, s in zip(old, steps, strict=True)],
            "lr is left out": [p - 10 * s for p, s in zip(old, steps, strict=True)],
        },
    )


def test_a_step_takes_a_generator_and_strided_parameters(device):
    p = a_leaf((4, 3), device, grad=False, strided=True)
    p.grad = 1e-9 * sample((3, 4), device=device).T
    other = a_leaf((4, 1), device)
    other.grad[2] = INF
    before = copies([p, other])
    due = [p.detach() - 1e8 * p.grad, other.detach() - 1e8 * other.grad]

    gradient_flow.sgd_step_(one_by_one([p, other]), 1e8)

    check(
        copies([p, other]),
        due,
        what="two parameters from a generator, the first strided and its gradient about 1e-9, the "
        "second with an infinite gradient in one element, after a step at lr 1e8",
        mistakes={
            "a small gradient is taken for none": [before[0], due[1]],
            "a gradient that is infinite somewhere is taken for none": [due[0], before[1]],
        },
    )


def test_a_step_skips_a_parameter_without_a_gradient(device):
    bare, other = a_leaf((4, 3), device, grad=False), a_leaf((4, 1), device)
    other.grad[1] = NAN
    due = [bare.detach().clone(), other.detach() - 0.1 * other.grad]
    finite = other.detach() - 0.1 * other.grad.nan_to_num()
    before = copies([bare, other])

    with situation("given a single parameter, which has no gradient"):
        gradient_flow.sgd_step_([bare], 0.1)
    gradient_flow.sgd_step_([bare, other], 0.1)

    check(
        copies([bare, other]),
        due,
        what="two parameters after a step, the first without a gradient, the second with a NaN",
        mistakes={
            "the loop ends at the first parameter without a gradient": before,
            MADE_FINITE: [due[0], finite],
        },
    )
    check(bare.grad, None, what=".grad of the parameter that had none")


def test_a_step_leaves_the_gradients(device):
    # So many that one at least is rounded: of seven one is.
    params = [a_leaf(shape, device) for shape in [*SHAPES, (50, 3)]]
    before = copies(grads(params))

    gradient_flow.sgd_step_(params, 0.1)

    check(
        grads(params),
        before,
        what=".grad after a step at lr 0.1",
        mistakes={
            "gradients are cleared: leave that to the caller": [None] * 4,
            "gradients are zeroed: leave that to the caller": [torch.zeros_like(g) for g in before],
            "lr is multiplied into .grad itself, in place": [0.1 * g for g in before],
            "-lr is multiplied into .grad itself, in place": [-0.1 * g for g in before],
            "lr is multiplied into .grad and divided out of it again, which rounds": [
                0.1 * g / 0.1 for g in before
            ],
        },
        # To the last bit: what is put back by arithmetic differs in it.
        rtol=0,
        atol=0,
    )


def test_a_step_leaves_leaves_that_require_grad(device):
    params = [a_leaf(shape, device) for shape in SHAPES]

    gradient_flow.sgd_step_(params, 0.1)

    assert all(p.requires_grad for p in params), (
        "a parameter does not require grad any more after the step: leave requires_grad alone"
    )
    assert all(p.is_leaf for p in params), (
        "a parameter is no leaf any more after the step: step under torch.no_grad()"
    )


def test_a_step_along_a_gradient_with_a_graph_records_nothing(device):
    p = a_leaf((4, 3), device, grad=False)
    (p.grad,) = torch.autograd.grad(weighted(p), p, create_graph=True)

    gradient_flow.sgd_step_([p], 0.1)

    assert p.is_leaf, (
        f"after a step along a gradient from create_graph=True, p has a graph "
        f"({p.grad_fn.name()}) and is no leaf: step under torch.no_grad()"
    )
    assert p.grad.requires_grad, "the gradient lost its graph in the step: leave .grad as it was"


def test_autograd_notices_a_step(device):
    p = a_leaf((4, 3), device)
    view, old = p.detach(), p.detach().clone()
    loss = p.square().mean()

    gradient_flow.sgd_step_([p], 0.1)

    assert backward_raises(loss), (
        "a graph that saved p before the step goes through backward after it, with the new "
        "values of p and without a word: change p itself under torch.no_grad(), not p.data, "
        "whose changes autograd does not see"
    )
    check(
        view,
        p.detach(),
        what="a view of p after the step",
        mistakes={"p has new memory: subtract in place": old},
    )
