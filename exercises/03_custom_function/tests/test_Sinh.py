import custom_function
import pytest
import torch

from gradkata.checks import (
    any_layout,
    check,
    check_backward,
    check_edits_are_noticed,
    check_gradients,
    count_operations,
    node_of,
    sample,
    unchanged,
)

from .shared import check_no_tensor_on_ctx

pytestmark = pytest.mark.task("Sinh")


def sinh_and_exponentials(x):
    """Return what Sinh must, computed by torch."""
    return torch.sinh(x), torch.exp(x), torch.exp(-x)


@any_layout
def test_sinh_gives_the_hyperbolic_sine_and_both_exponentials(layout, device):
    x = sample(**layout, device=device)

    with unchanged(x):
        three = custom_function.Sinh.apply(x)

    check(three, sinh_and_exponentials(x), what="forward")


@any_layout
def test_sinh_adds_up_what_comes_in_through_all_three(layout, device):
    x = sample(**layout, device=device)
    cotangents = [sample(**layout, device=device) for _ in range(3)]

    check_backward(
        custom_function.Sinh,
        sinh_and_exponentials,
        (x,),
        *cotangents,
        mistakes={
            "only the first output counts: add what comes in through the exponentials": lambda: (
                cotangents[0] * x.cosh()
            ),
            "the slope of exp(-x) is taken as exp(-x): it is -exp(-x)": lambda: (
                cotangents[0] * x.cosh() + cotangents[1] * x.exp() + cotangents[2] * (-x).exp()
            ),
        },
    )


def test_sinh_calls_exp_at_most_twice_in_forward_and_never_in_backward(device):
    # Of a row that is there once for all: what writes to x there, by any name, torch refuses.
    x = sample((3,), device=device, requires_grad=True).expand(4, 3)
    cotangents = [sample((4, 3), device=device) for _ in range(3)]

    with count_operations() as forward:
        three = custom_function.Sinh.apply(x)
    with count_operations() as backward, torch.no_grad():
        custom_function.Sinh.backward(node_of(custom_function.Sinh, three[0]), *cotangents)

    assert forward["exp"] <= 2, f"forward calls exp {forward['exp']} times; twice is enough"
    made = sorted({"exp", "exp_", "exp2", "expm1", "sinh", "cosh", "pow"} & backward.keys())
    assert not made, f"backward calls {', '.join(made)}: use what forward saved"


def test_sinh_keeps_float32(device):
    x = sample((4, 3), device=device, dtype=torch.float32)
    x[0, 1] = 0
    x[0, 0] = 60  # whose exponential is a float32, and its square is not
    cotangents = [sample((4, 3), device=device, dtype=torch.float32) for _ in range(3)]

    check(custom_function.Sinh.apply(x), sinh_and_exponentials(x), what="forward")
    check_backward(
        custom_function.Sinh,
        sinh_and_exponentials,
        (x,),
        *cotangents,
        mistakes={
            "cosh x is taken as the root of 1 + sinh² x, which is infinite at 60": lambda: (
                cotangents[0] * (1 + x.sinh() ** 2).sqrt()
                + cotangents[1] * x.exp()
                - cotangents[2] * (-x).exp()
            )
        },
    )


@pytest.mark.parametrize("output", [0, 1, 2], ids=["sinh", "exp(x)", "exp(-x)"])
def test_sinh_has_gradients_of_gradients_through_each_output(output, device):
    x = sample((2, 2), device=device)

    check_gradients(lambda x: custom_function.Sinh.apply(x)[output], (x,))


def test_sinh_has_gradients_of_gradients_through_all_outputs(device):
    check_gradients(custom_function.Sinh.apply, (sample((2, 2), device=device),))


def test_sinh_notices_when_an_exponential_is_changed_before_backward(device):
    x = sample((4, 3), device=device)

    check_edits_are_noticed(lambda x: custom_function.Sinh.apply(x)[1:], (x,))
    check_no_tensor_on_ctx(custom_function.Sinh, (x,))
