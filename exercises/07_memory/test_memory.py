"""What stays alive is seen through weak references and hooks, never by a clock."""

import contextlib
import copy
import gc
import weakref

import memory
import pytest
import torch
from torch import nn
from torch.autograd import Function
from torch.autograd.graph import saved_tensors_hooks
from torch.multiprocessing.reductions import StorageWeakRef
from torch.nn import functional as F

from gradkata.checks import (
    DispatchMode,
    build,
    check,
    count_hooks,
    counted,
    edits_of,
    raises,
    sample,
    situation,
    tensors_in,
    unchanged,
)

any_layout = pytest.mark.parametrize(
    "layout",
    [{"shape": (4, 3)}, {"shape": (4, 1)}, {"shape": ()}, {"shape": (4, 3), "strided": True}],
    ids=["matrix", "column", "0-d", "strided"],
)


def one_by_one(items):
    """Give the items as a generator, which can be gone through once."""
    yield from items


as_list_or_generator = pytest.mark.parametrize("given_as", [list, one_by_one])


def copies(tensors):
    return [t.detach().clone() for t in tensors]


def grads(tensors):
    return [t.grad for t in tensors]


def storages_in(values):
    return [t.untyped_storage() for t in tensors_in(values)]


def is_dead(reference):
    """Tell whether a storage is gone, at the latest after a garbage collection."""
    if not reference.expired():
        gc.collect()
    return reference.expired()


def nbytes_of(tensor):
    return tensor.untyped_storage().nbytes()


class watched(DispatchMode):  # noqa: N801 — read as a phrase: with watched()
    """Watch the storages of floating tensors, of `size` bytes or more, that are made inside."""

    def __init__(self, size=0):
        super().__init__()
        self.size, self.made, self.peak = size, 0, 0
        self.references = []

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        result = func(*args, **(kwargs or {}))
        known = {s.data_ptr() for s in storages_in((args, kwargs))}
        floating = [t for t in tensors_in(result) if t.is_floating_point()]
        new = {s.data_ptr(): s for s in storages_in(floating) if s.nbytes() >= max(1, self.size)}
        fresh = [StorageWeakRef(s) for place, s in new.items() if place not in known]
        sizes = [s.nbytes() for place, s in new.items() if place not in known]
        self.made += len(fresh)
        self.references = [*self._living(), *zip(fresh, sizes, strict=True)]
        self.peak = max(self.peak, len(self.references))
        return result

    def _living(self):
        return [(ref, size) for ref, size in self.references if not ref.expired()]

    @property
    def alive(self):
        """How many of them are alive."""
        return len(self._living())

    @property
    def alive_bytes(self):
        """How many bytes those have that are alive."""
        return sum(size for _, size in self._living())

    def alive_but_for(self, allowed):
        """Count those that are alive; if more than are allowed, those that stay so."""
        if self.alive > allowed:
            gc.collect()
        return self.alive


class Saved:
    """What a graph holds of a saved tensor: a weak reference tells when the graph is gone."""

    def __init__(self, tensor):
        self.tensor = tensor.detach()


class Graphs:
    """Tells which of the graphs built in `another` are still alive."""

    def __init__(self):
        self.references = []
        self.counts = []

    @contextlib.contextmanager
    def another(self):
        """Watch the graph that is built inside, and note how many older ones are alive."""
        self.counts.append(len(self.alive()))
        mine = []
        self.references.append(mine)

        def pack(tensor):
            saved = Saved(tensor)
            mine.append(weakref.ref(saved))
            return saved

        with saved_tensors_hooks(pack, lambda saved: saved.tensor):
            yield

    def alive(self):
        return [i for i, refs in enumerate(self.references) if any(r() is not None for r in refs)]


# saved_bytes


class Threshold(Function):
    """Saves a mask, and of its input no more than that."""

    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x > 0)
        return x.clamp(min=0)

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


@pytest.mark.task("saved_bytes")
@pytest.mark.parametrize("name", FUNCTIONS)
def test_saved_bytes_of(name, device):
    fn, due, mistakes = FUNCTIONS[name]
    x = sample((4, 3), device=device, requires_grad=True)

    with unchanged(x):
        yours = memory.saved_bytes(fn, x)

    check(yours, due, what=f"bytes saved by {name}, x has 96", mistakes=mistakes)


@pytest.mark.task("saved_bytes")
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


@pytest.mark.task("saved_bytes")
def test_graphs_count_that_fn_itself_drops(device):
    x = sample((100, 100), device=device, requires_grad=True)

    def drops_three(x):
        for _ in range(3):
            x.exp()

    yours = memory.saved_bytes(drops_three, x)

    assert yours == 3 * 80000, (
        "fn computes x.exp() three times, drops each result, and saves 80000 bytes each time: "
        f"{3 * 80000} in all, yours is {yours}. Count while fn runs, as a pack hook does\n"
        "The memory of a dead storage is used again, and so is its address: hold each storage "
        "until fn has returned"
    )


@pytest.mark.task("saved_bytes")
def test_fn_runs_once_and_gets_what_it_takes(device):
    x = sample((4, 3), device=device, requires_grad=True)
    seen = []
    fn = counted(lambda *args: seen.append(args))

    memory.saved_bytes(fn, x, 2, None)

    assert fn.calls == 1, f"fn was called {fn.calls} times: once is enough"
    assert [a is b for a, b in zip(seen[0], (x, 2, None), strict=True)] == [True] * 3, (
        "fn got other objects than the args: call fn(*args)"
    )


@pytest.mark.task("saved_bytes")
def test_fn_may_run_a_backward_of_its_own(device):
    x = sample((4, 3), device=device, requires_grad=True)
    gradients = []

    def fn(x):
        gradients.extend(torch.autograd.grad(x.exp().square().sum(), x))

    with situation("where fn itself calls torch.autograd.grad"):
        memory.saved_bytes(fn, x)

    check(
        gradients[0],
        (2 * torch.exp(2 * x)).detach(),
        what="the gradient that fn computes inside: what unpack returns goes into it",
    )


@pytest.mark.task("saved_bytes")
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


