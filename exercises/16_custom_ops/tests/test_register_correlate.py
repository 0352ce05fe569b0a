import custom_ops
import pytest
import torch
from torch.nn import functional as F

from gradkata.checks import (
    Wrong,
    check,
    check_edits_are_noticed,
    check_gradients,
    count_operations,
    fake_tensors,
    sample,
    situation,
)

from .shared import backward_of_two, called, check_form, check_own_memory, registered, runs_of

pytestmark = pytest.mark.task("register_correlate")


def correlate():
    return registered(custom_ops.register_correlate, "(Tensor x, Tensor w) -> Tensor")


def torchs(x, w):
    return F.conv1d(x.reshape(1, 1, -1), w.reshape(1, 1, -1)).reshape(-1)


def torchs_gradients(x, w, v):
    leaves = [t.detach().clone().requires_grad_() for t in (x, w)]
    return torch.autograd.grad(torchs(*leaves), leaves, v)


@pytest.mark.parametrize(
    ("n", "m", "dtype"),
    [(7, 3, torch.float64), (7, 6, torch.float32), (5, 1, torch.float64), (4, 4, torch.float32)],
)
def test_correlate_has_its_value_and_its_gradients(n, m, dtype, device):
    x, w = (sample((k,), device=device, dtype=dtype, strided=True).requires_grad_() for k in (n, m))
    v = sample((n - m + 1,), device=device, dtype=dtype)
    given = f"n = {n}, m = {m}"

    y = called(correlate(), x, w)
    check(
        y.detach(),
        torchs(x.detach(), w.detach()),
        what=f"the value, {given}",
        mistakes={
            "w is flipped, which is a convolution": lambda: torchs(x.detach(), w.detach().flip(0)),
        },
    )
    came_in = v.clone()
    with backward_of_two():
        gradients = torch.autograd.grad(y, (x, w), v, allow_unused=True)
    check(v, came_in, what="grad_output, which comes into backward, after it")

    to_x, to_w = torchs_gradients(x, w, v)
    padded = F.pad(v, (m - 1, m - 1))
    check(
        gradients,
        (to_x, to_w),
        what=f"the gradients for x and w, {given}",
        mistakes={
            "in the gradient for x, w is not flipped": lambda: (torchs(padded, w.detach()), to_w),
            "the gradient for w is flipped": lambda: (to_x, to_w.flip(0)),
            "the incoming gradient is left out": lambda: torchs_gradients(x, w, torch.ones_like(v)),
        },
    )


def test_correlate_of_a_vector_with_itself(device):
    x = sample((4,), device=device, requires_grad=True)
    op = correlate()

    for given in ("w being x itself", "w being x itself, which was written to since a first call"):
        y = op(x, x)
        (gradient,) = torch.autograd.grad(y * 3, x, torch.ones_like(y))

        check(y.detach(), x.detach().square().sum().reshape(1), what=f"the value, {given}")
        check(gradient, 6 * x.detach(), what=f"the gradient of 3·y, {given}")
        x.data.add_(1)


def test_correlate_agrees_with_finite_differences(device):
    check_gradients(correlate(), [sample((5,), device=device), sample((2,), device=device)])


def test_correlate_notices_edits(device):
    check_edits_are_noticed(correlate(), [sample((5,), device=device), sample((2,), device=device)])


def judge_without_values(device, dtype):
    x, w = (torch.empty(k, dtype=dtype, device=device, requires_grad=True) for k in (7, 3))
    op = correlate()

    y = op(x, w)
    check_form(
        *(y, (5,), dtype, device),
        what="forward without values, n = 7, m = 3",
        mistakes={"the fake has the shape of x": (7,)},
    )
    with situation("backward, where there are no values"):
        first = torch.autograd.grad(y, (x, w), torch.empty_like(y), create_graph=True)
    with situation("the backward of backward, where there are no values"):
        again = torch.autograd.grad(first, (x, w), [torch.empty_like(g) for g in first])
    for gradients, which in ((first, "backward"), (again, "the backward of backward")):
        for gradient, due, of in zip(gradients, (7, 3), "xw", strict=True):
            check_form(
                *(gradient, (due,), dtype, device),
                what=f"{which} without values, the gradient for {of}",
            )


def test_correlate_is_foreseen_where_there_are_no_values():
    judge_without_values("meta", torch.float64)


def test_correlate_is_foreseen_on_the_device_of_x(device):
    with fake_tensors():
        judge_without_values(device, torch.float32)


def test_correlate_computes_only_what_is_asked_for(device):
    op = correlate()
    x, w, v = (sample((k,), device=device) for k in (7, 3, 5))
    to_x, to_w = torchs_gradients(x, w, v)

    def counted_backward(*asked):
        leaves = [t.detach().clone().requires_grad_(a) for t, a in zip((x, w), asked, strict=True)]
        y = op(*leaves)
        with count_operations() as count:
            gradients = torch.autograd.grad(y, [t for t in leaves if t.requires_grad], v)
        return gradients, runs_of(op, count), count.total()

    def gradient_for_v(correlation, *asked):
        leaves = [t.detach().clone().requires_grad_(a) for t, a in zip((x, w), asked, strict=True)]
        (leaf,), of_v = (t for t in leaves if t.requires_grad), v.clone().requires_grad_()
        (first,) = torch.autograd.grad(correlation(*leaves), leaf, of_v, create_graph=True)
        return torch.autograd.grad(first.square().sum(), of_v)[0]

    _, _, of_both = counted_backward(True, True)
    for asked, frozen, due in (((True, False), "w", to_x), ((False, True), "x", to_w)):
        (gradient,), runs, operations = counted_backward(*asked)
        check(gradient, due, what=f"the gradient, {frozen} being frozen")
        with situation(f"differentiated by what came in, {frozen} being frozen"):
            again = gradient_for_v(op, *asked)
        check(
            again,
            gradient_for_v(torchs, *asked),
            what=f"the gradient differentiated by what came in, {frozen} being frozen",
        )
        if operations >= of_both:
            raise Wrong(
                f"{frozen} is frozen, and backward takes {operations} operations, as for both "
                f"{of_both}: compute nothing of the frozen one's gradient; ask "
                "ctx.needs_input_grad, and return None for it"
            )
        if runs > 1:
            raise Wrong(
                f"{frozen} is frozen, and the other one's gradient takes {runs} runs of the "
                "kernel, at most one is due"
            )


def test_correlate_keeps_out_of_its_arguments(device):
    x = sample((4,), device=device)
    check_own_memory(correlate(), x, torch.ones_like(x[:1]))
