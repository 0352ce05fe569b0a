import first_gradients
import pytest
import torch

from gradkata.checks import check, situation

from .shared import MADE_FINITE

pytestmark = pytest.mark.task("tracked")


def test_tracked_is_a_float64_vector_that_records(device):
    t = first_gradients.tracked([1.5, -2.0, 0.25])

    assert getattr(t, "requires_grad", True), (
        "requires_grad is False, so that nothing computed from the tensor is recorded: set it"
    )
    check(t, torch.tensor([1.5, -2.0, 0.25], dtype=torch.float64, requires_grad=True))


def test_tracked_is_a_leaf(device):
    t = first_gradients.tracked([1.5, -2.0, 0.25])

    assert t.is_leaf, (
        f"the tensor is no leaf: {t.grad_fn.name()} made it from another tensor, the leaf, and "
        "backward leaves the gradient there: give torch.tensor the dtype and requires_grad at once"
    )


def test_tracked_has_no_gradient_yet(device):
    t = first_gradients.tracked([1.5, -2.0, 0.25])

    assert t.grad is None, f".grad is {t.grad.tolist()} before any backward: it must be None"


def test_tracked_keeps_each_value_exactly(device):
    values = [0.1, 1 / 3, 1e300, torch.inf, torch.nan]
    expected = torch.tensor(values, dtype=torch.float64, requires_grad=True)

    check(
        first_gradients.tracked(values),
        expected,
        mistakes={
            "the values pass through float32, the default of torch.tensor, which keeps seven "
            "digits": lambda: torch.tensor(values).double(),
            MADE_FINITE: lambda: expected.detach().nan_to_num(),
        },
        rtol=0,
        atol=0,
    )


@pytest.mark.parametrize("values", [[3, -1, 2], [2.5, 3], (4, 5), [7]], ids=str)
def test_tracked_takes_integers_and_tuples(values, device):
    with situation(f"given {values}"):
        t = first_gradients.tracked(values)

    expected = torch.tensor(list(map(float, values)), dtype=torch.float64, requires_grad=True)
    check(t, expected, what=f"given {values}")


def test_tracked_is_where_backward_leaves_the_gradient(device):
    t = first_gradients.tracked([1.5, -2.0, 0.25])

    (t * t).sum().backward()

    check(t.grad, torch.tensor([3.0, -4.0, 0.5], dtype=torch.float64), what=".grad of Σt²")