@pytest.mark.task("saved_bytes")
def test_no_hook_stays_when_fn_raises(device):
    def fn(x):
        raise ValueError("from fn")

    with raises(ValueError, when="fn raises it", naming=["from fn"]):
        memory.saved_bytes(fn, sample((4, 3), device=device))


# HalfPrecisionSaved


def rounded(x, dtype=torch.bfloat16):
    return x.detach().to(dtype).to(x.dtype)


@pytest.mark.task("HalfPrecisionSaved")
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


@pytest.mark.task("HalfPrecisionSaved")
def test_values_too_large_for_float16_come_back(device):
    values = [3.0e5, -7.0e8, -float("inf")]
    x = torch.tensor(values, dtype=torch.float64, device=device, requires_grad=True)

    with memory.HalfPrecisionSaved():
        y = x * x
    y.backward(torch.ones_like(x))

    check(
        x.grad,
        2 * rounded(x),
        what="the gradient of x·x at 3e5, -7e8 and -inf",
        mistakes={
            "what is saved is rounded to float16, which ends at 65504": lambda: (
                2 * rounded(x, torch.float16)
            ),
            "a tensor with an infinity in it is kept as it is": lambda: 2 * x,
        },
    )


@pytest.mark.task("HalfPrecisionSaved")
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64], ids=str)
def test_a_matrix_product_gets_its_factors_back_in_their_dtype(dtype, device):
    x, w = (
        sample(shape, device=device, dtype=dtype, requires_grad=True) for shape in ((4, 3), (3, 2))
    )
    v = sample((4, 2), device=device, dtype=dtype)

    with memory.HalfPrecisionSaved():
        y = x @ w
    with situation(f"in the backward of a matrix product in {dtype}"):
        y.backward(v)

    check([x.grad, w.grad], [v @ rounded(w).T, rounded(x).T @ v], what="the gradients of x @ w")


@pytest.mark.task("HalfPrecisionSaved")
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


@pytest.mark.task("HalfPrecisionSaved")
def test_backward_can_run_twice(device):
    x, v = sample((4, 3), device=device, requires_grad=True), sample((4, 3), device=device)

    with memory.HalfPrecisionSaved():
        y = x.exp()
    y.backward(v, retain_graph=True)
    with situation("in a second backward, after one with retain_graph=True"):
        y.backward(v)

    check(x.grad, 2 * v * rounded(y), what="the gradient of exp(x), added up by two backwards")


@pytest.mark.task("HalfPrecisionSaved")
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


@pytest.mark.task("HalfPrecisionSaved")
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


@pytest.mark.task("HalfPrecisionSaved")
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


@pytest.mark.task("HalfPrecisionSaved")
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


@pytest.mark.task("HalfPrecisionSaved")
def test_an_error_in_the_block_passes_through(device):
    with (
        raises(ValueError, when="the code in the block raises it", naming=["from the block"]),
        memory.HalfPrecisionSaved(),
    ):
        raise ValueError("from the block")


# checkpoint

by_hand = pytest.mark.forbid(
    "torch.utils.checkpoint.checkpoint",
    "torch.utils.checkpoint.checkpoint_sequential",
    "torch.utils.checkpoint.CheckpointFunction.forward",
    reason="write it with saved_tensors_hooks, or as a Function",
)


def network(device):
    return build(lambda: nn.Sequential(nn.Linear(3, 5), nn.Tanh(), nn.Linear(5, 2)), device=device)


def sines(x):
    for _ in range(5):
        x = x.sin()
    return x


def drop(x):
    return F.dropout(x, 0.5).square()


def random_state(device):
    on_gpu = device.type == "cuda"
    return torch.cuda.get_rng_state(device) if on_gpu else torch.get_rng_state()


def set_random_state(state, device):
    on_gpu = device.type == "cuda"
    return torch.cuda.set_rng_state(state, device) if on_gpu else torch.set_rng_state(state)


def random_state_of_its_own(device):
    """Let what runs inside draw random numbers without an effect outside."""
    return torch.random.fork_rng([device] if device.type == "cuda" else [])


@pytest.mark.task("checkpoint")
@by_hand
@any_layout
def test_a_checkpoint_gives_value_and_gradient_of_a_plain_call(layout, device):
    x, v = sample(**layout, device=device, requires_grad=True), sample(**layout, device=device)
    plain = sines(x)
    (due,) = torch.autograd.grad(plain, x, v, retain_graph=True)

    with unchanged(x):
        y = memory.checkpoint(sines, x)
    check(y, plain, what="checkpoint(fn, x)")
    with situation("in backward, where grad mode is off"):
        y.backward(v)

    check(
        x.grad,
        due,
        what="the gradient for x",
        mistakes={
            "args are detached, and nothing leads from fn back to x": None,
            "grad_output is left out": lambda: due / v,
        },
    )


@pytest.mark.task("checkpoint")
def test_a_checkpoint_runs_fn_once_in_forward_and_once_in_backward(device):
    x, v = sample((4, 3), device=device, requires_grad=True), sample((4, 3), device=device)
    fn = counted(sines)

    y = memory.checkpoint(fn, x)
    in_forward = fn.calls
    y.backward(v)

    assert in_forward == 1, f"fn was called {in_forward} times before backward: once is due"
    assert fn.calls == 2, (
        f"fn was called {fn.calls} times in all: once in forward and once in backward is due"
    )


@pytest.mark.task("checkpoint")
def test_a_checkpoint_keeps_nothing_but_its_args(device):
    x, v = sample((4, 3), device=device, requires_grad=True), sample((4, 3), device=device)

    with watched(size=nbytes_of(x)) as probe:
        y = memory.checkpoint(sines, x)
        loss = (y * v).sum()
        del y
        kept = probe.alive_but_for(1)

    assert loss.requires_grad, "the result is cut from the graph: no gradient can flow back"
    assert kept <= 1, (
        f"fn takes five sines one after another, and {kept} tensors of x's size are alive between "
        "forward and backward besides x: keep what fn is called with, and nothing it computes"
    )


