import gc
import math
import weakref

import gradient_surgery
import pytest
import torch

from gradkata.checks import (
    ErrorOfF,
    check,
    counted,
    counted_passes,
    either_dtype,
    inside_no_grad,
    raises,
    sample,
    situation,
    tracked_copies,
    unchanged,
)

from .shared import MADE_FINITE, demand_grad_mode, large_infinite_and_nan

pytestmark = pytest.mark.task("fixed_point")


def contraction(device, dtype=torch.float64, n=3, m=2):
    """Return A, with a 2-norm of 0.6, and B."""
    a, b = (sample(s, device=device, dtype=dtype) for s in [(n, n), (n, m)])
    return a * 0.6 / torch.linalg.matrix_norm(a, 2), b


def linear(a, b):
    return lambda z, theta: a @ z + b @ theta


def bent(a, b):
    return lambda z, theta: torch.tanh(a @ z + b @ theta)


def mixed(a, b):
    return lambda z, theta: (a @ z + z * torch.tanh(b @ theta) * 0.6 + b @ theta) / 2


KINDS = {
    "A·z + B·θ": linear,
    "tanh(A·z + B·θ)": bent,
    "(A·z + z·tanh(B·θ)·0.6 + B·θ)/2": mixed,
}


def start(device, dtype=torch.float64):
    return sample((2,), device=device, dtype=dtype, requires_grad=True), torch.zeros(
        3, dtype=dtype, device=device
    )


def judge_gradient(f, theta, z, gradient, v, given):
    """Compare a gradient for θ with the implicit function theorem, solved by a matrix."""
    theta = theta.detach()
    for _ in range(200):
        z = f(z, theta).detach()
    jacobian = torch.autograd.functional.jacobian(lambda z: f(z, theta), z)
    by_theta = torch.autograd.functional.jacobian(lambda theta: f(z, theta), theta)
    one = torch.eye(3, dtype=z.dtype, device=z.device)

    def through(matrix):
        return by_theta.T @ torch.linalg.solve(one - matrix, v)

    def rounds(count):
        u = v
        for _ in range(count):
            u = v + jacobian.T @ u
        return by_theta.T @ u

    single = z.dtype == torch.float32
    check(
        gradient,
        through(jacobian.T),
        what=f"the gradient for theta, {given}",
        rtol=1e-4 if single else 1e-8,
        atol=(1e-4 if single else 1e-8) * v.abs().max().item(),
        mistakes={
            "only the last step is differentiated: z* moves with theta too, u is v + Jᵀu": rounds(
                0
            ),
            "J is used where its transpose is due": through(jacobian),
            "the sign of J is wrong: u = v + Jᵀu": through(-jacobian.T),
            **{
                f"u ← v + Jᵀu ends after too few rounds, {count}, perhaps by a tolerance": rounds(
                    count
                )
                for count in range(1, 20)
            },
        },
    )


@pytest.mark.parametrize("near", [False, True], ids=["far", "near"])
@pytest.mark.parametrize("kind", KINDS)
def test_fixed_point_returns_z_after_exactly_these_steps(kind, near, device):
    a, b = contraction(device)
    f, (theta, _) = KINDS[kind](a, b), start(device)
    z = sample((3,), device=device)
    for _ in range(40 if near else 0):  # where a tolerance would end it
        z = f(z, theta.detach())

    with unchanged(theta, z, a, b):
        result = gradient_surgery.fixed_point(f, theta, z, 3)

    path = [z]
    for _ in range(5):
        path.append(f(path[-1], theta.detach()))
    check(
        result.detach(),
        path[3],
        what=f"three steps of {kind}{', beginning near z*' if near else ''}",
        rtol=1e-13,
        atol=1e-13,
        mistakes={
            "one step more was taken": path[4],
            "two steps more were taken": path[5],
            "one step less was taken": path[2],
            "two steps less were taken: no tolerance ends them": path[1],
        },
    )


@pytest.mark.parametrize("kind", KINDS)
@either_dtype
def test_fixed_point_has_the_gradient_of_the_point_where_it_ends(kind, dtype, device):
    a, b = contraction(device, dtype)
    f, (theta, z) = KINDS[kind](a, b), start(device, dtype)
    v = sample((3,), device=device, dtype=dtype) * 2.0**-40  # below any absolute tolerance

    result = gradient_surgery.fixed_point(f, theta, z, 80)
    assert result.requires_grad, "the result has no graph: no gradient reaches theta"
    came = v.clone()
    with situation(f"in the backward of {kind} after 80 steps"):
        (gradient,) = torch.autograd.grad(result, theta, v)

    check(v, came, what="what came in, after backward: it may be in use elsewhere", rtol=0, atol=0)
    judge_gradient(f, theta, z, gradient, v, f"of {kind} after 80 steps")


class Kept:
    """A tensor that some graph holds for backward."""

    def __init__(self, tensor):
        self.tensor = tensor.detach()


def kept(steps, f, theta, z):
    """Return how many tensors the result holds for backward, and how many iterates live on."""
    held, iterates = weakref.WeakSet(), []

    def noting(z, theta):
        iterates.append(weakref.ref(z))
        return f(z, theta)

    def pack(tensor):
        held.add(kept := Kept(tensor))
        return kept

    with torch.autograd.graph.saved_tensors_hooks(pack, lambda kept: kept.tensor):
        result = gradient_surgery.fixed_point(noting, theta, z, steps)
    gc.collect()
    return len(held), len({id(t) for t in (i() for i in iterates) if t is not None}), result


