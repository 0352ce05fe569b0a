import pytest
import torch
import write_the_test

from .shared import judge

pytestmark = pytest.mark.task("check_hvp")


def differentiated_twice(along, *, unless_linear=False, unless_without_x=False):
    """Return the candidate that gets H·v by this function of the gradient, x and v.

    Args:
        along: calls torch.autograd with the options that it is given.
        unless_linear: an f that is linear in x is an error.
        unless_without_x: an f that does without x is an error.
    """
    first = {} if unless_without_x else {"materialize_grads": True}
    second = {} if unless_linear else {"materialize_grads": True}

    def hvp(f, x, v):
        x = x.detach().requires_grad_()
        y = f(x)
        if not y.requires_grad and not unless_without_x:
            return torch.zeros_like(x)
        (gradient,) = torch.autograd.grad(y, x, create_graph=True, **first)
        if not gradient.requires_grad and not unless_linear:
            return torch.zeros_like(x)
        return along(gradient, x, v, second)

    return hvp


def handed_in(gradient, x, v, options):
    return torch.autograd.grad(gradient, x, v, **options)[0]


def of_the_product(gradient, x, v, options):
    return torch.autograd.grad((gradient * v).sum(), x, **options)[0]


def rows(gradient, x, v, options):
    units = torch.eye(x.numel(), dtype=x.dtype).reshape(-1, *x.shape)
    found = [
        torch.autograd.grad(gradient, x, unit, retain_graph=True, **options)[0] for unit in units
    ]
    return torch.stack(found).reshape(x.numel(), x.numel())


def diagonal(gradient, x, v, options):
    return v * rows(gradient, x, v, options).diagonal().reshape(x.shape)


def all_rows(gradient, x, v, options):
    return (rows(gradient, x, v, options) @ v.reshape(-1)).reshape(x.shape)


def left_out(gradient, x, v, options):
    return handed_in(gradient, x, torch.ones_like(v), options)


def vhv(gradient, x, v, options):
    return (handed_in(gradient, x, v, options) * v).sum().expand(x.shape)


def of_length_1(gradient, x, v, options):
    return handed_in(gradient, x, v / v.norm(), options)


def by_columns(gradient, x, v, options):
    turned = v.T.reshape(x.shape) if v.ndim == 2 else v
    return handed_in(gradient, x, turned, options)


def with_a_graph(gradient, x, v, options):
    return torch.autograd.grad(gradient, x, v, create_graph=True, **options)[0]


def by_backward(gradient, x, v, options):
    x.grad = torch.zeros_like(x)
    (gradient * v).sum().backward()
    return x.grad


def by_functional(f, x, v):
    return torch.autograd.functional.hvp(f, x, v)[1].detach()


def by_func(f, x, v):
    return torch.func.vjp(torch.func.grad(f), x)[1](v)[0].detach()


def difference(f, x, v):
    def gradient(x):
        x = x.detach().requires_grad_()
        y = f(x)
        if not y.requires_grad:
            return torch.zeros_like(x)
        return torch.autograd.grad(y, x, materialize_grads=True)[0]

    return (gradient(x + 0.05 * v) - gradient(x - 0.05 * v)) / 0.1


hvp = differentiated_twice(handed_in)


def of_x_itself(f, x, v):
    result = hvp(f, x, v)
    x.requires_grad_()
    return result


RIGHT = {
    "it hands v to the second autograd.grad": hvp,
    "it differentiates the product of gradient and v": differentiated_twice(of_the_product),
    "it is torch.autograd.functional.hvp": by_functional,
    "it is vjp of grad, of torch.func": by_func,
}

FAULTS = {
    "v is left out: the rows of H are added up": differentiated_twice(left_out),
    "only the diagonal of H counts": differentiated_twice(diagonal),
    "vᵀHv comes back, in every element": differentiated_twice(vhv),
    "v is scaled to length 1 first": differentiated_twice(of_length_1),
    "a linear f is an error": differentiated_twice(handed_in, unless_linear=True),
    "an f that does without x is an error": differentiated_twice(handed_in, unless_without_x=True),
    "the elements of a matrix v are taken column by column": differentiated_twice(by_columns),
    "it is a central difference of gradients, right to three digits, exact for quadratic f": (
        difference
    ),
    "the result has a graph attached": differentiated_twice(with_a_graph),
    "x requires grad afterwards": of_x_itself,
    ".grad is written, of a weight that f uses": differentiated_twice(by_backward),
    "all of H is computed, one backward for each row": differentiated_twice(all_rows),
}


def test_check_hvp_accepts_what_is_right_and_catches_every_fault():
    judge(write_the_test.check_hvp, RIGHT, FAULTS)