@pytest.mark.task("checkpoint")
def test_a_checkpoint_lets_go_of_what_it_recomputed(device):
    x, v = sample((4, 3), device=device, requires_grad=True), sample((4, 3), device=device)

    with watched(size=nbytes_of(x)) as probe:
        y = memory.checkpoint(sines, x)
        y.backward(v)
        del y
        kept = probe.alive_but_for(2)  # x.grad, and perhaps a copy of x

    assert kept <= 2, (
        f"{kept} tensors of x's size are alive after backward, when only x.grad is needed: "
        "let what was recomputed go"
    )


@pytest.mark.task("checkpoint")
@pytest.mark.parametrize(
    ("tracked", "kind"), [(True, "module"), (False, "module"), (False, "function")]
)
def test_a_checkpoint_gives_the_parameters_of_fn_their_gradients(tracked, kind, device):
    model = network(device)
    fn = {"module": model, "function": lambda x: model(x)}[kind]
    x, v = sample((4, 3), device=device, requires_grad=tracked), sample((4, 2), device=device)
    parameters = list(model.parameters())
    due = list(torch.autograd.grad(model(x), parameters, v))
    why = "x requires grad" if tracked else "x does not require grad, the parameters of fn do"

    y = memory.checkpoint(fn, x)
    assert y.requires_grad, (
        f"{why}, and the result has requires_grad False: no gradient can reach a parameter. "
        "The output of a Function requires grad only if one of the tensors given to apply does"
    )
    y.backward(v)

    check(
        grads(parameters),
        due,
        what=f"the gradients of the parameters of fn; {why}",
        mistakes={
            "backward asks for the gradients of args alone, which leaves the parameters "
            "without any: let the recomputed graph run backward()": [None] * 4
        },
    )


@pytest.mark.task("checkpoint")
def test_a_checkpoint_takes_args_of_every_kind(device):
    x = sample((4, 3), device=device, requires_grad=True)
    w, v = sample((3,), device=device, requires_grad=True), sample((2, 3), device=device)
    index = torch.tensor([3, 0], device=device)

    def fn(x, index, factor, nothing, bias, constant):
        return (x[index] * bias).sin() * factor * constant

    constant = sample((2, 3), device=device)
    due = torch.autograd.grad(fn(x, index, 3, None, w.exp(), constant), (x, w), v)

    y = memory.checkpoint(fn, x, index, 3, None, w.exp(), constant)
    y.backward(v)

    check(
        [x.grad, w.grad],
        list(due),
        what="gradients of a leaf, and through another arg that is computed, for args "
        "(tensor, int64 tensor, int, None, tensor, tensor without grad)",
        mistakes={"an arg that is computed from w is cut off from w": lambda: [due[0], None]},
    )
    check(constant.grad, None, what=".grad of an arg that does not require grad")


@pytest.mark.task("checkpoint")
def test_a_checkpoint_adds_up_when_an_arg_is_given_twice(device):
    x, v = sample((4, 3), device=device, requires_grad=True), sample((4, 3), device=device)
    x.grad = torch.ones_like(x)

    memory.checkpoint(lambda a, b: a.sin() * b, x, x).backward(v)

    check(
        x.grad,
        (1 + v * (x.sin() + x.cos() * x)).detach(),
        what=".grad of x, which was 1, after checkpoint(fn, x, x)",
    )


@pytest.mark.task("checkpoint")
def test_a_checkpoint_draws_as_a_plain_call_does(device):
    x = sample((40,), device=device, gap=0.1, requires_grad=True)

    with random_state_of_its_own(device):
        state = random_state(device)
        due = [drop(x), drop(x)]
        set_random_state(state, device)
        yours = [memory.checkpoint(drop, x), memory.checkpoint(drop, x)]

    check(
        yours,
        due,
        what="two calls with dropout",
        mistakes={"the first run does not move the random state": [due[0], due[0]]},
    )


@pytest.mark.task("checkpoint")
def test_a_checkpoint_drops_the_same_elements_again(device):
    x, v = sample((40,), device=device, gap=0.1, requires_grad=True), sample((40,), device=device)

    with random_state_of_its_own(device):
        y = memory.checkpoint(drop, x)
        memory.checkpoint(drop, x)
        y.backward(v)

    dropped = y.detach() == 0
    assert torch.equal(x.grad == 0, dropped), (
        "the gradient is 0 at other places than the output of dropout: fn drew another mask in "
        "backward. Note the random state before the first run, and set it before the second"
    )
    check(x.grad, (8 * v * x).detach() * ~dropped, what="the gradient of dropout(x)²")


@pytest.mark.task("checkpoint")
def test_backward_leaves_the_random_state_as_it_found_it(device):
    x, v = sample((40,), device=device, gap=0.1, requires_grad=True), sample((40,), device=device)

    with random_state_of_its_own(device):
        y = memory.checkpoint(drop, x)
        torch.rand(7, device=device)  # others draw too, between forward and backward
        before = random_state(device)
        y.backward(v)
        after = random_state(device)

    assert torch.equal(before, after), (
        "backward moved the global random state: what is drawn next repeats numbers or is not what "
        "it would be without the checkpoint. Recompute inside torch.random.fork_rng()"
    )


@pytest.mark.task("checkpoint")
def test_a_checkpoint_may_be_around_an_fn_that_detaches_its_result(device):
    x, v = sample((4, 3), device=device, requires_grad=True), sample((4, 3), device=device)

    y = memory.checkpoint(lambda x: x.exp().detach(), x)
    with situation("in backward, where fn detaches its result and no graph leads on from there"):
        (x.sin() * y).backward(v)

    check(
        x.grad,
        (v * x.cos() * x.exp()).detach(),
        what="the gradient of sin(x) · checkpoint(fn, x), fn giving eˣ detached",
        mistakes={"the gradient passes through eˣ too": lambda: v * (x.sin() + x.cos()) * x.exp()},
    )


@pytest.mark.task("checkpoint")
def test_checkpoints_can_be_nested(device):
    model = network(device)
    x, v = sample((4, 3), device=device, requires_grad=True), sample((4, 2), device=device)
    leaves = [x, *model.parameters()]
    due = list(torch.autograd.grad(model(sines(x)).sin(), leaves, v))

    def outer(x):
        return memory.checkpoint(model, x.sin()).sin()

    def four_sines(x):
        for _ in range(4):
            x = x.sin()
        return x

    memory.checkpoint(lambda x: memory.checkpoint(outer, four_sines(x)), x).backward(v)

    check(grads(leaves), due, what="gradients of x and of parameters through three nested ones")