def test_fixed_point_keeps_nothing_of_the_steps(device):
    a, b = contraction(device)
    f = counted(bent(a.requires_grad_(), b))
    theta, z = start(device)

    (few, before, _), (many, after, result) = (kept(steps, f, theta, z) for steps in (10, 60))

    assert result.requires_grad, "the result has no graph: no gradient reaches theta"
    assert many <= few, (
        f"the result holds {few} tensors for backward after 10 steps, {many} after 60: run the "
        "steps without a graph, and make the gradient by the implicit function theorem"
    )
    assert after <= before, (
        f"{before} of the z's that f was given live on after 10 steps, {after} after 60: let "
        "nothing that the result needs for backward hold them"
    )
    assert f.calls <= 76, (
        f"f is called {f.calls} times for 10 and 60 steps: steps + 3 each, 76, is the most"
    )


def test_fixed_point_takes_a_theta_that_was_computed_and_walks_back_again(device):
    small, (leaf, z) = bent(*contraction(device)), start(device)
    v, w = sample((3,), device=device), sample((3,), device=device, low=-1e6, high=1e6)
    k = sample((2,), device=device, requires_grad=True)
    theta = leaf * k
    z.requires_grad_()

    def f(z, theta):
        return 1e6 * small(z / 1e6, theta)

    result = gradient_surgery.fixed_point(f, theta, z, 80)
    gradient_surgery.fixed_point(
        linear(*contraction(device)), theta, z, 3
    )  # its backward is still to come
    with (
        unchanged(leaf, k, z),
        counted_passes() as passes,
        situation("asked for the gradient twice, with retain_graph=True"),
    ):
        first, second = (
            torch.autograd.grad(result, (leaf, k, z), came, retain_graph=True, allow_unused=True)
            for came in (v, w)
        )

    assert len(passes) <= 2 * 90, (
        f"after 80 steps, two gradients take {len(passes)} backward passes: u ← v + Jᵀu at most "
        "80 times for each"
    )
    for gradient, factor in ((first[0], k), (first[1], leaf)):
        judge_gradient(f, theta, z.detach(), gradient / factor.detach(), v, "theta being leaf·k")
    once_more = "asked for once more, for something else that comes in"
    judge_gradient(f, theta, z.detach(), second[0] / k.detach(), w, once_more)
    got = torch.zeros_like(z) if first[2] is None else first[2]
    check(
        got.detach(),
        torch.zeros(3, dtype=z.dtype, device=device),
        what="the gradient for z, where the steps begin: a constant",
    )


def test_fixed_point_has_no_graph_where_theta_has_none(device):
    a, b = contraction(device)
    (tracked,) = tracked_copies(a)
    theta, z = start(device)
    z.requires_grad_()
    due = z.detach()
    for _ in range(4):
        due = bent(a, b)(due, theta.detach())

    check(
        gradient_surgery.fixed_point(bent(tracked, b), theta.detach(), z, 4),
        due,
        what="the result, where theta does not require grad, but z and a parameter of f do",
    )

    def f(z, theta):
        assert not torch.is_grad_enabled(), (
            "f is called in grad mode, although the call is inside torch.no_grad(): leave it off"
        )
        return bent(a, b)(z, theta)

    with inside_no_grad():
        result = gradient_surgery.fixed_point(f, theta, z, 4)
    check(result, due, what="the result inside torch.no_grad()")


def test_fixed_point_calls_f_in_grad_mode_and_touches_nothing_of_fs(device):
    a, b = contraction(device)
    (w,) = tracked_copies(a)
    w.grad = torch.full_like(w, 7)
    theta, z = start(device)
    theta.detach().mul_(1e6)
    v = sample((3,), device=device)

    def f(z, theta):
        demand_grad_mode()
        return (w @ z + b @ theta).view(1, 3)[0]

    with unchanged(w, theta, z):
        result = gradient_surgery.fixed_point(f, theta, z, 80)
        (gradient,) = torch.autograd.grad(result, theta, v)

    one = torch.eye(3, dtype=a.dtype, device=device)
    check(
        result.detach(),
        torch.linalg.solve(one - a, b @ theta.detach()),
        what="the result, whose numbers are of the size 1e6",
        rtol=1e-9,
    )
    judge_gradient(
        f, theta, z, gradient, v, "f having a parameter of its own, and returning a view"
    )


def test_fixed_point_lets_nan_and_infinity_through(device):
    theta, z = start(device)
    row, nans = large_infinite_and_nan(z), torch.full_like(z, math.nan)

    theta.detach()[0] = math.nan
    end = gradient_surgery.fixed_point(lambda z, theta: z / 2 + theta, row, z, 3)
    result = gradient_surgery.fixed_point(linear(*contraction(device)), theta, z, 3)

    due = 1.75 * row
    what = "three steps of z/2 + θ, θ being 1e6, infinite and NaN"
    check(end, due, what=what, mistakes={MADE_FINITE: lambda: due.nan_to_num()})
    check(result.detach(), nans, what="the result, where a number of theta is NaN")
    (gradient,) = torch.autograd.grad(result, theta, nans)
    check(gradient, nans[:2], what="the gradient for theta, where NaN comes in")


def test_fixed_point_lets_an_error_of_f_through(device):
    def f(z, theta):
        raise ErrorOfF

    theta, z = start(device)
    with (
        unchanged(theta, z),
        raises(
            RuntimeError,
            when="f raises a RuntimeError of its own",
            naming=[str(ErrorOfF())],
            advice="an except hides it",
        ),
    ):
        gradient_surgery.fixed_point(f, theta, z, 5)
