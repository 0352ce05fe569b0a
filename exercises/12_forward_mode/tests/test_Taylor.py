import math

import forward_mode
import numpy as np
import pytest

from gradkata.checks import Wrong, check, count_operations, forbid, sample

from .shared import REVERSE

pytestmark = pytest.mark.task("Taylor")


by_formula = forbid(
    *REVERSE,
    "torch.autograd.forward_ad",
    "torch.func",
    reason="compute the coefficients by their own formula",
)


def coefficients(length, device, zeros=()):
    drawn = sample((length,), device=device).tolist()
    return tuple(0.0 if k in zeros else c for k, c in enumerate(drawn))


def product(a, b):
    return np.convolve(a, b)[: len(a)]


def exponential(a, terms=30):
    """Return the series of exp: e to the a[0], times the sum of all powers of the rest over k!."""
    rest = np.array([0.0, *a[1:]])
    total = power = np.eye(1, len(a))[0]
    for k in range(1, terms):
        power = product(power, rest) / k
        total = total + power
    return math.exp(a[0]) * total


def judge(result, expected, what, mistakes):
    if not isinstance(result, forward_mode.Taylor):
        raise Wrong(f"{what}: yours is of {type(result).__name__}, a Taylor is due")
    if not isinstance(result.coefficients, tuple):
        kind = type(result.coefficients).__name__
        raise Wrong(f"{what}: its coefficients are a {kind}, a tuple is due")
    check(
        result.coefficients,
        tuple(map(float, expected)),
        what=f"the coefficients of {what}",
        mistakes={why: tuple(map(float, values)) for why, values in mistakes.items()},
    )


# The length, and which coefficients are 0.
LENGTHS = [(1, ()), (2, ()), (3, (1,)), (4, (1, 2, 3)), (6, (0, 3, 5))]


def shown(length, zeros):
    which = " and ".join(f"c{k}" for k in zeros)
    return f"of length {length}" + (f" with {which} = 0" if which else "")


def test_Taylor_adds(device):
    for length, zeros in LENGTHS:
        a, b = (coefficients(length, device, zeros) for _ in range(2))

        with by_formula:
            result = forward_mode.Taylor(a) + forward_mode.Taylor(b)

        judge(result, np.add(a, b), f"a + b, {shown(length, zeros)}", {"the two are joined": a + b})


def test_Taylor_multiplies(device):
    for length, zeros in LENGTHS:
        a, b = (coefficients(length, device, zeros) for _ in range(2))
        one, other = map(forward_mode.Taylor, (a, b))
        words = "a * b"
        if length == 3:
            b, other, words = a, one, "a * a"

        with by_formula:
            result = one * other

        judge(
            result,
            product(a, b),
            f"{words}, {shown(length, zeros)}",
            {
                "it is multiplied coefficient by coefficient": np.multiply(a, b),
                "Leibniz' binomials are multiplied in: those are for derivatives": [
                    sum(math.comb(k, i) * a[i] * b[k - i] for i in range(k + 1))
                    for k in range(length)
                ],
                "what comes after the last coefficient is not cut off": np.convolve(a, b),
            },
        )


def test_Taylor_exponentiates(device):
    for length, zeros in LENGTHS:
        a = coefficients(length, device, zeros)

        with by_formula:
            result = forward_mode.Taylor(a).exp()

        e = [math.exp(a[0])]
        for k in range(1, length):
            e.append(sum(i * a[i] * e[k - i] for i in range(1, k + 1)))
        rest = np.array([0.0, *a[1:]])
        to_second = np.eye(1, length)[0] + rest + product(rest, rest) / 2
        judge(
            result,
            exponential(a),
            f"a.exp(), {shown(length, zeros)}",
            {
                "it is taken coefficient by coefficient": np.exp(a),
                "the division by k is left out": e,
                "only the terms up to the second power are there": math.exp(a[0]) * to_second,
                "e to the a[0] is left out": exponential((0.0, *a[1:])),
            },
        )


@pytest.mark.parametrize("name", ["a * b", "a.exp()"])
def test_Taylor_takes_of_the_order_of_the_square_of_its_length(name, device):
    products = []

    class Counted(float):
        def __mul__(self, other):
            products.append(other)
            return Counted(float(self) * other)

        def __add__(self, other):
            return Counted(float(self) + other)

        def __truediv__(self, other):
            return Counted(float(self) / other)

        __rmul__, __radd__ = __mul__, __add__

    n = 30
    a, b = (forward_mode.Taylor(tuple(map(Counted, coefficients(n, device)))) for _ in range(2))

    with count_operations() as operations, by_formula:
        eval(name, {"a": a, "b": b})

    assert not operations, (
        f"{name} calls torch: the coefficients are floats, and Python's own arithmetic is enough"
    )
    assert products, (
        f"{name} takes no product of the coefficients by Python's own `*`: multiply them as they "
        "come, without another library"
    )
    assert len(products) <= 4 * n**2, (
        f"{name} takes {len(products):,} products for {n} coefficients, more than 4 · {n}²: "
        "each coefficient is one sum over those before it"
    )


def test_Taylor_multiplies_many_coefficients(device):
    a, b = (coefficients(180, device) for _ in range(2))  # the factorial of 171 is no float

    with by_formula:
        result = forward_mode.Taylor(a) * forward_mode.Taylor(b)

    judge(result, product(a, b), "a * b, of length 180", {})