@pytest.mark.task("checkpoint")
def test_a_checkpoint_is_a_plain_call_where_grad_mode_is_off(device):
    x = sample((4, 3), device=device, dtype=torch.float32, requires_grad=True)
    fn = counted(sines)

    with torch.no_grad(), situation("inside torch.no_grad()"):
        y = memory.checkpoint(fn, x)

    check(y, sines(x).detach(), what="checkpoint(fn, x) inside torch.no_grad()")
    assert fn.calls == 1, f"inside torch.no_grad() fn was called {fn.calls} times: once is due"


# checkpoint_chain


class Wave(nn.Module):
    """Saves one tensor, its input, and has no parameter."""

    def __init__(self, factor):
        super().__init__()
        self.factor = factor

    def forward(self, h):
        return h.sin() * self.factor


def waves(count):
    return [Wave(1 + i / count) for i in range(count)]


def linears(count, device):
    return build(lambda: nn.Sequential(*(nn.Linear(3, 3) for _ in range(count))), device=device)


def run(layers, x):
    for layer in layers:
        x = layer(x)
    return x


@pytest.mark.task("checkpoint_chain")
@pytest.mark.parametrize("segments", [3, 7])
def test_a_chain_gives_the_output_of_a_plain_run(segments, device):
    layers = waves(7)
    x = sample((4, 3), device=device, requires_grad=True)

    with unchanged(x):
        y = memory.checkpoint_chain(layers, x, segments)

    check(
        y,
        run(layers, x),
        what=f"the output of 7 layers in {segments} segments",
        mistakes={
            "the layers that no whole segment has room for do not run": lambda: run(layers[:6], x)
        },
    )


@pytest.mark.task("checkpoint_chain")
@pytest.mark.parametrize("given_as", [nn.Sequential, one_by_one])
def test_a_chain_takes_a_sequential_or_a_generator(given_as, device):
    layers = waves(5)
    x = sample((4, 3), device=device, dtype=torch.float32, requires_grad=True)
    chain = nn.Sequential(*layers) if given_as is nn.Sequential else one_by_one(layers)

    y = memory.checkpoint_chain(chain, x, 2)

    check(y, run(layers, x), what="the output of 5 layers in 2 segments, x in float32")


@pytest.mark.task("checkpoint_chain")
def test_a_chain_recomputes_each_segment_with_its_own_layers(device):
    # All that backward needs of a linear layer is saved, its weight too.
    layers = list(linears(6, device))
    x, v = sample((4, 3), device=device, requires_grad=True), sample((4, 3), device=device)
    starts = [x, run(layers[:2], x), run(layers[:4], x)]

    def gradient_with(*pairs):
        gradient = v
        for pair, start in reversed(list(zip(pairs, starts, strict=True))):
            leaf = start.detach().requires_grad_()
            (gradient,) = torch.autograd.grad(run(pair, leaf), leaf, gradient)
        return gradient

    first, second, last = layers[:2], layers[2:4], layers[4:]
    late = (
        "the function given to checkpoint looks up its segment when backward calls it, and the "
        "loop has then ended"
    )

    memory.checkpoint_chain(layers, x, 3).backward(v)

    check(
        x.grad,
        gradient_with(first, second, last),
        what="the gradient of x, 6 layers in 3 segments",
        mistakes={
            f"{late}: each segment is recomputed with the last one": lambda: gradient_with(
                last, last, last
            ),
            f"{late}: the first is recomputed with the second": lambda: gradient_with(
                second, second, last
            ),
            "the input of a segment is detached: nothing leads back to x": None,
        },
    )


@pytest.mark.task("checkpoint_chain")
@pytest.mark.parametrize("segments", [1, 3])
def test_a_chain_gives_x_and_every_parameter_their_gradients(segments, device):
    layers = [layer for pair in zip(linears(4, device), waves(4), strict=True) for layer in pair]
    layers = nn.ModuleList(layers[:7])
    x, v = sample((4, 3), device=device, requires_grad=True), sample((4, 3), device=device)
    leaves = [x, *layers.parameters()]
    due = list(torch.autograd.grad(run(layers, x), leaves, v))

    with unchanged(x, layers):
        y = memory.checkpoint_chain(list(layers), x, segments)
    y.backward(v)

    check(grads(leaves), due, what=f"gradients of x and parameters, 7 layers, segments={segments}")


@pytest.mark.task("checkpoint_chain")
def test_a_chain_gives_parameters_gradients_also_when_x_needs_none(device):
    layers = linears(6, device)
    x, v = sample((4, 3), device=device), sample((4, 3), device=device)
    parameters = list(layers.parameters())
    due = list(torch.autograd.grad(layers(x), parameters, v))

    y = memory.checkpoint_chain(list(layers), x, 3)
    assert y.requires_grad, (
        "x does not require grad, and so the output does not either, though the parameters do: "
        "say use_reentrant=False"
    )
    y.backward(v)

    without = [i for i, layer in enumerate(layers) if layer.weight.grad is None]
    assert not without, (
        f"x does not require grad, and layers {without} of 0 to 5 get no gradient for their "
        "weight: a reentrant checkpoint gives none where its input needs none; "
        "say use_reentrant=False"
    )
    check(grads(parameters), due, what="the gradients of the parameters; x does not require grad")


def noting_runs(count):
    """Return layers, and a list to which each adds its number when it runs."""
    layers, ran = waves(count), []
    for i, layer in enumerate(layers):
        layer.register_forward_pre_hook(lambda *_, i=i: ran.append(i))
    return layers, ran


def starts_of(ran):
    """Return those that do not follow the layer that ran before."""
    return [i for i, before in zip(ran, [None, *ran], strict=False) if before != i - 1]


