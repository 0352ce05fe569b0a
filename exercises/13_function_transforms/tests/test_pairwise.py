import function_transforms
import pytest
import torch

from gradkata.checks import (
    ErrorOfF,
    Wrong,
    a_leaf,
    check,
    counted,
    inside_no_grad,
    raises,
    sample,
    situation,
    unchanged,
)

pytestmark = pytest.mark.task("pairwise")


def taking(xs, ys, f):
    """Return f, which demands to be called with one x and one y, and counts its calls."""

    def watched(x, y):
        if (x.shape, y.shape) != (xs.shape[1:], ys.shape[1:]):
            raise Wrong(
                f"f is called with an x of shape {tuple(x.shape)} and a y of shape "
                f"{tuple(y.shape)}: it takes one x, of shape {tuple(xs.shape[1:])}, and one y, of "
                f"shape {tuple(ys.shape[1:])}"
            )
        return f(x, y)

    return counted(watched)


def outer(x, y):
    """Return a tensor whose axes are those of x and of y."""
    return (x + 1).sin().reshape(*x.shape, *(1,) * y.ndim) * y.exp() - y


def called_once(f, pairs):
    assert f.calls == 1, (
        f"f is called {f.calls} times for {pairs} pairs: call it once, under vmap for the xs and "
        "under vmap for the ys"
    )


SHAPES = [((3, 2), (3, 1)), ((3, 2), (4,)), ((4,), (1, 3, 2))]


@pytest.mark.parametrize(("of_xs", "of_ys"), SHAPES, ids=["as many ys", "a y is 0-d", "one y"])
def test_pairwise_is_f_of_each_x_with_each_y(of_xs, of_ys, device):
    xs, ys = sample(of_xs, device=device), sample(of_ys, device=device, strided=True)
    f = taking(xs, ys, outer)

    with situation(f"given xs of shape {of_xs} and ys of shape {of_ys}"), unchanged(xs, ys):
        result = function_transforms.pairwise(f, xs, ys)

    expected = torch.stack([torch.stack([outer(x, y) for y in ys]) for x in xs])
    check(
        result,
        expected,
        what=f"f of all pairs, given xs of shape {of_xs} and ys of shape {of_ys}",
        mistakes={
            "the ys come first: result[i, j] belongs to xs[i] and ys[j]": (
                expected.transpose(0, 1)
            ),
            "each x meets one y, the one at its own place: f of all pairs is due": (
                lambda: torch.stack([outer(x, y) for x, y in zip(xs, ys, strict=True)])
            ),
        },
    )
    called_once(f, len(xs) * len(ys))


IGNORING = {
    "ys": lambda x, y, constant: x.sin(),
    "xs": lambda x, y, constant: y.sin(),
    "both": lambda x, y, constant: constant.sin(),
}


@pytest.mark.parametrize(("ignored", "f"), IGNORING.items(), ids=IGNORING)
def test_pairwise_repeats_what_f_ignores(ignored, f, device):
    xs, ys, constant = (sample((n, 2), device=device) for n in (3, 4, 2))

    with situation(f"given an f that ignores {ignored}"):
        result = function_transforms.pairwise(lambda x, y: f(x, y, constant), xs, ys)

    expected = torch.stack([torch.stack([f(x, y, constant) for y in ys]) for x in xs])
    check(result, expected, what=f"f of all pairs, where f ignores {ignored}")


def test_pairwise_has_no_graph_whatever_records(device):
    xs, ys = a_leaf((3, 2), device), a_leaf((4, 2), device)
    weight = a_leaf((2,), device)

    with unchanged(xs, ys, weight):
        result = function_transforms.pairwise(lambda x, y: x @ (weight * y), xs, ys)

    expected = ((xs * weight) @ ys.T).detach()
    check(result, expected, what="f of all pairs, where xs, ys and a weight of f record")


def test_pairwise_works_in_float32_and_inside_no_grad_for_an_f_that_takes_a_gradient(device):
    xs = sample((3, 2), device=device, dtype=torch.float32)
    ys = sample((2, 2), device=device, dtype=torch.float32)

    with inside_no_grad():
        result = function_transforms.pairwise(torch.func.grad(lambda x, y: x.sin() @ y), xs, ys)

    check(result, xs.cos()[:, None] * ys, what="the gradients by x of Σ sin(x)·y, of all pairs")


def test_pairwise_takes_one_tensor_for_both(device):
    xs = sample((3, 2), device=device)

    result = function_transforms.pairwise(outer, xs, xs)

    expected = torch.stack([torch.stack([outer(x, y) for y in xs]) for x in xs])
    check(result, expected, what="f of all pairs, where xs and ys are one tensor")


def test_pairwise_lets_an_error_of_f_through(device):
    def f(x, y):
        raise ErrorOfF

    with raises(ErrorOfF, when="f raises it"):
        function_transforms.pairwise(f, sample((3, 2), device=device), sample((4,), device=device))
