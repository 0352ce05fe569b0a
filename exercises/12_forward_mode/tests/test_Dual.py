import forward_mode
import pytest
import torch

from gradkata.checks import Wrong, check, forbid, sample, situation, stale_memory, unchanged

from .shared import REVERSE, moved

pytestmark = pytest.mark.task("Dual")


by_formula = forbid(
    *REVERSE,
    "torch.autograd.forward_ad",
    "torch.func",
    reason="compute the tangent by its own formula",
)

# For each mistake, the tangent that it gives, where x moves along dx and y along dy.
TANGENT_LEFT_OUT = "the tangent of what goes in is left out: multiply by it"
NUMBER_MOVES = "a number is given tangent 1: it does not move, and has tangent 0"
MISTAKES = {
    "x + y": {
        "the tangents are multiplied: those of a sum add up": lambda x, y, dx, dy: dx * dy,
        "only x moves": lambda x, y, dx, dy: dx,
    },
    "x + 0.3": {NUMBER_MOVES: lambda x, y, dx, dy: dx + 1},
    "x * y": {
        "only x moves: the product rule has two terms": lambda x, y, dx, dy: dx * y,
        "only y moves: the product rule has two terms": lambda x, y, dx, dy: x * dy,
        "the tangents are multiplied: the product rule has two terms": lambda x, y, dx, dy: dx * dy,
        "each tangent is multiplied by its own value": lambda x, y, dx, dy: x * dx + y * dy,
    },
    "x * 2.3": {
        NUMBER_MOVES: lambda x, y, dx, dy: 2.3 * dx + x,
        "the tangent is not multiplied by the number": lambda x, y, dx, dy: dx,
    },
    "x / y": {
        "the terms are added: the quotient rule subtracts": (
            lambda x, y, dx, dy: (dx * y + x * dy) / y**2
        ),
        "the terms are swapped: the first is that of the numerator": (
            lambda x, y, dx, dy: (x * dy - dx * y) / y**2
        ),
        "the quotient rule is not divided by the square": lambda x, y, dx, dy: dx * y - x * dy,
        "the tangents are divided": lambda x, y, dx, dy: dx / dy,
        "only x moves": lambda x, y, dx, dy: dx / y,
    },
    "x / 2.3": {
        NUMBER_MOVES: lambda x, y, dx, dy: (2.3 * dx - x) / 2.3**2,
        "the tangent is not divided by the number": lambda x, y, dx, dy: dx,
    },
    "x ** 3": {
        TANGENT_LEFT_OUT: lambda x, y, dx, dy: 3 * x**2,
        "the factor k is left out": lambda x, y, dx, dy: x**2 * dx,
        "the exponent stays k: it becomes k − 1": lambda x, y, dx, dy: 3 * x**3 * dx,
        "the tangent is raised to the power too": lambda x, y, dx, dy: dx**3,
    },
    "x.sin()": {
        TANGENT_LEFT_OUT: lambda x, y, dx, dy: x.cos(),
        "it is the sine of the tangent": lambda x, y, dx, dy: dx.sin(),
        "it is the cosine of the tangent": lambda x, y, dx, dy: dx.cos(),
    },
    "x.exp()": {
        TANGENT_LEFT_OUT: lambda x, y, dx, dy: x.exp(),
        "it is e to the power of the tangent": lambda x, y, dx, dy: dx.exp(),
        "it is the tangent alone": lambda x, y, dx, dy: dx,
    },
}
EVERYTHING = "(3 + (2 * x).sin() * y.exp()) / (y * y + x ** 2 + 1) / 2"


def judge(words, x, y):
    """Compare the Dual that an expression of x and y gives with what torch says."""
    tangents = [sample(t.shape, device=t.device, dtype=t.dtype) for t in (x, y)]

    def expression(x, y):
        return eval(words, {"x": x, "y": y})

    with situation(words), unchanged(x, y, *tangents), stale_memory(), by_formula:
        result = expression(*map(forward_mode.Dual, (x, y), tangents))
    if not isinstance(result, forward_mode.Dual):
        raise Wrong(f"{words}: yours is of {type(result).__name__}, a Dual is due")

    value, tangent = moved(expression, (x, y), tangents)
    check(result.value, value, what=f"the value of {words}")
    check(
        result.tangent,
        tangent,
        what=f"the tangent of {words}",
        mistakes={
            why: mistake(x, y, *tangents) for why, mistake in MISTAKES.get(words, {}).items()
        },
    )


@pytest.mark.parametrize("words", [*MISTAKES, "(x * x) ** 0.7 + x ** -2", "0.3 + 1.7 * x * 3"])
def test_Dual_moves_as_torch_says(words, device):
    x, y = (sample((4, 3), device=device, gap=0.3) for _ in range(2))
    judge(words, x, y)


def test_Dual_is_right_at_0_too(device):
    x, y = torch.zeros(3, dtype=torch.float64, device=device), sample((3,), device=device)
    for words in ("x ** 0", "x ** 0.0", "x ** 1", "x / y", "x * y", "x.sin()"):
        judge(words, x, y)


def test_Dual_goes_through_a_whole_expression_in_float32(device):
    x, y = (sample((), device=device, dtype=torch.float32) for _ in range(2))
    judge(EVERYTHING, x, y)