@pytest.mark.task("checkpoint_chain")
def test_a_chain_computes_its_segments_once_more_at_most(device):
    layers, ran = noting_runs(6)
    x, v = sample((4, 3), device=device, requires_grad=True), sample((4, 3), device=device)

    y = memory.checkpoint_chain(layers, x, 2)
    in_forward, ran[:] = list(ran), []
    y.backward(v)

    assert in_forward == [*range(6)], (
        f"forward ran layers {in_forward} of 0 to 5: run each once, in order"
    )
    assert len(set(ran)) == len(ran), (
        f"backward ran layers {ran} of 0 to 5: each is to run at most once more"
    )
    starts = starts_of(ran)
    assert len(starts) in (1, 2), (
        f"with 6 layers in 2 segments, backward computed {len(starts)} segments again, which start "
        f"at layers {starts}: 2 are due, or 1 if the last runs plainly"
    )


@pytest.mark.task("checkpoint_chain")
@pytest.mark.parametrize(("n", "segments"), [(16, 4), (18, 2)])
def test_a_chain_keeps_few_activations_alive(n, segments, device):
    layers = waves(n)
    x, v = sample((4, 3), device=device, requires_grad=True), sample((4, 3), device=device)
    due = n / segments + segments + 5

    with watched(size=nbytes_of(x)) as probe:
        y = memory.checkpoint_chain(layers, x, segments)
        between = probe.alive
        y.backward(v)

    told = f"with {n} layers in {segments} segments"
    assert between <= due, (
        f"{told} {between} activations are alive after forward, n/segments + segments + 5 "
        f"is {due:g}: keep one at the start of each segment, and the inside of the last at most; a "
        "checkpoint around each layer keeps them all"
    )
    assert probe.peak <= due, (
        f"{told} {probe.peak} activations are alive at once in backward, n/segments + segments "
        f"+ 5 is {due:g}: a segment is too long. One checkpoint around all layers computes them "
        "all again before the first gradient"
    )


@pytest.mark.task("checkpoint_chain")
def test_a_chain_has_as_many_segments_as_are_asked_for(device):
    layers, ran = noting_runs(9)
    x, v = sample((4, 3), device=device, requires_grad=True), sample((4, 3), device=device)

    y = memory.checkpoint_chain(layers, x, 8)
    ran.clear()
    y.backward(v)

    starts = starts_of(ran)
    assert len(starts) in (7, 8), (
        f"with 9 layers in 8 segments, backward computed {len(starts)} segments again, which start "
        f"at layers {starts}: 8 are due, or 7 if the last runs plainly. A length of 9/8 rounded "
        "up makes too few: let some be longer than others by one"
    )


@pytest.mark.task("checkpoint_chain")
def test_a_chain_just_runs_inside_no_grad(device):
    layers = waves(5)
    x = sample((4, 3), device=device, requires_grad=True)

    with torch.no_grad(), situation("inside torch.no_grad()"):
        y = memory.checkpoint_chain(layers, x, 2)

    check(y, run(layers, x).detach(), what="the output inside torch.no_grad()")


# affine_inplace


@pytest.mark.task("affine_inplace")
@any_layout
def test_affine_is_twice_x_plus_1(layout, device):
    x = sample(**layout, device=device)
    edits = edits_of(x)

    with unchanged(x):
        y = memory.affine_inplace(x)

    check(y, 2 * (x + 1), what="2(x + 1)", mistakes={"1 is added last": lambda: 2 * x + 1})
    assert edits_of(x) == edits, "x was edited in place, and put back: edit a new tensor"


@pytest.mark.task("affine_inplace")
@any_layout
def test_affine_is_differentiable(layout, device):
    x, v = sample(**layout, device=device, requires_grad=True), sample(**layout, device=device)

    with unchanged(x), situation("for a leaf x that requires grad"):
        y = memory.affine_inplace(x)
    check(y, 2 * (x + 1), what="2(x + 1) of x that requires grad")

    (gradient,) = torch.autograd.grad(y, x, v, allow_unused=True)
    assert gradient is not None, (
        "the result requires grad, and its graph does not lead back to x: it is a leaf of its own"
    )
    check(
        gradient,
        2 * v,
        what="the gradient for x",
        mistakes={
            "the product in place is hidden from autograd, by no_grad, data or detach": v,
            "grad_output is left out": torch.full_like(v, 2),
        },
    )


@pytest.mark.task("affine_inplace")
def test_affine_leaves_a_computed_x_alone(device):
    leaf = sample((4, 3), device=device, dtype=torch.float32, requires_grad=True)
    x = leaf * 3
    before, edits = x.detach().clone(), edits_of(x)

    y = memory.affine_inplace(x)

    check(
        x.detach(),
        before,
        what="x after the call, which was computed and may be edited in place",
        mistakes={"x itself is edited: edit the first new tensor": lambda: 2 * (before + 1)},
    )
    assert edits_of(x) == edits, "x was edited in place: edit the first new tensor"
    check(y, 2 * (x + 1), what="2(x + 1) in float32")


@pytest.mark.task("affine_inplace")
def test_affine_makes_one_tensor(device):
    x = sample((4, 3), device=device, requires_grad=True)

    with watched(size=nbytes_of(x)) as probe:
        memory.affine_inplace(x)

    assert probe.made == 1, (
        f"{probe.made} storages of x's size are made, one is due: x + 1 makes one, and the "
        "product can be written into it"
    )


@pytest.mark.task("affine_inplace")
@pytest.mark.parametrize("shape", [(4, 3), ()], ids=str)
def test_affine_saves_nothing_of_the_size_of_x(shape, device):
    x = sample(shape, device=device, requires_grad=True)
    saved = []

    def pack(t):
        saved.append(t.detach())
        return t.detach()

    with saved_tensors_hooks(pack, lambda t: t):
        memory.affine_inplace(x)

    large = [tuple(t.shape) for t in saved if t.numel() >= x.numel()]
    assert not large, (
        f"x has shape {shape}, and a tensor of shape {large[0]} is saved for backward: multiplying "
        "by a tensor saves, multiplying by a number does not"
    )


# mean_loss


def step_losses(leaf, graphs, count):
    """Compute a loss when it is asked for, each with a graph of its own."""
    for i in range(count):
        with graphs.another():
            loss = (leaf.sin() * (i + 1)).square().sum()
        yield loss
        del loss


