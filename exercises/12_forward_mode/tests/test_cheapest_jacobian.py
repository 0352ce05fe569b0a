import forward_mode
import pytest
import torch
from torch.autograd import functional

from gradkata.checks import IdentityWithoutBackward, check, sample, situation

from .shared import Case, Elements, an_error_comes_through, any_f, jacobian_mistakes

pytestmark = pytest.mark.task("cheapest_jacobian")


@any_f
def test_cheapest_jacobian_is_torchs(case, device):
    case = Case(case, device)

    with case.called():
        result = forward_mode.cheapest_jacobian(case.f, case.x)

    check(
        result,
        case.jacobian,
        what=f"J, {case.words}",
        rtol=case.rtol,
        atol=case.rtol,
        mistakes=jacobian_mistakes(case),
    )


@pytest.mark.parametrize(
    ("inputs", "outputs"),
    [((2,), (150,)), ((1, 150), (2,)), ((), (100,)), ((100,), ())],
    ids=str,
)
def test_cheapest_jacobian_takes_the_mode_that_is_cheaper(inputs, outputs, device):
    x = sample(inputs, device=device)
    first = sample((30, x.numel()), device=device)
    last = sample((torch.Size(outputs).numel(), 30), device=device)

    def f(t):
        return (last @ (first @ t.reshape(-1)).tanh()).reshape(outputs)

    with Elements() as by_columns:
        torch.func.jacfwd(f)(x)
    with Elements() as by_rows:
        jacobian = functional.jacobian(f, x)
    words = f"given x of shape {inputs} and f(x) of shape {outputs}"
    with situation(words), Elements() as yours:
        result = forward_mode.cheapest_jacobian(f, x)

    check(result, jacobian, what=f"J, {words}")
    least = min(by_columns.made, by_rows.made)
    costs = (
        f"forward mode makes {by_columns.made:,} elements, reverse mode {by_rows.made:,}, "
        f"and yours {yours.made:,}"
    )
    assert yours.made <= 3 * least, (
        f"{words}, {costs}: take the mode with fewer passes, one for each element of x or one for "
        "each element of f(x)"
    )


def test_cheapest_jacobian_lets_an_error_of_f_through(device):
    x = sample((3,), device=device)

    with an_error_comes_through():
        forward_mode.cheapest_jacobian(IdentityWithoutBackward.apply, x)
