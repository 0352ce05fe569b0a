import custom_ops
import pytest
import torch

from gradkata.checks import check, fake_tensors, sample

from .shared import called, check_form, check_own_memory, registered

pytestmark = pytest.mark.task("register_windows")

# torch says so once in a process, where what NumPy gives is read-only.
READ_ONLY = pytest.mark.filterwarnings("ignore:The given NumPy array is not writable")

# With and without a rest; a single window; windows of one; apart; a step beyond x.
CASES = pytest.mark.parametrize(
    ("n", "size", "step", "dtype"),
    [
        (7, 3, 2, torch.float64),
        (8, 3, 2, torch.int64),
        (5, 5, 3, torch.float32),
        (6, 1, 1, torch.float64),
        (9, 2, 3, torch.float32),
        (4, 3, 9, torch.int64),
    ],
)


def windows():
    return registered(custom_ops.register_windows, "(Tensor x, SymInt size, SymInt step) -> Tensor")


def a_vector(n, device, dtype=torch.float64):
    x = sample((n,), device=device, strided=True)
    # Above 2⁵³ a float does not hold every integer.
    return x.to(dtype) if dtype.is_floating_point else (x * 10).to(dtype) + 2**53


@READ_ONLY
@CASES
def test_windows_are_those_of_unfold(n, size, step, dtype, device):
    x = a_vector(n, device, dtype)
    op = windows()
    op(a_vector(n + step, device, dtype), size, step)  # of which nothing is to be kept

    result = called(op, x, size, step)

    what = f"{n} elements, windows of {size}, {step} apart"
    due = x.unfold(0, size, step)
    check(
        result,
        due,
        what=what,
        mistakes={
            "step is left out": x.unfold(0, size, 1),
            "size and step are swapped": lambda: x.unfold(0, step, size),
            "the last window is left out": due[:-1],
            "the windows are columns, not rows": due.T,
        },
    )
    check_form(result, tuple(due.shape), dtype, device, what=what)


@READ_ONLY
@pytest.mark.parametrize("size", [2, 3, 6])
def test_windows_keep_out_of_x(size, device):
    check_own_memory(windows(), sample((6,), device=device), size, size)


@CASES
def test_windows_are_foreseen_where_there_are_no_values(n, size, step, dtype):
    op = windows()
    x = torch.empty(2 * (n + step), dtype=dtype, device="meta")[::2]  # strided
    op(x, size, step)  # of which nothing is to be kept
    result = op(x[:n], size, step)

    rows = len(range(0, n - size + 1, step))
    check_form(
        result,
        (rows, size),
        dtype,
        "meta",
        what=f"the fake kernel, {n} elements, strided, on meta, windows of {size}, {step} apart",
        mistakes={
            "the fake has the shape of x": (n,),
            "a last window that just fits is left out": (len(range(0, n - size, step)), size),
            "step is left out": (n - size + 1, size),
            "the windows are columns, not rows": (size, rows),
        },
    )


def test_windows_are_foreseen_on_the_device_of_x(device):
    with fake_tensors():
        result = windows()(torch.empty(7, dtype=torch.float64, device=device), 3, 2)

    check_form(
        *(result, (3, 3), torch.float64, device),
        what="the fake kernel, 7 elements without values, windows of 3, 2 apart",
    )