@pytest.mark.task("mean_loss")
@as_list_or_generator
def test_the_mean_of_losses_is_a_float(given_as, device):
    values = [0.5, -2.0, 4.25]
    losses = [torch.tensor(v, dtype=torch.float64, device=device) for v in values]

    yours = memory.mean_loss(given_as(losses))

    check(
        yours,
        sum(values) / 3,
        what="the mean of 0.5, -2 and 4.25",
        mistakes={
            "the sum is not divided": sum(values),
            "only the last one counts": 4.25,
            "a first loop uses up the generator, and a second one finds nothing": 0.0,
        },
    )


@pytest.mark.task("mean_loss")
@pytest.mark.parametrize("dtype", [torch.float64, torch.float32], ids=str)
def test_the_losses_stay_as_they_were(dtype, device):
    leaf = sample((3,), device=device, dtype=dtype, requires_grad=True)
    losses = [(leaf * i).square().sum() for i in range(1, 4)]
    before, total = copies(losses), sum(copies(losses))

    with unchanged(leaf):
        yours = memory.mean_loss(losses)

    check(yours, total.item() / 3, what=f"the mean of three losses in {dtype}", rtol=1e-6)
    check(
        copies(losses),
        before,
        what="the losses themselves, after the call",
        mistakes={"the others are added into the first one in place": [total, *before[1:]]},
    )
    assert all(loss.requires_grad for loss in losses), (
        "a loss has lost its graph: use detach or item, which leave the loss itself as it is"
    )


@pytest.mark.task("mean_loss")
@as_list_or_generator
def test_the_mean_of_nothing_is_a_value_error(given_as):
    with raises(ValueError, when=f"there are no losses, in an empty {type(given_as([])).__name__}"):
        memory.mean_loss(given_as([]))


@pytest.mark.task("mean_loss")
def test_no_graph_of_an_earlier_step_stays_alive(device):
    leaf = sample((3,), device=device, requires_grad=True)
    graphs = Graphs()

    memory.mean_loss(step_losses(leaf, graphs, 6))

    # The loop variable may hold the step before.
    assert max(graphs.counts) <= 1, (
        f"when step 6 began, the graphs of {graphs.counts[-1]} earlier steps were alive: a sum of "
        "tensors, or a list of them, keeps every graph. Take the number out of each as it comes"
    )
    assert graphs.alive() == [], (
        f"{len(graphs.alive())} graphs are alive after the call: keep numbers, not tensors"
    )


@pytest.mark.task("mean_loss")
def test_losses_in_bfloat16_are_not_added_up_in_bfloat16(device):
    losses = [torch.tensor(v, dtype=torch.bfloat16, device=device) for v in (256.0, 1.0, 1.0, 1.0)]

    yours = memory.mean_loss(losses)

    check(
        yours,
        64.75,
        what="the mean of 256, 1, 1 and 1, each in bfloat16",
        mistakes={
            "they are added up in bfloat16, where 256 + 1 is 256: add up Python floats": 64.0
        },
    )


# accumulate_microbatches_


class Watched(nn.Module):
    """A model that notes each of its runs, and which graphs are alive when it runs."""

    def __init__(self, *, tied=False):
        super().__init__()
        self.hidden = nn.Linear(3, 3)
        self.frozen = nn.Linear(3, 3).requires_grad_(False)
        self.unused = nn.Linear(1, 1)
        self.out = self.hidden if tied else nn.Linear(3, 3)
        self.graphs = Graphs()
        self.sizes = []
        self.backwards = []

    def forward(self, x):
        self.sizes.append(len(x))
        with self.graphs.another():
            y = self.out(self.frozen(self.hidden(x).tanh()).tanh())
        y.register_hook(lambda _: self.backwards.append(len(x)))
        return y


def micro(sizes, device, dtype=torch.float64):
    return [tuple(sample((n, 3), device=device, dtype=dtype) for _ in range(2)) for n in sizes]


def gradient_of_all(model, batches):
    """Return the mean loss and its gradients for all samples at once, from a copy."""
    twin = copy.deepcopy(model)
    x, y = (torch.cat(column) for column in zip(*batches, strict=True))
    loss = F.mse_loss(twin(x), y)
    loss.backward()
    return loss.item(), grads(twin.parameters())


def combine(model, batches, weights):
    """Return the weighted sum of the batches' own gradients."""
    each = [gradient_of_all(model, [batch])[1] for batch in batches]
    return [
        None if column[0] is None else sum(w * g for w, g in zip(weights, column, strict=True))
        for column in zip(*each, strict=True)
    ]


UNEVEN = [1, 4, 2]


@pytest.fixture
def model(device):
    return build(Watched, device=device)


@pytest.mark.task("accumulate_microbatches_")
@as_list_or_generator
def test_micro_batches_add_up_to_the_gradient_of_the_full_batch(given_as, model, device):
    batches = micro(UNEVEN, device)
    before = copies(model.parameters())
    _, due = gradient_of_all(model, batches)

    with unchanged(*(t for batch in batches for t in batch)):
        memory.accumulate_microbatches_(model, F.mse_loss, given_as(batches))

    check(
        grads(model.parameters()),
        due,
        what=".grad of the parameters after batches of 1, 4 and 2 samples",
        mistakes={
            "the sum is divided by the number of batches, and each batch counts alike: weigh it "
            "with its number of samples": lambda: combine(model, batches, [1 / 3] * 3),
            "the mean losses of the batches are added and not divided": lambda: combine(
                model, batches, [1, 1, 1]
            ),
            "the sum over samples is not divided by their number": lambda: combine(
                model, batches, UNEVEN
            ),
            "only the last batch counts": lambda: combine(model, batches, [0, 0, 1]),
            "gradients are cleared between the batches": lambda: combine(
                model, batches, [0, 0, 2 / 7]
            ),
            "a first loop uses up the generator, and a second one finds nothing": [None] * len(due),
            "each batch is divided by the number of samples so far": lambda: combine(
                model, batches, [1, 4 / 5, 2 / 7]
            ),
        },
    )
    check(copies(model.parameters()), before, what="the values of the parameters")


