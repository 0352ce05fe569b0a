import memory
import pytest
import torch
from torch import nn
from torch.multiprocessing.reductions import StorageWeakRef

from gradkata.checks import any_layout, check, raises, sample, situation

from .shared import MADE_FINITE, is_dead, nbytes_of, watched

pytestmark = pytest.mark.task("HalfPrecisionSaved")


def rounded(x, dtype=torch.bfloat16):
    return x.detach().to(dtype).to(x.dtype)


@any_layout
def test_backward_gets_what_was_saved_rounded_to_bfloat16(layout, device):
    x, v = sample(**layout, device=device, requires_grad=True), sample(**layout, device=device)

    with memory.HalfPrecisionSaved():
        y = x * x
    check(y.detach(), (x * x).detach(), what="the value of x·x, computed inside the block")
    y.backward(v)

    check(
        x.grad,
        2 * v * rounded(x),
        what="the gradient of x·x",
        mistakes={
            "nothing is rounded": lambda: 2 * v * x,
            "what is saved is rounded to float16": lambda: 2 * v * rounded(x, torch.float16),
            "what is saved passes through float32": lambda: 2 * v * rounded(x, torch.float32),
        },
    )


def test_values_too_large_for_float16_come_back(device):
    values = [3.0e5, -7.0e8, -float("inf"), float("nan")]
    x = torch.tensor(values, dtype=torch.float64, device=device, requires_grad=True)

    with memory.HalfPrecisionSaved():
        y = x * x
    # Half of what is saved: twice the largest number would be infinite.
    y.backward(torch.full_like(x, 0.25))

    check(
        x.grad,
        0.5 * rounded(x),
        what="the gradient of x·x at 3e5, -7e8, -inf and nan",
        mistakes={
            "what is saved is rounded to float16, which ends at 65504": lambda: (
                0.5 * rounded(x, torch.float16)
            ),
            "a tensor with an infinity in it is kept as it is": lambda: 0.5 * x,
            MADE_FINITE: lambda: 0.5 * rounded(x).nan_to_num(),
        },
    )


def test_a_matrix_product_gets_its_factors_back_in_their_dtype(device):
    dtypes = [torch.float64, torch.float32]
    # Transposed: each x is dense in memory, and has no flat view.
    xs = [sample((3, 4), device=device, dtype=d).T.requires_grad_() for d in dtypes]
    ws = [nn.Parameter(sample((3, 2), device=device, dtype=d)) for d in dtypes]
    vs = [sample((4, 2), device=device, dtype=d) for d in dtypes]

    with memory.HalfPrecisionSaved():
        products = [x @ w for x, w in zip(xs, ws, strict=True)]
    for y, v in zip(products, vs, strict=True):
        with situation(f"in the backward of a matrix product in {y.dtype}"):
            y.backward(v)

    check(
        [x.grad for x in xs],
        [v @ rounded(w).T for v, w in zip(vs, ws, strict=True)],
        what="the gradients for x of x @ w, with w a parameter",
        mistakes={
            "a parameter is kept as it is": lambda: [
                v @ w.detach().T for v, w in zip(vs, ws, strict=True)
            ]
        },
    )
    check(
        [w.grad for w in ws],
        [rounded(x).T @ v for v, x in zip(vs, xs, strict=True)],
        what="the gradients for w of x @ w",
    )


def test_float16_is_rounded_too(device):
    x = sample((4, 3), device=device, dtype=torch.float16, requires_grad=True)
    v = sample((4, 3), device=device, dtype=torch.float16)

    with memory.HalfPrecisionSaved():
        y = x * x
    y.backward(v)

    check(
        x.grad,
        2 * v * rounded(x),
        what="the gradient of x·x in float16",
        mistakes={"float16 is kept as it is": lambda: 2 * v * x},
    )


def test_indices_and_complex_numbers_come_back_exactly(device):
    x = sample((300,), device=device, requires_grad=True)
    z = torch.complex(*(sample((3,), device=device) for _ in range(2))).requires_grad_()
    order = torch.arange(299, -1, -1, device=device)
    v = sample((300,), device=device)

    with memory.HalfPrecisionSaved():
        picked, square = x[order], (z * z).real
    with situation("in the backward of x[order], where int64 indices must come back as they were"):
        picked.backward(v)
    with situation("in the backward of the square of a complex tensor"):
        square.backward(v[:3])

    check(x.grad, v[order], what="the gradient of x[order], whose indices go up to 299")
    halves = rounded(z.real), rounded(z.imag)
    check(
        z.grad,
        (2 * v[:3] * z.conj()).detach(),
        what="the gradient of a complex square, whose factor comes back exactly",
        mistakes={
            "a complex tensor is rounded too": lambda: 2 * v[:3] * torch.complex(*halves).conj(),
            "a complex tensor loses its imaginary part": lambda: (2 * v[:3] * halves[0]) + 0j,
        },
    )


def test_backward_can_run_twice(device):
    x, v = sample((4, 3), device=device, requires_grad=True), sample((4, 3), device=device)

    with memory.HalfPrecisionSaved():
        y = x.exp()
    y.backward(v, retain_graph=True)
    with situation("in a second backward, after one with retain_graph=True"):
        y.backward(v)

    check(x.grad, 2 * v * rounded(y), what="the gradient of exp(x), added up by two backwards")


def test_the_tensor_itself_is_not_kept(device):
    x = sample((4, 3), device=device, requires_grad=True)

    with memory.HalfPrecisionSaved():
        h = x * 1.5
        y = h.square()
        original = StorageWeakRef(h.untyped_storage())
        del h

    assert y.requires_grad, "the result of what runs in the block has no graph: only watch it"
    assert original.expired(), (
        "h = 1.5 x was saved for h², and is still alive when nobody but the graph can hold it: "
        "let pack return the bfloat16 copy without the tensor itself"
    )


def test_what_is_kept_has_two_bytes_an_element(device):
    x = sample((40, 3), device=device, requires_grad=True)

    with watched() as probe:
        with memory.HalfPrecisionSaved():
            y = (x * 1.5).square()
        kept = probe.alive_bytes - nbytes_of(y)

    assert kept <= 2 * 120, (
        f"for h² with h of 120 elements {kept} bytes are kept: 2 an element are {2 * 120}. "
        "Let pack return bfloat16, and unpack convert it back"
    )


@pytest.mark.parametrize("dtype", [torch.float64, torch.bfloat16, torch.complex128], ids=str)
def test_an_output_that_is_saved_dies_with_its_graph(dtype, device):
    x = sample((4, 3), device=device).to(dtype).requires_grad_()

    with memory.HalfPrecisionSaved():
        y = x.exp()
    output = StorageWeakRef(y.untyped_storage())
    del y

    assert is_dead(output), (
        f"y = exp(x) in {dtype} saves its output y, and y is alive after `del y`: the graph holds "
        "itself where pack returns the very tensor it gets. t.to(t.dtype) is t; return t.detach()"
    )


def test_what_is_saved_after_the_block_is_exact(device):
    x, v = sample((4, 3), device=device, requires_grad=True), sample((4, 3), device=device)

    with memory.HalfPrecisionSaved():
        pass
    (x * x).backward(v)

    check(
        x.grad,
        (2 * v * x).detach(),
        what="the gradient of x·x, computed after the block",
        mistakes={"the hooks stay in place after the block": lambda: 2 * v * rounded(x)},
    )


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt])
def test_an_error_in_the_block_passes_through(error, device):
    with (
        raises(error, when="the code in the block raises it", naming=["from the block"]),
        memory.HalfPrecisionSaved(),
    ):
        raise error("from the block")
