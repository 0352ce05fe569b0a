import pytest
import torch
import write_the_test

from .shared import judge

pytestmark = pytest.mark.task("check_hvp")


def differentiated_twice(
    along, *, constant=True, without_x=True, linear=True, linear_with_weight=True
):
    """Return the candidate that gets H·v by this function of the gradient, x and v.

    Each of the others says whether it copes with such an f; if not, it is an error.

    Args:
        along: calls torch.autograd with the options that it is given.
        constant: its result has no graph.
        without_x: its result has a graph without x.
        linear: its gradient has no graph.
        linear_with_weight: its gradient has a graph without x.
    """

    def hvp(f, x, v):
        x = x.detach().requires_grad_()
        y = f(x)
        if not y.requires_grad and constant:
            return torch.zeros_like(x)
        options = {"materialize_grads": without_x}
        (gradient,) = torch.autograd.grad(y, x, create_graph=True, **options)
        if not gradient.requires_grad and linear:
            return torch.zeros_like(x)
        return along(gradient, x, v, {"materialize_grads": linear_with_weight})

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


def times_v(gradient, x, v, options):
    return left_out(gradient, x, v, options) * v


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


def leaving_a_grad(f, x, v):
    result = hvp(f, x, v)
    x.grad = result.clone()
    return result


def clearing_grads(f, x, v):
    result = hvp(f, x, v)
    x.grad = v.grad = None
    return result


def of_shape_1(f, x, v):
    result = hvp(f, x, v)
    return result if result.ndim else result[None]


def of_float32(f, x, v):
    return hvp(f, x, v).float()


def overwriting(f, x, v):
    result = hvp(f, x, v)
    v.mul_(result)
    return result


def calling_twice(f, x, v):
    f(x)
    return hvp(f, x, v)


def by_view(f, x, v):
    return hvp(f, x, v.view(-1).view(v.shape))


RIGHT = {
    "it hands v to the second autograd.grad: two passes": hvp,
    "it differentiates the product of gradient and v: another way, and two passes": (
        differentiated_twice(of_the_product)
    ),
    "it is torch.autograd.functional.hvp; that it takes two passes is not promised": by_functional,
    "it is vjp of grad, of torch.func; that f gets an ordinary tensor is not promised": by_func,
}

FAULTS = {
    "v is left out: the rows of H are added up": differentiated_twice(left_out),
    "only the diagonal of H counts": differentiated_twice(diagonal),
    "vᵀHv comes back, in every element": differentiated_twice(vhv),
    "v is scaled to length 1 first": differentiated_twice(of_length_1),
    "a linear f is an error where its gradient has no graph": differentiated_twice(
        handed_in, linear=False
    ),
    "an f that does without x is an error where its result has no graph": differentiated_twice(
        handed_in, constant=False
    ),
    "the elements of a matrix v are taken column by column": differentiated_twice(by_columns),
    "it is a central difference of gradients, right to three digits, exact for quadratic f": (
        difference
    ),
    "the result has a graph attached": differentiated_twice(with_a_graph),
    "x requires grad afterwards": of_x_itself,
    ".grad is written, of a weight that f uses": differentiated_twice(by_backward),
    "all of H is computed, one backward for each row": differentiated_twice(all_rows),
    "a linear f is an error where its gradient has a graph, of a weight": differentiated_twice(
        handed_in, linear_with_weight=False
    ),
    "an f that does without x is an error where its result has a graph, of a weight": (
        differentiated_twice(handed_in, without_x=False)
    ),
    "the rows of H are added up, and then multiplied by v": differentiated_twice(times_v),
    "x.grad is left over": leaving_a_grad,
    "the .grad of x and v is cleared": clearing_grads,
    "a 0-d x gives shape (1,)": of_shape_1,
    "float64 gives float32": of_float32,
    "v is overwritten": overwriting,
    "f is called twice": calling_twice,
    "it is an error where v is not contiguous: it calls .view": by_view,
    "float32 gives float64": lambda f, x, v: hvp(f, x, v).double(),
}


def test_check_hvp_accepts_what_is_right_and_catches_every_fault():
    judge(write_the_test.check_hvp, RIGHT, FAULTS)