@pytest.mark.task("accumulate_microbatches_")
def test_the_mean_loss_is_per_sample(model, device):
    batches = micro(UNEVEN, device)
    due, _ = gradient_of_all(model, batches)

    def each():
        return [gradient_of_all(model, [batch])[0] for batch in batches]

    yours = memory.accumulate_microbatches_(model, F.mse_loss, batches)

    check(
        yours,
        due,
        what="the mean loss over batches of 1, 4 and 2 samples",
        mistakes={
            "it is the mean of the batches' means, whatever their sizes": lambda: sum(each()) / 3,
            "the means are added": lambda: sum(each()),
            "the sum over samples is not divided by their number": 7 * due,
            "it is the loss of the last batch": lambda: each()[-1],
        },
    )


@pytest.mark.task("accumulate_microbatches_")
def test_stale_gradients_do_not_count(model, device):
    batches = micro(UNEVEN, device)
    _, due = gradient_of_all(model, batches)
    used = [p for p, g in zip(model.parameters(), due, strict=True) if g is not None]
    due = [g for g in due if g is not None]
    for p in model.parameters():
        p.grad = sample(p.shape, device=device)
    stale = copies(grads(used))
    frozen = model.frozen.weight

    memory.accumulate_microbatches_(model, F.mse_loss, one_by_one(batches))

    check(
        grads(used),
        due,
        what=".grad of parameters that had one before the call",
        mistakes={
            "what .grad held before the call is added in": [
                s + g for s, g in zip(stale, due, strict=True)
            ],
            "what .grad held before the call is added in, and divided with the rest": [
                s / 7 + g for s, g in zip(stale, due, strict=True)
            ],
        },
    )
    assert frozen.grad is None or not frozen.grad.any(), (
        "a frozen parameter still has the gradient it had before the call: drop all stale gradients"
    )


@pytest.mark.task("accumulate_microbatches_")
def test_a_tied_parameter_is_divided_once(device):
    model = build(lambda: Watched(tied=True), device=device)
    batches = micro(UNEVEN, device)
    _, due = gradient_of_all(model, batches)

    memory.accumulate_microbatches_(model, F.mse_loss, batches)

    check(
        grads(model.parameters()),
        due,
        what=".grad where two layers share their parameters",
        mistakes={
            "a parameter that has two names is divided twice": lambda: [
                g if g is None else g / 7 for g in due
            ]
        },
    )


@pytest.mark.task("accumulate_microbatches_")
@as_list_or_generator
def test_each_micro_batch_runs_by_itself(given_as, model, device):
    batches = micro([2, 1, 3, 2], device)

    memory.accumulate_microbatches_(model, F.mse_loss, given_as(batches))

    assert model.sizes == [2, 1, 3, 2], (
        f"the batches have 2, 1, 3 and 2 samples, the model ran on {model.sizes}: run it once on "
        "each batch as it comes; all samples at once need the memory of all"
    )
    assert sorted(model.backwards) == [1, 2, 2, 3], (
        f"backward passed through the outputs for {model.backwards} samples: back-propagate each "
        "batch once"
    )
    assert max(model.graphs.counts) <= 1, (
        f"when the last batch went in, the graphs of {model.graphs.counts[-1]} earlier ones were "
        "alive: back-propagate the loss of each batch before the next, which frees its graph"
    )
    assert model.graphs.alive() == [], (
        f"{len(model.graphs.alive())} graphs are alive after the call: free each in its backward"
    )


@pytest.mark.task("accumulate_microbatches_")
def test_micro_batches_leave_modes_and_hooks(model, device):
    model.out.eval()
    modes = [module.training for module in model.modules()]
    hooks = [count_hooks(p) for p in model.parameters()]

    memory.accumulate_microbatches_(model, F.mse_loss, micro([2, 3], device))

    assert [module.training for module in model.modules()] == modes, (
        "a submodule is in another mode, train or eval, than before the call: leave the modes alone"
    )
    assert [count_hooks(p) for p in model.parameters()] == hooks, "a hook is left on a parameter"


@pytest.mark.task("accumulate_microbatches_")
def test_micro_batches_in_float32(device):
    model = build(Watched, device=device).float()
    batches = micro(UNEVEN, device, dtype=torch.float32)
    _, due = gradient_of_all(model, batches)

    memory.accumulate_microbatches_(model, F.mse_loss, batches)

    check(grads(model.parameters()), due, what=".grad in float32", rtol=1e-5)


@pytest.mark.task("accumulate_microbatches_")
def test_a_longer_sample_counts_no_more_than_a_short_one(model, device):
    shapes = [(1, 4, 3), (2, 1, 3)]
    batches = [tuple(sample(shape, device=device) for _ in range(2)) for shape in shapes]

    memory.accumulate_microbatches_(model, F.mse_loss, batches)

    check(
        grads(model.parameters()),
        combine(model, batches, [1 / 3, 2 / 3]),
        what=".grad after batches of shape (1, 4, 3) and (2, 1, 3), which are 1 and 2 samples",
        mistakes={
            "the elements are counted, not the samples: axis 0 counts them": lambda: combine(
                model, batches, [2 / 3, 1 / 3]
            )
        },
    )


# step_in_backward_


def quadratic(p, w):
    """Return a loss whose gradient at p is 2·w·p."""
    return (w * p.square()).sum()


@pytest.mark.task("step_in_backward_")
@any_layout
def test_backward_takes_the_step(layout, device):
    p, w = sample(**layout, device=device, requires_grad=True), sample(**layout, device=device)
    before, gradient = p.detach().clone(), 2 * (w * p).detach()

    memory.step_in_backward_(one_by_one([p]), 0.1)
    check(p.detach(), before, what="the parameter before any backward")
    quadratic(p, w).backward()

    check(
        p.detach(),
        before - 0.1 * gradient,
        what="the parameter after backward, lr 0.1",
        mistakes={
            "it is not updated": before,
            "the step goes up and not down": before + 0.1 * gradient,
            "lr is left out": before - gradient,
            "two steps are taken": before - 0.2 * gradient,
        },
    )


@pytest.mark.task("step_in_backward_")
def test_no_gradient_is_left_after_backward(device):
    params = [sample(s, device=device, requires_grad=True) for s in ((4, 3), (4, 1), ())]
    weights = [sample(p.shape, device=device) for p in params]

    memory.step_in_backward_(params, 0.1)
    sum(map(quadratic, params, weights)).backward()

    left = [tuple(p.shape) for p in params if p.grad is not None]
    assert not left, (
        f"after backward .grad is still there for parameters of shape {left}: set it to None once "
        "the step is taken"
    )


