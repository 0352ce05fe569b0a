import custom_ops
import pytest
import torch

from gradkata.checks import check, inside_no_grad, raises, sample, situation, unchanged

from .shared import new_name

pytestmark = pytest.mark.task("check_op")


class Stop(KeyboardInterrupt):
    """What Ctrl-C raises."""


def factor(bits, scale):
    return scale * bits.bitwise_not()  # which no floating tensor has


def slopes(x, w, bits, scale):
    return factor(bits, scale) * w.sin(), factor(bits, scale) * x * w.cos()


def product(x, w, bits, scale):
    return factor(bits, scale) * x * w.sin()


def planted(
    kernel=product,
    fake=lambda x, *_: torch.empty_like(x),
    gradients=lambda g, *saved: tuple(g * s for s in slopes(*saved)),
):
    """Return an operator scale·~bits·x·sin(w), with a fault perhaps; its tensors have one shape."""

    def compute(x: torch.Tensor, w: torch.Tensor, bits: torch.Tensor, scale: float) -> torch.Tensor:
        if x.dtype != w.dtype:
            raise TypeError(f"x is {x.dtype}, and w is {w.dtype}")
        return kernel(x, w, bits, scale)

    op = torch.library.custom_op(new_name(), compute, mutates_args=())
    if fake:
        op.register_fake(fake)
    if gradients:

        def keep(ctx, inputs, output):
            ctx.save_for_backward(*inputs[:3])
            ctx.scale = inputs[3]

        def backward(ctx, g):
            return (*gradients(g, *ctx.saved_tensors, ctx.scale), None, None)

        op.register_autograd(backward, setup_context=keep)
    return op


def times(x_factor, w_factor):
    def gradients(g, *saved):
        to_x, to_w = slopes(*saved)
        return g * x_factor * to_x, g * w_factor * to_w

    return gradients


def of_x_above_0(g, x, *others):
    to_x, to_w = slopes(x, *others)
    return g * to_x * (x > 0), g * to_w


def last_of_w_too_large(g, *saved):
    to_x, to_w = slopes(*saved)
    return g * to_x, g * torch.cat([to_w[:-1], 1.01 * to_w[-1:]])


def edits(x, w, *others):
    result = product(x, w, *others)
    w.add_(1)
    return result


def fails(*args):
    raise ValueError("this is planted")


NO_FAKE = "there is no fake kernel"
FAULTS = {
    "the last element of the gradient for w is a hundredth too large": {
        "gradients": last_of_w_too_large
    },
    "the gradient for x is 0 where x is negative": {"gradients": of_x_above_0},
    "the gradient for w is None": {"gradients": lambda g, *saved: (g * slopes(*saved)[0], None)},
    "the mean of grad_output stands for grad_output": {
        "gradients": lambda g, *args: tuple(g.mean() * s for s in slopes(*args))
    },
    "backward raises": {"gradients": fails},
    "the kernel edits w, which is not declared": {"kernel": edits},
    "the fake has another shape": {"fake": lambda x, *_: x.new_empty((*x.shape, 1))},
    "the fake is float64, whatever x is": {
        "fake": lambda x, *_: torch.empty_like(x, dtype=torch.float64)
    },
    NO_FAKE: {"fake": None},
}


def arguments(device, dtype=torch.float32, tracked=(True, True)):
    made = [sample((2,), device=device, dtype=dtype, gap=0.3) for _ in range(2)]
    made[0][0] = -made[0][0].abs()
    for t, grad in zip(made, tracked, strict=True):
        t.requires_grad_(grad)
        t.grad = torch.full_like(t, 7) if grad else None
    return [*made, torch.tensor([2, 5], device=device), 1.5]


def judge(op, args, due, what):
    with unchanged(*args[:3]), situation(what):
        verdict = custom_ops.check_op(op, *args)
    check(verdict, due, what=what)


def test_check_op_passes_what_is_right(device):
    judge(planted(), arguments(device), True, "an op without fault")


# With a gradient asked for, a fake of another shape needs the same look.
@pytest.mark.parametrize("fault", [fault for fault in FAULTS if fault != NO_FAKE])
def test_check_op_finds_the_fault(fault, device):
    judge(planted(**FAULTS[fault]), arguments(device), False, f"an op where {fault}")


def test_check_op_demands_no_gradient_that_is_not_asked_for(device):
    without = arguments(device, tracked=(False, False))
    of_x = arguments(device, tracked=(True, False))
    x, w, *others = arguments(device, tracked=(False, True))
    of_w = [x, torch.nn.Parameter(w), *others]

    judge(planted(gradients=None), without, True, "no formula, and no argument requires grad")
    judge(planted(gradients=times(1, 0)), of_x, True, "a wrong gradient for w, which is frozen")
    what = "a wrong gradient for w, a Parameter, which alone requires grad"
    judge(planted(gradients=times(1, 0)), of_w, False, what)


@pytest.mark.parametrize("fault", [NO_FAKE, "the kernel edits w, which is not declared"])
def test_check_op_asks_opcheck_where_no_gradient_is_asked_for(fault, device):
    without = arguments(device, tracked=(False, False))
    what = f"an op where {fault}, and no argument requires grad"
    judge(planted(**FAULTS[fault]), without, False, what)


def test_check_op_works_inside_no_grad_and_with_what_is_no_leaf(device):
    x, w, *others = arguments(device, torch.float64)
    op = planted(gradients=of_x_above_0)

    x_no_leaf, w_no_leaf = x * 1, w * 1
    with inside_no_grad():
        what = "inside torch.no_grad(), an op that is right of these: x is expanded, w is no leaf"
        right_of = x.abs()[:1].expand(2).requires_grad_()
        judge(op, [right_of, w_no_leaf, *others], True, what)
        what = "inside torch.no_grad(), where the same op is wrong about x, and none is a leaf"
        judge(op, [x_no_leaf, w_no_leaf, *others], False, what)


@pytest.mark.parametrize("where", ["kernel", "gradients"])
def test_check_op_lets_ctrl_c_through(where, device):
    def stops(*args):
        raise Stop

    op, args = planted(**{where: stops}), arguments(device)
    runs = {"kernel": "the kernel", "gradients": "backward"}[where]
    with (
        inside_no_grad(),
        unchanged(*args[:3]),
        raises(Stop, when=f"Ctrl-C comes while {runs} runs", name="KeyboardInterrupt"),
    ):
        custom_ops.check_op(op, *args)
