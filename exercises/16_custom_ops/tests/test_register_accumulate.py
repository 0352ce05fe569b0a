import custom_ops
import pytest
import torch

from gradkata.checks import Wrong, any_layout, check, edits_of, raises, sample, unchanged

from .shared import registered

pytestmark = pytest.mark.task("register_accumulate")


def accumulate():
    return registered(
        custom_ops.register_accumulate,
        "(Tensor(a0!) total, Tensor x) -> ()",
        mistakes={
            "it is not declared that total changes: autograd goes by the declaration, and would "
            "go on with another total than it has saved": "(Tensor total, Tensor x) -> ()",
            "x is declared to change too": "(Tensor(a0!) total, Tensor(a1!) x) -> ()",
            "x is declared to change, and total is not": "(Tensor total, Tensor(a1!) x) -> ()",
            "total is returned: it has changed, and nothing is due": (
                "(Tensor(a0!) total, Tensor x) -> Tensor"
            ),
        },
    )


def judge(total, x):
    if x.ndim:
        x[0] = -0.0
    sign = x.signbit()
    before, edits, of_x = total.clone(), edits_of(total), edits_of(x)
    alias = total.detach()
    op = accumulate()

    with unchanged(x):
        returned = op(total, x)

    check(
        total,
        before + x.abs(),
        what=f"total, of shape {tuple(total.shape)}",
        mistakes={
            "total stays as it was: a new tensor was made, or a copy written to, perhaps": before,
            "x is added as it is, not its absolute value": before + x,
            "total is overwritten, not added to": x.abs(),
            "the absolute value of the sum is taken": (before + x).abs(),
        },
    )
    check(
        alias,
        total,
        what="what looks at total's memory from before",
        mistakes={
            "total was given other memory: write into its own, by add_ or copy_ perhaps": before
        },
    )
    check(returned, None, what="what it returns")
    check(edits_of(total) > edits, True, what="whether autograd knows that total has changed")
    if not torch.equal(x.signbit(), sign):
        raise Wrong("x is written to and put back, but for the sign of its zero: let x alone")
    if edits_of(x) > of_x:
        raise Wrong("x is written to, and autograd takes it for changed: let x alone")

    total.data.mul_(-2)
    due = total + x.abs()
    op(total, x)
    check(total, due, what="total, after it was written to and the op was called again")
    x.data.fill_(torch.nan)
    op(total, x)
    check(total, torch.full_like(total, torch.nan), what="total, to which an x of NaN is added")


@any_layout
def test_accumulate_adds_in_place(layout, device):
    judge(sample(**layout, device=device), sample(**layout, device=device))


def test_accumulate_adds_to_a_view_in_float32(device):
    whole = sample((5, 6), device=device, dtype=torch.float32)
    before = whole.clone()
    x = sample((5, 3), device=device, dtype=torch.float32)
    x[2] = x.new_tensor([0, -1e30, torch.nan])  # the square of the second is infinite
    x[1, 1] = -torch.inf

    judge(whole.T[1:4], x.T)

    before[:, 1:4] = whole[:, 1:4]
    check(whole, before, what="the tensor of which total is a view, apart from that view")


def test_accumulate_stops_the_backward_of_what_has_saved_total(device):
    total, x = (sample((4, 3), device=device, requires_grad=True) * 2 for _ in range(2))
    loss = total.sin().sum()

    accumulate()(total, x)

    with raises(RuntimeError, when="total was saved for backward, and has changed since"):
        loss.backward()


def test_accumulate_leaves_the_backward_of_what_has_saved_x(device):
    leaf = sample((4, 3), device=device, requires_grad=True)
    x = leaf * 2
    y = x.sin().sum()

    accumulate()(sample((4, 3), device=device), x)

    (gradient,) = torch.autograd.grad(y, leaf)
    check(gradient, 2 * (2 * leaf.detach()).cos(), what="the gradient of sin(x), after the call")