@pytest.mark.task("step_in_backward_")
def test_a_gradient_is_freed_while_backward_goes_on(device):
    early, late = (sample((4, 3), device=device, requires_grad=True) for _ in range(2))
    x, before = sample((4, 3), device=device), late.detach().clone()
    seen = []

    def look(_):
        seen.append((late.grad is None, bool((late != before).all())))

    memory.step_in_backward_([early, late], 0.1)
    h = x * early
    h.register_hook(look)
    (h * late).square().sum().backward()

    assert seen == [(True, True)], (
        "when backward reaches the first layer, the last layer's parameter "
        + ("is not updated" if not seen[0][1] else "still has its gradient")
        + ": take the step and free the gradient as soon as it is complete"
    )


@pytest.mark.task("step_in_backward_")
def test_every_backward_takes_a_step(device):
    p, w = (sample((4, 3), device=device, dtype=torch.float32) for _ in range(2))
    p.requires_grad_()
    address, before = p.data_ptr(), p.detach().clone()

    memory.step_in_backward_([p], 0.1)
    quadratic(p, w).backward()
    quadratic(p, w).backward()

    check(
        p.detach(),
        before * (1 - 0.2 * w) ** 2,
        what="the parameter after two backwards",
        mistakes={
            "only the first backward takes a step": lambda: before * (1 - 0.2 * w),
            "the first gradient is still in .grad when the second one comes": lambda: (
                before * (1 - 0.2 * w) - 0.2 * w * before * (2 - 0.2 * w)
            ),
        },
        rtol=1e-5,
    )
    assert p.data_ptr() == address, "the parameter has other memory than before: update it in place"


@pytest.mark.task("step_in_backward_")
@pytest.mark.filterwarnings("ignore:Using backward:UserWarning")
def test_a_backward_with_create_graph_takes_the_step_too(device):
    p, w = sample((4, 3), device=device, requires_grad=True), sample((4, 3), device=device)
    before = p.detach().clone()

    memory.step_in_backward_([p], 0.1)
    with situation("in backward(create_graph=True), where grad mode is on"):
        quadratic(p, w).backward(create_graph=True)

    check(p.detach(), before * (1 - 0.2 * w), what="the parameter after backward")
    check(p.grad, None, what=".grad after backward(create_graph=True)")
    assert p.is_leaf, (
        "the parameter has a graph after backward: update it where nothing is recorded"
    )


@pytest.mark.task("step_in_backward_")
@as_list_or_generator
def test_a_tensor_that_is_listed_twice_takes_one_step(given_as, device):
    p, w = sample((4, 3), device=device, requires_grad=True), sample((4, 3), device=device)
    before = p.detach().clone()

    memory.step_in_backward_(given_as([p, p]), 0.1)
    with situation("in backward, where a tied tensor is listed twice"):
        (quadratic(p, w) + quadratic(p, w)).backward()

    check(
        p.detach(),
        before - 0.4 * w * before,
        what="a tied parameter that is listed twice and used twice",
        mistakes={
            "each of its two hooks takes a step": lambda: before - 0.8 * w * before,
            "its gradient is taken before both uses have added to it": lambda: (
                before * (1 - 0.2 * w)
            ),
        },
    )
    check(p.grad, None, what=".grad of a tied parameter after backward")


@pytest.mark.task("step_in_backward_")
def test_a_frozen_parameter_is_left_alone(device):
    frozen = sample((4, 3), device=device)
    frozen.grad = sample((4, 3), device=device)
    p, w = sample((4, 3), device=device, requires_grad=True), sample((4, 3), device=device)
    before = p.detach().clone()

    with unchanged(frozen), situation("where one of the parameters is frozen"):
        memory.step_in_backward_([frozen, p], 0.1)
        (quadratic(p, w) + quadratic(p * 0, frozen)).backward()

    check(p.detach(), before * (1 - 0.2 * w), what="the parameter beside a frozen one")


@pytest.mark.task("step_in_backward_")
def test_what_is_returned_takes_the_hooks_back(device):
    params = [sample(s, device=device, requires_grad=True) for s in ((4, 3), (4, 1), ())]
    before = copies(params)
    due = [2 * p.detach() for p in params]

    remove = memory.step_in_backward_(one_by_one(params), 0.1)
    assert callable(remove), f"a function is due that takes the hooks back; yours is {remove!r}"
    remove()
    sum(quadratic(p, torch.ones_like(p)) for p in params).backward()

    moved = [i for i, (p, b) in enumerate(zip(params, before, strict=True)) if (p != b).any()]
    assert not moved, (
        f"after the returned function was called, backward still updates parameters {moved} of 0 "
        "to 2: take back every hook"
    )
    check(grads(params), due, what=".grad after a backward without hooks")


@pytest.mark.task("step_in_backward_")
def test_nothing_stays_on_the_parameters_after_removing_twice(device):
    params = [sample((4, 3), device=device, requires_grad=True) for _ in range(2)]

    with unchanged(*params), situation("when the returned function is called a second time"):
        remove = memory.step_in_backward_([*params, params[0]], 0.1)
        remove()
        remove()


@pytest.mark.task("step_in_backward_")
def test_the_hooks_can_be_taken_back_after_a_backward_that_raised(device):
    p = sample((4, 3), device=device, requires_grad=True)
    y = p.sin()

    def refuse(_):
        raise ValueError("from a hook of the test")

    with unchanged(p):
        remove = memory.step_in_backward_([p], 0.1)
        y.register_hook(refuse)
        with raises(ValueError, when="another hook raises it in backward"):
            y.sum().backward()
        remove()


@pytest.mark.task("step_in_backward_")
def test_hooks_of_others_stay(device):
    p, seen = sample((4, 3), device=device, requires_grad=True), []
    p.register_post_accumulate_grad_hook(lambda p: seen.append(p.grad))

    memory.step_in_backward_([p], 0.1)()
    p.square().sum().backward()

    assert len(seen) == 1, (
        "a hook that was on the parameter before does not run any more after the returned function "
        "was called: take back your own hooks alone, through the handle that each has"
    )
