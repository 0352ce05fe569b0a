import math

import gradient_surgery
import pytest
import torch

from gradkata.checks import (
    ErrorOfF,
    IdentityWithoutBackward,
    check,
    raises,
    sample,
    situation,
    unchanged,
)

from .shared import MADE_FINITE, demand_grad_mode

pytestmark = pytest.mark.task("wirtinger")


def points(shape, device, dtype=torch.complex128):
    """Return complex numbers of which none is near 0 or real, and no two alike."""
    real = torch.float32 if dtype == torch.complex64 else torch.float64
    parts = [sample(shape, device=device, dtype=real, gap=0.3) for _ in range(2)]
    return torch.complex(*parts)


def times_its_size(z):
    demand_grad_mode()
    return z * z.abs()


# f, ∂f/∂z, ∂f/∂z̄. First those at which no two mistakes give the same.
FUNCTIONS = {
    "z·|z|": (
        times_its_size,
        lambda z: 1.5 * z.abs() + 0j,
        lambda z: z * z / (2 * z.abs()),
    ),
    "(2 + i)·z²·z̄": (
        lambda z: (2 + 1j) * z * z * z.conj(),
        lambda z: (2 + 1j) * 2 * z * z.conj(),
        lambda z: (2 + 1j) * z * z,
    ),
    "|z|²": (lambda z: z.abs().square(), lambda z: z.conj(), lambda z: z),
    "Re z": (lambda z: z.real, lambda z: 0 * z + 0.5, lambda z: 0 * z + 0.5),
    "z²": (torch.square, lambda z: 2 * z, lambda z: 0 * z),
    "z̄": (torch.conj, lambda z: 0 * z, lambda z: 0 * z + 1),
    "eᶻ": (torch.exp, torch.exp, lambda z: 0 * z),
}


def kind_of(y):
    return "complex" if y.is_complex() else "real"


def judge(name, z):
    f, by_z, by_conjugate = FUNCTIONS[name]
    with unchanged(z), situation(f"with f = {name}, which is {kind_of(f(z))}"):
        result = gradient_surgery.wirtinger(f, z)
    if isinstance(result, tuple) and all(isinstance(r, torch.Tensor) for r in result):
        result = tuple(r.resolve_conj() for r in result)
    due = tuple(d(z).resolve_conj() for d in (by_z, by_conjugate))

    def torchs(part):
        leaf = z.detach().clone().requires_grad_()
        (gradient,) = torch.autograd.grad(part(f(leaf)).sum(), leaf)
        return gradient.resolve_conj()

    a, b = due
    single = z.dtype == torch.complex64
    check(
        result,
        due,
        what=f"∂f/∂z and ∂f/∂z̄ of {name}",
        rtol=1e-5 if single else 1e-9,
        atol=1e-5 if single else 1e-10,
        mistakes={
            MADE_FINITE: lambda: (a.nan_to_num(), b.nan_to_num()),
            "the two are swapped": (b, a),
            "the two are conjugated": (a.conj().resolve_conj(), b.conj().resolve_conj()),
            "both are twice as large: halve them": (2 * a, 2 * b),
            "∂f/∂z̄ is twice as large: halve it": (a, 2 * b),
            "f is taken for holomorphic: ∂f/∂z̄ is not 0": (a, 0 * b),
            "f is taken for holomorphic: the gradient that torch gives for an incoming 1 is not "
            "∂f/∂z, but holds the conjugate of ∂f/∂z̄ too": lambda: (
                (a + b.conj()).resolve_conj(),
                0 * b,
            ),
            "only the real part of f is differentiated": lambda: (
                (torchs(torch.real).conj() / 2).resolve_conj(),
                torchs(torch.real) / 2,
            ),
        },
    )


@pytest.mark.parametrize("name", FUNCTIONS)
def test_wirtinger_of_a_matrix(name, device):
    judge(name, points((4, 3), device))


@pytest.mark.parametrize("name", ["z·|z|", "|z|²"])
def test_wirtinger_of_a_0d_number_in_complex64(name, device):
    judge(name, points((), device, torch.complex64))


def test_wirtinger_takes_any_layout_and_a_conjugate(device):
    z = points((3, 4), device)
    z[0, 0], z[1, 1] = complex(math.nan, math.nan), 1e6 * z[1, 1]
    judge("(2 + i)·z²·z̄", z.T.conj())


def test_wirtinger_of_a_leaf_leaves_no_graph_and_no_grad(device):
    z, w = points((4, 3), device).requires_grad_(), points((4, 3), device).requires_grad_()
    z.grad, w.grad = torch.full_like(z, 7), torch.full_like(w, 7)

    with unchanged(z, w):
        result = gradient_surgery.wirtinger(lambda z: w * z * z.conj() + w, z)

    plain = [t.detach() for t in (z, w)]
    due = (plain[1] * plain[0].conj(), plain[1] * plain[0])
    check(result, due, what="∂f/∂z and ∂f/∂z̄ of w·|z|² + w", rtol=1e-9, atol=1e-10)


def test_wirtinger_lets_an_error_of_f_through(device):
    def fails(z):
        raise ErrorOfF

    def fails_in_backward(z):
        parts = IdentityWithoutBackward.apply(torch.view_as_real(z))
        return torch.view_as_complex(parts)

    z = points((4, 3), device)
    for f, name in ((fails, "f"), (fails_in_backward, "f's backward")):
        with (
            unchanged(z),
            raises(
                RuntimeError,
                when=f"{name} raises a RuntimeError of its own",
                naming=[str(ErrorOfF())],
                advice="an except hides it",
            ),
        ):
            gradient_surgery.wirtinger(f, z)


def test_wirtinger_of_a_holomorphic_function_on_the_real_axis(device):
    z = points((4, 3), device)
    z = torch.complex(z.real, torch.zeros_like(z.real))

    result = gradient_surgery.wirtinger(torch.square, z)

    check(result, (2 * z, 0 * z), what="∂f/∂z and ∂f/∂z̄ of z² on the real axis")
