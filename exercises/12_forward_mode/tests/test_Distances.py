import forward_mode
import pytest
import torch
from torch.autograd import forward_ad

from gradkata.checks import (
    check,
    check_backward,
    check_edits_are_noticed,
    check_gradients,
    sample,
    situation,
    turned,
    unchanged,
)

from .shared import moved

pytestmark = pytest.mark.task("Distances")


def distances(x, y):
    """Return the distance of each row of x from each row of y."""
    return (x[:, None] - y).square().sum(-1).sqrt()


def points(device, rows=4, **options):
    """Return x and y, which lie apart, and a tangent for each."""
    x, y, x_tangent, y_tangent = (
        turned(sample((3, n), device=device, **options)) for n in (rows, 5, rows, 5)
    )
    return x, y + 5, x_tangent, y_tangent


def test_distances_are_right(device):
    x, y, _, _ = points(device)
    y[0] = x[0] + 1e-6

    with unchanged(x, y):
        result = forward_mode.Distances.apply(x, y)

    check(
        result,
        distances(x, y),
        what="forward, where two points are near",
        rtol=1e-9,
        atol=0.0,
        mistakes={
            "short distances are made longer, or an epsilon stands under the root": (
                distances(x, y).clamp(min=1e-3)
            )
        },
    )


def test_distances_go_back_to_both(device):
    x, y, _, _ = points(device)
    cotangent = turned(sample((5, 4), device=device))
    apart = x[:, None] - y
    pull, unit = cotangent[..., None] * apart, apart / distances(x, y)[..., None]

    check_backward(
        forward_mode.Distances,
        distances,
        (x, y),
        cotangent,
        mistakes={
            "the difference is not divided by the distance": [pull.sum(1), -pull.sum(0)],
            "the sign of y is lost: it is subtracted": [
                (cotangent[..., None] * unit).sum(1),
                (cotangent[..., None] * unit).sum(0),
            ],
        },
    )


@pytest.mark.parametrize("which", ["x", "y"])
def test_distances_go_back_to_one_alone(which, device):
    x, y, _, _ = points(device)
    leaf = {"x": x, "y": y}[which].requires_grad_()

    with situation(f"where {which} alone requires grad"):
        result = forward_mode.Distances.apply(x, y).sum()
        result = torch.autograd.grad(result, leaf, allow_unused=True)[0]

    unit = (x - y[:, None]) / distances(y, x)[..., None]
    check(
        result,
        {"x": unit.sum(0), "y": -unit.sum(1)}[which].detach(),
        what=f"the gradient for {which}, which alone requires grad",
    )


@pytest.mark.parametrize(
    ("moving", "dtype"),
    [("x", torch.float64), ("y", torch.float32), ("x and y", torch.float64)],
    ids=["x", "y in float32", "both"],
)
def test_distances_move_with_their_points(moving, dtype, device):
    x, y, x_tangent, y_tangent = points(device, dtype=dtype)
    primals = {"x": x, "y": y}
    tangents = {"x": x_tangent, "y": y_tangent}
    names = moving.split(" and ")

    def along(f):
        def of_the_moving(*points):
            return f(**primals | dict(zip(names, points, strict=True)))

        return moved(of_the_moving, [primals[n] for n in names], [tangents[n] for n in names])

    with situation(f"where {moving} moves"), unchanged(x, y, x_tangent, y_tangent):
        result = along(lambda x, y: forward_mode.Distances.apply(x, y))

    value, expected = along(distances)
    dx = x_tangent[:, None] if "x" in names else 0 * x[:, None]
    dy = y_tangent if "y" in names else 0 * y
    apart = x[:, None] - y
    check(
        result,
        (value, expected),
        what=f"jvp, where {moving} moves",
        rtol=1e-5 if dtype == torch.float32 else None,
        mistakes={
            "the tangent of y is left out": (value, (apart * dx).sum(-1) / value),
            "the tangent of y is added: y is subtracted": (
                value,
                (apart * (dx + dy)).sum(-1) / value,
            ),
            "it is the distance of the tangents": lambda: (value, (dx - dy).norm(dim=-1)),
            "the sum is not divided by the distance": (value, (apart * (dx - dy)).sum(-1)),
            "the factor 2 of a square is left in: the root takes it away": (value, 2 * expected),
        },
    )


def forward_over_reverse(f, x, y, x_tangent, y_tangent, *, weight):
    leaves = x.detach().requires_grad_(), y.detach().requires_grad_()
    with forward_ad.dual_level():
        duals = map(forward_ad.make_dual, leaves, (x_tangent, y_tangent))
        gradients = torch.autograd.grad(f(*duals), leaves, weight)
        return [forward_ad.unpack_dual(gradient).tangent for gradient in gradients]


def reverse_over_forward(f, *points, weight):
    leaves = [point.detach().requires_grad_() for point in points]
    x, y, x_tangent, y_tangent = leaves
    with forward_ad.dual_level():
        output = f(forward_ad.make_dual(x, x_tangent), forward_ad.make_dual(y, y_tangent))
        tangent = forward_ad.unpack_dual(output).tangent
        return list(torch.autograd.grad(tangent, leaves, weight))


def reverse_over_reverse(f, x, y, x_tangent, y_tangent, *, weight):
    leaves = [t.detach().requires_grad_() for t in (x, y, weight)]
    *points, weight = leaves
    gradients = torch.autograd.grad(f(*points), points, weight, create_graph=True)
    return list(torch.autograd.grad(gradients, leaves, (x_tangent, y_tangent)))


@pytest.mark.parametrize(
    ("second", "words", "advice"),
    [
        (
            reverse_over_reverse,
            "reverse over reverse: the gradients of the gradients for x, y and what comes in",
            "",
        ),
        (forward_over_reverse, "forward over reverse: how the gradients for x and y move", ""),
        (
            reverse_over_forward,
            "reverse over forward: the gradients of the tangent for x, y and their tangents",
            "only what comes from ctx.saved_tensors, as it is, has a graph in jvp",
        ),
    ],
    ids=["reverse over reverse", "forward over reverse", "reverse over forward"],
)
def test_distances_can_be_differentiated_twice(second, words, advice, device):
    given = points(device)
    weight = sample((4, 5), device=device)

    with situation(f"{words}{advice and ': '}{advice}"):
        result = second(forward_mode.Distances.apply, *given, weight=weight)

    check(result, second(distances, *given, weight=weight), what=words)


def test_distances_notice_edits(device):
    x, y, _, _ = points(device)

    check_edits_are_noticed(forward_mode.Distances.apply, (x, y))


def test_distances_of_many_points_are_as_precise(device):
    x, y, _, _ = points(device, rows=30)
    y[0] = x[0] + 1e-6

    result = forward_mode.Distances.apply(x, y)

    what = "forward, where two of many points are near: above 25 torch.cdist goes by a product"
    check(result, distances(x, y), what=what, rtol=1e-9, atol=0.0)
