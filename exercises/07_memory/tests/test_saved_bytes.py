import memory
import pytest
import torch
from torch import nn
from torch.autograd import Function
from torch.autograd.graph import saved_tensors_hooks
from torch.multiprocessing.reductions import StorageWeakRef

from gradkata.checks import build, check, counted, raises, sample, situation, unchanged

from .shared import MADE_FINITE, is_dead, large_infinite_and_nan

pytestmark = pytest.mark.task("saved_bytes")


class Threshold(Function):
    """Saves a mask, and of its input no more than that."""

    @staticmethod
    def forward(x):
        return x.clamp(min=0)

    @staticmethod
    def setup_context(ctx, inputs, output):
        ctx.save_for_backward(inputs[0] > 0)

    @staticmethod
    def backward(ctx, grad_output):
        return grad_output * ctx.saved_tensors[0]


def rows(x):
    return x.index_select(0, torch.tensor([0, 2, 2, 1, 3], device=x.device))


TWICE = "a storage counts once for each tensor that is saved on it"


ITS_OWN = "a view counts with its own elements and not with its storage"


# Each function of x, 4 × 3 in float64 and so 96 bytes, with the bytes that it saves.
FUNCTIONS = {
    "exp": (lambda x: x.exp(), 96, {}),
    "sum": (lambda x: (x + 1).sum(), 0, {"what fn returns is counted": 8}),
    "add": (lambda x: x + 1, 0, {"what fn computes is counted, saved or not": 96}),
    "square of a leaf": (
        lambda x: x * x,
        96,
        {TWICE: 192, "leaves, such as inputs and parameters, are left out": 0},
    ),
    "square of a result": (lambda x: (h := x + 1) * h, 96, {TWICE: 192}),
    "a product with a sum": (
        lambda x: x * x.sum(),
        104,
        {"0-d tensors are left out": 96},
    ),
    "two rows of one storage": (
        lambda x: x[0] * x[1],
        96,
        {TWICE: 192, ITS_OWN: 48, f"{ITS_OWN}, and only one of two views is counted": 24},
    ),
    "a column that is expanded": (
        lambda x: x[:, :1].clone().expand(4, 3).sin(),
        32,
        {"elements are counted that share memory, as in an expanded tensor": 96},
    ),
    "rows at five indices": (rows, 40, {"only floating tensors are counted": 0}),
    "float32": (lambda x: x.float().sin(), 48, {"every element is taken for 8 bytes": 96}),
    "a Function that saves a mask": (
        Threshold.apply,
        12,
        {"only floating tensors are counted": 0, "bools are taken for larger than a byte": 96},
    ),
}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_saved_bytes_of(name, device):
    fn, due, mistakes = FUNCTIONS[name]
    x = sample((4, 3), device=device, requires_grad=True)

    with unchanged(x):
        yours = memory.saved_bytes(fn, x)

    check(yours, due, what=f"bytes saved by {name}, x has 96", mistakes=mistakes)


def test_parameters_count_with_the_inputs(device):
    model = build(lambda: nn.Linear(3, 2), device=device)
    x = sample((4, 3), device=device, requires_grad=True)

    with unchanged(model, x):
        yours = memory.saved_bytes(model, x)

    check(
        yours,
        96 + 48,
        what="bytes saved by nn.Linear(3, 2) for x of 96 bytes and weight of 48",
        mistakes={
            "inputs are left out": 48,
            "parameters are left out": 96,
            "leaves, such as inputs and parameters, are left out": 0,
        },
    )


def test_graphs_count_that_fn_itself_drops(device):
    x = sample((40, 30), device=device, requires_grad=True)

    # So often that some address is surely used again.
    def drops_thirty(x):
        for _ in range(30):
            x.exp()

    yours = memory.saved_bytes(drops_thirty, x)

    assert yours == 30 * 9600, (
        "fn computes x.exp() thirty times, drops each result, and saves 9600 bytes each time: "
        f"{30 * 9600} in all, yours is {yours}. Count while fn runs, as a pack hook does\n"
        "The memory of a dead storage is used again, and so is its address: hold each storage "
        "until fn has returned"
    )


def test_fn_runs_once_and_gets_what_it_takes(device):
    x = sample((4, 3), device=device, requires_grad=True)
    seen = []

    def note(x, *others):
        seen.append((x, *others))
        x.exp()

    fn = counted(note)

    memory.saved_bytes(fn, x, 2, None)
    assert fn.calls == 1, f"fn was called {fn.calls} times: once is enough"
    with torch.no_grad():
        yours = memory.saved_bytes(fn, x, 2, None)

    check(
        yours,
        0,
        what="bytes saved inside torch.no_grad(), where autograd saves nothing",
        mistakes={"recording is switched on for fn: leave grad mode alone": 96},
    )
    for got in seen:
        assert [a is b for a, b in zip(got, (x, 2, None), strict=True)] == [True] * 3, (
            "fn got other objects than the args: call fn(*args)"
        )


def test_fn_may_run_a_backward_of_its_own(device):
    x = sample((4, 3), device=device)
    x[-1] = large_infinite_and_nan(x).log()
    x.requires_grad_()
    gradients = []

    def fn(x):
        gradients.extend(torch.autograd.grad(x.exp().sum() / 2, x))

    with situation("where fn itself calls torch.autograd.grad"):
        memory.saved_bytes(fn, x)

    due = x.detach().exp()
    check(
        gradients[0],
        due / 2,
        what="the gradient that fn computes inside: what unpack returns goes into it",
        mistakes={MADE_FINITE: lambda: due.nan_to_num() / 2},
    )


def test_the_graph_is_freed_afterwards(device):
    x = sample((4, 3), device=device, requires_grad=True)
    outputs = []

    def fn(x):
        y = x.exp()
        outputs.append(StorageWeakRef(y.untyped_storage()))
        return y

    memory.saved_bytes(fn, x)

    assert is_dead(outputs[0]), (
        "the output of fn is still alive after the call: a pack hook that returns its argument, "
        "which here is the output, makes the graph hold itself. Return t.detach(), and keep no "
        "tensor"
    )


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt])
def test_no_hook_stays_when_fn_raises(error, device):
    x, seen = sample((4, 3), device=device, requires_grad=True), []

    def fn(x):
        raise error("from fn")

    with (
        saved_tensors_hooks(lambda t: seen.append(1), lambda _: x),
        raises(error, when="fn raises it", naming=["from fn"]),
    ):
        try:
            memory.saved_bytes(fn, x)
        finally:
            x.exp()

    assert seen, (
        f"fn raised {error.__name__}, and the hooks of saved_bytes stayed in place: enter them in "
        "a with-block"
    )
