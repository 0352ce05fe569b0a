import large_models
import pytest
import torch
from torch import nn

from gradkata.checks import (
    ErrorOfF,
    build,
    check,
    counted,
    raises,
    sample,
    situation,
    unchanged,
)

from .shared import Memory, watched_backward

pytestmark = pytest.mark.task("checkpoint_but_products")


def layers(device, *more):
    return build(
        lambda: nn.Sequential(nn.Linear(4, 6), nn.Tanh(), *more, nn.Linear(6, 5), nn.Tanh()),
        device=device,
    )


class Cheap(nn.Module):
    """What is no product: sums, quotients, copies and more."""

    def forward(self, x):
        y = x.softmax(-1) * 2 + x / 3
        return nn.functional.gelu(y).T.contiguous().T - 1


def batched(x, w):
    """Return what runs mm, bmm and addmm, and something cheap between them."""
    one = (x @ w).tanh()
    two = torch.stack([one, 2 * one]).exp()
    return torch.addmm(one, (two @ two.mT).sum(0).sin(), one).cos()


def test_checkpoint_but_products_has_the_same_value_and_gradients(device):
    model, x = layers(device), sample((3, 4), device=device, requires_grad=True)
    y = model(x)
    v = sample(y.shape, device=device)
    leaves = [x, *model.parameters()]
    due = torch.autograd.grad(y, leaves, v)

    with unchanged(x, model):
        result = large_models.checkpoint_but_products(model, x)
    check(result, y, what="the result")
    with situation("in backward of a single call"):
        found = torch.autograd.grad(result, leaves, v)
    check(found, due, what="the gradients for x and the parameters")
    result = large_models.checkpoint_but_products(model, x)
    later = large_models.checkpoint_but_products(model, -2 * x)

    with situation("when a later call's graph is alive, too"):
        found = torch.autograd.grad(result, leaves, v)
    check(found, due, what="the gradients for x and the parameters, of the first of two calls")
    del later


@pytest.mark.parametrize("tracked", [True, False], ids=["x requires grad", "x does not"])
def test_checkpoint_but_products_takes_further_arguments(tracked, device):
    x, w = sample((3, 3), device=device, requires_grad=tracked), sample((3, 3), device=device)
    w.requires_grad_()

    def fn(x, power, w, more):
        return batched(x, w) ** power + more["plus"]

    args = (x, 2, w, {"plus": 3.0})
    leaves = [leaf for leaf in (x, w) if leaf.requires_grad]
    y = fn(*args)
    v = sample((3, 3), device=device)
    with unchanged(x, w):
        result = large_models.checkpoint_but_products(fn, *args)
    check(result, y, what="the result of a function of two tensors, a number and a dict")
    due = torch.autograd.grad(y, leaves, v)
    check(torch.autograd.grad(result, leaves, v), due, what="its gradients")


def test_checkpoint_but_products_computes_no_product_again_and_all_else_once(device):
    x, w = (sample((3, 3), device=device, requires_grad=True) for _ in range(2))
    plain, own, before = Memory(), Memory(), Memory()
    y = batched(x, w)
    v = sample((3, 3), device=device)
    with watched_backward(plain):
        torch.autograd.grad(y, (x, w), v)

    with before:
        result = large_models.checkpoint_but_products(batched, x, w)
    with watched_backward(own):
        torch.autograd.grad(result, (x, w), v)

    assert before.products() == 3, (
        f"forward runs {before.products()} matrix products: 3 are due, each once"
    )
    again = {
        name: own.counts.get(name, 0) - plain.counts.get(name, 0)
        for name in ("mm", "bmm", "addmm", "tanh", "exp")
    }
    products = [name for name in ("mm", "bmm", "addmm") if again[name]]
    assert not products, (
        f"backward computes {' and '.join(products)} again: its results are to be kept"
    )
    cheap = [name for name in ("tanh", "exp") if again[name] != 1]
    assert not cheap, (
        f"backward computes {' and '.join(cheap)} {again[cheap[0]]} times again: once is due, for "
        "only the results of products are kept"
    )


def test_checkpoint_but_products_keeps_the_products_alone(device):
    model = layers(device, nn.Tanh(), Cheap(), nn.LayerNorm(6), nn.Dropout(0.5), nn.Sigmoid())
    x = sample((4, 4), device=device, requires_grad=True)
    products, output = 4 * 6 + 4 * 5, 4 * 5

    with torch.random.fork_rng(), Memory() as memory:
        result = large_models.checkpoint_but_products(model, x)

    kept = memory.alive_at_most(products + output)
    assert kept <= products + output, (
        f"{kept} elements that forward has made are alive after it: the products have {products}, "
        f"the output has {output}"
    )
    assert kept >= products, (
        f"{kept} elements are alive after forward: the results of the products have {products}, "
        "and are to be kept"
    )
    with torch.random.fork_rng():
        result.sum().backward()


def test_checkpoint_but_products_sees_the_same_dropout(device):
    model = layers(device, nn.Dropout(0.5))
    x = sample((30, 4), device=device, requires_grad=True)

    def run(call):
        with torch.random.fork_rng():
            torch.manual_seed(3)
            y = call()
            torch.rand(7, device=device)
            return y, torch.autograd.grad(y.square().sum(), [x, *model.parameters()])

    due = run(lambda: model(x))
    found = run(lambda: large_models.checkpoint_but_products(model, x))
    check(found[0], due[0], what="the result with dropout")
    check(found[1], due[1], what="the gradients with dropout, whose mask is forward's")


def test_checkpoint_but_products_calls_fn_twice_and_lets_its_error_through(device):
    x, w = (sample((3, 3), device=device, requires_grad=True) for _ in range(2))
    fn = counted(batched)
    large_models.checkpoint_but_products(fn, x, w).sum().backward()
    assert fn.calls <= 2, f"fn is called {fn.calls} times: once in forward, once in backward"

    def failing(x):
        raise ErrorOfF

    with raises(RuntimeError, when="fn raises", naming=[str(ErrorOfF())]):
        large_models.checkpoint_but_products(failing, x)
