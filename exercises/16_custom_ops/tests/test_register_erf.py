import math

import custom_ops
import pytest
import torch

from gradkata.checks import any_layout, check, either_dtype, forbid, kernel_of, sample

from .shared import called, check_own_memory, registered

pytestmark = pytest.mark.task("register_erf")

WITHOUT_TORCHS = forbid(
    *("erf", "erfc", "special_erf", "special_erfc", "special_ndtr", "special_log_ndtr"),
    reason="let math.erf compute it, element by element",
)


def an_erf():
    return registered(custom_ops.register_erf, "(Tensor x) -> Tensor")


@any_layout
def test_erf_of_any_shape(layout, device):
    x = sample(**layout, device=device)

    check(called(an_erf(), x), torch.erf(x), what=f"an x of shape {tuple(x.shape)}")


def test_erf_of_float32(device):
    x = sample((3, 5, 1), device=device, dtype=torch.float32).transpose(0, 1)
    check(called(an_erf(), x), torch.erf(x), what="float32, transposed")


@either_dtype
def test_erf_at_the_ends(dtype, device):
    x = torch.tensor(
        [math.inf, -math.inf, math.nan, 0.0, 3.5, 30.0, 1e-30], dtype=dtype, device=device
    )
    check(
        called(an_erf(), x),
        torch.erf(x),
        what=f"[∞, −∞, NaN, 0, 3.5, 30, 1e−30], {dtype}",
        atol=0,
    )


def test_erf_is_computed_without_torchs_own(device):
    x = sample((4, 3), device=device)
    # A guard sees no further than the operator; the bare kernel is in sight.
    kernel = kernel_of(an_erf())

    with WITHOUT_TORCHS:
        kernel(x)


def test_erf_keeps_out_of_x(device):
    check_own_memory(an_erf(), sample((4, 3), device=device))


def test_erf_is_registered_under_each_name(device):
    x = sample((4, 3), device=device)
    first, second = an_erf(), an_erf()

    for op, which in ((second, "second"), (first, "first")):
        check(op(x), torch.erf(x), what=f"the {which} of two operators")
