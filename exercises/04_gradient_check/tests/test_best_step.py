import gradient_check
import pytest
import torch

from gradkata.checks import sample

pytestmark = pytest.mark.task("best_step")


any_dtype = pytest.mark.parametrize(
    "dtype",
    [torch.float64, torch.float32, torch.float16, torch.bfloat16],
    ids=lambda dtype: str(dtype).removeprefix("torch."),
)


@any_dtype
def test_best_step_is_at_most_twice_or_half_the_best(dtype, device):
    step = gradient_check.best_step(dtype)

    epsilon = torch.finfo(dtype).eps
    best = (epsilon / 2) ** (1 / 3)
    assert isinstance(step, float), f"for {dtype} yours is a {type(step).__name__}, not a float"
    assert step <= 2.01 * best, (
        f"for {dtype} yours is {step:.2g}, too large: machine epsilon is {epsilon:.2g}, and the "
        "term in the order of step² that the formula leaves out outweighs rounding"
    )
    assert step >= best / 2.01, (
        f"for {dtype} yours is {step:.2g}, too small: machine epsilon is {epsilon:.2g}, and "
        "rounding, in the order of epsilon / step, outweighs the step² that the formula leaves out"
    )


def error_of_central_differences(step, points):
    """Return the root mean square error for exp and sin, computed in the dtype of the points."""
    exact = points.double()
    errors = [
        (f(points + step) - f(points - step)).div(2 * step).double() - slope(exact)
        for f, slope in ((torch.exp, torch.exp), (torch.sin, torch.cos))
    ]
    return torch.stack(errors).square().mean().sqrt().item()


@any_dtype
def test_best_step_is_about_as_accurate_as_the_best_of_many(dtype, device):
    points = sample((300,), device=device, low=-1.5, high=1.5).to(dtype)
    sweep = [10 ** (-k / 2) for k in range(20)]

    yours = error_of_central_differences(gradient_check.best_step(dtype), points)

    best = min(sweep, key=lambda step: error_of_central_differences(step, points))
    least = error_of_central_differences(best, points)
    assert yours <= 10 * least, (
        f"in {dtype} a central difference of exp and sin with your step is off by {yours:.2g}, the "
        f"root mean square over 300 points; with a step of {best:.2g} it is off by {least:.2g}"
    )
